//! Readiness: whether the ledger answers and takes writes, tried at most once a second.

use std::sync::Arc;
use std::time::Duration;

use hoesu_ledger::{Cause, Ledger};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How long what was found stays true.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// How long whoever asks waits for a try to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why hoesu is not ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unready {
    /// The ledger said why.
    Because(Cause),
    /// The try has not ended in time; it goes on, and says why once it ends.
    Pending,
}

impl Unready {
    /// The word programs know it by.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Because(cause) => cause.code(),
            Self::Pending => "write-pending",
        }
    }
}

/// What all who ask share.
pub(crate) struct Readiness {
    ledger: Arc<Ledger>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    last: Option<(Instant, Result<(), Unready>)>,
    /// The try under way. There is never a second one.
    running: Option<JoinHandle<Result<(), Cause>>>,
}

impl Readiness {
    pub(crate) fn new(ledger: Arc<Ledger>) -> Self {
        Self { ledger, known: Mutex::default() }
    }

    /// Whether the ledger does what it is for, as of a second ago at most.
    pub(crate) async fn check(&self) -> Result<(), Unready> {
        // Others who ask meanwhile wait here, and share the answer.
        let mut known = self.known.lock().await;
        if let Some((at, last)) = known.last
            && at.elapsed() < FRESH_FOR
        {
            return last;
        }
        let running = known.running.get_or_insert_with(|| tokio::spawn(tried(self.ledger.clone())));
        let found = match tokio::time::timeout(PATIENCE, running).await {
            Ok(ended) => {
                known.running = None;
                ended.unwrap_or(Err(Cause::Unexpected)).map_err(Unready::Because)
            }
            Err(_elapsed) => {
                tracing::warn!("the ledger has not taken a write in time");
                Err(Unready::Pending)
            }
        };
        known.last = Some((Instant::now(), found));
        found
    }
}

async fn tried(ledger: Arc<Ledger>) -> Result<(), Cause> {
    ledger.ready().await.map_err(|error| {
        let cause = error.cause();
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, cause = cause.code(), "the ledger is not ready");
        cause
    })
}

#[cfg(test)]
mod tests {
    use hoesu_testkit::{Database, throwaway};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn many_who_ask_share_one_try_until_it_is_a_second_old() {
        let ledger = throwaway(Database::Sqlite).await;
        let ready = Arc::new(Readiness::new(Arc::clone(&ledger)));
        let tried_at = async || ready.known.lock().await.last.map(|(at, _)| at).unwrap();
        ready.check().await.unwrap();
        let first = tried_at().await;
        let asking: Vec<_> = (0..50)
            .map(|_| {
                let ready = Arc::clone(&ready);
                tokio::spawn(async move { ready.check().await })
            })
            .collect();
        for one in asking {
            one.await.unwrap().unwrap();
        }
        assert_eq!(tried_at().await, first);
        tokio::time::sleep(FRESH_FOR + Duration::from_millis(50)).await;
        ready.check().await.unwrap();
        assert!(tried_at().await > first);
    }
}
