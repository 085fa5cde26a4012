//! The same seed and the same calls: the same bytes; so are a snapshot and its market.

use axum::http::Method;

use super::calls::{control, example, open, played};
use crate::Sandbox;

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
