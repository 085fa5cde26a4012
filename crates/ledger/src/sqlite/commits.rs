//! The database's instant: which commit is the last, read from the index of SQLite's write-ahead log
//! without taking a lock or beginning a transaction.
//!
//! The index begins with two copies of a header (<https://www.sqlite.org/walformat.html>): a counter of
//! transactions, the number of frames, their checksum, two salts. Every commit of every process
//! rewrites both, after its frames are on disk and before it answers. So two equal headers enclose no
//! commit; a header read half rewritten equals no other, which only costs a read of the database.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::Instant;

/// Both copies of the header.
const HEADERS: usize = 96;

/// Files of this process by device and number. A file is never closed: POSIX takes away all locks of a
/// process on a file when any of its handles is closed, and SQLite has locks on it.
static FILES: Mutex<Files> = Mutex::new(Files::new());

type Files = BTreeMap<(u64, u64), Arc<File>>;

/// The index of a database's write-ahead log.
pub(super) struct Commits(Arc<File>);

impl Commits {
    /// The index beside `database`, which must be open in WAL mode by now.
    pub(super) fn of(database: &Path) -> std::io::Result<Self> {
        let mut path = database.as_os_str().to_owned();
        path.push("-shm");
        never_closed(Path::new(&path)).map(Self)
    }

    /// The instant the database is at; nothing if it cannot be told, so that the database is asked.
    pub(super) fn now(&self) -> Option<Instant> {
        let mut headers = [0; HEADERS];
        self.0.read_exact_at(&mut headers, 0).ok()?;
        let (one, other) = headers.split_at(HEADERS / 2);
        (one == other).then(|| Instant(one.try_into().expect("half of the headers")))
    }
}

/// A file that SQLite may have open, opened by us as well, and once: see [`FILES`]. The system gives its
/// room back when the process ends.
pub(super) fn never_closed(path: &Path) -> std::io::Result<Arc<File>> {
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let metadata = std::fs::metadata(path)?;
    let number = (metadata.dev(), metadata.ino());
    if let Some(file) = files.get(&number) {
        return Ok(Arc::clone(file));
    }
    let file = Arc::new(File::open(path)?);
    files.insert(number, Arc::clone(&file));
    Ok(file)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn every_commit_moves_the_instant_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        let writer = Connection::open(&path).unwrap();
        writer.pragma_update(None, "journal_mode", "WAL").unwrap();
        writer.execute_batch("CREATE TABLE t (n INTEGER)").unwrap();
        let commits = Commits::of(&path).unwrap();
        let mut seen = vec![commits.now().unwrap()];
        let other = Connection::open(&path).unwrap();
        for (nth, writer) in [&writer, &other, &writer, &other].into_iter().enumerate() {
            let before = commits.now().unwrap();
            let read: i64 =
                other.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
            assert_eq!(
                (read, commits.now().unwrap()),
                (nth as i64, before),
                "reading is no commit"
            );
            writer.execute_batch("BEGIN; INSERT INTO t VALUES (1)").unwrap();
            assert_eq!(commits.now().unwrap(), before, "what is not committed is not there yet");
            writer.execute_batch("COMMIT").unwrap();
            let after = commits.now().unwrap();
            assert!(!seen.contains(&after), "an instant comes once");
            seen.push(after);
        }
    }

    #[test]
    fn emptying_the_log_never_brings_an_instant_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        let writer = Connection::open(&path).unwrap();
        writer.pragma_update(None, "journal_mode", "WAL").unwrap();
        writer.execute_batch("CREATE TABLE t (n INTEGER)").unwrap();
        let commits = Commits::of(&path).unwrap();
        let mut seen = Vec::new();
        for _ in 0..5 {
            writer.execute_batch("INSERT INTO t VALUES (1)").unwrap();
            let now = commits.now().unwrap();
            assert!(!seen.contains(&now), "an instant comes once");
            seen.push(now);
            writer
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))
                .unwrap();
        }
    }
}
