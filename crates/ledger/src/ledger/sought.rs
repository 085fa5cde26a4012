//! What is to be asked by its number: remembered, put off, and forgotten once it is answered.

use hoesu_claims::{AccountId, SellerId};
use jiff::Timestamp;

use super::Ledger;
use super::coverage::is_word;
use crate::feed::FeedKey;
use crate::sought::Sought;
use crate::store::sought::{self, PutOff};
use crate::{Error, Result};

impl Ledger {
    /// Remembers what is to be asked by its number (the channel's way of asking, and the number) for the
    /// account of a feed, which is looked at when that is due. What is remembered already is due at the
    /// earlier instant.
    pub async fn seek(
        &self,
        by: &FeedKey,
        what: Vec<(String, String)>,
        now: Timestamp,
        due_at: Timestamp,
    ) -> Result<()> {
        if what.is_empty() {
            return Ok(());
        }
        let (by, now, due) = (by.clone(), now.as_millisecond(), due_at.as_millisecond());
        self.database
            .write("remembering what is sought", move |tx| {
                Box::pin(sought::seek(tx, by, what, now, due))
            })
            .await
    }

    /// What is to be asked by its number for an account, the first due first, at most `limit`. What was
    /// put off by a clock that was ahead, or before the clock was set back, is due at `now`.
    pub async fn sought(
        &self,
        seller: SellerId,
        account: AccountId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Sought>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let now = now.as_millisecond();
        self.database
            .read("reading what is sought", move |tx| {
                Box::pin(sought::sought(tx, seller, account, now, limit))
            })
            .await
    }

    /// Forgets what was sought and answered, be it that there is none.
    pub async fn answered(
        &self,
        seller: SellerId,
        account: AccountId,
        what: Vec<(String, String)>,
    ) -> Result<()> {
        self.database
            .write("forgetting what was sought", move |tx| {
                Box::pin(sought::answered(tx, seller, account, what))
            })
            .await
    }

    /// Counts a try in vain of what is sought, and puts it off. `failure` is a stable word for what went
    /// wrong, refused if it is more than that.
    pub async fn put_off(
        &self,
        seller: SellerId,
        account: AccountId,
        what: Vec<(String, String)>,
        failure: &str,
        now: Timestamp,
        due_at: Timestamp,
    ) -> Result<()> {
        if !is_word(failure) {
            return Err(Error::Refused("a failure is told in a lower-case word".to_owned()));
        }
        let (now, due) = (now.as_millisecond(), due_at.as_millisecond());
        let why = PutOff { failure: failure.to_owned(), now, due };
        self.database
            .write("putting off what is sought", move |tx| {
                Box::pin(sought::put_off(tx, seller, account, what, why))
            })
            .await
    }
}
