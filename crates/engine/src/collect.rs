//! Collecting (수집): reading what the channels say, without a gap, and writing it down as it was said.
//!
//! For every feed of every account that can be asked, the ledger knows which spans of time were read
//! to their last page. What is missing, what is too new to be settled and what is read again every
//! night is planned from that alone ([`hoesu_claims::coverage`]), so that it makes no difference who
//! stopped where. Several processes share the work by leases on feeds, and the rate by one budget of
//! calls per account; a span is marked only once its last page is kept.
//!
//! What lists don't show is asked by its number, beside them: what a new record calls for, again if
//! nobody answered, and what became of claims open for longer than lists are read again. That a list
//! shows something no more says nothing by itself.
//!
//! Clock, chance and HTTP are handed in.

mod asking;
mod by_number;
mod call;
mod owner;
mod pace;
mod shelve;
mod wanted;
mod web;
mod work;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use hoesu_channels::Clock;
use hoesu_channels::connect::{HttpAsk, HttpSaid};
use hoesu_claims::AccountId;
use hoesu_claims::SellerId;
use hoesu_ledger::Ledger;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub use owner::Owner;
pub(crate) use wanted::of_account;
pub use wanted::{Wanted, rule, wanted};
pub use web::Web;

use crate::Result;

/// How often it is looked for what came due.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(1);

/// How long giving leases back may take.
const FREE_MAX: Duration = Duration::from_secs(5);

/// Feeds read at once by one process.
const AT_ONCE: usize = 16;

/// How far before an account was made what came is wanted, unless somebody asks for more.
const BEFORE: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Whoever makes the calls.
#[async_trait]
pub trait Http: Send + Sync + 'static {
    /// Sends a call once, without following a redirection, and waits for the whole answer.
    async fn call(&self, ask: HttpAsk) -> std::result::Result<HttpSaid, Unanswered>;
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// No connection, or it broke.
    Broken,
    /// No whole answer in time.
    Late,
    /// The answer was larger than is read.
    TooLarge,
}

/// Which feeds to read.
#[derive(Debug, Clone, Default)]
pub struct Only {
    /// Of this account.
    pub account: Option<(SellerId, AccountId)>,
    /// What came since then is wanted, also from before the account was made.
    pub since: Option<Timestamp>,
}

impl Only {
    fn holds(&self, wanted: &Wanted) -> bool {
        let account = (wanted.account.seller, wanted.account.id);
        self.account.is_none_or(|only| only == account)
    }
}

/// What reading a feed once came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Collected {
    /// The account's name.
    pub account: String,
    /// The feed's name.
    pub feed: String,
    /// Spans read to their end.
    pub spans: u64,
    /// Calls made.
    pub calls: u64,
    /// Records that came.
    pub rows: u64,
    /// Of these, first versions of documents.
    pub new: u64,
    /// Further versions.
    pub changed: u64,
    /// Kept with the reason why they are no documents.
    pub refused: u64,
    /// Why it stopped before its end, in a stable word.
    pub failure: Option<&'static str>,
    /// Whether something is left for later: somebody else works on it, or the channel is left alone.
    pub left: bool,
}

/// A worker that collects.
#[derive(Clone)]
pub struct Collector {
    ledger: Arc<Ledger>,
    clock: Arc<dyn Clock>,
    http: Arc<dyn Http>,
    /// Any random number.
    chance: fn() -> u32,
    owner: Owner,
    slots: Arc<Semaphore>,
    /// Whether a feed that is due found no slot.
    crowded: Arc<AtomicBool>,
    /// What everybody may call while the clock stands still.
    still: pace::Still,
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector").field("owner", &self.owner).finish_non_exhaustive()
    }
}

impl Collector {
    /// A worker over a ledger; `owner` is told to people who see who works on what.
    pub fn new(
        ledger: Arc<Ledger>,
        clock: Arc<dyn Clock>,
        http: Arc<dyn Http>,
        chance: fn() -> u32,
        owner: Owner,
    ) -> Self {
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        let (crowded, still) = (Arc::default(), pace::Still::default());
        Self { ledger, clock, http, chance, owner, slots, crowded, still }
    }

