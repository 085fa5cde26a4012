//! SSG.COM as we ask it: cancelled orders, cancel requests, returns and exchanges, by whole days, which
//! come at once without pages; and what became of an order, by its number.

mod answer;
mod deeds;

use axum::http::{Method, StatusCode};
use hoesu_claims::Term;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::{Value, json};

use self::answer::Answer;
use super::read::{CANCEL, CANCEL_REQUEST, ORDER, RETURN};
use super::refusal::SUCCESS;
use super::stall::COURIERS;
use super::wire::{ASK_TARGETS, CANCEL_REQUESTS, EXCHANGE_TARGETS, INQUIRY, ORDERS, ROOT};
use crate::connect::{
    Ability, Ask, Connector, Deed, Feed, FeedPage, HttpSaid, Lookup, Outcome, Paging, ReadFailure,
    Step, Unsigned, Upstream, query, segment,
};
use crate::{Setting, Title, xml};

/// SSG.COM as it is asked.
pub(super) struct Client;

/// The account setting that chooses how questions and answers are written.
pub(super) const ASK_IN: Setting = Setting {
    name: "ask_in",
    what: Title {
        ko: "채널에 JSON(기본값) 또는 XML로 물어봅니다",
        en: "asks the channel in JSON (default) or in XML",
    },
    values: &["json", "xml"],
    secret: false,
};

/// What the days of a return are counted by (`perdType`), in the order they come: 회수지시일,
/// 회수확인일, 회수완료일, 회수철회일.
const RETURN_DAYS: &[&str] = &["01", "04", "02", "05"];

const fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

const fn feed(
    id: &'static str,
    title: Title,
    kinds: &'static [&'static str],
    parts: &'static [&'static str],
    overlap: SignedDuration,
) -> Feed {
    Feed {
        id,
        title,
        kinds,
        step: Step::Day,
        // The last day counts: the end lies at most six after the start.
        window_max: days(7),
        parts,
        paging: Paging::None,
        overlap,
        again: days(31),
        promise: SignedDuration::from_mins(5),
    }
}

/// Requests and returns change without a day of their own for it (62, 65, refused): six days back and
/// today are still one window, so that each reading sees what changed within the week.
static FEEDS: [Feed; 3] = [
    feed("cancels", Title { ko: "취소 완료", en: "cancelled orders" }, &[CANCEL], &[""], days(1)),
    feed(
        "cancel-requests",
        Title { ko: "취소 요청", en: "cancel requests" },
        &[CANCEL_REQUEST],
        &[""],
        days(6),
    ),
    feed(
        "returns",
        Title { ko: "반품·교환", en: "returns and exchanges" },
        &[RETURN],
        RETURN_DAYS,
        days(6),
    ),
];

/// Asked with `orordNo`; brings a row for each line, and for what each claim took of it.
static LOOKUPS: [Lookup; 1] = [Lookup { id: "order", kind: ORDER, keys_max: 1 }];

/// What brings the order of a record.
fn order_of(record: &crate::Reading) -> Vec<(&'static str, String)> {
    let order = record.found.terms.iter().find(|(term, _)| *term == Term::Order);
    order.map(|(_, number)| (LOOKUPS[0].id, number.clone())).into_iter().collect()
}

/// JSON or XML, as the account asks.
fn in_xml(upstream: &Upstream) -> bool {
    upstream.setting(ASK_IN.name) == Some("xml")
}

/// A call without its body.
fn call(upstream: &Upstream, method: Method, path: &str) -> Unsigned {
    let (content, accept) = if in_xml(upstream) {
        ("application/xml;charset=UTF-8", "application/xml")
    } else {
        ("application/json;charset=UTF-8", "application/json")
    };
    Unsigned {
        method,
        path: path.to_owned(),
        query: String::new(),
        headers: vec![("Content-Type", content.to_owned()), ("Accept", accept.to_owned())],
        body: Vec::new(),
    }
}

