//! Made-up order ledger rows: before an invoice, printed, closed, delivered, cancelled, split.

use hoesu_claims::Moment;
use hoesu_claims::document::Marks;

use super::{DAY, HOUR, INVOICE_IDS, MINUTE, ORDER_IDS, Resource, sale};
use crate::Story;
use crate::poomgo::record::{Invoice, Row};

/// How far a made-up order came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Nothing,
    Assigned,
    Printed,
    Closed,
    Delivered,
}

impl Reached {
    fn of(story: &Story) -> Self {
        match story.draw("order reached", 100) {
            0..6 => Self::Nothing,
            6..10 => Self::Assigned,
            10..16 => Self::Printed,
            16..30 => Self::Closed,
            _ => Self::Delivered,
        }
    }
}

/// The `nth` order row, and the days Poomgo tells only by which filter shows the row.
pub(super) fn body_and_marks(story: &Story) -> (String, Marks) {
    let reached = Reached::of(story);
    let made = 10 * MINUTE + story.draw("row made", 50 * MINUTE as u64) as i64;
    let total = story.price * story.quantity;
    let carriage = if total < 50_000 { 3_000 } else { 0 };
    let row = Row {
        id: ORDER_IDS + story.nth,
        sale: &sale(story),
        line: 1,
        person: story,
        item: story.item,
        option: story.option,
        resource: &Resource::of(story.item, story.option),
        created: &story.utc(made),
        ordered: &story.utc(0),
        invoices: &invoices(story, reached),
        cancelled: &cancelled(story, reached),
        quantity: story.quantity,
        total,
        paid: total + carriage,
    };
    (row.write(), marks(story, reached, made))
}

fn invoices(story: &Story, reached: Reached) -> Vec<Invoice> {
    let (is_printed, is_closed, is_delivered) = match reached {
        Reached::Nothing => return Vec::new(),
        Reached::Assigned => (false, false, false),
        Reached::Printed => (true, false, false),
        Reached::Closed => (true, true, false),
        Reached::Delivered => (true, true, true),
    };
    let invoice = |id, code| Invoice { id, code, is_printed, is_closed, is_delivered };
    let mut all = vec![invoice(INVOICE_IDS + story.nth, story.waybill.clone())];
    if story.quantity > 1 && story.draw("split", 25) == 0 {
        let code = format!("3805{:08}", story.nth % 100_000_000);
        all.push(invoice(2 * INVOICE_IDS + story.nth, code));
    }
    all
}

fn cancelled(story: &Story, reached: Reached) -> Vec<Invoice> {
    if reached == Reached::Nothing || story.draw("reassigned", 50) > 0 {
        return Vec::new();
    }
    vec![Invoice {
        id: 3 * INVOICE_IDS + story.nth,
        code: format!("3806{:08}", story.nth % 100_000_000),
        is_printed: true,
        is_closed: false,
        is_delivered: false,
    }]
}

fn marks(story: &Story, reached: Reached, made: i64) -> Marks {
    let assigned = made + HOUR + story.draw("assigned", 20 * HOUR as u64) as i64;
    let closed = assigned + HOUR + story.draw("closed", DAY as u64) as i64;
    match reached {
        Reached::Nothing => Marks::new(),
        Reached::Assigned | Reached::Printed => {
            Marks::from([(Moment::Confirmed, story.after(assigned))])
        }
        Reached::Closed | Reached::Delivered => Marks::from([
            (Moment::Confirmed, story.after(assigned)),
            (Moment::Closed, story.after(closed)),
        ]),
    }
}
