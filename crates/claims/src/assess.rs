//! What is wrong or due in a case at an instant: findings (발견), and when to look again.
//!
//! Every comparison with the clock goes through `View::passed`, which notes the instants the answer
//! waits for. So the next of them is the only place where the answer can change without a new fact;
//! and since a rule asks only for what decides whether or what it says, it does change there.

use std::cell::Cell;
use std::fmt;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::appeal::Proof;
use crate::calendar::Calendar;
use crate::case::{Case, Claim, Doc, Row, Rows, Seen, Unit};
use crate::fact::{DocumentRef, Quantity};
use crate::id::AccountId;
use crate::link::CaseKey;
use crate::money::Won;
use crate::rules::{self, Rule};

/// How long a seller lets things be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Days after which refunded goods should be back.
    pub goods_after_refund_days: u32,
    /// Days after which goods asked for should have moved.
    pub collection_days: u32,
    /// Business hours after a refund in which a compensation can be appealed for.
    pub appeal_business_hours: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { goods_after_refund_days: 7, collection_days: 7, appeal_business_hours: 168 }
    }
}

/// What somebody could do about a finding. Proposed, never done by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Proposed {
    /// Tell the warehouse not to send.
    StopShipment {
        /// The warehouse: its account, told by its name.
        #[schema(value_type = String)]
        warehouse: AccountId,
        /// Its row.
        row: String,
        /// Invoices still open.
        invoices: Vec<String>,
        /// Pieces.
        quantity: Quantity,
    },
    /// Find out which rows hold the pieces, and tell the warehouse not to send those.
    StopOneOf {
        /// The warehouses: their accounts, told by their names.
        #[schema(value_type = Vec<String>)]
        warehouses: Vec<AccountId>,
        /// Their rows, some of which it is.
        rows: Vec<String>,
        /// Invoices of these rows still open.
        invoices: Vec<String>,
        /// Pieces.
        quantity: Quantity,
    },
    /// Get parcels back that should not have left.
    RecoverParcel {
        /// Their waybills.
        waybills: Vec<String>,
        /// Pieces.
        quantity: Quantity,
    },
    /// Answer the channel: stopped.
    AnswerStopped {
        /// The claim.
        claim: String,
        /// Pieces of the whole receipt.
        quantity: Option<Quantity>,
    },
    /// Answer the channel: shipped already.
    AnswerShipped {
        /// The claim.
        claim: String,
        /// Courier, in the warehouse's words.
        courier: Option<String>,
        /// Waybill.
        waybill: Option<String>,
    },
    /// Pay back.
    Refund {
        /// The claim.
        claim: String,
        /// How much, if known.
        amount: Option<Won>,
    },
    /// Get back what was refunded once too often.
    RecoverRefund {
        /// The claims.
        claims: Vec<String>,
        /// How much, if known.
        amount: Option<Won>,
    },
    /// Have what is asked for too much taken back, or refuse it, before money goes.
    RefuseExcess {
        /// The claims.
        claims: Vec<String>,
        /// Pieces too much.
        quantity: Quantity,
    },
    /// Appeal to the channel for a compensation: the goods will never come.
    Appeal {
        /// The claim.
        claim: String,
        /// What the appeal needs.
        evidence: Vec<Proof>,
    },
    /// See whether money moved already.
    CheckRefund {
        /// The claim.
        claim: String,
    },
    /// Find the goods, or appeal for compensation.
    ChaseGoods {
        /// The claim.
        claim: String,
    },
    /// Find out whose goods these are.
    FindClaim {
        /// Tickets of the warehouse.
        tickets: Vec<String>,
    },
    /// Count again.
    Recount {
        /// Tickets of the warehouse.
        tickets: Vec<String>,
    },
    /// Tell the channel the goods are in.
    ConfirmReceipt {
        /// The claim.
        claim: String,
    },
    /// Approve the claim.
    Approve {
        /// The claim.
        claim: String,
        /// Pieces of the whole receipt.
        quantity: Option<Quantity>,
    },
    /// Ask for collection again.
    CollectAgain {
        /// The claim or the parcel.
        what: String,
    },
    /// Send the seller's own return to the channel.
    SendVendorReturn {
        /// The order.
        order: String,
        /// Outbound waybill.
        waybill: Option<String>,
        /// The sales item, if there is only one.
        item: Option<String>,
    },
    /// Let the warehouse send after all.
    Resume {
        /// The warehouse: its account, told by its name.
        #[schema(value_type = String)]
        warehouse: AccountId,
        /// Its row.
        row: String,
    },
    /// Find out which rows hold the pieces, and let the warehouse send those after all.
    ResumeOneOf {
        /// The warehouses: their accounts, told by their names.
        #[schema(value_type = Vec<String>)]
        warehouses: Vec<AccountId>,
        /// Their rows, some of which it is.
        rows: Vec<String>,
        /// Pieces.
        quantity: Quantity,
    },
    /// Have whose fault or who pays corrected.
    CorrectFee {
        /// The claim.
        claim: String,
    },
    /// Learn the code or field.
    LearnContract {
        /// Where.
        path: String,
    },
    /// Say which sales account it is.
    ChooseAccount {
        /// Which it may be: accounts, told by their names.
        #[schema(value_type = Vec<String>)]
        candidates: Vec<AccountId>,
    },
}

