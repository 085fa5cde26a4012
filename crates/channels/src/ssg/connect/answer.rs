//! An answer, in whichever form it came: what its result says, and its rows.

use std::borrow::Cow;

use hoesu_claims::Media;
use hoesu_claims::document::Marks;
use serde_json::value::RawValue;

use crate::connect::{Envelope, ReadFailure, Record, rows};
use crate::ssg::read::{CANCEL, RETURN};
use crate::ssg::wire::{
    DATA, RESULT, RESULT_CODE, RESULT_DATA, RESULT_DESC, RESULT_MESSAGE, TARGET, TARGETS,
};
use crate::xml::{self, Element};

const NO_RESULT: ReadFailure = ReadFailure::Unreadable("an answer without its result");

/// The result of an answer.
pub(super) enum Answer<'a> {
    /// JSON `{"result":{…}}`.
    Json(Envelope<'a>),
    /// XML `<result>…</result>`.
    Xml(Element),
}

impl<'a> Answer<'a> {
    pub(super) fn of(body: &'a [u8]) -> Result<Self, ReadFailure> {
        if !body.trim_ascii_start().starts_with(b"<") {
            let result = Envelope::parse(body)?.get(RESULT).ok_or(NO_RESULT)?;
            return Ok(Self::Json(Envelope::of(result)?));
        }
        let root = xml::parse(body).map_err(|_| ReadFailure::Unreadable("no XML"))?;
        if root.name == RESULT { Ok(Self::Xml(root)) } else { Err(NO_RESULT) }
    }

    fn text<'s>(&'s self, name: &str) -> Option<Cow<'s, str>> {
        match self {
            Self::Json(result) => result.text(name),
            Self::Xml(result) => {
                let child = result.children.iter().find(|child| child.name == name);
                let text = child.map(|child| child.text.trim());
                text.filter(|text| !text.is_empty()).map(Cow::Borrowed)
            }
        }
    }

    /// `resultCode`.
    pub(super) fn code(&self) -> Option<String> {
        self.text(RESULT_CODE).map(Cow::into_owned)
    }

    /// Everything it says in words.
    pub(super) fn words(&self) -> String {
        let said = [RESULT_MESSAGE, RESULT_DESC].map(|name| self.text(name).unwrap_or_default());
        said.join(" ")
    }

    /// The rows of a success. Each family of calls keeps them elsewhere; a list of none is left out.
    pub(super) fn records(&self, kind: &'static str) -> Result<Vec<Record>, ReadFailure> {
        match self {
            Self::Json(result) => {
                let rows = json_rows(result, kind)?.into_iter();
                let record = |row: &RawValue| Record {
                    kind,
                    media: Media::Json,
                    body: row.get().as_bytes().to_vec(),
                    marks: Marks::new(),
                };
                Ok(rows.map(record).collect())
            }
            Self::Xml(result) => {
                let record = |row: &Element| {
                    let mut body = Vec::with_capacity(1_024);
                    row.write(&mut body);
                    Record { kind, media: Media::Xml, body, marks: Marks::new() }
                };
                Ok(xml_rows(result, kind)?.into_iter().map(record).collect())
            }
        }
    }
}

/// The name rows of a kind have, where they stand in no wrapper.
fn name_of(kind: &str) -> &'static str {
    if kind == CANCEL { DATA } else { RESULT_DATA }
}

fn json_rows<'a>(result: &Envelope<'a>, kind: &str) -> Result<Vec<&'a RawValue>, ReadFailure> {
    let list = |name| result.get(name).map_or(Ok(Vec::new()), rows);
    if kind != RETURN {
        return list(name_of(kind));
    }
    let mut all = Vec::new();
    for wrapper in list(TARGETS)? {
        let inside = Envelope::of(wrapper)?.get(TARGET);
        let inside = inside.ok_or(ReadFailure::Unreadable("a wrapper without its rows"))?;
        all.extend(rows(inside)?);
    }
    Ok(all)
}

fn xml_rows<'e>(result: &'e Element, kind: &str) -> Result<Vec<&'e Element>, ReadFailure> {
    let blank = |row: &Element| row.children.is_empty() && row.text.trim().is_empty();
    let rows: Vec<&Element> = if kind == RETURN {
        let wrappers = result.named(TARGETS).filter(|wrapper| !blank(wrapper));
        let mut all = Vec::new();
        for wrapper in wrappers {
            if wrapper.children.iter().any(|child| child.name != TARGET)
                || wrapper.children.is_empty()
            {
                return Err(ReadFailure::Unreadable("a wrapper without its rows"));
            }
            all.extend(wrapper.named(TARGET));
        }
        all
    } else {
        result.named(name_of(kind)).collect()
    };
    let rows: Vec<&Element> = rows.into_iter().filter(|row| !blank(row)).collect();
    if rows.iter().any(|row| row.children.is_empty()) {
        return Err(ReadFailure::Unreadable("something else where the rows stand"));
    }
    Ok(rows)
}
