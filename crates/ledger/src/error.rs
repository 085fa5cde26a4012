//! What can go wrong, and whether trying again can help.

mod cause;
mod system;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use deadpool_postgres::{PoolError, TimeoutType};
use refinery::error::Kind;

use crate::migration::SchemaMismatch;
pub use cause::{Cause, Retry};
pub(crate) use cause::{is_read_only, of_rustls};

/// The ledger's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the ledger was doing when it failed, and what the system said of it. Neither its text nor its
/// `Debug` repeats a value of a document: databases quote values in what they say.
pub enum Error {
    /// SQLite said no.
    Sqlite {
        /// What the ledger was doing.
        doing: &'static str,
        /// SQLite's own word.
        source: rusqlite::Error,
    },
    /// PostgreSQL said no.
    Postgres {
        /// What the ledger was doing.
        doing: &'static str,
        /// PostgreSQL's own word.
        source: tokio_postgres::Error,
    },
    /// What several callers waited for failed: the commit they shared, a look at the database.
    Shared(Arc<Self>),
    /// The database gave no answer in time.
    Silent {
        /// What the ledger was doing.
        doing: &'static str,
    },
    /// No connection could be had from the pool.
    Pool(PoolError),
    /// The schema could not be brought up to date.
    Migrate(Box<refinery::Error>),
    /// The ledger's schema is not one this hoesu works with.
    Schema(SchemaMismatch),
    /// The master key of a ledger is there, and the ledger is not.
    Lost {
        /// The key's file.
        key: String,
        /// Where the ledger is missed.
        folder: String,
    },
    /// A file could not be read or made.
    File {
        /// What the ledger was doing.
        doing: &'static str,
        /// Which file.
        path: String,
        /// The system's word.
        source: std::io::Error,
    },
    /// The database's URL cannot be gone by.
    Url {
        /// Which setting of it.
        setting: String,
        /// What is the matter: a predicate. Values are not repeated, one of them is a password.
        why: &'static str,
    },
    /// The master key is missing, malformed, or not the one this ledger was made with.
    Key(KeyProblem),
    /// A sealed value did not open: damaged, moved to another row, or of another key.
    Sealed {
        /// Which column.
        what: &'static str,
    },
    /// A stored value is not one this version can read.
    Unreadable(&'static str),
    /// A name is taken, a thing does not exist: the caller's mistake.
    Refused(String),
    /// Our own mistake; nothing of the call was kept.
    Panicked {
        /// What the ledger was doing.
        doing: &'static str,
    },
    /// The database is an older copy, or another one, than what this was begun on.
    WentBack,
    /// The ledger is closing.
    Closed,
}

/// What is the matter with the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyProblem {
    /// It is no 64 hexadecimal digits.
    Malformed,
    /// The ledger was made with another one.
    Another,
    /// The ledger is there, and its key is not.
    Missing {
        /// The file it should be in.
        key: String,
    },
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the master key must be 64 hexadecimal digits"),
            Self::Another => f.write_str("this ledger was made with another master key"),
            Self::Missing { key } => {
                write!(f, "the ledger needs its master key, and {key} is not there")
            }
        }
    }
}

