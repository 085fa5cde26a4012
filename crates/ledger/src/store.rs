//! The trait both databases implement: dull verbs, each one transaction, on values already sealed,
//! keyed and decided as far as they can be without the database.

pub(crate) mod access;
mod api_keys;
pub(crate) mod books;
pub(crate) mod cases;
pub(crate) mod counters;
pub(crate) mod coverage;
pub(crate) mod look;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod probe;
pub(crate) mod sought;
pub(crate) mod tallies;
pub(crate) mod wake;

use std::sync::Arc;

use async_trait::async_trait;
use hoesu_claims::document::Marks;
use hoesu_claims::{AccountId, Document, Media, Moment, Rank, SellerId, State, Term, Text};
use jiff::Timestamp;

use access::Accesses;
use counters::Counters;
use coverage::Coverage;
use look::Looking;
use overview::Overview;

use crate::keys::SellerKeys;
use crate::plan::Hearing;
use crate::signature::Signature;
use crate::{Account, Error, Outcome, Put, Result, Seller};
pub(crate) use api_keys::{ApiKeyRow, ApiKeys, pack_scopes};
use people::People;
use probe::Probe;
use sought::Seeking;

/// A shelf as the database numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ShelfNo {
    pub(crate) seller: SellerId,
    pub(crate) shelf: i64,
}

/// A seller's row.
pub(crate) struct SellerRow {
    pub(crate) seller: Seller,
    /// The newest data key, wrapped.
    pub(crate) wrapped: Vec<u8>,
}

/// An account's row. `account` 0 asks the store to give the next number.
#[derive(Clone)]
pub(crate) struct AccountRow {
    pub(crate) account: Account,
    /// Sealed.
    pub(crate) secrets: Vec<u8>,
}

/// What making an account came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Added {
    Done,
    /// Another account has this number now: count again.
    NumberTaken,
    NameTaken,
    CredentialTaken,
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

/// What a list needs to know of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Card {
    pub(crate) no: u32,
    pub(crate) seq: i64,
    pub(crate) rank: Rank,
    pub(crate) states: Vec<(State, String)>,
    pub(crate) moments: Vec<(Moment, i64)>,
}

/// A refused record, sealed.
pub(crate) struct RefusalRow {
    pub(crate) no: i64,
    pub(crate) account: AccountId,
    pub(crate) observed_at: i64,
    pub(crate) place: String,
    pub(crate) field: String,
    pub(crate) why: String,
    pub(crate) digest: Vec<u8>,
    /// Plain on the way in (sealed by the store once its number is known), sealed on the way out.
    pub(crate) body: Vec<u8>,
}

/// The database behind a ledger.
#[async_trait]
pub(crate) trait Store:
    Accesses
    + ApiKeys
    + Counters
    + Coverage
    + Looking
    + Overview
    + People
    + Probe
    + Seeking
    + Send
    + Sync
{
    /// What it is, for people.
    async fn version(&self) -> Result<String>;
    /// Looks for damage; a sentence for each thing found.
    async fn damage(&self) -> Result<Vec<String>>;
    /// Keeps a fact about the ledger unless it is known; answers what is known.
    async fn fact(&self, name: &str, value: &[u8]) -> Result<Vec<u8>>;

    async fn sellers(&self) -> Result<Vec<SellerRow>>;
    async fn add_seller(&self, row: SellerRow) -> Result<Added>;
    async fn accounts(&self) -> Result<Vec<AccountRow>>;
    async fn add_account(&self, row: AccountRow, handle: [u8; 32]) -> Result<Added>;
    /// Replaces an account's settings, secrets and state; `handle` replaces its credential.
    async fn set_account(
        &self,
        row: AccountRow,
        handle: Option<[u8; 32]>,
        now: i64,
    ) -> Result<Added>;
    async fn admit(&self, handle: [u8; 32]) -> Result<Option<AccountRow>>;

    /// The shelf's number; makes it if asked.
    async fn shelf(
        &self,
        seller: SellerId,
        account: AccountId,
        kind: &str,
        make: bool,
    ) -> Result<Option<i64>>;
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
    /// Every version of a document, by arrival.
    async fn versions(&self, at: ShelfNo, key: &str) -> Result<Vec<VersionRow>>;
    /// Versions by their place in the sequence, in the order asked; those that are not there are left
    /// out.
    async fn by_seq(&self, seller: SellerId, seqs: &[i64]) -> Result<Vec<VersionRow>>;
    /// Current versions with keys after `after`, by key.
    async fn current_after(
        &self,
        at: ShelfNo,
        after: &str,
        limit: usize,
    ) -> Result<Vec<VersionRow>>;
    /// The last number of the seller's change sequence.
    async fn last_seq(&self, seller: SellerId) -> Result<i64>;
    /// The cards of documents whose current version came after `seq`, in any order.
    async fn cards_after(&self, at: ShelfNo, seq: i64) -> Result<Vec<Card>>;
    /// The numbers of documents that have one of these values.
    async fn holding(&self, at: ShelfNo, term: Term, values: &[String]) -> Result<Vec<u32>>;
    /// The numbers of documents whose signature of this text has all bits of `part`.
    async fn resembling(&self, at: ShelfNo, text: Text, part: Signature) -> Result<Vec<u32>>;

    async fn refuse(
        &self,
        seller: SellerId,
        rows: Vec<RefusalRow>,
        keys: Arc<SellerKeys>,
    ) -> Result<()>;
    async fn refusals(
        &self,
        seller: SellerId,
        account: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<RefusalRow>>;
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
