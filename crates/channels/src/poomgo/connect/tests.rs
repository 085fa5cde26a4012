use std::collections::BTreeMap;

use hoesu_claims::Incoming;
use hoesu_ledger::Put;

use super::*;
use crate::Channel as _;
use crate::connect::tests::{answer, read_all, said, span, upstream};
use crate::connect::{Denied, Reading, Span, Taken, sign};
use crate::poomgo::Poomgo;
use crate::trial::{NOW, Trial};

fn feed(id: &str) -> &'static Feed {
    Client.feed(id).unwrap()
}

fn first(feed: &'static Feed) -> Ask {
    let days = span("2024-01-01T00:00:00", "2024-01-03T00:00:00");
    Reading::oldest_first(feed, days).next_ask().unwrap()
}

/// What all made-up documents are told of in: two windows of the longest feed.
fn months() -> Span {
    span("2024-01-01T00:00:00", "2024-02-28T07:30:30")
}

/// Puts made-up documents with their marks, some of them weeks later than the others.
async fn fill(trial: &Trial, kind: &'static str, many: u64) -> Vec<(String, Marks)> {
    let mut all = Vec::new();
    for nth in (0..many).chain(180_000..180_030) {
        let made = Poomgo.invent(kind, nth).unwrap();
        let reading = Poomgo.read(Media::Json, &made.body).unwrap();
        let mut found = reading.found.clone();
        for (moment, at) in &made.marks {
            found.moment(*moment, Some(*at));
        }
        let incoming = Incoming {
            key: reading.key,
            media: Media::Json,
            body: made.body.clone(),
            marks: made.marks.clone(),
            found,
            observed_at: NOW,
        };
        let shelf = trial.account.shelf(reading.kind);
        trial.desk.ledger.append(shelf, Put::Newer, vec![incoming]).await.unwrap();
        all.push((String::from_utf8(made.body).unwrap(), made.marks));
    }
    all
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}

#[tokio::test]
async fn every_ticket_is_brought_once_by_when_it_was_made() {
    let trial = Trial::of(&Poomgo, &[]).await;
    let stored = fill(&trial, TICKET, 130).await;
    // Tickets of which nothing arrived are in no list.
    let listed: Vec<String> = stored
        .into_iter()
        .map(|(body, _)| body)
        .filter(|body| {
            let found = Poomgo.read(Media::Json, body.as_bytes()).unwrap().found;
            found.states.iter().any(|(state, _)| *state == hoesu_claims::State::Listed)
        })
        .collect();
    assert!(listed.len() > 60);
    for newest_first in [false, true] {
        let feed = feed(TICKETS_MADE);
        let reading = if newest_first {
            Reading::newest_first(feed, months())
        } else {
            Reading::oldest_first(feed, months())
        };
        let brought = read_all(&trial, reading, months()).await;
        assert_eq!(sorted(brought), sorted(listed.clone()));
    }
}

#[tokio::test]
async fn a_ticket_is_brought_by_when_it_arrived_however_old_it_is() {
    let trial = Trial::of(&Poomgo, &[]).await;
    let stored = fill(&trial, TICKET, 130).await;
    let arrived: Vec<String> = stored
        .into_iter()
        .map(|(body, _)| body)
        .filter(|body| {
            let found = Poomgo.read(Media::Json, body.as_bytes()).unwrap().found;
            let listed = found.states.iter().any(|(s, _)| *s == hoesu_claims::State::Listed);
            listed && found.moments.iter().any(|(moment, _)| *moment == Moment::Arrived)
        })
        .collect();
    assert!(!arrived.is_empty());
    let reading = Reading::oldest_first(feed(TICKETS_ARRIVED), months());
    let brought = read_all(&trial, reading, months()).await;
    assert_eq!(sorted(brought), sorted(arrived));
}

#[tokio::test]
async fn every_order_is_brought_once_and_its_days_with_it() {
    let trial = Trial::of(&Poomgo, &[]).await;
    let stored = fill(&trial, ORDER, 560).await;
    let reading = Reading::oldest_first(feed(ORDERS_MADE), months());
    let brought = read_all(&trial, reading, months()).await;
    assert_eq!(sorted(brought), sorted(stored.iter().map(|(body, _)| body.clone()).collect()));

    for (id, moment) in [(ORDERS_CONFIRMED, Moment::Confirmed), (ORDERS_CLOSED, Moment::Closed)] {
        let expected: BTreeMap<String, jiff::Timestamp> = stored
            .iter()
            .filter_map(|(body, marks)| {
                let day = hoesu_claims::time::kst_day(*marks.get(&moment)?);
                Some((body.clone(), hoesu_claims::time::kst_midnight(day)?))
            })
            .collect();
        let mut brought = BTreeMap::new();
        let mut reading = Reading::oldest_first(feed(id), months());
        while let Some(ask) = reading.next_ask() {
            let page = answer(&trial, &ask).await.unwrap();
            for record in &page.records {
                let body = String::from_utf8(record.body.clone()).unwrap();
                assert_eq!(brought.insert(body, record.marks[&moment]), None);
            }
            assert!(matches!(reading.take(&page), Ok(Taken::More | Taken::Read(_))));
        }
        assert_eq!(brought, expected, "{id}");
    }
}

