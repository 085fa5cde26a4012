//! A sandbox in a process of its own.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::http::Method;
use hoesu_channels::connect::HttpAsk;
use hoesu_engine::collect::{Http as _, Web};
use jiff::Timestamp;
use serde_json::Value;

use crate::Length;

/// The sandbox; it ends with the value.
pub(crate) struct Market {
    child: Child,
    pub(crate) origin: String,
    web: Web,
}

impl Market {
    /// A market that has been open for some days, standing still.
    pub(crate) async fn open(seed: u64, length: &Length) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let number = |number: u32| number.to_string();
        let child = Command::new(env!("CARGO_BIN_EXE_hoesu"))
            .args(["sandbox", "--listen", &address, "--seed", &seed.to_string()])
            .args(["--sellers", &number(length.sellers)])
            .args(["--orders", &number(length.orders_per_day), "--days", "4", "--frozen"])
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("hoesu runs");
        let market = Self { child, origin: format!("http://{address}"), web: Web::new() };
        for _ in 0..600 {
            if market.call(Method::GET, "/_sandbox/clock", "").await.is_some() {
                return market;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the sandbox does not answer");
    }

    async fn call(&self, method: Method, target: &str, body: &str) -> Option<Vec<u8>> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let ask = HttpAsk {
            method,
            origin: self.origin.clone(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.as_bytes().to_vec(),
        };
        let said = self.web.call(ask).await.ok()?;
        let text = String::from_utf8_lossy(&said.body);
        assert!(said.status.is_success(), "{target}: {} {text}", said.status);
        Some(said.body.to_vec())
    }

    async fn answered(&self, method: Method, target: &str, body: &str) -> Vec<u8> {
        self.call(method, target, body).await.expect("the sandbox answers")
    }

    pub(crate) async fn get(&self, target: &str) -> Vec<u8> {
        self.answered(Method::GET, target, "").await
    }

    pub(crate) async fn post(&self, target: &str, body: &str) -> Vec<u8> {
        self.answered(Method::POST, target, body).await
    }

    pub(crate) async fn put(&self, target: &str, body: &str) -> Vec<u8> {
        self.answered(Method::PUT, target, body).await
    }

    pub(crate) async fn delete(&self, target: &str) -> Vec<u8> {
        self.answered(Method::DELETE, target, "").await
    }

    /// The market's time.
    pub(crate) async fn now(&self) -> Timestamp {
        let clock: Value =
            serde_json::from_slice(&self.get("/_sandbox/clock").await).expect("JSON");
        clock["now"].as_str().and_then(|now| now.parse().ok()).expect("a time")
    }

    /// How many calls came too soon after others.
    pub(crate) async fn too_many(&self) -> u64 {
        let calls: Value =
            serde_json::from_slice(&self.get("/_sandbox/calls").await).expect("JSON");
        let accounts = calls["accounts"].as_object().expect("accounts");
        accounts.values().map(|one| one["too_many"].as_u64().expect("a number")).sum()
    }

    /// Ten minutes past the next two in the morning in Korea: the night's reading again has begun.
    pub(crate) async fn next_night(&self) -> Timestamp {
        let now = self.now().await;
        let day = 24 * 3_600_000;
        // 02:10 in Korea is 17:10 UTC.
        let shift = 17 * 3_600_000 + 600_000;
        let ms = (now.as_millisecond() - shift).div_euclid(day) * day + day + shift;
        Timestamp::from_millisecond(ms).expect("an instant")
    }
}

impl Drop for Market {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
