//! What we answer in Coupang's name: returns, exchanges, withdrawals, order sheets; and, where there
//! is a floor to do it on, what sellers have done about them.

mod asking;
mod claims;
mod orders;
mod sheets;

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post, put};
use bytes::BytesMut;
use hoesu_ledger::Admitted;

use super::ask::{Listing, Withdrawals};
use super::auth::{self, Rate};
use super::pages;
use super::params::Params;
use super::quirk::Quirks;
use super::read::{EXCHANGE, RETURN, WITHDRAWAL, is_cancel};
use super::refusal::{Refused, answer, fault_response};
use super::version::{self, Version};
use super::wire::{AboutReceipt, EXCHANGE_MEMBERS, WITHDRAWAL_MEMBERS, WithdrawalsByReceipt};
use crate::desk::read_body;
use crate::json::objects::Object;
use crate::{Desk, Fault, json};

/// Receipts that may be looked for in one call.
const CANCEL_IDS_MAX: usize = 50;

/// What a handler works with.
#[derive(Clone)]
struct Counter {
    desk: Desk,
    rate: Rate,
}

pub(super) fn router(desk: Desk) -> Router {
    let acting = desk.floor.is_some();
    let mut router = Router::new();
    for (version, returns, sheets) in [("v4", true, true), ("v6", true, false), ("v5", false, true)]
    {
        let writes = if version == "v4" { Version::V4 } else { Version::V6 };
        if returns {
            router = router
                .route(
                    &base(version, "returnRequests/{receipt_id}"),
                    get(move |state, path, head| single(state, path, head, writes)),
                )
                .route(
                    &base(version, "returnRequests"),
                    get(move |state, path, head| list(state, path, head, writes)),
                );
        }
        if sheets {
            router = router
                .route(
                    &base(version, "ordersheets"),
                    get(move |state, path, head| sheets::list(state, path, head, writes)),
                )
                .route(
                    &base(version, "ordersheets/{shipment_box_id}"),
                    get(move |state, path, head| sheets::single(state, path, head, writes)),
                )
                .route(
                    &base(version, "{order_id}/ordersheets"),
                    get(move |state, path, head| sheets::by_order(state, path, head, writes)),
                );
        }
    }
    router = router
        .route(&base("v4", "returnWithdrawRequests"), get(withdrawals_by_day))
        .route(&base("v4", "returnWithdrawList"), post(withdrawals_by_receipt))
        .route(&base("v4", "exchangeRequests"), get(exchanges));
    if acting {
        for (version, path, call) in acts() {
            router = router.route(&base(version, path), call);
        }
    }
    router
        .method_not_allowed_fallback(|| async { fault_response(Fault::MethodNotAllowed) })
        .with_state(Counter { desk, rate: Rate::default() })
}

fn base(version: &str, rest: &str) -> String {
    format!("/v2/providers/openapi/apis/api/{version}/vendors/{{vendor_id}}/{rest}")
}

/// What sellers have done: version, path, and who does it. PUT was added beside PATCH.
fn acts() -> Vec<(&'static str, &'static str, MethodRouter<Counter>)> {
    let received = "returnRequests/{receipt_id}/receiveConfirmation";
    let approved = "returnRequests/{receipt_id}/approval";
    let prepared = "ordersheets/acknowledgement";
    let cancelled = "orders/{order_id}/cancel";
    let exchange_received = "exchangeRequests/{exchange_id}/receiveConfirmation";
    vec![
        (
            "v4",
            "returnRequests/{receipt_id}/stoppedShipment",
            put(claims::stopped).patch(claims::stopped),
        ),
        (
            "v4",
            "returnRequests/{receipt_id}/completedShipment",
            put(claims::shipped).patch(claims::shipped),
        ),
        ("v4", received, put(claims::received).patch(claims::received)),
        ("v5", received, put(claims::received).patch(claims::received)),
        ("v4", approved, put(claims::approved).patch(claims::approved)),
        ("v5", approved, put(claims::approved).patch(claims::approved)),
        ("v4", "return-exchange-invoices/manual", post(claims::collected)),
        ("v4", exchange_received, put(claims::exchange_received).patch(claims::exchange_received)),
        (
            "v4",
            "exchangeRequests/{exchange_id}/rejection",
            put(claims::exchange_rejected).patch(claims::exchange_rejected),
        ),
        ("v4", "exchangeRequests/{exchange_id}/invoices", post(claims::exchange_resent)),
        ("v4", prepared, put(orders::acknowledged).patch(orders::acknowledged)),
        ("v5", prepared, put(orders::acknowledged).patch(orders::acknowledged)),
        ("v4", "orders/invoices", post(orders::invoiced)),
        ("v5", cancelled, post(orders::cancelled)),
        ("v6", cancelled, post(orders::cancelled)),
    ]
}

