//! 배송비 귀책 불일치: who pays the way back is not whose fault it is. Cleared when they agree.

use super::Rule;
use crate::assess::{Finding, Proposed, View, latest};
use crate::case::Claim;
use crate::fact::Fault;
use crate::money::Won;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let standing = view.case.claims.iter().filter(|claim| claim.stands());
    standing.filter_map(|claim| finding(view, claim)).collect()
}

fn finding(view: &View<'_>, claim: &Claim) -> Option<Finding> {
    let ((fault, said), (charge, charged)) = claim.fault.zip(claim.charge)?;
    if charge == Won::ZERO {
        return None;
    }
    let seller_pays = charge.0 > 0;
    let (fault_ko, fault_en) = match (fault, seller_pays) {
        (Fault::General, _) | (Fault::Customer, false) | (Fault::Seller, true) => return None,
        (Fault::Customer, true) => ("고객", "the buyer's"),
        (Fault::Seller, false) => ("판매자", "the seller's"),
        (Fault::Channel, _) => ("판매채널", "the channel's"),
        (Fault::Logistics, _) => ("물류", "the carrier's"),
    };
    let (payer_ko, payer_en) =
        if seller_pays { ("판매자", "the seller") } else { ("고객", "the buyer") };
    let won = Won(charge.0.saturating_abs());
    Some(
        view.finding(Rule::FeeConflict, format!("claim/{}", claim.number), latest([said, charged]))
            .seen_in(view, [said.by, charged.by])
            .at_risk(Some(won))
            .propose(Proposed::CorrectFee { claim: claim.number.clone() })
            .says(
                format!(
                    "주문 {}: 접수 {}의 귀책은 {fault_ko}인데 반품 배송비 {}은 {payer_ko} 부담으로 돼 있어요.",
                    view.order(), claim.number, won.korean()
                ),
                format!(
                    "Order {}: claim {} is {fault_en} fault, and {payer_en} pays {won} for the way back.",
                    view.order(), claim.number
                ),
            ),
    )
}
