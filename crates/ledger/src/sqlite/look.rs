//! Looking again at what memory stands on: a few point reads in one transaction.

use async_trait::async_trait;
use hoesu_claims::SellerId;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Sqlite, at_once, failed};
use crate::store::look::{Glance, Identity, Looking, SEAL_BYTES, Seal, Sight, Top};
use crate::{Error, Result};

#[async_trait]
impl Looking for Sqlite {
    async fn identity(&self) -> Result<Identity> {
        Ok(self.file.look()?.identity())
    }

    async fn look(&self, seller: SellerId, glance: Glance) -> Result<Sight> {
        let file = self.file.look()?;
        let doing = "looking at the last version again";
        let look = |connection: &mut Connection| {
            sight(connection, file.identity(), seller, &glance).map_err(failed(doing))
        };
        file.readers.lend(|connection| at_once(connection, doing, look))
    }

    async fn top(&self, seller: SellerId) -> Result<Top> {
        let doing = "reading the change sequence";
        let look = |connection: &mut Connection| top(connection, seller).map_err(failed(doing));
        let readers = &self.file.now()?.readers;
        let top = readers.lend(|connection| at_once(connection, doing, look));
        top?.ok_or(Error::Unreadable("seller"))
    }

    async fn renew(&self) -> Result<()> {
        let file = std::sync::Arc::clone(&self.file);
        tokio::task::spawn_blocking(move || file.renew()).await.map_err(|_| Error::Closed)?
    }
}

fn sight(
    connection: &Connection,
    identity: Identity,
    seller: SellerId,
    glance: &Glance,
) -> rusqlite::Result<Sight> {
    let wrapped = connection
        .prepare_cached("SELECT wrapped FROM seller_key WHERE seller = ?1 AND generation = 1")?
        .query_row([seller.0], |row| row.get(0))
        .optional()?;
    let mut shelves = Vec::new();
    for shelf in &glance.shelves {
        let found = connection
            .prepare_cached("SELECT account, kind FROM shelf WHERE seller = ?1 AND shelf = ?2")?
            .query_row([seller.0, *shelf], |row| Ok((*shelf, row.get(0)?, row.get(1)?)))
            .optional()?;
        shelves.extend(found);
    }
    let mut versions = Vec::new();
    for seq in &glance.seqs {
        versions.extend(seal_at(connection, seller, *seq)?.map(|seal| (*seq, seal)));
    }
    let mut kept = true;
    for one in &glance.written {
        kept &= connection
            .prepare_cached(
                "SELECT 1 FROM document d
                 JOIN version v ON v.seller = d.seller AND v.shelf = d.shelf AND v.no = d.no
                 WHERE d.seller = ?1 AND d.shelf = ?2 AND d.key = ?3 AND v.digest = ?4",
            )?
            .exists(params![seller.0, one.shelf, one.key, one.digest])?;
    }
    let top = top(connection, seller)?;
    Ok(Sight { identity, versions, top, wrapped, shelves, kept })
}

fn top(connection: &Connection, seller: SellerId) -> rusqlite::Result<Option<Top>> {
    let seq = connection
        .prepare_cached("SELECT seq FROM seller WHERE seller = ?1")?
        .query_row([seller.0], |row| row.get(0))
        .optional()?;
    let Some(seq) = seq else { return Ok(None) };
    Ok(Some(Top { seq, seal: seal_at(connection, seller, seq)? }))
}

fn seal_at(connection: &Connection, seller: SellerId, seq: i64) -> rusqlite::Result<Option<Seal>> {
    connection
        .prepare_cached("SELECT substr(body, 1, ?3) FROM version WHERE seller = ?1 AND seq = ?2")?
        .query_row(params![seller.0, seq, SEAL_BYTES as i64], |row| row.get(0).map(Seal))
        .optional()
}
