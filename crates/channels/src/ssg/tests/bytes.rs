//! Rows and answers, literally: each way a row can be stored × each way it can be asked for.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use proptest::prelude::*;

use super::super::profile::Profile;
use super::super::refusal::{Refused, refuse};
use super::super::row::Form;
use super::super::surface::{List, envelope};
use super::super::wire::{CANCEL_ROW, COST, CST_INFO, DATA, ROW};
use super::*;
use crate::Fault;

const DOCUMENTED: Form = Form::Json(Profile::Documented);
const MEASURED: Form = Form::Json(Profile::Measured);

fn text(media: Media, row: &str, form: Form) -> String {
    String::from_utf8(CANCEL_ROW.render(media, row.as_bytes(), form).unwrap()).unwrap()
}

fn answer(media: Media, profile: Profile, rows: &[(Media, &str)]) -> String {
    let form = Form::of(media, profile);
    let rows =
        rows.iter().map(|(stored, row)| CANCEL_ROW.render(*stored, row.as_bytes(), form).unwrap());
    let rows: Vec<Bytes> = rows.map(Bytes::from).collect();
    String::from_utf8(envelope(media, profile, List::Bare(DATA), &rows)).unwrap()
}

#[test]
fn the_sample_is_answered_alike_whichever_way_it_is_stored_and_asked_for() {
    let json = include_str!("../fixtures/inquiry.ok.response.json");
    let xml = include_str!("../fixtures/inquiry.ok.response.xml");
    let measured = include_str!("../fixtures/inquiry.measured.response.json");
    for stored in [(Media::Json, ROW_JSON), (Media::Xml, ROW_XML)] {
        assert_eq!(answer(Media::Json, Profile::Documented, &[stored]), json);
        assert_eq!(answer(Media::Xml, Profile::Documented, &[stored]), xml);
        assert_eq!(answer(Media::Json, Profile::Measured, &[stored]), measured);
        assert_eq!(answer(Media::Xml, Profile::Measured, &[stored]), xml);
    }
}

#[test]
fn without_rows_there_is_no_data() {
    for profile in [Profile::Documented, Profile::Measured] {
        assert_eq!(
            answer(Media::Json, profile, &[]),
            include_str!("../fixtures/inquiry.none.response.json")
        );
        assert_eq!(
            answer(Media::Xml, profile, &[]),
            include_str!("../fixtures/inquiry.none.response.xml")
        );
    }
}

