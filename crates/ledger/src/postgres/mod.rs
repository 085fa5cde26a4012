//! The scale-out ledger: PostgreSQL behind a pool, one transaction a verb.
//!
//! Writers of one seller take turns on the seller's row, which makes the change sequence follow the
//! order of commits; writers of different sellers do not meet.

mod append;
mod look;
mod probe;

use std::str::FromStr as _;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use hoesu_claims::AccountId;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, IsolationLevel, NoTls, Row};

use crate::database::{Session, Tx, Working};
use crate::keys::SellerKeys;
use crate::migration::{self, MIGRATED_BY, Migrating, Schema, TABLE, UNRELEASED_TABLE, VERSION};
use crate::plan::Appended;
use crate::store::wake::wake_documents;
use crate::store::{Arriving, Current, Instant, ShelfNo, Store, VersionRow};
use crate::{Error, Outcome, Put, Result};

mod embedded {
    refinery::embed_migrations!("migrations/postgres");
}

/// Taken while the schema or the directory changes, so that processes take turns.
pub(crate) const LOCK: i64 = 0x0068_6f65_7375;

/// How long to wait for a connection.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

pub(crate) struct Postgres {
    pool: Pool,
    askable: OnceLock<look::Askable>,
    migrating: Migrating,
}

impl Postgres {
    pub(crate) async fn open(url: &str, migrating: Migrating) -> Result<Self> {
        let config = tokio_postgres::Config::from_str(url).map_err(|_| {
            Error::Refused("the database URL is not one PostgreSQL understands".to_owned())
        })?;
        let manager = Manager::from_config(
            config,
            NoTls,
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let pool = Pool::builder(manager)
            .max_size(16)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(PATIENCE),
                create: Some(PATIENCE),
                recycle: Some(PATIENCE),
            })
            .build()
            .map_err(|_| Error::Pool(PoolError::NoRuntimeSpecified))?;
        let postgres = Self { pool, askable: OnceLock::new(), migrating };
        postgres.migrate(migrating).await?;
        Ok(postgres)
    }

    async fn migrate(&self, migrating: Migrating) -> Result<()> {
        // The lock is the session's. Taken out of the pool, the connection ends here, and its lock with it,
        // whether this comes to its end or is given up half way.
        let mut client = Object::take(self.client().await?);
        client
            .execute("SELECT pg_advisory_lock($1)", &[&LOCK])
            .await
            .map_err(failed("migrating"))?;
        let runner = migrating.runner(&embedded::migrations::runner(), |further| further.postgres);
        let schema = schema(&client).await.map_err(failed("migrating"))?;
        if !migrating.is_due(schema, &runner)? {
            return Ok(());
        }
        runner.run_async(&mut *client).await.map_err(migration::failed)?;
        let sql = "INSERT INTO ledger (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let values: [&(dyn ToSql + Sync); 2] = [&MIGRATED_BY, &VERSION.as_bytes()];
        client.execute(sql, &values).await.map(drop).map_err(failed("migrating"))
    }

    async fn client(&self) -> Result<Object> {
        self.pool.get().await.map_err(Error::Pool)
    }

    /// Runs a verb whose statements are transactions of their own.
    pub(crate) async fn read<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T>,
    ) -> Result<T> {
        let client = self.client().await?;
        verb(&mut Tx::postgres(doing, Session::Client(&client))).await
    }

    /// Runs a verb that reads everything as of one moment.
    pub(crate) async fn read_at_once<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T>,
    ) -> Result<T> {
        let mut client = self.client().await?;
        let transaction = client.build_transaction().read_only(true);
        let transaction = transaction.isolation_level(IsolationLevel::RepeatableRead);
        let transaction = transaction.start().await.map_err(failed(doing))?;
        let answer = verb(&mut Tx::postgres(doing, Session::Transaction(&transaction))).await?;
        transaction.commit().await.map_err(failed(doing))?;
        Ok(answer)
    }

    /// Runs a verb in a transaction.
    pub(crate) async fn write<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> Working<'a, T>,
    ) -> Result<T> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(failed(doing))?;
        let answer = verb(&mut Tx::postgres(doing, Session::Transaction(&transaction))).await?;
        transaction.commit().await.map_err(failed(doing))?;
        Ok(answer)
    }

    async fn rows(
        &self,
        doing: &'static str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>> {
        let client = self.client().await?;
        let statement = client.prepare_cached(sql).await.map_err(failed(doing))?;
        client.query(&statement, values).await.map_err(failed(doing))
    }
}

