//! Statements on PostgreSQL: on a pooled connection, each a transaction of its own, or in one.

use deadpool_postgres::{Object, Transaction};
use futures_util::future::try_join_all;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row, Statement};

use super::value::Value;

/// How many statements are on their way at once.
const PIPELINED_MAX: usize = 1_000;

type Result<T> = std::result::Result<T, Error>;

/// What statements run on.
#[derive(Clone, Copy)]
pub(crate) enum Session<'a> {
    Client(&'a Object),
    Transaction(&'a Transaction<'a>),
}

impl Session<'_> {
    pub(super) async fn rows(self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        let statement = self.prepare(sql).await?;
        self.query(&statement, values).await
    }

    pub(super) async fn run(self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let statement = self.prepare(sql).await?;
        self.execute(&statement, values).await
    }

    /// Runs a statement with each of these values, without waiting for one answer before the next is
    /// asked.
    pub(super) async fn each<'v, V: AsRef<[Value<'v>]> + Sync>(
        self,
        sql: &str,
        all: &[V],
    ) -> Result<Vec<u64>> {
        let mut counts = Vec::with_capacity(all.len());
        if all.is_empty() {
            return Ok(counts);
        }
        let statement = self.prepare(sql).await?;
        for some in all.chunks(PIPELINED_MAX) {
            let calls = some.iter().map(|values| self.execute(&statement, values.as_ref()));
            counts.extend(try_join_all(calls).await?);
        }
        Ok(counts)
    }

    /// As [`Session::each`], for what answers rows.
    pub(super) async fn rows_of_each<'v, V: AsRef<[Value<'v>]> + Sync>(
        self,
        sql: &str,
        all: &[V],
    ) -> Result<Vec<Vec<Row>>> {
        let mut answers = Vec::with_capacity(all.len());
        if all.is_empty() {
            return Ok(answers);
        }
        let statement = self.prepare(sql).await?;
        for some in all.chunks(PIPELINED_MAX) {
            let calls = some.iter().map(|values| self.query(&statement, values.as_ref()));
            answers.extend(try_join_all(calls).await?);
        }
        Ok(answers)
    }

    async fn prepare(self, sql: &str) -> Result<Statement> {
        let sql = sql.replace('?', "$");
        match self {
            Self::Client(client) => client.prepare_cached(&sql).await,
            Self::Transaction(transaction) => transaction.prepare_cached(&sql).await,
        }
    }

    async fn query(self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<Row>> {
        let values = bound(values);
        match self {
            Self::Client(client) => client.query(statement, &values).await,
            Self::Transaction(transaction) => transaction.query(statement, &values).await,
        }
    }

    async fn execute(self, statement: &Statement, values: &[Value<'_>]) -> Result<u64> {
        let values = bound(values);
        match self {
            Self::Client(client) => client.execute(statement, &values).await,
            Self::Transaction(transaction) => transaction.execute(statement, &values).await,
        }
    }
}

fn bound<'v>(values: &'v [Value<'_>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
