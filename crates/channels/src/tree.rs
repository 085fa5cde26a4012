//! A record as a tree that never fails to be read far enough: for telling facts, not for serving.
//! JSON and XML give the same tree; a list of one and the one alone read the same.

use std::borrow::Cow;

use hoesu_claims::Media;
use hoesu_claims::found::waybill;
use jiff::Timestamp;

use crate::xml;

/// Nesting deeper than this is not read.
const DEPTH_MAX: usize = 64;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node<'a> {
    /// `null`.
    Null,
    /// A text, escapes resolved.
    Text(Cow<'a, str>),
    /// A number or boolean, digit for digit.
    Bare(&'a str),
    /// Several.
    List(Vec<Self>),
    /// Members in the order they were written.
    Group(Vec<(Cow<'a, str>, Self)>),
}

/// What a missing member reads as.
const NOTHING: &Node<'static> = &Node::Null;

impl<'a> Node<'a> {
    /// Reads a whole record; `None` if it is no JSON or XML at all.
    pub(crate) fn parse(media: Media, body: &'a [u8]) -> Option<Self> {
        match media {
            Media::Json => {
                let text = std::str::from_utf8(body).ok()?;
                let mut at = 0;
                let node = value(text, &mut at, DEPTH_MAX)?;
                space(text, &mut at);
                (at == text.len()).then_some(node)
            }
            Media::Xml => xml::parse(body).ok().map(Self::from),
        }
    }

    /// A member's value; `Null` if there is none.
    pub(crate) fn get(&self, name: &str) -> &Self {
        let members = self.members();
        members.iter().find(|(member, _)| member == name).map_or(NOTHING, |(_, value)| value)
    }

    /// The members of a group; none of anything else.
    pub(crate) fn members(&self) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Group(members) => members,
            Self::Null | Self::Text(_) | Self::Bare(_) | Self::List(_) => &[],
        }
    }

    /// The groups of a list, or the one group that stands without its list.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Self> {
        self.all().iter().filter(|node| matches!(node, Self::Group(_)))
    }

    /// The values of a list, or the one value without its list.
    pub(crate) fn all(&self) -> &[Self] {
        if let Self::List(nodes) = self { nodes } else { std::slice::from_ref(self) }
    }

    /// Whether there is nothing to read: missing, `null`, an empty text.
    pub(crate) fn is_nothing(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Bare(_) | Self::List(_) | Self::Group(_) => false,
        }
    }

    /// What a text or bare value says, without the space around it; `None` if nothing.
    pub(crate) fn text(&self) -> Option<&str> {
        let text = match self {
            Self::Text(text) => text.trim(),
            Self::Bare(bare) => bare,
            Self::Null | Self::List(_) | Self::Group(_) => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The same, owned.
    pub(crate) fn owned(&self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    /// A waybill as it is compared; `None` if nothing is left of it.
    pub(crate) fn waybill(&self) -> Option<String> {
        self.text().map(waybill).filter(|waybill| !waybill.is_empty())
    }

    /// A whole number, in quotes or not.
    pub(crate) fn whole(&self) -> Option<i64> {
        self.text()?.parse().ok()
    }

    /// Pieces: a whole number from 0 to a million.
    pub(crate) fn quantity(&self) -> Option<u32> {
        self.whole().and_then(|pieces| u32::try_from(pieces).ok()).filter(|n| *n <= 1_000_000)
    }

    /// A boolean.
    pub(crate) fn truth(&self) -> Option<bool> {
        self.text()?.parse().ok()
    }

    /// A time in a channel's form.
    pub(crate) fn time(&self, form: fn(&str) -> Option<Timestamp>) -> Option<Timestamp> {
        form(self.text()?)
    }
}

impl From<xml::Element> for Node<'_> {
    fn from(element: xml::Element) -> Self {
        if element.children.is_empty() {
            return Self::Text(Cow::Owned(element.text));
        }
        let mut members: Vec<(Cow<'_, str>, Self)> = Vec::with_capacity(element.children.len());
        for mut child in element.children {
            let name = std::mem::take(&mut child.name);
            let value = Self::from(child);
            match members.iter_mut().find(|(member, _)| *member == name) {
                None => members.push((Cow::Owned(name), value)),
                Some((_, Self::List(values))) => values.push(value),
                Some((_, known)) => {
                    let first = std::mem::replace(known, Self::Null);
                    *known = Self::List(vec![first, value]);
                }
            }
        }
        Self::Group(members)
    }
}

fn space(text: &str, at: &mut usize) {
    while text.as_bytes().get(*at).is_some_and(u8::is_ascii_whitespace) {
        *at += 1;
    }
}

fn value<'a>(text: &'a str, at: &mut usize, depth: usize) -> Option<Node<'a>> {
    space(text, at);
    match text.as_bytes().get(*at)? {
        b'"' => string(text, at).map(Node::Text),
        b'{' => {
            let mut members = Vec::with_capacity(24);
            let deeper = depth.checked_sub(1)?;
            series(text, at, b'}', |text, at| {
                let name = string(text, at)?;
                space(text, at);
                (text.as_bytes().get(*at)? == &b':').then_some(())?;
                *at += 1;
                members.push((name, value(text, at, deeper)?));
                Some(())
            })?;
            Some(Node::Group(members))
        }
        b'[' => {
            let mut nodes = Vec::new();
            let deeper = depth.checked_sub(1)?;
            series(text, at, b']', |text, at| {
                nodes.push(value(text, at, deeper)?);
                Some(())
            })?;
            Some(Node::List(nodes))
        }
        _ => {
            let rest = &text[*at..];
            let ends = |c: char| matches!(c, ',' | '}' | ']') || c.is_ascii_whitespace();
            let token = &rest[..rest.find(ends).unwrap_or(rest.len())];
            *at += token.len();
            match token {
                "" => None,
                "null" => Some(Node::Null),
                bare => Some(Node::Bare(bare)),
            }
        }
    }
}

