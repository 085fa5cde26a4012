//! `GET /open-api/cs` in process.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hoesu_claims::document::Marks;
use hoesu_testkit::on_both;

use super::super::Poomgo;
use super::CS_OK;
use super::shop::{KEY, Shop, ids};
use crate::Channel as _;

/// Two tickets that differ in everything that can be asked; the second is the younger by a month.
const EARLY: i64 = 1;
const LATE: i64 = 2;

fn ticket(id: i64, month: u32, word: &str) -> String {
    let digit = id;
    let status = if id == EARLY { "DRAFT" } else { "DONE" };
    let return_status = if id == EARLY { "REQUESTED" } else { "AT_CENTER" };
    format!(
        concat!(
            r#"{{"id":{id},"createdAt":"2024-{month:02}-01T00:00:00.000Z","serial":"CS_{digit}","#,
            r#""status":"{status}","type":"RETURN","originalInvoiceCode":"3804-{digit}","#,
            r#""originalOrderCode":"ORDER-{digit}","canceledAt":"2024-{month:02}-02T00:00:00.000Z","#,
            r#""returnInvoices":[{{"status":"{return_status}","code":"6901-{digit}","#,
            r#""recipientName":"{word}센터","recipientAddress":"가온시 {word}길 1","#,
            r#""recipientPostcode":"1000{digit}","recipientMobile":"010-0000-100{digit}","#,
            r#""recipientPhone":"02-000-100{digit}","senderName":"김{word}","#,
            r#""senderAddress":"은하구 {word}로 2","senderPostcode":"2000{digit}","#,
            r#""senderMobile":"010-0000-200{digit}","senderPhone":"02-000-200{digit}","#,
            r#""requestedAt":"2024-{month:02}-03T00:00:00.000Z","#,
            r#""doneAt":"2024-{month:02}-04T00:00:00.000Z","#,
            r#""returnInvoiceItems":[{{"resourceName":"{word} 셔츠","resourceCode":"88{digit}","#,
            r#""resourceItemNumber":"SKU-{digit}","returnQuantity":1}}]}}]}}"#
        ),
        id = id,
        month = month,
        digit = digit,
        status = status,
        return_status = return_status,
        word = word,
    )
}

async fn two_tickets() -> Shop {
    with_two_tickets(Shop::open().await).await
}

async fn with_two_tickets(shop: Shop) -> Shop {
    shop.put_text(&ticket(EARLY, 3, "하늘")).await;
    shop.put_text(&ticket(LATE, 4, "바다")).await;
    shop
}

#[tokio::test]
async fn the_documented_ticket_is_answered_byte_for_byte() {
    let shop = Shop::open().await;
    shop.put_samples().await;
    assert_eq!(shop.cs("").await, CS_OK);
    // Once more, now that it is held in memory.
    assert_eq!(shop.cs("page=1&pageSize=20").await, CS_OK);
    let [example, _] = Poomgo.examples(&std::collections::BTreeMap::new()).try_into().unwrap();
    assert_eq!(shop.cs(&example.query).await, CS_OK);
}

#[tokio::test]
async fn every_filter_narrows_on_both_databases() {
    on_both(async |ledger| {
        let shop = Shop::over(ledger, "documented").await;
        every_filter_narrows(&with_two_tickets(shop).await).await;
    })
    .await;
}

