//! The surface in process: real requests against a real ledger.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use hoesu_claims::Incoming;
use hoesu_ledger::{Account, NewAccount, Outcome, Put};
use hoesu_testkit::{Database, TestLedger, throwaway};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tower::ServiceExt as _;

use super::super::Ssg;
use super::super::wire::INQUIRY;
use super::*;
use crate::{Channel as _, Clock, Desk};

const KEY: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
const MEASURED_KEY: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const OTHER_KEY: &str = "16fd2706-8baf-433b-82eb-8c7fada847da";
const NOW: Timestamp = Timestamp::constant(1_704_034_800, 0);

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// Three accounts of two sellers on one surface.
struct Shop {
    ledger: TestLedger,
    router: Router,
    documented: Account,
    measured: Account,
}

impl Shop {
    async fn open() -> Self {
        let ledger = throwaway(Database::Sqlite).await;
        let account = async |seller: &str, name: &str, key: &str, profile: &str| {
            let sellers = ledger.sellers().await.unwrap();
            let seller = match sellers.into_iter().find(|known| known.name == seller) {
                Some(seller) => seller,
                None => ledger.add_seller(seller, NOW).await.unwrap(),
            };
            let account = NewAccount {
                seller: seller.id,
                channel: "ssg".into(),
                name: name.into(),
                settings: BTreeMap::from([("profile".into(), profile.into())]),
                secrets: BTreeMap::new(),
                credential: key.into(),
            };
            ledger.add_account(account, NOW).await.unwrap()
        };
        let documented = account("은하상점", "ssg", KEY, "documented").await;
        let measured = account("은하상점", "ssg-measured", MEASURED_KEY, "measured").await;
        account("다른상점", "ssg", OTHER_KEY, "documented").await;
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(Stopped));
        Self { router: Ssg.surface(desk), ledger, documented, measured }
    }

    async fn put(&self, account: &Account, media: Media, body: &str) -> Outcome {
        let reading = Ssg.read(media, body.as_bytes()).unwrap();
        let incoming = Incoming {
            key: reading.key,
            media,
            body: body.as_bytes().to_vec(),
            marks: BTreeMap::new(),
            found: reading.found,
            observed_at: NOW,
        };
        let shelf = account.shelf(reading.kind);
        self.ledger.append(shelf, Put::Newer, vec![incoming]).await.unwrap()[0]
    }

    async fn ask(&self, call: Call<'_>) -> (StatusCode, String, String) {
        let mut request = Request::builder().method(call.method).uri(INQUIRY);
        for (name, value) in [
            ("authorization", call.key),
            ("content-type", call.content_type),
            ("accept", call.accept),
        ] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let request = request.body(Body::from(call.body.to_vec())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, content_type, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Which numbers an answer to this JSON request shows, in order.
    async fn order_numbers(&self, members: &str) -> Vec<String> {
        let body = format!("{{\"request\":{{{members}}}}}");
        let (_, _, answer) = self.ask(Call { body: body.as_bytes(), ..Call::json() }).await;
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["result"]["resultCode"], "00", "{answer}");
        let rows = answer["result"]["data"].as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| row["ordNo"].as_str().unwrap().to_owned()).collect()
    }
}

#[derive(Clone, Copy)]
struct Call<'a> {
    method: &'a str,
    key: Option<&'a str>,
    content_type: Option<&'a str>,
    accept: Option<&'a str>,
    body: &'a [u8],
}

impl Call<'_> {
    /// The sample's week, asked for and answered in JSON.
    const fn json() -> Self {
        Self {
            method: "POST",
            key: Some(KEY),
            content_type: Some("application/json;charset=UTF-8"),
            accept: Some("application/json"),
            body: include_bytes!("../fixtures/inquiry.ok.request.json"),
        }
    }

    /// The same in XML.
    const fn xml() -> Self {
        Self {
            content_type: Some("application/xml"),
            accept: Some("application/xml"),
            body: include_bytes!("../fixtures/inquiry.ok.request.xml"),
            ..Self::json()
        }
    }
}

const OK_JSON: &str = include_str!("../fixtures/inquiry.ok.response.json");
const OK_XML: &str = include_str!("../fixtures/inquiry.ok.response.xml");
const OK_MEASURED: &str = include_str!("../fixtures/inquiry.measured.response.json");

#[tokio::test]
async fn the_sample_is_answered_in_every_combination_of_stored_asked_and_wanted() {
    for (stored, row) in [(Media::Json, ROW_JSON), (Media::Xml, ROW_XML)] {
        let shop = Shop::open().await;
        assert_eq!(shop.put(&shop.documented, stored, row).await, Outcome::New);
        assert_eq!(shop.put(&shop.measured, stored, row).await, Outcome::New);
        for asked in [Call::json(), Call::xml()] {
            for (accept, content_type, answer, measured) in [
                ("application/json", "application/json;charset=UTF-8", OK_JSON, OK_MEASURED),
                ("application/xml", "application/xml;charset=UTF-8", OK_XML, OK_XML),
            ] {
                // Twice: made, then kept.
                for _ in 0..2 {
                    let call = Call { accept: Some(accept), ..asked };
                    let (status, told, body) = shop.ask(call).await;
                    assert_eq!((status, told.as_str()), (StatusCode::OK, content_type));
                    assert_eq!(body, answer);
                    let call = Call { key: Some(MEASURED_KEY), ..call };
                    assert_eq!(shop.ask(call).await.2, measured);
                }
            }
        }
    }
}

