//! The question of `POST /open-api/oms/orders`: what it is read as, and what it refuses.

use hoesu_claims::{AccountId, SellerId};
use proptest::prelude::*;

use super::*;

fn shelf() -> Shelf {
    Shelf { seller: SellerId(1), account: AccountId(1), kind: "order" }
}

fn asked(body: &str) -> Query {
    read(shelf(), body.as_bytes()).unwrap().0
}

fn wrong(body: &str) -> String {
    read(shelf(), body.as_bytes()).unwrap_err().0
}

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

/// Every text is there, and empty.
const EMPTY: &str = r#"{"createdAtFrom":"","createdAtTo":"","confirmAtFrom":"","confirmAtTo":"","closeAtFrom":"","closeAtTo":"","orderCode":""}"#;

#[test]
fn no_body_is_all_defaults() {
    for body in ["", " \n", "\"\"", "{}", " { } ", r#"{"unknown":[1]}"#, EMPTY] {
        let query = asked(body);
        assert_eq!((query.start, query.limit), (Start::Offset(0), 20), "{body}");
        assert!(query.terms.is_empty() && query.moments.is_empty());
    }
}

#[test]
fn the_documented_questions_are_understood() {
    let days = asked(include_str!("../../fixtures/orders.days.request.json"));
    assert_eq!(days.limit, 10);
    let span =
        Between { from: Some(at("2020-12-06T15:00:00Z")), until: Some(at("2020-12-09T15:00:00Z")) };
    assert_eq!(
        days.moments,
        [(Moment::Created, span), (Moment::Confirmed, span), (Moment::Closed, span)]
    );
    let code = asked(include_str!("../../fixtures/orders.ok.request.json"));
    assert_eq!(code.terms, [(Term::Order, vec!["20201208_000001".to_owned()])]);
}

#[test]
fn one_end_of_a_span_is_enough() {
    let query = asked(r#"{"closeAtTo":"2024-01-31","page":3,"pageSize":500}"#);
    assert_eq!(query.start, Start::Offset(1000));
    let span = Between { from: None, until: Some(at("2024-01-31T15:00:00Z")) };
    assert_eq!(query.moments, [(Moment::Closed, span)]);
}

#[test]
fn every_field_refuses_a_wrong_value_by_its_name() {
    let numbers = ["0", "-1", "1.5", "\"1\"", "null", "[1]", "true", "99999999999999999999"];
    for value in numbers {
        for name in ["page", "pageSize"] {
            let sentence = wrong(&format!(r#"{{"{name}":{value}}}"#));
            assert!(sentence.starts_with(&format!("{name} 값은 1 이상 ")), "{value}: {sentence}");
        }
    }
    assert!(wrong(r#"{"pageSize":501}"#).starts_with("pageSize 값은 1 이상 500 이하"));
    assert!(wrong(r#"{"page":2147483648}"#).starts_with("page 값은 "));
    let days = ["createdAtFrom", "createdAtTo", "confirmAtFrom", "confirmAtTo"];
    for name in days.into_iter().chain(["closeAtFrom", "closeAtTo"]) {
        for value in ["2026-02-30", "2026-02-01T00:00:00Z", "20260201", "내일"] {
            let sentence = wrong(&format!(r#"{{"{name}":"{value}"}}"#));
            assert!(sentence.starts_with(&format!("{name} 값은 yyyy-MM-dd ")), "{sentence}");
        }
        for value in ["20260201", "null", "{}"] {
            let sentence = wrong(&format!(r#"{{"{name}":{value}}}"#));
            assert_eq!(sentence, format!("{name} 값은 문자열 하나여야 합니다."));
        }
    }
    assert_eq!(wrong(r#"{"orderCode":" "}"#), "orderCode 값은 비어 있을 수 없습니다.");
    assert_eq!(wrong(r#"{"orderCode":1}"#), "orderCode 값은 문자열 하나여야 합니다.");
}

#[test]
fn a_field_named_twice_is_refused() {
    let twice = wrong(r#"{"orderCode":"A","orderCode":"A"}"#);
    assert_eq!(twice, "orderCode 값은 문자열 하나여야 합니다.");
    assert!(wrong(r#"{"page":1,"page":1}"#).starts_with("page 값은 "));
}

#[test]
fn what_is_no_object_is_refused() {
    // The last one is the document's own example with its trailing comma.
    for body in ["[]", "[1,20]", "null", "1", "\"x\"", "{", "{} {}", "{\"page\":1,}"] {
        assert_eq!(wrong(body), "요청 본문은 올바른 JSON 객체여야 합니다.", "{body}");
    }
    assert!(read(shelf(), b"{\"orderCode\":\"\xb0\xa1\"}").is_err());
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = read(shelf(), &body);
    }

    #[test]
    fn no_text_in_any_field_makes_it_panic(
        field in "(page|pageSize|createdAtFrom|closeAtTo|orderCode|other)",
        value in any::<String>(),
    ) {
        let value = serde_json::Value::from(value);
        let _ = read(shelf(), format!(r#"{{"{field}":{value}}}"#).as_bytes());
    }
}
