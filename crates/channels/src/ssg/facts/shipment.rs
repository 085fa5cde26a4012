//! A line on its way to the buyer → what was ordered, or what is sent again for a claim.

use hoesu_claims::fact::{Fact, Tells};

use super::returned::contract::{PROGRESS, SHIPMENT_STATUS, WAY, Way};
use super::{ANY, Row};
use crate::contract::{Field, Holds, unrecognised};

/// Many members are the shipper's own business, so unknown ones are not judged.
const SHIPMENT_FIELDS: &[Field] = &[
    Field("shppStatCd", Holds::Code(&SHIPMENT_STATUS)),
    Field("shppDivDtlCd", Holds::Code(&WAY)),
    Field("shppProgStatDtlCd", Holds::Code(&PROGRESS)),
    Field("dircItemQty", Holds::Pieces),
    Field("cnclItemQty", Holds::Pieces),
    Field("ordQty", Holds::Pieces),
    Field("*", ANY),
];

pub(super) fn shipment(row: &Row<'_>) -> Vec<Fact> {
    let at = row.when(&["ordRcpDts"]);
    let mut facts = unrecognised(row.record, SHIPMENT_FIELDS, at);
    facts.push(row.links().at(at));
    match WAY.of(row.get("shppDivDtlCd")) {
        // An exchange's parcel looks like an order, and is no sale.
        Some(Way::OutAgain) => {
            let claim = row.number(["shppNo", "shppSeq"]);
            let waybill = row.get("wblNo").waybill();
            facts.push(Tells::Reshipped { claim, waybill }.at(row.heard));
        }
        Some(Way::Out) => {
            if !row.get("ordRcpDts").is_nothing() {
                facts.push(Tells::Placed.at(at));
            }
            let quantity = row.get("ordQty").quantity();
            facts.push(Tells::Ordered { line: row.line(), quantity }.at(at));
        }
        Some(Way::Back(_)) | None => {}
    }
    facts
}
