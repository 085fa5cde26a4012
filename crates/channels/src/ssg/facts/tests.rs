use super::cancel::*;
use super::order::*;
use super::returned::contract::*;
use super::*;
use crate::contract::{Table, assert_documented};

const TABLES: &[(&str, &dyn Table)] = &[
    ("ordItemStatCd", &ITEM_STATUS),
    ("clmRsnCd", &REASON),
    ("imptDivCd", &FAULT),
    ("retImptMainCd", &RETURN_FAULT),
    ("ordRcpMediaCd", &MEDIA),
    ("shppDivDtlCd", &WAY),
    ("shppProgStatDtlCd", &PROGRESS),
    ("retProcStats", &RETURN_PROCESS),
    ("retProcStatNm", &RETURN_PROCESS_NAME),
    ("shppStatCd", &SHIPMENT_STATUS),
    ("shppTypeDtlCd", &CARRIAGE),
    ("shppMainCd", &SHIPPER),
    ("ordItemDiv", &DIVISION),
    ("refundYn", &YES_NO),
];

#[test]
fn the_readme_says_what_each_code_tells() {
    assert_documented(include_str!("../README.md"), TABLES);
}
