//! Statements, in a transaction or alone, on either database.
//!
//! A parameter is written `?1`. PostgreSQL, which writes `$1`, gets it so.

use hoesu_claims::SellerId;
use rusqlite::{CachedStatement, Connection, params_from_iter};

use super::executor::Executor;
use super::row::{FromRow, RowError, SqlRow};
use super::value::SqlValue;
use crate::postgres::LOCK;
use crate::{Error, Result};

/// What verbs run on.
pub(crate) struct Tx<'a> {
    doing: &'static str,
    on: On<'a>,
}

enum On<'a> {
    /// Mutable, since only so may it go from thread to thread with the verb.
    Sqlite(&'a mut Connection),
    Postgres(Executor<'a>),
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(doing: &'static str, connection: &'a mut Connection) -> Self {
        Self { doing, on: On::Sqlite(connection) }
    }

    pub(crate) fn postgres(doing: &'static str, executor: Executor<'a>) -> Self {
        Self { doing, on: On::Postgres(executor) }
    }

    /// The rows a statement answers.
    pub(crate) async fn rows<T: FromRow>(
        &mut self,
        sql: &str,
        values: &[SqlValue<'_>],
    ) -> Result<Vec<T>> {
        self.rows_if(sql, values, whole).await
    }

    /// What is read out of the rows a statement answers, one row at a time; nothing of some.
    pub(crate) async fn rows_if<T>(
        &mut self,
        sql: &str,
        values: &[SqlValue<'_>],
        read: impl Fn(&SqlRow<'_>) -> Result<Option<T>, RowError>,
    ) -> Result<Vec<T>> {
        let failed = failed(self.doing);
        match &mut self.on {
            On::Sqlite(connection) => prepared(connection, sql)
                .and_then(|mut statement| sqlite_rows(&mut statement, values, usize::MAX, read))
                .map_err(failed),
            On::Postgres(executor) => {
                let rows = executor.rows(sql, values).await.map_err(RowError::Postgres);
                rows.and_then(|rows| postgres_rows(&rows, read)).map_err(failed)
            }
        }
    }

    /// The first row a statement answers.
    pub(crate) async fn row<T: FromRow>(
        &mut self,
        sql: &str,
        values: &[SqlValue<'_>],
    ) -> Result<Option<T>> {
        let failed = failed(self.doing);
        if let On::Sqlite(connection) = &mut self.on {
            let rows = prepared(connection, sql)
                .and_then(|mut statement| sqlite_rows(&mut statement, values, 1, whole))
                .map_err(failed)?;
            return Ok(rows.into_iter().next());
        }
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs a statement; how many rows it wrote.
    pub(crate) async fn run(&mut self, sql: &str, values: &[SqlValue<'_>]) -> Result<u64> {
        let failed = failed(self.doing);
        match &mut self.on {
            On::Sqlite(connection) => prepared(connection, sql)
                .and_then(|mut statement| sqlite_run(&mut statement, values))
                .map_err(failed),
            On::Postgres(executor) => {
                executor.run(sql, values).await.map_err(RowError::Postgres).map_err(failed)
            }
        }
    }

    /// Runs a statement with each of these values, in order; how many rows each wrote.
    pub(crate) async fn each<'v, V: AsRef<[SqlValue<'v>]> + Sync>(
        &mut self,
        sql: &str,
        all: &[V],
    ) -> Result<Vec<u64>> {
        let failed = failed(self.doing);
        match &mut self.on {
            On::Sqlite(connection) => {
                let mut statement = prepared(connection, sql).map_err(&failed)?;
                let ran = all.iter().map(|values| sqlite_run(&mut statement, values.as_ref()));
                ran.collect::<Result<_, _>>().map_err(failed)
            }
            On::Postgres(executor) => {
                executor.each(sql, all).await.map_err(RowError::Postgres).map_err(failed)
            }
        }
    }

    /// The rows a statement answers to each of these values, in order.
    pub(crate) async fn rows_of_each<'v, T: FromRow, V: AsRef<[SqlValue<'v>]> + Sync>(
        &mut self,
        sql: &str,
        all: &[V],
    ) -> Result<Vec<Vec<T>>> {
        let failed = failed(self.doing);
        match &mut self.on {
            On::Sqlite(connection) => {
                let mut statement = prepared(connection, sql).map_err(&failed)?;
                let read = all
                    .iter()
                    .map(|one| sqlite_rows(&mut statement, one.as_ref(), usize::MAX, whole));
                read.collect::<Result<_, _>>().map_err(failed)
            }
            On::Postgres(executor) => {
                let answers = executor.rows_of_each(sql, all).await;
                let answers = answers.map_err(RowError::Postgres).and_then(|answers| {
                    answers.iter().map(|rows| postgres_rows(rows, whole)).collect()
                });
                answers.map_err(failed)
            }
        }
    }

    /// As [`Tx::rows_of_each`], all in one list.
    pub(crate) async fn rows_of_all<'v, T: FromRow, V: AsRef<[SqlValue<'v>]> + Sync>(
        &mut self,
        sql: &str,
        all: &[V],
    ) -> Result<Vec<T>> {
        Ok(self.rows_of_each(sql, all).await?.into_iter().flatten().collect())
    }

    /// Ends a `SELECT` whose row no other transaction may change before this one ends. SQLite has one
    /// writer, and no word for it.
    pub(crate) const fn for_update(&self) -> &'static str {
        if self.is_sqlite() { "" } else { " FOR UPDATE" }
    }

    /// Waits until no other transaction writes what is this seller's, which makes them take turns.
    /// SQLite has one writer.
    pub(crate) async fn take_turn(&mut self, seller: SellerId) -> Result<()> {
        if self.is_sqlite() {
            return Ok(());
        }
        let sql = "SELECT seller FROM seller WHERE seller = ?1 FOR UPDATE";
        self.run(sql, &[seller.into()]).await.map(drop)
    }

    /// Waits until no other transaction changes the directory (sellers, accounts, people and what
    /// lets them in), which makes them take turns: what is not there yet has no row to wait at. SQLite
    /// has one writer.
    pub(crate) async fn take_directory_turn(&mut self) -> Result<()> {
        if self.is_sqlite() {
            return Ok(());
        }
        self.run("SELECT pg_advisory_xact_lock(?1)", &[LOCK.into()]).await.map(drop)
    }

    /// For where the databases really differ.
    pub(crate) const fn is_sqlite(&self) -> bool {
        matches!(self.on, On::Sqlite(_))
    }
}

fn failed(doing: &'static str) -> impl Fn(RowError) -> Error {
    move |error| match error {
        RowError::Sqlite(source) => Error::Sqlite { doing, source },
        RowError::Postgres(source) => Error::Postgres { doing, source },
        RowError::Unreadable(what) => Error::Unreadable(what),
    }
}

/// All of a row.
fn whole<T: FromRow>(row: &SqlRow<'_>) -> Result<Option<T>, RowError> {
    T::read(row, 0).map(Some)
}

fn postgres_rows<T>(
    rows: &[tokio_postgres::Row],
    read: impl Fn(&SqlRow<'_>) -> Result<Option<T>, RowError>,
) -> Result<Vec<T>, RowError> {
    rows.iter().filter_map(|row| read(&SqlRow::Postgres(row)).transpose()).collect()
}

fn prepared<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>, RowError> {
    connection.prepare_cached(sql).map_err(RowError::Sqlite)
}

fn sqlite_rows<T>(
    statement: &mut CachedStatement<'_>,
    values: &[SqlValue<'_>],
    limit: usize,
    read: impl Fn(&SqlRow<'_>) -> Result<Option<T>, RowError>,
) -> Result<Vec<T>, RowError> {
    let mut answer = statement.query(params_from_iter(values)).map_err(RowError::Sqlite)?;
    let mut rows = Vec::new();
    while rows.len() < limit
        && let Some(row) = answer.next().map_err(RowError::Sqlite)?
    {
        rows.extend(read(&SqlRow::Sqlite(row))?);
    }
    Ok(rows)
}

fn sqlite_run(
    statement: &mut CachedStatement<'_>,
    values: &[SqlValue<'_>],
) -> Result<u64, RowError> {
    let count = statement.execute(params_from_iter(values)).map_err(RowError::Sqlite)?;
    Ok(count as u64)
}
