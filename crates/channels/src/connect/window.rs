//! Spans of time, cut into the windows a channel takes.

use hoesu_claims::time::KST;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// A span of instants to be read: from the first inside to the first after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first instant inside.
    pub from: Timestamp,
    /// The first instant after; a span that does not end after its start is empty.
    pub until: Timestamp,
}

impl Span {
    /// What lies between `back` before `at` and `until`.
    pub(super) fn back(at: Timestamp, back: SignedDuration, until: Timestamp) -> Self {
        Self { from: at.saturating_sub(back).unwrap_or(Timestamp::MIN), until }
    }

    /// Whether nothing lies in it.
    pub fn is_empty(&self) -> bool {
        self.until <= self.from
    }

    /// What lies in both.
    #[must_use]
    pub fn within(&self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }
}

/// How finely a channel takes a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Whole days in Korea.
    Day,
    /// Whole minutes.
    Minute,
}

impl Step {
    /// How long one is.
    pub const fn length(self) -> SignedDuration {
        match self {
            Self::Day => SignedDuration::from_hours(24),
            Self::Minute => SignedDuration::from_mins(1),
        }
    }

    const fn milliseconds(self) -> i64 {
        self.length().as_secs() * 1_000
    }

    /// The number of the step an instant lies in. Korea is a whole number of minutes from UTC.
    fn number(self, at: Timestamp) -> i64 {
        let offset = i64::from(KST.seconds()) * 1_000;
        (at.as_millisecond().saturating_add(offset)).div_euclid(self.milliseconds())
    }

    /// The instant a step begins; at the ends of the calendar, the end.
    fn start(self, number: i64) -> Timestamp {
        let offset = i64::from(KST.seconds()) * 1_000;
        let ms = number.saturating_mul(self.milliseconds()).saturating_sub(offset);
        let end = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_millisecond(ms).unwrap_or(end)
    }

    /// The number of the first step that begins at or after an instant.
    fn number_up(self, at: Timestamp) -> i64 {
        let number = self.number(at);
        if self.start(number) < at { number + 1 } else { number }
    }
}

/// A span of whole steps, asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    step: Step,
    first: i64,
    after: i64,
}

impl Window {
    /// The whole steps that cover a span; `None` of an empty one.
    pub fn covering(step: Step, span: Span) -> Option<Self> {
        if span.is_empty() {
            return None;
        }
        Some(Self { step, first: step.number(span.from), after: step.number_up(span.until) })
    }

    /// Its instants.
    pub fn span(self) -> Span {
        Span { from: self.step.start(self.first), until: self.step.start(self.after) }
    }

    /// Its first day in Korea.
    pub fn first_day(self) -> Date {
        KST.to_datetime(self.span().from).date()
    }

    /// Its last day in Korea.
    pub fn last_day(self) -> Date {
        let last = self.span().until.saturating_sub(SignedDuration::from_millis(1));
        KST.to_datetime(last.unwrap_or(Timestamp::MIN)).date()
    }

    /// Cuts at most `most` off one end: what is cut off, and what is left of it.
    pub(super) fn cut(self, most: SignedDuration, newest_first: bool) -> (Self, Option<Self>) {
        let steps = (most.as_secs() / self.step.length().as_secs()).max(1);
        if self.after - self.first <= steps {
            return (self, None);
        }
        if newest_first {
            self.parted(self.after - steps, newest_first)
        } else {
            self.parted(self.first + steps, newest_first)
        }
    }

    /// Its two halves, the one to be read first before the other; `None` of a single step.
    pub(super) fn halves(self, newest_first: bool) -> Option<(Self, Self)> {
        let steps = self.after - self.first;
        if steps < 2 {
            return None;
        }
        let (next, rest) = self.parted(self.first + steps / 2, newest_first);
        rest.map(|rest| (next, rest))
    }

    fn parted(self, at: i64, newest_first: bool) -> (Self, Option<Self>) {
        let (older, newer) = (Self { after: at, ..self }, Self { first: at, ..self });
        if newest_first { (newer, Some(older)) } else { (older, Some(newer)) }
    }
}
