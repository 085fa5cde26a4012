//! Who may know about whom: the arrows of docs/ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::workspace::{METADATA, members, packages, text};

/// A crate may know about those before it, and about nobody after it.
const ARROWS: [&str; 10] = [
    "hoesu-claims",
    "hoesu-market",
    "hoesu-ledger",
    "hoesu-channels",
    "hoesu-engine",
    "hoesu-console",
    "hoesu-server",
    "hoesu-sandbox",
    "hoesu-bench",
    "hoesu",
];

/// What tests share stands aside: it knows about these, and others know about it in tests only.
const TESTKIT: (&str, [&str; 2]) = ("hoesu-testkit", ["hoesu-claims", "hoesu-ledger"]);

/// Nobody is pulled into the rules who waits, listens, dials or stores.
const NOT_IN_CLAIMS: [&str; 8] =
    ["tokio", "axum", "hyper", "reqwest", "rusqlite", "tokio-postgres", "deadpool", "refinery"];

/// What speaks SQL.
const DRIVERS: [&str; 8] = [
    "rusqlite",
    "libsqlite3-sys",
    "tokio-postgres",
    "deadpool-postgres",
    "refinery",
    "sqlx",
    "diesel",
    "postgres",
];

/// Who speaks SQL besides the ledger, and why.
const DRIVERS_ELSEWHERE: [(&str, &str); 2] = [
    ("hoesu-bench", "measures the ledger against the bare driver"),
    ("hoesu-testkit", "locks and breaks a ledger's file as another process would"),
];

#[test]
fn crates_know_only_about_those_below_them() {
    for member in members() {
        let name = text(member, "name");
        let below: &[&str] = if name == TESTKIT.0 {
            &TESTKIT.1
        } else {
            let at = ARROWS.iter().position(|known| *known == name);
            &ARROWS[..at.unwrap_or_else(|| panic!("{name} has no place among the arrows"))]
        };
        for (other, kind) in dependencies(member) {
            if !other.starts_with("hoesu") || kind == "dev" && other == TESTKIT.0 {
                continue;
            }
            // A test may look further down than its crate, never up.
            assert!(below.contains(&other), "{name} must not know about {other} ({kind})");
        }
    }
}

#[test]
fn the_rules_are_pure() {
    let below = reached_from("hoesu-claims");
    for banned in NOT_IN_CLAIMS {
        assert!(!below.contains(banned), "hoesu-claims depends on {banned}");
    }
}

#[test]
fn the_ledger_serves_nobody() {
    let below = reached_from("hoesu-ledger");
    for banned in ["axum", "hyper", "reqwest", "clap"] {
        assert!(!below.contains(banned), "hoesu-ledger depends on {banned}");
    }
}

#[test]
fn only_the_ledger_has_sql_drivers() {
    for member in members() {
        let name = text(member, "name");
        let excused = DRIVERS_ELSEWHERE.iter().any(|(who, _why)| *who == name);
        if name == "hoesu-ledger" || excused {
            continue;
        }
        for (other, kind) in dependencies(member) {
            assert!(!DRIVERS.contains(&other), "{name} has the SQL driver {other} ({kind})");
        }
    }
}

/// A package's direct dependencies: name, and `normal`, `build` or `dev`.
fn dependencies(package: &Value) -> impl Iterator<Item = (&str, &str)> {
    package["dependencies"].as_array().expect("dependencies").iter().map(|dependency| {
        (text(dependency, "name"), dependency["kind"].as_str().unwrap_or("normal"))
    })
}

/// The names of all packages a member pulls into a build of itself, tests aside.
fn reached_from(name: &str) -> BTreeSet<&'static str> {
    let names: BTreeMap<&str, &str> =
        packages().iter().map(|package| (text(package, "id"), text(package, "name"))).collect();
    let nodes: BTreeMap<&str, &Value> = METADATA["resolve"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|node| (text(node, "id"), node))
        .collect();
    let start = names.iter().find(|(_, known)| **known == name).expect("a member").0;
    let (mut reached, mut todo) = (BTreeSet::new(), vec![*start]);
    while let Some(id) = todo.pop() {
        if !reached.insert(id) {
            continue;
        }
        for edge in nodes[id]["deps"].as_array().expect("deps") {
            let kinds = edge["dep_kinds"].as_array().expect("dep_kinds");
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                todo.push(text(edge, "pkg"));
            }
        }
    }
    reached.into_iter().map(|id| names[id]).collect()
}
