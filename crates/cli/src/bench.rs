//! `hoesu bench`: how fast the surfaces and the core are on this machine.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::failure::{Exit, Result, fail};
use crate::shell::Shell;

/// Measure this machine.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The surfaces over invented documents, beside a fixed answer as the ceiling.
    Surfaces(Surfaces),
    /// From invented documents to findings on one core, beside a bare hash join of the same rows.
    Cases(Cases),
    /// What one new document costs in a ledger of so many cases.
    Settle(Settle),
    /// How fast a backlog of so many orders is collected, and in how much memory.
    Collect(Collect),
    /// The console's pages over a ledger of so many cases.
    Pages(Pages),
    /// Answer fixed bytes: what the surfaces are measured against.
    Ceiling(Ceiling),
}

/// How to measure the surfaces.
#[derive(Debug, Args)]
pub(crate) struct Surfaces {
    /// How many documents; repeatable. 100000 unless given.
    #[arg(long, value_name = "N")]
    documents: Vec<u64>,
    /// How long each measurement runs; 10 unless given.
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Connections of the client; 32 unless given.
    #[arg(long, value_name = "N")]
    connections: Option<usize>,
    /// Where throw-away ledgers are made; the system's temporary folder unless given.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

/// How to measure the core.
#[derive(Debug, Args)]
pub(crate) struct Cases {
    /// How many orders; 1000000 unless given.
    #[arg(long, value_name = "N")]
    cases: Option<u64>,
}

/// How to measure settling.
#[derive(Debug, Args)]
pub(crate) struct Settle {
    /// How many cases; repeatable. 10000 and 100000 unless given.
    #[arg(long, value_name = "N")]
    cases: Vec<u64>,
    /// Where throw-away ledgers are made; the system's temporary folder unless given.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

/// How to measure the console's pages.
#[derive(Debug, Args)]
pub(crate) struct Pages {
    /// How many cases; repeatable. 10000 and 100000 unless given.
    #[arg(long, value_name = "N")]
    cases: Vec<u64>,
    /// Where throw-away ledgers are made; the system's temporary folder unless given.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

/// How to measure collecting.
#[derive(Debug, Args)]
pub(crate) struct Collect {
    /// How many orders, each of about three documents; 10000 unless given.
    #[arg(long, value_name = "N")]
    orders: Option<u64>,
    /// Where throw-away ledgers are made; the system's temporary folder unless given.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

/// What the ceiling answers.
#[derive(Debug, Args)]
pub(crate) struct Ceiling {
    /// How many bytes; 2400 unless given.
    #[arg(long, value_name = "N")]
    bytes: Option<usize>,
}

impl Bench {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let done = match self.what {
            What::Surfaces(surfaces) => surfaces.run(shell).await,
            What::Cases(cases) => cases.run(shell),
            What::Settle(settle) => settle.run(shell).await,
            What::Collect(collect) => collect.run(shell).await,
            What::Pages(pages) => pages.run(shell).await,
            What::Ceiling(ceiling) => ceiling.run(shell).await,
        };
        let done = done.map_err(|error| format!("{error:#}"));
        done.map_err(|why| fail!("재지 못했어요 ({why})", "nothing could be measured ({why})"))?;
        Ok(Exit::Done)
    }
}

impl Surfaces {
    async fn run(self, shell: &Shell) -> anyhow::Result<()> {
        let options = hoesu_bench::Options {
            documents: if self.documents.is_empty() { vec![100_000] } else { self.documents },
            time: Duration::from_secs(self.seconds.unwrap_or(10)),
            connections: self.connections.unwrap_or(32),
            scratch: self.scratch,
        };
        // A line that cannot be said now is said by the report's reader.
        let say = |line: &str| drop(shell.line(line));
        hoesu_bench::surfaces(&options, say).await.map(drop)
    }
}

impl Cases {
    fn run(self, shell: &Shell) -> anyhow::Result<()> {
        let say = |line: &str| drop(shell.line(line));
        hoesu_bench::cases(self.cases.unwrap_or(1_000_000), say).map(drop)
    }
}

impl Settle {
    async fn run(self, shell: &Shell) -> anyhow::Result<()> {
        let cases = if self.cases.is_empty() { vec![10_000, 100_000] } else { self.cases };
        let say = |line: &str| drop(shell.line(line));
        hoesu_bench::settle(&cases, self.scratch, say).await.map(drop)
    }
}

impl Pages {
    async fn run(self, shell: &Shell) -> anyhow::Result<()> {
        let cases = if self.cases.is_empty() { vec![10_000, 100_000] } else { self.cases };
        let say = |line: &str| drop(shell.line(line));
        hoesu_bench::pages(&cases, self.scratch, say).await.map(drop)
    }
}

impl Collect {
    async fn run(self, shell: &Shell) -> anyhow::Result<()> {
        let say = |line: &str| drop(shell.line(line));
        hoesu_bench::collect(self.orders.unwrap_or(10_000), self.scratch, say).await.map(drop)
    }
}

impl Ceiling {
    async fn run(self, shell: &Shell) -> anyhow::Result<()> {
        hoesu_bench::ceiling(self.bytes.unwrap_or(2_400), |address| {
            shell.note(format!("http://{address}"));
        })
        .await
    }
}
