//! The embedded ledger: SQLite in WAL mode, one writer thread, as many readers as ask.
//!
//! Point reads take microseconds, so they run right where they are asked; anything that scans runs
//! on a blocking thread. `synchronous=FULL`: what was answered has reached the disk. Parameters are
//! written `?1`: SQLite counts `$1` by first appearance, not by its digits.

mod access;
mod api_keys;
mod append;
mod cases;
mod commits;
mod counters;
mod coverage;
mod directory;
mod file;
mod look;
mod migrate;
mod overview;
mod people;
mod probe;
mod refuse;
mod sought;
mod turn;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use hoesu_claims::{AccountId, Rank, SellerId, Term, Text};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};

use crate::database::{Tx, Working, driven};
use crate::keys::SellerKeys;
use crate::signature::{Signature, may_hold};
use crate::store::{
    AccountRow, Added, Arriving, Card, Current, Instant, RefusalRow, SellerRow, ShelfNo, Store,
    VersionRow, unpack_card,
};
use crate::{Error, Outcome, Put, Result};
pub(crate) use file::FileLimits;
use file::{File, Inode, Writing};

mod embedded {
    refinery::embed_migrations!("migrations/sqlite");
}

/// The file within the data folder.
pub(crate) const FILE: &str = "ledger.db";

pub(crate) struct Sqlite {
    file: Arc<File>,
    writer: Writing,
}

impl Sqlite {
    /// Opens the ledger in a folder.
    pub(crate) fn open(folder: &Path, limits: FileLimits) -> Result<Self> {
        make_folder(folder)?;
        let path = folder.join(FILE);
        let file = Arc::new(File::open(path, limits)?);
        Ok(Self { writer: Writing(Arc::clone(&file)), file })
    }

    /// Reads right here.
    fn read<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.file.now()?.readers.with(doing, read)
    }

    /// Reads right here, all of it as of one moment. Two statements or more cost less so: each alone
    /// takes and gives back the file's lock.
    fn read_at_once<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.file.now()?.readers.with(doing, |connection| at_once(connection, read))
    }

    /// Reads on a blocking thread.
    async fn scan<T: Send + 'static>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let file = self.file.now()?;
        tokio::task::spawn_blocking(move || file.readers.with(doing, read))
            .await
            .map_err(|_| Error::Closed)?
    }

    /// As [`Sqlite::scan`], all of it as of one moment.
    async fn scan_at_once<T: Send + 'static>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.scan(doing, |connection| at_once(connection, read)).await
    }
}

impl Sqlite {
    /// Runs a verb that reads right here.
    pub(crate) fn run_here<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T>,
    ) -> Result<T> {
        self.file.now()?.readers.lend(|connection| run(connection, doing, verb))
    }

    /// As [`Sqlite::run_here`], all of it as of one moment. Two statements or more cost less so: each
    /// alone takes and gives back the file's lock.
    pub(crate) fn run_here_at_once<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T>,
    ) -> Result<T> {
        self.file.now()?.readers.lend(|connection| run_at_once(connection, doing, verb))
    }

    /// Runs a verb that reads on a blocking thread.
    pub(crate) async fn run_aside<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T> + Send + 'static,
    ) -> Result<T> {
        let file = self.file.now()?;
        let reading = move || file.readers.lend(|connection| run(connection, doing, verb));
        tokio::task::spawn_blocking(reading).await.map_err(|_| Error::Panicked { doing })?
    }

    /// As [`Sqlite::run_aside`], all of it as of one moment.
    pub(crate) async fn run_aside_at_once<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T> + Send + 'static,
    ) -> Result<T> {
        let file = self.file.now()?;
        let reading = move || file.readers.lend(|connection| run_at_once(connection, doing, verb));
        tokio::task::spawn_blocking(reading).await.map_err(|_| Error::Panicked { doing })?
    }

    /// Runs a verb that writes in the writer's next commit.
    pub(crate) async fn commit<T: Send + 'static>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T> + Send + 'static,
    ) -> Result<T> {
        self.file.commit(doing, move |connection| run(connection, doing, verb)).await
    }
}

