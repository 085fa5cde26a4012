//! The file at the ledger's path: open, and opened anew when another one is put in its place.
//!
//! An open connection stays with the file it opened, even when another has its name by now: what is read
//! is what was, and what is written goes nowhere. So the path is looked at before a read, at most so
//! often, and after every commit, before anybody is answered.
//!
//! Changing the file in place is another thing: SQLite cannot know, and what it keeps of the old file
//! gets mixed with the new one.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::commits::{Commits, never_closed};
use super::migrate::migrate;
use super::own::OwnCommits;
use super::turn::Turn;
use super::writer::Writer;
use super::{Readers, failed, prepare};
use crate::migration::MigrationPolicy;
use crate::store::look::Identity;
use crate::{Error, Result};

/// How long the path is believed to name the same file.
const BELIEVED: Duration = Duration::from_millis(500);

/// How long whoever reads or writes waits for the file to be exchanged for another.
const EXCHANGE_WAIT: Duration = Duration::from_secs(1);

/// Locked, beside the file, while it is set up or exchanged.
const LOCK: &str = "-lock";

/// What lies beside the file while it is open.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// What the file's connections keep to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileLimits {
    /// How long to wait for others that write.
    pub(crate) lock_wait: Duration,
    /// How many pages the file may grow to.
    pub(crate) pages_max: Option<u32>,
    pub(crate) migrating: MigrationPolicy,
}

/// A file's device and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inode(u64, u64);

impl Inode {
    pub(super) fn of(path: &Path) -> std::io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = std::fs::metadata(path)?;
        Ok(Self(metadata.dev(), metadata.ino()))
    }
}

/// The file as it was opened.
pub(super) struct Opened {
    pub(super) readers: Readers,
    pub(super) own: Arc<OwnCommits>,
    inode: Inode,
    beside: [Option<Inode>; BESIDE.len()],
    writer: Writer,
}

impl Opened {
    pub(super) fn identity(&self) -> Identity {
        let Inode(device, number) = self.inode;
        Identity(vec![("file", format!("{device}:{number}"))])
    }
}

/// The ledger's path, and the file there.
pub(super) struct File {
    path: PathBuf,
    limits: FileLimits,
    opened: RwLock<Arc<Opened>>,
    /// The turn to open another.
    turn: Mutex<()>,
    born: Instant,
    /// When the path was looked at last, in milliseconds since `born`.
    looked_ms: AtomicU64,
}

impl File {
    pub(super) fn open(path: PathBuf, limits: FileLimits) -> Result<Self> {
        // Processes that start at once set the file up one after the other.
        let others = Turn::take(&beside(&path, LOCK), limits.lock_wait)?;
        if limits.migrating.may_make() {
            make(&path)?;
        }
        let opened = opened(&path, existing(), limits)?;
        drop(others);
        Ok(Self {
            opened: RwLock::new(Arc::new(opened)),
            path,
            limits,
            turn: Mutex::default(),
            born: Instant::now(),
            looked_ms: AtomicU64::new(0),
        })
    }

    /// The file, looked for at the path unless that was done a moment ago.
    pub(super) fn now(&self) -> Result<Arc<Opened>> {
        let looked = Duration::from_millis(self.looked_ms.load(Ordering::Relaxed));
        if self.born.elapsed().saturating_sub(looked) < BELIEVED {
            return Ok(self.opened());
        }
        self.look()
    }

    /// The file that is at the path now.
    pub(super) fn look(&self) -> Result<Arc<Opened>> {
        let at_ms = self.born.elapsed().as_millis() as u64;
        let opened = self.opened();
        let there = Inode::of(&self.path).map_err(|source| self.missing(source))?;
        let opened = if opened.inode == there { opened } else { self.exchange(there)? };
        self.looked_ms.fetch_max(at_ms, Ordering::Relaxed);
        Ok(opened)
    }

