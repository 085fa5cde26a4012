//! What can go wrong, and whether trying again can help.

/// The ledger's result.
pub type Result<T> = std::result::Result<T, Error>;

/// What the ledger was doing when it failed. The source says why; nothing here repeats a value of a
/// document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite said no.
    #[error("the SQLite ledger failed while {doing}")]
    Sqlite {
        /// What the ledger was doing.
        doing: &'static str,
        /// SQLite's own word.
        #[source]
        source: rusqlite::Error,
    },
    /// PostgreSQL said no.
    #[error("the PostgreSQL ledger failed while {doing}")]
    Postgres {
        /// What the ledger was doing.
        doing: &'static str,
        /// PostgreSQL's own word.
        #[source]
        source: tokio_postgres::Error,
    },
    /// What a caller wrote was not committed.
    #[error("the ledger could not commit: {0}")]
    Commit(String),
    /// No connection could be had from the pool.
    #[error("no PostgreSQL connection could be had: {0}")]
    Pool(String),
    /// The schema could not be brought up to date.
    #[error("migrating the ledger's schema failed")]
    Migrate(#[source] Box<refinery::Error>),
    /// A file could not be read or made.
    #[error("{doing}: {path}")]
    File {
        /// What the ledger was doing.
        doing: &'static str,
        /// Which file.
        path: String,
        /// The system's word.
        #[source]
        source: std::io::Error,
    },
    /// The master key is missing, malformed, or not the one this ledger was made with.
    #[error("{0}")]
    Key(String),
    /// A sealed value did not open: damaged, moved to another row, or of another key.
    #[error("a sealed {what} does not open; the ledger file is damaged or the key is another one")]
    Sealed {
        /// Which column.
        what: &'static str,
    },
    /// A stored value is not one this version can read.
    #[error("the ledger holds an unreadable {0}; was it written by a newer hoesu?")]
    Unreadable(&'static str),
    /// A name is taken, a thing does not exist: the caller's mistake.
    #[error("{0}")]
    Refused(String),
    /// Our own mistake; nothing of the call was kept.
    #[error("the ledger failed while {doing}: a mistake in hoesu itself, please report it")]
    Panicked {
        /// What the ledger was doing.
        doing: &'static str,
    },
    /// The ledger is closing.
    #[error("the ledger is closed")]
    Closed,
}

impl Error {
    /// Whether the same call may succeed a moment later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Sqlite { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
            ),
            Self::Postgres { source, .. } => source.is_closed() || source.as_db_error().is_none(),
            Self::Pool(_) | Self::Commit(_) => true,
            Self::Migrate(_)
            | Self::File { .. }
            | Self::Key(_)
            | Self::Sealed { .. }
            | Self::Unreadable(_)
            | Self::Refused(_)
            | Self::Panicked { .. }
            | Self::Closed => false,
        }
    }
}
