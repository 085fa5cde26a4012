//! 환불 기한: the statutory clock runs, from one business day before the due day through it. Cleared by
//! a refund seen. At stake is the amount to be paid back.

use jiff::civil::Date;
use serde::Serialize;

use super::Rule;
use super::stop_unanswered::has_left;
use crate::assess::{Finding, Proposed, View, end_of};
use crate::calendar::Calendar;
use crate::case::{Case, Claim, Doc};
use crate::fact::{ClaimKind, Collection, DocumentRef, Reason, Stage};
use crate::money::Won;
use crate::refund_clock::{Cause, Clock, Sign, StartIs};
use crate::time::{kst_day, kst_midnight};

/// A clock that runs for a claim.
pub(super) struct Owed {
    /// The clock.
    pub(super) clock: Clock,
    /// The document that started it.
    pub(super) started_by: Doc,
}

/// The clock of a claim, whether or not the refund was seen; `None` if none runs.
pub(super) fn owed(case: &Case, claim: &Claim, calendar: &Calendar) -> Option<Owed> {
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
    Some(Owed { clock, started_by: started.evidence })
}

/// A refund of a case, owed or made, with what its delay costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refund {
    /// The claim's number.
    pub claim: String,
    /// Its clock, and the document that started it.
    pub clock: Clock,
    /// Which document version says when the clock started.
    pub started_by: DocumentRef,
    /// What is asked back, if known.
    pub amount: Option<Won>,
    /// The day the refund was seen.
    pub refunded_on: Option<Date>,
    /// Days after the due day, until the refund or this day.
    pub days_overdue: u32,
    /// Interest owed for them, if the amount is known. Stays owed after the refund.
    pub interest: Option<Won>,
}

/// Every refund of a case as of a day, late ones that were made included.
pub fn refunds(case: &Case, calendar: &Calendar, on: Date) -> Vec<Refund> {
    let each = case.claims.iter().filter_map(|claim| {
        let Owed { clock, started_by } = owed(case, claim, calendar)?;
        let refunded_on = claim.refunded.map(|seen| kst_day(seen.when.at));
        let through = refunded_on.unwrap_or(on);
        let amount = case.amount(claim);
        Some(Refund {
            claim: claim.number.clone(),
            clock,
            started_by: case.documents.get(started_by)?.clone(),
            amount,
            refunded_on,
            days_overdue: clock.days_overdue(through),
            interest: amount.map(|amount| clock.interest(amount, through)),
        })
    });
    each.collect()
}

/// Claims whose refund is not seen, with their clocks.
pub(super) fn running<'v>(view: &'v View<'_>) -> impl Iterator<Item = (&'v Claim, Owed)> {
    // What has left is no cancel any more: the channel is to be told so, and a return may follow.
    let is_over = |claim: &Claim| claim.waits_for_stop() && has_left(view, claim);
    let waiting = view.case.claims.iter();
    let waiting = waiting.filter(move |claim| claim.refunded.is_none() && !is_over(claim));
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

/// Pay back; but where the channel says it was done ahead, look first, so that nobody pays twice.
pub(super) fn what_to_do(
    claim: &Claim,
    amount: Option<Won>,
) -> (Proposed, &'static str, &'static str) {
    let number = claim.number.clone();
    if claim.pre_refunded.is_some() {
        let ko = " 선환불로 표시돼 있으니 이미 지급됐는지 먼저 확인해 주세요.";
        let en = " It is marked as refunded ahead: check whether money moved before paying.";
        return (Proposed::CheckRefund { claim: number }, ko, en);
    }
    if claim.beyond() > 0 {
        let ko = " 남은 것보다 많이 접수됐으니 환불하기 전에 초과 접수부터 정리해 주세요.";
        let en = " More is asked for than is left: settle that before paying.";
        return (Proposed::CheckRefund { claim: number }, ko, en);
    }
    if claim.waits_for_stop() {
        let ko = " 출고중지요청에 먼저 답해 주세요.";
        let en = " Answer the request to stop first.";
        return (Proposed::Refund { claim: number, amount }, ko, en);
    }
    (Proposed::Refund { claim: number, amount }, "", "")
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
        let (proposed, ahead_ko, ahead_en) = what_to_do(claim, amount);
        findings.push(
            view.finding(Rule::RefundDue, format!("claim/{}", claim.number), speaks)
                .seen_in(view, docs)
                .until(end_of(clock.due))
                .of_claims([claim]).at_risk(amount)
                .propose(proposed)
                .says(
                    format!(
                        "주문 {}: 접수 {}의 환불{money_ko} {}까지 해야 해요. {start_ko}({})부터 3영업일이에요.{ahead_ko}",
                        view.order(), claim.number, clock.due, clock.start
                    ),
                    format!(
                        "Order {}: refund{money_en} for claim {} by {}: 3 business days from {start_en} ({}).{ahead_en}",
                        view.order(), claim.number, clock.due, clock.start
                    ),
                ),
        );
    }
    findings
}