    /// Runs `work` in the next commit of the file's writer. What was written to a file that has lost its
    /// name by then is not kept, and the caller is told so.
    pub(super) async fn commit<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.commit_touching(doing, |connection, _| work(connection)).await
    }

    /// As [`File::commit`], for what writes documents, and says which.
    pub(super) async fn commit_touching<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Connection, &OwnCommits) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let opened = self.look()?;
        let own = Arc::clone(&opened.own);
        let work = move |connection: &mut Connection| work(connection, &own);
        let answer = opened.writer.write(doing, work).await?;
        match Inode::of(&self.path) {
            Ok(there) if there == opened.inode => Ok(answer),
            Ok(_) => Err(Error::WentBack),
            Err(source) => Err(self.missing(source)),
        }
    }

    /// Opens the file anew though it is the same: it was changed in place, and no connection may go on with
    /// what it remembers of it.
    pub(super) fn renew(&self) -> Result<()> {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let others = Turn::take(&beside(&self.path, LOCK), self.limits.lock_wait)?;
        self.must_be_whole()?;
        let old = self.replace(opened(&self.path, existing(), self.limits)?);
        drop((others, turn));
        drop(old);
        Ok(())
    }

    fn opened(&self) -> Arc<Opened> {
        Arc::clone(&self.opened.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, new: Opened) -> Arc<Opened> {
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *opened, Arc::new(new))
    }

    fn exchange(&self, there: Inode) -> Result<Arc<Opened>> {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.opened();
        if old.inode == there {
            return Ok(old);
        }
        // Whoever comes meanwhile waits here on a thread that others need too.
        let others = Turn::take(&beside(&self.path, LOCK), EXCHANGE_WAIT)?;
        self.must_be_whole()?;
        self.clear_beside(&old)?;
        let new = opened(&self.path, existing(), self.limits)?;
        drop(others);
        let old = [old, self.replace(new)];
        drop(turn);
        tracing::warn!("the ledger's file was exchanged for another, which is open now");
        // The connections of the old one end with their last user. SQLite sees that their file has lost its
        // name, and touches nothing beside the new one.
        drop(old);
        Ok(self.opened())
    }

    /// Takes away the log and its index if they are those of the old file: SQLite would take the log for
    /// the new file's and work it into it. The old file's writer has them open, and brings the log into
    /// the old file when it ends.
    fn clear_beside(&self, old: &Opened) -> Result<()> {
        for (suffix, was) in BESIDE.iter().zip(old.beside) {
            let path = beside(&self.path, suffix);
            if was.is_some() && Inode::of(&path).ok() == was {
                std::fs::remove_file(&path).map_err(|source| Error::File {
                    doing: "taking away the log of the file that was here before",
                    path: path.display().to_string(),
                    source,
                })?;
            }
        }
        Ok(())
    }

    /// Refuses a file that is still being copied: opened now, it would be taken for an empty ledger, or a
    /// damaged one.
    fn must_be_whole(&self) -> Result<()> {
        let whole = is_whole(&self.path).map_err(|source| self.missing(source))?;
        if whole { Ok(()) } else { Err(self.missing(std::io::Error::other("it is not whole"))) }
    }

    fn missing(&self, source: std::io::Error) -> Error {
        Error::File {
            doing: "looking for the ledger's file",
            path: self.path.display().to_string(),
            source,
        }
    }
}

/// Whether a file is as long as its header says (<https://www.sqlite.org/fileformat.html>).
fn is_whole(path: &Path) -> std::io::Result<bool> {
    let number = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    // Closing a file of our own would take away SQLite's locks on it.
    let file = never_closed(path)?;
    let length = file.metadata()?.len();
    let mut header = [0; 100];
    if length < 100 {
        return Ok(false);
    }
    file.read_exact_at(&mut header, 0)?;
    if !header.starts_with(b"SQLite format 3\0") {
        return Ok(false);
    }
    // 1 stands for 65536, which does not fit.
    let page = match number(&header[16..18]) {
        1 => 65_536,
        page => page,
    };
    Ok(length >= page * number(&header[28..32]))
}

