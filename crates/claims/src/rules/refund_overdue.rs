//! 환불 기한 초과: the due day has passed and no refund is seen. At stake is the amount to be
//! paid back; delay interest accrues daily beside it. Cleared by a refund seen.

use super::Rule;
use super::refund_due::{running, start_words, what_to_do};
use crate::assess::{Finding, View, end_of};
use crate::time::kst_midnight;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (claim, owed) in running(view) {
        let clock = owed.clock;
        let Some(over) = clock.due.tomorrow().ok().and_then(kst_midnight) else { continue };
        if !view.passed(over) {
            continue;
        }
        let today = view.today();
        let days = clock.days_overdue(today);
        let amount = view.amount(claim);
        let interest = amount.map(|amount| clock.interest(amount, today));
        let (start_ko, start_en) = start_words(clock.start_is);
        let (money_ko, money_en) = match amount.zip(interest) {
            Some((amount, interest)) => (
                format!(
                    " 환불할 금액은 {}, 지연이자는 오늘까지 {}이에요.",
                    amount.korean(),
                    interest.korean()
                ),
                format!(" {amount} to refund, {interest} of interest so far."),
            ),
            None => (
                " 금액을 몰라 지연이자는 계산할 수 없어요.".into(),
                " The amount is unknown, and so is the interest.".into(),
            ),
        };
        let docs = claim.docs.iter().copied().chain([owed.started_by]);
        let (proposed, ahead_ko, ahead_en) = what_to_do(claim, amount);
        findings.push(
            view.finding(Rule::RefundOverdue, format!("claim/{}", claim.number), over)
                .seen_in(view, docs)
                .until(end_of(clock.due))
                .of_claims([claim])
                .at_risk(amount)
                .owing(interest)
                .propose(proposed)
                .says(
                    format!(
                        "주문 {}: 접수 {}의 환불 기한({})이 {days}일 지났어요. {start_ko}({})부터 3영업일이었어요.{money_ko}{ahead_ko}",
                        view.order(), claim.number, clock.due, clock.start
                    ),
                    format!(
                        "Order {}: the refund for claim {} was due on {}, {days} days ago: 3 business days from {start_en} ({}).{money_en}{ahead_en}",
                        view.order(), claim.number, clock.due, clock.start
                    ),
                ),
        );
    }
    findings
}
