#![doc = include_str!("../README.md")]

mod api;
mod app;
mod around;
mod clock;
mod listen;
mod meter;
mod ready;
#[cfg(test)]
mod tests;
mod tls;

pub use api::openapi;
pub use app::{App, app};
pub use clock::SystemClock;
pub use hoesu_engine::Supervisor;
pub use listen::{Answers, BoundListener, Config, Error, serve};
pub use meter::{Meter, Scrape};
pub use tls::TlsFiles;
