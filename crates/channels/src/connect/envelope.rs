//! The object around a list's rows, read tolerantly and without touching a row.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::failure::ReadFailure;

/// The members of an object, their values as they were written. A body that was cut off, that is no
/// object or that says a member twice is unreadable.
pub(crate) struct Envelope<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Envelope<'a> {
    /// Reads a whole body.
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, ReadFailure> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        serde_json::from_slice(body).map_err(|error| {
            ReadFailure::Unreadable(match error.classify() {
                serde_json::error::Category::Eof => "JSON that was cut off",
                serde_json::error::Category::Data => "no JSON object, or a member named twice",
                serde_json::error::Category::Syntax | serde_json::error::Category::Io => "no JSON",
            })
        })
    }

    /// Reads an object inside another.
    pub(crate) fn of(value: &'a RawValue) -> Result<Self, ReadFailure> {
        Self::parse(value.get().as_bytes())
    }

    /// A member's value, as it was written.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| *value)
    }

    /// What a member says, a text or a number alike; `None` if it is missing, `null`, or nested.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        let value = self.get(name)?.get();
        match value.as_bytes().first()? {
            b'"' => serde_json::from_str::<String>(value).ok().map(Cow::Owned),
            b'-' | b'0'..=b'9' => Some(Cow::Borrowed(value)),
            _ => None,
        }
    }

    /// A whole number, in quotes or not.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.trim().parse().ok()
    }
}

/// The rows of a list: an array, or one row without it. `null`, `""` and an array of such are none.
/// Anything else is unreadable.
pub(crate) fn rows(value: &RawValue) -> Result<Vec<&RawValue>, ReadFailure> {
    const NO_ROWS: ReadFailure = ReadFailure::Unreadable("something else where the rows stand");
    match value.get().as_bytes() {
        b"null" | b"\"\"" => Ok(Vec::new()),
        [b'{', ..] => Ok(vec![value]),
        [b'[', ..] => {
            let all: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(|_| NO_ROWS)?;
            let is_row = |row: &&RawValue| !matches!(row.get(), "null" | "\"\"");
            let rows: Vec<&RawValue> = all.into_iter().filter(is_row).collect();
            if rows.iter().all(|row| row.get().starts_with('{')) { Ok(rows) } else { Err(NO_ROWS) }
        }
        _ => Err(NO_ROWS),
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Envelope<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Self::Value = Vec::with_capacity(8);
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    if members.iter().any(|(known, _)| *known == name.0) {
                        return Err(A::Error::custom("a member named twice"));
                    }
                    members.push((name.0, value));
                }
                Ok(members)
            }
        }

        reader.deserialize_map(Members).map(Self)
    }
}

/// A member's name, escapes resolved.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
