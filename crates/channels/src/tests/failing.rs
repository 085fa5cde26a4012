//! Answers that are none: whatever goes wrong on the way is said to be what it is, and never an empty
//! page; of a deed nobody says that it failed where it may have been done.

use axum::http::HeaderMap;
use http_body_util::BodyExt as _;

use super::deeds::{KEYS, everything};
use super::fair::{Fair, asked, variants};
use crate::channel::Away;
use crate::connect::tests::{heard, said, upstream};
use crate::connect::{
    Ask, Connector, Deed, FeedPage, Fix, HttpSaid, Page, Paging, ReadFailure, Reading, RetryAfter,
    Taken,
};
use crate::{Channel, Fault};

/// What stands before channels says so of its own, as Akamai does.
const GATE_PAGE: &str = "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\
    </BODY>\n</HTML>\n";

/// A channel's own words for a fault, with another status.
async fn words(
    channel: &dyn Channel,
    fault: Fault,
    status: u16,
    headers: &[(&str, &str)],
) -> HttpSaid {
    let response = channel.refuse(fault, &HeaderMap::new());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    said(status, headers, std::str::from_utf8(&body).unwrap())
}

/// How a channel turns away, or plain words where none are known.
async fn away(channel: &dyn Channel, away: Away, headers: &[(&str, &str)]) -> HttpSaid {
    let plain = r#"{"message":"no"}"#.to_owned();
    let body = match channel.turn_away(away, &HeaderMap::new()) {
        Some(response) => {
            let body = response.into_body().collect().await.unwrap().to_bytes();
            String::from_utf8(body.to_vec()).unwrap()
        }
        None => plain,
    };
    said(away.status().as_u16(), headers, &body)
}

