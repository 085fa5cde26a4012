//! The scale-out ledger on PostgreSQL.

use crate::sqlite::Sqlite;
use crate::{Error, Result};

/// Stands in until the PostgreSQL store is here.
pub(crate) struct Postgres;

impl Postgres {
    pub(crate) fn open(_url: &str) -> Result<Sqlite> {
        Err(Error::Refused("PostgreSQL is not built in yet".to_owned()))
    }
}
