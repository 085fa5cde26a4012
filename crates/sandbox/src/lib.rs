#![doc = include_str!("../README.md")]

mod booth;
mod called;
mod clock;
mod control;
pub mod curl;
mod error;
mod fault;
mod gate;
mod listen;
mod past;
mod plan;
mod play;
mod problem;
mod rows;
mod seed;
mod snapshot;
mod stage;
#[cfg(test)]
mod tests;
mod world;

pub use control::openapi;
pub use error::{Error, Result};
pub use gate::Sandbox;
pub use listen::serve;
pub use past::Past;
pub use plan::{Plan, Profile};
pub use seed::{Seed, SeedAccount, SeedSeller};
