//! Cases and findings: settled once, listed, closed by themselves and by people, never lost.

use hoesu_claims::assess::Sentence;
use hoesu_claims::standing::{Closed, Event};
use hoesu_claims::{AccountId, Finding, Found, Rule, SellerId, Term, Won};
use hoesu_ledger::cases::{
    CaseQuery, CloseOutcome, Closing, DocumentAt, FindingQuery, SettledCase, Settlement,
};
use hoesu_ledger::{Ledger, Put, Shelf};
use hoesu_testkit::on_both;

use crate::tell::{account, at, plain, says, shelf};

pub(crate) fn document(shelf: Shelf, key: &str) -> DocumentAt {
    DocumentAt { account: shelf.account, kind: shelf.kind.to_owned(), key: key.to_owned() }
}

pub(crate) fn finding(rule: Rule, order: &str, deadline: Option<i64>) -> Finding {
    Finding {
        id: format!("{}:sale/1/{order}:", rule.id()),
        rule,
        order: order.to_owned(),
        about: String::new(),
        since: at(5),
        deadline: deadline.map(at),
        won_at_risk: Some(Won(12_000)),
        interest: None,
        claims: Vec::new(),
        proposed: None,
        evidence: Vec::new(),
        sentence: Sentence {
            ko: "두 개가 더 왔어요.".to_owned(), en: "Two too many.".to_owned()
        },
    }
}

pub(crate) fn case(order: &str, documents: Vec<DocumentAt>, findings: Vec<Finding>) -> SettledCase {
    SettledCase {
        key: format!("sale/1/{order}"),
        account: AccountId(1),
        order: order.to_owned(),
        claim: "asked".to_owned(),
        goods: "sent".to_owned(),
        money: "held".to_owned(),
        fault: None,
        since: at(5),
        changed_at: at(order.len() as i64),
        digest: [7; 32],
        wake_at: None,
        documents,
        findings,
    }
}

/// Settles cases on what is settled now; nothing new of documents.
pub(crate) async fn settle(
    ledger: &Ledger,
    seller: SellerId,
    ms: i64,
    cases: Vec<SettledCase>,
) -> bool {
    let was = ledger.settled(seller).await.unwrap();
    let settlement = Settlement { was, seq: was.seq, at: at(ms), cases, gone: Vec::new() };
    ledger.settle(seller, settlement).await.unwrap()
}

async fn ids(ledger: &Ledger, seller: SellerId, query: FindingQuery) -> Vec<String> {
    let query = FindingQuery { limit: 100, ..query };
    let found = ledger.findings(seller, query).await.unwrap();
    found.into_iter().map(|kept| kept.finding.id).collect()
}

