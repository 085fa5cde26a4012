//! How far the channels are known, as it is told: feeds, spans, gaps, and notices of what is stale.

use std::collections::BTreeMap;

use hoesu_channels::Title;
use hoesu_channels::connect::{BASE_URL, Upstream, WrongUpstream, failure_title};
use hoesu_claims::SellerId;
use hoesu_claims::assess::Sentence;
use hoesu_claims::coverage::{self, Freshness};
use hoesu_claims::time::{KST, parse_day};
use hoesu_ledger::{Account, Admitted, FeedKey, FeedState, Ledger};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Result;
use crate::collect::{Wanted, of_account, rule};

/// Days before a key's end from which on it is told of.
const KEY_WARNING_DAYS: i64 = 14;

/// How far an account's channel is known.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AccountCoverage {
    /// The account's name.
    #[schema(example = "market")]
    pub account: String,
    /// Its channel.
    pub channel: String,
    /// Whether the channel is asked at all; if not, why.
    pub asked: bool,
    /// Why it is not asked; null if it is.
    pub why_not: Option<Sentence>,
    /// The last day on which the key shown to the channel works; null if that is not known.
    pub key_ends: Option<Date>,
    /// Nobody calls the channel before this instant; null if it may be called.
    pub held_until: Option<Timestamp>,
    /// Its feeds.
    pub feeds: Vec<FeedCoverage>,
}

/// How far a feed is known.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FeedCoverage {
    /// Its name within the channel.
    #[schema(example = "returns-by-minute")]
    pub feed: String,
    /// What it is, in words.
    pub title: Sentence,
    /// Within how many minutes of being shown by the channel a row is promised to be known.
    pub promise_minutes: u32,
    /// Whether something older than the promise was not read, or nothing was read at all.
    pub overdue: bool,
    /// What came since then is wanted.
    pub since: Timestamp,
    /// Everything wanted before this instant was read.
    pub complete_until: Timestamp,
    /// When the last reading that was kept began; null if there was none.
    pub last_read: Option<Timestamp>,
    /// Why the last reading failed, in a stable word, if none was kept since; null if all is well.
    pub failure: Option<String>,
    /// The same in words, or why nothing is read at all.
    pub why: Option<Sentence>,
    /// Failures since the last reading that was kept.
    pub failures: u32,
    /// Who reads it now; null if nobody does.
    pub reader: Option<String>,
    /// When it is looked at next.
    pub next_at: Option<Timestamp>,
    /// What was read, from the earliest reading to the latest, but for what later readings cover.
    pub spans: Vec<SpanRead>,
    /// What was never read of what is wanted.
    pub gaps: Vec<Gap>,
}

/// A span that was read to its last page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpanRead {
    /// The first instant inside.
    pub from: Timestamp,
    /// The first instant after.
    pub until: Timestamp,
    /// When the reading began.
    pub began: Timestamp,
    /// How many rows came, counted as the channel gave them.
    pub rows: u64,
}

/// A span that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gap {
    /// The first instant inside.
    pub from: Timestamp,
    /// The first instant after.
    pub until: Timestamp,
}

/// What everybody who looks at findings should know of what they are made from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Notice {
    /// Which.
    pub notice: NoticeKind,
    /// The account's name.
    pub account: String,
    /// The feed's name; null if it is about the whole account.
    pub feed: Option<String>,
    /// Since when: everything before was read, or the day the key ends.
    pub since: Timestamp,
    /// In words.
    pub sentence: Sentence,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// A feed was not read within its promise: something may have happened that nobody here knows of.
    StaleChannel,
    /// The key shown to the channel ends soon, or has ended.
    KeyEnds,
}

