//! What hoesu is built from may be used the way hoesu is given away. `deny.toml` is the law; this
//! reads it without network and without cargo-deny.

use toml::{Table, Value};

use crate::workspace::{packages, read, root, text};

#[test]
fn every_dependency_has_an_allowed_licence() {
    let law = law();
    let allowed = words(&law["licenses"]["allow"]);
    for package in packages() {
        let name = text(package, "name");
        let licence = package["license"].as_str().unwrap_or("");
        assert!(permits(licence, &allowed), "{name} is under «{licence}»");
    }
}

#[test]
fn every_dependency_comes_from_the_registry() {
    for package in packages() {
        let from = package["source"].as_str().unwrap_or("registry+ours");
        assert!(from.starts_with("registry+"), "{} comes from {from}", text(package, "name"));
    }
}

#[test]
fn no_banned_crate_is_built_in() {
    let law = law();
    for ban in law["bans"]["deny"].as_array().expect("bans.deny") {
        let (banned, why) = (ban["crate"].as_str().unwrap(), ban["reason"].as_str().unwrap());
        let found = packages().iter().any(|package| package["name"] == banned);
        assert!(!found, "{banned} is among the dependencies: {why}");
    }
}

fn law() -> Table {
    read(&root().join("deny.toml")).parse().expect("deny.toml is TOML")
}

fn words(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|word| word.as_str().expect("text")).collect()
}

/// Whether an SPDX expression can be met with the allowed licences alone. The old `A/B` means `OR`.
fn permits(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut tokens = spaced.split_whitespace().collect::<Vec<_>>().into_iter().peekable();
    let met = any(&mut tokens, allowed);
    met && tokens.next().is_none()
}

type Tokens<'a> = std::iter::Peekable<std::vec::IntoIter<&'a str>>;

fn any(tokens: &mut Tokens<'_>, allowed: &[&str]) -> bool {
    let mut met = all(tokens, allowed);
    while tokens.next_if_eq(&"OR").is_some() {
        met |= all(tokens, allowed);
    }
    met
}

fn all(tokens: &mut Tokens<'_>, allowed: &[&str]) -> bool {
    let mut met = one(tokens, allowed);
    while tokens.next_if_eq(&"AND").is_some() {
        met &= one(tokens, allowed);
    }
    met
}

fn one(tokens: &mut Tokens<'_>, allowed: &[&str]) -> bool {
    match tokens.next() {
        Some("(") => any(tokens, allowed) & tokens.next_if_eq(&")").is_some(),
        Some(licence) => {
            let exception = tokens.next_if_eq(&"WITH").and_then(|_| tokens.next());
            let full =
                exception.map_or(licence.to_owned(), |with| format!("{licence} WITH {with}"));
            allowed.contains(&full.as_str())
        }
        None => false,
    }
}

#[test]
fn an_expression_is_met_by_what_is_allowed() {
    let allowed = ["MIT", "Apache-2.0"];
    for met in ["MIT", "MIT/GPL-3.0", "GPL-3.0 OR (MIT AND Apache-2.0)", "(MIT)"] {
        assert!(permits(met, &allowed), "{met}");
    }
    for unmet in
        ["", "GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0 WITH LLVM-exception", "(MIT", "MIT MIT"]
    {
        assert!(!permits(unmet, &allowed), "{unmet}");
    }
}