#[test]
fn several_rows_are_a_list_in_json_and_one_element_each_in_xml() {
    let rows = [(Media::Json, r#"{"ordNo":"1"}"#), (Media::Xml, "<data><ordNo>2</ordNo></data>")];
    assert!(
        answer(Media::Json, Profile::Documented, &rows)
            .ends_with(r#","data":[{"ordNo":"1","cstInfo":[]},{"ordNo":"2","cstInfo":[]}]}}"#)
    );
    assert!(
        answer(Media::Json, Profile::Measured, &rows)
            .ends_with(r#","data":[{"ordNo":1},{"ordNo":2}]}}"#)
    );
    assert!(
        answer(Media::Xml, Profile::Documented, &rows)
            .ends_with("<data><ordNo>1</ordNo></data><data><ordNo>2</ordNo></data></result>")
    );
}

#[test]
fn the_sample_has_every_documented_member_in_the_documented_order() {
    let row: serde_json::Value = serde_json::from_str(ROW_JSON).unwrap();
    let mut from = 0;
    for name in ROW {
        assert!(row.get(name).is_some(), "{name}");
        let member = format!("\"{name}\":");
        from += ROW_JSON[from..].find(&member).unwrap_or_else(|| panic!("{name} is out of order"));
    }
    for name in COST {
        assert!(row[CST_INFO][0].get(name).is_some(), "{name}");
    }
    assert_eq!(row.as_object().unwrap().len(), ROW.len());
    assert_eq!(row[CST_INFO][0].as_object().unwrap().len(), COST.len());
    assert_eq!(ROW.iter().collect::<BTreeSet<_>>().len(), 22);
}

#[test]
fn documented_members_come_in_order_and_unknown_ones_after_them() {
    let row = r#"{"later":[1,"x",{"a":null}],"uitemNm":"L","cstInfo":[{"new":1,"retShppcst":"0","ordNo":"7"}],"ordNo":"7","plus":{"b":"c"},"ordpeNm":"박나래"}"#;
    assert_eq!(
        text(Media::Json, row, DOCUMENTED),
        r#"{"ordpeNm":"박나래","ordNo":"7","uitemNm":"L","cstInfo":[{"ordNo":"7","retShppcst":"0","new":1}],"later":[1,"x",{"a":null}],"plus":{"b":"c"}}"#
    );
    assert_eq!(
        text(Media::Json, row, Form::Xml),
        "<data><ordpeNm>박나래</ordpeNm><ordNo>7</ordNo><uitemNm>L</uitemNm><cstInfo><ordNo>7</ordNo><retShppcst>0</retShppcst><new>1</new></cstInfo><later>1</later><later>x</later><later><a></a></later><plus><b>c</b></plus></data>"
    );
    let xml = "<row><later>1</later><cstInfo><ordNo>7</ordNo></cstInfo><ordNo>7</ordNo><cstInfo><ordNo>8</ordNo></cstInfo><later>2</later><ordpeNm>박나래</ordpeNm></row>";
    assert_eq!(
        text(Media::Xml, xml, DOCUMENTED),
        r#"{"ordpeNm":"박나래","ordNo":"7","cstInfo":[{"ordNo":"7"},{"ordNo":"8"}],"later":["1","2"]}"#
    );
    assert_eq!(
        text(Media::Xml, xml, Form::Xml),
        "<data><ordpeNm>박나래</ordpeNm><ordNo>7</ordNo><cstInfo><ordNo>7</ordNo></cstInfo><cstInfo><ordNo>8</ordNo></cstInfo><later>1</later><later>2</later></data>"
    );
}

#[test]
fn numbers_keep_every_digit_and_get_or_lose_their_quotes_by_profile() {
    let row = r#"{"ordNo":20240101123456,"ordItemSeq":01,"itemId":123456789012345678,"uitemId":"00000","cnclItemQty":1.50,"clmRsnCntt":"1","extra":123456789012345678901234567890}"#;
    assert!(
        CANCEL_ROW.render(Media::Json, row.as_bytes(), DOCUMENTED).is_err(),
        "01 is no JSON number"
    );
    let row = &row.replace(":01,", ":1,");
    assert_eq!(
        text(Media::Json, row, DOCUMENTED),
        r#"{"ordNo":"20240101123456","ordItemSeq":"1","itemId":"123456789012345678","clmRsnCntt":"1","cnclItemQty":"1.50","uitemId":"00000","cstInfo":[],"extra":123456789012345678901234567890}"#
    );
    assert_eq!(
        text(Media::Json, row, MEASURED),
        r#"{"ordNo":20240101123456,"ordItemSeq":1,"itemId":123456789012345678,"clmRsnCntt":1,"cnclItemQty":1.50,"uitemId":"00000","extra":123456789012345678901234567890}"#
    );
    assert!(
        text(Media::Json, row, Form::Xml).contains("<extra>123456789012345678901234567890</extra>")
    );
}

#[test]
fn what_looks_like_a_number_is_measured_without_quotes_and_nothing_else() {
    let unquoted = |value: &str| {
        let row = format!("<data><ordNo>{value}</ordNo></data>");
        text(Media::Xml, &row, MEASURED) == format!("{{\"ordNo\":{value}}}")
    };
    for number in ["0", "1", "-5", "31106", "123456789012345678"] {
        assert!(unquoted(number), "{number}");
    }
    for words in
        ["", "00", "0017", "-0", "-", "1.5", "1e3", " 1", "+1", "1234567890123456789", "１"]
    {
        assert!(!unquoted(words), "{words}");
    }
}

#[test]
fn one_cost_may_come_without_its_list_and_none_as_an_empty_text() {
    let one = r#"{"ordNo":"1","cstInfo":{"ordNo":"1"}}"#;
    assert_eq!(text(Media::Json, one, DOCUMENTED), r#"{"ordNo":"1","cstInfo":[{"ordNo":"1"}]}"#);
    assert_eq!(text(Media::Json, one, MEASURED), r#"{"ordNo":1,"cstInfo":{"ordNo":1}}"#);
    for none in [r#""""#, r#"[""]"#, "[]", "null"] {
        let row = format!(r#"{{"ordNo":"1","cstInfo":{none}}}"#);
        assert_eq!(text(Media::Json, &row, DOCUMENTED), r#"{"ordNo":"1","cstInfo":[]}"#);
        assert_eq!(text(Media::Json, &row, MEASURED), r#"{"ordNo":1}"#);
        assert_eq!(text(Media::Json, &row, Form::Xml), "<data><ordNo>1</ordNo></data>");
    }
    let two = r#"{"cstInfo":[{"ordNo":"1"},{"ordNo":"2"}]}"#;
    assert_eq!(text(Media::Json, two, MEASURED), r#"{"cstInfo":[{"ordNo":1},{"ordNo":2}]}"#);
}

#[test]
fn dates_are_answered_as_they_were_stored() {
    let row = "<data><ordCnclDts>2020-01-10 10:20:30.0</ordCnclDts></data>";
    assert_eq!(text(Media::Xml, row, Form::Xml), row);
    assert_eq!(
        text(Media::Xml, row, DOCUMENTED),
        r#"{"ordCnclDts":"2020-01-10 10:20:30.0","cstInfo":[]}"#
    );
}

#[test]
fn empty_values_are_written_out_and_escapes_stay_as_they_were() {
    assert_eq!(
        text(Media::Xml, "<data><clmRsnCntt/><uitemNm>a&amp;b\"</uitemNm></data>", Form::Xml),
        "<data><clmRsnCntt></clmRsnCntt><uitemNm>a&amp;b\"</uitemNm></data>"
    );
    let row = r#"{"clmRsnCntt":"","itemNm":"\uae40 \"A\"\t\u0007","uitemNm":null}"#;
    assert_eq!(
        text(Media::Json, row, DOCUMENTED),
        r#"{"itemNm":"\uae40 \"A\"\t\u0007","clmRsnCntt":"","uitemNm":null,"cstInfo":[]}"#
    );
    // XML has no bell.
    assert_eq!(
        text(Media::Json, row, Form::Xml),
        "<data><itemNm>김 \"A\"\t\u{fffd}</itemNm><clmRsnCntt></clmRsnCntt><uitemNm></uitemNm></data>"
    );
    assert_eq!(
        text(Media::Json, r#"{"1 a":"x","":[["y"]]}"#, Form::Xml),
        "<data><_x0031__x0020_a>x</_x0031__x0020_a><_><_>y</_></_></data>"
    );
}

#[test]
fn refusals_have_the_result_envelope_in_both_forms() {
    let period = || Refused::because("조회기간은 7일 이내여야 합니다.");
    assert_eq!(
        body_of(period().respond(Media::Json)),
        include_str!("../fixtures/inquiry.period-too-long.response.json")
    );
    assert_eq!(
        body_of(period().respond(Media::Xml)),
        include_str!("../fixtures/inquiry.period-too-long.response.xml")
    );
    assert_eq!(period().respond(Media::Xml).status(), StatusCode::OK);
    let key = Refused::wrong_key().respond(Media::Json);
    assert_eq!(key.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(body_of(key), include_str!("../fixtures/inquiry.wrong-key.response.json"));
    assert_eq!(
        body_of(Refused::wrong_key().respond(Media::Xml)),
        include_str!("../fixtures/inquiry.wrong-key.response.xml")
    );
}

#[test]
fn faults_around_a_handler_have_the_same_envelope() {
    let mut headers = HeaderMap::new();
    let code = |fault, headers: &HeaderMap| {
        let response = refuse(fault, headers);
        let status = response.status().as_u16();
        let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
        (status, content_type, body_of(response))
    };
    let (status, content_type, body) = code(Fault::NotFound, &headers);
    assert_eq!((status, content_type.as_str()), (404, "application/json;charset=UTF-8"));
    assert_eq!(
        body,
        r#"{"result":{"resultCode":"99","resultMessage":"ERROR","resultDesc":"요청하신 API를 찾을 수 없습니다."}}"#
    );
    headers.insert("accept", HeaderValue::from_static("application/xml"));
    let (status, content_type, body) = code(Fault::Broken, &headers);
    assert_eq!((status, content_type.as_str()), (500, "application/xml;charset=UTF-8"));
    assert_eq!(
        body,
        "<result><resultCode>91</resultCode><resultMessage>Server Exception</resultMessage><resultDesc>서버에서 요청을 처리하지 못했습니다.</resultDesc></result>"
    );
    for (fault, status, begins) in [
        (Fault::MethodNotAllowed, 405, "<result><resultCode>99<"),
        (Fault::TooLarge, 413, "<result><resultCode>99<"),
        (Fault::TimedOut, 504, "<result><resultCode>91<"),
        (Fault::Unavailable, 503, "<result><resultCode>91<"),
    ] {
        let (answered, _, body) = code(fault, &headers);
        assert_eq!(answered, status);
        assert!(body.starts_with(begins), "{body}");
    }
}

/// A row of any documented members and a few unknown ones, in any order.
fn any_row() -> impl Strategy<Value = String> {
    let cost = prop::collection::btree_map(prop::sample::select(&COST[..]), any_text(), 1..5);
    let known = prop::collection::btree_map(prop::sample::select(&ROW[..21]), any_text(), 0..22);
    let unknown = prop::collection::btree_map("x[a-zA-Z가-힣0-9_.-]{0,6}", any_text(), 0..3);
    (known, prop::collection::vec(cost, 0..4), unknown).prop_flat_map(|(known, costs, unknown)| {
        let json = |value: &str| serde_json::Value::from(value).to_string();
        let mut members: Vec<String> =
            known.iter().map(|(name, value)| format!("{}:{}", json(name), json(value))).collect();
        members
            .extend(unknown.iter().map(|(name, value)| format!("{}:{}", json(name), json(value))));
        members.push(format!("\"cstInfo\":{}", serde_json::to_string(&costs).unwrap()));
        Just(members).prop_shuffle().prop_map(|members| format!("{{{}}}", members.join(",")))
    })
}

proptest! {
    #[test]
    fn a_row_is_whole_after_being_xml_in_between(row in any_row()) {
        let straight = text(Media::Json, &row, DOCUMENTED);
        let xml = text(Media::Json, &row, Form::Xml);
        let mut once: serde_json::Value = serde_json::from_str(&straight).unwrap();
        let around: serde_json::Value =
            serde_json::from_str(&text(Media::Xml, &xml, DOCUMENTED)).unwrap();
        // serde_json keeps a map sorted, so this compares members, not their order; that is next.
        prop_assert_eq!(&once, &around);
        prop_assert_eq!(text(Media::Xml, &xml, Form::Xml), xml.clone());
        prop_assert_eq!(&straight, &text(Media::Json, &straight, DOCUMENTED));
        let stored: serde_json::Value = serde_json::from_str(&row).unwrap();
        once.as_object_mut().unwrap().retain(|name, _| stored.get(name).is_some());
        prop_assert_eq!(once, stored);
    }

    #[test]
    fn rendering_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        for media in BOTH {
            for form in [DOCUMENTED, MEASURED, Form::Xml] {
                let _ = CANCEL_ROW.render(media, &bytes, form);
            }
        }
    }

    #[test]
    fn rendering_what_looks_like_a_row_never_panics(
        row in "[{}\\[\\]\",:<>/ a-c1\\\\u]{0,60}",
    ) {
        for media in BOTH {
            let _ = CANCEL_ROW.render(media, row.as_bytes(), MEASURED);
            let _ = CANCEL_ROW.render(media, format!("{{\"cstInfo\":{row}}}").as_bytes(), Form::Xml);
        }
    }
}
