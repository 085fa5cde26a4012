//! An order of a market → its order sheets: one for each box Coupang knows of.
//!
//! Coupang hears of a parcel when it is told the waybill. Until the first one is told all is in one
//! box, which keeps its number; what is told later gets a box of its own.

use hoesu_market::{Claim, Courier, Order, Parcel, What};
use jiff::SignedDuration;

use super::{code, item};
use crate::coupang::numbers;
use crate::coupang::text::{OrderSheet, SheetItem, kst, zoned};

/// A box as Coupang knows it.
struct Known<'a> {
    /// Its number in the order.
    number: u32,
    /// What goes out in it, once that was told.
    parcel: Option<&'a Parcel>,
    /// Pieces of each line.
    pieces: Vec<u32>,
}

pub(super) fn write(order: &Order) -> Vec<String> {
    let boxes = boxes(order);
    let split = boxes.len() > 1;
    // What is cancelled or asked back is counted in the first boxes that have it.
    let mut cancelled = counted(order, |claim| claim.completed_at.is_some());
    let mut held = counted(order, |claim| claim.completed_at.is_none());
    let ships = order.paid_at.saturating_add(SignedDuration::from_hours(48));
    let ships = kst(ships.unwrap_or(order.paid_at))[..10].to_owned();
    let sheet = |known: &Known<'_>| {
        let lines = order.lines.iter().enumerate().filter(|(at, _)| known.pieces[*at] > 0);
        let items = lines.map(|(at, line)| {
            let count = known.pieces[at];
            let gone = cancelled[at].min(count);
            let asked = held[at].min(count - gone);
            cancelled[at] -= gone;
            held[at] -= asked;
            SheetItem {
                item: line.item,
                option: line.option,
                vendor_item: item(order, at),
                price: line.price,
                count: i64::from(count),
                cancelled: i64::from(gone),
                held: i64::from(asked),
                ships: ships.clone(),
            }
        });
        let items = items.collect();
        let parcel = known.parcel;
        let sheet = OrderSheet {
            shipment_box: numbers::shipment_box(order.nth, known.number),
            order: numbers::order(order.nth),
            paid: zoned(order.paid_at),
            status: status(order, known),
            story: &order.story,
            split,
            items,
            courier: parcel.map_or("", |parcel| match &parcel.courier {
                Courier::Cj => "CJ 대한통운",
                Courier::Named(_) => code(&parcel.courier),
            }),
            waybill: parcel.map_or("", |parcel| parcel.waybill.as_str()),
            told: parcel.and_then(|parcel| parcel.told_at).map(kst).unwrap_or_default(),
            left: parcel.and_then(|parcel| parcel.closed_at).map(zoned).unwrap_or_default(),
            delivered: parcel.and_then(|parcel| parcel.delivered_at).map(zoned).unwrap_or_default(),
        };
        sheet.write()
    };
    boxes.iter().map(sheet).collect()
}

/// The box a line's goods went out in, or will.
pub(super) fn box_of_line(order: &Order, line: usize) -> u64 {
    let boxes = boxes(order);
    let number = boxes.iter().find(|known| known.pieces[line] > 0).map_or(1, |known| known.number);
    numbers::shipment_box(order.nth, number)
}

/// Where the box of a line stands.
pub(super) fn status_of_line(order: &Order, line: usize) -> &'static str {
    let boxes = boxes(order);
    let known = boxes.iter().find(|known| known.pieces[line] > 0).or_else(|| boxes.first());
    known.map_or("ACCEPT", |known| status(order, known))
}

/// Where a parcel that was told of stands.
pub(super) const fn status_of(parcel: &Parcel) -> &'static str {
    if parcel.delivered_at.is_some() {
        "FINAL_DELIVERY"
    } else if parcel.waybill.is_empty() {
        "INSTRUCT"
    } else if parcel.closed_at.is_some() {
        "DELIVERING"
    } else {
        "DEPARTURE"
    }
}

const fn status(order: &Order, known: &Known<'_>) -> &'static str {
    match known.parcel {
        Some(parcel) => status_of(parcel),
        None if order.confirmed_at.is_some() => "INSTRUCT",
        None => "ACCEPT",
    }
}

fn boxes(order: &Order) -> Vec<Known<'_>> {
    let is_told = |parcel: &&Parcel| {
        parcel.told_at.is_some() && parcel.cancelled_at.is_none() && !parcel.waybill.is_empty()
    };
    let mut told: Vec<&Parcel> = order.parcels.iter().filter(is_told).collect();
    told.sort_by_key(|parcel| (parcel.told_at, parcel.number));
    let mut rest: Vec<u32> = order.lines.iter().map(|line| line.quantity).collect();
    let Some(first) = told.first().map(|parcel| parcel.number) else {
        return vec![Known { number: 1, parcel: None, pieces: rest }];
    };
    let mut boxes = Vec::with_capacity(told.len());
    for parcel in told {
        let mut pieces = vec![0; rest.len()];
        for (line, many) in &parcel.pieces {
            let taken = rest[*line].min(*many);
            pieces[*line] += taken;
            rest[*line] -= taken;
        }
        // The box every order begins with is the one that was told first, whichever it was.
        let number = match parcel.number {
            number if number == first => 1,
            1 => first,
            number => number,
        };
        boxes.push(Known { number, parcel: Some(parcel), pieces });
    }
    for (pieces, rest) in boxes[0].pieces.iter_mut().zip(rest) {
        *pieces += rest;
    }
    boxes.retain(|known| known.pieces.iter().any(|pieces| *pieces > 0));
    boxes
}

/// Pieces of each line in cancels and returns that stand.
fn counted(order: &Order, which: impl Fn(&Claim) -> bool) -> Vec<u32> {
    let mut pieces = vec![0; order.lines.len()];
    let stand = order.claims.iter().filter(|claim| {
        claim.withdrawn_at.is_none() && claim.refused_at.is_none() && claim.what != What::Exchange
    });
    for claim in stand.filter(|claim| which(claim)) {
        for (line, many) in &claim.pieces {
            pieces[*line] += many;
        }
    }
    pieces
}
