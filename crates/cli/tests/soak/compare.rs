//! A hub's documents and findings against the truth, and against a hub that read it all in peace.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use hoesu_claims::Document;
use hoesu_claims::document::Marks;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::documents::{Name, Version, held, is_fed, truth};
use crate::hub::Hub;
use crate::marked::Marked;
use crate::market::Market;

/// What is shown so shortly before the hub goes may be known when it is there again.
const GRACE: SignedDuration = SignedDuration::from_mins(10);

/// What a soak came to.
pub(crate) struct Told {
    documents: usize,
    /// Of these, first shown in spans marked as read before the last reading.
    marked: usize,
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
        let Self { documents, marked, versions, twisted, gone, worn, findings, late } = self;
        let (median, most) = late;
        write!(
            f,
            "{documents} documents ({marked} in spans marked before the end) in {versions} versions, \
             {twisted} of them as a fault wrote them, \
             {gone} gone before the end, {worn} last heard as a fault wrote them and too old for the last \
             night, {findings} findings; seconds from shown to known: median \
             {median}, 95 of 100 within {most}"
        )
    }
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

/// What is found for some sellers, by what it is about.
fn findings(hub: &Hub, sellers: &BTreeSet<&String>) -> BTreeSet<String> {
    let of = |name: &&String| {
        let name = (*name).clone();
        let found = hub.json(&["findings", "--seller", &name]);
        let found = found["findings"].as_array().expect("findings").clone();
        found.into_iter().map(move |one| {
            let parts = ["id", "rule", "order", "account", "deadline", "won_at_risk"];
            let parts = parts.map(|part| one[part].to_string());
            format!("{name} {}", parts.join(" "))
        })
    };
    sellers.iter().flat_map(of).collect()
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

/// The hub was there from `began` to `ended`; `reach` is how far back the last night's reading goes.
pub(crate) async fn compare(
    market: &Market,
    hub: &Hub,
    fresh: &Hub,
    (began, ended): (Timestamp, Timestamp),
    reach: Timestamp,
) -> Told {
    // A hub that is new wants a month of the past, and the market is older by now.
    let opened = began.saturating_sub(SignedDuration::from_hours(10 * 24)).expect("an instant");
    let since = hoesu_claims::time::kst_day(opened).to_string();
    let seed = seed(market).await;
    let sellers = sellers(&seed);
    let names: BTreeSet<&String> = sellers.values().collect();
    let (marked, before) = (Marked::of(hub, names.iter().copied()), held(hub).await);
    let hasty = market.too_many().await;
    hub.collect_all(&since);
    fresh.collect_all(&since);
    let (ours, theirs, truth) = (held(hub).await, held(fresh).await, truth(market, &seed).await);
    assert!(!theirs.is_empty(), "the market says something");

    assert_eq!(market.too_many().await, hasty, "calls came too soon after others");

    // What was marked as read had been kept.
    let fed = || theirs.iter().filter(|((_, kind, _), _)| is_fed(kind));
    let read = |name: &&Name| marked.was_read(&name.0, &name.1, truth[*name][0].visible_at);
    let read: Vec<&Name> = fed().map(|(name, _)| name).filter(read).collect();
    let unkept: Vec<_> = read.iter().filter(|name| !before.contains_key(**name)).collect();
    assert!(unkept.is_empty(), "{} marked and not kept: {unkept:?}", unkept.len());

    // Nothing is missing of what the channels show, and it is what they show now.
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
        // What is shown later is known when the hub is there again.
        let while_there = began..ended.saturating_sub(GRACE).expect("an instant");
        if is_fed(&name.1) && while_there.contains(&known[0].visible_at) {
            late.push(first.duration_since(known[0].visible_at).as_secs());
        }
    }
    let hits = market.get("/_sandbox/faults").await;
    assert!(
        twisted * 50 < versions,
        "{twisted} of {versions} are no words of the channel ({hits:?})"
    );

    // What is shown no more nobody reads who comes now; who was there goes on knowing it.
    for ((account, ..), held) in ours.iter().filter(|(name, _)| !theirs.contains_key(*name)) {
        let last = held.last().expect("a document has a version");
        fresh.import(&sellers[account], account, last);
    }
    let (found, peaceful) = (findings(hub, &names), findings(fresh, &names));
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
        marked: read.len(),
        versions,
        twisted,
        gone,
        worn: worn.len(),
        findings: found.len(),
        late: (at(50), at(95)),
    }
}
