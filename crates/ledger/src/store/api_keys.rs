//! Keys of our own API.

use std::collections::BTreeSet;

use hoesu_claims::SellerId;

use super::instant;
use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::{ApiKey, Result, Scope};

/// Keeps a key under the seller's next number and answers that; the number in `row` is not looked at.
/// `None` if a key that is not revoked has the name.
pub(crate) async fn add_api_key(tx: &mut Tx<'_>, row: ApiKeyRow) -> Result<Option<i64>> {
    tx.take_directory_turn().await?;
    let ApiKeyRow { key, hash } = &row;
    let sql = "SELECT key FROM api_key WHERE seller = ?1 AND name = ?2 AND revoked_at IS NULL";
    let same_name: Option<i64> = tx.row(sql, &values![key.seller, &key.name]).await?;
    if same_name.is_some() {
        return Ok(None);
    }
    let sql = "INSERT INTO api_key (seller, key, name, hash, scopes, created_at, revoked_at)
         SELECT ?1, coalesce(max(key), 0) + 1, ?2, ?3, ?4, ?5, NULL FROM api_key WHERE seller = ?1
         RETURNING key";
    let (scopes, at) = (pack_scopes(&key.scopes), key.created_at.as_millisecond());
    tx.row(sql, &values![key.seller, &key.name, hash, scopes, at]).await
}

/// A seller's keys, by number.
pub(crate) async fn api_keys(tx: &mut Tx<'_>, seller: SellerId) -> Result<Vec<ApiKeyRow>> {
    let sql = "SELECT seller, key, name, hash, scopes, created_at, revoked_at FROM api_key
         WHERE seller = ?1 ORDER BY key";
    tx.rows(sql, &values![seller]).await
}

/// One key.
pub(crate) async fn api_key(
    tx: &mut Tx<'_>,
    seller: SellerId,
    key: i64,
) -> Result<Option<ApiKeyRow>> {
    let sql = "SELECT seller, key, name, hash, scopes, created_at, revoked_at FROM api_key
         WHERE seller = ?1 AND key = ?2";
    tx.row(sql, &values![seller, key]).await
}

/// Ends a key, once: whether it was still good.
pub(crate) async fn revoke_api_key(
    tx: &mut Tx<'_>,
    seller: SellerId,
    key: i64,
    now: i64,
) -> Result<bool> {
    let sql = "UPDATE api_key SET revoked_at = ?3
         WHERE seller = ?1 AND key = ?2 AND revoked_at IS NULL";
    Ok(tx.run(sql, &values![seller, key, now]).await? == 1)
}

/// A key's row.
pub(crate) struct ApiKeyRow {
    pub(crate) key: ApiKey,
    /// SHA-256 of the secret.
    pub(crate) hash: Vec<u8>,
}

impl FromRow for ApiKeyRow {
    const COLUMNS: usize = 7;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (seller, id, name, hash, scopes, created_at, revoked_at) = FromRow::read(row, at)?;
        let scopes: String = scopes;
        let revoked_at: Option<i64> = revoked_at;
        let key = ApiKey {
            seller,
            id,
            name,
            // One this version does not know lets nobody do anything here.
            scopes: scopes.split(' ').filter_map(Scope::from_name).collect(),
            created_at: instant(created_at),
            revoked_at: revoked_at.map(instant),
        };
        Ok(Self { key, hash })
    }
}

/// Scopes as they are stored.
fn pack_scopes(scopes: &BTreeSet<Scope>) -> String {
    scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ")
}
