//! What a settlement does to findings, and what a person who closes one does: decided without a
//! database.

use std::collections::{BTreeMap, HashMap};

use hoesu_claims::standing::{Closed, Event, Refused};
use hoesu_claims::{Finding, Rule, Standing, risk};

use super::{EventRow, FindingRow};
use crate::cases::{CloseOutcome, Settlement, urgency};
use crate::overview::written;
use crate::store::overview::Moves;
use crate::{Error, Result};

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

pub(super) fn standing_of(row: &FindingRow) -> Result<Standing> {
    let closed = row
        .closed
        .as_deref()
        .map(|name| Closed::from_name(name).ok_or(Error::Unreadable("way a finding was closed")));
    Ok(Standing { closed: closed.transpose()?, stands: row.stands })
}
