//! Supervision: background work that ends or panics is started again, counted and logged.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

/// How long to wait before work is started again: the first time, and at most.
const WAIT_MIN: Duration = Duration::from_secs(1);
const WAIT_MAX: Duration = Duration::from_mins(1);

/// How one kind of background work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Background {
    /// How often it was started again.
    pub restarts: u64,
    /// Whether it waits to be started again.
    pub is_down: bool,
}

/// Whoever looks after a process's background work; clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct Supervisor(Arc<Mutex<BTreeMap<&'static str, Background>>>);

impl Supervisor {
    /// Does `work` until `stop` resolves. `work` itself ends when it is told to stop; if it ends or
    /// panics before, it is started again, later each time.
    pub async fn run<F: Future<Output = ()>>(
        &self,
        task: &'static str,
        mut work: impl FnMut() -> F,
        stop: impl Future<Output = ()>,
    ) {
        let mut stop = pin!(stop);
        let mut wait = WAIT_MIN;
        self.note(task, |_| ());
        loop {
            let began = Instant::now();
            // Making the future may panic as well as running it.
            let has_panicked = guarded(async { work().await }).await;
            let is_stopping =
                poll_fn(|context| Poll::Ready(stop.as_mut().poll(context).is_ready()));
            if is_stopping.await {
                return;
            }
            if began.elapsed() > WAIT_MAX {
                wait = WAIT_MIN;
            }
            self.note(task, |known| {
                known.restarts += 1;
                known.is_down = true;
            });
            let wait_ms = wait.as_millis() as u64;
            tracing::error!(
                task,
                has_panicked,
                wait_ms,
                "background work ended; it is started again"
            );
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(wait) => {}
            }
            self.note(task, |known| known.is_down = false);
            wait = (wait * 2).min(WAIT_MAX);
        }
    }

    /// How everything that was started stands, by name.
    pub fn all(&self) -> BTreeMap<&'static str, Background> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, task: &'static str, change: impl FnOnce(&mut Background)) {
        change(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(task).or_default());
    }
}

/// Runs to the end; whether that was a panic.
async fn guarded(work: impl Future<Output = ()>) -> bool {
    let mut work = pin!(work);
    poll_fn(|context| {
        // Work that panicked is not polled again.
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(())) => Poll::Ready(false),
            Err(_) => Poll::Ready(true),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use tokio::sync::oneshot;

    use super::*;

    /// Work that fails so often, then goes on for good.
    fn failing(times: u64, how: fn()) -> (Arc<AtomicU64>, impl FnMut() -> BoxedWork) {
        let starts = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&starts);
        let work = move || -> BoxedWork {
            let nth = counted.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                tokio::task::yield_now().await;
                if nth < times { how() } else { std::future::pending().await }
            })
        };
        (starts, work)
    }

    type BoxedWork = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

    #[tokio::test(start_paused = true)]
    async fn work_that_ends_or_panics_is_started_again_and_counted() {
        for how in [(|| ()) as fn(), || panic!("on purpose")] {
            let supervisor = Supervisor::default();
            let (starts, work) = failing(3, how);
            let known = supervisor.clone();
            let running = tokio::spawn(async move {
                known.run("settling", work, std::future::pending()).await;
            });
            tokio::time::sleep(Duration::from_millis(500)).await;
            let down = Background { restarts: 1, is_down: true };
            assert_eq!(supervisor.all(), [("settling", down)].into());
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert_eq!(supervisor.all()["settling"], Background { restarts: 2, is_down: true });
            // 1, 2 and 4 seconds.
            tokio::time::sleep(Duration::from_secs(7)).await;
            assert_eq!(supervisor.all()["settling"], Background { restarts: 3, is_down: false });
            assert_eq!(starts.load(Ordering::Relaxed), 4);
            running.abort();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_is_told_to_stop_is_not_started_again() {
        let supervisor = Supervisor::default();
        let (stop, stopped) = oneshot::channel::<()>();
        let (told, known) = (Arc::new(tokio::sync::Notify::new()), supervisor.clone());
        let listening = Arc::clone(&told);
        let running = tokio::spawn(async move {
            let work = move || {
                let told = Arc::clone(&listening);
                async move { told.notified().await }
            };
            known.run("collecting", work, async { drop(stopped.await) }).await;
        });
        tokio::task::yield_now().await;
        drop(stop);
        told.notify_one();
        running.await.unwrap();
        assert_eq!(supervisor.all()["collecting"], Background::default());
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_is_down_when_told_to_stop_is_not_waited_for() {
        let supervisor = Supervisor::default();
        let stop = tokio::time::sleep(Duration::from_millis(1_500));
        let (starts, work) = failing(u64::MAX, || ());
        let began = Instant::now();
        supervisor.run("settling", work, stop).await;
        assert_eq!(began.elapsed(), Duration::from_millis(1_500));
        assert_eq!(starts.load(Ordering::Relaxed), 2);
    }
}
