//! A return or cancel → what it tells: `receiptId`, its status, its pieces, its end.

use hoesu_claims::fact::{ClaimKind, Collection, Fact, Line, Reason, Release, Stage, Stop, Tells};

use super::{ANY, FAULT, REASON, TIME, Told, WAYBILL_FIELDS, won};
use crate::contract::{Codes, Field, Holds, unrecognised};
use crate::tree::Node;

/// `receiptType`; older documents print the Korean word.
pub(super) const RECEIPT_TYPE: Codes<ClaimKind> = Codes(&[
    ("RETURN", ClaimKind::Return),
    ("반품", ClaimKind::Return),
    ("CANCEL", ClaimKind::Cancel),
    ("취소", ClaimKind::Cancel),
]);

/// `receiptStatus`.
pub(super) const RECEIPT_STATUS: Codes<Stage> = Codes(&[
    ("RELEASE_STOP_UNCHECKED", Stage::StopAsked),
    ("RETURNS_UNCHECKED", Stage::Asked),
    ("VENDOR_WAREHOUSE_CONFIRM", Stage::Received),
    ("REQUEST_COUPANG_CHECK", Stage::Disputed),
    ("RETURNS_COMPLETED", Stage::Done),
]);

/// `returnDeliveryType`; empty if the buyer sends the goods or nothing comes back.
pub(super) const DELIVERY_TYPE: Codes<Collection> = Codes(&[
    ("전담택배", Collection::Asked),
    ("연동택배", Collection::Asked),
    ("수기관리", Collection::NotYet),
]);

/// `releaseStopStatus`.
pub(super) const STOP: Codes<Stop> = Codes(&[
    ("미처리", Stop::Unanswered),
    ("처리(이미출고)", Stop::Shipped),
    ("처리(출고중지)", Stop::Stopped),
    ("자동처리(이미출고)", Stop::TakenForShipped),
    ("비대상", Stop::NotApplicable),
]);

/// What a confirmation of the end says about the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Confirmed {
    /// Nothing yet.
    Not,
    /// They were received.
    Received,
    /// They are lost.
    Lost,
}

/// `completeConfirmType`; older documents print the Korean word.
pub(super) const CONFIRMED: Codes<Confirmed> = Codes(&[
    ("VENDOR_CONFIRM", Confirmed::Received),
    ("UNDEFINED", Confirmed::Not),
    ("CS_CONFIRM", Confirmed::Received),
    ("CS_LOSS_CONFIRM", Confirmed::Lost),
    ("파트너 확인", Confirmed::Received),
    ("미확인", Confirmed::Not),
    ("CS 대리확인", Confirmed::Received),
    ("CS 손실확인", Confirmed::Lost),
]);

/// `releaseStatus`.
pub(super) const RELEASE: Codes<Release> = Codes(&[
    ("Y", Release::Shipped),
    ("N", Release::Held),
    ("S", Release::Stopped),
    ("A", Release::ShippedAlready),
]);

const RETURN_FIELDS: &[Field] = &[
    Field("receiptId", Holds::Whole),
    Field("orderId", Holds::Whole),
    Field("paymentId", ANY),
    Field("receiptType", Holds::Code(&RECEIPT_TYPE)),
    Field("receiptStatus", Holds::Code(&RECEIPT_STATUS)),
    Field("createdAt", TIME),
    Field("modifiedAt", TIME),
    Field("requesterName", ANY),
    Field("requesterPhoneNumber", ANY),
    Field("requesterRealPhoneNumber", ANY),
    Field("requesterAddress", ANY),
    Field("requesterAddressDetail", ANY),
    Field("requesterZipCode", ANY),
    Field("cancelReasonCategory1", ANY),
    Field("cancelReasonCategory2", ANY),
    Field("cancelReason", ANY),
    Field("cancelCountSum", Holds::Pieces),
    Field("returnDeliveryId", ANY),
    Field("returnDeliveryType", Holds::Code(&DELIVERY_TYPE)),
    Field("releaseStopStatus", Holds::Code(&STOP)),
    Field("enclosePrice", Holds::Amount),
    Field("faultByType", Holds::Code(&FAULT)),
    Field("preRefund", Holds::Truth),
    Field("completeConfirmDate", TIME),
    Field("completeConfirmType", Holds::Code(&CONFIRMED)),
    Field("returnItems", Holds::Records(ITEM_FIELDS)),
    Field("returnDeliveryDtos", Holds::Records(WAYBILL_FIELDS)),
    Field("reasonCode", Holds::Code(&REASON)),
    Field("reasonCodeText", ANY),
    Field("returnShippingCharge", Holds::Amount),
];

const ITEM_FIELDS: &[Field] = &[
    Field("vendorItemPackageId", ANY),
    Field("vendorItemPackageName", ANY),
    Field("vendorItemId", Holds::Whole),
    Field("vendorItemName", ANY),
    Field("purchaseCount", Holds::Pieces),
    Field("cancelCount", Holds::Pieces),
    Field("shipmentBoxId", ANY),
    Field("sellerProductId", ANY),
    Field("sellerProductName", ANY),
    Field("releaseStatus", Holds::Code(&RELEASE)),
    Field("cancelCompleteUser", ANY),
];

