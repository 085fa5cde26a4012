//! One record as a tree of named members, whichever way it was written: JSON tokens stay as they
//! are, XML elements of one name become a list where there are several.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use hoesu_claims::Media;
use serde::Deserialize;
use serde::de::{Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::{Refusal, xml};

/// Nesting deeper than this is refused.
const DEPTH_MAX: usize = 64;

/// A record: its members in the order they were written, each name once.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    /// Name and value.
    pub(super) members: Vec<(String, Value<'a>)>,
}

/// The value of a member.
#[derive(Debug)]
pub(super) enum Value<'a> {
    /// A JSON string, number or boolean, as it was written.
    Token(&'a str),
    /// The text of an XML element.
    Text(String),
    /// JSON's `null`.
    Null,
    /// Several.
    List(Vec<Self>),
    /// A record of its own.
    Group(Record<'a>),
}

impl<'a> Record<'a> {
    /// Reads a whole record; an XML record's own name says nothing.
    pub(super) fn parse(media: Media, body: &'a [u8]) -> Result<Self, Refusal> {
        let value = match media {
            Media::Json => json_value(read_json(body)?, DEPTH_MAX)?,
            Media::Xml => Value::from(xml::parse(body)?),
        };
        match value {
            Value::Group(record) => Ok(record),
            Value::Text(text) if text.is_empty() => Ok(Self::default()),
            Value::Text(_) | Value::Token(_) | Value::Null | Value::List(_) => {
                Err(Refusal::of("", "has no members"))
            }
        }
    }

    /// The value of a member.
    pub(super) fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Whether there is such a member, whatever its value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A member that is one text, number or boolean; `None` if it is missing, `null` or empty.
    pub(super) fn text(&self, name: &str) -> Result<Option<Cow<'_, str>>, Refusal> {
        let text = match self.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Text(text)) => Cow::Borrowed(text.as_str()),
            Some(Value::Token(token)) => {
                unquoted(token).ok_or_else(|| Refusal::of(name, "is not readable JSON"))?
            }
            Some(Value::List(_)) => {
                return Err(Refusal::of(name, "is a list or named twice, expected one text"));
            }
            Some(Value::Group(_)) => return Err(Refusal::of(name, "has members, expected a text")),
        };
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// The records of a member that is a list of records. One record may stand without its list,
    /// and an empty text for no record: SSG.COM's JSON is its XML tree written again.
    pub(super) fn groups(&self, name: &str) -> Result<Vec<&Self>, Refusal> {
        let values = match self.get(name) {
            None => return Ok(Vec::new()),
            Some(Value::List(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
        };
        let mut groups = Vec::with_capacity(values.len());
        for value in values {
            match value {
                Value::Group(group) => groups.push(group),
                Value::Null | Value::Token("\"\"") => {}
                Value::Text(text) if text.is_empty() => {}
                Value::Token(_) | Value::Text(_) | Value::List(_) => {
                    return Err(Refusal::of(
                        name,
                        "has the wrong form, expected a list of records",
                    ));
                }
            }
        }
        Ok(groups)
    }
}

/// What a JSON token says: a string without quotes and escapes, a number or boolean digit for digit.
pub(super) fn unquoted(token: &str) -> Option<Cow<'_, str>> {
    let Some(inner) = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Some(Cow::Borrowed(token));
    };
    if inner.contains('\\') {
        serde_json::from_str::<String>(token).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

impl From<xml::Element> for Value<'_> {
    fn from(element: xml::Element) -> Self {
        if element.children.is_empty() {
            return Self::Text(element.text);
        }
        let mut members: Vec<(String, Self)> = Vec::with_capacity(element.children.len());
        let mut places = HashMap::new();
        for mut child in element.children {
            let name = std::mem::take(&mut child.name);
            let value = Self::from(child);
            match places.get(&name) {
                None => {
                    places.insert(name.clone(), members.len());
                    members.push((name, value));
                }
                Some(&place) => {
                    let (_, known) = &mut members[place];
                    if let Self::List(values) = known {
                        values.push(value);
                    } else {
                        let first = std::mem::replace(known, Self::Null);
                        *known = Self::List(vec![first, value]);
                    }
                }
            }
        }
        Self::Group(Record { members })
    }
}

fn read_json(body: &[u8]) -> Result<&RawValue, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::of("", "is not readable JSON"))
}

fn json_value(raw: &RawValue, depth: usize) -> Result<Value<'_>, Refusal> {
    let token = raw.get();
    let unreadable = |_| Refusal::of("", "is not readable JSON or names a member twice");
    let deeper = || {
        depth
            .checked_sub(1)
            .ok_or_else(|| Refusal::of("", format!("is nested deeper than {DEPTH_MAX}")))
    };
    match token.as_bytes().first() {
        Some(b'{') => {
            let depth = deeper()?;
            let members: Members<'_> = serde_json::from_str(token).map_err(unreadable)?;
            let members = members.0.into_iter();
            let members = members.map(|(name, raw)| Ok((name, json_value(raw, depth)?)));
            Ok(Value::Group(Record { members: members.collect::<Result<_, Refusal>>()? }))
        }
        Some(b'[') => {
            let depth = deeper()?;
            let values: Vec<&RawValue> = serde_json::from_str(token).map_err(unreadable)?;
            let values = values.into_iter().map(|raw| json_value(raw, depth));
            Ok(Value::List(values.collect::<Result<_, Refusal>>()?))
        }
        Some(b'n') => Ok(Value::Null),
        Some(_) | None => Ok(Value::Token(token)),
    }
}

/// The members of a JSON object in order, values not yet read.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Vec<(String, &'de RawValue)> = Vec::with_capacity(24);
                let mut seen = HashSet::with_capacity(24);
                while let Some(name) = map.next_key::<String>()? {
                    if !seen.insert(name.clone()) {
                        return Err(A::Error::custom("named twice"));
                    }
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        reader.deserialize_map(InOrder)
    }
}
