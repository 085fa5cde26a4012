//! The item map's way in and out: a table of account, item, resource and quantity.
//!
//! What is in an item is one statement, though it may take several rows. So a row that is refused takes
//! the other rows of its item with it: half of what is in a box is not what is in it.

mod headings;
mod why;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use hoesu_channels::Channel;
use hoesu_claims::fact::Quantity;
use hoesu_claims::{AccountId, SellerId};
use hoesu_ledger::{Account, ITEM_CHARS_MAX, Ledger, Outcome, Resources, SalesItem};
use tokio::task::spawn_blocking;

use crate::sheet::{self, Cell, Row, Unreadable};
use crate::{Error, Result};
use headings::Columns;
pub use why::Why;

/// Refusals listed in the report; all are counted.
const REFUSALS_LISTED: usize = 1_000;

/// Numbers from here on are not what was typed: spreadsheets keep 15 digits.
const EXACT_BELOW: f64 = 1e15;

/// What an import did. Rows are counted, by what became of their item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows found below the headings.
    pub read: u64,
    /// Of items that were not on the map.
    pub new: u64,
    /// Of items that held something else.
    pub changed: u64,
    /// Of items that held just this.
    pub unchanged: u64,
    /// Left out.
    pub refused: u64,
    /// The first 1,000 of these, by line.
    pub refusals: Vec<RefusedRow>,
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its line, from 1.
    pub line: u64,
    /// The heading of the cell at fault; `""` if it is the whole row.
    pub field: String,
    /// Why.
    pub why: Why,
}

