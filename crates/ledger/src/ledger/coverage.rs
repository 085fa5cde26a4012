//! What was read of feeds: who works on which, what is covered, and when an account's channel may be
//! called.

use hoesu_claims::budget::{Budget, Rate, Turn};
use hoesu_claims::coverage::{Coverage, Read};
use hoesu_claims::wait::{Horizon, LONGEST_MS};
use hoesu_claims::{AccountId, SellerId};
use jiff::Timestamp;

use super::Ledger;
use crate::feed::{FeedKey, FeedState, Lease, lease_end};
use crate::store::coverage::{self, Leaving, Taking};
use crate::{Error, Result};

/// The longest a feed's name, or the word for a failure, may be.
const WORD_BYTES_MAX: usize = 64;

impl Ledger {
    /// A seller's feeds that were ever taken, by account and name.
    pub async fn feeds(&self, seller: SellerId) -> Result<Vec<FeedState>> {
        self.database
            .read("reading the feeds", move |tx| Box::pin(coverage::feeds(tx, seller)))
            .await
    }

    /// Takes a feed for `owner` (a process, told to people) until an instant. `None` if somebody has it
    /// at `now`, or if nothing is to be done about it yet; a feed never taken is free. Whoever wants to
    /// know which ones to take looks at [`Ledger::feeds`] first, without any lock; of those who then
    /// take the same one, one gets it. What came since `since` is wanted of the feed from then on, or
    /// since an earlier instant that somebody asked for before. What was put off, leased or read by a
    /// clock that was ahead, or before the clock was set back, counts for nothing ([`Horizon`]). Refused
    /// if the name is no feed's.
    pub async fn lease_feed(
        &self,
        key: FeedKey,
        owner: &str,
        since: Timestamp,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>> {
        if !is_word(&key.feed) {
            return Err(Error::Refused("a feed's name is lower-case words and hyphens".to_owned()));
        }
        let taking = Taking {
            owner: owner.to_owned(),
            since: since.as_millisecond(),
            now: now.as_millisecond(),
            until: until.as_millisecond(),
            horizon: Horizon::of(now.as_millisecond(), LONGEST_MS),
            lease_end: lease_end(now, until).as_millisecond(),
        };
        let history = self.memory_of(key.seller).await?.history;
        let lease = self
            .database
            .write("taking a feed", move |tx| Box::pin(coverage::lease_feed(tx, key, taking)))
            .await?;
        Ok(lease.map(|lease| Lease { history, ..lease }))
    }

    /// Makes a lease last until an instant, unless it is lost: whether it is still held. One that ran
    /// out is held until somebody else takes the feed.
    pub async fn renew_feed(&self, lease: &mut Lease, until: Timestamp) -> Result<bool> {
        if !self.is_of_now(lease).await? {
            return Ok(false);
        }
        let (key, token, until_ms) = (lease.key.clone(), lease.token, until.as_millisecond());
        let held = self
            .database
            .write_alone("keeping a feed", move |tx| {
                Box::pin(coverage::renew_feed(tx, key, token, until_ms))
            })
            .await?;
        if held {
            lease.until = until;
        }
        Ok(held)
    }

    /// Gives a feed back, with nothing to do about it before `next_at`: whether the lease was still
    /// held. Nothing changes if not.
    pub async fn leave_feed(
        &self,
        lease: Lease,
        now: Timestamp,
        next_at: Timestamp,
    ) -> Result<bool> {
        let (now, next_at) = (now.as_millisecond(), next_at.as_millisecond());
        let leaving = Leaving { now, next_at, failed: None };
        self.leave(lease, leaving).await
    }

    /// Gives a feed back that could not be read, to be tried again at `next_at`: whether the lease was
    /// still held. `failure` is a stable word for what went wrong, refused if it is more than that. What
    /// was marked before stays.
    pub async fn fail_feed(
        &self,
        lease: Lease,
        failure: &str,
        now: Timestamp,
        next_at: Timestamp,
    ) -> Result<bool> {
        if !is_word(failure) {
            return Err(Error::Refused("a failure is told in a lower-case word".to_owned()));
        }
        let (now, next_at) = (now.as_millisecond(), next_at.as_millisecond());
        let leaving = Leaving { now, next_at, failed: Some(failure.to_owned()) };
        self.leave(lease, leaving).await
    }

    async fn leave(&self, lease: Lease, leaving: Leaving) -> Result<bool> {
        if !self.is_of_now(&lease).await? {
            return Ok(false);
        }
        let Lease { key, token, .. } = lease;
        self.database
            .write_alone("leaving a feed", move |tx| {
                Box::pin(coverage::leave_feed(tx, key, token, leaving))
            })
            .await
    }

    /// Ends every lease of an owner that is gone, so that nobody waits for them to run out.
    pub async fn free_feeds(&self, seller: SellerId, owner: &str) -> Result<()> {
        let owner = owner.to_owned();
        self.database
            .write_alone("freeing feeds", move |tx| {
                Box::pin(coverage::free_feeds(tx, seller, owner))
            })
            .await
    }

    /// Lets an account's feeds be read from `now` on, whatever was waited for: its settings changed, or
    /// a person wants it. The call budget stays.
    pub async fn wake_feeds(
        &self,
        seller: SellerId,
        account: AccountId,
        now: Timestamp,
    ) -> Result<()> {
        let now = now.as_millisecond();
        self.database
            .write_alone("waking feeds", move |tx| {
                Box::pin(coverage::wake_feeds(tx, seller, account, now))
            })
            .await
    }

    /// Marks a span as read, once everything in it is kept: whether the lease was still held. Nothing
    /// changes if not.
    pub async fn mark_read(&self, lease: &Lease, read: Read) -> Result<bool> {
        if !self.is_of_now(lease).await? {
            return Ok(false);
        }
        let (key, token) = (lease.key.clone(), lease.token);
        self.database
            .write("marking a span as read", move |tx| {
                Box::pin(coverage::mark_read(tx, key, token, read))
            })
            .await
    }

    /// What is covered of a feed; nothing if nobody ever read it.
    pub async fn coverage(&self, key: &FeedKey) -> Result<Coverage> {
        let key = key.clone();
        let reads = self
            .database
            .scan("reading what was read", move |tx| Box::pin(coverage::reads(tx, key)))
            .await?;
        Ok(reads.into_iter().collect())
    }

    /// Books a call to an account's channel in the budget all processes share, or says when to come
    /// again.
    pub async fn book_call(
        &self,
        seller: SellerId,
        account: AccountId,
        rate: Rate,
        now: Timestamp,
    ) -> Result<Turn> {
        let now_ms = now.as_millisecond();
        self.change_budget(seller, account, |budget| budget.draw(rate, now_ms)).await
    }

    /// Keeps everybody from calling an account's channel until an instant, as it asked.
    pub async fn hold_calls(
        &self,
        seller: SellerId,
        account: AccountId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<()> {
        let (now_ms, until_ms) = (now.as_millisecond(), until.as_millisecond());
        self.change_budget(seller, account, |budget| (budget.held(now_ms, until_ms), ())).await
    }

    /// Counts a call that says an account or its channel is not well; some in a row open the circuit.
    /// `chance` is any random number.
    pub async fn call_failed(
        &self,
        seller: SellerId,
        account: AccountId,
        now: Timestamp,
        chance: u32,
    ) -> Result<()> {
        let now_ms = now.as_millisecond();
        self.change_budget(seller, account, |budget| (budget.failed(now_ms, chance), ())).await
    }

    /// Closes an account's circuit after an answer. Writes nothing if no call failed before.
    pub async fn call_answered(&self, seller: SellerId, account: AccountId) -> Result<()> {
        self.change_budget(seller, account, |budget| (budget.answered(), ())).await
    }

    /// An account's call budget as it is.
    pub async fn call_budget(&self, seller: SellerId, account: AccountId) -> Result<Budget> {
        let known = self.budget(seller, account).await?;
        Ok(known.map(|(_, budget)| budget).unwrap_or_default())
    }

    async fn budget(&self, seller: SellerId, account: AccountId) -> Result<Option<(i64, Budget)>> {
        self.database
            .read("reading a call budget", move |tx| {
                Box::pin(coverage::budget(tx, seller, account))
            })
            .await
    }

    /// Whether the database is still the one a lease was taken in: what was kept under it may be lost
    /// otherwise, and nothing may be marked as read that has to be read again.
    async fn is_of_now(&self, lease: &Lease) -> Result<bool> {
        Ok(self.memory_now(lease.key.seller).await?.history == lease.history)
    }

    async fn change_budget<T>(
        &self,
        seller: SellerId,
        account: AccountId,
        change: impl Fn(Budget) -> (Budget, T) + Send + Sync,
    ) -> Result<T> {
        loop {
            let (turn, budget) = self.budget(seller, account).await?.unwrap_or_default();
            let (changed, answer) = change(budget);
            if changed == budget {
                return Ok(answer);
            }
            let kept = self
                .database
                .write_alone("changing a call budget", move |tx| {
                    Box::pin(coverage::set_budget(tx, seller, account, turn, changed))
                })
                .await?;
            // Whoever loses the race tries again on what the winner left.
            if kept {
                return Ok(answer);
            }
        }
    }
}

/// Whether a text is a word of ours, and so nothing about anybody.
pub(super) fn is_word(text: &str) -> bool {
    let ours = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= WORD_BYTES_MAX && text.bytes().all(ours)
}
