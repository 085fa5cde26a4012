//! Where live answers differ from the field tables, each difference by its name.

use std::borrow::Cow;

use hoesu_ledger::Account;
use serde_json::value::RawValue;

use crate::json;

/// The setting that says how exactly an account's answers follow the document.
pub(super) const PROFILE: &str = "profile";
/// As the field tables have it; the default.
pub(super) const DOCUMENTED: &str = "documented";
/// As live answers have it.
pub(super) const MEASURED: &str = "measured";

/// How exactly answers follow the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    Documented,
    Measured,
}

/// One difference between live answers and the field tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quirk {
    /// `rows` comes before `total` in answers with orders.
    RowsBeforeTotal,
    /// `invoices[].invoiceId` is a bare number.
    InvoiceIdUnquoted,
}

impl Profile {
    pub(super) fn of(account: &Account) -> Self {
        if account.setting(PROFILE) == Some(MEASURED) { Self::Measured } else { Self::Documented }
    }

    pub(super) const fn has(self, quirk: Quirk) -> bool {
        match (self, quirk) {
            (Self::Documented, Quirk::RowsBeforeTotal | Quirk::InvoiceIdUnquoted) => false,
            (Self::Measured, Quirk::RowsBeforeTotal | Quirk::InvoiceIdUnquoted) => true,
        }
    }
}

/// [`Quirk::InvoiceIdUnquoted`]: an order row whose invoices' ids, where they are digits in quotes,
/// have lost the quotes. Borrowed if nothing changes.
pub(super) fn unquote_invoice_ids(record: &[u8]) -> Cow<'_, [u8]> {
    unquoted(record).map_or(Cow::Borrowed(record), Cow::Owned)
}

fn unquoted(record: &[u8]) -> Option<Vec<u8>> {
    let members = json::members(record)?;
    let invoices = members.iter().find(|member| member.name == b"invoices")?;
    let list = unquoted_list(invoices.value)?;
    let members = members.iter().map(|member| match member.name {
        b"invoices" => (member.name, list.as_slice()),
        _ => (member.name, member.value),
    });
    Some(json::object(members, record.len()))
}

/// A list of invoices without the quotes; `None` if none had any, or if it is no list of objects.
fn unquoted_list(list: &[u8]) -> Option<Vec<u8>> {
    let invoices: Vec<&RawValue> = serde_json::from_slice(list).ok()?;
    let mut out = Vec::with_capacity(list.len());
    let mut changed = false;
    for (nth, invoice) in invoices.iter().enumerate() {
        out.push(if nth == 0 { b'[' } else { b',' });
        let members = json::members(invoice.get().as_bytes())?;
        let members = members.iter().map(|member| match number_inside(member) {
            Some(digits) => {
                changed = true;
                (member.name, digits)
            }
            None => (member.name, member.value),
        });
        out.extend(json::object(members, invoice.get().len()));
    }
    out.push(b']');
    changed.then_some(out)
}

/// The digits of a quoted invoice id, if they may stand as a JSON number.
fn number_inside<'a>(member: &json::Member<'a>) -> Option<&'a [u8]> {
    let digits = member.plain_text().filter(|_| member.name == b"invoiceId")?;
    let number = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    number.then_some(digits.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(record: &str) -> String {
        String::from_utf8(unquote_invoice_ids(record.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn quoted_ids_lose_their_quotes_and_nothing_else_changes() {
        assert_eq!(
            changed(
                r#"{"id":1,"invoices":[{"invoiceId":"456000","x":"7"},{"invoiceId":"123456789012345678"}],"price":"1"}"#
            ),
            r#"{"id":1,"invoices":[{"invoiceId":456000,"x":"7"},{"invoiceId":123456789012345678}],"price":"1"}"#
        );
    }

    #[test]
    fn a_row_without_quoted_ids_is_borrowed() {
        for record in [
            r#"{"id":1}"#,
            r#"{"invoices":null}"#,
            r#"{"invoices":[]}"#,
            r#"{"invoices":[1]}"#,
            r#"{"invoices":[{"invoiceId":456000}]}"#,
            r#"{"invoices":[{"invoiceId":"0456"}]}"#,
            r#"{"invoices":[{"invoiceId":"A1"},{"invoiceId":""}]}"#,
        ] {
            assert!(matches!(unquote_invoice_ids(record.as_bytes()), Cow::Borrowed(_)), "{record}");
        }
    }
}
