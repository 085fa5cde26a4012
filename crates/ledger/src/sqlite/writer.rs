//! The one writer: a thread that commits everything waiting in one transaction.
//!
//! A commit costs a disk flush, whatever is in it. Callers that wait at the same time share one; each
//! runs in a savepoint of its own, so that one's failure is not another's. Nobody is answered before
//! the commit.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::failed;
use crate::{Error, Result};

/// How many callers share a commit at most.
const GROUP_MAX: usize = 256;

/// Tells a caller how it ended, once the commit is known to have succeeded or failed.
type Tell = Box<dyn FnOnce(Result<()>) + Send>;
/// A caller's work: true if it is to be kept.
type Work = Box<dyn FnOnce(&Connection) -> (bool, Tell) + Send>;

pub(super) struct Writer {
    jobs: Option<Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self> {
        let (jobs, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || run(&connection, &waiting))
            .map_err(|source| Error::File {
                doing: "starting the writer",
                path: String::new(),
                source,
            })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `work` in the next commit and answers when it is on the disk. What `work` did is undone
    /// if it fails.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            let done = work(connection).map_err(failed(doing));
            let keep = done.is_ok();
            let tell: Tell = Box::new(move |commit| {
                // A caller that stopped waiting has nobody to tell.
                let _ = answer.send(commit.and(done));
            });
            (keep, tell)
        });
        let jobs = self.jobs.as_ref().ok_or(Error::Closed)?;
        jobs.send(work).map_err(|_| Error::Closed)?;
        answered.await.map_err(|_| Error::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // The thread ends when it has committed what was waiting.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, waiting: &Receiver<Work>) {
    while let Ok(first) = waiting.recv() {
        let group = std::iter::once(first).chain(waiting.try_iter().take(GROUP_MAX - 1));
        commit(connection, group);
    }
    // Leaves one file behind instead of three.
    let _ = connection.pragma_update(None, "wal_checkpoint", "TRUNCATE");
}

fn commit(connection: &Connection, group: impl Iterator<Item = Work>) {
    let mut group = group.peekable();
    let Some(first) = group.next() else { return };
    let begun = connection.execute_batch("BEGIN IMMEDIATE").map_err(failed("beginning a commit"));
    let mut told = Vec::new();
    if group.peek().is_none() {
        // Alone, a caller needs no savepoint: the transaction is its own.
        let (keep, tell) = first(connection);
        if !keep {
            let _ = connection.execute_batch("ROLLBACK");
            tell(Ok(()));
            return;
        }
        told.push(tell);
    } else {
        told.extend(std::iter::once(first).chain(group).map(|work| in_savepoint(connection, work)));
    }
    let ended =
        begun.and_then(|()| connection.execute_batch("COMMIT").map_err(failed("committing")));
    let why = ended.err().map(|error| {
        let _ = connection.execute_batch("ROLLBACK");
        error.to_string()
    });
    for tell in told {
        tell(why.as_ref().map_or(Ok(()), |why| Err(Error::Commit(why.clone()))));
    }
}

fn in_savepoint(connection: &Connection, work: Work) -> Tell {
    let _ = connection.execute_batch("SAVEPOINT caller");
    let (keep, tell) = work(connection);
    let end = if keep { "RELEASE caller" } else { "ROLLBACK TO caller; RELEASE caller" };
    let _ = connection.execute_batch(end);
    tell
}