async fn events(ledger: &Ledger, seller: SellerId, id: &str) -> Vec<(i64, Event)> {
    let happened = ledger.happened(seller, id).await.unwrap();
    happened.into_iter().map(|one| (one.at.as_millisecond(), one.event)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_told_in_order_and_documents_found_by_what_they_say() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let other = Shelf { kind: "exchange", ..shelf };
        let of_order = |key, body, ms| {
            let mut found = Found::default();
            found.term(Term::Order, "500");
            says(key, body, ms, ms, found)
        };
        ledger.append(shelf, Put::Newer, vec![of_order("1", "a", 10)]).await.unwrap();
        ledger.append(other, Put::Newer, vec![of_order("9", "b", 10)]).await.unwrap();
        ledger.append(shelf, Put::Newer, vec![of_order("1", "c", 20)]).await.unwrap();
        let changes = ledger.changes_after(shelf.seller, 0, 10).await.unwrap();
        let told: Vec<_> = changes.iter().map(|one| (one.seq, one.document.clone())).collect();
        let expected =
            [(1, document(shelf, "1")), (2, document(other, "9")), (3, document(shelf, "1"))];
        assert_eq!(told, expected);
        assert_eq!(ledger.changes_after(shelf.seller, 2, 10).await.unwrap().len(), 1);
        assert_eq!(ledger.changes_after(shelf.seller, 0, 2).await.unwrap().len(), 2);
        let terms = [(Term::Order, "500".to_owned()), (Term::Claim, "500".to_owned())];
        let found = ledger.told_by(shelf.seller, terms).await.unwrap();
        let bodies: Vec<_> = found.iter().map(|one| one.held.document.body.clone()).collect();
        assert_eq!(bodies, [b"b".to_vec(), b"c".to_vec()]);
        assert!(ledger.told_by(shelf.seller, []).await.unwrap().is_empty());
        let asked = vec![document(shelf, "1"), document(shelf, "1"), document(shelf, "none")];
        let current = ledger.current_of(shelf.seller, asked).await.unwrap();
        assert_eq!(current.len(), 1);
        assert_eq!((current[0].account, current[0].kind.as_str()), (shelf.account, "return"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_settle_the_same_only_one_is_kept() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let seller = shelf.seller;
        ledger.append(shelf, Put::Newer, vec![plain("1", "a", 10)]).await.unwrap();
        assert_eq!(ledger.behind(at(1)).await.unwrap(), [seller]);
        let settlement = |order| Settlement {
            was: hoesu_ledger::cases::Settled::default(),
            seq: 1,
            at: at(30),
            cases: vec![case(order, vec![document(shelf, "1")], Vec::new())],
            gone: Vec::new(),
        };
        assert!(ledger.settle(seller, settlement("500")).await.unwrap());
        assert!(!ledger.again().await.settle(seller, settlement("600")).await.unwrap());
        let settled = ledger.settled(seller).await.unwrap();
        assert_eq!((settled.seq, settled.turn), (1, 1));
        assert!(ledger.behind(at(1)).await.unwrap().is_empty());
        let cases = ledger.cases_of(seller, vec![document(shelf, "1")]).await.unwrap();
        assert_eq!(cases, ["sale/1/500"]);
        let documents = ledger.documents_of(seller, cases).await.unwrap();
        assert_eq!(documents, [document(shelf, "1")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_opens_closes_by_itself_and_is_reopened_with_its_history() {
    on_both(async |ledger| {
        let seller = account(&ledger).await.seller;
        let found = finding(Rule::RefundOverdue, "500", Some(90));
        let id = found.id.clone();
        assert!(settle(&ledger, seller, 10, vec![case("500", vec![], vec![found.clone()])]).await);
        let kept = ledger.finding(seller, &id).await.unwrap().unwrap();
        assert_eq!((&kept.finding, kept.account), (&found, AccountId(1)));
        assert!(kept.standing.is_open());
        let open = |cases: Vec<hoesu_ledger::cases::KeptCase>| cases[0].findings;
        let all = CaseQuery { limit: 9, ..CaseQuery::default() };
        assert_eq!(open(ledger.cases(seller, all.clone()).await.unwrap()), 1);
        assert!(settle(&ledger, seller, 20, vec![case("500", vec![], vec![])]).await);
        let kept = ledger.finding(seller, &id).await.unwrap().unwrap();
        assert_eq!(kept.standing.closed, Some(Closed::Itself));
        assert_eq!((kept.opened_at, kept.changed_at), (at(10), at(20)));
        assert_eq!(open(ledger.cases(seller, all.clone()).await.unwrap()), 0);
        assert!(settle(&ledger, seller, 30, vec![case("500", vec![], vec![found.clone()])]).await);
        assert!(settle(&ledger, seller, 40, vec![case("500", vec![], vec![found])]).await);
        let kept = ledger.finding(seller, &id).await.unwrap().unwrap();
        assert_eq!((kept.opened_at, kept.changed_at), (at(10), at(30)));
        assert_eq!(
            events(&ledger, seller, &id).await,
            [(10, Event::Opened), (20, Event::ClosedItself), (30, Event::Reopened)]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_closes_stays_closed_while_it_lasts_and_the_reason_is_kept_sealed() {
    on_both(async |ledger| {
        let seller = account(&ledger).await.seller;
        let looked = finding(Rule::QuantityMismatch, "500", None);
        let owed = finding(Rule::RefundOverdue, "500", Some(50));
        let both = || vec![case("500", vec![], vec![looked.clone(), owed.clone()])];
        assert!(settle(&ledger, seller, 10, both()).await);
        let close = async |id: &str, force| {
            let closing = Closing {
                id: id.to_owned(),
                actor: "명수".to_owned(),
                reason: "김하늘 님과 통화함".to_owned(),
                force,
                at: at(20),
            };
            ledger.close(seller, closing).await.unwrap()
        };
        assert_eq!(close("no such", false).await, CloseOutcome::Unknown);
        assert_eq!(close(&owed.id, false).await, CloseOutcome::Stands);
        assert_eq!(close(&looked.id, false).await, CloseOutcome::Closed);
        assert_eq!(close(&looked.id, false).await, CloseOutcome::WasClosed);
        assert_eq!(close(&owed.id, true).await, CloseOutcome::Closed);
        let cases = CaseQuery { limit: 9, ..CaseQuery::default() };
        assert_eq!(ledger.cases(seller, cases).await.unwrap()[0].findings, 0);
        assert!(settle(&ledger, seller, 30, both()).await);
        let closed = |id: String| async {
            ledger.finding(seller, &{ id }).await.unwrap().unwrap().standing.closed
        };
        assert_eq!(closed(looked.id.clone()).await, Some(Closed::Hand));
        assert_eq!(closed(owed.id.clone()).await, Some(Closed::Forced));
        let standing = ledger.standing(seller, vec!["sale/1/500".to_owned()]).await.unwrap();
        assert_eq!(standing.len(), 2, "closed by people, but their conditions stand");
        assert!(settle(&ledger, seller, 40, vec![case("500", vec![], vec![])]).await);
        assert!(settle(&ledger, seller, 50, both()).await);
        let happened = ledger.happened(seller, &owed.id).await.unwrap();
        let events: Vec<Event> = happened.iter().map(|one| one.event).collect();
        assert_eq!(events, [Event::Opened, Event::ClosedForced, Event::Cleared, Event::Reopened]);
        assert_eq!(happened[1].actor.as_deref(), Some("명수"));
        assert_eq!(happened[1].reason.as_deref(), Some("김하늘 님과 통화함"));
        assert_eq!(happened[2].actor, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settlement_that_was_worked_out_before_a_person_closed_something_is_not_kept() {
    on_both(async |ledger| {
        let seller = account(&ledger).await.seller;
        let looked = finding(Rule::QuantityMismatch, "500", None);
        assert!(settle(&ledger, seller, 10, vec![case("500", vec![], vec![looked.clone()])]).await);
        let was = ledger.settled(seller).await.unwrap();
        let closing = Closing {
            id: looked.id.clone(),
            actor: "명수".to_owned(),
            reason: "세어 봄".to_owned(),
            force: false,
            at: at(20),
        };
        assert_eq!(ledger.close(seller, closing).await.unwrap(), CloseOutcome::Closed);
        let late = Settlement {
            was,
            seq: was.seq,
            at: at(30),
            cases: vec![case("500", vec![], vec![looked])],
            gone: Vec::new(),
        };
        assert!(!ledger.settle(seller, late).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_listed_by_what_runs_out_first_in_pages_without_a_gap() {
    on_both(async |ledger| {
        let seller = account(&ledger).await.seller;
        let later = finding(Rule::RefundDue, "500", Some(90));
        let sooner = finding(Rule::RefundOverdue, "60", Some(50));
        let never = finding(Rule::QuantityMismatch, "500", None);
        let cases = || {
            vec![
                case("500", vec![], vec![later.clone(), never.clone()]),
                case("60", vec![], vec![sooner.clone()]),
            ]
        };
        assert!(settle(&ledger, seller, 10, cases()).await);
        let all = FindingQuery::default;
        let order = [&sooner.id, &later.id, &never.id];
        assert_eq!(ids(&ledger, seller, all()).await.iter().collect::<Vec<_>>(), order);
        let mut after = None;
        let mut paged = Vec::new();
        loop {
            let query = FindingQuery { after: after.take(), limit: 1, ..all() };
            let page = ledger.findings(seller, query).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.place());
            paged.extend(page.into_iter().map(|kept| kept.finding.id));
        }
        assert_eq!(paged.iter().collect::<Vec<_>>(), order);
        let of = |rule| FindingQuery { rule: Some(rule), ..all() };
        assert_eq!(ids(&ledger, seller, of(Rule::RefundDue)).await, [&*later.id]);
        let by_order = FindingQuery { order: Some("60".to_owned()), ..all() };
        assert_eq!(ids(&ledger, seller, by_order).await, [&*sooner.id]);
        let elsewhere = FindingQuery { account: Some(AccountId(2)), ..all() };
        assert!(ids(&ledger, seller, elsewhere).await.is_empty());
        assert!(settle(&ledger, seller, 20, vec![case("60", vec![], vec![])]).await);
        let open = |open| FindingQuery { open: Some(open), ..all() };
        assert_eq!(ids(&ledger, seller, open(false)).await, [&*sooner.id]);
        assert_eq!(ids(&ledger, seller, open(true)).await, [later.id.clone(), never.id.clone()]);
        assert_eq!(
            ids(&ledger, seller, all()).await,
            [later.id.clone(), never.id.clone(), sooner.id.clone()],
            "closed ones come last"
        );
        assert!(ids(&ledger, SellerId(2), all()).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_are_listed_newest_first_and_come_due_in_their_time() {
    on_both(async |ledger| {
        let seller = account(&ledger).await.seller;
        let due =
            |order, wake| SettledCase { wake_at: Some(at(wake)), ..case(order, vec![], vec![]) };
        assert!(
            settle(
                &ledger,
                seller,
                10,
                vec![due("1", 70), due("22", 60), case("333", vec![], vec![])]
            )
            .await
        );
        let keys = async |query: CaseQuery| {
            let cases = ledger.cases(seller, CaseQuery { limit: 9, ..query }).await.unwrap();
            cases.into_iter().map(|case| case.key).collect::<Vec<_>>()
        };
        assert_eq!(keys(CaseQuery::default()).await, ["sale/1/333", "sale/1/22", "sale/1/1"]);
        let first =
            ledger.cases(seller, CaseQuery { limit: 1, ..CaseQuery::default() }).await.unwrap();
        let after = CaseQuery { after: Some(first[0].place()), ..CaseQuery::default() };
        assert_eq!(keys(after).await, ["sale/1/22", "sale/1/1"]);
        let one = CaseQuery { order: Some("22".to_owned()), ..CaseQuery::default() };
        assert_eq!(keys(one).await, ["sale/1/22"]);
        assert_eq!(ledger.next_wake().await.unwrap(), Some(at(60)));
        assert!(ledger.behind(at(59)).await.unwrap().is_empty());
        assert_eq!(ledger.behind(at(60)).await.unwrap(), [seller]);
        let due = ledger.due_cases(seller, at(70), 9).await.unwrap();
        assert_eq!(due, ["sale/1/22", "sale/1/1"]);
        assert_eq!(ledger.due_cases(seller, at(70), 1).await.unwrap(), ["sale/1/22"]);
        let found =
            ledger.cases_at(seller, vec!["sale/1/1".to_owned(), "none".to_owned()]).await.unwrap();
        assert_eq!((found.len(), found[0].settled_at), (1, at(10)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_that_merge_are_gone_and_forgotten_ones_leave_their_findings() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let seller = shelf.seller;
        ledger.append(shelf, Put::Newer, vec![plain("1", "a", 10)]).await.unwrap();
        let found = finding(Rule::GoodsWithoutClaim, "500", None);
        let waits = case("500", vec![document(shelf, "1")], vec![found.clone()]);
        assert!(settle(&ledger, seller, 10, vec![waits.clone()]).await);
        let was = ledger.settled(seller).await.unwrap();
        let merged = Settlement {
            was,
            seq: 1,
            at: at(20),
            cases: vec![case("600", vec![document(shelf, "1")], Vec::new())],
            gone: vec![waits.key.clone()],
        };
        assert!(ledger.settle(seller, merged).await.unwrap());
        let cases = ledger.cases_of(seller, vec![document(shelf, "1")]).await.unwrap();
        assert_eq!(cases, ["sale/1/600"]);
        let kept = ledger.finding(seller, &found.id).await.unwrap().unwrap();
        assert_eq!(kept.standing.closed, Some(Closed::Itself));
        assert!(settle(&ledger, seller, 30, vec![waits]).await);
        ledger.forget_cases(seller).await.unwrap();
        assert_eq!(ledger.settled(seller).await.unwrap().seq, 0);
        assert!(ledger.cases_of(seller, vec![document(shelf, "1")]).await.unwrap().is_empty());
        let kept = ledger.finding(seller, &found.id).await.unwrap().unwrap();
        assert!(kept.standing.is_open());
        assert_eq!(ledger.close_orphans(seller, at(40)).await.unwrap(), 1);
        assert_eq!(ledger.close_orphans(seller, at(50)).await.unwrap(), 0);
        let kept = ledger.finding(seller, &found.id).await.unwrap().unwrap();
        assert_eq!((kept.standing.closed, kept.changed_at), (Some(Closed::Itself), at(40)));
    })
    .await;
}
