//! Poomgo's records as text, in the documented order of fields: written here and nowhere else, from
//! plain fields, by whoever makes them up.

mod order;
mod ticket;

pub(super) use order::{Invoice, Row};
pub(super) use ticket::{Item, Log, Parcel, Ticket};

use crate::Story;

/// Numbers of made-up order rows and invoices begin here, clear of the samples'.
pub(super) const ORDER_IDS: u64 = 10_000_000;
pub(super) const INVOICE_IDS: u64 = 20_000_000;

/// The sales channel an order came by.
pub(super) struct Sale {
    pub(super) channel_name: String,
    pub(super) channel_id: u8,
    pub(super) order_code: String,
}

/// What was bought, as the warehouse books it: one resource per item and option.
pub(super) struct Resource {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) item_number: String,
    pub(super) id: u64,
}

impl Resource {
    pub(super) fn of(item: &str, option: &str) -> Self {
        let name = format!("{item} {option}");
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

/// Records with commas between them.
fn joined<T>(all: &[T], write: impl Fn(&T) -> String) -> String {
    all.iter().map(write).collect::<Vec<_>>().join(",")
}

/// Who receives and sends back: the order's person.
type Person = Story;
