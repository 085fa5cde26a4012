//! The control: who can call, the clock, the truth, and what is no route.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::calls::{control, example, open, plan, played, signed};
use crate::Sandbox;

async fn get(sandbox: &Sandbox, path: &str) -> serde_json::Value {
    let said = control(sandbox, Method::GET, path, "").await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    said.json()
}

#[tokio::test]
async fn the_seed_opens_every_surface_and_the_commands_name_every_account() {
    let sandbox = open().await;
    let seed = get(&sandbox, "/seed").await;
    assert_eq!(seed["sellers"].as_array().unwrap().len(), 2);
    for channel in played() {
        let said = example(&sandbox, channel).await.unwrap();
        assert_ne!(said.status, StatusCode::UNAUTHORIZED, "{}", channel.id());
    }
    let commands = sandbox.seed("http://127.0.0.1:1").commands();
    assert_eq!(commands[0], "hoesu seller add shop-1 --clock http://127.0.0.1:1");
    // What a hub wants begins with its accounts: they are made by the market's clock.
    assert!(commands.iter().all(|line| line.contains("--clock http://127.0.0.1:1 ")
        || line.ends_with("--clock http://127.0.0.1:1")));
    assert!(commands.iter().any(|line| line.contains("--set base_url=http://127.0.0.1:1")));
    let names: std::collections::BTreeSet<_> = commands.iter().collect();
    assert_eq!(names.len(), commands.len());
}

#[tokio::test]
async fn calls_are_counted_and_those_that_come_too_soon() {
    let sandbox = open().await;
    let channel = played().find(|channel| channel.id() == "coupang").unwrap();
    let (account, _) = signed(&sandbox, channel);
    let mut too_many = 0;
    for _ in 0..30 {
        let said = example(&sandbox, channel).await.unwrap();
        too_many += u64::from(said.status == StatusCode::TOO_MANY_REQUESTS);
    }
    // What a fault says in the channel's name is none of the channel's words.
    let order = format!(r#"{{"fault":"rate-limited","account":"{account}"}}"#);
    assert_eq!(
        control(&sandbox, Method::POST, "/faults", &order).await.status,
        StatusCode::CREATED
    );
    let said = example(&sandbox, channel).await.unwrap();
    assert_eq!(said.status, StatusCode::TOO_MANY_REQUESTS);
    let counted = &get(&sandbox, "/calls").await["accounts"];
    assert_eq!(counted[&account], json!({ "calls": 31, "too_many": too_many }));
    assert_eq!(counted.as_object().unwrap().len(), 1, "who never called is left out");
    control(&sandbox, Method::POST, "/reset", "").await;
    assert_eq!(get(&sandbox, "/calls").await, json!({ "accounts": {} }));
}

#[tokio::test]
async fn every_account_has_a_call_to_paste_that_names_its_key_and_nobody_elses() {
    let sandbox = open().await;
    let seed = sandbox.seed("http://127.0.0.1:1");
    let accounts: Vec<_> = seed.sellers.iter().flat_map(|seller| &seller.accounts).collect();
    for account in &accounts {
        let call = &account.call;
        assert!(call.starts_with("curl -s ") && call.contains("http://127.0.0.1:1/"), "{call}");
        let channel = hoesu_channels::by_id(&account.channel).unwrap();
        let fields = channel.capabilities().credential.iter();
        for field in fields.filter(|field| field.role != hoesu_channels::Role::Setting) {
            assert!(call.contains(&account.credentials[field.name]), "{call}");
        }
        let same = accounts.iter().filter(|other| other.call == *call).count();
        assert_eq!(same, 1, "{call}");
    }
}

#[tokio::test]
async fn another_seed_has_other_keys_and_the_same_seed_the_same() {
    let sandbox = open().await;
    let before = get(&sandbox, "/seed").await;
    let other = control(&sandbox, Method::POST, "/seed", r#"{"seed":8,"sellers":1}"#).await.json();
    assert_eq!(other["plan"]["seed"], 8);
    assert_eq!(other["plan"]["days"], plan().days);
    let key = |seed: &serde_json::Value| seed["sellers"][0]["accounts"][0]["credentials"].clone();
    assert_ne!(key(&before), key(&other));
    control(&sandbox, Method::POST, "/seed", r#"{"seed":7,"sellers":2}"#).await;
    assert_eq!(get(&sandbox, "/seed").await, before);
}

#[tokio::test]
async fn the_clock_moves_forward_alone() {
    let sandbox = open().await;
    let clock = get(&sandbox, "/clock").await;
    assert_eq!((&clock["now"], &clock["frozen"]), (&json!(plan().from), &json!(true)));
    let later = r#"{"now":"2026-01-19T06:00:00Z","speed":60}"#;
    let moved = control(&sandbox, Method::PUT, "/clock", later).await.json();
    assert_eq!((&moved["now"], &moved["speed"]), (&json!("2026-01-19T06:00:00Z"), &json!(60.0)));
    for wrong in [r#"{"now":"2026-01-19T05:59:59Z"}"#, r#"{"speed":0}"#, r#"{"sped":1}"#, "{"] {
        let said = control(&sandbox, Method::PUT, "/clock", wrong).await;
        assert_eq!(
            (said.status, &*said.media),
            (StatusCode::BAD_REQUEST, "application/problem+json")
        );
    }
    let thawed = control(&sandbox, Method::PUT, "/clock", r#"{"frozen":false}"#).await.json();
    assert_eq!(thawed["frozen"], false);
    let restarted = control(&sandbox, Method::POST, "/reset", "").await;
    assert_eq!(restarted.status, StatusCode::OK);
    let again = get(&sandbox, "/clock").await;
    for member in ["now", "speed", "frozen"] {
        assert_eq!(again[member], clock[member], "{member}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let sandbox = open().await;
    for (method, path, status) in [
        (Method::GET, "/nothing", 404),
        (Method::DELETE, "/clock", 405),
        (Method::DELETE, "/faults/9", 404),
        (Method::DELETE, "/faults/x", 404),
        (Method::GET, "/events?limit=0", 400),
        (Method::GET, "/events?from=1", 400),
        (Method::POST, "/restore", 400),
    ] {
        let said = control(&sandbox, method, path, "").await;
        assert_eq!(said.status.as_u16(), status, "{path}");
        assert_eq!(said.media, "application/problem+json");
    }
}

#[tokio::test]
async fn documents_and_events_are_told_whole() {
    let sandbox = open().await;
    let said = control(&sandbox, Method::GET, "/documents", "").await;
    assert_eq!((said.status, &*said.media), (StatusCode::OK, "application/x-ndjson"));
    for line in said.text().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["visible_at"].as_str().unwrap() <= &*plan().from.to_string());
        assert!(!line["body"].as_str().unwrap().is_empty());
    }
    let events = get(&sandbox, "/events?limit=5").await;
    let total = events["total"].as_u64().unwrap();
    let rest = get(&sandbox, &format!("/events?since={}&limit=10000", events["next"])).await;
    let counts = [&events, &rest].map(|page| page["events"].as_array().unwrap().len() as u64);
    assert_eq!(counts.iter().sum::<u64>(), total);
}

#[test]
fn the_document_names_every_route() {
    let document: serde_json::Value = serde_json::from_str(&crate::openapi()).unwrap();
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths.len(), 11, "{paths:?}");
}
