//! What live clients met that the documents don't say: each difference has a name, and an account's
//! profile turns all of them on or off.

use hoesu_ledger::Account;

/// The setting that chooses between the documents and what was met.
pub(super) const PROFILE: &str = "profile";

/// The differences of the profile `measured`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quirks {
    /// A `status` nobody knows is answered 200 with an empty list instead of being refused.
    pub(super) unknown_status_is_empty: bool,
}

impl Quirks {
    /// As the documents say.
    pub(super) const DOCUMENTED: Self = Self { unknown_status_is_empty: false };
    /// As live clients met it.
    pub(super) const MEASURED: Self = Self { unknown_status_is_empty: true };

    /// Those of an account.
    pub(super) fn of(account: &Account) -> Self {
        match account.setting(PROFILE) {
            Some("measured") => Self::MEASURED,
            Some(_) | None => Self::DOCUMENTED,
        }
    }
}
