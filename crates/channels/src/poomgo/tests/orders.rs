//! `POST /open-api/oms/orders` and `list-order-sheets` in process.

use axum::http::StatusCode;
use hoesu_claims::Moment;
use hoesu_claims::document::Marks;
use hoesu_testkit::on_both;
use jiff::Timestamp;

use super::super::Poomgo;
use super::shop::{Shop, ids, order_request};
use super::{ORDERS_MEASURED, ORDERS_OK};
use crate::Channel as _;
use crate::desk::BODY_MAX;

fn row(id: i64, created_at: &str) -> String {
    format!(
        r#"{{"id":{id},"channelName":"쿠팡","orderCode":"ORDER-{id}","createdAt":"{created_at}","invoices":null}}"#
    )
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test]
async fn the_documented_fields_are_answered_byte_for_byte() {
    let shop = Shop::open().await;
    shop.put_samples().await;
    for question in ["", "\"\"", "{}", include_str!("../fixtures/orders.ok.request.json")] {
        assert_eq!(shop.orders(question).await, ORDERS_OK, "{question}");
    }
    let days = include_str!("../fixtures/orders.days.request.json");
    assert_eq!(shop.orders(days).await, ORDERS_OK);
    let [_, example] = Poomgo.examples(&std::collections::BTreeMap::new()).try_into().unwrap();
    assert_eq!(shop.orders(&example.body.unwrap()).await, ORDERS_OK);
}

#[tokio::test]
async fn the_newer_path_answers_the_same() {
    let shop = Shop::open().await;
    shop.put_samples().await;
    let path = "/develop/commerce/order-sheets/list-order-sheets";
    let (status, body) = shop.call(order_request(path, "")).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, ORDERS_OK));
}

#[tokio::test]
async fn the_measured_profile_puts_rows_first_and_invoice_ids_bare() {
    let shop = Shop::with_profile("measured").await;
    shop.put_samples().await;
    for _ in 0..2 {
        assert_eq!(shop.orders("").await, ORDERS_MEASURED);
    }
    // Nothing is known that differs for tickets.
    assert_eq!(shop.cs("").await, super::CS_OK);
    assert_eq!(shop.orders(r#"{"orderCode":"none"}"#).await, r#"{"rows":[],"total":"0"}"#);
}

#[tokio::test]
async fn the_greatest_id_comes_first_as_a_number() {
    let shop = Shop::open().await;
    for id in [9, 100, 10, 99] {
        shop.put_text(&row(id, "2024-03-01T00:00:00.000Z")).await;
    }
    assert_eq!(ids(&shop.orders("").await, "rows"), [100, 99, 10, 9]);
    let second = shop.orders(r#"{"page":2,"pageSize":3}"#).await;
    assert!(second.starts_with(r#"{"total":"4","rows":["#));
    assert_eq!(ids(&second, "rows"), [9]);
    assert_eq!(shop.orders(r#"{"page":3,"pageSize":3}"#).await, r#"{"total":"4","rows":[]}"#);
}

#[tokio::test]
async fn a_row_before_its_invoice_says_null() {
    let shop = Shop::open().await;
    let row = row(1, "2024-03-01T00:00:00.000Z");
    shop.put_text(&row).await;
    assert_eq!(shop.orders("").await, format!(r#"{{"total":"1","rows":[{row}]}}"#));
}

#[tokio::test]
async fn days_are_days_in_korea_on_both_databases() {
    on_both(async |ledger| {
        days_are_days_in_korea_with_both_ends_included(&Shop::over(ledger, "documented").await)
            .await;
    })
    .await;
}

async fn days_are_days_in_korea_with_both_ends_included(shop: &Shop) {
    let confirmed = |at| Marks::from([(Moment::Confirmed, at)]);
    // The last millisecond of 1 March in Korea, and the first of 2 March.
    let first = row(1, "2024-03-01T14:59:59.999Z");
    shop.put(first.as_bytes(), confirmed(at("2024-03-05T14:59:59.999Z"))).await;
    let second = row(2, "2024-03-01T15:00:00.000Z");
    let closed = Marks::from([
        (Moment::Confirmed, at("2024-03-05T15:00:00Z")),
        (Moment::Closed, at("2024-03-07T00:00:00Z")),
    ]);
    shop.put(second.as_bytes(), closed).await;
    for (question, found) in [
        (r#"{"createdAtTo":"2024-03-01"}"#, vec![1]),
        (r#"{"createdAtFrom":"2024-03-02"}"#, vec![2]),
        (r#"{"createdAtFrom":"2024-03-01","createdAtTo":"2024-03-02"}"#, vec![2, 1]),
        (r#"{"createdAtFrom":"2024-03-02","createdAtTo":"2024-03-01"}"#, vec![]),
        (r#"{"confirmAtTo":"2024-03-05"}"#, vec![1]),
        (r#"{"confirmAtFrom":"2024-03-06"}"#, vec![2]),
        (r#"{"closeAtFrom":"2024-03-07","closeAtTo":"2024-03-07"}"#, vec![2]),
        (r#"{"closeAtTo":"2024-03-06"}"#, vec![]),
        (r#"{"orderCode":"ORDER-1"}"#, vec![1]),
        (r#"{"orderCode":"ORDER-"}"#, vec![]),
        (r#"{"orderCode":"ORDER-1","confirmAtFrom":"2024-03-06"}"#, vec![]),
    ] {
        assert_eq!(ids(&shop.orders(question).await, "rows"), found, "{question}");
    }
}

#[tokio::test]
async fn a_mark_learned_later_is_found_and_the_row_stays_as_it_was() {
    let shop = Shop::open().await;
    let row = row(1, "2024-03-01T00:00:00.000Z");
    shop.put_text(&row).await;
    let question = r#"{"closeAtFrom":"2024-03-07"}"#;
    assert!(ids(&shop.orders(question).await, "rows").is_empty());
    let closed = Marks::from([(Moment::Closed, at("2024-03-07T00:00:00Z"))]);
    shop.put_seen(row.as_bytes(), closed, at("2024-03-08T00:00:00Z")).await;
    assert_eq!(shop.orders(question).await, format!(r#"{{"total":"1","rows":[{row}]}}"#));
}

#[tokio::test]
async fn a_wrong_question_is_400_with_a_sentence_that_names_the_field() {
    let shop = Shop::open().await;
    for (question, message) in [
        (r#"{"pageSize":0}"#, "pageSize 값은 1 이상 500 이하의 정수여야 합니다."),
        (r#"{"closeAtTo":"2026-02-30"}"#, "closeAtTo 값은 yyyy-MM-dd 형식의 실제 날짜여야 합니다."),
        ("[]", "요청 본문은 올바른 JSON 객체여야 합니다."),
    ] {
        let (status, body) = shop.ask_orders(question).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{question}");
        assert_eq!(body, format!(r#"{{"message":"{message}"}}"#));
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_in_the_channels_form() {
    let shop = Shop::open().await;
    let (status, body) = shop.ask_orders(&" ".repeat(BODY_MAX + 1)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(body, r#"{"message":"요청 본문은 1 MiB 이하여야 합니다."}"#);
    assert_eq!(shop.ask_orders(&" ".repeat(BODY_MAX)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn nobody_without_the_key_learns_anything() {
    let shop = Shop::open().await;
    shop.put_samples().await;
    let mut request = order_request("/open-api/oms/orders", "[]");
    request.headers_mut().remove("Authorization");
    let answer = shop.call(request).await;
    assert_eq!(answer, (StatusCode::UNAUTHORIZED, r#"{"message":"Unauthorized"}"#.to_owned()));
}
