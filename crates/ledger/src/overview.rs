//! The words of overviews: how much there is of what, and what to pick out of it.
//!
//! A **slot** (자리) is all that a list is narrowed by, together: findings of one rule under one account,
//! of the same fault, open or closed; cases of one account on the same three tracks. How much stands in each is kept with
//! every settlement, so nothing is counted when somebody asks.

use std::collections::BTreeSet;
use std::fmt;

use hoesu_claims::time::Between;
use hoesu_claims::{AccountId, Rule, Won};
use jiff::Timestamp;
use jiff::civil::Date;

/// Where nobody said whose fault it is.
pub(crate) const NOBODY: &str = "-";

/// Where a finding stands in overviews.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingSlot {
    /// Its rule.
    pub rule: Rule,
    /// The account its case stands under.
    pub account: AccountId,
    /// Whose fault the channel says its case is; `None` if nobody said.
    pub fault: Option<String>,
    /// Whether somebody has to look at it.
    pub open: bool,
    /// Open rules of the same case that tell of the same money, and of no less of it: who sums over any of
    /// these as well leaves this one out.
    pub beside: BTreeSet<Rule>,
}

impl FindingSlot {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let (of, beside) = parts.split_at_checked(4)?;
        let [rule, account, fault, state] = of else { return None };
        let beside = match beside {
            [] => BTreeSet::new(),
            [rules] => rules_of(rules),
            _ => return None,
        };
        let open = match *state {
            "open" => true,
            "closed" => false,
            _ => return None,
        };
        Some(Self {
            rule: Rule::from_id(rule)?,
            account: AccountId(account.parse().ok()?),
            fault: (*fault != NOBODY).then(|| (*fault).to_owned()),
            open,
            beside,
        })
    }
}

impl fmt::Display for FindingSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, account, fault, open, beside } = self;
        let fault = fault.as_deref().unwrap_or(NOBODY);
        let state = if *open { "open" } else { "closed" };
        write!(f, "{}/{}/{fault}/{state}", rule.id(), account.0)?;
        if beside.is_empty() { Ok(()) } else { write!(f, "/{}", written(beside)) }
    }
}

/// Rules as they stand in a slot; those this hoesu does not know are left out.
pub(crate) fn rules_of(text: &str) -> BTreeSet<Rule> {
    text.split('+').filter_map(Rule::from_id).collect()
}

/// The same the other way.
pub(crate) fn written(rules: &BTreeSet<Rule>) -> String {
    rules.iter().map(|rule| rule.id()).collect::<Vec<_>>().join("+")
}

/// What findings have at risk together, the money of a claim counted once; beside it the delay interest.
pub fn at_risk<'t>(tallies: impl IntoIterator<Item = &'t FindingTally>) -> (Won, Won) {
    let tallies: Vec<&FindingTally> = tallies.into_iter().collect();
    let rules: BTreeSet<Rule> = tallies.iter().map(|one| one.slot.rule).collect();
    let counts = |one: &&&FindingTally| one.slot.beside.is_disjoint(&rules);
    let won = tallies.iter().filter(counts).fold(0_i64, |sum, one| sum.saturating_add(one.won.0));
    let interest = tallies.iter().fold(0_i64, |sum, one| sum.saturating_add(one.interest.0));
    (Won(won), Won(interest))
}

/// Where a case stands in overviews.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseSlot {
    /// The account it stands under.
    pub account: AccountId,
    /// The claim track.
    pub claim: String,
    /// The goods track.
    pub goods: String,
    /// The money track.
    pub money: String,
    /// Whose fault its channel says it is; `None` if nobody said.
    pub fault: Option<String>,
    /// Whether findings of it are open.
    pub open: bool,
}

impl CaseSlot {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let [account, claim, goods, money, fault, state] = parts.as_slice() else { return None };
        Some(Self {
            account: AccountId(account.parse().ok()?),
            claim: (*claim).to_owned(),
            goods: (*goods).to_owned(),
            money: (*money).to_owned(),
            fault: (*fault != NOBODY).then(|| (*fault).to_owned()),
            open: *state == "open",
        })
    }
}

