//! The calendar (영업일): which days count in Korea, and why the others do not.
//!
//! A business day is not a Saturday, a Sunday, a public or substitute holiday, nor a day the seller
//! added (a temporary holiday is announced only weeks ahead). Holidays are known for some years
//! ([`Calendar::covers`]); in other years only weekends and the seller's days are off, and whoever
//! shows a day from there has to say so.

use std::collections::BTreeMap;
use std::iter::{once, successors};
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};

use crate::time::{kst_day, kst_midnight, parse_day};

/// Every public and substitute holiday of the years covered, by day: `date,name` under a heading,
/// names quoted, several on one day parted by `; `.
const HOLIDAYS_CSV: &str = include_str!("../data/kr-public-holidays.csv");

/// The same, parsed once; in order of days.
static HOLIDAYS: LazyLock<Vec<(Date, &'static str)>> = LazyLock::new(|| {
    let rows = HOLIDAYS_CSV.lines().skip(1);
    rows.map(|row| holiday(row).expect("a row of the holidays is a day and its name")).collect()
});

fn holiday(row: &str) -> Option<(Date, &str)> {
    let (day, name) = row.split_once(',')?;
    Some((parse_day(day)?, name.strip_prefix('"')?.strip_suffix('"')?))
}

/// Why a day does not count. A holiday on a weekend is told as the holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOff<'a> {
    /// A Saturday without another name.
    Saturday,
    /// A Sunday without another name.
    Sunday,
    /// A public or substitute holiday, by its Korean name.
    Holiday(&'a str),
    /// A day the seller added, by the name it was given.
    Added(&'a str),
}

impl<'a> DayOff<'a> {
    /// What to show a person, in Korean.
    pub const fn name(self) -> &'a str {
        match self {
            Self::Saturday => "토요일",
            Self::Sunday => "일요일",
            Self::Holiday(name) | Self::Added(name) => name,
        }
    }
}

/// Business days in `Asia/Seoul`: the built-in holidays and a seller's own days off.
///
/// Counting stops at the last day a [`Date`] can hold, which then stands for every day after it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    added: BTreeMap<Date, String>,
}

impl Calendar {
    /// The built-in holidays and these days.
    pub fn with(days: impl IntoIterator<Item = (Date, String)>) -> Self {
        Self { added: days.into_iter().collect() }
    }

    /// One more day off. A day added twice keeps the later name.
    pub fn add(&mut self, day: Date, name: impl Into<String>) {
        self.added.insert(day, name.into());
    }

    /// The days that were added, in order.
    pub fn added(&self) -> impl Iterator<Item = (Date, &str)> {
        self.added.iter().map(|(day, name)| (*day, name.as_str()))
    }

    /// Whether the holidays of this year are known. Where they are not, weekends and added days are
    /// all that is off.
    pub fn covers(&self, year: i16) -> bool {
        let years = HOLIDAYS.first().zip(HOLIDAYS.last());
        years.is_some_and(|((first, _), (last, _))| (first.year()..=last.year()).contains(&year))
    }

    /// Why this day does not count; `None` for a business day.
    pub fn day_off(&self, day: Date) -> Option<DayOff<'_>> {
        if let Ok(at) = HOLIDAYS.binary_search_by_key(&day, |(day, _)| *day) {
            return Some(DayOff::Holiday(HOLIDAYS[at].1));
        }
        if let Some(name) = self.added.get(&day) {
            return Some(DayOff::Added(name));
        }
        let weekday = day.weekday();
        if weekday == Weekday::Saturday {
            Some(DayOff::Saturday)
        } else if weekday == Weekday::Sunday {
            Some(DayOff::Sunday)
        } else {
            None
        }
    }

    /// Whether this day counts.
    pub fn is_business_day(&self, day: Date) -> bool {
        self.day_off(day).is_none()
    }

    /// The first business day after this day.
    pub fn next_business_day(&self, day: Date) -> Date {
        self.plus_business_days(day, 1)
    }

    /// The last business day before this day.
    pub fn previous_business_day(&self, day: Date) -> Date {
        let mut before = successors(day.yesterday().ok(), |day| day.yesterday().ok());
        before.find(|day| self.is_business_day(*day)).unwrap_or(Date::MIN)
    }

    /// The `n`th business day after `start`, which itself is not counted; `start` if `n` is 0.
    pub fn plus_business_days(&self, start: Date, n: u32) -> Date {
        let Some(passed) = n.checked_sub(1) else { return start };
        let mut counted = days_after(start).filter(|day| self.is_business_day(*day));
        counted.nth(passed as usize).unwrap_or(Date::MAX)
    }

    /// How many business days lie after `after`, through `through`; 0 if that is no later.
    pub fn business_days_between(&self, after: Date, through: Date) -> u32 {
        self.days(after, through).filter(|(_, off)| off.is_none()).count() as u32
    }

    /// Each day after `after`, through `through`, with the reason if it does not count.
    pub fn days(
        &self,
        after: Date,
        through: Date,
    ) -> impl Iterator<Item = (Date, Option<DayOff<'_>>)> {
        days_after(after).take_while(move |day| *day <= through).map(|day| (day, self.day_off(day)))
    }

    /// The instant at which so many hours of business days have passed since `start`. A business day
    /// has 24 of them, in Korea; the hours of other days are skipped. `None` beyond the years an
    /// instant can hold.
    pub fn plus_business_hours(&self, start: Timestamp, hours: u32) -> Option<Timestamp> {
        let mut left = SignedDuration::from_hours(i64::from(hours));
        let first = kst_day(start);
        for day in once(first).chain(days_after(first)).filter(|day| self.is_business_day(*day)) {
            let opens = kst_midnight(day)?.max(start);
            let closes = day.tomorrow().ok().and_then(kst_midnight)?;
            let room = closes.duration_since(opens);
            if left <= room {
                return opens.checked_add(left).ok();
            }
            left -= room;
        }
        None
    }
}

/// The days after this one, to the last a [`Date`] can hold.
fn days_after(day: Date) -> impl Iterator<Item = Date> {
    successors(day.tomorrow().ok(), |day| day.tomorrow().ok())
}

#[cfg(test)]
mod tests;