/// A database's own word.
enum Driver<'a> {
    Sqlite(&'a rusqlite::Error),
    Postgres(&'a tokio_postgres::Error),
}

impl Error {
    /// What happened, whoever shares it.
    pub fn root(&self) -> &Self {
        if let Self::Shared(why) = self { why.root() } else { self }
    }

    /// What a job on SQLite failed with that was no word of SQLite's.
    fn within(&self) -> Option<&Self> {
        let Self::Sqlite { source, .. } = self else { return None };
        let rusqlite::Error::ToSqlConversionFailure(within) = source else { return None };
        within.downcast_ref()
    }

    /// Why it failed.
    pub fn cause(&self) -> Cause {
        if let Some(within) = self.within() {
            return within.cause();
        }
        let said = self.driver().map(|driver| match driver {
            Driver::Sqlite(source) => Cause::of_rusqlite(source),
            Driver::Postgres(source) => Cause::of_postgres(source),
        });
        match (said, self) {
            (Some(Cause::Unexpected), Self::Migrate(_)) => return Cause::Migration,
            (Some(cause), _) => return cause,
            (None, _) => {}
        }
        match self {
            Self::Shared(why) => why.cause(),
            Self::Pool(PoolError::Timeout(TimeoutType::Wait)) => Cause::PoolBusy,
            Self::Pool(PoolError::Closed | PoolError::NoRuntimeSpecified) | Self::Closed => {
                Cause::Closed
            }
            Self::Pool(_) | Self::Silent { .. } => Cause::Unreachable,
            Self::Schema(SchemaMismatch::Newer { .. }) => Cause::NewerLedger,
            Self::Schema(SchemaMismatch::Absent) => Cause::NoLedger,
            Self::Lost { .. } => Cause::LostLedger,
            Self::Schema(SchemaMismatch::Older { .. }) => Cause::OlderLedger,
            Self::Schema(SchemaMismatch::Unreleased) => Cause::UnreleasedLedger,
            Self::Migrate(_) => Cause::Migration,
            Self::File { source, .. } => Cause::of_io(source),
            Self::Url { .. } => Cause::DatabaseUrl,
            Self::Key(_) => Cause::Key,
            Self::Sealed { .. } => Cause::Sealed,
            Self::Unreadable(_) => Cause::Unreadable,
            Self::Refused(_) => Cause::Refused,
            Self::WentBack => Cause::WentBack,
            Self::Sqlite { .. } | Self::Postgres { .. } | Self::Panicked { .. } => {
                Cause::Unexpected
            }
        }
    }

    fn driver(&self) -> Option<Driver<'_>> {
        match self {
            Self::Sqlite { source, .. } => Some(Driver::Sqlite(source)),
            Self::Postgres { source, .. } | Self::Pool(PoolError::Backend(source)) => {
                Some(Driver::Postgres(source))
            }
            Self::Migrate(error) => {
                let Kind::Connection(_, source) = error.kind() else { return None };
                let sqlite = source.downcast_ref().map(Driver::Sqlite);
                sqlite.or_else(|| source.downcast_ref().map(Driver::Postgres))
            }
            Self::Shared(_)
            | Self::Pool(_)
            | Self::Schema(_)
            | Self::Lost { .. }
            | Self::File { .. }
            | Self::Url { .. }
            | Self::Key(_)
            | Self::Sealed { .. }
            | Self::Unreadable(_)
            | Self::Refused(_)
            | Self::Panicked { .. }
            | Self::Silent { .. }
            | Self::WentBack
            | Self::Closed => None,
        }
    }

    /// Whether the same call may succeed a moment later.
    pub fn is_transient(&self) -> bool {
        self.cause().retry() == Retry::Soon
    }

    /// What the ledger was doing.
    pub fn doing(&self) -> &'static str {
        match self {
            Self::Sqlite { doing, .. }
            | Self::Postgres { doing, .. }
            | Self::File { doing, .. }
            | Self::Panicked { doing }
            | Self::Silent { doing } => doing,
            Self::Shared(why) => why.doing(),
            Self::Pool(_) | Self::Url { .. } => "connecting to the database",
            Self::Migrate(_) | Self::Schema(_) => "migrating the ledger's schema",
            Self::Key(_) | Self::Lost { .. } => "opening the ledger",
            Self::Sealed { .. } => "opening a sealed value",
            Self::Unreadable(_) => "reading the ledger",
            Self::Refused(_) => "doing what was asked",
            Self::WentBack => "writing to the ledger it was begun on",
            Self::Closed => "closing",
        }
    }

    /// What the system said, in its own words as far as they hold no value of a document.
    pub fn said(&self) -> String {
        if let Some(within) = self.within() {
            return within.said();
        }
        match self.driver() {
            Some(Driver::Sqlite(source)) => return system::of_rusqlite(source),
            Some(Driver::Postgres(source)) => return system::of_postgres(source),
            None => {}
        }
        match self {
            Self::Shared(why) => why.said(),
            Self::Pool(error) => error.to_string(),
            Self::Migrate(error) => error.to_string(),
            Self::Schema(mismatch) => mismatch.to_string(),
            Self::Lost { key, folder } => format!("{key} is there, and no ledger is in {folder}"),
            Self::Sqlite { doing, .. } | Self::Postgres { doing, .. } => (*doing).to_owned(),
            Self::File { path, source, .. } => format!("{path}: {source}"),
            Self::Url { setting, why } => format!("{setting} {why}"),
            Self::Key(why) => why.to_string(),
            Self::Refused(why) => why.clone(),
            Self::Sealed { what } => format!("a sealed {what} does not open"),
            Self::Unreadable(what) => format!("the {what} is unreadable"),
            Self::Panicked { .. } => "a mistake in hoesu itself".to_owned(),
            Self::Silent { .. } => "no answer in time".to_owned(),
            Self::WentBack => "the database went back in time or was exchanged".to_owned(),
            Self::Closed => "the ledger is closed".to_owned(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { .. }
            | Self::Postgres { .. }
            | Self::Shared(_)
            | Self::Pool(_)
            | Self::Migrate(_)
            | Self::Schema(_)
            | Self::Lost { .. }
            | Self::Silent { .. }
            | Self::Url { .. }
            | Self::File { .. } => write!(
                f,
                "the ledger failed while {}: {} [{}]",
                self.doing(),
                self.said(),
                self.cause().code()
            ),
            Self::Key(why) => why.fmt(f),
            Self::Refused(why) => f.write_str(why),
            Self::Sealed { what } => write!(
                f,
                "a sealed {what} does not open; the ledger file is damaged or the key is another one"
            ),
            Self::Unreadable(what) => {
                write!(f, "the ledger holds an unreadable {what}; was it written by a newer hoesu?")
            }
            Self::Panicked { doing } => {
                write!(
                    f,
                    "the ledger failed while {doing}: a mistake in hoesu itself, please report it"
                )
            }
            Self::WentBack => f.write_str(
                "the database went back in time or was exchanged while this was being done",
            ),
            Self::Closed => f.write_str("the ledger is closed"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Without a source: what drivers say of themselves may quote values, and what of it may be said is in
/// the text.
impl std::error::Error for Error {}
