//! The access log.

use std::sync::Arc;

use async_trait::async_trait;
use hoesu_claims::SellerId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Sqlite, version_row};
use crate::Result;
use crate::access::Access;
use crate::keys::SellerKeys;
use crate::store::access::{AccessRow, Accesses, sql};
use crate::store::{ShelfNo, VersionRow};

#[async_trait]
impl Accesses for Sqlite {
    async fn note(&self, seller: SellerId, access: Access, keys: Arc<SellerKeys>) -> Result<()> {
        self.writer.write("writing the access log", move |tx| add(tx, seller, &access, &keys)).await
    }

    async fn reveal(
        &self,
        at: ShelfNo,
        key: &str,
        version: i64,
        access: Access,
        keys: Arc<SellerKeys>,
    ) -> Result<Option<VersionRow>> {
        let key = key.to_owned();
        self.writer
            .write("writing the access log", move |tx| {
                let row = tx
                    .prepare_cached(sql::VERSION)?
                    .query_row(params![at.seller.0, at.shelf, key, version], version_row)
                    .optional()?;
                if row.is_some() {
                    add(tx, at.seller, &access, &keys)?;
                }
                Ok(row)
            })
            .await
    }

    async fn accesses_after(
        &self,
        seller: SellerId,
        no: i64,
        limit: usize,
    ) -> Result<Vec<AccessRow>> {
        self.scan("reading the access log", move |connection| {
            connection
                .prepare_cached(sql::AFTER)?
                .query_map(params![seller.0, no, limit as i64], row_of)?
                .collect()
        })
        .await
    }

    async fn accesses_before(
        &self,
        seller: SellerId,
        since: i64,
        before: i64,
        limit: usize,
    ) -> Result<Vec<AccessRow>> {
        self.scan("reading the access log", move |connection| {
            connection
                .prepare_cached(sql::BEFORE)?
                .query_map(params![seller.0, since, before, limit as i64], row_of)?
                .collect()
        })
        .await
    }
}

fn add(
    tx: &Connection,
    seller: SellerId,
    access: &Access,
    keys: &SellerKeys,
) -> rusqlite::Result<()> {
    let last = tx
        .prepare_cached(sql::LAST)?
        .query_row([seller.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let row = AccessRow::after(last, access, keys);
    tx.prepare_cached(sql::ADD)?.execute(params![
        seller.0, row.no, row.at, row.who, row.origin, row.what, row.whose, row.reason, row.chain
    ])?;
    Ok(())
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<AccessRow> {
    Ok(AccessRow {
        no: row.get(0)?,
        at: row.get(1)?,
        who: row.get(2)?,
        origin: row.get(3)?,
        what: row.get(4)?,
        whose: row.get(5)?,
        reason: row.get(6)?,
        chain: row.get(7)?,
    })
}
