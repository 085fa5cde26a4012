//! One body → what it tells. Most carry no time of their own; then it is when they were heard.

use hoesu_claims::Document;
use hoesu_claims::fact::{
    ClaimKind, Collection, Fact, Line, Links, Quantity, Reason, Stage, Tells, When,
};
use hoesu_claims::time::parse_time;

use super::read::{ADDRESS_CHANGE, COLLECT, ORDER_CANCEL, RETURN_REQUEST, TRACKING, request_key};
use crate::contract::{Codes, Field, Holds, Kept, unreadable, unrecognised};
use crate::tree::Node;

/// `requestType`.
pub(super) const REQUEST_TYPE: Codes<Kept> = Codes(&[("COLLECT", Kept)]);

/// `status` of an instruction or a tracking.
pub(super) const STATUS: Codes<Collection> = Codes(&[
    ("COLLECT", Collection::Asked),
    ("COLLECTING", Collection::Moving),
    ("COLLECTING_COMPLETE", Collection::Arrived),
]);

/// `cancelReason`.
pub(super) const CANCEL_REASON: Codes<Reason> = Codes(&[
    ("SimpleRemorse", Reason::Other),
    ("ProductFailure", Reason::Other),
    ("DeliveryComplaint", Reason::Other),
    ("OtherProducts", Reason::Other),
    ("ETC", Reason::Other),
]);

const ANY: Holds = Holds::Anything;

const REQUEST_FIELDS: &[Field] = &[
    Field("orderNumber", Holds::Whole),
    Field("invoiceNumber", ANY),
    Field("vendorItemId", Holds::Whole),
    // The one value ever shown is 80; the list is published nowhere, so none is judged.
    Field("reasonCode", ANY),
    Field("reasonMessage", ANY),
    Field("customerAddress1", ANY),
    Field("customerAddress2", ANY),
    Field("customerZipCode", ANY),
    Field("customerMobile", ANY),
    Field("customerPhone", ANY),
    Field("customerName", ANY),
    Field("requestType", Holds::Code(&REQUEST_TYPE)),
    Field("instantReturn", Holds::Truth),
    Field("shippingCompanyId", ANY),
];

const MOVEMENT_FIELDS: &[Field] = &[
    Field("orderNumber", Holds::Whole),
    Field("invoiceNumber", ANY),
    Field("vendorItemId", Holds::Whole),
    Field("status", Holds::Code(&STATUS)),
    Field("shippingCompanyId", ANY),
    Field("returnInvoiceNumber", ANY),
    Field("occurredAt", Holds::Time(parse_time)),
];

const CANCEL_FIELDS: &[Field] = &[
    Field("orderId", ANY),
    Field("cancelReason", Holds::Code(&CANCEL_REASON)),
    Field("vendorItemCancelList", Holds::Records(CANCELLED_FIELDS)),
];

const CANCELLED_FIELDS: &[Field] =
    &[Field("vendorItemId", Holds::Whole), Field("quantity", Holds::Pieces)];

const ADDRESS_FIELDS: &[Field] = &[
    Field("orderId", ANY),
    Field("changedRecipientInfo", Holds::Records(RECIPIENT_FIELDS)),
    Field("shipmentNote", ANY),
    Field("targetVendorItem", Holds::Records(TARGET_FIELDS)),
];

const RECIPIENT_FIELDS: &[Field] = &[
    Field("recipientCustomerName", ANY),
    Field("zipcode", ANY),
    Field("shippingAddr1", ANY),
    Field("shippingAddr2", ANY),
    Field("recipientPhoneNumber", ANY),
    Field("orderCustomerPhoneNumber", ANY),
];

const TARGET_FIELDS: &[Field] = &[Field("vendorItemId", ANY), Field("promiseDeliveryDate", ANY)];

/// [`crate::Channel::facts`].
pub(super) fn facts(kind: &str, document: &Document) -> Vec<Fact> {
    let heard = When::first([], document.observed_at);
    let Some(record) = Node::parse(document.media, &document.body) else {
        return unreadable(heard);
    };
    match kind {
        RETURN_REQUEST => request(&record, heard),
        TRACKING | COLLECT => movement(&record, document),
        ORDER_CANCEL => cancel(&record, document),
        ADDRESS_CHANGE => address(&record, heard),
        _ => unreadable(heard),
    }
}

