//! A withdrawal → what it tells: that a receipt was taken back.

use hoesu_claims::fact::{Fact, Stage, Tells};

use super::{ANY, TIME, Told};
use crate::contract::{Codes, Field, Holds, Kept, unrecognised};

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
    facts.push(Tells::ClaimStage { claim, stage: Stage::Withdrawn }.at(at));
    facts
}
