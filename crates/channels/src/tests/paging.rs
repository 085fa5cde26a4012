//! Lists: every row once, on all pages, however the span is cut.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::fair::{Fair, asked, variants};
use crate::connect::tests::answer;
use crate::connect::{Ask, Connector, Feed, Paging, Reading, Span, Step, Taken};
use crate::json;

/// What a feed brings of a span: bodies by kind and key.
type Brought = BTreeMap<(&'static str, String), BTreeSet<Vec<u8>>>;

/// How a feed was read.
#[derive(Default)]
struct Read {
    brought: Brought,
    /// The most pages one list had.
    pages: usize,
    /// The most rows one page had.
    rows: usize,
}

/// Reads a span of a feed as a hub does. No list has a row twice.
async fn read(fair: &Fair, mut reading: Reading) -> Read {
    let channel = fair.trial.channel;
    let mut read = Read::default();
    let (mut pages, mut seen) = (0, BTreeSet::new());
    while let Some(ask) = reading.next_ask() {
        let page = answer(&fair.trial, &ask).await.unwrap();
        let Ask::List { feed, page: asked_page, .. } = &ask else { panic!("a list") };
        if asked_page.is_none() {
            (pages, seen) = (0, BTreeSet::new());
        }
        pages += 1;
        read.pages = read.pages.max(pages);
        read.rows = read.rows.max(page.records.len());
        for record in &page.records {
            let known = channel.read(record.media, &record.body).unwrap();
            assert!(feed.kinds.contains(&known.kind), "{} brings {}", feed.id, known.kind);
            let name = (known.kind, known.key);
            assert!(seen.insert(name.clone()), "{} shows {} twice", feed.id, name.1);
            let body = json::compact(&record.body).unwrap_or_else(|_| record.body.clone());
            read.brought.entry(name).or_default().insert(body);
        }
        assert!(page.next.is_none() || feed.paging != Paging::None, "{} has pages", feed.id);
        assert!(matches!(reading.take(&page), Ok(Taken::More | Taken::Read(_))));
    }
    read
}

/// The same span in small pieces, each of them read by itself.
async fn read_in_pieces(fair: &Fair, feed: &'static Feed, whole: Span) -> Brought {
    let piece = match feed.step {
        Step::Day => feed.step.length(),
        Step::Minute => SignedDuration::from_hours(8),
    };
    let mut all = Brought::new();
    let mut from = whole.from;
    while from < whole.until {
        let until = from + piece;
        let part = read(fair, Reading::oldest_first(feed, Span { from, until })).await;
        for (name, bodies) in part.brought {
            all.entry(name).or_default().extend(bodies);
        }
        from = until;
    }
    all
}

/// Holds what was brought against what there is. `exact` if the surface writes rows as they are kept.
fn assert_is_what_there_is(fair: &Fair, connector: &dyn Connector, brought: &Brought, exact: bool) {
    let fed: BTreeSet<_> = connector.feeds().iter().flat_map(|feed| feed.kinds).collect();
    for kind in fed {
        let there: Vec<_> = fair.told.iter().filter(|told| told.kind == *kind).collect();
        // Where documents say that a list shows them, the others are shown by none, or by another.
        let says = there.iter().any(|told| told.is_listed());
        for told in &there {
            let name = (told.kind, told.key.clone());
            let is_brought = brought.contains_key(&name);
            assert!(!told.is_gone() || !is_brought, "{kind} {} is gone", told.key);
            let must = !told.is_gone() && (!says || told.is_listed());
            assert!(is_brought || !must, "{kind} {} is brought by nothing", told.key);
            if is_brought && exact {
                let heard = connector.heard(kind, &told.body);
                let heard = json::compact(&heard).unwrap();
                assert_eq!(brought[&name], BTreeSet::from([heard]), "{kind} {}", told.key);
            }
        }
        let keys: BTreeSet<_> = there.iter().map(|told| &told.key).collect();
        for (_, key) in brought.keys().filter(|(of, _)| of == kind) {
            assert!(keys.contains(key), "{kind} {key} is nowhere");
        }
    }
}

/// Reads everything in every way, and says which pagings had several pages.
async fn read_every_way(fair: &Fair, exact: bool) -> Vec<Paging> {
    let connector = fair.trial.channel.connector().unwrap();
    let whole = fair.span();
    let (mut all, mut paged) = (Brought::new(), Vec::new());
    for feed in connector.feeds() {
        let old = read(fair, Reading::oldest_first(feed, whole)).await;
        let new = read(fair, Reading::newest_first(feed, whole)).await;
        assert_eq!(old.brought, new.brought, "{} by where it begins", feed.id);
        let pieces = read_in_pieces(fair, feed, whole).await;
        assert_eq!(old.brought, pieces, "{} in pieces", feed.id);
        if old.pages > 1 {
            paged.push(feed.paging);
        }
        let most = super::windows::endpoint(fair, feed).page_rows_max as usize;
        assert!(most == 0 || feed.paging == Paging::None || old.rows <= most, "{}", feed.id);
        for (name, bodies) in old.brought {
            all.entry(name).or_default().extend(bodies);
        }
    }
    assert_is_what_there_is(fair, connector, &all, exact);
    paged
}

#[tokio::test]
async fn every_row_of_every_list_is_brought_whole_and_once_however_the_span_is_cut() {
    for channel in asked() {
        let mut paged = Vec::new();
        for (nth, settings) in variants(channel).iter().enumerate() {
            let market = Fair::market(channel, settings, 4, 30).await;
            paged.extend(read_every_way(&market, nth == 0).await);
        }
        let plain = &variants(channel)[0];
        let invented = Fair::invented(channel, plain, 560).await;
        paged.extend(read_every_way(&invented, true).await);
        for feed in channel.connector().unwrap().feeds() {
            let tried = feed.paging == Paging::None || paged.contains(&feed.paging);
            assert!(tried, "{} {}: nothing had a second page", channel.id(), feed.id);
        }
    }
}

#[tokio::test]
async fn every_feed_has_something_to_bring_of_a_market() {
    for channel in asked() {
        let market = Fair::market(channel, &variants(channel)[0], 14, 15).await;
        for feed in channel.connector().unwrap().feeds() {
            let read = read(&market, Reading::newest_first(feed, market.span())).await;
            assert!(!read.brought.is_empty(), "{} {}", channel.id(), feed.id);
        }
    }
}
