//! What both databases do about cases and findings, and the decision of a settlement, which needs
//! neither.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use hoesu_claims::standing::{Closed, Event, Refused};
use hoesu_claims::{AccountId, Finding, Rule, SellerId, Standing, risk};

use super::instant;
use super::overview::Moves;
use crate::cases::{
    CasePlace, CaseQuery, Change, CloseOutcome, Closing, DocumentAt, FindingPlace, FindingQuery,
    Happened, KeptCase, KeptFinding, Settled, Settlement, urgency,
};
use crate::keys::SellerKeys;
use crate::overview::{CaseSlot, rules_of, written};
use crate::plan::Content;
use crate::{Error, Result};

/// The column a person's reason is sealed for.
pub(crate) const REASON: &str = "finding_event.reason";

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

/// The database, about cases and findings.
#[async_trait]
pub(crate) trait Cases: Send + Sync {
    async fn settled(&self, seller: SellerId) -> Result<Settled>;
    /// Documents that got a version after `seq`, each once for every version, in order.
    async fn changes_after(&self, seller: SellerId, seq: i64, limit: usize) -> Result<Vec<Change>>;
    /// Current documents that have one of these terms, by their numbers; one may come twice.
    async fn told_by(&self, seller: SellerId, terms: Vec<(i64, String)>) -> Result<Vec<Found>>;
    /// These documents as they are now; unknown ones are left out.
    async fn current_of(&self, seller: SellerId, at: Vec<DocumentAt>) -> Result<Vec<Found>>;
    /// The contents of all versions of these documents (shelf, number), by arrival.
    async fn contents(&self, seller: SellerId, of: Vec<(i64, i64)>) -> Result<Vec<ContentRow>>;
    /// The cases these documents are in, each once.
    async fn cases_of(&self, seller: SellerId, at: Vec<DocumentAt>) -> Result<Vec<String>>;
    /// The documents of these cases.
    async fn documents_of(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<DocumentAt>>;
    /// Cases that come due at `now` or came due before, the earliest first.
    async fn due_cases(&self, seller: SellerId, now: i64, limit: usize) -> Result<Vec<String>>;
    /// Sellers with changes or due cases that are not settled, or with cases settled after `noted`.
    async fn behind(&self, now: i64, noted: i64) -> Result<Vec<SellerId>>;
    /// Lets cases that were settled after `noted` be looked at again.
    async fn wake_settled_after(&self, seller: SellerId, now: i64, noted: i64) -> Result<()>;
    /// When the next case of any seller comes due.
    async fn next_wake(&self) -> Result<Option<i64>>;
    /// Keeps a settlement; false if somebody settled since.
    async fn settle(&self, seller: SellerId, settlement: Arc<Settlement>) -> Result<bool>;
    /// Throws away which cases there are and what is settled; findings and their history stay.
    async fn forget_cases(&self, seller: SellerId) -> Result<()>;
    /// Closes open findings of cases that are no more; answers how many.
    async fn close_orphans(&self, seller: SellerId, at: i64) -> Result<u64>;
    async fn close(
        &self,
        seller: SellerId,
        closing: Closing,
        keys: Arc<SellerKeys>,
    ) -> Result<CloseOutcome>;
    async fn findings(&self, seller: SellerId, query: FindingQuery) -> Result<Vec<FindingRow>>;
    async fn finding(&self, seller: SellerId, id: &str) -> Result<Option<FindingRow>>;
    async fn happened(&self, seller: SellerId, id: &str) -> Result<Vec<HappenedRow>>;
    async fn cases(&self, seller: SellerId, query: CaseQuery) -> Result<Vec<CaseRow>>;
    async fn cases_at(&self, seller: SellerId, keys: Vec<String>) -> Result<Vec<CaseRow>>;
    /// Findings whose condition stands, of these cases.
    async fn standing(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<FindingRow>>;
}

/// Which cases are to be looked at again: a condition on `order_case`, after the seller as the first
/// bound value. Where a condition lists documents, the mark of a parameter is left to the database.
pub(crate) mod again {
    /// Those under any account that wait for a sales account.
    pub(crate) const WAITING: &str = "case_key LIKE 'waiting/%'";

    /// Those in which anything depends on days.
    pub(crate) const CLOCKED: &str = "(wake_at IS NOT NULL OR EXISTS (SELECT 1 FROM finding f
         WHERE f.seller = order_case.seller AND f.case_key = order_case.case_key AND f.stands = 1))";

