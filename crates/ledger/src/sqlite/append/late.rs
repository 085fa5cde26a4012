//! What is heard late: after something that was observed later.

use hoesu_claims::document::Marks;
use rusqlite::{OptionalExtension as _, params};

use super::super::cases;
use super::{Batch, marks_from, unreadable};
use crate::plan::{self, Around, Said};
use crate::store::{Arriving, Head, pack_card, pack_marks, unpack_card};

impl Batch<'_> {
    /// The versions a late one was observed between.
    pub(super) fn around(&self, head: &Head, arriving: &Arriving) -> rusqlite::Result<Around> {
        let said = |sql| {
            let place = (arriving.observed_at, arriving.changed_at);
            self.tx
                .prepare_cached(sql)?
                .query_row(
                    params![self.at.seller.0, self.at.shelf, head.no, place.0, place.1],
                    |row| {
                        let marks: String = row.get(2)?;
                        let marks = marks_from(&marks)?;
                        Ok(Said { seq: row.get(0)?, digest: row.get(1)?, marks })
                    },
                )
                .optional()
        };
        let before = said(
            "SELECT seq, digest, marks FROM version WHERE seller = ?1 AND shelf = ?2 AND no = ?3
             AND (observed_at, changed_at) <= (?4, ?5)
             ORDER BY observed_at DESC, changed_at DESC, seq DESC LIMIT 1",
        )?;
        let after = said(
            "SELECT seq, digest, marks FROM version WHERE seller = ?1 AND shelf = ?2 AND no = ?3
             AND (observed_at, changed_at) > (?4, ?5)
             ORDER BY observed_at, changed_at, seq LIMIT 1",
        )?;
        Ok(Around { before, after })
    }

    /// A version was observed sooner than was known.
    pub(super) fn move_back(&self, seq: i64, arriving: &Arriving) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached("UPDATE version SET observed_at = ?3 WHERE seller = ?1 AND seq = ?2")?
            .execute(params![self.at.seller.0, seq, arriving.observed_at])?;
        cases::wake_document(self.tx, self.at, &arriving.key)
    }

    /// A document was heard saying this before it was known to: what has no time of its own happened
    /// earlier.
    pub(super) fn heard_earlier(&self, no: i64, arriving: &Arriving) -> rusqlite::Result<()> {
        let moved = self
            .tx
            .prepare_cached(
                "UPDATE version SET first_at = ?5 WHERE seller = ?1 AND shelf = ?2 AND no = ?3
                 AND digest = ?4 AND first_at > ?5",
            )?
            .execute(params![
                self.at.seller.0,
                self.at.shelf,
                no,
                arriving.digest,
                arriving.observed_at
            ])?;
        if moved > 0 { cases::wake_document(self.tx, self.at, &arriving.key) } else { Ok(()) }
    }

    /// What is known of a document from now on.
    pub(super) fn mark(&self, key: &str, marks: &Marks) -> rusqlite::Result<()> {
        self.tx
            .prepare_cached(
                "UPDATE document SET marks = ?4 WHERE seller = ?1 AND shelf = ?2 AND key = ?3",
            )?
            .execute(params![self.at.seller.0, self.at.shelf, key, pack_marks(marks)])?;
        Ok(())
    }

    /// The current version of a document goes on with marks that were told late.
    pub(super) fn carry(&mut self, key: &str, marks: &Marks) -> rusqlite::Result<()> {
        let (current, card, sealed): (i64, String, Vec<u8>) = self
            .tx
            .prepare_cached(
                "SELECT d.seq, d.card, v.body FROM document d
                 JOIN version v ON v.seller = d.seller AND v.seq = d.seq
                 WHERE d.seller = ?1 AND d.shelf = ?2 AND d.key = ?3",
            )?
            .query_row(params![self.at.seller.0, self.at.shelf, key], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let body = self.keys.open("version.body", current, &sealed).map_err(unreadable)?;
        let (states, moments) = unpack_card(&card).map_err(unreadable)?;
        self.seq += 1;
        self.tx
            .prepare_cached(
                "INSERT INTO version
                 (seller, seq, shelf, no, key, version, observed_at, first_at, changed_at, media, digest, marks,
                  terms, body)
                 SELECT v.seller, ?3, v.shelf, v.no, v.key, d.versions + 1, d.heard_at, v.first_at, v.changed_at,
                        v.media, v.digest, ?4, v.terms, ?5
                 FROM version v JOIN document d ON d.seller = v.seller AND d.shelf = v.shelf AND d.key = v.key
                 WHERE v.seller = ?1 AND v.seq = ?2",
            )?
            .execute(params![
                self.at.seller.0,
                current,
                self.seq,
                pack_marks(marks),
                self.keys.seal("version.body", self.seq, &body)
            ])?;
        self.tx
            .prepare_cached(
                "UPDATE document SET seq = ?4, versions = versions + 1, card = ?5
                 WHERE seller = ?1 AND shelf = ?2 AND key = ?3",
            )?
            .execute(params![
                self.at.seller.0,
                self.at.shelf,
                key,
                self.seq,
                pack_card(&states, &plan::with_marks(moments, marks))
            ])?;
        Ok(())
    }
}
