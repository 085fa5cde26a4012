//! What is read, what is refused, and that writing and reading are each other's opposite.

use proptest::prelude::*;

use super::*;

fn canonical(text: &str) -> String {
    String::from_utf8(compact(text.as_bytes()).unwrap()).unwrap()
}

fn why(text: &str) -> String {
    parse(text.as_bytes()).unwrap_err().why
}

#[test]
fn an_element_is_read_into_text_or_children() {
    let read = parse("<a><b>1</b><c>둘</c><b/></a>".as_bytes()).unwrap();
    assert_eq!(read.name, "a");
    assert_eq!(read.named("b").map(|b| b.text.as_str()).collect::<Vec<_>>(), ["1", ""]);
    assert_eq!(read.named("c").next().unwrap().text, "둘");
}

#[test]
fn the_same_content_written_differently_is_the_same_bytes() {
    let plain = "<a><b>x &lt; y &amp; z</b><c></c></a>";
    assert_eq!(canonical(plain), plain);
    assert_eq!(
        canonical(
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- one -->\n<a>\n  <b><![CDATA[x < y & z]]></b>\n  <c />\n</a>\n<!-- end -->"
        ),
        plain
    );
    assert_eq!(canonical("<a><b>x &#60; y &#x26; z</b><c   ></c></a >"), plain);
}

#[test]
fn text_is_kept_to_the_last_space_and_line_end() {
    assert_eq!(canonical("<a>  </a>"), "<a>  </a>");
    assert_eq!(canonical("<a> 1\r\n2 </a>"), "<a> 1\n2 </a>");
    assert_eq!(canonical("<a>1&#13;2</a>"), "<a>1&#13;2</a>");
    assert_eq!(canonical("<a>'\"&gt;&apos;&quot;</a>"), "<a>'\"&gt;'\"</a>");
}

#[test]
fn attributes_are_kept_to_be_written_back() {
    assert_eq!(
        canonical("<x:a xmlns:x='u' n='1 \"&lt;&#10;'/>"),
        "<x:a xmlns:x=\"u\" n=\"1 &quot;&lt;&#10;\"></x:a>"
    );
    assert_eq!(why("<a b='1' b='2'/>"), "has an unreadable attribute");
    assert_eq!(why("<a b='&xxe;'/>"), "uses an entity XML does not have itself");
    assert_eq!(why("<a b='<'/>"), "has an unreadable attribute");
}

#[test]
fn no_document_type_is_accepted_whatever_it_says() {
    assert_eq!(why("<!DOCTYPE a><a/>"), HAS_DTD);
    assert_eq!(why("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"), HAS_DTD);
    let external = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
    assert_eq!(why(external), HAS_DTD);
    let laughs = "<!DOCTYPE a [<!ENTITY l0 \"ha\"><!ENTITY l1 \"&l0;&l0;&l0;&l0;\">\
                  <!ENTITY l2 \"&l1;&l1;&l1;&l1;\">]><a>&l2;</a>";
    assert_eq!(why(laughs), HAS_DTD);
    assert_eq!(why("<a>&x;</a>"), "uses an entity XML does not have itself");
}

#[test]
fn nesting_has_a_floor() {
    let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert!(parse(nested(64).as_bytes()).is_ok());
    assert_eq!(why(&nested(65)), "is nested deeper than 64");
    assert_eq!(why(&"<a>".repeat(300_000)), "is nested deeper than 64");
}

#[test]
fn other_bytes_than_utf8_are_refused() {
    // «김하늘» in EUC-KR.
    let euc_kr = [&b"<a>"[..], &[0xb1, 0xe8, 0xc7, 0xcf, 0xb4, 0xc3], b"</a>"].concat();
    assert_eq!(parse(&euc_kr).unwrap_err().why, NOT_UTF8);
    assert_eq!(why("<?xml version=\"1.0\" encoding=\"EUC-KR\"?><a/>"), NOT_UTF8);
    assert_eq!(why("<a>\u{1}</a>"), "has a character XML does not allow");
    assert_eq!(why("<a>&#1;</a>"), "refers to a character XML does not allow");
    assert_eq!(why("<a>&#0;</a>"), "refers to a character XML does not allow");
}

#[test]
fn what_is_not_one_element_is_refused() {
    assert_eq!(why(""), "has no element");
    assert_eq!(why("text"), "has text outside its element");
    assert_eq!(why("<a/><b/>"), "has something after its end");
    assert_eq!(why("<a/>text"), "has text outside its element");
    assert_eq!(why("<a/>&amp;"), "has text outside its element");
    assert_eq!(why("<a><b></b>"), "does not end");
    assert_eq!(why("<a>1<b/></a>"), "has text between elements");
    assert!(why("<a></b>").starts_with("is not readable XML"));
    assert!(why("</a>").starts_with("is not readable XML"));
    assert!(why("<a>&</a>").starts_with("is not readable XML"));
    assert_eq!(why("<1/>"), "has an element whose name XML does not allow");
    assert_eq!(why("<a/b>1</a/b>"), "has an element whose name XML does not allow");
    assert_eq!(why(" <?xml version=\"1.0\"?><a/>"), "declares XML once more");
    assert_eq!(why("<?xml version=\"1.1\"?><a/>"), "is not XML 1.0");
    assert_eq!(parse(b"<a><b><c>1<d/></c></b></a>").unwrap_err().field, "a.b.c");
}

#[test]
fn a_name_no_element_can_have_is_spelled_out() {
    assert_eq!(element_name("ordNo"), "ordNo");
    assert_eq!(element_name("주문번호"), "주문번호");
    assert_eq!(element_name("a b"), "a_x0020_b");
    assert_eq!(element_name("1a"), "_x0031_a");
    assert_eq!(element_name(""), "_");
}

fn element() -> impl Strategy<Value = Element> {
    let name = "[a-zA-Z_가-힣][a-zA-Z0-9._가-힣-]{0,8}";
    let text = "[ -~\\t\\r\\n가-힣]{0,12}";
    let leaf = (name, text).prop_map(|(name, text)| Element { name, text, ..Element::default() });
    leaf.prop_recursive(4, 32, 5, move |inner| {
        (name, prop::collection::vec(inner, 1..5)).prop_map(|(name, children)| Element {
            name,
            children,
            ..Element::default()
        })
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(tree in element()) {
        let mut written = Vec::new();
        tree.write(&mut written);
        prop_assert_eq!(parse(&written).unwrap(), tree);
        prop_assert_eq!(compact(&written).unwrap(), written);
    }

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn reading_what_looks_like_xml_never_panics(text in "[<>/!?a&;#x\"'= \\[\\]\\-CDAT]{0,60}") {
        let _ = parse(text.as_bytes());
    }
}
