//! Finds records in XML: the elements of one name, wherever they stand.
//!
//! Records don't contain records. So a record ends at the next end tag of its name, and one that is
//! followed by another's start tag first was never closed and costs only itself. What a record says
//! inside is not looked at here. A document type is refused before anything behind it is read:
//! entities of one's own making have no place in data.

use hoesu_claims::Media;

use super::{Piece, RECORD_MAX, Spot};

const NOT_CLOSED: &str = "is not complete: the element does not close";
const NOT_FINISHED: &str = "ends before its last element closes";
const TOO_LONG: &str = "is over 1 MiB";
const DOCUMENT_TYPE: &str = "declares a document type, which is not accepted";
const OTHER_ENCODING: &str = "declares an encoding other than UTF-8; save it as UTF-8";

/// No tag is kept longer; one with more attributes than this holds is still passed over correctly.
const TAG_MAX: usize = 64 << 10;

#[derive(Debug)]
pub(super) struct XmlScanner {
    record: &'static str,
    mode: Mode,
    /// The markup being read, from its `<`.
    tag: Vec<u8>,
    tag_line: u64,
    /// The record being read.
    held: Vec<u8>,
    held_line: u64,
    recording: bool,
    over: bool,
    /// Elements open outside of records.
    depth: u64,
    spot: Spot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Text,
    /// Markup of a kind not known yet.
    Markup,
    /// An element's tag, perhaps within an attribute's quotes.
    Tag {
        quote: Option<u8>,
    },
    Comment {
        tail: [u8; 2],
    },
    Cdata {
        tail: [u8; 2],
    },
    Instruction {
        last: u8,
    },
    /// Nothing more is read.
    Refused,
}