/// How far every account of a seller is known at `now`, by account.
pub async fn coverage(
    ledger: &Ledger,
    seller: SellerId,
    now: Timestamp,
) -> Result<Vec<AccountCoverage>> {
    let states = ledger.feeds(seller).await?.into_iter();
    let states: BTreeMap<FeedKey, FeedState> =
        states.map(|state| (state.key.clone(), state)).collect();
    let mut all = Vec::new();
    for opened in ledger.opened_accounts(Some(seller)).await? {
        let mut feeds = Vec::new();
        for one in of_account(&opened) {
            feeds.push(feed(ledger, &one, states.get(&one.key()), now).await?);
        }
        all.push(told(ledger, &opened, feeds, now).await?);
    }
    Ok(all)
}

async fn told(
    ledger: &Ledger,
    opened: &Admitted,
    feeds: Vec<FeedCoverage>,
    now: Timestamp,
) -> Result<AccountCoverage> {
    let why_not = feeds.is_empty().then(|| why_not(opened));
    let account = &opened.account;
    let budget = ledger.call_budget(account.seller, account.id).await?;
    let held = budget.seen(now.as_millisecond()).held_until_ms;
    Ok(AccountCoverage {
        account: account.name.clone(),
        channel: account.channel.clone(),
        asked: why_not.is_none(),
        why_not,
        key_ends: key_ends(account),
        held_until: Timestamp::from_millisecond(held).ok().filter(|until| *until > now),
        feeds,
    })
}

fn why_not(Admitted { account, secrets }: &Admitted) -> Sentence {
    let say = |ko: &str, en: &str| Sentence { ko: ko.to_owned(), en: en.to_owned() };
    if !account.enabled {
        return say("사용을 멈춘 계정이에요", "the account is disabled");
    }
    let Some(channel) = hoesu_channels::by_id(&account.channel) else {
        return say("이 버전이 모르는 채널이에요", "this hoesu does not know the channel");
    };
    let Err(why) = Upstream::of(channel, account, secrets) else {
        return say("물어볼 피드가 없어요", "the channel has no feeds");
    };
    let ko = match &why {
        WrongUpstream::NoConnector => {
            "채널에 물어보지 않고, 채널이 보내 주는 것만 받아요".to_owned()
        }
        WrongUpstream::Missing(name) => format!("{name} 설정이 없어요"),
        WrongUpstream::NoAddress => format!("{BASE_URL} 설정이 주소가 아니에요"),
        WrongUpstream::PlainHttp => format!("{BASE_URL} 설정이 https 주소가 아니에요"),
    };
    Sentence { ko, en: why.to_string() }
}

/// The last day on which the key shown to the channel works.
fn key_ends(account: &Account) -> Option<Date> {
    let connector = hoesu_channels::by_id(&account.channel)?.connector()?;
    let days = i64::from(connector.key_days()?);
    let issued = parse_day(account.setting(hoesu_channels::connect::ISSUED_ON)?)?;
    issued.checked_add(jiff::Span::new().days(days)).ok()
}

async fn feed(
    ledger: &Ledger,
    one: &Wanted,
    state: Option<&FeedState>,
    now: Timestamp,
) -> Result<FeedCoverage> {
    let covered = ledger.coverage(&one.key()).await?;
    let rule = rule(one.feed);
    let since = state.map_or_else(|| one.since(), |state| state.since);
    let fresh = Freshness::of(&covered, &rule, since.as_millisecond(), now.as_millisecond());
    let span = |span: coverage::Span| (span.from(), span.until());
    let failure = state.filter(|state| state.failures > 0).and_then(|state| state.failure.clone());
    Ok(FeedCoverage {
        feed: one.feed.id.to_owned(),
        title: words(one.feed.title),
        promise_minutes: rule.promise_minutes,
        // What was never read is not fresh, and nothing was read of what begins later.
        overdue: fresh.overdue
            || since > now
            || covered.seen(now.as_millisecond()).reads().is_empty(),
        since,
        complete_until: Timestamp::from_millisecond(fresh.complete_until_ms).unwrap_or(now),
        last_read: state.and_then(|state| state.well_at),
        why: begins_later(since, now)
            .or_else(|| failure.as_deref().and_then(failure_title).map(words)),
        failure,
        failures: state.map_or(0, |state| state.failures),
        reader: state.filter(|state| state.leased_until > now).map(|state| state.owner.clone()),
        next_at: state.map(|state| state.next_at),
        spans: covered
            .reads()
            .iter()
            .map(|read| {
                let (from, until) = span(read.span());
                let began = Timestamp::from_millisecond(read.began_ms()).unwrap_or(now);
                SpanRead { from, until, began, rows: read.rows() }
            })
            .collect(),
        gaps: fresh
            .gaps
            .as_slice()
            .iter()
            .map(|gap| {
                let (from, until) = span(*gap);
                Gap { from, until }
            })
            .collect(),
    })
}

