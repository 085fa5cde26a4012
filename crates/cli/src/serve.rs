//! `hoesu serve`: the surfaces, live over the ledger.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use hoesu_channels::Desk;
use hoesu_engine::collect::Only;
use hoesu_ledger::{Ledger, Limits};
use hoesu_server::{BoundListener, Config, Meter, TlsFiles};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing_subscriber::EnvFilter;

use crate::collect;
use crate::failure::{Exit, Failure, Result, fail, misuse};
use crate::lang::say;
use crate::settings::{LogFormat, Settings};
use crate::shell::Shell;

/// Opened documents kept in memory, in bytes.
const HELD_BYTES: u64 = 256 << 20;

/// Answer in the channels' names from the ledger, until told to stop.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address to listen on; 127.0.0.1:8780 unless given.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// TLS certificate chain (PEM); needs --tls-key.
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// TLS private key (PEM); needs --tls-cert.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Answer only: ask no channel.
    #[arg(long)]
    no_collect: bool,
    /// Refuse a ledger whose schema would have to be brought up to date, or that is not there yet.
    #[arg(long)]
    no_migrate: bool,
    /// What is logged: error, warn, info, debug, or a filter.
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
    /// How it is logged: text or json; JSON unless a terminal watches.
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    log_format: Option<LogFormat>,
}

impl Serve {
    /// Hands over the flags that are settings.
    pub(crate) fn take_settings(&mut self, flags: &mut Settings) {
        flags.listen = self.listen.take();
        flags.tls_cert = self.tls_cert.take();
        flags.tls_key = self.tls_key.take();
        flags.log = self.log.take();
        flags.log_format = self.log_format.take();
    }

    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let limits = Limits { held_bytes: HELD_BYTES, migrates: !self.no_migrate, ..Limits::USUAL };
        let stop = told_to_stop()?;
        // A start that fails changes nothing: what can keep it from listening comes before the ledger.
        let bound = bind(shell).await?;
        let address = bound.address();
        let ledger = shell.ledger_within(limits).await?;
        let scheme = if shell.settings.tls_cert.is_some() { "https" } else { "http" };
        let first = ledger.set_up_link(shell.now).await?;
        let ready = || {
            shell.note(say!(
                shell.lang,
                "{scheme}://{address} 에서 대답하고 있어요",
                "answering on {scheme}://{address}"
            ));
            if let Some(link) = first {
                let link = format!("{scheme}://{address}/console/set-up/{}", *link.text);
                shell.note(say!(
                    shell.lang,
                    "아직 사용자가 없어요. 7일 동안 한 번 쓸 수 있는 이 링크로 첫 관리자를 만들어 주세요:\n  {link}",
                    "nobody can sign in yet; make the first admin by this link, good once within 7 days:\n  {link}"
                ));
            }
        };
        let asks = !self.no_collect;
        listen(shell, bound, ledger, asks, ready, stop).await
    }
}

/// Begins to log, and takes the address that is to be listened on.
pub(crate) async fn bind(shell: &Shell) -> Result<BoundListener> {
    log(shell)?;
    let settings = &shell.settings;
    let tls = match (&settings.tls_cert, &settings.tls_key) {
        (Some(cert), Some(key)) => Some(TlsFiles { cert: cert.clone(), key: key.clone() }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(misuse!(
                "TLS에는 인증서와 키가 모두 필요해요. --tls-cert와 --tls-key를 함께 주세요",
                "TLS needs a certificate and a key; give both --tls-cert and --tls-key"
            ));
        }
    };
    let config = Config { listen: settings.listen(), tls };
    config.bind().await.map_err(|error| could_not(&error))
}

