use super::*;
use crate::contract::{Table, assert_documented};

const TABLES: &[(&str, &dyn Table)] =
    &[("requestType", &REQUEST_TYPE), ("status", &STATUS), ("cancelReason", &CANCEL_REASON)];

#[test]
fn the_readme_says_what_each_code_tells() {
    assert_documented(include_str!("../README.md"), TABLES);
}
