//! Faults that can be ordered: what goes wrong, for whom, where, how often, until when.

mod answer;
mod strike;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::booth::bits;
use crate::plan::after;
use crate::{Error, Result};

pub(crate) use answer::{forbidden_page, refused, truncated};
pub(crate) use strike::{Instead, Strike};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    /// 401 in the channel's form: the proof of who calls is too old.
    ExpiredSignature,
    /// 403 in the channel's form.
    ForbiddenJson,
    /// 403 with the HTML page of what stands before the channel.
    ForbiddenHtml,
    /// 429 with `Retry-After: seconds`, 1 unless told.
    RateLimited,
    /// 500 with a body in the channel's form; nothing was done.
    FailedWithBody,
    /// 504 in the channel's form, after everything was done.
    TimedOutAfterCommit,
    /// The connection ends without a word, after everything was done.
    ReplyLost,
    /// The answer comes `seconds` of the world later, 5 unless told.
    Slow,
    /// The answer's body is cut off: now with a length that says so, now without.
    Truncated,
    /// A row of the page comes twice.
    DuplicateRows,
    /// What is told becomes visible `seconds` of the market later, 600 unless told. The endpoint is not
    /// looked at, and what a caller's own write changes is visible at once.
    LateRows,
    /// The rows of the page come in another order.
    ReorderedPages,
    /// A code of a row is one that nobody knows.
    UnknownCodes,
    /// Safe numbers (050…) are null.
    NullSafeNumbers,
    /// Nothing but 503 and dropped connections, for an hour of the market unless told.
    Silence,
}

/// A fault as it is ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// What goes wrong.
    pub(crate) fault: What,
    /// For this account alone; for everybody if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) account: Option<String>,
    /// On paths like this alone; `*` stands for any characters. Everywhere if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) endpoint: Option<String>,
    /// How often, from 0 (never) to 1 (always); drawn from the seed.
    #[serde(default = "always")]
    #[schema(default = 1.0, minimum = 0, maximum = 1)]
    pub(crate) rate: f64,
    /// How many times in all; without end if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) count: Option<u64>,
    /// Until the market's clock shows this; without end if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) until: Option<Timestamp>,
    /// How long, where the fault has a length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) seconds: Option<u32>,
}

const fn always() -> f64 {
    1.0
}

/// A fault that was ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Fault {
    /// Its number, by which it is lifted.
    pub(crate) id: u64,
    /// What was ordered.
    #[serde(flatten)]
    pub(crate) order: Order,
    /// How many calls (or documents that come late) it might have hit.
    #[serde(default)]
    pub(crate) met: u64,
    /// How many it hit.
    #[serde(default)]
    pub(crate) hit: u64,
}

/// All faults, and what they are drawn from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    pub(crate) seed: u64,
    pub(crate) next: u64,
    pub(crate) all: Vec<Fault>,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, next: 1, all: Vec::new() }
    }

    /// Takes an order at an instant of the market.
    pub(crate) fn order(&mut self, mut order: Order, now: Timestamp) -> Result<Fault> {
        if !(0.0..=1.0).contains(&order.rate) {
            return Err(Error::Impossible("`rate` must be 0 to 1.".to_owned()));
        }
        if order.fault == What::Silence && order.until.is_none() {
            let seconds = i64::from(order.seconds.unwrap_or(3_600));
            order.until = Some(after(now, SignedDuration::from_secs(seconds)));
        }
        let fault = Fault { id: self.next, order, met: 0, hit: 0 };
        self.next += 1;
        self.all.push(fault.clone());
        Ok(fault)
    }

    /// Lifts a fault, or all of them; whether there was any.
    pub(crate) fn lift(&mut self, id: Option<u64>) -> bool {
        let before = self.all.len();
        self.all.retain(|fault| id.is_some_and(|id| fault.id != id));
        self.all.len() < before
    }

    /// By how much a document that is told now comes late.
    pub(crate) fn late(&mut self, account: &str, now: Timestamp) -> Option<SignedDuration> {
        let seed = self.seed;
        let mut late = None;
        for fault in &mut self.all {
            if fault.order.fault == What::LateRows && fault.falls(seed, Some(account), None, now) {
                let seconds = i64::from(fault.order.seconds.unwrap_or(600));
                late = late.max(Some(SignedDuration::from_secs(seconds)));
            }
        }
        late
    }
}

