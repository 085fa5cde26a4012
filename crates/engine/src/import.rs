//! Import: a stream of records becomes documents in the ledger.
//!
//! One thread cuts the stream into batches, others read the records, and while they do the batch
//! before is being written: order is kept throughout, so that of two versions of one document in a
//! file the later one is the current one.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use hoesu_channels::{Channel, Invented};
use hoesu_claims::Incoming;
use hoesu_claims::document::Marks;
use hoesu_ledger::{Account, Ledger, Outcome, Put, Refused};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::record::{self, Filed, Known};
use crate::split::{Piece, Splitter};
use crate::{Error, Result};

/// Records in one transaction: large enough that its cost is shared, small enough to be held.
const BATCH_RECORDS: usize = 4_000;
/// Or so many bytes.
const BATCH_BYTES: usize = 8 << 20;
/// Batches read ahead of the one being written.
const BATCHES_AHEAD: usize = 2;
/// Bytes asked of the source at once.
const CHUNK_BYTES: usize = 256 << 10;
/// Refusals listed in the report; all are counted and kept.
const REFUSALS_LISTED: usize = 1_000;

/// What is known of a stream beside what it says.
#[derive(Debug, Clone)]
pub struct How {
    /// When the channel was heard saying this; an exported line's own word comes first.
    pub observed_at: Timestamp,
    /// Nobody knows when the channel was heard, only that it was no later than `observed_at`: a record
    /// that tells when it changed last is no fresher than that.
    pub as_rows_say: bool,
    /// Known of every record: the day a feed was asked for.
    pub marks: Marks,
    /// What time it is.
    pub now: Timestamp,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Read of the source.
    pub bytes: u64,
    /// Found in it.
    pub records: u64,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Records found.
    pub read: u64,
    /// Of these, first versions of documents.
    pub new: u64,
    /// Further versions.
    pub changed: u64,
    /// Known already.
    pub unchanged: u64,
    /// Kept with the reason why they are no documents.
    pub refused: u64,
    /// The first 1,000 of these.
    pub refusals: Vec<RefusedAt>,
}

/// A refused record, without the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedAt {
    /// Where it stands: `line 12`.
    pub at: String,
    /// The field at fault, in the channel's spelling; empty if it is the whole.
    pub field: String,
    /// Why, in a sentence that can follow the field's name.
    pub why: String,
}

/// Records of one batch, read.
type Batch = Vec<std::result::Result<Filed, Refused>>;

/// Puts what a source holds into the ledger, as documents of an account. Doing it again changes
/// nothing; stopped half way it can be done again.
pub async fn import<R: Read + Send + 'static>(
    ledger: &Arc<Ledger>,
    channel: &'static dyn Channel,
    account: &Account,
    source: R,
    how: &How,
    progress: impl Fn(Progress) + Send + 'static,
) -> Result<Report> {
    let (sender, mut batches) = mpsc::channel(BATCHES_AHEAD);
    let known = Arc::new(Known {
        observed_at: how.observed_at,
        as_rows_say: how.as_rows_say,
        marks: how.marks.clone(),
        now: how.now,
    });
    let cut = Cut { channel, known, sender, pieces: Vec::new(), bytes: 0, records: 0 };
    let cutting = spawn_blocking(move || cut.run(source, progress));
    let mut writer = Writer::new(ledger, channel, account, how);
    while let Some(reading) = batches.recv().await {
        let reading: JoinHandle<Batch> = reading;
        writer.write(reading.await.map_err(Error::Worker)?).await?;
    }
    writer.finish().await?;
    cutting.await.map_err(Error::Worker)?.map_err(Error::Read)?;
    Ok(writer.report)
}

/// Puts documents that are at hand into the ledger.
pub async fn put(
    ledger: &Arc<Ledger>,
    channel: &'static dyn Channel,
    account: &Account,
    documents: Vec<Invented>,
    how: &How,
) -> Result<Report> {
    let known = Known {
        observed_at: how.observed_at,
        as_rows_say: how.as_rows_say,
        marks: how.marks.clone(),
        now: how.now,
    };
    let mut writer = Writer::new(ledger, channel, account, how);
    let mut nth = 0;
    let batch = documents.into_iter().map(|document| {
        nth += 1;
        let Invented { media, body, marks } = document;
        let mut filed =
            record::read(channel, &known, Piece { line: nth, media, body, fault: None })?;
        filed.1.marks.extend(marks);
        Ok(filed)
    });
    let batch = batch.collect();
    writer.write(batch).await?;
    writer.finish().await?;
    Ok(writer.report)
}

/// Cuts a source into batches and has them read.
struct Cut {
    channel: &'static dyn Channel,
    known: Arc<Known>,
    sender: mpsc::Sender<JoinHandle<Batch>>,
    pieces: Vec<Piece>,
    bytes: usize,
    records: u64,
}

