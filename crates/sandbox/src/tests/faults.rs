//! Faults: what a caller meets, whose call it falls on, when it ends.

use axum::http::Method;
use serde_json::json;

use super::calls::{Answered, control, example, open, played, signed};
use crate::Sandbox;

async fn order(sandbox: &Sandbox, order: serde_json::Value) {
    let said = control(sandbox, Method::POST, "/faults", &order.to_string()).await;
    assert_eq!(said.status.as_u16(), 201, "{}", said.text());
}

async fn with(fault: serde_json::Value) -> Vec<Option<Answered>> {
    let sandbox = open().await;
    order(&sandbox, fault).await;
    let mut all = Vec::new();
    for channel in played() {
        all.push(example(&sandbox, channel).await);
    }
    all
}

async fn statuses(fault: &str) -> Vec<u16> {
    let said = with(json!({ "fault": fault })).await;
    said.into_iter().map(|said| said.unwrap().status.as_u16()).collect()
}

#[tokio::test]
async fn each_fault_has_its_status_on_every_channel() {
    let count = played().count();
    for (fault, status) in [
        ("expired-signature", 401),
        ("forbidden-json", 403),
        ("forbidden-html", 403),
        ("rate-limited", 429),
        ("failed-with-body", 500),
        ("timed-out-after-commit", 504),
    ] {
        assert_eq!(statuses(fault).await, vec![status; count], "{fault}");
    }
}

#[tokio::test]
async fn a_page_is_html_and_a_limit_says_when_to_come_back() {
    for said in with(json!({"fault": "forbidden-html"})).await {
        let said = said.unwrap();
        assert_eq!(said.media, "text/html");
        assert!(said.text().contains("<TITLE>Access Denied</TITLE>"));
    }
    for said in with(json!({"fault": "rate-limited", "seconds": 7})).await {
        assert_eq!(said.unwrap().retry_after.as_deref(), Some("7"));
    }
}

#[tokio::test]
async fn a_lost_reply_ends_the_connection_and_silence_ends_after_an_hour() {
    assert!(with(json!({"fault": "reply-lost"})).await.iter().all(Option::is_none));
    let sandbox = open().await;
    order(&sandbox, json!({"fault": "silence"})).await;
    let channel = played().next().unwrap();
    let first = example(&sandbox, channel).await.unwrap();
    assert_eq!(first.status.as_u16(), 503);
    assert!(example(&sandbox, channel).await.is_none());
    control(&sandbox, Method::PUT, "/clock", r#"{"now":"2026-01-19T01:00:00Z"}"#).await;
    assert_ne!(example(&sandbox, channel).await.unwrap().status.as_u16(), 503);
}

#[tokio::test]
async fn a_fault_falls_on_the_account_and_the_endpoint_it_was_ordered_for() {
    let sandbox = open().await;
    let mut played = played();
    let (one, other) = (played.next().unwrap(), played.last().unwrap());
    let (account, request) = signed(&sandbox, one);
    let path = request.uri().path().to_owned();
    order(&sandbox, json!({"fault": "failed-with-body", "account": account, "endpoint": path}))
        .await;
    order(&sandbox, json!({"fault": "failed-with-body", "endpoint": "/nowhere/*"})).await;
    assert_eq!(example(&sandbox, one).await.unwrap().status.as_u16(), 500);
    assert_ne!(example(&sandbox, other).await.unwrap().status.as_u16(), 500);
    let faults = control(&sandbox, Method::GET, "/faults", "").await.json();
    assert_eq!(faults["faults"][0]["hit"], 1);
    assert_eq!(faults["faults"][1]["met"], 0);
    let unknown = json!({"fault": "slow", "account": "nobody"}).to_string();
    assert_eq!(control(&sandbox, Method::POST, "/faults", &unknown).await.status.as_u16(), 400);
}

#[tokio::test]
async fn a_cut_answer_is_half_of_the_whole() {
    let sandbox = open().await;
    let channel = played().last().unwrap();
    let whole = example(&sandbox, channel).await.unwrap();
    order(&sandbox, json!({"fault": "truncated"})).await;
    for _ in 0..2 {
        let half = example(&sandbox, channel).await.unwrap();
        assert_eq!(half.body, whole.body[..whole.body.len() / 2]);
    }
}
