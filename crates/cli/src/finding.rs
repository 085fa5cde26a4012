//! Findings as they are answered: the same to a program whichever command is asked.

use hoesu_claims::assess::Sentence;
use hoesu_claims::fact::DocumentRef;
use hoesu_claims::{AccountId, Case, Finding, Rule, Won};
use hoesu_engine::Docket;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::lang::Lang;
use crate::when;

/// A finding as programs read it. Accounts go by their names.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    id: String,
    rule: Rule,
    order: String,
    account: String,
    state: State,
    since: Timestamp,
    deadline: Option<Timestamp>,
    won_at_risk: Option<Won>,
    sentence: Sentence,
    evidence: Vec<Evidence>,
    proposed: Option<Value>,
}

/// Whether somebody has to look at it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// What is found at an instant is open at it.
    Open,
}

/// Which version of which document, the account by its name.
#[derive(Debug, Serialize)]
pub(crate) struct Evidence {
    pub(crate) account: String,
    pub(crate) kind: String,
    pub(crate) key: String,
    pub(crate) version: i64,
}

impl Evidence {
    pub(crate) fn of(docket: &Docket, document: &DocumentRef) -> Self {
        let DocumentRef { account, kind, key, version } = document.clone();
        Self { account: name(docket, account), kind, key, version }
    }

    /// In a line.
    pub(crate) fn text(&self) -> String {
        let Self { account, kind, key, version } = self;
        format!("{account} {kind} {key} v{version}")
    }
}

/// What an account is called.
pub(crate) fn name(docket: &Docket, account: AccountId) -> String {
    docket.account(account).map(|account| account.name.clone()).unwrap_or_default()
}

/// What is wrong or due in cases at an instant, the most urgent first: by deadline, those without one
/// last, then by how long they are known.
pub(crate) fn all(docket: &Docket, cases: &[Case], now: Timestamp) -> Vec<Told> {
    let mut told: Vec<Told> = cases
        .iter()
        .flat_map(|case| {
            let account = name(docket, case.key.account());
            let findings = docket.assess(case, now).findings.into_iter();
            findings.map(move |finding| tell(docket, account.clone(), finding))
        })
        .collect();
    told.sort_by(|a, b| a.urgency().cmp(&b.urgency()));
    told
}

fn tell(docket: &Docket, account: String, finding: Finding) -> Told {
    let Finding {
        id,
        rule,
        order,
        about: _,
        since,
        deadline,
        won_at_risk,
        proposed,
        evidence,
        sentence,
    } = finding;
    Told {
        id,
        rule,
        order,
        account,
        state: State::Open,
        since,
        deadline,
        won_at_risk,
        sentence,
        evidence: evidence.iter().map(|document| Evidence::of(docket, document)).collect(),
        proposed: proposed.and_then(|proposed| {
            let mut proposed = serde_json::to_value(proposed).ok()?;
            call_by_name(docket, &mut proposed);
            Some(proposed)
        }),
    }
}

/// Puts names where a proposal has the numbers of accounts.
fn call_by_name(docket: &Docket, proposed: &mut Value) {
    let named = |value: &Value| value.as_i64().map(|id| Value::from(name(docket, AccountId(id))));
    for member in ["warehouse", "candidates"] {
        let Some(value) = proposed.get_mut(member) else { continue };
        *value = match value.as_array() {
            Some(ids) => ids.iter().filter_map(named).collect(),
            None => named(value).unwrap_or_default(),
        };
    }
}

impl Told {
    fn urgency(&self) -> impl Ord {
        (self.deadline.unwrap_or(Timestamp::MAX), self.since, self.id.clone())
    }

    /// In a few lines: what it is, what to do, until when, who says so.
    pub(crate) fn text(&self, lang: Lang) -> String {
        let rule = match lang {
            Lang::Ko => format!("[{}] {}", self.rule.korean(), self.rule.id()),
            Lang::En => format!("[{}]", self.rule.id()),
        };
        let deadline =
            self.deadline.map(|at| format!(" · {} {}", lang.pick("기한", "due"), when::kst(at)));
        let since = format!("{} {}", lang.pick("발생", "since"), when::kst(self.since));
        let documents: Vec<String> = self.evidence.iter().map(Evidence::text).collect();
        format!(
            "{rule}\n  {}\n  {since}{}\n  {} {}",
            lang.pick(&self.sentence.ko, &self.sentence.en),
            deadline.unwrap_or_default(),
            lang.pick("근거", "evidence"),
            documents.join(", ")
        )
    }
}
