//! `/api/v1`: what an integration of the seller's own reads. Every route is documented where it is
//! written, so that the document and the routes cannot drift.

mod answer;
mod asked;
mod caller;
mod cases;
mod cursor;
mod document;
mod documents;
mod findings;
mod problem;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hoesu_channels::Desk;
use hoesu_claims::SellerId;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use cursor::Cursors;
pub use document::openapi;
pub(crate) use problem::Problem;

/// What the routes work with.
#[derive(Clone)]
struct Api {
    desk: Desk,
    cursors: Arc<Cursors>,
}

/// How long an answer waits for what came last to be settled.
const SETTLED_WITHIN: Duration = Duration::from_secs(2);

impl Api {
    /// Lets what came last be in the answer, if it does not take long: what is asked right after an
    /// import has it. Behind a large import, the answer is of what is settled by then.
    async fn settled(&self, seller: SellerId) {
        let ledger = &self.desk.ledger;
        let settle = async {
            if ledger.settled(seller).await?.seq < ledger.last_change(seller).await? {
                hoesu_engine::catch_up(ledger, seller, self.desk.clock.now()).await?;
            }
            Ok::<_, hoesu_engine::Error>(())
        };
        if let Ok(Err(error)) = tokio::time::timeout(SETTLED_WITHIN, settle).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "cases could not be settled");
        }
    }
}

/// The routes, working with a desk.
pub(crate) fn router(desk: &Desk) -> Router {
    let cursors = Arc::new(Cursors::new(desk.ledger.cursor_key()));
    routes().with_state(Api { desk: desk.clone(), cursors }).split_for_parts().0
}

/// Every route, and the document that says what it does.
fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(document::About::openapi())
        .routes(routes!(findings::list))
        .routes(routes!(cases::list))
        .routes(routes!(cases::one))
        .routes(routes!(documents::one))
        .routes(routes!(document::serve))
}
