//! Envelopes around stored records: one buffer, every record token for token.

use std::borrow::Cow;
use std::io::Write as _;

use bytes::Bytes;
use hoesu_ledger::{Held, Page};

use super::quirks::{Profile, Quirk, unquote_invoice_ids};
use super::wire::{ORDER_MEMBERS, TICKET_MEMBERS};
use crate::json;
use crate::page::pages;

/// Where [`Held::form`] keeps the record as documented, and as measured.
const DOCUMENTED_FORM: usize = 0;
const MEASURED_FORM: usize = 1;

/// The answer of `GET /open-api/cs`.
pub(super) fn tickets(page_rows: u64, page: &Page) -> Vec<u8> {
    let mut out = buffer(page);
    let head = format_args!(
        r#"{{"pageSize":{page_rows},"rowCount":{},"totalPage":{},"total":{},"data":"#,
        page.rows.len(),
        pages(page.total, page_rows),
        page.total
    );
    write(&mut out, head);
    rows(&mut out, page, DOCUMENTED_FORM, |record| json::in_order(record, &TICKET_MEMBERS));
    out.push(b'}');
    out
}

/// The answer of `POST /open-api/oms/orders`.
pub(super) fn orders(profile: Profile, page: &Page) -> Vec<u8> {
    let mut out = buffer(page);
    let rows = |out: &mut Vec<u8>| {
        if profile.has(Quirk::InvoiceIdUnquoted) {
            rows(out, page, MEASURED_FORM, measured_order);
        } else {
            rows(out, page, DOCUMENTED_FORM, documented_order);
        }
    };
    if profile.has(Quirk::RowsBeforeTotal) {
        out.extend_from_slice(br#"{"rows":"#);
        rows(&mut out);
        write(&mut out, format_args!(r#","total":"{}"}}"#, page.total));
    } else {
        write(&mut out, format_args!(r#"{{"total":"{}","rows":"#, page.total));
        rows(&mut out);
        out.push(b'}');
    }
    out
}

fn documented_order(record: &[u8]) -> Cow<'_, [u8]> {
    json::in_order(record, &ORDER_MEMBERS)
}

fn measured_order(record: &[u8]) -> Cow<'_, [u8]> {
    match documented_order(record) {
        Cow::Borrowed(record) => unquote_invoice_ids(record),
        Cow::Owned(record) => Cow::Owned(unquote_invoice_ids(&record).into_owned()),
    }
}

fn buffer(page: &Page) -> Vec<u8> {
    let records: usize = page.rows.iter().map(|held| held.document.body.len() + 1).sum();
    Vec::with_capacity(records + 128)
}

fn write(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to memory has nothing that could fail.
    let _ = out.write_fmt(text);
}

fn rows(out: &mut Vec<u8>, page: &Page, slot: usize, form: fn(&[u8]) -> Cow<'_, [u8]>) {
    out.push(b'[');
    for (nth, held) in page.rows.iter().enumerate() {
        if nth > 0 {
            out.push(b',');
        }
        row(out, held, slot, form);
    }
    out.push(b']');
}

/// One record in its served form. A record that is served as it is stored is not kept twice: its
/// form is empty.
fn row(out: &mut Vec<u8>, held: &Held, slot: usize, form: fn(&[u8]) -> Cow<'_, [u8]>) {
    let kept = held.form(slot, |document| match form(&document.body) {
        Cow::Borrowed(_) => Bytes::new(),
        Cow::Owned(moved) => moved.into(),
    });
    out.extend_from_slice(if kept.is_empty() { &held.document.body } else { &kept });
}
