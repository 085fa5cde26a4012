//! Working on one feed while it is ours: planning, reading span after span, marking what was read.

use hoesu_channels::connect::{Ask, Denied, Fix, ReadFailure, Reading, Span, Taken};
use hoesu_claims::budget::wait_ms;
use hoesu_claims::coverage::{self, Read, plan};
use hoesu_claims::wait::LONGEST_MS;
use hoesu_ledger::Lease;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::asking::Asked;
use super::by_number::BY_NUMBER;
use super::{Collected, Collector, Wanted, rule};
use crate::Result;

/// How long a feed is ours without another word. The word is given every quarter of it, also while a
/// call waits for its answer.
pub(super) const LEASE: Duration = Duration::from_secs(15);

/// Spans planned at once. What is most urgent is planned anew after them.
pub(super) const SPANS: usize = 16;

/// When a feed is tried again that needs a person: a key, an address, a question refused.
const PERSON: SignedDuration = SignedDuration::from_mins(15);

/// Why a feed is left.
pub(super) enum End {
    /// Nothing is due before this instant.
    Until(Timestamp),
    /// The channel is not to be called before this instant; the last question before that failed so.
    NotBefore(Timestamp, Option<ReadFailure>),
    /// It could not be read.
    Failed(ReadFailure),
    /// It is somebody else's now.
    Lost,
}

impl Collector {
    /// Until when a lease taken or renewed now lasts. In a market whose clock runs fast the same time
    /// is longer by that clock.
    pub(super) fn lease_until(&self, now: Timestamp) -> Timestamp {
        let seconds = LEASE.as_secs_f64() * self.clock.pace().max(1.0);
        let long = SignedDuration::from_secs_f64(seconds);
        now.saturating_add(long).unwrap_or(Timestamp::MAX)
    }

    /// Reads what is due of a feed, until nothing is or it fails.
    pub(super) async fn work(&self, wanted: &Wanted, mut lease: Lease) -> Result<Collected> {
        let mut report = wanted.report();
        let end = if wanted.feed.id == BY_NUMBER.id {
            self.by_number(wanted, &mut lease, &mut report).await?
        } else {
            self.until_end(wanted, &mut lease, &mut report).await?
        };
        let now = self.clock.now();
        // Nothing is waited for any longer, so that nothing later is to be believed.
        let longest = now.saturating_add(SignedDuration::from_millis(LONGEST_MS));
        let longest = longest.unwrap_or(Timestamp::MAX);
        match end {
            End::Until(next_at) => {
                let next_at = next_at.min(longest);
                self.ledger.leave_feed(lease, now, next_at).await?;
            }
            End::NotBefore(next_at, failure) => {
                let next_at = next_at.min(longest);
                report.left = true;
                report.failure = failure.as_ref().map(ReadFailure::name);
                match report.failure {
                    Some(failure) => self.ledger.fail_feed(lease, failure, now, next_at).await?,
                    None => self.ledger.leave_feed(lease, now, next_at).await?,
                };
            }
            End::Failed(failure) => {
                report.failure = Some(failure.name());
                // A span read since counts the failures from one again.
                let before = if report.spans > 0 { 0 } else { lease.failures() };
                let wait = match failure.fix() {
                    Fix::Person => PERSON,
                    Fix::Wait(_) | Fix::Again | Fix::Split | Fix::GoOn => {
                        let wait = wait_ms(before.saturating_add(1), (self.chance)());
                        SignedDuration::from_millis(wait)
                    }
                };
                let next_at = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
                self.ledger.fail_feed(lease, failure.name(), now, next_at).await?;
            }
            End::Lost => report.left = true,
        }
        Ok(report)
    }

    async fn until_end(
        &self,
        wanted: &Wanted,
        lease: &mut Lease,
        report: &mut Collected,
    ) -> Result<End> {
        let rule = rule(wanted.feed);
        let since_ms = lease.since().as_millisecond();
        loop {
            let covered = self.ledger.coverage(lease.key()).await?;
            let now_ms = self.clock.now().as_millisecond();
            let plan = plan(&covered, &rule, since_ms, now_ms, SPANS);
            if plan.due.is_empty() {
                return Ok(End::Until(instant(plan.wake_ms)));
            }
            for due in plan.due {
                let span = Span { from: due.span.from(), until: due.span.until() };
                let reading = Reading::newest_first(wanted.feed, span);
                if let Some(end) = self.read(wanted, lease, reading, report).await? {
                    return Ok(end);
                }
            }
            // A long past keeps nobody else waiting: it goes to the end of the queue.
            if self.crowded.load(Ordering::Relaxed) {
                return Ok(End::Until(self.clock.now()));
            }
        }
    }

