//! Workbooks (.xlsx), read cell by cell: a worksheet says how large it is, and may say anything.

use std::io::Cursor;
use std::panic::catch_unwind;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};

use super::{Cell, Row, Unreadable, trimmed};

pub(super) fn read(file: &[u8]) -> Result<Vec<Vec<Row>>, Unreadable> {
    // calamine adds up rows and columns without looking how large they are said to be.
    catch_unwind(|| worksheets(file)).unwrap_or(Err(Unreadable::Damaged))
}

fn worksheets(file: &[u8]) -> Result<Vec<Vec<Row>>, Unreadable> {
    let mut workbook = Xlsx::new(Cursor::new(file)).map_err(|_| Unreadable::Damaged)?;
    let sheets = workbook.sheets_metadata().iter();
    let sheets = sheets.filter(|sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
    });
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    names.iter().map(|name| rows(&mut workbook, name)).collect()
}

fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Vec<Row>, Unreadable> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|_| Unreadable::Damaged)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(read) =
        reader.next_cell_with_formula_metadata().map_err(|_| Unreadable::Damaged)?
    {
        let (row, column) = read.pos;
        let Some(cell) = cell(read.value, read.formula.is_some()) else { continue };
        let (line, column) = (u64::from(row) + 1, column as usize);
        match rows.last_mut() {
            Some(row) if row.line == line => row.cells.push((column, cell)),
            Some(_) | None => rows.push(Row { line, cells: vec![(column, cell)] }),
        }
    }
    Ok(rows)
}

fn cell(value: DataRef<'_>, is_formula: bool) -> Option<Cell> {
    let text = |text: &str| {
        let text = trimmed(text);
        (!text.is_empty()).then(|| Cell::Text(text.to_owned()))
    };
    match value {
        DataRef::String(value) => text(&value),
        DataRef::SharedString(value) => text(value),
        DataRef::Float(number) => Some(Cell::Number(number)),
        // Whole numbers come as floating point as well, since Excel has no others.
        DataRef::Int(number) => Some(Cell::Number(number as f64)),
        DataRef::Error(_) => Some(Cell::Error),
        DataRef::Bool(_)
        | DataRef::DateTime(_)
        | DataRef::DateTimeIso(_)
        | DataRef::DurationIso(_) => Some(Cell::Other),
        DataRef::Empty => is_formula.then_some(Cell::Formula),
    }
}
