//! What comes out of which stream, however it is cut.

use hoesu_channels::Capabilities;
use proptest::prelude::*;

use super::*;

static CAPABILITIES: Capabilities = Capabilities {
    kinds: &["row"],
    envelopes: &[
        &["data"],
        &["result", "data"],
        &["result", "boxes"],
        &["result", "boxes", "box"],
        &["result", "resultData"],
    ],
    xml_record: "data",
    people: &[],
    settings: &[],
    credential: &[],
    endpoints: &[],
};

fn split_in(text: &[u8], chunk_bytes: usize) -> Vec<Piece> {
    let mut splitter = Splitter::new(&CAPABILITIES);
    let mut out = Vec::new();
    for chunk in text.chunks(chunk_bytes.max(1)) {
        splitter.feed(chunk, &mut out);
    }
    splitter.finish(&mut out);
    out
}

fn split(text: impl AsRef<[u8]>) -> Vec<Piece> {
    let text = text.as_ref();
    let whole = split_in(text, text.len());
    for chunk_bytes in [1, 2, 3, 7] {
        assert_eq!(split_in(text, chunk_bytes), whole, "in chunks of {chunk_bytes}");
    }
    whole
}

/// Records as `line:body`, refusals as `line!body`.
fn said(text: impl AsRef<[u8]>) -> Vec<String> {
    let say = |piece: Piece| {
        let mark = if piece.fault.is_some() { '!' } else { ':' };
        format!("{}{mark}{}", piece.line, String::from_utf8_lossy(&piece.body))
    };
    split(text).into_iter().map(say).collect()
}

#[test]
fn values_one_a_line_are_records() {
    assert_eq!(
        said("{\"a\":1}\n\n{\"a\":2}\r\n{\"a\":3}"),
        ["1:{\"a\":1}", "3:{\"a\":2}", "4:{\"a\":3}"]
    );
}

#[test]
fn values_one_after_another_are_records() {
    assert_eq!(said("{\"a\":1}{\"a\":2} {\"a\":3}"), ["1:{\"a\":1}", "1:{\"a\":2}", "1:{\"a\":3}"]);
}

#[test]
fn a_value_over_many_lines_is_a_record_of_its_first_line() {
    assert_eq!(
        said("\n{\n \"a\": [\n  1\n ]\n}\n{\n \"a\": 2\n}\n"),
        ["2:{\n \"a\": [\n  1\n ]\n}", "7:{\n \"a\": 2\n}"]
    );
}

#[test]
fn an_array_holds_records_however_deep() {
    assert_eq!(
        said("[{\"a\":1},\n{\"a\":{\"b\":[{}]}}\n,[{\"a\":3}]]"),
        ["1:{\"a\":1}", "2:{\"a\":{\"b\":[{}]}}", "3:{\"a\":3}"]
    );
}

#[test]
fn an_envelope_holds_an_array_of_records() {
    let text =
        r#"{"code":"200","message":"OK","data":[{"a":1},{"a":{"data":[1]}}],"nextToken":""}"#;
    assert_eq!(said(text), ["1:{\"a\":1}", "1:{\"a\":{\"data\":[1]}}"]);
}

