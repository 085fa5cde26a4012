//! One document → what Poomgo tells by it. Times are Poomgo's own (UTC) where it tells any; closing
//! and assigning are known from marks, or from when the row was heard.

use hoesu_claims::Document;
use hoesu_claims::fact::{
    Arrival, ClaimKind, Collection, Fact, Grade, InvoiceStage, Links, Resource, Tells, TicketStage,
    When, name_mark,
};
use hoesu_claims::found::Moment;
use hoesu_claims::money::Won;
use jiff::Timestamp;

use super::{ORDER, TICKET};
use crate::contract::{Codes, Field, Holds, unreadable, unrecognised};
use crate::tree::Node;

/// `status` of a ticket.
pub(super) const STATUS: Codes<TicketStage> = Codes(&[
    ("DRAFT", TicketStage::Draft),
    ("PROCESSING", TicketStage::Processing),
    ("DONE", TicketStage::Done),
    ("CANCELED", TicketStage::Cancelled),
]);

/// `type` of a ticket; the keys of 맞교환 and 재발송 are published nowhere.
pub(super) const TYPE: Codes<ClaimKind> = Codes(&[("RETURN", ClaimKind::Return)]);

/// `status` of a return parcel.
pub(super) const PARCEL: Codes<Collection> = Codes(&[
    ("DRAFT", Collection::NotYet),
    ("REQUESTED", Collection::Asked),
    ("AT_PARTNER", Collection::Arrived),
    ("AT_CENTER", Collection::Arrived),
    ("FAILED", Collection::Failed),
    ("CANCELED", Collection::Nothing),
]);

/// `typeCodeKey` of a returned item.
pub(super) const GRADE: Codes<Grade> = Codes(&[
    ("CSTICKET_TYPE_INCOMING", Grade::Good),
    ("CSTICKET_TYPE_DISUSE", Grade::Unsellable),
    ("CSTICKET_TYPE_OUTGOING", Grade::SentOut),
]);

/// `cargoStatusCodeKey` of an invoice: one is published.
pub(super) const CARGO: Codes<InvoiceStage> =
    Codes(&[("INVOICE_CARGO_STATUS_DELIVERYCOMPLETED", InvoiceStage::Delivered)]);

fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

const TIME: Holds = Holds::Time(instant);
const ANY: Holds = Holds::Anything;

const TICKET_FIELDS: &[Field] = &[
    Field("id", Holds::Whole),
    Field("createdBy", ANY),
    Field("updatedBy", ANY),
    Field("createdAt", TIME),
    Field("updatedAt", TIME),
    Field("deletedAt", TIME),
    Field("serial", ANY),
    Field("status", Holds::Code(&STATUS)),
    Field("type", Holds::Code(&TYPE)),
    Field("partnerId", ANY),
    Field("brandId", ANY),
    Field("channelId", ANY),
    Field("logisticsCenterId", ANY),
    Field("organizationId", ANY),
    Field("originalLogisticsContractId", ANY),
    Field("originalInvoiceId", ANY),
    Field("originalInvoiceCode", ANY),
    Field("originalOrderId", ANY),
    Field("originalOrderCode", ANY),
    Field("description", ANY),
    Field("isCarryOut", Holds::Truth),
    Field("carryOutListId", ANY),
    Field("tagId", ANY),
    Field("canceledAt", TIME),
    Field("returnInvoices", Holds::Records(PARCEL_FIELDS)),
    Field("replacementInvoices", ANY),
    Field("tag", ANY),
    Field("csLogs", Holds::Records(LOG_FIELDS)),
];

