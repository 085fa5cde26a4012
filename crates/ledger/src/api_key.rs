//! Keys of our own API: what an integration shows to read what one seller's ledger knows.
//!
//! A key's text is `hoesu_<seller>_<key>_<secret>`: it is looked up by its two numbers and then proved
//! by its secret, 256 random bits in base64url.

use std::collections::BTreeSet;
use std::fmt;

use hoesu_claims::SellerId;
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::token::{self, Secret};

/// What every key's text begins with.
const PREFIX: &str = "hoesu_";

/// What a key lets its holder read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// What is wrong or due. No personal data.
    FindingsRead,
    /// What is known about orders. No personal data.
    CasesRead,
    /// What channels said, word for word: names, phones, addresses and reasons of buyers are in it.
    DocumentsRead,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::FindingsRead, Self::CasesRead, Self::DocumentsRead];

    /// `thing:verb`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FindingsRead => "findings:read",
            Self::CasesRead => "cases:read",
            Self::DocumentsRead => "documents:read",
        }
    }

    /// The scope a name stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A key of our own API, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Whose.
    pub seller: SellerId,
    /// Number within the seller, from 1; never given twice.
    pub id: i64,
    /// Unique among the seller's keys that are not revoked, chosen by people.
    pub name: String,
    /// What it lets its holder read.
    pub scopes: BTreeSet<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it lets nobody in.
    pub revoked_at: Option<Timestamp>,
}

/// A key just made, with its text: the one time that it is known.
pub struct IssuedApiKey {
    /// What stays known.
    pub key: ApiKey,
    /// What the integration shows. Kept nowhere.
    pub text: Zeroizing<String>,
}

impl fmt::Debug for IssuedApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedApiKey").field("key", &self.key).finish_non_exhaustive()
    }
}

/// The text of the key with these numbers.
pub(crate) fn text(secret: &Secret, seller: SellerId, key: i64) -> Zeroizing<String> {
    secret.text(PREFIX, seller, key)
}

/// A key's text, read: its numbers and its secret. `None` if it is no key's text, in exactly the form
/// it was given in.
pub(crate) fn parse(text: &str) -> Option<(SellerId, i64, Secret)> {
    token::parse(PREFIX, text).filter(|(seller, key, _)| seller.0 > 0 && *key > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keys_text_leads_back_to_its_numbers_and_its_secret() {
        for _ in 0..64 {
            let secret = Secret::generate();
            let text = text(&secret, SellerId(7), 12);
            let (seller, key, again) = parse(&text).unwrap();
            assert_eq!((seller, key), (SellerId(7), 12));
            assert_eq!(again.hash(), secret.hash());
        }
    }

    #[test]
    fn what_is_not_a_keys_text_is_none() {
        let text = text(&Secret::generate(), SellerId(7), 12);
        let secret = text.rsplit_once("_12_").unwrap().1;
        for text in [
            String::new(),
            "hoesu_".to_owned(),
            "hoesu_7_12_".to_owned(),
            format!("hoesu_7_{secret}"),
            format!("hoesu_07_12_{secret}"),
            format!("hoesu_+7_12_{secret}"),
            format!("hoesu_7_0_{secret}"),
            format!("hoesu_7_12_{secret}A"),
            format!("hoesu_7_12_{secret}="),
            format!("hoesu_7_12_{}", &secret[1..]),
            format!("Hoesu_7_12_{secret}"),
            format!(" {}", *text),
            format!("hoesu_7_99999999999999999999_{secret}"),
            format!("hoesu_7_12_{}", "가".repeat(15)),
        ] {
            assert!(parse(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_scope_is_told_by_its_name() {
        for scope in Scope::ALL {
            assert_eq!(Scope::from_name(scope.name()), Some(scope));
        }
        assert_eq!(Scope::from_name("documents:write"), None);
    }
}
