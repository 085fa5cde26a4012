//! A row of an order's own list → what it tells: what was ordered, and how much of it still stands.

use hoesu_claims::fact::{ClaimKind, Fact, Tells};

use super::{ANY, ITEM_STATUS, Row};
use crate::contract::{Codes, Field, Holds, unrecognised};

/// `ordItemDiv`: what a row of an order's own list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Division {
    /// As ordered.
    Ordered,
    /// A claim about it.
    Claimed(ClaimKind),
}

/// `ordItemDiv`.
pub(super) const DIVISION: Codes<Division> = Codes(&[
    ("011", Division::Ordered),
    ("021", Division::Claimed(ClaimKind::Cancel)),
    ("031", Division::Claimed(ClaimKind::Return)),
    ("041", Division::Claimed(ClaimKind::Exchange)),
    ("042", Division::Claimed(ClaimKind::Exchange)),
]);

/// Nobody lists all members of this one, so unknown ones are not judged.
const ORDER_FIELDS: &[Field] = &[
    Field("ordItemDiv", Holds::Code(&DIVISION)),
    Field("cnclQty", Holds::Pieces),
    Field("shpmtQty", Holds::Pieces),
    Field("ordItemStatCd", Holds::Code(&ITEM_STATUS)),
    Field("*", ANY),
];

pub(super) fn order(row: &Row<'_>) -> Vec<Fact> {
    let at = row.when(&["ordRcpDts"]);
    let mut facts = unrecognised(row.record, ORDER_FIELDS, at);
    facts.push(row.links().at(at));
    if !row.get("ordRcpDts").is_nothing() {
        facts.push(Tells::Placed.at(at));
    }
    match DIVISION.of(row.get("ordItemDiv")) {
        Some(Division::Ordered) => {
            let quantity = ["ordQty", "dircItemQty", "procOrdQty"].map(|name| row.get(name));
            let quantity = quantity.iter().find_map(|node| node.quantity());
            facts.push(Tells::Ordered { line: row.line(), quantity }.at(at));
            let cancelled = row.get("cnclQty").quantity();
            let shipped = row.get("shpmtQty").quantity();
            if cancelled.is_some() || shipped.is_some() {
                let stands = Tells::LineStands { line: row.line(), cancelled, shipped };
                facts.push(stands.at(row.heard));
            }
        }
        // Lists of their own tell the claims.
        Some(Division::Claimed(_)) | None => {}
    }
    facts
}
