//! Spans of time, and sets of them.

use std::cmp::{max, min};

use jiff::Timestamp;
use serde::Serialize;

/// Korea's offset: the grid of spans has its points at midnight there.
const KST_MS: i64 = 9 * 3_600_000;

/// The last point of a grid of `step_ms` at or before `at_ms`; `shift_ms` moves the grid back.
pub(super) const fn floor(at_ms: i64, step_ms: i64, shift_ms: i64) -> i64 {
    at_ms.saturating_sub(at_ms.saturating_add(shift_ms).rem_euclid(step_ms))
}

/// The last point of the grid at or before an instant.
pub(super) const fn grid_floor(at_ms: i64, step_ms: i64) -> i64 {
    floor(at_ms, step_ms, KST_MS)
}

/// The first point of the grid at or after an instant.
pub(super) fn grid_ceil(at_ms: i64, step_ms: i64) -> i64 {
    let below = grid_floor(at_ms, step_ms);
    if below == at_ms { below } else { below.saturating_add(step_ms) }
}

/// A half-open span of instants that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    from_ms: i64,
    until_ms: i64,
}

impl Span {
    /// From the first instant inside until the first one after; `None` if nothing is inside.
    pub fn of(from_ms: i64, until_ms: i64) -> Option<Self> {
        (from_ms < until_ms).then_some(Self { from_ms, until_ms })
    }

    /// The first instant inside.
    pub const fn from_ms(self) -> i64 {
        self.from_ms
    }

    /// The first instant after.
    pub const fn until_ms(self) -> i64 {
        self.until_ms
    }

    /// The first instant inside; clamped to what a timestamp can hold.
    pub fn from(self) -> Timestamp {
        instant(self.from_ms)
    }

    /// The first instant after; clamped to what a timestamp can hold.
    pub fn until(self) -> Timestamp {
        instant(self.until_ms)
    }

    /// How long it is.
    pub const fn length_ms(self) -> i64 {
        self.until_ms.saturating_sub(self.from_ms)
    }

    /// Whether some instant is in both.
    pub const fn meets(self, other: Self) -> bool {
        self.from_ms < other.until_ms && other.from_ms < self.until_ms
    }

    /// What is in both.
    pub fn and(self, other: Self) -> Option<Self> {
        Self::of(max(self.from_ms, other.from_ms), min(self.until_ms, other.until_ms))
    }

    /// Two spans that make up this one, each about half of it, parted at a point of the grid of
    /// `least_ms` (points at midnight in Korea); `None` if no point lies inside. For a span whose
    /// answer was too large or too slow.
    pub fn halves(self, least_ms: i64) -> Option<[Self; 2]> {
        let middle = self.from_ms.saturating_add(self.length_ms() / 2);
        let inside = |at: &i64| self.from_ms < *at && *at < self.until_ms;
        let at = [grid_floor(middle, max(least_ms, 1)), grid_ceil(middle, max(least_ms, 1))]
            .into_iter()
            .find(inside)?;
        Some([Self { until_ms: at, ..self }, Self { from_ms: at, ..self }])
    }
}

fn instant(ms: i64) -> Timestamp {
    let limit = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(ms).unwrap_or(limit)
}

/// A set of instants: spans in order that neither meet nor touch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// The spans, by time.
    pub fn as_slice(&self) -> &[Span] {
        &self.0
    }

    /// Whether no instant is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a span.
    pub fn add(&mut self, span: Span) {
        // Those it meets or touches become one with it.
        let first = self.0.partition_point(|one| one.until_ms < span.from_ms);
        let last = self.0.partition_point(|one| one.from_ms <= span.until_ms);
        let joined = self.0[first..last].iter().fold(span, |joined, one| Span {
            from_ms: min(joined.from_ms, one.from_ms),
            until_ms: max(joined.until_ms, one.until_ms),
        });
        self.0.splice(first..last, [joined]);
    }

    /// Whether every instant of a span is in it.
    pub fn holds(&self, span: Span) -> bool {
        let at = self.0.partition_point(|one| one.until_ms <= span.from_ms);
        let holder = self.0.get(at);
        holder.is_some_and(|one| one.from_ms <= span.from_ms && span.until_ms <= one.until_ms)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut left = Self::default();
        for span in &self.0 {
            let first = other.0.partition_point(|hole| hole.until_ms <= span.from_ms);
            let mut from_ms = span.from_ms;
            for hole in other.0[first..].iter().take_while(|hole| hole.from_ms < span.until_ms) {
                left.0.extend(Span::of(from_ms, hole.from_ms));
                from_ms = hole.until_ms;
            }
            left.0.extend(Span::of(from_ms, span.until_ms));
        }
        left
    }
}

impl FromIterator<Span> for Spans {
    fn from_iter<T: IntoIterator<Item = Span>>(spans: T) -> Self {
        let mut set = Self::default();
        for span in spans {
            set.add(span);
        }
        set
    }
}
