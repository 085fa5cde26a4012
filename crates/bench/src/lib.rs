#![doc = include_str!("../README.md")]

mod ceiling;
mod client;
mod fill;
mod server;
mod surfaces;

pub use ceiling::ceiling;
pub use surfaces::{Options, Report, surfaces};
