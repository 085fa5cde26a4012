//! What is held in memory, and what it stands on.
//!
//! Everything held comes from one history of the database. For each seller it is kept which rows were seen
//! last; before memory is used, they are looked at again unless that was done a moment ago. If one is not
//! there any more or another stands in its place, the database went back in time (a backup was restored, a
//! server that had less took over), and whatever is held may be of rows that exist no more: memory begins
//! anew. Who still works with the old memory changes nothing in the new one.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use hoesu_claims::{AccountId, SellerId};
use quick_cache::sync::Cache;

use super::api_keys::KnownKeys;
use super::directory::Admissions;
use super::lists::Slot;
use super::recent::Recent;
use super::watch::Watch;
use super::{ByBytes, Ledger, read, write};
use crate::keys::SellerKeys;
use crate::store::ShelfNo;
use crate::store::look::{Identity, Seal, Top};
use crate::{Error, Held, Result, Shelf};

/// From this age on a look is taken again, by whoever comes first; the others go on meanwhile.
const LOOK_AFTER: Duration = Duration::from_millis(400);

/// From this age on nobody goes on without one.
const LOOK_BY: Duration = Duration::from_millis(800);

/// What is being done then.
const LOOKING: &str = "looking at the last version again";

/// For how long an answer to a look is waited for.
const LOOK_TIMEOUT: Duration = Duration::from_secs(10);

/// What is held, of one history of the database.
pub(super) struct Memory {
    /// Counts from 0 within the process.
    pub(super) history: u64,
    identity: Identity,
    keys: RwLock<HashMap<SellerId, Arc<SellerKeys>>>,
    shelves: RwLock<HashMap<(SellerId, AccountId, &'static str), i64>>,
    pub(super) admissions: Admissions,
    pub(super) known_keys: KnownKeys,
    /// Opened versions. Within one history a version never changes.
    pub(super) held: Cache<(SellerId, i64), Arc<Held>, ByBytes>,
    pub(super) recent: Recent,
    pub(super) catalogs: RwLock<HashMap<ShelfNo, Arc<Slot>>>,
    watches: RwLock<HashMap<SellerId, Arc<Watch>>>,
}

impl Memory {
    pub(super) fn new(history: u64, identity: Identity, held_bytes: u64) -> Self {
        Self {
            history,
            identity,
            keys: RwLock::default(),
            shelves: RwLock::default(),
            admissions: Admissions::default(),
            known_keys: KnownKeys::default(),
            held: Cache::with_weighter((held_bytes / 4096) as usize, held_bytes, ByBytes),
            recent: Recent::default(),
            catalogs: RwLock::default(),
            watches: RwLock::default(),
        }
    }

    pub(super) fn watch(&self, seller: SellerId) -> Arc<Watch> {
        let known = read(&self.watches).get(&seller).cloned();
        known.unwrap_or_else(|| Arc::clone(write(&self.watches).entry(seller).or_default()))
    }

    pub(super) fn keys(&self, seller: SellerId) -> Option<Arc<SellerKeys>> {
        read(&self.keys).get(&seller).cloned()
    }

    pub(super) fn hold_keys(&self, seller: SellerId, keys: &Arc<SellerKeys>, wrapped: Vec<u8>) {
        self.watch(seller).seen().wrapped.get_or_insert(wrapped);
        write(&self.keys).insert(seller, Arc::clone(keys));
    }

    pub(super) fn shelf(&self, shelf: Shelf) -> Option<i64> {
        read(&self.shelves).get(&(shelf.seller, shelf.account, shelf.kind)).copied()
    }

    pub(super) fn hold_shelf(&self, shelf: Shelf, number: i64) {
        let watch = self.watch(shelf.seller);
        let mut seen = watch.seen();
        // Numbers are given in order: where the last one stands as it was, so do those before.
        if seen.shelves.last().is_none_or(|(last, ..)| *last < number) {
            seen.shelves.push((number, shelf.account.0, shelf.kind));
        }
        drop(seen);
        write(&self.shelves).insert((shelf.seller, shelf.account, shelf.kind), number);
    }

