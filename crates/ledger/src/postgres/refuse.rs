//! Refused records, each kept once.

use deadpool_postgres::Object;
use hoesu_claims::{AccountId, SellerId};
use tokio_postgres::{Error, Row};

use crate::keys::SellerKeys;
use crate::store::RefusalRow;

pub(super) const REFUSALS: &str =
    "SELECT no, account, observed_at, place, field, why, digest, body FROM refusal
     WHERE seller = $1 AND ($2::BIGINT IS NULL OR account = $2) ORDER BY no DESC LIMIT $3";

pub(super) fn refusal_row(row: &Row) -> RefusalRow {
    RefusalRow {
        no: row.get(0),
        account: AccountId(row.get(1)),
        observed_at: row.get(2),
        place: row.get(3),
        field: row.get(4),
        why: row.get(5),
        digest: row.get(6),
        body: row.get(7),
    }
}

pub(super) async fn refuse(
    client: &mut Object,
    seller: SellerId,
    rows: &[RefusalRow],
    keys: &SellerKeys,
) -> Result<(), Error> {
    let tx = client.transaction().await?;
    tx.execute("SELECT 1 FROM seller WHERE seller = $1 FOR UPDATE", &[&seller.0]).await?;
    let last = tx
        .query_one("SELECT coalesce(max(no), 0) FROM refusal WHERE seller = $1", &[&seller.0])
        .await?;
    let mut no: i64 = last.get(0);
    let put = tx
        .prepare(
            "INSERT INTO refusal (seller, no, account, observed_at, place, field, why, digest, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (seller, account, digest) DO NOTHING",
        )
        .await?;
    for row in rows {
        let body = keys.seal("refusal.body", no + 1, &row.body);
        no += tx
            .execute(
                &put,
                &[
                    &seller.0,
                    &(no + 1),
                    &row.account.0,
                    &row.observed_at,
                    &row.place,
                    &row.field,
                    &row.why,
                    &row.digest,
                    &body,
                ],
            )
            .await? as i64;
    }
    tx.commit().await
}
