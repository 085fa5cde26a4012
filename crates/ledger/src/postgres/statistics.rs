//! What the planner knows of the tables: counted again after much was written, where nobody else has.
//!
//! Statements that run for every document are written so that they need none of it; for all others a table
//! that grew from nothing is a small one until it is counted, and autovacuum may be a minute away, or off.

use std::sync::atomic::{AtomicU64, Ordering};

use super::connect::Client;

/// How many rows are written before it is looked for the first time whether tables are to be counted.
const ROWS: u64 = 2_000;

/// Tables that grew by a fifth since they were counted, if we own them: nobody else may count them. Their
/// sizes are as they are now; what the server keeps of rows that were written comes seconds later.
const GREW: &str = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE')
     AND pg_relation_size(c.oid) / current_setting('block_size')::BIGINT > c.relpages * 1.2 + 10
     ORDER BY 1";

/// What this process has written.
#[derive(Default)]
pub(super) struct Statistics {
    rows: AtomicU64,
    /// How many it may be before the next look.
    until: AtomicU64,
}

impl Statistics {
    /// Rows have been written. It is looked at ever longer intervals: an import of a million is counted
    /// sixteen times at most. What goes wrong is only told: the rows are safe.
    pub(super) async fn grew(&self, client: &mut Client, rows: usize) {
        let all = self.rows.fetch_add(rows as u64, Ordering::Relaxed) + rows as u64;
        let until = self.until.load(Ordering::Relaxed);
        if all < until.max(ROWS) {
            return;
        }
        // One of those who come here at once.
        let next =
            self.until.compare_exchange(until, all + all / 2, Ordering::Relaxed, Ordering::Relaxed);
        if next.is_err() {
            return;
        }
        if let Err(source) = count(client).await {
            let error = crate::Error::Postgres { doing: "counting what is in the tables", source };
            tracing::debug!(%error, "the planner goes by what it knew");
        }
    }
}

async fn count(client: &mut Client) -> Result<(), tokio_postgres::Error> {
    let tables = client.query(GREW, &[]).await?;
    for table in tables {
        let table: String = table.get(0);
        let tx = client.transaction().await?;
        tx.batch_execute(&format!("ANALYZE (SKIP_LOCKED) {table}")).await?;
        tx.commit().await?;
    }
    Ok(())
}
