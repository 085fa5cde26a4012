//! Fills a ledger with made-up documents through the importer, and measures it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use hoesu_channels::{Channel, Role};
use hoesu_claims::document::Marks;
use hoesu_engine::{How, import};
use hoesu_ledger::{Account, Ledger, NewAccount, Seller};
use jiff::Timestamp;

/// An account of a channel, and what opens its surface.
pub(crate) struct Filled {
    pub(crate) channel: &'static dyn Channel,
    pub(crate) credentials: BTreeMap<String, String>,
    pub(crate) documents: u64,
    pub(crate) took: Duration,
    /// The bare insert of rows of the same size, durable as well.
    pub(crate) bare: Duration,
}

/// Makes an account on `channel` and imports `documents` made-up documents of `kind`.
pub(crate) async fn fill(
    ledger: &Arc<Ledger>,
    seller: &Seller,
    channel: &'static dyn Channel,
    kind: &'static str,
    documents: u64,
    scratch: &Path,
) -> anyhow::Result<Filled> {
    let (account, credentials) = account(ledger, seller, channel).await?;
    let now = Timestamp::now();
    let how = How { observed_at: now, as_rows_say: false, marks: Marks::new(), now };
    let source = Made::new(channel, kind, documents);
    let started = Instant::now();
    let report = import(ledger, channel, &account, source, &how, |_| ()).await?;
    let took = started.elapsed();
    ensure!(report.new == documents, "{} of {documents} documents went in", report.new);
    let bare = bare(channel, kind, documents, scratch).await?;
    Ok(Filled { channel, credentials, documents, took, bare })
}

/// An account of a channel with a fixed credential, and what opens its surface.
pub(crate) async fn account(
    ledger: &Arc<Ledger>,
    seller: &Seller,
    channel: &'static dyn Channel,
) -> anyhow::Result<(Account, BTreeMap<String, String>)> {
    let (mut settings, mut secrets, mut credential) =
        (BTreeMap::new(), BTreeMap::new(), String::new());
    let mut credentials = BTreeMap::new();
    for (at, field) in channel.capabilities().credential.iter().enumerate() {
        // Fixed, so that two runs measure the same.
        let value = (field.make)([at as u8 + 1; 32]);
        credentials.insert(field.name.to_owned(), value.clone());
        match field.role {
            Role::Setting => drop(settings.insert(field.name.to_owned(), value)),
            Role::Secret => drop(secrets.insert(field.name.to_owned(), value)),
            Role::Credential => credential = value,
        }
    }
    let new = NewAccount {
        seller: seller.id,
        channel: channel.id().to_owned(),
        name: channel.id().to_owned(),
        settings,
        secrets,
        credential,
    };
    Ok((ledger.add_account(new, Timestamp::now()).await?, credentials))
}

/// The same bodies into one table with one key, a thousand to a durable transaction.
async fn bare(
    channel: &'static dyn Channel,
    kind: &'static str,
    documents: u64,
    scratch: &Path,
) -> anyhow::Result<Duration> {
    let path = scratch.join("bare.db");
    tokio::task::spawn_blocking(move || {
        let bodies =
            (0..documents).filter_map(|nth| channel.invent(kind, nth)).map(|made| made.body);
        let took = hoesu_ledger::bare::insert(&path, bodies).context("inserting bare rows")?;
        std::fs::remove_file(&path)?;
        Ok(took)
    })
    .await?
}

/// Made-up documents as a stream of lines, made while they are read.
struct Made {
    channel: &'static dyn Channel,
    kind: &'static str,
    next: u64,
    until: u64,
    line: Vec<u8>,
    given: usize,
}

impl Made {
    fn new(channel: &'static dyn Channel, kind: &'static str, until: u64) -> Self {
        Self { channel, kind, next: 0, until, line: Vec::new(), given: 0 }
    }
}

impl Read for Made {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.line.len() {
            self.line.clear();
            self.given = 0;
            while self.next < self.until && self.line.len() < out.len() {
                if let Some(made) = self.channel.invent(self.kind, self.next) {
                    self.line.extend(made.body);
                    self.line.push(b'\n');
                }
                self.next += 1;
            }
        }
        let count = out.len().min(self.line.len() - self.given);
        out[..count].copy_from_slice(&self.line[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
