//! The one writer: a thread that commits everything waiting in one transaction.
//!
//! A commit costs a disk flush, whatever is in it. Callers that wait at the same time share one; each
//! runs in a savepoint of its own, so that one's failure is not another's. Nobody is answered before
//! the commit, and nothing runs outside a transaction: where one cannot begin, or is gone half way
//! (SQLite itself rolls back when the disk is full), every caller in it is told so.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, ffi};
use tokio::sync::oneshot;

use super::own::OwnCommits;
use crate::Error;

use crate::Result;

/// How many callers share a commit at most.
const GROUP_MAX: usize = 256;

/// Makes a connection that may write.
pub(super) type Connect = Box<dyn Fn() -> Result<Connection> + Send>;

pub(super) struct Writer {
    jobs: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on a connection; `connect` makes another when one cannot be used any more. What
    /// is committed is told to `own`.
    pub(super) fn start(
        connection: Connection,
        connect: Connect,
        own: Option<Arc<OwnCommits>>,
    ) -> Result<Self> {
        let (jobs, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || run(connection, &connect, &waiting, own.as_deref()))
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
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let call = Call { doing, work: Some(work), done: None, answer };
        let jobs = self.jobs.as_ref().ok_or(Error::Closed)?;
        jobs.send(Box::new(call)).map_err(|_| Error::Closed)?;
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

/// Work that waits for a transaction.
trait Job: Send {
    /// Does it; whether it is to be kept.
    fn run(&mut self, tx: &mut Connection) -> bool;
    /// What SQLite said, if that is why the work failed.
    fn code(&self) -> Option<ffi::Error>;
    /// Tells the caller: how the work ended if the transaction was committed, else why it was not.
    fn tell(self: Box<Self>, committed: Result<(), &Undone>);
}

/// A caller, its work, and how that ended.
struct Call<T, W> {
    doing: &'static str,
    work: Option<W>,
    done: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, W> Job for Call<T, W>
where
    T: Send,
    W: FnOnce(&mut Connection) -> Result<T> + Send,
{
    fn run(&mut self, tx: &mut Connection) -> bool {
        let Some(work) = self.work.take() else { return false };
        let doing = self.doing;
        // A panic here would end the writer for everybody.
        let done = catch_unwind(AssertUnwindSafe(|| work(tx)));
        let done = self.done.insert(done.unwrap_or(Err(Error::Panicked { doing })));
        done.is_ok()
    }

    fn code(&self) -> Option<ffi::Error> {
        match &self.done {
            Some(Err(Error::Sqlite { source, .. })) => source.sqlite_error().copied(),
            _ => None,
        }
    }

    fn tell(self: Box<Self>, committed: Result<(), &Undone>) {
        let told = match (committed, self.done) {
            (Ok(()), Some(done)) => done,
            // Why the work itself failed says more than that it was undone.
            (_, Some(Err(error))) => Err(error),
            (Err(undone), _) => Err(Error::Shared(Arc::clone(undone))),
            (Ok(()), None) => Err(Error::Closed),
        };
        // A caller that stopped waiting has nobody to tell.
        let _ = self.answer.send(told);
    }
}

/// Why a transaction came to nothing, for every caller in it.
type Undone = Arc<Error>;

fn run(
    connection: Connection,
    connect: &Connect,
    waiting: &Receiver<Box<dyn Job>>,
    own: Option<&OwnCommits>,
) {
    let mut connection = Some(connection);
    while let Ok(first) = waiting.recv() {
        let mut group: Vec<_> =
            std::iter::once(first).chain(waiting.try_iter().take(GROUP_MAX - 1)).collect();
        while !group.is_empty() {
            let writable = match connection.take() {
                Some(connection) => Ok(connection),
                None => connect(),
            };
            match writable {
                Ok(mut writable) => {
                    group = commit(&mut writable, group, own);
                    // What cannot leave its transaction is of no use any more.
                    connection = left(&writable).then_some(writable);
                }
                Err(error) => {
                    let undone = Arc::new(error);
                    group.drain(..).for_each(|job| job.tell(Err(&undone)));
                }
            }
        }
    }
    if let Some(connection) = connection {
        // Leaves one file behind instead of three.
        let _ = connection.pragma_update(None, "wal_checkpoint", "TRUNCATE");
    }
}

/// Commits a group in one transaction; answers those that did not run because the transaction was
/// gone before their turn.
fn commit(
    connection: &mut Connection,
    group: Vec<Box<dyn Job>>,
    own: Option<&OwnCommits>,
) -> Vec<Box<dyn Job>> {
    if let Err(undone) = step(connection, "BEGIN IMMEDIATE", "beginning a transaction") {
        for job in group {
            job.tell(Err(&undone));
        }
        return Vec::new();
    }
    let before = own.map(|own| own.begun(connection));
    let alone = group.len() == 1;
    let mut waiting = group.into_iter();
    let mut ran: Vec<Box<dyn Job>> = Vec::new();
    let mut ended = Ok(());
    for mut job in waiting.by_ref() {
        ended = if alone {
            in_transaction(connection, &mut *job)
        } else {
            in_savepoint(connection, &mut *job)
        };
        ran.push(job);
        if ended.is_err() {
            break;
        }
    }
    let ended = ended.and_then(|()| {
        // One that was alone and failed has left no transaction.
        if connection.is_autocommit() {
            return Ok(());
        }
        step(connection, "COMMIT", "committing")
    });
    if ended.is_err() {
        left(connection);
    }
    if let (Some(own), Some(before)) = (own, before) {
        own.ended(connection, before);
    }
    for job in ran {
        job.tell(ended.as_ref().copied());
    }
    waiting.collect()
}

/// A job that has the transaction for itself, which goes with it if it fails.
fn in_transaction(connection: &mut Connection, job: &mut dyn Job) -> Result<(), Undone> {
    if job.run(connection) {
        return still_in(connection, job);
    }
    if connection.is_autocommit() {
        return Ok(());
    }
    step(connection, "ROLLBACK", "rolling back")
}

/// A job among others: what it did is undone alone. An error is the whole transaction's.
fn in_savepoint(connection: &mut Connection, job: &mut dyn Job) -> Result<(), Undone> {
    step(connection, "SAVEPOINT caller", "beginning a savepoint")?;
    let keep = job.run(connection);
    still_in(connection, job)?;
    if !keep {
        step(connection, "ROLLBACK TO caller", "rolling back to a savepoint")?;
    }
    step(connection, "RELEASE caller", "ending a savepoint")
}

/// SQLite ends a transaction by itself when it cannot go on: a full disk, a failing one, no memory.
fn still_in(connection: &Connection, job: &dyn Job) -> Result<(), Undone> {
    if !connection.is_autocommit() {
        return Ok(());
    }
    let code = job.code().unwrap_or(ffi::Error::new(ffi::SQLITE_ABORT_ROLLBACK));
    let source = rusqlite::Error::SqliteFailure(code, None);
    Err(Arc::new(Error::Sqlite { doing: "writing beside another call that failed", source }))
}

fn step(connection: &Connection, sql: &str, doing: &'static str) -> Result<(), Undone> {
    let done = connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
    done.map(drop).map_err(|source| Arc::new(Error::Sqlite { doing, source }))
}

/// Leaves the transaction, if one is open; whether none is open now.
pub(super) fn left(connection: &Connection) -> bool {
    if !connection.is_autocommit() {
        // What it says is seen below.
        let _ = connection.execute_batch("ROLLBACK");
    }
    connection.is_autocommit()
}

#[cfg(test)]
mod tests;
