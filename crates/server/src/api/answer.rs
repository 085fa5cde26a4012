//! How an answer is given: a page that says where the next begins, or one thing with its tag.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Kept by nobody but the caller, and asked about before it is used again.
const CACHE: &str = "private, no-cache";

/// When things happen in examples: 2026-02-12T06:00:00Z.
pub(super) const EXAMPLE_AT: Timestamp = Timestamp::constant(1_770_876_000, 0);

/// A page; `next` is the address of the following one, on this server.
pub(super) fn page(body: &impl Serialize, next: Option<&str>) -> Response {
    let mut response = json(body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    let link = next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
    if let Some(link) = link {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// One thing, or word that the caller has it as it is.
pub(super) fn one(body: &impl Serialize, asked: &HeaderMap) -> Response {
    let (media, body) = json(body);
    let digest = Sha256::digest(&body);
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..16]));
    let mut response = if has(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (media, body).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("base64 is a header value"));
    response
}

/// Whether the caller says that it has the version with this tag.
fn has(asked: &HeaderMap, tag: &str) -> bool {
    let lines = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

fn json(body: &impl Serialize) -> ([(header::HeaderName, &'static str); 1], Vec<u8>) {
    let body = serde_json::to_vec(body).expect("what is told has text for keys");
    ([(header::CONTENT_TYPE, "application/json")], body)
}
