//! What the contract knows of a row of `listExchangeTarget`: its members, and the codes they may hold.

use hoesu_claims::fact::{ClaimKind, Collection, Fault, Stage};

use crate::contract::{Codes, Field, Holds, Kept};
use crate::ssg::facts::{ANY, REASON, TIME};

/// `retImptMainCd`.
pub(in super::super) const RETURN_FAULT: Codes<Fault> =
    Codes(&[("10", Fault::Customer), ("20", Fault::Seller), ("30", Fault::Logistics)]);

/// Which way a shipment row goes, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Way {
    /// To the buyer, as sold.
    Out,
    /// To the buyer, for a claim: no new sale.
    OutAgain,
    /// Back, for a claim of this kind.
    Back(ClaimKind),
}

/// `shppDivDtlCd`.
pub(in super::super) const WAY: Codes<Way> = Codes(&[
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
pub(in super::super) enum Progress {
    /// On the way out.
    Out,
    /// On the way back.
    Back(Stage, Collection),
}

/// `shppProgStatDtlCd`, `lastShppProgStatDtlCd`.
pub(in super::super) const PROGRESS: Codes<Progress> = Codes(&[
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
pub(in super::super) const RETURN_PROCESS: Codes<Stage> = Codes(&[
    ("10", Stage::Done),
    ("20", Stage::Refused),
    ("30", Stage::Disputed),
    ("40", Stage::Refused),
    ("50", Stage::Received),
    ("60", Stage::Withdrawn),
]);

/// `retProcStats` and their names.
pub(in crate::ssg) const RETURN_PROCESS_NAMES: [(&str, &str); 6] = [
    ("10", "반품완료"),
    ("20", "반품거부"),
    ("30", "거부CS중"),
    ("40", "거부CS완료"),
    ("50", "반품확인"),
    ("60", "회수철회"),
];

/// `retProcStatNm`: rows carry the name, not the code; other names are kept and not judged.
pub(in super::super) const RETURN_PROCESS_NAME: Codes<Stage> = Codes(&[
    ("반품완료", Stage::Done),
    ("반품거부", Stage::Refused),
    ("거부CS중", Stage::Disputed),
    ("거부CS완료", Stage::Refused),
    ("반품확인", Stage::Received),
    ("회수철회", Stage::Withdrawn),
]);

/// `shppStatCd`.
pub(in super::super) const SHIPMENT_STATUS: Codes<Kept> =
    Codes(&[("10", Kept), ("20", Kept), ("30", Kept)]);

/// `shppTypeDtlCd`.
pub(in super::super) const CARRIAGE: Codes<Kept> = Codes(&[
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
pub(in super::super) const SHIPPER: Codes<Kept> =
    Codes(&[("32", Kept), ("41", Kept), ("42", Kept)]);

/// `refundYn` and other answers.
pub(in super::super) const YES_NO: Codes<bool> = Codes(&[("Y", true), ("N", false)]);

pub(super) const RETURN_FIELDS: &[Field] = &[
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
    Field("shppStatCd", Holds::Code(&SHIPMENT_STATUS)),
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
