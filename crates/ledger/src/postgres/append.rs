//! Adding documents: read what is known of a batch, decide in memory, write what came of it in a few
//! statements.

use std::collections::HashMap;

use tokio_postgres::Row;

use super::connect::Transaction;
use super::failed;
use crate::keys::SellerKeys;
use crate::plan::AppendResult;
use crate::plan::{self, Batch, Body, Content, Head, Hearing, Known, KnownMarks, Version};
use crate::store::Arriving;
use crate::store::{
    CardWords, Digest, ShelfNo, pack_card, pack_marks, pack_terms, unpack_card, unpack_terms,
};
use crate::{Error, Put, Result};

const DOING: &str = "adding documents";

type Sent<T> = std::result::Result<T, tokio_postgres::Error>;

pub(super) async fn append(
    tx: &Transaction<'_>,
    at: ShelfNo,
    put: Put,
    arriving: &[Arriving],
    keys: &SellerKeys,
) -> Result<AppendResult> {
    let locked =
        tx.query_one("SELECT seq FROM seller WHERE seller = $1 FOR UPDATE", &[&at.seller.0]).await;
    let seq: i64 = locked.map_err(failed(DOING))?.get(0);
    let counted = tx
        .query_one(
            "SELECT documents FROM shelf WHERE seller = $1 AND shelf = $2",
            &[&at.seller.0, &at.shelf],
        )
        .await;
    let documents: i64 = counted.map_err(failed(DOING))?.get(0);
    let known = known(tx, at, arriving, keys).await?;
    let batch = Batch::decide(put, (seq, documents), known, arriving);
    let writing = Writing { tx, at, batch: &batch };
    writing.hearings().await.map_err(failed(DOING))?;
    if batch.seq > seq {
        let stored = writing.stored().await?;
        writing.versions(keys, &stored).await?;
        writing.documents(&stored).await.map_err(failed(DOING))?;
        writing.signatures().await.map_err(failed(DOING))?;
        writing.terms().await?;
        writing.counters().await.map_err(failed(DOING))?;
    }
    Ok(AppendResult::of(batch))
}

async fn known(
    tx: &Transaction<'_>,
    at: ShelfNo,
    arriving: &[Arriving],
    keys: &SellerKeys,
) -> Result<Known> {
    let mut known = Known::default();
    let names: Vec<&str> = arriving.iter().map(|one| one.key.as_str()).collect();
    let sql =
        "SELECT key, no, seq, versions, first_at, heard_at, received, changed_at, digest, marks,
               dated FROM document WHERE seller = $1 AND shelf = $2 AND key = ANY($3)";
    let rows = tx.query(sql, &[&at.seller.0, &at.shelf, &names]).await;
    for row in rows.map_err(failed(DOING))? {
        let head = Head {
            no: row.get(1),
            seq: row.get(2),
            versions: row.get(3),
            last: Hearing { heard_at: row.get(5), received: row.get(6) },
            changed_at: row.get(7),
            dated: row.get::<_, i64>(10) == 1,
            digest: digest(&row, 8)?,
            marks: KnownMarks::unpack(row.get(9))?,
        };
        known.head(row.get(0), head, row.get(4));
    }
    let (numbers, digests): (Vec<i64>, Vec<&[u8]>) =
        known.unread(arriving).into_iter().map(|(no, digest)| (no, digest.as_slice())).unzip();
    if !numbers.is_empty() {
        let sql = "SELECT DISTINCT v.no, v.digest, v.first_at, v.last_at, v.received
                   FROM UNNEST($3::BIGINT[], $4::BYTEA[]) AS asked (no, digest)
                   CROSS JOIN LATERAL (SELECT * FROM version v WHERE v.seller = $1 AND v.shelf = $2
                       AND v.no = asked.no AND v.digest = asked.digest OFFSET 0) v";
        let rows = tx.query(sql, &[&at.seller.0, &at.shelf, &numbers, &digests]).await;
        for row in rows.map_err(failed(DOING))? {
            let last = Hearing { heard_at: row.get(3), received: row.get(4) };
            let content = Content { first_at: row.get(2), last };
            known.contents.insert((row.get(0), digest(&row, 1)?), content);
        }
    }
    for (key, seq) in known.tied(arriving) {
        let sql = "SELECT body FROM version WHERE seller = $1 AND seq = $2";
        let row = tx.query_one(sql, &[&at.seller.0, &seq]).await.map_err(failed(DOING))?;
        known.body(&key, keys.open("version.body", seq, row.get(0))?);
    }
    Ok(known)
}

