//! The bare insert: what the disk and SQLite cost without a ledger around them. A reference for
//! measurements, of no other use.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::{Error, Result};

/// How many rows share a transaction.
const GROUP: usize = 1_000;

/// Inserts bodies into a new file with one table and one key, durably, and says how long it took.
pub fn insert(path: &Path, bodies: impl Iterator<Item = Vec<u8>>) -> Result<Duration> {
    run(path, bodies).map_err(|source| Error::Sqlite { doing: "inserting bare rows", source })
}

fn run(path: &Path, bodies: impl Iterator<Item = Vec<u8>>) -> rusqlite::Result<Duration> {
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection
        .execute_batch("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")?;
    let mut took = Duration::ZERO;
    let mut bodies = bodies.enumerate().peekable();
    while bodies.peek().is_some() {
        let group: Vec<_> = bodies.by_ref().take(GROUP).collect();
        let started = Instant::now();
        let tx = connection.transaction()?;
        for (id, body) in group {
            tx.prepare_cached("INSERT INTO bare (id, body) VALUES (?1, ?2)")?
                .execute(params![id as i64, body])?;
        }
        tx.commit()?;
        took += started.elapsed();
    }
    Ok(took)
}
