//! The surface in process, byte for byte where Coupang's pages show an answer.

mod acts;
mod lists;
mod market;
mod reading;
mod sheets;
mod single;
mod withdrawals;

use hoesu_testkit::TestLedger;

use crate::trial::{Answered, Trial};

const BASE: &str = "/v2/providers/openapi/apis/api";

fn v4(rest: &str) -> String {
    format!("{BASE}/v4/vendors/A00012345/{rest}")
}

fn v6(rest: &str) -> String {
    format!("{BASE}/v6/vendors/A00012345/{rest}")
}

async fn trial() -> Trial {
    Trial::of(&super::Coupang, &[]).await
}

async fn over(ledger: TestLedger) -> Trial {
    Trial::over(ledger, &super::Coupang, &[]).await
}

async fn with_samples() -> Trial {
    let trial = trial().await;
    for sample in super::samples::samples() {
        trial.put(std::str::from_utf8(&sample.body).unwrap()).await;
    }
    trial
}

/// A return as short as one may be.
fn receipt(number: i64, created: &str, status: &str) -> String {
    format!(
        r#"{{"receiptId":{number},"orderId":{},"receiptType":"RETURN","receiptStatus":"{status}","createdAt":"{created}"}}"#,
        500_000_000 + number
    )
}

fn withdrawal(number: i64, created: &str) -> String {
    format!(
        r#"{{"cancelId":{number},"orderId":{},"vendorId":"A00012345","refundDeliveryDuty":"CUS","createdAt":"{created}","vendorItemIds":[1]}}"#,
        500_000_000 + number
    )
}

#[track_caller]
fn refused(answered: &Answered, status: u16, message: &str) {
    assert_eq!(answered.status.as_u16(), status, "{}", answered.body);
    let body: serde_json::Value = serde_json::from_str(&answered.body).unwrap();
    assert_eq!(body["message"], message, "{}", answered.body);
    assert!(body["code"].is_string());
}

/// The numbers a list shows, and its token.
fn shown(answered: &Answered) -> (Vec<i64>, String) {
    assert_eq!(answered.status.as_u16(), 200, "{}", answered.body);
    let body: serde_json::Value = serde_json::from_str(&answered.body).unwrap();
    let rows = body["data"].as_array().unwrap();
    let number = |row: &serde_json::Value| {
        ["receiptId", "exchangeId", "cancelId"].iter().find_map(|name| row[name].as_i64()).unwrap()
    };
    let token = body["nextToken"].as_str().or(body["nextPageIndex"].as_str()).unwrap();
    (rows.iter().map(number).collect(), token.to_owned())
}
