//! A feed's state and who works on it: what processes share the work of collecting by.

use hoesu_claims::wait::{Horizon, LONGEST_MS};
use hoesu_claims::{AccountId, SellerId};
use jiff::{SignedDuration, Timestamp};

/// Which feed of which account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeedKey {
    /// Whose.
    pub seller: SellerId,
    /// The account whose channel is asked.
    pub account: AccountId,
    /// The feed's stable name within its channel: lower-case words, parted by hyphens.
    pub feed: String,
}

/// How a feed is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedState {
    /// Which.
    pub key: FeedKey,
    /// What came since then is wanted.
    pub since: Timestamp,
    /// Who works on it, or did last.
    pub owner: String,
    /// Until when nobody else does; past if nobody does.
    pub leased_until: Timestamp,
    /// Before this nothing is to be done about it: nothing is due, or a failure is waited out.
    pub next_at: Timestamp,
    /// When that was noted.
    pub noted_at: Timestamp,
    /// When the last reading that was kept began; `None` if there was none yet.
    pub well_at: Option<Timestamp>,
    /// When it last failed.
    pub failed_at: Option<Timestamp>,
    /// What kind of failure that was, in a stable word.
    pub failure: Option<String>,
    /// Failures since the last reading that was kept.
    pub failures: u32,
}

impl FeedState {
    /// Whether there may be something to do and nobody does it. `lease` is how long leases are.
    pub fn is_free(&self, now: Timestamp, lease: SignedDuration) -> bool {
        let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
        self.is_due(now) && (self.leased_until <= now || self.leased_until > lease_end(now, until))
    }

    /// Whether there may be something to do: nothing is waited for any more, or what is is not to be
    /// believed.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let now_ms = now.as_millisecond();
        let (noted_ms, next_ms) = (self.noted_at.as_millisecond(), self.next_at.as_millisecond());
        Horizon::of(now_ms, LONGEST_MS).over_ms(noted_ms, next_ms, now_ms) <= now_ms
    }
}

/// The latest end of a lease that is believed of others by who takes one from `now` until an instant. All
/// leases are as long as theirs; processes' clocks may be apart by three times that.
pub(crate) fn lease_end(now: Timestamp, until: Timestamp) -> Timestamp {
    now.saturating_add(until.duration_since(now).saturating_mul(LEASES_APART))
        .unwrap_or(Timestamp::MAX)
}

const LEASES_APART: i32 = 4;

/// The right to work on a feed until an instant. It is lost when that passes and somebody else takes the
/// feed; whoever lost it can neither mark, fail nor leave the feed.
#[derive(Debug, PartialEq, Eq)]
pub struct Lease {
    pub(crate) key: FeedKey,
    /// The fencing token: no two leases of a feed have the same.
    pub(crate) token: i64,
    pub(crate) until: Timestamp,
    pub(crate) since: Timestamp,
    pub(crate) failures: u32,
    /// Which history of the database it was taken in, as the ledger counts them.
    pub(crate) history: u64,
}

impl Lease {
    /// Of which feed.
    pub const fn key(&self) -> &FeedKey {
        &self.key
    }

    /// Until when nobody else takes it.
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// What came since then is wanted: the earliest that anybody who took the feed asked for.
    pub const fn since(&self) -> Timestamp {
        self.since
    }

    /// Failures since the feed's last reading that was kept, as of taking the lease.
    pub const fn failures(&self) -> u32 {
        self.failures
    }
}
