//! The access log, as both databases keep it.

use std::sync::Arc;

use async_trait::async_trait;
use hoesu_claims::SellerId;

use super::{ShelfNo, VersionRow, instant};
use crate::Result;
use crate::access::{Access, KeptAccess};
use crate::keys::SellerKeys;

/// The column a reason is sealed for.
const REASON: &str = "access_log.reason";

/// The statements, with `?n` for a parameter.
pub(crate) mod sql {
    pub(crate) const LAST: &str =
        "SELECT no, chain FROM access_log WHERE seller = ?1 ORDER BY no DESC LIMIT 1";
    pub(crate) const ADD: &str =
        "INSERT INTO access_log (seller, no, at, who, origin, what, whose, reason, chain)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    pub(crate) const AFTER: &str =
        "SELECT no, at, who, origin, what, whose, reason, chain FROM access_log
         WHERE seller = ?1 AND no > ?2 ORDER BY no LIMIT ?3";
    pub(crate) const BEFORE: &str =
        "SELECT no, at, who, origin, what, whose, reason, chain FROM access_log
         WHERE seller = ?1 AND at >= ?2 AND no < ?3 ORDER BY no DESC LIMIT ?4";
    pub(crate) const VERSION: &str =
        "SELECT v.seq, v.key, v.version, v.observed_at, v.media, v.marks, v.body FROM document d
         JOIN version v ON v.seller = d.seller AND v.shelf = d.shelf AND v.no = d.no
         WHERE d.seller = ?1 AND d.shelf = ?2 AND d.key = ?3 AND v.version = ?4";
}

/// A line as it is stored.
pub(crate) struct AccessRow {
    pub(crate) no: i64,
    pub(crate) at: i64,
    pub(crate) who: String,
    pub(crate) origin: String,
    pub(crate) what: String,
    pub(crate) whose: String,
    /// Sealed.
    pub(crate) reason: Vec<u8>,
    pub(crate) chain: Vec<u8>,
}

impl AccessRow {
    /// The line after `last` (the last line's number and chain value).
    pub(crate) fn after(last: Option<(i64, Vec<u8>)>, access: &Access, keys: &SellerKeys) -> Self {
        let (last, chain) = last.unwrap_or_default();
        let no = last + 1;
        let mut row = Self {
            no,
            at: access.at.as_millisecond(),
            who: access.who.replace('\0', ""),
            origin: access.origin.replace('\0', ""),
            what: access.what.name().to_owned(),
            whose: access.whose.replace('\0', ""),
            reason: keys.seal(REASON, no, access.reason.as_bytes()),
            chain: Vec::new(),
        };
        row.chain = row.chained(&chain, keys).to_vec();
        row
    }

    /// What the line's chain value must be after the one before.
    pub(crate) fn chained(&self, before: &[u8], keys: &SellerKeys) -> [u8; 32] {
        let texts = [&self.who, &self.origin, &self.what, &self.whose].map(String::as_bytes);
        let [who, origin, what, whose] = texts;
        let (no, at) = (self.no.to_be_bytes(), self.at.to_be_bytes());
        keys.chain(&[before, &no, &at, who, origin, what, whose, &self.reason])
    }

    pub(crate) fn open(self, keys: &SellerKeys) -> KeptAccess {
        let reason = keys.open(REASON, self.no, &self.reason).ok();
        KeptAccess {
            no: self.no,
            at: instant(self.at),
            who: self.who,
            origin: self.origin,
            what: self.what,
            whose: self.whose,
            reason: reason.and_then(|reason| String::from_utf8(reason).ok()),
        }
    }
}

/// What both databases do with the access log; each verb one transaction.
#[async_trait]
pub(crate) trait Accesses: Send + Sync {
    /// Writes a line.
    async fn note(&self, seller: SellerId, access: Access, keys: Arc<SellerKeys>) -> Result<()>;
    /// Writes a line and reads a version of a document; nothing is written if there is none.
    async fn reveal(
        &self,
        at: ShelfNo,
        key: &str,
        version: i64,
        access: Access,
        keys: Arc<SellerKeys>,
    ) -> Result<Option<VersionRow>>;
    /// Lines after `no`, in order.
    async fn accesses_after(
        &self,
        seller: SellerId,
        no: i64,
        limit: usize,
    ) -> Result<Vec<AccessRow>>;
    /// Lines written since an instant with a number below `before`, the last first.
    async fn accesses_before(
        &self,
        seller: SellerId,
        since: i64,
        before: i64,
        limit: usize,
    ) -> Result<Vec<AccessRow>>;
}
