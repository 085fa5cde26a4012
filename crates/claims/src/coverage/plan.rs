//! What of a feed to read next, and how far it is known.

use std::cmp::{max, min};

use super::read::Coverage;
use super::span::{Span, Spans, floor, grid_ceil, grid_floor};

const DAY_MS: i64 = 24 * 3_600_000;
const MINUTE_MS: i64 = 60_000;
/// 02:00 in Korea is 17:00 UTC the day before: seven hours before midnight UTC.
const NIGHT_SHIFT_MS: i64 = 7 * 3_600_000;

/// How a feed is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The longest span the channel answers at once.
    pub window_ms: i64,
    /// The shortest span it can be asked for. Spans begin at its multiples, counted from midnight in
    /// Korea.
    pub least_ms: i64,
    /// How late a row may come to be shown: what was read sooner after it happened is read again.
    pub overlap_ms: i64,
    /// How many days past are read again every night (from 02:00 in Korea); 0 is none.
    pub again_days: u32,
    /// Within how many minutes of being shown by the channel a row is promised to be known.
    pub promise_minutes: u32,
    /// How far back the channel answers; `None` is without end.
    pub reach_ms: Option<i64>,
}

impl Rule {
    /// What is to be read at all at `now_ms`: from `since_ms`, as far as the channel reaches.
    fn wanted(&self, since_ms: i64, now_ms: i64) -> Option<Span> {
        let reached = self.reach_ms.map(|reach| now_ms.saturating_sub(reach));
        let reached = reached.map_or(i64::MIN, |at| grid_ceil(at, self.step_ms()));
        Span::of(max(grid_floor(since_ms, self.step_ms()), reached), now_ms)
    }

    fn step_ms(&self) -> i64 {
        max(self.least_ms, 1)
    }

    /// How long after a reading the newest instants are due again: some calls and one retry fit into
    /// the promise.
    fn pace_ms(&self) -> i64 {
        max(self.promise_ms() / 4, 1)
    }

    fn promise_ms(&self) -> i64 {
        i64::from(self.promise_minutes).saturating_mul(MINUTE_MS)
    }

    /// The pieces a set of instants is read in, newest first. Each is inside `wanted`, begins on the grid
    /// and is at most a window long.
    fn pieces(&self, instants: &Spans, wanted: Span) -> impl Iterator<Item = Span> {
        let step_ms = self.step_ms();
        // Asking for a part of a step is asking for the step.
        let widened: Spans = (instants.as_slice().iter())
            .filter_map(|span| {
                let until_ms = grid_ceil(span.until_ms(), step_ms);
                Span::of(grid_floor(span.from_ms(), step_ms), until_ms)?.and(wanted)
            })
            .collect();
        let window_ms = max(self.window_ms, step_ms);
        let mut left: Vec<Span> = widened.as_slice().to_vec();
        std::iter::from_fn(move || {
            let span = left.pop()?;
            let from_ms = grid_ceil(span.until_ms().saturating_sub(window_ms), step_ms);
            let from_ms = max(from_ms, span.from_ms());
            left.extend(Span::of(span.from_ms(), from_ms));
            Span::of(from_ms, span.until_ms())
        })
    }
}

/// Why a span is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It ends now: what just happened is in it.
    Newest,
    /// It was never read, or too soon after it happened.
    Gap,
    /// It was read before this night: what came late, or changed, is in it.
    Again,
}

/// A span to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// At most a window long.
    pub span: Span,
    /// Why.
    pub why: Why,
}

/// What to do about a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is to be read now, the most urgent first.
    pub due: Vec<Due>,
    /// When to plan again: at once after reading what is due, or, with nothing due, at the first instant
    /// at which something is.
    pub wake_ms: i64,
}

