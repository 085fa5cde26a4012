//! 초과 환불: the channel refunded more pieces than there were, cancels and returns together. Cleared when
//! its words agree, or a person closes it.

use super::{Rule, beyond};
use crate::assess::{Finding, Proposed, View, latest, risk_en, risk_ko};
use crate::case::Claim;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let all = || view.case.claims.iter();
    let over = || all().filter(|claim| claim.beyond() > 0 && claim.refunded.is_some());
    let (pieces, won) = beyond(view, over());
    if pieces == 0 {
        return Vec::new();
    }
    // All that took their part, so that whoever looks sees which two it is.
    let refunded = || all().filter(|claim| claim.refunded.is_some() && claim.stands());
    let numbers: Vec<&str> = refunded().map(|claim| claim.number.as_str()).collect();
    let numbers = numbers.join(", ");
    let since = latest(over().filter_map(|claim| claim.refunded));
    let docs = refunded().flat_map(|claim: &Claim| claim.docs.iter().copied());
    let claims = over().map(|claim| claim.number.clone()).collect();
    vec![
        view.finding(Rule::RefundedTooMuch, "order", since)
            .seen_in(view, docs)
            .of_claims(over()).at_risk(won)
            .propose(Proposed::RecoverRefund { claims, amount: won })
            .says(
                format!(
                    "주문 {}: 접수 {numbers}에서 {pieces}개가 주문보다 많이 환불됐어요. 판매채널에 확인하고 더 나간 환불을 돌려받으세요.{}",
                    view.order(),
                    risk_ko(won)
                ),
                format!(
                    "Order {}: {pieces} more were refunded than there were (claims {numbers}). Ask the channel, and get the money back.{}",
                    view.order(),
                    risk_en(won)
                ),
            ),
    ]
}
