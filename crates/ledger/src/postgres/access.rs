//! The access log.

use std::sync::Arc;

use async_trait::async_trait;
use deadpool_postgres::{GenericClient as _, Transaction};
use hoesu_claims::SellerId;
use tokio_postgres::Row;

use super::{Postgres, failed, marked, version_row};
use crate::Result;
use crate::access::Access;
use crate::keys::SellerKeys;
use crate::store::access::{AccessRow, Accesses, sql};
use crate::store::{ShelfNo, VersionRow};

const DOING: &str = "writing the access log";

#[async_trait]
impl Accesses for Postgres {
    async fn note(&self, seller: SellerId, access: Access, keys: Arc<SellerKeys>) -> Result<()> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(DOING))?;
        add(&tx, seller, &access, &keys).await.map_err(failed(DOING))?;
        tx.commit().await.map_err(failed("committing"))
    }

    async fn reveal(
        &self,
        at: ShelfNo,
        key: &str,
        version: i64,
        access: Access,
        keys: Arc<SellerKeys>,
    ) -> Result<Option<VersionRow>> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(DOING))?;
        let row = tx
            .query_opt(&marked(sql::VERSION), &[&at.seller.0, &at.shelf, &key, &version])
            .await
            .map_err(failed(DOING))?;
        let Some(row) = row else { return Ok(None) };
        add(&tx, at.seller, &access, &keys).await.map_err(failed(DOING))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(Some(version_row(&row)))
    }

    async fn accesses_after(
        &self,
        seller: SellerId,
        no: i64,
        limit: usize,
    ) -> Result<Vec<AccessRow>> {
        let doing = "reading the access log";
        let rows =
            self.rows(doing, &marked(sql::AFTER), &[&seller.0, &no, &(limit as i64)]).await?;
        Ok(rows.iter().map(row_of).collect())
    }

    async fn accesses_before(
        &self,
        seller: SellerId,
        since: i64,
        before: i64,
        limit: usize,
    ) -> Result<Vec<AccessRow>> {
        let doing = "reading the access log";
        let limit = limit as i64;
        let rows =
            self.rows(doing, &marked(sql::BEFORE), &[&seller.0, &since, &before, &limit]).await?;
        Ok(rows.iter().map(row_of).collect())
    }
}

/// Writers of one seller's log take turns on the seller's row.
async fn add(
    tx: &Transaction<'_>,
    seller: SellerId,
    access: &Access,
    keys: &SellerKeys,
) -> std::result::Result<(), tokio_postgres::Error> {
    tx.execute("SELECT 1 FROM seller WHERE seller = $1 FOR UPDATE", &[&seller.0]).await?;
    let last = tx.query_opt(&marked(sql::LAST), &[&seller.0]).await?;
    let last = last.map(|row| (row.get(0), row.get(1)));
    let row = AccessRow::after(last, access, keys);
    tx.execute(
        &marked(sql::ADD),
        &[
            &seller.0,
            &row.no,
            &row.at,
            &row.who,
            &row.origin,
            &row.what,
            &row.whose,
            &row.reason,
            &row.chain,
        ],
    )
    .await?;
    Ok(())
}

fn row_of(row: &Row) -> AccessRow {
    AccessRow {
        no: row.get(0),
        at: row.get(1),
        who: row.get(2),
        origin: row.get(3),
        what: row.get(4),
        whose: row.get(5),
        reason: row.get(6),
        chain: row.get(7),
    }
}