fn digest(row: &Row, column: usize) -> Result<Digest> {
    row.get::<_, &[u8]>(column).try_into().map_err(|_| Error::Unreadable("digest"))
}

/// A version as it lies in the ledger, and the card of its document.
struct Stored {
    media: String,
    terms: String,
    body: Vec<u8>,
    card: CardWords,
}

struct Writing<'b> {
    tx: &'b Transaction<'b>,
    at: ShelfNo,
    batch: &'b Batch<'b>,
}

impl Writing<'_> {
    /// When known contents were heard, now that more is known.
    async fn hearings(&self) -> Sent<()> {
        let ShelfNo { seller, shelf } = self.at;
        let heads = self.batch.heard.iter().map(|key| (*key, self.batch.head(key)));
        let heads: Vec<(&str, &Head)> = heads.collect();
        if !heads.is_empty() {
            let of = |of: fn(&Head) -> i64| heads.iter().map(|(_, head)| of(head)).collect();
            let keys: Vec<&str> = heads.iter().map(|(key, _)| *key).collect();
            let first: Vec<i64> = keys.iter().map(|key| self.batch.first_at(key)).collect();
            let marks: Vec<String> = heads.iter().map(|(_, head)| head.marks.pack()).collect();
            let (versions, heard, received): (Vec<i64>, Vec<i64>, Vec<i64>) = (
                of(|head| head.versions),
                of(|head| head.last.heard_at),
                of(|head| head.last.received),
            );
            let sql = "UPDATE document d SET versions = h.versions, first_at = h.first_at, heard_at = h.heard_at,
                       received = h.received, marks = h.marks
                       FROM UNNEST($3::TEXT[], $4::BIGINT[], $5::BIGINT[], $6::BIGINT[], $7::BIGINT[], $8::TEXT[])
                       AS h (key, versions, first_at, heard_at, received, marks)
                       WHERE d.seller = $1 AND d.shelf = $2 AND d.key = h.key";
            self.tx
                .execute(
                    sql,
                    &[&seller.0, &shelf, &keys, &versions, &first, &heard, &received, &marks],
                )
                .await?;
        }
        let intervals: Vec<plan::Interval<'_>> = self.batch.intervals().collect();
        if !intervals.is_empty() {
            let of =
                |of: fn(&plan::Interval<'_>) -> i64| intervals.iter().map(of).collect::<Vec<i64>>();
            let digests: Vec<&[u8]> = intervals.iter().map(|one| one.digest.as_slice()).collect();
            // A version that was heard first of its content is as old as the content.
            let sql = "UPDATE version v SET first_at = i.first_at, last_at = i.last_at, received = i.received,
                       observed_at = CASE WHEN v.observed_at = v.first_at THEN i.first_at ELSE v.observed_at END
                       FROM UNNEST($3::BIGINT[], $4::BYTEA[], $5::BIGINT[], $6::BIGINT[], $7::BIGINT[])
                       AS i (no, digest, first_at, last_at, received)
                       WHERE v.seller = $1 AND v.shelf = $2 AND v.no = i.no AND v.digest = i.digest
                       AND (v.first_at, v.last_at, v.received) IS DISTINCT FROM (i.first_at, i.last_at, i.received)";
            self.tx
                .execute(
                    sql,
                    &[
                        &seller.0,
                        &shelf,
                        &of(|one| one.no),
                        &digests,
                        &of(|one| one.content.first_at),
                        &of(|one| one.content.last.heard_at),
                        &of(|one| one.content.last.received),
                    ],
                )
                .await?;
        }
        Ok(())
    }

    /// The versions written before from which others are made, by their place in the sequence.
    async fn stored(&self) -> Result<HashMap<i64, Stored>> {
        let from = self.batch.versions.iter().filter_map(|version| match version.body {
            Body::Stored(seq) => Some(seq),
            Body::Arriving(_) => None,
        });
        let from: Vec<i64> = from.collect();
        let mut stored = HashMap::new();
        if from.is_empty() {
            return Ok(stored);
        }
        let sql = "SELECT v.seq, v.media, v.terms, v.body, d.card FROM version v
                   JOIN document d ON d.seller = v.seller AND d.shelf = v.shelf AND d.key = v.key
                   WHERE v.seller = $1 AND v.seq = ANY($2)";
        let rows = self.tx.query(sql, &[&self.at.seller.0, &from]).await;
        for row in rows.map_err(failed(DOING))? {
            let card = unpack_card(row.get(4))?;
            let one = Stored { media: row.get(1), terms: row.get(2), body: row.get(3), card };
            stored.insert(row.get(0), one);
        }
        Ok(stored)
    }

    async fn versions(&self, keys: &SellerKeys, stored: &HashMap<i64, Stored>) -> Result<()> {
        let versions = &self.batch.versions;
        let number =
            |of: &dyn Fn(&Version<'_>) -> i64| versions.iter().map(of).collect::<Vec<i64>>();
        let names: Vec<&str> = versions.iter().map(|version| version.key).collect();
        let marks: Vec<String> =
            versions.iter().map(|version| pack_marks(&version.marks)).collect();
        let digests: Vec<&[u8]> =
            versions.iter().map(|version| version.digest.as_slice()).collect();
        let (mut media, mut terms, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
        for version in versions {
            let seal = |body: &[u8]| keys.seal("version.body", version.seq, body);
            match version.body {
                Body::Arriving(one) => {
                    media.push(one.media.name());
                    terms.push(pack_terms(&one.terms));
                    bodies.push(seal(&one.body));
                }
                Body::Stored(seq) => {
                    let one = stored.get(&seq).ok_or(Error::Unreadable("version"))?;
                    media.push(&one.media);
                    terms.push(one.terms.clone());
                    bodies.push(seal(&keys.open("version.body", seq, &one.body)?));
                }
            }
        }
        let sql = "INSERT INTO version
             (seller, seq, shelf, no, key, version, observed_at, first_at, last_at, received, changed_at,
              media, digest, marks, terms, body)
             SELECT $1, v.seq, $2, v.no, v.key, v.version, v.observed_at, v.first_at, v.last_at, v.received,
                    v.changed_at, v.media, v.digest, v.marks, v.terms, v.body
             FROM UNNEST($3::BIGINT[], $4::BIGINT[], $5::TEXT[], $6::BIGINT[], $7::BIGINT[], $8::BIGINT[],
                         $9::BIGINT[], $10::BIGINT[], $11::BIGINT[], $12::TEXT[], $13::BYTEA[], $14::TEXT[],
                         $15::TEXT[], $16::BYTEA[])
             AS v (seq, no, key, version, observed_at, first_at, last_at, received, changed_at, media, digest,
                   marks, terms, body)";
        let content = |version: &Version<'_>| self.batch.content(version);
        self.tx
            .execute(
                sql,
                &[
                    &self.at.seller.0,
                    &self.at.shelf,
                    &number(&|version| version.seq),
                    &number(&|version| version.no),
                    &names,
                    &number(&|version| version.nth),
                    &number(&|version| self.batch.heard_at(version)),
                    &number(&|version| content(version).first_at),
                    &number(&|version| content(version).last.heard_at),
                    &number(&|version| content(version).last.received),
                    &number(&|version| version.changed_at),
                    &media,
                    &digests,
                    &marks,
                    &terms,
                    &bodies,
                ],
            )
            .await
            .map_err(failed(DOING))?;
        Ok(())
    }

    /// Points documents at their current versions.
    async fn documents(&self, stored: &HashMap<i64, Stored>) -> Sent<()> {
        let heads: Vec<(&str, &Head)> =
            self.batch.pointed.keys().map(|key| (*key, self.batch.head(key))).collect();
        let of = |of: fn(&Head) -> i64| heads.iter().map(|(_, head)| of(head)).collect::<Vec<_>>();
        let keys: Vec<&str> = heads.iter().map(|(key, _)| *key).collect();
        let first: Vec<i64> = keys.iter().map(|key| self.batch.first_at(key)).collect();
        let digests: Vec<&[u8]> = heads.iter().map(|(_, head)| head.digest.as_slice()).collect();
        let packed: Vec<String> = heads.iter().map(|(_, head)| head.marks.pack()).collect();
        let (mut rank_at, mut rank_tie, mut cards) = (Vec::new(), Vec::new(), Vec::new());
        for (key, body) in &self.batch.pointed {
            let marks = self.batch.head(key).marks.values();
            let rank = match *body {
                Body::Arriving(one) => {
                    cards.push(pack_card(&one.states, &plan::moments(one, &marks)));
                    Some(one.rank)
                }
                Body::Stored(seq) => {
                    let (states, moments) =
                        stored.get(&seq).map(|one| one.card.clone()).unwrap_or_default();
                    let before = self.batch.marks_before(key);
                    cards.push(pack_card(
                        &states,
                        &plan::with_other_marks(moments, &before, &marks),
                    ));
                    None
                }
            };
            rank_at.push(rank.map(|rank| rank.at));
            rank_tie.push(rank.map(|rank| rank.tie));
        }
        // A document that goes on with other marks keeps its rank.
        let sql = "INSERT INTO document AS known
             (seller, shelf, key, no, seq, versions, first_at, heard_at, received, changed_at, digest, marks,
              rank_at, rank_tie, card, dated)
             SELECT $1, $2, d.key, d.no, d.seq, d.versions, d.first_at, d.heard_at, d.received, d.changed_at,
                    d.digest, d.marks, coalesce(d.rank_at, o.rank_at, 0), coalesce(d.rank_tie, o.rank_tie, 0), d.card, d.dated
             FROM UNNEST($3::TEXT[], $4::BIGINT[], $5::BIGINT[], $6::BIGINT[], $7::BIGINT[], $8::BIGINT[],
                         $9::BIGINT[], $10::BIGINT[], $11::BYTEA[], $12::TEXT[], $13::BIGINT[], $14::BIGINT[],
                         $15::TEXT[], $16::BIGINT[])
             AS d (key, no, seq, versions, first_at, heard_at, received, changed_at, digest, marks, rank_at,
                   rank_tie, card, dated)
             LEFT JOIN document o ON d.rank_at IS NULL AND o.seller = $1 AND o.shelf = $2 AND o.key = d.key
             ON CONFLICT (seller, shelf, key) DO UPDATE SET
             seq = excluded.seq, versions = excluded.versions, first_at = excluded.first_at,
             heard_at = excluded.heard_at, received = excluded.received, changed_at = excluded.changed_at,
             digest = excluded.digest, marks = excluded.marks, rank_at = excluded.rank_at,
             rank_tie = excluded.rank_tie, card = excluded.card, dated = excluded.dated";
        self.tx
            .execute(
                sql,
                &[
                    &self.at.seller.0,
                    &self.at.shelf,
                    &keys,
                    &of(|head| head.no),
                    &of(|head| head.seq),
                    &of(|head| head.versions),
                    &first,
                    &of(|head| head.last.heard_at),
                    &of(|head| head.last.received),
                    &of(|head| head.changed_at),
                    &digests,
                    &packed,
                    &rank_at,
                    &rank_tie,
                    &cards,
                    &of(|head| i64::from(head.dated)),
                ],
            )
            .await?;
        Ok(())
    }

    /// Documents that have another content from now on, with their numbers.
    fn arrived(&self) -> impl Iterator<Item = (i64, &Arriving)> {
        self.batch.pointed.iter().filter_map(|(key, body)| match *body {
            Body::Arriving(one) => Some((self.batch.head(key).no, one)),
            Body::Stored(_) => None,
        })
    }

    async fn signatures(&self) -> Sent<()> {
        let ShelfNo { seller, shelf } = self.at;
        let changed: Vec<i64> = self.batch.replaced.keys().copied().collect();
        if !changed.is_empty() {
            let sql =
                "DELETE FROM text_signature WHERE seller = $1 AND shelf = $2 AND no = ANY($3)";
            self.tx.execute(sql, &[&seller.0, &shelf, &changed]).await?;
        }
        let (mut texts, mut numbers, mut signatures) = (Vec::new(), Vec::new(), Vec::new());
        for (no, arriving) in self.arrived() {
            for (text, signature) in &arriving.signatures {
                texts.push(text.name());
                numbers.push(no);
                signatures.push(signature.as_slice());
            }
        }
        let sql = "INSERT INTO text_signature (seller, shelf, text, no, signature)
                   SELECT $1, $2, s.text, s.no, s.signature
                   FROM UNNEST($3::TEXT[], $4::BIGINT[], $5::BYTEA[]) AS s (text, no, signature)";
        self.tx.execute(sql, &[&seller.0, &shelf, &texts, &numbers, &signatures]).await?;
        Ok(())
    }

    async fn terms(&self) -> Result<()> {
        let ShelfNo { seller, shelf } = self.at;
        let replaced: Vec<i64> = self.batch.replaced.values().copied().collect();
        let mut old = HashMap::new();
        if !replaced.is_empty() {
            let sql = "SELECT no, terms FROM version WHERE seller = $1 AND seq = ANY($2)";
            let rows = self.tx.query(sql, &[&seller.0, &replaced]).await;
            for row in rows.map_err(failed(DOING))? {
                old.insert(row.get::<_, i64>(0), unpack_terms(row.get(1))?);
            }
        }
        let (mut gone, mut come) = (TermRows::default(), TermRows::default());
        for (no, arriving) in self.arrived() {
            let was = old.get(&no).map_or(&[][..], Vec::as_slice);
            let change = plan::term_change(was, &arriving.terms);
            change.gone.into_iter().for_each(|term| gone.push(term, no));
            change.come.into_iter().for_each(|term| come.push(term, no));
        }
        let (seller, shelf) = (seller.0, shelf);
        if !gone.words.is_empty() {
            let sql = "DELETE FROM term t USING UNNEST($3::BIGINT[], $4::TEXT[], $5::BIGINT[]) AS g (term, value, no)
                       WHERE t.seller = $1 AND t.shelf = $2 AND t.term = g.term AND t.value = g.value AND t.no = g.no";
            self.tx
                .execute(sql, &[&seller, &shelf, &gone.words, &gone.values, &gone.numbers])
                .await
                .map_err(failed(DOING))?;
        }
        let sql = "INSERT INTO term (seller, term, value, shelf, no)
                   SELECT $1, c.term, c.value, $2, c.no
                   FROM UNNEST($3::BIGINT[], $4::TEXT[], $5::BIGINT[]) AS c (term, value, no)
                   ON CONFLICT DO NOTHING";
        self.tx
            .execute(sql, &[&seller, &shelf, &come.words, &come.values, &come.numbers])
            .await
            .map_err(failed(DOING))?;
        Ok(())
    }

    async fn counters(&self) -> Sent<()> {
        let ShelfNo { seller, shelf } = self.at;
        let Batch { seq, documents, .. } = self.batch;
        let sql = "UPDATE seller SET seq = $2 WHERE seller = $1";
        self.tx.execute(sql, &[&seller.0, seq]).await?;
        let sql = "UPDATE shelf SET documents = $3 WHERE seller = $1 AND shelf = $2";
        self.tx.execute(sql, &[&seller.0, &shelf, documents]).await?;
        Ok(())
    }
}

/// Rows of the term table as columns.
#[derive(Default)]
struct TermRows {
    words: Vec<i64>,
    values: Vec<String>,
    numbers: Vec<i64>,
}

impl TermRows {
    fn push(&mut self, (term, value): (hoesu_claims::Term, String), no: i64) {
        self.words.push(term.code());
        self.values.push(value);
        self.numbers.push(no);
    }
}
