//! What is heard late: after something that was observed later.

use deadpool_postgres::Transaction;
use hoesu_claims::document::Marks;

use super::super::{cases, failed};
use super::{Batch, DOING, Version};
use crate::Result;
use crate::keys::SellerKeys;
use crate::plan::{self, Around, Said};
use crate::store::{Arriving, Head, ShelfNo, pack_card, pack_marks, unpack_card, unpack_marks};

/// The cases of these documents are looked at again.
async fn wake_documents(
    tx: &Transaction<'_>,
    at: ShelfNo,
    keys: &[String],
) -> std::result::Result<(), tokio_postgres::Error> {
    let within = "case_key IN (SELECT case_key FROM case_document
         WHERE seller = $1 AND shelf = $2 AND key = ANY($3))";
    cases::wake(tx, at.seller, within, &[&at.seller.0, &at.shelf, &keys]).await
}

impl<'a> Batch<'a> {
    /// The versions a late one was observed between: of those in the ledger and those of this batch.
    pub(super) async fn around(
        &self,
        tx: &Transaction<'_>,
        at: ShelfNo,
        head: &Head,
        late: &Arriving,
    ) -> Result<Around> {
        let then = (late.observed_at, late.changed_at);
        let mut known = Vec::with_capacity(2);
        for sql in [
            "SELECT observed_at, changed_at, seq, digest, marks FROM version
             WHERE seller = $1 AND shelf = $2 AND no = $3 AND (observed_at, changed_at) <= ($4, $5)
             ORDER BY observed_at DESC, changed_at DESC, seq DESC LIMIT 1",
            "SELECT observed_at, changed_at, seq, digest, marks FROM version
             WHERE seller = $1 AND shelf = $2 AND no = $3 AND (observed_at, changed_at) > ($4, $5)
             ORDER BY observed_at, changed_at, seq LIMIT 1",
        ] {
            let row = tx
                .query_opt(sql, &[&at.seller.0, &at.shelf, &head.no, &then.0, &then.1])
                .await
                .map_err(failed(DOING))?;
            let Some(row) = row else { continue };
            let (place, seq): ((i64, i64), i64) = ((row.get(0), row.get(1)), row.get(2));
            let said = Said { seq, digest: row.get(3), marks: unpack_marks(row.get(4))? };
            known.push((place, said));
        }
        let written = self.versions.iter().filter(|version| version.no == head.no).map(|version| {
            let Version { seq, arriving, observed_at, marks, .. } = version;
            let said = Said { seq: *seq, digest: arriving.digest.to_vec(), marks: marks.clone() };
            ((*observed_at, arriving.changed_at), said)
        });
        let order = |(place, said): &((i64, i64), Said)| (*place, said.seq);
        let (before, after): (Vec<_>, Vec<_>) =
            written.chain(known).partition(|(place, _)| *place <= then);
        Ok(Around {
            before: before.into_iter().max_by_key(order).map(|(_, said)| said),
            after: after.into_iter().min_by_key(order).map(|(_, said)| said),
        })
    }

    /// A version was observed sooner than was known.
    pub(super) async fn move_back(
        &mut self,
        tx: &Transaction<'_>,
        at: ShelfNo,
        seq: i64,
        arriving: &Arriving,
    ) -> std::result::Result<(), tokio_postgres::Error> {
        if let Some(version) = self.versions.iter_mut().find(|version| version.seq == seq) {
            version.observed_at = arriving.observed_at;
            return Ok(());
        }
        let sql = "UPDATE version SET observed_at = $3 WHERE seller = $1 AND seq = $2";
        tx.execute(sql, &[&at.seller.0, &seq, &arriving.observed_at]).await?;
        wake_documents(tx, at, std::slice::from_ref(&arriving.key)).await
    }

    /// The current version goes on with these marks.
    pub(super) fn carry(&mut self, late: &'a Arriving, carried: Option<Marks>) {
        let (Some(head), Some(marks)) = (self.heads.get_mut(&late.key), carried) else { return };
        head.marks.clone_from(&marks);
        self.carried.insert(&late.key, marks);
    }

