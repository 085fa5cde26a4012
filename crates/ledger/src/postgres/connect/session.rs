//! Speaking over a connection: statements that stay prepared on it, or, where transactions share server
//! connections (PgBouncer), ones that leave nothing behind.
//!
//! Whoever stops waiting for a statement stops it: the server would go on with it, locks and all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Object};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client as Driver, Config, Error, IsolationLevel, Row};

use super::cancel;
use super::tls::Tls;
use super::typed::typed;

type Sent<T> = Result<T, Error>;
type Values<'a> = [&'a (dyn ToSql + Sync)];

/// How one speaks over a connection.
#[derive(Debug, Clone)]
pub(in crate::postgres) struct SessionSettings {
    /// Whether statements stay prepared. If not, nothing of the session is relied on.
    pub(in crate::postgres) is_prepared: bool,
    /// How long a statement may take, as PostgreSQL writes it.
    pub(in crate::postgres) statement_timeout: Option<String>,
    /// Where the server or its pooler may be.
    pub(in crate::postgres) hosts: Arc<[Config]>,
}

impl SessionSettings {
    /// What is set within a transaction because there is no session to set it for.
    fn limit(&self) -> Option<String> {
        let time = self.statement_timeout.as_ref().filter(|_| !self.is_prepared)?;
        Some(format!("SET LOCAL statement_timeout = '{time}'"))
    }
}

/// How long the server may take to hear that a statement is not waited for any more.
const CANCEL_MAX: Duration = Duration::from_secs(5);

/// A connection of the pool, given back when dropped.
pub(crate) struct Client {
    object: Option<Object>,
    manner: SessionSettings,
    tls: Tls,
    condition: ConnectionState,
}

/// How a connection stands.
#[derive(Default)]
struct ConnectionState {
    /// How many statements are being waited for.
    busy: AtomicUsize,
    /// It is to a server that may not be written to any more, as after a switch-over: another is wanted.
    is_read_only: AtomicBool,
}

impl ConnectionState {
    /// Waits for what a statement comes to. Dropped meanwhile, the connection stays marked as busy.
    async fn during<T>(&self, said: impl Future<Output = Sent<T>>) -> Sent<T> {
        self.busy.fetch_add(1, Ordering::Relaxed);
        let result = said.await;
        self.busy.fetch_sub(1, Ordering::Relaxed);
        if let Err(error) = &result
            && error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION)
        {
            self.is_read_only.store(true, Ordering::Relaxed);
        }
        result
    }
}

/// A transaction, rolled back unless it is committed.
pub(crate) struct Transaction<'a> {
    begun: deadpool_postgres::Transaction<'a>,
    is_prepared: bool,
    condition: &'a ConnectionState,
}

impl Client {
    pub(super) fn new(object: Object, manner: SessionSettings, tls: Tls) -> Self {
        Self { object: Some(object), manner, tls, condition: ConnectionState::default() }
    }

    fn wrapper(&self) -> &ClientWrapper {
        self.object.as_ref().expect("taken only when dropped")
    }

    pub(crate) async fn query(&self, sql: &str, values: &Values<'_>) -> Sent<Vec<Row>> {
        let wrapper = self.wrapper();
        let said = async {
            match self.manner.limit() {
                _ if self.manner.is_prepared => {
                    let statement = wrapper.prepare_cached(sql).await?;
                    wrapper.query(&statement, values).await
                }
                None => wrapper.query_typed(sql, &typed(values)).await,
                Some(limit) => {
                    let values = typed(values);
                    limited(wrapper, &limit, wrapper.query_typed(sql, &values)).await
                }
            }
        };
        self.condition.during(said).await
    }

    /// How many rows it touched.
    pub(crate) async fn execute(&self, sql: &str, values: &Values<'_>) -> Sent<u64> {
        let wrapper = self.wrapper();
        let said = async {
            match self.manner.limit() {
                _ if self.manner.is_prepared => {
                    let statement = wrapper.prepare_cached(sql).await?;
                    wrapper.execute(&statement, values).await
                }
                None => wrapper.execute_typed(sql, &typed(values)).await,
                Some(limit) => {
                    let values = typed(values);
                    limited(wrapper, &limit, wrapper.execute_typed(sql, &values)).await
                }
            }
        };
        self.condition.during(said).await
    }

