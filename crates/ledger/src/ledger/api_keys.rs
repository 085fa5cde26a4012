//! Keys of our own API: made, listed, revoked, and whom one lets in.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use hoesu_claims::SellerId;
use jiff::Timestamp;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{Ledger, read, write};
use crate::api_key::{self, parse};
use crate::store::api_keys::{self, ApiKeyRow};
use crate::token::Secret;
use crate::{ApiKey, Error, IssuedApiKey, Result, Scope};

/// How long a key is believed without asking again: a revoked one stops letting anybody in within
/// this, in every process.
const BELIEVED: Duration = Duration::from_secs(1);

/// How many keys are remembered at most.
const REMEMBERED: usize = 10_000;

/// Keys read lately, by seller and number.
#[derive(Default)]
pub(super) struct KnownKeys(RwLock<HashMap<(SellerId, i64), Known>>);

/// A key, with the hash of its secret, and when it was read.
#[derive(Clone)]
struct Known {
    at: Instant,
    key: Arc<ApiKey>,
    hash: Arc<[u8]>,
}

impl KnownKeys {
    fn remember(&self, row: ApiKeyRow) -> Known {
        let known = Known { at: Instant::now(), key: Arc::new(row.key), hash: row.hash.into() };
        let mut keys = write(&self.0);
        if keys.len() >= REMEMBERED {
            keys.clear();
        }
        keys.insert((known.key.seller, known.key.id), known.clone());
        known
    }
}

impl Ledger {
    /// Makes a key that lets its holder read what `scopes` say of one seller. Its text is in the
    /// answer and nowhere else. Refused if the name is empty or another key's that is not revoked, if
    /// there are no scopes, or if there is no such seller.
    pub async fn add_api_key(
        &self,
        seller: SellerId,
        name: &str,
        scopes: BTreeSet<Scope>,
        now: Timestamp,
    ) -> Result<IssuedApiKey> {
        let name = name.trim();
        if name.is_empty() || scopes.is_empty() {
            return Err(Error::Refused("an API key needs a name and a scope".to_owned()));
        }
        // A seller that isn't there has no keys of its own either.
        self.keys(seller).await?;
        let secret = Secret::generate();
        let name = name.to_owned();
        let mut key = ApiKey { seller, id: 0, name, scopes, created_at: now, revoked_at: None };
        let row = ApiKeyRow { key: key.clone(), hash: secret.hash().to_vec() };
        let added = self
            .database
            .write("adding an API key", move |tx| Box::pin(api_keys::add_api_key(tx, row)))
            .await?;
        let Some(id) = added else {
            let name = key.name;
            return Err(Error::Refused(format!("there is an API key named {name} already")));
        };
        key.id = id;
        Ok(IssuedApiKey { text: api_key::text(&secret, seller, id), key })
    }

    /// A seller's keys by number, the revoked ones among them.
    pub async fn api_keys(&self, seller: SellerId) -> Result<Vec<ApiKey>> {
        let rows = self
            .database
            .read("reading the API keys", move |tx| Box::pin(api_keys::api_keys(tx, seller)))
            .await?;
        Ok(rows.into_iter().map(|row| row.key).collect())
    }

    /// Ends a key: whether it was still good. It stops letting anybody in at once here, within a
    /// second in other processes.
    pub async fn revoke_api_key(&self, seller: SellerId, id: i64, now: Timestamp) -> Result<bool> {
        let now = now.as_millisecond();
        let ended = self
            .database
            .write("revoking an API key", move |tx| {
                Box::pin(api_keys::revoke_api_key(tx, seller, id, now))
            })
            .await?;
        write(&self.memory().known_keys.0).remove(&(seller, id));
        Ok(ended)
    }

    /// The key a shown text is; `None` if it is none, or a revoked one.
    pub async fn admit_api_key(&self, text: &str) -> Result<Option<Arc<ApiKey>>> {
        let Some((seller, id, secret)) = parse(text) else { return Ok(None) };
        let memory = self.memory();
        let known = read(&memory.known_keys.0).get(&(seller, id)).cloned();
        let known = match known.filter(|known| known.at.elapsed() < BELIEVED) {
            Some(known) => known,
            None => match self.api_key(seller, id).await? {
                Some(row) if row.key.revoked_at.is_none() => memory.known_keys.remember(row),
                Some(_) | None => return Ok(None),
            },
        };
        let proved: bool = known.hash.ct_eq(&secret.hash()).into();
        Ok(proved.then_some(known.key))
    }

    async fn api_key(&self, seller: SellerId, id: i64) -> Result<Option<ApiKeyRow>> {
        self.database
            .read("looking up an API key", move |tx| Box::pin(api_keys::api_key(tx, seller, id)))
            .await
    }

    /// A key that opens nothing stored: what a caller hands back is signed with it.
    pub fn cursor_key(&self) -> Zeroizing<[u8; 32]> {
        self.master.cursor()
    }
}