/// Serves a ledger until `stop`, then lets what has begun finish. `ready` is called once it can be.
/// Channels are asked by the way if `asks`.
pub(crate) async fn listen(
    shell: &Shell,
    bound: BoundListener,
    ledger: Arc<Ledger>,
    asks: bool,
    ready: impl FnOnce() + Send,
    stop: impl Future<Output = ()> + Send,
) -> Result<Exit> {
    let desk = Desk::showing(ledger, shell.clock().await?);
    let meter = Meter::supervised(shell.background.clone());
    let app = hoesu_server::app(&desk, Arc::new(meter));
    let address = bound.address();
    let (version, database) = (env!("CARGO_PKG_VERSION"), shell.settings.place().shown());
    let clock = shell.settings.clock.as_deref().unwrap_or("system");
    tracing::info!(version, database, clock, %address, "started");
    ready();
    let (end, ended) = watch::channel(());
    let collector = collect::collector(Arc::clone(&desk.ledger), Arc::clone(&desk.clock));
    let (background, stopped, stops) =
        (shell.background.clone(), is_over(ended.clone()), ended.clone());
    let collecting = asks.then(|| {
        tokio::spawn(async move {
            let collect = || collector.run(Only::default(), is_over(stops.clone()));
            background.run("collecting", collect, stopped).await;
        })
    });
    let (background, stopped, stops) =
        (shell.background.clone(), is_over(ended.clone()), ended.clone());
    let settling = tokio::spawn(async move {
        let settle = || {
            let (ledger, clock) = (Arc::clone(&desk.ledger), Arc::clone(&desk.clock));
            hoesu_engine::follow(ledger, clock, is_over(stops.clone()))
        };
        background.run("settling", settle, stopped).await;
    });
    hoesu_server::serve(bound, app, stop).await;
    // What is being collected or settled is kept whole or not at all; it is waited for so that the
    // ledger closes after it.
    drop(end);
    let collected = async {
        if let Some(collecting) = collecting {
            finish(collecting).await;
        }
    };
    tokio::join!(collected, finish(settling));
    Ok(Exit::Done)
}

/// Resolves once the other end of a channel is gone.
pub(crate) async fn is_over(mut ended: watch::Receiver<()>) {
    while ended.changed().await.is_ok() {}
}

/// How long background work may take to end: a database that does not answer is not waited for.
const FINISH_MAX: Duration = Duration::from_secs(3);

/// How long whoever was cut off has to have the database stop what it did for them.
const CANCEL_TIME: Duration = Duration::from_millis(300);

/// Waits for background work that was told to stop, and cuts it off if it does not.
pub(crate) async fn finish(mut work: JoinHandle<()>) {
    if tokio::time::timeout(FINISH_MAX, &mut work).await.is_err() {
        tracing::warn!("background work did not end in time and was cut off");
        work.abort();
        let _ = work.await;
        tokio::time::sleep(CANCEL_TIME).await;
    }
}

/// Resolves at an interrupt or a polite end.
pub(crate) fn told_to_stop() -> Result<impl Future<Output = ()> + Send> {
    let signals = |error: std::io::Error| {
        fail!("신호를 받을 수 없어요 ({error})", "signals cannot be received ({error})")
    };
    let mut interrupt = signal(SignalKind::interrupt()).map_err(signals)?;
    let mut end = signal(SignalKind::terminate()).map_err(signals)?;
    Ok(async move {
        let signal = tokio::select! {
            _ = interrupt.recv() => "SIGINT",
            _ = end.recv() => "SIGTERM",
        };
        tracing::info!(signal, "stopping");
    })
}

pub(crate) fn could_not(error: &hoesu_server::Error) -> Failure {
    match error {
        hoesu_server::Error::Listen { address, source } => fail!(
            "{address}에서 들을 수 없어요 ({source}). 다른 프로그램이 쓰고 있는지 보거나 --listen으로 다른 주소를 주세요",
            "cannot listen on {address} ({source}); see whether another program does, or give another address by --listen"
        ),
        hoesu_server::Error::Tls { file, why } => fail!(
            "TLS 파일을 쓸 수 없어요: {file} ({why}). PEM 파일이 맞는지 확인해 주세요",
            "the TLS file {file} cannot be used ({why}); check that it is PEM"
        ),
    }
}

/// Begins to log, on standard error. A panic is logged by its place alone: its message may quote what
/// was being worked on.
pub(crate) fn log(shell: &Shell) -> Result<()> {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic was caught");
    }));
    let filter = shell.settings.log.as_deref().unwrap_or("info");
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        misuse!(
            "로그 필터를 이해하지 못했어요: {filter} ({error})",
            "the log filter {filter} cannot be understood ({error})"
        )
    })?;
    let format = shell.settings.log_format.unwrap_or(if shell.is_watched() {
        LogFormat::Text
    } else {
        LogFormat::Json
    });
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(shell.is_watched()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
