#![doc = include_str!("../README.md")]

mod asked;
mod assets;
mod audit;
#[cfg(test)]
mod browser;
mod case;
mod cases;
mod channels;
mod feeds;
mod findings;
mod gate;
mod keys;
mod lang;
mod list;
mod live;
mod look;
mod me;
mod members;
mod origin;
mod peer;
mod qr;
mod record;
mod reveal;
mod session;
mod settings;
mod sheet;
mod shop;
mod sign_in;
mod signed;
#[cfg(test)]
mod tests;
mod today;
mod trouble;
mod when;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use hoesu_channels::{Desk, Fault};

use cases::Cases;
use findings::Findings;
pub use lang::Lang;
pub use peer::Peer;
pub use signed::{Role, Signed};
use trouble::Trouble;

/// The pages, working with a desk, on their own paths below [`BASE`]. Who is signed in is told by a
/// [`Signed`] among the request's extensions, put there by whoever knows; a request without one sees
/// nothing but the assets.
pub fn router(desk: &Desk) -> Router {
    let pages = Router::new()
        .route("/console", get(today::show))
        .route("/console/findings", get(findings::show))
        .route("/console/findings.csv", get(list::csv::<Findings>))
        .route("/console/findings.xlsx", get(list::xlsx::<Findings>))
        .route("/console/findings/close", post(findings::close))
        .route("/console/search", get(cases::go))
        .route("/console/cases", get(cases::show))
        .route("/console/cases.csv", get(list::csv::<Cases>))
        .route("/console/cases.xlsx", get(list::xlsx::<Cases>))
        .route("/console/cases/{account}/{order}", get(case::show))
        .route("/console/cases/{account}/{order}/memo", post(case::add))
        .route("/console/channels", get(channels::show))
        .route("/console/settings", get(settings::show))
        .route(
            "/console/settings/items",
            post(settings::items::take)
                .layer(DefaultBodyLimit::max(settings::items::FILE_BYTES_MAX)),
        )
        .route("/console/settings/items.xlsx", get(settings::items::give))
        .route("/console/settings/days", post(settings::day))
        .route("/console/settings/policy", post(settings::policy))
        .route("/console/events", get(live::events))
        .route("/console/prefer", get(look::prefer))
        .with_state(desk.clone());
    pages.merge(assets::router()).layer(middleware::map_response(gate::guard))
}

/// The console: the pages, whoever signs in to them, and what is done about people. A listener tells
/// the other end of the connection by a [`Peer`] among the request's extensions.
pub fn console(desk: &Desk) -> Router {
    let people = Router::new()
        .route(
            "/console/findings/people",
            get(list::people::ask::<Findings>).post(list::people::give::<Findings>),
        )
        .route(
            "/console/cases/people",
            get(list::people::ask::<Cases>).post(list::people::give::<Cases>),
        );
    let doors = sign_in::router()
        .merge(me::router())
        .merge(members::router())
        .merge(keys::router())
        .merge(audit::router())
        .merge(reveal::router())
        .merge(people)
        .with_state(desk.clone())
        .layer(middleware::map_response(gate::guard));
    let admit = middleware::from_fn_with_state(desk.clone(), session::admit);
    router(desk).merge(doors).layer(admit)
}

/// Where the pages are.
pub const BASE: &str = "/console";

/// Whether a path is one of the console's, whether or not there is a page.
pub fn owns(path: &str) -> bool {
    path.strip_prefix(BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What is shown where there is no page, or none that is asked for this way.
pub fn refuse(fault: Fault) -> Response {
    let mut response = Trouble::NotHere.into_response();
    *response.status_mut() = fault.status();
    gate::guarded(response)
}
