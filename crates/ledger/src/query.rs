//! The words of asking: where documents stand, how they are put there, how they are found again.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use hoesu_claims::time::Between;
use hoesu_claims::{AccountId, Document, Media, Moment, Rank, SellerId, State, Term, Text};
use jiff::Timestamp;

/// All documents of one kind of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shelf {
    /// Whose.
    pub seller: SellerId,
    /// Which contract.
    pub account: AccountId,
    /// What kind: a short lower-case word of the channel, such as `return` or `order`.
    pub kind: &'static str,
}

/// What to do when a document is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// Other content is a new version.
    Newer,
    /// Other content is refused with [`Outcome::Conflict`] and nothing is written.
    Once,
}

/// What happened to one incoming document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The first version of a new document.
    New,
    /// A further version of a known document.
    Changed,
    /// The ledger knew this already.
    Unchanged,
    /// Known with other content, and [`Put::Once`] was asked.
    Conflict,
}

impl Outcome {
    /// In answers to programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Conflict => "conflict",
        }
    }
}

/// The current version of a document, opened; shared between readers and never changed.
#[derive(Debug)]
pub struct Held {
    /// The version.
    pub document: Document,
    forms: [OnceLock<Bytes>; 4],
}

impl Held {
    pub(crate) fn new(document: Document) -> Arc<Self> {
        Arc::new(Self { document, forms: [const { OnceLock::new() }; 4] })
    }

    /// The bytes a surface answers with, made once per version and kept as long as the version is
    /// held in memory. `slot` (0 to 3) tells the forms of one document apart.
    pub fn form(&self, slot: usize, make: impl FnOnce(&Document) -> Bytes) -> Bytes {
        self.forms[slot].get_or_init(|| make(&self.document)).clone()
    }

    /// As [`Held::form`], when making the form can fail; a failure is not kept.
    pub fn try_form<E>(
        &self,
        slot: usize,
        make: impl FnOnce(&Document) -> Result<Bytes, E>,
    ) -> Result<Bytes, E> {
        if let Some(form) = self.forms[slot].get() {
            return Ok(form.clone());
        }
        let form = make(&self.document)?;
        Ok(self.forms[slot].get_or_init(|| form).clone())
    }
}

/// Which end of the list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Greatest [`Rank`] first.
    Newest,
    /// Smallest [`Rank`] first.
    Oldest,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// After so many rows.
    Offset(u64),
    /// After the row at this rank.
    After(Rank),
}

/// How a search by part of a text checks a candidate: the channel's own reading of a body.
pub type ReadTexts = fn(Media, &[u8]) -> Vec<(Text, String)>;

/// Which documents of a shelf, in which order, from where, how many. All conditions must hold.
#[derive(Debug, Clone)]
pub struct Query {
    /// Where to look.
    pub shelf: Shelf,
    /// The rank's `at`, read as milliseconds, lies in here.
    pub during: Between,
    /// Has one of these codes.
    pub states: Vec<(State, Vec<String>)>,
    /// Has an instant in this span.
    pub moments: Vec<(Moment, Between)>,
    /// Has one of these values.
    pub terms: Vec<(Term, Vec<String>)>,
    /// Has this text somewhere in it.
    pub texts: Vec<(Text, String)>,
    /// Needed if `texts` is not empty.
    pub read_texts: Option<ReadTexts>,
    /// Which end first.
    pub order: Order,
    /// Where the page begins.
    pub start: Start,
    /// How many rows at most.
    pub limit: usize,
}

impl Query {
    /// Everything on a shelf, newest first, from the start.
    pub fn all(shelf: Shelf, limit: usize) -> Self {
        Self {
            shelf,
            during: Between::default(),
            states: Vec::new(),
            moments: Vec::new(),
            terms: Vec::new(),
            texts: Vec::new(),
            read_texts: None,
            order: Order::Newest,
            start: Start::Offset(0),
            limit,
        }
    }

    /// Adds: has one of these codes.
    pub fn state<S: Into<String>>(&mut self, state: State, codes: impl IntoIterator<Item = S>) {
        self.states.push((state, codes.into_iter().map(Into::into).collect()));
    }

    /// Adds: has an instant in this span, unless the span leaves nothing out.
    pub fn moment(&mut self, moment: Moment, between: Between) {
        if !between.is_everything() {
            self.moments.push((moment, between));
        }
    }

    /// Adds: has this value.
    pub fn term(&mut self, term: Term, value: impl Into<String>) {
        self.terms.push((term, vec![value.into()]));
    }

    /// Adds: has this text somewhere in it.
    pub fn text(&mut self, text: Text, part: impl Into<String>) {
        self.texts.push((text, part.into()));
    }
}

/// One page of an answer.
#[derive(Debug, Default)]
pub struct Page {
    /// How many documents match, whatever the page.
    pub total: u64,
    /// The page's documents in order.
    pub rows: Vec<Arc<Held>>,
    /// The rank of the last row, if more follow it: where the next page starts after.
    pub next: Option<Rank>,
}

/// A record that could not become a document, as it is handed to the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it stood in its source: `line 12`, `row 3`.
    pub at: String,
    /// The field at fault, in the channel's spelling; `""` if it is the whole record.
    pub field: String,
    /// Why, without any of the record's values.
    pub why: String,
    /// The record as it came.
    pub body: Vec<u8>,
}

/// A refused record, kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Number within the seller, from 1.
    pub no: i64,
    /// Whose import it was.
    pub account: AccountId,
    /// When it was read.
    pub observed_at: Timestamp,
    /// What and why.
    pub refused: Refused,
}
