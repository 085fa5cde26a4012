//! What no source file holds, and what every one begins with.

use crate::workspace::{files, read, said};

/// Loose ends, spelt in two halves so that this file holds none.
const LOOSE: [(&str, &str); 6] = [
    ("#[ign", "ore"),
    ("to", "do!("),
    ("unimple", "mented!("),
    ("[all", "ow("),
    ("dbg", "!("),
    ("unsa", "fe {"),
];

/// Words that only SQL begins with.
const SQL: [&str; 6] =
    ["SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "BEGIN IMMEDIATE", "ON CONFLICT "];

#[test]
fn no_source_holds_a_loose_end() {
    for path in files("crates", "rs") {
        let text = read(&path);
        for (head, tail) in LOOSE {
            let loose = format!("{head}{tail}");
            assert!(!text.contains(&loose), "{} holds {loose}", said(&path));
        }
    }
}

#[test]
fn every_source_opens_with_what_it_is() {
    // `tests.rs` next door is what its neighbour says it is.
    for path in files("crates", "rs").into_iter().filter(|path| !path.ends_with("tests.rs")) {
        let text = read(&path);
        let told = text.starts_with("//! ") || text.starts_with("#![doc = include_str!");
        assert!(told, "{} does not open with a sentence", said(&path));
    }
}

#[test]
fn only_the_ledger_speaks_sql() {
    for path in files("crates", "rs") {
        let place = said(&path);
        let may = ["crates/ledger/", "crates/testkit/", "crates/bench/"];
        if may.iter().any(|folder| place.starts_with(folder)) {
            continue;
        }
        let text = read(&path);
        for word in SQL {
            assert!(!text.contains(word), "{place} speaks SQL: {word}");
        }
    }
}
