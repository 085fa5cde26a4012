//! What is to be asked by its number.

use async_trait::async_trait;
use hoesu_claims::wait::{Horizon, LONGEST_MS};
use hoesu_claims::{AccountId, SellerId};
use tokio_postgres::types::ToSql;

use super::{Postgres, failed};
use crate::Result;
use crate::feed::FeedKey;
use crate::sought::Sought;
use crate::store::sought::{PutOff, Seeking, sought_of};

#[async_trait]
impl Seeking for Postgres {
    async fn seek(
        &self,
        by: &FeedKey,
        what: Vec<(String, String)>,
        now: i64,
        due: i64,
    ) -> Result<()> {
        const DOING: &str = "remembering what is sought";
        let FeedKey { seller, account, feed } = by;
        let (lookups, keys): (Vec<String>, Vec<String>) = what.into_iter().unzip();
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(DOING))?;
        let sql = "INSERT INTO sought (seller, account, lookup, key, due_at, tries, noted_at)
                   SELECT DISTINCT $1::BIGINT, $2::BIGINT, s.lookup, s.key, $5::BIGINT, 0::BIGINT, $6::BIGINT
                   FROM UNNEST($3::TEXT[], $4::TEXT[]) AS s (lookup, key)
                   ON CONFLICT (seller, account, lookup, key)
                   DO UPDATE SET due_at = excluded.due_at, noted_at = excluded.noted_at
                   WHERE excluded.due_at < sought.due_at";
        tx.execute(sql, &[&seller.0, &account.0, &lookups, &keys, &due, &now])
            .await
            .map_err(failed(DOING))?;
        let sql = "UPDATE feed SET next_at = $4
                   WHERE seller = $1 AND account = $2 AND feed = $3 AND next_at > $4";
        tx.execute(sql, &[&seller.0, &account.0, feed, &due]).await.map_err(failed(DOING))?;
        tx.commit().await.map_err(failed(DOING))
    }

    async fn sought(
        &self,
        seller: SellerId,
        account: AccountId,
        now: i64,
        limit: i64,
    ) -> Result<Vec<Sought>> {
        let Horizon { noted_ms, until_ms } = Horizon::of(now, LONGEST_MS);
        let sql = "SELECT lookup, key,
                   CASE WHEN noted_at > $5 OR due_at > $6 THEN least(due_at, $4) ELSE due_at END AS due,
                   tries FROM sought WHERE seller = $1 AND account = $2
                   ORDER BY due, lookup, key LIMIT $3";
        let values: [&(dyn ToSql + Sync); 6] =
            [&seller.0, &account.0, &limit, &now, &noted_ms, &until_ms];
        let rows = self.rows("reading what is sought", sql, &values).await?;
        Ok(rows
            .iter()
            .map(|row| sought_of((row.get(0), row.get(1), row.get(2), row.get(3))))
            .collect())
    }

    async fn answered(
        &self,
        seller: SellerId,
        account: AccountId,
        what: Vec<(String, String)>,
    ) -> Result<()> {
        let (lookups, keys): (Vec<String>, Vec<String>) = what.into_iter().unzip();
        let sql = "DELETE FROM sought s USING UNNEST($3::TEXT[], $4::TEXT[]) AS a (lookup, key)
                   WHERE s.seller = $1 AND s.account = $2 AND s.lookup = a.lookup AND s.key = a.key";
        let values: [&(dyn ToSql + Sync); 4] = [&seller.0, &account.0, &lookups, &keys];
        self.rows("forgetting what was sought", sql, &values).await.map(drop)
    }

    async fn put_off(
        &self,
        seller: SellerId,
        account: AccountId,
        what: Vec<(String, String)>,
        why: PutOff,
    ) -> Result<()> {
        let (lookups, keys): (Vec<String>, Vec<String>) = what.into_iter().unzip();
        let sql = "UPDATE sought s SET tries = tries + 1, failure = $5, due_at = $6, noted_at = $7
                   FROM UNNEST($3::TEXT[], $4::TEXT[]) AS a (lookup, key)
                   WHERE s.seller = $1 AND s.account = $2 AND s.lookup = a.lookup AND s.key = a.key";
        let values: [&(dyn ToSql + Sync); 7] =
            [&seller.0, &account.0, &lookups, &keys, &why.failure, &why.due, &why.now];
        self.rows("putting off what is sought", sql, &values).await.map(drop)
    }
}