/// What of a feed to read at `now_ms`, at most `most` spans: the newest first, then what was never read
/// from the newest to the oldest, then what is read again every night, the longest unread first.
///
/// Who reads all of it and plans again at the same instant has nothing to read.
pub fn plan(coverage: &Coverage, rule: &Rule, since_ms: i64, now_ms: i64, most: usize) -> Plan {
    let coverage = &*coverage.seen(now_ms);
    let fresh_ms = now_ms.saturating_sub(rule.pace_ms());
    let later_ms = now_ms.saturating_add(rule.pace_ms());
    let Some(wanted) = rule.wanted(since_ms, now_ms) else {
        return Plan { due: Vec::new(), wake_ms: later_ms };
    };
    let night_ms = floor(now_ms, DAY_MS, NIGHT_SHIFT_MS);
    let edge_ms = min(coverage.edge_ms().unwrap_or(i64::MIN), now_ms);
    let settled = coverage.settled(rule.overlap_ms);
    let fresh = coverage.read_after(fresh_ms);

    let mut gaps = Spans::from_iter([wanted]).minus(&settled).minus(&fresh);
    if edge_ms > fresh_ms {
        // What came since the last reading is left to the next.
        gaps = gaps.minus(&Span::of(edge_ms, now_ms).into_iter().collect());
    }
    let mut due: Vec<Due> = rule
        .pieces(&gaps, wanted)
        .take(most.saturating_add(1))
        .map(|span| {
            let newest = span.until_ms() == now_ms;
            Due { span, why: if newest { Why::Newest } else { Why::Gap } }
        })
        .collect();
    if due.len() <= most {
        let again = again(coverage, rule, wanted, night_ms).minus(&gaps);
        let mut again: Vec<(i64, Span)> = rule
            .pieces(&again, wanted)
            .map(|span| (coverage.read_since(span).unwrap_or(i64::MIN), span))
            .collect();
        again.sort_unstable();
        due.extend(again.into_iter().map(|(_, span)| Due { span, why: Why::Again }));
    }
    let wake_ms = if due.is_empty() {
        let mut wake_ms = max(edge_ms, fresh_ms.saturating_add(1)).saturating_add(rule.pace_ms());
        // Read lately, and too soon after it happened.
        let unsettled = Spans::from_iter([wanted]).minus(&settled);
        let soon = coverage.reads().iter().filter(|read| {
            read.began_ms() > fresh_ms
                && unsettled.as_slice().iter().any(|span| span.meets(read.span()))
        });
        for read in soon {
            wake_ms = min(wake_ms, read.began_ms().saturating_add(rule.pace_ms()));
        }
        if rule.again_days > 0 {
            wake_ms = min(wake_ms, night_ms.saturating_add(DAY_MS));
        }
        wake_ms
    } else {
        now_ms
    };
    due.truncate(most);
    Plan { due, wake_ms }
}

/// What this night's reading again has left.
fn again(coverage: &Coverage, rule: &Rule, wanted: Span, night_ms: i64) -> Spans {
    let days_ms = i64::from(rule.again_days).saturating_mul(DAY_MS);
    let first_ms = grid_floor(night_ms, DAY_MS).saturating_sub(days_ms);
    let span = (rule.again_days > 0).then(|| Span::of(first_ms, night_ms)).flatten();
    let span: Spans = span.and_then(|span| span.and(wanted)).into_iter().collect();
    span.minus(&coverage.read_after(night_ms.saturating_sub(1)))
}

/// How far a feed is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// Everything wanted before this instant was read; now, if nothing is missing.
    pub complete_until_ms: i64,
    /// What was never read of what is wanted, by time; the last one ends now.
    pub gaps: Spans,
    /// Whether a gap is older than the feed's promise.
    pub overdue: bool,
}

impl Freshness {
    /// How far a feed is known at `now_ms`, of what is wanted from `since_ms`.
    pub fn of(coverage: &Coverage, rule: &Rule, since_ms: i64, now_ms: i64) -> Self {
        let wanted = rule.wanted(since_ms, now_ms);
        let seen = coverage.seen(now_ms);
        let gaps = wanted.map(|wanted| seen.unread(wanted)).unwrap_or_default();
        let complete_until_ms = gaps.as_slice().first().map_or(now_ms, |gap| gap.from_ms());
        let overdue = complete_until_ms < now_ms.saturating_sub(rule.promise_ms());
        Self { complete_until_ms, gaps, overdue }
    }
}
