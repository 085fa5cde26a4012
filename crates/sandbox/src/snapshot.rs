//! A snapshot: the plan and everything asked of the market since, from which it can be played again.

use hoesu_claims::Media;
use hoesu_claims::document::Marks;
use hoesu_market::Act;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Plan;
use crate::fault::{Fault, Order};

/// What snapshots are written as; another number is refused.
pub(crate) const FORMAT: u32 = 1;

/// A market that can be restored.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot {
    /// How it is written: 1.
    pub(crate) format: u32,
    /// What the market was made from.
    pub(crate) plan: Plan,
    /// What its clock showed.
    pub(crate) now: Timestamp,
    /// How fast the clock went.
    pub(crate) speed: f64,
    /// Whether it stood still.
    pub(crate) frozen: bool,
    /// What was asked of it, in order.
    #[schema(value_type = Vec<Object>)]
    pub(crate) inputs: Vec<Input>,
    /// The faults that stood, with what they had hit.
    pub(crate) faults: Vec<Fault>,
    /// How many random numbers answers had taken.
    pub(crate) chances: u64,
    /// Documents that callers brought.
    #[schema(value_type = Vec<Object>)]
    pub(crate) brought: Vec<Brought>,
}

/// Something asked of the market from outside.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    /// When, by the market's clock.
    pub(crate) at: Timestamp,
    /// What.
    pub(crate) done: Done,
}

/// What can be asked of a market.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Done {
    /// A caller's act.
    Act {
        /// Whose, from 0.
        seller: usize,
        /// On which of the market's places.
        place: usize,
        /// What.
        act: Act,
    },
    /// A fault was ordered.
    Fault(Order),
    /// A fault was lifted, or all.
    Lift(Option<u64>),
}

/// A version of a document that a caller brought.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Brought {
    /// The account's name.
    pub(crate) account: String,
    /// How it is written.
    pub(crate) media: Media,
    /// Its text.
    pub(crate) body: String,
    /// Beside the text.
    #[serde(default)]
    pub(crate) marks: Marks,
    /// When it was brought.
    pub(crate) observed_at: Timestamp,
}
