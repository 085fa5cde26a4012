use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// A workbook of worksheets, each a name, a state and what is in its `sheetData`.
fn workbook_of(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let listed = (1..).zip(sheets).map(|(nth, (name, state, _))| {
        format!(r#"<sheet name="{name}" sheetId="{nth}" state="{state}" r:id="r{nth}"/>"#)
    });
    let listed = listed.collect::<Vec<_>>().concat();
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
    let related = (1..=sheets.len()).map(|nth| {
        format!(r#"<Relationship Id="r{nth}" Type="{kind}" Target="worksheets/sheet{nth}.xml"/>"#)
    });
    let related = related.collect::<Vec<_>>().concat();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut parts = vec![
        (
            "[Content_Types].xml".to_owned(),
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#
                .to_owned(),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                r#"<Relationships xmlns="{relations}"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(r#"<Relationships xmlns="{relations}">{related}</Relationships>"#),
        ),
    ];
    for (nth, (_, _, data)) in (1..).zip(sheets) {
        let sheet =
            format!(r#"<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>"#);
        parts.push((format!("xl/worksheets/sheet{nth}.xml"), sheet));
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one worksheet.
pub(crate) fn workbook(data: &str) -> Vec<u8> {
    workbook_of(&[("품목", "visible", data)])
}

/// A row of a worksheet, cells from column A on.
pub(crate) fn row(line: u64, cells: &[&str]) -> String {
    let cells = ('A'..).zip(cells).map(|(column, cell)| match cell.strip_prefix('<') {
        // What follows is the rest of the element.
        Some(rest) => format!(r#"<c r="{column}{line}" {rest}</c>"#),
        None => format!(r#"<c r="{column}{line}" t="inlineStr"><is><t>{cell}</t></is></c>"#),
    });
    format!(r#"<row r="{line}">{}</row>"#, cells.collect::<String>())
}

fn texts(rows: &[Row]) -> Vec<(u64, Vec<(usize, &str)>)> {
    rows.iter().map(|row| (row.line, row.texts().collect())).collect()
}

fn only(file: &[u8]) -> Vec<Row> {
    let mut tables = read(file).unwrap();
    assert_eq!(tables.len(), 1);
    tables.remove(0)
}

/// 판매상품 in CP949, with 똠 after it, which EUC-KR alone does not have.
const CP949: &[u8] = b"\xc6\xc7\xb8\xc5\xbb\xf3\xc7\xb0\x8c\x63,1\n";

#[test]
fn a_file_is_read_in_the_encoding_it_is_in() {
    let table = "판매상품똠,1\n";
    let utf16: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for file in [
        table.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", table.as_bytes()].concat(),
        CP949.to_vec(),
        [b"\xff\xfe", utf16.as_slice()].concat(),
    ] {
        assert_eq!(texts(&only(&file)), [(1, vec![(0, "판매상품똠"), (1, "1")])], "{file:?}");
    }
    assert_eq!(read(b"a,\xff\xff\n"), Err(Unreadable::Encoding));
}

#[test]
fn cells_are_parted_by_what_the_first_line_has_most_of() {
    for (file, delimiter) in
        [("a,b\n1,2", ','), ("a\tb\n1\t2", '\t'), ("a;b\n1;2", ';'), ("a", '.')]
    {
        let rows = only(file.as_bytes());
        assert_eq!(texts(&rows)[0].1[0], (0, "a"), "{delimiter}");
    }
    assert_eq!(texts(&only("a\tb,c,d\te\tf\n".as_bytes()))[0].1.len(), 4);
}

#[test]
fn lines_are_counted_as_the_file_has_them_and_empty_ones_are_none() {
    let rows = only("a,b\r\n\r\n,, \r\n\"x\ny\", z\r\n7".as_bytes());
    assert_eq!(
        texts(&rows),
        [(1, vec![(0, "a"), (1, "b")]), (4, vec![(0, "x\ny"), (1, "z")]), (6, vec![(0, "7")])]
    );
}

#[test]
fn a_text_kept_one_by_an_equals_sign_is_that_text_and_a_formula_is_none() {
    let rows = only("\u{200b}=\"0123\",\"=\"\"00 4\"\"\",=A1,=1+1\n".as_bytes());
    assert_eq!(texts(&rows)[0].1, [(0, "0123"), (1, "00 4")]);
    assert_eq!((rows[0].cell(2), rows[0].cell(3)), (Some(&Cell::Formula), Some(&Cell::Formula)));
}

#[test]
fn a_workbooks_cells_keep_what_is_certain_of_them() {
    let cells = [
        " 가 ",
        r"<><v>8801234567893</v>",
        r"<><v>1.23456789012346E+17</v>",
        r"<><f>A1</f><v>7</v>",
        r#"<t="str"><f>A1</f><v>값</v>"#,
        r"<><f>A1</f>",
        r#"<t="e"><f>A1</f><v>#N/A</v>"#,
        r#"<t="b"><v>1</v>"#,
        r#"<t="d"><v>2026-01-31</v>"#,
        " ",
    ];
    let rows = only(&workbook(&row(3, &cells)));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].line, 3);
    let expected = [
        Some(Cell::Text("가".to_owned())),
        Some(Cell::Number(8_801_234_567_893.0)),
        Some(Cell::Number(123_456_789_012_346_000.0)),
        Some(Cell::Number(7.0)),
        Some(Cell::Text("값".to_owned())),
        Some(Cell::Formula),
        Some(Cell::Error),
        Some(Cell::Other),
        Some(Cell::Other),
        None,
    ];
    for (column, expected) in expected.iter().enumerate() {
        assert_eq!(rows[0].cell(column), expected.as_ref(), "{column}");
    }
}

#[test]
fn hidden_worksheets_are_not_read() {
    let file = workbook_of(&[
        ("안내", "visible", &row(1, &["읽어 보세요"])),
        ("숨김", "hidden", &row(1, &["옛것"])),
        ("품목", "visible", &row(1, &["품목"])),
    ]);
    let tables = read(&file).unwrap();
    assert_eq!(tables.len(), 2);
    assert_eq!(texts(&tables[1])[0].1, [(0, "품목")]);
}

#[test]
fn a_cell_far_out_costs_no_more_than_one_at_hand() {
    let far = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    let rows = only(&workbook(far));
    assert_eq!((rows[1].line, rows[1].cell(16_383)), (1_048_576, Some(&Cell::Number(2.0))));
}

#[test]
fn what_is_no_table_is_told() {
    assert_eq!(read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Err(Unreadable::OldWorkbook));
    assert_eq!(read(b"PK\x03\x04 and so on"), Err(Unreadable::Damaged));
    assert_eq!(read(&vec![b' '; BYTES_MAX as usize + 1]), Err(Unreadable::TooLarge));
    assert_eq!(read(b""), Ok(vec![vec![]]));
    let broken = workbook(r#"<row r="1"><c r="A1" t="s"><v>9</v></c></row>"#);
    assert_eq!(read(&broken), Err(Unreadable::Damaged));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(file: Vec<u8>) {
        let _read = read(&file);
    }

    #[test]
    fn a_workbook_with_any_byte_wrong_is_read_or_refused(
        wrong in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut file = workbook(&row(1, &["판매상품", r"<><v>1</v>"]));
        for (at, byte) in wrong {
            let at = at.index(file.len());
            file[at] = byte;
        }
        let _read = read(&file);
    }

    #[test]
    fn a_worksheet_that_says_anything_is_read_or_refused(
        cells in prop::collection::vec(("[A-Z]{0,4}", any::<u64>(), "[a-z]{0,3}", "[0-9.eE+-]{0,24}"), 0..8),
        tail in "[<>/a-z \"=]{0,20}",
    ) {
        let cells = cells.iter().map(|(column, line, kind, value)| {
            format!(r#"<row r="{line}"><c r="{column}{line}" t="{kind}"><f t="shared" si="{line}">A1</f><v>{value}</v></c></row>"#)
        });
        let _read = read(&workbook(&(cells.collect::<String>() + &tail)));
    }
}
