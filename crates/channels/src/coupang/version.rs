//! One stored record, two versions of the contract: amounts and times are written differently.

use std::borrow::Cow;

use hoesu_claims::time::{KST, parse_time};

use super::wire::{Money, RETURN_MEMBERS};
use crate::json::{self, Member};

/// A version of the return calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// Won as numbers, KST times without a zone.
    V4,
    /// Money objects, times with micros and an offset.
    V6,
}

/// A return request as a version writes it, in the documented order. What the version cannot say
/// otherwise stays as it is stored. Borrowed if nothing changes.
pub(super) fn write(record: &[u8], version: Version) -> Cow<'_, [u8]> {
    let ordered = json::in_order(record, RETURN_MEMBERS);
    let Some(members) = json::members(&ordered) else { return ordered };
    let changed: Vec<(usize, Vec<u8>)> = members
        .iter()
        .enumerate()
        .filter_map(|(at, member)| Some((at, converted(member, version)?)))
        .collect();
    if changed.is_empty() {
        return ordered;
    }
    let mut next = changed.iter().peekable();
    let values = members.iter().enumerate().map(|(at, member)| {
        let value = match next.next_if(|(changed, _)| *changed == at) {
            Some((_, value)) => value,
            None => member.value,
        };
        (member.name, value)
    });
    Cow::Owned(json::object(values, ordered.len() + 128))
}

/// The member's value as the version writes it; `None` if it is right already.
fn converted(member: &Member<'_>, version: Version) -> Option<Vec<u8>> {
    match (member.name, version) {
        (b"enclosePrice" | b"returnShippingCharge", Version::V4) => won(member.value),
        (b"enclosePrice" | b"returnShippingCharge", Version::V6) => money(member.value),
        (b"createdAt" | b"modifiedAt" | b"completeConfirmDate", Version::V4) => local(member),
        (b"createdAt" | b"modifiedAt" | b"completeConfirmDate", Version::V6) => zoned(member),
        _ => None,
    }
}

/// A money object's whole units. There are no fractions of a won; an amount with a fraction, or of
/// another currency, has no v4 form and stays an object.
fn won(value: &[u8]) -> Option<Vec<u8>> {
    if value.first() != Some(&b'{') {
        return None;
    }
    let money: Money = serde_json::from_slice(value).ok()?;
    (money.currency_code == "KRW" && money.nanos == 0).then(|| money.units.to_string().into_bytes())
}

fn money(value: &[u8]) -> Option<Vec<u8>> {
    let units: i64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    Some(format!(r#"{{"currencyCode":"KRW","units":{units},"nanos":0}}"#).into_bytes())
}

fn local(member: &Member<'_>) -> Option<Vec<u8>> {
    let text = member.plain_text()?;
    if text.len() == "2016-03-25T13:05:30".len() {
        return None;
    }
    let local = KST.to_datetime(parse_time(text)?);
    Some(local.strftime("\"%Y-%m-%dT%H:%M:%S\"").to_string().into_bytes())
}

fn zoned(member: &Member<'_>) -> Option<Vec<u8>> {
    let text = member.plain_text()?;
    let (_, time) = text.split_once('T')?;
    if time.contains(['+', '-', 'Z']) {
        return None;
    }
    let local = KST.to_datetime(parse_time(text)?);
    Some(local.strftime("\"%Y-%m-%dT%H:%M:%S%.6f+09:00\"").to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_text(record: &str, version: Version) -> String {
        String::from_utf8(write(record.as_bytes(), version).into_owned()).unwrap()
    }

    const V4: &str = r#"{"receiptId":1,"createdAt":"2016-03-25T13:05:30","modifiedAt":"2016-03-25T23:59:59","enclosePrice":0,"completeConfirmDate":"","returnShippingCharge":-3000}"#;
    const V6: &str = r#"{"receiptId":1,"createdAt":"2016-03-25T13:05:30.000000+09:00","modifiedAt":"2016-03-25T23:59:59.000000+09:00","enclosePrice":{"currencyCode":"KRW","units":0,"nanos":0},"completeConfirmDate":"","returnShippingCharge":{"currencyCode":"KRW","units":-3000,"nanos":0}}"#;

    #[test]
    fn either_version_is_made_from_either() {
        assert_eq!(as_text(V4, Version::V6), V6);
        assert_eq!(as_text(V6, Version::V4), V4);
        assert!(matches!(write(V4.as_bytes(), Version::V4), Cow::Borrowed(_)));
        assert!(matches!(write(V6.as_bytes(), Version::V6), Cow::Borrowed(_)));
    }

    #[test]
    fn any_offset_becomes_the_time_in_korea() {
        let pacific = r#"{"createdAt":"2025-01-15T14:17:13.973885-08:00"}"#;
        assert_eq!(as_text(pacific, Version::V4), r#"{"createdAt":"2025-01-16T07:17:13"}"#);
        assert_eq!(as_text(pacific, Version::V6), pacific);
    }

    #[test]
    fn what_has_no_other_form_stays_as_it_is() {
        for same in [
            r#"{"createdAt":null,"enclosePrice":null}"#,
            r#"{"createdAt":"soon","enclosePrice":"0"}"#,
            r#"{"enclosePrice":{"currencyCode":"TWD","units":1,"nanos":500000000}}"#,
        ] {
            for version in [Version::V4, Version::V6] {
                assert_eq!(as_text(same, version), same);
            }
        }
    }
}
