//! A cancel request is granted.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use hoesu_claims::{Moment, Term};
use hoesu_ledger::Held;
use hoesu_market::{Act, Decision, Refused as Denied};

use super::{act, done};
use crate::ssg::body::{required, wrong_form};
use crate::ssg::number;
use crate::ssg::read::{CANCEL, CANCEL_REQUEST, line_number};
use crate::ssg::refusal::Refused;
use crate::ssg::surface::lists::{is_number, parameter};
use crate::ssg::surface::{Caller, all, answered, earliest_first};
use crate::{Desk, Fault};

pub(super) async fn approve(
    State(desk): State<Desk>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    answered(&headers, grant(&desk, &headers, query).await)
}

/// Grants a request. It is named by its own number, or by the order's: clients do either.
async fn grant(
    desk: &Desk,
    headers: &HeaderMap,
    query: Option<String>,
) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let query = query.unwrap_or_default();
    let number = parameter(&query, "ordNo")?.ok_or_else(|| required("ordNo"))?;
    let line = parameter(&query, "ordItemSeq")?.ok_or_else(|| required("ordItemSeq"))?;
    if !is_number(number) {
        return Err(wrong_form("ordNo"));
    }
    if !is_number(line) {
        return Err(wrong_form("ordItemSeq"));
    }
    let key = format!("{number}/{}", line_number(line));
    let shelf = caller.account().shelf(CANCEL_REQUEST);
    let mut found = desk.ledger.document(shelf, &key).await.map_err(Fault::from)?;
    if found.is_none() {
        let mut query = earliest_first(caller.account(), CANCEL_REQUEST);
        query.term(Term::Order, number);
        query.term(Term::Line, line_number(line));
        let open = |row: &Arc<Held>| !row.document.marks.contains_key(&Moment::Gone);
        found = all(desk, query).await?.into_iter().find(open);
    }
    let found = found.ok_or_else(Refused::no_target)?;
    let own = found.document.key.split('/').next().unwrap_or_default();
    let claim = number::claim_of(own).ok_or_else(Refused::no_target)?;
    let granted = Act::Decide { claim, decision: Decision::Stopped, pieces: None, sent: None };
    match act(desk, &caller, granted).await? {
        Ok(()) => Ok(done(&caller)),
        // A request about several lines is one claim: granting one of them granted all.
        Err(Denied::Done) => {
            let shelf = caller.account().shelf(CANCEL);
            let cancel = desk.ledger.document(shelf, &found.document.key).await;
            cancel.map_err(Fault::from)?.map(|_| done(&caller)).ok_or_else(Refused::no_target)
        }
        Err(_) => Err(Refused::no_target()),
    }
}
