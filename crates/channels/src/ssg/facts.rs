//! One row → what SSG.COM tells by it. Times carry no zone and are KST.

use hoesu_claims::Document;
use hoesu_claims::fact::{
    ClaimKind, Collection, Fact, Fault, Line, Links, Reason, Stage, Tells, When,
};
use hoesu_claims::money::Won;
use hoesu_claims::time::{kst_midnight, parse_compact_day, parse_time};
use jiff::Timestamp;

use super::read::{CANCEL, CANCEL_REQUEST, ORDER, RETURN, line_number};
use crate::contract::{Codes, Field, Holds, Kept, unreadable, unrecognised};
use crate::tree::Node;

/// `ordItemStatCd`.
pub(super) const ITEM_STATUS: Codes<Kept> =
    Codes(&[("110", Kept), ("120", Kept), ("130", Kept), ("140", Kept), ("180", Kept)]);

/// `clmRsnCd`: 202 is in live feeds and in no document.
pub(super) const REASON: Codes<Reason> = Codes(&[
    ("202", Reason::SoldOut),
    ("251", Reason::Other),
    ("252", Reason::Other),
    ("253", Reason::Other),
    ("258", Reason::Other),
    ("259", Reason::Other),
    ("260", Reason::Other),
    ("351", Reason::Other),
    ("352", Reason::Other),
    ("353", Reason::Other),
    ("451", Reason::Other),
    ("452", Reason::Other),
]);

/// `imptDivCd`.
pub(super) const FAULT: Codes<Fault> = Codes(&[("10", Fault::Customer), ("20", Fault::Seller)]);

/// `retImptMainCd`.
pub(super) const RETURN_FAULT: Codes<Fault> =
    Codes(&[("10", Fault::Customer), ("20", Fault::Seller), ("30", Fault::Logistics)]);

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

/// Which way a shipment row goes, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// To the buyer, as sold.
    Out,
    /// To the buyer, for a claim: no new sale.
    OutAgain,
    /// Back, for a claim of this kind.
    Back(ClaimKind),
}

/// `shppDivDtlCd`.
pub(super) const WAY: Codes<Way> = Codes(&[
    ("11", Way::Out),
    ("12", Way::Out),
    ("13", Way::Out),
    ("14", Way::OutAgain),
    ("15", Way::OutAgain),
    ("16", Way::OutAgain),
    ("21", Way::Back(ClaimKind::Return)),
    ("22", Way::Back(ClaimKind::Exchange)),
    ("23", Way::Back(ClaimKind::Repair)),
]);

/// How far a shipment row came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// On the way out.
    Out,
    /// On the way back.
    Back(Stage, Collection),
}

/// `shppProgStatDtlCd`, `lastShppProgStatDtlCd`.
pub(super) const PROGRESS: Codes<Progress> = Codes(&[
    ("11", Progress::Out),
    ("21", Progress::Out),
    ("22", Progress::Out),
    ("31", Progress::Out),
    ("41", Progress::Out),
    ("42", Progress::Out),
    ("43", Progress::Out),
    ("51", Progress::Out),
    ("52", Progress::Out),
    ("61", Progress::Back(Stage::Asked, Collection::Asked)),
    ("62", Progress::Back(Stage::Asked, Collection::Moving)),
    ("63", Progress::Back(Stage::Received, Collection::Arrived)),
    ("64", Progress::Back(Stage::Done, Collection::Arrived)),
    ("65", Progress::Back(Stage::Deferred, Collection::Arrived)),
    ("66", Progress::Back(Stage::Withdrawn, Collection::Nothing)),
]);

/// `retProcStats`.
pub(super) const RETURN_PROCESS: Codes<Stage> = Codes(&[
    ("10", Stage::Done),
    ("20", Stage::Refused),
    ("30", Stage::Disputed),
    ("40", Stage::Refused),
    ("50", Stage::Received),
    ("60", Stage::Withdrawn),
]);

