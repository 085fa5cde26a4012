#![doc = include_str!("../README.md")]

mod cases;
mod ceiling;
mod client;
mod collect;
mod fill;
mod memory;
mod pages;
mod server;
mod settle;
mod surfaces;

pub use cases::cases;
pub use ceiling::ceiling;
pub use collect::collect;
pub use pages::pages;
pub use settle::settle;
pub use surfaces::{Options, Report, surfaces};
