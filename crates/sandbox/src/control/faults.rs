//! `/_sandbox/faults`: what is to go wrong.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::{Sent, told};
use crate::Sandbox;
use crate::fault::{Fault, Order};
use crate::problem::{Problem, Problems};

/// The faults that were ordered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ordered {
    /// The oldest first; those whose count or time is over stay until they are lifted.
    faults: Vec<Fault>,
}

/// Lists the faults.
#[utoipa::path(
    get, path = "/_sandbox/faults", operation_id = "list_faults", tag = "faults",
    responses((status = 200, description = "the faults, with what they hit", body = Ordered), Problems),
)]
pub(super) async fn list(State(sandbox): State<Sandbox>) -> Response {
    told(Ordered { faults: sandbox.world().stage.ordered().all })
}

/// Orders a fault.
#[utoipa::path(
    post, path = "/_sandbox/faults", operation_id = "order_fault", tag = "faults",
    request_body = Order,
    responses((status = 201, description = "the fault", body = Fault), Problems),
)]
pub(super) async fn order(
    State(sandbox): State<Sandbox>,
    Sent(order): Sent<Order>,
) -> Result<Response, Problem> {
    let world = sandbox.world();
    let known = |name: &String| world.stage.booths.iter().any(|booth| booth.account.name == *name);
    if !order.account.as_ref().is_none_or(known) {
        return Err(Problem::invalid("No account has this name; /_sandbox/seed lists them."));
    }
    let fault = world.stage.order(order).await?;
    Ok((StatusCode::CREATED, told(fault)).into_response())
}

/// Lifts all faults.
#[utoipa::path(
    delete, path = "/_sandbox/faults", operation_id = "lift_faults", tag = "faults",
    responses((status = 204, description = "there are none any more"), Problems),
)]
pub(super) async fn lift_all(State(sandbox): State<Sandbox>) -> Result<StatusCode, Problem> {
    sandbox.world().stage.lift(None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts a fault.
#[utoipa::path(
    delete, path = "/_sandbox/faults/{id}", operation_id = "lift_fault", tag = "faults",
    params(("id" = u64, Path, description = "the fault's number")),
    responses(
        (status = 204, description = "it is no more"),
        (status = 404, description = "there is no such fault", body = crate::problem::Body,
         content_type = "application/problem+json"),
        Problems,
    ),
)]
pub(super) async fn lift(
    State(sandbox): State<Sandbox>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let lifted = sandbox.world().stage.lift(Some(id)).await?;
    if lifted { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::NotFound) }
}
