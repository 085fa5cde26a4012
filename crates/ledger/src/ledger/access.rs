//! The access log: written before what it says is done, read back, and looked at line by line.

use std::fmt::Write as _;

use hoesu_claims::{Document, SellerId};
use jiff::Timestamp;

use super::Ledger;
use crate::access::{Access, Anchor, Broken, KeptAccess, Tampering, Verified};
use crate::store::access::{self, AccessRow};
use crate::{Result, Shelf};

/// Lines looked at in one go.
const LINES: usize = 1_000;

impl Ledger {
    /// Writes a line of a seller's access log.
    pub async fn note(&self, seller: SellerId, access: Access) -> Result<()> {
        let keys = self.keys(seller).await?;
        self.database
            .write("writing the access log", move |tx| {
                Box::pin(access::note(tx, seller, access, keys))
            })
            .await
    }

    /// Reads one version of a document for somebody who is to see the people in it. The access log says
    /// so, in the same transaction, with a reference to the version as `whose`, before the answer is
    /// given; `None`, and no line, if there is no such version.
    pub async fn reveal(
        &self,
        shelf: Shelf,
        key: &str,
        version: i64,
        mut access: Access,
    ) -> Result<Option<Document>> {
        let keys = self.keys(shelf.seller).await?;
        let memory = self.memory_of(shelf.seller).await?;
        let Some(at) = self.shelf_no(&memory, shelf, false).await?.filter(|_| !key.contains('\0'))
        else {
            return Ok(None);
        };
        access.whose = format!("{}:{}:{key}@{version}", shelf.account.0, shelf.kind);
        let (key, with) = (key.to_owned(), keys.clone());
        let row = self
            .database
            .write("writing the access log", move |tx| {
                Box::pin(access::reveal(tx, at, key, version, access, with))
            })
            .await?;
        row.map(|row| row.open(&keys)).transpose()
    }

    /// Lines of a seller's access log written since an instant, the last first, at most so many; those
    /// with a number below `before`, if one is given.
    pub async fn accesses(
        &self,
        seller: SellerId,
        since: Option<Timestamp>,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<KeptAccess>> {
        let keys = self.keys(seller).await?;
        let since = since.map_or(i64::MIN, Timestamp::as_millisecond);
        let before = before.unwrap_or(i64::MAX);
        let rows = self
            .database
            .scan("reading the access log", move |tx| {
                Box::pin(access::accesses_before(tx, seller, since, before, limit))
            })
            .await?;
        Ok(rows.into_iter().map(|row| row.open(&keys)).collect())
    }

    /// Looks at every line of a seller's access log: whether each is the one that was written, after
    /// the one before. `anchor` is a line somebody kept elsewhere; without one, lines cut off the end are
    /// not missed.
    pub async fn verify_accesses(
        &self,
        seller: SellerId,
        anchor: Option<&Anchor>,
    ) -> Result<Verified> {
        let keys = self.keys(seller).await?;
        let (mut no, mut chain) = (0, Vec::new());
        let mut broken = None;
        'all: loop {
            let rows = self
                .database
                .scan("reading the access log", move |tx| {
                    Box::pin(access::accesses_after(tx, seller, no, LINES))
                })
                .await?;
            let last = rows.len() < LINES;
            for row in rows {
                let how = if row.no > no + 1 {
                    Some(Tampering::Missing)
                } else if row.chain != row.chained(&chain, &keys) || !vouched(anchor, &row) {
                    Some(Tampering::Changed)
                } else {
                    None
                };
                if let Some(how) = how {
                    broken = Some(Broken { no: no + 1, how });
                    break 'all;
                }
                (no, chain) = (row.no, row.chain);
            }
            if last {
                break;
            }
        }
        if broken.is_none() && anchor.is_some_and(|anchor| anchor.no > no) {
            broken = Some(Broken { no: no + 1, how: Tampering::Missing });
        }
        chain.resize(32, 0);
        Ok(Verified { lines: no, head: hex(&chain), broken })
    }
}

/// Whether a line is what an anchor says of it.
fn vouched(anchor: Option<&Anchor>, row: &AccessRow) -> bool {
    anchor.is_none_or(|anchor| anchor.no != row.no || anchor.head == hex(&row.chain))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