#[test]
fn an_envelope_holds_a_single_record() {
    assert_eq!(said(r#"{"data":{"a":1},"code":200}"#), ["1:{\"a\":1}"]);
    assert_eq!(said(r#"{"result":{"resultData":{"a":1}}}"#), ["1:{\"a\":1}"]);
}

#[test]
fn an_envelope_with_nothing_in_it_is_nothing() {
    for nothing in
        ["[]", "null", "\"\"", "[\"\"]", "[null]", "[ ]", "[{\"box\":[]}]", "[{\"box\":\"\"}]"]
    {
        assert_eq!(
            said(format!(r#"{{"result":{{"resultCode":"00","boxes":{nothing}}}}}"#)),
            [""; 0],
            "{nothing}"
        );
    }
    assert_eq!(said(r#"{"result":{"resultCode":"00","resultMessage":"SUCCESS"}}"#), [""; 0]);
    assert_eq!(said(r#"{"result":"none"}"#), [""; 0]);
}

#[test]
fn the_longest_path_wins_and_arrays_along_it_are_looked_through() {
    for text in [
        r#"{"result":{"boxes":[{"box":[{"a":1},{"a":2}]}]}}"#,
        r#"{"result":{"boxes":{"box":[{"a":1},{"a":2}]}}}"#,
        r#"{"result":{"boxes":[{"a":1},{"a":2}]}}"#,
        r#"{"result":{"boxes":[{"box":{"a":1}},{"box":{"a":2}}]}}"#,
        r#"{"result":[{"x":[],"boxes":[{"y":1,"box":{"a":1}},{"box":{"a":2}}],"z":{}}]}"#,
    ] {
        assert_eq!(said(text), ["1:{\"a\":1}", "1:{\"a\":2}"], "{text}");
    }
}

#[test]
fn what_stands_in_an_envelope_and_is_no_record_is_refused() {
    assert_eq!(
        said(r#"{"data":["x",{"a":1}, 5 ,true]}"#),
        ["1!\"x\"", "1:{\"a\":1}", "1!5", "1!true"]
    );
    assert_eq!(said(r#"{"data":"no rows"}"#), ["1!\"no rows\""]);
}

#[test]
fn envelopes_one_a_line_are_all_opened() {
    assert_eq!(
        said("{\"data\":[{\"a\":1}]}\n{\"data\":[]}\n{\"data\":[{\"a\":2}]}"),
        ["1:{\"a\":1}", "3:{\"a\":2}"]
    );
}

#[test]
fn brackets_and_quotes_within_strings_are_text() {
    let text = r#"{"a":"}]{[\"\\","b\"{":"\\\""}"#;
    assert_eq!(said(text), [format!("1:{text}")]);
}

#[test]
fn a_record_broken_inside_is_left_to_its_reader_and_the_next_stands() {
    assert_eq!(said("{\"a\":,}\n{\"a\":2}"), ["1:{\"a\":,}", "2:{\"a\":2}"]);
    assert_eq!(said("{\"data\":[{\"a\" 1},{\"a\":2}]}"), ["1:{\"a\" 1}", "1:{\"a\":2}"]);
    assert_eq!(said("{\"a\":\"x\ny\"}\n{\"a\":2}"), ["1:{\"a\":\"x\ny\"}", "3:{\"a\":2}"]);
}

#[test]
fn an_unbalanced_line_costs_only_itself() {
    for broken in [
        "{\"a\":1",
        "{\"a\":",
        "{\"a\":[1,",
        "{\"a\":[1,{\"b\":",
        "{\"a\":\"x",
        "{\"a\":\"x\\",
        "{\"a\":[1}",
        "{",
        "[",
        "{\"a\"",
        "{\"a\":1,",
        "nonsense",
        "\"text\"",
        "12",
        "]",
        ",",
    ] {
        let text = format!("{{\"a\":1}}\n{broken}\n{{\"a\":3}}\n{{\"a\":4}}\n");
        let said = said(&text);
        let good: Vec<_> = said.iter().filter(|s| s.contains(':') && !s.contains('!')).collect();
        assert!(said.contains(&"1:{\"a\":1}".to_owned()), "{broken}: {said:?}");
        assert!(said.contains(&"4:{\"a\":4}".to_owned()), "{broken}: {said:?}");
        if broken != "[" {
            assert!(said.contains(&"3:{\"a\":3}".to_owned()), "{broken}: {said:?}");
            assert!(said.contains(&format!("2!{broken}")), "{broken}: {said:?}");
            assert_eq!(said.len(), 4, "{broken}: {good:?}");
        }
    }
}

#[test]
fn an_unbalanced_last_line_is_refused() {
    assert_eq!(said("{\"a\":1}\n{\"a\":\n"), ["1:{\"a\":1}", "2!{\"a\":"]);
    assert_eq!(said("{\"a\":\n{\"a\":2}\n"), ["1!{\"a\":", "2:{\"a\":2}"]);
    assert_eq!(said("{\"a\":1}}"), ["1:{\"a\":1}", "1!}"]);
}

#[test]
fn a_broken_page_is_refused_from_the_break_and_the_next_page_stands() {
    let page = "{\"data\":[{\"a\":1},{\"a\":2\n{\"data\":[{\"a\":3}]}\n";
    assert_eq!(said(page), ["1:{\"a\":1}", "1!{\"a\":2", "2:{\"a\":3}"]);
    let page = "{\"data\":[{\"a\":1}],\"next\":\n{\"data\":[{\"a\":3}]}\n";
    assert_eq!(said(page), ["1:{\"a\":1}", "1!", "2:{\"a\":3}"]);
    let page = "{\"data\":[{\"a\":1}],\"next\":\n{\"data\":[{\"a\":3}]}\n{\"data\":[{\"a\":4}]}\n";
    assert_eq!(said(page), ["1:{\"a\":1}", "1!", "2:{\"a\":3}", "3:{\"a\":4}"]);
}

#[test]
fn a_printed_page_that_breaks_is_refused_from_the_break() {
    let page = "{\n \"data\": [\n  {\n   \"a\": 1\n  },\n  {\n   \"a\": [}\n  },\n  {\n   \"a\": 3\n  }\n ]\n}\n{\n \"a\": 4\n}\n";
    let said = said(page);
    assert_eq!(said.first().unwrap(), "3:{\n   \"a\": 1\n  }");
    assert!(said[1].starts_with("6!{\n   \"a\": [}"), "{said:?}");
    assert_eq!(said[2], "14:{\n \"a\": 4\n}");
    assert_eq!(said.len(), 3);
}

#[test]
fn records_one_a_line_in_a_broken_list_are_found_again() {
    let page = "[\n{\"a\":1},\n{\"a\":[},\n{\"a\":3},\n{\"a\":4}\n]\n{\"a\":5}";
    assert_eq!(
        said(page),
        ["2:{\"a\":1}", "3!{\"a\":[},", "4:{\"a\":3}", "5:{\"a\":4}", "7:{\"a\":5}"]
    );
}

#[test]
fn a_list_that_ends_too_early_says_so() {
    assert_eq!(said("{\"data\":[{\"a\":1}"), ["1:{\"a\":1}", "1!"]);
    assert_eq!(
        said("[{\"a\":1} {\"a\":2}]\n{\"a\":3}"),
        ["1:{\"a\":1}", "1!{\"a\":2}]", "2:{\"a\":3}"]
    );
}

#[test]
fn a_record_over_the_limit_is_skipped_and_the_next_stands() {
    let long = format!("{{\"a\":\"{}\"}}\n{{\"a\":2}}", "x".repeat(RECORD_MAX));
    let pieces = split_in(long.as_bytes(), 10_000);
    assert_eq!(pieces, split_in(long.as_bytes(), 77_777));
    assert_eq!(pieces.len(), 2);
    assert_eq!(pieces[0].fault, Some("is over 1 MiB"));
    assert_eq!(pieces[0].body.len(), RECORD_MAX);
    assert_eq!((pieces[1].line, pieces[1].fault), (2, None));

    let fits = format!("{{\"a\":\"{}\"}}", "x".repeat(RECORD_MAX - 8));
    assert_eq!(split_in(fits.as_bytes(), 10_000)[0].fault, None);
    let exported = format!("{{\"hoesu\":{{}},\"document\":\"{}\"}}", "\\\"".repeat(RECORD_MAX - 8));
    assert_eq!(split_in(exported.as_bytes(), 10_000)[0].fault, None);
}

#[test]
fn what_stands_beside_the_records_may_be_of_any_length() {
    let long = "x".repeat(RECORD_MAX * 2);
    let text =
        format!("{{\"x\":\"{long}\",\"data\":[{{\"a\":1}}],\"y\":[\"{long}\"]}}\n{{\"a\":2}}");
    let pieces = split_in(text.as_bytes(), 65_536);
    assert_eq!(pieces.len(), 2);
    assert!(pieces.iter().all(|piece| piece.fault.is_none()));
}

#[test]
fn nesting_without_end_is_refused() {
    let text = format!("{}\n{{\"a\":1}}", "[".repeat(1_000_000));
    let pieces = split_in(text.as_bytes(), 65_536);
    assert_eq!(pieces.last().unwrap().body, b"{\"a\":1}");
    assert_eq!(pieces[0].fault, Some("is nested too deep"));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert_eq!(said("\u{feff}{\"a\":1}"), ["1:{\"a\":1}"]);
    assert_eq!(said("\u{feff}\n<r><data><a>1</a></data></r>"), ["2:<data><a>1</a></data>"]);
    let utf16 = split(b"\xff\xfe{\0}\0");
    assert_eq!(utf16[0].fault, Some("is UTF-16; save it as UTF-8"));
    assert_eq!(said(""), [""; 0]);
    assert_eq!(said(" \n \u{20}"), [""; 0]);
}

#[test]
fn xml_records_are_the_elements_of_one_name() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<result><code>00</code>\n<data><a>1</a></data>\n<data x='>'><a>2</a><!-- </data> --><![CDATA[</data>]]></data><data/></result>";
    assert_eq!(
        said(text),
        [
            "3:<data><a>1</a></data>",
            "4:<data x='>'><a>2</a><!-- </data> --><![CDATA[</data>]]></data>"
        ]
    );
    assert_eq!(said("<data><a/></data>"), ["1:<data><a/></data>"]);
    assert_eq!(said("<result><datas><date>1</date></datas></result>"), [""; 0]);
}

#[test]
fn an_xml_record_that_does_not_close_costs_only_itself() {
    assert_eq!(
        said("<r><data><a>1</a>\n<data><a>2</a></data></r>"),
        ["1!<data><a>1</a>\n", "2:<data><a>2</a></data>"]
    );
    assert_eq!(
        said("<r><data><a>1</a></data><data><a>2"),
        ["1:<data><a>1</a></data>", "1!<data><a>2"]
    );
    assert_eq!(said("<r>\n<data><a>1</a></data>"), ["2:<data><a>1</a></data>", "2!"]);
}

#[test]
fn a_document_type_is_refused_before_it_is_read() {
    let bomb =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE r [<!ENTITY a \"aaaa\">]><r><data>&a;</data></r>";
    let pieces = split(bomb);
    assert_eq!(pieces.len(), 1);
    assert_eq!(pieces[0].line, 2);
    assert_eq!(pieces[0].fault, Some("declares a document type, which is not accepted"));
}

#[test]
fn xml_in_another_encoding_is_refused_by_its_declaration() {
    let text = b"<?xml version=\"1.0\" encoding=\"EUC-KR\"?><r><data>\xb9\xdd</data></r>";
    let pieces = split(text);
    assert_eq!(pieces.len(), 1);
    assert!(pieces[0].fault.unwrap().contains("UTF-8"));
}

#[test]
fn white_space_between_tags_goes_and_within_an_element_stays() {
    let text =
        "<data a=\" > \">\n  <b> x </b>\n  <c> </c>\n  <d/>\n  <e>\n    <f></f>\n  </e>\n</data>\n";
    let squeezed = String::from_utf8(squeeze(text.as_bytes())).unwrap();
    assert_eq!(squeezed, "<data a=\" > \"><b> x </b><c> </c><d/><e><f></f></e></data>");
    assert_eq!(squeeze(squeezed.as_bytes()), squeezed.as_bytes());
}

/// JSON-like rubbish: everything the scanner looks at, in any order.
fn rubbish() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\n",
        " ",
        "\"data\"",
        "\"result\"",
        "\"boxes\"",
        "\"box\"",
        "1",
        "null",
        "\"a\":",
        "{\"a\":1}",
        "\n{\"a\":2}",
        "\n[",
        "\"\"",
        "가",
        "\t",
        "{\"data\":[",
        "]}",
        "<data>",
        "</data>",
        "<",
        ">",
        "<!--",
        "-->",
        "<?xml",
    ]);
    prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat().into_bytes())
}

fn record() -> impl Strategy<Value = String> {
    let text = prop::sample::select(vec!["", "{", "}", "[\\\"", "가나", "\\n", "a,b", "data"]);
    let printed = prop::bool::ANY;
    (prop::collection::vec(text, 1..4), printed).prop_map(|(texts, printed)| {
        let gap = if printed { "\n  " } else { "" };
        let members: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(nth, text)| format!("{gap}\"m{nth}\":{{\"data\":[\"{text}\"]}}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

proptest! {
    #[test]
    fn any_chunking_of_anything_gives_the_same_pieces(
        text in prop_oneof![rubbish(), prop::collection::vec(any::<u8>(), 0..200)],
        chunk_bytes in 1_usize..40,
    ) {
        prop_assert_eq!(split_in(&text, chunk_bytes), split_in(&text, text.len().max(1)));
    }

    #[test]
    fn every_byte_of_every_record_is_kept(
        records in prop::collection::vec(record(), 0..20),
        around in 0_usize..6,
        chunk_bytes in 1_usize..50,
    ) {
        let text = match around {
            0 => records.join("\n"),
            1 => records.concat(),
            2 => format!("[{}]", records.join(",\n")),
            3 => format!("{{\"code\":200,\"data\":[{}],\"next\":\"\"}}", records.join(" , ")),
            4 => format!("{{\n \"result\": {{\"boxes\":[{{\"box\":[{}]}}]}}}}", records.join(",")),
            _ => records.iter().map(|r| ["{\"data\":", r, "}\n"].concat()).collect(),
        };
        let pieces = split_in(text.as_bytes(), chunk_bytes);
        prop_assert!(pieces.iter().all(|piece| piece.fault.is_none()), "{:?}", pieces);
        let bodies: Vec<_> = pieces.into_iter().map(|p| String::from_utf8(p.body).unwrap()).collect();
        prop_assert_eq!(bodies, records);
    }

    #[test]
    fn a_broken_line_among_good_ones_costs_only_itself(
        before in prop::collection::vec("\\{\"a\":[0-9]{1,4}\\}", 1..5),
        broken in "\\{\"a\":(\\[|\"|1,|\\{\"b\":|\\[\\{|)",
        after in prop::collection::vec("\\{\"a\":[0-9]{1,4}\\}", 1..5),
    ) {
        let good = before.iter().chain(&after);
        let text = format!("{}\n{broken}\n{}\n", before.join("\n"), after.join("\n"));
        let pieces = split_in(text.as_bytes(), 8);
        let kept = pieces.iter().filter(|p| p.fault.is_none()).map(|p| p.body.clone());
        prop_assert!(kept.eq(good.map(|line| line.clone().into_bytes())), "{:?}", pieces);
        prop_assert_eq!(pieces.iter().filter(|p| p.fault.is_some()).count(), 1);
    }
}
