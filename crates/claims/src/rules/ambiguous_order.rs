//! 주문 연결 불명: several sales accounts may have this order. Cleared when a person chooses, or a
//! document tells.

use super::Rule;
use crate::assess::{Finding, Proposed, View};

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    if !view.is_ambiguous() {
        return Vec::new();
    }
    let candidates: Vec<_> = view.case.candidates.iter().copied().collect();
    let since = view.case.timeline.first().map(|(_, fact)| fact.when.at).unwrap_or_default();
    let count = candidates.len();
    vec![
        view.finding(Rule::AmbiguousOrder, "order", since)
            .seen_in(view, 0..view.case.documents.len())
            .propose(Proposed::ChooseAccount { candidates })
            .says(
                format!(
                    "주문 {}: 이 번호를 아는 판매 계정이 {count}개라 어느 쪽인지 알 수 없어요. 골라 주세요.",
                    view.order()
                ),
                format!("Order {}: {count} sales accounts may have it. Choose one.", view.order()),
            ),
    ]
}
