//! 입고 후 미처리: the goods are here, and the channel still waits for receipt or approval. Cleared when
//! the channel moves on. Due with the refund.

use super::{Rule, owed};
use crate::assess::{Finding, Proposed, View, end_of};
use crate::case::Claim;
use crate::fact::Stage;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let waiting = view.case.claims.iter().filter(|claim| claim.wants_goods_back());
    waiting.filter_map(|claim| finding(view, claim)).collect()
}

fn finding(view: &View<'_>, claim: &Claim) -> Option<Finding> {
    let first = claim.back.first?;
    let all_back = claim.awaited.is_none_or(|awaited| claim.back.quantity >= awaited);
    let number = claim.number.clone();
    let (proposed, ko, en) = match claim.stage()? {
        Stage::Asked | Stage::StopAsked => {
            (Proposed::ConfirmReceipt { claim: number }, "입고 확인", "its receipt")
        }
        // Refunded ahead: nothing is left to approve.
        Stage::Received | Stage::Deferred if claim.pre_refunded.is_none() && all_back => {
            let quantity = claim.quantity();
            // To approve what is asked for too much is to refund it.
            let proposed = if claim.beyond() > 0 {
                Proposed::CheckRefund { claim: number }
            } else {
                Proposed::Approve { claim: number, quantity }
            };
            (proposed, "반품 승인", "approval")
        }
        Stage::Received
        | Stage::Deferred
        | Stage::Disputed
        | Stage::HandedOver
        | Stage::Refused
        | Stage::Done
        | Stage::Withdrawn => return None,
    };
    let (guess_ko, guess_en) = if claim.back.is_guess {
        (
            " 다른 접수의 물건일 수도 있어요. 품목 연결표로 정할 수 없으니 확인해 주세요.",
            " It may be another claim's: the item map does not settle it.",
        )
    } else {
        ("", "")
    };
    let pieces = claim.back.quantity;
    let due = owed(view.case, claim, view.calendar).and_then(|owed| end_of(owed.clock.due));
    let day = crate::time::kst_day(first.when.at);
    Some(
        view.finding(Rule::ArrivedUnconfirmed, format!("claim/{}", claim.number), first.when.at)
            .seen_in(view, claim.docs.iter().chain(&claim.back.docs).copied())
            .until(due)
            .of_claims([claim]).at_risk(view.amount(claim))
            .propose(proposed)
            .says(
                format!(
                    "주문 {}: 접수 {}의 물건 {pieces}개가 {day}에 입고됐는데 판매채널은 아직 {ko}을 기다려요.{guess_ko}",
                    view.order(), claim.number
                ),
                format!(
                    "Order {}: {pieces} of claim {} arrived on {day}, and the channel still waits for {en}.{guess_en}",
                    view.order(), claim.number
                ),
            ),
    )
}
