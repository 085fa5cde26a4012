use super::*;
use crate::case::{ItemMap, Setting, Telling};
use crate::fact::{
    Arrival, ClaimKind, Fact, Grade, InvoiceStage, Reason, Resource, Source, Stage, Stop, Tells,
    When,
};
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
    let account = |trade, name: &str| Account {
        trade,
        name: name.into(),
        channel_names: String::new(),
        pickup_cutoff: String::new(),
        order_suffix: String::new(),
    };
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
fn at_the_end_of_the_calendar_no_clock_speaks() {
    let mut last = cancel(1);
    for fact in &mut last.facts {
        fact.when.at = at("9999-12-28T00:00:00Z");
    }
    let said = look_at(&case(vec![last]), "9999-12-30T21:00:00Z");
    assert_eq!(said, Assessment { findings: Vec::new(), wake_at: None });
}

#[test]
fn on_the_last_day_there_is_no_midnight_to_wait_for() {
    let said =
        assess(&case(vec![cancel(1)]), &Policy::default(), &Calendar::default(), Timestamp::MAX);
    assert_eq!(said.findings[0].rule, Rule::RefundOverdue);
    assert_eq!(said.wake_at, None);
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

#[test]
fn a_finding_is_shown_by_its_rule_and_what_it_is_about() {
    let said = look_at(&case(vec![cancel(1), row(1)]), "2024-01-02T00:00:00Z");
    assert_eq!(said.findings[0].to_string(), "stop-shipment row/7");
}

#[test]
fn the_last_day_of_the_calendar_has_no_last_second() {
    assert_eq!(end_of(Date::MAX), None);
}

fn invoice(number: &str, stage: InvoiceStage) -> Telling {
    let (row, courier) = ("7".to_owned(), Some("택배".to_owned()));
    let told = Tells::Invoice { row, invoice: number.into(), waybill: None, courier, stage };
    telling(DEPOT, "i", vec![told])
}

#[test]
fn an_invoice_without_a_waybill_is_called_by_its_number() {
    let mut asked = cancel(1);
    let stop = Tells::StopAsked { claim: "1".into(), stop: Stop::Unanswered };
    asked.facts.push(stop.at(asked.facts[0].when));
    let open = case(vec![asked.clone(), row(1), invoice("I-1", InvoiceStage::Printed)]);
    let said = look_at(&open, "2024-01-02T00:00:00Z").findings;
    assert!(said[0].sentence.ko.contains("송장 I-1이"), "{}", said[0].sentence.ko);
    let wanted = vec!["I-1".to_owned()];
    for finding in &said {
        let Some(Proposed::StopShipment { invoices, .. }) = &finding.proposed else {
            panic!("{finding}")
        };
        assert_eq!(invoices, &wanted);
    }
    let sent = case(vec![asked, row(1), invoice("I-1", InvoiceStage::Closed)]);
    let said = look_at(&sent, "2024-01-02T00:00:00Z").findings;
    assert!(said[0].sentence.en.contains("택배 I-1"), "{}", said[0].sentence.en);
    let done = Tells::ClaimStage { claim: "1".into(), stage: Stage::Done };
    let sent = case(vec![
        cancel(1),
        telling(SHOP, "d", vec![done]),
        row(1),
        invoice("I-1", InvoiceStage::Closed),
    ]);
    let said = look_at(&sent, "2024-01-02T00:00:00Z").findings;
    let recover = Proposed::RecoverParcel { waybills: wanted, quantity: 1 };
    assert_eq!(said[0].proposed, Some(recover));
}

fn arrived(pieces: Quantity) -> Telling {
    let ticket = || "3".to_owned();
    let back = Tells::Arrived {
        ticket: ticket(),
        parcel: "33".into(),
        part: "1".into(),
        resource: Resource::default(),
        quantity: pieces,
        sent: None,
        grade: Grade::Good,
        arrival: Arrival::AtCentre,
    };
    telling(DEPOT, "t", vec![Tells::Ticket { ticket: ticket(), kind: None }, back])
}

fn returned(pieces: Option<Quantity>, more: Vec<Tells>) -> Telling {
    let (claim, kind) = ("1".to_owned(), Some(ClaimKind::Return));
    let line = crate::fact::Line { number: None, item: Some("11".into()) };
    let mut facts = vec![
        Tells::ClaimOpened { claim: claim.clone(), kind, reason: Reason::Other },
        Tells::ClaimLine { claim, line, quantity: pieces, release: None },
    ];
    facts.extend(more);
    telling(SHOP, "c", facts)
}

#[test]
fn a_claim_whose_stage_nobody_tells_waits_for_no_confirmation() {
    let back = case(vec![returned(Some(1), Vec::new()), arrived(1)]);
    assert_eq!(look_at(&back, "2024-01-02T00:00:00Z").findings, []);
}

#[test]
fn a_refunded_return_of_unsaid_size_is_back_with_its_first_piece() {
    let refunded = || returned(None, vec![Tells::RefundSeen { claim: "1".into() }]);
    let rules = |case: &Case| {
        let said = look_at(case, "2024-01-09T00:00:00Z").findings;
        said.iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(&case(vec![refunded(), row(3)])), [Rule::RefundBeforeGoods]);
    assert_eq!(rules(&case(vec![refunded(), row(3), arrived(1)])), []);
}

#[test]
fn what_cannot_be_supplied_is_due_from_the_day_of_payment() {
    let mut sold_out = cancel(1);
    for fact in &mut sold_out.facts {
        if let Tells::ClaimOpened { reason, .. } = &mut fact.tells {
            *reason = Reason::SoldOut;
        }
    }
    let since = |tells: Option<Tells>| {
        let told = tells.map(|tells| telling(SHOP, "p", vec![tells]));
        let case = case([sold_out.clone()].into_iter().chain(told).collect());
        let said = look_at(&case, "2024-01-04T00:00:00Z").findings;
        said.iter().map(|finding| finding.sentence.ko.clone()).collect::<String>()
    };
    assert!(since(Some(Tells::Paid)).contains("결제한 날(2024-01-02)"));
    assert!(since(Some(Tells::Placed)).contains("결제일을 몰라 주문한 날(2024-01-02)"));
    assert!(since(None).contains("취소를 요청한 날(2024-01-02)"));
}

#[test]
fn a_claim_of_which_only_the_stage_is_told_has_no_clock() {
    let asked = Tells::ClaimStage { claim: "1".into(), stage: Stage::Asked };
    let said = look_at(&case(vec![telling(SHOP, "c", vec![asked])]), "2024-03-02T00:00:00Z");
    assert_eq!(said, Assessment { findings: Vec::new(), wake_at: None });
}

#[test]
fn a_document_nobody_can_read_is_unrecognised_as_a_whole() {
    let unread = Tells::Unrecognised { path: String::new(), code: None };
    let said = look_at(&case(vec![telling(SHOP, "c", vec![unread])]), "2024-01-02T00:00:00Z");
    assert_eq!(said.findings[0].about, "thing/");
    assert!(said.findings[0].sentence.ko.contains("문서 전체를 읽을 수 없어요"));
}

#[test]
fn an_exchange_has_no_refund() {
    let mut exchange = returned(Some(1), Vec::new());
    for fact in &mut exchange.facts {
        if let Tells::ClaimOpened { kind, .. } = &mut fact.tells {
            *kind = Some(ClaimKind::Exchange);
        }
    }
    let day = Date::constant(2024, 1, 9);
    assert_eq!(rules::refunds(&case(vec![exchange]), &Calendar::default(), day), []);
}

mod stored;