fn run<T>(
    connection: &mut Connection,
    doing: &'static str,
    verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T>,
) -> Result<T> {
    driven(verb(&mut Tx::sqlite(doing, connection)))
}

fn run_at_once<T>(
    connection: &mut Connection,
    doing: &'static str,
    verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T>,
) -> Result<T> {
    let step = |connection: &Connection, sql| {
        connection.prepare_cached(sql).and_then(|mut step| step.execute([])).map_err(failed(doing))
    };
    step(connection, "BEGIN")?;
    let answer = run(connection, doing, verb)?;
    step(connection, "COMMIT")?;
    Ok(answer)
}

/// Reads in one transaction. One that fails is left by whoever takes the connection back.
fn at_once<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let answer = read(connection)?;
    connection.prepare_cached("COMMIT")?.execute([])?;
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

    fn with<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.lend(|connection| read(connection).map_err(failed(doing)))
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

fn make_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|source| {
        Error::File { doing: "making the data folder", path: folder.display().to_string(), source }
    })
}

fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> Error {
    move |source| Error::Sqlite { doing, source }
}

/// A version's columns, in the order [`version_row`] reads them.
const VERSION: &str = "v.seq, v.key, v.version, v.observed_at, v.media, v.marks, v.body";

/// The same of a current version, which is as old as the first time it was heard.
const CURRENT: &str = "v.seq, v.key, v.version, v.first_at, v.media, v.marks, v.body";

fn version_row(row: &Row<'_>) -> rusqlite::Result<VersionRow> {
    Ok(VersionRow {
        seq: row.get(0)?,
        key: row.get(1)?,
        version: row.get(2)?,
        observed_at: row.get(3)?,
        media: row.get(4)?,
        marks: row.get(5)?,
        body: row.get(6)?,
    })
}

fn version_at(connection: &Connection, seller: SellerId, seq: i64) -> rusqlite::Result<VersionRow> {
    connection
        .prepare_cached(
            "SELECT seq, key, version, observed_at, media, marks, body FROM version
             WHERE seller = ?1 AND seq = ?2",
        )?
        .query_row(params![seller.0, seq], version_row)
}

#[async_trait]
impl Store for Sqlite {
    async fn version(&self) -> Result<String> {
        Ok(format!("SQLite {}", rusqlite::version()))
    }

    async fn damage(&self) -> Result<Vec<String>> {
        self.scan("checking the file", |connection| {
            let mut found = connection.prepare("PRAGMA quick_check")?;
            let lines = found.query_map([], |row| row.get::<_, String>(0))?;
            lines.filter(|line| line.as_deref() != Ok("ok")).collect()
        })
        .await
    }