/// A sentence for people, with the numbers in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sentence {
    /// 한국어.
    pub ko: String,
    /// English.
    pub en: String,
}

/// What is wrong or due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stays the same as long as it is the same finding: rule, case, what it is about.
    pub id: String,
    /// Which rule speaks.
    pub rule: Rule,
    /// The order's number.
    pub order: String,
    /// What it is about within the order.
    pub about: String,
    /// Since when.
    pub since: Timestamp,
    /// The last instant at which acting is in time, if there is one.
    pub deadline: Option<Timestamp>,
    /// What it may cost; `None` if unknown.
    pub won_at_risk: Option<Won>,
    /// Delay interest owed so far, beside what is at risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest: Option<Won>,
    /// The claims whose money is at risk: what other findings say of the same is the same money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
    /// What to do.
    pub proposed: Option<Proposed>,
    /// Which document versions say so.
    pub evidence: Vec<DocumentRef>,
    /// In words.
    pub sentence: Sentence,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// By rule, then by what they are about.
    pub findings: Vec<Finding>,
    /// The first later instant at which the answer is another one without any new fact.
    pub wake_at: Option<Timestamp>,
}

/// What is wrong or due in a case at an instant, and when that changes by itself.
pub fn assess(case: &Case, policy: &Policy, calendar: &Calendar, now: Timestamp) -> Assessment {
    let view = View { case, policy, calendar, now, wake: Cell::new(None) };
    let mut findings = rules::speak(&view);
    findings.sort_by(|a, b| (a.rule, &a.about).cmp(&(b.rule, &b.about)));
    Assessment { findings, wake_at: view.wake.get() }
}

/// A case as a rule sees it.
pub(crate) struct View<'a> {
    pub(crate) case: &'a Case,
    pub(crate) policy: &'a Policy,
    pub(crate) calendar: &'a Calendar,
    now: Timestamp,
    wake: Cell<Option<Timestamp>>,
}

impl View<'_> {
    /// Whether it is that late. If not, the answer may change then.
    pub(crate) fn passed(&self, at: Timestamp) -> bool {
        let passed = self.now >= at;
        if !passed {
            let first = self.wake.get().map_or(at, |wake| wake.min(at));
            self.wake.set(Some(first));
        }
        passed
    }

    /// The day it is in Korea, for answers that change with it.
    pub(crate) fn today(&self) -> Date {
        let today = crate::time::kst_day(self.now);
        if let Some(midnight) = today.tomorrow().ok().and_then(crate::time::kst_midnight) {
            self.passed(midnight);
        }
        today
    }

    /// The next time on a working day, from now on.
    pub(crate) fn next_at(&self, time: Time) -> Option<Timestamp> {
        let today = crate::time::kst_day(self.now);
        let first = if self.calendar.is_business_day(today) {
            today
        } else {
            self.calendar.next_business_day(today)
        };
        let days = [first, self.calendar.next_business_day(first)];
        let times = days.into_iter().filter_map(|day| crate::time::kst(day.to_datetime(time)));
        times.into_iter().find(|at| !self.passed(*at))
    }

    /// How many days ago that was, in Korea. Changes at midnight.
    pub(crate) fn days_since(&self, at: Timestamp) -> i32 {
        let days = crate::time::kst_day(at).duration_until(self.today()).as_hours() / 24;
        i32::try_from(days).unwrap_or(i32::MAX)
    }

    /// So many days of 24 hours later; `at` beyond the years an instant can hold.
    pub(crate) fn days_after(at: Timestamp, days: u32) -> Timestamp {
        at.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(at)
    }

    /// The order's number.
    pub(crate) fn order(&self) -> &str {
        self.case.key.number()
    }

    /// Whether sales and warehouse are compared by whole order for want of an item map.
    pub(crate) fn is_by_order(&self) -> bool {
        self.case.balances.iter().any(|balance| balance.unit == Unit::Order)
    }

    /// What so many pieces of the order are worth; `None` if not certain.
    pub(crate) fn worth(&self, pieces: Quantity) -> Option<Won> {
        self.case.worth(pieces)
    }

    /// What a claim asks back; `None` if not certain.
    pub(crate) fn amount(&self, claim: &Claim) -> Option<Won> {
        self.case.amount(claim)
    }

    /// A finding of this case.
    pub(crate) fn finding(
        &self,
        rule: Rule,
        about: impl Into<String>,
        since: Timestamp,
    ) -> Finding {
        let about = about.into();
        Finding {
            id: format!("{}:{}:{about}", rule.id(), self.case.key.text()),
            rule,
            order: self.order().to_owned(),
            about,
            since,
            deadline: None,
            won_at_risk: None,
            interest: None,
            claims: Vec::new(),
            proposed: None,
            evidence: Vec::new(),
            sentence: Sentence { ko: String::new(), en: String::new() },
        }
    }

    /// Whether nobody can tell whose order it is, so that the sales side is not known.
    pub(crate) fn is_ambiguous(&self) -> bool {
        !self.case.candidates.is_empty()
    }

    /// Whether the case stands under a sales account.
    pub(crate) const fn is_sale(&self) -> bool {
        matches!(self.case.key, CaseKey::Sale { .. })
    }
}