    /// Collects until `stop` resolves. What goes wrong is logged, shown in the coverage, and tried
    /// again; what is being read when it stops is read again by whoever comes next.
    pub async fn run(&self, only: Only, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut working = JoinSet::new();
        loop {
            if let Err(error) = self.look(&only, &mut working).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "it could not be seen what is to be collected");
            }
            while let Some(done) = working.try_join_next() {
                if done.is_err_and(|error| error.is_panic()) {
                    // Its lease runs out, and the feed is read again.
                    tracing::error!("reading a feed ended in a panic");
                }
            }
            tokio::select! {
                () = &mut stop => break,
                () = self.sleep(LOOK_EVERY) => {}
            }
        }
        working.shutdown().await;
        self.free(self.owner.name()).await;
    }

    /// Gives back the feeds of an owner that reads no more.
    async fn free(&self, owner: &str) {
        let free = async {
            for seller in self.ledger.sellers().await? {
                self.ledger.free_feeds(seller.id, owner).await?;
            }
            Ok::<(), hoesu_ledger::Error>(())
        };
        // They run out by themselves; a ledger that does not answer does not keep a process alive.
        match tokio::time::timeout(FREE_MAX, free).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "leases could not be given back");
            }
            Err(_elapsed) => tracing::warn!("leases could not be given back in time"),
        }
    }

    /// Starts on every feed that is free and due, the one that waits longest first.
    async fn look(&self, only: &Only, working: &mut JoinSet<()>) -> Result<()> {
        let now = self.clock.now();
        let lease = self.lease_until(now).duration_since(now);
        let states = self.living(self.states().await?).await?;
        let due_since = |wanted: &Wanted| match states.get(&wanted.key()) {
            Some(state) => state.is_free(now, lease).then_some(state.next_at),
            None => Some(Timestamp::MIN),
        };
        let all = wanted(&self.ledger).await?.into_iter().filter(|one| only.holds(one));
        let mut due: Vec<_> = all.filter_map(|one| Some((due_since(&one)?, one))).collect();
        due.sort_by_key(|(since, _)| *since);
        self.crowded.store(false, Ordering::Relaxed);
        for (_, wanted) in due {
            let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() else {
                self.crowded.store(true, Ordering::Relaxed);
                return Ok(());
            };
            let since = only.since;
            // Taken here, so that the next look sees it taken.
            let Some(lease) = self.take(&wanted, since).await? else { continue };
            let worker = self.clone();
            working.spawn(async move {
                let collected = worker.work(&wanted, lease).await;
                drop(slot);
                match collected {
                    Ok(collected) => told(&collected),
                    Err(error) => tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        feed = wanted.feed.id,
                        "a feed could not be read"
                    ),
                }
            });
        }
        Ok(())
    }

    /// Reads every feed until nothing of it is due or it fails; one report each.
    pub async fn once(&self, only: Only) -> Result<Vec<Collected>> {
        let mut working = JoinSet::new();
        let states = self.living(self.states().await?).await?;
        let (mut reports, mut woken) = (Vec::new(), BTreeSet::new());
        for wanted in wanted(&self.ledger).await?.into_iter().filter(|one| only.holds(one)) {
            // Whoever asks doesn't wait for what a failure before is waited out for.
            let (seller, account) = (wanted.account.seller, wanted.account.id);
            if states.contains_key(&wanted.key()) && woken.insert((seller, account)) {
                self.ledger.wake_feeds(seller, account, self.clock.now()).await?;
            }
            let Some(lease) = self.take(&wanted, only.since).await? else {
                reports.push(Collected { left: true, ..wanted.report() });
                continue;
            };
            let worker = self.clone();
            working.spawn(async move { worker.work(&wanted, lease).await });
        }
        while let Some(done) = working.join_next().await {
            reports.push(done.map_err(crate::Error::Worker)??);
        }
        reports.sort_by(|a, b| (&a.account, &a.feed).cmp(&(&b.account, &b.feed)));
        Ok(reports)
    }

    /// Sleeps so long by the clock.
    async fn sleep(&self, long: SignedDuration) {
        tokio::time::sleep(self.short(long)).await;
    }

    /// How long something by the clock takes in the world; a millisecond at least.
    fn short(&self, long: SignedDuration) -> Duration {
        let pace = self.clock.pace();
        // A clock that stands still is waited for as if it went.
        let seconds = long.as_secs_f64() / if pace > 0.0 { pace } else { 1.0 };
        Duration::from_secs_f64(seconds.clamp(0.001, 3_600.0))
    }
}

fn told(collected: &Collected) {
    let Collected { account, feed, spans, calls, rows, new, changed, refused, failure, .. } =
        collected;
    match failure {
        Some(failure) => {
            tracing::warn!(account, feed, failure, spans, calls, rows, "a feed was left unread");
        }
        None if *spans > 0 => {
            tracing::debug!(account, feed, spans, calls, rows, new, changed, refused, "collected");
        }
        None => {}
    }
}
