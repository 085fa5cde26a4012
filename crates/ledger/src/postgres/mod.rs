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

use connect::ConnectionPool;
pub(crate) use connect::{Client, Transaction, shown};
use statistics::Statistics;

use crate::database::{Executor, Tx, VerbFuture, values};
use crate::keys::SellerKeys;
use crate::migration::MigrationPolicy;
use crate::plan::AppendResult;
use crate::store::wake::wake_documents;
use crate::store::{Arriving, Current, Instant, OwnCommit, ShelfNo, Store, VERSION};
use crate::{Error, Outcome, Put, Result};

mod embedded {
    refinery::embed_migrations!("migrations/postgres");
}

/// Taken while the schema or the directory changes, so that processes take turns.
pub(crate) const LOCK: i64 = 0x0068_6f65_7375;

pub(crate) struct Postgres {
    door: ConnectionPool,
    askable: OnceLock<look::Askable>,
    migrating: MigrationPolicy,
    statistics: Statistics,
}

impl Postgres {
    pub(crate) async fn open(url: &str, migrating: MigrationPolicy) -> Result<Self> {
        let postgres = Self {
            door: ConnectionPool::open(url)?,
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
    pub(crate) async fn run<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T>,
    ) -> Result<T> {
        let client = self.client().await?;
        verb(&mut Tx::postgres(doing, Executor::Client(&client))).await
    }

    /// Runs a verb that reads everything as of one moment.
    pub(crate) async fn read_at_once<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T>,
    ) -> Result<T> {
        let mut client = self.client().await?;
        let transaction = client.snapshot().await.map_err(failed(doing))?;
        let answer = verb(&mut Tx::postgres(doing, Executor::Transaction(&transaction))).await?;
        transaction.commit().await.map_err(failed(doing))?;
        Ok(answer)
    }

    /// Runs a verb in a transaction.
    pub(crate) async fn write<T>(
        &self,
        doing: &'static str,
        verb: impl for<'a> FnOnce(&'a mut Tx<'_>) -> VerbFuture<'a, T>,
    ) -> Result<T> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(failed(doing))?;
        let answer = verb(&mut Tx::postgres(doing, Executor::Transaction(&transaction))).await?;
        transaction.commit().await.map_err(failed(doing))?;
        Ok(answer)
    }
}

fn failed(doing: &'static str) -> impl Fn(tokio_postgres::Error) -> Error {
    move |source| Error::Postgres { doing, source }
}

#[async_trait]
impl Store for Postgres {
    async fn version(&self) -> Result<String> {
        let version: Option<String> = self
            .run("asking its version", |tx| {
                Box::pin(tx.row("SELECT current_setting('server_version')", &[]))
            })
            .await?;
        Ok(format!("PostgreSQL {}", version.unwrap_or_default()))
    }

    async fn damage(&self) -> Result<Vec<String>> {
        // The server watches its own files; what can be checked from here is that every document has
        // its current version.
        let lost = "SELECT d.seller, d.shelf, count(*) FROM document d
             LEFT JOIN version v ON v.seller = d.seller AND v.seq = d.seq
             WHERE v.seq IS NULL GROUP BY d.seller, d.shelf";
        let lost: Vec<(i64, i64, i64)> =
            self.run("checking the documents", |tx| Box::pin(tx.rows(lost, &[]))).await?;
        let said = |(seller, shelf, count)| {
            format!(
                "seller {seller}, shelf {shelf}: {count} documents without their current version"
            )
        };
        Ok(lost.into_iter().map(said).collect())
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
        let AppendResult { outcomes, woken } = append::append(&tx, at, put, &batch, &keys).await?;
        let mut waking = Tx::postgres("adding documents", Executor::Transaction(&tx));
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
        let beside = if unless.is_some() {
            " AND NOT EXISTS (SELECT 1 FROM shelf s JOIN document o
                 ON o.seller = s.seller AND o.shelf = s.shelf AND o.key = ?3
                 WHERE s.seller = ?1 AND s.account = ?4 AND s.kind = ?5)"
        } else {
            ""
        };
        let sql = format!(
            "SELECT {VERSION} FROM document d
             JOIN version v ON v.seller = d.seller AND v.seq = d.seq
             WHERE d.seller = ?1 AND d.shelf = ?2 AND d.key = ?3{beside}"
        );
        let mut bound = values![at.seller, at.shelf, key.to_owned()].to_vec();
        if let Some((account, kind)) = unless {
            bound.extend(values![account, kind.to_owned()]);
        }
        let row = self
            .run("reading a document", |tx| Box::pin(async move { tx.row(&sql, &bound).await }))
            .await?;
        Ok(row.map(Current::Read))
    }

    /// Telling would be a round trip like the read itself.
    fn now(&self) -> Option<Instant> {
        None
    }

    fn own_commit(&self, _: &Instant) -> Option<OwnCommit> {
        None
    }

    fn touched_since(&self, _: OwnCommit, _: SellerId, _: &str) -> bool {
        true
    }
}
