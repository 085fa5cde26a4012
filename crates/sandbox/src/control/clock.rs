//! `/_sandbox/clock`: the market's time.

use axum::extract::State;
use axum::response::Response;
use hoesu_channels::Clock as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::{Sent, told};
use crate::Sandbox;
use crate::plan::check_speed;
use crate::problem::{Problem, Problems};

/// How the clock stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Clock {
    /// What the market's clock shows.
    now: Timestamp,
    /// What the machine's clock shows. Signatures fresh by either are good.
    world: Timestamp,
    /// How many seconds of the market pass in one of the world's, unless it stands still.
    speed: f64,
    /// Whether it stands still.
    frozen: bool,
}

/// How the clock is to go; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Setting {
    /// Go on to this instant. Everything that happens until then has happened when this is answered.
    #[serde(default)]
    now: Option<Timestamp>,
    /// How many seconds of the market pass in one of the world's: above 0, at most 1000000.
    #[serde(default)]
    speed: Option<f64>,
    /// Whether to stand still.
    #[serde(default)]
    frozen: Option<bool>,
}

/// Reads the clock.
#[utoipa::path(
    get, path = "/_sandbox/clock", operation_id = "read_clock", tag = "clock",
    responses((status = 200, description = "how the clock stands", body = Clock), Problems),
)]
pub(super) async fn show(State(sandbox): State<Sandbox>) -> Response {
    read(&sandbox)
}

/// Sets the clock: moves it forward, freezes it, lets it go, changes its speed.
#[utoipa::path(
    put, path = "/_sandbox/clock", operation_id = "set_clock", tag = "clock",
    request_body = Setting,
    responses((status = 200, description = "how the clock stands now", body = Clock), Problems),
)]
pub(super) async fn set(
    State(sandbox): State<Sandbox>,
    Sent(Setting { now, speed, frozen }): Sent<Setting>,
) -> Result<Response, Problem> {
    let speed = speed.map(check_speed).transpose()?;
    let stage = &sandbox.world().stage;
    stage.clock.set(now, speed, frozen)?;
    stage.catch_up().await?;
    Ok(read(&sandbox))
}

fn read(sandbox: &Sandbox) -> Response {
    let clock = &sandbox.world().stage.clock;
    let (hands, now) = clock.read();
    told(Clock { now, world: clock.world(), speed: hands.speed, frozen: hands.frozen })
}
