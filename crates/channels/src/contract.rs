//! What a contract knows of a record, as data: which members there are, which codes they may hold,
//! and what each code tells. Whatever is not in it becomes `Unrecognised`, with its path.

use std::fmt::Debug;

use hoesu_claims::fact::{Fact, Tells, When};
use jiff::Timestamp;

use crate::tree::Node;

/// The codes of one member and what each of them tells.
pub(crate) struct Codes<T: 'static>(pub(crate) &'static [(&'static str, T)]);

/// A code that tells nothing a rule needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept;

impl<T: Copy> Codes<T> {
    /// What a member's code tells; `None` if there is no code or nobody knows it.
    pub(crate) fn of(&self, node: &Node<'_>) -> Option<T> {
        let code = node.text()?;
        self.0.iter().find(|(known, _)| *known == code).map(|(_, tells)| *tells)
    }
}

/// [`Codes`] of any kind.
pub(crate) trait Table: Sync {
    /// Whether a code is among them.
    fn knows(&self, code: &str) -> bool;
    /// Each code and what it tells, in words.
    #[cfg(test)]
    fn rows(&self) -> Vec<(&'static str, String)>;
}

impl<T: Debug + Sync> Table for Codes<T> {
    fn knows(&self, code: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == code)
    }

    #[cfg(test)]
    fn rows(&self) -> Vec<(&'static str, String)> {
        self.0.iter().map(|(code, tells)| (*code, format!("{tells:?}"))).collect()
    }
}

/// A member of a record. The member `*` stands for any other: the contract lists not all of them.
pub(crate) struct Field(pub(crate) &'static str, pub(crate) Holds);

/// What a member may hold. Missing, `null` and empty are always allowed.
pub(crate) enum Holds {
    /// Anything: kept, not judged.
    Anything,
    /// A code.
    Code(&'static dyn Table),
    /// A time in the channel's form.
    Time(fn(&str) -> Option<Timestamp>),
    /// A whole number.
    Whole,
    /// Pieces.
    Pieces,
    /// Whole won, or a money object.
    Amount,
    /// A boolean.
    Truth,
    /// A record, or a list of records.
    Records(&'static [Field]),
}

/// Everything in a record that its contract does not know.
pub(crate) fn unrecognised(record: &Node<'_>, fields: &[Field], when: When) -> Vec<Fact> {
    let mut found = Vec::new();
    judge(record, fields, "", &mut found);
    found.sort();
    found.dedup();
    found.into_iter().map(|(path, code)| Tells::Unrecognised { path, code }.at(when)).collect()
}

/// A record that is none: the whole of it is unrecognised.
pub(crate) fn unreadable(when: When) -> Vec<Fact> {
    vec![Tells::Unrecognised { path: String::new(), code: None }.at(when)]
}

type Found = Vec<(String, Option<String>)>;

fn judge(record: &Node<'_>, fields: &[Field], path: &str, found: &mut Found) {
    let open = fields.iter().any(|field| field.0 == "*");
    let mut next = 0;
    for (name, value) in record.members() {
        // Members mostly come in the contract's order.
        let known = match fields.get(next) {
            Some(field) if field.0 == name => Some(next),
            Some(_) | None => fields.iter().position(|field| field.0 == name),
        };
        let here = || if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        match known {
            None if open => {}
            None => found.push((shortened(&here()), None)),
            Some(at) => {
                next = at + 1;
                value_of(value, &fields[at].1, &here, found);
            }
        }
    }
}

fn value_of(value: &Node<'_>, holds: &Holds, here: &dyn Fn() -> String, found: &mut Found) {
    if value.is_nothing() {
        return;
    }
    let fits = match holds {
        Holds::Anything => true,
        Holds::Code(table) => {
            if let Some(code) = value.text()
                && !table.knows(code)
            {
                found.push((here(), Some(shortened(code))));
            }
            value.text().is_some()
        }
        Holds::Time(form) => value.time(*form).is_some(),
        Holds::Whole => value.whole().is_some(),
        Holds::Pieces => value.quantity().is_some(),
        Holds::Amount => value.whole().is_some() || matches!(value, Node::Group(_)),
        Holds::Truth => value.truth().is_some() || matches!(value.text(), Some("Y" | "N")),
        Holds::Records(fields) => {
            let listed = matches!(value, Node::List(_));
            let path = if listed { format!("{}[]", here()) } else { here() };
            for one in value.all() {
                match one {
                    Node::Group(_) => judge(one, fields, &path, found),
                    other if other.is_nothing() => {}
                    Node::Null | Node::Text(_) | Node::Bare(_) | Node::List(_) => {
                        found.push((path.clone(), None));
                    }
                }
            }
            true
        }
    };
    if !fits {
        found.push((here(), None));
    }
}

/// A code or path short enough to be shown.
fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

/// Says where a channel's README and its tables differ: every table as rows of
/// `| member | code | tells |`, in order.
#[cfg(test)]
pub(crate) fn assert_documented(readme: &str, tables: &[(&str, &dyn Table)]) {
    use std::fmt::Write as _;

    let mut expected = String::from("| member | code | tells |\n| --- | --- | --- |\n");
    for (member, table) in tables {
        for (code, tells) in table.rows() {
            let code = if code.is_empty() { "(empty)" } else { code };
            writeln!(expected, "| `{member}` | `{code}` | `{tells}` |").unwrap();
        }
    }
    let found = readme.contains(&expected);
    assert!(found, "the README must hold this table:\n{expected}");
}