const PARCEL_FIELDS: &[Field] = &[
    Field("id", Holds::Whole),
    Field("createdBy", ANY),
    Field("updatedBy", ANY),
    Field("createdAt", TIME),
    Field("updatedAt", TIME),
    Field("deletedAt", TIME),
    Field("csId", ANY),
    Field("status", Holds::Code(&PARCEL)),
    Field("code", ANY),
    Field("logisticsContractId", ANY),
    Field("recipientName", ANY),
    Field("recipientAddress", ANY),
    Field("recipientPostcode", ANY),
    Field("recipientMobile", ANY),
    Field("recipientPhone", ANY),
    Field("senderName", ANY),
    Field("senderAddress", ANY),
    Field("senderPostcode", ANY),
    Field("senderMobile", ANY),
    Field("senderPhone", ANY),
    Field("senderAdditional", ANY),
    Field("traceData", ANY),
    Field("enclosedCash", ANY),
    Field("deliveryMessage", ANY),
    Field("description", ANY),
    Field("requestedAt", TIME),
    Field("doneAt", TIME),
    Field("deliveryPrice", ANY),
    Field("airFare", ANY),
    Field("ferryFare", ANY),
    Field("deliveryAt", ANY),
    Field("collectionAt", ANY),
    Field("isExemption", Holds::Truth),
    Field("returnInvoiceItems", Holds::Records(ITEM_FIELDS)),
];

const ITEM_FIELDS: &[Field] = &[
    Field("id", Holds::Whole),
    Field("createdBy", ANY),
    Field("updatedBy", ANY),
    Field("createdAt", TIME),
    Field("updatedAt", TIME),
    Field("deletedAt", TIME),
    Field("returnInvoiceId", ANY),
    Field("partnerId", ANY),
    Field("brandId", ANY),
    Field("partnerResourceId", ANY),
    Field("resourceName", ANY),
    Field("resourceCode", ANY),
    Field("resourceItemNumber", ANY),
    Field("originalQuantity", Holds::Pieces),
    Field("returnQuantity", Holds::Pieces),
    Field("typeCodeKey", Holds::Code(&GRADE)),
];

const LOG_FIELDS: &[Field] =
    &[Field("id", ANY), Field("type", ANY), Field("description", ANY), Field("createdAt", TIME)];

const ORDER_FIELDS: &[Field] = &[
    Field("id", Holds::Whole),
    Field("channelName", ANY),
    Field("orderCode", ANY),
    Field("code", ANY),
    Field("subsidiaryCode", ANY),
    Field("releaseCode", ANY),
    Field("receiverData", Holds::Records(PERSON_FIELDS)),
    Field("customerData", Holds::Records(PERSON_FIELDS)),
    Field("dealName", ANY),
    Field("dealOptionName", ANY),
    Field("createdAt", TIME),
    Field("orderAt", TIME),
    Field("invoices", Holds::Records(INVOICE_FIELDS)),
    Field("originalData", ANY),
    Field("canceledInvoices", ANY),
    // Only a few of their members are known, from clients.
    Field("items", ANY),
    Field("price", ANY),
    Field("settlementPrice", ANY),
    Field("totalPaymentAmount", ANY),
    Field("settlementGroupPrice", ANY),
];

const PERSON_FIELDS: &[Field] = &[
    Field("name", ANY),
    Field("phone", ANY),
    Field("mobile", ANY),
    Field("address", ANY),
    Field("postcode", ANY),
];

const INVOICE_FIELDS: &[Field] = &[
    Field("invoiceId", ANY),
    Field("invoiceCode", ANY),
    Field("isPrinted", Holds::Truth),
    Field("isClosed", Holds::Truth),
    Field("cargoStatusCodeKey", Holds::Code(&CARGO)),
    Field("logisticsPartnerName", ANY),
];

/// [`crate::Channel::facts`].
pub(super) fn facts(kind: &str, document: &Document) -> Vec<Fact> {
    let heard = When::first([], document.observed_at);
    let Some(record) = Node::parse(document.media, &document.body) else {
        return unreadable(heard);
    };
    match kind {
        TICKET => ticket(&record, document),
        ORDER => order(&record, document),
        _ => unreadable(heard),
    }
}

