//! Poomgo as we ask it: CS tickets by when they were made and by when something arrived, orders by
//! when they were made, confirmed and closed.

use axum::http::{Method, StatusCode};
use hoesu_claims::document::Marks;
use hoesu_claims::{Media, Moment};
use jiff::SignedDuration;
use jiff::tz::Offset;
use serde_json::value::RawValue;

use super::surface::{CS, ORDERS};
use super::{ORDER, TICKET};
use crate::Title;
use crate::connect::{
    Ask, Connector, Envelope, Feed, FeedPage, HttpSaid, Page, Paging, ReadFailure, Record, Step,
    Unsigned, Upstream, Window, query, rows,
};

/// Poomgo as it is asked.
pub(super) struct Client;

/// Rows on a page. The most that is documented, for orders; tickets have no documented most and are
/// asked for by their documented default.
const ORDER_ROWS: u64 = 500;
const TICKET_ROWS: u64 = 20;

const fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// Tickets by the instants of one of their members, asked to the millisecond.
const fn tickets(id: &'static str, title: Title) -> Feed {
    Feed {
        id,
        title,
        kinds: &[TICKET],
        step: Step::Minute,
        // No most is documented; ours.
        window_max: days(31),
        parts: &[""],
        paging: Paging::Numbers,
        overlap: SignedDuration::from_mins(30),
        again: days(31),
        promise: SignedDuration::from_mins(5),
    }
}

/// Orders by one of their days. Whether a day is Korea's or UTC's is documented nowhere, so that a
/// new span reaches a day back.
const fn orders(id: &'static str, title: Title, window_days: i64) -> Feed {
    Feed {
        id,
        title,
        kinds: &[ORDER],
        step: Step::Day,
        window_max: days(window_days),
        parts: &[""],
        paging: Paging::Numbers,
        overlap: days(1),
        again: days(31),
        promise: SignedDuration::from_mins(5),
    }
}

const TICKETS_MADE: &str = "tickets-created";
const TICKETS_ARRIVED: &str = "tickets-arrived";
const ORDERS_MADE: &str = "orders-created";
const ORDERS_CONFIRMED: &str = "orders-confirmed";
const ORDERS_CLOSED: &str = "orders-closed";

/// A row doesn't say when it was confirmed or closed: only the day that was asked for does, and so
/// these are asked day by day.
static FEEDS: [Feed; 5] = [
    tickets(TICKETS_MADE, Title { ko: "접수된 CS", en: "tickets by when they were made" }),
    tickets(TICKETS_ARRIVED, Title { ko: "입고된 CS", en: "tickets by when goods arrived" }),
    orders(ORDERS_MADE, Title { ko: "접수된 출고", en: "orders by when they were made" }, 31),
    orders(
        ORDERS_CONFIRMED,
        Title { ko: "확정된 출고", en: "orders by when they were confirmed" },
        1,
    ),
    orders(ORDERS_CLOSED, Title { ko: "마감된 출고", en: "orders by when they were closed" }, 1),
];

impl Connector for Client {
    fn address(&self) -> &'static str {
        "https://api.poomgo.com"
    }

    fn feeds(&self) -> &'static [Feed] {
        &FEEDS
    }

    fn put(&self, _: &Upstream, ask: &Ask) -> Unsigned {
        let json = |name| (name, "application/json".to_owned());
        let mut call = Unsigned {
            method: Method::GET,
            path: CS.to_owned(),
            query: String::new(),
            headers: vec![json("Content-Type"), json("Accept")],
            body: Vec::new(),
        };
        let Ask::List { feed, window, page, .. } = ask else { return call };
        let number = number(page.as_ref());
        if feed.kinds == [TICKET] {
            let stem = if feed.id == TICKETS_ARRIVED { "returnDoneAt" } else { "createdAt" };
            call.query = ticket_query(stem, *window, number);
        } else {
            let stem = match feed.id {
                ORDERS_CONFIRMED => "confirmAt",
                ORDERS_CLOSED => "closeAt",
                _ => "createdAt",
            };
            call.method = Method::POST;
            ORDERS.clone_into(&mut call.path);
            call.body = order_body(stem, *window, number);
        }
        call
    }

    fn read(&self, ask: &Ask, said: &HttpSaid) -> Result<FeedPage, ReadFailure> {
        if said.status != StatusCode::OK {
            return Err(said.failure(None));
        }
        if said.is_html() {
            return Err(ReadFailure::Unreadable("a page in HTML"));
        }
        let Ask::List { feed, window, page, .. } = ask else {
            return Err(ReadFailure::Unreadable("an answer nobody asked for"));
        };
        let envelope = Envelope::parse(&said.body)?;
        let list = if feed.kinds == [TICKET] { "data" } else { "rows" };
        let list = envelope.get(list).filter(|list| list.get().starts_with(['[', '{']));
        let list = list.ok_or(ReadFailure::Unreadable("an answer without its rows"))?;
        let rows = rows(list)?;
        let total = envelope.number("total").ok_or(ReadFailure::Unreadable("no total"))?;
        let counted = envelope.number("rowCount");
        if counted.is_some_and(|counted| counted != rows.len() as u64) {
            return Err(ReadFailure::Unreadable("other rows than it counts"));
        }
        // How long pages are is the server's to say where it does: it may cut what was asked for.
        let asked_rows = if feed.kinds == [TICKET] { TICKET_ROWS } else { ORDER_ROWS };
        let page_rows = envelope.number("pageSize").filter(|rows| *rows > 0).unwrap_or(asked_rows);
        let number = number(page.as_ref());
        let last = number >= envelope.number("totalPage").unwrap_or(total.div_ceil(page_rows));
        let next = (!last).then_some(Page::Number(number + 1));
        Ok(FeedPage { records: records(feed, *window, &rows), next, total: Some(total) })
    }
}

fn number(page: Option<&Page>) -> u64 {
    match page {
        Some(Page::Number(number)) => *number,
        Some(Page::Token(_)) | None => 1,
    }
}

/// Instants to the millisecond, as finely as Poomgo writes its own; the last one is inside.
fn ticket_query(stem: &str, window: Window, page: u64) -> String {
    let span = window.span();
    let last = span.until - SignedDuration::from_millis(1);
    let written = |at| Offset::UTC.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    query(&[
        ("page", &page.to_string()),
        ("pageSize", &TICKET_ROWS.to_string()),
        (&format!("{stem}Gte"), &written(span.from)),
        (&format!("{stem}Lte"), &written(last)),
    ])
}

fn order_body(stem: &str, window: Window, page: u64) -> Vec<u8> {
    let (first, last) = (window.first_day(), window.last_day());
    let body = format!(
        r#"{{"page":{page},"pageSize":{ORDER_ROWS},"{stem}From":"{first}","{stem}To":"{last}"}}"#
    );
    body.into_bytes()
}

/// The rows, with the day the question was about where only the question tells it.
fn records(feed: &Feed, window: Window, rows: &[&RawValue]) -> Vec<Record> {
    let day = window.span().from;
    let marks = match feed.id {
        ORDERS_CONFIRMED => Marks::from([(Moment::Confirmed, day)]),
        ORDERS_CLOSED => Marks::from([(Moment::Closed, day)]),
        _ => Marks::new(),
    };
    let record = |row: &&RawValue| Record {
        kind: feed.kinds[0],
        media: Media::Json,
        body: row.get().as_bytes().to_vec(),
        marks: marks.clone(),
    };
    rows.iter().map(record).collect()
}

#[cfg(test)]
mod tests;
