//! The embedded ledger: SQLite in WAL mode, one writer thread, as many readers as ask.
//!
//! Point reads take microseconds, so they run right where they are asked; anything that scans runs
//! on a blocking thread. `synchronous=FULL`: what was answered has reached the disk. Parameters are
//! written `?1`: SQLite counts `$1` by first appearance, not by its digits.

mod append;
mod commits;
mod file;
mod look;
mod migrate;
mod own;
mod probe;
mod turn;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use hoesu_claims::{AccountId, SellerId};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::database::{Tx, VerbFuture, run_to_end, values};
use crate::keys::SellerKeys;
use crate::migration::SchemaMismatch;
use crate::plan::AppendResult;
use crate::store::documents::version;
use crate::store::wake::wake_documents;
use crate::store::{Arriving, Current, Instant, OwnCommit, ShelfNo, Store};
use crate::{Error, Outcome, Put, Result};
pub(crate) use file::FileLimits;
use file::{File, Inode};
use own::OwnCommits;

mod embedded {
    refinery::embed_migrations!("migrations/sqlite");
}

/// The file within the data folder.
pub(crate) const FILE: &str = "ledger.db";

pub(crate) struct Sqlite {
    file: Arc<File>,
}

impl Sqlite {
    /// Opens the ledger in a folder.
    pub(crate) fn open(folder: &Path, limits: FileLimits) -> Result<Self> {
        let path = folder.join(FILE);
        if limits.migrating.may_make() {
            make_folder(folder)?;
        } else if !path.exists() {
            return Err(Error::Schema(SchemaMismatch::Absent));
        }
        Ok(Self { file: Arc::new(File::open(path, limits)?) })
    }

    /// Runs a verb that reads right here.
    pub(crate) fn read<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T>,
    ) -> Result<T> {
        self.file.now()?.readers.lend(|connection| run(connection, doing, verb))
    }

    /// As [`Sqlite::read`], all of it as of one moment. Two statements or more cost less so: each
    /// alone takes and gives back the file's lock.
    pub(crate) fn read_at_once<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T>,
    ) -> Result<T> {
        self.file.now()?.readers.lend(|connection| run_at_once(connection, doing, verb))
    }

    /// Runs a verb that reads on a blocking thread.
    pub(crate) async fn scan<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send + 'static,
    ) -> Result<T> {
        let file = self.file.now()?;
        let reading = move || file.readers.lend(|connection| run(connection, doing, verb));
        tokio::task::spawn_blocking(reading).await.map_err(|_| Error::Panicked { doing })?
    }

    /// As [`Sqlite::scan`], all of it as of one moment.
    pub(crate) async fn scan_at_once<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send + 'static,
    ) -> Result<T> {
        let file = self.file.now()?;
        let reading = move || file.readers.lend(|connection| run_at_once(connection, doing, verb));
        tokio::task::spawn_blocking(reading).await.map_err(|_| Error::Panicked { doing })?
    }

    /// Runs a verb that writes in the writer's next commit.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T> + Send + 'static,
    ) -> Result<T> {
        self.file.commit(doing, move |connection| run(connection, doing, verb)).await
    }
}

fn run<T>(
    connection: &mut Connection,
    doing: &'static str,
    verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T>,
) -> Result<T> {
    run_to_end(verb(&mut Tx::sqlite(doing, connection)))
}

/// As [`run`], all of it as of one moment.
fn run_at_once<T>(
    connection: &mut Connection,
    doing: &'static str,
    verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T>,
) -> Result<T> {
    at_once(connection, doing, |connection| run(connection, doing, verb))
}

/// Reads in one transaction. One that fails is ended by whoever takes the connection back.
fn at_once<T>(
    connection: &mut Connection,
    doing: &'static str,
    read: impl FnOnce(&mut Connection) -> Result<T>,
) -> Result<T> {
    let step = |connection: &Connection, sql| {
        connection.prepare_cached(sql).and_then(|mut step| step.execute([])).map_err(failed(doing))
    };
    step(connection, "BEGIN")?;
    let answer = read(connection)?;
    step(connection, "COMMIT")?;
    Ok(answer)
}

/// Connections for reading, handed out one caller at a time.
struct Readers {
    path: PathBuf,
    inode: Inode,
    lock_wait: Duration,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    fn of(path: PathBuf, inode: Inode, lock_wait: Duration) -> Self {
        Self { path, inode, lock_wait, idle: Mutex::default() }
    }

    /// Gives a connection to whoever reads, and takes it back unless it cannot leave its transaction.
    fn lend<T>(&self, read: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let answer = read(&mut connection);
        if writer::left(&connection) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
        answer
    }

    fn connect(&self) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(&self.path, flags).map_err(failed("opening the file"))?;
        // Another file may have the name by now, and nothing of it may be mixed with what this one said.
        if Inode::of(&self.path).ok() != Some(self.inode) {
            return Err(Error::WentBack);
        }
        prepare(&connection, self.lock_wait)?;
        // Pages are read where the system keeps them anyway: with a million documents nearly every read
        // touches pages no cache of ours would hold. They count as resident, and are given back at need.
        connection.pragma_update(None, "mmap_size", 1_i64 << 36).map_err(failed("setting up"))?;
        Ok(connection)
    }
}

