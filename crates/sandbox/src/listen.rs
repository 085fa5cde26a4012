//! A market that listens, and goes on while nobody calls.

use std::net::SocketAddr;
use std::time::Duration;

use hoesu_server::Config;

use crate::Sandbox;

/// How often the market goes on by itself.
const TICK: Duration = Duration::from_millis(50);

/// Listens until `stop`, then lets what has begun finish. `ready` is told the address once it can be
/// called.
pub async fn serve(
    sandbox: Sandbox,
    listen: SocketAddr,
    ready: impl FnOnce(SocketAddr) + Send,
    stop: impl Future<Output = ()> + Send,
) -> Result<(), hoesu_server::Error> {
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
    let config = Config { listen, tls: None };
    let served = hoesu_server::serve(&config, sandbox, ready, stop).await;
    ticker.abort();
    // Once it is over nobody holds the market, and its folder goes.
    let _ = ticker.await;
    served
}
