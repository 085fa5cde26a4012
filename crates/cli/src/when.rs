//! Instants and days as people in Korea read them.

use hoesu_claims::time::KST;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

use crate::lang::Lang;

/// An instant on Korean clocks, to the minute.
pub(crate) fn kst(at: Timestamp) -> String {
    KST.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The weekday of a day, short.
pub(crate) fn weekday(day: Date, lang: Lang) -> &'static str {
    let (ko, en) = match day.weekday() {
        Weekday::Monday => ("월", "Mon"),
        Weekday::Tuesday => ("화", "Tue"),
        Weekday::Wednesday => ("수", "Wed"),
        Weekday::Thursday => ("목", "Thu"),
        Weekday::Friday => ("금", "Fri"),
        Weekday::Saturday => ("토", "Sat"),
        Weekday::Sunday => ("일", "Sun"),
    };
    lang.pick(ko, en)
}
