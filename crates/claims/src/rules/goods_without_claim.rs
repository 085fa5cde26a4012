//! 접수 없는 입고: goods arrived, and no claim at the sales channel covers them. Cleared by a claim.

use super::Rule;
use crate::assess::{Finding, Proposed, View, latest, risk_en, risk_ko};
use crate::case::{Balance, Claim};
use crate::fact::pieces;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    if view.case.claims.iter().any(Claim::wants_goods_back) {
        return Vec::new();
    }
    // What was cancelled and sent all the same may come back without a word.
    let beyond = |one: &Balance| one.here().saturating_sub(one.sent_over());
    let pieces = pieces(view.case.balances.iter().map(beyond));
    if pieces == 0 {
        return Vec::new();
    }
    let here = || view.case.arrived.iter().filter(|one| one.is_certain());
    let since = latest(here().map(|arrived| arrived.seen));
    let mut tickets: Vec<String> = here().map(|arrived| arrived.ticket.clone()).collect();
    tickets.dedup();
    let won = view.worth(pieces);
    let (why_ko, why_en) = if view.case.claims.iter().any(Claim::is_withdrawn) {
        ("접수는 철회됐어요", "the claim was taken back")
    } else {
        ("판매채널에 반품 접수가 없어요", "the sales channel has no claim for them")
    };
    let docs = here().map(|arrived| arrived.seen.by);
    let withdrawn = view.case.claims.iter().flat_map(|claim| claim.docs.iter().copied());
    vec![
        view.finding(Rule::GoodsWithoutClaim, "goods", since)
            .seen_in(view, docs.chain(withdrawn))
            .at_risk(won)
            .propose(Proposed::FindClaim { tickets })
            .says(
                format!("주문 {}: {pieces}개가 돌아왔는데 {why_ko}.{}", view.order(), risk_ko(won)),
                format!(
                    "Order {}: {pieces} came back, and {why_en}.{}",
                    view.order(),
                    risk_en(won)
                ),
            ),
    ]
}
