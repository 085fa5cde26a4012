//! What was read of feeds, as both databases keep it.

use async_trait::async_trait;
use hoesu_claims::budget::Budget;
use hoesu_claims::coverage::{Coverage as Reads, Read, Span};
use hoesu_claims::wait::Horizon;
use hoesu_claims::{AccountId, SellerId};

use super::instant;
use crate::feed::{FeedKey, FeedState, Lease};
use crate::{Error, Result};

/// A feed's row: `account, feed, since_at, owner, lease_until, next_at, well_at, failed_at, failure, failures,
/// noted_at`.
pub(crate) struct FeedRow {
    pub(crate) account: i64,
    pub(crate) feed: String,
    pub(crate) since_at: i64,
    pub(crate) owner: String,
    pub(crate) lease_until: i64,
    pub(crate) next_at: i64,
    pub(crate) well_at: Option<i64>,
    pub(crate) failed_at: Option<i64>,
    pub(crate) failure: Option<String>,
    pub(crate) failures: i64,
    pub(crate) noted_at: i64,
}

impl FeedRow {
    pub(crate) fn state(self, seller: SellerId) -> FeedState {
        FeedState {
            key: FeedKey { seller, account: AccountId(self.account), feed: self.feed },
            since: instant(self.since_at),
            owner: self.owner,
            leased_until: instant(self.lease_until),
            next_at: instant(self.next_at),
            noted_at: instant(self.noted_at),
            well_at: self.well_at.map(instant),
            failed_at: self.failed_at.map(instant),
            failure: self.failure,
            failures: count(self.failures),
        }
    }
}

/// A read's row: `from_at, until_at, began_at, row_count`.
pub(crate) type ReadRow = (i64, i64, i64, i64);

pub(crate) fn read_of((from, until, began, rows): ReadRow) -> Result<Read> {
    Span::of(from, until)
        .and_then(|span| Read::of(span, began, rows.max(0).unsigned_abs()))
        .ok_or(Error::Unreadable("span"))
}

pub(crate) fn read_row(read: &Read) -> ReadRow {
    let rows = i64::try_from(read.rows()).unwrap_or(i64::MAX);
    (read.span().from_ms(), read.span().until_ms(), read.began_ms(), rows)
}

pub(crate) fn count(failures: i64) -> u32 {
    u32::try_from(failures.max(0)).unwrap_or(u32::MAX)
}

/// What a new read makes of those around it.
pub(crate) struct Marked {
    /// Those it makes superfluous.
    pub(crate) gone: Vec<Read>,
    /// Whether it is to be kept itself.
    pub(crate) keep: bool,
}

/// Decides on a new read. `around` must hold every read that meets one that meets the new one.
pub(crate) fn mark(around: Vec<Read>, new: Read) -> Marked {
    let mut reads = Reads::from_iter(around);
    let mut gone = reads.add(new);
    let keep = !gone.contains(&new);
    gone.retain(|read| *read != new);
    Marked { gone, keep }
}

/// How a worker takes a feed.
pub(crate) struct Taking {
    pub(crate) owner: String,
    pub(crate) since: i64,
    pub(crate) now: i64,
    pub(crate) until: i64,
    /// What is believed of what was noted before.
    pub(crate) horizon: Horizon,
    /// The latest end of another's lease that is believed.
    pub(crate) lease_end: i64,
}

/// What the database says of a lease just taken: `token, failures, since_at`.
pub(crate) type Taken = (i64, i64, i64);

impl Lease {
    pub(crate) fn taken(key: FeedKey, until: i64, (token, failures, since): Taken) -> Self {
        let (until, since) = (instant(until), instant(since));
        Self { key, token, until, since, failures: count(failures), history: 0 }
    }
}

/// How a worker leaves a feed.
pub(crate) struct Leaving {
    pub(crate) now: i64,
    pub(crate) next_at: i64,
    /// By what it failed, if it did.
    pub(crate) failed: Option<String>,
}

/// Feeds, what was read of them, and the call budgets of accounts; each verb one transaction.
#[async_trait]
pub(crate) trait Coverage {
    /// A seller's feeds, by account and name.
    async fn feeds(&self, seller: SellerId) -> Result<Vec<FeedState>>;
    /// Takes a feed nobody has at `now` and that is not to be left alone any longer; makes its row.
    /// The earlier `since` stays. Forgets what was read of it by a clock that was ahead.
    async fn lease_feed(&self, key: FeedKey, taking: Taking) -> Result<Option<Lease>>;
    /// Whether the lease was still held: it lasts until `until` then.
    async fn renew_feed(&self, lease: &Lease, until: i64) -> Result<bool>;
    /// Whether the lease was still held: nobody has the feed then.
    async fn leave_feed(&self, lease: &Lease, leaving: Leaving) -> Result<bool>;
    /// Lets an account's feeds be looked at from `now` on.
    async fn wake_feeds(&self, seller: SellerId, account: AccountId, now: i64) -> Result<()>;
    /// Ends every lease of an owner.
    async fn free_feeds(&self, seller: SellerId, owner: String) -> Result<()>;
    /// Keeps a read if the lease is still held; whether it was.
    async fn mark_read(&self, lease: &Lease, read: Read) -> Result<bool>;
    /// What was read of a feed, in any order.
    async fn reads(&self, key: &FeedKey) -> Result<Vec<Read>>;

    /// An account's call budget and its turn.
    async fn budget(&self, seller: SellerId, account: AccountId) -> Result<Option<(i64, Budget)>>;
    /// Replaces an account's call budget if its turn is still this one (0: there is none); whether it
    /// was.
    async fn set_budget(
        &self,
        seller: SellerId,
        account: AccountId,
        turn: i64,
        budget: Budget,
    ) -> Result<bool>;
}
