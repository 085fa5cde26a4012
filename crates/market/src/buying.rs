//! Buying: who orders what on a day, and what becomes of a new order.

use std::collections::VecDeque;

use hoesu_claims::time::kst_midnight;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::agenda::{Event, Held};
use crate::catalogue::lines;
use crate::chance::draw;
use crate::happened::Thing;
use crate::rates::{CANCEL, CANCEL_AT_ONCE, LATE_CONFIRMED, LATE_STORED, SHORT, SHORT_TOLD_LATE};
use crate::turn::Turn;
use crate::{Config, Order, Story, hours, packing};

/// How much of a day's buying falls into each hour in Korea: most of it in the evening.
const OF_HOUR: [u64; 24] =
    [3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 5, 5, 5, 5, 5, 6, 8, 10, 12, 10, 6];

/// Somebody is going to buy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sale {
    pub(crate) at: Timestamp,
    pub(crate) nth: u64,
    pub(crate) seller: usize,
    pub(crate) place: usize,
}

/// Everything that is bought on a day, in order of time; numbered from `nth`.
pub(crate) fn day(config: &Config, places: usize, day: Date, nth: u64) -> VecDeque<Sale> {
    let Some(midnight) = kst_midnight(day) else { return VecDeque::new() };
    let day = midnight.as_second() as u64;
    let mut sales = Vec::new();
    for seller in 0..config.sellers {
        for place in 0..places {
            let of = |purpose: &str, which: u64, of: u64| {
                let which = (which as usize * places + place) * config.sellers + seller;
                draw(config.seed, day, purpose, which, of)
            };
            let mean = u64::from(config.orders_per_day);
            let many = (mean * (800 + of("orders", 0, 401)) + of("rounding", 0, 1000)) / 1000;
            sales.extend((0..many).map(|which| {
                let second = second_of_day(
                    of("hour", which, OF_HOUR.iter().sum()),
                    of("second", which, 3600),
                );
                let at = hours::after(midnight, SignedDuration::from_secs(second));
                Sale { at, nth: 0, seller, place }
            }));
        }
    }
    sales.retain(|sale| sale.at >= config.opens_at);
    sales.sort_by_key(|sale| (sale.at, sale.seller, sale.place));
    let numbered = sales.into_iter().zip(nth..);
    numbered.map(|(sale, nth)| Sale { nth, ..sale }).collect()
}

fn second_of_day(mut weight: u64, second: u64) -> i64 {
    let mut hour = 0;
    for of in OF_HOUR {
        if weight < of {
            break;
        }
        weight -= of;
        hour += 1;
    }
    hour * 3600 + second as i64
}

impl Held {
    /// A new order.
    pub(crate) fn bought(seed: u64, sale: Sale) -> Self {
        let lines = lines(seed, sale.seller, sale.nth);
        let mut story = Story::of(seed, sale.nth);
        story.item = lines[0].item;
        story.option = lines[0].option;
        story.quantity = i64::from(lines[0].quantity);
        story.price = lines[0].price;
        story.ordered_at = sale.at;
        story.waybill = packing::waybill(sale.nth, 1);
        let order = Order {
            nth: sale.nth,
            seller: sale.seller,
            place: sale.place,
            story,
            lines,
            paid_at: sale.at,
            confirmed_at: None,
            stored_at: None,
            parcels: Vec::new(),
            claims: Vec::new(),
            arrivals: Vec::new(),
            changed_at: sale.at,
        };
        Self { order, todo: Vec::new(), seq: 0, settled: false }
    }
}

impl Turn<'_> {
    /// The buyer paid just now.
    pub(crate) fn paid(&mut self) {
        self.happen(None, Thing::OrderPaid);
        let mut confirmed = hours::after(self.at, self.minutes("confirm", 0, 12, 260));
        if self.chance("confirm-late", 0, LATE_CONFIRMED) {
            confirmed = hours::after(confirmed, SignedDuration::from_hours(24));
        }
        let into = self.minutes("confirm-morning", 0, 10, 120);
        self.on(hours::waking(confirmed, into), Event::Confirm);
        if self.chance("cancel", 0, CANCEL) {
            let after = if self.chance("cancel-at-once", 0, CANCEL_AT_ONCE) {
                self.minutes("cancel-after", 0, 1, 30)
            } else {
                self.hours("cancel-after", 0, 1, 36)
            };
            self.later(after, Event::AskCancel(0));
        }
    }

    /// The seller's system confirms what nobody confirmed yet.
    pub(crate) fn confirm_if_due(&mut self) {
        if self.held.order.confirmed_at.is_none() && !self.held.order.is_cancelled() {
            self.confirm();
        }
    }

    /// The seller begins to prepare.
    pub(crate) fn confirm(&mut self) {
        self.held.order.confirmed_at = Some(self.at);
        self.forget(|event| event == Event::Confirm);
        self.happen(None, Thing::OrderConfirmed);
        let after = if self.chance("store-late", 0, LATE_STORED) {
            self.hours("store", 0, 16, 28)
        } else {
            self.minutes("store", 0, 5, 80)
        };
        self.later(after, Event::Store);
        if self.chance("short", 0, SHORT) {
            let after = if self.chance("short-late", 0, SHORT_TOLD_LATE) {
                self.hours("short-after", 0, 48, 96)
            } else {
                self.hours("short-after", 0, 2, 10)
            };
            self.at_work(after, Event::SellOut);
        }
    }

    /// Pieces the seller cannot supply, by line; whole lines, mostly all of them.
    pub(crate) fn short(&self, line: usize) -> u32 {
        let order = &self.held.order;
        let hit =
            self.chance("short", 0, SHORT) && (line == 0 || self.chance("short-line", line, 300));
        if hit { order.lines[line].quantity } else { 0 }
    }
}
