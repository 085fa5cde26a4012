#![doc = include_str!("../README.md")]

mod act;
mod chance;
mod customs;
mod happened;
mod market;
mod order;
mod story;

pub use act::{Act, Acted, Refused};
pub use customs::{Config, Customs, Stop};
pub use happened::Happened;
pub use market::Market;
pub use order::{
    Arrival, Arrived, Cause, Charged, Claim, ClaimNo, Collection, Courier, Decision, Line, Order,
    Parcel, What,
};
pub use story::Story;
