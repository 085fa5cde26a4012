//! The gate: every call passes here on its way to the market, and every answer on its way back.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use hoesu_channels::{CHANNELS, Channel, Fault as Around};
use hoesu_server::{Answers, Meter, Supervisor};
use tower::ServiceExt as _;

use crate::fault::{Instead, Strike, forbidden_page, refused, truncated};
use crate::problem::Problem;
use crate::seed::Seed;
use crate::snapshot::Snapshot;
use crate::world::World;
use crate::{Plan, Result, booth, control, rows};

/// A market that answers, and can be swapped for another while it does.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    world: RwLock<Arc<World>>,
    /// Of the process: what was counted stays when the world is swapped.
    meter: Arc<Meter>,
    background: Supervisor,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("plan", &self.world().plan).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Makes a market; it has been open for [`Plan::days`] when this answers.
    pub async fn open(plan: Plan) -> Result<Self> {
        let background = Supervisor::default();
        let meter = Arc::new(Meter::supervised(background.clone()));
        let world = World::open(plan.checked()?, Arc::clone(&meter)).await?;
        Ok(Self(Arc::new(Inner { world: RwLock::new(world), meter, background })))
    }

    /// Who looks after what goes on while nobody calls.
    pub(crate) fn background(&self) -> Supervisor {
        self.0.background.clone()
    }

    /// Who can call it, at this address.
    pub fn seed(&self, base_url: &str) -> Seed {
        Seed::of(&self.world(), base_url)
    }

    pub(crate) fn world(&self) -> Arc<World> {
        Arc::clone(&self.0.world.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn swap(&self, world: Arc<World>) {
        let mut current = self.0.world.write().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *current, world);
        drop(current);
        // Outside of the lock: its ledger closes with the last who holds it.
        drop(old);
    }

    /// Puts a market made from a plan in the place of this one.
    pub(crate) async fn sow(&self, plan: Plan) -> Result<()> {
        self.swap(World::open(plan.checked()?, Arc::clone(&self.0.meter)).await?);
        Ok(())
    }

    /// Puts the market of a snapshot in the place of this one.
    pub(crate) async fn restore(&self, snapshot: Snapshot) -> Result<()> {
        self.swap(World::restore(snapshot, Arc::clone(&self.0.meter)).await?);
        Ok(())
    }

    /// Lets the market go on to what its clock shows.
    pub(crate) async fn tick(&self) {
        if let Err(error) = self.world().stage.catch_up().await {
            tracing::error!(error = &error as &dyn std::error::Error, "the market stopped");
        }
    }

    async fn handle(self, request: Request<Body>) -> Option<Response> {
        let path = request.uri().path();
        if path
            .strip_prefix(control::UNDER)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        {
            let router: Router = control::router(&self);
            return match router.oneshot(request).await {
                Ok(response) => Some(response),
                Err(never) => match never {},
            };
        }
        let world = self.world();
        if let Err(error) = world.stage.catch_up().await {
            return Some(axum::response::IntoResponse::into_response(Problem::from(error)));
        }
        let Some(channel) = CHANNELS.iter().copied().find(|channel| channel.owns(path)) else {
            return Some(world.app.answer(request).await);
        };
        let caller = booth::caller(&world.stage.booths, channel, request.headers());
        let strike = world.stage.strike(caller, path);
        let caller = caller.map(|nth| world.stage.booths[nth].account.name.as_str());
        if strike == Strike::default() {
            return Some(world.answer(caller, request).await);
        }
        struck(&world, channel, caller, request, strike).await
    }
}

/// A call that a fault falls on.
async fn struck(
    world: &World,
    channel: &dyn Channel,
    caller: Option<&str>,
    request: Request<Body>,
    strike: Strike,
) -> Option<Response> {
    let headers = request.headers().clone();
    tokio::time::sleep(strike.delay).await;
    if let Some(instead) = strike.before {
        if let Some(account) = caller {
            world.calls.count(account, None);
        }
        return instead_of(channel, instead, &headers);
    }
    let answer = world.answer(caller, request).await;
    if let Some(instead) = strike.after {
        return instead_of(channel, instead, &headers);
    }
    let (head, body) = answer.into_parts();
    let Ok(mut body) = axum::body::to_bytes(body, usize::MAX).await else {
        return Some(channel.refuse(Around::Broken, &headers));
    };
    if head.status == StatusCode::OK && is_json(head.headers.get(header::CONTENT_TYPE)) {
        for (what, nth) in strike.rows {
            if let Some(rewritten) = rows::rewrite(channel, &body, what, nth) {
                body = Bytes::from(rewritten);
            }
        }
    }
    let mut response = Response::from_parts(head, Body::empty());
    response.headers_mut().remove(header::CONTENT_LENGTH);
    if let Some(nth) = strike.truncated {
        return Some(truncated(response, &body, !nth.is_multiple_of(2)));
    }
    *response.body_mut() = Body::from(body);
    Some(response)
}

fn is_json(media: Option<&HeaderValue>) -> bool {
    media.and_then(|media| media.to_str().ok()).is_some_and(|media| media.contains("json"))
}

fn instead_of(channel: &dyn Channel, instead: Instead, headers: &HeaderMap) -> Option<Response> {
    match instead {
        Instead::Away(away, retry_after) => Some(refused(channel, away, retry_after, headers)),
        Instead::Page => Some(forbidden_page()),
        Instead::Around(fault) => Some(channel.refuse(fault, headers)),
        Instead::Nothing => None,
    }
}

impl Answers for Sandbox {
    fn answer(
        &self,
        request: Request<Body>,
    ) -> impl Future<Output = Option<Response>> + Send + use<> {
        self.clone().handle(request)
    }

    fn tidy(&self) {
        self.0.meter.tidy();
    }
}
