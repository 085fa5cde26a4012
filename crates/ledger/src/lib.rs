#![doc = include_str!("../README.md")]

mod access;
mod account;
mod api_key;
pub mod bare;
mod books;
pub mod cases;
mod catalog;
mod code;
mod counter;
mod database;
mod error;
mod feed;
mod keys;
mod ledger;
mod migration;
pub mod overview;
mod password;
mod people;
mod plan;
mod postgres;
mod query;
mod seal;
mod signature;
mod sought;
mod sqlite;
mod store;
mod token;

pub use access::{Access, Anchor, Broken, Deed, KeptAccess, Tampering, Verified};
pub use account::{Account, Admitted, NewAccount, Seller};
pub use api_key::{ApiKey, IssuedApiKey, Scope};
pub use books::{Choice, Resources, SalesItem};
pub use counter::Counter;
pub use error::{Cause, Error, KeyProblem, Result, Retry};
pub use feed::{FeedKey, FeedState, Lease};
pub use keys::MasterKey;
pub use ledger::{
    Checked, Current, Earlier, ITEM_CHARS_MAX, LOCKED_FOR, Ledger, Limits, MEMO_CHARS_MAX, Place,
    Prepared,
};
pub use migration::{FurtherMigration, SchemaMismatch};
pub use people::{
    Fit, IssuedLink, Link, LinkUse, Member, Person, PersonId, Role, Session, SignIn, Unfit,
};
pub use query::{
    Held, Order, Outcome, Page, Put, Query, ReadTexts, Refusal, Refused, Shelf, Start,
};
pub use sought::Sought;
