//! Connections: accepted, limited, and let finish what they began when the server ends.

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hoesu_console::Peer;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::app::App;
use crate::tls::{self, TlsFiles};

/// What a server hands requests to.
pub trait Answers: Send + Sync + 'static {
    /// Answers one request; `None` ends the connection without a word.
    fn answer(
        &self,
        request: Request<Body>,
    ) -> impl Future<Output = Option<Response>> + Send + use<Self>;

    /// Called every few seconds.
    fn tidy(&self);
}

impl Answers for App {
    fn answer(
        &self,
        request: Request<Body>,
    ) -> impl Future<Output = Option<Response>> + Send + use<> {
        let answer = Self::answer(self, request);
        async move { Some(answer.await) }
    }

    fn tidy(&self) {
        self.meter().tidy();
    }
}

/// How a server listens.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where. Port 0 lets the system choose.
    pub listen: SocketAddr,
    /// With what certificate; plain HTTP without.
    pub tls: Option<TlsFiles>,
}

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// The system's word.
        #[source]
        source: std::io::Error,
    },
    /// The certificate or key is of no use.
    #[error("the TLS file {file} cannot be used: {why}")]
    Tls {
        /// Which.
        file: String,
        /// Why.
        why: String,
    },
}

/// How long a client may take to send a request's head.
const HEAD_TIME_MAX: Duration = Duration::from_secs(15);

/// How long a client may take to agree on TLS.
const TLS_TIME_MAX: Duration = Duration::from_secs(10);

/// How large a request's head may be, in bytes.
const HEAD_MAX: usize = 64 << 10;

/// How long requests that have begun may go on after the server was told to stop.
const FINISH_MAX: Duration = Duration::from_secs(5);

/// How often counters are tidied.
const TIDY_EVERY: Duration = Duration::from_secs(5);

/// An address that is ours: whoever connects waits until it is served.
pub struct BoundListener {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    address: SocketAddr,
}

impl Config {
    /// Takes the address and reads the certificate: what can keep a server from starting.
    pub async fn bind(&self) -> Result<BoundListener, Error> {
        let failed = |source| Error::Listen { address: self.listen, source };
        let tls = self.tls.as_ref().map(tls::acceptor).transpose()?;
        let listener = TcpListener::bind(self.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(BoundListener { listener, tls, address })
    }
}

impl BoundListener {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl std::fmt::Debug for BoundListener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("BoundListener").field(&self.address).finish()
    }
}

/// Answers until `stop` resolves, then lets what has begun finish.
pub async fn serve(bound: BoundListener, app: impl Answers, stop: impl Future<Output = ()> + Send) {
    let BoundListener { listener, tls, .. } = bound;
    let connections = GracefulShutdown::new();
    let app = Arc::new(app);
    let mut tidy = tokio::time::interval(TIDY_EVERY);
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, from) = tokio::select! {
            () = &mut stop => break,
            _ = tidy.tick() => {
                app.tidy();
                continue;
            }
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: those in use will come back.
                    tracing::warn!(error = &error as &dyn std::error::Error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let _ = stream.set_nodelay(true);
        let watcher = connections.watcher();
        let (app, tls) = (Arc::clone(&app), tls.clone());
        // An IPv4 address is the same one when it comes by IPv6.
        let address = Some(from.ip().to_canonical());
        let peer = Peer { address, is_secure: tls.is_some() };
        tokio::spawn(async move {
            match tls {
                None => drop(watcher.watch(connection(stream, peer, app)).await),
                Some(tls) => {
                    let agreed = tokio::time::timeout(TLS_TIME_MAX, tls.accept(stream)).await;
                    if let Ok(Ok(stream)) = agreed {
                        drop(watcher.watch(connection(stream, peer, app)).await);
                    }
                }
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(FINISH_MAX, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
}

fn connection<S, A: Answers>(stream: S, peer: Peer, app: Arc<A>) -> impl Connection
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let answer = app.answer(request);
        async move { answer.await.ok_or(ErrorKind::ConnectionAborted).map_err(std::io::Error::from) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX)
        .max_buf_size(HEAD_MAX)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service)
}

/// A connection that can be told to finish.
trait Connection:
    hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send
{
}

impl<T: hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send> Connection
    for T
{
}
