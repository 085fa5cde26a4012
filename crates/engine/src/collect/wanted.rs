//! Which feeds there are to read: those of every enabled account whose channel can be asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoesu_channels::Channel;
use hoesu_channels::connect::{Connector, Feed, Upstream};
use hoesu_claims::coverage::Rule;
use hoesu_ledger::{Account, Admitted, FeedKey, FeedState, Lease, Ledger};
use jiff::{SignedDuration, Timestamp};

use super::by_number::BY_NUMBER;
use super::{BEFORE, Collected, Collector};
use crate::Result;

/// A feed of an account that can be asked.
#[derive(Clone)]
pub struct Wanted {
    /// The account.
    pub account: Account,
    /// Its channel.
    pub channel: &'static dyn Channel,
    /// How the channel is asked.
    pub connector: &'static dyn Connector,
    /// Where, and what proves who asks.
    pub upstream: Arc<Upstream>,
    /// What is read.
    pub feed: &'static Feed,
}

impl Wanted {
    /// Its name in the ledger.
    pub fn key(&self) -> FeedKey {
        let Account { seller, id, .. } = self.account;
        FeedKey { seller, account: id, feed: self.feed.id.to_owned() }
    }

    /// Since when what came is wanted, unless somebody asks for more.
    pub fn since(&self) -> Timestamp {
        self.account.created_at.saturating_sub(BEFORE).unwrap_or(Timestamp::MIN)
    }

    /// What of the same account is asked by number.
    pub(super) fn by_number(&self) -> Self {
        Self { feed: &BY_NUMBER, ..self.clone() }
    }

    pub(super) fn report(&self) -> Collected {
        let (account, feed) = (self.account.name.clone(), self.feed.id.to_owned());
        Collected { account, feed, ..Collected::default() }
    }
}

/// Every feed that can be read. An account that lacks what asking needs has none: it is filled by
/// imports.
pub async fn wanted(ledger: &Ledger) -> Result<Vec<Wanted>> {
    Ok(ledger.opened_accounts(None).await?.iter().flat_map(of_account).collect())
}

/// The feeds of an account that can be read.
pub(crate) fn of_account(opened: &Admitted) -> Vec<Wanted> {
    let Admitted { account, secrets } = opened;
    let channel = hoesu_channels::by_id(&account.channel).filter(|_| account.enabled);
    let Some((channel, connector)) = channel.and_then(|one| Some((one, one.connector()?))) else {
        return Vec::new();
    };
    let Ok(upstream) = Upstream::of(channel, account, secrets).map(Arc::new) else {
        return Vec::new();
    };
    let wanted = |feed| Wanted {
        account: account.clone(),
        channel,
        connector,
        upstream: Arc::clone(&upstream),
        feed,
    };
    let by_number = (!connector.lookups().is_empty()).then_some(&BY_NUMBER);
    connector.feeds().iter().chain(by_number).map(wanted).collect()
}

/// How a feed is planned.
pub fn rule(feed: &Feed) -> Rule {
    let ms = |long: SignedDuration| i64::try_from(long.as_millis()).unwrap_or(i64::MAX);
    let whole = |count: i64| u32::try_from(count).unwrap_or(0);
    Rule {
        window_ms: ms(feed.window_max),
        least_ms: ms(feed.step.length()),
        overlap_ms: ms(feed.overlap),
        again_days: whole(feed.again.as_hours() / 24),
        promise_minutes: whole(feed.promise.as_mins()),
        reach_ms: None,
    }
}

impl Collector {
    pub(super) async fn states(&self) -> Result<BTreeMap<FeedKey, FeedState>> {
        let mut states = BTreeMap::new();
        for seller in self.ledger.sellers().await? {
            let feeds = self.ledger.feeds(seller.id).await?;
            states.extend(feeds.into_iter().map(|state| (state.key.clone(), state)));
        }
        Ok(states)
    }

    /// The states, with the leases ended of processes of this machine that are no more.
    pub(super) async fn living(
        &self,
        mut states: BTreeMap<FeedKey, FeedState>,
    ) -> Result<BTreeMap<FeedKey, FeedState>> {
        let now = self.clock.now();
        for state in states.values_mut().filter(|state| state.leased_until > now) {
            if self.owner.knows_gone(&state.owner) {
                self.ledger.free_feeds(state.key.seller, &state.owner).await?;
                state.leased_until = Timestamp::MIN;
            }
        }
        Ok(states)
    }

    /// Takes a feed; `None` if somebody else has it or nothing is due.
    pub(super) async fn take(
        &self,
        wanted: &Wanted,
        since: Option<Timestamp>,
    ) -> Result<Option<Lease>> {
        let now = self.clock.now();
        let since = since.unwrap_or_else(|| wanted.since()).min(wanted.since());
        let until = self.lease_until(now);
        Ok(self.ledger.lease_feed(wanted.key(), self.owner.name(), since, now, until).await?)
    }
}