    /// Holds an opened version, if it can be remembered to have been seen.
    pub(super) fn hold(&self, seller: SellerId, seal: Seal, held: &Arc<Held>) {
        let seq = held.document.seq;
        if self.watch(seller).saw(Top { seq, seal: Some(seal) }) {
            self.held.insert((seller, seq), Arc::clone(held));
        }
    }
}

impl Ledger {
    /// How often everything held in memory was dropped since the ledger was opened, since the database was
    /// not the one it came from.
    pub fn times_gone_back(&self) -> u64 {
        self.memory().history
    }

    /// Looks at the database again for every seller of whom something is held, as a process does that has
    /// nothing to answer.
    pub async fn look_again(&self) -> Result<()> {
        let memory = self.memory();
        let sellers: Vec<SellerId> = read(&memory.watches).keys().copied().collect();
        for seller in sellers {
            self.memory_of(seller).await?;
        }
        Ok(())
    }

    /// Memory as it is, without a look.
    pub(super) fn memory(&self) -> Arc<Memory> {
        Arc::clone(&read(&self.memory))
    }

    /// Memory that was good for a seller's rows within the last second.
    pub(super) async fn memory_of(&self, seller: SellerId) -> Result<Arc<Memory>> {
        loop {
            let memory = self.memory();
            let watch = memory.watch(seller);
            let now_ms = self.since_opened_ms();
            let age = watch.age(now_ms);
            if age < LOOK_AFTER {
                return Ok(memory);
            }
            let turn = if age < LOOK_BY {
                match watch.turn.try_lock() {
                    Ok(turn) => turn,
                    Err(_) => return Ok(memory),
                }
            } else {
                let turn = watch.turn.lock().await;
                if let Some(why) = watch.failed_since(now_ms) {
                    return Err(Error::Shared(why));
                }
                turn
            };
            if watch.age(now_ms) >= LOOK_AFTER {
                match self.look(&memory, seller, &watch).await {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(error) => {
                        // Whoever waited meanwhile would wait as long for the same.
                        let why = Arc::new(error);
                        watch.failed(self.since_opened_ms(), Arc::clone(&why));
                        return Err(Error::Shared(why));
                    }
                }
            }
            drop(turn);
            return Ok(memory);
        }
    }

    /// Memory that is good for a seller's rows now: for what is about to be written.
    pub(super) async fn memory_now(&self, seller: SellerId) -> Result<Arc<Memory>> {
        loop {
            let memory = self.memory();
            if self.look(&memory, seller, &memory.watch(seller)).await? {
                return Ok(memory);
            }
        }
    }

    /// Looks at what is remembered of a seller's rows. False if it is not there any more, and memory began
    /// anew.
    async fn look(&self, memory: &Memory, seller: SellerId, watch: &Watch) -> Result<bool> {
        let at_ms = self.since_opened_ms();
        let seen = watch.seen().clone();
        let answer = tokio::time::timeout(LOOK_TIMEOUT, self.database.look(seller, seen.glance()));
        let sight = answer.await.unwrap_or(Err(Error::Silent { doing: LOOKING }))?;
        let changed = memory.identity.differs(&sight.identity);
        let Some(what) = changed.or_else(|| seen.contradicted(&sight)) else {
            watch.looked(&seen, sight, at_ms);
            return Ok(true);
        };
        self.begin_anew(memory.history, seller, what, sight.identity).await?;
        Ok(false)
    }

    async fn begin_anew(
        &self,
        history: u64,
        seller: SellerId,
        what: &'static str,
        identity: Identity,
    ) -> Result<()> {
        let _turn = self.beginning.lock().await;
        if self.memory().history != history {
            return Ok(());
        }
        self.database.renew().await?;
        self.prove_key(true).await?;
        if self.database.identity().await? != identity {
            return Err(Error::WentBack);
        }
        let anew = Memory::new(history + 1, identity, self.held_bytes);
        *write(&self.memory) = Arc::new(anew);
        tracing::error!(
            seller = seller.0,
            what,
            "the database is not the one it was: it went back in time, was restarted or was exchanged; everything held in memory was dropped"
        );
        Ok(())
    }

    fn since_opened_ms(&self) -> u64 {
        // 0 stands for never.
        self.opened.elapsed().as_millis() as u64 + 1
    }
}
