//! Which column is which, by the words people head them with.

use super::{Fault, Why};
use crate::sheet::{Row, Unreadable};

/// Rows looked at for headings: a title or a note may stand above them.
const ROWS_AHEAD: usize = 10;

/// Headings of the sales account, without spaces and signs, in lower case.
const ACCOUNT: &[&str] =
    &["판매계정", "판매계정명", "계정", "계정명", "판매처", "account", "salesaccount"];
/// Of the item as it is numbered there.
const ITEM: &[&str] = &[
    "판매상품",
    "판매상품코드",
    "판매상품번호",
    "판매상품id",
    "상품id",
    "옵션id",
    "옵션코드",
    "item",
    "itemid",
    "salesitem",
    "vendoritemid",
];
/// Of what a warehouse keeps.
const RESOURCE: &[&str] = &[
    "자원",
    "자원코드",
    "품목",
    "품목코드",
    "바코드",
    "관리번호",
    "관리코드",
    "resource",
    "resourcecode",
    "barcode",
    "sku",
];
/// Of how many are in one.
const QUANTITY: &[&str] = &["수량", "개수", "구성수량", "quantity", "qty"];

/// A column: where it is, and what it is called there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) at: usize,
    heading: String,
}

impl Column {
    pub(super) fn fault(&self, why: Why) -> Fault {
        (self.heading.clone(), why)
    }
}

/// The columns of a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The line of the headings.
    pub(super) line: u64,
    pub(super) account: Option<Column>,
    pub(super) item: Column,
    pub(super) resource: Column,
    /// One piece each without it.
    pub(super) quantity: Option<Column>,
}

impl Columns {
    /// The first row with headings for item and resource; `None` if there is none.
    pub(super) fn find(rows: &[Row]) -> Result<Option<Self>, Unreadable> {
        for row in rows.iter().take(ROWS_AHEAD) {
            let item = one(row, ITEM, "판매상품 (item)");
            let resource = one(row, RESOURCE, "자원 (resource)");
            if item == Ok(None) || resource == Ok(None) {
                continue;
            }
            if let (Some(item), Some(resource)) = (item?, resource?) {
                let account = one(row, ACCOUNT, "판매계정 (account)")?;
                let quantity = one(row, QUANTITY, "수량 (quantity)")?;
                return Ok(Some(Self { line: row.line, account, item, resource, quantity }));
            }
        }
        Ok(None)
    }
}

/// The column headed by one of these words.
fn one(row: &Row, words: &[&str], what: &'static str) -> Result<Option<Column>, Unreadable> {
    let mut found = row.texts().filter(|(_, text)| words.contains(&plain(text).as_str()));
    let first = found.next().map(|(at, text)| Column { at, heading: text.to_owned() });
    if found.next().is_some() { Err(Unreadable::TwoColumns(what)) } else { Ok(first) }
}

/// A heading without spaces and signs, in lower case.
fn plain(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