impl XmlScanner {
    pub(super) fn new(record: &'static str, spot: Spot) -> Self {
        Self {
            record,
            mode: Mode::Text,
            tag: Vec::new(),
            tag_line: 0,
            held: Vec::new(),
            held_line: 0,
            recording: false,
            over: false,
            depth: 0,
            spot,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut Vec<Piece>) {
        let mut rest = bytes;
        while !rest.is_empty() && self.mode != Mode::Refused {
            let run = if self.mode == Mode::Text {
                rest.iter().position(|byte| *byte == b'<').unwrap_or(rest.len()).max(1)
            } else {
                1
            };
            let (now, later) = rest.split_at(run);
            let byte = now[0];
            if self.mode == Mode::Text && byte == b'<' {
                self.tag.clear();
                self.tag_line = self.spot.line;
                self.mode = Mode::Markup;
            }
            self.keep(now);
            if self.mode != Mode::Text {
                self.keep_tag(byte);
            }
            self.markup(byte, out);
            self.spot.pass(now);
            rest = later;
        }
    }

    pub(super) fn finish(mut self, out: &mut Vec<Piece>) {
        if self.mode == Mode::Refused {
            return;
        }
        if self.recording {
            self.emit(Some(NOT_CLOSED), out);
        } else if self.depth > 0 || self.mode != Mode::Text {
            self.held_line = self.spot.line;
            self.emit(Some(NOT_FINISHED), out);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.recording && !self.over {
            let room = RECORD_MAX - self.held.len();
            self.over = bytes.len() > room;
            self.held.extend_from_slice(&bytes[..room.min(bytes.len())]);
        }
    }

    /// Keeps a tag's beginning and its last two bytes, however long it is.
    fn keep_tag(&mut self, byte: u8) {
        if self.tag.len() == TAG_MAX {
            self.tag.remove(TAG_MAX - 2);
        }
        self.tag.push(byte);
    }

    /// Follows markup by one byte.
    fn markup(&mut self, byte: u8, out: &mut Vec<Piece>) {
        match &mut self.mode {
            Mode::Text | Mode::Refused => {}
            Mode::Markup => self.kind_of_markup(out),
            Mode::Tag { quote: quote @ None } => match byte {
                b'"' | b'\'' => *quote = Some(byte),
                b'>' => {
                    self.mode = Mode::Text;
                    self.tag_over(out);
                }
                _ => {}
            },
            Mode::Tag { quote } => {
                if *quote == Some(byte) {
                    *quote = None;
                }
            }
            Mode::Comment { tail } | Mode::Cdata { tail } => {
                let [before, last] = *tail;
                *tail = [last, byte];
                let end = if matches!(self.mode, Mode::Comment { .. }) { b'-' } else { b']' };
                if byte == b'>' && before == end && last == end {
                    self.mode = Mode::Text;
                }
            }
            Mode::Instruction { last } => {
                if byte == b'>' && *last == b'?' {
                    self.mode = Mode::Text;
                    if self.tag.starts_with(b"<?xml") && !declares_utf8(&self.tag) {
                        self.refuse_all(OTHER_ENCODING, out);
                    }
                } else {
                    *last = byte;
                }
            }
        }
    }

    fn kind_of_markup(&mut self, out: &mut Vec<Piece>) {
        match self.tag.as_slice() {
            b"<" | b"<!" | b"<!-" => {}
            b"<!--" => self.mode = Mode::Comment { tail: [0; 2] },
            b"<![CDATA[" => self.mode = Mode::Cdata { tail: [0; 2] },
            b"<?" => self.mode = Mode::Instruction { last: 0 },
            start if b"<![CDATA[".starts_with(start) => {}
            [b'<', b'!', ..] => self.refuse_all(DOCUMENT_TYPE, out),
            [.., b'>'] => self.mode = Mode::Text,
            _ => self.mode = Mode::Tag { quote: None },
        }
    }

    /// A start tag, an end tag or both at once has come to its end.
    fn tag_over(&mut self, out: &mut Vec<Piece>) {
        let tag = std::mem::take(&mut self.tag);
        let ends = tag.starts_with(b"</");
        let empty = tag.ends_with(b"/>");
        if name_of(&tag) == self.record.as_bytes() && !self.record.is_empty() {
            self.record_tag(&tag, ends, empty, out);
        } else if !self.recording && ends {
            self.depth = self.depth.saturating_sub(1);
        } else if !self.recording && !empty {
            self.depth += 1;
        }
        self.tag = tag;
    }

    fn record_tag(&mut self, tag: &[u8], ends: bool, empty: bool, out: &mut Vec<Piece>) {
        if ends {
            if self.recording {
                let fault = self.over.then_some(TOO_LONG);
                self.emit(fault, out);
            }
            return;
        }
        if self.recording {
            if !self.over {
                self.held.truncate(self.held.len().saturating_sub(tag.len()));
            }
            self.emit(Some(NOT_CLOSED), out);
        }
        // There are channels that write an empty list as an empty element.
        if !empty {
            self.recording = true;
            self.over = false;
            self.held_line = self.tag_line;
            self.held.extend_from_slice(tag);
        }
    }

    fn refuse_all(&mut self, fault: &'static str, out: &mut Vec<Piece>) {
        self.held_line = self.tag_line;
        self.emit(Some(fault), out);
        self.mode = Mode::Refused;
    }

    fn emit(&mut self, fault: Option<&'static str>, out: &mut Vec<Piece>) {
        self.recording = false;
        let body = std::mem::take(&mut self.held);
        out.push(Piece { line: self.held_line, media: Media::Xml, body, fault });
    }
}

/// The name in `<name …>` or `</name …>`.
fn name_of(tag: &[u8]) -> &[u8] {
    let rest = tag.strip_prefix(b"</").or_else(|| tag.strip_prefix(b"<")).unwrap_or(tag);
    let end =
        rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
    &rest[..end.unwrap_or(rest.len())]
}

/// Whether an XML declaration names UTF-8, or no encoding.
fn declares_utf8(declaration: &[u8]) -> bool {
    let text = String::from_utf8_lossy(declaration).to_ascii_lowercase();
    let Some((_, after)) = text.split_once("encoding") else { return true };
    after
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''))
        .starts_with("utf-8")
}

/// A record without the white space between its tags. White space that is all an element says is
/// what it says, and stays.
pub(crate) fn squeeze(record: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(record.len());
    let mut rest = record.trim_ascii();
    let mut after_start_tag = false;
    while !rest.is_empty() {
        let markup = match rest.iter().position(|byte| *byte == b'<') {
            Some(0) => markup_len(rest),
            text => {
                let (text, tags) = rest.split_at(text.unwrap_or(rest.len()));
                let is_content = after_start_tag && tags.starts_with(b"</");
                if is_content || !text.trim_ascii().is_empty() {
                    out.extend_from_slice(text);
                }
                rest = tags;
                continue;
            }
        };
        let (tag, after) = rest.split_at(markup);
        out.extend_from_slice(tag);
        after_start_tag = !matches!(tag.get(1), Some(b'/' | b'!' | b'?')) && !tag.ends_with(b"/>");
        rest = after;
    }
    out
}

/// How long the markup is that `text` begins with.
fn markup_len(text: &[u8]) -> usize {
    let until = |end: &[u8]| {
        text.windows(end.len()).position(|at| at == end).map_or(text.len(), |at| at + end.len())
    };
    if text.starts_with(b"<!--") {
        return until(b"-->");
    }
    if text.starts_with(b"<![CDATA[") {
        return until(b"]]>");
    }
    let mut quote = None;
    for (at, byte) in text.iter().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            (Some(open), byte) if open == byte => quote = None,
            (None | Some(_), _) => {}
        }
    }
    text.len()
}
