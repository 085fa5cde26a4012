//! How far each channel is heard: the feeds of every account, what of them was read, and what is missing.

use hoesu_channels::connect::{Connector, Feed};
use hoesu_channels::{Channel, Desk};
use hoesu_claims::coverage::{Coverage, Freshness, Span};
use hoesu_claims::time::{kst_day, kst_midnight};
use hoesu_engine::collect::rule;
use hoesu_ledger::{Account, FeedKey, FeedState};
use jiff::{Timestamp, ToSpan as _};

use crate::lang::{Lang, say};
use crate::look::Look;
use crate::shop::{Shop, channel};
use crate::trouble::Trouble;
use crate::when;

/// Days of the calendar.
pub(crate) const DAYS: i64 = 28;

/// Reads and one account's feeds.
pub(crate) struct Heard {
    pub(crate) account: String,
    pub(crate) channel: String,
    pub(crate) state: String,
    pub(crate) class: &'static str,
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
    let states = desk.ledger.feeds(look.signed.seller).await?;
    let mut all = Vec::new();
    for account in &shop.accounts {
        let known = hoesu_channels::by_id(&account.channel);
        let feeds = known.and_then(Channel::connector).map_or(&[][..], Connector::feeds);
        let mut lines = Vec::new();
        for feed in feeds {
            let key =
                FeedKey { seller: account.seller, account: account.id, feed: feed.id.to_owned() };
            let Some(state) = states.iter().find(|state| state.key == key) else { continue };
            let coverage = desk.ledger.coverage(&key).await?;
            lines.push(line(feed, state, &coverage, shop.now, look.lang));
        }
        all.push(told(account, lines, look.lang));
    }
    Ok(all)
}

fn told(account: &Account, feeds: Vec<Line>, lang: Lang) -> Heard {
    let worst = ["red", "amber", "green"]
        .into_iter()
        .find(|class| feeds.iter().any(|line| line.class == *class));
    let late = feeds.iter().filter(|line| line.class == "red").count();
    let (state, class) = match worst {
        None => (lang.pick("가져온 파일로만", "by import only").to_owned(), ""),
        Some("red") => (say!(lang, "{late}개 밀림", "{late} late"), "red"),
        Some("amber") => (lang.pick("읽는 중", "catching up").to_owned(), "amber"),
        Some(class) => (lang.pick("최신", "up to date").to_owned(), class),
    };
    let (state, class) = if account.enabled {
        (state, class)
    } else {
        (lang.pick("꺼짐", "disabled").to_owned(), "")
    };
    Heard { account: account.name.clone(), channel: channel(account, lang), state, class, feeds }
}

fn line(feed: &Feed, state: &FeedState, coverage: &Coverage, now: Timestamp, lang: Lang) -> Line {
    let (now_ms, since_ms) = (now.as_millisecond(), state.since.as_millisecond());
    let fresh = Freshness::of(coverage, &rule(feed), since_ms, now_ms);
    let until = Timestamp::from_millisecond(fresh.complete_until_ms).unwrap_or(now);
    let (class, word) = if state.failures > 0 && fresh.overdue {
        ("red", lang.pick("실패", "failing"))
    } else if fresh.overdue {
        ("red", lang.pick("밀림", "late"))
    } else if state.failures > 0 {
        ("amber", lang.pick("다시 시도 중", "retrying"))
    } else {
        ("green", lang.pick("최신", "up to date"))
    };
    let gap = if fresh.overdue {
        let ago = when::ago(until, now, lang);
        say!(lang, "{word} · {ago}까지 읽음", "{word} · read until {ago}")
    } else {
        word.to_owned()
    };
    let failure = match (&state.failure, state.failed_at) {
        (Some(word), Some(at)) if state.failures > 0 => {
            let (ago, times) = (when::ago(at, now, lang), state.failures);
            say!(lang, "{word} {times}번, {ago}", "{word} {times}×, {ago}")
        }
        _ => String::new(),
    };
    Line {
        name: feed.id.to_owned(),
        state: gap,
        class,
        read: state
            .well_at
            .map_or_else(|| lang.pick("아직", "never").to_owned(), |at| when::ago(at, now, lang)),
        failure,
        days: days(coverage, state, now, lang),
    }
}

/// The last days: which were read wholly, in part, or not at all.
fn days(coverage: &Coverage, state: &FeedState, now: Timestamp, lang: Lang) -> Vec<Day> {
    let today = kst_day(now);
    let day = |back: i64| {
        let day = today.saturating_sub(back.days());
        let from = kst_midnight(day)?.as_millisecond();
        let until = kst_midnight(day.tomorrow().ok()?)?.min(now).as_millisecond();
        let span = Span::of(from.max(state.since.as_millisecond()), until);
        let (class, word) = match span {
            None => ("none", lang.pick("보지 않는 날", "not wanted")),
            Some(span) => {
                let missing: i64 =
                    coverage.unread(span).as_slice().iter().map(|gap| gap.length_ms()).sum();
                // Today is never read to its last second.
                let slack = if back == 0 { span.length_ms() / 4 } else { 0 };
                if missing <= slack {
                    ("full", lang.pick("모두 읽음", "read"))
                } else if missing < span.length_ms() {
                    ("part", lang.pick("일부 빠짐", "gaps"))
                } else {
                    ("gap", lang.pick("읽지 못함", "not read"))
                }
            }
        };
        let shown = when::day(day, lang);
        Some(Day { x: (DAYS - 1 - back) * 11, class, title: format!("{shown} {word}") })
    };
    (0..DAYS).rev().filter_map(day).collect()
}
