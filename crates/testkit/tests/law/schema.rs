//! Reads migrations: the tables, columns, keys and indexes they leave behind, and nothing they do
//! that this reader has not been taught.

use std::collections::BTreeMap;

/// What migrations leave behind.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    /// By name.
    pub(crate) tables: BTreeMap<String, Table>,
    /// In order.
    pub(crate) indexes: Vec<Index>,
}

/// A table.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Name and type in the order they were made; the type without what constrains it.
    pub(crate) columns: Vec<Column>,
    /// Columns of the primary key.
    pub(crate) primary: Vec<String>,
    /// Columns of each unique constraint.
    pub(crate) unique: Vec<Vec<String>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// Upper case.
    pub(crate) kind: String,
    pub(crate) not_null: bool,
}

/// An index made by itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) unique: bool,
    pub(crate) columns: Vec<String>,
}

/// Words that begin what follows a column's type.
const AFTER_TYPE: [&str; 9] =
    ["COLLATE", "NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "CHECK", "REFERENCES", "CONSTRAINT"];

impl Schema {
    /// Applies one migration's statements. Fails on a statement it does not know.
    pub(crate) fn apply(&mut self, sql: &str) {
        for statement in split(&tokens(sql), ";") {
            let words: Vec<String> = statement.iter().map(|word| word.to_uppercase()).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            match words.as_slice() {
                ["CREATE", "TABLE", ..] => self.create_table(&statement[2..]),
                ["CREATE", "UNIQUE", "INDEX", ..] => self.create_index(&statement[3..], true),
                ["CREATE", "INDEX", ..] => self.create_index(&statement[2..], false),
                ["ALTER", "TABLE", table, "ADD", "COLUMN", ..] => {
                    let table = table.to_lowercase();
                    let made = self.tables.get_mut(&table).expect("the altered table is there");
                    made.item(&statement[5..]);
                }
                ["DROP", "INDEX", name] => {
                    let name = name.to_lowercase();
                    self.indexes.retain(|index| index.name != name);
                }
                ["INSERT" | "UPDATE" | "DELETE", ..] => {}
                other => panic!("this reader does not know: {}", other.join(" ")),
            }
        }
    }

    fn create_table(&mut self, rest: &[String]) {
        let rest = after_if_not_exists(rest);
        let mut table = Table::default();
        for item in split(inside(&rest[1..]), ",") {
            table.item(&item);
        }
        self.tables.insert(rest[0].to_lowercase(), table);
    }

    fn create_index(&mut self, rest: &[String], unique: bool) {
        let rest = after_if_not_exists(rest);
        assert!(rest[1].eq_ignore_ascii_case("ON"), "an index has a name and is ON a table");
        let columns = names(inside(&rest[3..]));
        let (name, table) = (rest[0].to_lowercase(), rest[2].to_lowercase());
        self.indexes.push(Index { name, table, unique, columns });
    }
}

impl Table {
    fn item(&mut self, words: &[String]) {
        let upper: Vec<String> = words.iter().map(|word| word.to_uppercase()).collect();
        match upper.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["PRIMARY", "KEY", ..] => self.primary = names(inside(words)),
            ["UNIQUE", ..] => self.unique.push(names(inside(words))),
            ["CHECK", ..] => {}
            ["CONSTRAINT", ..] => self.item(&words[2..]),
            ["FOREIGN", ..] => panic!("documents outlive what points at them: no foreign keys"),
            all => {
                let name = words[0].to_lowercase();
                let kind: Vec<&str> = all[1..]
                    .iter()
                    .take_while(|word| !AFTER_TYPE.contains(word))
                    .copied()
                    .collect();
                let has = |pair: [&str; 2]| all.windows(2).any(|two| two == pair);
                if has(["PRIMARY", "KEY"]) {
                    self.primary = vec![name.clone()];
                }
                if all.contains(&"UNIQUE") {
                    self.unique.push(vec![name.clone()]);
                }
                let not_null = has(["NOT", "NULL"]) || has(["PRIMARY", "KEY"]);
                self.columns.push(Column { name, kind: kind.join(" "), not_null });
            }
        }
    }
}

/// Words, quoted strings and single signs, without comments.
fn tokens(sql: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = if rest.starts_with("--") {
            rest = rest.find('\n').map_or("", |at| &rest[at..]).trim_start();
            continue;
        } else if first == '\'' {
            rest[1..].find('\'').expect("a string ends") + 2
        } else if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        tokens.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    tokens
}

/// The pieces between a sign that stands outside parentheses; empty ones left out.
fn split(tokens: &[String], sign: &str) -> Vec<Vec<String>> {
    let (mut pieces, mut depth) = (vec![Vec::new()], 0_i32);
    for token in tokens {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 && token == sign {
            pieces.push(Vec::new());
        } else {
            pieces.last_mut().expect("one at least").push(token.clone());
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// What stands in the first pair of parentheses.
fn inside(tokens: &[String]) -> &[String] {
    let start = tokens.iter().position(|token| token == "(").expect("an opening parenthesis") + 1;
    let mut depth = 1;
    let length = tokens[start..].iter().position(|token| {
        depth += i32::from(token == "(") - i32::from(token == ")");
        depth == 0
    });
    &tokens[start..start + length.expect("a closing parenthesis")]
}

/// The first word of each piece of a list: column names, whatever order or operator follows.
fn names(list: &[String]) -> Vec<String> {
    split(list, ",").iter().map(|piece| piece[0].to_lowercase()).collect()
}

fn after_if_not_exists(words: &[String]) -> &[String] {
    if words[0].eq_ignore_ascii_case("IF") { &words[3..] } else { words }
}

#[test]
fn a_table_is_read_as_it_is_written() {
    let mut schema = Schema::default();
    schema.apply(
        "-- what it is; for whom
         CREATE TABLE claim (
             seller bigint NOT NULL, -- leads
             key TEXT COLLATE \"C\" NOT NULL DEFAULT 'a;b',
             price double precision,
             PRIMARY KEY (seller, key),
             UNIQUE (seller, price)
         ) WITHOUT ROWID, STRICT;
         CREATE UNIQUE INDEX claim_by_key ON claim (seller, key DESC) WHERE price > 0;
         ALTER TABLE claim ADD COLUMN body BYTEA NOT NULL;",
    );
    let claim = &schema.tables["claim"];
    let kinds: Vec<_> = claim.columns.iter().map(|c| (c.name.as_str(), c.kind.as_str())).collect();
    let expected =
        [("seller", "BIGINT"), ("key", "TEXT"), ("price", "DOUBLE PRECISION"), ("body", "BYTEA")];
    assert_eq!(kinds, expected);
    assert_eq!(claim.primary, ["seller", "key"]);
    assert_eq!(claim.unique, [["seller", "price"]]);
    assert_eq!(schema.indexes[0].columns, ["seller", "key"]);
    assert!(schema.indexes[0].unique && claim.columns[0].not_null && !claim.columns[2].not_null);
}
