//! XML as the wire has it: one element read into a small tree, hardened, and written back one way.
//!
//! Reading knows no DTD, so there are no entities but XML's own five and character references, and
//! nothing outside the bytes at hand is ever opened. Writing is canonical: no declaration, no
//! comment, no CDATA section, an empty element as `<x></x>`; the same content gives the same bytes.

use std::borrow::Cow;
use std::fmt::Write as _;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use crate::Refusal;

/// Nesting deeper than this is refused.
const DEPTH_MAX: usize = 64;

/// Why a document with `<!DOCTYPE` is refused.
pub(crate) const HAS_DTD: &str = "has a document type declaration";

/// Why other bytes than UTF-8 are refused.
pub(crate) const NOT_UTF8: &str = "is not UTF-8";

/// An element: either text or children, never both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its name as written, prefix included.
    pub name: String,
    /// Its attributes in order; no channel's contract uses any, they are kept to be written back.
    pub attributes: Vec<(String, String)>,
    /// Its text, references resolved; empty if it has children.
    pub text: String,
    /// Its children in order.
    pub children: Vec<Self>,
}

impl Element {
    /// The children of this name, in order.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Writes it in the one form we write.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(b'<');
        out.extend_from_slice(self.name.as_bytes());
        for (name, value) in &self.attributes {
            out.push(b' ');
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"=\"");
            escape(out, value, true);
            out.push(b'"');
        }
        out.push(b'>');
        escape(out, &self.text, false);
        for child in &self.children {
            child.write(out);
        }
        close(out, &self.name);
    }
}

