//! A small market and calls to it.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hoesu_channels::channel::Call;
use hoesu_channels::{CHANNELS, Channel, Clock as _, Example};
use hoesu_server::Answers as _;
use serde_json::Value;

use crate::{Plan, Sandbox};

/// A small market whose clock stands still.
pub(super) fn plan() -> Plan {
    Plan { seed: 7, days: 2, sellers: 2, orders_per_day: 6, frozen: true, ..Plan::default() }
}

pub(super) async fn open() -> Sandbox {
    Sandbox::open(plan()).await.unwrap()
}

/// What came back.
#[derive(Debug, PartialEq)]
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) media: String,
    pub(super) body: Vec<u8>,
    pub(super) retry_after: Option<String>,
}

impl Answered {
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// An answer to a request; `None` if the connection ended.
pub(super) async fn send(sandbox: &Sandbox, request: Request<Body>) -> Option<Answered> {
    let response = sandbox.answer(request).await?;
    let header =
        |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (media, retry_after) = (header("content-type").unwrap_or_default(), header("retry-after"));
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
    Some(Answered { status, media, body, retry_after })
}

/// A call of the control.
pub(super) async fn control(sandbox: &Sandbox, method: Method, path: &str, body: &str) -> Answered {
    let request = Request::builder().method(method).uri(format!("/_sandbox{path}"));
    send(sandbox, request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
}

/// The first seller's account on a channel: its name, and an example of the channel's, signed.
pub(super) fn signed(sandbox: &Sandbox, channel: &dyn Channel) -> (String, Request<Body>) {
    let seed = sandbox.seed("http://127.0.0.1");
    let account = seed.sellers[0].accounts.iter().find(|one| one.channel == channel.id()).unwrap();
    let example = channel.examples(&account.credentials).remove(0);
    let Example { method, path, query, headers, body, .. } = &example;
    let credentials = &account.credentials;
    let call = Call { credentials, method, path, query, now: sandbox.world().stage.clock.now() };
    let target = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
    let mut request = Request::builder().method(method.clone()).uri(target);
    for (name, value) in channel.authorize(&call).iter().chain(headers) {
        request = request.header(*name, value);
    }
    let body = body.clone().unwrap_or_default();
    (account.name.clone(), request.body(Body::from(body)).unwrap())
}

/// A call of a channel's first example.
pub(super) async fn example(sandbox: &Sandbox, channel: &dyn Channel) -> Option<Answered> {
    send(sandbox, signed(sandbox, channel).1).await
}

/// The channels a market plays.
pub(super) fn played() -> impl Iterator<Item = &'static dyn Channel> {
    CHANNELS.iter().copied().filter(|channel| channel.stall().is_some())
}
