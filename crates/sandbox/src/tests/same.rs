//! The same seed and the same calls: the same bytes; so are a snapshot and its market.

use axum::body::Body;
use axum::http::{Method, Request};
use hoesu_channels::Clock as _;
use hoesu_channels::connect::{Carriage, Deed, Does, HttpAsk, Verb, sign_deed};
use serde_json::Value;

use super::calls::{Answered, control, example, open, plan, played, send};
use super::reading::upstream;
use crate::{Plan, Sandbox};

/// Calls of every kind, and everything they were answered.
async fn session(sandbox: &Sandbox) -> Vec<Vec<u8>> {
    let mut said = Vec::new();
    for (method, path, body) in [
        (Method::GET, "/seed", ""),
        (Method::POST, "/faults", r#"{"fault":"failed-with-body","rate":0.5}"#),
        (Method::POST, "/faults", r#"{"fault":"late-rows","rate":0.3,"seconds":1800}"#),
        (Method::PUT, "/clock", r#"{"now":"2026-01-20T00:00:00Z"}"#),
    ] {
        said.push(control(sandbox, method, path, body).await.body);
    }
    said[3] = Vec::new(); // the clock tells the world's time, too
    for _ in 0..4 {
        for channel in played() {
            said.push(example(sandbox, channel).await.unwrap().body);
        }
    }
    said.extend(truth(sandbox).await);
    said
}

async fn truth(sandbox: &Sandbox) -> Vec<Vec<u8>> {
    let mut said = Vec::new();
    for path in ["/documents", "/events?limit=10000", "/faults"] {
        said.push(control(sandbox, Method::GET, path, "").await.body);
    }
    said
}

#[tokio::test]
async fn the_same_seed_and_the_same_calls_are_the_same_bytes() {
    let (first, second) = (open().await, open().await);
    assert_eq!(session(&first).await, session(&second).await);
}

#[tokio::test]
async fn a_snapshot_restores_the_market_to_the_byte_and_a_reset_begins_anew() {
    let sandbox = open().await;
    let before = truth(&sandbox).await;
    session(&sandbox).await;
    let snapshot = control(&sandbox, Method::POST, "/snapshot", "").await;
    let then = truth(&sandbox).await;
    control(&sandbox, Method::PUT, "/clock", r#"{"now":"2026-01-21T00:00:00Z"}"#).await;
    control(&sandbox, Method::DELETE, "/faults", "").await;
    control(&sandbox, Method::POST, "/reset", "").await;
    assert_eq!(truth(&sandbox).await, before);
    let restored = control(&sandbox, Method::POST, "/restore", snapshot.text()).await;
    assert_eq!(restored.status.as_u16(), 200, "{}", restored.text());
    assert_eq!(truth(&sandbox).await, then);
    let again = control(&sandbox, Method::POST, "/snapshot", "").await;
    assert_eq!(again.body, snapshot.body);
}

/// Writes of every channel that has any, each about the first documents it may be about, and everything
/// they were answered.
async fn writes(sandbox: &Sandbox, some: Option<u128>) -> Vec<(u16, Vec<u8>)> {
    let mut said = Vec::new();
    let mut nth = some.unwrap_or_default();
    for channel in played() {
        let Some(connector) = channel.connector() else {
            let answered = example(sandbox, channel).await.unwrap();
            said.push((answered.status.as_u16(), answered.body));
            continue;
        };
        let (account, upstream) = upstream(sandbox, channel);
        let told =
            control(sandbox, Method::GET, &format!("/documents?account={account}"), "").await;
        let told: Vec<Value> =
            told.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let now = sandbox.world().stage.clock.now();
        for ability in connector.deeds() {
            let of_kind = told.iter().filter(|line| line["kind"] == ability.kind);
            for line in of_kind.take(3) {
                nth += 1;
                let by = Carriage {
                    courier: connector.couriers()[0].0.to_owned(),
                    waybill: format!("6805{nth:08}"),
                };
                let pieces = 1;
                let does = match ability.verb {
                    Verb::AnswerStopped => Does::AnswerStopped { pieces },
                    Verb::AnswerShipped => Does::AnswerShipped { by },
                    Verb::GrantCancel => Does::GrantCancel { pieces: Some(pieces) },
                    Verb::ConfirmReceipt => {
                        Does::ConfirmReceipt { pieces: Some(pieces), by: Some(by) }
                    }
                    Verb::Approve => Does::Approve { pieces },
                    Verb::Refuse => Does::Refuse {
                        reason: ability.reasons[0].0.to_owned(),
                        pieces: Some(pieces),
                        note: None,
                    },
                    Verb::Collect => Does::Collect { by, booking: None },
                    Verb::Resend => Does::Resend { parcel: "1".to_owned(), by },
                };
                let (kind, key) =
                    (ability.kind.to_owned(), line["key"].as_str().unwrap().to_owned());
                let deed = Deed { kind, key, does };
                let call = sign_deed(channel, &upstream, &deed, now).unwrap();
                let answered = allowed(sandbox, &call).await;
                said.push((answered.status.as_u16(), answered.body));
            }
        }
    }
    said
}

/// A call, asked again while the account calls too often: that is counted by the world's clock.
async fn allowed(sandbox: &Sandbox, call: &HttpAsk) -> Answered {
    loop {
        let mut request = Request::builder().method(call.method.clone()).uri(call.target());
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(call.body.clone())).unwrap();
        let answered = send(sandbox, request).await.unwrap();
        if answered.status.as_u16() != 429 {
            return answered;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// A small market in which nobody answers claims.
async fn unstaffed() -> Sandbox {
    let (days, orders_per_day) = (6, 20);
    let plan = Plan { days, orders_per_day, sellers: 1, staffed: false, ..plan() };
    Sandbox::open(plan).await.unwrap()
}

#[tokio::test]
async fn what_callers_did_is_kept_in_a_snapshot_and_done_again_after_it_the_same() {
    let sandbox = unstaffed().await;
    let first = writes(&sandbox, None).await;
    assert!(first.iter().filter(|(status, _)| *status == 200).count() > 3, "{first:?}");
    control(&sandbox, Method::PUT, "/clock", r#"{"now":"2026-01-20T00:00:00Z"}"#).await;
    let snapshot = control(&sandbox, Method::POST, "/snapshot", "").await;
    let then = truth(&sandbox).await;

    let second = writes(&sandbox, Some(1_000)).await;
    control(&sandbox, Method::PUT, "/clock", r#"{"now":"2026-01-23T00:00:00Z"}"#).await;
    let after = truth(&sandbox).await;
    assert_ne!(after, then);

    let restored = control(&sandbox, Method::POST, "/restore", snapshot.text()).await;
    assert_eq!(restored.status.as_u16(), 200, "{}", restored.text());
    assert_eq!(truth(&sandbox).await, then);
    assert_eq!(writes(&sandbox, Some(1_000)).await, second);
    control(&sandbox, Method::PUT, "/clock", r#"{"now":"2026-01-23T00:00:00Z"}"#).await;
    assert_eq!(truth(&sandbox).await, after);
}

#[tokio::test]
async fn the_same_writes_of_two_markets_with_one_seed_are_the_same_bytes() {
    let (one, other) = (unstaffed().await, unstaffed().await);
    assert_eq!(writes(&one, None).await, writes(&other, None).await);
    assert_eq!(truth(&one).await, truth(&other).await);
}
