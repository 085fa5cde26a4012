//! People, their sessions, links and failed attempts.

use async_trait::async_trait;
use hoesu_claims::SellerId;
use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter};

use super::Sqlite;
use crate::people::{PersonId, Role};
use crate::store::people::{
    self, LinkRow, NewPerson, People, PersonChange, PersonRow, SessionRow, booked, sql,
};
use crate::{Result, Seller};

#[async_trait]
impl People for Sqlite {
    async fn anybody(&self) -> Result<bool> {
        self.read("looking for anybody", |connection| {
            connection.prepare_cached(sql::ANYBODY)?.query_row([], |row| row.get(0))
        })
    }

    async fn add_person(&self, new: NewPerson) -> Result<Option<i64>> {
        self.writer.write("adding a person", move |tx| add(tx, &new)).await
    }

    async fn members(&self, seller: SellerId) -> Result<Vec<(PersonRow, String)>> {
        self.read("reading who may see a seller", |connection| {
            connection
                .prepare_cached(&people::members())?
                .query_map([seller.0], |row| Ok((person_row(row)?, row.get(8)?)))?
                .collect()
        })
    }

    async fn person(&self, id: PersonId) -> Result<Option<PersonRow>> {
        self.read("reading a person", |connection| {
            connection
                .prepare_cached(&people::person())?
                .query_row([id.home.0, id.no], person_row)
                .optional()
        })
    }

    async fn person_named(&self, handle: [u8; 32]) -> Result<Option<PersonRow>> {
        self.read("looking up a sign-in name", |connection| {
            connection
                .prepare_cached(&people::person_named())?
                .query_row([handle], person_row)
                .optional()
        })
    }

