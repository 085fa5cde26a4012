//! What a surface works with: the ledger and a clock, both handed in.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use hoesu_ledger::Ledger;
use jiff::Timestamp;

use crate::Fault;

/// Bodies over this are refused, in bytes.
pub const BODY_MAX: usize = 1 << 20;

/// What time it is.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// What a surface works with.
#[derive(Clone)]
pub struct Desk {
    /// What hoesu remembers.
    pub ledger: Arc<Ledger>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// Reads a request's body, up to [`BODY_MAX`].
pub async fn read_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Fault> {
    let announced = headers
        .get(axum::http::header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > BODY_MAX) {
        return Err(Fault::TooLarge);
    }
    axum::body::to_bytes(body, BODY_MAX).await.map_err(|_| Fault::TooLarge)
}
