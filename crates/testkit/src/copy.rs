//! Older copies of a ledger, and putting one in the place of the ledger while that is open.

use std::path::Path;

use hoesu_ledger::{Ledger, Place};

use crate::TestLedger;
use crate::throwaway::Home;

const FILE: &str = "ledger.db";

/// What a ledger was at a moment.
pub struct Copy(Home);

impl Copy {
    /// Where it lies: it can be opened with the key of the ledger it is of, and go its own way.
    pub fn place(&self) -> Place {
        self.0.place()
    }
}

impl TestLedger {
    /// A copy of the ledger as it is now, while nothing is written to it.
    pub async fn copy(&self) -> Copy {
        let copy = Copy(self.home().copy());
        // Opened and closed, SQLite's is one file.
        drop(Ledger::open(&copy.place(), self.key()).await.expect("a copy opens"));
        copy
    }

    /// Puts a copy in the ledger's place, as a restored backup is. Nothing may have the copy open.
    pub fn put_in_place(&self, copy: &Copy) {
        match (self.home(), &copy.0) {
            (Home::Database(fresh), Home::Database(other)) => fresh.exchange(other),
            (Home::Folder(at), Home::Folder(other)) => {
                // A log of the old file lies beside the new one, as it does if nobody thinks of it.
                std::fs::rename(file(other.path()), file(at.path())).expect("one file system");
            }
            (Home::Database(_), Home::Folder(_)) | (Home::Folder(_), Home::Database(_)) => {
                panic!("a copy is of the ledger's own kind")
            }
        }
    }

    /// Changes the ledger into a copy in place: the same database, the same file, other rows. Nothing may
    /// have the copy open.
    pub async fn overwrite(&self, copy: &Copy) {
        match (self.home(), &copy.0) {
            (Home::Database(fresh), Home::Database(other)) => fresh.overwrite(other),
            (Home::Folder(at), Home::Folder(other)) => {
                // Empties the log: what SQLite has in it would be mixed with the file.
                drop(self.again().await);
                std::fs::copy(file(other.path()), file(at.path())).expect("a copy");
            }
            (Home::Database(_), Home::Folder(_)) | (Home::Folder(_), Home::Database(_)) => {
                panic!("a copy is of the ledger's own kind")
            }
        }
    }
}

fn file(folder: &Path) -> std::path::PathBuf {
    folder.join(FILE)
}
