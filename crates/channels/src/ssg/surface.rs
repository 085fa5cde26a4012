//! What we answer in SSG.COM's name: rows whole, without pages, and what callers ask to be done.

mod acts;
mod lists;
mod shipments;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use hoesu_claims::{Media, Term};
use hoesu_ledger::{Account, Admitted, Held, Order, Query, Start};

use super::profile::{Profile, Quirk};
use super::read::CANCEL;
use super::refusal::{Refused, SUCCESS, refuse, respond};
use super::row::{Form, Shape};
use super::search::{self, Search};
use super::wire::{CANCEL_ROW, DATA};
use super::{ID, auth, negotiate, wire};
use crate::{Desk, Fault, desk, xml};

/// Rows are fetched in portions of this, and answered at once: the lists have no pages.
const PORTION_ROWS: usize = 1_000;

/// The router on the channel's exact paths. What callers ask to be done is there only where it can be.
pub(super) fn surface(desk: Desk) -> Router {
    let router = Router::new()
        .route(wire::INQUIRY, only(post(inquiry)))
        .route(wire::CANCEL_REQUESTS, only(get(lists::requests)))
        .route(&format!("{}{{number}}", wire::ORDERS), only(get(lists::order)))
        .route(wire::EXCHANGE_TARGETS, only(post(lists::targets)))
        .route(wire::DIRECTIONS, only(post(shipments::directions)))
        .route(wire::WAREHOUSE_OUTS, only(post(shipments::warehouse_outs)));
    let router = if desk.floor.is_some() { router.merge(acts::router()) } else { router };
    router.with_state(desk)
}

/// Other methods are refused in form.
fn only(methods: MethodRouter<Desk>) -> MethodRouter<Desk> {
    methods.fallback(|headers: HeaderMap| async move { refuse(Fault::MethodNotAllowed, &headers) })
}

/// Who asks, and in which form the answer is wanted.
struct Caller {
    admitted: Arc<Admitted>,
    media: Media,
}

impl Caller {
    async fn of(desk: &Desk, headers: &HeaderMap) -> Result<Self, Refused> {
        let key = auth::shown(headers).ok_or_else(Refused::wrong_key)?;
        let admitted = desk.ledger.admit(ID, key).await.map_err(Fault::from)?;
        let admitted = admitted.ok_or_else(Refused::wrong_key)?;
        if !negotiate::is_acceptable(headers) {
            return Err(Refused::because(
                "Accept 헤더는 application/json 또는 application/xml이어야 합니다.",
            ));
        }
        Ok(Self { admitted, media: negotiate::wanted(headers) })
    }

    fn account(&self) -> &Account {
        &self.admitted.account
    }

    /// Rows as they are answered to this caller.
    fn answer(&self, rows: &[Arc<Held>], shape: &Shape, list: List) -> Result<Vec<u8>, Refused> {
        let profile = Profile::of(self.account());
        let rows = written(rows, shape, Form::of(self.media, profile))?;
        Ok(envelope(self.media, profile, list, &rows))
    }
}

/// A body, and how it is written.
async fn sent(headers: &HeaderMap, body: Body) -> Result<(Media, Bytes), Refused> {
    let Some(media) = negotiate::sent(headers) else {
        return Err(Refused::because(
            "Content-Type 헤더는 application/json 또는 application/xml이어야 합니다.",
        ));
    };
    Ok((media, desk::read_body(headers, body).await?))
}

/// The answer in the form asked for, whatever it is.
fn answered(headers: &HeaderMap, answer: Result<Vec<u8>, Refused>) -> Response {
    let media = negotiate::wanted(headers);
    match answer {
        Ok(body) => respond(StatusCode::OK, media, body),
        Err(refused) => refused.respond(media),
    }
}

async fn inquiry(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    answered(&headers, cancels(&desk, &headers, body).await)
}

