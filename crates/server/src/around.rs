//! What happens around every request: an id, a time limit, a caught panic, a count.

use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request};
use axum::response::Response;
use futures_util::FutureExt as _;
use hoesu_channels::Fault;
use tower::Service;

use crate::app::{owner, problem};
use crate::meter::Meter;

/// How long a handler may take: longer than the ledger waits for a lock, so that it can still say so.
const TIME_MAX: Duration = Duration::from_secs(40);

/// The header a request's id comes and goes in.
const REQUEST_ID: &str = "x-request-id";

/// A service with what happens around every request.
#[derive(Clone)]
pub struct Around<S> {
    inner: S,
    meter: Arc<Meter>,
    ids: Arc<Ids>,
}

impl<S> Around<S> {
    pub(crate) fn new(inner: S, meter: Arc<Meter>) -> Self {
        Self { inner, meter, ids: Arc::new(Ids::new()) }
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }
}

impl<S> Around<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send,
    S::Future: Send,
{
    /// Answers one request. A panic in a handler, or one that takes too long, is answered in the form
    /// of the channel whose path it is.
    pub fn answer(&self, request: Request<Body>) -> impl Future<Output = Response> + Send + use<S> {
        let started = Instant::now();
        let id = self.ids.of(request.headers());
        let owner = owner(request.uri().path());
        // Kept for the answer of a handler that never gives one.
        let headers = request.headers().clone();
        let handled = AssertUnwindSafe(self.inner.clone().call(request)).catch_unwind();
        let meter = Arc::clone(&self.meter);
        async move {
            let fault = match tokio::time::timeout(TIME_MAX, handled).await {
                Ok(Ok(Ok(response))) => Ok(response),
                Ok(Ok(Err(never))) => match never {},
                Ok(Err(_panic)) => Err(Fault::Broken),
                Err(_elapsed) => Err(Fault::TimedOut),
            };
            let mut response = fault.unwrap_or_else(|fault| match owner {
                Some((_, channel)) => channel.refuse(fault, &headers),
                None => problem(fault),
            });
            let elapsed = started.elapsed();
            let status = response.status();
            meter.count(owner.map(|(at, _)| at), status, elapsed);
            if status.is_server_error() {
                let channel = owner.map_or("", |(_, channel)| channel.id());
                let request_id = id.to_str().unwrap_or_default();
                tracing::error!(channel, status = status.as_u16(), request_id, "a request failed");
            }
            response.headers_mut().insert(REQUEST_ID, id);
            response
        }
    }
}

/// Request ids: the caller's own if it is a sensible one, otherwise ours.
struct Ids {
    process: String,
    next: AtomicU64,
}

impl Ids {
    fn new() -> Self {
        let process = uuid::Uuid::new_v4().simple().to_string()[..12].to_owned();
        Self { process, next: AtomicU64::new(1) }
    }

    fn of(&self, headers: &HeaderMap) -> HeaderValue {
        let sensible = |id: &&HeaderValue| {
            (1..=64).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
        };
        if let Some(id) = headers.get(REQUEST_ID).filter(sensible) {
            return id.clone();
        }
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        HeaderValue::from_maybe_shared(axum::body::Bytes::from(format!(
            "{}-{next:x}",
            self.process
        )))
        .expect("hexadecimal digits and a hyphen are a header value")
    }
}