fn ticket(record: &Node<'_>, document: &Document) -> Vec<Fact> {
    let when = |names: &[&str], of: &Node<'_>| {
        let time = |name| of.get(name).time(instant);
        When::of_fields(names, &["updatedAt"], time, document.observed_at)
    };
    let made = when(&["createdAt"], record);
    let ticket = record.get("id").owned().unwrap_or_else(|| document.key.clone());
    let waybills = record.get("originalInvoiceCode").waybill().into_iter().collect();
    let links =
        Links { order: record.get("originalOrderCode").owned(), waybills, ..Links::default() };
    let mut facts = unrecognised(record, TICKET_FIELDS, made);
    facts.push(Tells::Links(links).at(made));
    let kind = TYPE.of(record.get("type"));
    facts.push(Tells::Ticket { ticket: ticket.clone(), kind }.at(made));
    let deleted = !record.get("deletedAt").is_nothing();
    let stage =
        if deleted { Some(TicketStage::Cancelled) } else { STATUS.of(record.get("status")) };
    if let Some(stage) = stage {
        let at = match stage {
            TicketStage::Draft => made,
            TicketStage::Processing | TicketStage::Done => {
                when(&["updatedAt", "createdAt"], record)
            }
            TicketStage::Cancelled => when(&["deletedAt", "canceledAt", "updatedAt"], record),
        };
        facts.push(Tells::TicketStage { ticket: ticket.clone(), stage }.at(at));
    }
    let alive = |node: &&Node<'_>| node.get("deletedAt").is_nothing();
    let cancelled = stage == Some(TicketStage::Cancelled);
    if !deleted {
        for (nth, parcel) in record.get("returnInvoices").groups().filter(alive).enumerate() {
            self::parcel(&mut facts, &ticket, nth, parcel, cancelled, &when);
        }
    }
    facts
}