async fn cancels(desk: &Desk, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let search = search::read(media, &body)?;
    let mut query = earliest_first(caller.account(), CANCEL);
    match search {
        Search::Period(days) => query.during = days,
        Search::Order { number, lines } => {
            query.term(Term::Order, number);
            if !lines.is_empty() {
                query.terms.push((Term::Line, lines));
            }
        }
    }
    caller.answer(&all(desk, query).await?, &CANCEL_ROW, List::Bare(DATA))
}

/// Everything of a kind, the earliest first.
fn earliest_first(account: &Account, kind: &'static str) -> Query {
    let mut query = Query::all(account.shelf(kind), PORTION_ROWS);
    query.order = Order::Oldest;
    query
}

/// Every row looked for.
async fn all(desk: &Desk, mut query: Query) -> Result<Vec<Arc<Held>>, Fault> {
    let mut rows = Vec::new();
    loop {
        let portion = desk.ledger.list(&query).await?;
        rows.extend(portion.rows);
        match portion.next {
            Some(rank) => query.start = Start::After(rank),
            None => return Ok(rows),
        }
    }
}

fn written(rows: &[Arc<Held>], shape: &Shape, form: Form) -> Result<Vec<Bytes>, Fault> {
    let written = rows.iter().map(|row| {
        row.try_form(form.slot(), |document| {
            shape.render(document.media, &document.body, form).map(Bytes::from)
        })
    });
    written.collect::<Result<_, _>>().map_err(|refusal| {
        tracing::error!(field = refusal.field, why = refusal.why, "a stored row cannot be written");
        Fault::Broken
    })
}

/// Where the rows of an answer stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Under one name: JSON `"data":[…]`, XML repeated `<data>`; not there without rows.
    Bare(&'static str),
    /// In a wrapper: JSON `"outer":[{"inner":[…]}]`, XML `<outer><inner>…</inner></outer>`.
    Wrapped {
        /// The wrapper.
        outer: &'static str,
        /// The rows in it.
        inner: &'static str,
    },
}

/// The answer: JSON `{"result":{…}}`, XML `<result>…</result>`.
pub(super) fn envelope(media: Media, profile: Profile, list: List, rows: &[Bytes]) -> Vec<u8> {
    let size: usize = rows.iter().map(|row| row.len() + 1).sum();
    let mut out = Vec::with_capacity(size + 160);
    match media {
        Media::Json => {
            out.extend_from_slice(b"{\"result\":{");
            SUCCESS.write(media, &mut out);
            json_list(&mut out, profile, list, rows);
            out.extend_from_slice(b"}}");
        }
        Media::Xml => {
            xml::open(&mut out, wire::RESULT);
            SUCCESS.write(media, &mut out);
            if let List::Wrapped { outer, .. } = list {
                xml::open(&mut out, outer);
            }
            for row in rows {
                out.extend_from_slice(row);
            }
            if let List::Wrapped { outer, .. } = list {
                xml::close(&mut out, outer);
            }
            xml::close(&mut out, wire::RESULT);
        }
    }
    out
}

fn json_list(out: &mut Vec<u8>, profile: Profile, list: List, rows: &[Bytes]) {
    let (before, name, after) = match list {
        List::Bare(name) => (String::new(), name, ""),
        List::Wrapped { outer, .. } if rows.is_empty() => {
            if profile.has(Quirk::EmptyTextInWrapper) {
                out.extend_from_slice(format!(",\"{outer}\":[\"\"]").as_bytes());
            }
            return;
        }
        List::Wrapped { outer, inner } => (format!("\"{outer}\":[{{"), inner, "}]"),
    };
    if rows.is_empty() {
        return;
    }
    out.extend_from_slice(format!(",{before}\"{name}\":").as_bytes());
    match rows {
        [one] if profile.has(Quirk::OneAsBareObject) => out.extend_from_slice(one),
        rows => {
            out.push(b'[');
            for (nth, row) in rows.iter().enumerate() {
                if nth > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(row);
            }
            out.push(b']');
        }
    }
    out.extend_from_slice(after.as_bytes());
}
