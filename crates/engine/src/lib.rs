#![doc = include_str!("../README.md")]

mod error;
mod export;
mod gather;
mod import;
mod line;
mod record;
pub mod split;

pub use error::{Error, Result};
pub use export::export;
pub use gather::Docket;
pub use import::{How, Progress, RefusedAt, Report, import, put};
