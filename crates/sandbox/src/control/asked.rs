//! What callers of `/_sandbox/` send: JSON in the body, parameters in the query.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The largest body, in bytes: a snapshot of a long run.
pub(super) const BODY_MAX: usize = 512 << 20;

/// A body of JSON; an empty one is `{}`.
pub(super) struct Sent<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let body: Bytes = axum::body::to_bytes(request.into_body(), BODY_MAX)
            .await
            .map_err(|_| Problem::invalid("The body could not be read, or is too large."))?;
        let text: &[u8] = if body.is_empty() { b"{}" } else { &body };
        let value = serde_json::from_slice(text);
        value
            .map(Self)
            .map_err(|error| Problem::invalid(format!("The body is not valid: {error}.")))
    }
}

/// The parameters behind the question mark.
pub(super) struct Asked<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query: Result<Query<T>, _> = Query::try_from_uri(&parts.uri);
        query
            .map(|Query(asked)| Self(asked))
            .map_err(|error| Problem::invalid(format!("{}.", error.body_text())))
    }
}

/// An answer in JSON.
pub(super) fn told(value: impl Serialize) -> Response {
    let body = serde_json::to_vec(&value).expect("what is told has text for keys");
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
