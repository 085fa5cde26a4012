//! The plan of a market: everything that makes two markets the same.

use hoesu_market::Config;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Error, Result};

/// How the surfaces of accounts answer where documents and live answers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// As the channel's documents say.
    #[default]
    Documented,
    /// As live answers were seen.
    Measured,
}

impl Profile {
    /// The value of the setting `profile`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Measured => "measured",
        }
    }
}

/// What makes a market what it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// The same seed, the same market and the same keys.
    #[schema(example = 1)]
    pub seed: u64,
    /// What the market's clock shows when the first caller comes.
    pub from: Timestamp,
    /// How many days the market has been open by then.
    #[schema(maximum = 400)]
    pub days: u32,
    /// How many sellers, each with an account on every channel.
    #[schema(minimum = 1, maximum = 100)]
    pub sellers: u32,
    /// Orders of one seller on one marketplace in a day, on average.
    #[schema(maximum = 100_000)]
    pub orders_per_day: u32,
    /// Whether the market's sellers answer claims themselves. `false` leaves that to the callers.
    pub staffed: bool,
    /// How the surfaces answer.
    pub profile: Profile,
    /// How many seconds of the market pass in one of the world's.
    pub speed: f64,
    /// Whether the clock begins standing still.
    pub frozen: bool,
}

impl Default for Plan {
    /// Seed 1, three sellers, forty orders a day each, two weeks open at 2026-01-19 09:00 KST.
    fn default() -> Self {
        let config = Config::default();
        let days = 14;
        Self {
            seed: config.seed,
            from: after(config.opens_at, SignedDuration::from_hours(24 * i64::from(days))),
            days,
            sellers: config.sellers as u32,
            orders_per_day: config.orders_per_day,
            staffed: config.staffed,
            profile: Profile::Documented,
            speed: 1.0,
            frozen: false,
        }
    }
}

impl Plan {
    /// The plan, if there can be such a market.
    pub(crate) fn checked(self) -> Result<Self> {
        let refused = |why: &str| Err(Error::Impossible(why.to_owned()));
        if !(1..=100).contains(&self.sellers) {
            return refused("`sellers` must be 1 to 100.");
        }
        if self.orders_per_day > 100_000 {
            return refused("`orders_per_day` must be 0 to 100000.");
        }
        if self.days > 400 {
            return refused("`days` must be 0 to 400.");
        }
        check_speed(self.speed)?;
        Ok(self)
    }

    /// When the market opened.
    pub(crate) fn opens_at(&self) -> Timestamp {
        after(self.from, SignedDuration::from_hours(-24 * i64::from(self.days)))
    }

    pub(crate) fn config(&self) -> Config {
        Config {
            seed: self.seed,
            opens_at: self.opens_at(),
            sellers: self.sellers as usize,
            orders_per_day: self.orders_per_day,
            staffed: self.staffed,
        }
    }
}

/// A speed a clock can have.
pub(crate) fn check_speed(speed: f64) -> Result<f64> {
    if speed > 0.0 && speed <= 1_000_000.0 {
        return Ok(speed);
    }
    Err(Error::Impossible("`speed` must be above 0 and at most 1000000.".to_owned()))
}

/// An instant some time away, or the last there is.
pub(crate) fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(at)
}
