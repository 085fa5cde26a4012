//! Zone rules: what a time without a zone means, and which instants a day in Korea covers.
//!
//! Korea has had one offset, +09:00, without summer time since 1988; no time zone database is needed.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp, ToSpan as _};

/// Asia/Seoul.
pub const KST: Offset = Offset::constant(9);

/// A half-open span of instants; `None` is open on that side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Between {
    /// The first instant inside.
    pub from: Option<Timestamp>,
    /// The first instant after.
    pub until: Option<Timestamp>,
}

impl Between {
    /// Whether nothing is left out.
    pub const fn is_everything(&self) -> bool {
        self.from.is_none() && self.until.is_none()
    }

    /// Whole days in Korea, both ends included.
    pub fn kst_days(first: Option<Date>, last: Option<Date>) -> Self {
        Self {
            from: first.and_then(kst_midnight),
            until: last.and_then(|day| day.tomorrow().ok()).and_then(kst_midnight),
        }
    }

    /// Whether `at` lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at < until)
    }
}

/// The instant a day begins in Korea; `None` beyond the years an instant can hold.
pub fn kst_midnight(day: Date) -> Option<Timestamp> {
    kst(day.at(0, 0, 0, 0))
}

/// A time as Korean channels write it, without a zone: it is KST.
pub fn kst(local: DateTime) -> Option<Timestamp> {
    TimeZone::fixed(KST).to_timestamp(local).ok()
}

/// The day it is in Korea at `at`.
pub fn kst_day(at: Timestamp) -> Date {
    KST.to_datetime(at).date()
}

/// `yyyy-MM-dd`, a day that exists; nothing before or after it.
pub fn parse_day(text: &str) -> Option<Date> {
    let digits = text.as_bytes();
    let shaped = digits.len() == 10 && digits[4] == b'-' && digits[7] == b'-';
    if !shaped {
        return None;
    }
    let year = number(&text[..4])?;
    Date::new(
        year,
        i8::try_from(number(&text[5..7])?).ok()?,
        i8::try_from(number(&text[8..])?).ok()?,
    )
    .ok()
}

/// `yyyyMMdd`, a day that exists; nothing before or after it.
pub fn parse_compact_day(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.is_ascii() {
        return None;
    }
    parse_day(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
}

fn number(digits: &str) -> Option<i16> {
    if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// A time that may carry a zone: with one it is taken as it is, without one it is KST. Accepts
/// `T` or a space between date and time, and fractions of a second.
pub fn parse_time(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let local: DateTime = text.parse().ok()?;
    if !text.contains(':') {
        return None;
    }
    kst(local)
}

/// `days` after `day`, staying inside the calendar.
pub fn plus_days(day: Date, days: i64) -> Date {
    let span: Span = days.days();
    day.saturating_add(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_zone_is_kst() {
        let at = parse_time("2016-03-25T13:05:30").unwrap();
        assert_eq!(at.to_string(), "2016-03-25T04:05:30Z");
        assert_eq!(parse_time("2016-03-25 13:05:30.0"), Some(at));
        assert_eq!(parse_time("2016-03-25T04:05:30.000Z"), Some(at));
        assert_eq!(parse_time("2016-03-24T20:05:30-08:00"), Some(at));
        assert_eq!(parse_time("2016-03-25"), None);
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        assert_eq!(parse_day("2026-02-30"), None);
        assert_eq!(parse_day("2026-2-3"), None);
        assert_eq!(parse_day("2026-0a-03"), None);
        assert_eq!(parse_day("2026-02-0a"), None);
        assert_eq!(parse_day("+026-02-03"), None);
        assert_eq!(parse_compact_day("20260230"), None);
        assert_eq!(parse_compact_day("2026022가"), None);
        assert_eq!(parse_compact_day("20260가"), None);
        assert!(parse_day("2024-02-29").is_some());
    }

    #[test]
    fn days_in_korea_include_both_ends() {
        let day = parse_day("2024-01-01").unwrap();
        let span = Between::kst_days(Some(day), Some(day));
        assert!(span.contains("2023-12-31T15:00:00Z".parse().unwrap()));
        assert!(span.contains("2024-01-01T14:59:59.999Z".parse().unwrap()));
        assert!(!span.contains("2024-01-01T15:00:00Z".parse().unwrap()));
        assert!(!span.contains("2023-12-31T14:59:59.999Z".parse().unwrap()));
    }
}
