//! Money (금액): whole won, and how they are written.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount in won. There is no smaller unit, so it is an integer and never rounds; written as a
/// plain JSON number. Sums are checked: what does not fit is `None`, never something else.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(transparent)]
#[schema(description = "An amount in whole won: there is no smaller unit.")]
pub struct Won(pub i64);

impl Won {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Both together.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// What is left.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The price of so many pieces.
    pub fn checked_mul(self, pieces: i64) -> Option<Self> {
        self.0.checked_mul(pieces).map(Self)
    }

    /// All of them together, zero if there are none. `None` if they do not fit, in whatever order
    /// they come.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let sum: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        i64::try_from(sum).ok().map(Self)
    }

    /// As it is written in Korean: `12,300원`, `-500원`.
    pub fn korean(self) -> String {
        format!("{}{}원", self.sign(), self.grouped())
    }

    const fn sign(self) -> &'static str {
        if self.0 < 0 { "-" } else { "" }
    }

    /// The digits without a sign, a comma before every third from the right.
    fn grouped(self) -> String {
        let digits = self.0.unsigned_abs().to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }
}

/// As it is written in English: `₩12,300`, `-₩500`.
impl fmt::Display for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}₩{}", self.sign(), self.grouped())
    }
}

#[cfg(test)]
mod tests;
