//! Finds records in a stream of bytes of any length, in memory bounded by one record.
//!
//! What may come in: a channel's response body (an envelope around records), a list of records, a
//! bare record, or any number of these one after another, one a line or printed over many lines,
//! in JSON; or XML documents with records somewhere in them. Which it is, is decided by the first
//! byte that is not white space: `<` begins XML.
//!
//! However the stream is cut into chunks, the same pieces come out.

mod envelope;
mod json;
#[cfg(test)]
mod tests;
mod xml;

use hoesu_channels::Capabilities;
use hoesu_claims::Media;

use self::json::JsonScanner;
use self::xml::XmlScanner;

pub(crate) use self::json::AFTER_END;
pub(crate) use self::xml::squeeze;

/// Records over this are refused and skipped, in bytes as they came.
pub const RECORD_MAX: usize = 1 << 20;

/// Something found in the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The line it begins on, from 1.
    pub line: u64,
    /// How it is written.
    pub media: Media,
    /// Its bytes as they came; at most the first [`RECORD_MAX`] of what is at fault.
    pub body: Vec<u8>,
    /// Why it is no record, in a sentence without any of its values; `None` if it may be one.
    pub fault: Option<&'static str>,
}

/// Finds records in chunks of bytes.
#[derive(Debug)]
pub struct Splitter {
    capabilities: &'static Capabilities,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The first bytes, as long as they may be a byte order mark.
    Mark(Vec<u8>),
    /// Nothing but white space so far.
    Blank(Spot),
    Json(JsonScanner),
    Xml(XmlScanner),
    /// The stream cannot be read at all; that has been said.
    Unreadable,
}

/// A place in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    /// The line of the next byte, from 1.
    line: u64,
    /// Whether the next byte is the first of its line.
    first_column: bool,
}

impl Spot {
    const START: Self = Self { line: 1, first_column: true };

    fn pass(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.first_column = *byte == b'\n';
            self.line += u64::from(self.first_column);
        }
    }
}

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
/// How XLSX (and every ZIP) and XLS begin.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03", b"\xD0\xCF\x11"];
const UTF16_MARKS: [&[u8]; 2] = [b"\xFF\xFE", b"\xFE\xFF"];

impl Splitter {
    /// A splitter for bodies of one channel.
    pub fn new(capabilities: &'static Capabilities) -> Self {
        Self { capabilities, state: State::Mark(Vec::new()) }
    }

    /// Reads the next bytes and adds what they complete.
    pub fn feed(&mut self, chunk: &[u8], out: &mut Vec<Piece>) {
        match &mut self.state {
            State::Mark(start) => {
                start.extend_from_slice(chunk);
                if start.len() >= UTF8_MARK.len() {
                    let start = std::mem::take(start);
                    self.after_mark(&start, out);
                }
            }
            State::Blank(spot) => {
                let spot = *spot;
                self.after_blank(spot, chunk, out);
            }
            State::Json(scanner) => scanner.feed(chunk, out),
            State::Xml(scanner) => scanner.feed(chunk, out),
            State::Unreadable => {}
        }
    }

    /// Says that the stream has ended and adds what is left.
    pub fn finish(mut self, out: &mut Vec<Piece>) {
        if let State::Mark(start) = &mut self.state {
            let start = std::mem::take(start);
            self.after_mark(&start, out);
        }
        match self.state {
            State::Mark(_) | State::Blank(_) | State::Unreadable => {}
            State::Json(mut scanner) => scanner.finish(out),
            State::Xml(scanner) => scanner.finish(out),
        }
    }

    fn after_mark(&mut self, start: &[u8], out: &mut Vec<Piece>) {
        if UTF16_MARKS.iter().any(|mark| start.starts_with(mark)) {
            let fault = Some("is UTF-16; save it as UTF-8");
            out.push(Piece { line: 1, media: Media::Json, body: Vec::new(), fault });
            self.state = State::Unreadable;
        } else if WORKBOOKS.iter().any(|begin| start.starts_with(begin)) {
            let fault = Some("is a workbook or another archive; import JSON, NDJSON or XML");
            out.push(Piece { line: 1, media: Media::Json, body: Vec::new(), fault });
            self.state = State::Unreadable;
        } else {
            let text = start.strip_prefix(UTF8_MARK).unwrap_or(start);
            self.after_blank(Spot::START, text, out);
        }
    }

    /// Decides what the stream is by its first byte that is not white space.
    fn after_blank(&mut self, mut spot: Spot, text: &[u8], out: &mut Vec<Piece>) {
        let blank = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let (blank, text) = text.split_at(blank);
        spot.pass(blank);
        self.state = match text.first() {
            None => State::Blank(spot),
            Some(b'<') => {
                let mut scanner = XmlScanner::new(self.capabilities.xml_record, spot);
                scanner.feed(text, out);
                State::Xml(scanner)
            }
            Some(_) => {
                let mut scanner = JsonScanner::new(self.capabilities.envelopes, spot);
                scanner.feed(text, out);
                State::Json(scanner)
            }
        };
    }
}
