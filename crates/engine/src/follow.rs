//! Following (따라가기): the scheduler. It settles what changed or came due, of all sellers, and sleeps
//! until there is something again.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use hoesu_channels::desk::Clock;
use hoesu_ledger::Ledger;

use crate::settle::{BATCH, BATCHES_A_TURN};
use crate::{Docket, Result};

/// How often another process's changes are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How many sellers are settled at once: one that waits for a lock holds up no other.
const SELLERS_AT_ONCE: usize = 4;

/// How long to wait after something went wrong.
const REST: Duration = Duration::from_secs(5);

/// Settles until `stop` resolves. What goes wrong is logged and tried again; nothing is lost, for
/// what is not settled stays so in the ledger.
pub async fn follow(
    ledger: Arc<Ledger>,
    clock: Arc<dyn Clock>,
    stop: impl Future<Output = ()> + Send,
) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let rest = match round(&ledger, &*clock).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => LOOK_EVERY,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "cases could not be settled"
                );
                REST
            }
        };
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// Some batches of every seller that has something to settle; whether any had. What goes wrong with one
/// holds up no other. The database is looked at by the way: where nobody asks anything, it is noticed here
/// that it went back in time.
async fn round(ledger: &Arc<Ledger>, clock: &dyn Clock) -> Result<bool> {
    ledger.look_again().await?;
    let behind = ledger.behind(clock.now()).await?;
    let any = !behind.is_empty();
    let settling = behind.into_iter().map(async |seller| {
        let docket = Docket::open(Arc::clone(ledger), seller).await?;
        docket.settle(clock.now(), BATCH, BATCHES_A_TURN).await
    });
    let all: Vec<_> = stream::iter(settling).buffer_unordered(SELLERS_AT_ONCE).collect().await;
    for one in all {
        one?;
    }
    Ok(any)
}
