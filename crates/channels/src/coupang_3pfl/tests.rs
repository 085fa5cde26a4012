//! The surface in process: both sides of every call, and what each refuses.

use axum::http::Method;
use hoesu_claims::{Moment, State, Term};
use hoesu_testkit::on_both;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::read::read;
use super::surface::{
    ADDRESS_CHANGE_PATH, COLLECT_PATH, ORDER_CANCEL_PATH, RETURN_REQUEST_PATH, TRACKING_PATH,
};
use super::wire::{AddressChange, Movement, OrderCancel, ReturnRequest};
use super::*;
use crate::json as wire_json;
use crate::trial::{Answered, Trial, compact};

const REQUEST: &str = include_str!("fixtures/return-request.ok.request.json");
const TRACKING: &str = include_str!("fixtures/tracking.ok.request.json");
const COLLECT: &str = include_str!("fixtures/collect.ok.request.json");
const CANCEL: &str = include_str!("fixtures/order-cancel.ok.request.json");
const ADDRESS: &str = include_str!("fixtures/address-change.ok.request.json");

async fn trial() -> Trial {
    Trial::of(&Coupang3pfl, &[]).await
}

/// A fixture with one member changed, or left out.
fn with(fixture: &str, name: &str, value: Option<Value>) -> String {
    let mut body: Value = serde_json::from_str(fixture).unwrap();
    let members = body.as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name)),
    }
    body.to_string()
}

#[track_caller]
fn coupang_refuses(answered: &Answered, status: u16, code: &str, message: &str) {
    assert_eq!(
        (answered.status.as_u16(), answered.body.as_str()),
        (status, json_text(&[("code", code), ("message", message)], ",\"data\":null").as_str())
    );
}

#[track_caller]
fn vendor_refuses(answered: &Answered, status: u16, code: &str, message: &str) {
    assert_eq!(
        (answered.status.as_u16(), answered.body.as_str()),
        (status, json_text(&[("errorCode", code), ("errorReason", message)], "").as_str())
    );
}

fn json_text(members: &[(&str, &str)], more: &str) -> String {
    let members: Vec<_> =
        members.iter().map(|(name, value)| format!("\"{name}\":{}", json!(value))).collect();
    format!("{{{}{more}}}", members.join(","))
}

