//! Speaking over a connection: statements that stay prepared on it, or, where transactions share server
//! connections (PgBouncer), ones that leave nothing behind.

use std::sync::atomic::{AtomicBool, Ordering};

use deadpool_postgres::{ClientWrapper, Object};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client as Driver, Error, IsolationLevel, Row};

use super::typed::typed;

type Sent<T> = Result<T, Error>;
type Values<'a> = [&'a (dyn ToSql + Sync)];

/// How one speaks over a connection.
#[derive(Debug, Clone)]
pub(in crate::postgres) struct Manner {
    /// Whether statements stay prepared. If not, nothing of the session is relied on.
    pub(in crate::postgres) is_prepared: bool,
    /// How long a statement may take, as PostgreSQL writes it.
    pub(in crate::postgres) statement_timeout: Option<String>,
}

impl Manner {
    /// What is set within a transaction because there is no session to set it for.
    fn limit(&self) -> Option<String> {
        let time = self.statement_timeout.as_ref().filter(|_| !self.is_prepared)?;
        Some(format!("SET LOCAL statement_timeout = '{time}'"))
    }
}

/// A connection of the pool, given back when dropped.
pub(crate) struct Client {
    object: Option<Object>,
    manner: Manner,
    is_of_no_use: AtomicBool,
}

/// A transaction, rolled back unless it is committed.
pub(crate) struct Transaction<'a> {
    begun: deadpool_postgres::Transaction<'a>,
    is_prepared: bool,
    is_of_no_use: &'a AtomicBool,
}

/// A statement that is to be said again and again.
pub(in crate::postgres) struct Statement(String);

impl AsRef<str> for Statement {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Client {
    pub(super) fn new(object: Object, manner: Manner) -> Self {
        Self { object: Some(object), manner, is_of_no_use: AtomicBool::new(false) }
    }

    fn wrapper(&self) -> &ClientWrapper {
        self.object.as_ref().expect("taken only when dropped")
    }

    pub(crate) async fn query(
        &self,
        sql: &(impl AsRef<str> + ?Sized),
        values: &Values<'_>,
    ) -> Sent<Vec<Row>> {
        let (wrapper, sql) = (self.wrapper(), sql.as_ref());
        let rows = match self.manner.limit() {
            _ if self.manner.is_prepared => {
                let statement = wrapper.prepare_cached(sql).await;
                match statement {
                    Ok(statement) => wrapper.query(&statement, values).await,
                    Err(error) => Err(error),
                }
            }
            None => wrapper.query_typed(sql, &typed(values)).await,
            Some(limit) => {
                let values = typed(values);
                limited(wrapper, &limit, wrapper.query_typed(sql, &values)).await
            }
        };
        noted(&self.is_of_no_use, rows)
    }

    /// How many rows it touched.
    pub(crate) async fn execute(
        &self,
        sql: &(impl AsRef<str> + ?Sized),
        values: &Values<'_>,
    ) -> Sent<u64> {
        let (wrapper, sql) = (self.wrapper(), sql.as_ref());
        let count = match self.manner.limit() {
            _ if self.manner.is_prepared => match wrapper.prepare_cached(sql).await {
                Ok(statement) => wrapper.execute(&statement, values).await,
                Err(error) => Err(error),
            },
            None => wrapper.execute_typed(sql, &typed(values)).await,
            Some(limit) => {
                let values = typed(values);
                limited(wrapper, &limit, wrapper.execute_typed(sql, &values)).await
            }
        };
        noted(&self.is_of_no_use, count)
    }

    /// A transaction that reads everything as of one moment.
    pub(in crate::postgres) async fn snapshot(&mut self) -> Sent<Transaction<'_>> {
        let Self { object, manner, is_of_no_use } = self;
        let object = object.as_mut().expect("taken only when dropped");
        let begun = object.build_transaction().read_only(true);
        let begun = begun.isolation_level(IsolationLevel::RepeatableRead).start().await;
        let begun = noted(is_of_no_use, begun)?;
        if let Some(limit) = manner.limit() {
            begun.batch_execute(&limit).await?;
        }
        Ok(Transaction { begun, is_prepared: manner.is_prepared, is_of_no_use })
    }

