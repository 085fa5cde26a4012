//! Documents as they are shown to people: every value with the path to it, and what is somebody's
//! masked.
//!
//! What is masked is data of each channel ([`Capabilities::people`]). What no channel named is masked
//! too, unless it looks like a number or a code: a field that is new today must not show a name.

use hoesu_claims::{Media, mask};

use crate::Capabilities;
use crate::tree::Node;

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A person's name.
    Name,
    /// A phone number.
    Phone,
    /// An address that begins with its province.
    Address,
    /// A postcode.
    Postcode,
    /// What somebody wrote, or the rest of an address.
    Words,
    /// Nothing of anybody's: goods, labels, numbers.
    Plain,
}

/// A member and what it holds. The path is the end of one: `name`, or `receiverData.name`.
#[derive(Debug, Clone, Copy)]
pub struct Personal(pub &'static str, pub Holds);

/// One value of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where it stands: `returnItems[0].vendorItemName`.
    pub path: String,
    /// What it says: a text without its quotes, a number digit for digit, `null`.
    pub text: String,
    /// What it holds, if that is somebody's.
    pub holds: Option<Holds>,
    /// Whether the text is not all that it says.
    pub is_masked: bool,
}

/// Words in a member's name that say it may hold what is somebody's.
const SUSPECT: [&str; 12] = [
    "name", "phone", "mobile", "tel", "hpno", "addr", "zip", "postcode", "email", "memo",
    "message", "customer",
];

/// Every value of a record, in the order they were written, with what is somebody's masked; nothing
/// if the body is no JSON or XML.
pub fn masked(capabilities: &Capabilities, media: Media, body: &[u8]) -> Vec<Shown> {
    show(capabilities, media, body, true)
}

/// Every value of a record in full: for somebody who gave a reason, and was written down.
pub fn revealed(capabilities: &Capabilities, media: Media, body: &[u8]) -> Vec<Shown> {
    show(capabilities, media, body, false)
}

fn show(capabilities: &Capabilities, media: Media, body: &[u8], hide: bool) -> Vec<Shown> {
    let mut shown = Vec::new();
    if let Some(node) = Node::parse(media, body) {
        let walk = Walk { people: capabilities.people, hide };
        walk.node(&node, &mut Vec::new(), String::new(), &mut shown);
    }
    shown
}

struct Walk {
    people: &'static [Personal],
    hide: bool,
}

impl Walk {
    fn node<'a>(
        &self,
        node: &'a Node<'_>,
        names: &mut Vec<&'a str>,
        path: String,
        out: &mut Vec<Shown>,
    ) {
        match node {
            Node::Group(members) if !members.is_empty() => {
                for (name, value) in members {
                    let path =
                        if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                    names.push(name);
                    self.node(value, names, path, out);
                    names.pop();
                }
            }
            Node::List(values) if !values.is_empty() => {
                for (at, value) in values.iter().enumerate() {
                    self.node(value, names, format!("{path}[{at}]"), out);
                }
            }
            Node::Null => out.push(plain(path, "null")),
            Node::List(_) => out.push(plain(path, "[]")),
            Node::Group(_) => out.push(plain(path, "{}")),
            Node::Text(text) => out.push(self.leaf(names, path, text, false)),
            Node::Bare(text) => out.push(self.leaf(names, path, text, true)),
        }
    }

    fn leaf(&self, names: &[&str], path: String, text: &str, bare: bool) -> Shown {
        let holds = match self.holds(names) {
            Some(Holds::Plain) => None,
            Some(holds) => Some(holds),
            None => unnamed(names, text, bare),
        };
        let Some(holds) = holds.filter(|_| !text.trim().is_empty()) else {
            return plain(path, text);
        };
        let text = if self.hide { hidden(holds, text) } else { text.to_owned() };
        Shown { path, text, holds: Some(holds), is_masked: self.hide }
    }

    /// What the channel says a member holds, itself or something around it.
    fn holds(&self, names: &[&str]) -> Option<Holds> {
        (1..=names.len()).rev().find_map(|depth| {
            let fits = self.people.iter().filter(|one| ends_with(&names[..depth], one.0));
            fits.max_by_key(|one| one.0.len()).map(|one| one.1)
        })
    }
}

fn ends_with(names: &[&str], path: &str) -> bool {
    let mut names = names.iter().rev();
    path.rsplit('.').all(|name| names.next() == Some(&name))
}

/// What a member nobody named may hold.
fn unnamed(names: &[&str], text: &str, bare: bool) -> Option<Holds> {
    let suspect = || {
        let name = names.last().map(|name| name.to_lowercase()).unwrap_or_default();
        SUSPECT.iter().any(|word| name.contains(word))
    };
    let shows = if bare { !suspect() } else { is_code(text) && !suspect() };
    if shows && !mask::is_like_phone(text) { None } else { Some(Holds::Words) }
}

/// Letters, digits and the signs of codes and times, in one word, or a time's two.
fn is_code(text: &str) -> bool {
    let word = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:/+,".contains(&byte))
    };
    match text.split_once(' ') {
        None => word(text),
        Some((day, time)) => {
            let digits = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
            word(day) && word(time) && digits(day) && digits(time)
        }
    }
}

fn hidden(holds: Holds, text: &str) -> String {
    match holds {
        Holds::Name => mask::name(text),
        Holds::Phone => mask::phone(text),
        Holds::Address => mask::address(text),
        Holds::Postcode => mask::postcode(text),
        Holds::Words | Holds::Plain => mask::words(text),
    }
}

fn plain(path: String, text: &str) -> Shown {
    Shown { path, text: text.to_owned(), holds: None, is_masked: false }
}

#[cfg(test)]
mod tests;
