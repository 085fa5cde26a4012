//! Adding documents: read what is known of a batch, decide in memory, write what came of it; all in
//! the caller's savepoint.

use hoesu_claims::Term;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::Put;
use crate::keys::SellerKeys;
use crate::plan::AppendResult;
use crate::plan::{self, Batch, Body, Content, Head, Hearing, Known, KnownMarks, Version};
use crate::store::{
    Arriving, ShelfNo, pack_card, pack_marks, pack_terms, unpack_card, unpack_terms,
};

pub(super) fn append(
    tx: &Connection,
    at: ShelfNo,
    put: Put,
    arriving: &[Arriving],
    keys: &SellerKeys,
) -> rusqlite::Result<AppendResult> {
    let seq = tx
        .prepare_cached("SELECT seq FROM seller WHERE seller = ?1")?
        .query_row([at.seller.0], |row| row.get(0))?;
    let documents = tx
        .prepare_cached("SELECT documents FROM shelf WHERE seller = ?1 AND shelf = ?2")?
        .query_row(params![at.seller.0, at.shelf], |row| row.get(0))?;
    let known = known(tx, at, arriving, keys)?;
    let batch = Batch::decide(put, (seq, documents), known, arriving);
    let writing = Writing { tx, at, keys, batch: &batch };
    writing.hearings()?;
    if batch.seq > seq {
        writing.versions_and_documents()?;
    }
    Ok(AppendResult::of(batch))
}

fn known(
    tx: &Connection,
    at: ShelfNo,
    arriving: &[Arriving],
    keys: &SellerKeys,
) -> rusqlite::Result<Known> {
    let mut known = Known::default();
    let mut head_of = tx.prepare_cached(
        "SELECT no, seq, versions, first_at, heard_at, received, changed_at, digest, marks, dated FROM document
         WHERE seller = ?1 AND shelf = ?2 AND key = ?3",
    )?;
    for one in arriving {
        if known.heads.contains_key(&one.key) {
            continue;
        }
        let row = params![at.seller.0, at.shelf, one.key];
        if let Some((head, first_at)) = head_of.query_row(row, head_row).optional()? {
            known.head(one.key.clone(), head, first_at);
        }
    }
    let mut content_of = tx.prepare_cached(
        "SELECT first_at, last_at, received FROM version
         WHERE seller = ?1 AND shelf = ?2 AND no = ?3 AND digest = ?4 LIMIT 1",
    )?;
    for (no, digest) in known.unread(arriving) {
        let row = params![at.seller.0, at.shelf, no, digest];
        if let Some(content) = content_of.query_row(row, content_row).optional()? {
            known.contents.insert((no, *digest), content);
        }
    }
    let mut body_of =
        tx.prepare_cached("SELECT body FROM version WHERE seller = ?1 AND seq = ?2")?;
    for (key, seq) in known.tied(arriving) {
        let body: Vec<u8> = body_of.query_row(params![at.seller.0, seq], |row| row.get(0))?;
        known.body(&key, keys.open("version.body", seq, &body).map_err(unreadable)?);
    }
    Ok(known)
}

fn head_row(row: &Row<'_>) -> rusqlite::Result<(Head, i64)> {
    let head = Head {
        no: row.get(0)?,
        seq: row.get(1)?,
        versions: row.get(2)?,
        last: Hearing { heard_at: row.get(4)?, received: row.get(5)? },
        changed_at: row.get(6)?,
        dated: row.get(9)?,
        digest: row.get(7)?,
        marks: KnownMarks::unpack(row.get_ref(8)?.as_str()?).map_err(unreadable)?,
    };
    Ok((head, row.get(3)?))
}

fn content_row(row: &Row<'_>) -> rusqlite::Result<Content> {
    let last = Hearing { heard_at: row.get(1)?, received: row.get(2)? };
    Ok(Content { first_at: row.get(0)?, last })
}

/// A version as it lies in the ledger.
struct Stored {
    media: String,
    terms: String,
    body: Vec<u8>,
}

struct Writing<'b> {
    tx: &'b Connection,
    at: ShelfNo,
    keys: &'b SellerKeys,
    batch: &'b Batch<'b>,
}

