//! An exported line that says more than a body: how it is written, and what is known beside it.
//!
//! ```json
//! {"hoesu":{"media":"xml","marks":{"confirmed":"2024-01-02T00:00:00Z"},"observed_at":"…"},"document":"<data>…</data>"}
//! ```
//!
//! A JSON body stands in `document` as itself, an XML body as a string. Lines without anything to
//! say beside a JSON body are the bare body.

use hoesu_channels::{Refusal, json};
use hoesu_claims::document::Marks;
use hoesu_claims::{Document, Media};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::split::RECORD_MAX;

/// What such a line begins with.
pub(crate) const START: &str = "{\"hoesu\":";

/// No line is longer: a body of the greatest length with every byte escaped, and what is beside it.
pub(crate) const LINE_MAX: usize = 2 * RECORD_MAX + (4 << 10);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    hoesu: Beside,
    #[serde(borrow)]
    document: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    media: Media,
    #[serde(default, skip_serializing_if = "Marks::is_empty")]
    marks: Marks,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    observed_at: Option<Timestamp>,
}

/// A line, read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub media: Media,
    pub body: Vec<u8>,
    pub marks: Marks,
    pub observed_at: Option<Timestamp>,
}

/// Writes a document as one line, without the newline.
pub(crate) fn write(document: &Document, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let media = document.media;
    if media == Media::Json && document.marks.is_empty() {
        out.extend_from_slice(&document.body);
        return Ok(());
    }
    let text = String::from_utf8_lossy(&document.body);
    let body = match media {
        Media::Json => RawValue::from_string(text.into_owned())?,
        Media::Xml => serde_json::value::to_raw_value(text.as_ref())?,
    };
    let marks = document.marks.clone();
    let hoesu = Beside { media, marks, observed_at: Some(document.observed_at) };
    serde_json::to_writer(out, &Line { hoesu, document: &body })
}

/// Whether a compacted record is such a line.
pub(crate) fn is_one(compact: &[u8]) -> bool {
    compact.starts_with(START.as_bytes())
}

/// Reads a compacted line.
pub(crate) fn read(compact: &[u8]) -> Result<Opened, Refusal> {
    let line: Line<'_> = serde_json::from_slice(compact)
        .map_err(|_| Refusal::of("hoesu", "is not a line of an export"))?;
    let Beside { media, marks, observed_at } = line.hoesu;
    let body = match media {
        Media::Json => json::compact(line.document.get().as_bytes())?,
        Media::Xml => serde_json::from_str::<String>(line.document.get())
            .map_err(|_| Refusal::of("document", "is not text"))?
            .into_bytes(),
    };
    Ok(Opened { media, body, marks, observed_at })
}

#[cfg(test)]
mod tests {
    use hoesu_claims::Moment;

    use super::*;

    fn document(media: Media, body: &str, marks: &[(Moment, &str)]) -> Document {
        Document {
            key: "1".into(),
            version: 1,
            seq: 1,
            media,
            body: body.into(),
            marks: marks.iter().map(|(moment, at)| (*moment, at.parse().unwrap())).collect(),
            observed_at: "2024-01-03T00:00:00Z".parse().unwrap(),
        }
    }

    fn written(document: &Document) -> String {
        let mut out = Vec::new();
        write(document, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_without_marks_is_the_bare_body() {
        assert_eq!(written(&document(Media::Json, r#"{"a":1.50}"#, &[])), r#"{"a":1.50}"#);
    }

    #[test]
    fn what_is_known_beside_a_body_comes_back() {
        let at = [(Moment::Confirmed, "2024-01-02T00:00:00Z")];
        for (media, body) in [
            (Media::Json, r#"{"a":123456789012345678,"b":[1.50,"\u0041"]}"#),
            (Media::Xml, "<data a=\"1\"><b> \\ 가 </b></data>"),
        ] {
            let document = document(media, body, &at);
            let line = written(&document);
            assert!(is_one(line.as_bytes()) && !line.contains('\n'), "{line}");
            let opened = read(&json::compact(line.as_bytes()).unwrap()).unwrap();
            let Document { body, marks, observed_at, .. } = document;
            assert_eq!(opened, Opened { media, body, marks, observed_at: Some(observed_at) });
        }
    }

    #[test]
    fn a_line_is_written_as_documented() {
        let at = [(Moment::Closed, "2024-01-02T00:00:00Z")];
        assert_eq!(
            written(&document(Media::Xml, "<data/>", &at)),
            r#"{"hoesu":{"media":"xml","marks":{"closed":"2024-01-02T00:00:00Z"},"observed_at":"2024-01-03T00:00:00Z"},"document":"<data/>"}"#
        );
    }

    #[test]
    fn a_line_that_is_none_is_refused() {
        for text in [
            r#"{"hoesu":{}}"#,
            r#"{"hoesu":{"media":"csv"},"document":{}}"#,
            r#"{"hoesu":{"media":"json","marks":{"tomorrow":"2024-01-02T00:00:00Z"}},"document":{}}"#,
            r#"{"hoesu":{"media":"xml"},"document":{}}"#,
            r#"{"hoesu":{"media":"json"},"document":{},"more":1}"#,
        ] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