    pub(in crate::postgres) async fn transaction(&mut self) -> Sent<Transaction<'_>> {
        let Self { object, manner, is_of_no_use } = self;
        let object = object.as_mut().expect("taken only when dropped");
        let begun = noted(is_of_no_use, object.transaction().await)?;
        if let Some(limit) = manner.limit() {
            begun.batch_execute(&limit).await?;
        }
        Ok(Transaction { begun, is_prepared: manner.is_prepared, is_of_no_use })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let object = self.object.take();
        if *self.is_of_no_use.get_mut() {
            // Closed instead of given back: the next connection finds the server that can be used.
            drop(object.map(Object::take));
        }
    }
}

/// A statement in a transaction of its own that has a time limit: one round trip, since nobody waits for
/// an answer before saying the next thing. Dropped half way, all of it has been said.
async fn limited<T>(
    driver: &Driver,
    limit: &str,
    statement: impl Future<Output = Sent<T>>,
) -> Sent<T> {
    let begin = format!("BEGIN; {limit}");
    let (begun, answer, ended) = tokio::join!(
        biased;
        driver.batch_execute(&begin),
        statement,
        driver.batch_execute("COMMIT"),
    );
    begun?;
    let answer = answer?;
    ended?;
    Ok(answer)
}

impl Transaction<'_> {
    pub(crate) async fn query(
        &self,
        sql: &(impl AsRef<str> + ?Sized),
        values: &Values<'_>,
    ) -> Sent<Vec<Row>> {
        let sql = sql.as_ref();
        let rows = if self.is_prepared {
            let statement = self.begun.prepare_cached(sql).await?;
            self.begun.query(&statement, values).await
        } else {
            self.begun.query_typed(sql, &typed(values)).await
        };
        noted(self.is_of_no_use, rows)
    }

    pub(in crate::postgres) async fn query_opt(
        &self,
        sql: &(impl AsRef<str> + ?Sized),
        values: &Values<'_>,
    ) -> Sent<Option<Row>> {
        Ok(self.query(sql, values).await?.into_iter().next())
    }

    /// The row of a statement that answers one.
    pub(in crate::postgres) async fn query_one(
        &self,
        sql: &(impl AsRef<str> + ?Sized),
        values: &Values<'_>,
    ) -> Sent<Row> {
        let sql = sql.as_ref();
        let row = if self.is_prepared {
            let statement = self.begun.prepare_cached(sql).await?;
            self.begun.query_one(&statement, values).await
        } else {
            self.begun.query_typed_one(sql, &typed(values)).await
        };
        noted(self.is_of_no_use, row)
    }

    /// How many rows it touched.
    pub(crate) async fn execute(
        &self,
        sql: &(impl AsRef<str> + ?Sized),
        values: &Values<'_>,
    ) -> Sent<u64> {
        let sql = sql.as_ref();
        let count = if self.is_prepared {
            let statement = self.begun.prepare_cached(sql).await?;
            self.begun.execute(&statement, values).await
        } else {
            self.begun.execute_typed(sql, &typed(values)).await
        };
        noted(self.is_of_no_use, count)
    }

    /// Statements without values.
    pub(in crate::postgres) async fn batch_execute(&self, sql: &str) -> Sent<()> {
        noted(self.is_of_no_use, self.begun.batch_execute(sql).await)
    }

    /// For a statement that is said more than once.
    #[expect(
        clippy::unused_async,
        reason = "where statements are prepared is decided when they are said"
    )]
    pub(in crate::postgres) async fn prepare_cached(&self, sql: &str) -> Sent<Statement> {
        Ok(Statement(sql.to_owned()))
    }

    pub(in crate::postgres) async fn commit(self) -> Sent<()> {
        noted(self.is_of_no_use, self.begun.commit().await)
    }
}

/// Remembers of a server that may not be written to any more, as after a switch-over, that another is
/// wanted.
fn noted<T>(is_of_no_use: &AtomicBool, result: Sent<T>) -> Sent<T> {
    if let Err(error) = &result
        && error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION)
    {
        is_of_no_use.store(true, Ordering::Relaxed);
    }
    result
}
