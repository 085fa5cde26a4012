//! The two databases are told the same story, and the schema can be spread over many servers: the
//! seller leads every key, and nothing runs inside the database on its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{Column, Schema};
use crate::workspace::{files, read};

const SQLITE: &str = "crates/ledger/migrations/sqlite";
const POSTGRES: &str = "crates/ledger/migrations/postgres";

/// Types that hold the same values: SQLite's, then what PostgreSQL may call it.
const SAME: [(&str, &[&str]); 4] = [
    ("INTEGER", &["BIGINT", "INTEGER", "SMALLINT"]),
    ("TEXT", &["TEXT"]),
    ("BLOB", &["BYTEA"]),
    ("REAL", &["DOUBLE PRECISION"]),
];

/// Tables whose keys are not led by the seller, and why.
const NOT_LED_BY_SELLER: [(&str, &str); 4] = [
    ("ledger", "facts about the ledger itself belong to no seller"),
    ("credential", "the directory finds the seller: decision 6"),
    ("sign_in", "the directory of people finds the seller: decision 6"),
    ("sign_in_attempt", "whoever fails to sign in is nobody's yet"),
];

/// What runs inside the database on its own, numbers rows for us, or locks across sellers.
const FORBIDDEN: [&str; 9] = [
    "TRIGGER",
    "FUNCTION",
    "PROCEDURE",
    "SERIAL",
    "BIGSERIAL",
    "AUTOINCREMENT",
    "SEQUENCE",
    "IDENTITY",
    "SKIP LOCKED",
];

#[test]
fn the_twins_have_the_same_numbers_and_names() {
    let (sqlite, postgres) = (migrations(SQLITE), migrations(POSTGRES));
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    let numbers: Vec<u32> = sqlite.keys().map(|(number, _name)| *number).collect();
    assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>(), "numbers have no gaps");
    assert!(!numbers.is_empty(), "there are migrations");
}

#[test]
fn the_twins_leave_the_same_tables_and_columns() {
    let (sqlite, postgres) = (schema(SQLITE), schema(POSTGRES));
    let names = |schema: &Schema| schema.tables.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&sqlite), names(&postgres));
    for (name, ours) in &sqlite.tables {
        let theirs = &postgres.tables[name];
        let (ours_by, theirs_by) = (by_name(&ours.columns), by_name(&theirs.columns));
        assert_eq!(
            ours_by.keys().collect::<Vec<_>>(),
            theirs_by.keys().collect::<Vec<_>>(),
            "columns of {name}"
        );
        for (column, our) in ours_by {
            let their = theirs_by[column];
            let same = SAME.iter().any(|(sqlite, postgres)| {
                our.kind == *sqlite && postgres.contains(&their.kind.as_str())
            });
            assert!(same, "{name}.{column}: {} is not {}", our.kind, their.kind);
            assert_eq!(our.not_null, their.not_null, "{name}.{column} NOT NULL");
        }
        assert_eq!(ours.primary, theirs.primary, "primary key of {name}");
        assert_eq!(ours.unique, theirs.unique, "unique constraints of {name}");
    }
    let unique = |schema: &Schema| {
        let unique = schema.indexes.iter().filter(|index| index.unique);
        unique.map(|index| (index.table.clone(), index.columns.clone())).collect::<BTreeSet<_>>()
    };
    assert_eq!(unique(&sqlite), unique(&postgres), "unique indexes");
}

#[test]
fn the_seller_leads_every_key() {
    for place in [SQLITE, POSTGRES] {
        let schema = schema(place);
        let excused = |table: &str| NOT_LED_BY_SELLER.iter().any(|(name, _why)| *name == table);
        for (name, table) in &schema.tables {
            assert!(!table.primary.is_empty(), "{place}: {name} has no primary key");
            for key in table.unique.iter().chain([&table.primary]) {
                assert!(excused(name) || key[0] == "seller", "{place}: a key of {name} is {key:?}");
            }
        }
        for index in &schema.indexes {
            let led = excused(&index.table) || index.columns[0] == "seller";
            assert!(led, "{place}: index {} is on {:?}", index.name, index.columns);
        }
        for (table, _why) in NOT_LED_BY_SELLER {
            assert!(schema.tables.contains_key(table), "{table} is excused and does not exist");
        }
    }
}

#[test]
fn nothing_runs_inside_the_database_on_its_own() {
    for place in [SQLITE, POSTGRES] {
        for ((number, name), sql) in migrations(place) {
            let sql: String =
                sql.lines().map(|line| line.split("--").next().unwrap_or("")).collect();
            let upper = sql.to_uppercase();
            for word in FORBIDDEN {
                assert!(!upper.contains(word), "{place}/V{number}__{name}.sql says {word}");
            }
        }
    }
}

/// The migrations of one database: number and name, and the SQL.
fn migrations(place: &str) -> BTreeMap<(u32, String), String> {
    let read_one = |path: std::path::PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        let (number, name) = stem
            .strip_prefix('V')
            .and_then(|rest| rest.split_once("__"))
            .unwrap_or_else(|| panic!("{stem} is not V<number>__<name>"));
        ((number.parse().expect("a number"), name.to_owned()), read(&path))
    };
    files(place, "sql").into_iter().map(read_one).collect()
}

fn schema(place: &str) -> Schema {
    let mut schema = Schema::default();
    for sql in migrations(place).values() {
        schema.apply(sql);
    }
    schema
}

fn by_name(columns: &[Column]) -> BTreeMap<&str, &Column> {
    columns.iter().map(|column| (column.name.as_str(), column)).collect()
}