/// `shppStatCd`.
pub(super) const SHIPMENT: Codes<Kept> = Codes(&[("10", Kept), ("20", Kept), ("30", Kept)]);

/// `shppTypeDtlCd`.
pub(super) const CARRIAGE: Codes<Kept> = Codes(&[
    ("14", Kept),
    ("22", Kept),
    ("25", Kept),
    ("31", Kept),
    ("41", Kept),
    ("51", Kept),
    ("52", Kept),
    ("61", Kept),
]);

/// `shppMainCd`.
pub(super) const SHIPPER: Codes<Kept> = Codes(&[("32", Kept), ("41", Kept), ("42", Kept)]);

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

/// `refundYn` and other answers.
pub(super) const YES_NO: Codes<bool> = Codes(&[("Y", true), ("N", false)]);

const TIME: Holds = Holds::Time(time);
const ANY: Holds = Holds::Anything;

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

const RETURN_FIELDS: &[Field] = &[
    Field("shppVenId", ANY),
    Field("splVenNm", ANY),
    Field("lrnkSplVenNm", ANY),
    Field("bfOrderId", ANY),
    Field("bfOrderSeq", ANY),
    Field("shppDivDtlCd", Holds::Code(&WAY)),
    Field("shppDivDtlNm", ANY),
    Field("orordNo", ANY),
    Field("orordItemSeq", ANY),
    Field("ordNo", ANY),
    Field("ordItemSeq", ANY),
    Field("bfShppNo", ANY),
    Field("bfShppSeq", ANY),
    Field("shppNo", ANY),
    Field("shppSeq", ANY),
    Field("orshppNo", ANY),
    Field("orshppSeq", ANY),
    Field("itemId", ANY),
    Field("itemNm", ANY),
    Field("uitemId", ANY),
    Field("uitemNm", ANY),
    Field("splVenItemId", ANY),
    Field("uSplVenItemId", ANY),
    Field("mdlNm", ANY),
    Field("frebieNm", ANY),
    Field("dircItemQty", Holds::Pieces),
    Field("procItemQty", Holds::Pieces),
    Field("refusRetProcQty", Holds::Pieces),
    Field("clmRsnCd", Holds::Code(&REASON)),
    Field("clmRsnNm", ANY),
    Field("clmRsnCntt", ANY),
    Field("shppcstBdnMainCd", ANY),
    Field("shppcstBdnMainNm", ANY),
    Field("rcovMthdCd", ANY),
    Field("rcovMthdNm", ANY),
    Field("lastShppProgStatDtlCd", Holds::Code(&PROGRESS)),
    Field("lastShppProgStatDtlNm", ANY),
    Field("shppStatCd", Holds::Code(&SHIPMENT)),
    Field("shppStatNm", ANY),
    Field("retProcStatNm", ANY),
    Field("shppTypeDtlCd", Holds::Code(&CARRIAGE)),
    Field("shppTypeDtlNm", ANY),
    Field("delicoVenId", ANY),
    Field("delicoVenNm", ANY),
    Field("wblNo", ANY),
    Field("resellPsblYn", Holds::Code(&YES_NO)),
    Field("retImptMainNm", ANY),
    Field("shppcstAddPaymtNm", ANY),
    Field("refundYn", Holds::Code(&YES_NO)),
    Field("retRefusRsnNm", ANY),
    Field("retProcMemoCntt", ANY),
    Field("retProcMemoRegpeId", ANY),
    Field("memoCntt", ANY),
    Field("rcovDircDt", TIME),
    Field("rcovCnfDt", TIME),
    Field("rcovCmplDeferDt", TIME),
    Field("rcovCmplDt", TIME),
    Field("rcovRvkDt", TIME),
    Field("ordpeNm", ANY),
    Field("rcptpeNm", ANY),
    Field("rcptpeHpno", ANY),
    Field("rcptpeTelno", ANY),
    Field("shpplocAddr", ANY),
    Field("shpplocBascAddr", ANY),
    Field("shpplocDtlAddr", ANY),
    Field("shpplocZipcd", ANY),
    Field("shpplocOldZipcd", ANY),
    Field("sellprc", ANY),
    Field("rlordAmt", ANY),
    Field("dcAmt", ANY),
    Field("mallTypeCd", ANY),
    Field("ordTypeCd06Yn", ANY),
    Field("ordItemCertNoYn", ANY),
    // Beside the list's own: spellings and codes of its neighbours.
    Field("orOrdNo", ANY),
    Field("shppProgStatDtlCd", Holds::Code(&PROGRESS)),
    Field("retProcStats", Holds::Code(&RETURN_PROCESS)),
    Field("retImptMainCd", Holds::Code(&RETURN_FAULT)),
    Field("shppMainCd", Holds::Code(&SHIPPER)),
];

