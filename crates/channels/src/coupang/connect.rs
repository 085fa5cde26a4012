//! Coupang as we ask it: returns and cancels by minute and by day, exchanges, returns taken back, and
//! the order sheets of the orders they are about.

mod deeds;

use std::borrow::Cow;

use axum::http::{Method, StatusCode};
use hoesu_claims::document::Marks;
use hoesu_claims::time::KST;
use hoesu_claims::{Media, Term};
use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;

use super::ask::PAGE_ROWS_MAX;
use super::cea::VENDOR_ID;
use super::couriers;
use super::read::{EXCHANGE, ORDER_SHEET, RETURN, WITHDRAWAL};
use super::version::{self, Version};
use crate::Title;
use crate::connect::{
    Ability, Ask, Connector, Deed, Denied, Envelope, Feed, FeedPage, HttpSaid, Lookup, Outcome,
    Page, Paging, ReadFailure, Record, Step, Unsigned, Upstream, query, rows, segment,
};

/// Coupang as it is asked.
pub(super) struct Client;

/// The calls that bring every receipt: one for each `status` in the order a return goes through
/// them, and one for what was cancelled before it was prepared, which has no status.
const RECEIPTS: &[&str] = &["RU", "UC", "PR", "CC", CANCELS];
const CANCELS: &str = "CANCEL";

/// New returns and cancels, asked often.
const RETURNS_BY_MINUTE: Feed = Feed {
    id: "returns-by-minute",
    title: Title { ko: "새 반품·취소 접수", en: "new returns and cancels" },
    kinds: &[RETURN],
    step: Step::Minute,
    // One page allows 31 days, an older one 24 hours.
    window_max: SignedDuration::from_hours(24),
    parts: RECEIPTS,
    paging: Paging::None,
    // An order shows in lists ten minutes late; its cancel can't show sooner.
    overlap: SignedDuration::from_mins(20),
    again: SignedDuration::ZERO,
    promise: SignedDuration::from_mins(5),
};

/// All of the last month's returns and cancels: what became of them.
const RETURNS_BY_DAY: Feed = Feed {
    id: "returns-by-day",
    title: Title {
        ko: "반품·취소 진행 (한 달)", en: "what became of returns and cancels"
    },
    kinds: &[RETURN],
    step: Step::Day,
    window_max: days(31),
    parts: RECEIPTS,
    paging: Paging::Token,
    overlap: days(1),
    again: days(31),
    promise: SignedDuration::from_hours(26),
};

const EXCHANGES: Feed = Feed {
    id: "exchanges",
    title: Title { ko: "교환", en: "exchanges" },
    kinds: &[EXCHANGE],
    step: Step::Minute,
    // «createdAtTo - createdAtFrom should less then 7day»
    window_max: SignedDuration::from_mins(7 * 24 * 60 - 1),
    parts: &[""],
    paging: Paging::Token,
    overlap: SignedDuration::from_mins(20),
    again: days(31),
    promise: SignedDuration::from_mins(5),
};

const WITHDRAWALS: Feed = Feed {
    id: "withdrawals",
    title: Title { ko: "철회", en: "withdrawals" },
    kinds: &[WITHDRAWAL],
    step: Step::Day,
    window_max: days(7),
    parts: &[""],
    paging: Paging::Numbers,
    overlap: days(1),
    again: days(31),
    promise: SignedDuration::from_mins(15),
};

/// One return. One taken back is documented as not there.
const ONE_RETURN: Lookup = Lookup { id: "return", kind: RETURN, keys_max: 1 };

/// Which of these returns were taken back.
const TAKEN_BACK: Lookup = Lookup { id: "withdrawals", kind: WITHDRAWAL, keys_max: 50 };

/// One box of an order. One all of which was cancelled or returned is documented as not there.
const ONE_BOX: Lookup = Lookup { id: "order-sheet", kind: ORDER_SHEET, keys_max: 1 };

/// An order's boxes, asked by `orderId`.
const BOXES: Lookup = Lookup { id: "order-sheets", kind: ORDER_SHEET, keys_max: 1 };

/// Rows on a page: the documented defaults, said so that a full page is known as one.
const RETURN_ROWS: usize = 50;
const EXCHANGE_ROWS: usize = 10;

const fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

static FEEDS: [Feed; 4] = [RETURNS_BY_MINUTE, RETURNS_BY_DAY, EXCHANGES, WITHDRAWALS];
static LOOKUPS: [Lookup; 4] = [ONE_RETURN, TAKEN_BACK, ONE_BOX, BOXES];