async fn schema(client: &Client) -> std::result::Result<Schema, tokio_postgres::Error> {
    let sql =
        "SELECT relname::TEXT FROM pg_class WHERE relname = ANY($1) AND pg_table_is_visible(oid)";
    let rows = client.query(sql, &[&[TABLE, UNRELEASED_TABLE].as_slice()]).await?;
    let tables: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    if !tables.iter().any(|table| table == TABLE) {
        return Ok(Schema { tables, ..Schema::default() });
    }
    let sql = format!("SELECT coalesce(max(version), 0)::BIGINT FROM {TABLE}");
    let number = client.query_one(&sql, &[]).await?.get(0);
    let sql = "SELECT value FROM ledger WHERE name = $1";
    let migrated_by =
        if number == 0 { None } else { client.query_opt(sql, &[&MIGRATED_BY]).await? };
    let migrated_by = migrated_by.and_then(|row| String::from_utf8(row.get(0)).ok());
    Ok(Schema { tables, number, migrated_by })
}

fn failed(doing: &'static str) -> impl Fn(tokio_postgres::Error) -> Error {
    move |source| Error::Postgres { doing, source }
}

fn version_row(row: &Row) -> VersionRow {
    VersionRow {
        seq: row.get(0),
        key: row.get(1),
        version: row.get(2),
        observed_at: row.get(3),
        media: row.get(4),
        marks: row.get(5),
        body: row.get(6),
    }
}

const CURRENT: &str = "SELECT v.seq, v.key, v.version, v.observed_at, v.media, v.marks, v.body
     FROM document d JOIN version v ON v.seller = d.seller AND v.seq = d.seq
     WHERE d.seller = $1 AND d.shelf = $2 AND d.key = $3";

const CURRENT_UNLESS: &str =
    "SELECT v.seq, v.key, v.version, v.observed_at, v.media, v.marks, v.body
     FROM document d JOIN version v ON v.seller = d.seller AND v.seq = d.seq
     WHERE d.seller = $1 AND d.shelf = $2 AND d.key = $3
     AND NOT EXISTS (SELECT 1 FROM shelf s JOIN document o
         ON o.seller = s.seller AND o.shelf = s.shelf AND o.key = $3
         WHERE s.seller = $1 AND s.account = $4 AND s.kind = $5)";

#[async_trait]
impl Store for Postgres {
    async fn version(&self) -> Result<String> {
        let rows = self
            .rows("asking its version", "SELECT current_setting('server_version')", &[])
            .await?;
        Ok(format!("PostgreSQL {}", rows.first().map_or("", |row| row.get(0))))
    }

    async fn damage(&self) -> Result<Vec<String>> {
        // The server watches its own files; what can be checked from here is that every document has
        // its current version.
        let rows = self
            .rows(
                "checking the documents",
                "SELECT d.seller, d.shelf, count(*) FROM document d
                 LEFT JOIN version v ON v.seller = d.seller AND v.seq = d.seq
                 WHERE v.seq IS NULL GROUP BY d.seller, d.shelf",
                &[],
            )
            .await?;
        let lost = |row: &Row| {
            let (seller, shelf, count): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
            format!(
                "seller {seller}, shelf {shelf}: {count} documents without their current version"
            )
        };
        Ok(rows.iter().map(lost).collect())
    }

    async fn append(
        &self,
        at: ShelfNo,
        put: Put,
        batch: Vec<Arriving>,
        keys: Arc<SellerKeys>,
    ) -> Result<Vec<Outcome>> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed("beginning a transaction"))?;
        let Appended { outcomes, woken } = append::append(&tx, at, put, &batch, &keys).await?;
        let mut waking = Tx::postgres("adding documents", Session::Transaction(&tx));
        wake_documents(&mut waking, at, woken).await?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(outcomes)
    }

    async fn current(
        &self,
        at: ShelfNo,
        key: &str,
        unless: Option<(AccountId, &str)>,
        _holds: &(dyn Fn(i64) -> bool + Send + Sync),
    ) -> Result<Option<Current>> {
        // One round trip with the body costs less than two without it.
        let doing = "reading a document";
        let rows = match unless {
            None => self.rows(doing, CURRENT, &[&at.seller.0, &at.shelf, &key]).await?,
            Some((account, kind)) => {
                self.rows(
                    doing,
                    CURRENT_UNLESS,
                    &[&at.seller.0, &at.shelf, &key, &account.0, &kind],
                )
                .await?
            }
        };
        Ok(rows.first().map(version_row).map(Current::Read))
    }

    /// Telling would be a round trip like the read itself.
    fn now(&self) -> Option<Instant> {
        None
    }
}