    /// Those with a document of an account (2) that has one of two values (4, 5) of a term (3).
    pub(crate) fn told(mark: char) -> String {
        format!(
            "case_key IN (SELECT c.case_key FROM shelf s
                 JOIN term t ON t.seller = s.seller AND t.shelf = s.shelf
                 JOIN document d ON d.seller = t.seller AND d.shelf = t.shelf AND d.no = t.no
                 JOIN case_document c ON c.seller = d.seller AND c.shelf = d.shelf AND c.key = d.key
                 WHERE s.seller = {mark}1 AND s.account = {mark}2 AND t.term = {mark}3
                 AND t.value IN ({mark}4, {mark}5))"
        )
    }
}

/// A value bound to a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bound {
    Number(i64),
    Text(String),
}

/// The end of a `SELECT` that lists some rows, and what is bound to it.
pub(crate) struct Listing {
    pub(crate) sql: String,
    pub(crate) bound: Vec<Bound>,
}

impl Listing {
    fn of(seller: SellerId) -> Self {
        Self { sql: String::new(), bound: vec![Bound::Number(seller.0)] }
    }

    /// Adds ` AND ` and the condition, `{}` standing for the next bound value.
    fn and(&mut self, mark: char, condition: &str, values: impl IntoIterator<Item = Bound>) {
        self.sql.push_str(" AND ");
        let mut values = values.into_iter();
        for part in condition.split_inclusive("{}") {
            self.sql.push_str(part.trim_end_matches("{}"));
            if part.ends_with("{}") {
                self.bound.extend(values.next());
                let _ = write!(self.sql, "{mark}{}", self.bound.len());
            }
        }
    }

    fn end(mut self, order: &str, limit: usize) -> Self {
        let _ = write!(self.sql, " ORDER BY {order} LIMIT {limit}");
        self
    }
}

/// What follows `WHERE seller = …1` to list findings. `mark` begins a parameter.
pub(crate) fn list_findings(mark: char, seller: SellerId, query: FindingQuery) -> Listing {
    let FindingQuery { rule, order, account, open, after, limit } = query;
    let mut listing = Listing::of(seller);
    if let Some(rule) = rule {
        listing.and(mark, "rule = {}", [Bound::Text(rule.id().to_owned())]);
    }
    if let Some(order) = order {
        listing.and(mark, "order_no = {}", [Bound::Text(order)]);
    }
    if let Some(account) = account {
        listing.and(mark, "account = {}", [Bound::Number(account.0)]);
    }
    if let Some(open) = open {
        listing.and(mark, "is_closed = {}", [Bound::Number(i64::from(!open))]);
    }
    if let Some(FindingPlace { is_closed, urgency, id }) = after {
        listing.and(
            mark,
            "(is_closed, urgency, id) > ({}, {}, {})",
            [Bound::Number(i64::from(is_closed)), Bound::Number(urgency), Bound::Text(id)],
        );
    }
    listing.end("is_closed, urgency, id", limit)
}

/// What follows `WHERE seller = …1` to list cases.
pub(crate) fn list_cases(mark: char, seller: SellerId, query: CaseQuery) -> Listing {
    let CaseQuery { order, account, after, limit } = query;
    let mut listing = Listing::of(seller);
    if let Some(order) = order {
        listing.and(mark, "order_no = {}", [Bound::Text(order)]);
    }
    if let Some(account) = account {
        listing.and(mark, "account = {}", [Bound::Number(account.0)]);
    }
    if let Some(CasePlace { changed_at, key }) = after {
        listing.and(
            mark,
            "(changed_at, case_key) < ({}, {})",
            [Bound::Number(changed_at), Bound::Text(key)],
        );
    }
    listing.end("changed_at DESC, case_key DESC", limit)
}

/// What a settlement writes about findings.
pub(crate) struct Plan {
    pub(crate) findings: Vec<FindingRow>,
    pub(crate) events: Vec<EventRow>,
    /// Open findings by case.
    pub(crate) open: HashMap<String, i64>,
    /// What moves between slots.
    pub(crate) moves: Moves,
}

