//! What a request may ask, and the sentence each mistake is answered with.

use hoesu_claims::time::Between;
use proptest::prelude::*;

use super::super::refusal::Refused;
use super::super::search::{Search, read};
use super::*;

const XML_DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The same members asked for in both forms.
fn in_both(members: &[(&str, &str)]) -> [(Media, String); 2] {
    let json = members.iter().map(|(name, value)| format!("{name:?}:{value:?}"));
    let json = json.collect::<Vec<_>>().join(",");
    let xml = members.iter().map(|(name, value)| format!("<{name}>{value}</{name}>"));
    let xml = xml.collect::<Vec<_>>().concat();
    [
        (Media::Json, format!("{{\"request\":{{{json}}}}}")),
        (Media::Xml, format!("<request>{xml}</request>")),
    ]
}

fn found(members: &[(&str, &str)]) -> Search {
    let [json, xml] = in_both(members).map(|(media, body)| read(media, body.as_bytes()).unwrap());
    assert_eq!(json, xml);
    json
}

fn refused(members: &[(&str, &str)], sentence: &str) {
    for (media, body) in in_both(members) {
        assert_eq!(
            read(media, body.as_bytes()),
            Err(Refused::because(sentence.to_owned())),
            "{body}"
        );
    }
}

fn body_refused(media: Media, body: impl AsRef<[u8]>, sentence: &str) {
    assert_eq!(read(media, body.as_ref()), Err(Refused::because(sentence.to_owned())));
}

fn between(from: &str, until: &str) -> Search {
    Search::Period(Between {
        from: Some(from.parse().unwrap()),
        until: Some(until.parse().unwrap()),
    })
}

#[test]
fn a_period_is_days_in_korea_with_both_ends() {
    let expected = between("2023-12-24T15:00:00Z", "2023-12-31T15:00:00Z");
    assert_eq!(found(&[("perdStrDts", "20231225"), ("perdEndDts", "20231231")]), expected);
    assert_eq!(
        found(&[("perdEndDts", "20240101"), ("perdStrDts", "20240101")]),
        between("2023-12-31T15:00:00Z", "2024-01-01T15:00:00Z")
    );
    for (media, body) in [
        (Media::Json, include_str!("../fixtures/inquiry.ok.request.json")),
        (Media::Xml, include_str!("../fixtures/inquiry.ok.request.xml")),
    ] {
        assert_eq!(read(media, body.as_bytes()).unwrap(), expected);
    }
}

