//! How many cases a property test tries, and where the seeds of those that fail are kept.
//!
//! `PROPTEST_CASES` goes before any number given here, as everywhere.

use proptest::test_runner::{Config, FileFailurePersistence};

/// What a property test is run with whose file stands alone in `tests/`: there the library finds no
/// crate's root to keep seeds beside, so it is told the file, below `tests/proptest-regressions`.
pub fn config(cases: u32, seeds: &'static str) -> Config {
    let kept = FileFailurePersistence::Direct(seeds);
    Config { cases, failure_persistence: Some(Box::new(kept)), ..Config::default() }
}

/// Ten times as many cases where nobody waits at a keyboard: `CI=true`, which every such service sets.
pub fn more_in_ci(cases: u32) -> u32 {
    if std::env::var("CI").is_ok_and(|ci| ci == "true") { cases * 10 } else { cases }
}
