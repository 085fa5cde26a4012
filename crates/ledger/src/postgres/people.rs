//! People, their sessions, links and failed attempts.

use async_trait::async_trait;
use deadpool_postgres::{GenericClient as _, Transaction};
use hoesu_claims::SellerId;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

use super::directory::begin;
use super::{Postgres, failed, marked};
use crate::people::{PersonId, Role};
use crate::store::people::{
    self, LinkRow, NewPerson, People, PersonChange, PersonRow, SessionRow, booked, sql,
};
use crate::{Result, Seller};

#[async_trait]
impl People for Postgres {
    async fn anybody(&self) -> Result<bool> {
        let rows = self.rows("looking for anybody", sql::ANYBODY, &[]).await?;
        Ok(rows.first().is_some_and(|row| row.get(0)))
    }

    async fn add_person(&self, new: NewPerson) -> Result<Option<i64>> {
        let doing = "adding a person";
        let mut client = self.client().await?;
        let tx = begin(&mut client).await.map_err(failed(doing))?;
        let added = add(&tx, &new).await.map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(added)
    }

    async fn members(&self, seller: SellerId) -> Result<Vec<(PersonRow, String)>> {
        let sql = marked(&people::members());
        let rows = self.rows("reading who may see a seller", &sql, &[&seller.0]).await?;
        Ok(rows.iter().map(|row| (person_row(row), row.get(8))).collect())
    }

    async fn person(&self, id: PersonId) -> Result<Option<PersonRow>> {
        let sql = marked(&people::person());
        let rows = self.rows("reading a person", &sql, &[&id.home.0, &id.no]).await?;
        Ok(rows.first().map(person_row))
    }

    async fn person_named(&self, handle: [u8; 32]) -> Result<Option<PersonRow>> {
        let sql = marked(&people::person_named());
        let rows = self.rows("looking up a sign-in name", &sql, &[&handle.as_slice()]).await?;
        Ok(rows.first().map(person_row))
    }

    async fn sellers_of(&self, id: PersonId) -> Result<Vec<(Seller, Role)>> {
        let sql = marked(sql::SELLERS_OF);
        let doing = "reading what a person may see";
        let rows = self.rows(doing, &sql, &[&id.home.0, &id.no]).await?;
        rows.iter()
            .map(|row| people::seller_of(row.get(0), row.get(1), row.get(2), row.get(3)))
            .collect()
    }

    async fn set_role(
        &self,
        seller: SellerId,
        id: PersonId,
        role: Option<Role>,
        now: i64,
    ) -> Result<bool> {
        let doing = "saying who may see a seller";
        let mut client = self.client().await?;
        let tx = begin(&mut client).await.map_err(failed(doing))?;
        if role != Some(Role::Admin)
            && only_admin(&tx, id, seller.0).await.map_err(failed(doing))?
        {
            return Ok(false);
        }
        let PersonId { home, no } = id;
        match role {
            Some(role) => {
                tx.execute(&marked(sql::SET_ROLE), &[&seller.0, &home.0, &no, &role.name(), &now])
                    .await
            }
            None => tx.execute(&marked(sql::NO_ROLE), &[&seller.0, &home.0, &no]).await,
        }
        .map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(true)
    }

    async fn change_person(&self, id: PersonId, change: PersonChange, keep: i64) -> Result<bool> {
        let doing = "changing a person";
        let mut client = self.client().await?;
        let tx = begin(&mut client).await.map_err(failed(doing))?;
        let changed = change_person(&tx, id, &change, keep).await.map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(changed)
    }

    async fn use_code(&self, id: PersonId, step: i64) -> Result<bool> {
        let sql = marked(sql::USE_CODE);
        let used = self.rows("using up a code", &sql, &[&id.home.0, &id.no, &step]).await?;
        Ok(!used.is_empty())
    }

    async fn open_session(&self, row: SessionRow, instead: i64, old: (i64, i64)) -> Result<i64> {
        let doing = "opening a session";
        let mut client = self.client().await?;
        let tx = begin(&mut client).await.map_err(failed(doing))?;
        let ended: [(&str, &[&(dyn ToSql + Sync)]); 2] = [
            (sql::END_SESSION, &[&row.home.0, &instead]),
            (sql::END_OLD_SESSIONS, &[&row.home.0, &old.0, &old.1]),
        ];
        for (sql, values) in ended {
            tx.execute(&marked(sql), values).await.map_err(failed(doing))?;
        }
        let opened = tx
            .query_one(
                &marked(sql::OPEN_SESSION),
                &[&row.home.0, &row.person, &row.hash, &row.stage, &row.shown.0, &row.opened_at],
            )
            .await
            .map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(opened.get(0))
    }

    async fn session(&self, home: SellerId, no: i64) -> Result<Option<(PersonRow, SessionRow)>> {
        let sql = marked(&people::session());
        let rows = self.rows("reading a session", &sql, &[&home.0, &no]).await?;
        Ok(rows.first().map(|row| (person_row(row), session_row(row, 8))))
    }

    async fn seen(&self, home: SellerId, no: i64, now: i64) -> Result<()> {
        self.run("keeping a session", sql::SEEN, &[&home.0, &no, &now]).await
    }

    async fn show(&self, home: SellerId, no: i64, shown: SellerId) -> Result<()> {
        self.run("choosing a seller", sql::SHOW, &[&home.0, &no, &shown.0]).await
    }

    async fn end_session(&self, home: SellerId, no: i64) -> Result<()> {
        self.run("ending a session", sql::END_SESSION, &[&home.0, &no]).await
    }

    async fn end_sessions(&self, id: PersonId) -> Result<()> {
        self.run("ending sessions", sql::END_SESSIONS, &[&id.home.0, &id.no, &0_i64]).await
    }

