//! CSV, and what else spreadsheets write with something between the cells.

use csv::ReaderBuilder;
use encoding_rs::{EUC_KR, Encoding};

use super::{Cell, Row, Unreadable, trimmed};

/// What may stand between cells.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

pub(super) fn read(file: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let text = decode(file)?.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut lines = Lines { text: &text, at: 0, line: 1 };
    let mut rows = Vec::new();
    for record in reader.records() {
        // All of it is text, and any number of cells may be in a row: nothing else can be wrong.
        let record = record.map_err(|_| Unreadable::Encoding)?;
        let line = lines.of(record.position().map_or(0, |at| at.byte() as usize));
        let cells = record.iter().enumerate();
        let cells: Vec<_> = cells.filter_map(|(at, text)| Some((at, cell(text)?))).collect();
        if !cells.is_empty() {
            rows.push(Row { line, cells });
        }
    }
    Ok(rows)
}

/// Counts lines on the way through a text.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a record that begins here or after the empty lines here.
    fn of(&mut self, begins: usize) -> u64 {
        let passed = self.text.get(self.at..begins).unwrap_or_default();
        let rest = self.text.get(begins..).unwrap_or_default();
        let empty = rest.len() - rest.trim_start_matches('\n').len();
        self.line += (passed.matches('\n').count() + empty) as u64;
        self.at = begins + empty;
        self.line
    }
}

/// The file's text: by its mark, else UTF-8, else what Korean Excel writes.
fn decode(file: &[u8]) -> Result<String, Unreadable> {
    if let Some((encoding, mark)) = Encoding::for_bom(file) {
        return decoded(encoding, &file[mark..]);
    }
    match std::str::from_utf8(file) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => decoded(EUC_KR, file),
    }
}

fn decoded(encoding: &'static Encoding, file: &[u8]) -> Result<String, Unreadable> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(file);
    text.map(std::borrow::Cow::into_owned).ok_or(Unreadable::Encoding)
}

/// What stands between cells: what the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// `="0123"` is how a text that looks like a number is kept one; anything else with `=` before it is a
/// formula somebody saved as such.
fn cell(text: &str) -> Option<Cell> {
    let text = trimmed(text);
    let kept = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let text = trimmed(kept.unwrap_or(text));
    if text.is_empty() {
        None
    } else if kept.is_none() && text.starts_with('=') {
        Some(Cell::Formula)
    } else {
        Some(Cell::Text(text.to_owned()))
    }
}