/// Puts a table of items on the map, in one transaction. `of` are the sales accounts of rows that name
/// none. A sales account is called by its name.
pub async fn import(
    ledger: &Arc<Ledger>,
    seller: SellerId,
    accounts: &[(Account, &'static dyn Channel)],
    of: &[AccountId],
    file: Vec<u8>,
) -> Result<Report> {
    let selling = accounts.iter().filter(|(_, channel)| channel.trade().sells());
    let selling = selling.map(|(account, _)| (account.name.clone(), account.id)).collect();
    let of = of.to_vec();
    let reading = spawn_blocking(move || Table::read(&file, &selling, &of));
    let mut table = reading.await.map_err(Error::Worker)?.map_err(Error::Table)?;
    table.refuse_what_is_half();
    let outcomes = ledger.map_items(seller, table.map()).await?;
    Ok(table.report(&outcomes))
}

/// Writes the item map as a table that [`import`] takes: CSV with a byte order mark, so that Excel
/// reads it as UTF-8. `name` tells what an account is called.
pub fn export(
    mut out: impl Write,
    headings: [&str; 4],
    items: &BTreeMap<SalesItem, Resources>,
    name: impl Fn(AccountId) -> String,
) -> Result<()> {
    out.write_all("\u{feff}".as_bytes()).map_err(Error::Write)?;
    let mut table = csv::Writer::from_writer(out);
    let failed = |error: csv::Error| Error::Write(error.into());
    table.write_record(headings).map_err(failed)?;
    for (item, resources) in items {
        for (resource, quantity) in resources {
            let quantity = quantity.to_string();
            let row = [&name(item.account), &item.item, resource, &quantity];
            table.write_record(row).map_err(failed)?;
        }
    }
    table.flush().map_err(Error::Write)
}

/// A row that says something.
#[derive(Debug)]
struct Said {
    line: u64,
    /// One for each sales account it is about.
    items: Vec<SalesItem>,
    resource: String,
    quantity: Quantity,
}

/// A table as it is understood.
#[derive(Debug, Default)]
struct Table {
    said: Vec<Said>,
    refused: Vec<RefusedRow>,
    /// Items with a refused row, and its line.
    half: BTreeMap<SalesItem, u64>,
    /// The items of the row read last that names any.
    last: Vec<SalesItem>,
}

/// A fault, and the heading of the column it is in.
type Fault = (String, Why);

impl Table {
    /// Never panics, whatever the file holds.
    fn read(
        file: &[u8],
        selling: &BTreeMap<String, AccountId>,
        of: &[AccountId],
    ) -> std::result::Result<Self, Unreadable> {
        let mut tables = sheet::read(file)?.into_iter();
        let found = tables.find_map(|rows| Some((Columns::find(&rows).transpose()?, rows)));
        let (columns, rows) = found.ok_or(Unreadable::NoHeadings)?;
        let columns = columns?;
        if columns.account.is_none() && of.is_empty() {
            return Err(Unreadable::NoAccount);
        }
        let reader = Reader { columns: &columns, selling, of };
        let mut table = Self::default();
        for row in rows.iter().filter(|row| row.line > columns.line) {
            reader.read(row, &mut table);
        }
        Ok(table)
    }

    /// Refuses what contradicts an earlier row, then all rows of items that are not whole.
    fn refuse_what_is_half(&mut self) {
        let mut known: BTreeMap<(SalesItem, String), (u64, Quantity)> = BTreeMap::new();
        let mut twice: BTreeMap<u64, u64> = BTreeMap::new();
        for said in &self.said {
            for item in &said.items {
                let at = (item.clone(), said.resource.clone());
                let (line, quantity) = *known.entry(at).or_insert((said.line, said.quantity));
                if quantity != said.quantity {
                    twice.entry(said.line).or_insert(line);
                }
            }
        }
        self.refuse(|said, _| twice.get(&said.line).map(|line| Why::SaysAnother { line: *line }));
        // A row may be about several accounts, and takes its items there with it.
        while self.refuse(|said, half| {
            let line = said.items.iter().find_map(|item| half.get(item))?;
            Some(Why::GoesWith { line: *line })
        }) {}
    }

    /// Refuses rows; whether there were any.
    fn refuse(&mut self, why: impl Fn(&Said, &BTreeMap<SalesItem, u64>) -> Option<Why>) -> bool {
        let before = self.said.len();
        for said in std::mem::take(&mut self.said) {
            match why(&said, &self.half) {
                None => self.said.push(said),
                Some(why) => {
                    self.refused.push(RefusedRow { line: said.line, field: String::new(), why });
                    self.spoil(said.items, said.line);
                }
            }
        }
        self.said.len() < before
    }

    fn spoil(&mut self, items: Vec<SalesItem>, line: u64) {
        for item in items {
            self.half.entry(item).or_insert(line);
        }
    }

    fn map(&self) -> BTreeMap<SalesItem, Resources> {
        let mut map: BTreeMap<SalesItem, Resources> = BTreeMap::new();
        for said in &self.said {
            for item in &said.items {
                let resources = map.entry(item.clone()).or_default();
                resources.insert(said.resource.clone(), said.quantity);
            }
        }
        map
    }

    fn report(mut self, outcomes: &BTreeMap<SalesItem, Outcome>) -> Report {
        let mut report = Report {
            read: (self.said.len() + self.refused.len()) as u64,
            refused: self.refused.len() as u64,
            ..Report::default()
        };
        for said in &self.said {
            let became =
                |outcome| said.items.iter().any(|item| outcomes.get(item) == Some(&outcome));
            if became(Outcome::New) {
                report.new += 1;
            } else if became(Outcome::Changed) {
                report.changed += 1;
            } else {
                report.unchanged += 1;
            }
        }
        self.refused.sort_by_key(|refused| refused.line);
        self.refused.truncate(REFUSALS_LISTED);
        report.refusals = self.refused;
        report
    }
}

/// Reads rows below the headings.
struct Reader<'a> {
    columns: &'a Columns,
    selling: &'a BTreeMap<String, AccountId>,
    of: &'a [AccountId],
}

impl Reader<'_> {
    fn read(&self, row: &Row, table: &mut Table) {
        let Columns { item, resource, quantity, .. } = self.columns;
        let items = self.accounts(row).and_then(|accounts| {
            let number = number(row.cell(item.at)).map_err(|why| item.fault(why))?;
            let items = accounts.into_iter();
            Ok(items.map(|account| SalesItem { account, item: number.clone() }).collect())
        });
        let items: Vec<SalesItem> = match items {
            Ok(items) => items,
            Err(fault) => {
                // In the lower half of merged cells there is nothing, and the item is the one above.
                if fault.1 == Why::Missing {
                    table.spoil(table.last.clone(), row.line);
                }
                return table.refused.push(refused(row, fault));
            }
        };
        table.last.clone_from(&items);
        let resource = number(row.cell(resource.at)).map_err(|why| resource.fault(why));
        let quantity = quantity.as_ref().map_or(Ok(1), |quantity| {
            pieces(row.cell(quantity.at)).map_err(|why| quantity.fault(why))
        });
        match resource.and_then(|resource| Ok((resource, quantity?))) {
            Ok((resource, quantity)) => {
                table.said.push(Said { line: row.line, items, resource, quantity });
            }
            Err(fault) => {
                table.refused.push(refused(row, fault));
                table.spoil(items, row.line);
            }
        }
    }

    /// The sales accounts a row is about.
    fn accounts(&self, row: &Row) -> std::result::Result<Vec<AccountId>, Fault> {
        let Some(column) = &self.columns.account else { return Ok(self.of.to_vec()) };
        let cell = row.cell(column.at);
        if cell.is_none() && !self.of.is_empty() {
            return Ok(self.of.to_vec());
        }
        let name = number(cell).map_err(|why| column.fault(why))?;
        let account = self.selling.get(&name).map(|account| vec![*account]);
        account.ok_or_else(|| {
            let selling = self.selling.keys().cloned().collect();
            column.fault(Why::NoSalesAccount { selling })
        })
    }
}

