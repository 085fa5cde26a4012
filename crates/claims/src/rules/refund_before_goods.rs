//! 미입고 환불: money went back, or is said to have gone ahead, and the goods are not here so many days
//! later. Where a warehouse knows the order, only its word counts. Cleared when the goods are back.
//! Due with the appeal for compensation. Goods that nobody will collect are not waited for: the appeal is
//! all there is, from the day after the refund on.

use super::Rule;
use crate::appeal::{self, Proof};
use crate::assess::{Finding, Proposed, View, risk_en, risk_ko};
use crate::case::{Claim, Seen};
use crate::fact::ClaimKind;
use crate::josa;
use crate::time::{kst_day, kst_midnight};

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
    // What was refunded once too often may have no goods at all: that is told on its own.
    if at_hand || claim.lost.is_some() || claim.beyond() > 0 {
        return None;
    }
    if view.case.is_never_collected(claim) {
        return never(view, claim, paid);
    }
    let since = View::days_after(paid.when.at, view.policy.goods_after_refund_days);
    if !view.passed(since) {
        return None;
    }
    let deadline =
        view.calendar.plus_business_hours(paid.when.at, view.policy.appeal_business_hours);
    let days = view.days_since(paid.when.at);
    let won = view.amount(claim);
    let missing = claim.awaited.map(|awaited| awaited.saturating_sub(claim.back.quantity));
    let (count_ko, count_en) = missing
        .map_or_else(Default::default, |pieces| (format!(" {pieces}개가"), format!(" {pieces}")));
    let day = kst_day(paid.when.at);
    let (how_ko, how_en) = if claim.refunded.is_some() {
        ("환불", "refunded")
    } else {
        ("선환불(실제 지급 여부는 확인되지 않았어요)", "refunded ahead (no proof that money moved)")
    };
    Some(
        view.finding(Rule::RefundBeforeGoods, format!("claim/{}", claim.number), since)
            .seen_in(view, claim.docs.iter().chain(&claim.back.docs).copied())
            .until(deadline)
            .of_claims([claim]).at_risk(won)
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

/// Refunded at once and never to be collected (미회수 환불).
fn never(view: &View<'_>, claim: &Claim, paid: Seen) -> Option<Finding> {
    let day = kst_day(paid.when.at);
    let since = kst_midnight(day.tomorrow().ok()?)?;
    if !view.passed(since) {
        return None;
    }
    let won = view.amount(claim);
    let hours = view.policy.appeal_business_hours;
    let deadline = view.calendar.plus_business_hours(paid.when.at, hours)?;
    let is_over = view.passed(deadline);
    let evidence = appeal::evidence(day, won);
    let has_video = evidence.contains(&Proof::Video);
    let (with_ko, with_en) = if has_video {
        ("사진과 동영상", "photos and a video")
    } else {
        ("사진", "photos")
    };
    let until = kst_day(deadline);
    let (ko, en) = if is_over {
        (
            format!("이의제기 기한({until})이 지나 더 청구할 수 있는 것이 없어요."),
            format!("The appeal ran out on {until}: nothing can be claimed any more."),
        )
    } else {
        (
            format!("이의가 있으면 {until}까지 {with_ko} 증빙을 붙여 이의제기해 주세요."),
            format!("If you disagree, appeal with {with_en} by {until}."),
        )
    };
    let finding = view
        .finding(Rule::RefundBeforeGoods, format!("claim/{}", claim.number), since)
        .seen_in(view, claim.docs.iter().copied())
        .until(Some(deadline))
        .of_claims([claim]).at_risk(won)
        .says(
            format!(
                "주문 {}: 접수 {} {day}에 바로 환불됐고 회수 방법도 회수 송장도 없어 물건이 돌아오지 않아요(미회수 환불로 보여요). {ko}{}",
                view.order(), josa::topic(&claim.number), risk_ko(won)
            ),
            format!(
                "Order {}: claim {} was refunded at once on {day}, with no collection and no waybill: the goods will not come. {en}{}",
                view.order(), claim.number, risk_en(won)
            ),
        );
    let claim = claim.number.clone();
    Some(if is_over { finding } else { finding.propose(Proposed::Appeal { claim, evidence }) })
}
