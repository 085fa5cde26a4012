//! Collecting from the channels' own surfaces, in process: nothing is lost, whatever fails.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use hoesu_channels::connect::{HttpAsk, HttpSaid};
use hoesu_channels::{CHANNELS, Channel, Clock, Desk, Invented, Role};
use hoesu_claims::budget::{Rate, Turn};
use hoesu_claims::coverage::Freshness;
use hoesu_claims::document::Marks;
use hoesu_claims::{Document, Media, SellerId};
use hoesu_engine::collect::{Collector, Http, Only, Owner, Unanswered, rule, wanted};
use hoesu_engine::{How, catch_up, compare, put};
use hoesu_ledger::{Account, Ledger, Limits, NewAccount};
use hoesu_testkit::{Database, TestLedger, on_both, throwaway};
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt as _;

/// Made-up orders begin on 2024-01-01; by now all they lead to has happened.
const NOW: Timestamp = Timestamp::constant(1_706_000_000, 0);

/// Made-up orders the channels know of.
const ORDERS: u64 = 120;

/// A clock on which an hour passes in four seconds, from an instant on.
struct Fast(Instant, Timestamp);

impl Clock for Fast {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::from_secs_f64(self.0.elapsed().as_secs_f64() * self.pace());
        self.1.saturating_add(passed).unwrap()
    }

    fn pace(&self) -> f64 {
        900.0
    }
}

/// The world's clock, at another time.
struct Plain(Instant);

impl Clock for Plain {
    fn now(&self) -> Timestamp {
        NOW.saturating_add(SignedDuration::try_from(self.0.elapsed()).unwrap()).unwrap()
    }
}

/// A market's clock that stands still.
struct Frozen;

impl Clock for Frozen {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn world(&self) -> Timestamp {
        Timestamp::now()
    }

    fn pace(&self) -> f64 {
        0.0
    }
}

fn clock(at: Timestamp) -> Arc<dyn Clock> {
    Arc::new(Fast(Instant::now(), at))
}

/// What goes wrong on the way.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Clear,
    /// Of ten calls one is not answered, one answered with a failure, one with half an answer, one
    /// with too much asked of the channel.
    Rough,
    /// No order sheets are given.
    NoSheets,
    /// Nothing comes through.
    Closed,
    /// After some calls, everybody is asked to leave the channel alone, or turned away at the gate.
    Limited(u16),
    /// Whatever page of a list is asked for, the first comes.
    FirstPage,
}

/// A channel's surface as the world, without a network.
struct Near {
    surface: Router,
    way: Way,
    calls: AtomicU64,
    /// When everybody was first asked to leave the channel alone.
    limited: OnceLock<Instant>,
    /// Calls that began well after that.
    late: AtomicU64,
}

#[async_trait]
impl Http for Near {
    async fn call(&self, ask: HttpAsk) -> Result<HttpSaid, Unanswered> {
        let nth = self.calls.fetch_add(1, Ordering::Relaxed);
        let said = |status: StatusCode, body: &'static [u8]| HttpSaid {
            status,
            headers: HeaderMap::new(),
            body: Bytes::from_static(body),
        };
        match (self.way, nth * 7 % 10) {
            (Way::Closed, _) | (Way::Rough, 0) => return Err(Unanswered::Broken),
            (Way::Rough, 3) => return Ok(said(StatusCode::INTERNAL_SERVER_ERROR, b"{}")),
            (Way::Rough, 5) => return Err(Unanswered::Late),
            (Way::NoSheets, _) if ask.target().contains("/ordersheets") => {
                return Ok(said(StatusCode::INTERNAL_SERVER_ERROR, b"{}"));
            }
            _ => {}
        }
        if let (Way::Limited(status), true) = (self.way, nth >= CALLS_BEFORE_LIMIT) {
            let began = self.limited.get_or_init(Instant::now);
            // Until what was said is known to all, calls may be on their way.
            if began.elapsed() > std::time::Duration::from_millis(100) {
                self.late.fetch_add(1, Ordering::Relaxed);
            }
            return Ok(said(StatusCode::from_u16(status).unwrap(), b"<html></html>"));
        }
        let target = match self.way {
            Way::FirstPage => first_page(&ask.target()),
            Way::Clear | Way::Rough | Way::NoSheets | Way::Closed | Way::Limited(_) => ask.target(),
        };
        let mut request = Request::builder().method(ask.method.clone()).uri(target);
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(ask.body)).unwrap();
        let answer = self.surface.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let mut body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        if self.way == Way::Rough && nth * 7 % 10 == 8 {
            body = body.slice(..body.len() / 2);
        }
        Ok(HttpSaid { status: parts.status, headers: parts.headers, body })
    }
}

