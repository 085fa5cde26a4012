use proptest::prelude::*;

use super::*;
use crate::sheet::tests::{row, workbook};

const NORTH: AccountId = AccountId(1);
const SOUTH: AccountId = AccountId(2);

/// A seller with two sales accounts, north and 남쪽.
fn selling() -> BTreeMap<String, AccountId> {
    BTreeMap::from([("north".to_owned(), NORTH), ("남쪽".to_owned(), SOUTH)])
}

fn table_of(file: &[u8], of: &[AccountId]) -> std::result::Result<Table, Unreadable> {
    let mut table = Table::read(file, &selling(), of)?;
    table.refuse_what_is_half();
    Ok(table)
}

/// What goes on the map, as `account item resource quantity`, and what is left out.
fn understood(file: impl AsRef<[u8]>, of: &[AccountId]) -> (Vec<String>, Vec<(u64, String, Why)>) {
    let table = table_of(file.as_ref(), of).unwrap();
    let map = table.map();
    let told = map.iter().flat_map(|(item, resources)| {
        resources.iter().map(move |(resource, quantity)| {
            format!("{} {} {resource} {quantity}", item.account.0, item.item)
        })
    });
    let told = told.collect();
    let report = table.report(&BTreeMap::new());
    let refusals = report.refusals.into_iter();
    (told, refusals.map(|refused| (refused.line, refused.field, refused.why)).collect())
}

fn taken(file: impl AsRef<[u8]>, of: &[AccountId]) -> Vec<String> {
    let (told, refused) = understood(file, of);
    assert_eq!(refused, [], "nothing is refused");
    told
}

#[test]
fn columns_are_known_by_their_headings_in_any_order_and_either_language() {
    for table in [
        "판매계정,판매상품,자원,수량\nnorth,7,A,2\n",
        "account,item,resource,quantity\nnorth,7,A,2\n",
        "수량,창고,바코드,옵션 ID,계정명\n2,평택,A,7,north\n",
        "Qty\tSKU\tvendorItemId\tSales Account\n2\tA\t7\tnorth\n",
        "품목 연결표,,,\n,,,\n판매처,판매 상품(필수),품목코드*,수량\nnorth,7,A,2\n",
    ] {
        let table = table.replace("(필수)", "");
        assert_eq!(taken(&table, &[]), ["1 7 A 2"], "{table}");
    }
}

#[test]
fn a_table_without_what_must_be_there_is_none() {
    let none = |table: &str, of| table_of(table.as_bytes(), of).unwrap_err();
    assert_eq!(none("", &[NORTH]), Unreadable::NoHeadings);
    assert_eq!(none("판매계정,판매상품,수량\nnorth,7,1\n", &[]), Unreadable::NoHeadings);
    assert_eq!(none("7,A,2\n", &[NORTH]), Unreadable::NoHeadings);
    assert_eq!(none("판매상품,자원\n7,A\n", &[]), Unreadable::NoAccount);
    let two = "판매상품,바코드,품목코드\n7,A,B\n";
    assert_eq!(none(two, &[NORTH]), Unreadable::TwoColumns("자원 (resource)"));
}

#[test]
fn without_a_column_for_it_the_quantity_is_one_and_the_account_is_the_one_given() {
    assert_eq!(taken("판매상품,자원\n7,A\n8,A\n", &[NORTH]), ["1 7 A 1", "1 8 A 1"]);
    assert_eq!(taken("판매상품,자원\n7,A\n", &[NORTH, SOUTH]), ["1 7 A 1", "2 7 A 1"]);
    let some = "판매계정,판매상품,자원\n남쪽,7,A\n,8,A\n";
    assert_eq!(taken(some, &[NORTH]), ["1 8 A 1", "2 7 A 1"]);
    let (told, refused) = understood(some, &[]);
    assert_eq!(refused[1], (3, "판매계정".to_owned(), Why::Missing));
    // The empty cell may be the lower half of the one above.
    assert_eq!((told.len(), &refused[0].2), (0, &Why::GoesWith { line: 3 }));
}