    async fn sellers_of(&self, id: PersonId) -> Result<Vec<(Seller, Role)>> {
        let rows = self.read("reading what a person may see", |connection| {
            connection
                .prepare_cached(sql::SELLERS_OF)?
                .query_map([id.home.0, id.no], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        let seller =
            |(id, name, at, role): (_, _, _, String)| people::seller_of(id, name, at, &role);
        rows.into_iter().map(seller).collect()
    }

    async fn set_role(
        &self,
        seller: SellerId,
        id: PersonId,
        role: Option<Role>,
        now: i64,
    ) -> Result<bool> {
        self.writer
            .write("saying who may see a seller", move |tx| {
                if role != Some(Role::Admin) && only_admin(tx, id, seller.0)? {
                    return Ok(false);
                }
                let PersonId { home, no } = id;
                match role {
                    Some(role) => {
                        tx.execute(sql::SET_ROLE, params![seller.0, home.0, no, role.name(), now])?
                    }
                    None => tx.execute(sql::NO_ROLE, [seller.0, home.0, no])?,
                };
                Ok(true)
            })
            .await
    }

    async fn change_person(&self, id: PersonId, change: PersonChange, keep: i64) -> Result<bool> {
        self.writer.write("changing a person", move |tx| change_person(tx, id, &change, keep)).await
    }

    async fn use_code(&self, id: PersonId, step: i64) -> Result<bool> {
        self.writer
            .write("using up a code", move |tx| {
                tx.prepare_cached(sql::USE_CODE)?.exists([id.home.0, id.no, step])
            })
            .await
    }

    async fn open_session(&self, row: SessionRow, instead: i64, old: (i64, i64)) -> Result<i64> {
        self.writer
            .write("opening a session", move |tx| {
                tx.execute(sql::END_SESSION, [row.home.0, instead])?;
                tx.execute(sql::END_OLD_SESSIONS, [row.home.0, old.0, old.1])?;
                tx.query_row(
                    sql::OPEN_SESSION,
                    params![
                        row.home.0,
                        row.person,
                        row.hash,
                        row.stage,
                        row.shown.0,
                        row.opened_at
                    ],
                    |row| row.get(0),
                )
            })
            .await
    }

    async fn session(&self, home: SellerId, no: i64) -> Result<Option<(PersonRow, SessionRow)>> {
        self.read("reading a session", |connection| {
            connection
                .prepare_cached(&people::session())?
                .query_row([home.0, no], |row| Ok((person_row(row)?, session_row(row, 8)?)))
                .optional()
        })
    }

    async fn seen(&self, home: SellerId, no: i64, now: i64) -> Result<()> {
        self.run("keeping a session", sql::SEEN, [home.0, no, now]).await
    }

    async fn show(&self, home: SellerId, no: i64, shown: SellerId) -> Result<()> {
        self.run("choosing a seller", sql::SHOW, [home.0, no, shown.0]).await
    }

    async fn end_session(&self, home: SellerId, no: i64) -> Result<()> {
        self.run("ending a session", sql::END_SESSION, [home.0, no]).await
    }

    async fn end_sessions(&self, id: PersonId) -> Result<()> {
        self.run("ending sessions", sql::END_SESSIONS, [id.home.0, id.no, 0]).await
    }

    async fn add_link(&self, row: LinkRow, now: i64) -> Result<i64> {
        self.writer
            .write("adding a link", move |tx| {
                let LinkRow { seller, person, use_for, hash, until } = &row;
                tx.execute(sql::END_LINKS, params![seller.0, person, use_for, now])?;
                tx.query_row(
                    sql::ADD_LINK,
                    params![seller.0, person, use_for, hash, until],
                    |row| row.get(0),
                )
            })
            .await
    }

    async fn link(&self, seller: SellerId, no: i64) -> Result<Option<LinkRow>> {
        self.read("reading a link", |connection| {
            connection
                .prepare_cached(sql::LINK)?
                .query_row([seller.0, no], |row| {
                    Ok(LinkRow {
                        seller,
                        person: row.get(0)?,
                        use_for: row.get(1)?,
                        hash: row.get(2)?,
                        until: row.get(3)?,
                    })
                })
                .optional()
        })
    }

    async fn take_link(&self, seller: SellerId, no: i64, hash: Vec<u8>) -> Result<bool> {
        self.writer
            .write("using up a link", move |tx| {
                tx.prepare_cached(sql::TAKE_LINK)?.exists(params![seller.0, no, hash])
            })
            .await
    }

    async fn book_attempt(&self, handles: [[u8; 32]; 2], now: i64) -> Result<Option<i64>> {
        self.writer
            .write("booking an attempt", move |tx| {
                let mut rows = Vec::with_capacity(handles.len());
                for handle in handles {
                    let known = tx
                        .prepare_cached(sql::ATTEMPT)?
                        .query_row([handle], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                        .optional()?;
                    match booked(known, now) {
                        Ok(row) => rows.push((handle, row)),
                        Err(until) => return Ok(Some(until)),
                    }
                }
                tx.execute(sql::END_OLD_ATTEMPTS, [now - people::LOCK_MS])?;
                for (handle, (failures, failed_at, until)) in rows {
                    tx.execute(sql::SET_ATTEMPT, params![handle, failures, failed_at, until])?;
                }
                Ok(None)
            })
            .await
    }

    async fn forget_attempts(&self, handles: [[u8; 32]; 2]) -> Result<()> {
        self.writer
            .write("forgetting attempts", move |tx| {
                for handle in handles {
                    tx.execute(sql::END_ATTEMPT, [handle])?;
                }
                Ok(())
            })
            .await
    }
}

impl Sqlite {
    async fn run<const N: usize>(
        &self,
        doing: &'static str,
        sql: &'static str,
        values: [i64; N],
    ) -> Result<()> {
        self.writer
            .write(doing, move |tx| tx.execute(sql, params_from_iter(values)).map(drop))
            .await
    }
}

fn add(tx: &Connection, new: &NewPerson) -> rusqlite::Result<Option<i64>> {
    let NewPerson { home, name, handle, password, roles, now } = new;
    if tx.query_row(sql::NAMED, [handle], |row| row.get(0))? {
        return Ok(None);
    }
    let no: i64 = tx.query_row(sql::ADD, params![home.0, name, password, now], |row| row.get(0))?;
    tx.execute(sql::NAME, params![handle, home.0, no])?;
    for (seller, role) in roles {
        tx.execute(sql::SET_ROLE, params![seller.0, home.0, no, role.name(), now])?;
    }
    Ok(Some(no))
}

fn only_admin(tx: &Connection, id: PersonId, seller: i64) -> rusqlite::Result<bool> {
    tx.query_row(sql::ONLY_ADMIN, [id.home.0, id.no, seller], |row| row.get(0))
}

fn change_person(
    tx: &Connection,
    id: PersonId,
    change: &PersonChange,
    keep: i64,
) -> rusqlite::Result<bool> {
    let (home, no) = (id.home.0, id.no);
    let ends = match change {
        PersonChange::Password(phc) => {
            tx.execute(sql::SET_PASSWORD, params![home, no, phc])?;
            true
        }
        PersonChange::Code(sealed) => {
            tx.execute(sql::SET_CODE, params![home, no, sealed])?;
            false
        }
        PersonChange::Disabled(at) => {
            if at.is_some() && only_admin(tx, id, 0)? {
                return Ok(false);
            }
            tx.execute(sql::SET_DISABLED, params![home, no, at])?;
            true
        }
    };
    if ends {
        tx.execute(sql::END_SESSIONS, [home, no, keep])?;
    }
    Ok(true)
}

fn person_row(row: &Row<'_>) -> rusqlite::Result<PersonRow> {
    Ok(PersonRow::from_values(
        (row.get(0)?, row.get(1)?, row.get(2)?),
        row.get(3)?,
        row.get(4)?,
        (row.get(6)?, row.get(7)?),
    ))
}

fn session_row(row: &Row<'_>, from: usize) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        home: SellerId(row.get(from)?),
        session: row.get(from + 1)?,
        person: row.get(from + 2)?,
        hash: row.get(from + 3)?,
        stage: row.get(from + 4)?,
        shown: SellerId(row.get(from + 5)?),
        opened_at: row.get(from + 6)?,
        seen_at: row.get(from + 7)?,
    })
}