impl Writing<'_> {
    fn versions_and_documents(&self) -> rusqlite::Result<()> {
        for version in &self.batch.versions {
            self.put_version(version)?;
        }
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for (key, body) in &self.batch.pointed {
            self.put_document(key, *body)?;
            if let Body::Arriving(arriving) = *body {
                let no = self.batch.head(key).no;
                let replaced = self.batch.replaced.get(&no);
                self.put_signatures(no, replaced.is_some(), arriving)?;
                let old = replaced.map(|seq| self.terms_of(*seq)).transpose()?.unwrap_or_default();
                let change = plan::term_change(&old, &arriving.terms);
                gone.extend(change.gone.into_iter().map(|(term, value)| (term.code(), value, no)));
                come.extend(change.come.into_iter().map(|(term, value)| (term.code(), value, no)));
            }
        }
        self.put_terms(gone, come)?;
        let ShelfNo { seller, shelf } = self.at;
        self.tx
            .prepare_cached("UPDATE seller SET seq = ?2 WHERE seller = ?1")?
            .execute(params![seller.0, self.batch.seq])?;
        self.tx
            .prepare_cached("UPDATE shelf SET documents = ?3 WHERE seller = ?1 AND shelf = ?2")?
            .execute(params![seller.0, shelf, self.batch.documents])?;
        Ok(())
    }

    fn put_version(&self, version: &Version<'_>) -> rusqlite::Result<()> {
        let (media, terms, body) = match version.body {
            Body::Arriving(one) => {
                let body = self.keys.seal("version.body", version.seq, &one.body);
                (one.media.name().to_owned(), pack_terms(&one.terms), body)
            }
            Body::Stored(seq) => {
                let Stored { media, terms, body } = self.stored(seq)?;
                let body = self.keys.open("version.body", seq, &body).map_err(unreadable)?;
                (media, terms, self.keys.seal("version.body", version.seq, &body))
            }
        };
        let content = self.batch.content(version);
        self.tx
            .prepare_cached(
                "INSERT INTO version
                 (seller, seq, shelf, no, key, version, observed_at, first_at, last_at, received, changed_at,
                  media, digest, marks, terms, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            )?
            .execute(params![
                self.at.seller.0,
                version.seq,
                self.at.shelf,
                version.no,
                version.key,
                version.nth,
                self.batch.heard_at(version),
                content.first_at,
                content.last.heard_at,
                content.last.received,
                version.changed_at,
                media,
                version.digest,
                pack_marks(&version.marks),
                terms,
                body
            ])?;
        Ok(())
    }

    /// Points a document at its current version.
    fn put_document(&self, key: &str, body: Body<'_>) -> rusqlite::Result<()> {
        let head = self.batch.head(key);
        let marks = head.marks.values();
        let (rank, card) = match body {
            Body::Arriving(one) => {
                (Some(one.rank), pack_card(&one.states, &plan::moments(one, &marks)))
            }
            Body::Stored(_) => {
                let (states, moments) = self.card_of(key)?;
                let moments =
                    plan::with_other_marks(moments, &self.batch.marks_before(key), &marks);
                (None, pack_card(&states, &moments))
            }
        };
        self.tx
            .prepare_cached(
                "INSERT INTO document
                 (seller, shelf, key, no, seq, versions, first_at, heard_at, received, changed_at, digest, marks,
                  rank_at, rank_tie, card, dated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, coalesce(?13, 0), coalesce(?14, 0), ?15, ?16)
                 ON CONFLICT (seller, shelf, key) DO UPDATE SET
                 seq = excluded.seq, versions = excluded.versions, first_at = excluded.first_at,
                 heard_at = excluded.heard_at, received = excluded.received,
                 changed_at = excluded.changed_at, digest = excluded.digest, marks = excluded.marks,
                 dated = excluded.dated, rank_at = coalesce(?13, rank_at), rank_tie = coalesce(?14, rank_tie), card = excluded.card",
            )?
            .execute(params![
                self.at.seller.0,
                self.at.shelf,
                key,
                head.no,
                head.seq,
                head.versions,
                self.batch.first_at(key),
                head.last.heard_at,
                head.last.received,
                head.changed_at,
                head.digest,
                head.marks.pack(),
                rank.map(|rank| rank.at),
                rank.map(|rank| rank.tie),
                card,
                head.dated
            ])?;
        Ok(())
    }

    /// When known contents were heard, now that more is known.
    fn hearings(&self) -> rusqlite::Result<()> {
        let ShelfNo { seller, shelf } = self.at;
        let mut heard = self.tx.prepare_cached(
            "UPDATE document SET versions = ?4, first_at = ?5, heard_at = ?6, received = ?7, marks = ?8
             WHERE seller = ?1 AND shelf = ?2 AND key = ?3",
        )?;
        for key in &self.batch.heard {
            let head = self.batch.head(key);
            heard.execute(params![
                seller.0,
                shelf,
                key,
                head.versions,
                self.batch.first_at(key),
                head.last.heard_at,
                head.last.received,
                head.marks.pack()
            ])?;
        }
        // A version that was heard first of its content is as old as the content.
        let mut interval = self.tx.prepare_cached(
            "UPDATE version SET observed_at = CASE WHEN observed_at = first_at THEN ?5 ELSE observed_at END,
             first_at = ?5, last_at = ?6, received = ?7
             WHERE seller = ?1 AND shelf = ?2 AND no = ?3 AND digest = ?4
             AND (first_at <> ?5 OR last_at <> ?6 OR received <> ?7)",
        )?;
        for plan::Interval { no, digest, content: Content { first_at, last } } in
            self.batch.intervals()
        {
            let Hearing { heard_at, received } = last;
            interval.execute(params![seller.0, shelf, no, digest, first_at, heard_at, received])?;
        }
        Ok(())
    }

    fn put_signatures(&self, no: i64, known: bool, arriving: &Arriving) -> rusqlite::Result<()> {
        let ShelfNo { seller, shelf } = self.at;
        if known {
            let mut gone = self.tx.prepare_cached(
                "DELETE FROM text_signature WHERE seller = ?1 AND shelf = ?2 AND text = ?3 AND no = ?4",
            )?;
            for text in hoesu_claims::Text::ALL {
                gone.execute(params![seller.0, shelf, text.name(), no])?;
            }
        }
        let mut put = self.tx.prepare_cached(
            "INSERT INTO text_signature (seller, shelf, text, no, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (text, signature) in &arriving.signatures {
            put.execute(params![seller.0, shelf, text.name(), no, signature])?;
        }
        Ok(())
    }

    /// Writes the changed terms in the order they lie in.
    fn put_terms(
        &self,
        gone: Vec<(i64, String, i64)>,
        mut come: Vec<(i64, String, i64)>,
    ) -> rusqlite::Result<()> {
        let ShelfNo { seller, shelf } = self.at;
        let mut delete = self.tx.prepare_cached(
            "DELETE FROM term WHERE seller = ?1 AND term = ?2 AND value = ?3 AND shelf = ?4 AND no = ?5",
        )?;
        for (term, value, no) in gone {
            delete.execute(params![seller.0, term, value, shelf, no])?;
        }
        come.sort_unstable();
        let mut insert = self.tx.prepare_cached(
            "INSERT INTO term (seller, term, value, shelf, no) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?;
        for (term, value, no) in come {
            insert.execute(params![seller.0, term, value, shelf, no])?;
        }
        Ok(())
    }

    fn stored(&self, seq: i64) -> rusqlite::Result<Stored> {
        self.tx
            .prepare_cached(
                "SELECT media, terms, body FROM version WHERE seller = ?1 AND seq = ?2",
            )?
            .query_row(params![self.at.seller.0, seq], |row| {
                Ok(Stored { media: row.get(0)?, terms: row.get(1)?, body: row.get(2)? })
            })
    }

    fn terms_of(&self, seq: i64) -> rusqlite::Result<Vec<(Term, String)>> {
        unpack_terms(&self.stored(seq)?.terms).map_err(unreadable)
    }

    fn card_of(&self, key: &str) -> rusqlite::Result<crate::store::CardWords> {
        let card: String = self
            .tx
            .prepare_cached(
                "SELECT card FROM document WHERE seller = ?1 AND shelf = ?2 AND key = ?3",
            )?
            .query_row(params![self.at.seller.0, self.at.shelf, key], |row| row.get(0))?;
        unpack_card(&card).map_err(unreadable)
    }
}

fn unreadable(error: crate::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
