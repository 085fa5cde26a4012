//! Cases and findings as the databases keep them.

pub(crate) mod lists;
pub(crate) mod lookups;
mod plan;
pub(crate) mod settle;

use hoesu_claims::standing::Event;
use hoesu_claims::{AccountId, Finding};

use super::instant;
use super::overview::beside_of;
use crate::cases::{DocumentAt, Happened, KeptCase, KeptFinding};
use crate::database::{FromRow, RowError, SqlRow};
use crate::keys::SellerKeys;
use crate::overview::{CaseSlot, rules_of};
use crate::plan::{Content, Hearing};
use crate::{Error, Result};
use plan::standing_of;

/// The column a person's reason is sealed for.
pub(crate) const REASON: &str = "finding_event.reason";

/// Columns of a finding, in the order they are read.
pub(crate) const FINDING: &str =
    "id, case_key, rule, account, order_no, closed, stands, urgency, won_at_risk, body,
     opened_at, changed_at, fault, slot";

/// Columns of a case, in the order they are read.
pub(crate) const CASE: &str =
    "case_key, account, order_no, claim, goods, money, since, changed_at, findings, digest,
     settled_at, wake_at, slot";

/// A current document as an index leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) account: AccountId,
    pub(crate) kind: String,
    pub(crate) seq: i64,
    pub(crate) first_at: i64,
    pub(crate) shelf: i64,
    pub(crate) no: i64,
    pub(crate) versions: i64,
    pub(crate) dated: bool,
}

/// A version's content, and when that was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContentRow {
    pub(crate) shelf: i64,
    pub(crate) no: i64,
    pub(crate) seq: i64,
    pub(crate) digest: Vec<u8>,
    pub(crate) changed_at: i64,
    pub(crate) content: Content,
}

/// A finding's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FindingRow {
    pub(crate) id: String,
    pub(crate) case_key: String,
    pub(crate) rule: String,
    pub(crate) account: i64,
    pub(crate) order_no: String,
    /// Whose the case's fault is; nobody said without it.
    pub(crate) fault: Option<String>,
    /// Open rules that tell of the same money, as they stand in its slot.
    pub(crate) beside: String,
    pub(crate) closed: Option<String>,
    pub(crate) stands: bool,
    pub(crate) urgency: i64,
    pub(crate) won_at_risk: Option<i64>,
    pub(crate) body: String,
    pub(crate) opened_at: i64,
    pub(crate) changed_at: i64,
}

/// A line of the findings' history, still sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventRow {
    pub(crate) no: i64,
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) event: &'static str,
}

/// A line of a finding's history as it is stored.
pub(crate) struct HappenedRow {
    pub(crate) no: i64,
    pub(crate) at: i64,
    pub(crate) event: String,
    pub(crate) actor: Option<String>,
    pub(crate) reason: Option<Vec<u8>>,
}

/// A case's row.
pub(crate) struct CaseRow {
    pub(crate) key: String,
    pub(crate) account: i64,
    pub(crate) order: String,
    pub(crate) claim: String,
    pub(crate) goods: String,
    pub(crate) money: String,
    pub(crate) since: i64,
    pub(crate) changed_at: i64,
    pub(crate) findings: i64,
    pub(crate) digest: Vec<u8>,
    pub(crate) settled_at: i64,
    pub(crate) wake_at: Option<i64>,
    pub(crate) slot: String,
}

impl FindingRow {
    pub(crate) fn open(self) -> Result<KeptFinding> {
        let standing = standing_of(&self)?;
        let finding: Finding =
            serde_json::from_str(&self.body).map_err(|_| Error::Unreadable("finding"))?;
        Ok(KeptFinding {
            finding,
            case: self.case_key,
            account: AccountId(self.account),
            fault: self.fault,
            beside: rules_of(&self.beside),
            standing,
            opened_at: instant(self.opened_at),
            changed_at: instant(self.changed_at),
        })
    }
}

impl CaseRow {
    pub(crate) fn open(self) -> KeptCase {
        KeptCase {
            key: self.key,
            account: AccountId(self.account),
            order: self.order,
            claim: self.claim,
            goods: self.goods,
            money: self.money,
            fault: CaseSlot::parse(&self.slot).and_then(|slot| slot.fault),
            since: instant(self.since),
            changed_at: instant(self.changed_at),
            findings: u32::try_from(self.findings).unwrap_or(0),
            digest: self.digest,
            settled_at: instant(self.settled_at),
            wake_at: self.wake_at.map(instant),
        }
    }
}

impl HappenedRow {
    pub(crate) fn open(self, keys: &SellerKeys) -> Result<Happened> {
        let reason = match self.reason {
            Some(sealed) => {
                let plain = keys.open(REASON, self.no, &sealed)?;
                Some(String::from_utf8(plain).map_err(|_| Error::Unreadable("reason"))?)
            }
            None => None,
        };
        Ok(Happened {
            at: instant(self.at),
            event: Event::from_name(&self.event).ok_or(Error::Unreadable("event"))?,
            actor: self.actor,
            reason,
        })
    }
}

impl FromRow for Found {
    const COLUMNS: usize = 8;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        let (account, kind, seq, first_at, shelf, no, versions, dated) = FromRow::read(row, at)?;
        Ok(Self { account, kind, seq, first_at, shelf, no, versions, dated })
    }
}

impl FromRow for ContentRow {
    const COLUMNS: usize = 8;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        let (shelf, no, seq, digest, changed_at, first_at, heard_at, received) =
            FromRow::read(row, at)?;
        let content = Content { first_at, last: Hearing { heard_at, received } };
        Ok(Self { shelf, no, seq, digest, changed_at, content })
    }
}

impl FromRow for DocumentAt {
    const COLUMNS: usize = 3;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        let (account, kind, key) = FromRow::read(row, at)?;
        Ok(Self { account, kind, key })
    }
}

impl FromRow for FindingRow {
    const COLUMNS: usize = 14;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        let (id, case_key, rule, account, order_no) = FromRow::read(row, at)?;
        let (closed, stands, urgency, won_at_risk, body) = FromRow::read(row, at + 5)?;
        let (opened_at, changed_at, fault, slot): (_, _, _, String) = FromRow::read(row, at + 10)?;
        let beside = beside_of(&slot);
        Ok(Self {
            id,
            case_key,
            rule,
            account,
            order_no,
            fault,
            beside,
            closed,
            stands,
            urgency,
            won_at_risk,
            body,
            opened_at,
            changed_at,
        })
    }
}

impl FromRow for HappenedRow {
    const COLUMNS: usize = 5;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        let (no, at, event, actor, reason) = FromRow::read(row, at)?;
        Ok(Self { no, at, event, actor, reason })
    }
}

impl FromRow for CaseRow {
    const COLUMNS: usize = 13;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        let (key, account, order, claim, goods, money, since) = FromRow::read(row, at)?;
        let (changed_at, findings, digest, settled_at, wake_at, slot) = FromRow::read(row, at + 7)?;
        Ok(Self {
            key,
            account,
            order,
            claim,
            goods,
            money,
            since,
            changed_at,
            findings,
            digest,
            settled_at,
            wake_at,
            slot,
        })
    }
}
