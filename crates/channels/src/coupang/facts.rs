//! One document → what Coupang tells by it. Times without an offset are KST; both versions of the
//! contract are read alike.

use hoesu_claims::Document;
use hoesu_claims::fact::{
    ClaimKind, Collection, Fact, Fault, Line, Links, Reason, Release, Stage, Stop, Tells, When,
};
use hoesu_claims::money::Won;
use hoesu_claims::time::parse_time;

use super::read::{EXCHANGE, RETURN, WITHDRAWAL};
use crate::contract::{Codes, Field, Holds, Kept, unreadable, unrecognised};
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

/// `faultByType`, `faultType`.
pub(super) const FAULT: Codes<Fault> = Codes(&[
    ("COUPANG", Fault::Channel),
    ("VENDOR", Fault::Seller),
    ("CUSTOMER", Fault::Customer),
    ("WMS", Fault::Logistics),
    ("GENERAL", Fault::General),
    ("Coupang 과실", Fault::Channel),
    ("협력사 과실", Fault::Seller),
    ("고객 과실", Fault::Customer),
    ("물류 과실", Fault::Logistics),
    ("일반", Fault::General),
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

/// `reasonCode`: the published set, and two newer ones.
pub(super) const REASON: Codes<Reason> = Codes(&[
    ("CHANGEMIND", Reason::Other),
    ("DIFFERENTOPT", Reason::Other),
    ("CHEAPER", Reason::Other),
    ("WRONGOPT", Reason::Other),
    ("REORDER", Reason::Other),
    ("WRONGADDRESS", Reason::Other),
    ("OTHERS", Reason::Other),
    ("DELIVERYLATER", Reason::Other),
    ("DELIVERYSTOP", Reason::Other),
    ("CARRIERLOST", Reason::Other),
    ("LOST", Reason::Other),
    ("PARTIALMISS", Reason::Other),
    ("COMPOMISS", Reason::Other),
    ("LATEDELIVERED", Reason::Other),
    ("DAMAGED", Reason::Other),
    ("BOTHDAMAGED", Reason::Other),
    ("SHIPBOXOK", Reason::Other),
    ("DEFECT", Reason::Other),
    ("INACCURATE", Reason::Other),
    ("WRONGDELIVERY", Reason::Other),
    ("WRONGSIZECOL", Reason::Other),
    ("SOLD_OUT", Reason::SoldOut),
    ("ETC", Reason::Other),
]);

/// `exchangeStatus`.
pub(super) const EXCHANGE_STATUS: Codes<Stage> = Codes(&[
    ("RECEIPT", Stage::Asked),
    ("PROGRESS", Stage::Received),
    ("SUCCESS", Stage::Done),
    ("REJECT", Stage::Refused),
    ("CANCEL", Stage::Withdrawn),
]);

/// `collectStatus` of an exchange; `Collecting` stands only in the documented sample.
pub(super) const COLLECT: Codes<Collection> = Codes(&[
    ("BeforeDirection", Collection::NotYet),
    ("CompleteDirection", Collection::Asked),
    ("Delivering", Collection::Moving),
    ("Collecting", Collection::Moving),
    ("CompleteCollect", Collection::Arrived),
    ("DirectionFail", Collection::Failed),
    ("Fail", Collection::Failed),
    ("Withdraw", Collection::Nothing),
    ("NoCollect", Collection::Nothing),
    ("NoneData", Collection::Nothing),
]);

/// `orderDeliveryStatusCode`.
pub(super) const ORDER_DELIVERY: Codes<Kept> = Codes(&[
    ("ACCEPT", Kept),
    ("INSTRUCT", Kept),
    ("DEPARTURE", Kept),
    ("DELIVERING", Kept),
    ("FINAL_DELIVERY", Kept),
    ("NONE_TRACKING", Kept),
]);

/// `referType`.
pub(super) const REFER: Codes<Kept> =
    Codes(&[("VENDOR", Kept), ("CS_CENTER", Kept), ("WEB_PC", Kept), ("WEB_MOBILE", Kept)]);

/// `createdByType`, `modifiedByType`.
pub(super) const BY: Codes<Kept> = Codes(&[
    ("CUSTOMER", Kept),
    ("COUNSELOR", Kept),
    ("COUPANG", Kept),
    ("VENDOR", Kept),
    ("ETC", Kept),
    ("TRACKING", Kept),
]);

/// `deliveryStatus` of an exchange.
pub(super) const DELIVERY: Codes<Kept> = Codes(&[
    ("BeforeDirection", Kept),
    ("CompleteDirection", Kept),
    ("Delivering", Kept),
    ("CompleteDelivery", Kept),
    ("DirectionFail", Kept),
    ("VendorDirect", Kept),
    ("Fail", Kept),
    ("Withdraw", Kept),
    ("NoneData", Kept),
]);

/// `returnType`.
pub(super) const RETURN_TYPE: Codes<Kept> = Codes(&[("RETURN", Kept), ("EXCHANGE_RETURN", Kept)]);

/// `statusCode` of what is fetched.
pub(super) const FETCHED: Codes<Kept> = Codes(&[
    ("RETURN_SEND_READY", Kept),
    ("RETURN_SEND_COMPLETE", Kept),
    ("RETURN_COLLECT_OK", Kept),
    ("RETURN_COLLECT_NOT_OK", Kept),
    ("CHANGE_SEND_READY", Kept),
    ("CHANGE_SEND_HOLD", Kept),
    ("CHANGE_SEND_COMPLETE", Kept),
    ("CHANGE_SEND_FAIL", Kept),
    ("COLLECT_FAIL", Kept),
]);

/// `releaseStatus` of what is fetched.
pub(super) const RELEASED: Codes<Kept> = Codes(&[("RELEASED", Kept), ("NOT_RELEASED", Kept)]);

/// `confirmType` of what is fetched.
pub(super) const CONFIRM: Codes<Kept> = Codes(&[("RELEASED", Kept), ("STOPPED", Kept)]);

/// `collectStatus` of what is fetched.
pub(super) const ITEM_COLLECT: Codes<Kept> = Codes(&[
    ("NONE", Kept),
    ("RETURN", Kept),
    ("NO_RETURN", Kept),
    ("ALREADY_RETURN", Kept),
    ("CANCEL_REQUEST_WHEN_DEPARTURE", Kept),
]);

/// `safetyNumberStatus`.
pub(super) const SAFETY: Codes<Kept> = Codes(&[
    ("WAIT", Kept),
    ("ENABLE", Kept),
    ("DEPOSE", Kept),
    ("DISABLE", Kept),
    ("ERROR", Kept),
    ("RESERVE", Kept),
]);

/// `shippingDeliveryType`.
pub(super) const SHIPPING: Codes<Kept> =
    Codes(&[("DELIVERY", Kept), ("EXCHANGE_DELIVERY", Kept), ("FORCED_DELIVERY", Kept)]);

/// `refundDeliveryDuty`.
pub(super) const DUTY: Codes<Kept> = Codes(&[("COM", Kept), ("CUS", Kept), ("COU", Kept)]);

const TIME: Holds = Holds::Time(parse_time);
const ANY: Holds = Holds::Anything;

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

const WAYBILL_FIELDS: &[Field] =
    &[Field("deliveryCompanyCode", ANY), Field("deliveryInvoiceNo", ANY)];

const EXCHANGE_FIELDS: &[Field] = &[
    Field("exchangeId", Holds::Whole),
    Field("orderId", Holds::Whole),
    Field("vendorId", ANY),
    Field("orderDeliveryStatusCode", Holds::Code(&ORDER_DELIVERY)),
    Field("exchangeStatus", Holds::Code(&EXCHANGE_STATUS)),
    Field("referType", Holds::Code(&REFER)),
    Field("faultType", Holds::Code(&FAULT)),
    Field("exchangeAmount", ANY),
    Field("reason", ANY),
    Field("reasonCode", Holds::Code(&REASON)),
    Field("reasonCodeText", ANY),
    Field("reasonEtcDetail", ANY),
    Field("cancelReason", ANY),
    Field("createdByType", Holds::Code(&BY)),
    Field("createdAt", TIME),
    Field("modifiedByType", Holds::Code(&BY)),
    Field("modifiedAt", TIME),
    Field("exchangeItemDtoV1s", Holds::Records(EXCHANGE_ITEM_FIELDS)),
    Field("exchangeAddressDtoV1", Holds::Records(EXCHANGE_ENDS_FIELDS)),
    Field("deliveryInvoiceGroupDtos", Holds::Records(GROUP_FIELDS)),
    Field("deliveryStatus", Holds::Code(&DELIVERY)),
    Field("collectStatus", Holds::Code(&COLLECT)),
    Field("collectCompleteDate", TIME),
    Field("collectInformationsDto", Holds::Records(COLLECTION_FIELDS)),
    Field("returnDeliveryDtos", Holds::Records(WAYBILL_FIELDS)),
    Field("orderDeliveryStatusLabel", ANY),
    Field("exchangeStatusLabel", ANY),
    Field("referTypeLabel", ANY),
    Field("faultTypeLabel", ANY),
    Field("createdByTypeLabel", ANY),
    Field("rejectable", Holds::Truth),
    Field("modifiedByTypeLabel", ANY),
    Field("deliveryInvoiceModifiable", Holds::Truth),
    Field("successable", Holds::Truth),
];

const EXCHANGE_ITEM_FIELDS: &[Field] = &[
    Field("exchangeItemId", ANY),
    Field("orderItemId", Holds::Whole),
    Field("orderItemUnitPrice", ANY),
    Field("orderItemName", ANY),
    Field("orderPackageId", ANY),
    Field("orderPackageName", ANY),
    Field("targetItemId", ANY),
    Field("targetItemUnitPrice", ANY),
    Field("targetItemName", ANY),
    Field("targetPackageId", ANY),
    Field("targetPackageName", ANY),
    Field("quantity", Holds::Pieces),
    Field("orderItemDeliveryComplete", ANY),
    Field("orderItemReturnComplete", ANY),
    Field("targetItemDeliveryComplete", ANY),
    Field("createdAt", TIME),
    Field("modifiedAt", TIME),
    Field("originalShipmentBoxId", ANY),
];

const EXCHANGE_ENDS_FIELDS: &[Field] = &[
    Field("exchangeAddressId", ANY),
    Field("returnCustomerName", ANY),
    Field("returnAddressZipCode", ANY),
    Field("returnAddress", ANY),
    Field("returnAddressDetail", ANY),
    Field("returnPhone", ANY),
    Field("returnMobile", ANY),
    Field("returnMemo", ANY),
    Field("deliveryCustomerName", ANY),
    Field("deliveryAddressZipCode", ANY),
    Field("deliveryAddress", ANY),
    Field("deliveryAddressDetail", ANY),
    Field("deliveryPhone", ANY),
    Field("deliveryMobile", ANY),
    Field("deliveryMemo", ANY),
    Field("createdAt", TIME),
    Field("modifiedAt", TIME),
    Field("exchangeId", ANY),
];

const GROUP_FIELDS: &[Field] = &[
    Field("shipmentBoxId", ANY),
    Field("boxPrice", ANY),
    Field("orderId", ANY),
    Field("orderType", ANY),
    Field("customerType", ANY),
    Field("bundleType", ANY),
    Field("extraMessage", ANY),
    Field("shippingDeliveryType", Holds::Code(&SHIPPING)),
    Field("deliveryInvoiceDtos", Holds::Records(OUTBOUND_FIELDS)),
];

const OUTBOUND_FIELDS: &[Field] = &[
    Field("invoiceNumber", ANY),
    Field("estimatedDeliveryDate", ANY),
    Field("deliveredDate", ANY),
    Field("statusModifiedAt", ANY),
    Field("invoiceNumberUploadDate", ANY),
    Field("statusCode", Holds::Code(&ORDER_DELIVERY)),
    Field("deliverCode", ANY),
    Field("isMainShipmentInvoice", ANY),
    Field("parcelType", ANY),
    Field("invoiceVendorItemDtos", ANY),
];

const COLLECTION_FIELDS: &[Field] = &[
    Field("returnType", Holds::Code(&RETURN_TYPE)),
    Field("expectedReturnDate", TIME),
    Field("returndeliveryItemDtos", Holds::Records(FETCHED_FIELDS)),
    Field("returndeliveryDestinationDto", Holds::Records(DESTINATION_FIELDS)),
];

const FETCHED_FIELDS: &[Field] = &[
    Field("vendorItemId", ANY),
    Field("statusCode", Holds::Code(&FETCHED)),
    Field("returnCount", ANY),
    Field("releaseStatus", Holds::Code(&RELEASED)),
    Field("paymentReturnDeliveryMapId", ANY),
    Field("paymentItemId", ANY),
    Field("modifiedBy", ANY),
    Field("moodifiedAt", TIME),
    Field("createdBy", ANY),
    Field("createdAt", TIME),
    Field("count", ANY),
    Field("confirmType", Holds::Code(&CONFIRM)),
    Field("collectStatus", Holds::Code(&ITEM_COLLECT)),
];

const DESTINATION_FIELDS: &[Field] = &[
    Field("vendorZipCode", ANY),
    Field("vendorPhone", ANY),
    Field("vendorName", ANY),
    Field("vendorMobile", ANY),
    Field("vendorAddressDetail", ANY),
    Field("vendorAddress", ANY),
    Field("safetyNumberStatus", Holds::Code(&SAFETY)),
    Field("safetyNumberId", ANY),
    Field("safetyNumber", ANY),
    Field("returnDeliveryId", ANY),
    Field("returnCenterCode", ANY),
    Field("receiptId", ANY),
    Field("orderedByMobile", ANY),
    Field("orderId", ANY),
    Field("message", ANY),
    Field("customerZipCode", ANY),
    Field("customerPhone", ANY),
    Field("customerName", ANY),
    Field("customerMobile", ANY),
    Field("customerAddressDetail", ANY),
    Field("customerAddress", ANY),
];

const WITHDRAWAL_FIELDS: &[Field] = &[
    Field("cancelId", Holds::Whole),
    Field("orderId", Holds::Whole),
    Field("vendorId", ANY),
    Field("refundDeliveryDuty", Holds::Code(&DUTY)),
    Field("createdAt", TIME),
    Field("vendorItemIds", ANY),
];

/// [`crate::Channel::facts`].
pub(super) fn facts(kind: &str, document: &Document) -> Vec<Fact> {
    let heard = When::first([], document.observed_at);
    let Some(record) = Node::parse(document.media, &document.body) else {
        return unreadable(heard);
    };
    let told = Told { record: &record, document };
    match kind {
        RETURN => receipt(&told),
        EXCHANGE => exchange(&told),
        WITHDRAWAL => withdrawal(&told),
        _ => unreadable(heard),
    }
}

/// A record and the document it stands in.
struct Told<'r> {
    record: &'r Node<'r>,
    document: &'r Document,
}

impl<'r> Told<'r> {
    fn get(&self, name: &str) -> &'r Node<'r> {
        self.record.get(name)
    }

    /// The first of these times that is there.
    fn when(&self, names: &[&str]) -> When {
        let told = names.iter().map(|name| self.get(name).time(parse_time));
        When::first(told, self.document.observed_at)
    }

    fn links(&self) -> Tells {
        Tells::Links(Links { order: self.get("orderId").owned(), ..Links::default() })
    }

    fn return_waybills(&self, claim: &str, at: When, facts: &mut Vec<Fact>) {
        for parcel in self.get("returnDeliveryDtos").groups() {
            if let Some(waybill) = parcel.get("deliveryInvoiceNo").waybill() {
                facts.push(Tells::ReturnWaybill { claim: claim.to_owned(), waybill }.at(at));
            }
        }
    }
}

fn receipt(told: &Told<'_>) -> Vec<Fact> {
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

/// Won, as a number or as a money object of whole won.
fn won(node: &Node<'_>) -> Option<Won> {
    if let Some(won) = node.whole() {
        return Some(Won(won));
    }
    let in_won = node.get("currencyCode").text() == Some("KRW");
    let is_whole = node.get("nanos").whole().unwrap_or(0) == 0;
    node.get("units").whole().filter(|_| in_won && is_whole).map(Won)
}

fn exchange(told: &Told<'_>) -> Vec<Fact> {
    let created = told.when(&["createdAt"]);
    let changed = told.when(&["modifiedAt", "createdAt"]);
    let number = told.get("exchangeId").owned().unwrap_or_else(|| told.document.key.clone());
    // Receipts and exchanges are numbered apart.
    let claim = format!("exchange-{number}");
    let mut facts = unrecognised(told.record, EXCHANGE_FIELDS, changed);
    facts.push(told.links().at(created));
    let reason = Reason::Other;
    let kind = Some(ClaimKind::Exchange);
    facts.push(Tells::ClaimOpened { claim: claim.clone(), kind, reason }.at(created));
    if let Some(fault) = FAULT.of(told.get("faultType")) {
        facts.push(Tells::ClaimFault { claim: claim.clone(), fault }.at(created));
    }
    for item in told.get("exchangeItemDtoV1s").groups() {
        let line = Line { number: None, item: item.get("orderItemId").owned() };
        let quantity = item.get("quantity").quantity();
        if let Some(unit) = item.get("orderItemUnitPrice").whole().filter(|won| *won > 0) {
            facts.push(Tells::Priced { line: line.clone(), unit: Won(unit) }.at(created));
        }
        let line = Tells::ClaimLine { claim: claim.clone(), line, quantity, release: None };
        facts.push(line.at(created));
    }
    if let Some(stage) = EXCHANGE_STATUS.of(told.get("exchangeStatus")) {
        let at = if stage == Stage::Asked { created } else { changed };
        if stage != Stage::Asked {
            let asked = Tells::ClaimStage { claim: claim.clone(), stage: Stage::Asked };
            facts.push(asked.at(created));
        }
        facts.push(Tells::ClaimStage { claim: claim.clone(), stage }.at(at));
    }
    if let Some(collection) = COLLECT.of(told.get("collectStatus")) {
        let collected = told.when(&["collectCompleteDate", "modifiedAt", "createdAt"]);
        let at = match collection {
            Collection::NotYet => created,
            Collection::Arrived => collected,
            Collection::Asked | Collection::Moving | Collection::Failed | Collection::Nothing => {
                changed
            }
        };
        facts.push(Tells::ClaimCollection { claim: claim.clone(), collection }.at(at));
        if collection == Collection::Arrived {
            facts.push(Tells::ReceivedAtChannel { claim: claim.clone() }.at(at));
        }
    }
    for group in told.get("deliveryInvoiceGroupDtos").groups() {
        let invoices: Vec<&Node<'_>> = group.get("deliveryInvoiceDtos").groups().collect();
        let codes = invoices.iter().map(|invoice| invoice.get("invoiceNumber").waybill());
        let codes = if invoices.is_empty() { vec![None] } else { codes.collect() };
        for waybill in codes {
            facts.push(Tells::Reshipped { claim: claim.clone(), waybill }.at(changed));
        }
    }
    told.return_waybills(&claim, created, &mut facts);
    facts
}

fn withdrawal(told: &Told<'_>) -> Vec<Fact> {
    let at = told.when(&["createdAt"]);
    let claim = told.get("cancelId").owned().unwrap_or_else(|| told.document.key.clone());
    let mut facts = unrecognised(told.record, WITHDRAWAL_FIELDS, at);
    facts.push(told.links().at(at));
    facts.push(Tells::ClaimStage { claim, stage: Stage::Withdrawn }.at(at));
    facts
}

#[cfg(test)]
mod tests;
