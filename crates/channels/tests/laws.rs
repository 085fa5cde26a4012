//! What holds of facts, cases and findings whatever documents there are: made-up ones of every
//! channel, some with a value replaced, in any order and repeated.

#[path = "scenarios/contradiction.rs"]
mod contradiction;
#[path = "scenarios/found_by.rs"]
mod found_by;

use std::collections::{BTreeMap, BTreeSet};

use hoesu_channels::{CHANNELS, Channel, Invented};
use hoesu_claims::case::{self, ItemMap, Setting, Telling};
use hoesu_claims::fact::DocumentRef;
use hoesu_claims::link::{self, Account, Book};
use hoesu_claims::{AccountId, Assessment, Calendar, Case, Document, Media, Policy, assess};
use hoesu_testkit::property::{config, more_in_ci};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// Where failing seeds are kept.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proptest-regressions/laws.txt");

/// One account of each channel, in the registry's order.
fn book(names: &str) -> Book {
    Book::new(CHANNELS.iter().enumerate().map(|(at, channel)| {
        let trade = channel.trade();
        let channel_names = if trade.sells() { String::new() } else { names.to_owned() };
        let name = channel.id().to_owned();
        let (pickup_cutoff, order_suffix) = (String::new(), String::new());
        let known = Account { trade, name, channel_names, pickup_cutoff, order_suffix };
        (AccountId(at as i64 + 1), known)
    }))
}

/// A document as it might arrive. A broken one has another value in one of its places.
#[derive(Debug, Clone)]
struct Said {
    channel: usize,
    kind: usize,
    nth: u64,
    heard: i64,
    broken: Option<(prop::sample::Index, String)>,
}

fn said() -> impl Strategy<Value = Said> {
    let value = concat!(
        "(-?[0-9]{1,12}|null|true|\\[\\]|\\{\\}|\"[A-Z_]{0,10}\"|\"2024-01-0[1-9] 10:00:00\"",
        "|\"[ -]{0,3}[0-9]{0,4}[ -]{0,2}\"|\"(11|14|15|21|22|66|031)\")",
    );
    let broken = prop::option::weighted(0.3, (any::<prop::sample::Index>(), value));
    (0..CHANNELS.len(), 0..5_usize, 0..6_u64, 0..40_i64, broken)
        .prop_map(|(channel, kind, nth, heard, broken)| Said { channel, kind, nth, heard, broken })
}

/// Around the days of the first made-up orders.
fn day(days: i64) -> Timestamp {
    Timestamp::constant(1_704_034_800, 0) + SignedDuration::from_hours(24 * days)
}

/// The kind and the document.
fn document(said: &Said, version: i64) -> Option<(&'static str, Document)> {
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
    Some((kind, document))
}

