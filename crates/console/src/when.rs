//! Instants and days as people in Korea read them.

use hoesu_claims::time::{KST, kst_day};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

use crate::lang::{Lang, say};

/// An instant on Korean clocks, to the minute.
pub(crate) fn kst(at: Timestamp) -> String {
    KST.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The same without the year where it is this year's.
pub(crate) fn short(at: Timestamp, now: Timestamp) -> String {
    let local = KST.to_datetime(at);
    let form =
        if local.year() == KST.to_datetime(now).year() { "%m-%d %H:%M" } else { "%y-%m-%d %H:%M" };
    local.strftime(form).to_string()
}

/// A day with its weekday.
pub(crate) fn day(day: Date, lang: Lang) -> String {
    let name = weekday(day, lang);
    format!("{day} ({name})")
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

/// How long ago, in the largest whole unit.
pub(crate) fn ago(at: Timestamp, now: Timestamp, lang: Lang) -> String {
    let minutes = (now.as_second() - at.as_second()).max(0) / 60;
    match minutes {
        0 => lang.pick("방금", "just now").to_owned(),
        1..=59 => say!(lang, "{minutes}분 전", "{minutes} min ago"),
        60..=1439 => {
            let hours = minutes / 60;
            say!(lang, "{hours}시간 전", "{hours} h ago")
        }
        _ => {
            let days = minutes / 1440;
            say!(lang, "{days}일 전", "{days} d ago")
        }
    }
}

/// How much time a deadline leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left {
    /// `D-1`, `오늘`, `D+3`.
    pub(crate) text: String,
    /// A class of the style: red for what ran out, amber for today and tomorrow.
    pub(crate) class: &'static str,
}

/// What a deadline leaves, by days in Korea.
pub(crate) fn left(deadline: Timestamp, now: Timestamp, lang: Lang) -> Left {
    let days = days_until(deadline, now);
    let text = match days {
        0 if deadline >= now => lang.pick("오늘", "today").to_owned(),
        0 => lang.pick("오늘 지남", "past today").to_owned(),
        days if days > 0 => format!("D-{days}"),
        days => format!("D+{}", -days),
    };
    let class = match days {
        _ if deadline < now => "red",
        0 | 1 => "amber",
        _ => "",
    };
    Left { text, class }
}

/// Days in Korea until an instant; below zero if they are past.
pub(crate) fn days_until(at: Timestamp, now: Timestamp) -> i64 {
    kst_day(now).duration_until(kst_day(at)).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_deadline_is_told_in_days_of_korea() {
        let now = at("2026-02-12T06:00:00Z");
        let told = |deadline: &str| left(at(deadline), now, Lang::Ko);
        assert_eq!(told("2026-02-12T14:59:59Z"), Left { text: "오늘".into(), class: "amber" });
        assert_eq!(told("2026-02-12T15:00:00Z"), Left { text: "D-1".into(), class: "amber" });
        assert_eq!(told("2026-02-15T14:59:59Z"), Left { text: "D-3".into(), class: "" });
        assert_eq!(told("2026-02-12T05:00:00Z"), Left { text: "오늘 지남".into(), class: "red" });
        assert_eq!(told("2026-02-10T05:00:00Z"), Left { text: "D+2".into(), class: "red" });
    }

    #[test]
    fn the_past_is_told_in_its_largest_unit() {
        let now = at("2026-02-12T06:00:00Z");
        assert_eq!(ago(at("2026-02-12T05:59:30Z"), now, Lang::En), "just now");
        assert_eq!(ago(at("2026-02-12T03:10:00Z"), now, Lang::Ko), "2시간 전");
        assert_eq!(ago(at("2026-02-01T03:10:00Z"), now, Lang::Ko), "11일 전");
    }
}
