#![doc = include_str!("../README.md")]

pub mod channel;
pub mod connect;
mod contract;
pub mod coupang;
pub mod coupang_3pfl;
pub mod desk;
pub mod json;
pub mod page;
pub mod people;
pub mod poomgo;
pub mod ssg;
pub mod stall;
#[cfg(test)]
mod tests;
mod tree;
#[cfg(test)]
mod trial;
pub mod xml;

pub use channel::{
    Away, Capabilities, Channel, Confidence, CredentialField, Endpoint, Example, Fault, Invented,
    Probe, Reading, Refusal, Role, Setting, Side, Title,
};
pub use desk::{Clock, Desk};
pub use hoesu_market::Story;

/// Every channel hoesu speaks. Mounting, settings, command line, documents and tests iterate this;
/// a new channel is a folder, a `mod` line and a line here.
pub static CHANNELS: &[&dyn Channel] =
    &[&coupang::Coupang, &coupang_3pfl::Coupang3pfl, &ssg::Ssg, &poomgo::Poomgo];

/// The channel with this id.
pub fn by_id(id: &str) -> Option<&'static dyn Channel> {
    CHANNELS.iter().copied().find(|channel| channel.id() == id)
}
