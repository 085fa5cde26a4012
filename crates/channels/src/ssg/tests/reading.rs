//! What one record is, and what it can be found by.

use hoesu_claims::time::parse_time;
use hoesu_claims::{Found, Moment, State, Term};
use proptest::prelude::*;

use super::super::Ssg;
use super::*;
use crate::{CHANNELS, Channel as _, Reading, Refusal};

fn read(media: Media, body: &str) -> Reading {
    Ssg.read(media, body.as_bytes()).unwrap()
}

fn refused(body: &str) -> Refusal {
    let media = if body.starts_with('<') { Media::Xml } else { Media::Json };
    Ssg.read(media, body.as_bytes()).unwrap_err()
}

fn terms(found: &Found, term: Term) -> Vec<&str> {
    found.terms.iter().filter(|(t, _)| *t == term).map(|(_, value)| value.as_str()).collect()
}

fn states(found: &Found, state: State) -> Vec<&str> {
    found.states.iter().filter(|(s, _)| *s == state).map(|(_, code)| code.as_str()).collect()
}

#[test]
fn a_cancelled_row_reads_the_same_from_json_and_xml() {
    let reading = read(Media::Json, ROW_JSON);
    assert_eq!(reading, read(Media::Xml, ROW_XML));
    assert_eq!(reading.kind, "cancel");
    assert_eq!(reading.key, "20231226CD34EF/1");
    let found = &reading.found;
    assert_eq!(terms(found, Term::Order), ["20231225AB12CD"]);
    assert_eq!(terms(found, Term::Claim), ["20231226CD34EF"]);
    assert_eq!(terms(found, Term::Line), ["1"]);
    assert_eq!(terms(found, Term::Item), ["1000028463390", "00003"]);
    assert_eq!(terms(found, Term::BuyerName), ["김하늘"]);
    assert_eq!(states(found, State::Status), ["180"]);
    assert_eq!(states(found, State::Type), ["CANCEL"]);
    let cancelled = parse_time("2023-12-26T09:30:05+09:00").unwrap();
    let ordered = parse_time("2023-12-25T21:04:11+09:00").unwrap();
    assert_eq!(found.moments, [(Moment::Cancelled, cancelled), (Moment::Created, ordered)]);
    assert_eq!(found.rank.at, cancelled.as_millisecond());
    assert!(found.rank.tie > 0);
}

#[test]
fn numbers_without_quotes_are_the_same_numbers() {
    let measured = include_str!("../fixtures/inquiry.measured.response.json");
    let row = measured.split_once("\"data\":").unwrap().1.strip_suffix("}}").unwrap();
    assert_eq!(read(Media::Json, row), read(Media::Json, ROW_JSON));
}

#[test]
fn what_is_missing_in_practice_may_be_missing() {
    let row = r#"{"ordNo":"20240101AAAAAA","ordItemSeq":"2","ordItemStatCd":"180","uitemId":"00000","ordRcpDts":"2024-01-01 09:00:00"}"#;
    let reading = read(Media::Json, row);
    assert_eq!(reading.kind, "cancel");
    assert_eq!(terms(&reading.found, Term::Order), ["20240101AAAAAA"]);
    assert_eq!(terms(&reading.found, Term::Line), [""; 0]);
    assert_eq!(terms(&reading.found, Term::Item), [""; 0]);
    let ordered = parse_time("2024-01-01T00:00:00Z").unwrap();
    assert_eq!(reading.found.moments, [(Moment::Created, ordered)]);
    assert_eq!(reading.found.rank.at, ordered.as_millisecond(), "stands where it was ordered");
    let bare =
        r#"{"ordNo":"1","ordItemSeq":"2","ordItemStatCd":"180","ordCnclDts":"","clmRsnCntt":null}"#;
    assert_eq!(read(Media::Json, bare).found.rank.at, 0);
}

#[test]
fn unknown_codes_and_members_are_kept() {
    let row =
        r#"{"ordNo":"1","ordItemSeq":"1","ordItemStatCd":"999","clmRsnCd":"202","new":{"a":[1]}}"#;
    assert_eq!(states(&read(Media::Json, row).found, State::Status), ["999"]);
}

#[test]
fn a_time_in_xml_may_have_a_tenth_of_a_second() {
    let row = "<data><ordNo>1</ordNo><ordItemSeq>1</ordItemSeq><ordCnclDts>2020-01-10 10:20:30.0</ordCnclDts></data>";
    let at = parse_time("2020-01-10T01:20:30Z").unwrap();
    assert_eq!(read(Media::Xml, row).found.moments, [(Moment::Cancelled, at)]);
}

