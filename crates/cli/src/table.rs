//! Tables for people.

use comfy_table::{Table, presets};

/// A table, with headings if there are any, whose rows end where their text ends.
pub(crate) fn table<'a>(
    headings: impl IntoIterator<Item = &'a str>,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let headings: Vec<_> = headings.into_iter().collect();
    if !headings.is_empty() {
        table.set_header(headings);
    }
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
