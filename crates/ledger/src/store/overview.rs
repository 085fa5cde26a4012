//! What both databases do for overviews, and what a settlement moves between slots.

use std::collections::BTreeMap;

use async_trait::async_trait;
use hoesu_claims::standing::Event;
use hoesu_claims::time::{Between, KST, kst_day};
use hoesu_claims::{AccountId, Policy, Rule, SellerId, Won};
use jiff::Timestamp;
use jiff::civil::Date;

use super::cases::{CaseRow, FindingRow};
use super::instant;
use crate::cases::SettledCase;
use crate::overview::{
    CaseOrder, CaseSlot, CaseTally, FindingDay, FindingOrder, FindingSlot, FindingTally, Memo,
    NOBODY, Turn,
};
use crate::{Error, Result};

/// The column a memo is sealed for.
pub(crate) const MEMO: &str = "memo.body";

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// A tally of findings as it is stored, with the earliest urgency in it.
pub(crate) struct FindingTallyRow {
    pub(crate) slot: String,
    pub(crate) findings: i64,
    pub(crate) won: i64,
    pub(crate) interest: i64,
    pub(crate) unpriced: i64,
    pub(crate) first: Option<i64>,
}

/// A day's row.
pub(crate) struct FindingDayRow {
    pub(crate) day: i64,
    pub(crate) rule: String,
    pub(crate) account: i64,
    pub(crate) opened: i64,
    pub(crate) closed: i64,
}

/// A memo's row, sealed.
pub(crate) struct MemoRow {
    pub(crate) no: i64,
    pub(crate) at: i64,
    pub(crate) who: String,
    pub(crate) body: Vec<u8>,
}

/// A pick in the database's words.
#[derive(Debug, Clone)]
pub(crate) struct Picking {
    pub(crate) slots: Vec<String>,
    /// The column ordered by.
    pub(crate) column: &'static str,
    /// Whether the earliest come first.
    pub(crate) ascending: bool,
    /// Whether that is the order asked for the other way round.
    pub(crate) turned: bool,
    /// Not before this one, in the order: the place of the page before, or where the span begins.
    pub(crate) after: (i64, String),
    /// The end of the span on the other side, inclusive.
    pub(crate) last: i64,
    pub(crate) limit: usize,
}

impl Picking {
    /// Of findings.
    pub(crate) fn findings(
        slots: &[FindingSlot],
        order: FindingOrder,
        between: Between,
        from: Option<Turn>,
        limit: usize,
    ) -> Self {
        let (column, ascending) = match order {
            FindingOrder::Deadline => ("urgency", true),
            FindingOrder::Opened => ("opened_at", false),
            FindingOrder::Changed => ("changed_at", false),
        };
        let slots = slots.iter().map(ToString::to_string).collect();
        Self::of(slots, (column, ascending), between, from, limit)
    }

    /// Of cases.
    pub(crate) fn cases(
        slots: &[CaseSlot],
        order: CaseOrder,
        between: Between,
        from: Option<Turn>,
        limit: usize,
    ) -> Self {
        let column = match order {
            CaseOrder::Changed => "changed_at",
            CaseOrder::Since => "since",
        };
        let slots = slots.iter().map(ToString::to_string).collect();
        Self::of(slots, (column, false), between, from, limit)
    }