#[test]
fn an_order_is_asked_for_whole_or_by_lines() {
    let order = |lines: &[&str]| Search::Order {
        number: "20231225AB12CD".into(),
        lines: lines.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(found(&[("orordNo", "20231225AB12CD")]), order(&[]));
    assert_eq!(
        found(&[("orordNo", "20231225AB12CD"), ("orordItemSeqs", "2,1,01")]),
        order(&["1", "2"])
    );
    for (media, body) in [
        (Media::Json, include_str!("../fixtures/inquiry.order.request.json")),
        (Media::Xml, include_str!("../fixtures/inquiry.order.request.xml")),
    ] {
        assert_eq!(read(media, body.as_bytes()).unwrap(), order(&["1", "2"]));
    }
}

#[test]
fn members_that_are_empty_are_not_there_and_unknown_ones_are_not_ours() {
    let order = Search::Order { number: "A1".into(), lines: Vec::new() };
    assert_eq!(
        found(&[
            ("perdStrDts", ""),
            ("perdEndDts", ""),
            ("orordNo", "A1"),
            ("orordItemSeqs", ""),
            ("page", "1"),
        ]),
        order
    );
    let null = br#"{"request":{"perdStrDts":null,"orordNo":"A1"},"other":1}"#;
    assert_eq!(read(Media::Json, null).unwrap(), order);
}

#[test]
fn exactly_one_kind_of_search_is_answered() {
    let neither = "기간(perdStrDts, perdEndDts) 또는 원주문번호(orordNo) 중 하나는 필수입니다.";
    refused(&[], neither);
    refused(&[("perdStrDts", "")], neither);
    let both = "기간(perdStrDts, perdEndDts)과 원주문번호(orordNo, orordItemSeqs)는 함께 조회할 수 없습니다.";
    let period = [("perdStrDts", "20240101"), ("perdEndDts", "20240101")];
    refused(&[period[0], period[1], ("orordNo", "A1")], both);
    refused(&[period[0], ("orordNo", "A1")], both);
    refused(&[period[0], period[1], ("orordItemSeqs", "1")], both);
    refused(&[period[0]], "perdEndDts 항목은 필수입니다.");
    refused(&[period[1]], "perdStrDts 항목은 필수입니다.");
    refused(&[("orordItemSeqs", "1")], "orordNo 항목은 필수입니다.");
}

#[test]
fn days_must_exist_and_be_written_as_documented() {
    for day in
        ["20260230", "2024-01-01", "240101", "20240101 ", "2024010가", "00000000", "+2024010"]
    {
        refused(
            &[("perdStrDts", day), ("perdEndDts", "20240101")],
            "perdStrDts 항목은 yyyymmdd 형식의 올바른 날짜여야 합니다.",
        );
        refused(
            &[("perdStrDts", "20240101"), ("perdEndDts", day)],
            "perdEndDts 항목은 yyyymmdd 형식의 올바른 날짜여야 합니다.",
        );
    }
    assert!(matches!(
        found(&[("perdStrDts", "20240229"), ("perdEndDts", "20240301")]),
        Search::Period(_)
    ));
}

#[test]
fn a_period_ends_after_it_begins_and_within_seven_days() {
    let period = |last| [("perdStrDts", "20240101"), ("perdEndDts", last)];
    assert!(matches!(found(&period("20240107")), Search::Period(_)));
    refused(&period("20240108"), "조회기간은 7일 이내여야 합니다.");
    refused(&period("99991231"), "조회기간은 7일 이내여야 합니다.");
    refused(&period("20231231"), "perdEndDts 항목은 perdStrDts보다 빠를 수 없습니다.");
    let fixture = include_str!("../fixtures/inquiry.period-too-long.request.json");
    body_refused(Media::Json, fixture, "조회기간은 7일 이내여야 합니다.");
    let fixture = include_str!("../fixtures/inquiry.period-too-long.request.xml");
    body_refused(Media::Xml, fixture, "조회기간은 7일 이내여야 합니다.");
}

#[test]
fn lines_are_a_comma_list_of_positive_numbers() {
    for lines in
        ["0", "-1", "1,", ",", "1,,2", "1;2", "a", "1, 2", "1.0", "１", "1234567890123456789"]
    {
        refused(
            &[("orordNo", "A1"), ("orordItemSeqs", lines)],
            "orordItemSeqs 항목은 쉼표로 구분한 1 이상의 정수여야 합니다.",
        );
    }
    let many = (1..=501).map(|line| line.to_string()).collect::<Vec<_>>().join(",");
    refused(
        &[("orordNo", "A1"), ("orordItemSeqs", &many)],
        "orordItemSeqs 항목은 500개 이내여야 합니다.",
    );
    refused(&[("orordNo", "A 1")], "orordNo 항목의 형식이 올바르지 않습니다.");
    refused(&[("orordNo", &"A".repeat(65))], "orordNo 항목의 형식이 올바르지 않습니다.");
}

#[test]
fn json_of_another_shape_is_refused_by_the_member_at_fault() {
    let refused = |body: &str, sentence| body_refused(Media::Json, body, sentence);
    refused("{}", "request 항목은 필수입니다.");
    refused(r#"{"request":null}"#, "request 항목은 필수입니다.");
    refused(r#"{"request":["20240101","20240101"]}"#, "request 항목의 형식이 올바르지 않습니다.");
    refused(r#"{"request":"x"}"#, "request 항목의 형식이 올바르지 않습니다.");
    for value in ["20240101", "true", "[\"20240101\"]", "{}", "[]"] {
        refused(
            &format!(r#"{{"request":{{"perdStrDts":{value},"perdEndDts":"20240101"}}}}"#),
            "perdStrDts 항목의 형식이 올바르지 않습니다.",
        );
    }
    refused(r#"{"request":{"orordNo":"A1","orordNo":"A2"}}"#, "orordNo 항목이 두 번 있습니다.");
    refused(r#"{"request":{},"request":{}}"#, "request 항목이 두 번 있습니다.");
    for broken in
        ["", "[]", "1", "{", "{\"request\":{\"orordNo\":\"A1\"}} x", "{'request':{}}", "<request/>"]
    {
        refused(broken, "요청 본문이 올바른 JSON이 아닙니다.");
    }
    refused(&("[".repeat(100_000)), "요청 본문이 올바른 JSON이 아닙니다.");
    refused(
        &format!(r#"{{"request":{{"orordNo":"A1","x":{}1{}}}}}"#, "[".repeat(70), "]".repeat(70)),
        "요청 본문이 올바른 JSON이 아닙니다.",
    );
}

#[test]
fn xml_of_another_shape_is_refused_by_the_element_at_fault() {
    let refused = |body: &str, sentence| body_refused(Media::Xml, body, sentence);
    refused("<ask><orordNo>A1</orordNo></ask>", "request 항목은 필수입니다.");
    refused("<request>A1</request>", "request 항목의 형식이 올바르지 않습니다.");
    refused(
        "<request><orordNo>A1</orordNo><orordNo>A2</orordNo></request>",
        "orordNo 항목이 두 번 있습니다.",
    );
    refused(
        "<request><orordNo><a>1</a></orordNo></request>",
        "orordNo 항목의 형식이 올바르지 않습니다.",
    );
    for broken in
        ["", "text", "<request>", "<request></ask>", "{\"request\":{}}", "<request/><request/>"]
    {
        refused(broken, "요청 본문이 올바른 XML이 아닙니다.");
    }
    refused(&"<request>".repeat(50_000), "요청 본문이 올바른 XML이 아닙니다.");
}

#[test]
fn xml_opens_nothing_and_expands_nothing() {
    let dtd = "요청 본문에 DTD를 쓸 수 없습니다.";
    let request = "<request><orordNo>&x;</orordNo></request>";
    body_refused(Media::Xml, format!("<!DOCTYPE request>{request}"), dtd);
    let external = "<!DOCTYPE request [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    body_refused(Media::Xml, format!("{XML_DECLARATION}{external}{request}"), dtd);
    let levels = (1..10).map(|level| {
        let inner = format!("&a{};", level - 1).repeat(10);
        format!("<!ENTITY a{level} \"{inner}\">")
    });
    let laughs = format!(
        "<!DOCTYPE request [<!ENTITY a0 \"ha\">{}<!ENTITY x \"&a9;\">]>",
        levels.collect::<Vec<_>>().concat()
    );
    body_refused(Media::Xml, laughs + request, dtd);
    body_refused(Media::Xml, request, "요청 본문이 올바른 XML이 아닙니다.");
}

#[test]
fn only_utf8_is_read() {
    let sentence = "요청 본문은 UTF-8이어야 합니다.";
    // «가» in EUC-KR.
    body_refused(Media::Json, b"{\"request\":{\"orordNo\":\"\xb0\xa1\"}}", sentence);
    body_refused(Media::Xml, b"<request><orordNo>\xb0\xa1</orordNo></request>", sentence);
    body_refused(Media::Xml, "<?xml version=\"1.0\" encoding=\"EUC-KR\"?><request/>", sentence);
    let utf8 = format!("{XML_DECLARATION}<request><orordNo>가</orordNo></request>");
    assert!(read(Media::Xml, utf8.as_bytes()).is_ok());
}

proptest! {
    #[test]
    fn reading_a_request_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for media in BOTH {
            let _ = read(media, &bytes);
        }
    }

    #[test]
    fn any_value_is_found_or_refused(
        first in any_text(), last in any_text(), order in any_text(), lines in any_text(),
    ) {
        let request = serde_json::json!({"request": {
            "perdStrDts": first, "perdEndDts": last, "orordNo": order, "orordItemSeqs": lines,
        }});
        let _ = read(Media::Json, request.to_string().as_bytes());
    }

    #[test]
    fn seven_days_and_no_more(first in 0_i64..20_000, days in 0_i64..10) {
        let day = |n| hoesu_claims::time::plus_days(jiff::civil::date(1990, 1, 1), n);
        let (first, last) = (day(first), day(first + days));
        let written = |day: jiff::civil::Date| day.strftime("%Y%m%d").to_string();
        let [json, _] = in_both(&[
            ("perdStrDts", &written(first)),
            ("perdEndDts", &written(last)),
        ]);
        prop_assert_eq!(read(json.0, json.1.as_bytes()).is_ok(), days < 7);
    }
}
