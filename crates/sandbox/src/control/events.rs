//! `/_sandbox/events`: what really happened.

use axum::extract::State;
use axum::response::Response;
use hoesu_market::Happened;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{Asked, told};
use crate::Sandbox;
use crate::problem::{Problem, Problems};

/// The most on one page.
const PAGE_MAX: usize = 10_000;

/// Which part of what happened.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// After so many: `next` of the page before. 0 unless told.
    #[serde(default)]
    since: usize,
    /// How many at most.
    #[serde(default = "rows")]
    #[param(default = 1000, minimum = 1, maximum = 10000)]
    limit: usize,
}

const fn rows() -> usize {
    1_000
}

/// What happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Events)]
pub(super) struct Page {
    /// In order: `at`, `seller` (from 0), `order`, `claim` (its place in the order, if it is about one),
    /// `what`.
    #[schema(value_type = Vec<Object>)]
    events: Vec<Happened>,
    /// `since` of the next page.
    next: usize,
    /// How many there are in all.
    total: usize,
}

/// Lists what really happened, faults or not.
#[utoipa::path(
    get, path = "/_sandbox/events", operation_id = "list_events", tag = "truth",
    params(Question),
    responses((status = 200, description = "what happened", body = Page), Problems),
)]
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    Asked(Question { since, limit }): Asked<Question>,
) -> Result<Response, Problem> {
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(Problem::invalid("`limit` must be 1 to 10000."));
    }
    let stage = &sandbox.world().stage;
    stage.catch_up().await?;
    let (events, total) = stage.happened(since, limit).await;
    let next = since + events.len();
    Ok(told(Page { events, next, total }))
}
