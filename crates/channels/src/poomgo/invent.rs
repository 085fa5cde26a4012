//! Made-up tickets and orders, in the documented order of fields: the warehouse's side of the orders
//! that [`Story`] tells, numbered as the sales channels number them.

mod order;
mod ticket;

use hoesu_claims::Media;

use super::{ORDER, TICKET};
use crate::Invented;
use crate::Story;

/// The `nth` made-up document of a kind.
pub(super) fn invent(kind: &str, nth: u64) -> Option<Invented> {
    let story = Story::nth(nth);
    let (body, marks) = match kind {
        TICKET => (ticket::body(&story), std::collections::BTreeMap::new()),
        ORDER => order::body_and_marks(&story),
        _ => return None,
    };
    Some(Invented { media: Media::Json, body: body.into_bytes(), marks })
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Numbers of made-up order rows and invoices begin here, clear of the samples'.
const ORDER_IDS: u64 = 10_000_000;
const INVOICE_IDS: u64 = 20_000_000;

/// The sales channel an order came by: even ones Coupang, odd ones SSG.
struct Sale {
    channel_name: &'static str,
    channel_id: u8,
    order_code: String,
}

impl Sale {
    fn of(story: &Story) -> Self {
        if story.nth.is_multiple_of(2) {
            let order_code = (500_000_000 + story.nth).to_string();
            return Self { channel_name: "쿠팡", channel_id: 1, order_code };
        }
        let day = story.kst(0)[..10].replace('-', "");
        let order_code = format!("{day}{:06X}", story.nth);
        Self { channel_name: "SSG.COM", channel_id: 2, order_code }
    }
}

/// What was bought, as the warehouse books it: one resource per item and option.
struct Resource {
    name: String,
    code: String,
    item_number: String,
    id: u64,
}

impl Resource {
    fn of(story: &Story) -> Self {
        let name = format!("{} {}", story.item, story.option);
        let sum = name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(131) + u64::from(byte));
        let id = sum % 100_000;
        Self { code: format!("88{:011}", sum % 10_u64.pow(11)), item_number: sku(id), name, id }
    }
}

fn sku(id: u64) -> String {
    format!("SKU-{id:05}")
}

/// A value in quotes, or `null`. Made-up values have nothing to escape.
fn quoted(value: Option<&str>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| format!("\"{value}\""))
}

#[cfg(test)]
mod tests;
