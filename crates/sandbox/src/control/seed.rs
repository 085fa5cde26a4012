//! `/_sandbox/seed`: who can call, and a market made anew from another plan.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, to_value};

use super::asked::{Sent, told};
use crate::problem::{Problem, Problems};
use crate::seed::{Seed, base_url};
use crate::{Plan, Sandbox};

/// Reads who can call: every account with its keys, and the commands that tell a hub of them.
#[utoipa::path(
    get, path = "/_sandbox/seed", operation_id = "read_seed", tag = "market",
    responses((status = 200, description = "the accounts and keys", body = Seed), Problems),
)]
pub(super) async fn show(State(sandbox): State<Sandbox>, headers: HeaderMap) -> Response {
    told(Seed::of(&sandbox.world(), &base_url(&headers)))
}

/// Makes another market in the place of this one.
///
/// Members left out keep what the plan of this market says; the clock begins at `from`. Every key changes
/// with the seed.
#[utoipa::path(
    post, path = "/_sandbox/seed", operation_id = "sow", tag = "market",
    request_body(content = Plan, description = "what is to be different"),
    responses((status = 200, description = "the accounts and keys", body = Seed), Problems),
)]
pub(super) async fn sow(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    Sent(given): Sent<Map<String, Value>>,
) -> Result<Response, Problem> {
    let mut plan = to_value(&sandbox.world().plan).expect("a plan is JSON");
    plan.as_object_mut().expect("a plan has members").extend(given);
    let plan: Plan = serde_json::from_value(plan)
        .map_err(|error| Problem::invalid(format!("The plan is not valid: {error}.")))?;
    sandbox.sow(plan).await?;
    Ok(told(Seed::of(&sandbox.world(), &base_url(&headers))))
}
