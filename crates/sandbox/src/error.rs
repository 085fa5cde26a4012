//! Why a market could not be made or go on.

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The throw-away ledger did not do what it was asked.
    #[error(transparent)]
    Ledger(#[from] hoesu_ledger::Error),
    /// No folder could be made for the ledger.
    #[error("no temporary folder could be made")]
    Folder(#[source] std::io::Error),
    /// The plan or the snapshot cannot be: the sentence says why.
    #[error("{0}")]
    Impossible(String),
}

/// A result with this error.
pub type Result<T, E = Error> = std::result::Result<T, E>;
