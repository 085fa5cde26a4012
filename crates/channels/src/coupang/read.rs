//! One record → what kind of document it is, its key, what it can be found by.

use hoesu_claims::time::parse_time;
use hoesu_claims::{Found, Moment, Rank, State, Term};
use jiff::Timestamp;

use super::wire::{
    ExchangeRequest, OrderSheet, ReturnDelivery, ReturnRequest, SheetItem, Withdrawal,
};
use crate::json::objects::Object;
use crate::{Reading, Refusal, json};

/// Returns and cancels, by `receiptId`.
pub(super) const RETURN: &str = "return";
/// Exchanges, by `exchangeId`.
pub(super) const EXCHANGE: &str = "exchange";
/// Returns taken back, by `cancelId`, which is their `receiptId`.
pub(super) const WITHDRAWAL: &str = "withdrawal";
/// Boxes of orders, by `shipmentBoxId`.
pub(super) const ORDER_SHEET: &str = "order-sheet";

/// What the type of a receipt is filtered by: everything that is no cancel counts as a return, so
/// that a type nobody knows is still shown somewhere.
pub(super) const TYPE_RETURN: &str = "RETURN";
/// The type of a receipt cancelled before shipping was prepared.
pub(super) const TYPE_CANCEL: &str = "CANCEL";

/// An empty text where something else may be missing says that it is: such a record is read again.
pub(super) fn read(body: &[u8]) -> Result<Reading, Refusal> {
    read_as_written(body)
        .or_else(|refusal| read_as_written(&json::empty_as_null(body)).map_err(|_| refusal))
}

fn read_as_written(body: &[u8]) -> Result<Reading, Refusal> {
    let members = json::members(body)
        .ok_or_else(|| Refusal::of("", "is not a JSON object without white space"))?;
    let has = |name: &str| members.iter().any(|member| member.name == name.as_bytes());
    if has("receiptId") {
        read_return(&json::decode(body)?)
    } else if has("exchangeId") {
        read_exchange(&json::decode(body)?)
    } else if has("cancelId") {
        read_withdrawal(&json::decode(body)?)
    } else if has("shipmentBoxId") {
        read_order_sheet(&json::decode(body)?)
    } else {
        Err(Refusal::of("", "has none of receiptId, exchangeId, cancelId and shipmentBoxId"))
    }
}

/// Whether a receipt's type says it is a cancel; older documents print the Korean word.
pub(super) fn is_cancel(receipt_type: &str) -> bool {
    receipt_type == TYPE_CANCEL || receipt_type == "취소"
}

fn read_return(record: &ReturnRequest) -> Result<Reading, Refusal> {
    let created = created(&record.created_at)?;
    let mut found = Found { rank: rank(created, record.receipt_id), ..Found::default() };
    found.term(Term::Order, record.order_id.to_string());
    found.term(Term::Claim, record.receipt_id.to_string());
    for item in record.return_items.iter().flatten() {
        number(&mut found, Term::Parcel, item.shipment_box_id);
        number(&mut found, Term::Item, item.vendor_item_id);
    }
    waybills(&mut found, record.return_delivery_dtos.as_deref());
    text(&mut found, Term::BuyerName, record.requester_name.as_ref());
    text(&mut found, Term::BuyerPhone, record.requester_phone_number.as_ref());
    text(&mut found, Term::BuyerPhone, record.requester_real_phone_number.as_ref());
    text(&mut found, Term::BuyerPostcode, record.requester_zip_code.as_ref());
    once(&mut found);

    let cancel = is_cancel(&record.receipt_type);
    found.state(State::Type, if cancel { TYPE_CANCEL } else { TYPE_RETURN });
    if !cancel && !matches!(record.receipt_type.as_str(), TYPE_RETURN | "반품") {
        found.state(State::Type, record.receipt_type.as_str());
    }
    found.state(State::Status, record.receipt_status.as_str());
    if !cancel {
        for list in lists(record) {
            found.state(State::Listed, *list);
        }
    }
    found.moment(Moment::Created, Some(created));
    found.moment(Moment::Changed, record.modified_at.as_deref().and_then(parse_time));
    found.dated = true;
    Ok(Reading { kind: RETURN, key: record.receipt_id.to_string(), found })
}

