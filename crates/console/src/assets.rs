//! The style and the script: two files inside the binary, under addresses that change with them.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};

/// A file the pages load.
pub(crate) struct Asset {
    /// Where it is.
    pub(crate) path: String,
    media: &'static str,
    text: &'static str,
}

impl Asset {
    fn of(stem: &str, ending: &str, media: &'static str, text: &'static str) -> Self {
        let mark = Sha256::digest(text);
        let mark = u32::from_be_bytes([mark[0], mark[1], mark[2], mark[3]]);
        Self { path: format!("/console/assets/{stem}-{mark:08x}.{ending}"), media, text }
    }
}

/// The style.
pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::of(
        "console",
        "css",
        "text/css; charset=utf-8",
        concat!(include_str!("../assets/console.css"), include_str!("../assets/door.css")),
    )
});

/// The script.
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("../assets/console.js");
    Asset::of("console", "js", "text/javascript; charset=utf-8", text)
});

/// What the browser's tab shows.
pub(crate) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::of("icon", "svg", "image/svg+xml", include_str!("../assets/icon.svg")));

pub(crate) fn router() -> Router {
    Router::new().route("/console/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>) -> Response {
    let known = [&*STYLE, &*SCRIPT, &*ICON];
    match known.into_iter().find(|asset| asset.path.ends_with(&format!("/{file}"))) {
        // The address changes with the content, so this answer never gets old.
        Some(asset) => {
            let keep = "public, max-age=31536000, immutable";
            let headers = [(header::CONTENT_TYPE, asset.media), (header::CACHE_CONTROL, keep)];
            (headers, asset.text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