fn refused(row: &Row, (field, why): Fault) -> RefusedRow {
    RefusedRow { line: row.line, field, why }
}

/// A number in somebody's books, exactly as it is, or why it cannot be told.
fn number(cell: Option<&Cell>) -> std::result::Result<String, Why> {
    match cell {
        None => Err(Why::Missing),
        Some(Cell::Formula) => Err(Why::Formula),
        Some(Cell::Error) => Err(Why::Error),
        Some(Cell::Other) => Err(Why::NotANumber),
        Some(Cell::Number(number)) if number.abs() >= EXACT_BELOW => Err(Why::Rounded),
        Some(Cell::Number(number)) if *number < 0.0 || number.fract() != 0.0 => Err(Why::NotWhole),
        Some(Cell::Number(number)) => Ok(format!("{number:.0}")),
        Some(Cell::Text(text)) if text.chars().count() > ITEM_CHARS_MAX => Err(Why::TooLong),
        Some(Cell::Text(text)) if text.chars().any(char::is_control) => Err(Why::Control),
        Some(Cell::Text(text)) if is_shortened(text) => Err(Why::Rounded),
        Some(Cell::Text(text)) => Ok(text.clone()),
    }
}

/// Whether a text is what a spreadsheet makes of a long number: `1.23457E+17`.
fn is_shortened(text: &str) -> bool {
    let Some((digits, power)) = text.split_once("E+") else { return false };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    whole.len() == 1 && is_digits(whole) && is_digits(fraction) && is_digits(power)
}

/// How many pieces, 1 or more.
fn pieces(cell: Option<&Cell>) -> std::result::Result<Quantity, Why> {
    let pieces = match cell {
        None => return Err(Why::Missing),
        Some(Cell::Formula) => return Err(Why::Formula),
        Some(Cell::Error) => return Err(Why::Error),
        Some(Cell::Number(number)) => {
            let exact = number.fract() == 0.0 && (0.0..=f64::from(Quantity::MAX)).contains(number);
            exact.then_some(*number as Quantity)
        }
        // `parse` would take a sign.
        Some(Cell::Text(text)) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok()
        }
        Some(Cell::Text(_) | Cell::Other) => None,
    };
    pieces.filter(|pieces| *pieces > 0).ok_or(Why::NotPieces)
}

#[cfg(test)]
mod tests;
