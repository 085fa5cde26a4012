//! An exchange of a market → as Coupang lists it.

use hoesu_market::{Claim, Parcel};
use jiff::{SignedDuration, Timestamp};

use super::{Told, code, item, latest, sheets};
use crate::coupang::numbers;
use crate::coupang::text::{Exchange, ExchangeItem, NewBox, kst};

/// How long either way is expected to take.
const CARRIAGE: SignedDuration = SignedDuration::from_hours(3 * 24);

pub(super) fn write(told: &Told<'_>, vendor: &str) -> String {
    let Told { order, claim, number } = told;
    let [code_name, code_text, _, _, fault] = told.why();
    let status = status(claim);
    let collection = claim.collection.as_ref();
    let items = claim.pieces.iter().map(|(line, pieces)| ExchangeItem {
        item: order.lines[*line].item,
        option: order.lines[*line].option,
        vendor_item: item(order, *line),
        price: order.lines[*line].price,
        count: i64::from(*pieces),
        shipment_box: sheets::box_of_line(order, *line),
    });
    let first = claim.pieces.first().map_or(0, |(line, _)| *line);
    let exchange = Exchange {
        number: numbers::exchange(*number),
        order: numbers::order(order.nth),
        vendor,
        order_delivery: sheets::status_of_line(order, first),
        status,
        fault,
        code: code_name,
        code_text,
        created: kst(claim.asked_at),
        modified: kst(changed_at(claim)),
        line: 1_000_000 + numbers::place(*number),
        items: items.collect(),
        story: &order.story,
        boxes: claim.new_parcel.iter().map(|parcel| new_box(told, parcel)).collect(),
        delivery: delivery(claim),
        collect: collect(claim),
        collected: collection.and_then(|collection| collection.delivered_at).map(kst),
        expected: kst(after(claim.asked_at)),
        waybill: collection.map_or(("CJGLS", ""), |by| (code(&by.courier), by.waybill.as_str())),
        rejectable: status == "RECEIPT",
        invoice_modifiable: status == "PROGRESS" && claim.new_parcel.is_some(),
    };
    exchange.write()
}

fn after(at: Timestamp) -> Timestamp {
    at.saturating_add(CARRIAGE).unwrap_or(at)
}

const fn status(claim: &Claim) -> &'static str {
    if claim.withdrawn_at.is_some() {
        "CANCEL"
    } else if claim.refused_at.is_some() {
        "REJECT"
    } else if claim.completed_at.is_some() {
        "SUCCESS"
    } else if claim.received_at.is_some() {
        "PROGRESS"
    } else {
        "RECEIPT"
    }
}

fn collect(claim: &Claim) -> &'static str {
    let Some(way) = claim.collection.as_ref() else {
        return match (claim.received_at, claim.withdrawn_at, claim.refused_at.is_some()) {
            (Some(_), _, _) => "CompleteCollect",
            (None, Some(_), _) => "Withdraw",
            (None, None, true) => "NoCollect",
            (None, None, false) => "BeforeDirection",
        };
    };
    if way.delivered_at.is_some() || claim.received_at.is_some() {
        "CompleteCollect"
    } else if claim.withdrawn_at.is_some() {
        "Withdraw"
    } else if way.failed_at.is_some() {
        "Fail"
    } else if way.picked_at.is_some() {
        "Delivering"
    } else if claim.refused_at.is_some() {
        "NoCollect"
    } else {
        "CompleteDirection"
    }
}

fn delivery(claim: &Claim) -> &'static str {
    let Some(parcel) = claim.new_parcel.as_ref() else {
        return match (claim.withdrawn_at, claim.refused_at.is_some()) {
            (Some(_), _) => "Withdraw",
            (None, true) => "NoneData",
            (None, false) => "BeforeDirection",
        };
    };
    if parcel.delivered_at.is_some() {
        "CompleteDelivery"
    } else if parcel.waybill.is_empty() {
        "BeforeDirection"
    } else if parcel.closed_at.is_some() {
        "Delivering"
    } else {
        "CompleteDirection"
    }
}

fn new_box<'a>(told: &Told<'a>, parcel: &'a Parcel) -> NewBox<'a> {
    let invoice = (!parcel.waybill.is_empty()).then(|| {
        let entered = kst(parcel.told_at.unwrap_or(parcel.made_at));
        let delivered = parcel.delivered_at.map(kst);
        (code(&parcel.courier), parcel.waybill.as_str(), entered, delivered)
    });
    NewBox {
        number: numbers::shipment_box(told.order.nth, parcel.number),
        invoice,
        status: sheets::status_of(parcel),
        expected: kst(after(parcel.made_at)),
        items: (parcel.pieces.iter())
            .map(|(line, pieces)| (item(told.order, *line), i64::from(*pieces)))
            .collect(),
    }
}

fn changed_at(claim: &Claim) -> Timestamp {
    let way = claim.collection.as_ref();
    let parcel = claim.new_parcel.as_ref();
    let moments = [
        claim.received_at,
        claim.completed_at,
        claim.withdrawn_at,
        claim.refused_at.as_ref().map(|(at, _)| *at),
        way.map(|way| way.asked_at),
        way.and_then(|way| way.picked_at),
        way.and_then(|way| way.delivered_at),
        way.and_then(|way| way.failed_at),
        parcel.map(|parcel| parcel.made_at),
        parcel.and_then(|parcel| parcel.told_at),
        parcel.and_then(|parcel| parcel.delivered_at),
    ];
    latest(claim.asked_at, moments)
}
