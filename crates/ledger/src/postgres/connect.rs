//! How a server is reached: which of several, encrypted or not, and what is set once it lets us in.

mod cancel;
mod certificate;
mod session;
mod tls;
mod typed;
mod url;

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use deadpool_postgres::{
    Connect, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinHandle;
use tokio_postgres::config::{Host, SslMode as Negotiated};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client as Driver, Config, Error as DriverError, NoTls, Socket};

use session::SessionSettings;
pub(crate) use session::{Client, Transaction};
use tls::{Files, SslMode, Tls};
use url::Target;
pub(crate) use url::shown;

use crate::{Error, Result};

/// How long to wait for a connection that others use.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections to one database, and how one speaks over them.
pub(super) struct ConnectionPool {
    pool: Pool,
    manner: SessionSettings,
    tls: Tls,
}

impl ConnectionPool {
    /// Reads a URL and the files it names; asks no server yet.
    pub(super) fn open(url: &str) -> Result<Self> {
        let target = Target::parse(url)?;
        let tls = Tls::load(target.ssl, &target.files)?;
        let manner = SessionSettings {
            is_prepared: target.is_prepared,
            statement_timeout: target.statement_timeout.clone(),
            hosts: target.hosts.clone().into(),
        };
        let create = target.connect_timeout * target.hosts.len() as u32 + Duration::from_secs(1);
        let dial = ServerConnector {
            hosts: target.hosts,
            is_shuffled: target.is_shuffled,
            ssl: target.ssl,
            files: target.files,
            tls: tls.clone(),
            connect_timeout: target.connect_timeout,
            manner: manner.clone(),
        };
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_connect(Config::new(), dial, config))
            .max_size(target.pool_max)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(PATIENCE),
                create: Some(create),
                recycle: Some(PATIENCE),
            })
            .build()
            .map_err(|_| Error::Closed)?;
        Ok(Self { pool, manner, tls })
    }

    /// A connection, waited for if all are in use.
    pub(super) async fn client(&self) -> Result<Client> {
        let object = match self.pool.get().await {
            Err(PoolError::Backend(error)) if is_full(&error) => self.one_of_these(error).await,
            other => other,
        };
        Ok(Client::new(object.map_err(Error::Pool)?, self.manner.clone(), self.tls.clone()))
    }

    /// The server lets no more of us in (a role's `CONNECTION LIMIT`, others that have them all): one of
    /// the connections there are is waited for, if there are any.
    async fn one_of_these(&self, mut error: DriverError) -> std::result::Result<Object, PoolError> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until && self.pool.status().size > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if self.pool.status().available == 0 {
                continue;
            }
            match self.pool.get().await {
                // Somebody else was faster.
                Err(PoolError::Backend(again)) if is_full(&again) => error = again,
                other => return other,
            }
        }
        Err(PoolError::Backend(error))
    }
}

fn is_full(error: &DriverError) -> bool {
    error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS)
}

type Connected = std::result::Result<(Driver, JoinHandle<()>), DriverError>;

/// Makes connections.
struct ServerConnector {
    hosts: Vec<Config>,
    is_shuffled: bool,
    ssl: SslMode,
    files: Files,
    tls: Tls,
    connect_timeout: Duration,
    manner: SessionSettings,
}

impl Connect for ServerConnector {
    fn connect(&self, _: &Config) -> Pin<Box<dyn Future<Output = Connected> + Send + '_>> {
        Box::pin(async {
            let mut order: Vec<&Config> = self.hosts.iter().collect();
            if self.is_shuffled {
                shuffle(&mut order);
            }
            let mut failed = None;
            for host in order {
                let tried = tokio::time::timeout(self.connect_timeout, self.reach(host)).await;
                let error = match tried {
                    Ok(Ok(connected)) => return Ok(connected),
                    Ok(Err(error)) => error,
                    Err(_) => broken(io::ErrorKind::TimedOut.into()).await,
                };
                let is_more = failed.as_ref().is_none_or(|other| telling(&error) > telling(other));
                if is_more {
                    failed = Some(error);
                }
            }
            Err(failed.expect("a URL names a server"))
        })
    }
}