/// A body of texts under one root.
fn body(upstream: &Upstream, root: &str, members: &[(&str, &str)]) -> Vec<u8> {
    if in_xml(upstream) {
        let mut out = Vec::with_capacity(256);
        xml::open(&mut out, root);
        for (name, value) in members {
            xml::leaf(&mut out, name, value);
        }
        xml::close(&mut out, root);
        return out;
    }
    let members = members.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
    json!({ root: members.collect::<serde_json::Map<_, _>>() }).to_string().into_bytes()
}

impl Connector for Client {
    fn address(&self) -> &'static str {
        "https://eapi.ssgadm.com"
    }

    fn feeds(&self) -> &'static [Feed] {
        &FEEDS
    }

    fn lookups(&self) -> &'static [Lookup] {
        &LOOKUPS
    }

    fn put(&self, upstream: &Upstream, ask: &Ask) -> Unsigned {
        let (feed, window, part) = match ask {
            Ask::List { feed, window, part, .. } => (*feed, window, *part),
            Ask::Keys { keys, .. } => {
                let number = keys.first().map(String::as_str).unwrap_or_default();
                return call(upstream, Method::GET, &format!("{ORDERS}{}", segment(number)));
            }
        };
        let (first, last) = (compact(window.first_day()), compact(window.last_day()));
        let days = [("perdStrDts", &*first), ("perdEndDts", &*last)];
        if feed.kinds == [CANCEL] {
            Unsigned { body: body(upstream, ROOT, &days), ..call(upstream, Method::POST, INQUIRY) }
        } else if feed.kinds == [RETURN] {
            let [first, last] = days;
            // 21 a return's way back, 22 an exchange's.
            let asked = [("perdType", part), first, last, ("shppDivDtlCds", "21,22")];
            Unsigned {
                body: body(upstream, ASK_TARGETS, &asked),
                ..call(upstream, Method::POST, EXCHANGE_TARGETS)
            }
        } else {
            Unsigned { query: query(&days), ..call(upstream, Method::GET, CANCEL_REQUESTS) }
        }
    }

    /// Whatever the status: a 500 has a body as well, and a 200 may say that it failed.
    fn read(&self, ask: &Ask, said: &HttpSaid) -> Result<FeedPage, ReadFailure> {
        let kind = match ask {
            Ask::List { feed, .. } => feed.kinds[0],
            Ask::Keys { lookup, .. } => lookup.kind,
        };
        let answer = Answer::of(&said.body);
        let code = answer.as_ref().ok().and_then(Answer::code);
        if said.status != StatusCode::OK {
            return Err(said.failure(code.as_deref()));
        }
        if said.is_html() {
            return Err(ReadFailure::Unreadable("a page in HTML"));
        }
        let answer = answer?;
        if code.as_deref() != Some(SUCCESS.code) {
            return Err(ReadFailure::Failed(said.failing(code.as_deref())));
        }
        Ok(FeedPage { records: answer.records(kind)?, next: None, total: None })
    }

    /// A cancel is asked for: whether it still can be granted is said by the order alone.
    fn wants(&self, record: &crate::Reading) -> Vec<(&'static str, String)> {
        if record.kind != CANCEL_REQUEST {
            return Vec::new();
        }
        order_of(record)
    }

    fn missed(&self, record: &crate::Reading) -> Vec<(&'static str, String)> {
        if matches!(record.kind, CANCEL | CANCEL_REQUEST | RETURN) {
            order_of(record)
        } else {
            Vec::new()
        }
    }

    fn deeds(&self) -> &'static [Ability] {
        &deeds::ABILITIES
    }

    fn couriers(&self) -> &'static [(&'static str, &'static str)] {
        &COURIERS
    }

    fn put_deed(&self, upstream: &Upstream, deed: &Deed) -> Option<Unsigned> {
        deeds::put(upstream, deed)
    }

    fn read_deed(&self, _: &Deed, said: &HttpSaid) -> Outcome {
        deeds::read(said)
    }
}

/// `yyyyMMdd`.
fn compact(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

#[cfg(test)]
mod tests;