impl Connector for Client {
    fn address(&self) -> &'static str {
        "https://api-gateway.coupang.com"
    }

    // «key valid 180 days»
    fn key_days(&self) -> Option<u32> {
        Some(180)
    }

    fn feeds(&self) -> &'static [Feed] {
        &FEEDS
    }

    fn lookups(&self) -> &'static [Lookup] {
        &LOOKUPS
    }

    fn put(&self, upstream: &Upstream, ask: &Ask) -> Unsigned {
        let get = |version, call: &str, query| Unsigned {
            method: Method::GET,
            path: path(upstream, version, call),
            query,
            headers: Vec::new(),
            body: Vec::new(),
        };
        match ask {
            Ask::List { feed, .. } if feed.kinds == [RETURN] => {
                get("v6", "returnRequests", list_query(ask))
            }
            Ask::List { feed, .. } if feed.kinds == [EXCHANGE] => {
                get("v4", "exchangeRequests", list_query(ask))
            }
            Ask::List { .. } => get("v4", "returnWithdrawRequests", list_query(ask)),
            Ask::Keys { lookup, keys } if lookup.kind == RETURN => {
                let receipt = keys.first().map(String::as_str).unwrap_or_default();
                get("v6", &format!("returnRequests/{}", segment(receipt)), String::new())
            }
            Ask::Keys { lookup, keys } if lookup.kind == ORDER_SHEET => {
                let number = segment(keys.first().map(String::as_str).unwrap_or_default());
                let call = if lookup.id == BOXES.id {
                    format!("{number}/ordersheets")
                } else {
                    format!("ordersheets/{number}")
                };
                get("v5", &call, String::new())
            }
            Ask::Keys { keys, .. } => {
                let receipts: Vec<i64> = keys.iter().filter_map(|key| key.parse().ok()).collect();
                Unsigned {
                    method: Method::POST,
                    path: path(upstream, "v4", "returnWithdrawList"),
                    query: String::new(),
                    headers: vec![("Content-Type", "application/json;charset=UTF-8".to_owned())],
                    body: serde_json::json!({ "cancelIds": receipts }).to_string().into_bytes(),
                }
            }
        }
    }

    fn read(&self, ask: &Ask, said: &HttpSaid) -> Result<FeedPage, ReadFailure> {
        if said.status != StatusCode::OK {
            return Err(refused(said));
        }
        if said.is_html() {
            return Err(ReadFailure::Unreadable("a page in HTML"));
        }
        let envelope = Envelope::parse(&said.body)?;
        let code = envelope.text("code");
        if code.as_deref() != Some("200") {
            let late = envelope.text("message").is_some_and(|message| timed_out(&message));
            let failing = said.failing(code.as_deref());
            return Err(if late { ReadFailure::TooMuch } else { ReadFailure::Failed(failing) });
        }
        let data = match envelope.get("data") {
            Some(data) if data.get() != "null" => data,
            Some(_) | None => return Err(ReadFailure::Unreadable("a success without data")),
        };
        let rows = rows(data)?;
        let (kind, next) = match ask {
            Ask::Keys { lookup, .. } => (lookup.kind, None),
            Ask::List { feed, .. } => (feed.kinds[0], next(feed, &envelope, rows.len())?),
        };
        Ok(FeedPage { records: records(kind, &rows), next, total: None })
    }

    /// Returns are asked for in their sixth version, order sheets in their fifth.
    fn heard(&self, kind: &str, body: &[u8]) -> Vec<u8> {
        match kind {
            RETURN => version::write(body, Version::V6).into_owned(),
            ORDER_SHEET => version::write_sheet(body, Version::V6).into_owned(),
            _ => body.to_vec(),
        }
    }

    /// What was ordered, for how much and when stands on no claim.
    fn wants(&self, record: &crate::Reading) -> Vec<(&'static str, String)> {
        if !matches!(record.kind, RETURN | EXCHANGE) {
            return Vec::new();
        }
        let order = record.found.terms.iter().find(|(term, _)| *term == Term::Order);
        order.map(|(_, order)| (BOXES.id, order.clone())).into_iter().collect()
    }

    fn missed(&self, record: &crate::Reading) -> Vec<(&'static str, String)> {
        if record.kind != RETURN {
            return Vec::new();
        }
        [TAKEN_BACK, ONE_RETURN].map(|lookup| (lookup.id, record.key.clone())).into()
    }

    fn deeds(&self) -> &'static [Ability] {
        &deeds::ABILITIES
    }

    fn couriers(&self) -> &'static [(&'static str, &'static str)] {
        &couriers::COMMON
    }

    fn put_deed(&self, upstream: &Upstream, deed: &Deed) -> Option<Unsigned> {
        deeds::put(upstream, deed)
    }

    fn read_deed(&self, _: &Deed, said: &HttpSaid) -> Outcome {
        deeds::read(said)
    }
}

fn path(upstream: &Upstream, version: &str, call: &str) -> String {
    let vendor = segment(upstream.credential(VENDOR_ID));
    format!("/v2/providers/openapi/apis/api/{version}/vendors/{vendor}/{call}")
}