#[test]
fn a_bad_row_is_refused_by_line_field_and_reason_and_the_good_ones_beside_it_go_in() {
    let table = "account,item,resource,quantity\n\
        north,1,A,0\n\
        north,2,A,-1\n\
        north,3,A,1.5\n\
        north,4,A,2개\n\
        north,5,A,\n\
        north,6,A,4294967295\n\
        north,7,A,4294967296\n\
        east,8,A,1\n\
        north,9,1.23457E+17,1\n\
        north,=A1,A,1\n\
        north,11,,1\n\
        north,12,A,+1\n\
        남쪽,13,A,1\n";
    let (told, refused) = understood(table, &[]);
    assert_eq!(told, ["1 6 A 4294967295", "2 13 A 1"]);
    let selling = vec!["north".to_owned(), "남쪽".to_owned()];
    let expected = [
        (2, "quantity", Why::NotPieces),
        (3, "quantity", Why::NotPieces),
        (4, "quantity", Why::NotPieces),
        (5, "quantity", Why::NotPieces),
        (6, "quantity", Why::Missing),
        (8, "quantity", Why::NotPieces),
        (9, "account", Why::NoSalesAccount { selling }),
        (10, "resource", Why::Rounded),
        (11, "item", Why::Formula),
        (12, "resource", Why::Missing),
        (13, "quantity", Why::NotPieces),
    ];
    let expected = expected.map(|(line, field, why)| (line, field.to_owned(), why));
    assert_eq!(refused, expected);
}

#[test]
fn the_same_row_twice_is_one_and_another_quantity_takes_the_item_out() {
    let twice = "item,resource,quantity\n7,A,2\n7,B,1\n7,A,2\n";
    assert_eq!(taken(twice, &[NORTH]), ["1 7 A 2", "1 7 B 1"]);
    let against = "item,resource,quantity\n7,A,2\n7,B,1\n7,A,3\n8,A,1\n";
    let (told, refused) = understood(against, &[NORTH]);
    assert_eq!(told, ["1 8 A 1"]);
    let whole = String::new;
    assert_eq!(
        refused,
        [
            (2, whole(), Why::GoesWith { line: 4 }),
            (3, whole(), Why::GoesWith { line: 4 }),
            (4, whole(), Why::SaysAnother { line: 2 }),
        ]
    );
}

#[test]
fn an_item_is_never_half_on_the_map() {
    let table = "account,item,resource,quantity\nnorth,7,A,1\nnorth,7,B,0\nnorth,8,B,1\n";
    let (told, refused) = understood(table, &[]);
    assert_eq!(told, ["1 8 B 1"]);
    assert_eq!(refused[0].2, Why::GoesWith { line: 3 });
    // What is about two accounts takes its item with it at both.
    let table = "account,item,resource\n,7,A\nnorth,7,=B\n남쪽,7,C\nnorth,8,A\n";
    let (told, refused) = understood(table, &[NORTH, SOUTH]);
    assert_eq!(told, ["1 8 A 1"]);
    let lines: Vec<u64> = refused.iter().map(|(line, _, _)| *line).collect();
    assert_eq!(lines, [2, 3, 4]);
}

#[test]
fn merged_cells_leave_no_item_half() {
    let table = "item,resource\n7,A\n,B\n8,A\n";
    let (told, refused) = understood(table, &[NORTH]);
    assert_eq!(told, ["1 8 A 1"]);
    assert_eq!(refused[0], (2, String::new(), Why::GoesWith { line: 3 }));
    assert_eq!(refused[1], (3, "item".to_owned(), Why::Missing));
}

#[test]
fn a_file_of_korean_excel_is_read() {
    // 판매상품,자원,수량 and 7,상자,2 in CP949.
    let cp949 = b"\xc6\xc7\xb8\xc5\xbb\xf3\xc7\xb0,\xc0\xda\xbf\xf8,\xbc\xf6\xb7\xae\r\n7,\xbb\xf3\xc0\xda,2\r\n";
    assert_eq!(taken(cp949, &[NORTH]), ["1 7 상자 2"]);
    let marked = "\u{feff}판매상품,자원,수량\r\n7,상자,2\r\n";
    assert_eq!(taken(marked, &[NORTH]), ["1 7 상자 2"]);
}

