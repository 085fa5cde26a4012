//! Made-up tickets and orders, in the documented order of fields: the warehouse's side of the orders
//! that [`Story`] tells, numbered as the sales channels number them.

mod order;
mod ticket;

use hoesu_claims::Media;

use super::record::{INVOICE_IDS, ORDER_IDS, Resource, Sale};
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

/// The sales channel an order came by: even ones Coupang, odd ones SSG.
fn sale(story: &Story) -> Sale {
    if story.nth.is_multiple_of(2) {
        let order_code = (500_000_000 + story.nth).to_string();
        return Sale { channel_name: "쿠팡".to_owned(), channel_id: 1, order_code };
    }
    let day = story.kst(0)[..10].replace('-', "");
    let order_code = format!("{day}{:06X}", story.nth);
    Sale { channel_name: "SSG.COM".to_owned(), channel_id: 2, order_code }
}

#[cfg(test)]
mod tests;