impl Near {
    fn of(surface: Router, way: Way) -> Self {
        let (calls, late) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { surface, way, calls, limited: OnceLock::new(), late }
    }
}

/// Calls that are answered before everybody is asked to leave the channel alone.
const CALLS_BEFORE_LIMIT: u64 = 3;

/// A question as a server reads it that takes no notice of its page.
fn first_page(target: &str) -> String {
    let parts =
        target.split('&').map(|part| if part.starts_with("page=") { "page=1" } else { part });
    parts.collect::<Vec<_>>().join("&").replacen("?page=2", "?page=1", 1)
}

/// Credentials that fit every channel.
fn credential(name: &str) -> String {
    match name {
        "vendor_id" => "A00012345",
        "access_key" => "00000000-0000-0000-0000-000000000000",
        "secret_key" => "0123456789abcdef0123456789abcdef01234567",
        _ => "EXAMPLEKEY0123456789",
    }
    .to_owned()
}

/// An account as the channel knows it, or with what it takes to ask the channel.
async fn account(ledger: &Ledger, channel: &dyn Channel, asks: bool) -> Account {
    account_named(ledger, channel, asks, channel.id()).await
}

async fn account_named(ledger: &Ledger, channel: &dyn Channel, asks: bool, name: &str) -> Account {
    let made = NOW.saturating_sub(SignedDuration::from_hours(24)).unwrap();
    let seller = match ledger.sellers().await.unwrap().pop() {
        Some(seller) => seller,
        None => ledger.add_seller("별빛상점", made).await.unwrap(),
    };
    let mut new = NewAccount {
        seller: seller.id,
        channel: channel.id().into(),
        name: name.to_owned(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::new(),
        credential: if asks { format!("ours-{name}") } else { String::new() },
    };
    for field in channel.capabilities().credential {
        let (name, value) = (field.name.to_owned(), credential(field.name));
        match (asks, field.role) {
            (_, Role::Setting) => drop(new.settings.insert(name, value)),
            (true, Role::Credential | Role::Secret) => {
                drop(new.secrets.insert(format!("upstream_{name}"), value));
            }
            (false, Role::Credential) => new.credential = value,
            (false, Role::Secret) => drop(new.secrets.insert(name, value)),
        }
    }
    ledger.add_account(new, made).await.unwrap()
}

/// The channel with everything it knows of the made-up orders.
async fn channel_with_orders(channel: &'static dyn Channel) -> (TestLedger, Account) {
    let ledger = throwaway(Database::Sqlite).await;
    let account = account(&ledger, channel, false).await;
    let how = How { observed_at: NOW, as_rows_say: false, marks: Marks::new(), now: NOW };
    let made = (0..ORDERS).flat_map(|nth| channel.invent_order(nth)).map(|(_, made)| made);
    put(&ledger, channel, &account, made.collect(), &how).await.unwrap();
    (ledger, account)
}

fn collector(hub: &Arc<Ledger>, theirs: &TestLedger, channel: &dyn Channel, way: Way) -> Collector {
    collector_at(NOW, hub, theirs, channel, way)
}

fn collector_at(
    now: Timestamp,
    hub: &Arc<Ledger>,
    theirs: &TestLedger,
    channel: &dyn Channel,
    way: Way,
) -> Collector {
    let clock = clock(now);
    let surface = channel.surface(Desk::showing(Arc::clone(theirs), Arc::clone(&clock)));
    let near = Near::of(surface, way);
    Collector::new(Arc::clone(hub), clock, Arc::new(near), || 7, Owner::named("test"))
}

/// Every current document of some kinds, by kind and key.
async fn documents(
    ledger: &Ledger,
    account: &Account,
    kinds: &[&'static str],
) -> BTreeMap<(&'static str, String), Document> {
    let mut all = BTreeMap::new();
    for kind in kinds {
        let found = ledger.current_after(account.shelf(kind), "", 10_000).await.unwrap();
        all.extend(found.into_iter().map(|one| ((*kind, one.key.clone()), one)));
    }
    all
}

fn asked() -> impl Iterator<Item = (&'static dyn Channel, Vec<&'static str>)> {
    CHANNELS.iter().filter_map(|channel| {
        let feeds = channel.connector()?.feeds();
        let mut kinds: Vec<_> = feeds.iter().flat_map(|feed| feed.kinds).copied().collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.retain(|kind| (0..ORDERS).any(|nth| channel.invent(kind, nth).is_some()));
        Some((*channel, kinds))
    })
}

/// What a document says, its times of observation aside.
fn said(documents: &BTreeMap<(&'static str, String), Document>) -> Vec<(String, Vec<u8>, Marks)> {
    let said = documents.iter().map(|((kind, key), document)| {
        (format!("{kind}/{key}"), document.body.clone(), document.marks.clone())
    });
    said.collect()
}

async fn is_complete(hub: &Ledger, now: Timestamp) -> bool {
    for one in wanted(hub).await.unwrap() {
        let covered = hub.coverage(&one.key()).await.unwrap();
        let (since, now) = (one.since().as_millisecond(), now.as_millisecond());
        // The collector's clock has gone on meanwhile.
        let now = covered.reads().last().map_or(now, |last| last.began_ms().max(now));
        if Freshness::of(&covered, &rule(one.feed), since, now).overdue {
            return false;
        }
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_channel_shows_is_kept_and_every_feed_is_covered() {
    on_both(async |hub| {
        for (channel, kinds) in asked() {
            let (theirs, their_account) = channel_with_orders(channel).await;
            let ours = account(&hub, channel, true).await;
            let only = Only { account: Some((ours.seller, ours.id)), since: None };
            let collector = collector(&hub, &theirs, channel, Way::Clear);
            let reports = collector.once(only.clone()).await.unwrap();
            let connector = channel.connector().unwrap();
            let by_number = usize::from(!connector.lookups().is_empty());
            assert_eq!(reports.len(), connector.feeds().len() + by_number);
            for report in &reports {
                assert_eq!((report.failure, report.refused), (None, 0), "{report:?}");
                assert!(!report.left, "{report:?}");
                assert!(report.spans > 0, "{report:?}");
            }
            let kept = documents(&hub, &ours, &kinds).await;
            let there = documents(&theirs, &their_account, &kinds).await;
            for kind in &kinds {
                let count = kept.keys().filter(|(other, _)| other == kind).count();
                assert!(count > 0, "no {kind} of {}: {reports:?}", channel.id());
            }
            assert!(kept.keys().all(|key| there.contains_key(key)), "{}", channel.id());
            // What the channel doesn't list at all is not missed.
            assert!(kept.len() * 10 >= there.len() * 4, "{} of {}", kept.len(), there.len());

            let again = collector.once(only).await.unwrap();
            assert!(again.iter().all(|report| report.new + report.changed == 0), "{again:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_clock_stands_still_all_feeds_of_an_account_share_the_seconds_of_the_world() {
    for (channel, _) in asked() {
        let (theirs, _) = channel_with_orders(channel).await;
        let hub = throwaway(Database::Sqlite).await;
        let ours = account(&hub, channel, true).await;
        let clock: Arc<dyn Clock> = Arc::new(Frozen);
        let surface = channel.surface(Desk::showing(Arc::clone(&theirs), Arc::clone(&clock)));
        let near = Arc::new(Near::of(surface, Way::Clear));
        let http: Arc<dyn Http> = Arc::clone(&near) as _;
        let collector = Collector::new(Arc::clone(&hub), clock, http, || 7, Owner::named("test"));
        let only = Only { account: Some((ours.seller, ours.id)), since: None };
        let began = Instant::now();
        let once = collector.once(only);
        let ended = tokio::time::timeout(std::time::Duration::from_millis(1_500), once).await;
        let calls = near.calls.load(Ordering::Relaxed);
        let rate = f64::from(channel.connector().unwrap().calls_per_second());
        let most = began.elapsed().as_secs_f64() * rate + 1.0;
        assert!(calls as f64 <= most, "{}: {calls} of {most}", channel.id());
        assert!(calls > 2 || ended.is_ok(), "{}: {calls}", channel.id());
        // Nothing by the world's clock is left behind.
        let budget = hub.book_call(ours.seller, ours.id, Rate::per_second(5), NOW).await.unwrap();
        assert_eq!(budget, Turn::At(NOW.as_millisecond()), "{}", channel.id());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_rough_way_the_same_is_kept_and_nothing_is_marked_that_was_not_read() {
    for (channel, kinds) in asked() {
        let (theirs, _) = channel_with_orders(channel).await;
        let mut kept = Vec::new();
        for way in [Way::Clear, Way::Rough] {
            let hub = throwaway(Database::Sqlite).await;
            let ours = account(&hub, channel, true).await;
            let collector = collector(&hub, &theirs, channel, way);
            let mut rounds = 0;
            while !is_complete(&hub, NOW).await {
                rounds += 1;
                assert!(rounds < 400, "{} is not read to its end", channel.id());
                collector.once(Only::default()).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            kept.push(said(&documents(&hub, &ours, &kinds).await));
        }
        let told = |said: &(String, Vec<u8>, Marks)| {
            format!("{} {} {:?}", said.0, String::from_utf8_lossy(&said.1), said.2)
        };
        let [clear, rough] =
            [0, 1].map(|way: usize| kept[way].iter().map(told).collect::<Vec<_>>());
        let differing: Vec<_> = clear.iter().zip(&rough).filter(|(one, two)| one != two).collect();
        assert_eq!(differing, [], "{}", channel.id());
        assert_eq!(clear.len(), rough.len(), "{}", channel.id());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_does_not_answer_is_a_failure_and_not_an_empty_list() {
    let (channel, kinds) = asked().next().unwrap();
    let (theirs, _) = channel_with_orders(channel).await;
    let hub = throwaway(Database::Sqlite).await;
    let ours = account(&hub, channel, true).await;
    let collector = collector(&hub, &theirs, channel, Way::Closed);
    let reports = collector.once(Only::default()).await.unwrap();
    // There is nothing to ask by number yet, which is no reading.
    let lists = |feed: &str| channel.connector().unwrap().feed(feed).is_some();
    assert!(reports.iter().all(|report| report.spans == 0 || !lists(&report.feed)));
    assert!(reports.iter().any(|report| report.failure == Some("no-answer")), "{reports:?}");
    assert!(documents(&hub, &ours, &kinds).await.is_empty());
    assert!(!is_complete(&hub, NOW).await);
    let states = hub.feeds(ours.seller).await.unwrap().into_iter();
    for state in states.filter(|state| lists(&state.key.feed)) {
        assert_eq!(state.well_at, None, "{state:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_the_work_and_keep_everything_once() {
    on_both(async |hub| {
        let (channel, kinds) = asked().next().unwrap();
        let (theirs, _) = channel_with_orders(channel).await;
        let ours = account(&hub, channel, true).await;
        let other = hub.again().await;
        let first = collector(&hub, &theirs, channel, Way::Clear);
        let second = collector(&other, &theirs, channel, Way::Clear);
        let (one, two) = tokio::join!(first.once(Only::default()), second.once(Only::default()));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(one.iter().chain(&two).all(|report| report.failure.is_none()));
        while !is_complete(&hub, NOW).await {
            first.once(Only::default()).await.unwrap();
        }
        let kept = documents(&hub, &ours, &kinds).await;
        assert!(!kept.is_empty());
        for (kind, key) in kept.keys() {
            let versions = hub.versions(ours.shelf(kind), key).await.unwrap();
            assert_eq!(versions.len(), 1, "{kind} {key}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_told_to_stop_stops_and_whoever_comes_next_goes_on() {
    let (channel, kinds) = asked().next().unwrap();
    let (theirs, _) = channel_with_orders(channel).await;
    let hub = throwaway(Database::Sqlite).await;
    let ours = account(&hub, channel, true).await;
    let stop = tokio::time::sleep(std::time::Duration::from_millis(30));
    collector(&hub, &theirs, channel, Way::Clear).run(Only::default(), stop).await;
    let later = collector(&hub, &theirs, channel, Way::Clear);
    let done = async {
        while !is_complete(&hub, NOW).await {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let most = std::time::Duration::from_mins(1);
    tokio::time::timeout(most, later.run(Only::default(), done)).await.unwrap();
    assert!(!documents(&hub, &ours, &kinds).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_what_asking_needs_is_not_asked() {
    let (channel, _) = asked().next().unwrap();
    let hub = throwaway(Database::Sqlite).await;
    account(&hub, channel, false).await;
    assert_eq!(wanted(&hub).await.unwrap().len(), 0);
    assert_eq!(hub.feeds(SellerId(1)).await.unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_past_of_some_feeds_keeps_no_other_feed_waiting() {
    let (channel, _) = asked().next().unwrap();
    let (theirs, _) = channel_with_orders(channel).await;
    let hub = throwaway(Database::Sqlite).await;
    for nth in 0..8 {
        account_named(&hub, channel, true, &format!("mall-{nth}")).await;
    }
    let feeds = wanted(&hub).await.unwrap().len();
    assert!(feeds > 20, "more feeds than are read at once");
    let collector = collector(&hub, &theirs, channel, Way::Clear);
    // Years of a feed that is read day by day take far longer than this test waits.
    let only = Only { account: None, since: Some(Timestamp::UNIX_EPOCH) };
    let every_feed_was_read = async {
        loop {
            let states = hub.feeds(SellerId(1)).await.unwrap();
            if states.iter().filter(|state| state.well_at.is_some()).count() == feeds {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let most = std::time::Duration::from_secs(40);
    tokio::time::timeout(most, collector.run(only, every_feed_was_read)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_by_hours_keeps_no_feed_from_being_read() {
    let hours = |hours| NOW.saturating_sub(SignedDuration::from_hours(hours)).unwrap();
    for (channel, _) in asked() {
        let (theirs, _) = channel_with_orders(channel).await;
        let hub = throwaway(Database::Sqlite).await;
        let ours = account(&hub, channel, true).await;
        collector(&hub, &theirs, channel, Way::Clear).once(Only::default()).await.unwrap();
        // Left alone by a channel that asked for it, before the clock was set back.
        let until = NOW.saturating_add(SignedDuration::from_mins(30)).unwrap();
        hub.hold_calls(ours.seller, ours.id, NOW, until).await.unwrap();
        for back in [1, 2, 24 * 300] {
            let was = hub.feeds(ours.seller).await.unwrap();
            let lists = was
                .iter()
                .filter(|state| channel.connector().unwrap().feed(&state.key.feed).is_some());
            let lists = lists.count();
            assert!(lists > 0 && was.iter().all(|state| state.next_at > hours(back)));
            let collector = collector_at(hours(back), &hub, &theirs, channel, Way::Clear);
            let only = Only { account: None, since: Some(hours(back + 24)) };
            let read = async {
                loop {
                    let states = hub.feeds(ours.seller).await.unwrap();
                    let read = |state: &hoesu_ledger::FeedState| {
                        state.well_at.is_some_and(|at| at >= hours(back) && at < hours(back - 1))
                    };
                    if states.iter().filter(|state| read(state)).count() >= lists {
                        return;
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                }
            };
            let most = std::time::Duration::from_secs(20);
            let in_time = tokio::time::timeout(most, collector.run(only, read)).await;
            assert!(in_time.is_ok(), "{} {back}: {:?}", channel.id(), hub.feeds(ours.seller).await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_no_notice_of_the_page_leaves_a_gap_after_few_calls() {
    let channel = hoesu_channels::by_id("poomgo").unwrap();
    let (theirs, _) = channel_with_orders(channel).await;
    let hub = throwaway(Database::Sqlite).await;
    account(&hub, channel, true).await;
    let reports = collector(&hub, &theirs, channel, Way::FirstPage).once(Only::default()).await;
    let reports = reports.unwrap();
    let of = |feed: &str| reports.iter().find(|report| report.feed == feed).unwrap();
    let failed: Vec<_> = reports.iter().filter(|report| report.failure.is_some()).collect();
    assert!(!failed.is_empty(), "{reports:?}");
    for report in failed {
        assert!(matches!(report.failure, Some("rows-moved" | "unreadable")), "{report:?}");
        assert!(of(&report.feed).calls <= 12, "{report:?}");
        let key = wanted(&hub).await.unwrap().into_iter().find(|one| one.feed.id == report.feed);
        let covered = hub.coverage(&key.unwrap().key()).await.unwrap();
        assert_eq!(covered.reads().len() as u64, report.spans, "what was not read is not marked");
    }
    assert!(!is_complete(&hub, NOW).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_goes_out_after_a_pause_though_it_was_booked_before() {
    for (channel, _) in asked() {
        for status in [429, 403] {
            let (theirs, _) = channel_with_orders(channel).await;
            let hub = throwaway(Database::Sqlite).await;
            account(&hub, channel, true).await;
            // By the world's clock: calls wait for their turn as long as they do there.
            let clock: Arc<dyn Clock> = Arc::new(Plain(Instant::now()));
            let surface = channel.surface(Desk::showing(Arc::clone(&theirs), Arc::clone(&clock)));
            let near = Near::of(surface, Way::Limited(status));
            let near = Arc::new(near);
            let http: Arc<dyn Http> = Arc::clone(&near) as _;
            let collector =
                Collector::new(Arc::clone(&hub), clock, http, || 7, Owner::named("test"));
            let most = std::time::Duration::from_mins(1);
            let reports =
                tokio::time::timeout(most, collector.once(Only::default())).await.unwrap().unwrap();
            assert!(reports.iter().any(|report| report.failure.is_some()), "{reports:?}");
            let calls = near.calls.load(Ordering::Relaxed);
            let late = near.late.load(Ordering::Relaxed);
            assert!(calls > CALLS_BEFORE_LIMIT, "{} {status}: {calls}", channel.id());
            assert_eq!(late, 0, "{} {status}: {calls}", channel.id());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_was_never_read_or_begins_later_is_never_fresh() {
    for (channel, _) in asked() {
        let (theirs, _) = channel_with_orders(channel).await;
        let hub = throwaway(Database::Sqlite).await;
        let ours = account(&hub, channel, true).await;
        let feeds = async |now| {
            let all = hoesu_engine::told::coverage(&hub, ours.seller, now).await.unwrap();
            all.into_iter().flat_map(|account| account.feeds).collect::<Vec<_>>()
        };
        let notices =
            async |now| hoesu_engine::told::notices(&hub, ours.seller, now).await.unwrap().len();
        // The account is made by another clock than the market's, a year ahead of it.
        let year_ago = NOW.saturating_sub(SignedDuration::from_hours(24 * 365)).unwrap();
        let report = collector_at(year_ago, &hub, &theirs, channel, Way::Clear);
        report.once(Only::default()).await.unwrap();
        let early = feeds(year_ago).await;
        assert!(early.iter().all(|feed| feed.overdue && feed.since > year_ago), "{early:?}");
        assert!(
            early
                .iter()
                .all(|feed| feed.why.as_ref().is_some_and(|why| why.ko.contains("--clock")))
        );
        assert_eq!(notices(year_ago).await, early.len());
        // Never read, at the very instant from which on it is wanted.
        let since = early.iter().map(|feed| feed.since).max().unwrap();
        assert!(feeds(since).await.iter().all(|feed| feed.overdue));

        collector(&hub, &theirs, channel, Way::Clear).once(Only::default()).await.unwrap();
        // Each as of its own last reading: the collector's clock runs fast.
        for feed in feeds(NOW).await {
            let read = feeds(feed.last_read.unwrap()).await;
            let same = read.iter().find(|other| other.feed == feed.feed).unwrap();
            assert!(!same.overdue && same.why.is_none(), "{same:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_after_a_day_with_nothing_to_ask_is_asked_the_same_day() {
    let (theirs, _) = channel_with_orders(coupang()).await;
    let hub = throwaway(Database::Sqlite).await;
    let ours = account(&hub, coupang(), true).await;
    let months = NOW.saturating_add(SignedDuration::from_hours(60 * 24)).unwrap();
    let only = Only { account: None, since: Some(months) };
    let asks = async || {
        let collector = collector_at(months, &hub, &theirs, coupang(), Way::Clear);
        let reports = collector.once(only.clone()).await.unwrap();
        reports.iter().find(|report| report.feed == "by-number").unwrap().calls
    };
    assert_eq!(asks().await, 0, "nothing is known");
    let old = (0..ORDERS).filter_map(|nth| coupang().invent("return", nth));
    let how = How { observed_at: NOW, as_rows_say: false, marks: Marks::new(), now: NOW };
    put(&hub, coupang(), &ours, old.collect(), &how).await.unwrap();
    assert!(asks().await > 0, "what is open is asked, though nobody settled");
    assert_eq!(asks().await, 0, "once a day");
}

fn coupang() -> &'static dyn Channel {
    hoesu_channels::by_id("coupang").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_looked_up_holds_up_nothing_and_comes_later() {
    on_both(async |hub| {
        let (theirs, their_account) = channel_with_orders(coupang()).await;
        let sheets = (0..ORDERS).filter_map(|nth| coupang().invent("order-sheet", nth));
        let how = How { observed_at: NOW, as_rows_say: false, marks: Marks::new(), now: NOW };
        put(&theirs, coupang(), &their_account, sheets.collect(), &how).await.unwrap();
        let ours = account(&hub, coupang(), true).await;
        let deaf = collector(&hub, &theirs, coupang(), Way::NoSheets);
        let in_time = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
        while !is_complete(&hub, NOW).await {
            assert!(tokio::time::Instant::now() < in_time, "the lists are not read to their end");
            deaf.once(Only::default()).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let kept = documents(&hub, &ours, &["return", "order-sheet"]).await;
        assert!(!kept.is_empty() && kept.keys().all(|(kind, _)| *kind == "return"));
        let orders = hub.sought(ours.seller, ours.id, NOW, 1_000).await.unwrap().len();
        assert!(orders > 0, "the orders are remembered");

        let later = NOW.saturating_add(SignedDuration::from_hours(24)).unwrap();
        let well = collector_at(later, &hub, &theirs, coupang(), Way::Clear);
        well.once(Only::default()).await.unwrap();
        let sheets = documents(&hub, &ours, &["order-sheet"]).await;
        assert_eq!(sheets.len(), orders, "every order's");
        assert_eq!(hub.sought(ours.seller, ours.id, NOW, 1_000).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_a_claim_that_is_open_for_months_is_asked_by_its_number() {
    let (theirs, their_account) = channel_with_orders(coupang()).await;
    let hub = throwaway(Database::Sqlite).await;
    let ours = account(&hub, coupang(), true).await;
    collector(&hub, &theirs, coupang(), Way::Clear).once(Only::default()).await.unwrap();
    // Nobody settled what came: it is settled before it is asked what is open.
    // What is open at the channel is over two months later.
    let [open, over] =
        [r#""receiptStatus":"RETURNS_UNCHECKED""#, r#""receiptStatus":"RETURNS_COMPLETED""#];
    let months = NOW.saturating_add(SignedDuration::from_hours(60 * 24)).unwrap();
    let mut changed = Vec::new();
    for ((_, key), known) in documents(&hub, &ours, &["return"]).await {
        let body = String::from_utf8(known.body).unwrap();
        if body.contains(open) {
            changed.push((key, body.replace(open, over).into_bytes()));
        }
    }
    assert!(!changed.is_empty(), "some returns are open");
    let how = How { observed_at: months, as_rows_say: false, marks: Marks::new(), now: months };
    let made = changed.iter().map(|(_, body)| Invented {
        media: Media::Json,
        body: body.clone(),
        marks: Marks::new(),
    });
    put(&theirs, coupang(), &their_account, made.collect(), &how).await.unwrap();

    collector_at(months, &hub, &theirs, coupang(), Way::Clear).once(Only::default()).await.unwrap();
    let now = documents(&hub, &ours, &["return"]).await;
    for (key, body) in changed {
        assert_eq!(now[&("return", key.clone())].body, body, "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_others_hold_the_ledger_nothing_is_marked_that_was_not_kept() {
    let (channel, kinds) = asked().next().unwrap();
    let (theirs, _) = channel_with_orders(channel).await;
    let clear = throwaway(Database::Sqlite).await;
    account(&clear, channel, true).await;
    while !is_complete(&clear, NOW).await {
        let collector = collector(&clear, &theirs, channel, Way::Clear);
        collector.once(Only::default()).await.unwrap();
    }
    on_both(async |hub| {
        let ours = account(&hub, channel, true).await;
        let lock_wait = std::time::Duration::from_millis(60);
        let limits = Limits { lock_wait, ..Limits::default() };
        let hurried = hub.again_within(limits).await.unwrap();
        let collector = collector(&hurried, &theirs, channel, Way::Clear);
        let mut failed = 0;
        for table in ["feed", "seller", "feed_read", "shelf", "term", "call_budget", "feed"] {
            let lock = hub.lock(&[table]);
            let place = hub.place().clone();
            let released = tokio::task::spawn_blocking(move || {
                // Some of what is collected meets the lock, some finds it gone or held again.
                std::thread::sleep(std::time::Duration::from_millis(150));
                drop(lock);
                std::thread::sleep(std::time::Duration::from_millis(30));
                drop(hoesu_testkit::outside::lock(&place, &[table]));
            });
            let reports = collector.once(Only::default()).await;
            failed += usize::from(match &reports {
                Ok(reports) => reports.iter().any(|report| report.failure.is_some()),
                Err(_) => true,
            });
            released.await.unwrap();
            assert_eq!(hub.wrong_counters().await.unwrap(), [], "{table}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(failed > 0, "the lock was in nobody's way");
        // A feed whose reading broke off at the ledger is free again when its lease has run out.
        let began = Instant::now();
        while !is_complete(&hub, NOW).await {
            let told = collector.once(Only::default()).await;
            assert!(began.elapsed().as_secs() < 60, "it is not read to its end: {told:?}");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let there = clear.accounts().await.unwrap().remove(0);
        let there = said(&documents(&clear, &there, &kinds).await);
        let kept = said(&documents(&hub, &ours, &kinds).await);
        let keys = |said: &[(String, Vec<u8>, Marks)]| {
            said.iter().map(|(key, body, _)| (key.clone(), body.clone())).collect::<Vec<_>>()
        };
        assert!(keys(&kept) == keys(&there), "{} of {}", kept.len(), there.len());
        assert_eq!(hub.wrong_counters().await.unwrap(), []);
        catch_up(&hub, ours.seller, NOW).await.unwrap();
        let compared = compare(&hub, ours.seller).await.unwrap();
        assert_eq!((compared.different, compared.unsettled), (0, 0), "{compared:?}");
    })
    .await;
}
