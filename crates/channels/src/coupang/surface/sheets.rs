//! Order sheets: one box, an order's boxes, the list.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hoesu_claims::Term;
use hoesu_ledger::{Admitted, Held, Order, Query};

use super::{Answer, Counter, Head, Segments, paged_as, rows_between, segments};
use crate::coupang::ask::{Listing, PAGE_ROWS_MAX};
use crate::coupang::pages;
use crate::coupang::params::Params;
use crate::coupang::quirk::Quirks;
use crate::coupang::read::{ORDER_SHEET, is_gone};
use crate::coupang::refusal::{Refused, answer};
use crate::coupang::stall::LATE;
use crate::coupang::version::{Version, write_sheet};
use crate::coupang::wire::OrderSheet;
use crate::json;

pub(super) async fn single(
    State(counter): State<Counter>,
    path: Segments<(String, String)>,
    head: Head,
    version: Version,
) -> Answer {
    let (vendor, shipment_box) = segments(path);
    let admitted = counter.enter(&vendor, &head).await?;
    let shipment_box = number("shipmentBoxId", &shipment_box)?;
    let held = held(&counter, &admitted, shipment_box).await?.ok_or(Refused::NoBox)?;
    if gone(&held)? {
        return Err(Refused::OrderGone);
    }
    let slot = match version {
        Version::V4 => 0,
        Version::V6 => 1,
    };
    let body = held.form(slot, |document| {
        let record = write_sheet(&document.body, version);
        [br#"{"code":"200","message":"OK","data":"#, &*record, b"}"].concat().into()
    });
    Ok(answer(StatusCode::OK, body))
}

pub(super) async fn by_order(
    State(counter): State<Counter>,
    path: Segments<(String, String)>,
    head: Head,
    version: Version,
) -> Answer {
    let (vendor, order) = segments(path);
    let admitted = counter.enter(&vendor, &head).await?;
    let order = number("orderId", &order)?;
    let mut query = Query::all(admitted.account.shelf(ORDER_SHEET), PAGE_ROWS_MAX);
    query.order = Order::Oldest;
    query.terms.push((Term::Order, vec![order.to_string()]));
    let page = counter.desk.ledger.list(&query).await?;
    let mut shown = Vec::with_capacity(page.rows.len());
    for row in &page.rows {
        if !gone(row)? {
            shown.push(write_sheet(&row.document.body, version));
        }
    }
    if shown.is_empty() {
        return Err(if page.rows.is_empty() { Refused::NoBox } else { Refused::OrderGone });
    }
    Ok(rows_between(br#"{"code":"200","message":"OK","data":["#, shown.into_iter(), "]}"))
}

pub(super) async fn list(
    State(counter): State<Counter>,
    path: Segments<String>,
    head: Head,
    version: Version,
) -> Answer {
    let admitted = counter.enter(&segments(path), &head).await?;
    let params = Params::read(head.uri.query());
    // What a market has just sold doesn't show yet; what was heard has been shown already.
    let now = counter.desk.clock.now();
    let shown_until = counter.desk.floor.as_ref().map(|_| now.saturating_sub(LATE).unwrap_or(now));
    let quirks = Quirks::of(&admitted.account);
    let asked = Listing::order_sheets(&params, version, quirks, shown_until)?;
    let (rows, next) = pages::page(&counter.desk, &admitted, ORDER_SHEET, &asked).await?;
    let rows = rows.iter().map(|row| write_sheet(&row.document.body, version));
    Ok(page_of_sheets(rows, &next))
}

fn page_of_sheets(rows: impl Iterator<Item = impl AsRef<[u8]>>, next: &str) -> Response {
    paged_as(br#"{"code":"200","message":"OK","data":["#, rows, next)
}

/// The sheet of a box.
pub(super) async fn held(
    counter: &Counter,
    admitted: &Admitted,
    shipment_box: i64,
) -> Result<Option<Arc<Held>>, Refused> {
    let shelf = admitted.account.shelf(ORDER_SHEET);
    Ok(counter.desk.ledger.document(shelf, &shipment_box.to_string()).await?)
}

/// What a sheet says.
pub(super) fn read(held: &Held) -> Result<OrderSheet, Refused> {
    json::decode(&held.document.body).map_err(|_| Refused::Fault(crate::Fault::Broken))
}

fn gone(held: &Held) -> Result<bool, Refused> {
    Ok(is_gone(&read(held)?))
}

fn number(name: &str, text: &str) -> Result<i64, Refused> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if digits { text.parse().ok() } else { None };
    number.ok_or_else(|| Refused::parameter(format!("{name} must be a number type.")))
}
