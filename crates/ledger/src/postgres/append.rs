//! Adding documents: read what is known of a batch, decide in memory, write it in a few statements.

mod late;

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::{Object, Transaction};
use hoesu_claims::Term;
use hoesu_claims::document::Marks;

use super::failed;
use crate::keys::SellerKeys;
use crate::plan::{self, Around, Decision};
use crate::store::{
    Arriving, Head, ShelfNo, pack_card, pack_marks, pack_terms, unpack_marks, unpack_terms,
};
use crate::{Outcome, Put, Result};

const DOING: &str = "adding documents";

/// A version to be written.
struct Version<'a> {
    seq: i64,
    no: i64,
    nth: i64,
    arriving: &'a Arriving,
    observed_at: i64,
    marks: Marks,
}

/// A document's row to be written, by key.
struct Pointed<'a> {
    head: Head,
    version: usize,
    arriving: &'a Arriving,
}

#[derive(Default)]
struct Batch<'a> {
    heads: HashMap<String, Head>,
    versions: Vec<Version<'a>>,
    pointed: BTreeMap<&'a str, Pointed<'a>>,
    /// Documents heard again, and when.
    heard: BTreeMap<&'a str, i64>,
    /// Documents that got a version which is not the current one: how many are there now.
    counted: BTreeMap<&'a str, i64>,
    /// What documents, by number, may have been heard saying before it was known.
    earlier_heard: Vec<(i64, &'a Arriving)>,
    /// Documents whose current version goes on with marks that were told late.
    carried: BTreeMap<&'a str, Marks>,
    /// By document number: the version whose terms stand in the ledger now.
    replaced: HashMap<i64, i64>,
}

pub(super) async fn append(
    client: &mut Object,
    at: ShelfNo,
    put: Put,
    arriving: &[Arriving],
    keys: &SellerKeys,
) -> Result<Vec<Outcome>> {
    let tx = client.transaction().await.map_err(failed(DOING))?;
    let locked =
        tx.query_one("SELECT seq FROM seller WHERE seller = $1 FOR UPDATE", &[&at.seller.0]).await;
    let first: i64 = locked.map_err(failed(DOING))?.get(0);
    let counted = tx
        .query_one(
            "SELECT documents FROM shelf WHERE seller = $1 AND shelf = $2",
            &[&at.seller.0, &at.shelf],
        )
        .await;
    let mut documents: i64 = counted.map_err(failed(DOING))?.get(0);
    let mut seq = first;
    let mut batch = Batch { heads: heads(&tx, at, arriving).await?, ..Batch::default() };
    let mut outcomes = Vec::with_capacity(arriving.len());
    for one in arriving {
        let head = batch.heads.get(&one.key);
        let around = match head {
            Some(head) if put == Put::Newer && plan::is_late(head, one) => {
                batch.around(&tx, at, head, one).await?
            }
            _ => Around::default(),
        };
        let outcome = match plan::decide(put, head, one, || Ok::<_, crate::Error>(around))? {
            Decision::Unchanged { heard } => {
                if heard {
                    batch.hear(one);
                } else {
                    batch.earlier_heard.extend(head.map(|head| (head.no, one)));
                }
                Outcome::Unchanged
            }
            Decision::Sooner { seq } => {
                batch.earlier_heard.extend(head.map(|head| (head.no, one)));
                batch.move_back(&tx, at, seq, one).await.map_err(failed(DOING))?;
                Outcome::Unchanged
            }
            Decision::Conflict => Outcome::Conflict,
            Decision::New { marks } => {
                documents += 1;
                seq += 1;
                batch.put(seq, documents, 1, one, marks, true);
                Outcome::New
            }
            Decision::Changed { marks } => {
                let (no, versions) = known(head);
                seq += 1;
                batch.put(seq, no, versions + 1, one, marks, true);
                batch.earlier_heard.push((no, one));
                Outcome::Changed
            }
            Decision::Late { marks, carried } => {
                let (no, versions) = known(head);
                seq += 1;
                batch.put(seq, no, versions + 1, one, marks, false);
                batch.earlier_heard.push((no, one));
                batch.carry(one, carried);
                Outcome::Changed
            }
        };
        outcomes.push(outcome);
    }
    batch.write_heard(&tx, at).await.map_err(failed(DOING))?;
    if seq > first {
        batch.write(&tx, at, keys).await?;
        seq = batch.write_carried(&tx, at, keys, seq).await?;
        let counters = [
            tx.execute("UPDATE seller SET seq = $2 WHERE seller = $1", &[&at.seller.0, &seq]).await,
            tx.execute(
                "UPDATE shelf SET documents = $3 WHERE seller = $1 AND shelf = $2",
                &[&at.seller.0, &at.shelf, &documents],
            )
            .await,
        ];
        for counter in counters {
            counter.map_err(failed(DOING))?;
        }
    }
    batch.write_earlier_heard(&tx, at).await.map_err(failed(DOING))?;
    tx.commit().await.map_err(failed("committing"))?;
    Ok(outcomes)
}

