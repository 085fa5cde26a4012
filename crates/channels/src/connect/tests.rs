use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use hoesu_claims::time::parse_time;
use proptest::prelude::*;

use super::*;
use crate::trial::{NOW, Trial};
use crate::{CHANNELS, json};

/// An answer.
pub(crate) fn said(status: u16, headers: &[(&str, &str)], body: &str) -> HttpSaid {
    let headers = headers.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    });
    HttpSaid {
        status: StatusCode::from_u16(status).unwrap(),
        headers: headers.collect::<HeaderMap>(),
        body: body.to_owned().into(),
    }
}

/// The span between two times as Korea writes them.
pub(crate) fn span(from: &str, until: &str) -> Span {
    Span { from: parse_time(from).unwrap(), until: parse_time(until).unwrap() }
}

/// The trial's account as its own upstream.
pub(crate) fn upstream(trial: &Trial) -> Upstream {
    let secrets = trial
        .credentials
        .iter()
        .map(|(name, value)| (format!("upstream_{name}"), value.clone()))
        .collect();
    let mut account = trial.account.clone();
    account.settings.insert(BASE_URL.to_owned(), "http://127.0.0.1:9".to_owned());
    Upstream::of(trial.channel, &account, &secrets).unwrap()
}

/// What the surface of the trial says to a question.
pub(crate) async fn answer(trial: &Trial, ask: &Ask) -> Result<FeedPage, ReadFailure> {
    trial.channel.connector().unwrap().read(ask, &heard(trial, ask).await)
}

/// The same, as it travels.
pub(crate) async fn heard(trial: &Trial, ask: &Ask) -> HttpSaid {
    let http = sign(trial.channel, &upstream(trial), ask, NOW).unwrap();
    let body = String::from_utf8(http.body.clone()).unwrap();
    let answered = trial.send(http.method.clone(), &http.target(), &http.headers, &body).await;
    said(answered.status.as_u16(), &[], &answered.body)
}

/// What comes of a deed on the surface of the trial.
pub(crate) async fn came_of(trial: &Trial, deed: &Deed) -> Outcome {
    let http = sign_deed(trial.channel, &upstream(trial), deed, NOW).unwrap();
    let body = String::from_utf8(http.body.clone()).unwrap();
    let answered = trial.send(http.method.clone(), &http.target(), &http.headers, &body).await;
    let said = said(answered.status.as_u16(), &[], &answered.body);
    trial.channel.connector().unwrap().read_deed(deed, &said)
}

/// Everything a feed brings of a span, compacted, in the order it came; the spans read tile the
/// span in the order they were to be read in.
pub(crate) async fn read_all(trial: &Trial, mut reading: Reading, whole: Span) -> Vec<String> {
    let mut all = Vec::new();
    let mut read: Vec<Span> = Vec::new();
    while let Some(ask) = reading.next_ask() {
        let page = answer(trial, &ask).await.unwrap();
        for record in &page.records {
            all.push(String::from_utf8(json::compact(&record.body).unwrap()).unwrap());
        }
        if let Taken::Read(span) = reading.take(&page).unwrap() {
            read.push(span);
        }
    }
    read.sort_by_key(|span| span.from);
    assert_eq!(read.first().unwrap().from, whole.from);
    assert_eq!(read.last().unwrap().until, whole.until);
    assert!(read.windows(2).all(|pair| pair[0].until == pair[1].from));
    all
}

#[test]
fn feeds_are_whole_and_named_once() {
    for channel in CHANNELS {
        let Some(connector) = channel.connector() else { continue };
        assert!(connector.address().starts_with("https://"), "{}", channel.id());
        let ids: BTreeSet<_> = connector.feeds().iter().map(|feed| feed.id).collect();
        assert_eq!(ids.len(), connector.feeds().len());
        for feed in connector.feeds() {
            let name = format!("{} {}", channel.id(), feed.id);
            let step = feed.step.length().as_secs();
            assert!(feed.window_max.as_secs() >= step, "{name}");
            assert_eq!(feed.window_max.as_secs() % step, 0, "{name}");
            assert!(!feed.parts.is_empty() && !feed.kinds.is_empty(), "{name}");
            assert!(feed.overlap > SignedDuration::ZERO, "{name}");
            assert!(feed.promise > SignedDuration::ZERO, "{name}");
            assert!(feed.kinds.iter().all(|kind| channel.capabilities().kinds.contains(kind)));
            assert!(std::ptr::eq(connector.feed(feed.id).unwrap(), feed));
        }
        for lookup in connector.lookups() {
            assert!(lookup.keys_max > 0 && channel.capabilities().kinds.contains(&lookup.kind));
        }
    }
}