/// Nobody lists all members of this one, so unknown ones are not judged.
const ORDER_FIELDS: &[Field] = &[
    Field("ordItemDiv", Holds::Code(&DIVISION)),
    Field("cnclQty", Holds::Pieces),
    Field("shpmtQty", Holds::Pieces),
    Field("ordItemStatCd", Holds::Code(&ITEM_STATUS)),
    Field("*", ANY),
];

/// [`crate::Channel::facts`].
pub(super) fn facts(kind: &str, document: &Document) -> Vec<Fact> {
    let heard = When::first([], document.observed_at);
    let Some(record) = Node::parse(document.media, &document.body) else {
        return unreadable(heard);
    };
    let row = Row { record: &record, heard };
    match kind {
        CANCEL => cancel(&row),
        CANCEL_REQUEST => request(&row),
        RETURN => returned(&row),
        ORDER => order(&row),
        _ => unreadable(heard),
    }
}

/// A row and when it was heard.
struct Row<'r> {
    record: &'r Node<'r>,
    heard: When,
}

impl<'r> Row<'r> {
    fn get(&self, name: &str) -> &'r Node<'r> {
        self.record.get(name)
    }

    /// The first of these times that is there.
    fn when(&self, names: &[&str]) -> When {
        When::first(names.iter().map(|name| self.get(name).time(time)), self.heard.at)
    }

    fn links(&self) -> Tells {
        let own = self.get("ordNo").owned();
        let original = self.get("orordNo").owned().or_else(|| self.get("orOrdNo").owned());
        let order = original.or_else(|| own.clone());
        let aliases = own.filter(|own| Some(own) != order.as_ref()).into_iter().collect();
        Tells::Links(Links { order, aliases, ..Links::default() })
    }

    fn line(&self) -> Line {
        let number = self.get("orordItemSeq").text().or_else(|| self.get("ordItemSeq").text());
        let item = self.get("itemId").text().map(|item| match self.get("uitemId").text() {
            // 00000 is an item without variants.
            None | Some("00000") => item.to_owned(),
            Some(variant) => format!("{item}/{variant}"),
        });
        Line { number: number.map(|number| line_number(number).to_owned()), item }
    }

    /// Two numbers of the row as one.
    fn number(&self, names: [&str; 2]) -> String {
        names.map(|name| self.get(name).text().unwrap_or_default()).join("/")
    }
}

