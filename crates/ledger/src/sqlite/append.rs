//! Adding documents: one decision a document, all of a batch in the caller's savepoint.

mod late;

use std::collections::{BTreeMap, HashMap};

use hoesu_claims::Term;
use hoesu_claims::document::Marks;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::keys::SellerKeys;
use crate::plan::{self, Around, Decision};
use crate::store::{
    Arriving, Head, ShelfNo, pack_card, pack_marks, pack_terms, unpack_marks, unpack_terms,
};
use crate::{Outcome, Put};

/// A document's terms before and after this batch.
#[derive(Default)]
struct Terms {
    old: Vec<(Term, String)>,
    new: Vec<(Term, String)>,
}

struct Batch<'a> {
    tx: &'a Connection,
    at: ShelfNo,
    keys: &'a SellerKeys,
    seq: i64,
    documents: i64,
    terms: HashMap<i64, Terms>,
    /// Documents whose current version goes on with marks that were told late.
    carried: BTreeMap<String, Marks>,
}

pub(super) fn append(
    tx: &Connection,
    at: ShelfNo,
    put: Put,
    arriving: &[Arriving],
    keys: &SellerKeys,
) -> rusqlite::Result<Vec<Outcome>> {
    let seq = tx
        .prepare_cached("SELECT seq FROM seller WHERE seller = ?1")?
        .query_row([at.seller.0], |row| row.get(0))?;
    let documents = tx
        .prepare_cached("SELECT documents FROM shelf WHERE seller = ?1 AND shelf = ?2")?
        .query_row(params![at.seller.0, at.shelf], |row| row.get(0))?;
    let mut batch =
        Batch { tx, at, keys, seq, documents, terms: HashMap::new(), carried: BTreeMap::new() };
    let outcomes =
        arriving.iter().map(|one| batch.add(put, one)).collect::<rusqlite::Result<_>>()?;
    if batch.seq > seq {
        batch.finish()?;
    }
    Ok(outcomes)
}