/// The `status` values of the list a return is shown under. A buyer's cancel while the goods are
/// being prepared shows under both RU and UC; goods taken in still show under UC.
fn lists(record: &ReturnRequest) -> &'static [&'static str] {
    let unshipped = || {
        record.return_items.iter().flatten().any(|item| item.release_status.as_deref() == Some("N"))
    };
    match record.receipt_status.as_str() {
        "RELEASE_STOP_UNCHECKED" if unshipped() => &["RU", "UC"],
        "RELEASE_STOP_UNCHECKED" => &["RU"],
        "RETURNS_UNCHECKED" | "VENDOR_WAREHOUSE_CONFIRM" => &["UC"],
        "REQUEST_COUPANG_CHECK" => &["PR"],
        "RETURNS_COMPLETED" => &["CC"],
        _ => &[],
    }
}

fn read_exchange(record: &ExchangeRequest) -> Result<Reading, Refusal> {
    let created = created(&record.created_at)?;
    let mut found = Found { rank: rank(created, record.exchange_id), ..Found::default() };
    found.term(Term::Order, record.order_id.to_string());
    found.term(Term::Claim, record.exchange_id.to_string());
    for item in record.exchange_item_dto_v1s.iter().flatten() {
        number(&mut found, Term::Parcel, item.original_shipment_box_id);
        number(&mut found, Term::Item, item.order_item_id);
        number(&mut found, Term::Item, item.target_item_id);
    }
    for group in record.delivery_invoice_group_dtos.iter().flatten() {
        number(&mut found, Term::Parcel, group.shipment_box_id);
        for invoice in group.delivery_invoice_dtos.iter().flatten() {
            text(&mut found, Term::Invoice, invoice.invoice_number.as_ref());
        }
    }
    waybills(&mut found, record.return_delivery_dtos.as_deref());
    if let Some(address) = &record.exchange_address_dto_v1 {
        text(&mut found, Term::SenderName, address.return_customer_name.as_ref());
        text(&mut found, Term::SenderPhone, address.return_phone.as_ref());
        text(&mut found, Term::SenderPhone, address.return_mobile.as_ref());
        text(&mut found, Term::SenderPostcode, address.return_address_zip_code.as_ref());
        text(&mut found, Term::RecipientName, address.delivery_customer_name.as_ref());
        text(&mut found, Term::RecipientPhone, address.delivery_phone.as_ref());
        text(&mut found, Term::RecipientPhone, address.delivery_mobile.as_ref());
        text(&mut found, Term::RecipientPostcode, address.delivery_address_zip_code.as_ref());
    }
    let collection = record.collect_informations_dto.as_ref();
    if let Some(buyer) = collection.and_then(|to| to.returndelivery_destination_dto.as_ref()) {
        text(&mut found, Term::BuyerName, buyer.customer_name.as_ref());
        text(&mut found, Term::BuyerPhone, buyer.customer_phone.as_ref());
        text(&mut found, Term::BuyerPhone, buyer.customer_mobile.as_ref());
        text(&mut found, Term::BuyerPostcode, buyer.customer_zip_code.as_ref());
    }
    once(&mut found);
    found.state(State::Status, record.exchange_status.as_str());
    if let Some(status) = &record.collect_status {
        found.state(State::ReturnStatus, status.as_str());
    }
    found.moment(Moment::Created, Some(created));
    found.moment(Moment::Changed, record.modified_at.as_deref().and_then(parse_time));
    found.dated = true;
    found.moment(Moment::Arrived, record.collect_complete_date.as_deref().and_then(parse_time));
    Ok(Reading { kind: EXCHANGE, key: record.exchange_id.to_string(), found })
}

