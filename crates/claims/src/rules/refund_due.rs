//! 환불 기한: the statutory clock runs, from one business day before the due day through it. Cleared by
//! a refund seen. At stake is the amount to be paid back.

use serde::Serialize;

use super::Rule;
use crate::assess::{Finding, Proposed, View, end_of};
use crate::calendar::Calendar;
use crate::case::{Case, Claim, Doc};
use crate::fact::{ClaimKind, Collection, Reason, Stage};
use crate::refund_clock::{Cause, Clock, Sign, StartIs};
use crate::time::{kst_day, kst_midnight};

/// A refund a claim is owed, and its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Owed {
    /// The clock.
    pub clock: Clock,
    /// The document that started it.
    pub started_by: Doc,
    /// Days after the due day on which the refund was seen; 0 if in time or not seen yet.
    pub days_late: u32,
}

/// The clock of a claim, whether or not the refund was seen; `None` if none runs.
pub fn owed(case: &Case, claim: &Claim, calendar: &Calendar) -> Option<Owed> {
    if !claim.stands() || claim.stage() == Some(Stage::HandedOver) {
        return None;
    }
    let sign = |is, at: crate::case::Seen| Sign { is, at: at.when.at, evidence: at.by };
    let mut signs = Vec::new();
    let moved = claim.collection.filter(|(collection, _)| *collection == Collection::Arrived);
    let back = [claim.back.first, claim.received, moved.map(|(_, seen)| seen)];
    signs.extend(back.into_iter().flatten().map(|seen| sign(StartIs::GoodsBack, seen)));
    signs.extend(claim.opened.map(|seen| sign(StartIs::WithdrawalDay, seen)));
    signs.extend(case.paid.map(|seen| sign(StartIs::PaidDay, seen)));
    signs.extend(case.placed.map(|seen| sign(StartIs::OrderDayAsStandIn, seen)));
    let started = match (claim.kind?, claim.reason) {
        (ClaimKind::Return, _) => Sign::that_starts(Cause::Returned, signs),
        (ClaimKind::Cancel, Reason::Other) => Sign::that_starts(Cause::Cancelled, signs),
        // Where nobody tells the day of order, the day of the cancel is all there is.
        (ClaimKind::Cancel, Reason::SoldOut) => {
            Sign::that_starts(Cause::CannotSupply, signs.iter().copied())
                .or_else(|| Sign::that_starts(Cause::Cancelled, signs))
        }
        (ClaimKind::Exchange | ClaimKind::Repair, _) => None,
    }?;
    let clock = started.clock(calendar);
    let refunded = claim.refunded.map(|seen| kst_day(seen.when.at));
    let days_late = refunded.map_or(0, |day| clock.days_overdue(day));
    Some(Owed { clock, started_by: started.evidence, days_late })
}

/// Claims whose refund is not seen, with their clocks.
pub(super) fn running<'v>(view: &'v View<'_>) -> impl Iterator<Item = (&'v Claim, Owed)> {
    let waiting = view.case.claims.iter().filter(|claim| claim.refunded.is_none());
    waiting.filter_map(|claim| Some((claim, owed(view.case, claim, view.calendar)?)))
}

/// What the start day is, in words.
pub(super) const fn start_words(is: StartIs) -> (&'static str, &'static str) {
    match is {
        StartIs::GoodsBack => ("물건이 돌아온 날", "the day the goods came back"),
        StartIs::WithdrawalDay => ("취소를 요청한 날", "the day of the cancel"),
        StartIs::PaidDay => ("결제한 날", "the day of payment"),
        StartIs::OrderDayAsStandIn => {
            ("결제일을 몰라 주문한 날", "the day of order, as the day of payment is unknown")
        }
    }
}

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (claim, owed) in running(view) {
        let clock = owed.clock;
        let (Some(speaks), Some(over)) =
            (kst_midnight(clock.speaks_from), clock.due.tomorrow().ok().and_then(kst_midnight))
        else {
            continue;
        };
        if !view.passed(speaks) || view.passed(over) {
            continue;
        }
        let amount = view.amount(claim);
        let (start_ko, start_en) = start_words(clock.start_is);
        let money_ko = amount.map(|won| format!(" {}을", won.korean())).unwrap_or_default();
        let money_en = amount.map(|won| format!(" {won}")).unwrap_or_default();
        let docs = claim.docs.iter().copied().chain([owed.started_by]);
        let proposed = Proposed::Refund { claim: claim.number.clone(), amount };
        findings.push(
            view.finding(Rule::RefundDue, format!("claim/{}", claim.number), speaks)
                .seen_in(view, docs)
                .until(end_of(clock.due))
                .at_risk(amount)
                .propose(proposed)
                .says(
                    format!(
                        "주문 {}: 접수 {}의 환불{money_ko} {}까지 해야 해요. {start_ko}({})부터 3영업일이에요.",
                        view.order(), claim.number, clock.due, clock.start
                    ),
                    format!(
                        "Order {}: refund{money_en} for claim {} by {}: 3 business days from {start_en} ({}).",
                        view.order(), claim.number, clock.due, clock.start
                    ),
                ),
        );
    }
    findings
}
