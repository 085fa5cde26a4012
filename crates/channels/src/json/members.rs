//! The members of an object as they were written: found, put in order, never read into values.

use std::borrow::Cow;

/// One member of an object, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name, without the quotes around it.
    pub name: &'a [u8],
    /// Its value, every token as written.
    pub value: &'a [u8],
}

impl<'a> Member<'a> {
    /// What a string value says, as long as nothing in it is escaped; `None` for any other value.
    pub fn plain_text(&self) -> Option<&'a str> {
        let inside = self.value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        if inside.contains(&b'\\') { None } else { std::str::from_utf8(inside).ok() }
    }
}

/// The members of a compact object in the order they were written; `None` if it is no object or not
/// compact.
pub fn members(record: &[u8]) -> Option<Vec<Member<'_>>> {
    let mut members = Vec::with_capacity(32);
    if record == b"{}" {
        return Some(members);
    }
    let mut at = 0;
    expect(record, at, b'{')?;
    loop {
        at += 1;
        expect(record, at, b'"')?;
        let name_end = string_end(record, at)?;
        expect(record, name_end, b':')?;
        let value_end = value_end(record, name_end + 1)?;
        members.push(Member {
            name: &record[at + 1..name_end - 1],
            value: &record[name_end + 1..value_end],
        });
        at = value_end;
        match record.get(at)? {
            b',' => {}
            b'}' if at + 1 == record.len() => return Some(members),
            _ => return None,
        }
    }
}

/// The record with its top members in the order of `names`, the others after them in the order they
/// came. Values stay token for token; nested objects stay as they are. Borrowed if nothing moves.
pub fn in_order<'a>(record: &'a [u8], names: &[&str]) -> Cow<'a, [u8]> {
    let Some(mut members) = members(record) else { return Cow::Borrowed(record) };
    let place = |member: &Member<'_>| {
        names.iter().position(|name| name.as_bytes() == member.name).unwrap_or(names.len())
    };
    if members.iter().map(place).is_sorted() {
        return Cow::Borrowed(record);
    }
    members.sort_by_key(place);
    Cow::Owned(object(members.iter().map(|member| (member.name, member.value)), record.len()))
}

/// An object of members already written; `capacity` is about how long it will be, in bytes.
pub fn object<'a>(members: impl Iterator<Item = (&'a [u8], &'a [u8])>, capacity: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(capacity);
    out.push(b'{');
    for (nth, (name, value)) in members.enumerate() {
        if nth > 0 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(name);
        out.extend_from_slice(b"\":");
        out.extend_from_slice(value);
    }
    out.push(b'}');
    out
}

fn expect(text: &[u8], at: usize, byte: u8) -> Option<()> {
    (*text.get(at)? == byte).then_some(())
}

/// Where a string that begins at `at` ends: the place after its closing quote.
fn string_end(text: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Where a value that begins at `at` ends.
fn value_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at)? {
        b'"' => string_end(text, at),
        b'{' | b'[' => nested_end(text, at),
        _ => {
            let length = text[at..].iter().position(|byte| matches!(byte, b',' | b'}' | b']'))?;
            (length > 0).then_some(at + length)
        }
    }
}

fn nested_end(text: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    let mut depth = 0_usize;
    loop {
        match text.get(at)? {
            b'"' => {
                at = string_end(text, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: &[&str] = &["a", "b", "c"];

    fn ordered(text: &str) -> String {
        String::from_utf8(in_order(text.as_bytes(), NAMES).into_owned()).unwrap()
    }

    #[test]
    fn a_record_in_order_is_borrowed() {
        for text in [r#"{"a":1,"c":"}","x":[{"b":1}]}"#, "{}", r#"{"x":1,"y":2}"#] {
            assert!(matches!(in_order(text.as_bytes(), NAMES), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn known_members_come_first_in_order_and_the_others_keep_theirs() {
        assert_eq!(
            ordered(r#"{"y":null,"c":{"b":1,"a":"\"}"},"x":123456789012345678,"a":1.50,"b":[]}"#),
            r#"{"a":1.50,"b":[],"c":{"b":1,"a":"\"}"},"y":null,"x":123456789012345678}"#
        );
    }

    #[test]
    fn what_is_no_compact_object_is_left_alone() {
        for text in ["", "[]", "{", "{\"a\"", "{\"a\":", "{\"c\":1,\"a\":}", "{ \"c\":1}", "{}{}"] {
            assert_eq!(ordered(text), text);
        }
    }

    fn value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                prop::collection::hash_map(".{0,3}", inner, 0..4)
                    .prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_member_is_lost_and_the_second_time_changes_nothing(
            record in prop::collection::vec(("[a-e\"\\\\]{1,2}", value()), 0..8),
        ) {
            let text: Vec<String> = record
                .iter()
                .map(|(name, value)| format!("{}:{value}", serde_json::Value::from(name.as_str())))
                .collect();
            let text = format!("{{{}}}", text.join(","));
            let once = in_order(text.as_bytes(), NAMES).into_owned();
            let sorted = |text: &[u8]| {
                let mut all: Vec<(Vec<u8>, Vec<u8>)> = members(text)
                    .unwrap()
                    .iter()
                    .map(|member| (member.name.to_vec(), member.value.to_vec()))
                    .collect();
                all.sort();
                all
            };
            prop_assert_eq!(sorted(text.as_bytes()), sorted(&once));
            prop_assert_eq!(members(&once).unwrap().len(), record.len());
            prop_assert!(matches!(in_order(&once, NAMES), Cow::Borrowed(_)));
        }

        #[test]
        fn no_input_makes_it_panic(text in "[{}\\[\\]\":,\\\\a ]{0,24}") {
            let _ = in_order(text.as_bytes(), NAMES);
        }
    }
}
