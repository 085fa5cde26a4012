//! Statements on PostgreSQL: on a pooled connection, each a transaction of its own, or in one.

use futures_util::future::try_join_all;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

use super::value::SqlValue;
use crate::postgres::{Client, Transaction};

/// How many statements are on their way at once.
const PIPELINED_MAX: usize = 1_000;

type Result<T> = std::result::Result<T, Error>;

/// What statements run on.
#[derive(Clone, Copy)]
pub(crate) enum Executor<'a> {
    Client(&'a Client),
    Transaction(&'a Transaction<'a>),
}

impl Executor<'_> {
    pub(super) async fn rows(self, sql: &str, values: &[SqlValue<'_>]) -> Result<Vec<Row>> {
        self.query(&sql.replace('?', "$"), values).await
    }

    pub(super) async fn run(self, sql: &str, values: &[SqlValue<'_>]) -> Result<u64> {
        self.execute(&sql.replace('?', "$"), values).await
    }

    /// Runs a statement with each of these values, without waiting for one answer before the next is
    /// asked. The first is waited for: it prepares the statement.
    pub(super) async fn each<'v, V: AsRef<[SqlValue<'v>]> + Sync>(
        self,
        sql: &str,
        all: &[V],
    ) -> Result<Vec<u64>> {
        let Some((first, others)) = all.split_first() else { return Ok(Vec::new()) };
        let sql = sql.replace('?', "$");
        let mut counts = vec![self.execute(&sql, first.as_ref()).await?];
        for some in others.chunks(PIPELINED_MAX) {
            let calls = some.iter().map(|values| self.execute(&sql, values.as_ref()));
            counts.extend(try_join_all(calls).await?);
        }
        Ok(counts)
    }

    /// As [`Executor::each`], for what answers rows.
    pub(super) async fn rows_of_each<'v, V: AsRef<[SqlValue<'v>]> + Sync>(
        self,
        sql: &str,
        all: &[V],
    ) -> Result<Vec<Vec<Row>>> {
        let Some((first, others)) = all.split_first() else { return Ok(Vec::new()) };
        let sql = sql.replace('?', "$");
        let mut answers = vec![self.query(&sql, first.as_ref()).await?];
        for some in others.chunks(PIPELINED_MAX) {
            let calls = some.iter().map(|values| self.query(&sql, values.as_ref()));
            answers.extend(try_join_all(calls).await?);
        }
        Ok(answers)
    }

    async fn query(self, sql: &str, values: &[SqlValue<'_>]) -> Result<Vec<Row>> {
        let values = bound(values);
        match self {
            Self::Client(client) => client.query(sql, &values).await,
            Self::Transaction(transaction) => transaction.query(sql, &values).await,
        }
    }

    async fn execute(self, sql: &str, values: &[SqlValue<'_>]) -> Result<u64> {
        let values = bound(values);
        match self {
            Self::Client(client) => client.execute(sql, &values).await,
            Self::Transaction(transaction) => transaction.execute(sql, &values).await,
        }
    }
}

fn bound<'v>(values: &'v [SqlValue<'_>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