#[track_caller]
fn accepted(answered: &Answered) {
    assert_eq!(
        (answered.status.as_u16(), answered.body.as_str()),
        (200, r#"{"code":"0","message":null,"data":null}"#)
    );
}

#[track_caller]
fn vendor_accepts(answered: &Answered) {
    assert_eq!(
        (answered.status.as_u16(), answered.body.as_str()),
        (200, r#"{"errorCode":"0","errorReason":null}"#)
    );
}

#[tokio::test]
async fn the_documented_request_gets_the_documented_answer_and_is_kept_as_it_came() {
    let trial = trial().await;
    let answered = trial.post(RETURN_REQUEST_PATH, REQUEST).await;
    assert_eq!(answered.body, compact(include_str!("fixtures/return-request.ok.response.json")));
    let shelf = trial.account.shelf("return-request");
    let key = "10012345678/1234567890/88000001";
    let held = trial.desk.ledger.document(shelf, key).await.unwrap().unwrap();
    assert_eq!(String::from_utf8(held.document.body.clone()).unwrap(), compact(REQUEST));
    assert_eq!(held.document.observed_at, crate::trial::NOW);
}

#[tokio::test]
async fn the_same_content_again_is_accepted_and_changes_nothing() {
    on_both(async |ledger| {
        let trial = Trial::over(ledger, &Coupang3pfl, &[]).await;
        // Values come back sorted from here: the same content, written differently.
        let sorted = with(REQUEST, "requestType", Some(json!("COLLECT")));
        let escaped = compact(REQUEST).replace("고객명", "\\uace0\\uac1d\\uba85");
        for body in [REQUEST, REQUEST, &compact(REQUEST), &sorted, &escaped] {
            accepted(&trial.post(RETURN_REQUEST_PATH, body).await);
        }
        let shelf = trial.account.shelf("return-request");
        let key = "10012345678/1234567890/88000001";
        assert_eq!(trial.desk.ledger.versions(shelf, key).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn other_content_for_the_same_goods_is_refused() {
    on_both(async |ledger| {
        let trial = Trial::over(ledger, &Coupang3pfl, &[]).await;
        accepted(&trial.post(RETURN_REQUEST_PATH, REQUEST).await);
        for (name, value) in [
            ("reasonCode", json!("81")),
            ("instantReturn", json!(true)),
            ("customerZipCode", json!("1010")),
            ("another", json!(1)),
        ] {
            let answered = trial.post(RETURN_REQUEST_PATH, &with(REQUEST, name, Some(value))).await;
            coupang_refuses(
                &answered,
                400,
                "ALREADY_REQUESTED",
                "orderNumber, invoiceNumber and vendorItemId were requested with other content",
            );
        }
        for (name, value) in [
            ("orderNumber", json!(640_000_000_000_000_001_i64)),
            ("invoiceNumber", json!("1234567891")),
            ("vendorItemId", json!(88_000_002)),
        ] {
            accepted(&trial.post(RETURN_REQUEST_PATH, &with(REQUEST, name, Some(value))).await);
        }
        assert_eq!(trial.count("return-request").await, 4);
    })
    .await;
}

#[tokio::test]
async fn each_of_the_fourteen_fields_is_mandatory_and_of_its_type() {
    let trial = trial().await;
    let fields: Value = serde_json::from_str(REQUEST).unwrap();
    let fields = fields.as_object().unwrap();
    assert_eq!(fields.len(), 14);
    for (name, value) in fields {
        let answered = trial.post(RETURN_REQUEST_PATH, &with(REQUEST, name, None)).await;
        coupang_refuses(&answered, 400, "INVALID_REQUEST", &format!("{name} is missing"));
        let (expected, wrong) = match value {
            Value::Number(number) => ("i64", vec![json!(number.to_string()), json!(1.0)]),
            Value::Bool(_) => ("a boolean", vec![json!("false"), json!(0)]),
            Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                ("a string", vec![json!(80), json!(["80"])])
            }
        };
        for wrong in wrong.into_iter().chain([Value::Null]) {
            let answered = trial.post(RETURN_REQUEST_PATH, &with(REQUEST, name, Some(wrong))).await;
            let message = format!("{name} has the wrong form, expected {expected}");
            coupang_refuses(&answered, 400, "INVALID_REQUEST", &message);
        }
    }
    assert_eq!(trial.count("return-request").await, 0);
}

#[tokio::test]
async fn only_collecting_may_be_asked_for() {
    let trial = trial().await;
    for other in ["collect", "RETURN", ""] {
        let body = with(REQUEST, "requestType", Some(json!(other)));
        let answered = trial.post(RETURN_REQUEST_PATH, &body).await;
        coupang_refuses(&answered, 400, "INVALID_REQUEST_TYPE", "requestType must be COLLECT");
    }
    assert_eq!(trial.count("return-request").await, 0);
}

#[tokio::test]
async fn bodies_that_are_no_request_are_refused() {
    let trial = trial().await;
    let twice = REQUEST.replacen('{', "{\"orderNumber\":1,", 1);
    let long = format!("{{\"{0}\":1,\"{0}\":2}}", "x".repeat(300));
    let cases = [
        ("", "body is not readable JSON (line 1, column 0)".to_owned()),
        ("[10012345678]", "body has the wrong form, expected an object".to_owned()),
        (&twice, "orderNumber is named twice".to_owned()),
        (&long, "x".repeat(100)),
        (
            &with(REQUEST, "invoiceNumber", Some(json!(" "))),
            "invoiceNumber must not be empty".to_owned(),
        ),
    ];
    for (body, message) in cases {
        let answered = trial.post(RETURN_REQUEST_PATH, body).await;
        let said: Value = serde_json::from_str(&answered.body).unwrap();
        assert_eq!((&said["code"], answered.status.as_u16()), (&json!("INVALID_REQUEST"), 400));
        assert_eq!(said["message"], json!(message));
    }
    let huge = format!("\"{}\"", "x".repeat(1 << 20));
    coupang_refuses(
        &trial.post(RETURN_REQUEST_PATH, &huge).await,
        413,
        "REQUEST_TOO_LARGE",
        "The request body is larger than 1 MiB.",
    );
}

#[tokio::test]
async fn nobody_is_let_in_unsigned_and_nothing_is_written() {
    let trial = trial().await;
    for path in [RETURN_REQUEST_PATH, TRACKING_PATH] {
        let answered = trial.send(Method::POST, path, &[], REQUEST).await;
        coupang_refuses(&answered, 401, "UNAUTHORIZED", "HMAC format is invalid.");
    }
    for path in [COLLECT_PATH, ORDER_CANCEL_PATH, ADDRESS_CHANGE_PATH] {
        let answered = trial.send(Method::POST, path, &[], CANCEL).await;
        vendor_refuses(&answered, 401, "UNAUTHORIZED", "HMAC format is invalid.");
    }
    // The known signature of this very call, printed without spaces as the page does.
    let tight = "CEA algorithm=HmacSHA256,access-key=test-access-key,signed-date=260101T000000Z,\
                 signature=fb5ab43aa881d967c9a33d5d12cd9d9154ca183d2b240863a768d5ccc0281411";
    let headers = [("Authorization", tight.to_owned())];
    accepted(&trial.send(Method::POST, RETURN_REQUEST_PATH, &headers, REQUEST).await);
    let answered = trial.send(Method::POST, TRACKING_PATH, &headers, TRACKING).await;
    coupang_refuses(&answered, 401, "UNAUTHORIZED", "Invalid signature.");
}

#[tokio::test]
async fn a_wrong_method_is_refused_in_the_form_of_who_answers() {
    let trial = trial().await;
    let message = "The requested method is not allowed for this path.";
    let answered = trial.get(RETURN_REQUEST_PATH).await;
    coupang_refuses(&answered, 405, "METHOD_NOT_ALLOWED", message);
    vendor_refuses(&trial.get(ORDER_CANCEL_PATH).await, 405, "METHOD_NOT_ALLOWED", message);
}

#[tokio::test]
async fn a_return_runs_through_its_three_steps() {
    on_both(async |ledger| {
        let trial = Trial::over(ledger, &Coupang3pfl, &[]).await;
        let unknown = "orderNumber, invoiceNumber and vendorItemId name no request that was made";
        let answered = trial.post(TRACKING_PATH, TRACKING).await;
        coupang_refuses(&answered, 400, "INVALID_REQUEST", unknown);
        accepted(&trial.post(RETURN_REQUEST_PATH, REQUEST).await);
        vendor_accepts(&trial.post(COLLECT_PATH, COLLECT).await);
        vendor_accepts(&trial.post(COLLECT_PATH, COLLECT).await);
        let collecting = with(TRACKING, "status", Some(json!("COLLECTING")));
        let without_waybill = with(&collecting, "returnInvoiceNumber", Some(Value::Null));
        accepted(&trial.post(TRACKING_PATH, &without_waybill).await);
        accepted(&trial.post(TRACKING_PATH, &collecting).await);
        accepted(&trial.post(TRACKING_PATH, TRACKING).await);
        accepted(&trial.post(TRACKING_PATH, TRACKING).await);
        assert_eq!(trial.count("collect").await, 1);
        assert_eq!(trial.count("tracking").await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_tracking_or_an_instruction_is_said_by_name() {
    let trial = trial().await;
    accepted(&trial.post(RETURN_REQUEST_PATH, REQUEST).await);
    let time = "is not a time such as 2019-12-09 23:59:59";
    let cases = [
        ("status", Some(json!("COLLECT")), "status must be COLLECTING or COLLECTING_COMPLETE"),
        ("status", Some(json!("DONE")), "status must be COLLECTING or COLLECTING_COMPLETE"),
        ("occurredAt", Some(json!("2019-02-30 00:00:00")), &format!("occurredAt {time}")),
        ("returnInvoiceNumber", None, "returnInvoiceNumber is missing"),
        ("orderNumber", Some(json!("1")), "orderNumber has the wrong form, expected i64"),
        ("invoiceNumber", Some(json!("")), "invoiceNumber must not be empty"),
    ];
    for (name, value, message) in cases {
        let answered = trial.post(TRACKING_PATH, &with(TRACKING, name, value)).await;
        coupang_refuses(&answered, 400, "INVALID_REQUEST", message);
    }
    let answered = trial.post(COLLECT_PATH, TRACKING).await;
    vendor_refuses(&answered, 400, "INVALID_REQUEST", "status must be COLLECT");
    assert_eq!(trial.count("tracking").await + trial.count("collect").await, 0);
}

#[tokio::test]
async fn a_cancel_said_again_is_one_document_and_another_cancel_is_another() {
    on_both(async |ledger| {
        let trial = Trial::over(ledger, &Coupang3pfl, &[]).await;
        for body in [CANCEL, CANCEL, &compact(CANCEL)] {
            let answered = trial.post(ORDER_CANCEL_PATH, body).await;
            vendor_accepts(&answered);
            assert_eq!(
                answered.body,
                compact(include_str!("fixtures/order-cancel.ok.response.json"))
            );
        }
        assert_eq!(trial.count("order-cancel").await, 1);
        let more = with(CANCEL, "cancelReason", Some(json!("A_NEW_REASON")));
        vendor_accepts(&trial.post(ORDER_CANCEL_PATH, &more).await);
        assert_eq!(trial.count("order-cancel").await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_cancel_is_said_by_name() {
    let trial = trial().await;
    let item = |id: Value, quantity: Value| json!([{ "vendorItemId": id, "quantity": quantity }]);
    let list = "vendorItemCancelList";
    let cases = [
        (
            "orderId",
            Some(json!(9_900_000_001_i64)),
            "orderId has the wrong form, expected a string".to_owned(),
        ),
        (
            "orderId",
            Some(json!("1".repeat(21))),
            "orderId must have at most 20 characters".to_owned(),
        ),
        ("orderId", None, "orderId is missing".to_owned()),
        (
            "cancelReason",
            Some(json!("가".repeat(101))),
            "cancelReason must have at most 100 characters".to_owned(),
        ),
        (list, Some(json!([])), format!("{list} must not be empty")),
        (
            list,
            Some(item(json!("1"), json!(1))),
            format!("{list}[0].vendorItemId has the wrong form, expected i64"),
        ),
        (list, Some(item(json!(1), json!(0))), format!("{list}[0].quantity must be 1 or more")),
    ];
    for (name, value, message) in cases {
        let answered = trial.post(ORDER_CANCEL_PATH, &with(CANCEL, name, value)).await;
        vendor_refuses(&answered, 400, "INVALID_REQUEST", &message);
    }
    assert_eq!(trial.count("order-cancel").await, 0);
}

#[tokio::test]
async fn a_change_of_address_is_taken_as_an_object_and_as_a_list() {
    let trial = trial().await;
    vendor_accepts(&trial.post(ADDRESS_CHANGE_PATH, ADDRESS).await);
    vendor_accepts(&trial.post(ADDRESS_CHANGE_PATH, &compact(ADDRESS)).await);
    assert_eq!(trial.count("address-change").await, 1);
    let body: Value = serde_json::from_str(ADDRESS).unwrap();
    let listed = json!([body["changedRecipientInfo"]]);
    let body = with(ADDRESS, "changedRecipientInfo", Some(listed));
    vendor_accepts(&trial.post(ADDRESS_CHANGE_PATH, &body).await);
    assert_eq!(trial.count("address-change").await, 2);
    let wrong = [
        (
            "changedRecipientInfo",
            Some(json!("home")),
            "changedRecipientInfo has the wrong form, expected a recipient or a list of recipients",
        ),
        ("shipmentNote", None, "shipmentNote is missing"),
        (
            "targetVendorItem",
            Some(json!([{ "vendorItemId": 1 }])),
            "targetVendorItem[0].vendorItemId has the wrong form, expected a string",
        ),
    ];
    for (name, value, message) in wrong {
        let answered = trial.post(ADDRESS_CHANGE_PATH, &with(ADDRESS, name, value)).await;
        vendor_refuses(&answered, 400, "INVALID_REQUEST", message);
    }
}

#[test]
fn every_documented_field_has_a_place_and_keeps_its_bytes() {
    fn again<T: serde::Serialize + serde::de::DeserializeOwned>(fixture: &str) {
        let body = compact(fixture);
        let decoded: T = wire_json::decode(body.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&decoded).unwrap(), body);
    }
    again::<ReturnRequest>(REQUEST);
    again::<Movement>(TRACKING);
    again::<Movement>(COLLECT);
    again::<OrderCancel>(CANCEL);
    again::<AddressChange>(ADDRESS);
}

#[test]
fn every_body_is_told_apart_and_found_by_its_numbers_and_people() {
    let kinds: Vec<_> = [REQUEST, TRACKING, COLLECT, CANCEL, ADDRESS]
        .iter()
        .map(|fixture| read(compact(fixture).as_bytes()).unwrap())
        .map(|reading| (reading.kind, reading.key))
        .collect();
    let request = "10012345678/1234567890/88000001";
    assert_eq!(kinds[0], ("return-request", request.to_owned()));
    assert_eq!(kinds[1], ("tracking", format!("{request}/COLLECTING_COMPLETE")));
    assert_eq!(kinds[2], ("collect", request.to_owned()));
    assert_eq!(kinds[3].0, "order-cancel");
    assert_eq!(kinds[3].1.len(), "9900000001/".len() + 16);
    assert_eq!(kinds[4].0, "address-change");
    let found = read(compact(REQUEST).as_bytes()).unwrap().found;
    for (term, value) in [
        (Term::Order, "10012345678"),
        (Term::Invoice, "1234567890"),
        (Term::Item, "88000001"),
        (Term::BuyerName, "고객명"),
        (Term::BuyerPhone, "01000000000"),
        (Term::BuyerPostcode, "01010"),
    ] {
        assert!(found.terms.contains(&(term, value.to_owned())));
    }
    let found = read(compact(COLLECT).as_bytes()).unwrap().found;
    assert!(found.states.contains(&(State::ReturnStatus, "COLLECT".to_owned())));
    assert!(found.moments.iter().any(|(moment, _)| *moment == Moment::CollectionAsked));
    assert_eq!(read(b"{\"a\":1}").unwrap_err().why, "is none of the bodies of 3PFL");
}

#[test]
fn made_up_bodies_read_back_and_tracking_belongs_to_its_request() {
    for nth in 0..100 {
        let read_back = |kind: &str| {
            let invented = Coupang3pfl.invent(kind, nth).unwrap();
            assert_eq!(wire_json::compact(&invented.body).unwrap(), invented.body);
            let reading = Coupang3pfl.read(invented.media, &invented.body).unwrap();
            assert_eq!(reading.kind, kind);
            reading.key
        };
        let request = read_back("return-request");
        assert_eq!(read::request_of(&read_back("tracking")), request);
        read_back("order-cancel");
    }
    assert_eq!(Coupang3pfl.invent("collect", 1), None);
}

#[tokio::test]
async fn the_example_shows_the_documented_answer_with_and_without_the_samples() {
    for sampled in [false, true] {
        let trial = trial().await;
        if sampled {
            for sample in Coupang3pfl.samples() {
                trial.put(std::str::from_utf8(&sample.body).unwrap()).await;
            }
        }
        for example in Coupang3pfl.examples(&trial.credentials) {
            accepted(&trial.post(&example.path, &example.body.unwrap()).await);
        }
        assert_eq!(trial.count("return-request").await, 1);
    }
}

proptest! {
    #[test]
    fn no_body_makes_the_reader_panic(
        body in ".{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..80), value in ".{0,20}",
    ) {
        let _ = read(body.as_bytes());
        let _ = read(&bytes);
        for fixture in [REQUEST, TRACKING, COLLECT, CANCEL, ADDRESS] {
            let members: Value = serde_json::from_str(fixture).unwrap();
            for name in members.as_object().unwrap().keys() {
                let _ = read(with(fixture, name, Some(json!(value))).as_bytes());
            }
        }
    }
}
