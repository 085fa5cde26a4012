//! Memory of a process, as the system counts it.

use anyhow::Context as _;

/// Resident memory, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Resident {
    /// What is the process's own.
    pub(crate) own: u64,
    /// Pages of files it maps, a database's above all: the system takes them back when it needs them.
    pub(crate) mapped: u64,
}

impl Resident {
    /// Of this process.
    pub(crate) fn ours() -> anyhow::Result<Self> {
        Self::of("self")
    }

    /// Of the process with this number.
    pub(crate) fn of(process: &str) -> anyhow::Result<Self> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        let bytes = |name: &'static str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.split_ascii_whitespace().next());
            let kilobytes: u64 = kilobytes.context(name)?.parse()?;
            anyhow::Ok(kilobytes * 1024)
        };
        Ok(Self { own: bytes("RssAnon:")?, mapped: bytes("RssFile:")? + bytes("RssShmem:")? })
    }

    /// All of it.
    pub(crate) const fn all(self) -> u64 {
        self.own + self.mapped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_takes_for_itself_is_seen_as_its_own() {
        let before = Resident::ours().unwrap();
        assert!(before.own > 0 && before.mapped > 1 << 20, "its program is mapped: {before:?}");
        let taken = std::hint::black_box(vec![1_u8; 64 << 20]);
        let after = Resident::ours().unwrap();
        assert!(after.own >= before.own + (32 << 20), "{before:?} {after:?}");
        drop(taken);
    }
}
