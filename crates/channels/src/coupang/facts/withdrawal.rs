//! A withdrawal → what it tells: which lines of a receipt were taken back, or all of it.

use hoesu_claims::fact::{Fact, Line, Stage, Tells};

use super::{ANY, TIME, Told};
use crate::contract::{Codes, Field, Holds, Kept, unrecognised};
use crate::tree::Node;

/// `refundDeliveryDuty`.
pub(super) const DUTY: Codes<Kept> = Codes(&[("COM", Kept), ("CUS", Kept), ("COU", Kept)]);

const WITHDRAWAL_FIELDS: &[Field] = &[
    Field("cancelId", Holds::Whole),
    Field("orderId", Holds::Whole),
    Field("vendorId", ANY),
    Field("refundDeliveryDuty", Holds::Code(&DUTY)),
    Field("createdAt", TIME),
    Field("vendorItemIds", ANY),
];

pub(super) fn withdrawal(told: &Told<'_>) -> Vec<Fact> {
    let at = told.when(&["createdAt"]);
    let claim = told.get("cancelId").owned().unwrap_or_else(|| told.document.key.clone());
    let mut facts = unrecognised(told.record, WITHDRAWAL_FIELDS, at);
    facts.push(told.links().at(at));
    // Whether part of a receipt can be taken back is documented nowhere; what is named is named.
    let items: Vec<String> =
        told.get("vendorItemIds").all().iter().filter_map(Node::owned).collect();
    if items.is_empty() {
        facts.push(Tells::ClaimStage { claim, stage: Stage::Withdrawn }.at(at));
        return facts;
    }
    for item in items {
        let line = Line { number: None, item: Some(item) };
        facts.push(Tells::LineWithdrawn { claim: claim.clone(), line }.at(at));
    }
    facts
}
