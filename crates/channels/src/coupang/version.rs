//! One stored record, two ways to write it: older versions of the calls write amounts and times
//! differently from newer ones.

use std::borrow::Cow;

use hoesu_claims::time::{KST, parse_time};

use serde_json::value::RawValue;

use super::wire::{Money, ORDER_SHEET_MEMBERS, RETURN_MEMBERS};
use crate::json::{self, Member};

/// How a version of a call writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// Won as numbers, KST times without a zone.
    V4,
    /// Money objects, times with micros and an offset: the sixth of returns, the fifth of order
    /// sheets.
    V6,
}

/// A return request as a version writes it, in the documented order. What the version cannot say
/// otherwise stays as it is stored. Borrowed if nothing changes.
pub(super) fn write(record: &[u8], version: Version) -> Cow<'_, [u8]> {
    rewritten(json::in_order(record, RETURN_MEMBERS), &|member| receipt(member, version))
}

/// An order sheet, likewise.
pub(super) fn write_sheet(record: &[u8], version: Version) -> Cow<'_, [u8]> {
    rewritten(json::in_order(record, ORDER_SHEET_MEMBERS), &|member| sheet(member, version))
}

/// A member's value as it should be; `None` if it is right already.
type Rewrite<'f> = &'f dyn Fn(&Member<'_>) -> Option<Vec<u8>>;

fn rewritten<'a>(record: Cow<'a, [u8]>, rewrite: Rewrite<'_>) -> Cow<'a, [u8]> {
    let Some(members) = json::members(&record) else { return record };
    let changed: Vec<(usize, Vec<u8>)> = members
        .iter()
        .enumerate()
        .filter_map(|(at, member)| Some((at, rewrite(member)?)))
        .collect();
    if changed.is_empty() {
        return record;
    }
    let mut next = changed.iter().peekable();
    let values = members.iter().enumerate().map(|(at, member)| {
        let value = match next.next_if(|(changed, _)| *changed == at) {
            Some((_, value)) => value,
            None => member.value,
        };
        (member.name, value)
    });
    Cow::Owned(json::object(values, record.len() + 128))
}

fn receipt(member: &Member<'_>, version: Version) -> Option<Vec<u8>> {
    match member.name {
        b"enclosePrice" | b"returnShippingCharge" => amount(member.value, version),
        b"createdAt" | b"modifiedAt" | b"completeConfirmDate" => time(member, version, 'T'),
        _ => None,
    }
}

fn sheet(member: &Member<'_>, version: Version) -> Option<Vec<u8>> {
    match member.name {
        b"shippingPrice" | b"remotePrice" => amount(member.value, version),
        b"orderedAt" | b"paidAt" => time(member, version, 'T'),
        b"inTrasitDateTime" | b"deliveredDate" => time(member, version, ' '),
        b"orderItems" => items(member.value, version),
        _ => None,
    }
}

fn items(value: &[u8], version: Version) -> Option<Vec<u8>> {
    let items: Vec<&RawValue> = serde_json::from_slice(value).ok()?;
    let items: Vec<Cow<'_, [u8]>> = (items.iter())
        .map(|item| {
            rewritten(Cow::Borrowed(item.get().as_bytes()), &|member| match member.name {
                b"salesPrice"
                | b"orderPrice"
                | b"discountPrice"
                | b"instantCouponDiscount"
                | b"downloadableCouponDiscount"
                | b"coupangDiscount" => amount(member.value, version),
                b"confirmDate" => time(member, version, ' '),
                _ => None,
            })
        })
        .collect();
    let changed = items.iter().any(|item| matches!(item, Cow::Owned(_)));
    changed.then(|| [b"[".as_slice(), &items.join(&b','), b"]"].concat())
}

fn amount(value: &[u8], version: Version) -> Option<Vec<u8>> {
    match version {
        Version::V4 => won(value),
        Version::V6 => money(value),
    }
}

/// A time; the older form has this between day and time.
fn time(member: &Member<'_>, version: Version, between: char) -> Option<Vec<u8>> {
    match version {
        Version::V4 => local(member, between),
        Version::V6 => zoned(member),
    }
}

/// A money object's whole units. There are no fractions of a won; an amount with a fraction, or of
/// another currency, has no v4 form and stays an object.
fn won(value: &[u8]) -> Option<Vec<u8>> {
    if value.first() != Some(&b'{') {
        return None;
    }
    let money: Money = serde_json::from_slice(value).ok()?;
    let whole = money.currency_code.as_deref() == Some("KRW") && money.nanos == Some(0);
    money.units.filter(|_| whole).map(|units| units.to_string().into_bytes())
}

fn money(value: &[u8]) -> Option<Vec<u8>> {
    let units: i64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    Some(format!(r#"{{"currencyCode":"KRW","units":{units},"nanos":0}}"#).into_bytes())
}

fn local(member: &Member<'_>, between: char) -> Option<Vec<u8>> {
    let text = member.plain_text()?;
    if text.len() == "2016-03-25T13:05:30".len() {
        return None;
    }
    let local = KST.to_datetime(parse_time(text)?);
    let (day, time) = (local.strftime("%Y-%m-%d"), local.strftime("%H:%M:%S"));
    Some(format!("\"{day}{between}{time}\"").into_bytes())
}

fn zoned(member: &Member<'_>) -> Option<Vec<u8>> {
    let text = member.plain_text()?;
    let (_, time) = text.split_once(['T', ' '])?;
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
