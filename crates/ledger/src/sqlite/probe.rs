//! Trying to write: through the one writer, with the same commit as every write.

use async_trait::async_trait;
use rusqlite::{Connection, params};

use super::{Sqlite, failed};
use crate::Result;
use crate::store::probe::{Probe, ROW};

/// How much room there must be, in bytes: more than a page, so that the file has to be able to grow.
const ROOM: i64 = 16 << 10;

#[async_trait]
impl Probe for Sqlite {
    async fn probe(&self, value: [u8; 8]) -> Result<()> {
        self.file
            .commit("trying to write", move |tx| {
                try_row(tx, value).map_err(failed("trying to write"))
            })
            .await
    }
}

fn try_row(tx: &Connection, value: [u8; 8]) -> rusqlite::Result<()> {
    // A row that is there takes no new page: whether there is room is tried with one that is taken back.
    // Two rows in one statement, so that SQLite undoes this statement alone.
    tx.execute_batch("SAVEPOINT room")?;
    tx.prepare_cached(
        "INSERT INTO ledger (name, value)
         SELECT ?1 || value, zeroblob(?2) FROM (SELECT 1 AS value UNION ALL SELECT 2)",
    )?
    .execute(params![ROW, ROOM])?;
    tx.execute_batch("ROLLBACK TO room; RELEASE room")?;
    tx.prepare_cached(
        "INSERT INTO ledger (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![ROW, value.as_slice()])
    .map(drop)
}

#[cfg(test)]
mod tests {
    use crate::migration::MigrationPolicy;
    use std::path::Path;
    use std::time::Duration;

    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::*;
    use crate::sqlite::{FILE, FileLimits};
    use crate::store::Store as _;
    use crate::{Cause, Retry};

    async fn opened() -> (TempDir, Sqlite) {
        let folder = TempDir::with_prefix("hoesu-probe-").unwrap();
        let limits = FileLimits {
            lock_wait: Duration::from_secs(1),
            pages_max: None,
            migrating: MigrationPolicy::TO_OURS,
        };
        let ledger = Sqlite::open(folder.path(), limits).unwrap();
        ledger.probe([1; 8]).await.unwrap();
        (folder, ledger)
    }

    /// Sets something of the writer's own connection.
    async fn set(ledger: &Sqlite, pragma: &'static str) {
        let set = move |tx: &Connection| {
            let mut set = tx.prepare(pragma)?;
            let mut rows = set.query([])?;
            while rows.next()?.is_some() {}
            Ok(())
        };
        let set = move |tx: &mut Connection| set(tx).map_err(failed("setting up"));
        ledger.file.commit("setting up", set).await.unwrap();
    }

    fn rows(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let connection = Connection::open(folder.join(FILE)).unwrap();
        let mut rows =
            connection.prepare("SELECT name, value FROM ledger WHERE name LIKE 'write%'").unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(|row| row.unwrap()).collect()
    }

    #[tokio::test]
    async fn a_probe_leaves_one_row_however_often_it_is_made() {
        let (folder, ledger) = opened().await;
        for nth in 2..40 {
            ledger.probe([nth; 8]).await.unwrap();
        }
        assert_eq!(rows(folder.path()), [(ROW.to_owned(), vec![39; 8])]);
    }

    #[tokio::test]
    async fn a_file_that_may_not_grow_is_full() {
        let (_folder, ledger) = opened().await;
        set(&ledger, "PRAGMA max_page_count = 1").await;
        let failed = ledger.probe([2; 8]).await.unwrap_err();
        assert_eq!(failed.cause(), Cause::DiskFull, "{failed}");
        assert!(failed.to_string().contains("full"), "{failed}");
        ledger.version().await.unwrap();
        set(&ledger, "PRAGMA max_page_count = 1000000").await;
        ledger.probe([3; 8]).await.unwrap();
    }

    #[tokio::test]
    async fn a_file_that_may_not_be_written_is_read_only() {
        let (_folder, ledger) = opened().await;
        set(&ledger, "PRAGMA query_only = 1").await;
        let failed = ledger.probe([2; 8]).await.unwrap_err();
        assert_eq!(failed.cause(), Cause::ReadOnlyFile, "{failed}");
    }

    #[tokio::test]
    async fn a_lock_held_past_the_waiting_time_is_said() {
        let (folder, ledger) = opened().await;
        set(&ledger, "PRAGMA busy_timeout = 50").await;
        let other = Connection::open(folder.path().join(FILE)).unwrap();
        other.busy_timeout(Duration::from_secs(5)).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let failed = ledger.probe([2; 8]).await.unwrap_err();
        assert_eq!(failed.cause(), Cause::LockHeld, "{failed}");
        assert_eq!(failed.cause().retry(), Retry::Soon);
        other.execute_batch("ROLLBACK").unwrap();
        ledger.probe([3; 8]).await.unwrap();
    }
}