impl ServerConnector {
    /// Tries one server, in the ways its `sslmode` allows, as libpq does.
    async fn reach(&self, host: &Config) -> Connected {
        // Nothing is encrypted over a socket of the machine.
        let is_local = matches!(host.get_hosts(), [Host::Unix(_)]);
        match self.ssl {
            _ if is_local => self.plainly(host).await,
            SslMode::Disable => self.plainly(host).await,
            SslMode::Allow => match self.plainly(host).await {
                Err(error) if is_refusal(&error) => self.encrypted(host, Negotiated::Require).await,
                other => other,
            },
            SslMode::Prefer => match self.encrypted(host, Negotiated::Prefer).await {
                Err(error) if is_refusal(&error) || is_handshake(&error) => {
                    self.plainly(host).await.map_err(|_| error)
                }
                other => other,
            },
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => {
                self.encrypted(host, Negotiated::Require).await
            }
        }
    }

    async fn plainly(&self, host: &Config) -> Connected {
        let mut config = host.clone();
        config.ssl_mode(Negotiated::Disable);
        let (client, connection) = config.connect(NoTls).await?;
        self.greeted(client, watched(connection)).await
    }

    async fn encrypted(&self, host: &Config, mode: Negotiated) -> Connected {
        let mut config = host.clone();
        config.ssl_mode(mode);
        let (client, connection) = config.connect(self.current()).await?;
        self.greeted(client, watched(connection)).await
    }

    /// The files as they are now: certificates are renewed under a running process. Half written ones
    /// are left aside.
    fn current(&self) -> Tls {
        if self.files == Files::default() {
            return self.tls.clone();
        }
        Tls::load(self.ssl, &self.files).unwrap_or_else(|error| {
            tracing::warn!(%error, "the certificates cannot be read again; the earlier ones are used");
            self.tls.clone()
        })
    }

    /// Sets what is the session's. Where transactions share sessions there is none of our own.
    async fn greeted(&self, client: Driver, task: JoinHandle<()>) -> Connected {
        if let (true, Some(time)) = (self.manner.is_prepared, &self.manner.statement_timeout) {
            client.batch_execute(&format!("SET statement_timeout = '{time}'")).await?;
        }
        Ok((client, task))
    }
}

fn watched<T>(connection: tokio_postgres::Connection<Socket, T>) -> JoinHandle<()>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        if let Err(source) = connection.await {
            let error = Error::Postgres { doing: "keeping a connection", source };
            tracing::warn!(%error, "a connection to the database broke");
        }
    })
}

/// Whether the server let us in as nobody, this way.
fn is_refusal(error: &DriverError) -> bool {
    error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}

fn is_handshake(error: &DriverError) -> bool {
    error.to_string() == "error performing TLS handshake"
        || crate::error::of_rustls(error).is_some()
}

/// How much it tells of what is the matter, of several servers' answers: a refusal says more than that a
/// server may not be written to, and that more than that one is away.
fn telling(error: &DriverError) -> u8 {
    match error.code() {
        Some(&SqlState::CANNOT_CONNECT_NOW) => 1,
        Some(_) => 4,
        None if is_handshake(error) => 3,
        None if crate::error::is_read_only(error) => 2,
        None => 0,
    }
}

fn shuffle<T>(list: &mut [T]) {
    for at in (1..list.len()).rev() {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).expect("the system has randomness");
        list.swap(at, (u64::from_ne_bytes(bytes) % (at as u64 + 1)) as usize);
    }
}

/// The driver's error for what happened outside it: only the driver makes one.
async fn broken(why: io::Error) -> DriverError {
    let mut config = Config::new();
    config.user("hoesu").ssl_mode(Negotiated::Disable);
    match config.connect_raw(Broken(Some(why)), NoTls).await {
        Err(error) => error,
        Ok(_) => unreachable!("nothing is said over what is broken"),
    }
}

/// A stream that is broken from the beginning.
struct Broken(Option<io::Error>);

impl Broken {
    fn why(&mut self) -> io::Error {
        self.0.take().unwrap_or_else(|| io::ErrorKind::BrokenPipe.into())
    }
}

impl AsyncRead for Broken {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Err(self.why()))
    }
}

impl AsyncWrite for Broken {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(self.why()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(self.why()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
