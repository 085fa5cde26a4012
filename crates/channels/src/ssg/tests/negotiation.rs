//! Which of JSON and XML is read, which is answered, and the key beside them.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::super::{auth, negotiate};
use super::*;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &'static str)| {
        (HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    pairs.iter().map(pair).collect()
}

fn wanted(content_type: &'static str, accept: &'static str) -> Option<Media> {
    let headers = headers(&[("content-type", content_type), ("accept", accept)]);
    negotiate::is_acceptable(&headers).then(|| negotiate::wanted(&headers))
}

#[test]
fn content_type_and_accept_are_independent() {
    const JSON: &str = "application/json";
    const XML: &str = "application/xml";
    assert_eq!(wanted(JSON, JSON), Some(Media::Json));
    assert_eq!(wanted(JSON, XML), Some(Media::Xml));
    assert_eq!(wanted(XML, JSON), Some(Media::Json));
    assert_eq!(wanted(XML, XML), Some(Media::Xml));
}

#[test]
fn parameters_and_case_do_not_matter() {
    let sent = |value| negotiate::sent(&headers(&[("content-type", value)]));
    assert_eq!(sent("application/json;charset=UTF-8"), Some(Media::Json));
    assert_eq!(sent("Application/XML ; charset=\"utf-8\""), Some(Media::Xml));
    assert_eq!(sent("text/xml"), None);
    assert_eq!(sent("application/jsonp"), None);
    assert_eq!(sent(""), None);
    assert_eq!(negotiate::sent(&HeaderMap::new()), None);
}

#[test]
fn no_accept_or_any_is_the_content_type() {
    for accept in ["*/*", "application/*", "", "text/html, */*;q=0.1", "*/*;charset=utf-8"] {
        assert_eq!(wanted("application/xml", accept), Some(Media::Xml), "{accept}");
        assert_eq!(wanted("application/json", accept), Some(Media::Json), "{accept}");
    }
    let silent = headers(&[("content-type", "application/xml")]);
    assert_eq!(negotiate::wanted(&silent), Media::Xml);
    assert!(negotiate::is_acceptable(&silent));
}

#[test]
fn the_greatest_weight_wins_then_a_name_then_the_earlier() {
    assert_eq!(wanted("application/json", "application/xml, application/json"), Some(Media::Xml));
    assert_eq!(
        wanted("application/json", "application/json;q=0.5, application/xml;q=0.9"),
        Some(Media::Xml)
    );
    assert_eq!(wanted("application/json", "*/*, application/xml"), Some(Media::Xml));
    assert_eq!(
        wanted("application/json", "text/html,application/xml;q=0.9,*/*;q=0.8"),
        Some(Media::Xml)
    );
    assert_eq!(wanted("application/json", "application/xml;q=0, */*;q=0.1"), Some(Media::Json));
}

#[test]
fn neither_of_ours_is_not_acceptable_and_refused_in_the_content_type() {
    for accept in ["text/html", "application/json;q=0", "application/xml;q=x", "text/xml", "json"] {
        assert_eq!(wanted("application/xml", accept), None, "{accept}");
    }
    let xml = headers(&[("content-type", "application/xml"), ("accept", "text/html")]);
    assert_eq!(negotiate::wanted(&xml), Media::Xml);
    let neither = headers(&[("content-type", "text/plain"), ("accept", "text/html")]);
    assert_eq!(negotiate::wanted(&neither), Media::Json);
}

#[test]
fn the_key_is_the_whole_header() {
    let shown = |value| auth::shown(&headers(&[("authorization", value)])).map(str::to_owned);
    let key = "0f8fad5b-d9cb-469f-a165-70867728950e";
    assert_eq!(shown(key), Some(key.to_owned()));
    assert_eq!(shown("Bearer 0f8fad5b-d9cb-469f-a165-70867728950e"), None);
    assert_eq!(shown(""), None);
    assert_eq!(auth::shown(&HeaderMap::new()), None);
}

#[test]
fn a_made_key_is_shaped_as_a_uuid_and_passes_its_own_check() {
    let [field] = &auth::CREDENTIAL;
    let key = (field.make)([7; 32]);
    assert_eq!(key.len(), 36);
    assert_eq!(uuid::Uuid::parse_str(&key).unwrap().get_version_num(), 4);
    assert_eq!((field.check)(&key), Ok(()));
    assert_eq!((field.check)("a b"), Err("has a space or a character that is not ASCII"));
    assert_eq!((field.check)(""), Err("is empty"));
}