fn telling(said: &Said, version: i64) -> Option<Telling> {
    let (kind, document) = document(said, version)?;
    let facts = CHANNELS[said.channel].facts(kind, &document);
    let account = AccountId(said.channel as i64 + 1);
    let observed_at = document.observed_at;
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

/// Records that name orders and waybills in every place where their kind may; `?` stands for any value.
const NAMING: [&str; 10] = [
    r#"{"receiptId":1,"orderId":?,"createdAt":"2024-01-01T10:00:00","receiptType":"RETURN","receiptStatus":"RETURNS_UNCHECKED"}"#,
    r#"{"cancelId":1,"orderId":?,"vendorId":"A1","refundDeliveryDuty":"CUS","createdAt":"2024-01-01T10:00:00"}"#,
    r#"{"orderId":?,"cancelReason":"SimpleRemorse","vendorItemCancelList":[{"vendorItemId":1,"quantity":1}]}"#,
    r#"{"orderNumber":?,"invoiceNumber":?,"vendorItemId":1,"status":"COLLECTING","shippingCompanyId":"CJGLS","returnInvoiceNumber":?,"occurredAt":"2024-01-01 10:00:00"}"#,
    r#"{"orordNo":?,"orOrdNo":?,"ordNo":?,"ordItemSeq":"1","ordItemStatCd":"180"}"#,
    r#"{"orordNo":?,"orOrdNo":?,"ordNo":?,"ordItemSeq":"1","clmDemndDts":"2024-01-01 10:00:00"}"#,
    r#"{"orordNo":?,"orOrdNo":?,"ordNo":?,"ordItemSeq":"1","ordItemDiv":"031"}"#,
    r#"{"orordNo":?,"orOrdNo":?,"ordNo":?,"shppNo":"1","shppSeq":"1","shppDivDtlCd":"21","wblNo":?}"#,
    r#"{"id":1,"orderCode":?,"channelName":?,"invoices":[{"invoiceCode":?}],"canceledInvoices":[{"invoiceCode":?},?]}"#,
    r#"{"id":1,"serial":"S","createdAt":"2024-01-01T10:00:00Z","originalOrderCode":?,"originalInvoiceCode":?}"#,
];

/// A record of [`NAMING`] with values in it.
fn naming() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        4 => r#""[ -]{0,2}[1-3]{1,2}[ -]{0,2}""#,
        4 => "[1-3]{1,2}",
        1 => prop::sample::select(vec!["null", r#""""#, r#"" ""#, r#""-""#, "true", "1.5", "[]", "{}"])
            .prop_map(str::to_owned),
        1 => Just(r#"{"invoiceCode":4}"#.to_owned()),
    ];
    let values = prop::collection::vec(value, 6);
    (prop::sample::select(&NAMING[..]), values).prop_map(|(record, values)| {
        values.iter().fold(record.to_owned(), |record, value| record.replacen('?', value, 1))
    })
}

proptest! {
    #![proptest_config(config(more_in_ci(192), SEEDS))]

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
}

proptest! {
    #![proptest_config(config(192, SEEDS))]

    #[test]
    fn the_answer_changes_when_it_is_woken_and_not_before_and_nothing_is_said_without_evidence(
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
            prop_assert_eq!(contradiction::contradiction(&said.findings), None);
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
                prop_assert_ne!(look(wake).findings, said.findings, "woken for nothing");
            }
        }
    }

    #[test]
    fn broken_documents_are_found_by_every_key_they_meet_others_by(said in said()) {
        if let Some((_, document)) = document(&said, 1) {
            assert_found(CHANNELS[said.channel], &document);
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

/// Whoever keeps documents finds those of an order by these words and by nothing else.
fn assert_found(channel: &dyn Channel, document: &Document) {
    let Ok(reading) = channel.read(document.media, &document.body) else { return };
    let facts = channel.facts(reading.kind, document);
    let whose = format!("{}: {}", reading.kind, String::from_utf8_lossy(&document.body));
    found_by::assert_found_by_its_keys(&facts, &reading.found, &whose);
}

fn heard(made: Invented) -> Document {
    let Invented { media, body, marks } = made;
    let key = "1".to_owned();
    Document { key, version: 1, seq: 1, media, body, marks, observed_at: day(20) }
}

#[test]
fn samples_and_made_up_documents_are_found_by_every_key_they_meet_others_by() {
    for channel in CHANNELS {
        for sample in channel.samples() {
            assert_found(*channel, &heard(sample));
        }
        for kind in channel.capabilities().kinds {
            for made in (0..500).map_while(|nth| channel.invent(kind, nth)) {
                assert_found(*channel, &heard(made));
            }
        }
    }
}

proptest! {
    #![proptest_config(config(4096, SEEDS))]

    #[test]
    fn whatever_names_an_order_or_a_waybill_is_found_by_it(body in naming()) {
        for channel in CHANNELS {
            let (body, marks) = (body.clone().into_bytes(), BTreeMap::new());
            assert_found(*channel, &heard(Invented { media: Media::Json, body, marks }));
        }
    }
}

#[test]
fn what_all_channels_make_up_about_an_order_is_one_case() {
    let book = book("");
    let items = ItemMap::default();
    for nth in 0..200 {
        let tellings = CHANNELS.iter().enumerate().flat_map(|(at, channel)| {
            let account = AccountId(at as i64 + 1);
            channel.invent_order(nth).into_iter().map(move |(kind, made)| {
                let document = heard(made);
                let reading = channel.read(document.media, &document.body).unwrap();
                assert_eq!(reading.kind, kind);
                let facts = channel.facts(kind, &document);
                let (kind, key) = (kind.to_owned(), reading.key);
                let document = DocumentRef { account, kind, key, version: 1 };
                Telling { document, observed_at: day(20), facts }
            })
        });
        let setting = Setting { book: &book, items: &items, known_until: None };
        let cases = case::cases(tellings, setting);
        let [case] = cases.as_slice() else { panic!("order {nth} is {} cases", cases.len()) };
        let accounts: BTreeSet<AccountId> =
            case.documents.iter().map(|document| document.account).collect();
        assert_eq!(accounts.len(), 2, "order {nth} is not known on both sides");
    }
}

#[test]
fn the_name_of_a_kind_has_no_slash_in_it() {
    for channel in CHANNELS {
        for kind in channel.capabilities().kinds {
            assert!(!kind.contains('/'), "{} {kind}", channel.id());
        }
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