/// Decides what a settlement does to findings: `known` are those of its cases and of the cases that
/// are gone, `events` the last number of the history.
pub(crate) fn plan(
    settlement: &Settlement,
    known: Vec<FindingRow>,
    mut events: i64,
) -> Result<Plan> {
    let at = settlement.at.as_millisecond();
    let mut known: BTreeMap<String, FindingRow> =
        known.into_iter().map(|row| (row.id.clone(), row)).collect();
    let mut plan = Plan {
        findings: Vec::new(),
        events: Vec::new(),
        open: HashMap::new(),
        moves: Moves::default(),
    };
    for case in &settlement.cases {
        let mut standings = Vec::with_capacity(case.findings.len());
        for finding in &case.findings {
            let before = known.remove(&finding.id);
            let standing = before.as_ref().map(standing_of).transpose()?;
            let (after, event) = Standing::after(standing, true);
            standings.push((finding, before, after.unwrap_or(Standing::OPEN), event));
        }
        let open: Vec<&Finding> =
            standings.iter().filter(|one| one.2.is_open()).map(|one| one.0).collect();
        let mut beside = risk::beside(&open).into_iter();
        for (finding, before, after, event) in standings {
            let beside = if after.is_open() { beside.next() } else { None }.unwrap_or_default();
            if after.is_open() {
                *plan.open.entry(case.key.clone()).or_default() += 1;
            }
            let row = FindingRow {
                id: finding.id.clone(),
                case_key: case.key.clone(),
                rule: finding.rule.id().to_owned(),
                account: case.account.0,
                order_no: case.order.clone(),
                fault: case.fault.clone(),
                beside: written(&beside),
                closed: after.closed.map(|closed| closed.name().to_owned()),
                stands: after.stands,
                urgency: urgency(finding),
                won_at_risk: finding.won_at_risk.map(|won| won.0),
                body: serde_json::to_string(finding).expect("a finding is words and numbers"),
                opened_at: before.as_ref().map_or(at, |before| before.opened_at),
                changed_at: match (event, &before) {
                    (None, Some(before)) => before.changed_at,
                    (Some(_), _) | (None, None) => at,
                },
            };
            plan.note(&mut events, &row, at, event);
            if before.as_ref() != Some(&row) {
                plan.moves.row(before.as_ref(), &row);
                plan.findings.push(row);
            }
        }
    }
    let faults: HashMap<&String, &Option<String>> =
        settlement.cases.iter().map(|case| (&case.key, &case.fault)).collect();
    for before in known.into_values() {
        let mut row = before.clone();
        let (after, event) = Standing::after(Some(standing_of(&row)?), false);
        if let Some((after, event)) = after.zip(event) {
            row.closed = after.closed.map(|closed| closed.name().to_owned());
            row.stands = after.stands;
            row.changed_at = at;
            row.beside.clear();
            plan.note(&mut events, &row, at, Some(event));
        }
        // What was closed long ago stands with its case, whose fault it is said to be now.
        if let Some(fault) = faults.get(&row.case_key) {
            row.fault.clone_from(fault);
        }
        if row != before {
            plan.moves.row(Some(&before), &row);
            plan.findings.push(row);
        }
    }
    Ok(plan)
}

impl Plan {
    fn note(&mut self, events: &mut i64, row: &FindingRow, at: i64, event: Option<Event>) {
        if let Some(event) = event {
            *events += 1;
            self.moves.event(row, at, event);
            let (id, event) = (row.id.clone(), event.name());
            self.events.push(EventRow { no: *events, id, at, event });
        }
    }
}

/// Decides on a person's wish to close a finding; the row as it is then, what happened, and what moves
/// between slots.
pub(crate) fn close(
    row: &FindingRow,
    force: bool,
    at: i64,
) -> Result<std::result::Result<(FindingRow, Event, Moves), CloseOutcome>> {
    let rule = Rule::from_id(&row.rule).ok_or(Error::Unreadable("finding's rule"))?;
    Ok(match standing_of(row)?.close(rule, force) {
        Ok((after, event)) => {
            let closed = after.closed.map(|closed| closed.name().to_owned());
            let beside = String::new();
            let after = FindingRow { closed, changed_at: at, beside, ..row.clone() };
            let mut moves = Moves::default();
            moves.row(Some(row), &after);
            moves.event(&after, at, event);
            Ok((after, event, moves))
        }
        Err(Refused::IsClosed) => Err(CloseOutcome::WasClosed),
        Err(Refused::Stands) => Err(CloseOutcome::Stands),
    })
}

fn standing_of(row: &FindingRow) -> Result<Standing> {
    let closed = row
        .closed
        .as_deref()
        .map(|name| Closed::from_name(name).ok_or(Error::Unreadable("way a finding was closed")));
    Ok(Standing { closed: closed.transpose()?, stands: row.stands })
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