/// The number and the count of versions of a document that is known.
fn known(head: Option<&Head>) -> (i64, i64) {
    head.map(|head| (head.no, head.versions)).expect("only a known document changes")
}

async fn heads(
    tx: &Transaction<'_>,
    at: ShelfNo,
    arriving: &[Arriving],
) -> Result<HashMap<String, Head>> {
    let keys: Vec<&str> = arriving.iter().map(|one| one.key.as_str()).collect();
    let sql = "SELECT key, no, seq, versions, heard_at, changed_at, digest, marks FROM document
               WHERE seller = $1 AND shelf = $2 AND key = ANY($3)";
    let statement = tx.prepare_cached(sql).await.map_err(failed(DOING))?;
    let rows =
        tx.query(&statement, &[&at.seller.0, &at.shelf, &keys]).await.map_err(failed(DOING))?;
    let mut heads = HashMap::with_capacity(rows.len());
    for row in rows {
        let head = Head {
            no: row.get(1),
            seq: row.get(2),
            versions: row.get(3),
            heard_at: row.get(4),
            changed_at: row.get(5),
            digest: row.get(6),
            marks: unpack_marks(row.get(7))?,
        };
        heads.insert(row.get(0), head);
    }
    Ok(heads)
}

impl<'a> Batch<'a> {
    /// The current version of a document is heard again.
    fn hear(&mut self, arriving: &'a Arriving) {
        if let Some(head) = self.heads.get_mut(&arriving.key) {
            head.heard_at = arriving.observed_at;
        }
        match self.pointed.get_mut(arriving.key.as_str()) {
            Some(pointed) => pointed.head.heard_at = arriving.observed_at,
            None => drop(self.heard.insert(&arriving.key, arriving.observed_at)),
        }
    }

    fn put(
        &mut self,
        seq: i64,
        no: i64,
        version: i64,
        arriving: &'a Arriving,
        marks: Marks,
        current: bool,
    ) {
        if current {
            if let Some(before) = self.heads.get(&arriving.key) {
                self.replaced.entry(no).or_insert(before.seq);
            } else {
                // Nothing of it stands in the ledger yet.
                self.replaced.insert(no, 0);
            }
            let head = Head {
                no,
                seq,
                versions: version,
                heard_at: arriving.observed_at,
                changed_at: arriving.changed_at,
                digest: arriving.digest.to_vec(),
                marks: marks.clone(),
            };
            self.heads.insert(arriving.key.clone(), head.clone());
            let pointed = Pointed { head, version: self.versions.len(), arriving };
            self.pointed.insert(&arriving.key, pointed);
            self.counted.remove(arriving.key.as_str());
            self.heard.remove(arriving.key.as_str());
            // It was merged with all that is known.
            self.carried.remove(arriving.key.as_str());
        } else {
            if let Some(head) = self.heads.get_mut(&arriving.key) {
                head.versions = version;
            }
            match self.pointed.get_mut(arriving.key.as_str()) {
                Some(pointed) => pointed.head.versions = version,
                None => drop(self.counted.insert(&arriving.key, version)),
            }
        }
        self.versions.push(Version {
            seq,
            no,
            nth: version,
            arriving,
            observed_at: arriving.observed_at,
            marks,
        });
    }

    async fn write(&self, tx: &Transaction<'_>, at: ShelfNo, keys: &SellerKeys) -> Result<()> {
        self.write_versions(tx, at, keys).await.map_err(failed(DOING))?;
        self.write_documents(tx, at).await.map_err(failed(DOING))?;
        self.write_signatures(tx, at).await.map_err(failed(DOING))?;
        let (gone, come) = self.term_changes(tx, at).await?;
        write_terms(tx, at, gone, come).await.map_err(failed(DOING))
    }

    async fn write_heard(
        &self,
        tx: &Transaction<'_>,
        at: ShelfNo,
    ) -> std::result::Result<(), tokio_postgres::Error> {
        if self.heard.is_empty() {
            return Ok(());
        }
        let keys: Vec<&str> = self.heard.keys().copied().collect();
        let times: Vec<i64> = self.heard.values().copied().collect();
        let sql = "UPDATE document d SET heard_at = h.heard_at
                   FROM UNNEST($3::TEXT[], $4::BIGINT[]) AS h (key, heard_at)
                   WHERE d.seller = $1 AND d.shelf = $2 AND d.key = h.key";
        let statement = tx.prepare_cached(sql).await?;
        tx.execute(&statement, &[&at.seller.0, &at.shelf, &keys, &times]).await?;
        Ok(())
    }