impl Batch<'_> {
    fn add(&mut self, put: Put, arriving: &Arriving) -> rusqlite::Result<Outcome> {
        let head = self.head(&arriving.key)?;
        let decision = plan::decide(put, head.as_ref(), arriving, || match &head {
            Some(head) => self.around(head, arriving),
            None => Ok(Around::default()),
        })?;
        match decision {
            Decision::Unchanged { heard } => {
                if heard {
                    self.hear(arriving)?;
                } else if let Some(head) = &head {
                    self.heard_earlier(head.no, arriving)?;
                }
                Ok(Outcome::Unchanged)
            }
            Decision::Sooner { seq } => {
                let head = head.expect("only a known document has versions");
                self.heard_earlier(head.no, arriving)?;
                self.move_back(seq, arriving)?;
                Ok(Outcome::Unchanged)
            }
            Decision::Conflict => Ok(Outcome::Conflict),
            Decision::New { marks } => {
                self.documents += 1;
                let no = self.documents;
                self.terms.insert(no, Terms { old: Vec::new(), new: arriving.terms.clone() });
                self.put_version(no, 1, arriving, &marks)?;
                self.put_document(no, 1, arriving, &marks)?;
                Ok(Outcome::New)
            }
            Decision::Changed { marks } => {
                let head = head.expect("only a known document changes");
                // It was merged with all that is known.
                self.carried.remove(&arriving.key);
                let old = self.terms_of(head.seq)?;
                self.terms
                    .entry(head.no)
                    .or_insert(Terms { old, new: Vec::new() })
                    .new
                    .clone_from(&arriving.terms);
                self.put_version(head.no, head.versions + 1, arriving, &marks)?;
                self.put_document(head.no, head.versions + 1, arriving, &marks)?;
                Ok(Outcome::Changed)
            }
            Decision::Late { marks, carried } => {
                let head = head.expect("only of a known document something is late");
                self.put_version(head.no, head.versions + 1, arriving, &marks)?;
                self.count_version(&arriving.key)?;
                self.heard_earlier(head.no, arriving)?;
                if let Some(marks) = carried {
                    self.mark(&arriving.key, &marks)?;
                    self.carried.insert(arriving.key.clone(), marks);
                }
                Ok(Outcome::Changed)
            }
        }
    }

    fn head(&self, key: &str) -> rusqlite::Result<Option<Head>> {
        self.tx
            .prepare_cached(
                "SELECT no, seq, versions, heard_at, changed_at, digest, marks FROM document
                 WHERE seller = ?1 AND shelf = ?2 AND key = ?3",
            )?
            .query_row(params![self.at.seller.0, self.at.shelf, key], |row| {
                let marks: String = row.get(6)?;
                Ok(Head {
                    no: row.get(0)?,
                    seq: row.get(1)?,
                    versions: row.get(2)?,
                    heard_at: row.get(3)?,
                    changed_at: row.get(4)?,
                    digest: row.get(5)?,
                    marks: marks_from(&marks)?,
                })
            })
            .optional()
    }

    fn terms_of(&self, seq: i64) -> rusqlite::Result<Vec<(Term, String)>> {
        let text: String = self
            .tx
            .prepare_cached("SELECT terms FROM version WHERE seller = ?1 AND seq = ?2")?
            .query_row(params![self.at.seller.0, seq], |row| row.get(0))?;
        unpack_terms(&text).map_err(unreadable)
    }

    fn put_version(
        &mut self,
        no: i64,
        version: i64,
        arriving: &Arriving,
        marks: &Marks,
    ) -> rusqlite::Result<()> {
        self.seq += 1;
        let first_at = if version == 1 { None } else { self.first_heard(no, arriving)? };
        let body = self.keys.seal("version.body", self.seq, &arriving.body);
        self.tx
            .prepare_cached(
                "INSERT INTO version
                 (seller, seq, shelf, no, key, version, observed_at, first_at, changed_at, media, digest, marks,
                  terms, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .execute(params![
                self.at.seller.0,
                self.seq,
                self.at.shelf,
                no,
                arriving.key,
                version,
                arriving.observed_at,
                first_at.map_or(arriving.observed_at, |at| at.min(arriving.observed_at)),
                arriving.changed_at,
                arriving.media.name(),
                arriving.digest,
                pack_marks(marks),
                pack_terms(&arriving.terms),
                body
            ])?;
        Ok(())
    }

    /// Points the document at the version just put.
    fn put_document(
        &self,
        no: i64,
        versions: i64,
        arriving: &Arriving,
        marks: &Marks,
    ) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached(
                "INSERT INTO document
                 (seller, shelf, key, no, seq, versions, heard_at, changed_at, digest, marks, rank_at, rank_tie, card)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                 ON CONFLICT (seller, shelf, key) DO UPDATE SET
                 seq = excluded.seq, versions = excluded.versions, heard_at = excluded.heard_at,
                 changed_at = excluded.changed_at, digest = excluded.digest, marks = excluded.marks,
                 rank_at = excluded.rank_at, rank_tie = excluded.rank_tie, card = excluded.card",
            )?
            .execute(params![
                self.at.seller.0,
                self.at.shelf,
                arriving.key,
                no,
                self.seq,
                versions,
                arriving.observed_at,
                arriving.changed_at,
                arriving.digest,
                pack_marks(marks),
                arriving.rank.at,
                arriving.rank.tie,
                pack_card(&arriving.states, &plan::moments(arriving, marks))
            ])?;
        self.put_signatures(no, versions, arriving)
    }

    fn put_signatures(&self, no: i64, versions: i64, arriving: &Arriving) -> rusqlite::Result<()> {
        if versions > 1 {
            self.tx
                .prepare_cached("DELETE FROM text_signature WHERE seller = ?1 AND shelf = ?2 AND text = ?3 AND no = ?4")
                .and_then(|mut gone| {
                    for text in hoesu_claims::Text::ALL {
                        gone.execute(params![self.at.seller.0, self.at.shelf, text.name(), no])?;
                    }
                    Ok(())
                })?;
        }
        let mut put = self.tx.prepare_cached(
            "INSERT INTO text_signature (seller, shelf, text, no, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (text, signature) in &arriving.signatures {
            put.execute(params![self.at.seller.0, self.at.shelf, text.name(), no, signature])?;
        }
        Ok(())
    }

    /// When a document was first heard saying this, as far as is known.
    fn first_heard(&self, no: i64, arriving: &Arriving) -> rusqlite::Result<Option<i64>> {
        self.tx
            .prepare_cached(
                "SELECT min(first_at) FROM version
                 WHERE seller = ?1 AND shelf = ?2 AND no = ?3 AND digest = ?4",
            )?
            .query_row(params![self.at.seller.0, self.at.shelf, no, arriving.digest], |row| {
                row.get(0)
            })
    }

    fn hear(&self, arriving: &Arriving) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached(
                "UPDATE document SET heard_at = ?4 WHERE seller = ?1 AND shelf = ?2 AND key = ?3",
            )?
            .execute(params![
                self.at.seller.0,
                self.at.shelf,
                arriving.key,
                arriving.observed_at
            ])?;
        Ok(())
    }

    fn count_version(&self, key: &str) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached(
                "UPDATE document SET versions = versions + 1 WHERE seller = ?1 AND shelf = ?2 AND key = ?3",
            )?
            .execute(params![self.at.seller.0, self.at.shelf, key])?;
        Ok(())
    }

    /// Writes what was carried, the changed terms in the order they lie in, and the counters.
    fn finish(mut self) -> rusqlite::Result<()> {
        for (key, marks) in std::mem::take(&mut self.carried) {
            self.carry(&key, &marks)?;
        }
        let mut gone = Vec::new();
        let mut come = Vec::new();
        for (no, terms) in &self.terms {
            let change = plan::term_change(&terms.old, &terms.new);
            gone.extend(change.gone.into_iter().map(|(term, value)| (term.code(), value, *no)));
            come.extend(change.come.into_iter().map(|(term, value)| (term.code(), value, *no)));
        }
        come.sort_unstable();
        let mut delete = self.tx.prepare_cached(
            "DELETE FROM term WHERE seller = ?1 AND term = ?2 AND value = ?3 AND shelf = ?4 AND no = ?5",
        )?;
        for (term, value, no) in gone {
            delete.execute(params![self.at.seller.0, term, value, self.at.shelf, no])?;
        }
        let mut insert = self.tx.prepare_cached(
            "INSERT INTO term (seller, term, value, shelf, no) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?;
        for (term, value, no) in come {
            insert.execute(params![self.at.seller.0, term, value, self.at.shelf, no])?;
        }
        self.tx
            .prepare_cached("UPDATE seller SET seq = ?2 WHERE seller = ?1")?
            .execute(params![self.at.seller.0, self.seq])?;
        self.tx
            .prepare_cached("UPDATE shelf SET documents = ?3 WHERE seller = ?1 AND shelf = ?2")?
            .execute(params![self.at.seller.0, self.at.shelf, self.documents])?;
        Ok(())
    }
}

fn marks_from(text: &str) -> rusqlite::Result<Marks> {
    unpack_marks(text).map_err(unreadable)
}

fn unreadable(error: crate::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
