#![doc = include_str!("../README.md")]

mod assets;
mod audit;
mod gate;
mod lang;
mod look;
mod me;
mod members;
mod origin;
mod peer;
mod reveal;
mod session;
mod sign_in;
mod signed;
#[cfg(test)]
mod tests;
mod today;
mod trouble;

use axum::Router;
use axum::middleware;
use axum::routing::get;
use hoesu_channels::Desk;

pub use lang::Lang;
pub use peer::Peer;
pub use signed::{Role, Signed};

/// The pages, working with a desk, on their own paths below [`BASE`]. Who is signed in is told by a
/// [`Signed`] among the request's extensions, put there by whoever knows; a request without one sees
/// nothing but the assets.
pub fn router(desk: &Desk) -> Router {
    let pages = Router::new()
        .route("/console", get(today::show))
        .route("/console/prefer", get(look::prefer))
        .with_state(desk.clone());
    pages.merge(assets::router()).layer(middleware::map_response(gate::guard))
}

/// The console: the pages, whoever signs in to them, and what is done about people. A listener tells
/// the other end of the connection by a [`Peer`] among the request's extensions.
pub fn console(desk: &Desk) -> Router {
    let doors = sign_in::router()
        .merge(me::router())
        .merge(members::router())
        .merge(audit::router())
        .merge(reveal::router())
        .with_state(desk.clone())
        .layer(middleware::map_response(gate::guard));
    let admit = middleware::from_fn_with_state(desk.clone(), session::admit);
    router(desk).merge(doors).layer(admit)
}

/// Where the pages are.
pub const BASE: &str = "/console";
