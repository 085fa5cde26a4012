//! What we answer in SSG.COM's name: one POST, its rows whole, without pages.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::post;
use hoesu_claims::{Media, Term};
use hoesu_ledger::{Account, Held, Order, Query, Start};

use super::profile::{Profile, Quirk};
use super::read::CANCEL;
use super::refusal::{Refused, SUCCESS, refuse, respond};
use super::row::{Form, render};
use super::search::{self, Search};
use super::{ID, auth, negotiate, wire};
use crate::{Desk, Fault, desk, xml};

/// Rows are fetched in portions of this, and answered at once: the list has no pages.
const PORTION_ROWS: usize = 1_000;

/// The router on the channel's exact paths.
pub(super) fn surface(desk: Desk) -> Router {
    let inquiry = post(inquiry)
        .fallback(|headers: HeaderMap| async move { refuse(Fault::MethodNotAllowed, &headers) });
    Router::new().route(wire::INQUIRY, inquiry).with_state(desk)
}

async fn inquiry(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    let media = negotiate::wanted(&headers);
    match answer(&desk, &headers, media, body).await {
        Ok(body) => respond(StatusCode::OK, media, body),
        Err(refused) => refused.respond(media),
    }
}

async fn answer(
    desk: &Desk,
    headers: &HeaderMap,
    media: Media,
    body: Body,
) -> Result<Vec<u8>, Refused> {
    let key = auth::shown(headers).ok_or_else(Refused::wrong_key)?;
    let admitted = desk.ledger.admit(ID, key).await.map_err(Fault::from)?;
    let admitted = admitted.ok_or_else(Refused::wrong_key)?;
    if !negotiate::is_acceptable(headers) {
        return Err(Refused::because(
            "Accept 헤더는 application/json 또는 application/xml이어야 합니다.",
        ));
    }
    let Some(sent) = negotiate::sent(headers) else {
        return Err(Refused::because(
            "Content-Type 헤더는 application/json 또는 application/xml이어야 합니다.",
        ));
    };
    let body = desk::read_body(headers, body).await?;
    let search = search::read(sent, &body)?;
    let rows = find(desk, &admitted.account, search).await?;
    let profile = Profile::of(&admitted.account);
    let rows = written(&rows, Form::of(media, profile))?;
    Ok(envelope(media, profile, &rows))
}

/// Every row looked for, the earliest cancelled first.
async fn find(desk: &Desk, account: &Account, search: Search) -> Result<Vec<Arc<Held>>, Fault> {
    let mut query = Query::all(account.shelf(CANCEL), PORTION_ROWS);
    query.order = Order::Oldest;
    match search {
        Search::Period(days) => query.during = days,
        Search::Order { number, lines } => {
            query.term(Term::Order, number);
            if !lines.is_empty() {
                query.terms.push((Term::Line, lines));
            }
        }
    }
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

fn written(rows: &[Arc<Held>], form: Form) -> Result<Vec<Bytes>, Fault> {
    let written = rows.iter().map(|row| {
        row.try_form(form.slot(), |document| {
            render(document.media, &document.body, form).map(Bytes::from)
        })
    });
    written.collect::<Result<_, _>>().map_err(|refusal| {
        tracing::error!(field = refusal.field, why = refusal.why, "a stored row cannot be written");
        Fault::Broken
    })
}

/// The answer: JSON `{"result":{…,"data":[…]}}`, XML `<result>…<data>…</data>…</result>`; no `data`
/// if there are no rows.
pub(super) fn envelope(media: Media, profile: Profile, rows: &[Bytes]) -> Vec<u8> {
    let size: usize = rows.iter().map(|row| row.len() + 1).sum();
    let mut out = Vec::with_capacity(size + 128);
    match media {
        Media::Json => {
            out.extend_from_slice(b"{\"result\":{");
            SUCCESS.write(media, &mut out);
            match rows {
                [] => {}
                [one] if profile.has(Quirk::OneAsBareObject) => {
                    out.extend_from_slice(b",\"data\":");
                    out.extend_from_slice(one);
                }
                rows => {
                    out.extend_from_slice(b",\"data\":[");
                    for (nth, row) in rows.iter().enumerate() {
                        if nth > 0 {
                            out.push(b',');
                        }
                        out.extend_from_slice(row);
                    }
                    out.push(b']');
                }
            }
            out.extend_from_slice(b"}}");
        }
        Media::Xml => {
            xml::open(&mut out, wire::RESULT);
            SUCCESS.write(media, &mut out);
            for row in rows {
                out.extend_from_slice(row);
            }
            xml::close(&mut out, wire::RESULT);
        }
    }
    out
}