#[tokio::test]
async fn the_example_shows_the_sample() {
    let shop = Shop::open().await;
    for sample in Ssg.samples() {
        let body = String::from_utf8(sample.body).unwrap();
        shop.put(&shop.documented, sample.media, &body).await;
    }
    for nth in 0..50 {
        let invented = Ssg.invent("cancel", nth).unwrap();
        let body = String::from_utf8(invented.body).unwrap();
        shop.put(&shop.documented, invented.media, &body).await;
    }
    let [example] = Ssg.examples(&BTreeMap::new()).try_into().unwrap();
    let body = example.body.unwrap();
    let (_, _, answer) = shop.ask(Call { body: body.as_bytes(), ..Call::json() }).await;
    assert_eq!(answer, OK_JSON);
}

#[tokio::test]
async fn one_seller_sees_nothing_of_another() {
    let shop = Shop::open().await;
    shop.put(&shop.documented, Media::Json, ROW_JSON).await;
    let (status, _, body) = shop.ask(Call { key: Some(OTHER_KEY), ..Call::json() }).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body, include_str!("../fixtures/inquiry.none.response.json"));
    let call = Call { key: Some(OTHER_KEY), ..Call::xml() };
    assert_eq!(shop.ask(call).await.2, include_str!("../fixtures/inquiry.none.response.xml"));
}

#[tokio::test]
async fn a_wrong_key_is_refused_before_anything_is_read() {
    let shop = Shop::open().await;
    shop.put(&shop.documented, Media::Json, ROW_JSON).await;
    let bearer = format!("Bearer {KEY}");
    let swapped = KEY.to_uppercase();
    for key in [None, Some(""), Some("nobody"), Some(bearer.as_str()), Some(swapped.as_str())] {
        for (call, answer) in [
            (Call::json(), include_str!("../fixtures/inquiry.wrong-key.response.json")),
            (Call::xml(), include_str!("../fixtures/inquiry.wrong-key.response.xml")),
        ] {
            let (status, _, body) = shop.ask(Call { key, body: b"\xff", ..call }).await;
            assert_eq!((status, body.as_str()), (StatusCode::UNAUTHORIZED, answer));
        }
    }
}

#[tokio::test]
async fn a_refused_request_is_answered_in_the_form_asked_for() {
    let shop = Shop::open().await;
    let long_json = include_bytes!("../fixtures/inquiry.period-too-long.request.json");
    let long_xml = include_bytes!("../fixtures/inquiry.period-too-long.request.xml");
    let json = include_str!("../fixtures/inquiry.period-too-long.response.json");
    let xml = include_str!("../fixtures/inquiry.period-too-long.response.xml");
    for asked in [Call { body: long_json, ..Call::json() }, Call { body: long_xml, ..Call::xml() }]
    {
        for (accept, answer) in [("application/json", json), ("application/xml", xml)] {
            let (status, _, body) = shop.ask(Call { accept: Some(accept), ..asked }).await;
            assert_eq!((status, body.as_str()), (StatusCode::OK, answer));
        }
    }
    let (_, _, body) = shop.ask(Call { body: b"<request>\xb0\xa1", ..Call::xml() }).await;
    assert_eq!(
        body,
        "<result><resultCode>99</resultCode><resultMessage>ERROR</resultMessage><resultDesc>요청 본문은 UTF-8이어야 합니다.</resultDesc></result>"
    );
}

#[tokio::test]
async fn other_media_are_refused_in_form() {
    let shop = Shop::open().await;
    let desc = async |call: Call<'_>| {
        let (status, content_type, body) = shop.ask(call).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("99"), "{body}");
        (content_type, body)
    };
    for content_type in [None, Some("text/plain"), Some("text/xml")] {
        let (told, body) = desc(Call { content_type, ..Call::json() }).await;
        assert!(told.starts_with("application/json"), "{told}");
        assert!(body.contains("Content-Type 헤더는"), "{body}");
    }
    let (told, body) = desc(Call { accept: Some("text/html"), ..Call::xml() }).await;
    assert!(told.starts_with("application/xml"), "{told}");
    assert!(body.contains("Accept 헤더는"), "{body}");
    for accept in [None, Some("*/*")] {
        let (_, told, _) = shop.ask(Call { accept, ..Call::xml() }).await;
        assert_eq!(told, "application/xml;charset=UTF-8");
    }
}