impl Fault {
    /// Counts a call or a document it may hit, and says whether it hits. `path` is not looked at where
    /// there is none.
    fn falls(
        &mut self,
        seed: u64,
        account: Option<&str>,
        path: Option<&str>,
        now: Timestamp,
    ) -> bool {
        let order = &self.order;
        let is_over = order.until.is_some_and(|until| now >= until)
            || order.count.is_some_and(|count| self.hit >= count);
        let is_meant = order.account.as_deref().is_none_or(|meant| Some(meant) == account)
            && path
                .is_none_or(|path| order.endpoint.as_deref().is_none_or(|glob| fits(glob, path)));
        if is_over || !is_meant {
            return false;
        }
        self.met += 1;
        let falls = self.draw(seed) < order.rate;
        if falls {
            self.hit += 1;
        }
        falls
    }

    /// A number from 0 up to 1, the same for the same seed, fault and call.
    fn draw(&self, seed: u64) -> f64 {
        let bits = bits(seed, &format!("fault/{}/{}", self.id, self.met));
        let number = u32::from_le_bytes([bits[0], bits[1], bits[2], bits[3]]);
        f64::from(number) / (f64::from(u32::MAX) + 1.0)
    }
}

/// Whether a path is like a pattern in which `*` stands for any characters. A pattern without `*` is
/// how paths begin.
fn fits(glob: &str, path: &str) -> bool {
    if !glob.contains('*') {
        return path.starts_with(glob);
    }
    let mut parts = glob.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_768_780_800, 0);

    fn order(text: &str) -> Order {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_pattern_is_a_beginning_or_has_stars() {
        assert!(fits("/v2/", "/v2/a/b") && !fits("/v2/", "/v3/v2/"));
        assert!(fits("*/returnRequests", "/v2/A1/returnRequests"));
        assert!(!fits("*/returnRequests", "/v2/A1/returnRequests/1"));
        assert!(fits("/v2/*/returns/*", "/v2/A1/returns/") && !fits("/a*b*a", "/ab"));
        assert!(fits("*", ""));
    }

    #[test]
    fn a_rate_is_met_and_the_same_draws_are_the_same() {
        let hits = || {
            let mut faults = Faults::new(7);
            faults.order(order(r#"{"fault":"slow","rate":0.25}"#), NOW).unwrap();
            let falls = (0..2_000).map(|_| faults.all[0].falls(7, None, Some("/"), NOW));
            falls.collect::<Vec<_>>()
        };
        let count = hits().iter().filter(|hit| **hit).count();
        assert!((400..600).contains(&count), "{count}");
        assert_eq!(hits(), hits());
    }

    #[test]
    fn a_fault_ends_with_its_count_or_its_time() {
        let mut faults = Faults::new(7);
        faults.order(order(r#"{"fault":"reply-lost","count":2,"account":"a"}"#), NOW).unwrap();
        faults.order(order(r#"{"fault":"silence"}"#), NOW).unwrap();
        let [counted, timed] = &mut faults.all[..] else { panic!("two faults") };
        let fell = [Some("a"), Some("b"), None, Some("a"), Some("a")]
            .map(|account| counted.falls(7, account, Some("/"), NOW));
        assert_eq!(fell, [true, false, false, true, false]);
        assert!(timed.falls(7, None, Some("/"), NOW + SignedDuration::from_mins(59)));
        assert!(!timed.falls(7, None, Some("/"), NOW + SignedDuration::from_mins(60)));
        assert!(faults.lift(Some(1)) && !faults.lift(Some(1)) && faults.lift(None));
        assert!(faults.order(order(r#"{"fault":"slow","rate":2}"#), NOW).is_err());
    }
}
