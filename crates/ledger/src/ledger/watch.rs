//! Which rows of a seller were seen last, and whether the database still has them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::Error;
use crate::store::look::{Glance, Seal, Sight, Top, Written};

/// How many versions that were read are kept in mind between two looks. What does not fit is not held.
const SEEN_MAX: usize = 32;

/// How many of the versions written since the last look are kept in mind.
const WRITTEN_MAX: usize = 8;

/// What was seen last of a seller's rows, and when they were looked at.
#[derive(Default)]
pub(super) struct Watch {
    /// When the last look began, in milliseconds since the ledger was opened; 0 before the first.
    looked_ms: AtomicU64,
    /// The turn to look.
    pub(super) turn: tokio::sync::Mutex<()>,
    seen: Mutex<Seen>,
    /// When the last look that failed ended, and why it failed.
    failed: Mutex<Option<(u64, Arc<Error>)>>,
}

/// What a look looks for. Of versions and shelves the last one that the look before found, and, in order,
/// each that was the last one since: the database may have gone back between any two of them.
#[derive(Default, Clone)]
pub(super) struct Seen {
    versions: Vec<(i64, Seal)>,
    pub(super) shelves: Vec<(i64, i64, &'static str)>,
    pub(super) wrapped: Option<Vec<u8>>,
    written: VecDeque<Written>,
}

impl Watch {
    pub(super) fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a version that was read, if it is the last so far. False if no more can be remembered
    /// before the next look.
    pub(super) fn saw(&self, top: Top) -> bool {
        let Some(seal) = top.seal else { return true };
        let mut seen = self.seen();
        if seen.versions.last().is_some_and(|(seq, _)| *seq >= top.seq) {
            return true;
        }
        if seen.versions.len() >= SEEN_MAX {
            return false;
        }
        seen.versions.push((top.seq, seal));
        true
    }

    /// Remembers a version that was written.
    pub(super) fn wrote(&self, written: Written) {
        let mut seen = self.seen();
        if seen.written.len() == WRITTEN_MAX {
            seen.written.pop_front();
        }
        seen.written.push_back(written);
    }

    pub(super) fn failed(&self, at_ms: u64, why: Arc<Error>) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some((at_ms, why));
    }

    /// Why the last look failed, if that was at or after an instant.
    pub(super) fn failed_since(&self, since_ms: u64) -> Option<Arc<Error>> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.as_ref().filter(|(at_ms, _)| *at_ms >= since_ms).map(|(_, why)| Arc::clone(why))
    }

    pub(super) fn age(&self, now_ms: u64) -> Duration {
        match self.looked_ms.load(Ordering::Relaxed) {
            0 => Duration::MAX,
            at_ms => Duration::from_millis(now_ms.saturating_sub(at_ms)),
        }
    }

    /// Takes in what a look found that began at an instant, with `asked` in mind.
    pub(super) fn looked(&self, asked: &Seen, sight: Sight, at_ms: u64) {
        let mut seen = self.seen();
        // The last of those that are there stands for those before it.
        let there = sight.top.and_then(|top| Some((top.seq, top.seal?)));
        let last = asked.versions.last().cloned().into_iter().chain(there);
        let last = last.max_by_key(|(seq, _)| *seq);
        seen.versions.retain(|one| !asked.versions.contains(one));
        seen.versions.retain(|(seq, _)| last.as_ref().is_none_or(|(last, _)| seq > last));
        seen.versions.splice(0..0, last);
        let stands = asked.shelves.len().saturating_sub(1);
        seen.shelves.retain(|one| !asked.shelves[..stands].contains(one));
        seen.written.retain(|one| !asked.written.contains(one));
        drop(seen);
        self.looked_ms.fetch_max(at_ms, Ordering::Relaxed);
    }
}

impl Seen {
    pub(super) fn glance(&self) -> Glance {
        Glance {
            seqs: self.versions.iter().map(|(seq, _)| *seq).collect(),
            shelves: self.shelves.iter().map(|(shelf, ..)| *shelf).collect(),
            written: self.written.iter().cloned().collect(),
        }
    }

    /// In what the database is not what it was, in a word; `None` if it is.
    pub(super) fn contradicted(&self, sight: &Sight) -> Option<&'static str> {
        let stands = |(shelf, account, kind): &(i64, i64, &str)| {
            let same = |(one, of, name): &(i64, i64, String)| {
                (one, of, name.as_str()) == (shelf, account, *kind)
            };
            sight.shelves.iter().any(same)
        };
        if !self.versions.iter().all(|one| sight.versions.contains(one)) {
            Some("version")
        } else if self.wrapped.as_ref().is_some_and(|key| sight.wrapped.as_ref() != Some(key)) {
            Some("seller")
        } else if !self.shelves.iter().all(stands) {
            Some("shelf")
        } else if sight.kept {
            None
        } else {
            Some("written version")
        }
    }
}