/// The query of a list. Where no page says whether the last step named is inside, the one after it
/// is named: rows at the seam of two windows come twice then, and never not at all.
fn list_query(ask: &Ask) -> String {
    let Ask::List { feed, window, part, page } = ask else { return String::new() };
    let span = window.span();
    let rows = page_rows(feed).to_string();
    let page = match page {
        Some(Page::Token(token)) => Cow::Borrowed(token.as_str()),
        Some(Page::Number(number)) => Cow::Owned(number.to_string()),
        None => Cow::Borrowed(""),
    };
    let (from, to) = match (feed.step, feed.paging) {
        (Step::Day, _) => (window.first_day().to_string(), window.last_day().to_string()),
        (Step::Minute, Paging::None) => (written(span.from, MINUTE), written(span.until, MINUTE)),
        (Step::Minute, Paging::Token | Paging::Numbers) => {
            (written(span.from, SECOND), written(span.until, SECOND))
        }
    };
    let mut all: Vec<(&str, &str)> = Vec::with_capacity(6);
    match feed.paging {
        Paging::None => {
            all.push(("searchType", "timeFrame"));
            all.extend([("createdAtFrom", from.as_str()), ("createdAtTo", &to)]);
        }
        Paging::Token => {
            all.extend([("createdAtFrom", from.as_str()), ("createdAtTo", &to)]);
            all.push(("maxPerPage", &rows));
            all.push(("nextToken", &page));
        }
        Paging::Numbers => {
            all.extend([("dateFrom", from.as_str()), ("dateTo", &to), ("sizePerPage", &rows)]);
            all.push(("pageIndex", &page));
        }
    }
    match *part {
        "" => {}
        CANCELS => all.push(("cancelType", CANCELS)),
        status => all.push(("status", status)),
    }
    all.retain(|(_, value)| !value.is_empty());
    query(&all)
}

const MINUTE: &str = "%Y-%m-%dT%H:%M";
const SECOND: &str = "%Y-%m-%dT%H:%M:%S";

/// A time as it is in Korea, without a zone.
fn written(at: Timestamp, form: &str) -> String {
    KST.to_datetime(at).strftime(form).to_string()
}

fn page_rows(feed: &Feed) -> usize {
    match (feed.paging, feed.step) {
        (Paging::None, _) => usize::MAX,
        (Paging::Numbers, _) => PAGE_ROWS_MAX,
        (Paging::Token, Step::Day) => RETURN_ROWS,
        (Paging::Token, Step::Minute) => EXCHANGE_ROWS,
    }
}

/// The page after one with so many rows. The last one says `""`; one that says nothing is the last
/// only if it isn't full.
fn next(feed: &Feed, envelope: &Envelope<'_>, rows: usize) -> Result<Option<Page>, ReadFailure> {
    let name = match feed.paging {
        Paging::None => return Ok(None),
        Paging::Token => "nextToken",
        Paging::Numbers => "nextPageIndex",
    };
    let said = envelope.get(name).filter(|value| value.get() != "null");
    if said.is_none() && rows >= page_rows(feed) {
        return Err(ReadFailure::Unreadable(
            "a full page that doesn't say whether another follows",
        ));
    }
    if said.is_none() {
        return Ok(None);
    }
    let wrong = ReadFailure::Unreadable("a page after this one that can't be asked for");
    let next = envelope.text(name).ok_or(wrong.clone())?;
    match (next.trim(), feed.paging) {
        ("", _) => Ok(None),
        (next, Paging::Numbers) => {
            let number = next.parse().ok().filter(|number| *number > 1);
            number.map(|number| Some(Page::Number(number))).ok_or(wrong)
        }
        (_, Paging::Token | Paging::None) => Ok(Some(Page::Token(next.into_owned()))),
    }
}

fn records(kind: &'static str, rows: &[&RawValue]) -> Vec<Record> {
    let record = |row: &&RawValue| Record {
        kind,
        media: Media::Json,
        body: row.get().as_bytes().to_vec(),
        marks: Marks::new(),
    };
    rows.iter().map(record).collect()
}

/// What an answer without HTTP's 200 means, from the words the pages and live clients know.
fn refused(said: &HttpSaid) -> ReadFailure {
    let envelope = Envelope::parse(&said.body).ok();
    let text = |name| envelope.as_ref().and_then(|envelope| envelope.text(name));
    let message = text("message").unwrap_or_default();
    match said.status.as_u16() {
        401 if message.contains("signature is expired") => ReadFailure::Denied(Denied::Clock),
        400 if message.starts_with("ReceiptId doesn't belong")
            || message.starts_with("shipmentBoxId or orderId doesn't belong")
            || message.starts_with("해당 주문이 취소 또는 반품") =>
        {
            ReadFailure::NotThere
        }
        400 if message == "Invalid vendor ID" => ReadFailure::Denied(Denied::Key),
        400 if message.contains("not equals gateway's vendorId") => {
            ReadFailure::Denied(Denied::Key)
        }
        // Gone, not deployed, locked: the channel's doing, and not the question's.
        410 | 412 | 423 | 500.. if timed_out(&message) => ReadFailure::TooMuch,
        410 | 412 | 423 => ReadFailure::Failed(said.failing(text("code").as_deref())),
        _ => said.failure(text("code").as_deref()),
    }
}

fn timed_out(message: &str) -> bool {
    message.starts_with("Request timed out")
}

#[cfg(test)]
mod tests;