    async fn write_versions(
        &self,
        tx: &Transaction<'_>,
        at: ShelfNo,
        keys: &SellerKeys,
    ) -> std::result::Result<(), tokio_postgres::Error> {
        let column =
            |of: fn(&Version<'_>) -> i64| self.versions.iter().map(of).collect::<Vec<i64>>();
        let text =
            |of: fn(&Version<'_>) -> String| self.versions.iter().map(of).collect::<Vec<String>>();
        let digests: Vec<&[u8]> =
            self.versions.iter().map(|version| version.arriving.digest.as_slice()).collect();
        let bodies: Vec<Vec<u8>> = self
            .versions
            .iter()
            .map(|version| keys.seal("version.body", version.seq, &version.arriving.body))
            .collect();
        let sql = "INSERT INTO version
             (seller, seq, shelf, no, key, version, observed_at, first_at, changed_at, media, digest, marks,
              terms, body)
             SELECT $1, v.seq, $2, v.no, v.key, v.version, v.observed_at, v.observed_at, v.changed_at, v.media, v.digest,
                    v.marks, v.terms, v.body
             FROM UNNEST($3::BIGINT[], $4::BIGINT[], $5::TEXT[], $6::BIGINT[], $7::BIGINT[], $8::BIGINT[],
                         $9::TEXT[], $10::BYTEA[], $11::TEXT[], $12::TEXT[], $13::BYTEA[])
             AS v (seq, no, key, version, observed_at, changed_at, media, digest, marks, terms, body)";
        tx.execute(
            &tx.prepare_cached(sql).await?,
            &[
                &at.seller.0,
                &at.shelf,
                &column(|version| version.seq),
                &column(|version| version.no),
                &text(|version| version.arriving.key.clone()),
                &column(|version| version.nth),
                &column(|version| version.observed_at),
                &column(|version| version.arriving.changed_at),
                &text(|version| version.arriving.media.name().to_owned()),
                &digests,
                &text(|version| pack_marks(&version.marks)),
                &text(|version| pack_terms(&version.arriving.terms)),
                &bodies,
            ],
        )
        .await?;
        Ok(())
    }

    async fn write_documents(
        &self,
        tx: &Transaction<'_>,
        at: ShelfNo,
    ) -> std::result::Result<(), tokio_postgres::Error> {
        let column =
            |of: fn(&Pointed<'_>) -> i64| self.pointed.values().map(of).collect::<Vec<i64>>();
        let text = |of: &dyn Fn(&Pointed<'_>) -> String| {
            self.pointed.values().map(of).collect::<Vec<String>>()
        };
        let digests: Vec<&[u8]> =
            self.pointed.values().map(|pointed| pointed.arriving.digest.as_slice()).collect();
        let marks = |pointed: &Pointed<'_>| pack_marks(&self.versions[pointed.version].marks);
        let card = |pointed: &Pointed<'_>| {
            let marks = &self.versions[pointed.version].marks;
            pack_card(&pointed.arriving.states, &plan::moments(pointed.arriving, marks))
        };
        let sql = "INSERT INTO document
             (seller, shelf, key, no, seq, versions, heard_at, changed_at, digest, marks, rank_at, rank_tie, card)
             SELECT $1, $2, d.key, d.no, d.seq, d.versions, d.heard_at, d.changed_at, d.digest, d.marks,
                    d.rank_at, d.rank_tie, d.card
             FROM UNNEST($3::TEXT[], $4::BIGINT[], $5::BIGINT[], $6::BIGINT[], $7::BIGINT[], $8::BIGINT[],
                         $9::BYTEA[], $10::TEXT[], $11::BIGINT[], $12::BIGINT[], $13::TEXT[])
             AS d (key, no, seq, versions, heard_at, changed_at, digest, marks, rank_at, rank_tie, card)
             ON CONFLICT (seller, shelf, key) DO UPDATE SET
             seq = excluded.seq, versions = excluded.versions, heard_at = excluded.heard_at,
             changed_at = excluded.changed_at, digest = excluded.digest, marks = excluded.marks,
             rank_at = excluded.rank_at, rank_tie = excluded.rank_tie, card = excluded.card";
        tx.execute(
            &tx.prepare_cached(sql).await?,
            &[
                &at.seller.0,
                &at.shelf,
                &text(&|pointed| pointed.arriving.key.clone()),
                &column(|pointed| pointed.head.no),
                &column(|pointed| pointed.head.seq),
                &column(|pointed| pointed.head.versions),
                &column(|pointed| pointed.head.heard_at),
                &column(|pointed| pointed.arriving.changed_at),
                &digests,
                &text(&marks),
                &column(|pointed| pointed.arriving.rank.at),
                &column(|pointed| pointed.arriving.rank.tie),
                &text(&card),
            ],
        )
        .await?;
        for (key, versions) in &self.counted {
            tx.execute(
                "UPDATE document SET versions = $4 WHERE seller = $1 AND shelf = $2 AND key = $3",
                &[&at.seller.0, &at.shelf, key, versions],
            )
            .await?;
        }
        Ok(())
    }

    async fn write_signatures(
        &self,
        tx: &Transaction<'_>,
        at: ShelfNo,
    ) -> std::result::Result<(), tokio_postgres::Error> {
        let changed: Vec<i64> =
            self.replaced.iter().filter(|(_, before)| **before != 0).map(|(no, _)| *no).collect();
        if !changed.is_empty() {
            tx.execute(
                "DELETE FROM text_signature WHERE seller = $1 AND shelf = $2 AND no = ANY($3)",
                &[&at.seller.0, &at.shelf, &changed],
            )
            .await?;
        }
        let (mut texts, mut numbers, mut signatures) = (Vec::new(), Vec::new(), Vec::new());
        for pointed in self.pointed.values() {
            for (text, signature) in &pointed.arriving.signatures {
                texts.push(text.name());
                numbers.push(pointed.head.no);
                signatures.push(signature.as_slice());
            }
        }
        let sql = "INSERT INTO text_signature (seller, shelf, text, no, signature)
                   SELECT $1, $2, s.text, s.no, s.signature
                   FROM UNNEST($3::TEXT[], $4::BIGINT[], $5::BYTEA[]) AS s (text, no, signature)";
        tx.execute(
            &tx.prepare_cached(sql).await?,
            &[&at.seller.0, &at.shelf, &texts, &numbers, &signatures],
        )
        .await?;
        Ok(())
    }

    async fn term_changes(&self, tx: &Transaction<'_>, at: ShelfNo) -> Result<(Terms, Terms)> {
        let before: Vec<i64> = self.replaced.values().copied().filter(|seq| *seq != 0).collect();
        let mut old: HashMap<i64, Vec<(Term, String)>> = HashMap::new();
        if !before.is_empty() {
            let sql = "SELECT no, terms FROM version WHERE seller = $1 AND seq = ANY($2)";
            for row in tx.query(sql, &[&at.seller.0, &before]).await.map_err(failed(DOING))? {
                old.insert(row.get(0), unpack_terms(row.get(1))?);
            }
        }
        let (mut gone, mut come) = (Terms::default(), Terms::default());
        for pointed in self.pointed.values() {
            let no = pointed.head.no;
            let was = old.get(&no).map_or(&[][..], Vec::as_slice);
            let change = plan::term_change(was, &pointed.arriving.terms);
            change.gone.into_iter().for_each(|term| gone.push(term, no));
            change.come.into_iter().for_each(|term| come.push(term, no));
        }
        Ok((gone, come))
    }
}

/// Rows of the term table as columns.
#[derive(Default)]
struct Terms {
    words: Vec<i64>,
    values: Vec<String>,
    numbers: Vec<i64>,
}

impl Terms {
    fn push(&mut self, (term, value): (Term, String), no: i64) {
        self.words.push(term.code());
        self.values.push(value);
        self.numbers.push(no);
    }
}

async fn write_terms(
    tx: &Transaction<'_>,
    at: ShelfNo,
    gone: Terms,
    come: Terms,
) -> std::result::Result<(), tokio_postgres::Error> {
    if !gone.words.is_empty() {
        let sql = "DELETE FROM term t USING UNNEST($3::BIGINT[], $4::TEXT[], $5::BIGINT[]) AS g (term, value, no)
                   WHERE t.seller = $1 AND t.shelf = $2 AND t.term = g.term AND t.value = g.value AND t.no = g.no";
        tx.execute(sql, &[&at.seller.0, &at.shelf, &gone.words, &gone.values, &gone.numbers])
            .await?;
    }
    let sql = "INSERT INTO term (seller, term, value, shelf, no)
               SELECT $1, c.term, c.value, $2, c.no
               FROM UNNEST($3::BIGINT[], $4::TEXT[], $5::BIGINT[]) AS c (term, value, no)
               ON CONFLICT DO NOTHING";
    tx.execute(
        &tx.prepare_cached(sql).await?,
        &[&at.seller.0, &at.shelf, &come.words, &come.values, &come.numbers],
    )
    .await?;
    Ok(())
}
