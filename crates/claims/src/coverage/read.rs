//! What was read completely, when, and how much came of it.

use std::borrow::Cow;
use std::cmp::min;

use super::span::{Span, Spans};
use crate::wait::Horizon;

/// A span of a feed read to its last page, everything in it kept.
///
/// Reads are ordered by when they began; of two at once, by their span, then by their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Read {
    began_ms: i64,
    span: Span,
    rows: u64,
}

impl Read {
    /// A span whose reading began at `began_ms` and gave `rows` records. What is later than that
    /// instant was not there to be read, whatever the channel was asked for: it is cut off. `None` if
    /// nothing is left.
    pub fn of(span: Span, began_ms: i64, rows: u64) -> Option<Self> {
        let span = Span::of(span.from_ms(), min(span.until_ms(), began_ms))?;
        Some(Self { began_ms, span, rows })
    }

    /// When the reading began.
    pub const fn began_ms(&self) -> i64 {
        self.began_ms
    }

    /// What was read.
    pub const fn span(&self) -> Span {
        self.span
    }

    /// How many records came, counted as the channel gave them.
    pub const fn rows(&self) -> u64 {
        self.rows
    }
}

/// What is covered of a feed: the reads, but for those that later ones cover wholly. The order in which
/// they were added makes no difference.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// In their order.
    reads: Vec<Read>,
}

impl Coverage {
    /// The reads, from the earliest to the latest.
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// Adds a read; answers those that it makes superfluous, itself among them if later ones cover it.
    pub fn add(&mut self, read: Read) -> Vec<Read> {
        let at = self.reads.partition_point(|one| *one < read);
        self.reads.insert(at, read);
        let (mut later, mut gone) = (Spans::default(), Vec::new());
        let mut kept: Vec<Read> = Vec::with_capacity(self.reads.len());
        for one in self.reads.drain(..).rev() {
            if later.holds(one.span) {
                gone.push(one);
            } else {
                later.add(one.span);
                kept.push(one);
            }
        }
        kept.reverse();
        self.reads = kept;
        gone
    }

    /// What is to be believed at `now_ms`: a reading that began later did so by a clock that was ahead,
    /// and nobody knows when.
    #[must_use]
    pub fn seen(&self, now_ms: i64) -> Cow<'_, Self> {
        let last_ms = Horizon::of(now_ms, 0).noted_ms;
        let until = self.reads.partition_point(|read| read.began_ms <= last_ms);
        if until == self.reads.len() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self { reads: self.reads[..until].to_vec() })
    }

    /// Every instant read at least once.
    pub fn complete(&self) -> Spans {
        self.reads.iter().map(|read| read.span).collect()
    }

    /// What was never read within a span.
    pub fn unread(&self, within: Span) -> Spans {
        Spans::from_iter([within]).minus(&self.complete())
    }

    /// Every instant in a read that began after `at_ms`.
    pub(super) fn read_after(&self, at_ms: i64) -> Spans {
        let from = self.reads.partition_point(|read| read.began_ms <= at_ms);
        self.reads[from..].iter().map(|read| read.span).collect()
    }

    /// Every instant read when it had been past for `overlap_ms`: what a channel shows late was there.
    pub(super) fn settled(&self, overlap_ms: i64) -> Spans {
        let old = |read: &Read| {
            let until_ms = min(read.span.until_ms(), read.began_ms.saturating_sub(overlap_ms));
            Span::of(read.span.from_ms(), until_ms)
        };
        self.reads.iter().filter_map(old).collect()
    }

    /// When the least lately read of a span's instants was read last; `None` if one never was.
    pub(super) fn read_since(&self, span: Span) -> Option<i64> {
        let mut left = Spans::from_iter([span]);
        for read in self.reads.iter().rev().filter(|read| read.span.meets(span)) {
            left = left.minus(&Spans::from_iter([read.span]));
            if left.is_empty() {
                return Some(read.began_ms);
            }
        }
        None
    }

    /// The end of what was read, wherever gaps are; `None` if nothing was.
    pub fn edge_ms(&self) -> Option<i64> {
        self.reads.iter().map(|read| read.span.until_ms()).max()
    }
}

impl FromIterator<Read> for Coverage {
    fn from_iter<T: IntoIterator<Item = Read>>(reads: T) -> Self {
        let mut reads: Vec<Read> = reads.into_iter().collect();
        reads.sort_unstable();
        let Some(last) = reads.pop() else { return Self::default() };
        let mut coverage = Self { reads };
        coverage.add(last);
        coverage
    }
}
