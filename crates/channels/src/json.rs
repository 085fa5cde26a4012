//! JSON as the wire has it: nothing lost, nothing said twice, faults named without values.

mod members;
pub(crate) mod objects;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use crate::Refusal;

pub use members::{Member, in_order, members, object};

/// Nesting deeper than this is refused.
const DEPTH_MAX: usize = 64;

/// The record without white space between tokens, every token as it was written. Refused: what is
/// not JSON, not UTF-8, nested too deep, or names a member twice.
pub fn compact(text: &[u8]) -> Result<Vec<u8>, Refusal> {
    if std::str::from_utf8(text).is_err() {
        return Err(Refusal::of("", "is not UTF-8"));
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    if (Unique { depth: 0 }).deserialize(&mut reader).is_err() {
        return Err(fault_of(text));
    }
    reader.end().map_err(|_| Refusal::of("", "has something after its end"))?;
    Ok(squeeze(text))
}

/// Where and why a text is not what [`compact`] takes. Knowing the path costs more than reading, so it
/// is looked for only once something is known to be wrong.
fn fault_of(text: &[u8]) -> Refusal {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut reader, &mut track);
    match (Unique { depth: 0 }).deserialize(tracked) {
        Ok(()) => Refusal::of("", "is not readable JSON"),
        Err(error) => refusal(&track.path().to_string(), &error),
    }
}

/// Reads a record into its wire type. The refusal names the field's path and never repeats a value.
pub fn decode<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, Refusal> {
    // The path is looked for only once something is known to be wrong; see `compact`.
    serde_json::from_slice(text).or_else(|_| decode_by_path(text))
}

fn decode_by_path<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| refusal(&error.path().to_string(), error.inner()))?;
    reader.end().map_err(|_| Refusal::of("", "has something after its end"))?;
    Ok(value)
}

/// Turns serde's message into ours: serde's may quote the value at fault.
fn refusal(path: &str, error: &serde_json::Error) -> Refusal {
    let message = error.to_string();
    let parent = if path == "." || path == "?" { "" } else { path };
    if !error.is_data() {
        return Refusal::of(
            parent,
            format!("is not readable JSON (line {}, column {})", error.line(), error.column()),
        );
    }
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("missing field") {
        return Refusal::of(join(parent, quoted), "is missing");
    }
    if message.starts_with("duplicate field") {
        return Refusal::of(join(parent, quoted), "is named twice");
    }
    if message.starts_with("nested deeper") {
        return Refusal::of(parent, format!("is nested deeper than {DEPTH_MAX}"));
    }
    let expected = message
        .rsplit_once("expected ")
        .map(|(_, rest)| rest.rsplit_once(" at line").map_or(rest, |(expected, _)| expected));
    match expected {
        Some(expected) => Refusal::of(parent, format!("has the wrong form, expected {expected}")),
        None => Refusal::of(parent, "has the wrong form"),
    }
}

fn join(parent: &str, field: &str) -> String {
    // serde_path_to_error already ends the path in a duplicate's own name.
    if parent.is_empty() || parent == field || parent.ends_with(&format!(".{field}")) {
        if parent.is_empty() { field.to_owned() } else { parent.to_owned() }
    } else {
        format!("{parent}.{field}")
    }
}

/// Drops white space outside strings; the text is known to be JSON.
fn squeeze(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    for &byte in text {
        if in_string {
            out.push(byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
        } else if !byte.is_ascii_whitespace() {
            in_string = byte == b'"';
            out.push(byte);
        }
    }
    out
}

/// The text with `null` in the place of every empty text that is a member's value or stands in a list.
/// Some servers write one for the other.
pub fn empty_as_null(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 64);
    let mut in_string = false;
    let mut escaped = false;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let starts = !in_string && text[at..].starts_with(b"\"\"");
        if starts && !text[at + 2..].trim_ascii_start().starts_with(b":") {
            out.extend_from_slice(b"null");
            at += 2;
            continue;
        }
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else {
            in_string = byte == b'"';
        }
        out.push(byte);
        at += 1;
    }
    out
}

/// Walks a value and refuses a member named twice.
#[derive(Clone, Copy)]
struct Unique {
    depth: usize,
}

impl Unique {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= DEPTH_MAX {
            return Err(E::custom("nested deeper"));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Unique {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while seq.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        let mut seen = HashSet::new();
        while let Some(Name(name)) = map.next_key()? {
            if seen.contains(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            seen.insert(name);
            map.next_value_seed(inner)?;
        }
        Ok(())
    }
}

/// A member's name, borrowed where it has no escapes. Asked for as text, plainly, so that whoever
/// tracks the path hears it.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> (String, String) {
        let refusal = compact(text.as_bytes()).unwrap_err();
        (refusal.field, refusal.why)
    }

    #[test]
    fn empty_texts_become_null_and_names_and_other_texts_stay() {
        let text = r#"{"a":"","":1,"b":["","x\"",""],"c":"\\","d":" ","e":{"f":"" }}"#;
        let told = r#"{"a":null,"":1,"b":[null,"x\"",null],"c":"\\","d":" ","e":{"f":null }}"#;
        assert_eq!(String::from_utf8(empty_as_null(text.as_bytes())).unwrap(), told);
    }

    #[test]
    fn white_space_goes_and_every_token_stays_as_written() {
        let text =
            "{ \"a\" : 123456789012345678 ,\n \"b\\u0041\": [ 1.50, \"x  \\\" y\" , null ] }";
        assert_eq!(
            String::from_utf8(compact(text.as_bytes()).unwrap()).unwrap(),
            r#"{"a":123456789012345678,"b\u0041":[1.50,"x  \" y",null]}"#
        );
    }

    #[test]
    fn a_member_named_twice_is_refused_by_its_path() {
        assert_eq!(why(r#"{"a":{"b":1,"b":2}}"#).0, "a.b");
        assert_eq!(why(r#"{"b":1,"b":2}"#), ("b".into(), "is named twice".into()));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        assert_eq!(why("{\"a\":09987}").1, "is not readable JSON (line 1, column 7)");
        assert!(why("{“a”:1}").1.starts_with("is not readable JSON"));
        assert_eq!(why("{} {}").1, "has something after its end");
        assert_eq!(compact(&[0xb0, 0xa1]).unwrap_err().why, "is not UTF-8");
        let deep = "[".repeat(65) + &"]".repeat(65);
        assert_eq!(why(&deep).1, "is nested deeper than 64");
    }

    #[test]
    fn a_wrong_form_is_said_without_the_value() {
        #[derive(serde::Deserialize, Debug)]
        struct Wire {
            #[expect(dead_code, reason = "only its form matters here")]
            phone: i64,
        }
        let refusal = decode::<Wire>(r#"{"phone":"010-1234-5678"}"#.as_bytes()).unwrap_err();
        assert_eq!(refusal, Refusal::of("phone", "has the wrong form, expected i64"));
        assert_eq!(decode::<Wire>(b"{}").unwrap_err(), Refusal::of("phone", "is missing"));
    }
}
