use super::*;
use crate::case::{ItemMap, Setting, Telling};
use crate::fact::{ClaimKind, Fact, Reason, Resource, Source, Stage, Tells, When};
use crate::link::{Account, Book, Trade};

const SHOP: AccountId = AccountId(1);
const DEPOT: AccountId = AccountId(2);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn telling(account: AccountId, key: &str, facts: Vec<Tells>) -> Telling {
    let when = When { at: at("2024-01-02T00:00:00Z"), source: Source::Told };
    let facts: Vec<Fact> = facts.into_iter().map(|tells| tells.at(when)).collect();
    let document = DocumentRef { account, kind: "thing".into(), key: key.into(), version: 1 };
    Telling { document, observed_at: when.at, facts }
}

fn case(tellings: Vec<Telling>) -> Case {
    let account =
        |trade, name: &str| Account { trade, name: name.into(), channel_names: String::new() };
    let book = Book::new([
        (SHOP, account(Trade::Market, "shop")),
        (DEPOT, account(Trade::Warehouse, "depot")),
    ]);
    let setting = Setting { book: &book, items: &ItemMap::default(), known_until: None };
    let key = CaseKey::Sale { account: SHOP, order: "500".into() };
    Case::fold(key, std::collections::BTreeSet::new(), tellings, setting)
}

fn cancel(pieces: Quantity) -> Telling {
    let claim = || "1".to_owned();
    let line = crate::fact::Line { number: None, item: Some("11".into()) };
    telling(
        SHOP,
        "c",
        vec![
            Tells::ClaimOpened {
                claim: claim(),
                kind: Some(ClaimKind::Cancel),
                reason: Reason::Other,
            },
            Tells::ClaimLine { claim: claim(), line, quantity: Some(pieces), release: None },
            Tells::ClaimStage { claim: claim(), stage: Stage::Asked },
        ],
    )
}

fn row(pieces: Quantity) -> Telling {
    let resource = Resource { code: Some("SKU".into()), ..Resource::default() };
    let row = || "7".to_owned();
    let item = Tells::RowItem { row: row(), resource, quantity: pieces };
    telling(DEPOT, "r", vec![Tells::Row { row: row() }, item])
}

fn look_at(case: &Case, now: &str) -> Assessment {
    assess(case, &Policy::default(), &Calendar::default(), at(now))
}

#[test]
fn nothing_known_is_nothing_wrong() {
    let said = look_at(&case(Vec::new()), "2024-01-02T00:00:00Z");
    assert_eq!(said, Assessment { findings: Vec::new(), wake_at: None });
}

#[test]
fn an_undecided_cancel_stops_no_more_than_is_held() {
    let said = look_at(&case(vec![cancel(3), row(2)]), "2024-01-02T00:00:00Z");
    let [finding] = said.findings.as_slice() else { panic!("{:?}", said.findings) };
    assert_eq!(finding.id, "stop-shipment:sale/1/500:row/7");
    assert!(matches!(&finding.proposed, Some(Proposed::StopShipment { quantity: 2, .. })));
    assert_eq!(finding.evidence.len(), 2);
}

#[test]
fn the_clock_is_the_only_thing_that_changes_an_answer_by_itself() {
    let case = case(vec![cancel(1)]);
    let said = look_at(&case, "2024-01-02T00:00:00Z");
    // Asked on Tuesday, due on Friday: it speaks from Thursday 00:00 in Korea.
    assert_eq!(said.wake_at, Some(at("2024-01-03T15:00:00Z")));
    let due = look_at(&case, "2024-01-03T15:00:00Z");
    assert_eq!(due.findings[0].rule, Rule::RefundDue);
    assert_eq!(due.findings[0].deadline, Some(at("2024-01-05T14:59:59Z")));
    assert_eq!(due.wake_at, Some(at("2024-01-05T15:00:00Z")));
    let over = look_at(&case, "2024-01-05T15:00:00Z");
    assert_eq!(over.findings[0].rule, Rule::RefundOverdue);
    assert_eq!(over.findings[0].won_at_risk, None);
    assert_eq!(over.wake_at, Some(at("2024-01-06T15:00:00Z")));
}

#[test]
fn a_version_heard_earlier_says_nothing_any_more() {
    let mut old = cancel(3);
    old.document.version = 2;
    old.observed_at = at("2024-01-01T00:00:00Z");
    let new = cancel(1);
    let folded = case(vec![new.clone(), old]);
    assert_eq!(folded, case(vec![new]));
}

#[test]
fn pieces_beyond_counting_stay_beyond_counting() {
    let said =
        look_at(&case(vec![cancel(Quantity::MAX), row(Quantity::MAX)]), "2024-01-02T00:00:00Z");
    assert_eq!(said.findings.len(), 1);
}

#[test]
fn every_rule_is_found_under_its_id() {
    for rule in Rule::ALL {
        assert_eq!(Rule::from_id(rule.id()), Some(rule));
        assert!(!rule.korean().is_empty());
        assert_eq!(serde_json::to_value(rule).unwrap(), rule.id());
    }
}

#[test]
fn a_case_and_its_findings_are_json() {
    let case = case(vec![cancel(1), row(1)]);
    let said = serde_json::to_value(look_at(&case, "2024-01-02T00:00:00Z")).unwrap();
    assert_eq!(said["findings"][0]["rule"], "stop-shipment");
    assert_eq!(said["findings"][0]["proposed"]["action"], "stop_shipment");
    let case = serde_json::to_value(&case).unwrap();
    assert_eq!(case["tracks"]["goods"], "held");
    assert_eq!(case["timeline"][0][1]["source"], "told");
}

mod stored;