/// What may go wrong, what is to be done about it, and what it says of a deed.
async fn wrongs(channel: &dyn Channel) -> Vec<(&'static str, HttpSaid, Fix, &'static str)> {
    let wait = |seconds| Fix::Wait(Some(RetryAfter::For(jiff::SignedDuration::from_secs(seconds))));
    let after = [("retry-after", "7")];
    let html = [("content-type", "text/html")];
    vec![
        ("429", away(channel, Away::TooMany, &[]).await, Fix::Wait(None), "not-done"),
        ("429 later", away(channel, Away::TooMany, &after).await, wait(7), "not-done"),
        ("403", away(channel, Away::Forbidden, &[]).await, Fix::Person, "not-done"),
        ("403 page", said(403, &html, GATE_PAGE), Fix::Wait(None), "not-done"),
        ("302", said(302, &[], ""), Fix::Wait(None), "not-done"),
        ("500", words(channel, Fault::Broken, 500, &[]).await, Fix::Again, "unknown"),
        ("500 later", words(channel, Fault::Broken, 500, &after).await, wait(7), "unknown"),
        ("503", words(channel, Fault::Unavailable, 503, &[]).await, Fix::Again, "unknown"),
        ("503 later", words(channel, Fault::Unavailable, 503, &after).await, wait(7), "unknown"),
        ("504", words(channel, Fault::TimedOut, 504, &[]).await, Fix::Split, "unknown"),
        ("504 page", said(504, &html, "<html></html>"), Fix::Split, "unknown"),
        ("521", said(521, &[], ""), Fix::Again, "unknown"),
        ("524", said(524, &[], ""), Fix::Split, "unknown"),
        ("200 failing", words(channel, Fault::Broken, 200, &[]).await, Fix::Again, "unknown"),
        ("200 page", said(200, &html, GATE_PAGE), Fix::Again, "unknown"),
        ("200 page, unnamed", said(200, &[], GATE_PAGE), Fix::Again, "unknown"),
        ("200 of nothing", said(200, &[], ""), Fix::Again, "unknown"),
        ("200 of no object", said(200, &[], "[]"), Fix::Again, "unknown"),
        ("200 of an object", said(200, &[], "{}"), Fix::Again, "unknown"),
        ("200 of something", said(200, &[], r#"{"message":"hello"}"#), Fix::Again, "unknown"),
    ]
}

/// A question of every feed and every lookup.
fn questions(connector: &'static dyn Connector, fair: &Fair) -> Vec<Ask> {
    let first = |feed| Reading::oldest_first(feed, fair.span()).next_ask().unwrap();
    let lists = connector.feeds().iter().map(first);
    let keys = vec!["1".to_owned()];
    let looked = connector.lookups().iter().map(|lookup| Ask::Keys { lookup, keys: keys.clone() });
    lists.chain(looked).collect()
}

#[tokio::test]
async fn what_goes_wrong_is_said_to_be_what_it_is_and_never_a_page() {
    for channel in asked() {
        let connector = channel.connector().unwrap();
        let fair = Fair::empty(channel, &variants(channel)[0]).await;
        for (name, said, fix, _) in wrongs(channel).await {
            for ask in questions(connector, &fair) {
                let failure = connector.read(&ask, &said);
                let failure = failure.expect_err(&format!("{} {name}", channel.id()));
                // What is not read as said may be what was asked too often: more calls make it worse.
                assert_eq!(failure.fix(), fix, "{} {name}: {failure}", channel.id());
            }
        }
    }
}

#[tokio::test]
async fn of_a_deed_nothing_is_called_undone_that_may_be_done() {
    for channel in asked() {
        let connector = channel.connector().unwrap();
        let fair = Fair::empty(channel, &variants(channel)[0]).await;
        let upstream = upstream(&fair.trial);
        for ability in connector.deeds() {
            for (name, said, _, outcome) in wrongs(channel).await {
                let mut asked = KEYS.iter().flat_map(|key| {
                    let deed = |does| Deed { kind: ability.kind.into(), key: (*key).into(), does };
                    everything(ability).into_iter().map(deed)
                });
                let deed = asked.find(|deed| connector.put_deed(&upstream, deed).is_some());
                let deed = deed.unwrap_or_else(|| panic!("{} {ability:?}", channel.id()));
                let came = connector.read_deed(&deed, &said);
                assert_eq!(came.name(), outcome, "{} {name} {:?}", channel.id(), ability.verb);
            }
        }
    }
}

#[tokio::test]
async fn only_what_can_be_tried_again_as_it_is_says_when() {
    let faults = [
        Fault::NotFound,
        Fault::MethodNotAllowed,
        Fault::TooLarge,
        Fault::TimedOut,
        Fault::Unavailable,
        Fault::Broken,
    ];
    for channel in crate::CHANNELS {
        for fault in faults {
            let response = channel.refuse(fault, &HeaderMap::new());
            let after = response.headers().get("retry-after").map(|after| after.to_str().unwrap());
            let due = (fault == Fault::Unavailable).then_some("1");
            assert_eq!(after, due, "{} {fault:?}", channel.id());
        }
    }
}

#[tokio::test]
async fn pages_that_bring_nothing_new_end_in_a_failure_and_not_in_a_span_that_was_read() {
    for channel in asked() {
        let fair = Fair::market(channel, &Vec::new(), 14, 15).await;
        let connector = channel.connector().unwrap();
        for (ask, said) in answers(&fair).await {
            let Ask::List { feed, .. } = &ask else { panic!("a list") };
            let page = connector.read(&ask, &said).unwrap();
            let next = |nth: u64| match feed.paging {
                Paging::None => None,
                Paging::Token => Some(Page::Token(format!("token-{nth}"))),
                Paging::Numbers => Some(Page::Number(nth)),
            };
            if next(1).is_none() {
                continue;
            }
            // The same rows on every page, for ever; and by a cursor that goes round.
            for numbers in [[2, 3, 4, 5, 6], [2, 3, 2, 3, 2]] {
                let mut reading = Reading::newest_first(feed, fair.span());
                let total = page.total.map(|_| page.records.len() as u64 * 9);
                let taken: Vec<_> = numbers
                    .into_iter()
                    .map(|nth| FeedPage { next: next(nth), total, ..page.clone() })
                    .map(|page| reading.take(&page))
                    .take_while(|taken| *taken == Ok(Taken::More))
                    .collect();
                assert!(taken.len() <= 3, "{} {}", channel.id(), feed.id);
            }
        }
    }
}

/// An answer with rows in it, of every feed.
pub(super) async fn answers(fair: &Fair) -> Vec<(Ask, HttpSaid)> {
    let connector = fair.trial.channel.connector().unwrap();
    let mut all = Vec::new();
    for feed in connector.feeds() {
        let mut reading = Reading::newest_first(feed, fair.span());
        while let Some(ask) = reading.next_ask() {
            let said = heard(&fair.trial, &ask).await;
            let page = connector.read(&ask, &said).unwrap();
            if !page.records.is_empty() {
                all.push((ask, said));
                break;
            }
            assert!(matches!(reading.take(&page), Ok(Taken::More | Taken::Read(_))));
        }
    }
    assert_eq!(all.len(), connector.feeds().len(), "{}", fair.trial.channel.id());
    all
}

#[tokio::test]
async fn an_answer_that_was_cut_off_is_never_a_page() {
    for channel in asked() {
        let connector = channel.connector().unwrap();
        for settings in variants(channel) {
            let fair = Fair::market(channel, &settings, 14, 15).await;
            for (ask, whole) in answers(&fair).await {
                let length = whole.body.len();
                let some = (0..length).step_by((length / 50).max(1));
                for cut in some.chain(length.saturating_sub(40)..length) {
                    let said = HttpSaid { body: whole.body.slice(..cut), ..whole.clone() };
                    let failure = connector.read(&ask, &said);
                    let is_unreadable = matches!(failure, Err(ReadFailure::Unreadable(_)));
                    assert!(is_unreadable, "{} {cut} of {length}: {failure:?}", channel.id());
                }
            }
        }
    }
}
