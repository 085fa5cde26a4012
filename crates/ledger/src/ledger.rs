//! The one door to what hoesu remembers.

mod access;
mod api_keys;
mod attempts;
mod books;
mod cases;
mod counters;
mod coverage;
mod directory;
mod documents;
mod links;
mod lists;
mod memory;
mod overview;
mod people;
mod recent;
mod refusals;
mod sessions;
mod sought;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use hmac::Hmac;
use hoesu_claims::SellerId;
use quick_cache::Weighter;
use sha2::Sha256;

use crate::database::Database;
use crate::keys::SellerKeys;
use crate::migration::{FurtherMigration, Migrating};
use crate::postgres::Postgres;
use crate::sqlite::{self, FileLimits, Sqlite};
use crate::store::facts;
use crate::{Error, Held, MasterKey, Result};
pub use books::ITEM_CHARS_MAX;
pub use cases::{Current, Earlier};
pub use documents::Prepared;
use memory::Memory;
pub use overview::MEMO_CHARS_MAX;
use people::Doormen;
pub use sessions::LOCKED_FOR;

/// Where a ledger lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// SQLite in this folder, which is made if it isn't there.
    Folder(PathBuf),
    /// PostgreSQL 15 or newer at this URL.
    Postgres(String),
}

impl Place {
    /// What may be said of it: a URL may hold a password.
    fn shown(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Postgres(_) => "the database".to_owned(),
        }
    }
}

/// One thing `doctor` looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Which.
    pub what: &'static str,
    /// Whether it is as it should be.
    pub well: bool,
    /// What was found.
    pub found: String,
}

/// What hoesu remembers: the only way to it, on either database.
pub struct Ledger {
    database: Database,
    master: MasterKey,
    credentials: Hmac<Sha256>,
    doormen: Doormen,
    held_bytes: u64,
    opened: Instant,
    memory: RwLock<Arc<Memory>>,
    /// The turn to begin memory anew.
    beginning: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ledger")
    }
}

/// How much of what a ledger may take, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// What opened documents may weigh in memory, in bytes.
    pub held_bytes: u64,
    /// How long a writer waits for another that has the file locked (SQLite).
    pub lock_wait: Duration,
    /// How many pages of 8 KiB the file may grow to (SQLite). Past it nothing more is written and
    /// everything is still read: a quota that is met before the disk's end, on which others live too.
    pub pages_max: Option<u32>,
    /// Whether an older schema is brought up to date; if not, the ledger is refused.
    pub migrates: bool,
    /// What comes after hoesu's own migrations, where migrating itself is tried.
    pub further: &'static [FurtherMigration],
}

impl Limits {
    /// What is usual.
    pub const USUAL: Self = Self {
        held_bytes: 256 << 20,
        lock_wait: Duration::from_secs(10),
        pages_max: None,
        migrates: true,
        further: &[],
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::USUAL
    }
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<(SellerId, i64), Arc<Held>> for ByBytes {
    fn weight(&self, _: &(SellerId, i64), held: &Arc<Held>) -> u64 {
        // The body, about one served form of it, and what surrounds them.
        held.document.body.len() as u64 * 2 + 512
    }
}

impl Ledger {
    /// Opens the ledger, making or migrating its schema. Refuses a key the ledger wasn't made with.
    pub async fn open(place: &Place, master: &MasterKey) -> Result<Arc<Self>> {
        Self::open_within(place, master, Limits::default()).await
    }

    /// As [`Ledger::open`], within these limits.
    pub async fn open_within(
        place: &Place,
        master: &MasterKey,
        limits: Limits,
    ) -> Result<Arc<Self>> {
        let Limits { held_bytes, lock_wait, pages_max, migrates, further } = limits;
        let migrating = Migrating { is_wanted: migrates, further };
        let database = match place {
            Place::Folder(folder) => Database::Sqlite(Sqlite::open(
                folder,
                FileLimits { lock_wait, pages_max, migrating },
            )?),
            Place::Postgres(url) => Database::Postgres(Postgres::open(url, migrating).await?),
        };
        let memory = Memory::new(0, database.identity().await?, held_bytes);
        let ledger = Self {
            credentials: master.credentials(),
            master: master.clone(),
            doormen: Doormen::new(master.sign_ins()),
            held_bytes,
            opened: Instant::now(),
            memory: RwLock::new(Arc::new(memory)),
            beginning: tokio::sync::Mutex::default(),
            database,
        };
        ledger.prove_key().await?;
        Ok(Arc::new(ledger))
    }

