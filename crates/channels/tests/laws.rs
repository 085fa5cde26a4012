//! What holds of facts, cases and findings whatever documents there are: made-up ones of every
//! channel, some with a value replaced, in any order and repeated.

use std::collections::BTreeSet;

use hoesu_channels::CHANNELS;
use hoesu_claims::case::{self, ItemMap, Setting, Telling};
use hoesu_claims::fact::DocumentRef;
use hoesu_claims::link::{self, Account, Book};
use hoesu_claims::{AccountId, Assessment, Calendar, Case, Document, Policy, assess};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// One account of each channel, in the registry's order.
fn book(names: &str) -> Book {
    Book::new(CHANNELS.iter().enumerate().map(|(at, channel)| {
        let trade = channel.trade();
        let channel_names = if trade.sells() { String::new() } else { names.to_owned() };
        let name = channel.id().to_owned();
        (AccountId(at as i64 + 1), Account { trade, name, channel_names })
    }))
}

/// A document as it might arrive.
#[derive(Debug, Clone)]
struct Said {
    channel: usize,
    kind: usize,
    nth: u64,
    heard: i64,
    broken: Option<(prop::sample::Index, String)>,
}

fn said() -> impl Strategy<Value = Said> {
    let value =
        "(-?[0-9]{1,12}|null|true|\\[\\]|\\{\\}|\"[A-Z_]{0,10}\"|\"2024-01-0[1-9] 10:00:00\")";
    let broken = prop::option::weighted(0.3, (any::<prop::sample::Index>(), value));
    (0..CHANNELS.len(), 0..5_usize, 0..6_u64, 0..40_i64, broken)
        .prop_map(|(channel, kind, nth, heard, broken)| Said { channel, kind, nth, heard, broken })
}

/// Around the days of the first made-up orders.
fn day(days: i64) -> Timestamp {
    Timestamp::constant(1_704_034_800, 0) + SignedDuration::from_hours(24 * days)
}

fn telling(said: &Said, version: i64) -> Option<Telling> {
    let channel = CHANNELS[said.channel];
    let kinds = channel.capabilities().kinds;
    let kind = kinds[said.kind % kinds.len()];
    let made = channel.invent(kind, said.nth)?;
    let mut body = String::from_utf8(made.body).unwrap();
    if let Some((place, value)) = &said.broken {
        let starts: Vec<usize> = body.match_indices("\":").map(|(at, _)| at + 2).collect();
        let start = starts[place.index(starts.len())];
        let end = start + body[start..].find(",\"").unwrap_or(1);
        body.replace_range(start..end, value);
    }
    let observed_at = day(said.heard);
    let document = Document {
        key: said.nth.to_string(),
        version,
        seq: version,
        media: made.media,
        body: body.into_bytes(),
        marks: made.marks,
        observed_at,
    };
    let facts = channel.facts(kind, &document);
    let account = AccountId(said.channel as i64 + 1);
    let document = DocumentRef { account, kind: kind.into(), key: document.key, version };
    Some(Telling { document, observed_at, facts })
}

fn tellings(all: &[Said]) -> Vec<Telling> {
    all.iter().enumerate().filter_map(|(at, said)| telling(said, at as i64 + 1)).collect()
}

