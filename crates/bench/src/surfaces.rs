//! The surfaces under load: every channel's probes, beside the ceiling of the same run.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use hoesu_channels::channel::Call;
use hoesu_channels::{CHANNELS, Channel, Example, Probe};
use hoesu_ledger::{Ledger, MasterKey, Place};
use jiff::Timestamp;

use crate::client::{Run, Until, drive};
use crate::fill::fill;
use crate::server::Server;

/// What to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many documents of each probed kind; one table row each.
    pub documents: Vec<u64>,
    /// How long each probe is driven.
    pub time: Duration,
    /// How many connections at once.
    pub connections: usize,
    /// Where throw-away ledgers are made; the system's place for them if `None`.
    pub scratch: Option<PathBuf>,
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl Report {
    pub(crate) fn put(&mut self, line: String) {
        self.lines.push(line);
    }
}

/// How many different calls a probe is driven with. Signed calls are good for five minutes, so they
/// are made just before.
const CALLS: u64 = 50_000;

/// The share of the time the ceiling is driven for.
const CEILING_PART: u32 = 2;

/// Measures; `say` hears every line as soon as it is known.
pub async fn surfaces(options: &Options, mut say: impl FnMut(&str)) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut put = |line: String| {
        say(&line);
        report.put(line);
    };
    let idle = {
        let folder = scratch(options.scratch.as_ref())?;
        let server = Server::serving(folder.path()).await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.resident_bytes()?
    };
    put(format!("idle on an empty ledger: {:.1} MB resident", megabytes(idle)));
    put("| documents | what | requests/s | of the ceiling | p50 | p99 | body | resident |"
        .to_owned());
    put("| --- | --- | --- | --- | --- | --- | --- | --- |".to_owned());
    for documents in &options.documents {
        measure(options, *documents, &mut put)
            .await
            .with_context(|| format!("at {documents} documents"))?;
    }
    Ok(report)
}

async fn measure(
    options: &Options,
    documents: u64,
    put: &mut impl FnMut(String),
) -> anyhow::Result<()> {
    let folder = scratch(options.scratch.as_ref())?;
    let data = folder.path().join("data");
    let mut filled = Vec::new();
    {
        let key = MasterKey::generate();
        key.save(&data.join("master.key"))?;
        let ledger = Ledger::open(&Place::Folder(data.clone()), &key).await?;
        let seller = ledger.add_seller("bench", Timestamp::now()).await?;
        for channel in CHANNELS {
            if let Some(probe) = channel.probes().first() {
                let one =
                    fill(&ledger, &seller, *channel, probe.kind, documents, folder.path()).await?;
                put(format!(
                    "| {documents} | import, {} {} | {:.0} documents/s | {:.2} of a bare insert | | | | |",
                    one.channel.id(),
                    probe.kind,
                    rate(one.documents, one.took),
                    one.bare.as_secs_f64() / one.took.as_secs_f64(),
                ));
                filled.push(one);
            }
        }
    }
    let server = Server::serving(&data).await?;
    put(format!("| {documents} | ready in {:.3} s | | | | | | |", server.ready_in.as_secs_f64()));
    for one in &filled {
        for probe in one.channel.probes() {
            let calls = requests(one.channel, probe, &one.credentials, documents, CALLS)?;
            let drive = |until| run(server.address, calls.clone(), options.connections, until);
            // What a first read costs; and then as a server answers that has run for a minute.
            let first = drive(Until::AllAnswered).await?;
            let again = drive(Until::After(options.time)).await?;
            let top = {
                let ceiling = Server::ceiling(again.body_bytes).await?;
                let calls = requests(one.channel, probe, &one.credentials, documents, 64)?;
                let until = Until::After(options.time / CEILING_PART);
                run(ceiling.address, calls, options.connections, until).await?
            };
            let resident = megabytes(server.resident_bytes()?);
            for (which, measured) in [("first", first), ("again", again)] {
                put(format!(
                    "| {documents} | {} {}, {which} | {:.0} | {:.3} of {:.0} | {:.0} µs | {:.0} µs | {} B | {resident:.0} MB |",
                    probe.id,
                    probe.what.en,
                    measured.per_second,
                    measured.per_second / top.per_second,
                    top.per_second,
                    microseconds(measured.p50),
                    microseconds(measured.p99),
                    measured.body_bytes,
                ));
            }
        }
    }
    Ok(())
}

async fn run(
    address: std::net::SocketAddr,
    calls: Vec<Vec<u8>>,
    connections: usize,
    until: Until,
) -> anyhow::Result<Run> {
    tokio::task::spawn_blocking(move || drive(address, calls, connections, until)).await?
}

/// Calls as they go over the wire, drawn over the whole ledger.
fn requests(
    channel: &'static dyn Channel,
    probe: &Probe,
    credentials: &BTreeMap<String, String>,
    documents: u64,
    calls: u64,
) -> anyhow::Result<Vec<Vec<u8>>> {
    let now = Timestamp::now();
    (0..calls)
        .map(|nth| {
            // A stride that shares no factor with powers of ten visits every document once.
            let drawn = nth.wrapping_mul(7_919_777) % documents.max(1);
            wire(channel, &(probe.call)(credentials, drawn, documents), credentials, now)
        })
        .collect()
}

fn wire(
    channel: &'static dyn Channel,
    call: &Example,
    credentials: &BTreeMap<String, String>,
    now: Timestamp,
) -> anyhow::Result<Vec<u8>> {
    use std::io::Write as _;
    let Example { method, path, query, headers, body, .. } = call;
    let mark = if query.is_empty() { "" } else { "?" };
    let mut out = Vec::with_capacity(512);
    write!(out, "{method} {path}{mark}{query} HTTP/1.1\r\nhost: bench\r\n")?;
    let authorization = channel.authorize(&Call { credentials, method, path, query, now });
    for (name, value) in headers.iter().chain(&authorization) {
        write!(out, "{name}: {value}\r\n")?;
    }
    let body = body.as_deref().unwrap_or_default();
    write!(out, "content-length: {}\r\n\r\n{body}", body.len())?;
    Ok(out)
}

pub(crate) fn scratch(within: Option<&PathBuf>) -> anyhow::Result<tempfile::TempDir> {
    let made = match within {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    };
    made.context("making a folder for a throw-away ledger")
}

fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000_000.0
}