#[test]
fn an_account_may_be_given_what_asking_needs() {
    for channel in CHANNELS.iter().filter(|channel| channel.connector().is_some()) {
        let capabilities = channel.capabilities();
        let setting = |name: &str| capabilities.settings.iter().find(|s| s.name == name);
        assert!(setting(BASE_URL).is_some_and(|setting| !setting.secret), "{}", channel.id());
        for field in capabilities.credential {
            let name = format!("upstream_{}", field.name);
            match field.role {
                crate::Role::Setting => assert!(setting(&name).is_none_or(|s| !s.secret)),
                crate::Role::Credential | crate::Role::Secret => {
                    assert!(setting(&name).is_some_and(|setting| setting.secret), "{name}");
                }
            }
        }
    }
}

#[test]
fn a_new_span_reaches_back_over_the_old_and_the_night_over_the_month() {
    let feed = FEEDS[1];
    let now = NOW;
    let read_until = now - SignedDuration::from_mins(3);
    let new = feed.span(read_until, now);
    assert_eq!((new.from, new.until), (read_until - feed.overlap, now));
    // A clock that went back asks nothing of the future.
    assert_eq!(feed.span(now + SignedDuration::from_hours(1), now).from, now - feed.overlap);
    assert_eq!(feed.again(now).unwrap().from, now - feed.again);
    assert!(FEEDS[0].again(now).is_none());
}

#[test]
fn what_an_account_needs_to_be_asked_is_said_by_name() {
    let channel = CHANNELS[0];
    let account = hoesu_ledger::Account {
        seller: hoesu_claims::SellerId(1),
        id: hoesu_claims::AccountId(1),
        channel: channel.id().to_owned(),
        name: "a".to_owned(),
        enabled: true,
        settings: [("vendor_id".to_owned(), "A00012345".to_owned())].into(),
        created_at: NOW,
    };
    let secret = |name: &str| (name.to_owned(), "EXAMPLE-SECRET".to_owned());
    // What callers show us is not what we show the channel.
    let secrets = [secret("access_key"), secret("secret_key"), secret("upstream_access_key")];
    let missing = Upstream::of(channel, &account, &secrets.clone().into()).unwrap_err();
    assert_eq!(missing, WrongUpstream::Missing("upstream_secret_key".to_owned()));
    let mut secrets = std::collections::BTreeMap::from(secrets);
    secrets.extend([secret("upstream_secret_key")]);
    let upstream = Upstream::of(channel, &account, &secrets).unwrap();
    assert_eq!(upstream.origin(), channel.connector().unwrap().address());
    assert_eq!(upstream.credential("vendor_id"), "A00012345");
    assert!(!format!("{upstream:?}").contains("EXAMPLE"));
}

#[test]
fn how_long_to_wait_is_read_in_seconds_and_as_a_date() {
    let after = |text: &str| said(429, &[("retry-after", text)], "").failure(None);
    let seconds = RetryAfter::For(SignedDuration::from_secs(120));
    assert_eq!(after("120"), ReadFailure::RateLimited(Some(seconds)));
    let date = "1994-11-06T08:49:37Z".parse().unwrap();
    let date = ReadFailure::RateLimited(Some(RetryAfter::Until(date)));
    assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), date);
    assert_eq!(after("soon"), ReadFailure::RateLimited(None));
    assert_eq!(after("soon").fix(), Fix::Wait(None));
}

