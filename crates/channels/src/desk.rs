//! What a surface works with: the ledger and a clock, both handed in.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use hoesu_ledger::Ledger;
use jiff::Timestamp;

use crate::Fault;
use crate::stall::Floor;

/// Bodies over this are refused, in bytes.
pub const BODY_MAX: usize = 1 << 20;

/// What time it is.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Now, for whether a proof of who calls is fresh: callers sign by the time of the world, also
    /// where the clock is a market's own. Proofs fresh by either clock are good.
    fn world(&self) -> Timestamp {
        self.now()
    }

    /// Now, for how many calls come in a second: by the world's clock where this one stands still.
    fn counting(&self) -> Timestamp {
        if self.pace() > 0.0 { self.now() } else { self.world() }
    }

    /// How many seconds of this clock pass in one of the world's; sleeping is shortened by it. 1 but
    /// for a market's clock.
    fn pace(&self) -> f64 {
        1.0
    }
}

/// What a surface works with.
#[derive(Clone)]
pub struct Desk {
    /// What hoesu remembers.
    pub ledger: Arc<Ledger>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where what callers ask for is done; `None` where nothing is done, and calls that ask for
    /// something are answered as calls that are not here.
    pub floor: Option<Arc<dyn Floor>>,
}

impl Desk {
    /// A desk that shows what the ledger holds, and does nothing.
    pub fn showing(ledger: Arc<Ledger>, clock: Arc<dyn Clock>) -> Self {
        Self { ledger, clock, floor: None }
    }
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
