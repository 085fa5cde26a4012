//! What others do to a ledger's database, past the ledger: statements, and locks held too long.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hoesu_ledger::Place;
use rusqlite::Connection;

use crate::TestLedger;
use crate::postgres::psql;

/// Says statements to the database at a place. Fails the test if they are refused.
pub fn sql(place: &Place, statements: &str) {
    let said = match place {
        Place::Folder(folder) => file(folder).execute_batch(statements).map_err(|e| e.to_string()),
        Place::Postgres(url) => psql(url, statements),
    };
    said.unwrap_or_else(|why| panic!("{statements}: {why}"));
}

/// Keeps everybody from writing to these tables (on SQLite to any), and nobody from reading, until the
/// lock is dropped.
pub fn lock(place: &Place, tables: &[&str]) -> Lock {
    match place {
        Place::Folder(folder) => {
            let file = file(folder);
            file.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
            Lock(Holder::File(file))
        }
        Place::Postgres(url) => Lock(Holder::Session(session(url, tables, "EXCLUSIVE"))),
    }
}

/// As [`lock`], on a server, and nobody reads them either.
pub fn lock_away(place: &Place, tables: &[&str]) -> Lock {
    let Place::Postgres(url) = place else { panic!("a file is read whoever writes to it") };
    Lock(Holder::Session(session(url, tables, "ACCESS EXCLUSIVE")))
}

/// Fails the test if a statement waits for a lock in the server at a place.
pub fn nothing_waits(place: &Place) {
    sql(
        place,
        "SELECT 1 / (1 - count(*)::INT) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
}

/// A lock somebody else holds.
pub struct Lock(Holder);

enum Holder {
    File(Connection),
    Session(Child),
}

impl Drop for Lock {
    fn drop(&mut self) {
        match &mut self.0 {
            // What it fails with the test sees by itself: the lock stays.
            Holder::File(file) => drop(file.execute_batch("ROLLBACK")),
            Holder::Session(session) => {
                drop(session.stdin.take());
                let _ = session.wait();
            }
        }
    }
}

impl TestLedger {
    /// Says statements to the ledger's database, past the ledger.
    pub fn sql(&self, statements: &str) {
        sql(self.place(), statements);
    }

    /// See [`lock`].
    pub fn lock(&self, tables: &[&str]) -> Lock {
        lock(self.place(), tables)
    }
}

fn file(folder: &Path) -> Connection {
    let file = Connection::open(folder.join("ledger.db")).expect("the ledger's file");
    file.busy_timeout(Duration::from_secs(30)).expect("a waiting time");
    file
}

fn session(url: &str, tables: &[&str], mode: &str) -> Child {
    let mut session = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--dbname", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("psql runs: apt-get install postgresql");
    let tables = tables.join(", ");
    let lock = format!("BEGIN; LOCK TABLE {tables} IN {mode} MODE; SELECT 'held';");
    let input = session.stdin.as_mut().expect("piped");
    writeln!(input, "{lock}").expect("it reads");
    let mut said = String::new();
    let out = session.stdout.take().expect("piped");
    BufReader::new(out).read_line(&mut said).expect("text");
    assert_eq!(said.trim(), "held", "{lock}");
    session
}
