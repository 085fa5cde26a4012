//! What is to be asked by its number.

use async_trait::async_trait;
use hoesu_claims::wait::{Horizon, LONGEST_MS};
use hoesu_claims::{AccountId, SellerId};
use rusqlite::params;

use super::Sqlite;
use crate::Result;
use crate::feed::FeedKey;
use crate::sought::Sought;
use crate::store::sought::{PutOff, Seeking, sought_of};

#[async_trait]
impl Seeking for Sqlite {
    async fn seek(
        &self,
        by: &FeedKey,
        what: Vec<(String, String)>,
        now: i64,
        due: i64,
    ) -> Result<()> {
        let FeedKey { seller, account, feed } = by.clone();
        self.writer
            .write("remembering what is sought", move |tx| {
                let mut remember = tx.prepare_cached(
                    "INSERT INTO sought (seller, account, lookup, key, due_at, tries, noted_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6) ON CONFLICT (seller, account, lookup, key)
                     DO UPDATE SET due_at = excluded.due_at, noted_at = excluded.noted_at
                     WHERE excluded.due_at < due_at",
                )?;
                for (lookup, key) in &what {
                    remember.execute(params![seller.0, account.0, lookup, key, due, now])?;
                }
                tx.execute(
                    "UPDATE feed SET next_at = ?4
                     WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND next_at > ?4",
                    params![seller.0, account.0, feed, due],
                )
                .map(drop)
            })
            .await
    }

    async fn sought(
        &self,
        seller: SellerId,
        account: AccountId,
        now: i64,
        limit: i64,
    ) -> Result<Vec<Sought>> {
        let horizon = Horizon::of(now, LONGEST_MS);
        self.read("reading what is sought", |connection| {
            connection
                .prepare_cached(
                    "SELECT lookup, key,
                     CASE WHEN noted_at > ?5 OR due_at > ?6 THEN min(due_at, ?4) ELSE due_at END AS due,
                     tries FROM sought WHERE seller = ?1 AND account = ?2
                     ORDER BY due, lookup, key LIMIT ?3",
                )?
                .query_map([
                    seller.0, account.0, limit, now, horizon.noted_ms, horizon.until_ms,
                ], |row| {
                    Ok(sought_of((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                })?
                .collect()
        })
    }

    async fn answered(
        &self,
        seller: SellerId,
        account: AccountId,
        what: Vec<(String, String)>,
    ) -> Result<()> {
        self.writer
            .write("forgetting what was sought", move |tx| {
                let mut forget = tx.prepare_cached(
                    "DELETE FROM sought
                     WHERE seller = ?1 AND account = ?2 AND lookup = ?3 AND key = ?4",
                )?;
                for (lookup, key) in &what {
                    forget.execute(params![seller.0, account.0, lookup, key])?;
                }
                Ok(())
            })
            .await
    }

    async fn put_off(
        &self,
        seller: SellerId,
        account: AccountId,
        what: Vec<(String, String)>,
        why: PutOff,
    ) -> Result<()> {
        self.writer
            .write("putting off what is sought", move |tx| {
                let mut put_off = tx.prepare_cached(
                    "UPDATE sought SET tries = tries + 1, failure = ?5, due_at = ?6, noted_at = ?7
                     WHERE seller = ?1 AND account = ?2 AND lookup = ?3 AND key = ?4",
                )?;
                for (lookup, key) in &what {
                    let PutOff { failure, now, due } = &why;
                    let values = params![seller.0, account.0, lookup, key, failure, due, now];
                    put_off.execute(values)?;
                }
                Ok(())
            })
            .await
    }
}
