//! One body → what kind of document it is, its key, what it can be found by.

use hoesu_claims::time::parse_time;
use hoesu_claims::{Found, Moment, Rank, State, Term};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::wire::{AddressChange, Movement, OrderCancel, Recipients, ReturnRequest};
use crate::coupang::cea::hex;
use crate::json::objects::Object;
use crate::{Reading, Refusal, json};

/// Returns the vendor took, by order, invoice and item.
pub(super) const RETURN_REQUEST: &str = "return-request";
/// Where their goods are, by the same and the status.
pub(super) const TRACKING: &str = "tracking";
/// Instructions to fetch them, by order, invoice and item.
pub(super) const COLLECT: &str = "collect";
/// Coupang's cancels, by order and content.
pub(super) const ORDER_CANCEL: &str = "order-cancel";
/// Coupang's changes of address, by order and content.
pub(super) const ADDRESS_CHANGE: &str = "address-change";

/// What the vendor may ask for, and what Coupang's instruction says.
pub(super) const TO_COLLECT: &str = "COLLECT";
/// What a tracking may say.
pub(super) const TRACKED: [&str; 2] = ["COLLECTING", "COLLECTING_COMPLETE"];

pub(super) fn read(body: &[u8]) -> Result<Reading, Refusal> {
    let members = json::members(body)
        .ok_or_else(|| Refusal::of("", "is not a JSON object without white space"))?;
    let find = |name: &str| members.iter().find(|member| member.name == name.as_bytes());
    if find("vendorItemCancelList").is_some() {
        order_cancel(body)
    } else if find("targetVendorItem").is_some() || find("changedRecipientInfo").is_some() {
        address_change(body)
    } else if find("requestType").is_some() {
        return_request(body)
    } else if let Some(status) = find("status") {
        if status.plain_text() == Some(TO_COLLECT) { collect(body) } else { tracking(body) }
    } else {
        Err(Refusal::of("", "is none of the bodies of 3PFL"))
    }
}

/// What names a return request, and everything that belongs to it.
pub(super) fn request_key(order: i64, invoice: &str, item: i64) -> String {
    format!("{order}/{invoice}/{item}")
}

pub(super) fn return_request(body: &[u8]) -> Result<Reading, Refusal> {
    let request: Object<ReturnRequest> = json::decode(body)?;
    let key = request_key(request.order_number, &request.invoice_number, request.vendor_item_id);
    not_empty("invoiceNumber", &request.invoice_number)?;
    let mut found = found(0, &key);
    found.term(Term::Order, request.order_number.to_string());
    found.term(Term::Invoice, &request.invoice_number);
    found.term(Term::Item, request.vendor_item_id.to_string());
    found.term(Term::BuyerName, &request.customer_name);
    found.term(Term::BuyerPhone, &request.customer_mobile);
    if request.customer_phone != request.customer_mobile {
        found.term(Term::BuyerPhone, &request.customer_phone);
    }
    found.term(Term::BuyerPostcode, &request.customer_zip_code);
    found.state(State::Type, request.request_type.as_str());
    Ok(Reading { kind: RETURN_REQUEST, key, found })
}

pub(super) fn tracking(body: &[u8]) -> Result<Reading, Refusal> {
    let movement: Object<Movement> = json::decode(body)?;
    if !TRACKED.contains(&movement.status.as_str()) {
        return Err(Refusal::of("status", "must be COLLECTING or COLLECTING_COMPLETE"));
    }
    let key = format!("{}/{}", movement_key(&movement), movement.status);
    moved(&movement, TRACKING, key, Moment::Changed)
}

pub(super) fn collect(body: &[u8]) -> Result<Reading, Refusal> {
    let movement: Object<Movement> = json::decode(body)?;
    if movement.status != TO_COLLECT {
        return Err(Refusal::of("status", "must be COLLECT"));
    }
    moved(&movement, COLLECT, movement_key(&movement), Moment::CollectionAsked)
}

/// The key of the request a movement belongs to.
fn movement_key(movement: &Movement) -> String {
    request_key(movement.order_number, &movement.invoice_number, movement.vendor_item_id)
}

/// The key of the request a tracking's key belongs to.
pub(super) fn request_of(tracking_key: &str) -> &str {
    tracking_key.rsplit_once('/').map_or(tracking_key, |(request, _)| request)
}

