use super::*;
use crate::contract::{Table, assert_documented};

const TABLES: &[(&str, &dyn Table)] = &[
    ("status", &STATUS),
    ("type", &TYPE),
    ("returnInvoices[].status", &PARCEL),
    ("returnInvoices[].returnInvoiceItems[].typeCodeKey", &GRADE),
    ("invoices[].cargoStatusCodeKey", &CARGO),
];

#[test]
fn the_readme_says_what_each_code_tells() {
    assert_documented(include_str!("../README.md"), TABLES);
}
