//! SSG.COM as we ask it: cancelled orders, cancel requests, returns and exchanges, always in JSON
//! and by whole days, which come at once without pages.

use axum::http::{Method, StatusCode};
use hoesu_claims::Media;
use hoesu_claims::document::Marks;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::json;
use serde_json::value::RawValue;

use super::read::{CANCEL, CANCEL_REQUEST, RETURN};
use super::refusal::SUCCESS;
use super::wire::{DATA, INQUIRY, RESULT, RESULT_CODE};
use crate::connect::{
    Ask, Connector, Envelope, Feed, FeedPage, HttpSaid, Paging, ReadFailure, Record, Step,
    Unsigned, Upstream, query, rows,
};

/// SSG.COM as it is asked.
pub(super) struct Client;

const CANCEL_REQUESTS: &str = "/api/claim/v2/cancel/requests";
const EXCHANGE_TARGETS: &str = "/api/pd/1/listExchangeTarget.ssg";

/// What the days of a return are counted by (`perdType`), in the order they come: 회수지시일,
/// 회수확인일, 회수완료일, 회수철회일.
const RETURN_DAYS: &[&str] = &["01", "04", "02", "05"];

const fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

const fn feed(
    id: &'static str,
    kinds: &'static [&'static str],
    parts: &'static [&'static str],
) -> Feed {
    Feed {
        id,
        kinds,
        step: Step::Day,
        // The last day counts: the end lies at most six after the start.
        window_max: days(7),
        parts,
        paging: Paging::None,
        overlap: days(1),
        again: days(31),
        promise: SignedDuration::from_mins(5),
    }
}

static FEEDS: [Feed; 3] = [
    feed("cancels", &[CANCEL], &[""]),
    feed("cancel-requests", &[CANCEL_REQUEST], &[""]),
    feed("returns", &[RETURN], RETURN_DAYS),
];

impl Connector for Client {
    fn address(&self) -> &'static str {
        "https://eapi.ssgadm.com"
    }

    fn feeds(&self) -> &'static [Feed] {
        &FEEDS
    }

    fn put(&self, _: &Upstream, ask: &Ask) -> Unsigned {
        let mut call = Unsigned {
            method: Method::POST,
            path: INQUIRY.to_owned(),
            query: String::new(),
            headers: vec![
                ("Content-Type", "application/json;charset=UTF-8".to_owned()),
                ("Accept", "application/json".to_owned()),
            ],
            body: Vec::new(),
        };
        let Ask::List { feed, window, part, .. } = ask else { return call };
        let (first, last) = (compact(window.first_day()), compact(window.last_day()));
        let body = if feed.kinds == [CANCEL] {
            json!({ "request": { "perdStrDts": first, "perdEndDts": last } })
        } else if feed.kinds == [RETURN] {
            EXCHANGE_TARGETS.clone_into(&mut call.path);
            // 21 a return's way back, 22 an exchange's.
            json!({ "requestExchangeTarget": {
                "perdType": part,
                "perdStrDts": first,
                "perdEndDts": last,
                "shppDivDtlCds": "21,22",
            } })
        } else {
            call.method = Method::GET;
            CANCEL_REQUESTS.clone_into(&mut call.path);
            call.query = query(&[("perdStrDts", &first), ("perdEndDts", &last)]);
            return call;
        };
        call.body = body.to_string().into_bytes();
        call
    }

    /// Whatever the status: a 500 has a body as well, and a 200 may say that it failed.
    fn read(&self, ask: &Ask, said: &HttpSaid) -> Result<FeedPage, ReadFailure> {
        let Ask::List { feed, .. } = ask else {
            return Err(ReadFailure::Unreadable("an answer nobody asked for"));
        };
        let envelope = Envelope::parse(&said.body);
        let result = envelope.as_ref().ok().and_then(|envelope| envelope.get(RESULT));
        let result = result.map(Envelope::of).transpose();
        let code = match &result {
            Ok(Some(result)) => result.text(RESULT_CODE),
            Ok(None) | Err(_) => None,
        };
        if said.status != StatusCode::OK {
            return Err(said.failure(code.as_deref()));
        }
        if said.is_html() {
            return Err(ReadFailure::Unreadable("a page in HTML"));
        }
        envelope?;
        let result = result?.ok_or(ReadFailure::Unreadable("an answer without its result"))?;
        if code.as_deref() != Some(SUCCESS.code) {
            return Err(ReadFailure::Failed(said.failing(code.as_deref())));
        }
        let records = list(feed, &result)?.into_iter().map(|row| Record {
            kind: feed.kinds[0],
            media: Media::Json,
            body: row.get().as_bytes().to_vec(),
            marks: Marks::new(),
        });
        Ok(FeedPage { records: records.collect(), next: None, total: None })
    }
}

/// The rows of a success. Each family of calls keeps them elsewhere; a list of none is left out.
fn list<'a>(feed: &Feed, result: &Envelope<'a>) -> Result<Vec<&'a RawValue>, ReadFailure> {
    let list = |name| result.get(name).map_or(Ok(Vec::new()), rows);
    if feed.kinds == [CANCEL] {
        return list(DATA);
    }
    if feed.kinds == [CANCEL_REQUEST] {
        return list("resultData");
    }
    let mut all = Vec::new();
    for wrapper in list("exchangeTargets")? {
        let inside = Envelope::of(wrapper)?.get("exchangeTarget");
        let inside = inside.ok_or(ReadFailure::Unreadable("a wrapper without its rows"))?;
        all.extend(rows(inside)?);
    }
    Ok(all)
}

/// `yyyyMMdd`.
fn compact(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

#[cfg(test)]
mod tests;
