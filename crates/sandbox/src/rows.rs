//! Faults of rows, on any channel's JSON: the rows are where the channel's capabilities say they lie.

use std::borrow::Cow;

use hoesu_channels::{Channel, json};
use hoesu_claims::{Media, State};
use serde_json::value::RawValue;

use crate::fault::What;

/// A code that no contract has.
const UNKNOWN: &str = "SANDBOX_UNKNOWN";

/// Rewrites the rows of an answer; `None` if there are none to rewrite. `nth` picks among them.
pub(crate) fn rewrite(channel: &dyn Channel, body: &[u8], what: What, nth: u64) -> Option<Vec<u8>> {
    let (start, end) = envelope(channel, body)?;
    let value = &body[start..end];
    let rows: Vec<&RawValue> = serde_json::from_slice(value).unwrap_or_default();
    let is_list = value.starts_with(b"[");
    let mut rows: Vec<Cow<'_, str>> = if is_list {
        rows.iter().map(|row| Cow::Borrowed(row.get())).collect()
    } else {
        vec![Cow::Borrowed(std::str::from_utf8(value).ok()?)]
    };
    if rows.is_empty() {
        return None;
    }
    let at = nth as usize % rows.len();
    match what {
        What::DuplicateRows if is_list => rows.insert(at, rows[at].clone()),
        What::ReorderedPages => rows.reverse(),
        What::UnknownCodes => {
            // The next row that has a code.
            let mut places = (at..rows.len()).chain(0..at);
            let row = |at: usize| Some((at, unknown_code(channel, &rows[at])?));
            let (at, row) = places.find_map(row)?;
            rows[at] = Cow::Owned(row);
        }
        What::NullSafeNumbers => {
            for row in &mut rows {
                *row = Cow::Owned(null_safe_numbers(row));
            }
        }
        What::DuplicateRows
        | What::ExpiredSignature
        | What::ForbiddenJson
        | What::ForbiddenHtml
        | What::RateLimited
        | What::FailedWithBody
        | What::TimedOutAfterCommit
        | What::ReplyLost
        | What::Slow
        | What::Truncated
        | What::LateRows
        | What::Silence => return None,
    }
    let rows = rows.join(",");
    let mut out = Vec::with_capacity(body.len() + rows.len());
    out.extend_from_slice(&body[..start]);
    out.extend_from_slice(if is_list { b"[" } else { b"" });
    out.extend_from_slice(rows.as_bytes());
    out.extend_from_slice(if is_list { b"]" } else { b"" });
    out.extend_from_slice(&body[end..]);
    Some(out)
}

/// Where the rows of a body stand in it: the longest path of the channel's that leads somewhere.
fn envelope(channel: &dyn Channel, body: &[u8]) -> Option<(usize, usize)> {
    let mut paths: Vec<&[&str]> = channel.capabilities().envelopes.to_vec();
    paths.sort_by_key(|path| std::cmp::Reverse(path.len()));
    paths.into_iter().find_map(|path| {
        let mut value = body;
        for name in path {
            let members = json::members(alone(value)?)?;
            value = members.into_iter().find(|member| member.name == name.as_bytes())?.value;
        }
        if !value.starts_with(b"[") && !value.starts_with(b"{") {
            return None;
        }
        let start = value.as_ptr() as usize - body.as_ptr() as usize;
        Some((start, start + value.len()))
    })
}

/// What leads on to the rows may itself be a list of one.
fn alone(value: &[u8]) -> Option<&[u8]> {
    if !value.starts_with(b"[") {
        return Some(value);
    }
    match serde_json::from_slice::<Vec<&RawValue>>(value).ok()?.as_slice() {
        [one] => Some(one.get().as_bytes()),
        _ => None,
    }
}

/// The row with one of its codes replaced; `None` if it has none that stands in it as a text.
fn unknown_code(channel: &dyn Channel, row: &str) -> Option<String> {
    let reading = channel.read(Media::Json, row.as_bytes()).ok()?;
    let states = reading.found.states.iter().filter(|(state, _)| *state != State::Listed);
    states.map(|(_, code)| format!(r#":"{code}""#)).find_map(|code| {
        row.contains(&code).then(|| row.replacen(&code, &format!(r#":"{UNKNOWN}""#), 1))
    })
}

/// The row with null for every text that is a safe number.
fn null_safe_numbers(row: &str) -> String {
    let mut out = String::with_capacity(row.len());
    let mut rest = row;
    while let Some(at) = rest.find(r#":"050"#) {
        let (before, value) = rest.split_at(at + 1);
        out.push_str(before);
        let end = value[1..].find('"').map_or(value.len(), |end| end + 2);
        let inside = value[1..end].trim_end_matches('"');
        if inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            out.push_str("null");
        } else {
            out.push_str(&value[..end]);
        }
        rest = &value[end..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use hoesu_channels::CHANNELS;

    use super::*;

    #[test]
    fn safe_numbers_become_null_and_other_texts_stay() {
        let row = r#"{"a":"0502-123-4567","b":"050 dogs","c":"01012345678","d":"05011112222"}"#;
        let told = r#"{"a":null,"b":"050 dogs","c":"01012345678","d":null}"#;
        assert_eq!(null_safe_numbers(row), told);
    }

    #[test]
    fn rows_are_found_where_each_channel_has_them() {
        for channel in CHANNELS {
            let Some(path) = channel.capabilities().envelopes.iter().max_by_key(|path| path.len())
            else {
                continue;
            };
            let rows = |text: &str| {
                path.iter()
                    .rev()
                    .fold(text.to_owned(), |inner, name| format!(r#"{{"{name}":{inner}}}"#))
            };
            let body = rows(r#"[{"a":1},{"a":2}]"#);
            let twice = rewrite(*channel, body.as_bytes(), What::DuplicateRows, 1).unwrap();
            assert_eq!(String::from_utf8(twice).unwrap(), rows(r#"[{"a":1},{"a":2},{"a":2}]"#));
            let turned = rewrite(*channel, body.as_bytes(), What::ReorderedPages, 1).unwrap();
            assert_eq!(String::from_utf8(turned).unwrap(), rows(r#"[{"a":2},{"a":1}]"#));
        }
    }

    #[test]
    fn rows_are_found_inside_a_list_of_one() {
        assert_eq!(alone(br#"[{"a":1}]"#), Some(&br#"{"a":1}"#[..]));
        assert_eq!(alone(br#"{"a":1}"#), Some(&br#"{"a":1}"#[..]));
        assert_eq!((alone(b"[{},{}]"), alone(b"[]")), (None, None));
    }

    #[test]
    fn a_code_of_a_made_up_record_becomes_unknown() {
        let mut replaced = 0;
        for channel in CHANNELS {
            for kind in channel.capabilities().kinds {
                let Some(made) = (0..20).find_map(|nth| channel.invent(kind, nth)) else {
                    continue;
                };
                if made.media != Media::Json {
                    continue;
                }
                let row = String::from_utf8(made.body).unwrap();
                if let Some(told) = unknown_code(*channel, &row) {
                    assert!(told.contains(UNKNOWN) && !row.contains(UNKNOWN));
                    replaced += 1;
                }
            }
        }
        assert!(replaced >= 3, "{replaced}");
    }
}