/// Makes the file, readable by its owner alone, unless it is there. What SQLite puts beside it gets the
/// same mode.
fn make(path: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(Error::File {
            doing: "making the ledger's file",
            path: path.display().to_string(),
            source,
        }),
    }
}

fn existing() -> OpenFlags {
    OpenFlags::default().difference(OpenFlags::SQLITE_OPEN_CREATE)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens what is at a path, and sees to it that it is one file.
fn opened(path: &Path, flags: OpenFlags, limits: FileLimits) -> Result<Opened> {
    let file =
        |doing| move |source| Error::File { doing, path: path.display().to_string(), source };
    let mut connection = connect(path, flags, limits)?;
    let inode = Inode::of(path).map_err(file("opening the file"))?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed("setting up"))?;
    migrate(&mut connection, limits.migrating)?;
    let commits = Commits::of(path).map_err(file("opening the log's index"))?;
    let own = Arc::new(OwnCommits::new(commits));
    let again = path.to_owned();
    let connect = move || {
        let connection = connect(&again, existing(), limits)?;
        match Inode::of(&again) {
            Ok(there) if there == inode => Ok(connection),
            _ => Err(Error::WentBack),
        }
    };
    let opened = Opened {
        readers: Readers::of(path.to_owned(), inode, limits.lock_wait),
        own: Arc::clone(&own),
        inode,
        beside: BESIDE.map(|suffix| Inode::of(&beside(path, suffix)).ok()),
        writer: Writer::start(connection, Box::new(connect), Some(own))?,
    };
    if Inode::of(path).map_err(file("opening the file"))? == inode {
        Ok(opened)
    } else {
        Err(Error::WentBack)
    }
}

/// A connection that may write.
fn connect(path: &Path, flags: OpenFlags, limits: FileLimits) -> Result<Connection> {
    let connection =
        Connection::open_with_flags(path, flags).map_err(failed("opening the file"))?;
    // A page holds a few sealed bodies of the usual size.
    connection.pragma_update(None, "page_size", 8192).map_err(failed("setting up"))?;
    prepare(&connection, limits.lock_wait)?;
    // Terms lie in random order; those of an import are written from memory, not page by page.
    connection.pragma_update(None, "cache_size", -262_144).map_err(failed("setting up"))?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed("setting up"))?;
    // Checkpoints copy every page written since the last; far apart, a page written often is
    // copied once.
    connection.pragma_update(None, "wal_autocheckpoint", 16_000).map_err(failed("setting up"))?;
    if let Some(pages_max) = limits.pages_max {
        connection
            .pragma_update(None, "max_page_count", pages_max)
            .map_err(failed("setting up"))?;
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Whether another process that opens and closes the database leaves its log where it is. It takes
    /// the log away if it believes that nobody else has the database open.
    fn another_process_leaves_the_log(path: &Path) -> bool {
        let script = "import sqlite3, sys\n\
            one = sqlite3.connect(sys.argv[1])\n\
            one.execute('SELECT count(*) FROM seller').fetchall()\n\
            one.close()";
        let before = Inode::of(&beside(path, "-wal")).unwrap();
        let ended = Command::new("python3").args(["-c", script]).arg(path).status().unwrap();
        assert!(ended.success());
        Inode::of(&beside(path, "-wal")).ok() == Some(before)
    }

    #[test]
    fn looking_at_the_file_gives_up_no_lock_of_sqlite() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let limits = FileLimits {
            lock_wait: Duration::from_secs(1),
            pages_max: None,
            migrating: MigrationPolicy::TO_OURS,
        };
        let file = File::open(path.clone(), limits).unwrap();
        assert!(another_process_leaves_the_log(&path));
        file.must_be_whole().unwrap();
        assert!(another_process_leaves_the_log(&path), "after a look");
        file.renew().unwrap();
        assert!(another_process_leaves_the_log(&path), "opened anew");
    }
}
