//! The database behind a ledger: which of the two it is, and how a verb runs on it.
//!
//! A verb is an async function over [`Tx`], written once for both. On PostgreSQL it is awaited on a
//! pooled connection. On SQLite no statement waits for anything but the disk, so the verb is run_to_end to
//! its end where it is begun: a write on the writer's thread, in its savepoint, so that writes still
//! share a commit; a short read right here; one that scans on a blocking thread.

mod executor;
mod row;
mod tx;
mod value;

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

pub(crate) use executor::Executor;
pub(crate) use row::{FromRow, RowError, SqlRow};
pub(crate) use tx::Tx;
pub(crate) use value::{SqlValue, values};

use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::store::Store;
use crate::{Error, Result};

/// A verb at work.
pub(crate) type VerbFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Either database.
pub(crate) enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Database {
    /// Runs a verb of one short statement that only reads.
    pub(crate) async fn read<T: Send>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send,
    ) -> Result<T> {
        match self {
            Self::Sqlite(sqlite) => sqlite.read(doing, verb),
            Self::Postgres(postgres) => postgres.run(doing, verb).await,
        }
    }

    /// Runs a verb of several short statements that reads everything as of one moment.
    pub(crate) async fn read_at_once<T: Send>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send,
    ) -> Result<T> {
        match self {
            Self::Sqlite(sqlite) => sqlite.read_at_once(doing, verb),
            Self::Postgres(postgres) => postgres.read_at_once(doing, verb).await,
        }
    }

    /// As [`Database::read`], for several short statements that need not be as of one moment. On SQLite
    /// they are: that takes and gives back the file's lock once.
    pub(crate) async fn read_several<T: Send>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send,
    ) -> Result<T> {
        match self {
            Self::Sqlite(sqlite) => sqlite.read_at_once(doing, verb),
            Self::Postgres(postgres) => postgres.run(doing, verb).await,
        }
    }

    /// As [`Database::read`], for what reads many rows.
    pub(crate) async fn scan<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send + 'static,
    ) -> Result<T> {
        match self {
            Self::Sqlite(sqlite) => sqlite.scan(doing, verb).await,
            Self::Postgres(postgres) => postgres.run(doing, verb).await,
        }
    }

    /// As [`Database::read_several`], for what reads many rows.
    pub(crate) async fn scan_several<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send + 'static,
    ) -> Result<T> {
        match self {
            Self::Sqlite(sqlite) => sqlite.scan_at_once(doing, verb).await,
            Self::Postgres(postgres) => postgres.run(doing, verb).await,
        }
    }

    /// As [`Database::read_at_once`], for what reads many rows.
    pub(crate) async fn scan_at_once<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send + 'static,
    ) -> Result<T> {
        match self {
            Self::Sqlite(sqlite) => sqlite.scan_at_once(doing, verb).await,
            Self::Postgres(postgres) => postgres.read_at_once(doing, verb).await,
        }
    }

    /// As [`Database::write`], for a verb of one statement, which PostgreSQL commits by itself.
    pub(crate) async fn write_alone<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send + 'static,
    ) -> Result<T> {
        match self {
            Self::Sqlite(sqlite) => sqlite.write(doing, verb).await,
            Self::Postgres(postgres) => postgres.run(doing, verb).await,
        }
    }

    /// Runs a verb in a transaction, and answers when it is committed. Nothing of it stays if it
    /// fails.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send + 'static,
    ) -> Result<T> {
        match self {
            Self::Sqlite(sqlite) => sqlite.write(doing, verb).await,
            Self::Postgres(postgres) => postgres.write(doing, verb).await,
        }
    }

    /// So many rows were written that statements go by how many there are. SQLite's do not.
    pub(crate) async fn grew(&self, rows: usize) {
        if let Self::Postgres(postgres) = self {
            postgres.grew(rows).await;
        }
    }
}

impl std::ops::Deref for Database {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Sqlite(sqlite) => sqlite,
            Self::Postgres(postgres) => postgres,
        }
    }
}

/// The end of a verb that waits for nothing.
pub(crate) fn run_to_end<T>(verb: VerbFuture<'_, T>) -> Result<T> {
    match pin!(verb).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(Error::Panicked { doing: "running a verb that waits" }),
    }
}
