//! Cases and findings as they are told to programs: the same JSON whether a command or the API is
//! asked. Accounts go by their names, documents by their ids.

mod case;
mod coverage;
mod document;
mod finding;
mod happened;
pub mod words;

use std::collections::BTreeMap;

use hoesu_claims::AccountId;
use hoesu_ledger::Account;

pub use case::{Case, CaseDocument, CaseSummary, Happened, SummaryTracks, Version, case};
pub use coverage::{
    AccountCoverage, FeedCoverage, Gap, Notice, NoticeKind, SpanRead, coverage, notices,
};
pub use document::{DocumentId, Evidence};
pub use finding::{Finding, KeptFinding, State, findings};
pub use happened::{happened, name, pieces};

/// What the accounts of a seller are called.
#[derive(Debug, Clone, Default)]
pub struct Names(BTreeMap<AccountId, String>);

impl Names {
    /// Of these accounts, which are one seller's.
    pub fn of<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Self {
        Self(accounts.into_iter().map(|account| (account.id, account.name.clone())).collect())
    }

    /// Of one account.
    pub fn one(account: AccountId, name: &str) -> Self {
        Self(BTreeMap::from([(account, name.to_owned())]))
    }

    /// The name of an account; empty if it is none of them.
    pub fn name(&self, account: AccountId) -> String {
        self.0.get(&account).cloned().unwrap_or_default()
    }

    /// The account with a name.
    pub fn account(&self, name: &str) -> Option<AccountId> {
        self.0.iter().find(|(_, known)| *known == name).map(|(account, _)| *account)
    }
}
