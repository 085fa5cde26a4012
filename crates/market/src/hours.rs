//! Hours in Korea: when people work, when a warehouse closes, when couriers come.

use hoesu_claims::Calendar;
use hoesu_claims::time::{KST, kst, kst_day, plus_days};
use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};

/// When people and the warehouse begin.
const OPENS: i8 = 9;
/// When they go home; what is printed before is closed the same evening.
const SHUTS: i8 = 17;
/// When the warehouse begins to close what it packed.
const CUT_OFF: i8 = 18;

/// `after` later, in whole seconds and at least one.
pub(crate) fn after(at: Timestamp, after: SignedDuration) -> Timestamp {
    let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
    whole.saturating_add(after.max(SignedDuration::from_secs(1))).unwrap_or(Timestamp::MAX)
}

/// A day's hour in Korea.
pub(crate) fn hour(day: Date, hour: i8) -> Timestamp {
    kst(day.at(hour, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// The hour it is in Korea.
pub(crate) fn hour_of(at: Timestamp) -> i8 {
    KST.to_datetime(at).hour()
}

/// This instant, if people work then; otherwise `into` the first hours of the next day they do.
pub(crate) fn working(calendar: &Calendar, at: Timestamp, into: SignedDuration) -> Timestamp {
    let day = kst_day(at);
    let opens = if calendar.is_business_day(day) {
        if (OPENS..SHUTS).contains(&hour_of(at)) {
            return at;
        }
        if hour_of(at) < OPENS { day } else { calendar.next_business_day(day) }
    } else {
        calendar.next_business_day(day)
    };
    after(hour(opens, OPENS), into)
}

/// This instant, if it is day; otherwise `into` the first hours of the next morning.
pub(crate) fn waking(at: Timestamp, into: SignedDuration) -> Timestamp {
    match hour_of(at) {
        0..8 => after(hour(kst_day(at), 8), into),
        8..23 => at,
        _ => after(hour(plus_days(kst_day(at), 1), 8), into),
    }
}

/// `into` the evening at which the warehouse closes what is printed at this instant.
pub(crate) fn evening(calendar: &Calendar, at: Timestamp, into: SignedDuration) -> Timestamp {
    let day = kst_day(at);
    let today = calendar.is_business_day(day) && hour_of(at) < SHUTS;
    let day = if today { day } else { calendar.next_business_day(day) };
    after(hour(day, CUT_OFF), into)
}

/// `into` the round of a courier so many days later; couriers rest on Sundays.
pub(crate) fn round(at: Timestamp, days: i64, into: SignedDuration) -> Timestamp {
    let day = plus_days(kst_day(at), days);
    let day = if day.weekday() == Weekday::Sunday { plus_days(day, 1) } else { day };
    after(hour(day, 10), into)
}
