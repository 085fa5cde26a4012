//! 미입고 환불: money went back, or is said to have gone ahead, and the goods are not here so many days
//! later. Where a warehouse knows the order, only its word counts. Cleared when the goods are back.
//! Due with the appeal for compensation.

use super::Rule;
use crate::assess::{Finding, Proposed, View, risk_en, risk_ko};
use crate::case::Claim;
use crate::fact::ClaimKind;
use crate::josa;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let returns = view.case.claims.iter();
    let returns = returns.filter(|one| one.kind == Some(ClaimKind::Return) && one.stands());
    returns.filter_map(|claim| finding(view, claim)).collect()
}

fn finding(view: &View<'_>, claim: &Claim) -> Option<Finding> {
    let paid = claim.money_back()?;
    let at_hand = match claim.awaited {
        Some(awaited) if view.case.is_warehouse_known() => claim.back.quantity >= awaited,
        _ if view.case.is_warehouse_known() => claim.back.first.is_some(),
        _ => claim.received.is_some(),
    };
    if at_hand || claim.lost.is_some() {
        return None;
    }
    let days = view.policy.goods_after_refund_days;
    let since = View::days_after(paid.when.at, days);
    if !view.passed(since) {
        return None;
    }
    let deadline =
        view.calendar.plus_business_hours(paid.when.at, view.policy.appeal_business_hours);
    let won = view.amount(claim);
    let missing = claim.awaited.map(|awaited| awaited.saturating_sub(claim.back.quantity));
    let (count_ko, count_en) = missing
        .map_or_else(Default::default, |pieces| (format!(" {pieces}개가"), format!(" {pieces}")));
    let day = crate::time::kst_day(paid.when.at);
    let (how_ko, how_en) = if claim.refunded.is_some() {
        ("환불", "refunded")
    } else {
        ("선환불(실제 지급 여부는 확인되지 않았어요)", "refunded ahead (no proof that money moved)")
    };
    Some(
        view.finding(Rule::RefundBeforeGoods, format!("claim/{}", claim.number), since)
            .seen_in(view, claim.docs.iter().chain(&claim.back.docs).copied())
            .until(deadline)
            .at_risk(won)
            .propose(Proposed::ChaseGoods { claim: claim.number.clone() })
            .says(
                format!(
                    "주문 {}: 접수 {} {day}에 {how_ko} 처리됐는데 {days}일이 지나도{count_ko} 돌아오지 않았어요.{}",
                    view.order(), josa::topic(&claim.number), risk_ko(won)
                ),
                format!(
                    "Order {}: claim {} was {how_en} on {day}; after {days} days{count_en} are not back.{}",
                    view.order(), claim.number, risk_en(won)
                ),
            ),
    )
}
