//! The verbs of the ledger, each written once for both databases, on values already sealed, keyed and
//! decided as far as they can be without the database; and the trait of what really differs.

pub(crate) mod access;
pub(crate) mod api_keys;
pub(crate) mod books;
pub(crate) mod cases;
pub(crate) mod counters;
pub(crate) mod coverage;
pub(crate) mod directory;
pub(crate) mod documents;
pub(crate) mod facts;
pub(crate) mod look;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod probe;
pub(crate) mod refusals;
pub(crate) mod sought;
pub(crate) mod tallies;
pub(crate) mod wake;

use std::sync::Arc;

use async_trait::async_trait;
use hoesu_claims::document::Marks;
use hoesu_claims::{AccountId, Document, Media, Moment, Rank, SellerId, State, Term, Text};
use jiff::Timestamp;

use look::Looking;

use crate::database::{FromRow, RowError, SqlRow};
use crate::keys::SellerKeys;
use crate::plan::Hearing;
use crate::signature::Signature;
use crate::{Error, Outcome, Put, Result};
use probe::Probe;

/// A shelf as the database numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ShelfNo {
    pub(crate) seller: SellerId,
    pub(crate) shelf: i64,
}

/// A keyed hash of a content: media and body.
pub(crate) type Digest = [u8; 32];

/// A document about to be decided on: everything that needs no database is done.
#[derive(Debug, Clone)]
pub(crate) struct Arriving {
    pub(crate) key: String,
    pub(crate) media: Media,
    pub(crate) body: Vec<u8>,
    pub(crate) digest: Digest,
    pub(crate) marks: Marks,
    pub(crate) observed_at: i64,
    /// Parts hearings of one instant: see [`Hearing`].
    pub(crate) received: i64,
    /// The channel's own time of change; 0 if it tells none.
    pub(crate) changed_at: i64,
    /// Whether that time moves with every change.
    pub(crate) dated: bool,
    pub(crate) rank: Rank,
    pub(crate) states: Vec<(State, String)>,
    pub(crate) moments: Vec<(Moment, i64)>,
    pub(crate) terms: Vec<(Term, String)>,
    pub(crate) signatures: Vec<(Text, Signature)>,
}

impl Arriving {
    pub(crate) const fn hearing(&self) -> Hearing {
        Hearing { heard_at: self.observed_at, received: self.received }
    }
}

/// A version's columns, of a table `v`, in the order [`VersionRow`] reads them.
pub(crate) const VERSION: &str = "v.seq, v.key, v.version, v.observed_at, v.media, v.marks, v.body";

/// A stored version, still sealed.
pub(crate) struct VersionRow {
    pub(crate) seq: i64,
    pub(crate) key: String,
    pub(crate) version: i64,
    pub(crate) observed_at: i64,
    pub(crate) media: String,
    pub(crate) marks: String,
    pub(crate) body: Vec<u8>,
}

impl FromRow for VersionRow {
    const COLUMNS: usize = 7;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (seq, key, version, observed_at, media, marks, body) = FromRow::read(row, at)?;
        Ok(Self { seq, key, version, observed_at, media, marks, body })
    }
}

impl VersionRow {
    pub(crate) fn open(self, keys: &SellerKeys) -> Result<Document> {
        Ok(Document {
            body: keys.open("version.body", self.seq, &self.body)?,
            key: self.key,
            version: self.version,
            seq: self.seq,
            media: Media::from_name(&self.media).ok_or(Error::Unreadable("media"))?,
            marks: unpack_marks(&self.marks)?,
            observed_at: instant(self.observed_at),
        })
    }
}

/// The answer to a point read.
pub(crate) enum Current {
    /// The current version is this one, and the caller has it.
    Held(i64),
    /// The current version.
    Read(VersionRow),
}

/// Which commit of the database is the last; two equal ones enclose no commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant(pub(crate) [u8; 48]);

/// A commit of this process, in a chain of such with no stranger's in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnCommit {
    pub(crate) chain: u64,
    pub(crate) commit: u64,
}

/// What a list needs to know of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Card {
    pub(crate) no: u32,
    pub(crate) seq: i64,
    pub(crate) rank: Rank,
    pub(crate) states: Vec<(State, String)>,
    pub(crate) moments: Vec<(Moment, i64)>,
}

/// What the two databases do each in its own way.
#[async_trait]
pub(crate) trait Store: Looking + Probe + Send + Sync {
    /// What it is, for people.
    async fn version(&self) -> Result<String>;
    /// Looks for damage; a sentence for each thing found.
    async fn damage(&self) -> Result<Vec<String>>;
    /// Decides and writes a batch in one transaction.
    async fn append(
        &self,
        at: ShelfNo,
        put: Put,
        batch: Vec<Arriving>,
        keys: Arc<SellerKeys>,
    ) -> Result<Vec<Outcome>>;
    /// Point read; `holds` says which versions the caller has in memory. Nothing if `unless` is an
    /// account's kind of documents and one of them has the same key.
    async fn current(
        &self,
        at: ShelfNo,
        key: &str,
        unless: Option<(AccountId, &str)>,
        holds: &(dyn Fn(i64) -> bool + Send + Sync),
    ) -> Result<Option<Current>>;
    /// The instant the database is at, where telling it costs less than a read.
    fn now(&self) -> Option<Instant>;
    /// The own commit that brought the database to this instant, if it was one.
    fn own_commit(&self, now: &Instant) -> Option<OwnCommit>;
    /// Whether a document with this key may have been written after an own commit, before the last one.
    fn touched_since(&self, since: OwnCommit, seller: SellerId, key: &str) -> bool;
}

/// An instant as it is stored; out of range is clamped, which only a damaged ledger can need.
pub(crate) fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(crate) fn pack_marks(marks: &Marks) -> String {
    serde_json::to_string(marks).expect("marks are words and instants")
}

pub(crate) fn unpack_marks(text: &str) -> Result<Marks> {
    if text == "{}" {
        return Ok(Marks::new());
    }
    serde_json::from_str(text).map_err(|_| Error::Unreadable("marks"))
}

pub(crate) fn pack_terms(terms: &[(Term, String)]) -> String {
    serde_json::to_string(terms).expect("terms are words and text")
}

/// Terms this version does not know are left where they are: a newer hoesu wrote them.
pub(crate) fn unpack_terms(text: &str) -> Result<Vec<(Term, String)>> {
    let pairs: Vec<(String, String)> =
        serde_json::from_str(text).map_err(|_| Error::Unreadable("terms"))?;
    Ok(pairs
        .into_iter()
        .filter_map(|(term, value)| Some((Term::from_name(&term)?, value)))
        .collect())
}

pub(crate) fn pack_card(states: &[(State, String)], moments: &[(Moment, i64)]) -> String {
    serde_json::to_string(&(states, moments)).expect("a card is words, text and numbers")
}

/// The states and moments a card's text holds.
pub(crate) type CardWords = (Vec<(State, String)>, Vec<(Moment, i64)>);

pub(crate) fn unpack_card(text: &str) -> Result<CardWords> {
    serde_json::from_str(text).map_err(|_| Error::Unreadable("card"))
}
