//! A cancelled row, or the request for one → what it tells.

use hoesu_claims::fact::{ClaimKind, Fact, Fault, Reason, Stage, Tells};

use super::{ANY, ITEM_STATUS, REASON, Row, TIME};
use crate::contract::{Codes, Field, Holds, Kept, unrecognised};

/// `imptDivCd`.
pub(super) const FAULT: Codes<Fault> = Codes(&[("10", Fault::Customer), ("20", Fault::Seller)]);

/// `ordRcpMediaCd`.
pub(super) const MEDIA: Codes<Kept> = Codes(&[
    ("10", Kept),
    ("20", Kept),
    ("30", Kept),
    ("40", Kept),
    ("50", Kept),
    ("60", Kept),
    ("70", Kept),
    ("80", Kept),
    ("90", Kept),
    ("99", Kept),
]);

const CANCEL_FIELDS: &[Field] = &[
    Field("ordpeNm", ANY),
    Field("ordRcpMediaCd", Holds::Code(&MEDIA)),
    Field("ordRcpMediaNm", ANY),
    Field("orordNo", ANY),
    Field("orordItemSeq", ANY),
    Field("ordNo", ANY),
    Field("ordItemSeq", ANY),
    Field("ordItemStatCd", Holds::Code(&ITEM_STATUS)),
    Field("ordItemStatNm", ANY),
    Field("itemNm", ANY),
    Field("itemId", ANY),
    Field("clmRsnCd", Holds::Code(&REASON)),
    Field("clmRsnNm", ANY),
    Field("clmRsnCntt", ANY),
    Field("imptDivCd", Holds::Code(&FAULT)),
    Field("ordCnclDts", TIME),
    Field("cnclItemQty", Holds::Pieces),
    Field("ordRcpDts", TIME),
    Field("dircItemQty", Holds::Pieces),
    Field("uitemId", ANY),
    Field("uitemNm", ANY),
    Field("cstInfo", Holds::Records(COST_FIELDS)),
    Field("orOrdNo", ANY),
];

const COST_FIELDS: &[Field] = &[
    Field("ordNo", ANY),
    Field("ordItemSeq", ANY),
    Field("shpmtShppcst", ANY),
    Field("retShppcst", ANY),
    Field("exchShppcst", ANY),
    Field("splVenBdnDcAmt", ANY),
    Field("splVenId", ANY),
    Field("lrnkSplVenId", ANY),
];

const REQUEST_FIELDS: &[Field] = &[
    Field("ordNo", ANY),
    Field("ordItemSeq", ANY),
    Field("orordNo", ANY),
    Field("orordItemSeq", ANY),
    Field("clmDemndDts", TIME),
    Field("itemId", ANY),
    Field("uitemId", ANY),
    Field("itemNm", ANY),
    Field("uitemNm", ANY),
    Field("exchTgtUitemId", ANY),
    Field("procOrdQty", Holds::Pieces),
    Field("shppcstBdnMainCd", ANY),
    Field("clmRsnCd", Holds::Code(&REASON)),
    Field("clmRsnCntt", ANY),
];

pub(super) fn cancel(row: &Row<'_>) -> Vec<Fact> {
    let cancelled = row.when(&["ordCnclDts"]);
    let claim = row.number(["ordNo", "ordItemSeq"]);
    let reason = REASON.of(row.get("clmRsnCd")).unwrap_or(Reason::Other);
    let mut facts = unrecognised(row.record, CANCEL_FIELDS, cancelled);
    facts.push(row.links().at(cancelled));
    if !row.get("ordRcpDts").is_nothing() {
        facts.push(Tells::Placed.at(row.when(&["ordRcpDts"])));
    }
    let ordered = Tells::Ordered { line: row.line(), quantity: row.get("dircItemQty").quantity() };
    facts.push(ordered.at(row.when(&["ordRcpDts", "ordCnclDts"])));
    let opened = Tells::ClaimOpened { claim: claim.clone(), kind: Some(ClaimKind::Cancel), reason };
    facts.push(opened.at(cancelled));
    if let Some(fault) = FAULT.of(row.get("imptDivCd")) {
        facts.push(Tells::ClaimFault { claim: claim.clone(), fault }.at(cancelled));
    }
    let quantity = row.get("cnclItemQty").quantity();
    let line = Tells::ClaimLine { claim: claim.clone(), line: row.line(), quantity, release: None };
    facts.push(line.at(cancelled));
    facts.push(Tells::ClaimStage { claim: claim.clone(), stage: Stage::Done }.at(cancelled));
    facts.push(Tells::RefundSeen { claim }.at(cancelled));
    facts
}

pub(super) fn request(row: &Row<'_>) -> Vec<Fact> {
    let asked = row.when(&["clmDemndDts"]);
    let claim = row.number(["ordNo", "ordItemSeq"]);
    let reason = REASON.of(row.get("clmRsnCd")).unwrap_or(Reason::Other);
    let mut facts = unrecognised(row.record, REQUEST_FIELDS, asked);
    facts.push(row.links().at(asked));
    let opened = Tells::ClaimOpened { claim: claim.clone(), kind: Some(ClaimKind::Cancel), reason };
    facts.push(opened.at(asked));
    let quantity = row.get("procOrdQty").quantity();
    let line = Tells::ClaimLine { claim: claim.clone(), line: row.line(), quantity, release: None };
    facts.push(line.at(asked));
    facts.push(Tells::ClaimStage { claim, stage: Stage::Asked }.at(asked));
    facts
}