    async fn fact(&self, name: &str, value: &[u8]) -> Result<Vec<u8>> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.writer
            .write("keeping a fact", move |tx| {
                tx.execute(
                    "INSERT INTO ledger (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![name, value],
                )?;
                tx.query_row("SELECT value FROM ledger WHERE name = ?1", [&name], |row| row.get(0))
            })
            .await
    }

    async fn sellers(&self) -> Result<Vec<SellerRow>> {
        self.read("reading the sellers", directory::sellers)
    }

    async fn add_seller(&self, row: SellerRow) -> Result<Added> {
        self.writer.write("adding a seller", move |tx| directory::add_seller(tx, &row)).await
    }

    async fn accounts(&self) -> Result<Vec<AccountRow>> {
        self.read("reading the accounts", directory::accounts)
    }

    async fn add_account(&self, row: AccountRow, handle: [u8; 32]) -> Result<Added> {
        self.writer
            .write("adding an account", move |tx| directory::add_account(tx, &row, handle))
            .await
    }

    async fn set_account(
        &self,
        row: AccountRow,
        handle: Option<[u8; 32]>,
        now: i64,
    ) -> Result<Added> {
        self.writer
            .write("changing an account", move |tx| directory::set_account(tx, &row, handle, now))
            .await
    }

    async fn admit(&self, handle: [u8; 32]) -> Result<Option<AccountRow>> {
        self.read("looking up a credential", |connection| directory::admit(connection, handle))
    }

    async fn shelf(
        &self,
        seller: SellerId,
        account: AccountId,
        kind: &str,
        make: bool,
    ) -> Result<Option<i64>> {
        let known = self.read("finding a shelf", |connection| {
            directory::shelf(connection, seller, account, kind)
        })?;
        if known.is_some() || !make {
            return Ok(known);
        }
        let kind = kind.to_owned();
        self.writer
            .write("making a shelf", move |tx| directory::make_shelf(tx, seller, account, &kind))
            .await
            .map(Some)
    }

    async fn append(
        &self,
        at: ShelfNo,
        put: Put,
        batch: Vec<Arriving>,
        keys: Arc<SellerKeys>,
    ) -> Result<Vec<Outcome>> {
        self.writer
            .write("adding documents", move |tx| append::append(tx, at, put, &batch, &keys))
            .await
    }

    async fn current(
        &self,
        at: ShelfNo,
        key: &str,
        unless: Option<(AccountId, &str)>,
        holds: &(dyn Fn(i64) -> bool + Send + Sync),
    ) -> Result<Option<Current>> {
        self.read_at_once("reading a document", |connection| {
            let seq: Option<i64> = match unless {
                None => connection
                    .prepare_cached(
                        "SELECT seq FROM document WHERE seller = ?1 AND shelf = ?2 AND key = ?3",
                    )?
                    .query_row(params![at.seller.0, at.shelf, key], |row| row.get(0)),
                Some((account, kind)) => connection
                    .prepare_cached(
                        "SELECT seq FROM document WHERE seller = ?1 AND shelf = ?2 AND key = ?3
                         AND NOT EXISTS (SELECT 1 FROM shelf s JOIN document d
                             ON d.seller = s.seller AND d.shelf = s.shelf AND d.key = ?3
                             WHERE s.seller = ?1 AND s.account = ?4 AND s.kind = ?5)",
                    )?
                    .query_row(params![at.seller.0, at.shelf, key, account.0, kind], |row| {
                        row.get(0)
                    }),
            }
            .optional()?;
            match seq {
                None => Ok(None),
                Some(seq) if holds(seq) => Ok(Some(Current::Held(seq))),
                Some(seq) => version_at(connection, at.seller, seq).map(Current::Read).map(Some),
            }
        })
    }

    fn now(&self) -> Option<Instant> {
        self.file.now().ok()?.commits.now()
    }

    async fn versions(&self, at: ShelfNo, key: &str) -> Result<Vec<VersionRow>> {
        let key = key.to_owned();
        self.scan("reading a document's versions", move |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {VERSION} FROM document d
                     JOIN version v ON v.seller = d.seller AND v.shelf = d.shelf AND v.no = d.no
                     WHERE d.seller = ?1 AND d.shelf = ?2 AND d.key = ?3 ORDER BY v.version"
                ))?
                .query_map(params![at.seller.0, at.shelf, key], version_row)?
                .collect()
        })
        .await
    }

    async fn by_seq(&self, seller: SellerId, seqs: &[i64]) -> Result<Vec<VersionRow>> {
        self.read_at_once("reading versions", |connection| {
            let versions = seqs.iter().map(|seq| version_at(connection, seller, *seq).optional());
            versions.filter_map(std::result::Result::transpose).collect()
        })
    }

    async fn current_after(
        &self,
        at: ShelfNo,
        after: &str,
        limit: usize,
    ) -> Result<Vec<VersionRow>> {
        let after = after.to_owned();
        self.scan("reading documents in order", move |connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {CURRENT} FROM document d JOIN version v ON v.seller = d.seller AND v.seq = d.seq
                     WHERE d.seller = ?1 AND d.shelf = ?2 AND d.key > ?3 ORDER BY d.key LIMIT ?4"
                ))?
                .query_map(params![at.seller.0, at.shelf, after, limit as i64], version_row)?
                .collect()
        })
        .await
    }

    async fn last_seq(&self, seller: SellerId) -> Result<i64> {
        self.read("reading the change sequence", |connection| {
            connection
                .prepare_cached("SELECT seq FROM seller WHERE seller = ?1")?
                .query_row([seller.0], |row| row.get(0))
        })
    }

    async fn cards_after(&self, at: ShelfNo, seq: i64) -> Result<Vec<Card>> {
        let rows = move |connection: &Connection| {
            // From the start the whole shelf is read in the order it lies in; later, what changed.
            let sql = if seq == 0 {
                "SELECT no, seq, rank_at, rank_tie, card FROM document
                 WHERE seller = ?1 AND shelf = ?2 AND seq > ?3 ORDER BY key"
            } else {
                "SELECT no, seq, rank_at, rank_tie, card FROM document
                 WHERE seller = ?1 AND shelf = ?2 AND seq > ?3 ORDER BY seq"
            };
            let mut cards = connection.prepare_cached(sql)?;
            let cards = cards.query_map(params![at.seller.0, at.shelf, seq], |row| {
                let rank = Rank { at: row.get(2)?, tie: row.get(3)? };
                let words = unpack_card(row.get_ref(4)?.as_str()?);
                Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)?, rank, words))
            })?;
            let cards = cards.map(|card| {
                card.map(|(no, seq, rank, words)| {
                    words.map(|(states, moments)| Card { no, seq, rank, states, moments })
                })
            });
            cards.collect::<rusqlite::Result<Result<Vec<Card>>>>()
        };
        if seq == 0 {
            self.scan("reading cards", rows).await?
        } else {
            self.read("reading cards", rows)?
        }
    }

    async fn holding(&self, at: ShelfNo, term: Term, values: &[String]) -> Result<Vec<u32>> {
        self.read("looking up a term", |connection| {
            let mut found = connection.prepare_cached(
                "SELECT no FROM term WHERE seller = ?1 AND term = ?2 AND value = ?3 AND shelf = ?4",
            )?;
            let mut numbers = Vec::new();
            for value in values {
                let rows = found
                    .query_map(params![at.seller.0, term.code(), value, at.shelf], |row| {
                        row.get(0)
                    })?;
                for no in rows {
                    numbers.push(no?);
                }
            }
            Ok(numbers)
        })
    }

    async fn resembling(&self, at: ShelfNo, text: Text, part: Signature) -> Result<Vec<u32>> {
        self.scan("looking for a part of a text", move |connection| {
            let mut signatures = connection.prepare_cached(
                "SELECT no, signature FROM text_signature WHERE seller = ?1 AND shelf = ?2 AND text = ?3",
            )?;
            let mut rows = signatures.query(params![at.seller.0, at.shelf, text.name()])?;
            let mut numbers = Vec::new();
            while let Some(row) = rows.next()? {
                if may_hold(row.get_ref(1)?.as_blob()?, &part) {
                    numbers.push(row.get(0)?);
                }
            }
            Ok(numbers)
        })
        .await
    }

    async fn refuse(
        &self,
        seller: SellerId,
        rows: Vec<RefusalRow>,
        keys: Arc<SellerKeys>,
    ) -> Result<()> {
        self.writer
            .write("keeping refusals", move |tx| refuse::refuse(tx, seller, &rows, &keys))
            .await
    }

    async fn refusals(
        &self,
        seller: SellerId,
        account: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<RefusalRow>> {
        self.scan("reading refusals", move |connection| {
            refuse::refusals(connection, seller, account, limit)
        })
        .await
    }
}
