//! Killed at any point, the ledger is right after restart.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use hoesu_channels::CHANNELS;
use hoesu_testkit::Database;

use crate::Home;
use crate::documents::lines;

#[test]
fn an_import_killed_over_and_over_loses_nothing_and_writes_nothing_twice() {
    for database in Database::ALL {
        kill_imports(&Home::on(database));
    }
}

fn kill_imports(home: &Home) {
    let channel = CHANNELS[0];
    home.json(&["account", "add", channel.id(), "one"]);
    let text = lines(channel, 400);
    let all: BTreeSet<&str> = text.lines().collect();
    let mut known = 0;
    for round in 1..=6_u64 {
        let mut child =
            home.command(&["import", "one", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let feed = text.clone();
        // It breaks when the reader is killed; that is the point.
        let feeding = std::thread::spawn(move || drop(input.write_all(feed.as_bytes())));
        std::thread::sleep(Duration::from_millis(round * 35));
        child.kill().unwrap();
        child.wait().unwrap();
        feeding.join().unwrap();

        let doctor = home.run(&["doctor"]);
        assert_eq!(doctor.exit, 0, "{doctor:?}");
        let exported = home.run(&["export", "one"]);
        let there: Vec<&str> = exported.out.lines().collect();
        let distinct: BTreeSet<&str> = there.iter().copied().collect();
        assert_eq!(there.len(), distinct.len(), "a document is there twice");
        assert!(distinct.is_subset(&all), "a document is not as it went in");
        assert!(there.len() >= known, "what was there is there no longer");
        known = there.len();
    }
    let report = home.feed(&["--json", "import", "one", "-"], &text).json();
    let count = |name: &str| report[name].as_u64().unwrap() as usize;
    assert_eq!((count("new"), count("unchanged")), (all.len() - known, known));
    let exported = home.run(&["export", "one"]);
    assert_eq!(exported.out.lines().collect::<BTreeSet<_>>(), all);
    home.is_whole();
}

#[test]
fn settling_killed_over_and_over_finds_everything_once() {
    for database in Database::ALL {
        kill_settling(&Home::on(database));
    }
}

fn kill_settling(home: &Home) {
    for channel in CHANNELS {
        home.json(&["account", "add", channel.id(), channel.id()]);
        let said = home.feed(&["--json", "import", channel.id(), "-"], lines(*channel, 80));
        assert_eq!(said.exit, 0, "{said:?}");
    }
    for round in 1..=8_u64 {
        let mut child = home.command(&["findings"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(round * 30));
        child.kill().unwrap();
        child.wait().unwrap();
        let checked = home.json(&["replay", "--check"]);
        assert_eq!(checked["different"], 0, "{checked}");
    }
    let all = home.json(&["findings", "--all", "--history"]);
    let findings = all["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    for finding in findings {
        let history = finding["history"].as_array().unwrap();
        assert_eq!(history.len(), 1, "found once: {finding}");
    }
    home.is_whole();
}