impl fmt::Display for CaseSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, claim, goods, money, fault, open } = self;
        let fault = fault.as_deref().unwrap_or(NOBODY);
        let state = if *open { "open" } else { "calm" };
        write!(f, "{}/{claim}/{goods}/{money}/{fault}/{state}", account.0)
    }
}

/// How many findings stand in a slot, and what they may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingTally {
    /// Which.
    pub slot: FindingSlot,
    /// How many, at least one.
    pub findings: u64,
    /// The won at risk of all whose cost is known.
    pub won: Won,
    /// The delay interest owed in them so far.
    pub interest: Won,
    /// How many have no known cost.
    pub unpriced: u64,
    /// The first instant at which acting on one of them is no longer in time; `None` if none has one.
    pub first_deadline: Option<Timestamp>,
}

/// How many findings of a rule were opened and closed on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingDay {
    /// The day in Korea.
    pub day: Date,
    /// Which rule.
    pub rule: Rule,
    /// The account their cases stand under.
    pub account: AccountId,
    /// Opened or reopened.
    pub opened: u64,
    /// Closed, by themselves or by people.
    pub closed: u64,
}

/// How many cases stand in a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTally {
    /// Which.
    pub slot: CaseSlot,
    /// How many, at least one.
    pub cases: u64,
}

/// By what findings are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FindingOrder {
    /// Those that run out first come first; those without a deadline last.
    #[default]
    Deadline,
    /// Those found last come first.
    Opened,
    /// Those something happened to last come first.
    Changed,
}

/// By what cases are ordered: always the latest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaseOrder {
    /// When the last thing in it happened.
    #[default]
    Changed,
    /// When the first thing in it happened.
    Since,
}

/// Where a row stands in an order: its instant in milliseconds, then its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The instant; of what has no deadline, the greatest number.
    pub at_ms: i64,
    /// A finding's id or a case's key.
    pub id: String,
}

/// From where a page is picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// The rows right after this one in the order.
    After(Spot),
    /// The rows right before this one.
    Before(Spot),
}

/// What to pick: what stands in any of some slots, within a span of the instant it is ordered by. What
/// is picked comes in the order, wherever it is picked from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick<Slot, Order> {
    /// Any of these.
    pub slots: Vec<Slot>,
    /// By what.
    pub order: Order,
    /// Within this; what has no deadline lies beyond every end.
    pub between: Between,
    /// From where; without it, from where the order begins.
    pub from: Option<Turn>,
    /// How many at most.
    pub limit: usize,
}

/// Which findings.
pub type FindingPick = Pick<FindingSlot, FindingOrder>;

/// Which cases.
pub type CasePick = Pick<CaseSlot, CaseOrder>;

/// What somebody noted about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memo {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// In that person's words. Kept sealed.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_read_as_it_is_written() {
        let finding = FindingSlot {
            rule: Rule::RefundOverdue,
            account: AccountId(3),
            fault: Some("seller".to_owned()),
            open: false,
            beside: BTreeSet::new(),
        };
        assert_eq!(finding.to_string(), "refund-overdue/3/seller/closed");
        assert_eq!(FindingSlot::parse(&finding.to_string()), Some(finding.clone()));
        let beside = BTreeSet::from([Rule::StopShipment, Rule::RefundDue]);
        let finding = FindingSlot { open: true, beside, ..finding };
        assert_eq!(finding.to_string(), "refund-overdue/3/seller/open/stop-shipment+refund-due");
        assert_eq!(FindingSlot::parse(&finding.to_string()), Some(finding));
        let case = CaseSlot {
            account: AccountId(3),
            claim: "asked".to_owned(),
            goods: "coming_back".to_owned(),
            money: "owed".to_owned(),
            fault: None,
            open: true,
        };
        assert_eq!(case.to_string(), "3/asked/coming_back/owed/-/open");
        assert_eq!(CaseSlot::parse(&case.to_string()), Some(case));
        assert_eq!(FindingSlot::parse("no-rule/3/-/open"), None);
        assert_eq!(FindingSlot::parse("refund-overdue/3/-/ajar"), None);
        assert_eq!(CaseSlot::parse(""), None);
    }
}