type Answer = Result<Response, Refused>;

type Segments<T> = Result<Path<T>, PathRejection>;

/// The path's own words; empty ones, which no seller has, if they are no text.
fn segments<T: Default>(path: Segments<T>) -> T {
    path.map_or_else(|_| T::default(), |Path(segments)| segments)
}

/// The head of a request: everything a signature covers.
struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl<S: Sync> FromRequestParts<S> for Head {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            headers: std::mem::take(&mut parts.headers),
        })
    }
}

impl Counter {
    async fn enter(&self, vendor: &str, head: &Head) -> Result<Arc<Admitted>, Refused> {
        let Head { method, uri, headers } = head;
        auth::enter(&self.desk, &self.rate, vendor, method, uri, headers).await
    }
}

fn unreadable(refusal: crate::Refusal) -> Refused {
    let crate::Refusal { field, why } = refusal;
    let field = if field.is_empty() { "body" } else { field.as_str() };
    Refused::parameter(format!("{field} {why}"))
}

async fn single(
    State(counter): State<Counter>,
    path: Segments<(String, String)>,
    head: Head,
    version: Version,
) -> Answer {
    let (vendor, receipt) = segments(path);
    let admitted = counter.enter(&vendor, &head).await?;
    let receipt = receipt_number(&receipt)?.ok_or(Refused::NoReceipt)?;
    let (account, ledger) = (&admitted.account, &counter.desk.ledger);
    // A return taken back vanishes from here; only the withdrawal calls still know it.
    let held = ledger.document_unless(account.shelf(RETURN), &receipt, WITHDRAWAL).await?;
    let held = held.ok_or(Refused::NoReceipt)?;
    let slot = match version {
        Version::V4 => 0,
        Version::V6 => 1,
    };
    let body = held.try_form(slot, |document| {
        let members = json::members(&document.body).unwrap_or_default();
        let kind = members.iter().find(|member| member.name == b"receiptType");
        if kind.and_then(json::Member::plain_text).is_some_and(is_cancel) {
            return Err(Refused::NoReceipt);
        }
        let record = version::write(&document.body, version);
        Ok([br#"{"code":"200","message":"OK","data":["#, &*record, b"]}"].concat().into())
    })?;
    Ok(answer(StatusCode::OK, body))
}

/// The key of a receipt's document; `None` for a number too great to be one.
fn receipt_number(text: &str) -> Result<Option<String>, Refused> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refused::parameter("ReceiptId must be a number type."));
    }
    Ok(text.parse::<i64>().ok().map(|number| number.to_string()))
}

async fn list(
    State(counter): State<Counter>,
    path: Segments<String>,
    head: Head,
    version: Version,
) -> Answer {
    let admitted = counter.enter(&segments(path), &head).await?;
    let params = Params::read(head.uri.query());
    let asked = Listing::returns(&params, version, Quirks::of(&admitted.account))?;
    let (rows, next) = pages::page(&counter.desk, &admitted, RETURN, &asked).await?;
    let rows = rows.iter().map(|row| version::write(&row.document.body, version));
    Ok(paged(rows, &next))
}