#[tokio::test]
async fn a_body_over_a_mebibyte_or_another_method_is_refused_in_form() {
    let shop = Shop::open().await;
    let large = vec![b' '; (1 << 20) + 1];
    let (status, _, body) = shop.ask(Call { body: &large, ..Call::xml() }).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(body.starts_with("<result><resultCode>99<"), "{body}");
    for method in ["GET", "PUT", "DELETE"] {
        let (status, _, body) = shop.ask(Call { method, ..Call::json() }).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(body.starts_with("{\"result\":{\"resultCode\":\"99\""), "{body}");
    }
}

fn row(order: &str, line: u32, claim: &str, cancelled: &str) -> String {
    format!(
        r#"{{"orordNo":"{order}","orordItemSeq":"{line}","ordNo":"{claim}","ordItemSeq":"{line}","ordItemStatCd":"180","ordCnclDts":"{cancelled}","cstInfo":[]}}"#
    )
}

#[tokio::test]
async fn a_period_takes_both_its_days_whole_and_runs_by_time() {
    let shop = Shop::open().await;
    for (claim, at) in [
        ("E", "2024-01-08 00:00:00"),
        ("D", "2024-01-07 23:59:59"),
        ("B", "2024-01-01 00:00:00"),
        ("C", "2024-01-03 12:00:00"),
        ("A", "2023-12-31 23:59:59"),
    ] {
        shop.put(&shop.documented, Media::Json, &row("O1", 1, claim, at)).await;
    }
    let period = |first, last| format!(r#""perdStrDts":"{first}","perdEndDts":"{last}""#);
    assert_eq!(shop.order_numbers(&period("20240101", "20240107")).await, ["B", "C", "D"]);
    assert_eq!(shop.order_numbers(&period("20231231", "20231231")).await, ["A"]);
    assert_eq!(shop.order_numbers(&period("20240108", "20240114")).await, ["E"]);
    assert_eq!(shop.order_numbers(&period("20240201", "20240207")).await, [""; 0]);
}

#[tokio::test]
async fn an_order_is_found_by_its_original_number_and_lines() {
    let shop = Shop::open().await;
    for (order, line, claim) in
        [("O1", 1, "A"), ("O1", 2, "B"), ("O1", 3, "C"), ("O2", 1, "D"), ("O10", 1, "E")]
    {
        let at = format!("2024-01-0{line} 00:00:00");
        shop.put(&shop.documented, Media::Json, &row(order, line, claim, &at)).await;
    }
    let bare = r#"{"ordNo":"O3","ordItemSeq":"1","ordItemStatCd":"180"}"#;
    shop.put(&shop.documented, Media::Json, bare).await;
    assert_eq!(shop.order_numbers(r#""orordNo":"O1""#).await, ["A", "B", "C"]);
    assert_eq!(shop.order_numbers(r#""orordNo":"O1","orordItemSeqs":"3,01""#).await, ["A", "C"]);
    assert_eq!(shop.order_numbers(r#""orordNo":"O1","orordItemSeqs":"9""#).await, [""; 0]);
    assert_eq!(shop.order_numbers(r#""orordNo":"O3""#).await, ["O3"]);
    assert_eq!(shop.order_numbers(r#""orordNo":"A""#).await, [""; 0]);
    assert_eq!(shop.order_numbers(r#""orordNo":"o1""#).await, [""; 0]);
}

#[tokio::test]
async fn a_list_of_thousands_is_answered_whole_and_in_order() {
    let shop = Shop::open().await;
    let mut batch = Vec::new();
    for nth in 0..2_345 {
        // Many in the same second: the tie keeps each of them.
        let at = format!("2024-01-01 00:00:{:02}", nth % 7);
        let body = row("O1", 1, &format!("C{nth}"), &at);
        let reading = Ssg.read(Media::Json, body.as_bytes()).unwrap();
        batch.push(Incoming {
            key: reading.key,
            media: Media::Json,
            body: body.into_bytes(),
            marks: BTreeMap::new(),
            found: reading.found,
            observed_at: NOW,
        });
    }
    shop.ledger.append(shop.documented.shelf("cancel"), Put::Newer, batch).await.unwrap();
    let members = r#""perdStrDts":"20240101","perdEndDts":"20240101""#;
    let numbers = shop.order_numbers(members).await;
    assert_eq!(numbers.len(), 2_345);
    let unique: std::collections::HashSet<_> = numbers.iter().collect();
    assert_eq!(unique.len(), 2_345);
    let seconds: Vec<u32> =
        numbers.iter().map(|number| number[1..].parse::<u32>().unwrap() % 7).collect();
    assert!(seconds.is_sorted());
}

#[tokio::test]
async fn a_newer_version_replaces_what_was_answered() {
    let shop = Shop::open().await;
    shop.put(&shop.documented, Media::Json, ROW_JSON).await;
    assert_eq!(shop.ask(Call::json()).await.2, OK_JSON);
    let changed = ROW_JSON.replace("네이비 L", "네이비 XL");
    assert_eq!(shop.put(&shop.documented, Media::Json, &changed).await, Outcome::Changed);
    assert_eq!(shop.ask(Call::json()).await.2, OK_JSON.replace("네이비 L", "네이비 XL"));
    assert_eq!(shop.ask(Call::xml()).await.2, OK_XML.replace("네이비 L", "네이비 XL"));
}