    fn of(
        slots: Vec<String>,
        (column, rises): (&'static str, bool),
        between: Between,
        from: Option<Turn>,
        limit: usize,
    ) -> Self {
        // What stands before a row is what comes after it the other way round.
        let (ascending, after) = match from {
            Some(Turn::After(spot)) => (rises, Some(spot)),
            Some(Turn::Before(spot)) => (!rises, Some(spot)),
            None => (rises, None),
        };
        let first = between.from.map_or(i64::MIN, Timestamp::as_millisecond);
        let until = between.until.map_or(i64::MAX, |at| at.as_millisecond() - 1);
        // No id is empty, so an empty one stands before all of its instant; one instant further, after
        // all of it. After the last instant of all there is none.
        let (begin, last) = if ascending {
            (Some((first, String::new())), until)
        } else {
            (until.checked_add(1).map(|at| (at, String::new())), first)
        };
        let after = match (after.map(|spot| (spot.at_ms, spot.id)), begin) {
            (Some(after), Some(begin)) if ascending => after.max(begin),
            (Some(after), Some(begin)) => after.min(begin),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => (i64::MAX, String::new()),
        };
        let turned = ascending != rises;
        Self { slots, column, ascending, turned, after, last, limit }
    }

    /// What was picked, in the order that was asked for.
    pub(crate) fn in_order<Row>(turned: bool, mut rows: Vec<Row>) -> Vec<Row> {
        if turned {
            rows.reverse();
        }
        rows
    }

    /// The condition on one slot's rows and their order, `{n}` standing for bound values: 1 the seller,
    /// 2 the slot, 3 and 4 the place, 5 the end.
    pub(crate) fn sql(&self, mark: char, id: &str) -> String {
        let column = self.column;
        let (beyond, within, order) =
            if self.ascending { (">", "<=", "") } else { ("<", ">=", " DESC") };
        format!(
            "({column}, {id}) {beyond} ({mark}3, {mark}4) AND {column} {within} {mark}5
             ORDER BY {column}{order}, {id}{order}"
        )
    }
}

/// The database, about overviews.
#[async_trait]
pub(crate) trait Overview: Send + Sync {
    async fn finding_tallies(&self, seller: SellerId) -> Result<Vec<FindingTallyRow>>;
    async fn finding_days(&self, seller: SellerId, from: i64) -> Result<Vec<FindingDayRow>>;
    async fn case_tallies(&self, seller: SellerId) -> Result<Vec<(String, i64)>>;
    async fn pick_findings(&self, seller: SellerId, pick: Picking) -> Result<Vec<FindingRow>>;
    async fn pick_cases(&self, seller: SellerId, pick: Picking) -> Result<Vec<CaseRow>>;
    /// How many there are, counted to the pick's limit.
    async fn count_findings(&self, seller: SellerId, pick: Picking) -> Result<i64>;
    async fn count_cases(&self, seller: SellerId, pick: Picking) -> Result<i64>;
    /// Every finding of these cases.
    async fn findings_of(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<FindingRow>>;
    /// The last number of the memos.
    async fn last_memo(&self, seller: SellerId) -> Result<i64>;
    /// Keeps a memo; false if its number is taken.
    async fn add_memo(&self, seller: SellerId, order: String, row: MemoRow) -> Result<bool>;
    async fn memos(&self, seller: SellerId, order: &str) -> Result<Vec<MemoRow>>;
    async fn policy(&self, seller: SellerId) -> Result<Option<Policy>>;
    async fn set_policy(&self, seller: SellerId, policy: Policy) -> Result<()>;
}

/// What moves between the slots of findings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Moves {
    /// Findings, won, unpriced and interest by slot.
    pub(crate) slots: BTreeMap<String, [i64; 4]>,
    /// Opened and closed by day, rule and account.
    pub(crate) days: BTreeMap<(i64, String, i64), [i64; 2]>,
}

impl Moves {
    /// A finding's row is another one now.
    pub(crate) fn row(&mut self, before: Option<&FindingRow>, after: &FindingRow) {
        for (row, sign) in before.into_iter().map(|row| (row, -1)).chain([(after, 1)]) {
            let sums = self.slots.entry(slot(row)).or_default();
            sums[0] += sign;
            sums[1] = sums[1].saturating_add(sign * row.won_at_risk.unwrap_or(0));
            sums[2] += sign * i64::from(row.won_at_risk.is_none());
            sums[3] = sums[3].saturating_add(sign * interest(row));
        }
        self.slots.retain(|_, sums| *sums != [0; 4]);
    }

