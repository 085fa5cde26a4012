//! The one door to what hoesu remembers.

use std::path::PathBuf;
use std::sync::Arc;

use hoesu_claims::{AccountId, Document, Incoming, SellerId};
use jiff::Timestamp;

use crate::{
    Account, Admitted, Held, MasterKey, NewAccount, Outcome, Page, Put, Query, Refusal, Refused,
    Result, Seller, Shelf,
};

/// Where a ledger lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// SQLite in this folder.
    Folder(PathBuf),
    /// PostgreSQL at this URL.
    Postgres(String),
}

/// What hoesu remembers.
pub struct Ledger {}

impl Ledger {
    /// Opens the ledger, making or migrating its schema.
    pub async fn open(_place: &Place, _key: &MasterKey) -> Result<Arc<Self>> {
        todo!()
    }
    /// Makes a seller.
    pub async fn add_seller(&self, _name: &str, _now: Timestamp) -> Result<Seller> {
        todo!()
    }
    /// Every seller, by number.
    pub async fn sellers(&self) -> Result<Vec<Seller>> {
        todo!()
    }
    /// Makes an account.
    pub async fn add_account(&self, _account: NewAccount, _now: Timestamp) -> Result<Account> {
        todo!()
    }
    /// Every account, by seller and number.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        todo!()
    }
    /// Whom a shown credential lets in on a channel; `None` if nobody.
    pub async fn admit(&self, _channel: &str, _credential: &str) -> Result<Option<Arc<Admitted>>> {
        todo!()
    }
    /// Puts documents on a shelf, in order, all in one transaction; one outcome each.
    pub async fn append(
        &self,
        _shelf: Shelf,
        _put: Put,
        _batch: Vec<Incoming>,
    ) -> Result<Vec<Outcome>> {
        todo!()
    }
    /// The current version of a document.
    pub async fn document(&self, _shelf: Shelf, _key: &str) -> Result<Option<Arc<Held>>> {
        todo!()
    }
    /// Every version of a document, by arrival.
    pub async fn versions(&self, _shelf: Shelf, _key: &str) -> Result<Vec<Document>> {
        todo!()
    }
    /// One page of the documents that match.
    pub async fn list(&self, _query: &Query) -> Result<Page> {
        todo!()
    }
    /// Up to `limit` current documents with keys after `after`, by key.
    pub async fn current_after(
        &self,
        _shelf: Shelf,
        _after: &str,
        _limit: usize,
    ) -> Result<Vec<Document>> {
        todo!()
    }
    /// Keeps refused records; the same record again is kept once.
    pub async fn refuse(
        &self,
        _seller: SellerId,
        _account: AccountId,
        _refused: Vec<Refused>,
        _now: Timestamp,
    ) -> Result<()> {
        todo!()
    }
    /// Refused records, newest first.
    pub async fn refusals(
        &self,
        _seller: SellerId,
        _account: Option<AccountId>,
        _limit: usize,
    ) -> Result<Vec<Refusal>> {
        todo!()
    }
}
