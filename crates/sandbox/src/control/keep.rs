//! `/_sandbox/snapshot`, `restore` and `reset`: a market kept, and one begun anew.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::asked::{Sent, told};
use crate::Sandbox;
use crate::problem::{Problem, Problems};
use crate::seed::{Seed, base_url};
use crate::snapshot::Snapshot;

/// Takes a snapshot: the plan and everything asked of the market since.
#[utoipa::path(
    post, path = "/_sandbox/snapshot", operation_id = "take_snapshot", tag = "market",
    responses((status = 200, description = "the snapshot", body = Snapshot), Problems),
)]
pub(super) async fn snapshot(State(sandbox): State<Sandbox>) -> Result<Response, Problem> {
    Ok(told(sandbox.world().snapshot().await?))
}

/// Puts the market of a snapshot in the place of this one. Calls under way end in the old one.
#[utoipa::path(
    post, path = "/_sandbox/restore", operation_id = "restore_snapshot", tag = "market",
    request_body = Snapshot,
    responses((status = 200, description = "the accounts and keys", body = Seed), Problems),
)]
pub(super) async fn restore(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    Sent(snapshot): Sent<Snapshot>,
) -> Result<Response, Problem> {
    sandbox.restore(snapshot).await?;
    Ok(told(Seed::of(&sandbox.world(), &base_url(&headers))))
}

/// Begins anew: the same plan, nothing asked yet, no faults.
#[utoipa::path(
    post, path = "/_sandbox/reset", operation_id = "reset", tag = "market",
    responses((status = 200, description = "the accounts and keys", body = Seed), Problems),
)]
pub(super) async fn reset(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let plan = sandbox.world().plan.clone();
    sandbox.sow(plan).await?;
    Ok(told(Seed::of(&sandbox.world(), &base_url(&headers))))
}
