//! `/_sandbox/calls`: whether callers keep to the pace their channels allow.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::told;
use crate::Sandbox;
use crate::called::Called;

/// What was called.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Calls {
    /// By account; one that never called is left out.
    accounts: BTreeMap<String, Called>,
}

/// Counts calls since the market was made.
#[utoipa::path(
    get, path = "/_sandbox/calls", operation_id = "count_calls", tag = "truth",
    responses((status = 200, description = "calls of every account", body = Calls)),
)]
pub(super) async fn count(State(sandbox): State<Sandbox>) -> Response {
    told(Calls { accounts: sandbox.world().calls.all() })
}
