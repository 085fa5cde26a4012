//! `/_sandbox/`: what a market is told beside what its callers say. Every route is documented where it
//! is written.

mod asked;
mod calls;
mod clock;
mod document;
mod documents;
mod events;
mod faults;
mod keep;
mod seed;

use axum::Router;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Sandbox;
use crate::problem::Problem;

pub use document::openapi;

/// Every path of these routes begins so.
pub(crate) const UNDER: &str = "/_sandbox";

/// The routes, working on a market.
pub(crate) fn router(sandbox: &Sandbox) -> Router {
    routes()
        .with_state(sandbox.clone())
        .split_for_parts()
        .0
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
}

/// Every route, and the document that says what it does.
fn routes() -> OpenApiRouter<Sandbox> {
    OpenApiRouter::with_openapi(document::About::openapi())
        .routes(routes!(seed::show, seed::sow))
        .routes(routes!(clock::show, clock::set))
        .routes(routes!(faults::list, faults::order, faults::lift_all))
        .routes(routes!(faults::lift))
        .routes(routes!(events::list))
        .routes(routes!(documents::list))
        .routes(routes!(calls::count))
        .routes(routes!(keep::snapshot))
        .routes(routes!(keep::restore))
        .routes(routes!(keep::reset))
        .routes(routes!(document::serve))
}
