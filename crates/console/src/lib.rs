#![doc = include_str!("../README.md")]

mod assets;
mod gate;
mod lang;
mod look;
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

/// Where the pages are.
pub const BASE: &str = "/console";
