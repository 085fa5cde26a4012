//! What is asked by its number: what could not be looked up when a list called for it, and, once a day,
//! what became of claims that are open for longer than lists are read again.

use std::collections::BTreeMap;

use hoesu_channels::Title;
use hoesu_channels::connect::{Ask, Feed, Fix, Lookup, Paging, Step};
use hoesu_claims::case::ClaimTrack;
use hoesu_claims::coverage::{Read, Span, plan};
use hoesu_claims::time::Between;
use hoesu_claims::wait::LONGEST_MS;
use hoesu_ledger::overview::{CaseOrder, CasePick, Spot, Turn};
use hoesu_ledger::{Lease, Sought};
use jiff::{SignedDuration, Timestamp};

use super::asking::Asked;
use super::call::Called;
use super::work::{End, SPANS, instant};
use super::{Collected, Collector, Wanted, rule};
use crate::Result;
use crate::settle::{catch_up, word};

/// What every account has whose channel can be asked by number, beside the channel's feeds. Its spans say
/// until when the open claims of old were put on the list of what is sought.
pub(super) static BY_NUMBER: Feed = Feed {
    id: "by-number",
    title: Title { ko: "번호로 하나씩", en: "one by one, by number" },
    kinds: &[],
    step: Step::Minute,
    window_max: SignedDuration::from_hours(100 * 366 * 24),
    parts: &[""],
    paging: Paging::None,
    overlap: SignedDuration::ZERO,
    again: SignedDuration::ZERO,
    // A quarter of it is a day.
    promise: SignedDuration::from_hours(4 * 24),
};

/// Read from the list of what is sought at once.
const AT_ONCE: usize = 64;

/// Cases gone through at once.
const CASES: usize = 500;

/// It is looked at what is sought this often at least.
const LOOK_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// The longest that is waited before a number is asked for again.
const LATER_MAX: SignedDuration = SignedDuration::from_millis(LONGEST_MS);

/// Where claims stand that are not over.
const OPEN: [ClaimTrack; 3] = [ClaimTrack::Asked, ClaimTrack::Deciding, ClaimTrack::StopAsked];

impl Collector {
    /// Asks for everything that is sought and due.
    pub(super) async fn by_number(
        &self,
        wanted: &Wanted,
        lease: &mut Lease,
        report: &mut Collected,
    ) -> Result<End> {
        let covered = self.ledger.coverage(lease.key()).await?;
        let (since_ms, now) = (lease.since().as_millisecond(), self.clock.now());
        let plan = plan(&covered, &rule(&BY_NUMBER), since_ms, now.as_millisecond(), SPANS);
        let mut wake = instant(plan.wake_ms);
        // A day on which nothing was asked may be one on which nothing was known yet.
        let last = covered.reads().last();
        let is_bare = last.is_none_or(|read| read.rows() == 0);
        if is_bare || !plan.due.is_empty() {
            // What is open stands on cases, and what was imported may be in none yet.
            catch_up(&self.ledger, wanted.account.seller, now).await?;
            let rows = self.seek_old(wanted, now).await?;
            let day = SignedDuration::from_hours(24).as_millis() as i64;
            let mut done: Vec<_> = plan.due.iter().map(|due| due.span).collect();
            // Whoever looked before may have had a clock ahead of ours.
            let ahead = |at: fn(&Read) -> i64| last.map_or(i64::MIN, at).max(now.as_millisecond());
            if done.is_empty() && rows > 0 {
                let until_ms = ahead(|read| read.span().until_ms());
                done.extend(Span::of(until_ms.saturating_sub(day).max(since_ms), until_ms));
            }
            let began_ms = ahead(Read::began_ms);
            for span in done {
                let Some(read) = Read::of(span, began_ms, rows) else { continue };
                if !self.ledger.mark_read(lease, read).await? {
                    return Ok(End::Lost);
                }
                report.spans += 1;
            }
            if !plan.due.is_empty() {
                wake = Timestamp::MAX;
            }
        }
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        loop {
            let sought = self.ledger.sought(seller, account, self.clock.now(), AT_ONCE).await?;
            let now = self.clock.now();
            let next = sought.first().map_or(Timestamp::MAX, |first| first.due_at);
            if next > now {
                let hour = now.saturating_add(LOOK_EVERY).unwrap_or(Timestamp::MAX);
                return Ok(End::Until(next.min(wake).min(hour)));
            }
            let mut by_lookup: BTreeMap<String, Vec<Sought>> = BTreeMap::new();
            for one in sought.into_iter().filter(|one| one.due_at <= now) {
                by_lookup.entry(one.lookup.clone()).or_default().push(one);
            }
            for (id, sought) in by_lookup {
                let lookups = wanted.connector.lookups();
                let Some(lookup) = lookups.iter().find(|lookup| lookup.id == id) else {
                    // Nobody asks like this any more.
                    self.ledger.answered(seller, account, pairs(&sought)).await?;
                    continue;
                };
                for some in sought.chunks(lookup.keys_max) {
                    if !self.keep(lease).await? {
                        return Ok(End::Lost);
                    }
                    let asked = self.ask_for(wanted, lookup, some, report);
                    match self.while_ours(lease, asked).await? {
                        None => return Ok(End::Lost),
                        Some(Some(end)) => return Ok(end),
                        Some(None) => {}
                    }
                }
            }
        }
    }

