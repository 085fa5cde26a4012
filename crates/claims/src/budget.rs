//! The call budget of an account: when the next call to its channel may be made, by whichever process.
//!
//! Calls are spaced evenly, so that no second ever sees more of them than the channel allows. A channel
//! that asks to be left alone is left alone by everybody ([`Budget::held`]). After some failures in a
//! row the circuit opens: nobody calls for a while, then one call tries, and what it comes to closes the
//! circuit or opens it for longer. Pure: the instants and the randomness are handed in.

use std::cmp::{max, min};

use crate::wait::{Horizon, SLACK_MS};

/// How many failures in a row open the circuit.
pub const FAILURES_MAX: u32 = 5;
/// How long others wait for the one call that tries an open circuit, in milliseconds.
pub const TRIAL_MS: i64 = 30_000;
/// The longest a channel is left alone at its word, in milliseconds.
pub const HELD_MAX_MS: i64 = 3_600_000;
/// How long to wait after a first failure, in milliseconds; twice that after each further one.
const FIRST_WAIT_MS: i64 = 1_000;
/// The longest wait after a failure, in milliseconds: once a channel answers again, that is noticed
/// within a promise of five minutes.
const LONGEST_WAIT_MS: i64 = 120_000;

/// How often an account's channel may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How far apart calls are, in milliseconds.
    pub apart_ms: i64,
    /// How far ahead a call may be booked; who would wait longer comes again.
    pub ahead_ms: i64,
}

impl Rate {
    /// So many calls in a second (0 is taken as 1), booked at most two seconds ahead.
    pub fn per_second(calls: u32) -> Self {
        // Rounded up: never one too many.
        Self {
            apart_ms: (1000 + i64::from(max(calls, 1)) - 1) / i64::from(max(calls, 1)),
            ahead_ms: 2_000,
        }
    }
}

/// What an account's callers share. Instants are milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budget {
    /// The first instant at which a call can be booked.
    pub next_ms: i64,
    /// Before this instant nobody calls.
    pub held_until_ms: i64,
    /// When that was noted.
    pub held_at_ms: i64,
    /// Failures since the last answer.
    pub failures: u32,
}

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Call once, at this instant; nobody else will.
    At(i64),
    /// Nothing was booked; come again at this instant.
    NotBefore(i64),
}

impl Budget {
    /// Books a call, or says when to come again; with the budget as it is then.
    #[must_use]
    pub fn draw(self, rate: Rate, now_ms: i64) -> (Self, Turn) {
        let budget = self.seen(now_ms);
        // Booked by a clock that was ahead: nobody books this far.
        let ahead_ms = max(rate.ahead_ms, 0).saturating_add(max(rate.apart_ms, 1));
        let is_far = !Horizon::of(now_ms, ahead_ms).holds(now_ms, budget.next_ms);
        let next_ms = if is_far { now_ms } else { budget.next_ms };
        Self { next_ms, ..budget }.drawn(rate, now_ms)
    }

    /// The budget as it is to be believed at `now_ms`. A pause noted by a clock that was ahead, or before
    /// ours was set back, lasts a minute more at most.
    #[must_use]
    pub fn seen(self, now_ms: i64) -> Self {
        if Horizon::of(now_ms, HELD_MAX_MS).holds(self.held_at_ms, self.held_until_ms) {
            return self;
        }
        let held_until_ms = min(self.held_until_ms, now_ms.saturating_add(SLACK_MS));
        Self { held_until_ms, held_at_ms: now_ms, ..self }
    }

    fn drawn(self, rate: Rate, now_ms: i64) -> (Self, Turn) {
        if self.held_until_ms > now_ms {
            return (self, Turn::NotBefore(self.held_until_ms));
        }
        let at_ms = max(self.next_ms, now_ms);
        let earliest_ms = at_ms.saturating_sub(max(rate.ahead_ms, 0));
        if earliest_ms > now_ms {
            return (self, Turn::NotBefore(earliest_ms));
        }
        let next_ms = at_ms.saturating_add(max(rate.apart_ms, 1));
        let tries = self.is_open();
        let drawn = Self { next_ms, ..self };
        let drawn = if tries { drawn.held(now_ms, at_ms.saturating_add(TRIAL_MS)) } else { drawn };
        (drawn, Turn::At(at_ms))
    }

    /// After the channel asked at `now_ms` to be left alone until an instant (429, `Retry-After`).
    #[must_use]
    pub fn held(self, now_ms: i64, until_ms: i64) -> Self {
        let held = self.seen(now_ms);
        let held_until_ms = max(held.held_until_ms, until_ms);
        Self { held_until_ms, held_at_ms: now_ms, ..held }
    }

    /// Until when a call is not to be made that was booked at `booked_ms` for `at_ms`, because everybody was
    /// asked to leave the channel alone since; `None` if it may be made. What its own booking holds others
    /// by doesn't hold it.
    pub fn forbids(self, booked_ms: i64, at_ms: i64, now_ms: i64) -> Option<i64> {
        let budget = self.seen(now_ms);
        let is_own = budget.held_at_ms <= booked_ms
            && budget.held_until_ms == at_ms.saturating_add(TRIAL_MS);
        (budget.held_until_ms > now_ms && !is_own).then_some(budget.held_until_ms)
    }

    /// After a call that says the channel or the account is not well, whatever was asked for. `chance`
    /// is any random number.
    #[must_use]
    pub fn failed(self, now_ms: i64, chance: u32) -> Self {
        let failed = Self { failures: self.failures.saturating_add(1), ..self };
        if failed.is_open() {
            let times = failed.failures - FAILURES_MAX + 1;
            failed.held(now_ms, now_ms.saturating_add(wait_ms(times, chance)))
        } else {
            failed
        }
    }

    /// After an answer: the circuit is closed, and a trial is over.
    #[must_use]
    pub fn answered(self) -> Self {
        let held_until_ms = if self.is_open() { 0 } else { self.held_until_ms };
        Self { failures: 0, held_until_ms, ..self }
    }

    /// Whether the circuit is open, or being tried.
    pub const fn is_open(self) -> bool {
        self.failures >= FAILURES_MAX
    }
}

/// How long to wait after so many failures in a row: from half of one second doubled with each, at most
/// two minutes, up to the whole. `chance` is any random number.
pub fn wait_ms(failures: u32, chance: u32) -> i64 {
    let doubled = FIRST_WAIT_MS << min(failures.saturating_sub(1), 20);
    let whole = min(doubled, LONGEST_WAIT_MS);
    whole / 2 + (whole / 2) * i64::from(chance) / i64::from(u32::MAX)
}

#[cfg(test)]
mod tests;
