//! What can stop a worker.

/// A worker's result.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a worker stopped. What it had done until then stays done; doing it again is harmless.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The source could not be read.
    #[error("the input could not be read")]
    Read(#[source] std::io::Error),
    /// The target could not be written.
    #[error("the output could not be written")]
    Write(#[source] std::io::Error),
    /// The ledger said no.
    #[error(transparent)]
    Ledger(#[from] hoesu_ledger::Error),
    /// A table could not be read.
    #[error("the table could not be read")]
    Table(#[source] crate::sheet::Unreadable),
    /// A thread of ours died.
    #[error("a worker thread died")]
    Worker(#[source] tokio::task::JoinError),
}
