//! The scale-out ledger: PostgreSQL behind a pool, one transaction a verb.
//!
//! Writers of one seller take turns on the seller's row, which makes the change sequence follow the
//! order of commits; writers of different sellers do not meet.

mod append;
mod connect;
mod look;
mod migrate;
mod probe;
mod statistics;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use hoesu_claims::{AccountId, SellerId};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use connect::Door;
pub(crate) use connect::{Client, Transaction};
use statistics::Statistics;

use crate::database::{Session, Tx, Working};
use crate::keys::SellerKeys;
use crate::migration::Migrating;
use crate::plan::Appended;
use crate::store::wake::wake_documents;
use crate::store::{Arriving, Current, Instant, Link, ShelfNo, Store, VersionRow};
use crate::{Error, Outcome, Put, Result};

mod embedded {
    refinery::embed_migrations!("migrations/postgres");
}

/// Taken while the schema or the directory changes, so that processes take turns.
pub(crate) const LOCK: i64 = 0x0068_6f65_7375;

pub(crate) struct Postgres {
    door: Door,
    askable: OnceLock<look::Askable>,
    migrating: Migrating,
    statistics: Statistics,
}

impl Postgres {
    pub(crate) async fn open(url: &str, migrating: Migrating) -> Result<Self> {
        let postgres = Self {
            door: Door::open(url)?,
            askable: OnceLock::new(),
            migrating,
            statistics: Statistics::default(),
        };
        postgres.migrate().await?;
        Ok(postgres)
    }

    async fn migrate(&self) -> Result<()> {
        migrate::migrate(&mut self.client().await?, self.migrating).await
    }

    /// Has the tables counted again if much was written.
    pub(crate) async fn grew(&self, rows: usize) {
        if let Ok(mut client) = self.client().await {
            self.statistics.grew(&mut client, rows).await;
        }
    }

    async fn client(&self) -> Result<Client> {
        // Connecting is a large future, and part of every caller's that is not kept apart.
        Box::pin(self.door.client()).await
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
        let transaction = client.snapshot().await.map_err(failed(doing))?;
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
        self.client().await?.query(sql, values).await.map_err(failed(doing))
    }
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
        self.statistics.grew(&mut client, batch.len()).await;
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

    fn link(&self, _: &Instant) -> Option<Link> {
        None
    }

    fn touched_since(&self, _: Link, _: SellerId, _: &str) -> bool {
        true
    }
}
