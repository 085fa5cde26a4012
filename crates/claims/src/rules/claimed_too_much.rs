//! 초과 접수: open claims ask for more pieces than are left, before money goes. Cleared when one of them
//! is taken back or refused. Due with the first refund among them.

use super::{Rule, beyond, opened, owed};
use crate::assess::{Finding, Proposed, View, end_of, risk_en, risk_ko};
use crate::case::Claim;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let all = || view.case.claims.iter();
    let over = || all().filter(|claim| claim.beyond() > 0 && claim.refunded.is_none());
    let (pieces, won) = beyond(view, over());
    if pieces == 0 {
        return Vec::new();
    }
    let standing = || all().filter(|claim: &&Claim| claim.stands());
    let numbers: Vec<&str> = over().map(|claim| claim.number.as_str()).collect();
    let numbers = numbers.join(", ");
    let since = over().map(opened).max().unwrap_or_default();
    let due = over().filter_map(|claim| owed(view.case, claim, view.calendar));
    let due = due.filter_map(|owed| end_of(owed.clock.due)).min();
    let docs = standing().flat_map(|claim| claim.docs.iter().copied());
    let claims = over().map(|claim| claim.number.clone()).collect();
    vec![
        view.finding(Rule::ClaimedTooMuch, "order", since)
            .seen_in(view, docs)
            .until(due)
            .of_claims(over()).at_risk(won)
            .propose(Proposed::RefuseExcess { claims, quantity: pieces })
            .says(
                format!(
                    "주문 {}: 접수 {numbers}에서 남은 것보다 {pieces}개가 더 접수됐어요. 환불하기 전에 철회나 거절로 정리해 주세요.{}",
                    view.order(),
                    risk_ko(won)
                ),
                format!(
                    "Order {}: {pieces} more are asked for than are left (claims {numbers}). Have it taken back or refuse it before money goes.{}",
                    view.order(),
                    risk_en(won)
                ),
            ),
    ]
}
