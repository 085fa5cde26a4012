#![doc = include_str!("../README.md")]

mod act;
mod acting;
mod agenda;
mod arriving;
mod buying;
mod cancelling;
mod catalogue;
mod chance;
mod claiming;
mod collecting;
mod customs;
mod exchanging;
mod happened;
mod hours;
mod market;
mod order;
mod packing;
mod rates;
mod returning;
mod staff;
mod story;
mod turn;

pub use act::{Act, Acted, Refused};
pub use customs::{Config, Customs, Stop};
pub use happened::{Happened, Thing};
pub use market::Market;
pub use order::{
    Arrival, Arrived, Cause, Charged, Claim, ClaimNo, Collection, Courier, Decision, Line, Order,
    Parcel, What,
};
pub use story::Story;
