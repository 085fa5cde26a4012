//! Tables as files: CSV with a byte order mark, so that Excel reads it as UTF-8, and Excel's own form.
//! Numbers of orders and waybills are text and stay as they are; a text that a spreadsheet would run as
//! a formula is text there too.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use rust_xlsxwriter::{Format, FormatAlign, Workbook};

use crate::trouble::Trouble;

/// Rows of a file at most.
pub(crate) const ROWS_MAX: usize = 20_000;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A text, ids among them.
    Text(String),
    /// An amount that can be summed.
    Number(i64),
}

/// A table.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// What the file is called.
    pub(crate) name: &'static str,
    pub(crate) headings: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// Characters a spreadsheet begins a formula by.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as a cell of CSV: what would be a formula is led by an apostrophe, what would lose digits by a
/// tab, which makes it a text and is not seen.
fn csv_text(text: &str) -> String {
    let long_number = text.len() > 11 && text.bytes().all(|byte| byte.is_ascii_digit())
        || text.len() > 1
            && text.starts_with('0')
            && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = if text.starts_with(FORMULA) {
        format!("'{text}")
    } else if long_number {
        // Excel keeps 15 digits and drops leading zeros, unless this is a text.
        format!("\t{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The table as CSV.
pub(crate) fn csv(sheet: &Sheet) -> Result<Response, Trouble> {
    let mut out = String::from("\u{feff}");
    let line = |out: &mut String, cells: &[String]| {
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    };
    let headings: Vec<String> = sheet.headings.iter().map(|text| csv_text(text)).collect();
    line(&mut out, &headings);
    for row in &sheet.rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match cell {
                Cell::Text(text) => csv_text(text),
                Cell::Number(number) => number.to_string(),
            })
            .collect();
        line(&mut out, &cells);
    }
    file(sheet.name, "csv", "text/csv; charset=utf-8", out.into_bytes())
}

/// The table as Excel keeps it.
pub(crate) fn xlsx(sheet: &Sheet) -> Result<Response, Trouble> {
    let written = write(sheet).map_err(|_| Trouble::Table)?;
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    file(sheet.name, "xlsx", media, written)
}

fn write(sheet: &Sheet) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_align(FormatAlign::Left);
    let (text, number) = (Format::new().set_num_format("@"), Format::new().set_num_format("#,##0"));
    let page = book.add_worksheet();
    for (column, heading) in (0_u16..).zip(&sheet.headings) {
        page.write_string_with_format(0, column, *heading, &head)?;
    }
    for (line, row) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Text(value) => page.write_string_with_format(line, column, value, &text)?,
                Cell::Number(value) => {
                    page.write_number_with_format(line, column, *value as f64, &number)?
                }
            };
        }
    }
    page.set_freeze_panes(1, 0)?;
    page.autofit();
    book.save_to_buffer()
}

fn file(name: &str, ending: &str, media: &'static str, body: Vec<u8>) -> Result<Response, Trouble> {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    let shown = format!("attachment; filename=\"hoesu-{name}.{ending}\"");
    let shown = HeaderValue::from_str(&shown).map_err(|_| Trouble::Table)?;
    headers.insert(header::CONTENT_DISPOSITION, shown);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs_and_no_digit_is_lost() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@cmd", "'@cmd"),
            ("-5", "'-5"),
            ("380400001234", "\t380400001234"),
            ("0101", "\t0101"),
            ("500000001", "500000001"),
            ("가, 나", "\"가, 나\""),
        ] {
            assert_eq!(csv_text(text), cell);
        }
    }

    #[test]
    fn a_workbook_is_a_zip_with_the_text_in_it() {
        let rows = vec![vec![Cell::Text("=1".to_owned()), Cell::Number(5)]];
        let sheet = Sheet { name: "x", headings: vec!["a", "b"], rows };
        let written = write(&sheet).unwrap();
        assert!(written.starts_with(b"PK"));
    }
}