    /// Refuses a key the ledger wasn't made with.
    async fn prove_key(&self) -> Result<()> {
        let check = self.master.check();
        let given = check.to_vec();
        let kept = self
            .database
            .write("keeping a fact", |tx| Box::pin(facts::fact(tx, "master key", given)))
            .await?;
        if kept == check {
            return Ok(());
        }
        Err(Error::Key(
            "this ledger was made with another master key; give it that key, it cannot be read otherwise"
                .to_owned(),
        ))
    }

    /// Opens the ledger with the key in a file; at the very first start makes both.
    pub async fn open_with_file(
        place: &Place,
        key_file: &Path,
        limits: Limits,
    ) -> Result<Arc<Self>> {
        if let Some(master) = MasterKey::load(key_file)? {
            return Self::open_within(place, &master, limits).await;
        }
        let is_older = matches!(place, Place::Folder(folder) if folder.join(sqlite::FILE).exists());
        let made = if is_older { None } else { MasterKey::make(key_file)? };
        let Some(master) = made else {
            // Another process may have made the key, and the ledger with it, a moment ago.
            if let Some(master) = MasterKey::load(key_file)? {
                return Self::open_within(place, &master, limits).await;
            }
            let (place, key) = (place.shown(), key_file.display());
            return Err(Error::Key(format!(
                "the ledger in {place} needs its master key, and {key} is not there; restore it from your backup",
            )));
        };
        let opened = Self::open_within(place, &master, limits).await;
        if matches!(opened, Err(Error::Key(_))) {
            // The ledger is older than this file: a key of no use must not lie where the right one belongs.
            let _ = std::fs::remove_file(key_file);
        }
        opened
    }

    /// Whether the database answers, is the one it was or another that can be worked with, and takes and
    /// commits a small write. It proves that neither the file nor the server is read-only or full, that
    /// nobody holds the lock too long, and that the writer lives; not that a large write has room.
    pub async fn ready(&self) -> Result<()> {
        self.database.identity().await?;
        self.look_again().await?;
        let mut value = [0; 8];
        getrandom::fill(&mut value).expect("the system has randomness");
        self.database.probe(value).await
    }

    /// Looks at the database for `doctor`.
    pub async fn check(&self) -> Result<Vec<Checked>> {
        let damage = self.database.damage().await?;
        let found =
            if damage.is_empty() { "no damage found".to_owned() } else { damage.join("; ") };
        let sellers = self.sellers().await?;
        let mut keys =
            Checked { what: "keys", well: true, found: format!("{} sellers", sellers.len()) };
        for seller in &sellers {
            if let Err(error) = self.keys(seller.id).await {
                keys = Checked {
                    what: "keys",
                    well: false,
                    found: format!("seller {}: {error}", seller.name),
                };
            }
        }
        Ok(vec![
            Checked { what: "database", well: true, found: self.database.version().await? },
            Checked { what: "integrity", well: damage.is_empty(), found },
            keys,
        ])
    }

    /// The seller's keys, opened once.
    async fn keys(&self, seller: SellerId) -> Result<Arc<SellerKeys>> {
        self.keys_in(&*self.memory_of(seller).await?, seller).await
    }

    async fn keys_in(&self, memory: &Memory, seller: SellerId) -> Result<Arc<SellerKeys>> {
        if let Some(keys) = memory.keys(seller) {
            return Ok(keys);
        }
        let wrapped = self.wrapped_key(seller).await?;
        let keys = Arc::new(self.master.open_seller_keys(seller, &wrapped)?);
        memory.hold_keys(seller, &keys, wrapped);
        Ok(keys)
    }
}

/// What a lock guards is whole even if somebody panicked beside it: every change is one insert.
fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
