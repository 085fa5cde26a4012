//! Questions nobody should ask.

use hoesu_claims::time::KST;
use jiff::tz::Offset;
use proptest::prelude::*;

use super::window::split_offset;
use super::*;

#[test]
fn an_offset_is_taken_apart_from_what_is_before_it() {
    let minus = Offset::constant(-8);
    let cases = [
        ("2025-07-15", ("2025-07-15", None)),
        ("2025-07-15+09:00", ("2025-07-15", Some(KST))),
        ("2025-07-15T11:00-08:00", ("2025-07-15T11:00", Some(minus))),
        ("2025-07-15Z", ("2025-07-15", Some(Offset::UTC))),
        ("2025-07-15+0900", ("2025-07-15+0900", None)),
        ("2025-07-15+99:00", ("2025-07-15+99:00", None)),
        ("", ("", None)),
    ];
    for (text, parts) in cases {
        assert_eq!(split_offset(text), parts, "{text}");
    }
}

proptest! {
    #[test]
    fn no_query_makes_it_panic(
        from in "[0-9TZ:+%B-]{0,20}", to in ".{0,20}", more in "[a-zA-Z0-9=&%]{0,40}",
    ) {
        for mode in ["", "searchType=timeFrame&"] {
            let query = format!("{mode}createdAtFrom={from}&createdAtTo={to}&dateFrom={from}&dateTo={to}&status=UC&{more}");
            let params = Params::read(Some(&query));
            for version in [Version::V4, Version::V6] {
                let _ = Listing::returns(&params, version, Quirks::DOCUMENTED);
            }
            let _ = Listing::exchanges(&params, Quirks::MEASURED);
            let _ = Withdrawals::read(&params);
        }
    }
}
