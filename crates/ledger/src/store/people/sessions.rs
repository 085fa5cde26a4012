//! Sessions of people.

use hoesu_claims::SellerId;

use super::{PERSON, PersonRow};
use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::people::PersonId;
use crate::{Error, Result};

/// Opens a session under the next number and answers that; `instead` ends, and so do the seller's
/// sessions opened before the first or last seen before the second of `old`.
pub(crate) async fn open_session(
    tx: &mut Tx<'_>,
    row: SessionRow,
    instead: i64,
    old: (i64, i64),
) -> Result<i64> {
    tx.take_directory_turn().await?;
    let SessionRow { home, session: _, person, hash, stage, shown, opened_at, seen_at } = row;
    end_session(tx, home, instead).await?;
    let sql = "DELETE FROM session WHERE seller = ?1 AND (opened_at < ?2 OR seen_at < ?3)";
    tx.run(sql, &values![home, old.0, old.1]).await?;
    let sql = "INSERT INTO session
             (seller, session, person, hash, stage, shown, opened_at, seen_at)
         SELECT ?1, coalesce(max(session), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7
         FROM session WHERE seller = ?1 RETURNING session";
    let row = values![home, person, hash, stage.name(), shown, opened_at, seen_at];
    tx.row(sql, &row).await?.ok_or(Error::Unreadable("session's number"))
}

/// A session, and whose it is.
pub(crate) async fn session(
    tx: &mut Tx<'_>,
    home: SellerId,
    no: i64,
) -> Result<Option<(PersonRow, SessionRow)>> {
    let sql = format!(
        "SELECT {PERSON},
             s.seller, s.session, s.person, s.hash, s.stage, s.shown, s.opened_at, s.seen_at
         FROM session s JOIN person p ON p.seller = s.seller AND p.person = s.person
         WHERE s.seller = ?1 AND s.session = ?2"
    );
    tx.row(&sql, &values![home, no]).await
}

/// Says when a session was seen last.
pub(crate) async fn seen(tx: &mut Tx<'_>, home: SellerId, no: i64, now: i64) -> Result<()> {
    let sql = "UPDATE session SET seen_at = ?3 WHERE seller = ?1 AND session = ?2 AND seen_at < ?3";
    tx.run(sql, &values![home, no, now]).await.map(drop)
}

/// Says which seller a session looks at.
pub(crate) async fn show(tx: &mut Tx<'_>, home: SellerId, no: i64, shown: SellerId) -> Result<()> {
    let sql = "UPDATE session SET shown = ?3 WHERE seller = ?1 AND session = ?2";
    tx.run(sql, &values![home, no, shown]).await.map(drop)
}

/// Ends a session.
pub(crate) async fn end_session(tx: &mut Tx<'_>, home: SellerId, no: i64) -> Result<()> {
    let sql = "DELETE FROM session WHERE seller = ?1 AND session = ?2";
    tx.run(sql, &values![home, no]).await.map(drop)
}

/// Ends all sessions of a person but `keep`; there is no session 0.
pub(crate) async fn end_sessions(tx: &mut Tx<'_>, id: PersonId, keep: i64) -> Result<()> {
    let sql = "DELETE FROM session WHERE seller = ?1 AND person = ?2 AND session <> ?3";
    tx.run(sql, &values![id.home, id.no, keep]).await.map(drop)
}

/// How far a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// A code is asked for.
    Code,
    /// Signed in.
    Open,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Open => "open",
        }
    }
}

impl FromRow for Stage {
    const COLUMNS: usize = 1;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let name = String::read(row, at)?;
        let stage = [Self::Code, Self::Open].into_iter().find(|stage| stage.name() == name);
        stage.ok_or(RowError::Unreadable("session's stage"))
    }
}

/// A session's row; `session` is not looked at on the way in.
pub(crate) struct SessionRow {
    pub(crate) home: SellerId,
    pub(crate) session: i64,
    pub(crate) person: i64,
    /// SHA-256 of the secret.
    pub(crate) hash: Vec<u8>,
    pub(crate) stage: Stage,
    pub(crate) shown: SellerId,
    pub(crate) opened_at: i64,
    pub(crate) seen_at: i64,
}

impl FromRow for SessionRow {
    const COLUMNS: usize = 8;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (home, session, person, hash, stage, shown, opened_at, seen_at) =
            FromRow::read(row, at)?;
        Ok(Self { home, session, person, hash, stage, shown, opened_at, seen_at })
    }
}
