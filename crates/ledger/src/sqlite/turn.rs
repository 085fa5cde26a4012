//! One process at a time sets the file up.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// How often a lock that another process holds is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// The lock on a file beside the ledger; given back when dropped, and by the system when the process
/// ends.
pub(super) struct Turn(
    #[expect(dead_code, reason = "the lock lives as long as the file is open")] File,
);

impl Turn {
    /// Waits for others, at most so long.
    pub(super) fn take(path: &Path, wait: Duration) -> Result<Self> {
        let failed = |source| Error::File {
            doing: "waiting for another process that sets the ledger up",
            path: path.display().to_string(),
            source,
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        let until = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(PAUSE);
                }
                Err(error) => return Err(failed(error.into())),
            }
        }
    }
}
