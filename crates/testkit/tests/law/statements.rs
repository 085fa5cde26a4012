//! Every statement names the seller whose rows it reads or writes, so that a database spread over many
//! servers knows where to go with it.

use crate::workspace::{files, read, said};

/// How statements begin.
const VERBS: [&str; 5] = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "];

/// What names one seller in a statement.
const ONE_SELLER: [&str; 6] = [
    "seller = ?1",
    "seller = $1",
    "VALUES (?1",
    "VALUES ($1",
    "(seller, seq, shelf, no, key, version",
    " SELECT $1, ",
];

/// What a statement that names no seller begins with, and why it cannot.
const OF_ALL: [(&str, &str); 29] = [
    ("SELECT pg_advisory", "a lock is no row"),
    ("SELECT relname::TEXT FROM pg_class", "the schema is nobody's"),
    ("SELECT name FROM sqlite_schema", "the schema is nobody's"),
    ("SELECT coalesce(max(version), 0)", "the schema is nobody's"),
    ("SELECT current_setting(", "the server is nobody's"),
    ("SELECT quote_ident(", "the schema is nobody's"),
    ("SELECT value FROM ledger", "facts about the ledger itself belong to no seller"),
    ("INSERT INTO ledger ", "facts about the ledger itself belong to no seller"),
    ("SELECT d.seller, d.shelf, count(*)", "doctor looks at every seller, as it is asked to"),
    ("SELECT (SELECT v.last_at FROM version", "doctor looks at every seller, as it is asked to"),
    ("SELECT seller, seq, highest", "doctor looks at every seller, as it is asked to"),
    ("SELECT seller, documents, highest", "doctor looks at every seller, as it is asked to"),
    ("SELECT seller FROM seller ORDER BY seller", "doctor goes from seller to seller"),
    ("SELECT s.seller FROM seller s LEFT JOIN settled", "work is looked for: one row a seller"),
    ("SELECT min((SELECT min(c.wake_at)", "work is looked for: one row a seller"),
    ("SELECT s.seller, s.name, s.created_at, k.wrapped FROM seller s JOIN", "the list of sellers"),
    ("SELECT seller FROM seller WHERE name", "the directory finds the seller by name"),
    ("SELECT {columns} FROM account ORDER BY", "the list of all accounts, of which there are few"),
    ("SELECT seller, account FROM credential", "the directory finds the seller"),
    ("SELECT a.seller, a.account, a.channel", "the directory finds the seller"),
    ("SELECT EXISTS (SELECT 1 FROM person)", "whether anybody is there at all: the first start"),
    ("SELECT person FROM sign_in", "the directory of people finds the seller"),
    ("SELECT {PERSON} FROM sign_in", "the directory of people finds the seller"),
    ("SELECT s.seller, s.name, s.created_at, m.role", "a person may see several sellers"),
    ("SELECT seller FROM membership WHERE home", "a person may see several sellers"),
    ("SELECT failures, failed_at", "whoever fails to sign in is nobody's yet"),
    ("INSERT INTO sign_in_attempt", "whoever fails to sign in is nobody's yet"),
    ("DELETE FROM sign_in_attempt", "whoever fails to sign in is nobody's yet"),
    ("SELECT {", "a list of what is looked at, put together: one seller's or the server's"),
];

/// The statements of the ledger: where, and each on one line.
fn statements() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for path in files("crates/ledger/src", "rs") {
        let place = said(&path);
        if place.ends_with("tests.rs") {
            continue;
        }
        let text = read(&path);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for literal in literals(code) {
            let words: Vec<&str> = literal.split_whitespace().collect();
            let statement = words.join(" ");
            if VERBS.iter().any(|verb| statement.starts_with(verb)) {
                all.push((place.clone(), statement));
            }
        }
    }
    all
}

/// The texts in double quotes of a source, without those of comments.
fn literals(code: &str) -> Vec<String> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n").replace("\\\"", "'").replace("'\"'", "''");
    code.split('"').skip(1).step_by(2).map(|text| text.replace("\\\n", " ")).collect()
}

#[test]
fn every_statement_names_its_seller() {
    let all = statements();
    assert!(all.len() > 150, "the ledger's statements are found: {}", all.len());
    for (place, statement) in &all {
        let named = ONE_SELLER.iter().any(|words| statement.contains(words));
        let excused = OF_ALL.iter().any(|(begin, _why)| statement.starts_with(begin));
        assert!(named || excused, "{place}: {statement}");
    }
    for (begin, _why) in OF_ALL {
        let there = all.iter().any(|(_, statement)| statement.starts_with(begin));
        assert!(there, "excused, and there is none that begins so: {begin}");
    }
}

#[test]
fn no_statement_does_what_a_distributed_database_refuses() {
    for (place, statement) in statements() {
        let values = statement.split("VALUES (").skip(1);
        let computed = values
            .filter(|rest| rest.split("ON CONFLICT").next().unwrap_or(rest).contains("(SELECT"));
        assert_eq!(computed.count(), 0, "{place}: a subquery among values: {statement}");
        if statement.contains("FOR UPDATE")
            || statement.contains("{}") && statement.contains("events FROM settled")
        {
            assert!(statement.contains("seller = "), "{place}: a lock across sellers: {statement}");
        }
        assert!(!statement.contains("SKIP LOCKED"), "{place}: {statement}");
    }
}
