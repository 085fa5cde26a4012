//! Windows: `createdAtFrom` to `createdAtTo`, the last step named being inside.

use hoesu_claims::time::{Between, KST, parse_day};
use jiff::civil::{DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::coupang::params::Params;
use crate::coupang::refusal::Refused;
use crate::coupang::version::Version;

/// How finely a window is given. The last step named is inside it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Day,
    Minute,
    Second,
}

impl Step {
    const fn form(self) -> &'static str {
        match self {
            Self::Day => "yyyy-MM-dd",
            Self::Minute => "yyyy-MM-ddTHH:mm",
            Self::Second => "yyyy-MM-ddTHH:mm:ss",
        }
    }

    const fn length(self) -> SignedDuration {
        match self {
            Self::Day => SignedDuration::from_hours(24),
            Self::Minute => SignedDuration::from_mins(1),
            Self::Second => SignedDuration::from_secs(1),
        }
    }

    /// A time in exactly this form, of a day that exists.
    fn read(self, text: &str) -> Option<DateTime> {
        if !text.is_ascii() || text.len() != self.form().len() {
            return None;
        }
        let day = parse_day(&text[..10])?;
        let time = match self {
            Self::Day => Time::midnight(),
            Self::Minute | Self::Second => {
                let mut parts = text.strip_prefix(&text[..10])?.strip_prefix('T')?.split(':');
                let mut part = || -> Option<i8> {
                    let digits = parts.next()?;
                    let two = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
                    if two { digits.parse().ok() } else { None }
                };
                let (hour, minute) = (part()?, part()?);
                let second = if matches!(self, Self::Second) { part()? } else { 0 };
                Time::new(hour, minute, second, 0).ok()?
            }
        };
        Some(day.to_datetime(time))
    }
}

/// The window `createdAtFrom` to `createdAtTo`.
pub(super) fn created(
    params: &Params,
    step: Step,
    version: Version,
    days_max: u32,
    too_long: &'static str,
) -> Result<Between, Refused> {
    let instant = |name| {
        let text = params.require(name)?;
        let (local, offset) = match version {
            Version::V4 => (text, None),
            Version::V6 => split_offset(text),
        };
        step.read(local)
            .and_then(|local| offset.unwrap_or(KST).to_timestamp(local).ok())
            .ok_or_else(|| {
                let form = step.form();
                Refused::parameter(match step {
                    // Coupang's own words where windows are given by the second.
                    Step::Second => format!("{name} format should be {form}."),
                    Step::Day | Step::Minute => {
                        format!("{name} must be a date that exists, in the form {form}")
                    }
                })
            })
    };
    let (from, to): (Timestamp, Timestamp) = (instant("createdAtFrom")?, instant("createdAtTo")?);
    if to < from {
        return Err(Refused::parameter("createdAtTo must not be before createdAtFrom"));
    }
    if to.duration_since(from) > SignedDuration::from_hours(24 * i64::from(days_max)) {
        return Err(Refused::parameter(too_long));
    }
    Ok(Between { from: Some(from), until: to.checked_add(step.length()).ok() })
}

/// A trailing `Z` or `+09:00`, apart from what is before it.
pub(super) fn split_offset(text: &str) -> (&str, Option<Offset>) {
    if let Some(local) = text.strip_suffix('Z') {
        return (local, Some(Offset::UTC));
    }
    let Some((local, offset)) = text.len().checked_sub(6).and_then(|at| text.split_at_checked(at))
    else {
        return (text, None);
    };
    let seconds = || {
        let sign = match offset.as_bytes()[0] {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, minutes) = offset[1..].split_once(':')?;
        let two = |digits: &str| {
            let fits = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| digits.parse::<i32>().ok()).flatten()
        };
        Some(sign * (two(hours)? * 3_600 + two(minutes)? * 60))
    };
    match seconds().and_then(|seconds| Offset::from_seconds(seconds).ok()) {
        Some(offset) => (local, Some(offset)),
        None => (text, None),
    }
}