    /// Writes what was carried, after all else; the last place in the log.
    pub(super) async fn write_carried(
        &self,
        tx: &Transaction<'_>,
        at: ShelfNo,
        keys: &SellerKeys,
        mut seq: i64,
    ) -> Result<i64> {
        for (key, marks) in &self.carried {
            let sql = "SELECT d.seq, d.card, v.body FROM document d
                       JOIN version v ON v.seller = d.seller AND v.seq = d.seq
                       WHERE d.seller = $1 AND d.shelf = $2 AND d.key = $3";
            let row = tx.query_one(sql, &[&at.seller.0, &at.shelf, key]).await;
            let row = row.map_err(failed(DOING))?;
            let current: i64 = row.get(0);
            let (states, moments) = unpack_card(row.get(1))?;
            let body = keys.open("version.body", current, row.get(2))?;
            seq += 1;
            let sql = "INSERT INTO version
                 (seller, seq, shelf, no, key, version, observed_at, first_at, changed_at, media, digest, marks,
                  terms, body)
                 SELECT v.seller, $3, v.shelf, v.no, v.key, d.versions + 1, d.heard_at, v.first_at, v.changed_at,
                        v.media, v.digest, $4, v.terms, $5
                 FROM version v JOIN document d ON d.seller = v.seller AND d.shelf = v.shelf AND d.key = v.key
                 WHERE v.seller = $1 AND v.seq = $2";
            let (marks_text, body) = (pack_marks(marks), keys.seal("version.body", seq, &body));
            tx.execute(sql, &[&at.seller.0, &current, &seq, &marks_text, &body])
                .await
                .map_err(failed(DOING))?;
            let sql = "UPDATE document SET seq = $4, versions = versions + 1, marks = $5, card = $6
                       WHERE seller = $1 AND shelf = $2 AND key = $3";
            let card = pack_card(&states, &plan::with_marks(moments, marks));
            tx.execute(sql, &[&at.seller.0, &at.shelf, key, &seq, &marks_text, &card])
                .await
                .map_err(failed(DOING))?;
        }
        Ok(seq)
    }

    /// What has no time of its own happened when it was first heard, whichever arrival told it.
    pub(super) async fn write_earlier_heard(
        &self,
        tx: &Transaction<'_>,
        at: ShelfNo,
    ) -> std::result::Result<(), tokio_postgres::Error> {
        if self.earlier_heard.is_empty() {
            return Ok(());
        }
        let numbers: Vec<i64> = self.earlier_heard.iter().map(|(no, _)| *no).collect();
        let arriving = || self.earlier_heard.iter().map(|(_, arriving)| *arriving);
        let digests: Vec<&[u8]> = arriving().map(|one| one.digest.as_slice()).collect();
        let times: Vec<i64> = arriving().map(|one| one.observed_at).collect();
        let sql = "WITH told AS (
                 SELECT no, digest, min(at) AS at FROM (
                     SELECT a.no, a.digest, a.at
                     FROM UNNEST($3::BIGINT[], $4::BYTEA[], $5::BIGINT[]) AS a (no, digest, at)
                     UNION ALL
                     SELECT v.no, v.digest, v.first_at FROM version v
                     WHERE v.seller = $1 AND v.shelf = $2 AND v.no = ANY($3)
                 ) AS all_told GROUP BY no, digest)
             UPDATE version v SET first_at = told.at FROM told
             WHERE v.seller = $1 AND v.shelf = $2 AND v.no = told.no AND v.digest = told.digest
             AND v.first_at > told.at RETURNING v.key";
        let statement = tx.prepare_cached(sql).await?;
        let moved =
            tx.query(&statement, &[&at.seller.0, &at.shelf, &numbers, &digests, &times]).await?;
        if moved.is_empty() {
            return Ok(());
        }
        let keys: Vec<String> = moved.iter().map(|row| row.get(0)).collect();
        wake_documents(tx, at, &keys).await
    }
}
