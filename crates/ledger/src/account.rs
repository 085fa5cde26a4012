//! Sellers and their accounts, and what a credential lets in.

use std::collections::BTreeMap;

use hoesu_claims::{AccountId, SellerId};
use jiff::Timestamp;

use crate::Shelf;

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    /// The number that leads every key.
    pub id: SellerId,
    /// Unique, chosen by people.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One seller's contract on one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub seller: SellerId,
    /// Number within the seller.
    pub id: AccountId,
    /// The channel's id, one of the registry's.
    pub channel: String,
    /// Unique within the seller, chosen by people.
    pub name: String,
    /// A disabled account's credentials let nobody in.
    pub enabled: bool,
    /// What is not secret: `vendor_id`, `profile`, `base_url`.
    pub settings: BTreeMap<String, String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Account {
    /// The account's documents of one kind.
    pub fn shelf(&self, kind: &'static str) -> Shelf {
        Shelf { seller: self.seller, account: self.id, kind }
    }

    /// A setting's value.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name).map(String::as_str)
    }
}

/// An account to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// Whose.
    pub seller: SellerId,
    /// The channel's id.
    pub channel: String,
    /// Unique within the seller.
    pub name: String,
    /// What is not secret.
    pub settings: BTreeMap<String, String>,
    /// Kept sealed; needed where a signature must be checked.
    pub secrets: BTreeMap<String, String>,
    /// What a caller shows to be let in (an access key, an API key): kept as a keyed hash only.
    pub credential: String,
}

/// An account and its secrets, opened: what a credential let in, or who is about to call.
pub struct Admitted {
    /// The account.
    pub account: Account,
    /// Signatures are made and checked with them; never logged.
    pub secrets: BTreeMap<String, String>,
}

impl std::fmt::Debug for Admitted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admitted").field("account", &self.account.name).finish_non_exhaustive()
    }
}
