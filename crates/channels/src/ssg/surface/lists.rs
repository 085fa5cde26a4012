//! The lists beside the cancelled orders: cancel requests, what became of an order, and what comes
//! back.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use hoesu_claims::time::Between;
use hoesu_claims::{Moment, State as Word, Term};
use hoesu_ledger::Held;

use super::{Caller, List, all, answered, earliest_first, sent};
use crate::Desk;
use crate::ssg::body::{Root, required, wrong_form};
use crate::ssg::facts::RETURN_PROCESS_NAMES;
use crate::ssg::read::{CANCEL_REQUEST, ORDER, RETURN};
use crate::ssg::record::Record;
use crate::ssg::refusal::Refused;
use crate::ssg::search::days;
use crate::ssg::wire::{
    ASK_TARGETS, ORDER_ROW, REQUEST_ROW, RESULT_DATA, TARGET, TARGET_ROW, TARGETS,
};

pub(super) async fn requests(
    State(desk): State<Desk>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    answered(&headers, open_requests(&desk, &headers, query).await)
}

/// The open ones alone: what was decided or taken back is in no list any more.
async fn open_requests(
    desk: &Desk,
    headers: &HeaderMap,
    query: Option<String>,
) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let query = query.unwrap_or_default();
    let first = parameter(&query, "perdStrDts")?.ok_or_else(|| required("perdStrDts"))?;
    let last = parameter(&query, "perdEndDts")?.ok_or_else(|| required("perdEndDts"))?;
    let mut asked = earliest_first(caller.account(), CANCEL_REQUEST);
    asked.during = days(first, last)?;
    let mut rows = all(desk, asked).await?;
    rows.retain(|row| !row.document.marks.contains_key(&Moment::Gone));
    caller.answer(&rows, &REQUEST_ROW, List::Bare(RESULT_DATA))
}

/// A parameter of a query, as it was sent; `None` if it is missing or empty. What needs percent signs
/// is no value of these calls.
pub(super) fn parameter<'q>(query: &'q str, name: &str) -> Result<Option<&'q str>, Refused> {
    let mut values = query.split('&').filter_map(|pair| {
        let (member, value) = pair.split_once('=').unwrap_or((pair, ""));
        (member == name).then_some(value)
    });
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(Refused::because(format!("{name} 항목이 두 번 있습니다."))),
        (value, None) => Ok(value.filter(|value| !value.is_empty())),
    }
}

pub(super) async fn order(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Response {
    answered(&headers, order_rows(&desk, &headers, number).await)
}

/// The order's own lines, then its claims'.
async fn order_rows(desk: &Desk, headers: &HeaderMap, number: String) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    if !is_number(&number) {
        return Err(wrong_form("orordNo"));
    }
    let mut query = earliest_first(caller.account(), ORDER);
    query.term(Term::Order, number);
    let mut rows = all(desk, query).await?;
    rows.sort_by(|a, b| place(a).cmp(&place(b)));
    caller.answer(&rows, &ORDER_ROW, List::Bare(RESULT_DATA))
}

/// By division, then number, then line: `ordNo/ordItemSeq/ordItemDiv` read from its end.
fn place(row: &Held) -> (&str, &str, u64) {
    let mut parts = row.document.key.rsplit('/');
    let (division, line) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    (division, parts.next().unwrap_or_default(), line.parse().unwrap_or(u64::MAX))
}

/// Whether a text can be one of SSG.COM's numbers.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What is asked of `listExchangeTarget`.
const TARGETS_ROOT: Root<8> = Root {
    name: ASK_TARGETS,
    members: [
        "perdType",
        "perdStrDts",
        "perdEndDts",
        "shppDivDtlCds",
        "shppProgStatDtlCds",
        "retProcStats",
        "commType",
        "commValue",
    ],
    numbers: true,
};

pub(super) async fn targets(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    answered(&headers, returned(&desk, &headers, body).await)
}

async fn returned(desk: &Desk, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let [by, first, last, ways, progress, process, about, value] =
        TARGETS_ROOT.read(media, &body)?;
    let mut query = earliest_first(caller.account(), RETURN);
    match (about, value) {
        (None, None) => {
            let by = by.ok_or_else(|| required("perdType"))?;
            query.moment(moment(&by)?, period(first.as_deref(), last.as_deref())?);
        }
        (None, Some(_)) => return Err(required("commType")),
        (Some(_), None) => return Err(required("commValue")),
        (Some(about), Some(value)) => {
            if !is_number(&value) {
                return Err(wrong_form("commValue"));
            }
            match about.as_str() {
                "02" => query.term(Term::Order, value),
                "03" => query.term(Term::Claim, value),
                _ => return Err(unknown("commType", "02, 03")),
            }
            if let Some(by) = by {
                query.moment(moment(&by)?, period(first.as_deref(), last.as_deref())?);
            }
        }
    }
    if let Some(ways) = ways {
        query.state(Word::Type, codes("shppDivDtlCds", &ways, &["21", "22", "23"])?);
    }
    if let Some(progress) = progress {
        let known = ["61", "62", "63", "64", "65", "66"];
        query.state(Word::ReturnStatus, codes("shppProgStatDtlCds", &progress, &known)?);
    }
    let mut rows = all(desk, query).await?;
    if let Some(process) = process {
        let codes = codes("retProcStats", &process, &["10", "20", "30", "40", "50", "60"])?;
        rows.retain(|row| process_of(row).is_some_and(|code| codes.contains(&code.to_owned())));
    }
    caller.answer(&rows, &TARGET_ROW, List::Wrapped { outer: TARGETS, inner: TARGET })
}

/// What the days are those of.
fn moment(by: &str) -> Result<Moment, Refused> {
    match by {
        "01" => Ok(Moment::CollectionAsked),
        "02" => Ok(Moment::Completed),
        "04" => Ok(Moment::Arrived),
        "05" => Ok(Moment::Cancelled),
        _ => Err(unknown("perdType", "01, 02, 04, 05")),
    }
}

fn period(first: Option<&str>, last: Option<&str>) -> Result<Between, Refused> {
    let first = first.ok_or_else(|| required("perdStrDts"))?;
    days(first, last.ok_or_else(|| required("perdEndDts"))?)
}

/// A list of codes, `21,22`.
pub(super) fn codes(name: &str, text: &str, known: &[&str]) -> Result<Vec<String>, Refused> {
    let codes = text.split(',').map(|code| {
        let code = code.trim();
        if known.contains(&code) {
            Ok(code.to_owned())
        } else {
            Err(unknown(name, &known.join(", ")))
        }
    });
    codes.collect()
}

pub(super) fn unknown(name: &str, known: &str) -> Refused {
    Refused::because(format!("{name} 항목은 {known} 중 하나여야 합니다."))
}

/// `retProcStats` of a row: said, or said by its name.
fn process_of(row: &Held) -> Option<&'static str> {
    let record = Record::parse(row.document.media, &row.document.body).ok()?;
    let said = |name| record.text(name).ok().flatten();
    let code = said("retProcStats");
    let name = said("retProcStatNm");
    let known = RETURN_PROCESS_NAMES.iter().find(|(known, known_name)| {
        code.as_deref() == Some(*known) || code.is_none() && name.as_deref() == Some(*known_name)
    });
    known.map(|(code, _)| *code)
}
