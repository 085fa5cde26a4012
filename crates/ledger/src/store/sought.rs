//! What is to be asked by its number, as both databases keep it.

use async_trait::async_trait;
use hoesu_claims::{AccountId, SellerId};

use super::coverage::count;
use super::instant;
use crate::Result;
use crate::feed::FeedKey;
use crate::sought::Sought;

/// Why something is asked later, in a stable word, and when.
pub(crate) struct PutOff {
    pub(crate) failure: String,
    pub(crate) now: i64,
    pub(crate) due: i64,
}

/// What is sought, of its row: `lookup, key, due_at, tries`.
pub(crate) fn sought_of((lookup, key, due, tries): (String, String, i64, i64)) -> Sought {
    Sought { lookup, key, due_at: instant(due), tries: count(tries) }
}

/// What is sought; each verb one transaction.
#[async_trait]
pub(crate) trait Seeking {
    /// Remembers what is to be asked by number for the account of a feed, which is looked at when it is
    /// due. What is remembered already is due at the earlier instant.
    async fn seek(
        &self,
        by: &FeedKey,
        what: Vec<(String, String)>,
        now: i64,
        due: i64,
    ) -> Result<()>;
    /// What is to be asked for an account, the first due first. What is put off further than is to be
    /// believed is due at `now`.
    async fn sought(
        &self,
        seller: SellerId,
        account: AccountId,
        now: i64,
        limit: i64,
    ) -> Result<Vec<Sought>>;
    /// Forgets what was answered.
    async fn answered(
        &self,
        seller: SellerId,
        account: AccountId,
        what: Vec<(String, String)>,
    ) -> Result<()>;
    /// Tries again later.
    async fn put_off(
        &self,
        seller: SellerId,
        account: AccountId,
        what: Vec<(String, String)>,
        why: PutOff,
    ) -> Result<()>;
}
