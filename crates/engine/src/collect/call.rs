//! One call: its turn in the account's budget, signing, sending, and what the answer means.

use std::time::Duration;

use hoesu_channels::connect::{Ask, FeedPage, ReadFailure, RetryAfter, sign};
use hoesu_claims::budget::{Rate, Turn};
use jiff::{SignedDuration, Timestamp};

use super::{Collector, Unanswered, Wanted};
use crate::Result;

/// A turn further away than this, by the world's clock, is not waited for: the feed is left until then.
const WAITED_FOR: Duration = Duration::from_secs(10);

/// How long everybody leaves a channel alone that asks for it without saying how long.
const LEFT_ALONE: SignedDuration = SignedDuration::from_secs(60);

/// The longest a channel's word about when to come again is believed.
const LEFT_ALONE_MAX: SignedDuration = SignedDuration::from_hours(1);

/// What a call came to.
pub(super) enum Called {
    /// A page.
    Page(FeedPage),
    /// Nothing to be taken; the budget has been told.
    Failed(ReadFailure),
    /// No call was made, and none may be before this instant.
    NotBefore(Timestamp),
}

impl Collector {
    /// Asks once, when it is our turn.
    pub(super) async fn ask(&self, wanted: &Wanted, ask: &Ask) -> Result<Called> {
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        if let Some(at) = self.turn(wanted).await? {
            return Ok(Called::NotBefore(at));
        }
        // Whoever checks it lives in the world, whatever clock is gone by here.
        let call = sign(wanted.channel, &wanted.upstream, ask, self.clock.world());
        let call = call.expect("a feed is its connector's");
        let said = match self.http.call(call).await {
            Ok(said) => said,
            Err(unanswered) => {
                let now = self.clock.counting();
                self.ledger.call_failed(seller, account, now, (self.chance)()).await?;
                return Ok(Called::Failed(match unanswered {
                    Unanswered::Broken => ReadFailure::NoAnswer,
                    // Less of it may be given in time.
                    Unanswered::Late | Unanswered::TooLarge => ReadFailure::TooMuch,
                }));
            }
        };
        match wanted.connector.read(ask, &said) {
            Ok(page) => {
                self.ledger.call_answered(seller, account).await?;
                Ok(Called::Page(page))
            }
            Err(failure) => {
                self.tell_budget(wanted, &failure).await?;
                Ok(Called::Failed(failure))
            }
        }
    }

    /// Waits for our turn; an instant if it is too far away.
    async fn turn(&self, wanted: &Wanted) -> Result<Option<Timestamp>> {
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        let rate = Rate::per_second(wanted.connector.calls_per_second());
        if self.stands_still() {
            self.sleep(SignedDuration::from_millis(rate.apart_ms)).await;
            return Ok(None);
        }
        loop {
            let now = self.clock.counting();
            let (at_ms, booked) = match self.ledger.book_call(seller, account, rate, now).await? {
                Turn::At(at_ms) => (at_ms, true),
                Turn::NotBefore(at_ms) => (at_ms, false),
            };
            let wait = SignedDuration::from_millis(at_ms - now.as_millisecond());
            if !booked && self.short(wait) > WAITED_FOR {
                return Ok(Some(Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::MAX)));
            }
            if wait > SignedDuration::ZERO {
                self.sleep(wait).await;
            }
            if booked {
                return Ok(None);
            }
        }
    }

    /// What everybody who calls for the account should know of a failure.
    async fn tell_budget(&self, wanted: &Wanted, failure: &ReadFailure) -> Result<()> {
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        let now = self.clock.counting();
        if self.stands_still() {
            self.sleep(LEFT_ALONE / 60).await;
            return Ok(());
        }
        match failure {
            ReadFailure::RateLimited(after) => {
                self.hold(wanted, *after, now).await?;
            }
            ReadFailure::Blocked(_) => {
                self.hold(wanted, None, now).await?;
                self.ledger.call_failed(seller, account, now, (self.chance)()).await?;
            }
            ReadFailure::Denied(_) | ReadFailure::NoAnswer => {
                self.ledger.call_failed(seller, account, now, (self.chance)()).await?;
            }
            ReadFailure::Failed(failing) => {
                if let Some(after) = failing.retry_after {
                    self.hold(wanted, Some(after), now).await?;
                }
                self.ledger.call_failed(seller, account, now, (self.chance)()).await?;
            }
            // Answers, about this question alone.
            ReadFailure::TooMuch
            | ReadFailure::NotThere
            | ReadFailure::Rejected(_)
            | ReadFailure::Moved
            | ReadFailure::Unreadable(_) => self.ledger.call_answered(seller, account).await?,
        }
        Ok(())
    }

    /// Whether the clock is a market's that stands still: no second passes by it in which calls could
    /// be counted, so they are spaced by the world's.
    fn stands_still(&self) -> bool {
        self.clock.pace() <= 0.0
    }

    async fn hold(&self, wanted: &Wanted, after: Option<RetryAfter>, now: Timestamp) -> Result<()> {
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
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        Ok(self.ledger.hold_calls(seller, account, until).await?)
    }
}
