//! How a finding opens and closes: by itself when its condition is gone, by hand, or forced; and how
//! it is reopened. Nothing is deleted; every step is a line of its history.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rules::Rule;

/// How a finding was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// Its condition is gone.
    Itself,
    /// A person looked at it, where a person's look is what it asks for.
    Hand,
    /// A person wants it gone though its condition stands.
    Forced,
}

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Standing {
    /// How it was closed; open if it is not.
    pub closed: Option<Closed>,
    /// Whether its condition stands.
    pub stands: bool,
}

/// A line of a finding's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It was found.
    Opened,
    /// It was closed because its condition is gone.
    ClosedItself,
    /// A person closed it.
    ClosedHand,
    /// A person closed it though its condition stands.
    ClosedForced,
    /// A person had closed it; now its condition is gone as well.
    Cleared,
    /// Its condition is there again.
    Reopened,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 6] = [
        Self::Opened,
        Self::ClosedItself,
        Self::ClosedHand,
        Self::ClosedForced,
        Self::Cleared,
        Self::Reopened,
    ];

    /// The name it is stored under; never changes once released.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::ClosedItself => "closed_itself",
            Self::ClosedHand => "closed_hand",
            Self::ClosedForced => "closed_forced",
            Self::Cleared => "cleared",
            Self::Reopened => "reopened",
        }
    }

    /// The event a stored name stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }
}

impl Closed {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Itself, Self::Hand, Self::Forced];

    /// The name it is stored under; never changes once released.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Itself => "itself",
            Self::Hand => "hand",
            Self::Forced => "forced",
        }
    }

    /// The way a stored name stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|closed| closed.name() == name)
    }
}

/// Why a person cannot close a finding just so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is closed.
    IsClosed,
    /// Its condition stands, and no look of a person changes that: it has to be forced.
    Stands,
}

impl Standing {
    /// Open, as first found.
    pub const OPEN: Self = Self { closed: None, stands: true };

    /// Whether somebody has to look at it.
    pub const fn is_open(self) -> bool {
        self.closed.is_none()
    }

    /// Where a finding stands after its case was assessed, and what happened to it. What a person
    /// closed stays closed for as long as its condition lasts; if that goes and comes back, it is
    /// reopened.
    pub const fn after(known: Option<Self>, speaks: bool) -> (Option<Self>, Option<Event>) {
        let Some(known) = known else {
            return if speaks { (Some(Self::OPEN), Some(Event::Opened)) } else { (None, None) };
        };
        match (known.closed, known.stands, speaks) {
            (None, _, true) => (Some(Self::OPEN), None),
            (None, _, false) => {
                let closed = Self { closed: Some(Closed::Itself), stands: false };
                (Some(closed), Some(Event::ClosedItself))
            }
            (Some(_), false, true) => (Some(Self::OPEN), Some(Event::Reopened)),
            (Some(closed), true, false) => {
                let cleared = Self { closed: Some(closed), stands: false };
                (Some(cleared), Some(Event::Cleared))
            }
            (Some(_), true, true) | (Some(_), false, false) => (Some(known), None),
        }
    }

    /// A person closes it.
    pub const fn close(self, rule: Rule, force: bool) -> Result<(Self, Event), Refused> {
        if self.closed.is_some() {
            return Err(Refused::IsClosed);
        }
        let (closed, event) = match (rule.asks_for_a_look(), force) {
            (true, _) => (Closed::Hand, Event::ClosedHand),
            (false, true) => (Closed::Forced, Event::ClosedForced),
            (false, false) => return Err(Refused::Stands),
        };
        Ok((Self { closed: Some(closed), stands: self.stands }, event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happens to a finding through assessments (true: it speaks).
    fn told(speaks: &[bool]) -> Vec<Option<Event>> {
        let mut known = None;
        speaks
            .iter()
            .map(|speaks| {
                let (next, event) = Standing::after(known, *speaks);
                known = next;
                event
            })
            .collect()
    }

    #[test]
    fn a_finding_opens_once_closes_by_itself_and_is_reopened() {
        assert_eq!(
            told(&[false, true, true, false, false, true]),
            [
                None,
                Some(Event::Opened),
                None,
                Some(Event::ClosedItself),
                None,
                Some(Event::Reopened)
            ]
        );
    }

    #[test]
    fn what_a_person_closed_stays_closed_until_its_condition_went_and_came_back() {
        let (closed, event) = Standing::OPEN.close(Rule::QuantityMismatch, false).unwrap();
        assert_eq!((closed.closed, event), (Some(Closed::Hand), Event::ClosedHand));
        assert_eq!(Standing::after(Some(closed), true), (Some(closed), None));
        let (cleared, event) = Standing::after(Some(closed), false);
        assert_eq!(event, Some(Event::Cleared));
        assert_eq!(Standing::after(cleared, false), (cleared, None));
        let (reopened, event) = Standing::after(cleared, true);
        assert_eq!((reopened, event), (Some(Standing::OPEN), Some(Event::Reopened)));
    }

    #[test]
    fn what_no_look_can_settle_has_to_be_forced() {
        assert_eq!(Standing::OPEN.close(Rule::RefundOverdue, false), Err(Refused::Stands));
        let (forced, event) = Standing::OPEN.close(Rule::RefundOverdue, true).unwrap();
        assert_eq!((forced.closed, event), (Some(Closed::Forced), Event::ClosedForced));
        assert!(forced.stands);
        assert_eq!(forced.close(Rule::RefundOverdue, true), Err(Refused::IsClosed));
    }

    #[test]
    fn stored_names_lead_back() {
        assert!(Event::ALL.iter().all(|event| Event::from_name(event.name()) == Some(*event)));
        assert!(Closed::ALL.iter().all(|closed| Closed::from_name(closed.name()) == Some(*closed)));
        assert_eq!((Event::from_name("gone"), Closed::from_name("gone")), (None, None));
    }
}
