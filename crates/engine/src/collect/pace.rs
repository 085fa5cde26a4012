//! Whose turn it is to call an account's channel, and what everybody who calls should know.
//!
//! All processes share one budget of calls per account, in the ledger, by the clock everything goes by.
//! Where that is a market's and stands still, no second passes by it in which calls could be counted: they
//! are spaced by the world's, and that budget is of this process alone, so that nothing by the world's
//! clock is in the ledger when the market goes on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hoesu_channels::connect::{ReadFailure, RetryAfter};
use hoesu_claims::budget::{Budget, HELD_MAX_MS, Rate, Turn};
use hoesu_claims::{AccountId, SellerId};
use jiff::{SignedDuration, Timestamp};

use super::{Collector, Wanted};
use crate::Result;

/// A turn further away than this, by the world's clock, is not waited for: the feed is left until then.
const WAITED_FOR: Duration = Duration::from_secs(10);

/// How long everybody leaves a channel alone that asks for it without saying how long.
const LEFT_ALONE: SignedDuration = SignedDuration::from_secs(60);

/// The longest a channel's word about when to come again is believed.
const LEFT_ALONE_MAX: SignedDuration = SignedDuration::from_millis(HELD_MAX_MS);

/// The budgets while a market's clock stands still.
#[derive(Clone, Default)]
pub(super) struct Still(Arc<Mutex<HashMap<(SellerId, AccountId), Budget>>>);

impl Still {
    /// Changes an account's budget. Nobody is kept away for longer than is waited for: a feed that was left
    /// until later would not come due.
    fn with<T>(
        &self,
        wanted: &Wanted,
        now_ms: i64,
        change: impl FnOnce(Budget) -> (Budget, T),
    ) -> T {
        let most_ms = now_ms.saturating_add(WAITED_FOR.as_millis() as i64);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = all.entry((wanted.account.seller, wanted.account.id)).or_default();
        let (changed, told) = change(*budget);
        *budget = Budget { held_until_ms: changed.held_until_ms.min(most_ms), ..changed };
        told
    }

    fn draw(&self, wanted: &Wanted, rate: Rate, now_ms: i64) -> Turn {
        self.with(wanted, now_ms, |budget| budget.draw(rate, now_ms))
    }

    /// Notes what everybody should know.
    fn note(&self, wanted: &Wanted, now_ms: i64, note: impl FnOnce(Budget) -> Budget) {
        self.with(wanted, now_ms, |budget| (note(budget), ()));
    }
}

impl Collector {
    /// Waits for our turn; an instant if it is too far away.
    pub(super) async fn turn(&self, wanted: &Wanted) -> Result<Option<Timestamp>> {
        let rate = Rate::per_second(wanted.connector.calls_per_second());
        loop {
            let now = self.clock.counting();
            let (at_ms, booked) = match self.book(wanted, rate, now).await? {
                Turn::At(at_ms) => (at_ms, true),
                Turn::NotBefore(at_ms) => (at_ms, false),
            };
            let wait = SignedDuration::from_millis(at_ms - now.as_millisecond());
            if !booked && self.short(wait) > WAITED_FOR {
                // By the clock that feeds are due by.
                let at = self.clock.now().saturating_add(wait);
                return Ok(Some(at.unwrap_or(Timestamp::MAX)));
            }
            if wait > SignedDuration::ZERO {
                self.sleep(wait).await;
            }
            // Others may have been told meanwhile to leave the channel alone.
            if booked && !self.is_held(wanted, now, at_ms).await? {
                return Ok(None);
            }
        }
    }

    /// What everybody who calls for the account should know of a failure.
    pub(super) async fn tell_budget(&self, wanted: &Wanted, failure: &ReadFailure) -> Result<()> {
        match failure {
            ReadFailure::RateLimited(after) => self.hold(wanted, *after).await,
            ReadFailure::Blocked(_) => {
                self.hold(wanted, None).await?;
                self.failed(wanted).await
            }
            ReadFailure::Denied(_) | ReadFailure::NoAnswer => self.failed(wanted).await,
            ReadFailure::Failed(failing) => {
                if let Some(after) = failing.retry_after {
                    self.hold(wanted, Some(after)).await?;
                }
                self.failed(wanted).await
            }
            // Answers, about this question alone.
            ReadFailure::TooMuch
            | ReadFailure::NotThere
            | ReadFailure::Rejected(_)
            | ReadFailure::Moved
            | ReadFailure::Unreadable(_) => self.answered(wanted).await,
        }
    }

    /// An answer came.
    pub(super) async fn answered(&self, wanted: &Wanted) -> Result<()> {
        if self.stands_still() {
            self.still.note(wanted, self.clock.counting().as_millisecond(), Budget::answered);
            return Ok(());
        }
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        Ok(self.ledger.call_answered(seller, account).await?)
    }

    /// The channel or the account is not well.
    pub(super) async fn failed(&self, wanted: &Wanted) -> Result<()> {
        let (now, chance) = (self.clock.counting(), (self.chance)());
        if self.stands_still() {
            let now_ms = now.as_millisecond();
            self.still.note(wanted, now_ms, |budget| budget.failed(now_ms, chance));
            return Ok(());
        }
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        Ok(self.ledger.call_failed(seller, account, now, chance).await?)
    }

    /// Whether a call booked at one instant for another is not to be made any more.
    async fn is_held(&self, wanted: &Wanted, booked: Timestamp, at_ms: i64) -> Result<bool> {
        let now_ms = self.clock.counting().as_millisecond();
        let budget = if self.stands_still() {
            self.still.with(wanted, now_ms, |budget| (budget, budget))
        } else {
            self.ledger.call_budget(wanted.account.seller, wanted.account.id).await?
        };
        Ok(budget.forbids(booked.as_millisecond(), at_ms, now_ms).is_some())
    }

    async fn book(&self, wanted: &Wanted, rate: Rate, now: Timestamp) -> Result<Turn> {
        if self.stands_still() {
            return Ok(self.still.draw(wanted, rate, now.as_millisecond()));
        }
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        Ok(self.ledger.book_call(seller, account, rate, now).await?)
    }

    async fn hold(&self, wanted: &Wanted, after: Option<RetryAfter>) -> Result<()> {
        let now = self.clock.counting();
        let until = match after {
            Some(RetryAfter::For(long)) => now.saturating_add(long),
            // By the clock of the world, which a channel's dates are of.
            Some(RetryAfter::Until(at)) => {
                now.saturating_add(at.duration_since(self.clock.world()))
            }
            None => now.saturating_add(LEFT_ALONE),
        };
        let most = now.saturating_add(LEFT_ALONE_MAX).unwrap_or(Timestamp::MAX);
        let until = until.unwrap_or(Timestamp::MAX).min(most);
        if self.stands_still() {
            let (now_ms, until_ms) = (now.as_millisecond(), until.as_millisecond());
            self.still.note(wanted, now_ms, |budget| budget.held(now_ms, until_ms));
            return Ok(());
        }
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        Ok(self.ledger.hold_calls(seller, account, now, until).await?)
    }

    fn stands_still(&self) -> bool {
        self.clock.pace() <= 0.0
    }
}