    /// Asks for some numbers; why nothing can be asked now, if so.
    async fn ask_for(
        &self,
        wanted: &Wanted,
        lookup: &'static Lookup,
        sought: &[Sought],
        report: &mut Collected,
    ) -> Result<Option<End>> {
        let (seller, account) = (wanted.account.seller, wanted.account.id);
        let keys = sought.iter().map(|one| one.key.clone()).collect();
        match self.counted(wanted, &Ask::Keys { lookup, keys }, report).await? {
            Called::Page(found) => {
                let page = self.understood(wanted, &found.records);
                if let Some(Asked::NotBefore(at)) =
                    self.look_up(wanted, &page, true, report).await?
                {
                    return Ok(Some(End::NotBefore(at, None)));
                }
                self.shelve(wanted, page, report).await?;
                self.ledger.answered(seller, account, pairs(sought)).await?;
            }
            Called::NotBefore(at) => return Ok(Some(End::NotBefore(at, None))),
            Called::Failed(failure) => match failure.fix() {
                // The channel says that it has none.
                Fix::GoOn => self.ledger.answered(seller, account, pairs(sought)).await?,
                Fix::Person => return Ok(Some(End::Failed(failure))),
                Fix::Wait(_) | Fix::Again | Fix::Split => {
                    let tries = sought.iter().map(|one| one.tries).max().unwrap_or(0);
                    let wait = SignedDuration::from_mins(1 << tries.min(10)).min(LATER_MAX);
                    let now = self.clock.now();
                    let due = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
                    let (name, sought) = (failure.name(), pairs(sought));
                    self.ledger.put_off(seller, account, sought, name, now, due).await?;
                }
            },
        }
        Ok(None)
    }

    /// Remembers to ask what a page called for and nobody answered.
    pub(super) async fn seek_later(
        &self,
        wanted: &Wanted,
        lookup: &Lookup,
        keys: &[String],
    ) -> Result<()> {
        let minute = SignedDuration::from_mins(1);
        let now = self.clock.now();
        let due = now.saturating_add(minute).unwrap_or(Timestamp::MAX);
        let what = keys.iter().map(|key| (lookup.id.to_owned(), key.clone())).collect();
        Ok(self.ledger.seek(&wanted.by_number().key(), what, now, due).await?)
    }

    /// Puts on the list what says what became of open claims which lists are not read for any more; how
    /// many.
    async fn seek_old(&self, wanted: &Wanted, now: Timestamp) -> Result<u64> {
        let seller = wanted.account.seller;
        let again = wanted.connector.feeds().iter().map(|feed| feed.again).max();
        let old = now.saturating_sub(again.unwrap_or_default()).unwrap_or(Timestamp::MIN);
        let open = OPEN.map(word);
        let tallies = self.ledger.case_tallies(seller).await?.into_iter().map(|tally| tally.slot);
        let slots =
            tallies.filter(|slot| slot.account == wanted.account.id && open.contains(&slot.claim));
        let mut pick = CasePick {
            slots: slots.collect(),
            order: CaseOrder::Since,
            between: Between { from: None, until: Some(old) },
            from: None,
            limit: CASES,
        };
        let mut sought = 0;
        while !pick.slots.is_empty() {
            let cases = self.ledger.pick_cases(seller, pick.clone()).await?;
            let Some(last) = cases.last() else { break };
            let id = last.key.clone();
            let spot = Spot { at_ms: last.since.as_millisecond(), id };
            pick.from = Some(Turn::After(spot));
            let keys = cases.into_iter().map(|case| case.key).collect();
            let what = self.missed(wanted, keys).await?;
            sought += what.len() as u64;
            self.ledger.seek(&wanted.key(), what, now, now).await?;
        }
        Ok(sought)
    }

    /// What says what became of the documents of some cases.
    async fn missed(&self, wanted: &Wanted, cases: Vec<String>) -> Result<Vec<(String, String)>> {
        let kinds = wanted.channel.capabilities().kinds;
        let mut missed = Vec::new();
        for at in self.ledger.documents_of(wanted.account.seller, cases).await? {
            let kind = kinds.iter().find(|kind| **kind == at.kind);
            let Some(kind) = kind.filter(|_| at.account == wanted.account.id) else { continue };
            let Some(held) = self.ledger.document(wanted.account.shelf(kind), &at.key).await?
            else {
                continue;
            };
            let Ok(reading) = wanted.channel.read(held.document.media, &held.document.body) else {
                continue;
            };
            let asks = wanted.connector.missed(&reading).into_iter();
            missed.extend(asks.map(|(lookup, key)| (lookup.to_owned(), key)));
        }
        missed.sort();
        missed.dedup();
        Ok(missed)
    }
}

fn pairs(sought: &[Sought]) -> Vec<(String, String)> {
    sought.iter().map(|one| (one.lookup.clone(), one.key.clone())).collect()
}