fn read_withdrawal(record: &Withdrawal) -> Result<Reading, Refusal> {
    let created = created(&record.created_at)?;
    let mut found = Found { rank: rank(created, record.cancel_id), ..Found::default() };
    found.term(Term::Order, record.order_id.to_string());
    found.term(Term::Claim, record.cancel_id.to_string());
    for item in record.vendor_item_ids.iter().flatten() {
        number(&mut found, Term::Item, Some(*item));
    }
    once(&mut found);
    found.moment(Moment::Created, Some(created));
    Ok(Reading { kind: WITHDRAWAL, key: record.cancel_id.to_string(), found })
}

fn read_order_sheet(record: &OrderSheet) -> Result<Reading, Refusal> {
    let ordered = parse_time(&record.ordered_at)
        .ok_or_else(|| Refusal::of("orderedAt", "is not a time such as 2016-03-25T13:05:30"))?;
    let paid = record.paid_at.as_deref().and_then(parse_time);
    let mut found =
        Found { rank: rank(paid.unwrap_or(ordered), record.shipment_box_id), ..Found::default() };
    found.term(Term::Order, record.order_id.to_string());
    found.term(Term::Parcel, record.shipment_box_id.to_string());
    for item in record.order_items.iter().flatten() {
        number(&mut found, Term::Item, item.vendor_item_id);
    }
    text(&mut found, Term::Invoice, record.invoice_number.as_ref());
    if let Some(orderer) = &record.orderer {
        text(&mut found, Term::BuyerName, orderer.name.as_ref());
        text(&mut found, Term::BuyerPhone, orderer.safe_number.as_ref());
        text(&mut found, Term::BuyerPhone, orderer.real_number.as_ref());
    }
    if let Some(receiver) = &record.receiver {
        text(&mut found, Term::RecipientName, receiver.name.as_ref());
        text(&mut found, Term::RecipientPhone, receiver.safe_number.as_ref());
        text(&mut found, Term::RecipientPhone, receiver.real_number.as_ref());
        text(&mut found, Term::RecipientPostcode, receiver.post_code.as_ref());
    }
    once(&mut found);
    found.state(State::Status, record.status.as_str());
    if !is_gone(record) {
        found.state(State::Listed, record.status.as_str());
    }
    // Lists of orders go by payment.
    found.moment(Moment::Created, Some(paid.unwrap_or(ordered)));
    Ok(Reading { kind: ORDER_SHEET, key: record.shipment_box_id.to_string(), found })
}

/// Whether all of a box was cancelled or returned: such a box is shown no more.
pub(super) fn is_gone(record: &OrderSheet) -> bool {
    let mut items = record.order_items.iter().flatten().peekable();
    let gone = |item: &Object<SheetItem>| {
        let counted = item.shipping_count.is_some_and(|count| item.cancel_count >= Some(count));
        counted || item.canceled == Some(true)
    };
    items.peek().is_some() && items.all(gone)
}

fn created(text: &str) -> Result<Timestamp, Refusal> {
    parse_time(text)
        .ok_or_else(|| Refusal::of("createdAt", "is not a time such as 2016-03-25T13:05:30"))
}

/// The place in lists: by time, then by number.
fn rank(created: Timestamp, number: i64) -> Rank {
    Rank { at: created.as_millisecond(), tie: number }
}

fn waybills(found: &mut Found, parcels: Option<&[Object<ReturnDelivery>]>) {
    for parcel in parcels.unwrap_or_default() {
        text(found, Term::ReturnInvoice, parcel.delivery_invoice_no.as_ref());
    }
}

fn number(found: &mut Found, term: Term, value: Option<i64>) {
    if let Some(value) = value {
        found.term(term, value.to_string());
    }
}

fn text(found: &mut Found, term: Term, value: Option<&String>) {
    if let Some(value) = value {
        found.term(term, value);
    }
}

/// The same value twice is found once.
fn once(found: &mut Found) {
    let mut kept = Vec::with_capacity(found.terms.len());
    for term in found.terms.drain(..) {
        if !kept.contains(&term) {
            kept.push(term);
        }
    }
    found.terms = kept;
}
