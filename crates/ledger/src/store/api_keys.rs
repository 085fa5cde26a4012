//! Keys of our own API, as both databases keep them.

use std::collections::BTreeSet;

use async_trait::async_trait;
use hoesu_claims::SellerId;

use super::instant;
use crate::{ApiKey, Result, Scope};

/// A key's row.
#[derive(Clone)]
pub(crate) struct ApiKeyRow {
    pub(crate) key: ApiKey,
    /// SHA-256 of the secret.
    pub(crate) hash: Vec<u8>,
}

impl ApiKeyRow {
    /// From a row's values, in the table's order.
    pub(crate) fn from_values(
        (seller, id, name): (i64, i64, String),
        hash: Vec<u8>,
        scopes: &str,
        (created_at, revoked_at): (i64, Option<i64>),
    ) -> Self {
        let key = ApiKey {
            seller: SellerId(seller),
            id,
            name,
            // One this version does not know lets nobody do anything here.
            scopes: scopes.split(' ').filter_map(Scope::from_name).collect(),
            created_at: instant(created_at),
            revoked_at: revoked_at.map(instant),
        };
        Self { key, hash }
    }
}

/// Scopes as they are stored.
pub(crate) fn pack_scopes(scopes: &BTreeSet<Scope>) -> String {
    scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ")
}

/// What both databases do with keys of our own API.
#[async_trait]
pub(crate) trait ApiKeys: Send + Sync {
    /// Keeps a key under the seller's next number and answers that; the number in `row` is not looked
    /// at. `None` if a key that is not revoked has the name.
    async fn add_api_key(&self, row: ApiKeyRow) -> Result<Option<i64>>;
    /// A seller's keys, by number.
    async fn api_keys(&self, seller: SellerId) -> Result<Vec<ApiKeyRow>>;
    /// One key.
    async fn api_key(&self, seller: SellerId, key: i64) -> Result<Option<ApiKeyRow>>;
    /// Ends a key, once: whether it was still good.
    async fn revoke_api_key(&self, seller: SellerId, key: i64, now: i64) -> Result<bool>;
}