impl Finding {
    /// With the documents that say so.
    pub(crate) fn seen_in(mut self, view: &View<'_>, docs: impl IntoIterator<Item = Doc>) -> Self {
        self.evidence = view.case.evidence(docs);
        self
    }

    /// With what it may cost.
    pub(crate) const fn at_risk(mut self, won: Option<Won>) -> Self {
        self.won_at_risk = won;
        self
    }

    /// With the delay interest owed so far.
    pub(crate) const fn owing(mut self, interest: Option<Won>) -> Self {
        self.interest = interest;
        self
    }

    /// With the claims whose money that is.
    pub(crate) fn of_claims<'c>(mut self, claims: impl IntoIterator<Item = &'c Claim>) -> Self {
        self.claims = claims.into_iter().map(|claim| claim.number.clone()).collect();
        self
    }

    /// With the last instant at which acting is in time.
    pub(crate) const fn until(mut self, deadline: Option<Timestamp>) -> Self {
        self.deadline = deadline;
        self
    }

    /// With what to do.
    pub(crate) fn propose(mut self, proposed: Proposed) -> Self {
        self.proposed = Some(proposed);
        self
    }

    /// In words.
    pub(crate) fn says(mut self, ko: impl Into<String>, en: impl Into<String>) -> Self {
        self.sentence = Sentence { ko: ko.into(), en: en.into() };
        self
    }
}

/// Where the item map leaves open which of several rows it is, as a sentence of its own.
pub(crate) fn unsettled_ko(rows: &Rows<'_>) -> String {
    if rows.are_certain {
        return String::new();
    }
    let rows = numbers(&rows.all);
    format!(" 품목 연결표로 정할 수 없어 출고 줄 {rows} 중 어느 것인지는 확인해야 해요.")
}

/// The same in English.
pub(crate) fn unsettled_en(rows: &Rows<'_>) -> String {
    if rows.are_certain {
        return String::new();
    }
    let rows = numbers(&rows.all);
    format!(" The item map does not settle which of the rows {rows} it is.")
}

/// The numbers of rows.
pub(crate) fn numbers(rows: &[&Row]) -> String {
    rows.iter().map(|row| row.number.as_str()).collect::<Vec<_>>().join(", ")
}

/// The latest of instants; the earliest there is for none.
pub(crate) fn latest(seen: impl IntoIterator<Item = Seen>) -> Timestamp {
    seen.into_iter().map(|seen| seen.when.at).max().unwrap_or(Timestamp::MIN)
}

/// What is at stake, as a sentence of its own; nothing where it is unknown.
pub(crate) fn risk_ko(won: Option<Won>) -> String {
    won.map(|won| format!(" 걸린 금액은 {}이에요.", won.korean())).unwrap_or_default()
}

/// The same in English.
pub(crate) fn risk_en(won: Option<Won>) -> String {
    won.map(|won| format!(" {won} at risk.")).unwrap_or_default()
}

/// The last second of a day in Korea.
pub(crate) fn end_of(day: Date) -> Option<Timestamp> {
    let midnight = crate::time::kst_midnight(day.tomorrow().ok()?)?;
    midnight.checked_sub(SignedDuration::from_secs(1)).ok()
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.rule.id(), self.about)
    }
}

#[cfg(test)]
mod tests;
