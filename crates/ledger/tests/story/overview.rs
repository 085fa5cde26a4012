//! Overviews: what is tallied is what there is, and pages have every row once.

use std::collections::BTreeMap;

use hoesu_claims::assess::Sentence;
use hoesu_claims::time::{Between, kst_day};
use hoesu_claims::{AccountId, Finding, Policy, Rule, SellerId, Won};
use hoesu_ledger::cases::{
    CaseQuery, CloseOutcome, Closing, FindingQuery, KeptCase, KeptFinding, SettledCase, Settlement,
};
use hoesu_ledger::overview::{
    CaseOrder, CasePick, CaseSlot, FindingOrder, FindingPick, FindingSlot, Spot, Turn, at_risk,
};
use hoesu_ledger::{Ledger, MEMO_CHARS_MAX};
use hoesu_testkit::on_both;
use jiff::Timestamp;

use crate::tell::{at, shelf};

const RULES: [Rule; 3] = [Rule::RefundDue, Rule::StopShipment, Rule::QuantityMismatch];

fn finding(nth: i64, rule: Rule) -> Finding {
    Finding {
        id: format!("{}:sale/1/{nth}:", rule.id()),
        rule,
        order: nth.to_string(),
        about: String::new(),
        since: at(nth),
        // Some share their deadline, some have none.
        deadline: (nth % 5 != 0).then(|| at(1_000 + nth / 3)),
        won_at_risk: (nth % 4 != 0).then_some(Won(nth * 100)),
        interest: None,
        // All of a case tell of the same money.
        claims: vec!["1".to_owned()],
        proposed: None,
        evidence: Vec::new(),
        sentence: Sentence { ko: nth.to_string(), en: nth.to_string() },
    }
}

/// Whose fault the `nth` case is said to be: this one's, that one's, nobody's.
fn fault(nth: i64, round: i64) -> Option<String> {
    let faults = [Some("customer"), Some("seller"), None];
    faults[((nth + round) % 3) as usize].map(str::to_owned)
}

/// The `nth` case, as it is in its `round`th settlement.
fn case(nth: i64, round: i64) -> SettledCase {
    let word = |words: [&str; 2], nth: i64| words[(nth % 2) as usize].to_owned();
    let speaks = |at: usize| (nth + round + at as i64) % 3 != 0;
    SettledCase {
        key: format!("sale/1/{nth}"),
        account: AccountId(1 + nth % 2),
        order: nth.to_string(),
        claim: word(["asked", "final"], nth / 2 + round),
        goods: "coming_back".to_owned(),
        money: word(["owed", "kept"], nth / 4),
        fault: fault(nth, round),
        since: at(nth),
        changed_at: at(nth / 2 + round),
        digest: [7; 32],
        wake_at: None,
        documents: Vec::new(),
        findings: (0..3).filter(|at| speaks(*at)).map(|at| finding(nth, RULES[at])).collect(),
    }
}

async fn settle(ledger: &Ledger, seller: SellerId, ms: i64, cases: Vec<SettledCase>, gone: &[i64]) {
    let was = ledger.settled(seller).await.unwrap();
    let gone = gone.iter().map(|nth| format!("sale/1/{nth}")).collect();
    let settlement = Settlement { was, seq: was.seq, at: at(ms), cases, gone };
    assert!(ledger.settle(seller, settlement).await.unwrap());
}

async fn everything(ledger: &Ledger, seller: SellerId) -> (Vec<KeptFinding>, Vec<KeptCase>) {
    let findings = FindingQuery { limit: 10_000, ..FindingQuery::default() };
    let cases = CaseQuery { limit: 10_000, ..CaseQuery::default() };
    let findings = ledger.findings(seller, findings).await.unwrap();
    (findings, ledger.cases(seller, cases).await.unwrap())
}

