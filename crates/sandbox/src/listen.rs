//! A market that listens, and goes on while nobody calls.

use std::time::Duration;

use hoesu_server::BoundListener;

use crate::Sandbox;

/// How often the market goes on by itself.
const TICK: Duration = Duration::from_millis(50);

/// Answers until `stop`, then lets what has begun finish.
pub async fn serve(sandbox: Sandbox, bound: BoundListener, stop: impl Future<Output = ()> + Send) {
    let ticking = sandbox.clone();
    let ticker = tokio::spawn(async move {
        let tick = || async {
            let mut ticks = tokio::time::interval(TICK);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                ticking.tick().await;
            }
        };
        ticking.background().run("market", tick, std::future::pending()).await;
    });
    hoesu_server::serve(bound, sandbox, stop).await;
    ticker.abort();
    // Once it is over nobody holds the market, and its folder goes.
    let _ = ticker.await;
}