/// The number of the request that a body belongs to.
fn claim(record: &Node<'_>) -> String {
    request_key(
        record.get("orderNumber").whole().unwrap_or_default(),
        record.get("invoiceNumber").text().unwrap_or_default(),
        record.get("vendorItemId").whole().unwrap_or_default(),
    )
}

fn links(record: &Node<'_>) -> Tells {
    Tells::Links(Links {
        order: record.get("orderNumber").owned(),
        waybills: record.get("invoiceNumber").waybill().into_iter().collect(),
        ..Links::default()
    })
}

fn request(record: &Node<'_>, heard: When) -> Vec<Fact> {
    let claim = claim(record);
    let line = Line { number: None, item: record.get("vendorItemId").owned() };
    let stage = Stage::Asked;
    let (kind, reason) = (Some(ClaimKind::Return), Reason::Other);
    let (quantity, release) = (None::<Quantity>, None);
    let mut facts = unrecognised(record, REQUEST_FIELDS, heard);
    let tells = [
        links(record),
        Tells::ClaimOpened { claim: claim.clone(), kind, reason },
        Tells::ClaimLine { claim: claim.clone(), line, quantity, release },
        Tells::ClaimStage { claim: claim.clone(), stage },
        Tells::ReturnRequestedAtChannel { claim },
    ];
    facts.extend(tells.map(|tells| tells.at(heard)));
    facts
}

fn movement(record: &Node<'_>, document: &Document) -> Vec<Fact> {
    let at = When::first([record.get("occurredAt").time(parse_time)], document.observed_at);
    let claim = claim(record);
    let mut facts = unrecognised(record, MOVEMENT_FIELDS, at);
    facts.push(links(record).at(at));
    if let Some(waybill) = record.get("returnInvoiceNumber").waybill() {
        facts.push(Tells::ReturnWaybill { claim: claim.clone(), waybill }.at(at));
    }
    if let Some(collection) = STATUS.of(record.get("status")) {
        facts.push(Tells::ClaimCollection { claim: claim.clone(), collection }.at(at));
        if collection == Collection::Arrived {
            // The vendor's part ends here; nothing tells the refund.
            let stage = Stage::HandedOver;
            facts.push(Tells::ClaimStage { claim: claim.clone(), stage }.at(at));
            facts.push(Tells::ReceivedAtChannel { claim }.at(at));
        }
    }
    facts
}

fn cancel(record: &Node<'_>, document: &Document) -> Vec<Fact> {
    let heard = When::first([], document.observed_at);
    let claim = document.key.clone();
    let reason = CANCEL_REASON.of(record.get("cancelReason")).unwrap_or(Reason::Other);
    let mut facts = unrecognised(record, CANCEL_FIELDS, heard);
    let links = Links { order: record.get("orderId").owned(), ..Links::default() };
    facts.push(Tells::Links(links).at(heard));
    let kind = Some(ClaimKind::Cancel);
    facts.push(Tells::ClaimOpened { claim: claim.clone(), kind, reason }.at(heard));
    for item in record.get("vendorItemCancelList").groups() {
        let line = Line { number: None, item: item.get("vendorItemId").owned() };
        let quantity = item.get("quantity").quantity();
        let line = Tells::ClaimLine { claim: claim.clone(), line, quantity, release: None };
        facts.push(line.at(heard));
    }
    // Coupang holds the money, and tells a cancel only when it is final.
    facts.push(Tells::ClaimStage { claim: claim.clone(), stage: Stage::Done }.at(heard));
    facts.push(Tells::RefundSeen { claim }.at(heard));
    facts
}

fn address(record: &Node<'_>, heard: When) -> Vec<Fact> {
    let mut facts = unrecognised(record, ADDRESS_FIELDS, heard);
    let links = Links { order: record.get("orderId").owned(), ..Links::default() };
    facts.push(Tells::Links(links).at(heard));
    facts.push(Tells::AddressChanged.at(heard));
    facts
}

#[cfg(test)]
mod tests;