/// Reads one element: a whole document, or the bytes from its `<` to the `>` of its end tag.
/// Refused: what is not well-formed or not UTF-8, a DTD, an entity XML does not have itself, text
/// beside child elements, nesting deeper than 64.
pub fn parse(bytes: &[u8]) -> Result<Element, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::of("", NOT_UTF8))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.chars().all(is_character) {
        return Err(Refusal::of("", "has a character XML does not allow"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().check_comments = true;
    let mut tree = Tree::default();
    let mut at_start = true;
    loop {
        let event = reader.read_event().map_err(|_| {
            Refusal::of(
                tree.path(),
                format!("is not readable XML (byte {})", reader.error_position()),
            )
        })?;
        match event {
            Event::Decl(declaration) if at_start => check_declaration(&declaration)?,
            Event::Start(start) => tree.open(&start)?,
            Event::End(_) => tree.close()?,
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => tree.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => tree.reference(&reference)?,
            Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err(Refusal::of("", HAS_DTD)),
            Event::Decl(_) => return Err(Refusal::of(tree.path(), "declares XML once more")),
            // `expand_empty_elements` leaves none.
            Event::Empty(_) => return Err(Refusal::of(tree.path(), "is not readable XML")),
            Event::Eof => return tree.end(),
        }
        at_start = false;
    }
}

/// The element in the one form we write, as records are kept: no white space between elements, no
/// declaration, comment or CDATA section. Refused as by [`parse`].
pub fn compact(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::with_capacity(bytes.len());
    parse(bytes)?.write(&mut out);
    Ok(out)
}

/// Writes `<name>`.
pub(crate) fn open(out: &mut Vec<u8>, name: &str) {
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

/// Writes `</name>`.
pub(crate) fn close(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

/// Writes `<name>text</name>`.
pub(crate) fn leaf(out: &mut Vec<u8>, name: &str, text: &str) {
    open(out, name);
    escape(out, text, false);
    close(out, name);
}

/// A name an element can have: characters XML allows in none become `_xHHHH_`, so that a member
/// with any name has its element.
pub(crate) fn element_name(name: &str) -> Cow<'_, str> {
    if is_name(name) {
        return name.into();
    }
    let mut out = String::with_capacity(name.len() + 8);
    for character in name.chars() {
        let allowed =
            if out.is_empty() { is_name_start(character) } else { is_name_character(character) };
        if allowed {
            out.push(character);
        } else {
            // Writing to a string can't fail.
            let _ = write!(out, "_x{:04X}_", u32::from(character));
        }
    }
    if out.is_empty() { "_".into() } else { out.into() }
}

/// What is open while a document is read.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Refusal> {
        if self.root.is_some() {
            return Err(Refusal::of("", "has something after its end"));
        }
        if self.open.len() >= DEPTH_MAX {
            return Err(Refusal::of("", format!("is nested deeper than {DEPTH_MAX}")));
        }
        let name = start.name();
        if !is_name(name.as_ref()) {
            return Err(Refusal::of(self.path(), "has an element whose name XML does not allow"));
        }
        let attributes = attributes(start).map_err(|why| Refusal::of(self.path(), why))?;
        let name = name.as_ref().to_owned();
        self.open.push(Element { name, attributes, ..Element::default() });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refusal> {
        let mixed = |done: &Element| !done.children.is_empty() && !is_space(&done.text);
        if self.open.last().is_some_and(mixed) {
            return Err(Refusal::of(self.path(), "has text between elements"));
        }
        let Some(mut done) = self.open.pop() else {
            return Err(Refusal::of("", "is not readable XML"));
        };
        if !done.children.is_empty() {
            done.text = String::new();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => self.root = Some(done),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Refusal> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if is_space(text) => {}
            None => return Err(Refusal::of("", "has text outside its element")),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Refusal> {
        if self.open.is_empty() {
            return Err(Refusal::of("", "has text outside its element"));
        }
        match reference.resolve_char_ref() {
            Ok(Some(character)) if is_character(character) => {
                self.text(character.encode_utf8(&mut [0; 4]))
            }
            Ok(None) => match resolve_predefined_entity(reference) {
                Some(text) => self.text(text),
                None => Err(Refusal::of(self.path(), "uses an entity XML does not have itself")),
            },
            Ok(Some(_)) | Err(_) => {
                Err(Refusal::of(self.path(), "refers to a character XML does not allow"))
            }
        }
    }

    fn end(self) -> Result<Element, Refusal> {
        if !self.open.is_empty() {
            return Err(Refusal::of(self.path(), "does not end"));
        }
        self.root.ok_or_else(|| Refusal::of("", "has no element"))
    }

    /// The names of what is open, from the root, as a refusal's field. Made only to refuse: it may be
    /// as long as the document.
    fn path(&self) -> String {
        let names: Vec<&str> = self.open.iter().map(|element| element.name.as_str()).collect();
        names.join(".")
    }
}

fn attributes(start: &BytesStart<'_>) -> Result<Vec<(String, String)>, &'static str> {
    let mut all = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| "has an unreadable attribute")?;
        if !is_name(attribute.key.as_ref()) || attribute.value.contains('<') {
            return Err("has an unreadable attribute");
        }
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|_| "uses an entity XML does not have itself")?;
        if !value.chars().all(is_character) {
            return Err("refers to a character XML does not allow");
        }
        all.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(all)
}

fn check_declaration(declaration: &BytesDecl<'_>) -> Result<(), Refusal> {
    if declaration.version().ok().as_deref() != Some("1.0") {
        return Err(Refusal::of("", "is not XML 1.0"));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(Ok(_) | Err(_)) => Err(Refusal::of("", NOT_UTF8)),
    }
}

/// Writes text so that reading gives the same text back. What XML can't carry at all becomes
/// U+FFFD.
fn escape(out: &mut Vec<u8>, text: &str, in_attribute: bool) {
    for character in text.chars() {
        match character {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            // Read raw, these would become a line feed or a space.
            '\r' => out.extend_from_slice(b"&#13;"),
            '\n' if in_attribute => out.extend_from_slice(b"&#10;"),
            '\t' if in_attribute => out.extend_from_slice(b"&#9;"),
            '"' if in_attribute => out.extend_from_slice(b"&quot;"),
            _ => {
                let shown = if is_character(character) { character } else { '\u{fffd}' };
                out.extend_from_slice(shown.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

fn is_space(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// XML 1.0, production 2 (`Char`).
const fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// XML 1.0, production 5 (`Name`).
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_character)
}

/// XML 1.0, production 4 (`NameStartChar`).
const fn is_name_start(character: char) -> bool {
    matches!(character,
        ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}'
        | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// XML 1.0, production 4a (`NameChar`).
const fn is_name_character(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

#[cfg(test)]
mod tests;