async fn every_filter_narrows(shop: &Shop) {
    assert_eq!(ids(&shop.cs("").await, "data"), [LATE, EARLY]);
    for (query, found) in [
        ("status=DRAFT", EARLY),
        ("returnStatus=REQUESTED", EARLY),
        ("serial=CS_1", EARLY),
        ("originalInvoiceCode=38041", EARLY),
        ("originalInvoiceCode=3804-2", LATE),
        ("originalOrderCode=ORDER-1", EARLY),
        ("returnInvoiceCode=6901-2", LATE),
        ("createdAtGte=2024-03-02", LATE),
        ("createdAtLte=2024-03-01", EARLY),
        ("createdAtGte=2024-04-01T00:00:00.000Z", LATE),
        ("createdAtLte=2024-03-01T00:00:00.000Z", EARLY),
        ("canceledAtGte=2024-03-03", LATE),
        ("canceledAtLte=2024-03-02", EARLY),
        ("returnRequestedAtGte=2024-03-04", LATE),
        ("returnRequestedAtLte=2024-03-03", EARLY),
        ("returnDoneAtGte=2024-03-05", LATE),
        ("returnDoneAtLte=2024-03-04", EARLY),
        ("returnRecipientName=%ED%95%98%EB%8A%98%EC%84%BC%ED%84%B0", EARLY),
        ("returnRecipientAddress=%EB%B0%94%EB%8B%A4", LATE),
        ("returnRecipientPostcode=10001", EARLY),
        ("returnRecipientMobile=01000001002", LATE),
        ("returnSenderName=%EA%B9%80%ED%95%98%EB%8A%98", EARLY),
        ("returnSenderAddress=%EB%B0%94%EB%8B%A4%EB%A1%9C+2", LATE),
        ("returnSenderPostcode=20001", EARLY),
        ("returnSenderMobile=010-0000-2002", LATE),
        ("returnResourceName=%ED%95%98%EB%8A%98", EARLY),
        ("returnResourceCode=882", LATE),
        ("returnResourceItemNumber=SKU-1", EARLY),
    ] {
        let answer = shop.cs(query).await;
        assert_eq!(ids(&answer, "data"), [found], "{query}");
        let head = r#"{"pageSize":20,"rowCount":1,"totalPage":1,"total":1,"data":["#;
        assert!(answer.starts_with(head), "{query}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let shop = two_tickets().await;
    let nothing = r#"{"pageSize":20,"rowCount":0,"totalPage":0,"total":0,"data":[]}"#;
    for query in [
        "status=CANCELED",
        "returnStatus=FAILED,CANCELED",
        "serial=CS_3",
        "serial=CS_",
        "createdAtGte=2024-05-01",
        "createdAtGte=2024-04-01&createdAtLte=2024-03-01",
        "returnDoneAtGte=2024-04-30&returnDoneAtLte=2024-04-01",
        "returnDoneAtLte=2024-03-04&status=DONE",
        "serial=CS_1&originalOrderCode=ORDER-2",
        // Names match whole, addresses by any part.
        "returnSenderName=%ED%95%98%EB%8A%98",
        "returnSenderAddress=%EA%B8%B8",
        // The second phone is not what is asked for.
        "returnSenderMobile=020002001",
        "returnRecipientMobile=020001001",
        // A recipient's phone is not a sender's.
        "returnSenderMobile=01000001001",
    ] {
        assert_eq!(shop.cs(query).await, nothing, "{query}");
    }
}

#[tokio::test]
async fn any_return_parcel_may_have_any_of_the_statuses() {
    let shop = Shop::open().await;
    shop.put_text(
        r#"{"id":1,"createdAt":"2024-03-01T00:00:00.000Z","type":"RETURN","returnInvoices":[{"status":"FAILED"},{"status":"AT_CENTER","returnInvoiceItems":[{"returnQuantity":1}]}]}"#,
    )
    .await;
    for (query, count) in [
        ("returnStatus=FAILED", 1),
        ("returnStatus[]=DRAFT&returnStatus[]=AT_CENTER", 1),
        ("returnStatus=DRAFT,REQUESTED", 0),
    ] {
        assert_eq!(ids(&shop.cs(query).await, "data").len(), count, "{query}");
    }
}

#[tokio::test]
async fn only_what_arrived_is_listed() {
    let shop = Shop::open().await;
    for (id, kind, back) in
        [(1, "RETURN", 1), (2, "EXCHANGE", 1), (3, "RESEND", 1), (4, "RETURN", 0), (5, "NEW", 1)]
    {
        shop.put_text(&format!(
            r#"{{"id":{id},"createdAt":"2024-03-01T00:00:00.000Z","type":"{kind}","returnInvoices":[{{"returnInvoiceItems":[{{"returnQuantity":{back}}}]}}]}}"#
        ))
        .await;
    }
    // The same instant: the greater id first.
    assert_eq!(ids(&shop.cs("").await, "data"), [5, 2, 1]);
}

#[tokio::test]
async fn pages_are_cut_from_the_newest_and_their_counts_are_exact() {
    let shop = Shop::open().await;
    for id in 1..=45 {
        // Ids rise while days fall, so that the order is not that of ids.
        let created = format!("2024-02-{:02}T00:00:00.000Z", 28 - id / 2);
        shop.put_text(&format!(
            r#"{{"id":{id},"createdAt":"{created}","type":"RETURN","returnInvoices":[{{"returnInvoiceItems":[{{"returnQuantity":1}}]}}]}}"#
        ))
        .await;
    }
    let first = shop.cs("").await;
    assert!(first.starts_with(r#"{"pageSize":20,"rowCount":20,"totalPage":3,"total":45,"data":["#));
    assert_eq!(ids(&first, "data")[..5], [1, 3, 2, 5, 4]);
    let last = shop.cs("page=3").await;
    assert!(last.starts_with(r#"{"pageSize":20,"rowCount":5,"totalPage":3,"total":45,"data":["#));
    assert_eq!(ids(&last, "data"), [41, 40, 43, 42, 45, 44][1..]);
    let beyond = r#"{"pageSize":20,"rowCount":0,"totalPage":3,"total":45,"data":[]}"#;
    assert_eq!(shop.cs("page=4").await, beyond);
    assert_eq!(shop.cs("page=2147483647").await, beyond);
    let mut all = Vec::new();
    for page in 1..=7 {
        all.extend(ids(&shop.cs(&format!("page={page}&pageSize=7")).await, "data"));
    }
    assert_eq!(all, ids(&shop.cs("pageSize=500").await, "data"));
    assert_eq!(all.len(), 45);
    let one = shop.cs("pageSize=1").await;
    assert!(one.starts_with(r#"{"pageSize":1,"rowCount":1,"totalPage":45,"total":45,"data":["#));
}

#[tokio::test]
async fn a_wrong_value_is_400_with_a_sentence_that_names_the_field() {
    let shop = two_tickets().await;
    for (query, message) in [
        ("page=0", "page 값은 1 이상 2147483647 이하의 정수여야 합니다."),
        ("pageSize=501", "pageSize 값은 1 이상 500 이하의 정수여야 합니다."),
        ("status=OPEN", "status 값은 DRAFT, PROCESSING, DONE, CANCELED 중 하나여야 합니다."),
        (
            "createdAtLte=2026-02-30",
            "createdAtLte 값은 yyyy-MM-dd 형식의 실제 날짜이거나 시간대가 있는 ISO 8601 시각이어야 합니다.",
        ),
        ("serial=1&serial=1", "serial 값은 한 번만 적어야 합니다."),
    ] {
        let (status, body) = shop.ask_cs(query).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(body, format!(r#"{{"message":"{message}"}}"#));
    }
}

#[tokio::test]
async fn a_record_in_another_order_is_served_in_the_documented_one_with_all_it_has() {
    let shop = Shop::open().await;
    let items = r#""returnInvoices":[{"returnInvoiceItems":[{"returnQuantity":1}]}]"#;
    let stored = format!(
        r#"{{"new":{{"b":1.50}},"type":"RETURN",{items},"createdAt":"2024-03-01T00:00:00.000Z","id":123456789012345678}}"#
    );
    shop.put_text(&stored).await;
    let served = format!(
        r#"{{"id":123456789012345678,"createdAt":"2024-03-01T00:00:00.000Z","type":"RETURN",{items},"new":{{"b":1.50}}}}"#
    );
    for _ in 0..2 {
        assert!(shop.cs("").await.ends_with(&format!(r#""data":[{served}]}}"#)));
    }
}

#[tokio::test]
async fn the_newest_version_is_served_and_found() {
    let shop = two_tickets().await;
    let changed = ticket(EARLY, 5, "바람").replace(r#""status":"DRAFT""#, r#""status":"CANCELED""#);
    let later = "2024-06-01T00:00:00Z".parse().unwrap();
    shop.put_seen(changed.as_bytes(), Marks::new(), later).await;
    assert_eq!(ids(&shop.cs("").await, "data"), [EARLY, LATE]);
    assert_eq!(ids(&shop.cs("status=CANCELED").await, "data"), [EARLY]);
    assert!(ids(&shop.cs("status=DRAFT").await, "data").is_empty());
    assert!(ids(&shop.cs("returnResourceName=%ED%95%98%EB%8A%98").await, "data").is_empty());
}

#[tokio::test]
async fn nobody_without_the_key_learns_anything() {
    let shop = two_tickets().await;
    let bearer = format!("Bearer {KEY}");
    for shown in [None, Some(""), Some("WRONGKEY0123456789AB"), Some(&*bearer)] {
        for query in ["", "page=0"] {
            let mut request = Request::get(format!("/open-api/cs?{query}"));
            if let Some(shown) = shown {
                request = request.header("Authorization", shown);
            }
            let answer = shop.call(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.0, StatusCode::UNAUTHORIZED);
            assert_eq!(answer.1, r#"{"message":"Unauthorized"}"#);
        }
    }
    let twice = Request::get("/open-api/cs").header("Authorization", KEY);
    let twice = twice.header("Authorization", KEY).body(Body::empty()).unwrap();
    assert_eq!(shop.call(twice).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn another_account_sees_none_of_it() {
    let shop = two_tickets().await;
    shop.add_account("OTHERKEY0123456789AB").await;
    let request = Request::get("/open-api/cs").header("Authorization", "OTHERKEY0123456789AB");
    let (status, body) = shop.call(request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(ids(&body, "data").is_empty());
}

#[tokio::test]
async fn another_method_is_refused_in_the_channels_form() {
    let shop = Shop::open().await;
    for (method, path) in [
        ("POST", "/open-api/cs"),
        ("DELETE", "/open-api/cs"),
        ("GET", "/open-api/oms/orders"),
        ("PUT", "/develop/commerce/order-sheets/list-order-sheets"),
    ] {
        let request = Request::builder().method(method).uri(path).header("Authorization", KEY);
        let (status, body) = shop.call(request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(body, r#"{"message":"지원하지 않는 요청 방식입니다."}"#);
    }
}
