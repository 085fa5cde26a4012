//! What the faults do to one call.

use std::time::Duration;

use hoesu_channels::{Away, Fault as Around};
use jiff::Timestamp;

use super::{Faults, What};

/// What is answered in the place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instead {
    /// The channel turns the caller away.
    Away(Away, Option<u32>),
    /// The page of what stands before the channel.
    Page,
    /// The channel's form for what goes wrong around a call.
    Around(Around),
    /// Nothing: the connection ends.
    Nothing,
}

/// What happens to one call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Strike {
    /// How long it waits first.
    pub(crate) delay: Duration,
    /// Answered without being heard.
    pub(crate) before: Option<Instead>,
    /// Answered after everything was done.
    pub(crate) after: Option<Instead>,
    /// Faults of the rows, with a draw for each.
    pub(crate) rows: Vec<(What, u64)>,
    /// Cut off; odd ones with the length of the whole.
    pub(crate) truncated: Option<u64>,
}

impl Faults {
    /// What happens to a call. Of faults that answer in another's place the oldest does.
    pub(crate) fn strike(&mut self, account: Option<&str>, path: &str, now: Timestamp) -> Strike {
        let seed = self.seed;
        let mut strike = Strike::default();
        for fault in &mut self.all {
            if fault.order.fault == What::LateRows || !fault.falls(seed, account, Some(path), now) {
                continue;
            }
            let seconds = fault.order.seconds;
            let before = match fault.order.fault {
                What::ExpiredSignature => Instead::Away(Away::Expired, None),
                What::ForbiddenJson => Instead::Away(Away::Forbidden, None),
                What::ForbiddenHtml => Instead::Page,
                What::RateLimited => Instead::Away(Away::TooMany, Some(seconds.unwrap_or(1))),
                What::FailedWithBody => Instead::Around(Around::Broken),
                What::Silence if fault.hit.is_multiple_of(2) => Instead::Nothing,
                What::Silence => Instead::Around(Around::Unavailable),
                What::TimedOutAfterCommit => {
                    strike.after.get_or_insert(Instead::Around(Around::TimedOut));
                    continue;
                }
                What::ReplyLost => {
                    strike.after.get_or_insert(Instead::Nothing);
                    continue;
                }
                What::Slow => {
                    strike.delay += Duration::from_secs(u64::from(seconds.unwrap_or(5)));
                    continue;
                }
                What::Truncated => {
                    strike.truncated.get_or_insert(fault.hit);
                    continue;
                }
                What::DuplicateRows
                | What::ReorderedPages
                | What::UnknownCodes
                | What::NullSafeNumbers => {
                    strike.rows.push((fault.order.fault, fault.hit));
                    continue;
                }
                What::LateRows => continue,
            };
            strike.before.get_or_insert(before);
        }
        strike
    }
}
