//! JSON or XML: what a caller sends (`Content-Type`) and wants back (`Accept`), each on its own.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use hoesu_claims::Media;

/// What an `Accept` header leaves to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// One of ours, by name.
    For(Media),
    /// Whatever the content type is: no header, or `*/*`.
    SameAsContent,
    /// Neither of ours.
    Neither,
}

/// How the body is written; `None` if the header is missing or names neither of ours.
pub(super) fn sent(headers: &HeaderMap) -> Option<Media> {
    media(essence(text(headers, CONTENT_TYPE)?.as_str()))
}

/// Whether `Accept` leaves one of ours to choose.
pub(super) fn is_acceptable(headers: &HeaderMap) -> bool {
    wish(headers) != Wish::Neither
}

/// How to answer. Always says one, for refusals have to be written too: JSON if nothing is said.
pub(super) fn wanted(headers: &HeaderMap) -> Media {
    match wish(headers) {
        Wish::For(media) => media,
        Wish::SameAsContent | Wish::Neither => sent(headers).unwrap_or(Media::Json),
    }
}

/// The `Content-Type` of an answer.
pub(super) const fn content_type(media: Media) -> &'static str {
    match media {
        Media::Json => "application/json;charset=UTF-8",
        Media::Xml => "application/xml;charset=UTF-8",
    }
}

fn wish(headers: &HeaderMap) -> Wish {
    let Some(accept) = text(headers, ACCEPT) else { return Wish::SameAsContent };
    if accept.trim().is_empty() {
        return Wish::SameAsContent;
    }
    // The greatest weight wins, a name before a wildcard, the earlier before the later.
    let mut best = (0, false, Wish::Neither);
    for range in accept.split(',') {
        let (named, wish) = match essence(range) {
            "*/*" | "application/*" => (false, Wish::SameAsContent),
            name => match media(name) {
                Some(media) => (true, Wish::For(media)),
                None => continue,
            },
        };
        let weight = weight(range);
        if (weight, named) > (best.0, best.1) && weight > 0 {
            best = (weight, named, wish);
        }
    }
    best.2
}

/// The weight of a media range in thousandths, 1000 if it says none, 0 if it is unreadable.
fn weight(range: &str) -> u32 {
    let weight = range.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then_some(value.trim())
    });
    let Some(weight) = weight else { return 1_000 };
    match weight.parse::<f32>() {
        Ok(weight) if (0.0..=1.0).contains(&weight) => (weight * 1_000.0) as u32,
        Ok(_) | Err(_) => 0,
    }
}

/// All values of a header as one; `None` if there is none or it is not text.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Option<Vec<&str>> =
        headers.get_all(name).iter().map(|value| value.to_str().ok()).collect();
    values.filter(|values| !values.is_empty()).map(|values| values.join(","))
}

/// The media type without its parameters.
fn essence(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

fn media(essence: &str) -> Option<Media> {
    if essence.eq_ignore_ascii_case("application/json") {
        Some(Media::Json)
    } else if essence.eq_ignore_ascii_case("application/xml") {
        Some(Media::Xml)
    } else {
        None
    }
}
