//! A hub's documents and findings against the truth, and against a hub that read it all in peace.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use hoesu_channels::connect::Connector;
use hoesu_claims::Document;
use hoesu_claims::document::Marks;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::hub::Hub;
use crate::market::Market;

/// Account, kind, key.
type Name = (String, String, String);

/// A version as the market says it was.
struct Version {
    visible_at: Timestamp,
    body: Vec<u8>,
}

/// What a soak came to.
pub(crate) struct Told {
    documents: usize,
    versions: usize,
    twisted: usize,
    gone: usize,
    worn: usize,
    findings: usize,
    /// Seconds of the market from a document being visible to the hub having it: median, 95 of 100.
    late: (i64, i64),
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { documents, versions, twisted, gone, worn, findings, late: (median, most) } =
            self;
        write!(
            f,
            "{documents} documents in {versions} versions, {twisted} of them as a fault wrote them, \
             {gone} gone before the end, {worn} last heard as a fault wrote them and too old for the last \
             night, {findings} findings; seconds from shown to known: median \
             {median}, 95 of 100 within {most}"
        )
    }
}

/// Everything a hub holds of what it asks for: every version, the current one last.
async fn held(hub: &Hub) -> BTreeMap<Name, Vec<Document>> {
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
fn is_fed(kind: &str) -> bool {
    let connectors = hoesu_channels::CHANNELS.iter().filter_map(|channel| channel.connector());
    connectors.flat_map(Connector::feeds).any(|feed| feed.kinds.contains(&kind))
}

/// Every version of every document, in the form a connector hears it in.
async fn truth(market: &Market) -> BTreeMap<Name, Vec<Version>> {
    let mut truth: BTreeMap<Name, Vec<Version>> = BTreeMap::new();
    let market_seed = seed(market).await;
    let accounts = market_seed["sellers"].as_array().expect("sellers").iter();
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

async fn seed(market: &Market) -> Value {
    serde_json::from_slice(&market.get("/_sandbox/seed").await).expect("JSON")
}

/// The seller of every account.
fn sellers(market: &Value) -> BTreeMap<String, String> {
    let text = |one: &Value| one["name"].as_str().expect("a name").to_owned();
    let sellers = market["sellers"].as_array().expect("sellers").iter();
    let of = |seller: &Value| {
        let accounts = seller["accounts"].as_array().expect("accounts").clone();
        let seller = text(seller);
        accounts.into_iter().map(move |account| (text(&account), seller.clone()))
    };
    sellers.flat_map(of).collect()
}

/// What is found, by what it is about.
fn findings(hub: &Hub, market: &Value) -> BTreeSet<String> {
    let sellers = market["sellers"].as_array().expect("sellers").iter();
    let of = |seller: &Value| {
        let name = seller["name"].as_str().expect("a name").to_owned();
        let found = hub.json(&["findings", "--seller", &name]);
        let found = found["findings"].as_array().expect("findings").clone();
        found.into_iter().map(move |one| {
            let parts = ["id", "rule", "order", "account", "deadline", "won_at_risk"];
            let parts = parts.map(|part| one[part].to_string());
            format!("{name} {}", parts.join(" "))
        })
    };
    sellers.flat_map(of).collect()
}

/// What the current version says: text and marks.
fn said(versions: &[Document]) -> (&[u8], &Marks) {
    let last = versions.last().expect("a document has a version");
    (&last.body, &last.marks)
}

/// Whether a hub knows all that a hub knows that came late: marks stay that no list shows any more.
fn knows(ours: &[Document], theirs: &[Document]) -> bool {
    let ((text, marks), (known, known_marks)) = (said(ours), said(theirs));
    text == known && known_marks.iter().all(|(moment, at)| marks.get(moment) == Some(at))
}

/// Whether a hub heard it as it is shown, and later as a fault wrote it, and nobody reads it again: it was
/// made before what the last night reads again, which begins at `reach`.
fn is_worn(ours: &[Document], theirs: &[Document], truth: &[Version], reach: Timestamp) -> bool {
    let last = &ours.last().expect("a version").body;
    truth[0].visible_at < reach
        && truth.iter().all(|version| version.body != *last)
        && ours.iter().any(|one| one.body == said(theirs).0)
}

/// `began` is when the hub began, `reach` how far back the last night's reading goes.
pub(crate) async fn compare(
    market: &Market,
    hub: &Hub,
    fresh: &Hub,
    began: Timestamp,
    reach: Timestamp,
) -> Told {
    // A hub that is new wants a month of the past, and the market is older by now.
    let opened = began.saturating_sub(SignedDuration::from_hours(10 * 24)).expect("an instant");
    let since = hoesu_claims::time::kst_day(opened).to_string();
    hub.collect_all(&since);
    fresh.collect_all(&since);
    let (ours, theirs, truth) = (held(hub).await, held(fresh).await, truth(market).await);
    assert!(!theirs.is_empty(), "the market says something");

    // Nothing is missing of what the channels show, and it is what they show now.
    let fed = || theirs.iter().filter(|((_, kind, _), _)| is_fed(kind));
    let missing: Vec<_> =
        fed().map(|(name, _)| name).filter(|name| !ours.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{} missing: {missing:?}", missing.len());
    let other = fed().filter(|(name, versions)| !knows(&ours[*name], versions));
    let (worn, other): (Vec<_>, Vec<_>) =
        other.partition(|(name, theirs)| is_worn(&ours[*name], theirs, &truth[*name], reach));
    let shown = other.iter().take(3).map(|(name, versions)| {
        let text = |one: &Document| {
            format!("\n  {} {}", one.observed_at, String::from_utf8_lossy(&one.body))
        };
        let (ours, theirs) = (ours[*name].iter().map(text), versions.iter().map(text));
        format!("{name:?}{} but{}", ours.collect::<String>(), theirs.collect::<String>())
    });
    let shown: Vec<_> = shown.collect();
    assert!(other.is_empty(), "{} differ: {}", other.len(), shown.join("\n"));

    // Nothing is invented: every version is one the channel had, but for what faults wrote over.
    let (mut versions, mut twisted, mut gone) = (0, 0, 0);
    let mut late = Vec::new();
    for (name, held) in &ours {
        let known = truth.get(name).unwrap_or_else(|| panic!("{name:?} never was"));
        versions += held.len();
        twisted +=
            held.iter().filter(|one| !known.iter().any(|version| version.body == one.body)).count();
        gone += usize::from(!theirs.contains_key(name));
        let first = held.iter().map(|one| one.observed_at).min().expect("a version");
        if is_fed(&name.1) && known[0].visible_at > began {
            late.push(first.duration_since(known[0].visible_at).as_secs());
        }
    }
    let hits = market.get("/_sandbox/faults").await;
    assert!(
        twisted * 50 < versions,
        "{twisted} of {versions} are no words of the channel ({hits:?})"
    );

    // What is shown no more nobody reads who comes now; who was there goes on knowing it.
    let seed = seed(market).await;
    let sellers = sellers(&seed);
    for ((account, ..), held) in ours.iter().filter(|(name, _)| !theirs.contains_key(*name)) {
        let last = held.last().expect("a document has a version");
        fresh.import(&sellers[account], account, last);
    }
    let (found, peaceful) = (findings(hub, &seed), findings(fresh, &seed));
    // What is worn may be found otherwise, and nothing else.
    let is_of_worn = |finding: &str| {
        let mut orders = worn.iter().map(|(_, theirs)| String::from_utf8_lossy(said(theirs).0));
        orders.any(|body| finding.split('"').any(|part| part.len() > 8 && body.contains(part)))
    };
    let differ = found.symmetric_difference(&peaceful);
    let only: Vec<_> = differ.filter(|finding| !is_of_worn(finding)).collect();
    assert!(only.is_empty(), "{} found by one hub alone: {only:#?}", only.len());

    late.sort_unstable();
    let at = |part: usize| late.get(late.len().saturating_sub(1) * part / 100).map_or(0, |at| *at);
    Told {
        documents: ours.len(),
        versions,
        twisted,
        gone,
        worn: worn.len(),
        findings: found.len(),
        late: (at(50), at(95)),
    }
}
