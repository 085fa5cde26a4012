//! A stream of events that says only that something was settled, so that a page looks again.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use hoesu_channels::Desk;
use hoesu_ledger::cases::Settled;
use tokio::time::{Instant, sleep};

use crate::look::Look;

/// How often it is looked whether something was settled.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A stream ends after this long and is begun again by the browser: so a server that is told to stop
/// does not wait for pages that stay open.
const LASTS: Duration = Duration::from_secs(20);

pub(crate) async fn events(
    State(desk): State<Desk>,
    look: Look,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let ends = Instant::now() + LASTS;
    let seller = look.signed.seller;
    let began: Option<Settled> = None;
    let stream = unfold((desk, began), move |(desk, known)| async move {
        if let Some(known) = known {
            loop {
                sleep(LOOK_EVERY).await;
                if Instant::now() >= ends {
                    return None;
                }
                match desk.ledger.settled(seller).await {
                    Ok(settled) if settled == known => {}
                    Ok(settled) => return Some((Ok(told(settled)), (desk, Some(settled)))),
                    Err(_) => return None,
                }
            }
        }
        let settled = desk.ledger.settled(seller).await.ok()?;
        Some((Ok(told(settled)), (desk, Some(settled))))
    });
    Sse::new(stream)
}

/// How far is settled: who hears another number than before looks again.
fn told(settled: Settled) -> Event {
    Event::default().event("settled").data(settled.turn.to_string()).retry(Duration::from_secs(1))
}
