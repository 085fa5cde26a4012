//! The warehouse as a simulated market plays it: a row of the order ledger for each line it was told
//! of, and a CS ticket for what comes back.
//!
//! Numbers come from the order's: a row's from its line, an invoice's from its parcel, a ticket's from the
//! place among what comes back.

use std::collections::BTreeMap;

use hoesu_claims::document::Marks;
use hoesu_claims::time::KST;
use hoesu_claims::{Media, Moment};
use hoesu_market::{Arrival, Arrived, Claim, Customs, Order, Parcel, What};
use jiff::Timestamp;

use super::record::{self, INVOICE_IDS, Invoice, Item, Log, ORDER_IDS, Resource, Row, Sale};
use super::{ORDER, TICKET};
use crate::Invented;
use crate::stall::Stall;

/// How many parts of an order numbers are kept for.
const PARTS: u64 = 8;

/// Numbers of tickets begin here.
const TICKET_IDS: u64 = 1_000_000;

/// What people at the warehouse call a sales channel, and its number there.
const CHANNEL_NAMES: [(&str, &str, u8); 2] = [("coupang", "쿠팡", 1), ("ssg", "SSG.COM", 2)];

/// The warehouse.
pub(super) struct Warehouse;

impl Stall for Warehouse {
    fn customs(&self) -> Option<Customs> {
        None
    }

    fn tell(
        &self,
        order: &Order,
        sold_on: &str,
        _settings: &BTreeMap<String, String>,
        _now: Timestamp,
    ) -> Vec<(&'static str, Invented)> {
        let Some(stored_at) = order.stored_at else { return Vec::new() };
        let sale = sale(order, sold_on);
        let rows = (0..order.lines.len()).map(|line| (ORDER, row(order, &sale, line, stored_at)));
        let tickets = order.arrivals.iter().enumerate();
        let tickets = tickets
            .filter(|(_, arrival)| arrival.pieces.iter().any(|pieces| back(pieces) > 0))
            .map(|(at, arrival)| (TICKET, ticket(order, &sale, at, arrival)));
        rows.chain(tickets).collect()
    }

    fn settings(&self, sold: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        let pair = |(channel, account): &(&str, &str)| {
            let name = CHANNEL_NAMES.iter().find(|(id, ..)| id == channel);
            format!("{}={account}", name.map_or(*channel, |(_, name, _)| name))
        };
        vec![("channel_names", sold.iter().map(pair).collect::<Vec<_>>().join(","))]
    }
}

/// The order as its sales channel numbers it.
fn sale(order: &Order, sold_on: &str) -> Sale {
    let known = CHANNEL_NAMES.iter().find(|(id, ..)| *id == sold_on);
    let (channel_name, channel_id) = known.map_or((sold_on, 9), |(_, name, id)| (*name, *id));
    let order_code = if sold_on == "ssg" {
        let day = KST.to_datetime(order.paid_at).strftime("%Y%m%d");
        format!("{day}{:06X}", order.nth)
    } else {
        (500_000_000 + order.nth).to_string()
    };
    Sale { channel_name: channel_name.to_owned(), channel_id, order_code }
}

fn row_id(order: &Order, line: usize) -> u64 {
    ORDER_IDS + order.nth * PARTS + line as u64
}

fn row(order: &Order, sale: &Sale, line: usize, stored_at: Timestamp) -> Invented {
    let bought = &order.lines[line];
    let carries =
        |parcel: &&Parcel| parcel.pieces.iter().any(|(at, pieces)| *at == line && *pieces > 0);
    let (cancelled, live): (Vec<_>, Vec<_>) =
        order.parcels.iter().filter(carries).partition(|parcel| parcel.cancelled_at.is_some());
    let invoice = |parcel: &&Parcel| invoice(order, parcel);
    let invoices: Vec<Invoice> = live.iter().map(invoice).collect();
    let total = bought.price * i64::from(bought.quantity);
    let row = Row {
        id: row_id(order, line),
        sale,
        line: line + 1,
        person: &order.story,
        item: bought.item,
        option: bought.option,
        resource: &Resource::of(bought.item, bought.option),
        created: &utc(stored_at),
        ordered: &utc(order.paid_at),
        invoices: &invoices,
        cancelled: &cancelled.iter().map(invoice).collect::<Vec<_>>(),
        quantity: i64::from(bought.quantity),
        total,
        paid: total,
    };
    // The first of either counts, so that what was found by a day stays found by it.
    let all = || live.iter().chain(&cancelled);
    let confirmed = all().map(|parcel| parcel.made_at).min();
    let closed = all().filter_map(|parcel| parcel.closed_at).min();
    let marks = [(Moment::Confirmed, confirmed), (Moment::Closed, closed)];
    let marks: Marks = marks.into_iter().filter_map(|(moment, at)| Some((moment, at?))).collect();
    Invented { media: Media::Json, body: row.write().into_bytes(), marks }
}

fn invoice(order: &Order, parcel: &Parcel) -> Invoice {
    Invoice {
        id: INVOICE_IDS + order.nth * PARTS + u64::from(parcel.number),
        code: parcel.waybill.clone(),
        is_printed: true,
        is_closed: parcel.closed_at.is_some(),
        is_delivered: parcel.delivered_at.is_some(),
    }
}