fn prepare(connection: &Connection, lock_wait: Duration) -> Result<()> {
    connection.busy_timeout(lock_wait).map_err(failed("setting up"))?;
    connection.set_prepared_statement_cache_capacity(64);
    // Without this guarantee SQLite plans a statement anew for each value bound to it, which costs
    // more than the read itself.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(failed("setting up"))?;
    Ok(())
}

/// An empty ledger, for looking at plans.
#[cfg(test)]
pub(crate) fn in_memory() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    embedded::migrations::runner().run(&mut connection).unwrap();
    prepare(&connection, Duration::ZERO).unwrap();
    connection
}

/// What is damaged in the file of a folder that does not open: SQLite's own lines, the first few of them.
/// Nothing if it is no database at all.
pub(crate) fn damage_of(folder: &Path) -> Result<Option<Vec<String>>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let look = || {
        let connection = Connection::open_with_flags(folder.join(FILE), flags)?;
        let mut found = connection.prepare("PRAGMA quick_check(10)")?;
        let lines = found.query_map([], |row| row.get::<_, String>(0))?;
        lines.filter(|line| line.as_deref() != Ok("ok")).collect::<rusqlite::Result<Vec<_>>>()
    };
    match look() {
        Ok(lines) => Ok(Some(lines)),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Ok(None)
        }
        Err(error) => Err(failed("checking the file")(error)),
    }
}

fn make_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|source| {
        Error::File { doing: "making the data folder", path: folder.display().to_string(), source }
    })
}

fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> Error {
    move |source| Error::Sqlite { doing, source }
}

/// What is held already is not read again: the body is most of a read.
async fn current(
    tx: &mut Tx<'_>,
    at: ShelfNo,
    key: &str,
    unless: Option<(AccountId, &str)>,
    holds: &(dyn Fn(i64) -> bool + Send + Sync),
) -> Result<Option<Current>> {
    let seq = match unless {
        None => {
            let sql = "SELECT seq FROM document WHERE seller = ?1 AND shelf = ?2 AND key = ?3";
            tx.row(sql, &values![at.seller, at.shelf, key]).await?
        }
        Some((account, kind)) => {
            let sql = "SELECT seq FROM document WHERE seller = ?1 AND shelf = ?2 AND key = ?3
                 AND NOT EXISTS (SELECT 1 FROM shelf s JOIN document d
                     ON d.seller = s.seller AND d.shelf = s.shelf AND d.key = ?3
                     WHERE s.seller = ?1 AND s.account = ?4 AND s.kind = ?5)";
            tx.row(sql, &values![at.seller, at.shelf, key, account, kind]).await?
        }
    };
    match seq {
        None => Ok(None),
        Some(seq) if holds(seq) => Ok(Some(Current::Held(seq))),
        Some(seq) => Ok(version(tx, at.seller, seq).await?.map(Current::Read)),
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn version(&self) -> Result<String> {
        Ok(format!("SQLite {}", rusqlite::version()))
    }

    async fn damage(&self) -> Result<Vec<String>> {
        let check = "PRAGMA quick_check";
        let mut lines: Vec<String> =
            self.scan("checking the file", |tx| Box::pin(tx.rows(check, &[]))).await?;
        lines.retain(|line| line != "ok");
        Ok(lines)
    }

    async fn append(
        &self,
        at: ShelfNo,
        put: Put,
        batch: Vec<Arriving>,
        keys: Arc<SellerKeys>,
    ) -> Result<Vec<Outcome>> {
        let doing = "adding documents";
        let work = move |connection: &mut Connection, own: &OwnCommits| {
            let appended = append::append(connection, at, put, &batch, &keys);
            let AppendResult { outcomes, woken } = appended.map_err(failed(doing))?;
            let told = batch.into_iter().zip(&outcomes);
            let written = told.filter(|(_, outcome)| **outcome != Outcome::Unchanged);
            own.touch(at.seller, written.map(|(one, _)| one.key));
            run(connection, doing, |tx| Box::pin(wake_documents(tx, at, woken)))?;
            Ok(outcomes)
        };
        self.file.commit_touching(doing, work).await
    }

    async fn current(
        &self,
        at: ShelfNo,
        key: &str,
        unless: Option<(AccountId, &str)>,
        holds: &(dyn Fn(i64) -> bool + Send + Sync),
    ) -> Result<Option<Current>> {
        let doing = "reading a document";
        self.file.now()?.readers.lend(|connection| {
            at_once(connection, doing, |connection| {
                let mut tx = Tx::sqlite(doing, connection);
                run_to_end(Box::pin(current(&mut tx, at, key, unless, holds)))
            })
        })
    }

    fn now(&self) -> Option<Instant> {
        self.file.now().ok()?.own.now()
    }

    fn own_commit(&self, now: &Instant) -> Option<OwnCommit> {
        self.file.now().ok()?.own.own_commit(now)
    }

    fn touched_since(&self, since: OwnCommit, seller: SellerId, key: &str) -> bool {
        self.file.now().map_or(true, |opened| opened.own.touched_since(since, seller, key))
    }
}
