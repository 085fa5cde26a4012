//! The document of these routes: OpenAPI 3.1, written by the routes it describes.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::routes;
use crate::problem;

/// What the document says of the control as a whole.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "hoesu sandbox",
        description = "A simulated market behind the channels' own paths. What is under `/_sandbox/` is not \
            part of any channel: it is how a test sets the scene and reads the truth.\n\n\
            **Same seed, same calls, same bytes**, as long as the clock stands still between calls.\n\n\
            **Time.** Instants are RFC 3339 in UTC and the market's, unless it says the world's.\n\n\
            **Keys.** None: listen where only the test can call. All people are invented.\n\n\
            **Problems.** `application/problem+json` (RFC 9457)."
    ),
    tags(
        (name = "market", description = "The market as a whole: who can call, kept, restored, begun anew."),
        (name = "clock", description = "The market's time."),
        (name = "faults", description = "What is to go wrong."),
        (name = "truth", description = "What really happened, and what there is to be read."),
        (name = "about", description = "This document."),
    ),
    components(schemas(problem::Body)),
)]
pub(super) struct About;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let document = routes().into_openapi();
    serde_json::to_string_pretty(&document).expect("a document is JSON")
});

/// `docs/sandbox.json`.
pub fn openapi() -> String {
    DOCUMENT.clone()
}

/// Reads this document.
#[utoipa::path(
    get, path = "/_sandbox/openapi.json", operation_id = "read_openapi", tag = "about",
    responses((status = 200, description = "the document (OpenAPI 3.1)", body = Object)),
)]
pub(super) async fn serve() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}
