//! How far each channel is heard: the feeds of every account, what of them was read, and what is missing.

use hoesu_channels::Desk;
use hoesu_claims::time::{kst_day, kst_midnight};
use hoesu_engine::told::{AccountCoverage, FeedCoverage, coverage};
use jiff::{Timestamp, ToSpan as _};

use crate::lang::{Lang, say};
use crate::look::Look;
use crate::shop::{Shop, channel};
use crate::trouble::Trouble;
use crate::when::{self, Left};

/// Days of the calendar.
pub(crate) const DAYS: i64 = 28;

/// Days before a key's end from which on it is told of in colour.
const KEY_WARNING_DAYS: i64 = 14;

/// One account's feeds.
pub(crate) struct Heard {
    pub(crate) account: String,
    pub(crate) channel: String,
    pub(crate) state: String,
    pub(crate) class: &'static str,
    pub(crate) why_not: String,
    pub(crate) key: Option<Left>,
    pub(crate) held: String,
    pub(crate) feeds: Vec<Line>,
}

/// A feed.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) class: &'static str,
    pub(crate) read: String,
    pub(crate) failure: String,
    pub(crate) days: Vec<Day>,
}

/// A day of a feed's calendar.
pub(crate) struct Day {
    pub(crate) x: i64,
    pub(crate) class: &'static str,
    pub(crate) title: String,
}

/// Every account of the seller with its feeds.
pub(crate) async fn heard(desk: &Desk, look: &Look, shop: &Shop) -> Result<Vec<Heard>, Trouble> {
    let all = coverage(&desk.ledger, look.signed.seller, shop.now).await?;
    Ok(all.into_iter().map(|one| told(one, shop, look.lang)).collect())
}

fn told(one: AccountCoverage, shop: &Shop, lang: Lang) -> Heard {
    let now = shop.now;
    let account = shop.account(&one.account);
    let enabled = account.is_some_and(|account| account.enabled);
    let feeds: Vec<Line> = one.feeds.iter().map(|feed| line(feed, now, lang)).collect();
    let worst = ["red", "amber", "green"]
        .into_iter()
        .find(|class| feeds.iter().any(|line| line.class == *class));
    let late = feeds.iter().filter(|line| line.class == "red").count();
    let (state, class) = match worst {
        _ if !enabled => (lang.pick("꺼짐", "disabled").to_owned(), ""),
        None => (lang.pick("가져온 파일로만", "by import only").to_owned(), ""),
        Some("red") => (say!(lang, "{late}개 밀림", "{late} late"), "red"),
        Some("amber") => (lang.pick("다시 시도 중", "retrying").to_owned(), "amber"),
        Some(class) => (lang.pick("최신", "up to date").to_owned(), class),
    };
    let key = one.key_ends.map(|day| {
        let days = kst_day(now).duration_until(day).as_hours() / 24;
        let class = match days {
            days if days < 0 => "red",
            days if days <= KEY_WARNING_DAYS => "amber",
            _ => "",
        };
        let shown = when::day(day, lang);
        Left { text: say!(lang, "키 만료 {shown}", "key ends {shown}"), class }
    });
    let held = one.held_until.map(|until| {
        let at = when::short(until, now);
        say!(lang, "{at}까지 부르지 않아요", "not called before {at}")
    });
    let why_not = one.why_not.map(|why| lang.pick(&why.ko, &why.en).to_owned());
    Heard {
        channel: account.map(|account| channel(account, lang)).unwrap_or_default(),
        account: one.account,
        why_not: why_not.unwrap_or_default(),
        held: held.unwrap_or_default(),
        state,
        class,
        key,
        feeds,
    }
}

fn line(feed: &FeedCoverage, now: Timestamp, lang: Lang) -> Line {
    let (class, word) = match (feed.overdue, feed.failures > 0) {
        (true, true) => ("red", lang.pick("실패", "failing")),
        (true, false) => ("red", lang.pick("밀림", "late")),
        (false, true) => ("amber", lang.pick("다시 시도 중", "retrying")),
        (false, false) => ("green", lang.pick("최신", "up to date")),
    };
    let state = if feed.overdue {
        let at = when::short(feed.complete_until, now);
        say!(lang, "{word} · {at}까지 읽음", "{word} · read until {at}")
    } else {
        word.to_owned()
    };
    let why = feed.why.as_ref().map(|why| lang.pick(&why.ko, &why.en));
    let failure = why.or(feed.failure.as_deref()).map(|word| match feed.failures {
        0 => word.to_owned(),
        times => say!(lang, "{word} {times}번", "{word} {times}×"),
    });
    let never = || lang.pick("아직", "never").to_owned();
    Line {
        name: lang.pick(&feed.title.ko, &feed.title.en).to_owned(),
        state,
        class,
        read: feed.last_read.map_or_else(never, |at| when::ago(at, now, lang)),
        failure: failure.unwrap_or_default(),
        days: days(feed, now, lang),
    }
}

/// The last days: which were read wholly, in part, or not at all.
fn days(feed: &FeedCoverage, now: Timestamp, lang: Lang) -> Vec<Day> {
    let today = kst_day(now);
    let day = |back: i64| {
        let day = today.saturating_sub(back.days());
        let from = kst_midnight(day)?.max(feed.since);
        let until = kst_midnight(day.tomorrow().ok()?)?.min(now);
        let missing: i64 = feed
            .gaps
            .iter()
            .map(|gap| until.min(gap.until).as_second() - from.max(gap.from).as_second())
            .filter(|seconds| *seconds > 0)
            .sum();
        let whole = until.as_second() - from.as_second();
        // Today is never read to its last minute.
        let slack = if back == 0 { i64::from(feed.promise_minutes) * 60 } else { 0 };
        let (class, word) = if whole <= 0 {
            ("none", lang.pick("보지 않는 날", "not wanted"))
        } else if missing <= slack {
            ("full", lang.pick("모두 읽음", "read"))
        } else if missing < whole {
            ("part", lang.pick("일부 빠짐", "gaps"))
        } else {
            ("gap", lang.pick("읽지 못함", "not read"))
        };
        let shown = when::day(day, lang);
        Some(Day { x: (DAYS - 1 - back) * 11, class, title: format!("{shown} {word}") })
    };
    (0..DAYS).rev().filter_map(day).collect()
}

#[cfg(test)]
mod tests {
    use hoesu_claims::assess::Sentence;
    use hoesu_engine::told::Gap;

    use super::*;

    #[test]
    fn a_day_is_read_in_part_where_a_gap_begins_or_ends_in_it() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-02-12T06:00:00Z");
        let feed = FeedCoverage {
            feed: "returns".to_owned(),
            title: Sentence { ko: "반품".to_owned(), en: "returns".to_owned() },
            promise_minutes: 15,
            overdue: true,
            since: at("2026-02-08T15:00:00Z"),
            complete_until: at("2026-02-10T03:00:00Z"),
            last_read: None,
            failure: None,
            why: None,
            failures: 0,
            reader: None,
            next_at: None,
            spans: Vec::new(),
            gaps: vec![Gap { from: at("2026-02-10T03:00:00Z"), until: at("2026-02-11T15:00:00Z") }],
        };
        let told: Vec<_> = days(&feed, now, Lang::En).into_iter().map(|day| day.class).collect();
        assert_eq!(told.len(), 28);
        assert_eq!(&told[23..], ["none", "full", "part", "gap", "full"]);
    }
}