fn slot_of(kept: &KeptFinding) -> FindingSlot {
    let (rule, account, fault) = (kept.finding.rule, kept.account, kept.fault.clone());
    let beside = kept.beside.clone();
    FindingSlot { rule, account, fault, open: kept.standing.is_open(), beside }
}

/// What is tallied is what is counted one by one.
async fn check(ledger: &Ledger, seller: SellerId) {
    let (findings, cases) = everything(ledger, seller).await;
    let mut counted: BTreeMap<FindingSlot, (u64, i64, u64, Option<i64>)> = BTreeMap::new();
    for kept in &findings {
        let (count, won, unpriced, first) = counted.entry(slot_of(kept)).or_default();
        *count += 1;
        *won += kept.finding.won_at_risk.map_or(0, |won| won.0);
        *unpriced += u64::from(kept.finding.won_at_risk.is_none());
        let deadline = kept.finding.deadline.map(Timestamp::as_millisecond);
        *first = [*first, deadline].into_iter().flatten().min();
    }
    let tallied = ledger.finding_tallies(seller).await.unwrap().into_iter().map(|one| {
        let first = one.first_deadline.map(Timestamp::as_millisecond);
        (one.slot, (one.findings, one.won.0, one.unpriced, first))
    });
    assert_eq!(tallied.collect::<BTreeMap<_, _>>(), counted);

    // A sum counts what a case has at risk once.
    let mut most: BTreeMap<&str, i64> = BTreeMap::new();
    for kept in findings.iter().filter(|kept| kept.standing.is_open()) {
        let won = kept.finding.won_at_risk.map_or(0, |won| won.0);
        let known = most.entry(&kept.case).or_default();
        *known = won.max(*known);
    }
    let tallies = ledger.finding_tallies(seller).await.unwrap();
    let (risk, _) = at_risk(tallies.iter().filter(|one| one.slot.open));
    assert_eq!(risk.0, most.values().sum::<i64>());

    let tallied = ledger.case_tallies(seller).await.unwrap();
    assert_eq!(tallied.iter().map(|one| one.cases).sum::<u64>(), cases.len() as u64);
    let open: u64 = tallied.iter().filter(|one| one.slot.open).map(|one| one.cases).sum();
    assert_eq!(open, cases.iter().filter(|case| case.findings > 0).count() as u64);
    for one in &tallied {
        let here = |case: &&KeptCase| {
            case.account == one.slot.account
                && case.claim == one.slot.claim
                && case.money == one.slot.money
                && (case.findings > 0) == one.slot.open
        };
        assert!(cases.iter().filter(here).count() as u64 >= one.cases, "{one:?}");
    }

    let days = ledger.finding_days(seller, kst_day(at(0))).await.unwrap();
    let (opened, closed): (u64, u64) =
        days.iter().fold((0, 0), |sum, day| (sum.0 + day.opened, sum.1 + day.closed));
    let now_open = findings.iter().filter(|kept| kept.standing.is_open()).count() as u64;
    assert_eq!(opened - closed, now_open, "each was opened once more than closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_tallied_is_what_there_is() {
    on_both(async |ledger| {
        let seller = shelf(&ledger).await.seller;
        check(&ledger, seller).await;
        settle(&ledger, seller, 10, (1..60).map(|nth| case(nth, 0)).collect(), &[]).await;
        check(&ledger, seller).await;
        settle(&ledger, seller, 20, (20..70).map(|nth| case(nth, 1)).collect(), &[3, 4, 5]).await;
        check(&ledger, seller).await;
        let (findings, _) = everything(&ledger, seller).await;
        for kept in findings.iter().filter(|kept| kept.standing.is_open()).take(40) {
            let closing = Closing {
                id: kept.finding.id.clone(),
                actor: "haneul".to_owned(),
                reason: "확인했어요".to_owned(),
                force: true,
                at: at(30),
            };
            assert_eq!(ledger.close(seller, closing).await.unwrap(), CloseOutcome::Closed);
        }
        check(&ledger, seller).await;
        settle(&ledger, seller, 40, (1..70).map(|nth| case(nth, 2)).collect(), &[]).await;
        check(&ledger, seller).await;
        let (findings, _) = everything(&ledger, seller).await;
        for kept in &findings {
            let nth = kept.finding.order.parse().unwrap();
            assert_eq!(kept.fault, fault(nth, 2), "open or closed, it is its case's");
        }
        ledger.forget_cases(seller).await.unwrap();
        assert!(ledger.case_tallies(seller).await.unwrap().is_empty());
        ledger.close_orphans(seller, at(50)).await.unwrap();
        check(&ledger, seller).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_every_row_once_in_order() {
    on_both(async |ledger| {
        let seller = shelf(&ledger).await.seller;
        settle(&ledger, seller, 10, (1..40).map(|nth| case(nth, 0)).collect(), &[]).await;
        settle(&ledger, seller, 20, (15..30).map(|nth| case(nth, 1)).collect(), &[]).await;
        let (findings, cases) = everything(&ledger, seller).await;
        let tallies = ledger.finding_tallies(seller).await.unwrap();
        let slots: Vec<FindingSlot> = tallies.into_iter().map(|one| one.slot).collect();
        let between = Between { from: Some(at(1_003)), until: Some(at(1_009)) };
        for (order, between) in [
            (FindingOrder::Deadline, Between::default()),
            (FindingOrder::Opened, Between::default()),
            (FindingOrder::Changed, Between::default()),
            (FindingOrder::Deadline, between),
        ] {
            let instant = |kept: &KeptFinding| match order {
                FindingOrder::Deadline => {
                    kept.finding.deadline.map_or(i64::MAX, Timestamp::as_millisecond)
                }
                FindingOrder::Opened => kept.opened_at.as_millisecond(),
                FindingOrder::Changed => kept.changed_at.as_millisecond(),
            };
            let inside = |kept: &&KeptFinding| {
                between.is_everything()
                    || kept.finding.deadline.is_some_and(|at| between.contains(at))
            };
            let mut expected: Vec<(i64, String)> = (findings.iter().filter(inside))
                .map(|kept| (instant(kept), kept.finding.id.clone()))
                .collect();
            expected.sort();
            if order != FindingOrder::Deadline {
                expected.reverse();
            }
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let pick = FindingPick {
                    slots: slots.clone(),
                    order,
                    between,
                    from: after.map(Turn::After),
                    limit: 7,
                };
                let page = ledger.pick_findings(seller, pick).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some(Spot { at_ms: instant(last), id: last.finding.id.clone() });
                found.extend(page.iter().map(|kept| (instant(kept), kept.finding.id.clone())));
            }
            // Backwards from each row, one sees just what came before it.
            for nth in [0, 1, 5, found.len() - 1] {
                let (at_ms, id) = found[nth].clone();
                let from = Some(Turn::Before(Spot { at_ms, id }));
                let pick = FindingPick { slots: slots.clone(), order, between, from, limit: 3 };
                let page = ledger.pick_findings(seller, pick).await.unwrap();
                let page: Vec<_> =
                    page.iter().map(|kept| (instant(kept), kept.finding.id.clone())).collect();
                assert_eq!(page, found[nth.saturating_sub(3)..nth], "{order:?} {nth}");
            }
            let of = |all: &[(i64, String)]| all.iter().map(|(at, _)| *at).collect::<Vec<i64>>();
            assert_eq!(of(&found), of(&expected), "{order:?}");
            // Of what shares an instant, each database has its own order of ids, and keeps to it.
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "{order:?}");
            let count = ledger.count_findings(seller, &slots, order, between, 1_000).await;
            assert_eq!(count.unwrap(), expected.len() as u64);
        }
        let one =
            ledger.count_findings(seller, &slots[..1], FindingOrder::Opened, Between::default(), 2);
        assert_eq!(one.await.unwrap(), 2, "counting ends at the most");

        let tallies = ledger.case_tallies(seller).await.unwrap();
        let slots: Vec<CaseSlot> =
            tallies.into_iter().map(|one| one.slot).filter(|slot| slot.money == "owed").collect();
        let mut expected: Vec<(i64, String)> = (cases.iter().filter(|case| case.money == "owed"))
            .map(|case| (case.changed_at.as_millisecond(), case.key.clone()))
            .collect();
        expected.sort_by(|a, b| b.cmp(a));
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let (order, between) = (CaseOrder::Changed, Between::default());
            let pick = CasePick {
                slots: slots.clone(),
                order,
                between,
                from: after.map(Turn::After),
                limit: 4,
            };
            let page = ledger.pick_cases(seller, pick).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(Spot { at_ms: last.changed_at.as_millisecond(), id: last.key.clone() });
            found.extend(page.iter().map(|one| (one.changed_at.as_millisecond(), one.key.clone())));
        }
        let (at_ms, id) = found[6].clone();
        let from = Some(Turn::Before(Spot { at_ms, id }));
        let (order, between) = (CaseOrder::Changed, Between::default());
        let pick = CasePick { slots: slots.clone(), order, between, from, limit: 4 };
        let page = ledger.pick_cases(seller, pick).await.unwrap();
        let page: Vec<&str> = page.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(page, found[2..6].iter().map(|(_, key)| key).collect::<Vec<_>>());
        expected.sort();
        found.sort();
        assert_eq!(found, expected);
        let count = ledger.count_cases(seller, &slots, CaseOrder::Since, Between::default(), 1_000);
        assert_eq!(count.await.unwrap(), expected.len() as u64);
        let of = ledger.findings_of(seller, vec!["sale/1/16".to_owned()]).await.unwrap();
        assert_eq!(of.len(), findings.iter().filter(|kept| kept.case == "sale/1/16").count());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memos_are_kept_in_time_by_whoever_notes_and_belong_to_one_order() {
    on_both(async |ledger| {
        let seller = shelf(&ledger).await.seller;
        let other = ledger.again().await;
        ledger.add_memo(seller, "500", "haneul", " 고객과 통화함 ", at(1)).await.unwrap();
        other.add_memo(seller, "500", "baram", "회수 다시 요청", at(2)).await.unwrap();
        ledger.add_memo(seller, "600", "haneul", "다른 주문", at(3)).await.unwrap();
        let memos = ledger.memos(seller, "500").await.unwrap();
        let told: Vec<_> =
            memos.iter().map(|memo| (memo.who.as_str(), memo.text.as_str())).collect();
        assert_eq!(told, [("haneul", "고객과 통화함"), ("baram", "회수 다시 요청")]);
        for text in ["  ", &"가".repeat(MEMO_CHARS_MAX + 1)] {
            assert!(ledger.add_memo(seller, "500", "haneul", text, at(4)).await.is_err());
        }
        let stranger = ledger.add_seller("물결마켓", at(0)).await.unwrap().id;
        assert!(ledger.memos(stranger, "500").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_the_usual_until_it_is_set_and_then_wakes_what_waits() {
    on_both(async |ledger| {
        let seller = shelf(&ledger).await.seller;
        assert_eq!(ledger.policy(seller).await.unwrap(), Policy::default());
        settle(&ledger, seller, 10, vec![case(1, 0), case(2, 0)], &[]).await;
        assert!(ledger.due_cases(seller, at(1), 10).await.unwrap().is_empty());
        let policy = Policy { collection_days: 3, ..Policy::default() };
        ledger.set_policy(seller, policy.clone()).await.unwrap();
        assert_eq!(ledger.policy(seller).await.unwrap(), policy);
        assert_eq!(ledger.due_cases(seller, at(1), 10).await.unwrap().len(), 2);
    })
    .await;
}