impl Cut {
    fn run(mut self, mut source: impl Read, progress: impl Fn(Progress)) -> std::io::Result<()> {
        let mut splitter = Splitter::new(self.channel.capabilities());
        let mut chunk = vec![0; CHUNK_BYTES];
        let mut bytes = 0;
        let mut found = Vec::new();
        loop {
            let count = match source.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    // What came before it is whole, and goes in.
                    let _writer_is_there = self.send();
                    return Err(error);
                }
            };
            bytes += count as u64;
            splitter.feed(&chunk[..count], &mut found);
            if self.add(&mut found).is_none() {
                return Ok(());
            }
            progress(Progress { bytes, records: self.records });
        }
        splitter.finish(&mut found);
        let added = self.add(&mut found);
        progress(Progress { bytes, records: self.records });
        let _writer_is_there = added.and_then(|()| self.send());
        Ok(())
    }

    /// Adds pieces, sending full batches; `None` if nobody writes any more.
    fn add(&mut self, found: &mut Vec<Piece>) -> Option<()> {
        for piece in found.drain(..) {
            self.records += 1;
            self.bytes += piece.body.len();
            self.pieces.push(piece);
            if self.pieces.len() >= BATCH_RECORDS || self.bytes >= BATCH_BYTES {
                self.send()?;
            }
        }
        Some(())
    }

    fn send(&mut self) -> Option<()> {
        let pieces = std::mem::take(&mut self.pieces);
        self.bytes = 0;
        let (channel, known) = (self.channel, Arc::clone(&self.known));
        let read = move |piece| record::read(channel, &known, piece);
        let reading = spawn_blocking(move || pieces.into_iter().map(read).collect());
        self.sender.blocking_send(reading).ok()
    }
}

/// Writes batches, one while the next is prepared, and keeps count.
struct Writer<'a> {
    ledger: &'a Arc<Ledger>,
    channel: &'static dyn Channel,
    account: &'a Account,
    now: Timestamp,
    /// What parts rows of one instant begins here: when all of it was heard, or else when the import was
    /// begun, which is then when it was heard.
    heard_at: Timestamp,
    /// The batch being written.
    writing: Option<JoinHandle<std::result::Result<Vec<Outcome>, hoesu_ledger::Error>>>,
    report: Report,
}

impl<'a> Writer<'a> {
    fn new(
        ledger: &'a Arc<Ledger>,
        channel: &'static dyn Channel,
        account: &'a Account,
        how: &How,
    ) -> Self {
        let heard_at = if how.as_rows_say { how.now } else { how.observed_at };
        let report = Report::default();
        Self { ledger, channel, account, now: how.now, heard_at, writing: None, report }
    }

    async fn write(&mut self, batch: Batch) -> Result<()> {
        let mut by_kind: BTreeMap<&'static str, (Vec<Incoming>, Vec<u64>)> = BTreeMap::new();
        let mut refused = Vec::new();
        for read in batch {
            match read {
                Ok((kind, incoming)) => {
                    let (documents, behind) = by_kind.entry(kind).or_default();
                    documents.push(incoming);
                    behind.push(self.report.read);
                }
                Err(why) => refused.push(why),
            }
            self.report.read += 1;
        }
        for (kind, (documents, behind)) in by_kind {
            debug_assert!(self.channel.capabilities().kinds.contains(&kind), "{kind} is a kind");
            let shelf = self.account.shelf(kind);
            let prepared =
                self.ledger.prepare(shelf, documents).await?.received(self.heard_at, &behind);
            self.finish().await?;
            let ledger = Arc::clone(self.ledger);
            let write = async move { ledger.append_prepared(Put::Newer, prepared).await };
            self.writing = Some(tokio::spawn(write));
        }
        self.refuse(refused).await
    }

    /// Waits for the batch being written: the next must not overtake it.
    async fn finish(&mut self) -> Result<()> {
        let Some(writing) = self.writing.take() else { return Ok(()) };
        for outcome in writing.await.map_err(Error::Worker)?? {
            match outcome {
                Outcome::New => self.report.new += 1,
                Outcome::Changed => self.report.changed += 1,
                // `Put::Newer` never ends in a conflict.
                Outcome::Unchanged | Outcome::Conflict => self.report.unchanged += 1,
            }
        }
        Ok(())
    }

    async fn refuse(&mut self, refused: Vec<Refused>) -> Result<()> {
        if refused.is_empty() {
            return Ok(());
        }
        self.report.refused += refused.len() as u64;
        let room = REFUSALS_LISTED.saturating_sub(self.report.refusals.len());
        let listed = refused.iter().take(room).map(|refused| RefusedAt {
            at: refused.at.clone(),
            field: refused.field.clone(),
            why: refused.why.clone(),
        });
        self.report.refusals.extend(listed);
        let Account { seller, id, .. } = self.account;
        Ok(self.ledger.refuse(*seller, *id, refused, self.now).await?)
    }
}
