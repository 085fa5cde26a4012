//! Keys of our own API.

use async_trait::async_trait;
use hoesu_claims::SellerId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Sqlite;
use crate::Result;
use crate::store::{ApiKeyRow, ApiKeys, pack_scopes};

#[async_trait]
impl ApiKeys for Sqlite {
    async fn add_api_key(&self, row: ApiKeyRow) -> Result<Option<i64>> {
        self.writer.write("adding an API key", move |tx| add(tx, &row)).await
    }

    async fn api_keys(&self, seller: SellerId) -> Result<Vec<ApiKeyRow>> {
        self.read("reading the API keys", |connection| {
            connection
                .prepare_cached(
                    "SELECT seller, key, name, hash, scopes, created_at, revoked_at FROM api_key
                     WHERE seller = ?1 ORDER BY key",
                )?
                .query_map([seller.0], row_of)?
                .collect()
        })
    }

    async fn api_key(&self, seller: SellerId, key: i64) -> Result<Option<ApiKeyRow>> {
        self.read("looking up an API key", |connection| {
            connection
                .prepare_cached(
                    "SELECT seller, key, name, hash, scopes, created_at, revoked_at FROM api_key
                     WHERE seller = ?1 AND key = ?2",
                )?
                .query_row([seller.0, key], row_of)
                .optional()
        })
    }

    async fn revoke_api_key(&self, seller: SellerId, key: i64, now: i64) -> Result<bool> {
        self.writer
            .write("revoking an API key", move |tx| {
                let ended = tx.execute(
                    "UPDATE api_key SET revoked_at = ?3
                     WHERE seller = ?1 AND key = ?2 AND revoked_at IS NULL",
                    [seller.0, key, now],
                )?;
                Ok(ended == 1)
            })
            .await
    }
}

fn add(tx: &Connection, row: &ApiKeyRow) -> rusqlite::Result<Option<i64>> {
    let ApiKeyRow { key, hash } = row;
    let named: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM api_key WHERE seller = ?1 AND name = ?2 AND revoked_at IS NULL)",
        params![key.seller.0, key.name],
        |row| row.get(0),
    )?;
    if named {
        return Ok(None);
    }
    tx.query_row(
        "INSERT INTO api_key (seller, key, name, hash, scopes, created_at, revoked_at)
         VALUES (?1, (SELECT coalesce(max(key), 0) + 1 FROM api_key WHERE seller = ?1), ?2, ?3, ?4, ?5, NULL)
         RETURNING key",
        params![
            key.seller.0,
            key.name,
            hash,
            pack_scopes(&key.scopes),
            key.created_at.as_millisecond()
        ],
        |row| row.get(0),
    )
    .map(Some)
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<ApiKeyRow> {
    let scopes: String = row.get(4)?;
    let times = (row.get(5)?, row.get(6)?);
    Ok(ApiKeyRow::from_values((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?, &scopes, times))
}
