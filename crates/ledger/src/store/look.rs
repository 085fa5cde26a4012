//! Looking again at what memory stands on: the database, and the rows that were read or written.

use async_trait::async_trait;
use hoesu_claims::SellerId;

use crate::Result;
use crate::seal::HEAD;

/// What tells one history of a database from another, as far as it can be asked: named values, such as
/// the file's number or the server's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity(pub(crate) Vec<(&'static str, String)>);

impl Identity {
    /// The name of the first value that another one has otherwise.
    pub(crate) fn differs(&self, other: &Self) -> Option<&'static str> {
        if self == other {
            return None;
        }
        let mut pairs = self.0.iter().zip(&other.0);
        Some(pairs.find(|(one, other)| one != other).map_or("database", |((name, _), _)| name))
    }
}

/// The head of a sealed body. It holds a nonce that no two writes share, so it names the write of a
/// version, which the digest of what was said does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seal(pub(crate) Vec<u8>);

/// How many bytes of a sealed body its head has, for a statement.
pub(crate) const SEAL_BYTES: usize = HEAD;

impl Seal {
    pub(crate) fn of(body: &[u8]) -> Self {
        Self(body[..HEAD.min(body.len())].to_vec())
    }
}

/// The last version of a seller's sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Top {
    pub(crate) seq: i64,
    /// Nothing if no version has this number.
    pub(crate) seal: Option<Seal>,
}

/// A version this process wrote. Versions are never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) shelf: i64,
    pub(crate) key: String,
    pub(crate) digest: [u8; 32],
}

/// What is looked at of a seller.
#[derive(Debug, Clone, Default)]
pub(crate) struct Glance {
    /// Places in the sequence.
    pub(crate) seqs: Vec<i64>,
    pub(crate) shelves: Vec<i64>,
    pub(crate) written: Vec<Written>,
}

/// What was found, all of it as of one moment.
#[derive(Debug)]
pub(crate) struct Sight {
    pub(crate) identity: Identity,
    /// Of [`Glance::seqs`] those that are there.
    pub(crate) versions: Vec<(i64, Seal)>,
    /// Nothing if there is no such seller.
    pub(crate) top: Option<Top>,
    /// The seller's data key.
    pub(crate) wrapped: Option<Vec<u8>>,
    /// Of [`Glance::shelves`] those that are there: number, account and kind.
    pub(crate) shelves: Vec<(i64, i64, String)>,
    /// Whether every one of [`Glance::written`] is there.
    pub(crate) kept: bool,
}

/// Looking, on either database.
#[async_trait]
pub(crate) trait Looking {
    /// Which database it is.
    async fn identity(&self) -> Result<Identity>;
    /// Looks at a seller's rows, and at which database they are in.
    async fn look(&self, seller: SellerId, glance: Glance) -> Result<Sight>;
    /// The last version of a seller's sequence.
    async fn top(&self, seller: SellerId) -> Result<Top>;
    /// Gets to work with a database that is not the one it was: connects anew where that matters, and
    /// brings its schema up to date.
    async fn renew(&self) -> Result<()>;
}