#[test]
fn rows_are_read_from_every_form_a_list_has() {
    let count = |text: &str| {
        let text = format!(r#"{{"data":{text}}}"#);
        let envelope = Envelope::parse(text.as_bytes()).unwrap();
        rows(envelope.get("data").unwrap()).map(|rows| rows.len())
    };
    for (text, rows) in [
        ("[]", 0),
        ("null", 0),
        ("\"\"", 0),
        ("[\"\"]", 0),
        ("{}", 1),
        ("[ {},null,{\"a\":1} ]", 2),
    ] {
        assert_eq!(count(text), Ok(rows), "{text}");
    }
    for text in ["1", "\"none\"", "[1]", "[[]]", "true"] {
        assert!(count(text).is_err(), "{text}");
    }
    assert!(Envelope::parse(br#"{"a":1,"a":2}"#).is_err());
    assert!(Envelope::parse(br#"{"a":[1,2"#).is_err());
    assert!(Envelope::parse(b"[]").is_err());
}

const fn feed(step: Step, steps: i64, parts: &'static [&'static str]) -> Feed {
    Feed {
        id: "feed",
        title: crate::Title { ko: "목록", en: "a list" },
        kinds: &["kind"],
        step,
        window_max: SignedDuration::from_secs(step.length().as_secs() * steps),
        parts,
        paging: Paging::Token,
        overlap: SignedDuration::from_mins(20),
        again: SignedDuration::from_hours(if parts.len() == 1 { 24 * 31 } else { 0 }),
        promise: SignedDuration::from_mins(5),
    }
}

static FEEDS: [&Feed; 4] = [
    &feed(Step::Minute, 1_440, &["a", "b", "c"]),
    &feed(Step::Day, 31, &[""]),
    &feed(Step::Day, 1, &["a", "b"]),
    &feed(Step::Minute, 7, &[""]),
];

/// A page whose rows were on no page before.
fn page(rows: usize, next: Option<&str>, total: Option<u64>) -> FeedPage {
    static ROWS: AtomicUsize = AtomicUsize::new(0);
    let first = ROWS.fetch_add(rows, Ordering::Relaxed);
    page_of(first..first + rows, next, total)
}

fn page_of(rows: Range<usize>, next: Option<&str>, total: Option<u64>) -> FeedPage {
    let record = |row| Record {
        kind: "kind",
        media: Media::Json,
        body: format!(r#"{{"row":{row}}}"#).into_bytes(),
        marks: Marks::new(),
    };
    FeedPage {
        records: rows.map(record).collect(),
        next: next.map(|token| Page::Token(token.to_owned())),
        total,
    }
}

fn asked(reading: &Reading) -> (Window, &'static str, Option<Page>) {
    match reading.next_ask() {
        Some(Ask::List { window, part, page, .. }) => (window, part, page),
        Some(Ask::Keys { .. }) | None => panic!("nothing is asked"),
    }
}

#[test]
fn nothing_is_asked_of_an_empty_span() {
    for empty in [Span { from: NOW, until: NOW }, Span { from: Timestamp::MAX, until: NOW }] {
        let mut reading = Reading::oldest_first(FEEDS[0], empty);
        assert!(reading.next_ask().is_none() && reading.window().is_none() && !reading.split());
        assert!(reading.take(&page(0, None, None)).is_err());
    }
}

#[test]
fn a_window_is_read_after_the_last_page_of_its_last_part() {
    let whole = span("2024-01-01T10:00:00", "2024-01-01T12:00:00");
    let mut reading = Reading::oldest_first(FEEDS[2], whole);
    assert_eq!(reading.take(&page(2, Some("2"), None)), Ok(Taken::More));
    assert_eq!(asked(&reading).2, Some(Page::Token("2".into())));
    assert_eq!(reading.take(&page(0, None, None)), Ok(Taken::More));
    assert_eq!((asked(&reading).1, asked(&reading).2), ("b", None));
    // The day was asked, and only what was to be read is marked: the day is not over.
    assert_eq!(asked(&reading).0.span(), span("2024-01-01T00:00:00", "2024-01-02T00:00:00"));
    assert_eq!(reading.take(&page(0, None, None)), Ok(Taken::Read(whole)));
    assert!(reading.next_ask().is_none());
}

#[test]
fn pages_that_do_not_fit_together_are_read_again_from_the_first() {
    let whole = span("2024-01-01T00:00:00", "2024-01-02T00:00:00");
    let mut reading = Reading::oldest_first(FEEDS[1], whole);
    for wrong in [
        // Another total; rows missing; rows too many.
        [page(2, Some("2"), Some(3)), page(1, None, Some(4))],
        [page(2, Some("2"), Some(4)), page(1, None, Some(4))],
        [page(2, Some("2"), Some(2)), page(1, None, Some(2))],
    ] {
        assert_eq!(reading.take(&wrong[0]), Ok(Taken::More));
        assert_eq!(reading.take(&wrong[1]), Err(ReadFailure::Moved));
        assert_eq!(asked(&reading).2, None);
    }
    // A page that names itself would be read for ever.
    assert_eq!(reading.take(&page(2, Some("2"), None)), Ok(Taken::More));
    assert!(matches!(reading.take(&page(2, Some("2"), None)), Err(ReadFailure::Unreadable(_))));
    assert_eq!(reading.take(&page(2, Some("2"), Some(3))), Ok(Taken::More));
    assert_eq!(reading.take(&page(1, None, Some(3))), Ok(Taken::Read(whole)));
}

/// Takes pages until the reading fails or ends: how many, and what came of them.
fn takes(pages: impl Iterator<Item = FeedPage>) -> (usize, Result<Taken, ReadFailure>) {
    let whole = span("2024-01-01T00:00:00", "2024-01-02T00:00:00");
    let mut reading = Reading::oldest_first(FEEDS[1], whole);
    let mut taken = 0;
    for page in pages {
        taken += 1;
        match reading.take(&page) {
            Ok(Taken::More) => {}
            end => return (taken, end),
        }
    }
    panic!("the pages end before the reading does")
}

#[test]
fn a_list_is_whole_by_the_rows_it_shows_and_not_by_how_often_it_shows_them() {
    let nowhere = Err(ReadFailure::Unreadable("a page that leads nowhere"));
    // The server takes no notice of the page: the same twenty of forty, twice.
    let pages = [page_of(0..20, Some("2"), Some(40)), page_of(0..20, None, Some(40))];
    assert_eq!(takes(pages.into_iter()), (2, Err(ReadFailure::Moved)));
    // The same of a hundred.
    let pages = (2..).map(|next: u64| page_of(0..20, Some(&next.to_string()), Some(100)));
    assert_eq!(takes(pages), (2, nowhere));
    // One row of the first page again, another one never.
    let pages = [page_of(0..20, Some("2"), Some(40)), page_of(19..39, None, Some(40))];
    assert_eq!(takes(pages.into_iter()), (2, Err(ReadFailure::Moved)));
}

#[test]
fn pages_that_go_round_or_never_end_are_a_failure_after_a_few() {
    let nowhere = || Err(ReadFailure::Unreadable("a page that leads nowhere"));
    // A cursor that goes round, though every page brings rows of its own.
    let round = ["A", "B", "C", "A", "B"].into_iter().map(|next| page(2, Some(next), None));
    assert_eq!(takes(round), (4, nowhere()));
    // New tokens for ever, and rows that were there before; or none at all.
    let token = |nth: usize| nth.to_string();
    let known = (0..).map(|nth| page_of(0..2, Some(&token(nth)), None));
    assert_eq!(takes(known), (4, nowhere()));
    let empty = (0..).map(|nth| page_of(0..0, Some(&token(nth)), None));
    assert_eq!(takes(empty), (3, nowhere()));
    // A page or two without rows end nothing.
    let gap = [page_of(0..0, Some("a"), None), page_of(0..0, Some("b"), None)];
    let gap = gap.into_iter().chain([page_of(0..2, Some("c"), None), page_of(2..3, None, None)]);
    assert!(matches!(takes(gap), (4, Ok(Taken::Read(_)))));
    // New rows for ever: too much for one window.
    let endless = (0..).map(|nth| page(1, Some(&token(nth)), None));
    assert_eq!(takes(endless), (1_000, Err(ReadFailure::TooMuch)));
}

/// What is done with a question in a made-up reading.
#[derive(Debug, Clone, Copy)]
enum Done {
    Last,
    More,
    Split,
    Restart,
}

fn done() -> impl Strategy<Value = Done> {
    prop_oneof![
        6 => Just(Done::Last),
        2 => Just(Done::More),
        2 => Just(Done::Split),
        1 => Just(Done::Restart),
    ]
}

proptest! {
    #[test]
    fn windows_tile_the_span_in_order_whatever_happens_on_the_way(
        feed in 0..FEEDS.len(),
        from in -2_000_000_000_000_i64..2_000_000_000_000,
        steps in 0_i64..40,
        millis in 1_i64..90_000_000,
        newest_first in any::<bool>(),
        happens in prop::collection::vec(done(), 0..200),
    ) {
        let feed = FEEDS[feed];
        let at = |ms| Timestamp::from_millisecond(ms).unwrap();
        let length = feed.step.length().as_millis() as i64 * steps + millis;
        let whole = Span { from: at(from), until: at(from + length) };
        let mut reading = if newest_first {
            Reading::newest_first(feed, whole)
        } else {
            Reading::oldest_first(feed, whole)
        };
        let mut happens = happens.into_iter();
        let mut read: Vec<Span> = Vec::new();
        let mut token = 0;
        while reading.next_ask().is_some() {
            let (window, part, _) = asked(&reading);
            let asked_span = window.span();
            prop_assert!(asked_span.until.duration_since(asked_span.from) <= feed.window_max);
            prop_assert_eq!(reading.window(), Some(asked_span.within(whole)));
            token += 1;
            match happens.next().unwrap_or(Done::Last) {
                Done::Last => match reading.take(&page(1, None, None)).unwrap() {
                    Taken::More => prop_assert_ne!(Some(&part), feed.parts.last()),
                    Taken::Read(span) => {
                        prop_assert_eq!(Some(&part), feed.parts.last());
                        prop_assert!(!span.is_empty());
                        read.push(span);
                    }
                },
                Done::More => {
                    let taken = reading.take(&page(1, Some(&token.to_string()), None));
                    prop_assert_eq!(taken, Ok(Taken::More));
                }
                Done::Split => {
                    let one = asked_span.until.duration_since(asked_span.from) == feed.step.length();
                    prop_assert_eq!(reading.split(), !one);
                    prop_assert_eq!(asked(&reading).1, part);
                }
                Done::Restart => {
                    reading.restart();
                    prop_assert_eq!(asked(&reading), (window, part, None));
                }
            }
        }
        if newest_first {
            read.reverse();
        }
        prop_assert_eq!(read.first().unwrap().from, whole.from);
        prop_assert_eq!(read.last().unwrap().until, whole.until);
        for pair in read.windows(2) {
            prop_assert_eq!(pair[0].until, pair[1].from);
        }
    }

    #[test]
    fn no_span_makes_it_panic(from in any::<i64>(), until in any::<i64>(), newest_first in any::<bool>()) {
        let at = |ms| Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX });
        let whole = Span { from: at(from), until: at(until) };
        for feed in FEEDS {
            let mut reading = if newest_first { Reading::newest_first(feed, whole) } else { Reading::oldest_first(feed, whole) };
            for _ in 0..5 {
                let Some(Ask::List { window, .. }) = reading.next_ask() else { break };
                let _ = (window.span(), window.first_day(), window.last_day());
                let _ = reading.take(&page(0, None, None));
            }
        }
    }

    #[test]
    fn no_answer_makes_a_connector_panic_or_find_success_where_there_is_none(
        status in 200_u16..600,
        body in "[{}\\[\\]\":,a0<>]{0,24}",
    ) {
        for channel in CHANNELS {
            let Some(connector) = channel.connector() else { continue };
            for feed in connector.feeds() {
                let reading = Reading::oldest_first(feed, span("2024-01-01T00:00:00", "2024-01-02T00:00:00"));
                let ask = reading.next_ask().unwrap();
                prop_assert!(connector.read(&ask, &said(status, &[], &body)).is_err());
            }
        }
    }
}

#[test]
fn every_failure_has_words_for_people() {
    use crate::connect::{Denied, Failing, RetryAfter, failure_title};
    let failing = || Failing { status: 400, code: None, retry_after: None };
    let failures = [
        ReadFailure::RateLimited(None::<RetryAfter>),
        ReadFailure::Denied(Denied::Key),
        ReadFailure::Denied(Denied::Clock),
        ReadFailure::Denied(Denied::Address),
        ReadFailure::Blocked(403),
        ReadFailure::TooMuch,
        ReadFailure::NotThere,
        ReadFailure::Rejected(failing()),
        ReadFailure::Failed(failing()),
        ReadFailure::Moved,
        ReadFailure::Unreadable("why"),
        ReadFailure::NoAnswer,
    ];
    for failure in failures {
        let title = failure_title(failure.name()).unwrap();
        assert!(!title.ko.is_empty() && title.en.is_ascii(), "{failure:?}");
    }
    assert!(failure_title("something").is_none());
}