/// What is to be known of a seller's channels beside the findings, at `now`.
pub async fn notices(ledger: &Ledger, seller: SellerId, now: Timestamp) -> Result<Vec<Notice>> {
    let mut all = Vec::new();
    for account in coverage(ledger, seller, now).await? {
        let AccountCoverage { account: name, key_ends, feeds, .. } = account;
        let stale = feeds.into_iter().filter(|feed| feed.overdue);
        all.extend(stale.map(|feed| stale_channel(&name, &feed)));
        if let Some(day) = key_ends {
            all.extend(key_notice(&name, day, now));
        }
    }
    Ok(all)
}

fn words(title: Title) -> Sentence {
    Sentence { ko: title.ko.to_owned(), en: title.en.to_owned() }
}

/// That what is wanted of a feed begins later than now; `None` if it doesn't.
fn begins_later(since: Timestamp, now: Timestamp) -> Option<Sentence> {
    let at = KST.to_datetime(since).strftime("%Y-%m-%d %H:%M");
    (since > now).then(|| Sentence {
        ko: format!("수집 시작 시각({at})이 아직 오지 않았어요. 시계를 확인해 주세요 (샌드박스라면 --clock)"),
        en: format!(
            "collecting begins at {at}, which is still to come; look at the clock (--clock with a sandbox)"
        ),
    })
}

fn stale_channel(account: &str, feed: &FeedCoverage) -> Notice {
    let FeedCoverage { feed, title, complete_until, why, .. } = feed;
    let at = KST.to_datetime(*complete_until).strftime("%Y-%m-%d %H:%M");
    let (ko, en) = match why {
        Some(why) => (format!(" 이유: {}", why.ko), format!(" Why: {}.", why.en)),
        None => (String::new(), String::new()),
    };
    Notice {
        notice: NoticeKind::StaleChannel,
        account: account.to_owned(),
        feed: Some(feed.clone()),
        since: *complete_until,
        sentence: Sentence {
            ko: format!(
                "{account} 「{}」 목록을 {at}까지만 확인했어요. 그 뒤의 일은 아직 몰라요.{ko}",
                title.ko
            ),
            en: format!(
                "{account}, {}: known until {at} only. What came later is not known yet.{en}",
                title.en
            ),
        },
    }
}

fn key_notice(account: &str, day: Date, now: Timestamp) -> Option<Notice> {
    let today = KST.to_datetime(now).date();
    let left = i64::from(today.until(day).ok()?.get_days());
    if left > KEY_WARNING_DAYS {
        return None;
    }
    let (ko, en) = if left < 0 {
        (
            format!("{account}의 채널 키가 {day}에 만료됐어요. 새 키를 받아 계정에 넣어 주세요."),
            format!(
                "The key of {account} ended on {day}. Get a new one and give it to the account."
            ),
        )
    } else {
        (
            format!("{account}의 채널 키가 {left}일 뒤({day})에 만료돼요. 미리 새로 받아 주세요."),
            format!("The key of {account} ends in {left} days ({day}). Get a new one in time."),
        )
    };
    Some(Notice {
        notice: NoticeKind::KeyEnds,
        account: account.to_owned(),
        feed: None,
        since: hoesu_claims::time::kst_midnight(day).unwrap_or(now),
        sentence: Sentence { ko, en },
    })
}
