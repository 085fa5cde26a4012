//! What time it is: the system's, or a sandbox's market's.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use hoesu_channels::Clock;
use hoesu_channels::connect::HttpAsk;
use hoesu_engine::collect::{Http as _, Web};
use hoesu_server::SystemClock;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::net::TcpStream;

use crate::failure::{Result, fail};
use crate::shell::Shell;

/// Where a sandbox tells its time.
const PATH: &str = "/_sandbox/clock";

/// How often a market's clock is asked whether somebody moved it.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// What a sandbox says of its clock.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Shown {
    /// The market's time.
    now: Timestamp,
    /// How many seconds of it pass in one of the world's.
    speed: f64,
    /// Whether it stands still.
    frozen: bool,
}

/// A market's clock as it was last seen.
struct MarketClock(Mutex<(Shown, Instant)>);

impl MarketClock {
    fn seen(&self) -> (Shown, Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for MarketClock {
    fn now(&self) -> Timestamp {
        let (Shown { now, .. }, since) = self.seen();
        let passed = SignedDuration::from_secs_f64(since.elapsed().as_secs_f64() * self.pace());
        now.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }

    fn world(&self) -> Timestamp {
        Timestamp::now()
    }

    fn pace(&self) -> f64 {
        let (Shown { speed, frozen, .. }, _) = self.seen();
        if frozen { 0.0 } else { speed }
    }
}

impl Shell {
    /// The clock everything here goes by.
    pub(crate) async fn clock(&self) -> Result<Arc<dyn Clock>> {
        let Some(origin) = self.settings.clock.clone() else { return Ok(Arc::new(SystemClock)) };
        let web = Web::new();
        let Some(first) = shown(&web, &origin).await else {
            let (ko, en) = why(&origin).await;
            return Err(fail!(
                "{origin}의 샌드박스 시계를 읽지 못했어요 ({ko}). `hoesu sandbox`가 떠 있는지 확인해 주세요",
                "the clock of the sandbox at {origin} cannot be read ({en}); see whether `hoesu sandbox` runs there"
            ));
        };
        let clock = Arc::new(MarketClock(Mutex::new((first, Instant::now()))));
        let followed = Arc::downgrade(&clock);
        let background = self.background.clone();
        tokio::spawn(async move {
            let follow = || follow(&web, &origin, &followed);
            let gone = async {
                while followed.strong_count() > 0 {
                    tokio::time::sleep(ASK_EVERY).await;
                }
            };
            background.run("clock", follow, gone).await;
        });
        Ok(clock)
    }
}

/// Follows a market's clock for as long as somebody goes by it.
async fn follow(web: &Web, origin: &str, followed: &Weak<MarketClock>) {
    loop {
        tokio::time::sleep(ASK_EVERY).await;
        let Some(clock) = followed.upgrade() else { return };
        if let Some(shown) = shown(web, origin).await {
            *clock.0.lock().unwrap_or_else(PoisonError::into_inner) = (shown, Instant::now());
        }
    }
}

/// Why a clock cannot be read: the address, or what the system says of connecting there.
async fn why(origin: &str) -> (String, String) {
    let host = origin.strip_prefix("http://").map(|host| host.trim_end_matches('/'));
    let Some(host) = host.filter(|host| !host.is_empty()) else {
        return (
            "http://127.0.0.1:8790 같은 주소여야 해요".to_owned(),
            "it must be an address such as http://127.0.0.1:8790".to_owned(),
        );
    };
    let host = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    match tokio::time::timeout(ASK_EVERY, TcpStream::connect(&host)).await {
        Ok(Ok(_)) => {
            ("답이 샌드박스의 시계가 아니에요".to_owned(), "what answers is no sandbox".to_owned())
        }
        Ok(Err(error)) => (error.to_string(), error.to_string()),
        Err(_elapsed) => ("답이 없어요".to_owned(), "no answer in time".to_owned()),
    }
}

async fn shown(web: &Web, origin: &str) -> Option<Shown> {
    let ask = HttpAsk {
        method: axum::http::Method::GET,
        origin: origin.trim_end_matches('/').to_owned(),
        path: PATH.to_owned(),
        query: String::new(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let said = web.call(ask).await.ok()?;
    serde_json::from_slice(&said.body).ok()
}
