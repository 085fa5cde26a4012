//! Bringing the schema up to date: one transaction, one process at a time.

use refinery::Migration;
use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};

use super::connect::{Client, Transaction};
use super::{LOCK, embedded, failed};
use crate::Result;
use crate::migration::{
    self, MIGRATED_BY, MigrationPolicy, SchemaState, TABLE, UNRELEASED_TABLE, VERSION, newest,
};

/// All of it or nothing. The lock is the transaction's: it ends with it, however that ends, and needs no
/// session of its own, so that it holds through PgBouncer too. Whoever waits for it waits for the whole
/// of another's work, and a large ledger's takes longer than a statement should.
pub(super) async fn migrate(client: &mut Client, migrating: MigrationPolicy) -> Result<()> {
    let runner = migrating.runner(&embedded::migrations::runner(), |further| further.postgres);
    // Mostly there is nothing to be done, and nobody to be waited for.
    let tx = client.transaction().await.map_err(failed("migrating"))?;
    let ours = newest(&runner);
    let known = schema(&tx, ours).await.map_err(failed("migrating"))?;
    if !migrating.is_due(known, &runner)? {
        return Ok(());
    }
    tx.batch_execute("SET LOCAL statement_timeout = 0").await.map_err(failed("migrating"))?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await.map_err(failed("migrating"))?;
    let known = schema(&tx, ours).await.map_err(failed("migrating"))?;
    if !migrating.is_due(known, &runner)? {
        return Ok(());
    }
    let mut within = Within(tx);
    runner.run_async(&mut within).await.map_err(migration::failed)?;
    let Within(tx) = within;
    let sql = "INSERT INTO ledger (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, &[&MIGRATED_BY, &VERSION.as_bytes()]).await.map_err(failed("migrating"))?;
    tx.commit().await.map_err(failed("migrating"))
}

async fn schema(
    tx: &Transaction<'_>,
    ours: i64,
) -> std::result::Result<SchemaState, tokio_postgres::Error> {
    let sql =
        "SELECT relname::TEXT FROM pg_class WHERE relname = ANY($1) AND pg_table_is_visible(oid)";
    let names: &[&str] = &[TABLE, UNRELEASED_TABLE];
    let rows = tx.query(sql, &[&names]).await?;
    let tables: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    if !tables.iter().any(|table| table == TABLE) {
        return Ok(SchemaState { tables, ..SchemaState::default() });
    }
    let sql = format!("SELECT coalesce(max(version), 0)::BIGINT FROM {TABLE}");
    let number: i64 = tx.query_one(&sql, &[]).await?.get(0);
    let sql = "SELECT value FROM ledger WHERE name = $1";
    let migrated_by =
        if number <= ours { None } else { tx.query_opt(sql, &[&MIGRATED_BY]).await? };
    let migrated_by = migrated_by.and_then(|row| String::from_utf8(row.get(0)).ok());
    Ok(SchemaState { tables, number, migrated_by })
}

/// A transaction that is begun and committed by others.
struct Within<'a>(Transaction<'a>);

impl AsyncTransaction for Within<'_> {
    type Error = tokio_postgres::Error;

    async fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(
        &'a mut self,
        queries: T,
    ) -> std::result::Result<usize, Self::Error> {
        let mut count = 0;
        for query in queries {
            self.0.batch_execute(query).await?;
            count += 1;
        }
        Ok(count)
    }
}

impl AsyncQuery<Vec<Migration>> for Within<'_> {
    async fn query<'a>(
        &'a mut self,
        query: &'a str,
    ) -> std::result::Result<Vec<Migration>, Self::Error> {
        let rows = self.0.query(query, &[]).await?;
        // When a migration was applied is of no matter here, and its type is of a crate of refinery's.
        let mut any = Migration::unapplied("V1__any", "").expect("a name of the usual form");
        any.set_applied();
        let at = *any.applied_on().expect("it was applied just now");
        let checksum = |row: &tokio_postgres::Row| row.get::<_, String>(3).parse().unwrap_or(0);
        Ok(rows
            .iter()
            .map(|row| Migration::applied(row.get(0), row.get(1), at, checksum(row)))
            .collect())
    }
}

impl AsyncMigrate for Within<'_> {}