/// What stands between brackets, parted by commas; `at` is on the opening one.
fn series<'a>(
    text: &'a str,
    at: &mut usize,
    closing: u8,
    mut one: impl FnMut(&'a str, &mut usize) -> Option<()>,
) -> Option<()> {
    *at += 1;
    space(text, at);
    if *text.as_bytes().get(*at)? == closing {
        *at += 1;
        return Some(());
    }
    loop {
        space(text, at);
        one(text, at)?;
        space(text, at);
        let byte = *text.as_bytes().get(*at)?;
        *at += 1;
        match byte {
            b',' => {}
            byte if byte == closing => return Some(()),
            _ => return None,
        }
    }
}

fn string<'a>(text: &'a str, at: &mut usize) -> Option<Cow<'a, str>> {
    let bytes = text.as_bytes();
    (*bytes.get(*at)? == b'"').then_some(())?;
    let start = *at;
    let mut end = start + 1;
    let mut escaped = false;
    loop {
        match bytes.get(end)? {
            b'"' => break,
            b'\\' => {
                escaped = true;
                end += 2;
            }
            _ => end += 1,
        }
    }
    *at = end + 1;
    if escaped {
        let mut said: String = serde_json::from_str(text.get(start..=end)?).ok()?;
        // No number, name or word has one, and PostgreSQL keeps none in text.
        said.retain(|char| char != '\0');
        Some(Cow::Owned(said))
    } else {
        text.get(start + 1..end).map(Cow::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_and_xml_give_the_same_tree() {
        let json = Node::parse(Media::Json, br#"{"a":"1","b":[{"c":"x"},{"c":"y"}],"d":""}"#);
        let xml = b"<r><a>1</a><b><c>x</c></b><b><c>y</c></b><d></d></r>";
        assert_eq!(json, Node::parse(Media::Xml, xml));
    }

    #[test]
    fn values_are_read_with_and_without_quotes() {
        let body = br#"{ "a" : 12, "b":"12", "c":"\ud55c" , "d":true,"e":-1,"f":[]}"#;
        let node = Node::parse(Media::Json, body).unwrap();
        assert_eq!((node.get("a").whole(), node.get("b").whole()), (Some(12), Some(12)));
        assert_eq!(node.get("c").text(), Some("한"));
        assert_eq!(node.get("d").truth(), Some(true));
        assert_eq!(node.get("e").quantity(), None);
        assert_eq!(node.get("f").groups().count(), 0);
        assert!(node.get("g").is_nothing());
    }

    #[test]
    fn a_waybill_of_nothing_but_hyphens_is_none() {
        let node = Node::parse(Media::Json, br#"{"a":" 38-04 ","b":"-","c":380}"#).unwrap();
        let read = ["a", "b", "c", "d"].map(|name| node.get(name).waybill());
        assert_eq!(read, [Some("3804".into()), None, Some("380".into()), None]);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[{}\\[\\]\":,\\\\a1 한]{0,32}") {
            let _ = Node::parse(Media::Json, text.as_bytes());
        }

        #[test]
        fn what_serde_writes_is_read(number in any::<i64>(), text in any::<String>()) {
            let body = serde_json::json!({"n": number, "t": [text.clone()]}).to_string();
            let node = Node::parse(Media::Json, body.as_bytes()).unwrap();
            prop_assert_eq!(node.get("n").whole(), Some(number));
            let text = text.replace('\0', "");
            prop_assert_eq!(&node.get("t").all()[0], &Node::Text(text.into()));
        }
    }
}
