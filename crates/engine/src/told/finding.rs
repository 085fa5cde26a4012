//! Findings as they are told.

use hoesu_claims::assess::{Proposed, Sentence};
use hoesu_claims::standing::Closed;
use hoesu_claims::{AccountId, Case, Rule, Standing, Won};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Evidence, Names};
use crate::Docket;

/// What is wrong or due in an order.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Finding {
    /// Stays the same as long as it is the same finding, while the numbers in it change.
    #[schema(example = "stop-shipment:sale/1/500000001:row/7")]
    pub id: String,
    /// Which rule speaks.
    pub rule: Rule,
    /// The order's number at its sales channel.
    #[schema(example = "500000001")]
    pub order: String,
    /// The account the order stands under.
    #[schema(example = "market")]
    pub account: String,
    /// Whether somebody has to look at it.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// The last instant at which acting is in time; null if there is none.
    pub deadline: Option<Timestamp>,
    /// What it may cost; null if that is unknown.
    pub won_at_risk: Option<Won>,
    /// Delay interest owed so far, beside what is at risk; null where none runs.
    pub interest: Option<Won>,
    /// In words, with the numbers in it. No personal data.
    pub sentence: Sentence,
    /// Which document versions say so.
    pub evidence: Vec<Evidence>,
    /// What somebody could do about it; null if nothing is proposed. Never done by itself.
    #[schema(value_type = Option<Proposed>)]
    pub proposed: Option<Value>,
}

/// Whether somebody has to look at a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Somebody has to.
    Open,
    /// Its condition is gone, or a person closed it.
    Closed,
}

impl From<Standing> for State {
    fn from(standing: Standing) -> Self {
        if standing.is_open() { Self::Open } else { Self::Closed }
    }
}

impl Finding {
    /// Tells a finding of a case that stands under `account`.
    pub fn tell(
        names: &Names,
        account: AccountId,
        state: State,
        finding: hoesu_claims::Finding,
    ) -> Self {
        let hoesu_claims::Finding {
            id,
            rule,
            order,
            about: _,
            since,
            deadline,
            won_at_risk,
            interest,
            claims: _,
            proposed,
            evidence,
            sentence,
        } = finding;
        Self {
            id,
            rule,
            order,
            account: names.name(account),
            state,
            since,
            deadline,
            won_at_risk,
            interest,
            sentence,
            evidence: evidence.iter().map(|document| Evidence::of(names, document)).collect(),
            proposed: proposed.and_then(|proposed| propose(names, &proposed)),
        }
    }

    /// A shipment that has to be stopped leaves at the next pick-up: nothing is more urgent.
    fn urgency(&self) -> impl Ord {
        let waits = self.rule != Rule::StopShipment;
        (waits, self.deadline.unwrap_or(Timestamp::MAX), self.since, self.id.clone())
    }
}

/// Puts names where a proposal has the numbers of accounts.
fn propose(names: &Names, proposed: &Proposed) -> Option<Value> {
    let mut proposed = serde_json::to_value(proposed).ok()?;
    let named = |value: &Value| value.as_i64().map(|id| Value::from(names.name(AccountId(id))));
    for member in ["warehouse", "warehouses", "candidates"] {
        let Some(value) = proposed.get_mut(member) else { continue };
        *value = match value.as_array() {
            Some(ids) => ids.iter().filter_map(named).collect(),
            None => named(value).unwrap_or_default(),
        };
    }
    Some(proposed)
}

/// A finding as it is kept: with what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct KeptFinding {
    /// What it says, or said last.
    #[serde(flatten)]
    pub finding: Finding,
    /// How it was closed; null while it is open.
    pub closed: Option<Closed>,
    /// When it was found first.
    pub opened_at: Timestamp,
    /// When it was found, closed or reopened last.
    pub changed_at: Timestamp,
}

impl KeptFinding {
    /// Tells what the ledger keeps.
    pub fn tell(names: &Names, kept: hoesu_ledger::cases::KeptFinding) -> Self {
        let hoesu_ledger::cases::KeptFinding {
            finding,
            account,
            standing,
            opened_at,
            changed_at,
            ..
        } = kept;
        Self {
            finding: Finding::tell(names, account, standing.into(), finding),
            closed: standing.closed,
            opened_at,
            changed_at,
        }
    }
}

/// What is wrong or due in cases at an instant, the most urgent first: by deadline, those without one
/// last, then by how long they are known. What is found at an instant is open at it.
pub fn findings(docket: &Docket, cases: &[Case], now: Timestamp) -> Vec<Finding> {
    let names = docket.names();
    let mut told: Vec<Finding> = cases
        .iter()
        .flat_map(|case| {
            let findings = docket.assess(case, now).findings.into_iter();
            findings.map(|finding| Finding::tell(&names, case.key.account(), State::Open, finding))
        })
        .collect();
    told.sort_by(|a, b| a.urgency().cmp(&b.urgency()));
    told
}