fn parcel(
    facts: &mut Vec<Fact>,
    ticket: &str,
    nth: usize,
    parcel: &Node<'_>,
    cancelled: bool,
    when: &dyn Fn(&[&str], &Node<'_>) -> When,
) {
    let number = parcel.get("id").owned().unwrap_or_else(|| format!("#{nth}"));
    let moves = |collection, at: When| {
        let waybill = parcel.get("code").waybill();
        Tells::Parcel { ticket: ticket.to_owned(), parcel: number.clone(), waybill, collection }
            .at(at)
    };
    let state = PARCEL.of(parcel.get("status"));
    if !parcel.get("requestedAt").is_nothing() {
        facts.push(moves(Collection::Asked, when(&["requestedAt"], parcel)));
    }
    let done = when(&["doneAt", "updatedAt"], parcel);
    match state {
        None | Some(Collection::Moving) => {}
        Some(Collection::NotYet) => {
            facts.push(moves(Collection::NotYet, when(&["createdAt"], parcel)));
        }
        Some(Collection::Asked) => {
            facts.push(moves(Collection::Asked, when(&["requestedAt", "updatedAt"], parcel)));
        }
        Some(Collection::Arrived) => facts.push(moves(Collection::Arrived, done)),
        Some(state @ (Collection::Failed | Collection::Nothing)) => {
            facts.push(moves(state, when(&["updatedAt"], parcel)));
        }
    }
    let arrival = match (parcel.get("status").text(), state) {
        (Some("AT_PARTNER"), _) => Arrival::AtSeller,
        (_, Some(Collection::Arrived)) => Arrival::AtCentre,
        (_, Some(Collection::Failed | Collection::Nothing)) => return,
        _ if !parcel.get("doneAt").is_nothing() => Arrival::AtCentre,
        _ if cancelled => return,
        _ => Arrival::Noted,
    };
    let alive = |node: &&Node<'_>| node.get("deletedAt").is_nothing();
    for (nth, item) in parcel.get("returnInvoiceItems").groups().filter(alive).enumerate() {
        let Some(quantity) = item.get("returnQuantity").quantity() else { continue };
        if quantity == 0 && arrival == Arrival::Noted {
            continue;
        }
        let noted = when(&["updatedAt", "createdAt"], item);
        let at = if arrival == Arrival::Noted { noted } else { done };
        let tells = Tells::Arrived {
            ticket: ticket.to_owned(),
            parcel: number.clone(),
            part: item.get("id").owned().unwrap_or_else(|| format!("#{nth}")),
            resource: Resource {
                code: item.get("resourceCode").owned(),
                number: item.get("resourceItemNumber").owned(),
                name_mark: item.get("resourceName").text().and_then(name_mark),
            },
            quantity,
            sent: item.get("originalQuantity").quantity(),
            grade: GRADE.of(item.get("typeCodeKey")).unwrap_or(Grade::Ungraded),
            arrival,
        };
        facts.push(tells.at(at));
    }
}

fn order(record: &Node<'_>, document: &Document) -> Vec<Fact> {
    let heard = When::first([], document.observed_at);
    let mark = |moment| When::first([document.marks.get(&moment).copied()], document.observed_at);
    let made = When::first([record.get("createdAt").time(instant)], document.observed_at);
    let row = record.get("id").owned().unwrap_or_else(|| document.key.clone());
    let invoices: Vec<&Node<'_>> = record.get("invoices").groups().collect();
    let cancelled: Vec<&Node<'_>> = record.get("canceledInvoices").groups().collect();
    let codes =
        invoices.iter().chain(&cancelled).filter_map(|one| one.get("invoiceCode").waybill());
    let links = Links {
        order: record.get("orderCode").owned(),
        sold_on: record.get("channelName").owned(),
        waybills: codes.collect(),
        ..Links::default()
    };
    let mut facts = unrecognised(record, ORDER_FIELDS, made);
    facts.push(Tells::Links(links).at(made));
    if let Some(at) = record.get("orderAt").time(instant) {
        facts.push(Tells::Placed.at(When::first([Some(at)], document.observed_at)));
    }
    facts.push(Tells::Row { row: row.clone() }.at(made));
    for item in record.get("items").groups() {
        if let Some(quantity) = item.get("quantity").quantity() {
            let resource = Resource {
                code: item.get("resource_code").owned(),
                number: item.get("resource_item_number").owned(),
                name_mark: item.get("resource_name").text().and_then(name_mark),
            };
            facts.push(Tells::RowItem { row: row.clone(), resource, quantity }.at(made));
        }
    }
    let paid = record.get("settlementPrice").whole().or(record.get("price").whole());
    if let Some(paid) = paid.filter(|won| *won >= 0) {
        facts.push(Tells::RowPaid { row: row.clone(), paid: Won(paid) }.at(made));
    }
    for (nth, invoice) in invoices.iter().enumerate() {
        let reached = |stage, at| self::invoice(&row, nth, invoice, stage).at(at);
        facts.push(reached(InvoiceStage::Assigned, mark(Moment::Confirmed)));
        if invoice.get("isPrinted").truth() == Some(true) {
            facts.push(reached(InvoiceStage::Printed, heard));
        }
        if invoice.get("isClosed").truth() == Some(true) {
            facts.push(reached(InvoiceStage::Closed, mark(Moment::Closed)));
        }
        if let Some(stage) = CARGO.of(invoice.get("cargoStatusCodeKey")) {
            facts.push(reached(stage, heard));
        }
    }
    for (nth, invoice) in cancelled.iter().enumerate() {
        facts.push(self::invoice(&row, nth, invoice, InvoiceStage::Cancelled).at(heard));
    }
    facts
}

fn invoice(row: &str, nth: usize, invoice: &Node<'_>, stage: InvoiceStage) -> Tells {
    let code = invoice.get("invoiceCode").waybill();
    let number = invoice.get("invoiceId").owned().or_else(|| code.clone());
    Tells::Invoice {
        row: row.to_owned(),
        invoice: number.unwrap_or_else(|| format!("#{nth}")),
        waybill: code,
        courier: invoice.get("logisticsPartnerName").owned(),
        stage,
    }
}

#[cfg(test)]
mod tests;
