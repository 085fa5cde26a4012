//! The scale-out ledger: PostgreSQL behind a pool, one transaction a verb.
//!
//! Writers of one seller take turns on the seller's row, which makes the change sequence follow the
//! order of commits; writers of different sellers do not meet.

mod access;
mod api_keys;
mod append;
mod cases;
mod counters;
mod coverage;
mod directory;
mod look;
mod overview;
mod people;
mod probe;
mod refuse;
mod sought;

use std::str::FromStr as _;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use hoesu_claims::{AccountId, Rank, SellerId, Term, Text};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, IsolationLevel, NoTls, Row};

use crate::database::{Session, Tx, Working};
use crate::keys::SellerKeys;
use crate::migration::{self, MIGRATED_BY, Migrating, Schema, TABLE, UNRELEASED_TABLE, VERSION};
use crate::signature::{Signature, may_hold};
use crate::store::{
    AccountRow, Added, Arriving, Card, Current, Instant, RefusalRow, SellerRow, ShelfNo, Store,
    VersionRow, unpack_card,
};
use crate::{Error, Outcome, Put, Result};

mod embedded {
    refinery::embed_migrations!("migrations/postgres");
}

/// Taken while the schema or the directory changes, so that processes take turns.
const LOCK: i64 = 0x0068_6f65_7375;

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
    pub(crate) async fn commit<T>(
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

/// A statement both databases share, with the marks of this one.
fn marked(sql: &str) -> String {
    sql.replace('?', "$")
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

fn number(no: i64) -> Result<u32> {
    u32::try_from(no).map_err(|_| Error::Unreadable("document number"))
}

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

    async fn fact(&self, name: &str, value: &[u8]) -> Result<Vec<u8>> {
        let doing = "keeping a fact";
        let sql = "INSERT INTO ledger (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.rows(doing, sql, &[&name, &value]).await?;
        let rows = self.rows(doing, "SELECT value FROM ledger WHERE name = $1", &[&name]).await?;
        rows.first().map(|row| row.get(0)).ok_or(Error::Unreadable("fact"))
    }

    async fn sellers(&self) -> Result<Vec<SellerRow>> {
        let rows = self.rows("reading the sellers", directory::SELLERS, &[]).await?;
        Ok(rows.iter().map(directory::seller_row).collect())
    }

    async fn add_seller(&self, row: SellerRow) -> Result<Added> {
        directory::add_seller(&mut self.client().await?, &row)
            .await
            .map_err(failed("adding a seller"))
    }

    async fn accounts(&self) -> Result<Vec<AccountRow>> {
        let rows = self.rows("reading the accounts", directory::ACCOUNTS, &[]).await?;
        Ok(rows.iter().map(directory::account_row).collect())
    }

    async fn add_account(&self, row: AccountRow, handle: [u8; 32]) -> Result<Added> {
        directory::add_account(&mut self.client().await?, &row, handle)
            .await
            .map_err(failed("adding an account"))
    }

    async fn set_account(
        &self,
        row: AccountRow,
        handle: Option<[u8; 32]>,
        now: i64,
    ) -> Result<Added> {
        directory::set_account(&mut self.client().await?, &row, handle, now)
            .await
            .map_err(failed("changing an account"))
    }

    async fn admit(&self, handle: [u8; 32]) -> Result<Option<AccountRow>> {
        let rows =
            self.rows("looking up a credential", directory::ADMIT, &[&handle.as_slice()]).await?;
        Ok(rows.first().map(directory::account_row))
    }

    async fn shelf(
        &self,
        seller: SellerId,
        account: AccountId,
        kind: &str,
        make: bool,
    ) -> Result<Option<i64>> {
        let rows =
            self.rows("finding a shelf", directory::SHELF, &[&seller.0, &account.0, &kind]).await?;
        match rows.first() {
            Some(row) => Ok(Some(row.get(0))),
            None if !make => Ok(None),
            None => directory::make_shelf(&mut self.client().await?, seller, account, kind)
                .await
                .map(Some)
                .map_err(failed("making a shelf")),
        }
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
        let outcomes = append::append(&tx, at, put, &batch, &keys).await?;
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

    async fn versions(&self, at: ShelfNo, key: &str) -> Result<Vec<VersionRow>> {
        let rows = self
            .rows(
                "reading a document's versions",
                "SELECT v.seq, v.key, v.version, v.observed_at, v.media, v.marks, v.body FROM document d
                 JOIN version v ON v.seller = d.seller AND v.shelf = d.shelf AND v.no = d.no
                 WHERE d.seller = $1 AND d.shelf = $2 AND d.key = $3 ORDER BY v.version",
                &[&at.seller.0, &at.shelf, &key],
            )
            .await?;
        Ok(rows.iter().map(version_row).collect())
    }

    async fn by_seq(&self, seller: SellerId, seqs: &[i64]) -> Result<Vec<VersionRow>> {
        let rows = self
            .rows(
                "reading versions",
                "SELECT v.seq, v.key, v.version, v.observed_at, v.media, v.marks, v.body
                 FROM UNNEST($2::BIGINT[]) WITH ORDINALITY AS asked (seq, place)
                 JOIN version v ON v.seller = $1 AND v.seq = asked.seq ORDER BY asked.place",
                &[&seller.0, &seqs],
            )
            .await?;
        Ok(rows.iter().map(version_row).collect())
    }

    async fn current_after(
        &self,
        at: ShelfNo,
        after: &str,
        limit: usize,
    ) -> Result<Vec<VersionRow>> {
        let rows = self
            .rows(
                "reading documents in order",
                "SELECT v.seq, v.key, v.version, v.first_at, v.media, v.marks, v.body FROM document d
                 JOIN version v ON v.seller = d.seller AND v.seq = d.seq
                 WHERE d.seller = $1 AND d.shelf = $2 AND d.key > $3 ORDER BY d.key LIMIT $4",
                &[&at.seller.0, &at.shelf, &after, &(limit as i64)],
            )
            .await?;
        Ok(rows.iter().map(version_row).collect())
    }

    async fn last_seq(&self, seller: SellerId) -> Result<i64> {
        let rows = self
            .rows(
                "reading the change sequence",
                "SELECT seq FROM seller WHERE seller = $1",
                &[&seller.0],
            )
            .await?;
        rows.first().map(|row| row.get(0)).ok_or(Error::Unreadable("seller"))
    }

    async fn cards_after(&self, at: ShelfNo, seq: i64) -> Result<Vec<Card>> {
        let rows = self
            .rows(
                "reading cards",
                "SELECT no, seq, rank_at, rank_tie, card FROM document
                 WHERE seller = $1 AND shelf = $2 AND seq > $3",
                &[&at.seller.0, &at.shelf, &seq],
            )
            .await?;
        let card = |row: &Row| {
            let (states, moments) = unpack_card(row.get(4))?;
            let rank = Rank { at: row.get(2), tie: row.get(3) };
            Ok(Card { no: number(row.get(0))?, seq: row.get(1), rank, states, moments })
        };
        rows.iter().map(card).collect()
    }

    async fn holding(&self, at: ShelfNo, term: Term, values: &[String]) -> Result<Vec<u32>> {
        let rows = self
            .rows(
                "looking up a term",
                "SELECT no FROM term WHERE seller = $1 AND term = $2 AND value = ANY($3) AND shelf = $4",
                &[&at.seller.0, &term.code(), &values, &at.shelf],
            )
            .await?;
        rows.iter().map(|row| number(row.get(0))).collect()
    }

    async fn resembling(&self, at: ShelfNo, text: Text, part: Signature) -> Result<Vec<u32>> {
        let rows = self
            .rows(
                "looking for a part of a text",
                "SELECT no, signature FROM text_signature WHERE seller = $1 AND shelf = $2 AND text = $3",
                &[&at.seller.0, &at.shelf, &text.name()],
            )
            .await?;
        rows.iter()
            .filter(|row| may_hold(row.get(1), &part))
            .map(|row| number(row.get(0)))
            .collect()
    }

    async fn refuse(
        &self,
        seller: SellerId,
        rows: Vec<RefusalRow>,
        keys: Arc<SellerKeys>,
    ) -> Result<()> {
        refuse::refuse(&mut self.client().await?, seller, &rows, &keys)
            .await
            .map_err(failed("keeping refusals"))
    }

    async fn refusals(
        &self,
        seller: SellerId,
        account: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<RefusalRow>> {
        let account = account.map(|account| account.0);
        let values: [&(dyn ToSql + Sync); 3] = [&seller.0, &account, &(limit as i64)];
        let rows = self.rows("reading refusals", refuse::REFUSALS, &values).await?;
        Ok(rows.iter().map(refuse::refusal_row).collect())
    }
}
