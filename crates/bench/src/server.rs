//! A server as its own process, so that its memory and its start are its own.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::memory::Resident;

/// A running server; ended with the value.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first answer of `/readyz`.
    pub(crate) ready_in: Duration,
}

impl Server {
    /// This very program, serving the ledger in `folder`.
    pub(crate) async fn serving(folder: &Path) -> anyhow::Result<Self> {
        let folder = folder.to_str().context("a folder with a readable name")?;
        Self::start(&["serve", "--data", folder, "--listen", "127.0.0.1:0"], true).await
    }

    /// This very program, answering fixed bytes.
    pub(crate) async fn ceiling(bytes: usize) -> anyhow::Result<Self> {
        Self::start(&["bench", "ceiling", "--bytes", &bytes.to_string()], false).await
    }

    async fn start(arguments: &[&str], readyz: bool) -> anyhow::Result<Self> {
        let started = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--lang", "en"])
            .args(arguments)
            .env("HOESU_LOG", "warn")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("starting a server")?;
        let said = child.stderr.take().context("a server's words")?;
        let mut lines = BufReader::new(said).lines();
        let address = loop {
            let line = lines.next_line().await?.context("a server that says where it listens")?;
            if let Some(address) = line.split_whitespace().find_map(address) {
                break address;
            }
        };
        // Keeps reading, so that a server with more to say is not held up.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        if readyz {
            wait_until_ready(address).await?;
        }
        Ok(Self { child, address, ready_in: started.elapsed() })
    }

    /// Resident memory, in bytes.
    pub(crate) fn resident_bytes(&self) -> anyhow::Result<u64> {
        let process = self.child.id().context("a running server")?;
        Ok(Resident::of(&process.to_string())?.all())
    }
}

fn address(word: &str) -> Option<SocketAddr> {
    word.trim_start_matches("http://").trim_end_matches('/').parse().ok()
}

async fn wait_until_ready(address: SocketAddr) -> anyhow::Result<()> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    for _ in 0..10_000 {
        if let Ok(mut stream) = tokio::net::TcpStream::connect(address).await {
            stream
                .write_all(b"GET /readyz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")
                .await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            if answer.starts_with("HTTP/1.1 200") {
                return Ok(());
            }
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    bail!("the server did not become ready")
}