pub(super) fn receipt(told: &Told<'_>) -> Vec<Fact> {
    let created = told.when(&["createdAt"]);
    let changed = told.when(&["modifiedAt", "createdAt"]);
    let claim = told.get("receiptId").owned().unwrap_or_else(|| told.document.key.clone());
    let kind = kind(told);
    let stop = STOP.of(told.get("releaseStopStatus"));
    let mut facts = unrecognised(told.record, RETURN_FIELDS, changed);
    facts.push(told.links().at(created));
    let opened = Tells::ClaimOpened { claim: claim.clone(), kind, reason: reason(told) };
    facts.push(opened.at(created));
    if let Some(fault) = FAULT.of(told.get("faultByType")) {
        facts.push(Tells::ClaimFault { claim: claim.clone(), fault }.at(created));
    }
    if let Some(charge) = won(told.get("returnShippingCharge")) {
        facts.push(Tells::ClaimCharge { claim: claim.clone(), charge }.at(created));
    }
    for item in told.get("returnItems").groups() {
        let line = Line { number: None, item: item.get("vendorItemId").owned() };
        if let Some(quantity) = item.get("purchaseCount").quantity() {
            let quantity = Some(quantity);
            facts.push(Tells::Ordered { line: line.clone(), quantity }.at(created));
        }
        let quantity = item.get("cancelCount").quantity();
        let release = released(item);
        facts.push(Tells::ClaimLine { claim: claim.clone(), line, quantity, release }.at(created));
    }
    if let Some(stop) = stop {
        let at = if stop == Stop::Unanswered { created } else { changed };
        facts.push(Tells::StopAsked { claim: claim.clone(), stop }.at(at));
    }
    let stage = RECEIPT_STATUS.of(told.get("receiptStatus"));
    if let Some(stage) = stage {
        let is_open = matches!(stage, Stage::Asked | Stage::StopAsked);
        let at = if is_open { created } else { changed };
        let first = if stop == Some(Stop::Unanswered) { Stage::StopAsked } else { Stage::Asked };
        if !is_open {
            facts.push(Tells::ClaimStage { claim: claim.clone(), stage: first }.at(created));
        }
        facts.push(Tells::ClaimStage { claim: claim.clone(), stage }.at(at));
        if stage == Stage::Received {
            facts.push(Tells::ReceivedAtChannel { claim: claim.clone() }.at(at));
        }
    }
    // A cancel before anything was prepared is done at once.
    let at_once = RECEIPT_TYPE.of(told.get("receiptType")) == Some(ClaimKind::Cancel);
    if at_once && stage != Some(Stage::Done) {
        facts.push(Tells::ClaimStage { claim: claim.clone(), stage: Stage::Done }.at(created));
    }
    if at_once || stage == Some(Stage::Done) {
        let at = if at_once { created } else { changed };
        facts.push(Tells::RefundSeen { claim: claim.clone() }.at(at));
    }
    if told.get("preRefund").truth() == Some(true) {
        facts.push(Tells::PreRefunded { claim: claim.clone() }.at(changed));
    }
    let confirmed = told.when(&["completeConfirmDate", "modifiedAt", "createdAt"]);
    match CONFIRMED.of(told.get("completeConfirmType")) {
        Some(Confirmed::Received) if kind == Some(ClaimKind::Return) => {
            facts.push(Tells::ReceivedAtChannel { claim: claim.clone() }.at(confirmed));
        }
        Some(Confirmed::Lost) => facts.push(Tells::Lost { claim: claim.clone() }.at(confirmed)),
        Some(Confirmed::Received | Confirmed::Not) | None => {}
    }
    if let Some(collection) = DELIVERY_TYPE.of(told.get("returnDeliveryType"))
        && kind == Some(ClaimKind::Return)
    {
        facts.push(Tells::ClaimCollection { claim: claim.clone(), collection }.at(created));
    }
    // An empty type is a buyer who sends the goods, or nothing to collect; with no waybill either, nothing
    // shows that anything is under way.
    let no_type = told.has("returnDeliveryType") && told.get("returnDeliveryType").is_nothing();
    if kind == Some(ClaimKind::Return) && no_type && !told.has_waybill() {
        let collection = Collection::Nothing;
        facts.push(Tells::ClaimCollection { claim: claim.clone(), collection }.at(created));
    }
    told.return_waybills(&claim, created, &mut facts);
    facts
}

/// What a receipt asks for. Coupang books a cancel of prepared goods as a return; it is one only
/// when the goods are out.
fn kind(told: &Told<'_>) -> Option<ClaimKind> {
    let written = RECEIPT_TYPE.of(told.get("receiptType"))?;
    let mut items = told.get("returnItems").groups().map(released).peekable();
    let none_left = items.peek().is_some()
        && items.all(|release| matches!(release, Some(Release::Held | Release::Stopped)));
    let supplied = match STOP.of(told.get("releaseStopStatus")) {
        Some(Stop::Unanswered | Stop::Stopped) => false,
        Some(Stop::Shipped | Stop::TakenForShipped) => true,
        Some(Stop::NotApplicable) | None => !none_left,
    };
    Some(if written == ClaimKind::Return && supplied {
        ClaimKind::Return
    } else {
        ClaimKind::Cancel
    })
}

fn released(item: &Node<'_>) -> Option<Release> {
    let handled = item.get("cancelCompleteUser").text() == Some("3P_CANCEL");
    RELEASE.of(item.get("releaseStatus")).or(handled.then_some(Release::Stopped))
}

/// A seller's own cancel for want of stock says so in its category.
fn reason(told: &Told<'_>) -> Reason {
    let sold_out = told.get("cancelReasonCategory2").text() == Some("품절");
    let coded = REASON.of(told.get("reasonCode"));
    if sold_out || coded == Some(Reason::SoldOut) { Reason::SoldOut } else { Reason::Other }
}
