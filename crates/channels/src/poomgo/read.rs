//! One record → kind, key, what it can be found by.

use std::fmt;

use hoesu_claims::{Found, Media, Moment, Rank, State, Term, Text};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::wire::{Order, ReturnInvoice, Str, Ticket};
use super::{ORDER, TICKET};
use crate::tree::Node;
use crate::{Reading, Refusal, json};

/// [`State::Listed`] of a ticket that `GET /open-api/cs` shows.
pub(super) const LISTED: &str = "cs";

/// Types of 재발송 (goods sent again) begin with one of these. Poomgo publishes the key of none but
/// `RETURN`, so every other type is taken for a 맞교환.
const RESENDS: [&str; 3] = ["RESEND", "RESHIP", "REDELIVER"];

/// Reads a CS ticket or an order row.
pub(super) fn read(media: Media, body: &[u8]) -> Result<Reading, Refusal> {
    match media {
        Media::Json => {}
        Media::Xml => return Err(Refusal::of("", "is XML, and Poomgo speaks JSON")),
    }
    // An empty text where something else may be missing says that it is.
    read_as_written(body)
        .or_else(|refusal| read_as_written(&json::empty_as_null(body)).map_err(|_| refusal))
}

fn read_as_written(body: &[u8]) -> Result<Reading, Refusal> {
    match json::decode(body)? {
        Shape::Ticket => ticket(&json::decode(body)?),
        Shape::Order => order(&json::decode(body)?),
        Shape::Neither => Err(Refusal::of(
            "",
            "is neither a CS ticket (serial, returnInvoices) nor an order row (orderCode, channelName)",
        )),
    }
}

/// The searchable texts of a stored body.
pub(super) fn read_texts(media: Media, body: &[u8]) -> Vec<(Text, String)> {
    read(media, body).map(|reading| reading.found.texts).unwrap_or_default()
}