    /// Reads one span; why the feed is to be left, if it is.
    async fn read(
        &self,
        wanted: &Wanted,
        lease: &mut Lease,
        mut reading: Reading,
        report: &mut Collected,
    ) -> Result<Option<End>> {
        let mut window = Open::default();
        while let Some(ask) = reading.next_ask() {
            let Some(span) = reading.window() else { break };
            window.enter(span, self.clock.now());
            if !self.keep(lease).await? {
                return Ok(Some(End::Lost));
            }
            let (page, names) = match self
                .page_held(wanted, &ask, window.tries + 1 >= TRIES_MAX, lease, report)
                .await?
            {
                Asked::Page(page, names) => (page, names),
                Asked::NotBefore(at) => return Ok(Some(End::NotBefore(at, window.failure))),
                Asked::Lost => return Ok(Some(End::Lost)),
                Asked::Failed(failure) => {
                    if self.mend(&failure, &mut reading, &mut window).await {
                        window.failure = Some(failure);
                        continue;
                    }
                    return Ok(Some(End::Failed(failure)));
                }
            };
            window.failure = None;
            window.tries = 0;
            window.rows += page.records.len() as u64;
            match reading.take_named(&page, &names) {
                Ok(Taken::More) => {}
                Ok(Taken::Read(span)) => {
                    let Some(read) = window.read(span) else { continue };
                    if !self.ledger.mark_read(lease, read).await? {
                        return Ok(Some(End::Lost));
                    }
                    report.spans += 1;
                }
                Err(failure) => {
                    window.moved += 1;
                    window.rows = 0;
                    let whole = reading.window();
                    let goes_on = match failure.fix() {
                        Fix::Split => reading.split(),
                        // Rows may move once more; what leads nowhere does so again.
                        Fix::Again | Fix::Wait(_) | Fix::Person | Fix::GoOn => {
                            failure == ReadFailure::Moved && window.moved <= MOVED_MAX
                        }
                    };
                    if !goes_on {
                        return Ok(Some(End::Failed(failure)));
                    }
                    if let (Fix::Split, Some(whole)) = (failure.fix(), whole) {
                        window.split(whole);
                    }
                }
            }
        }
        Ok(None)
    }
}

impl Collector {
    /// Does what helps against a failure; `false` if nothing does now.
    async fn mend(&self, failure: &ReadFailure, reading: &mut Reading, window: &mut Open) -> bool {
        match failure.fix() {
            Fix::Split => {
                let whole = reading.window();
                if let (Some(whole), true) = (whole, reading.split()) {
                    window.split(whole);
                    return true;
                }
            }
            Fix::Again => {}
            // The account's budget knows until when.
            Fix::Wait(_) => return true,
            Fix::Person | Fix::GoOn => return false,
        }
        window.tries += 1;
        if window.tries >= TRIES_MAX {
            return false;
        }
        self.sleep(SignedDuration::from_millis(wait_ms(window.tries, (self.chance)()))).await;
        if window.tries > 1 {
            // The page named in the question may have been what is wrong.
            reading.restart();
            window.rows = 0;
        }
        true
    }

    /// Asks for a page while the feed stays ours.
    async fn page_held(
        &self,
        wanted: &Wanted,
        ask: &Ask,
        is_last: bool,
        lease: &mut Lease,
        report: &mut Collected,
    ) -> Result<Asked> {
        let asked = self.while_ours(lease, self.page(wanted, ask, is_last, report)).await?;
        Ok(asked.unwrap_or(Asked::Lost))
    }

    /// Renews a lease that runs out soon; whether the feed is ours.
    pub(super) async fn keep(&self, lease: &mut Lease) -> Result<bool> {
        let now = self.clock.now();
        let until = self.lease_until(now);
        let half = until.duration_since(now) / 2;
        // One that lasts longer than it could was taken before the clock was set back.
        let lasts = lease.until() <= until && lease.until().duration_since(now) >= half;
        Ok(lasts || self.ledger.renew_feed(lease, until).await?)
    }

    /// Does something that takes as long as the channel takes, and keeps the feed meanwhile; `None` if it
    /// was lost.
    pub(super) async fn while_ours<T>(
        &self,
        lease: &mut Lease,
        work: impl Future<Output = Result<T>>,
    ) -> Result<Option<T>> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done.map(Some),
                () = tokio::time::sleep(LEASE / 4) => {
                    let until = self.lease_until(self.clock.now());
                    if !self.ledger.renew_feed(lease, until).await? {
                        return Ok(None);
                    }
                }
            }
        }
    }
}

/// How often a list is begun anew whose pages don't fit together.
const MOVED_MAX: u32 = 3;

/// How often one question is put before the feed is left for a while.
const TRIES_MAX: u32 = 4;

/// The window being read: when its reading began, and what came.
#[derive(Default)]
struct Open {
    span: Option<Span>,
    began: Option<Timestamp>,
    /// A window that was split, and when its reading began: what was read of it before it was split
    /// is as old as that.
    whole: Option<(Span, Timestamp)>,
    rows: u64,
    moved: u32,
    tries: u32,
    /// How the question failed that is put again.
    failure: Option<ReadFailure>,
}

impl Open {
    /// Before a call: a window that is new begins now.
    fn enter(&mut self, span: Span, now: Timestamp) {
        if self.span == Some(span) {
            return;
        }
        let whole = self.whole.filter(|(whole, _)| whole.within(span) == span);
        self.whole = whole;
        (self.span, self.rows, self.moved, self.tries) = (Some(span), 0, 0, 0);
        self.began = Some(whole.map_or(now, |(_, began)| began));
    }

    fn split(&mut self, span: Span) {
        if let (None, Some(began)) = (self.whole, self.began) {
            self.whole = Some((span, began));
        }
        self.span = None;
    }

    fn read(&mut self, span: Span) -> Option<Read> {
        let span = coverage::Span::of(span.from.as_millisecond(), span.until.as_millisecond())?;
        let began = self.began?;
        self.span = None;
        Read::of(span, began.as_millisecond(), self.rows)
    }
}

pub(super) fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}

/// Whether a person should know at once: no waiting mends it.
pub(super) const fn needs_person(failure: &ReadFailure) -> bool {
    matches!(failure, ReadFailure::Denied(Denied::Key | Denied::Address) | ReadFailure::Rejected(_))
}
