//! Every request and answer of Poomgo, field for field, in its own spelling; serde and nothing else.
//!
//! A field that is absent reads as `null`. Fields that were only ever seen as `null` and that nothing
//! here depends on are taken in any form ([`Any`]). Members named nowhere here stay in the stored
//! record, which is what is served.

mod order;
mod ticket;

use std::borrow::Cow;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use order::{Invoice, Order, OrderPage, OrdersRequest, Person};
pub use ticket::{CsLog, ReturnInvoice, ReturnInvoiceItem, Ticket, TicketPage};

pub(super) use order::ORDER_MEMBERS;
pub(super) use ticket::TICKET_MEMBERS;

/// A value of any form, token for token; `None` for `null`.
pub type Any<'a> = Option<&'a RawValue>;

/// A text, borrowed from the body where it has no escapes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Str<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl Deref for Str<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A number typed `string` by the field table. One of them the newer guide's sample writes bare, so
/// both are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number<'a> {
    /// `456000`.
    Bare(i64),
    /// `"456000"`.
    Quoted(#[serde(borrow)] Cow<'a, str>),
}
