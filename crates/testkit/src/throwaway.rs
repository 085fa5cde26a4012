//! An empty ledger for a test, on either database.

use std::io::Write;
use std::ops::Deref;
use std::sync::Arc;

use hoesu_ledger::{Ledger, Limits, MasterKey, Place};
use tempfile::TempDir;

use crate::postgres::Fresh;

/// The databases a ledger runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Embedded, in a folder.
    Sqlite,
    /// A server.
    Postgres,
}

impl Database {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// An open ledger, and what it lives in; use it as an `Arc<Ledger>`.
pub struct TestLedger {
    ledger: Arc<Ledger>,
    key: MasterKey,
    place: Place,
    home: Home,
}

/// What goes when the test ledger goes.
pub(crate) enum Home {
    Folder(TempDir),
    Database(Fresh),
}

impl Home {
    fn make(database: Database) -> Self {
        match database {
            Database::Sqlite => Self::Folder(folder()),
            Database::Postgres => Self::Database(Fresh::database()),
        }
    }

    /// Another with all that is in this one, which nobody writes meanwhile.
    pub(crate) fn copy(&self) -> Self {
        match self {
            Self::Folder(here) => {
                let there = folder();
                for entry in here.path().read_dir().expect("a folder can be listed") {
                    let entry = entry.expect("a folder can be listed");
                    // The index of the write-ahead log is about who has this very file open.
                    if !entry.file_name().to_string_lossy().ends_with("-shm") {
                        std::fs::copy(entry.path(), there.path().join(entry.file_name()))
                            .expect("a ledger's file is copied");
                    }
                }
                Self::Folder(there)
            }
            Self::Database(fresh) => Self::Database(fresh.copy()),
        }
    }

    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Folder(folder) => Place::Folder(folder.path().to_owned()),
            Self::Database(fresh) => Place::Postgres(fresh.url()),
        }
    }
}

pub(crate) fn folder() -> TempDir {
    TempDir::with_prefix("hoesu-test-").expect("a folder for a ledger")
}

impl TestLedger {
    /// Opens the same ledger once more, as a second process would.
    pub async fn again(&self) -> Arc<Ledger> {
        Ledger::open(&self.place, &self.key).await.expect("a ledger opens a second time")
    }

    /// The same, whether or not it opens.
    pub async fn again_as_it_is(&self) -> hoesu_ledger::Result<Arc<Ledger>> {
        Ledger::open(&self.place, &self.key).await
    }

    /// Makes the ledger's PostgreSQL database read-only, or not, for everybody who connects from now
    /// on, and ends the connections there are.
    pub fn set_read_only(&self, is_read_only: bool) {
        let state = if is_read_only { "on" } else { "off" };
        self.server().sql(&format!(
            "SET default_transaction_read_only = off;
             DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {state}',
             current_database()); END $$;
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ));
    }

    /// Keeps everybody from the ledger's facts for so many seconds, on PostgreSQL; answers afterwards.
    pub fn hold_facts(&self, seconds: u32) {
        self.server().sql(&format!("BEGIN; LOCK TABLE ledger; SELECT pg_sleep({seconds}); COMMIT"));
    }

    /// The same, within limits. PostgreSQL has its waiting time from the URL.
    pub async fn again_within(&self, limits: Limits) -> hoesu_ledger::Result<Arc<Ledger>> {
        let place = match &self.place {
            Place::Folder(folder) => Place::Folder(folder.clone()),
            Place::Postgres(url) => {
                let separator = if url.contains('?') { '&' } else { '?' };
                let wait_ms = limits.lock_wait.as_millis();
                Place::Postgres(format!("{url}{separator}options=-clock_timeout%3D{wait_ms}"))
            }
        };
        Ledger::open_within(&place, &self.key, limits).await
    }

    /// Takes the ledger's PostgreSQL database away, whoever is connected.
    pub fn lose(&self) {
        self.server().lose();
    }

    fn server(&self) -> &Fresh {
        let Home::Database(fresh) = &self.home else { panic!("there is no server") };
        fresh
    }

    /// Where it lives.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What opens it.
    pub fn key(&self) -> &MasterKey {
        &self.key
    }
}

impl TestLedger {
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }
}

impl Deref for TestLedger {
    type Target = Arc<Ledger>;

    fn deref(&self) -> &Arc<Ledger> {
        &self.ledger
    }
}

/// An empty ledger, gone with the value.
pub async fn throwaway(database: Database) -> TestLedger {
    open(Home::make(database), MasterKey::generate()).await
}

/// Two ledgers that began as one: what was told to it is in both, under the same keys, so that they go on
/// to decide alike whatever they decide by a keyed digest. Answers what the story answered, too.
pub async fn twins<T>(
    database: Database,
    begin: impl AsyncFn(&Ledger) -> T,
) -> ([TestLedger; 2], T) {
    let first = throwaway(database).await;
    let begun = begin(&first).await;
    let copied = first.home.copy();
    let TestLedger { key, home, .. } = first;
    ([open(home, key.clone()).await, open(copied, key).await], begun)
}

async fn open(home: Home, key: MasterKey) -> TestLedger {
    let place = home.place();
    let ledger = Ledger::open(&place, &key).await.expect("a ledger opens");
    TestLedger { ledger, key, place, home }
}

/// Tells a story to an empty ledger on each database; a story that fails says on which.
pub async fn on_both(story: impl AsyncFn(TestLedger)) {
    for database in Database::ALL {
        let _witness = Witness(database);
        story(throwaway(database).await).await;
    }
}

/// Says which database it was, when a story ends in a panic.
struct Witness(Database);

impl Drop for Witness {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = writeln!(std::io::stderr(), "this was on {:?}", self.0);
        }
    }
}
