//! The ceiling: a plain axum route answering fixed bytes, with nothing around it or behind it.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::Router;
use axum::http::header;
use axum::routing::any;
use tokio::net::TcpListener;

/// Answers `bytes` bytes of text to everything, on a plain axum route, until the process is ended.
/// Says the address it listens on.
pub async fn ceiling(bytes: usize, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    let body = axum::body::Bytes::from(vec![b'x'; bytes]);
    let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], body) };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("listening")?;
    ready(listener.local_addr()?);
    let router = Router::new().route("/{*path}", any(answer));
    axum::serve(listener, router).await.context("answering")
}
