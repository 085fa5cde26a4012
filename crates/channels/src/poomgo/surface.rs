//! What we answer in Poomgo's name: a router on its exact paths.

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};

use super::asked;
use super::auth::admit;
use super::quirks::Profile;
use super::refusal::{answer, bad_request, refuse, unauthorized};
use super::{ORDER, TICKET, answer as envelope};
use crate::desk::read_body;
use crate::{Desk, Fault};

/// CS tickets of which something arrived.
pub(super) const CS: &str = "/open-api/cs";
/// The order ledger.
pub(super) const ORDERS: &str = "/open-api/oms/orders";
/// The order ledger, on the newer host.
pub(super) const ORDER_SHEETS: &str = "/develop/commerce/order-sheets/list-order-sheets";

/// The routes we answer.
pub(super) fn surface(desk: Desk) -> Router {
    Router::new()
        .route(CS, get(list_tickets).fallback(other_method))
        .route(ORDERS, post(list_orders).fallback(other_method))
        .route(ORDER_SHEETS, post(list_orders).fallback(other_method))
        .with_state(desk)
}

async fn list_tickets(
    State(desk): State<Desk>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    tickets(&desk, &headers, query.as_deref().unwrap_or_default()).await.unwrap_or_else(refuse)
}

async fn tickets(desk: &Desk, headers: &HeaderMap, query: &str) -> Result<Response, Fault> {
    let Some(admitted) = admit(desk, headers).await? else { return Ok(unauthorized()) };
    let (query, paging) = match asked::tickets::read(admitted.account.shelf(TICKET), query) {
        Ok(asked) => asked,
        Err(wrong) => return Ok(bad_request(&wrong)),
    };
    let page = desk.ledger.list(&query).await?;
    Ok(answer(StatusCode::OK, envelope::tickets(paging.rows, &page)))
}

async fn list_orders(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    orders(&desk, &headers, body).await.unwrap_or_else(refuse)
}

async fn orders(desk: &Desk, headers: &HeaderMap, body: Body) -> Result<Response, Fault> {
    let Some(admitted) = admit(desk, headers).await? else { return Ok(unauthorized()) };
    let body = read_body(headers, body).await?;
    let (query, _) = match asked::orders::read(admitted.account.shelf(ORDER), &body) {
        Ok(asked) => asked,
        Err(wrong) => return Ok(bad_request(&wrong)),
    };
    let page = desk.ledger.list(&query).await?;
    Ok(answer(StatusCode::OK, envelope::orders(Profile::of(&admitted.account), &page)))
}

async fn other_method() -> Response {
    refuse(Fault::MethodNotAllowed)
}

/// Whether a path is Poomgo's, served or not.
pub(super) fn owns(path: &str) -> bool {
    ["/open-api", "/develop"].into_iter().any(|root| {
        path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }) || path == "/v2/invoice"
}
