//! The words of what was understood: cases as they stand, findings and what happened to them.

use std::collections::BTreeSet;

use hoesu_claims::standing::Event;
use hoesu_claims::{AccountId, Finding, Rule, Standing};
use jiff::Timestamp;

/// A document of a seller, by where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentAt {
    /// Which contract.
    pub account: AccountId,
    /// What kind.
    pub kind: String,
    /// Its key on the shelf.
    pub key: String,
}

/// How far a seller's documents are settled into cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    /// The last change taken in.
    pub seq: i64,
    /// How many settlements there were.
    pub turn: i64,
    /// Which history of the database this was read in, as the process counts them.
    pub(crate) history: u64,
}

/// A document that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number in the seller's sequence.
    pub seq: i64,
    /// Which document.
    pub document: DocumentAt,
}

/// What came of some changes: one decision, written in one transaction.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// What it was worked out on. If somebody settled since, it is not kept.
    pub was: Settled,
    /// The last change it takes in.
    pub seq: i64,
    /// As of when findings were looked for.
    pub at: Timestamp,
    /// Cases as they stand now.
    pub cases: Vec<SettledCase>,
    /// Keys of cases that are no more: they merged into others.
    pub gone: Vec<String>,
}

/// A case about to be kept.
#[derive(Debug, Clone)]
pub struct SettledCase {
    /// Its key, unique within the seller.
    pub key: String,
    /// The account it stands under.
    pub account: AccountId,
    /// The order's number.
    pub order: String,
    /// The claim track.
    pub claim: String,
    /// The goods track.
    pub goods: String,
    /// The money track.
    pub money: String,
    /// Whose fault its channel says it is, in a word; `None` if nobody said.
    pub fault: Option<String>,
    /// When the first thing known of it happened.
    pub since: Timestamp,
    /// When the last thing known of it happened.
    pub changed_at: Timestamp,
    /// Of the whole case.
    pub digest: [u8; 32],
    /// When its findings change without a new document.
    pub wake_at: Option<Timestamp>,
    /// Its documents.
    pub documents: Vec<DocumentAt>,
    /// What is wrong or due.
    pub findings: Vec<Finding>,
}

/// A case as it was settled last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCase {
    /// Its key, unique within the seller.
    pub key: String,
    /// The account it stands under.
    pub account: AccountId,
    /// The order's number.
    pub order: String,
    /// The claim track.
    pub claim: String,
    /// The goods track.
    pub goods: String,
    /// The money track.
    pub money: String,
    /// Whose fault its channel says it is, in a word; `None` if nobody said.
    pub fault: Option<String>,
    /// When the first thing known of it happened.
    pub since: Timestamp,
    /// When the last thing known of it happened.
    pub changed_at: Timestamp,
    /// How many findings are open.
    pub findings: u32,
    /// Of the whole case.
    pub digest: Vec<u8>,
    /// As of when its findings were looked for.
    pub settled_at: Timestamp,
    /// When its findings change without a new document.
    pub wake_at: Option<Timestamp>,
}

/// A finding as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFinding {
    /// Open rules of its case that tell of the same money, and of no less of it.
    pub beside: BTreeSet<Rule>,
    /// What it says, or said last.
    pub finding: Finding,
    /// The case it is about.
    pub case: String,
    /// The account the case stands under.
    pub account: AccountId,
    /// Whose fault the case's channel says it is, in a word; `None` if nobody said.
    pub fault: Option<String>,
    /// Open or closed, and how.
    pub standing: Standing,
    /// When it was opened first.
    pub opened_at: Timestamp,
    /// When it was opened, closed or reopened last.
    pub changed_at: Timestamp,
}

/// A line of a finding's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
    /// Who; nobody where it happened by itself.
    pub actor: Option<String>,
    /// Why, in that person's words.
    pub reason: Option<String>,
}

/// A person's wish to close a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Which finding.
    pub id: String,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// Even though its condition stands.
    pub force: bool,
    /// When.
    pub at: Timestamp,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseOutcome {
    /// It is closed now.
    Closed,
    /// There is no such finding.
    Unknown,
    /// It was closed before.
    WasClosed,
    /// Its condition stands, and no look of a person changes that: it has to be forced.
    Stands,
}

/// Which findings: open ones before closed ones, then those that run out first. All conditions hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FindingQuery {
    /// Of this rule.
    pub rule: Option<Rule>,
    /// Of the order with this number.
    pub order: Option<String>,
    /// Of cases under this account.
    pub account: Option<AccountId>,
    /// Open ones (true), closed ones (false).
    pub open: Option<bool>,
    /// After this place.
    pub after: Option<FindingPlace>,
    /// How many at most.
    pub limit: usize,
}

/// Where a finding stands in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingPlace {
    /// Whether it is closed.
    pub is_closed: bool,
    /// Its deadline in milliseconds, or the greatest number.
    pub urgency: i64,
    /// Its id.
    pub id: String,
}

/// How urgent a finding without a deadline is, in milliseconds.
const NO_DEADLINE: i64 = i64::MAX;

/// A finding's deadline as lists are ordered by.
pub(crate) fn urgency(finding: &Finding) -> i64 {
    finding.deadline.map_or(NO_DEADLINE, Timestamp::as_millisecond)
}

impl KeptFinding {
    /// Where it stands in the list.
    pub fn place(&self) -> FindingPlace {
        FindingPlace {
            is_closed: !self.standing.is_open(),
            urgency: urgency(&self.finding),
            id: self.finding.id.clone(),
        }
    }
}

/// Which cases: those something happened in last come first. All conditions hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseQuery {
    /// With this order number.
    pub order: Option<String>,
    /// Under this account.
    pub account: Option<AccountId>,
    /// After this place.
    pub after: Option<CasePlace>,
    /// How many at most.
    pub limit: usize,
}

/// Where a case stands in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePlace {
    /// When the last thing in it happened, in milliseconds.
    pub changed_at: i64,
    /// Its key.
    pub key: String,
}

impl KeptCase {
    /// Where it stands in the list.
    pub fn place(&self) -> CasePlace {
        CasePlace { changed_at: self.changed_at.as_millisecond(), key: self.key.clone() }
    }
}
