//! What is to be sent: `listShppDirection` and `listWarehouseOut`.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hoesu_claims::{State as Word, Term};

use super::lists::{codes, is_number, unknown};
use super::{Caller, List, all, answered, earliest_first, sent};
use crate::Desk;
use crate::ssg::body::{Root, required, wrong_form};
use crate::ssg::read::{DIRECTED, SHIPMENT, WAITING};
use crate::ssg::refusal::Refused;
use crate::ssg::row::Shape;
use crate::ssg::search::days_within;
use crate::ssg::wire::{DIRECTION_ROW, WAREHOUSE_OUT_ROW};

/// Both lists have had longer windows than seven days since 2020. (public client code)
const DAYS_MAX: i32 = 180;

/// What is asked of either list.
const MEMBERS: [&str; 6] =
    ["perdType", "perdStrDts", "perdEndDts", "shppDivDtlCd", "commType", "commValue"];

pub(super) async fn directions(
    State(desk): State<Desk>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let root = Root { name: "requestShppDirection", members: MEMBERS, numbers: true };
    let list = List::Wrapped { outer: "shppDirections", inner: "shppDirection" };
    answered(&headers, to_send(&desk, &headers, body, root, DIRECTED, &DIRECTION_ROW, list).await)
}

pub(super) async fn warehouse_outs(
    State(desk): State<Desk>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let root = Root { name: "requestWarehouseOut", members: MEMBERS, numbers: true };
    let list = List::Wrapped { outer: "warehouseOuts", inner: "warehouseOut" };
    answered(
        &headers,
        to_send(&desk, &headers, body, root, WAITING, &WAREHOUSE_OUT_ROW, list).await,
    )
}

/// Whatever the days are said to be those of, they are those of the order: it is directed at once.
async fn to_send(
    desk: &Desk,
    headers: &HeaderMap,
    body: Body,
    root: Root<6>,
    listed: &'static str,
    shape: &Shape,
    list: List,
) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let [by, first, last, way, about, value] = root.read(media, &body)?;
    let mut query = earliest_first(caller.account(), SHIPMENT);
    query.state(Word::Listed, [listed]);
    if let Some(by) = &by
        && !["01", "02", "03"].contains(&by.as_str())
    {
        return Err(unknown("perdType", "01, 02, 03"));
    }
    match (about, value) {
        (None, None) => {
            by.ok_or_else(|| required("perdType"))?;
            let first = first.ok_or_else(|| required("perdStrDts"))?;
            let last = last.ok_or_else(|| required("perdEndDts"))?;
            query.during = days_within(&first, &last, DAYS_MAX)?;
        }
        (None, Some(_)) => return Err(required("commType")),
        (Some(_), None) => return Err(required("commValue")),
        (Some(about), Some(value)) => {
            if !is_number(&value) {
                return Err(wrong_form("commValue"));
            }
            match about.as_str() {
                "01" | "02" => query.term(Term::Order, value),
                "03" => query.term(Term::Parcel, value),
                _ => return Err(unknown("commType", "01, 02, 03")),
            }
        }
    }
    if let Some(way) = way {
        query
            .state(Word::Type, codes("shppDivDtlCd", &way, &["11", "12", "13", "14", "15", "16"])?);
    }
    caller.answer(&all(desk, query).await?, shape, list)
}