fn answer(all: &[Telling], book: &Book, at: Timestamp) -> Vec<(Case, Assessment)> {
    let items = ItemMap::default();
    let setting = Setting { book, items: &items, known_until: None };
    let cases = case::cases(all.to_vec(), setting).into_iter().map(|case| {
        let said = assess(&case, &Policy::default(), &Calendar::default(), at);
        (case, said)
    });
    cases.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn neither_order_nor_repetition_of_arrival_matters(
        all in prop::collection::vec(said(), 1..14),
        names in prop_oneof![Just(""), Just("쿠팡=coupang,SSG.COM=ssg"), Just("쿠팡=coupang-3pfl")],
        days in 0..60_i64,
        seed in any::<prop::sample::Index>(),
    ) {
        let book = book(names);
        let told = tellings(&all);
        prop_assume!(!told.is_empty());
        let once = answer(&told, &book, day(days));
        let mut other = told.clone();
        let by = seed.index(other.len());
        other.rotate_left(by);
        other.reverse();
        other.extend(told.iter().step_by(2).cloned());
        prop_assert_eq!(once, answer(&other, &book, day(days)));
    }

    #[test]
    fn nothing_changes_before_it_is_woken_and_nothing_is_said_without_evidence(
        all in prop::collection::vec(said(), 1..14),
        days in 0..60_i64,
        minutes in 0..1440_i64,
    ) {
        let book = book("쿠팡=coupang,SSG.COM=ssg");
        let told = tellings(&all);
        let now = day(days) + SignedDuration::from_mins(minutes);
        for (case, said) in answer(&told, &book, now) {
            for finding in &said.findings {
                prop_assert!(!finding.evidence.is_empty(), "{finding} has no evidence");
            }
            for balance in &case.balances {
                prop_assert!(balance.sent.saturating_add(balance.held) <= balance.rows || case.rows.is_empty());
                prop_assert!(balance.to_stop() <= balance.held);
                prop_assert!(balance.sent_over() <= balance.sent);
                prop_assert!(balance.arrived <= balance.noted);
            }
            let back: u64 = case.claims.iter().map(|claim| u64::from(claim.back.quantity)).sum();
            let arrived: u64 = case.balances.iter().map(|balance| u64::from(balance.arrived)).sum();
            prop_assert!(back <= arrived);
            if let Some(wake) = said.wake_at {
                prop_assert!(wake > now);
                let look = |at| assess(&case, &Policy::default(), &Calendar::default(), at);
                let before = look(wake - SignedDuration::from_millis(1));
                prop_assert_eq!(&before.findings, &said.findings);
                prop_assert_eq!(before.wake_at, Some(wake));
            }
        }
    }

    #[test]
    fn what_is_not_known_yet_changes_nothing(
        all in prop::collection::vec(said(), 1..10),
        days in 0..60_i64,
    ) {
        // Facts after an instant do not count at it: the fold without them is the same.
        let book = book("쿠팡=coupang,SSG.COM=ssg");
        let items = ItemMap::default();
        let until = day(days);
        let told = tellings(&all);
        let Some(first) = told.first() else { return Ok(()) };
        let key = link::CaseKey::Sale { account: first.document.account, order: "1".into() };
        let fold = |told: Vec<Telling>, known_until| {
            let setting = Setting { book: &book, items: &items, known_until };
            Case::fold(key.clone(), BTreeSet::new(), told, setting)
        };
        let mut past = told.clone();
        for telling in &mut past {
            telling.facts.retain(|fact| fact.when.at <= until);
        }
        prop_assert_eq!(fold(told, Some(until)), fold(past, None));
    }
}

#[test]
fn the_made_up_world_has_something_wrong_in_it() {
    let book = book("쿠팡=coupang,SSG.COM=ssg");
    let all = (0..CHANNELS.len()).flat_map(|channel| {
        let kinds = 0..CHANNELS[channel].capabilities().kinds.len();
        kinds.flat_map(move |kind| {
            (0..60).map(move |nth| Said { channel, kind, nth, heard: 20, broken: None })
        })
    });
    let told = tellings(&all.collect::<Vec<_>>());
    let answers = answer(&told, &book, day(30));
    let spoken: BTreeSet<&str> = answers
        .iter()
        .flat_map(|(_, said)| said.findings.iter().map(|finding| finding.rule.id()))
        .collect();
    for rule in ["stop-shipment", "refund-overdue", "arrived-unconfirmed", "quantity-mismatch"] {
        assert!(spoken.contains(rule), "{rule} is silent: {spoken:?}");
    }
}