    /// Something happened to a finding.
    pub(crate) fn event(&mut self, row: &FindingRow, at: i64, event: Event) {
        let [opened, closed] = match event {
            Event::Opened | Event::Reopened => [1, 0],
            Event::ClosedItself | Event::ClosedHand | Event::ClosedForced => [0, 1],
            Event::Cleared => return,
        };
        let day = (day_of(at), row.rule.clone(), row.account);
        let sums = self.days.entry(day).or_default();
        sums[0] += opened;
        sums[1] += closed;
    }
}

/// The day in Korea an instant is on, counted from 1970.
pub(crate) fn day_of(ms: i64) -> i64 {
    (ms + i64::from(KST.seconds()) * 1_000).div_euclid(DAY_MS)
}

fn date_of(day: i64) -> Date {
    kst_day(instant(day * DAY_MS - i64::from(KST.seconds()) * 1_000))
}

/// The number of a day.
pub(crate) fn number_of(day: Date) -> i64 {
    day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// Where a finding stands.
pub(crate) fn slot(row: &FindingRow) -> String {
    let state = if row.closed.is_some() { "closed" } else { "open" };
    let fault = row.fault.as_deref().unwrap_or(NOBODY);
    let slot = format!("{}/{}/{fault}/{state}", row.rule, row.account);
    if row.beside.is_empty() { slot } else { format!("{slot}/{}", row.beside) }
}

/// What follows the four parts every slot has.
pub(crate) fn beside_of(slot: &str) -> String {
    slot.split('/').nth(4).unwrap_or_default().to_owned()
}

/// The delay interest a finding tells.
fn interest(row: &FindingRow) -> i64 {
    #[derive(serde::Deserialize)]
    struct Owed {
        #[serde(default)]
        interest: i64,
    }
    // Within a text the quotes would be escaped.
    if !row.body.contains("\"interest\":") {
        return 0;
    }
    serde_json::from_str(&row.body).map_or(0, |Owed { interest }| interest)
}

/// Where a case stands that has so many open findings.
pub(crate) fn case_slot(case: &SettledCase, open: i64) -> String {
    let slot = CaseSlot {
        account: case.account,
        claim: case.claim.clone(),
        goods: case.goods.clone(),
        money: case.money.clone(),
        fault: case.fault.clone(),
        open: open > 0,
    };
    slot.to_string()
}

/// The slot of a case whose last finding was closed.
pub(crate) fn calmed(slot: &str) -> Option<String> {
    slot.strip_suffix("/open").map(|rest| format!("{rest}/calm"))
}

impl FindingTallyRow {
    /// Nothing for rules this hoesu does not know: a newer one wrote them.
    pub(crate) fn open(self) -> Option<FindingTally> {
        Some(FindingTally {
            slot: FindingSlot::parse(&self.slot)?,
            findings: u64::try_from(self.findings).ok().filter(|findings| *findings > 0)?,
            won: Won(self.won),
            interest: Won(self.interest),
            unpriced: u64::try_from(self.unpriced).unwrap_or(0),
            first_deadline: self.first.filter(|first| *first < i64::MAX).map(instant),
        })
    }
}

impl FindingDayRow {
    /// The same.
    pub(crate) fn open(self) -> Option<FindingDay> {
        Some(FindingDay {
            day: date_of(self.day),
            rule: Rule::from_id(&self.rule)?,
            account: AccountId(self.account),
            opened: u64::try_from(self.opened).unwrap_or(0),
            closed: u64::try_from(self.closed).unwrap_or(0),
        })
    }
}

pub(crate) fn open_case_tally((slot, cases): (String, i64)) -> Option<CaseTally> {
    let cases = u64::try_from(cases).ok().filter(|cases| *cases > 0)?;
    Some(CaseTally { slot: CaseSlot::parse(&slot)?, cases })
}

impl MemoRow {
    pub(crate) fn open(self, keys: &crate::keys::SellerKeys) -> Result<Memo> {
        let plain = keys.open(MEMO, self.no, &self.body)?;
        let text = String::from_utf8(plain).map_err(|_| Error::Unreadable("memo"))?;
        Ok(Memo { at: instant(self.at), who: self.who, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_korea_begins_at_fifteen_hours_utc() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        let (before, after) = (at("2026-02-11T14:59:59.999Z"), at("2026-02-11T15:00:00Z"));
        assert_eq!(day_of(before) + 1, day_of(after));
        assert_eq!(date_of(day_of(after)), Date::constant(2026, 2, 12));
        assert_eq!(number_of(Date::constant(2026, 2, 12)), day_of(after));
    }
}
