#![doc = include_str!("../README.md")]

pub mod collect;
mod digest;
mod error;
mod export;
pub mod failure;
mod follow;
mod gather;
mod import;
pub mod items;
mod line;
mod record;
mod replay;
mod settle;
pub mod sheet;
pub mod split;
mod supervise;
pub mod told;

pub use collect::Collector;
pub use error::{Error, Result};
pub use export::export;
pub use follow::follow;
pub use gather::Docket;
pub use import::{How, Progress, RefusedAt, Report, import, put};
pub use record::is_ahead;
pub use replay::{Compared, compare, ledger_hash, replay};
pub use settle::{Settling, catch_up, catch_up_by};
pub use supervise::{Background, Supervisor};
