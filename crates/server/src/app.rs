//! The routes: every channel's surface on its own paths, and ours beside them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use hoesu_channels::{CHANNELS, Channel, Desk, Fault};
use hoesu_engine::told;

use crate::api::{self, Problem};
use crate::around::Around;
use crate::meter::Meter;
use crate::ready::Readiness;

/// Everything hoesu answers, with what happens around every request.
pub type App = Around<Router>;

/// Puts every channel's surface and our own routes on one router. `meter` is handed in because a
/// process has one.
pub fn app(desk: &Desk, meter: Arc<Meter>) -> App {
    let ours = Router::new()
        .route("/", get(front))
        .route("/healthz", get(healthz))
        .merge(
            Router::new()
                .route("/readyz", get(readyz))
                .with_state((Arc::new(Readiness::new(desk.ledger.clone())), Arc::clone(&meter))),
        )
        .merge(
            Router::new()
                .route("/metrics", get(metrics))
                .with_state((desk.clone(), Arc::clone(&meter))),
        );
    let ours = ours.merge(api::router(desk)).merge(hoesu_console::console(desk));
    let router = CHANNELS
        .iter()
        .fold(ours, |router, channel| router.merge(channel.surface(desk.clone())))
        .fallback(async |request: Request| refuse(Fault::NotFound, &request))
        .method_not_allowed_fallback(async |request: Request| {
            refuse(Fault::MethodNotAllowed, &request)
        });
    Around::new(router, meter)
}

/// The channel a path belongs to.
pub(crate) fn owner(path: &str) -> Option<(usize, &'static dyn Channel)> {
    CHANNELS.iter().copied().enumerate().find(|(_, channel)| channel.owns(path))
}

fn refuse(fault: Fault, request: &Request) -> Response {
    match owner(request.uri().path()) {
        Some((_, channel)) => channel.refuse(fault, request.headers()),
        None if hoesu_console::owns(request.uri().path()) => hoesu_console::refuse(fault),
        None => problem(fault),
    }
}

/// A person who types the address alone is looking for the console; a program is told that nothing is
/// here.
async fn front(request: Request) -> Response {
    let accepts = request.headers().get_all(header::ACCEPT).iter();
    let is_person = accepts
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|kind| kind.split(';').next().is_some_and(|kind| kind.trim() == "text/html"));
    if is_person {
        return Redirect::temporary(hoesu_console::BASE).into_response();
    }
    problem(Fault::NotFound)
}

/// What goes wrong on a path that is no channel's.
pub(crate) fn problem(fault: Fault) -> Response {
    Problem::Fault(fault).into_response()
}

/// Alive: the process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready: the ledger answers and takes writes. Background work that is down is named and makes nothing
/// less ready: what is asked is answered without it.
async fn readyz(State((ready, meter)): State<(Arc<Readiness>, Arc<Meter>)>) -> Response {
    let found = ready.check().await;
    let found_text = match found {
        Ok(()) => "ready\n".to_owned(),
        Err(unready) => format!("the ledger does not take writes: {}\n", unready.code()),
    };
    let background = meter.background().all().into_iter();
    let down = background.filter(|(_, background)| background.is_down);
    let down = down.map(|(task, _)| format!("{task} ended and is started again\n"));
    let text = std::iter::once(found_text).chain(down).collect::<String>();
    let Err(_) = found else { return text.into_response() };
    let fault = Fault::Unavailable;
    let after = fault.retry_after().map(|after| (header::RETRY_AFTER, after));
    (fault.status(), after.into_iter().collect::<HeaderMap>(), text).into_response()
}

async fn metrics(State((desk, meter)): State<(Desk, Arc<Meter>)>) -> Response {
    if let Err(error) = feeds(&desk, &meter).await {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, "how the feeds stand could not be read");
    }
    meter.went_back(desk.ledger.times_gone_back());
    let text = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (text, meter.scrape()).into_response()
}

/// Puts how every feed stands beside what is counted.
async fn feeds(desk: &Desk, meter: &Meter) -> hoesu_engine::Result<()> {
    let now = desk.clock.now();
    for seller in desk.ledger.sellers().await? {
        for account in told::coverage(&desk.ledger, seller.id, now).await? {
            for feed in &account.feeds {
                let names = [seller.name.as_str(), &account.account, &feed.feed];
                meter.feed(names, feed.last_read, feed.overdue);
            }
        }
    }
    Ok(())
}
