//! A bare Debian 12 has, or is given by `.ci/machine.sh`, what the tests are run with.

use crate::workspace::{files, read, root, said};

/// The major version of Debian 12's `nodejs`.
const DEBIAN_NODE: u32 = 18;

/// Programs that hoesu and its tests may call, and who installs them. `kill`, `ps` and their like are in a
/// package that a bare machine lacks; a shell has a `kill` of its own.
const PROGRAMS: [(&str, &str); 8] = [
    ("sh", "every Debian"),
    ("bash", "every Debian"),
    ("df", "every Debian"),
    ("setpriv", "every Debian"),
    ("sleep", "every Debian"),
    ("psql", "need_postgres"),
    ("python3", "need_python"),
    ("node", "need_browser"),
];

#[test]
fn every_program_that_is_called_is_there() {
    let machine = read(&root().join(".ci/machine.sh"));
    for (program, from) in PROGRAMS {
        let is_given = from == "every Debian" || machine.contains(&format!("{from}() {{"));
        assert!(is_given, "{program}: .ci/machine.sh has no {from}");
    }
    let mut called = 0;
    for path in files("crates", "rs") {
        let text = read(&path);
        for start in ["Command::new(\"", "Process::new(\""] {
            for (at, _) in text.match_indices(start) {
                let program = text[at + start.len()..].split('"').next().unwrap_or_default();
                // What this file looks for is itself no call.
                if program.is_empty() || program.ends_with('\\') {
                    continue;
                }
                called += 1;
                let is_known = PROGRAMS.iter().any(|(known, _)| *known == program);
                assert!(is_known, "{} calls {program}: who installs it?", said(&path));
            }
        }
    }
    assert!(called >= PROGRAMS.len(), "only {called} calls were seen");
}

#[test]
fn packages_of_the_browsers_story_run_on_debians_node() {
    let path = root().join("crates/console/tests/browser/package-lock.json");
    let lock: serde_json::Value = serde_json::from_str(&read(&path)).unwrap();
    let packages = lock["packages"].as_object().expect("packages");
    assert!(packages.len() > 1, "the lock file names no package");
    for (place, package) in packages {
        let Some(wants) = package["engines"]["node"].as_str() else { continue };
        assert!(
            runs_on(wants, DEBIAN_NODE),
            "{place} wants node {wants}, Debian 12 has {DEBIAN_NODE}"
        );
    }
}

/// Whether a range such as `>=18` or `^18.19.0 || >=20` has some release of this major version in it.
/// A form that is not known has none.
fn runs_on(range: &str, major: u32) -> bool {
    let number = |text: &str| text.trim().split('.').next().and_then(|first| first.parse().ok());
    range.split("||").map(str::trim).any(|one| match one.strip_prefix(">=") {
        Some(least) => number(least).is_some_and(|least: u32| least <= major),
        None => number(one.trim_start_matches(['^', '~'])) == Some(major),
    })
}

#[test]
fn a_range_is_read_as_npm_reads_it() {
    for (range, is) in [
        (">=18", true),
        (">=4", true),
        (">= 18.17.0", true),
        ("^18.19.0 || >=20", true),
        (">=20", false),
        ("^20.0.0 || >=22", false),
        ("18.x", true),
        ("whatever", false),
    ] {
        assert_eq!(runs_on(range, 18), is, "{range}");
    }
}