async fn exchanges(State(counter): State<Counter>, path: Segments<String>, head: Head) -> Answer {
    let admitted = counter.enter(&segments(path), &head).await?;
    let params = Params::read(head.uri.query());
    let asked = Listing::exchanges(&params, Quirks::of(&admitted.account))?;
    let (rows, next) = pages::page(&counter.desk, &admitted, EXCHANGE, &asked).await?;
    let rows = rows.iter().map(|row| json::in_order(&row.document.body, EXCHANGE_MEMBERS));
    Ok(paged(rows, &next))
}

async fn withdrawals_by_day(
    State(counter): State<Counter>,
    path: Segments<String>,
    head: Head,
) -> Answer {
    let admitted = counter.enter(&segments(path), &head).await?;
    let asked = Withdrawals::read(&Params::read(head.uri.query()))?;
    let page = counter.desk.ledger.list(&asked.query(admitted.account.shelf(WITHDRAWAL))).await?;
    let seen = asked.page.saturating_mul(asked.rows as u64);
    let next = if seen < page.total { (asked.page + 1).to_string() } else { String::new() };
    let rows = page.rows.iter().map(|row| json::in_order(&row.document.body, WITHDRAWAL_MEMBERS));
    let tail = format!(r#"],"nextPageIndex":"{next}"}}"#);
    Ok(rows_between(br#"{"code":200,"message":"OK","data":["#, rows, &tail))
}

async fn withdrawals_by_receipt(
    State(counter): State<Counter>,
    path: Segments<String>,
    head: Head,
    body: Body,
) -> Answer {
    let admitted = counter.enter(&segments(path), &head).await?;
    let body = read_body(&head.headers, body).await.map_err(Refused::Fault)?;
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for receipt in cancel_ids(&body)?.into_iter().filter(|receipt| seen.insert(*receipt)) {
        let shelf = admitted.account.shelf(WITHDRAWAL);
        rows.extend(counter.desk.ledger.document(shelf, &receipt.to_string()).await?);
    }
    let rows = rows.iter().map(|row| json::in_order(&row.document.body, WITHDRAWAL_MEMBERS));
    Ok(rows_between(br#"{"code":"200","message":"OK","data":["#, rows, "]}"))
}

/// The receipts to look for. Left out, they are documented to give a 500.
pub(super) fn cancel_ids(body: &[u8]) -> Result<Vec<i64>, Refused> {
    let body = json::compact(body).map_err(unreadable)?;
    let asked: Object<WithdrawalsByReceipt> = json::decode(&body).map_err(unreadable)?;
    let receipts = asked.0.cancel_ids.filter(|ids| !ids.is_empty()).ok_or(Refused::NoCancelIds)?;
    if receipts.len() > CANCEL_IDS_MAX {
        return Err(Refused::parameter(format!("cancelIds may have at most {CANCEL_IDS_MAX}")));
    }
    Ok(receipts)
}

/// A page of returns or exchanges.
fn paged(rows: impl Iterator<Item = impl AsRef<[u8]>>, next: &str) -> Response {
    paged_as(br#"{"code":200,"message":"OK","data":["#, rows, next)
}

fn paged_as(head: &[u8], rows: impl Iterator<Item = impl AsRef<[u8]>>, next: &str) -> Response {
    rows_between(head, rows, &format!(r#"],"nextToken":"{next}"}}"#))
}

fn rows_between(head: &[u8], rows: impl Iterator<Item = impl AsRef<[u8]>>, tail: &str) -> Response {
    let mut body = BytesMut::with_capacity(4_096);
    body.extend_from_slice(head);
    for (nth, row) in rows.enumerate() {
        if nth > 0 {
            body.extend_from_slice(b",");
        }
        body.extend_from_slice(row.as_ref());
    }
    body.extend_from_slice(tail.as_bytes());
    answer(StatusCode::OK, body.freeze())
}
