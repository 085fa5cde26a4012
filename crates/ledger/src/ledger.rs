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
use jiff::Timestamp;
use quick_cache::Weighter;
use sha2::Sha256;

use crate::database::Database;
use crate::error::KeyProblem;
use crate::keys::SellerKeys;
use crate::migration::{FurtherMigration, MigrationPolicy, SchemaMismatch};
use crate::postgres::{self, Postgres};
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
    /// The ledger's file, where it is one.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(folder.join(sqlite::FILE)),
            Self::Postgres(_) => None,
        }
    }

    /// What may be said of it in a log: nothing of it can be a password.
    pub fn shown(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite {}", folder.display()),
            Self::Postgres(url) => postgres::shown(url),
        }
    }

    /// What is damaged in a ledger's file that does not open, in SQLite's words; nothing if it is no
    /// database at all. PostgreSQL looks after its own files.
    pub fn damage(&self) -> Result<Option<Vec<String>>> {
        match self {
            Self::Folder(folder) => sqlite::damage_of(folder),
            Self::Postgres(_) => Ok(Some(Vec::new())),
        }
    }

    /// Whether there is a ledger, which is only looked for.
    async fn has_ledger(&self, limits: Limits) -> Result<bool> {
        let url = match self {
            Self::Folder(folder) => return Ok(folder.join(sqlite::FILE).exists()),
            Self::Postgres(url) => url,
        };
        let looking = Limits { migrates: false, ..limits };
        match Postgres::open(url, looking.migrating()).await {
            Err(Error::Schema(SchemaMismatch::Absent)) => Ok(false),
            Ok(_) | Err(Error::Schema(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }
}

/// The fact that tells the ledger's master key from another.
const KEY: &str = "master key";

/// How long a ledger is waited for whose key is there: another process may be making both.
const FIRST_START_WAIT: Duration = Duration::from_secs(2);
const FIRST_START_PAUSE: Duration = Duration::from_millis(20);

/// What `doctor` found in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Which database it is.
    pub database: String,
    /// What is damaged, in the database's words.
    pub damage: Vec<String>,
    /// How many sellers there are.
    pub sellers: usize,
    /// Sellers whose key does not open.
    pub closed: Vec<String>,
    /// The latest instant that is written: when the newest document was heard, or cases were settled.
    pub latest: Option<Timestamp>,
}

impl Checked {
    /// Whether nothing is damaged and every key opens.
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty() && self.closed.is_empty()
    }
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
    /// Whether a ledger that is not there yet is made, and its key; if not, it is refused and nothing is
    /// made of it. What does not migrate makes none either.
    pub makes: bool,
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
        makes: true,
        further: &[],
    };

    const fn migrating(self) -> MigrationPolicy {
        MigrationPolicy { is_wanted: self.migrates, makes: self.makes, further: self.further }
    }
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
        let Limits { held_bytes, lock_wait, pages_max, .. } = limits;
        let migrating = limits.migrating();
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
        ledger.prove_key(limits.migrates).await?;
        Ok(Arc::new(ledger))
    }

    /// Refuses a key the ledger wasn't made with. A ledger that knows none yet is this key's from now on,
    /// if `keeps`.
    async fn prove_key(&self, keeps: bool) -> Result<()> {
        let check = self.master.check();
        let known = self.database.scan("looking for a fact", |tx| Box::pin(facts::known(tx, KEY)));
        let kept = match known.await? {
            Some(kept) => kept,
            None if !keeps => return Ok(()),
            None => {
                let given = check.to_vec();
                let keep = self
                    .database
                    .write("keeping a fact", |tx| Box::pin(facts::fact(tx, KEY, given)));
                keep.await?
            }
        };
        if kept == check {
            return Ok(());
        }
        Err(Error::Key(KeyProblem::Another))
    }

    /// Opens the ledger with the key in a file; at the very first start makes both. The key of a folder
    /// that has no ledger is that of one that was lost: nothing is begun with it.
    pub async fn open_with_file(
        place: &Place,
        key_file: &Path,
        limits: Limits,
    ) -> Result<Arc<Self>> {
        if let Some(master) = MasterKey::load(key_file)? {
            return Self::open_known(place, key_file, &master, limits).await;
        }
        let is_there = place.has_ledger(limits).await?;
        if !is_there && !limits.migrating().may_make() {
            return Err(Error::Schema(SchemaMismatch::Absent));
        }
        let made = if is_there { None } else { MasterKey::make(key_file)? };
        let Some(master) = made else {
            // Another process may have made the key, and the ledger with it, a moment ago.
            if let Some(master) = MasterKey::load(key_file)? {
                return Self::open_known(place, key_file, &master, limits).await;
            }
            let key = key_file.display().to_string();
            return Err(Error::Key(KeyProblem::Missing { key }));
        };
        let opened = Self::open_within(place, &master, limits).await;
        let is_of_no_use = match &opened {
            Ok(_) => false,
            // The ledger is older than this file.
            Err(Error::Key(_)) => true,
            Err(_) => place.file().is_some_and(|file| !file.exists()),
        };
        if is_of_no_use {
            // It must not lie where the right one belongs, nor be taken for that of a lost ledger.
            let _ = std::fs::remove_file(key_file);
        }
        opened
    }

    async fn open_known(
        place: &Place,
        key_file: &Path,
        master: &MasterKey,
        limits: Limits,
    ) -> Result<Arc<Self>> {
        if let (Place::Folder(folder), Some(file)) = (place, place.file()) {
            let until = Instant::now() + FIRST_START_WAIT;
            while !file.exists() {
                if Instant::now() >= until {
                    return Err(Error::Lost {
                        key: key_file.display().to_string(),
                        folder: folder.display().to_string(),
                    });
                }
                tokio::time::sleep(FIRST_START_PAUSE).await;
            }
        }
        Self::open_within(place, master, limits).await
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
    pub async fn check(&self) -> Result<Checked> {
        let damage = self.database.damage().await?;
        let sellers = self.sellers().await?;
        let mut closed = Vec::new();
        for seller in &sellers {
            match self.keys(seller.id).await {
                Ok(_) => {}
                Err(Error::Sealed { .. } | Error::Unreadable(_)) => {
                    closed.push(seller.name.clone());
                }
                Err(error) => return Err(error),
            }
        }
        let latest = self.latest().await?;
        Ok(Checked {
            database: self.database.version().await?,
            damage,
            sellers: sellers.len(),
            closed,
            latest,
        })
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
