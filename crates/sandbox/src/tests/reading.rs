//! Reading: what the connectors bring of a market, and when it is there.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use bytes::Bytes;
use hoesu_channels::connect::{Feed, HttpSaid, Reading, Span, Upstream, sign};
use hoesu_channels::{Channel, Clock as _};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::calls::{control, open, plan, played, send};
use crate::{Plan, Sandbox};

/// The first seller's account on a channel, as a hub knows it.
pub(super) fn upstream(sandbox: &Sandbox, channel: &dyn Channel) -> (String, Upstream) {
    let world = sandbox.world();
    let of_channel = |one: &&crate::booth::Booth| one.channel.id() == channel.id();
    let account = &world.stage.booths.iter().find(of_channel).unwrap().account;
    let seed = sandbox.seed("http://127.0.0.1:1");
    let known = seed.sellers[0].accounts.iter().find(|one| one.name == account.name).unwrap();
    let mut account = account.clone();
    account.settings = known.settings.clone();
    (known.name.clone(), Upstream::of(channel, &account, &known.settings).unwrap())
}

/// Every record a feed brings, by kind and key.
async fn read(
    sandbox: &Sandbox,
    channel: &dyn Channel,
    feed: &'static Feed,
) -> BTreeSet<(String, String)> {
    let (_, upstream) = upstream(sandbox, channel);
    let now = sandbox.world().stage.clock.now();
    let span = Span { from: now - SignedDuration::from_hours(8 * 24), until: now };
    let mut reading = Reading::newest_first(feed, span);
    let mut brought = BTreeSet::new();
    while let Some(ask) = reading.next_ask() {
        let call = sign(channel, &upstream, &ask, now).unwrap();
        let mut request = Request::builder().method(call.method.clone()).uri(call.target());
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let said = send(sandbox, request.body(Body::from(call.body)).unwrap()).await.unwrap();
        if said.status.as_u16() == 429 {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            continue;
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, said.media.parse().unwrap());
        let said = HttpSaid { status: said.status, headers, body: Bytes::from(said.body) };
        let page = channel.connector().unwrap().read(&ask, &said);
        let page = page.unwrap_or_else(|failure| panic!("{} {failure:?}", feed.id));
        for record in &page.records {
            let reading = channel.read(record.media, &record.body).unwrap();
            brought.insert((reading.kind.to_owned(), reading.key));
        }
        reading.take(&page).unwrap();
    }
    brought
}

/// What there is to be read, by account: kind and key.
async fn truth(sandbox: &Sandbox) -> BTreeMap<String, BTreeSet<(String, String)>> {
    let mut truth: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
    for line in control(sandbox, Method::GET, "/documents", "").await.text().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        truth.entry(text("account")).or_default().insert((text("kind"), text("key")));
    }
    truth
}

#[tokio::test]
async fn what_connectors_read_is_what_there_is() {
    let plan = Plan { sellers: 1, orders_per_day: 40, days: 8, frozen: false, ..plan() };
    let sandbox = Sandbox::open(plan).await.unwrap();
    let truth = truth(&sandbox).await;
    for channel in played() {
        let Some(connector) = channel.connector() else { continue };
        let (account, _) = upstream(&sandbox, channel);
        let mut brought = BTreeSet::new();
        for feed in connector.feeds() {
            brought.extend(read(&sandbox, channel, feed).await);
        }
        assert!(!brought.is_empty(), "{account} has nothing to read");
        let invented: Vec<_> = brought.difference(&truth[&account]).collect();
        assert!(invented.is_empty(), "{account}: {invented:?}");
    }
}

#[tokio::test]
async fn late_rows_are_there_when_their_time_has_come() {
    let sandbox = open().await;
    let late = json!({"fault": "late-rows", "seconds": 7200}).to_string();
    control(&sandbox, Method::POST, "/faults", &late).await;
    let before = control(&sandbox, Method::GET, "/documents", "").await.body;
    let move_to = async |now: &str| {
        let clock = json!({ "now": now }).to_string();
        control(&sandbox, Method::PUT, "/clock", &clock).await;
        control(&sandbox, Method::GET, "/documents", "").await.body
    };
    assert_eq!(move_to("2026-01-19T01:59:00Z").await, before);
    let after = move_to("2026-01-19T06:00:00Z").await;
    assert!(after.len() > before.len());
    for line in std::str::from_utf8(&after).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let visible_at = line["visible_at"].as_str().unwrap();
        assert!(visible_at <= "2026-01-19T00:00:00Z" || visible_at >= "2026-01-19T02:00:00Z");
    }
}