    async fn add_link(&self, row: LinkRow, now: i64) -> Result<i64> {
        let doing = "adding a link";
        let LinkRow { seller, person, use_for, hash, until } = &row;
        let mut client = self.client().await?;
        let tx = begin(&mut client).await.map_err(failed(doing))?;
        tx.execute(&marked(sql::END_LINKS), &[&seller.0, person, use_for, &now])
            .await
            .map_err(failed(doing))?;
        let made = tx
            .query_one(&marked(sql::ADD_LINK), &[&seller.0, person, use_for, hash, until])
            .await
            .map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(made.get(0))
    }

    async fn link(&self, seller: SellerId, no: i64) -> Result<Option<LinkRow>> {
        let rows = self.rows("reading a link", &marked(sql::LINK), &[&seller.0, &no]).await?;
        Ok(rows.first().map(|row| LinkRow {
            seller,
            person: row.get(0),
            use_for: row.get(1),
            hash: row.get(2),
            until: row.get(3),
        }))
    }

    async fn take_link(&self, seller: SellerId, no: i64, hash: Vec<u8>) -> Result<bool> {
        let sql = marked(sql::TAKE_LINK);
        let taken = self.rows("using up a link", &sql, &[&seller.0, &no, &hash]).await?;
        Ok(!taken.is_empty())
    }

    async fn book_attempt(&self, handles: [[u8; 32]; 2], now: i64) -> Result<Option<i64>> {
        let doing = "booking an attempt";
        let mut client = self.client().await?;
        let tx = begin(&mut client).await.map_err(failed(doing))?;
        let locked = book(&tx, handles, now).await.map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(locked)
    }

    async fn forget_attempts(&self, handles: [[u8; 32]; 2]) -> Result<()> {
        for handle in handles {
            self.run("forgetting attempts", sql::END_ATTEMPT, &[&handle.as_slice()]).await?;
        }
        Ok(())
    }
}

impl Postgres {
    async fn run(
        &self,
        doing: &'static str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<()> {
        self.rows(doing, &marked(sql), values).await.map(drop)
    }
}

async fn add(tx: &Transaction<'_>, new: &NewPerson) -> std::result::Result<Option<i64>, Error> {
    let NewPerson { home, name, handle, password, roles, now } = new;
    let named = tx.query_one(&marked(sql::NAMED), &[&handle.as_slice()]).await?;
    if named.get(0) {
        return Ok(None);
    }
    let row = tx.query_one(&marked(sql::ADD), &[&home.0, name, password, now]).await?;
    let no: i64 = row.get(0);
    tx.execute(&marked(sql::NAME), &[&handle.as_slice(), &home.0, &no]).await?;
    for (seller, role) in roles {
        tx.execute(&marked(sql::SET_ROLE), &[&seller.0, &home.0, &no, &role.name(), now]).await?;
    }
    Ok(Some(no))
}

async fn only_admin(
    tx: &Transaction<'_>,
    id: PersonId,
    seller: i64,
) -> std::result::Result<bool, Error> {
    let row = tx.query_one(&marked(sql::ONLY_ADMIN), &[&id.home.0, &id.no, &seller]).await?;
    Ok(row.get(0))
}

async fn change_person(
    tx: &Transaction<'_>,
    id: PersonId,
    change: &PersonChange,
    keep: i64,
) -> std::result::Result<bool, Error> {
    let (home, no) = (id.home.0, id.no);
    let ends = match change {
        PersonChange::Password(phc) => {
            tx.execute(&marked(sql::SET_PASSWORD), &[&home, &no, phc]).await?;
            true
        }
        PersonChange::Code(sealed) => {
            tx.execute(&marked(sql::SET_CODE), &[&home, &no, sealed]).await?;
            false
        }
        PersonChange::Disabled(at) => {
            if at.is_some() && only_admin(tx, id, 0).await? {
                return Ok(false);
            }
            tx.execute(&marked(sql::SET_DISABLED), &[&home, &no, at]).await?;
            true
        }
    };
    if ends {
        tx.execute(&marked(sql::END_SESSIONS), &[&home, &no, &keep]).await?;
    }
    Ok(true)
}

async fn book(
    tx: &Transaction<'_>,
    handles: [[u8; 32]; 2],
    now: i64,
) -> std::result::Result<Option<i64>, Error> {
    let mut rows = Vec::with_capacity(handles.len());
    for handle in handles {
        let known = tx.query_opt(&marked(sql::ATTEMPT), &[&handle.as_slice()]).await?;
        match booked(known.map(|row| (row.get(0), row.get(1), row.get(2))), now) {
            Ok(row) => rows.push((handle, row)),
            Err(until) => return Ok(Some(until)),
        }
    }
    tx.execute(&marked(sql::END_OLD_ATTEMPTS), &[&(now - people::LOCK_MS)]).await?;
    for (handle, (failures, failed_at, until)) in rows {
        let values: [&(dyn ToSql + Sync); 4] = [&handle.as_slice(), &failures, &failed_at, &until];
        tx.execute(&marked(sql::SET_ATTEMPT), &values).await?;
    }
    Ok(None)
}

fn person_row(row: &Row) -> PersonRow {
    PersonRow::from_values(
        (row.get(0), row.get(1), row.get(2)),
        row.get(3),
        row.get(4),
        (row.get(6), row.get(7)),
    )
}

fn session_row(row: &Row, from: usize) -> SessionRow {
    SessionRow {
        home: SellerId(row.get(from)),
        session: row.get(from + 1),
        person: row.get(from + 2),
        hash: row.get(from + 3),
        stage: row.get(from + 4),
        shown: SellerId(row.get(from + 5)),
        opened_at: row.get(from + 6),
        seen_at: row.get(from + 7),
    }
}
