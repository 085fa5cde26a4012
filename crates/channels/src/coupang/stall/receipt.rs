//! A cancel or return of a market → the receipt Coupang has of it.

use hoesu_market::{Claim, Courier, Decision, Order, What};
use jiff::Timestamp;

use super::{Told, code, item, latest, sheets};
use crate::coupang::numbers;
use crate::coupang::read::{TYPE_CANCEL, TYPE_RETURN};
use crate::coupang::text::{Reason, Receipt, ReceiptItem, SOLD_OUT, kst};
use crate::coupang::version::{self, Version};

/// What the carriage of one way costs, in won.
const CARRIAGE: i64 = 3_000;

/// Where a receipt stands: its type and status, whether the shipment was stopped, whether the goods
/// left, who handled the cancel.
struct Course {
    kind: &'static str,
    status: &'static str,
    stop: &'static str,
    released: &'static str,
    user: &'static str,
}

pub(super) fn write(told: &Told<'_>) -> String {
    let Told { order, claim, number } = told;
    let course = course(order, claim);
    let left = matches!(course.released, "Y" | "A");
    let collection = claim.collection.as_ref().filter(|_| left);
    let waybill = collection.filter(|collection| !collection.waybill.is_empty());
    let (confirmed, confirmed_at) = confirmed(claim, left);
    let items = claim.pieces.iter().map(|(line, pieces)| ReceiptItem {
        item: order.lines[*line].item,
        option: order.lines[*line].option,
        vendor_item: item(order, *line),
        ordered: i64::from(order.lines[*line].quantity),
        count: i64::from(*pieces),
        shipment_box: sheets::box_of_line(order, *line),
        released: course.released,
        user: course.user,
    });
    let receipt = Receipt {
        number: numbers::receipt(*number),
        order: numbers::order(order.nth),
        payment: 700_000_000 + order.nth,
        kind: course.kind,
        status: course.status,
        created: kst(claim.asked_at),
        modified: kst(changed_at(claim)),
        story: &order.story,
        why: why(told, &course),
        words: if claim.by_seller { "파트너 API 강제 취소" } else { "" },
        count: told.pieces(),
        delivery: collection.map_or(0, |_| 40_000_000 + numbers::place(*number)),
        delivery_type: collection.map_or("", |collection| match &collection.courier {
            Courier::Cj if collection.booking.is_none() => "연동택배",
            Courier::Cj | Courier::Named(_) => "수기관리",
        }),
        stop: course.stop,
        pre_refund: claim.pre_refunded_at.is_some(),
        confirmed_at: confirmed_at.map(kst).unwrap_or_default(),
        confirmed,
        items: items.collect(),
        waybill: waybill.map(|by| (code(&by.courier), by.waybill.as_str())),
        charge: match (left, told.buyer_pays()) {
            (false, _) => 0,
            (true, true) => -CARRIAGE,
            // Goods that left although they were to be stopped: both ways.
            (true, false) if claim.decided.is_some() => 2 * CARRIAGE,
            (true, false) => CARRIAGE,
        },
    };
    let body = receipt.write();
    let body = version::write(body.as_bytes(), Version::V6);
    String::from_utf8_lossy(&body).into_owned()
}

/// What a seller's cancel of prepared goods is for is fixed; goods that left although they were to be
/// stopped are the seller's fault.
fn why(told: &Told<'_>, course: &Course) -> Reason {
    let [code, text, category, reason, fault] = told.why();
    if told.claim.by_seller && course.kind == TYPE_RETURN {
        SOLD_OUT
    } else if matches!(course.released, "A") {
        [code, text, category, reason, "VENDOR"]
    } else {
        [code, text, category, reason, fault]
    }
}

/// A cancel before anything is prepared is done at once; one of prepared goods is booked as a
/// return.
fn course(order: &Order, claim: &Claim) -> Course {
    let begun = order.confirmed_at.is_some_and(|at| at <= claim.asked_at);
    let cancels = claim.what == What::Cancel || claim.stops;
    let of =
        |status, stop, released, user| Course { kind: TYPE_RETURN, status, stop, released, user };
    match claim.decided {
        None if cancels && !begun => {
            Course { kind: TYPE_CANCEL, ..of("RETURNS_COMPLETED", "비대상", "N", "") }
        }
        None if cancels && claim.completed_at.is_none() && !claim.by_seller => {
            of("RELEASE_STOP_UNCHECKED", "미처리", "N", "")
        }
        None if !cancels => of(status(claim), "비대상", "Y", ""),
        None | Some((_, Decision::Stopped)) => {
            of("RETURNS_COMPLETED", "처리(출고중지)", "S", "3P_CANCEL")
        }
        Some((_, Decision::Shipped)) => of(status(claim), "처리(이미출고)", "A", ""),
        Some((_, Decision::ShippedItself)) => of(status(claim), "자동처리(이미출고)", "A", ""),
    }
}

/// How far the return of goods that left has come.
const fn status(claim: &Claim) -> &'static str {
    if claim.completed_at.is_some() {
        "RETURNS_COMPLETED"
    } else if claim.disputed_at.is_some() {
        "REQUEST_COUPANG_CHECK"
    } else if claim.received_at.is_some() {
        "VENDOR_WAREHOUSE_CONFIRM"
    } else {
        "RETURNS_UNCHECKED"
    }
}

/// Who confirmed the end, and when.
fn confirmed(claim: &Claim, left: bool) -> (&'static str, Option<Timestamp>) {
    let delivered = claim.collection.as_ref().and_then(|collection| collection.delivered_at);
    let refunded_early = claim.pre_refunded_at.is_some();
    match (claim.received_at, claim.completed_at) {
        (Some(at), _) => ("VENDOR_CONFIRM", Some(at)),
        (None, Some(at)) if left && !refunded_early && delivered.is_none() => {
            ("CS_LOSS_CONFIRM", Some(at))
        }
        (None, Some(at)) if left && !refunded_early => ("CS_CONFIRM", Some(at)),
        (None, Some(at)) if !left => ("VENDOR_CONFIRM", Some(at)),
        (None, Some(_) | None) => ("UNDEFINED", None),
    }
}

/// When the receipt's own status last changed.
fn changed_at(claim: &Claim) -> Timestamp {
    let decided = claim.decided.as_ref().map(|(at, _)| *at);
    let moments =
        [decided, claim.received_at, claim.pre_refunded_at, claim.disputed_at, claim.completed_at];
    latest(claim.asked_at, moments)
}
