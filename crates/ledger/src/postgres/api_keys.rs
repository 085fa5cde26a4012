//! Keys of our own API.

use async_trait::async_trait;
use deadpool_postgres::Object;
use hoesu_claims::SellerId;
use tokio_postgres::Row;

use super::directory::begin;
use super::{Postgres, failed};
use crate::Result;
use crate::store::{ApiKeyRow, ApiKeys, pack_scopes};

#[async_trait]
impl ApiKeys for Postgres {
    async fn add_api_key(&self, row: ApiKeyRow) -> Result<Option<i64>> {
        add(&mut self.client().await?, &row).await.map_err(failed("adding an API key"))
    }

    async fn api_keys(&self, seller: SellerId) -> Result<Vec<ApiKeyRow>> {
        let rows = self
            .rows(
                "reading the API keys",
                "SELECT seller, key, name, hash, scopes, created_at, revoked_at FROM api_key
                 WHERE seller = $1 ORDER BY key",
                &[&seller.0],
            )
            .await?;
        Ok(rows.iter().map(row_of).collect())
    }

    async fn api_key(&self, seller: SellerId, key: i64) -> Result<Option<ApiKeyRow>> {
        let rows = self
            .rows(
                "looking up an API key",
                "SELECT seller, key, name, hash, scopes, created_at, revoked_at FROM api_key
                 WHERE seller = $1 AND key = $2",
                &[&seller.0, &key],
            )
            .await?;
        Ok(rows.first().map(row_of))
    }

    async fn revoke_api_key(&self, seller: SellerId, key: i64, now: i64) -> Result<bool> {
        let ended = self
            .rows(
                "revoking an API key",
                "UPDATE api_key SET revoked_at = $3
                 WHERE seller = $1 AND key = $2 AND revoked_at IS NULL RETURNING key",
                &[&seller.0, &key, &now],
            )
            .await?;
        Ok(!ended.is_empty())
    }
}

async fn add(
    client: &mut Object,
    row: &ApiKeyRow,
) -> std::result::Result<Option<i64>, tokio_postgres::Error> {
    let ApiKeyRow { key, hash } = row;
    let tx = begin(client).await?;
    let same_name = "SELECT 1 FROM api_key WHERE seller = $1 AND name = $2 AND revoked_at IS NULL";
    if tx.query_opt(same_name, &[&key.seller.0, &key.name]).await?.is_some() {
        return Ok(None);
    }
    let made = tx
        .query_one(
            "INSERT INTO api_key (seller, key, name, hash, scopes, created_at, revoked_at)
             VALUES ($1, (SELECT coalesce(max(key), 0) + 1 FROM api_key WHERE seller = $1), $2, $3, $4, $5, NULL)
             RETURNING key",
            &[
                &key.seller.0,
                &key.name,
                hash,
                &pack_scopes(&key.scopes),
                &key.created_at.as_millisecond(),
            ],
        )
        .await?;
    tx.commit().await?;
    Ok(Some(made.get(0)))
}

fn row_of(row: &Row) -> ApiKeyRow {
    let times = (row.get(5), row.get(6));
    ApiKeyRow::from_values((row.get(0), row.get(1), row.get(2)), row.get(3), row.get(4), times)
}