#[tokio::test]
async fn questions_are_put_as_documented() {
    let trial = Trial::of(&Poomgo, &[]).await;
    let upstream = upstream(&trial);
    let tickets = sign(&Poomgo, &upstream, &first(feed(TICKETS_ARRIVED)), NOW).unwrap();
    assert_eq!(
        tickets.target(),
        "/open-api/cs?page=1&pageSize=20&returnDoneAtGte=2023-12-31T15%3A00%3A00.000Z&returnDoneAtLte=2024-01-02T14%3A59%3A59.999Z"
    );
    let key = tickets.headers.iter().find(|(name, _)| *name == "Authorization").unwrap();
    assert_eq!(key.1, trial.credentials["key"]);
    let orders = sign(&Poomgo, &upstream, &first(feed(ORDERS_CLOSED)), NOW).unwrap();
    assert_eq!(
        (orders.method.as_str(), orders.target().as_str()),
        ("POST", "/open-api/oms/orders")
    );
    assert_eq!(
        String::from_utf8(orders.body).unwrap(),
        r#"{"page":1,"pageSize":500,"closeAtFrom":"2024-01-01","closeAtTo":"2024-01-01"}"#
    );
}

fn read(id: &str, status: u16, body: &str) -> Result<FeedPage, ReadFailure> {
    Client.read(&first(feed(id)), &said(status, &[], body))
}

#[test]
fn an_empty_list_counts_to_nothing_in_numbers_or_texts() {
    let empty = FeedPage { total: Some(0), ..FeedPage::default() };
    let tickets = r#"{"pageSize":20,"rowCount":0,"totalPage":0,"total":0,"data":[]}"#;
    assert_eq!(read(TICKETS_MADE, 200, tickets), Ok(empty.clone()));
    for orders in [r#"{"total":"0","rows":[]}"#, r#"{"rows":[],"total":0}"#] {
        assert_eq!(read(ORDERS_MADE, 200, orders), Ok(empty.clone()));
    }
}

#[test]
fn what_is_no_documented_answer_is_never_an_empty_list() {
    for body in [
        "",
        "{}",
        r#"{"message":"Unauthorized"}"#,
        r#"{"total":"0"}"#,
        r#"{"total":"0","rows":null,"data":null}"#,
        r#"{"rows":[],"data":[]}"#,
        r#"{"total":"many","rows":[],"data":[]}"#,
        r#"{"total":0,"rowCount":1,"data":[],"rows":[]}"#,
        r#"{"total":"1","rows":[{"id":1"#,
        "<!DOCTYPE html><html></html>",
    ] {
        for feed in Client.feeds() {
            let answer = read(feed.id, 200, body);
            assert!(matches!(answer, Err(ReadFailure::Unreadable(_))), "{} {body}", feed.id);
        }
    }
}

#[test]
fn failures_are_told_apart() {
    let body = r#"{"message":"x"}"#;
    assert_eq!(read(ORDERS_MADE, 401, body), Err(ReadFailure::Denied(Denied::Key)));
    assert_eq!(read(ORDERS_MADE, 403, body), Err(ReadFailure::Denied(Denied::Address)));
    assert_eq!(read(ORDERS_MADE, 403, "<html>"), Err(ReadFailure::Blocked(403)));
    assert_eq!(read(ORDERS_MADE, 429, body), Err(ReadFailure::RateLimited(None)));
    assert_eq!(read(ORDERS_MADE, 504, body), Err(ReadFailure::TooMuch));
    assert_eq!(read(ORDERS_MADE, 400, body).unwrap_err().name(), "rejected");
    assert_eq!(read(ORDERS_MADE, 500, body).unwrap_err().name(), "channel-failed");
}

#[test]
fn the_servers_count_of_pages_decides_and_a_wrong_sum_is_noticed() {
    let tickets = r#"{"pageSize":1,"rowCount":1,"totalPage":2,"total":2,"data":[{"id":1}]}"#;
    let page = read(TICKETS_MADE, 200, tickets).unwrap();
    assert_eq!((page.next.clone(), page.total), (Some(Page::Number(2)), Some(2)));
    let days = span("2024-01-01T00:00:00", "2024-01-03T00:00:00");
    let mut reading = Reading::oldest_first(feed(TICKETS_MADE), days);
    assert_eq!(reading.take(&page), Ok(Taken::More));
    let none = r#"{"pageSize":1,"rowCount":0,"totalPage":2,"total":2,"data":[]}"#;
    let second = Client.read(&reading.next_ask().unwrap(), &said(200, &[], none)).unwrap();
    assert_eq!(reading.take(&second), Err(ReadFailure::Moved));
}