    /// A transaction that reads everything as of one moment.
    pub(in crate::postgres) async fn snapshot(&mut self) -> Sent<Transaction<'_>> {
        let Self { object, manner, condition, .. } = self;
        let object = object.as_mut().expect("taken only when dropped");
        let begun = object.build_transaction().read_only(true);
        let begun = begun.isolation_level(IsolationLevel::RepeatableRead).start();
        let begun = condition.during(begun).await?;
        if let Some(limit) = manner.limit() {
            condition.during(begun.batch_execute(&limit)).await?;
        }
        Ok(Transaction { begun, is_prepared: manner.is_prepared, condition })
    }

    pub(in crate::postgres) async fn transaction(&mut self) -> Sent<Transaction<'_>> {
        let Self { object, manner, condition, .. } = self;
        let object = object.as_mut().expect("taken only when dropped");
        let begun = condition.during(object.transaction()).await?;
        if let Some(limit) = manner.limit() {
            condition.during(begun.batch_execute(&limit)).await?;
        }
        Ok(Transaction { begun, is_prepared: manner.is_prepared, condition })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        let ConnectionState { busy, is_read_only } = &mut self.condition;
        if *busy.get_mut() > 0 {
            stop(Object::take(object), self.manner.clone(), self.tls.clone());
        } else if *is_read_only.get_mut() {
            // Closed instead of given back.
            drop(Object::take(object));
        }
    }
}

/// Has the server stop what it does for us. A pooler knows whom that is about while we are connected.
fn stop(client: ClientWrapper, manner: SessionSettings, tls: Tls) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    runtime.spawn(async move {
        let token = client.cancel_token();
        let cancelled = async {
            if manner.is_prepared {
                token.cancel_query(tls).await.is_ok()
            } else {
                cancel::through_pooler(&token, &manner.hosts, &tls).await
            }
        };
        if !matches!(tokio::time::timeout(CANCEL_MAX, cancelled).await, Ok(true)) {
            tracing::warn!("the database could not be told to stop a statement");
        }
        drop(client);
    });
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
    pub(crate) async fn query(&self, sql: &str, values: &Values<'_>) -> Sent<Vec<Row>> {
        let said = async {
            if self.is_prepared {
                let statement = self.begun.prepare_cached(sql).await?;
                self.begun.query(&statement, values).await
            } else {
                self.begun.query_typed(sql, &typed(values)).await
            }
        };
        self.condition.during(said).await
    }

    pub(in crate::postgres) async fn query_opt(
        &self,
        sql: &str,
        values: &Values<'_>,
    ) -> Sent<Option<Row>> {
        Ok(self.query(sql, values).await?.into_iter().next())
    }

    /// The row of a statement that answers one.
    pub(in crate::postgres) async fn query_one(&self, sql: &str, values: &Values<'_>) -> Sent<Row> {
        let said = async {
            if self.is_prepared {
                let statement = self.begun.prepare_cached(sql).await?;
                self.begun.query_one(&statement, values).await
            } else {
                self.begun.query_typed_one(sql, &typed(values)).await
            }
        };
        self.condition.during(said).await
    }

    /// How many rows it touched.
    pub(crate) async fn execute(&self, sql: &str, values: &Values<'_>) -> Sent<u64> {
        let said = async {
            if self.is_prepared {
                let statement = self.begun.prepare_cached(sql).await?;
                self.begun.execute(&statement, values).await
            } else {
                self.begun.execute_typed(sql, &typed(values)).await
            }
        };
        self.condition.during(said).await
    }

    /// Statements without values.
    pub(in crate::postgres) async fn batch_execute(&self, sql: &str) -> Sent<()> {
        self.condition.during(self.begun.batch_execute(sql)).await
    }

    pub(in crate::postgres) async fn commit(self) -> Sent<()> {
        self.condition.during(self.begun.commit()).await
    }
}
