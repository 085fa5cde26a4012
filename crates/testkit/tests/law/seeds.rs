//! A property test keeps the seeds of its failures where they can be committed.

use std::path::Path;

use crate::workspace::{files, read, root, said};

/// What makes a file one with property tests, spelt in two halves so that this file is none.
const PROPERTY: (&str, &str) = ("propte", "st! {");

/// Property tests in the middle of a function.
const INSIDE: (&str, &str) = ("propte", "st!(");

/// What runs cases without keeping a seed or saying it, or says that none is kept.
const FORGETFUL: [(&str, &str); 2] = [("TestRun", "ner::new("), ("failure_persist", "ence: None")];

#[test]
fn every_property_test_keeps_its_failing_seeds() {
    let mut many = 0;
    for path in files("crates", "rs") {
        let text = read(&path);
        for (head, tail) in FORGETFUL {
            let forgets = format!("{head}{tail}");
            assert!(!text.contains(&forgets), "{} forgets seeds: {forgets}", said(&path));
        }
        if ![PROPERTY, INSIDE].iter().any(|(head, tail)| text.contains(&format!("{head}{tail}"))) {
            continue;
        }
        many += 1;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let named = format!("/tests/proptest-regressions/{stem}.txt");
        assert!(
            is_below_a_root(&path) || text.contains(&named),
            "{} has no lib.rs or main.rs above it: its seeds have to be told where to go, {named}",
            said(&path)
        );
    }
    assert!(many > 20, "only {many} files with property tests were seen");
}

/// Whether the library finds by itself where seeds go: beside the nearest folder with a crate's root.
fn is_below_a_root(path: &Path) -> bool {
    let folders = path.ancestors().skip(1).take_while(|folder| *folder != root());
    folders
        .into_iter()
        .any(|folder| ["lib.rs", "main.rs"].iter().any(|name| folder.join(name).is_file()))
}
