//! Overviews: how much stands in which slot, and what a settlement moves between slots.

mod memos;
mod pick;
mod tallies;

use std::collections::BTreeMap;

use hoesu_claims::standing::Event;
use hoesu_claims::time::{KST, kst_day};
use jiff::civil::Date;

use super::cases::FindingRow;
use super::instant;
use crate::cases::SettledCase;
use crate::overview::{CaseSlot, NOBODY};

pub(crate) use memos::{MEMO, MemoRow, add_memo, last_memo, memos, policy, set_policy};
pub(crate) use pick::{Picking, count_cases, count_findings, pick_cases, pick_findings};
pub(crate) use tallies::{case_tallies, finding_days, finding_tallies};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

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
