//! 수량 불일치: more came back than was sent or asked back, at once; less, once the receipt is finished.
//! Cleared when the numbers agree.

use super::Rule;
use crate::assess::{Finding, Proposed, View, latest, risk_en, risk_ko};
use crate::case::{Balance, Claim, Unit};
use crate::fact::{Quantity, TicketStage, pieces, pieces_if_told};

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        view.case.balances.iter().filter_map(|balance| too_many(view, balance)).collect();
    if findings.is_empty() {
        findings.extend(beyond_sent(view));
    }
    if !view.is_ambiguous() {
        findings.extend(too_few(view));
    }
    findings
}

/// More than was sent from the warehouse, or than was asked back.
fn too_many(view: &View<'_>, balance: &Balance) -> Option<Finding> {
    let wants = !view.is_ambiguous() && view.case.claims.iter().any(Claim::wants_goods_back);
    // What no claim asks for at all is another item, not another quantity.
    let is_other = balance.unit != Unit::Order && balance.covered() == Some(0);
    let covered = balance.covered().filter(|_| wants && !is_other);
    let sent = (balance.sent > 0).then_some(balance.sent_in_all());
    if let Some(sent) = sent.filter(|sent| balance.noted > *sent) {
        return Some(over(view, &balance.unit, balance.noted, sent, ("출고한", "were sent")));
    }
    let here = balance.noted_here();
    let covered = covered.filter(|covered| here > *covered)?;
    Some(over(view, &balance.unit, here, covered, ("접수된", "were asked back")))
}

/// More than the warehouse itself says was sent.
fn beyond_sent(view: &View<'_>) -> Option<Finding> {
    let told =
        view.case.arrived.iter().filter(|one| one.sent.is_some_and(|sent| one.quantity > sent));
    let (noted, sent) = told.fold((0, 0), |(noted, sent): (Quantity, Quantity), one| {
        (noted.saturating_add(one.quantity), sent.saturating_add(one.sent.unwrap_or(0)))
    });
    (noted > 0).then(|| over(view, &Unit::Order, noted, sent, ("출고한", "were sent")))
}

fn over(
    view: &View<'_>,
    unit: &Unit,
    back: Quantity,
    limit: Quantity,
    (ko, en): (&str, &str),
) -> Finding {
    let since = latest(view.case.arrived.iter().map(|one| one.seen));
    let (map_ko, map_en) = by_what(unit);
    finding(view, unit, "over", since).at_risk(view.worth(back - limit)).says(
        format!("주문 {}: {ko} 수량은 {limit}개인데 {back}개가 돌아왔어요.{map_ko}", view.order()),
        format!("Order {}: {back} came back, though {limit} {en}.{map_en}", view.order()),
    )
}

/// Less than a claim waits for, once every ticket is finished.
fn too_few(view: &View<'_>) -> Option<Finding> {
    let finished = |stage| matches!(stage, Some(TicketStage::Done | TicketStage::Cancelled));
    let tickets = &view.case.tickets;
    let all_done = tickets.iter().all(|ticket| finished(ticket.stage))
        && tickets.iter().any(|ticket| ticket.stage == Some(TicketStage::Done));
    let started = |claim: &&Claim| claim.wants_goods_back() && claim.back.first.is_some();
    let claims = || view.case.claims.iter().filter(started);
    let wanted = pieces_if_told(claims().map(|claim| claim.awaited))?;
    let back = pieces(claims().map(|claim| claim.back.quantity));
    if !all_done || back >= wanted {
        return None;
    }
    let since = latest(claims().filter_map(|claim| claim.back.last));
    let docs = claims().flat_map(|claim| claim.docs.iter().chain(&claim.back.docs).copied());
    let unit = if view.is_by_order() { &Unit::Order } else { &Unit::Resource(String::new()) };
    let (map_ko, map_en) = by_what(unit);
    let won = view.worth(wanted - back);
    let ticketed = finding(view, &Unit::Order, "short", since).of_claims(claims()).at_risk(won);
    Some(ticketed.seen_in(view, docs).says(
        format!(
            "주문 {}: 접수된 수량은 {wanted}개인데 입고가 끝났을 때 {back}개만 돌아왔어요.{}{map_ko}",
            view.order(), risk_ko(won)
        ),
        format!(
            "Order {}: {wanted} were asked back, and {back} came when the receipt was finished.{}{map_en}",
            view.order(), risk_en(won)
        ),
    ))
}

const fn by_what(unit: &Unit) -> (&'static str, &'static str) {
    match unit {
        Unit::Order => (
            " 품목 연결표로 맞출 수 없어 주문 전체 수량으로 비교했어요.",
            " Compared by whole order, as the item map does not settle it.",
        ),
        Unit::Resource(_) => ("", ""),
    }
}

fn finding(view: &View<'_>, unit: &Unit, what: &str, since: jiff::Timestamp) -> Finding {
    let about = match unit {
        Unit::Order => what.to_owned(),
        Unit::Resource(resource) => format!("{what}/{resource}"),
    };
    let mut tickets: Vec<String> = view.case.arrived.iter().map(|one| one.ticket.clone()).collect();
    tickets.dedup();
    let claims = view.case.claims.iter().filter(|claim| claim.wants_goods_back());
    let docs = claims.flat_map(|claim| claim.docs.iter().copied());
    let docs = docs.chain(view.case.arrived.iter().map(|one| one.seen.by));
    view.finding(Rule::QuantityMismatch, about, since)
        .seen_in(view, docs.chain(view.case.rows.iter().map(|row| row.made.by)))
        .propose(Proposed::Recount { tickets })
}