#[test]
fn a_row_without_its_numbers_or_in_another_form_is_refused_by_its_member() {
    let field = |body: &str| refused(body).field;
    assert_eq!(field(r#"{"ordItemSeq":"1","ordItemStatCd":"180"}"#), "ordNo");
    assert_eq!(field(r#"{"ordNo":"1","ordItemSeq":"","ordItemStatCd":"180"}"#), "ordItemSeq");
    assert_eq!(field(r#"{"ordNo":"a/b","ordItemSeq":"1","ordItemStatCd":"180"}"#), "ordNo");
    assert_eq!(field(r#"{"ordNo":["1"],"ordItemSeq":"1","ordItemStatCd":"180"}"#), "ordNo");
    assert_eq!(field(r#"{"ordNo":"1","ordItemSeq":"1","ordCnclDts":"yesterday"}"#), "ordCnclDts");
    assert_eq!(
        field(r#"{"ordNo":"1","ordItemSeq":"1","ordCnclDts":"2024-02-30 10:00:00"}"#),
        "ordCnclDts"
    );
    assert_eq!(field(r#"{"ordNo":"1","ordItemSeq":"1","cstInfo":"x"}"#), "cstInfo");
    assert_eq!(field(r#"{"ordNo":"1","ordItemSeq":"1","cstInfo":[[]]}"#), "cstInfo");
    assert_eq!(
        field(r#"{"ordNo":"1","ordItemSeq":"1","cstInfo":[{"retShppcst":[]}]}"#),
        "cstInfo.retShppcst"
    );
    assert_eq!(
        field(
            "<data><ordNo>1</ordNo><ordNo>2</ordNo><ordItemSeq>1</ordItemSeq><ordItemStatCd>180</ordItemStatCd></data>"
        ),
        "ordNo"
    );
    assert_eq!(
        field(
            "<data><ordNo>1</ordNo><ordItemSeq>1</ordItemSeq><ordpeNm><b>x</b></ordpeNm><ordItemStatCd/></data>"
        ),
        "ordpeNm"
    );
    assert_eq!(refused(r#"{"ordNo":"1","ordNo":"2","ordItemStatCd":"180"}"#).field, "");
}

#[test]
fn a_row_of_no_list_we_know_is_refused() {
    for body in [
        "{}",
        "[]",
        "1",
        "\"\"",
        "null",
        "<data/>",
        "<data>x</data>",
        r#"{"ordNo":"1","ordItemSeq":"1"}"#,
    ] {
        assert_eq!(refused(body).field, "", "{body}");
    }
}

#[test]
fn no_refusal_repeats_a_value() {
    for body in [
        r#"{"ordNo":"1","ordItemSeq":"1","ordCnclDts":"김하늘"}"#,
        r#"{"ordNo":"김하늘/1","ordItemSeq":"1","ordItemStatCd":"180"}"#,
        r#"{"ordNo":"1","ordItemSeq":"1","cstInfo":"김하늘"}"#,
        "<data>김하늘<b/></data>",
        "<data><b>김하늘</data>",
        "{\"a\":\"김하늘\"",
    ] {
        let refusal = refused(body);
        assert!(!format!("{refusal:?}").contains("김하늘"), "{refusal:?}");
    }
}

#[test]
fn the_other_lists_are_told_apart_by_their_members() {
    let asked = r#"{"ordNo":20240101123456,"ordItemSeq":1,"orordNo":"20240101123456","orordItemSeq":1,"clmDemndDts":"2024-01-02 10:00:00","itemId":1000028463390,"uitemId":"00000","clmRsnCd":251}"#;
    let asked = read(Media::Json, asked);
    assert_eq!((asked.kind, asked.key.as_str()), ("cancel-request", "20240101123456/1"));
    assert_eq!(terms(&asked.found, Term::Item), ["1000028463390"]);

    let returned = r#"{"shppNo":10005681523,"shppSeq":1,"shppDivDtlCd":21,"orOrdNo":"20240101AB12CD","orordItemSeq":1,"ordNo":"20240105FF00AA","ordItemSeq":1,"itemId":1000028463390,"clmRsnCd":351,"lastShppProgStatDtlCd":63,"wblNo":"3804-2400-4285","rcovDircDt":20240105,"rcovCnfDt":"2024-01-08 10:00:00","ordpeNm":"김하늘","rcptpeHpno":"--"}"#;
    let returned = read(Media::Json, returned);
    assert_eq!((returned.kind, returned.key.as_str()), ("return", "10005681523/1"));
    let found = &returned.found;
    assert_eq!(terms(found, Term::Order), ["20240101AB12CD"]);
    assert_eq!(terms(found, Term::Claim), ["20240105FF00AA", "10005681523"]);
    assert_eq!(terms(found, Term::ReturnInvoice), ["380424004285"]);
    assert_eq!(terms(found, Term::RecipientPhone), [""; 0]);
    assert_eq!(states(found, State::Type), ["21"]);
    assert_eq!(states(found, State::ReturnStatus), ["63"]);
    assert!(
        found
            .moments
            .contains(&(Moment::CollectionAsked, parse_time("2024-01-05T00:00:00+09:00").unwrap()))
    );

    let shipment = r#"{"shppNo":10005681523,"shppSeq":1,"shppDivDtlCd":11,"ordNo":"1","shppStatCd":10,"shppProgStatDtlCd":11}"#;
    let shipment = read(Media::Json, shipment);
    assert_eq!((shipment.kind, shipment.key.as_str()), ("shipment", "10005681523/1"));
    assert_eq!(states(&shipment.found, State::Listed), ["direction"]);

    let order = r#"{"ordNo":"20240101AB12CD","ordItemSeq":"1","orordNo":"20240101AB12CD","orordItemSeq":"1","ordItemDiv":"021","cnclQty":1,"shpmtQty":0,"ordItemStat":"180"}"#;
    let order = read(Media::Json, order);
    assert_eq!((order.kind, order.key.as_str()), ("order", "20240101AB12CD/1/021"));
    assert_eq!(states(&order.found, State::Type), ["021"]);
}

#[test]
fn line_numbers_compare_without_leading_zeros() {
    let row = |line: &str| {
        let body = format!(
            r#"{{"ordNo":"1","ordItemSeq":"1","ordItemStatCd":"180","orordItemSeq":{line}}}"#
        );
        let found = read(Media::Json, &body).found;
        terms(&found, Term::Line).join("|")
    };
    assert_eq!(row("1"), "1");
    assert_eq!(row("\"1\""), "1");
    assert_eq!(row("\"01\""), "1");
    assert_eq!(row("\"0\""), "0");
    assert_eq!(row("\"01a\""), "01a");
}

#[test]
fn made_up_rows_are_real_rows_and_meet_the_story_of_their_order() {
    let mut keys = std::collections::HashSet::new();
    let mut reasons = std::collections::HashSet::new();
    for nth in 0..2_000 {
        let invented = Ssg.invent("cancel", nth).unwrap();
        assert_eq!(Some(&invented), Ssg.invent("cancel", nth).as_ref());
        let body = String::from_utf8(invented.body).unwrap();
        assert_eq!(crate::json::compact(body.as_bytes()).unwrap(), body.as_bytes());
        let reading = read(invented.media, &body);
        assert_eq!(reading.kind, "cancel");
        assert!(keys.insert(reading.key));
        let story = crate::Story::nth(2 * nth + 1);
        assert_eq!(
            terms(&reading.found, Term::Order),
            [super::super::invent::order_number(&story)]
        );
        assert_eq!(terms(&reading.found, Term::BuyerName), [story.name.as_str()]);
        let value: serde_json::Value = serde_json::from_str(&body).unwrap();
        reasons.insert(value["clmRsnCd"].as_str().unwrap().to_owned());
        let in_order = super::super::wire::CANCEL_ROW.render(
            Media::Json,
            body.as_bytes(),
            super::super::row::Form::Json(super::super::profile::Profile::Documented),
        );
        assert_eq!(in_order.unwrap(), body.as_bytes(), "written in the documented order");
    }
    assert_eq!(reasons.len(), 7);
    assert_eq!(super::super::invent::order_number(&crate::Story::nth(17)), "20240101000011");
    assert_eq!(Ssg.invent("return", 0), None);
}

#[test]
fn the_channel_is_registered_and_describes_itself() {
    assert!(CHANNELS.iter().any(|channel| channel.id() == "ssg"));
    assert_eq!(Ssg.samples().len(), 1);
    let [example] = Ssg.examples(&std::collections::BTreeMap::new()).try_into().unwrap();
    assert_eq!(example.path, "/api/clm/cncl/ord/inquiry.ssg");
    for endpoint in Ssg.capabilities().endpoints {
        assert!(Ssg.owns(endpoint.path), "{}", endpoint.path);
    }
    for path in ["/api/v1/claims", "/api/clm", "/console", "/"] {
        assert!(!Ssg.owns(path), "{path}");
    }
}

proptest! {
    #[test]
    fn reading_a_record_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for media in BOTH {
            let _ = Ssg.read(media, &bytes);
        }
    }

    #[test]
    fn reading_any_values_never_panics(
        number in any_text(), line in any_text(), time in any_text(), cost in any_text(),
    ) {
        let row = serde_json::json!({
            "ordNo": number, "ordItemSeq": line, "ordCnclDts": time, "cstInfo": [{"ordNo": cost}],
            "shppNo": number, "shppSeq": line, "rcovDircDt": time, "clmRsnCd": cost,
        });
        let _ = Ssg.read(Media::Json, row.to_string().as_bytes());
        let _ = Ssg.read(Media::Json, row.to_string().replace("shpp", "x").as_bytes());
    }
}
