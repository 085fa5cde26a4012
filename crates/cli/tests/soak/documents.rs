//! The documents of a soak: what a hub holds, and what the market says there was.

use std::collections::{BTreeMap, BTreeSet};

use hoesu_channels::connect::Connector;
use hoesu_claims::Document;
use jiff::Timestamp;
use serde_json::Value;

use crate::hub::Hub;
use crate::market::Market;

/// Account, kind, key.
pub(crate) type Name = (String, String, String);

/// A version as the market says it was.
pub(crate) struct Version {
    pub(crate) visible_at: Timestamp,
    pub(crate) body: Vec<u8>,
}

/// Everything a hub holds of what it asks for: every version, the current one last.
pub(crate) async fn held(hub: &Hub) -> BTreeMap<Name, Vec<Document>> {
    let ledger = hub.ledger().await;
    let mut all = BTreeMap::new();
    for account in ledger.accounts().await.expect("accounts") {
        let Some(connector) = connector(&account.channel) else { continue };
        for kind in kinds(connector) {
            let mut after = String::new();
            loop {
                let page = ledger.current_after(account.shelf(kind), &after, 1_000).await;
                let page = page.expect("documents");
                let Some(last) = page.last() else { break };
                after.clone_from(&last.key);
                for current in page {
                    let versions = ledger.versions(account.shelf(kind), &current.key).await;
                    let mut versions = versions.expect("versions");
                    // One that arrived last may be older than the current one.
                    versions.retain(|one| one.version != current.version);
                    let name = (account.name.clone(), kind.to_owned(), current.key.clone());
                    versions.push(current);
                    all.insert(name, versions);
                }
            }
        }
    }
    all
}

fn connector(channel: &str) -> Option<&'static dyn Connector> {
    hoesu_channels::by_id(channel)?.connector()
}

/// What a connector brings.
fn kinds(connector: &dyn Connector) -> BTreeSet<&'static str> {
    let feeds = connector.feeds().iter().flat_map(|feed| feed.kinds).copied();
    feeds.chain(connector.lookups().iter().map(|lookup| lookup.kind)).collect()
}

/// Whether a kind is read by feeds, again and again. What is only looked up is as it was when it was
/// looked up.
pub(crate) fn is_fed(kind: &str) -> bool {
    let connectors = hoesu_channels::CHANNELS.iter().filter_map(|channel| channel.connector());
    connectors.flat_map(Connector::feeds).any(|feed| feed.kinds.contains(&kind))
}

/// Every version of every document, in the form a connector hears it in.
pub(crate) async fn truth(market: &Market, seed: &Value) -> BTreeMap<Name, Vec<Version>> {
    let mut truth: BTreeMap<Name, Vec<Version>> = BTreeMap::new();
    let accounts = seed["sellers"].as_array().expect("sellers").iter();
    for account in accounts.flat_map(|one| one["accounts"].as_array().expect("accounts")) {
        let text = |member: &str| account[member].as_str().expect("a text").to_owned();
        let Some(connector) = connector(&text("channel")) else { continue };
        // One kind of one account at once: a month of everything is more than is read of an answer.
        for kind in kinds(connector) {
            let target = format!("/_sandbox/documents?account={}&kind={kind}", text("name"));
            for line in market.get(&target).await.split(|byte| *byte == b'\n') {
                let Ok(line) = serde_json::from_slice::<Value>(line) else { continue };
                let text = |member: &str| line[member].as_str().expect("a text").to_owned();
                let body = connector.heard(kind, text("body").as_bytes());
                let visible_at = text("visible_at").parse().expect("an instant");
                let name = (text("account"), kind.to_owned(), text("key"));
                truth.entry(name).or_default().push(Version { visible_at, body });
            }
        }
    }
    truth
}
