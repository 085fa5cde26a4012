#![doc = include_str!("../README.md")]

mod account;
mod api_key;
pub mod bare;
mod books;
pub mod cases;
mod catalog;
mod error;
mod feed;
mod keys;
mod ledger;
mod plan;
mod postgres;
mod query;
mod seal;
mod signature;
mod sqlite;
mod store;

pub use account::{Account, Admitted, NewAccount, Seller};
pub use api_key::{ApiKey, IssuedApiKey, Scope};
pub use books::{Choice, Resources, SalesItem};
pub use error::{Error, Result};
pub use feed::{FeedKey, FeedState, Lease};
pub use keys::MasterKey;
pub use ledger::{Checked, Current, ITEM_CHARS_MAX, Ledger, Place, Prepared};
pub use query::{
    Held, Order, Outcome, Page, Put, Query, ReadTexts, Refusal, Refused, Shelf, Start,
};