fn moved(
    movement: &Movement,
    kind: &'static str,
    key: String,
    moment: Moment,
) -> Result<Reading, Refusal> {
    not_empty("invoiceNumber", &movement.invoice_number)?;
    let at = parse_time(&movement.occurred_at)
        .ok_or_else(|| Refusal::of("occurredAt", "is not a time such as 2019-12-09 23:59:59"))?;
    let mut found = found(at.as_millisecond(), &key);
    found.term(Term::Order, movement.order_number.to_string());
    found.term(Term::Invoice, &movement.invoice_number);
    found.term(Term::Item, movement.vendor_item_id.to_string());
    found.term(Term::ReturnInvoice, movement.return_invoice_number.as_deref().unwrap_or_default());
    found.state(State::ReturnStatus, movement.status.as_str());
    found.moment(Moment::Created, Some(at));
    found.moment(moment, Some(at));
    Ok(Reading { kind, key, found })
}

pub(super) fn order_cancel(body: &[u8]) -> Result<Reading, Refusal> {
    let cancel: Object<OrderCancel> = json::decode(body)?;
    order("orderId", &cancel.order_id)?;
    within("cancelReason", &cancel.cancel_reason, 100)?;
    if cancel.vendor_item_cancel_list.is_empty() {
        return Err(Refusal::of("vendorItemCancelList", "must not be empty"));
    }
    if let Some(nth) = cancel.vendor_item_cancel_list.iter().position(|item| item.quantity < 1) {
        let field = format!("vendorItemCancelList[{nth}].quantity");
        return Err(Refusal::of(field, "must be 1 or more"));
    }
    let key = content_key(&cancel.order_id, &cancel);
    let mut found = found(0, &key);
    found.term(Term::Order, &cancel.order_id);
    for item in &cancel.vendor_item_cancel_list {
        found.term(Term::Item, item.vendor_item_id.to_string());
    }
    Ok(Reading { kind: ORDER_CANCEL, key, found })
}

pub(super) fn address_change(body: &[u8]) -> Result<Reading, Refusal> {
    let change: Object<AddressChange> = json::decode(body)?;
    order("orderId", &change.order_id)?;
    within("shipmentNote", change.shipment_note.as_deref().unwrap_or_default(), 255)?;
    let key = content_key(&change.order_id, &change);
    let mut found = found(0, &key);
    found.term(Term::Order, &change.order_id);
    for item in change.target_vendor_item.iter().flatten() {
        within("targetVendorItem.vendorItemId", &item.vendor_item_id, 20)?;
        found.term(Term::Item, &item.vendor_item_id);
    }
    let recipients = change.changed_recipient_info.as_ref();
    for recipient in recipients.map(Recipients::all).unwrap_or_default() {
        let fields = [
            (
                "recipientCustomerName",
                &recipient.recipient_customer_name,
                255,
                Some(Term::RecipientName),
            ),
            ("zipcode", &recipient.zipcode, 6, Some(Term::RecipientPostcode)),
            ("shippingAddr1", &recipient.shipping_addr1, 255, None),
            ("shippingAddr2", &recipient.shipping_addr2, 255, None),
            (
                "recipientPhoneNumber",
                &recipient.recipient_phone_number,
                20,
                Some(Term::RecipientPhone),
            ),
            (
                "orderCustomerPhoneNumber",
                &recipient.order_customer_phone_number,
                20,
                Some(Term::BuyerPhone),
            ),
        ];
        for (field, value, max, term) in fields {
            let value = value.as_deref().unwrap_or_default();
            within(&format!("changedRecipientInfo.{field}"), value, max)?;
            if let Some(term) = term {
                found.term(term, value);
            }
        }
    }
    Ok(Reading { kind: ADDRESS_CHANGE, key, found })
}

/// The key of something Coupang says about an order without numbering it: saying it again is the
/// same document, saying something else is another.
fn content_key(order: &str, content: &impl Serialize) -> String {
    // Written from the fields we know, so that spacing and the order of members do not count.
    let written = serde_json::to_vec(content).expect("wire types are plain JSON");
    format!("{order}/{}", hex(&Sha256::digest(written)[..8]))
}

/// A place in lists. Where nothing says when, a number that depends on the key alone.
fn found(at: i64, key: &str) -> Found {
    let digest = Sha256::digest(key);
    let mut tie = [0; 8];
    tie.copy_from_slice(&digest[..8]);
    Found { rank: Rank { at, tie: i64::from_be_bytes(tie) }, ..Found::default() }
}

fn order(field: &str, text: &str) -> Result<(), Refusal> {
    not_empty(field, text)?;
    within(field, text, 20)
}

fn not_empty(field: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::of(field, "must not be empty")) } else { Ok(()) }
}

/// A text of at most `max` characters.
fn within(field: &str, text: &str, max: usize) -> Result<(), Refusal> {
    if text.chars().count() > max {
        return Err(Refusal::of(field, format!("must have at most {max} characters")));
    }
    Ok(())
}
