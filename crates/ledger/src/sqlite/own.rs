//! Which documents this process's own commits touched: what it holds of others stands, whoever else
//! asks, though the database moved on.
//!
//! Own commits that follow one another without a stranger's in between are a chain. Where the chain
//! ends at the instant the database is at now, all that happened since any of its links is known.
//! A commit of another process ends it: what was held before is asked for again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use hoesu_claims::SellerId;
use rusqlite::Connection;

use super::commits::Commits;
use crate::store::{Instant, OwnCommit};

/// How many documents are remembered to have been touched, before a new chain begins.
const TOUCHED_MAX: usize = 100_000;

/// Chains of all ledgers of the process are told apart by their numbers.
static CHAINS: AtomicU64 = AtomicU64::new(1);

/// The chain of the own commits.
pub(super) struct OwnCommits {
    /// Where the database's instant is read.
    commits: Commits,
    chain: RwLock<Chain>,
    /// What the transaction that is open touched so far.
    touching: Mutex<Vec<(SellerId, String)>>,
}

struct Chain {
    number: u64,
    /// How many commits it has.
    length: u64,
    /// The instant it leads to.
    last: Option<Instant>,
    /// By seller and key, on whichever shelf: the commit that touched it last.
    touched: HashMap<(SellerId, String), u64>,
}

impl Chain {
    fn new(last: Option<Instant>) -> Self {
        let number = CHAINS.fetch_add(1, Ordering::Relaxed);
        Self { number, length: 0, last, touched: HashMap::new() }
    }
}

/// A number that another connection's commit changes, and our own does not
/// (<https://www.sqlite.org/pragma.html#pragma_data_version>); nothing if it cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Strangers(Option<i64>);

fn strangers(writer: &Connection) -> Strangers {
    let asked = writer.prepare_cached("PRAGMA data_version");
    Strangers(asked.and_then(|mut asked| asked.query_row([], |row| row.get(0))).ok())
}

impl OwnCommits {
    pub(super) fn new(commits: Commits) -> Self {
        Self { commits, chain: RwLock::new(Chain::new(None)), touching: Mutex::default() }
    }

    /// The instant the database is at; nothing if it cannot be told, so that the database is asked.
    pub(super) fn now(&self) -> Option<Instant> {
        self.commits.now()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Chain> {
        self.chain.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is being written touches these documents.
    pub(super) fn touch(&self, seller: SellerId, keys: impl IntoIterator<Item = String>) {
        let mut touching = self.touching.lock().unwrap_or_else(PoisonError::into_inner);
        touching.extend(keys.into_iter().map(|key| (seller, key)));
    }

    /// The own commit that led to this instant; nothing if the database was brought there by somebody
    /// else.
    pub(super) fn own_commit(&self, now: &Instant) -> Option<OwnCommit> {
        let chain = self.read();
        let is_there = chain.last.as_ref() == Some(now);
        is_there.then(|| OwnCommit { chain: chain.number, commit: chain.length })
    }

    /// Whether a key may have been touched after an own commit.
    pub(super) fn touched_since(&self, since: OwnCommit, seller: SellerId, key: &str) -> bool {
        let chain = self.read();
        chain.number != since.chain
            || chain.touched.get(&(seller, key.to_owned())).is_some_and(|at| *at > since.commit)
    }

    /// The lock is ours, and nothing is written yet: nobody commits before it is given back.
    pub(super) fn begun(&self, writer: &Connection) -> Strangers {
        let before = self.now();
        if before.is_none() || self.read().last != before {
            *self.chain.write().unwrap_or_else(PoisonError::into_inner) = Chain::new(before);
        }
        strangers(writer)
    }

    /// The transaction that began so is over, kept or not.
    pub(super) fn ended(&self, writer: &Connection, before: Strangers) {
        let touched = {
            let mut touching = self.touching.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *touching)
        };
        let after = self.now();
        // A stranger may have committed since the lock was given back. Asked after the instant was read:
        // what nobody else has brought about by now is ours.
        let is_next = before.0.is_some() && before == strangers(writer);
        let mut chain = self.chain.write().unwrap_or_else(PoisonError::into_inner);
        if !is_next || after.is_none() || chain.touched.len() + touched.len() > TOUCHED_MAX {
            *chain = Chain::new(after.filter(|_| is_next));
            return;
        }
        chain.length += 1;
        let length = chain.length;
        chain.touched.extend(touched.into_iter().map(|key| (key, length)));
        chain.last = after;
    }
}