fn ticket(ticket: &Ticket<'_>) -> Result<Reading, Refusal> {
    let created_at = instant("createdAt", &ticket.created_at)?;
    let mut found = Found {
        rank: Rank { at: created_at.as_millisecond(), tie: ticket.id },
        ..Found::default()
    };
    found.term(Term::Serial, ticket.serial.said());
    found.term(Term::Order, ticket.original_order_code.said());
    found.term(Term::Invoice, ticket.original_invoice_code.said());
    found.state(State::Status, ticket.status.said());
    found.state(State::Type, ticket.r#type.said());
    if is_listed(ticket) {
        found.state(State::Listed, LISTED);
    }
    found.moment(Moment::Created, Some(created_at));
    found.moment(Moment::Changed, changed_at(ticket)?);
    found.dated = true;
    found.moment(Moment::Cancelled, maybe("canceledAt", ticket.canceled_at.as_ref())?);
    for (at, parcel) in ticket.return_invoices.iter().flatten().enumerate() {
        returned(&mut found, at, parcel)?;
    }
    Ok(Reading { kind: TICKET, key: ticket.id.to_string(), found })
}

fn returned(found: &mut Found, at: usize, parcel: &ReturnInvoice<'_>) -> Result<(), Refusal> {
    let within = |refusal: Refusal| {
        Refusal::of(format!("returnInvoices[{at}].{}", refusal.field), refusal.why)
    };
    found.state(State::ReturnStatus, parcel.status.said());
    found.term(Term::ReturnInvoice, parcel.code.said());
    // The filters ask for the mobile phone only, so the second phone is not found by it.
    let people = [
        (Term::RecipientName, &parcel.recipient_name),
        (Term::RecipientPhone, &parcel.recipient_mobile),
        (Term::RecipientPostcode, &parcel.recipient_postcode),
        (Term::SenderName, &parcel.sender_name),
        (Term::SenderPhone, &parcel.sender_mobile),
        (Term::SenderPostcode, &parcel.sender_postcode),
    ];
    for (term, value) in people {
        found.term(term, value.said());
    }
    found.text(Text::RecipientAddress, parcel.recipient_address.said());
    found.text(Text::SenderAddress, parcel.sender_address.said());
    let asked_at = maybe("requestedAt", parcel.requested_at.as_ref()).map_err(within)?;
    once(found, Moment::CollectionAsked, asked_at);
    let done_at = maybe("doneAt", parcel.done_at.as_ref()).map_err(within)?;
    once(found, Moment::Arrived, done_at);
    for item in parcel.return_invoice_items.iter().flatten() {
        found.term(Term::ResourceCode, item.resource_code.said());
        found.term(Term::ResourceNumber, item.resource_item_number.said());
        found.text(Text::ItemName, item.resource_name.said());
    }
    Ok(())
}

/// Adds an instant that several parcels may share.
fn once(found: &mut Found, moment: Moment, at: Option<Timestamp>) {
    if at.is_some_and(|at| !found.moments.contains(&(moment, at))) {
        found.moment(moment, at);
    }
}

/// When anything of a ticket was last changed: a parcel's change may leave the ticket's own time as
/// it was.
fn changed_at(ticket: &Ticket<'_>) -> Result<Option<Timestamp>, Refusal> {
    let parcels = || ticket.return_invoices.iter().flatten();
    let items = parcels().flat_map(|parcel| parcel.return_invoice_items.iter().flatten());
    let nested = parcels().map(|parcel| &parcel.updated_at);
    let nested = nested.chain(items.map(|item| &item.updated_at));
    let own = maybe("updatedAt", ticket.updated_at.as_ref())?;
    nested
        .map(|at| maybe("returnInvoices.updatedAt", at.as_ref()))
        .try_fold(own, |last, at| Ok(last.max(at?)))
}

/// Whether `GET /open-api/cs` shows it: a 반품 or 맞교환 of which something arrived.
fn is_listed(ticket: &Ticket<'_>) -> bool {
    let kind = ticket.r#type.said();
    let parcels = ticket.return_invoices.iter().flatten();
    let mut items = parcels.flat_map(|parcel| parcel.return_invoice_items.iter().flatten());
    !RESENDS.iter().any(|resend| kind.starts_with(resend))
        && items.any(|item| item.return_quantity.is_some_and(|quantity| quantity > 0))
}

fn order(order: &Order<'_>) -> Result<Reading, Refusal> {
    let mut found = Found { rank: Rank { at: order.id, tie: 0 }, ..Found::default() };
    found.term(Term::Order, order.order_code.said());
    found.term(Term::Line, order.code.said());
    if let Some(receiver) = &order.receiver_data {
        found.term(Term::RecipientName, receiver.name.said());
        found.term(Term::RecipientPhone, receiver.phone.said());
        found.term(Term::RecipientPhone, receiver.mobile.said());
        found.term(Term::RecipientPostcode, receiver.postcode.said());
    }
    if let Some(customer) = &order.customer_data {
        found.term(Term::BuyerName, customer.name.said());
        found.term(Term::BuyerPhone, customer.phone.said());
        found.term(Term::BuyerPhone, customer.mobile.said());
        found.term(Term::BuyerPostcode, customer.postcode.said());
    }
    for invoice in order.invoices.iter().flatten() {
        found.term(Term::Invoice, invoice.invoice_code.said());
        found.state(State::Status, invoice.cargo_status_code_key.said());
    }
    for waybill in cancelled(order.canceled_invoices) {
        found.term(Term::Invoice, waybill);
    }
    found.moment(Moment::Created, maybe("createdAt", order.created_at.as_ref())?);
    Ok(Reading { kind: ORDER, key: order.id.to_string(), found })
}

/// The waybills of cancelled invoices, if they are shaped like invoices: Poomgo does not say.
fn cancelled(list: Option<&RawValue>) -> Vec<String> {
    let list = list.and_then(|list| Node::parse(Media::Json, list.get().as_bytes()));
    let invoices = list.iter().flat_map(Node::groups);
    invoices.filter_map(|invoice| invoice.get("invoiceCode").waybill()).collect()
}

/// A text that may be missing.
trait Said {
    /// What it says; nothing if it is missing.
    fn said(&self) -> &str;
}

impl Said for Option<Str<'_>> {
    fn said(&self) -> &str {
        self.as_deref().unwrap_or_default()
    }
}

fn maybe(field: &str, value: Option<&Str<'_>>) -> Result<Option<Timestamp>, Refusal> {
    value.map(|value| instant(field, value)).transpose()
}

fn instant(field: &str, value: &str) -> Result<Timestamp, Refusal> {
    value.parse().map_err(|_| Refusal::of(field, "is not an ISO 8601 instant with its zone"))
}

/// Which of the two records an object is, told by the names of its members.
enum Shape {
    Ticket,
    Order,
    Neither,
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Shape;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
                let mut shape = Shape::Neither;
                while let Some(name) = map.next_key::<Str<'_>>()? {
                    map.next_value::<IgnoredAny>()?;
                    match &*name {
                        "serial" | "returnInvoices" => shape = Shape::Ticket,
                        "orderCode" | "channelName" if !matches!(shape, Shape::Ticket) => {
                            shape = Shape::Order;
                        }
                        _ => {}
                    }
                }
                Ok(shape)
            }
        }

        reader.deserialize_map(Names)
    }
}

#[cfg(test)]
mod tests;