#[test]
fn a_long_number_of_a_workbook_is_exact_or_refused() {
    let headings = row(1, &["판매상품", "자원", "수량"]);
    let number = |line, item: &str| row(line, &[item, "A", "<><v>2</v>"]);
    let sheet = [
        headings,
        number(2, "123456789012345678"),
        number(3, "<><v>123456789012345678</v>"),
        number(4, "<><v>1.23456789012346E+17</v>"),
        number(5, "<><v>999999999999999</v>"),
        number(6, "<><v>8.801234567893E12</v>"),
        number(7, "<><v>1000000000000000</v>"),
        number(8, "<><v>7.5</v>"),
        number(9, "<><v>-7</v>"),
    ];
    let (told, refused) = understood(workbook(&sheet.concat()), &[NORTH]);
    assert_eq!(told, ["1 123456789012345678 A 2", "1 8801234567893 A 2", "1 999999999999999 A 2"]);
    let whys: Vec<(u64, Why)> = refused.into_iter().map(|(line, _, why)| (line, why)).collect();
    assert_eq!(
        whys,
        [
            (3, Why::Rounded),
            (4, Why::Rounded),
            (7, Why::Rounded),
            (8, Why::NotWhole),
            (9, Why::NotWhole),
        ]
    );
}

#[test]
fn a_formula_counts_by_its_result_if_the_file_has_it() {
    let sheet = [
        row(1, &["item", "resource", "quantity"]),
        row(2, &["1", r#"<t="str"><f>B9</f><v>A</v>"#, "<><f>1+1</f><v>2</v>"]),
        row(3, &["2", "<><f>B9</f>", "<><v>1</v>"]),
        row(4, &["3", r#"<t="e"><f>B9</f><v>#N/A</v>"#, "<><v>1</v>"]),
        row(5, &["4", "A", "<><f>1+1</f>"]),
        row(6, &["5", "A", "<><f>3/2</f><v>1.5</v>"]),
        row(7, &["6", r#"<t="b"><v>1</v>"#, "<><v>0</v>"]),
    ];
    let (told, refused) = understood(workbook(&sheet.concat()), &[NORTH]);
    assert_eq!(told, ["1 1 A 2"]);
    let whys: Vec<Why> = refused.into_iter().map(|(_, _, why)| why).collect();
    assert_eq!(whys, [Why::Formula, Why::Error, Why::Formula, Why::NotPieces, Why::NotANumber]);
}

#[test]
fn a_text_no_ledger_would_hold_is_refused() {
    let long = "9".repeat(ITEM_CHARS_MAX + 1);
    let table = format!("item,resource\n{long},A\n{},A\n\"7\n7\",A\na\0b,A\n", &long[1..]);
    let (told, refused) = understood(table, &[NORTH]);
    assert_eq!(told.len(), 1);
    let whys: Vec<Why> = refused.into_iter().map(|(_, _, why)| why).collect();
    assert_eq!(whys, [Why::TooLong, Why::Control, Why::Control]);
}

proptest! {
    #[test]
    fn any_bytes_are_a_table_or_none(file: Vec<u8>) {
        let _table = table_of(&file, &[NORTH]);
    }

    #[test]
    fn any_rows_are_taken_or_refused_and_no_item_twice(
        rows in prop::collection::vec(
            ("(north|남쪽|east|)", "[0-2]{0,1}", "[AB]{0,1}", "(1|2|0|x|)"),
            0..20,
        ),
    ) {
        let lines = rows.iter().map(|(a, b, c, d)| format!("{a},{b},{c},{d}\n"));
        let file = format!("account,item,resource,quantity\n{}", lines.collect::<String>());
        let table = table_of(file.as_bytes(), &[SOUTH]).unwrap();
        let map = table.map();
        for refused in &table.refused {
            let (account, item, resource, _) = &rows[refused.line as usize - 2];
            let account = if account.is_empty() { "남쪽" } else { account };
            if let Some(account) = selling().get(account) {
                let item = SalesItem { account: *account, item: item.clone() };
                prop_assert!(!map.contains_key(&item), "{item:?} is on the map without {resource}");
            }
        }
        let empty = |(a, b, c, d): &(String, String, String, String)| [a, b, c, d].iter().all(|cell| cell.is_empty());
        let read = rows.iter().filter(|row| !empty(row)).count();
        let report = table.report(&BTreeMap::new());
        prop_assert_eq!(report.read, read as u64);
        prop_assert_eq!(report.read, report.new + report.changed + report.unchanged + report.refused);
        for resources in map.values() {
            prop_assert!(resources.values().all(|quantity| *quantity > 0));
        }
    }
}