fn cancel(row: &Row<'_>) -> Vec<Fact> {
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

fn request(row: &Row<'_>) -> Vec<Fact> {
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

fn returned(row: &Row<'_>) -> Vec<Fact> {
    let asked = row.when(&["rcovDircDt"]);
    let claim = row.number(["shppNo", "shppSeq"]);
    let mut facts = unrecognised(row.record, RETURN_FIELDS, asked);
    facts.push(row.links().at(asked));
    let kind = match WAY.of(row.get("shppDivDtlCd")) {
        Some(Way::Out) => return facts,
        Some(Way::OutAgain) => {
            let waybill = row.get("wblNo").waybill();
            facts.push(Tells::Reshipped { claim, waybill }.at(row.heard));
            return facts;
        }
        Some(Way::Back(kind)) => Some(kind),
        None => None,
    };
    let reason = REASON.of(row.get("clmRsnCd")).unwrap_or(Reason::Other);
    facts.push(Tells::ClaimOpened { claim: claim.clone(), kind, reason }.at(asked));
    if let Some(fault) = RETURN_FAULT.of(row.get("retImptMainCd")) {
        facts.push(Tells::ClaimFault { claim: claim.clone(), fault }.at(asked));
    }
    let quantity = row.get("dircItemQty").quantity();
    let line = Tells::ClaimLine { claim: claim.clone(), line: row.line(), quantity, release: None };
    facts.push(line.at(asked));
    price(row, &mut facts, asked);
    if let Some(waybill) = row.get("wblNo").waybill() {
        facts.push(Tells::ReturnWaybill { claim: claim.clone(), waybill }.at(asked));
    }
    let stage = |stage, at| Tells::ClaimStage { claim: claim.clone(), stage }.at(at);
    let progress = PROGRESS.of(row.get("lastShppProgStatDtlCd"));
    let progress = progress.or_else(|| PROGRESS.of(row.get("shppProgStatDtlCd")));
    let confirmed = !row.get("rcovCnfDt").is_nothing();
    facts.push(stage(Stage::Asked, asked));
    if confirmed {
        facts.push(stage(Stage::Received, row.when(&["rcovCnfDt"])));
        facts.push(Tells::ReceivedAtChannel { claim: claim.clone() }.at(row.when(&["rcovCnfDt"])));
    }
    let done = row.when(&["rcovCmplDt"]);
    if let Some(Progress::Back(now, collection)) = progress {
        let at = match now {
            Stage::Asked | Stage::StopAsked | Stage::HandedOver => asked,
            Stage::Received | Stage::Disputed | Stage::Refused => row.when(&["rcovCnfDt"]),
            Stage::Deferred => row.when(&["rcovCmplDeferDt", "rcovCnfDt"]),
            Stage::Done => done,
            Stage::Withdrawn => row.when(&["rcovRvkDt"]),
        };
        facts.push(stage(now, at));
        facts.push(Tells::ClaimCollection { claim: claim.clone(), collection }.at(at));
        if collection == Collection::Arrived && !confirmed {
            facts.push(Tells::ReceivedAtChannel { claim: claim.clone() }.at(at));
        }
    }
    if let Some(now @ (Stage::Refused | Stage::Disputed)) =
        RETURN_PROCESS.of(row.get("retProcStats"))
    {
        facts.push(stage(now, row.when(&["rcovCnfDt", "rcovCmplDt"])));
    }
    if YES_NO.of(row.get("refundYn")) == Some(true) {
        let is_done = matches!(progress, Some(Progress::Back(Stage::Done, _)));
        let claim = claim.clone();
        let tells =
            if is_done { Tells::RefundSeen { claim } } else { Tells::PreRefunded { claim } };
        facts.push(tells.at(done));
    }
    facts
}

/// What one piece cost: only where no discount makes it uncertain.
fn price(row: &Row<'_>, facts: &mut Vec<Fact>, at: When) {
    let discount = row.get("dcAmt").whole().unwrap_or(0);
    if let Some(unit) = row.get("sellprc").whole().filter(|won| *won > 0 && discount == 0) {
        facts.push(Tells::Priced { line: row.line(), unit: Won(unit) }.at(at));
    }
}

fn order(row: &Row<'_>) -> Vec<Fact> {
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

/// A time with or without a fraction, or a day: in KST.
fn time(text: &str) -> Option<Timestamp> {
    let day = || parse_compact_day(&text.replace('-', "")).and_then(kst_midnight);
    parse_time(text).or_else(day)
}

#[cfg(test)]
mod tests;
