//! Killed at any point, the ledger is right after restart.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use hoesu_channels::CHANNELS;

use crate::Home;
use crate::documents::lines;

#[test]
fn an_import_killed_over_and_over_loses_nothing_and_writes_nothing_twice() {
    let channel = CHANNELS[0];
    let home = Home::new();
    home.json(&["account", "add", channel.id(), "one"]);
    let text = lines(channel, 2_000);
    let all: BTreeSet<&str> = text.lines().collect();
    let mut known = 0;
    for round in 1..=6_u64 {
        let mut child =
            home.command(&["import", "one", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let feed = text.clone();
        // It breaks when the reader is killed; that is the point.
        let feeding = std::thread::spawn(move || drop(input.write_all(feed.as_bytes())));
        std::thread::sleep(Duration::from_millis(round * 90));
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
}
