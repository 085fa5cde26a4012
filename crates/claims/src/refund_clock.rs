//! The refund clock (환급 기한): from which day the law counts, until when, and what delay costs.
//!
//! Korea's Act on the Consumer Protection in Electronic Commerce, as read from secondary copies. The
//! seller refunds within three business days of a start day that depends on why money is owed (art.
//! 18(2), art. 15(2)); afterwards delay interest accrues (art. 18(2), Enforcement Decree art. 21-3).
//! The start day is not counted (Civil Act art. 157). All numbers are dated tables below. Days are
//! days in Korea.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::money::Won;
use crate::time::{kst_day, kst_midnight};

/// Within how many business days money is paid back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The first start day this is the rule for.
    pub valid_from: Date,
    /// So many business days after the start day, which is not counted.
    pub business_days: u32,
}

/// What delay costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The first day overdue this is the rule for.
    pub valid_from: Date,
    /// Hundredths of the amount, for 365 days.
    pub percent: u32,
}

/// The terms there have been, oldest first; the first has no beginning.
pub const TERMS: [Term; 1] = [Term { valid_from: Date::MIN, business_days: 3 }];

/// The rates there have been, oldest first; the first has no beginning.
pub const RATES: [Rate; 2] = [
    Rate { valid_from: Date::MIN, percent: 20 },
    Rate { valid_from: Date::constant(2016, 9, 30), percent: 15 },
];

/// Why money is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Goods were supplied and go back: a return (art. 18(2) 1).
    Returned,
    /// Goods were not supplied and the buyer withdraws: a cancel (art. 18(2) 3).
    Cancelled,
    /// The seller cannot supply: sold out (art. 15(2)).
    CannotSupply,
}

/// What a start day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartIs {
    /// The goods came back: delivered by the courier, arrived at the warehouse, or received as the
    /// sales channel says, whichever was first.
    GoodsBack,
    /// The buyer withdrew.
    WithdrawalDay,
    /// The buyer paid.
    PaidDay,
    /// The buyer ordered. Stands in for the day of payment where nobody tells that one; it is never
    /// later, so the clock is never too slow.
    OrderDayAsStandIn,
}

impl StartIs {
    /// Which clock such a day starts.
    pub const fn cause(self) -> Cause {
        match self {
            Self::GoodsBack => Cause::Returned,
            Self::WithdrawalDay => Cause::Cancelled,
            Self::PaidDay | Self::OrderDayAsStandIn => Cause::CannotSupply,
        }
    }
}

/// Something a document tells that can start a clock, best first in its order: what it is before
/// when it was, the earlier instant before the later, then the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sign<E> {
    /// What happened.
    pub is: StartIs,
    /// When it happened.
    pub at: Timestamp,
    /// Who says so: whatever the caller points at documents with.
    pub evidence: E,
}

impl<E: Ord> Sign<E> {
    /// The one that starts the clock: the earliest among those that tell of this cause, with the
    /// order's day only where no day of payment is told. The order of signs does not matter. `None`:
    /// the clock does not run yet.
    pub fn that_starts(cause: Cause, signs: impl IntoIterator<Item = Self>) -> Option<Self> {
        signs.into_iter().filter(|sign| sign.is.cause() == cause).min()
    }

    /// The clock this starts.
    pub fn clock(&self, calendar: &Calendar) -> Clock {
        Clock::start(kst_day(self.at), self.is, calendar)
    }
}

/// A clock that runs: a pure function of its start day and the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Why money is owed.
    pub cause: Cause,
    /// The day it counts from, itself not counted.
    pub start: Date,
    /// What that day is.
    pub start_is: StartIs,
    /// The last day on which a refund is in time.
    pub due: Date,
    /// The first day on which the clock has something to say: one business day before the due day.
    pub speaks_from: Date,
    /// Whether the holidays of all years between start and due day are known. If not, the due day is
    /// the earliest it can be.
    pub holidays_known: bool,
}

/// What a clock says on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "says")]
pub enum Says {
    /// There is time.
    Nothing,
    /// The due day is near, or today.
    Due,
    /// The due day has passed.
    Overdue {
        /// Days from the one after the due day through this one: 1 on the first.
        days: u32,
    },
}

impl Clock {
    /// The clock that counts from this day.
    pub fn start(start: Date, start_is: StartIs, calendar: &Calendar) -> Self {
        let due = calendar.plus_business_days(start, term_on(start).business_days);
        let speaks_from = calendar.previous_business_day(due);
        let holidays_known = (start.year()..=due.year()).all(|year| calendar.covers(year));
        Self { cause: start_is.cause(), start, start_is, due, speaks_from, holidays_known }
    }

    /// What it says on a day, as long as no refund has been seen.
    pub fn says(&self, on: Date) -> Says {
        match self.days_overdue(on) {
            0 if on < self.speaks_from => Says::Nothing,
            0 => Says::Due,
            days => Says::Overdue { days },
        }
    }

    /// Days overdue if the refund is made on this day: from the day after the due day through it.
    pub fn days_overdue(&self, through: Date) -> u32 {
        u32::try_from(days_between(self.due, through)).unwrap_or(0)
    }

    /// Delay interest owed if the refund is made on this day: `floor(amount × rate × days overdue ⁄
    /// 365)`, exact. Each day accrues at the rate valid on it; the sum is rounded down once. Nothing
    /// is owed on nothing or less. An interest beyond what [`Won`] holds is the most it holds.
    pub fn interest(&self, amount: Won, through: Date) -> Won {
        let owed = i128::from(amount.0.max(0)) * percent_days(&RATES, self.due, through);
        Won(i64::try_from(owed / 36_500).unwrap_or(i64::MAX))
    }

    /// The next instant after `after` from which it says something else: the day it begins to speak,
    /// the day after the due day, then every midnight in Korea. `None` beyond the years an instant
    /// can hold.
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        let today = kst_day(after);
        let day = if today < self.speaks_from {
            self.speaks_from
        } else {
            today.max(self.due).tomorrow().ok()?
        };
        kst_midnight(day)
    }
}

/// The term for clocks that start on this day.
pub fn term_on(start: Date) -> Term {
    let known = TERMS.iter().rfind(|term| term.valid_from <= start);
    *known.expect("the first term has no beginning")
}

/// The rate at which a day overdue accrues.
pub fn rate_on(day: Date) -> Rate {
    let known = RATES.iter().rfind(|rate| rate.valid_from <= day);
    *known.expect("the first rate has no beginning")
}

/// Hundredths of the amount × days, each day after `due` through `through` at its own rate.
fn percent_days(rates: &[Rate], due: Date, through: Date) -> i128 {
    let ends = rates.iter().skip(1).map(|next| day_before(next.valid_from)).chain([Date::MAX]);
    let spans = rates.iter().zip(ends).map(|(rate, last)| {
        let days = days_between(due.max(day_before(rate.valid_from)), through.min(last));
        i128::from(rate.percent) * i128::from(days.max(0))
    });
    spans.sum()
}

/// The day before; the first day a [`Date`] can hold has none and stays.
fn day_before(day: Date) -> Date {
    day.yesterday().unwrap_or(day)
}

/// Days after `after`, through `through`; negative if that is earlier.
fn days_between(after: Date, through: Date) -> i64 {
    after.duration_until(through).as_hours() / 24
}

#[cfg(test)]
mod tests;