fn ticket(order: &Order, sale: &Sale, at: usize, arrival: &Arrival) -> Invented {
    let place = order.nth * PARTS + at as u64;
    let claim = arrival.claim.and_then(|claim| order.claims.get(claim));
    let (kind, serial_prefix) = match claim.map(|claim| claim.what) {
        Some(What::Exchange) => ("EXCHANGE", "CS_EX"),
        Some(What::Return | What::Cancel) | None => ("RETURN", "CS_RT"),
    };
    let made = KST.to_datetime(arrival.made_at).strftime("%y%m%d").to_string();
    let requested_at = requested_at(arrival, claim);
    let (status, parcel_status) = stage(arrival, claim, requested_at);
    let items = items(order, arrival, place);
    let line = arrival.pieces.first().map_or(0, |pieces| pieces.line);
    let sent = order.parcels.iter().find(|parcel| parcel.closed_at.is_some());
    let known = order.story.draw("outbound known", 10) > 0;
    let sent = sent.filter(|_| known).map(|parcel| invoice(order, parcel));
    let parcel = record::Parcel {
        id: 3_000_000 + place,
        status: parcel_status,
        code: (!arrival.waybill.is_empty()).then(|| arrival.waybill.clone()),
        requested: requested_at.map(utc),
        done: arrival.arrived_at.map(utc),
        items,
    };
    let ticket = record::Ticket {
        id: TICKET_IDS + place,
        created: &utc(arrival.made_at),
        updated: &utc(updated_at(arrival, claim)),
        serial: &format!("{serial_prefix}_{made}_{:06}", place % 1_000_000),
        status,
        r#type: kind,
        sale,
        invoice: sent.as_ref().map(|sent| (sent.id, sent.code.as_str())),
        order_id: row_id(order, line),
        is_carried_out: false,
        cancelled: arrival.cancelled_at.map(utc),
        person: &order.story,
        parcels: &[parcel],
        logs: &logs(arrival, requested_at, place),
    };
    Invented { media: Media::Json, body: ticket.write().into_bytes(), marks: Marks::new() }
}

/// When the goods were to be fetched; what came without being asked for never was.
fn requested_at(arrival: &Arrival, claim: Option<&Claim>) -> Option<Timestamp> {
    let collection = claim.and_then(|claim| claim.collection.as_ref());
    collection.map(|collection| collection.asked_at.max(arrival.made_at))
}

/// The ticket's status and its parcel's.
fn stage(
    arrival: &Arrival,
    claim: Option<&Claim>,
    requested_at: Option<Timestamp>,
) -> (&'static str, &'static str) {
    let collection = claim.and_then(|claim| claim.collection.as_ref());
    let failed = collection.is_some_and(|collection| collection.failed_at.is_some());
    match (arrival.cancelled_at, arrival.arrived_at, arrival.done_at) {
        (Some(_), ..) => ("CANCELED", "CANCELED"),
        (None, _, Some(_)) => ("DONE", "AT_CENTER"),
        (None, Some(_), None) => ("PROCESSING", "AT_CENTER"),
        (None, None, None) if failed => ("PROCESSING", "FAILED"),
        (None, None, None) if requested_at.is_some() => ("PROCESSING", "REQUESTED"),
        (None, None, None) => ("DRAFT", "DRAFT"),
    }
}

/// When anything the ticket shows last changed.
fn updated_at(arrival: &Arrival, claim: Option<&Claim>) -> Timestamp {
    let collection = claim.and_then(|claim| claim.collection.as_ref());
    let moved = collection.and_then(|collection| collection.failed_at);
    let asked = requested_at(arrival, claim);
    [moved, asked].into_iter().flatten().fold(arrival.changed_at, Timestamp::max)
}

/// Pieces that came back; those expected as long as nobody counted, as in the documented sample.
fn back(pieces: &Arrived) -> u32 {
    match (pieces.good, pieces.unsellable) {
        (None, None) => pieces.expected,
        (good, unsellable) => good.unwrap_or(0) + unsellable.unwrap_or(0),
    }
}

/// A line of what came back is an item, and two if some can be sold again and some can't.
fn items(order: &Order, arrival: &Arrival, place: u64) -> Vec<Item> {
    let mut items = Vec::new();
    for pieces in &arrival.pieces {
        let Some(bought) = order.lines.get(pieces.line) else { continue };
        let mut add = |back: u32, graded| {
            items.push(Item {
                id: 5_000_000
                    + (place * PARTS + pieces.line as u64) * 2
                    + u64::from(graded == DISUSE),
                resource: Resource::of(bought.item, bought.option),
                original: i64::from(bought.quantity),
                back: i64::from(back),
                graded,
            });
        };
        let counted = [(pieces.good, INCOMING), (pieces.unsellable, DISUSE)];
        let mut counted = counted.into_iter().filter_map(|(n, grade)| Some((n?, grade))).peekable();
        if counted.peek().is_none() || back(pieces) == 0 {
            add(back(pieces), None);
            continue;
        }
        for (count, graded) in counted.filter(|(count, _)| *count > 0) {
            add(count, graded);
        }
    }
    items
}

const INCOMING: Option<&str> = Some("CSTICKET_TYPE_INCOMING");
const DISUSE: Option<&str> = Some("CSTICKET_TYPE_DISUSE");

fn logs(arrival: &Arrival, requested_at: Option<Timestamp>, place: u64) -> Vec<Log> {
    let all = [
        (arrival.cancelled_at, "CS", "CS를 취소했습니다."),
        (
            arrival.arrived_at.filter(|_| arrival.cancelled_at.is_none()),
            "RETURN",
            "회수가 완료되었습니다.",
        ),
        (requested_at, "RETURN", "회수 송장을 생성했습니다."),
        (Some(arrival.made_at), "CS", "CS를 생성했습니다."),
    ];
    let count = all.len() as u64;
    let log = |(nth, (at, r#type, description)): (u64, (Option<Timestamp>, _, _))| {
        Some(Log {
            id: 7_000_000 + place * PARTS + count - nth,
            r#type,
            description,
            created: utc(at?),
        })
    };
    (0..).zip(all).filter_map(log).collect()
}

/// `yyyy-MM-ddTHH:mm:ss.SSSZ`.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests;
