//! A go-between that speaks PostgreSQL's protocol to both sides and breaks off or falls silent when told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use hoesu_ledger::Place;
use hoesu_testkit::TestLedger;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixListener, UnixStream};
use tokio_postgres::config::Host;

/// How the driver says it on the wire, and how the server says that it is done.
const COMMIT: &[u8] = b"COMMIT\0";

/// When the next transaction's connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Breaks {
    Never,
    /// The server never hears of the commit.
    BeforeCommit,
    /// The server commits, and nobody hears of it.
    AfterCommit,
}

pub(crate) struct Proxy {
    folder: TempDir,
    place: Place,
    breaks: Arc<AtomicU8>,
    silent: Arc<AtomicBool>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

impl Proxy {
    /// Stands before a ledger's server.
    pub(crate) fn before(ledger: &TestLedger) -> Self {
        let Place::Postgres(url) = ledger.place() else { panic!("there is no server") };
        let config: tokio_postgres::Config = url.parse().unwrap();
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let host = config.get_hosts()[0].clone();
        let folder = TempDir::with_prefix("hoesu-proxy-").unwrap();
        let (user, database) = (config.get_user().unwrap(), config.get_dbname().unwrap());
        let shown = folder.path().display();
        let place = Place::Postgres(format!("postgresql://{user}@/{database}?host={shown}"));
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let breaks = Arc::new(AtomicU8::new(Breaks::Never as u8));
        let silent = Arc::new(AtomicBool::new(false));
        let told = (Arc::clone(&breaks), Arc::clone(&silent));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server: Box<dyn Stream> = match &host {
                    Host::Tcp(name) => {
                        Box::new(TcpStream::connect((name.as_str(), port)).await.unwrap())
                    }
                    Host::Unix(folder) => {
                        let socket = folder.join(format!(".s.PGSQL.{port}"));
                        Box::new(UnixStream::connect(socket).await.unwrap())
                    }
                };
                tokio::spawn(relay(client, server, told.clone()));
            }
        });
        Self { folder, place, breaks, silent }
    }

    /// The ledger as it is reached through this.
    pub(crate) fn place(&self) -> &Place {
        assert!(self.folder.path().exists());
        &self.place
    }

    /// Breaks a connection at the next commit.
    pub(crate) fn break_once(&self, breaks: Breaks) {
        self.breaks.store(breaks as u8, Ordering::SeqCst);
    }

    /// Passes nothing on any more, and breaks nothing off.
    pub(crate) fn fall_silent(&self) {
        self.silent.store(true, Ordering::SeqCst);
    }

    /// Whether the connection has been broken.
    pub(crate) fn has_broken(&self) -> bool {
        self.breaks.load(Ordering::SeqCst) == Breaks::Never as u8
    }
}

/// Carries what both say until one ends or the connection is to break.
async fn relay(
    mut client: UnixStream,
    mut server: Box<dyn Stream>,
    (breaks, silent): (Arc<AtomicU8>, Arc<AtomicBool>),
) {
    let (mut asked, mut said) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(count @ 1..) = read else { return };
                while silent.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                let commits = holds_commit(&asked[..count]);
                let when = if commits { breaks.swap(Breaks::Never as u8, Ordering::SeqCst) } else { 0 };
                if when == Breaks::BeforeCommit as u8 {
                    return;
                }
                if server.write_all(&asked[..count]).await.is_err() {
                    return;
                }
                if when == Breaks::AfterCommit as u8 {
                    // The answer is waited for, and kept from whoever asked.
                    while let Ok(count @ 1..) = server.read(&mut said).await {
                        if holds_commit(&said[..count]) {
                            return;
                        }
                    }
                    return;
                }
            }
            read = server.read(&mut said) => {
                let Ok(count @ 1..) = read else { return };
                if client.write_all(&said[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn holds_commit(bytes: &[u8]) -> bool {
    bytes.windows(COMMIT.len()).any(|bytes| bytes == COMMIT)
}
