//! Finds records in JSON by its brackets and strings.
//!
//! An array is looked through, an object is a record unless one of its members leads into an
//! envelope. What stands inside a record is not looked at, only balanced: whether it is JSON is
//! decided when the record is read, so that one broken record costs only itself.
//!
//! **Broken streams.** A line that begins, in its first column, with `{` or `[` where no value can
//! stand (within a string, after a value, in place of a name) begins a new value: what was open
//! before it is refused, from where it began to the end of the last line before a first-column
//! bracket, and reading goes on there. This costs a broken NDJSON line only itself, and a broken
//! record or page printed over many lines only itself, since what is inside those is indented. An
//! unmatched closing bracket and the end of the stream refuse what is open in the same way. What
//! stands between values is refused to the end of its line.

mod held;

use hoesu_claims::Media;

use self::held::{Held, Purpose};
use super::envelope::{Envelopes, Place};
use super::{Piece, Spot};

/// Brackets open at once; a record nested deeper than the reader allows still ends where it ends.
const DEPTH_MAX: usize = 128;

/// No member name of an envelope is longer.
const NAME_MAX: usize = 64;

const NOT_A_RECORD: &str = "is not a record";
pub(crate) const AFTER_END: &str = "stands where a record should begin";
const NOT_CLOSED: &str = "is not complete: its brackets or quotes do not close";
const MISMATCHED: &str = "is broken: a bracket closes what was not opened";
const NO_COMMA: &str = "is broken: a comma is missing before a record";
const TOO_DEEP: &str = "is nested too deep";
const TOO_LONG: &str = "is over 1 MiB";

#[derive(Debug)]
pub(super) struct JsonScanner {
    envelopes: Envelopes,
    open: Vec<Frame>,
    mode: Mode,
    /// The last byte that was neither white space nor within a string.
    last: u8,
    /// The member name being read or read last, where names matter.
    name: Vec<u8>,
    held: Held,
    /// Where the next byte stands.
    spot: Spot,
    /// Whether an envelope was given up, so that its closing brackets may follow.
    gave_up: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Between,
    String {
        escaped: bool,
        named: bool,
    },
    /// Refusing to the end of the line.
    RestOfLine,
    /// Refusing until a line begins with a bracket.
    UntilBracket(&'static str),
}

#[derive(Debug, Clone, Copy)]
struct Frame {
    bracket: u8,
    role: Role,
}

/// What an open bracket is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// An array of what may stand at a place.
    List(Place),
    /// An object that is a record unless a member leads into an envelope.
    Record(Place),
    /// An object one of whose members led into an envelope.
    Wrapper(Place),
    /// Within a record, or within what nobody asked for.
    Inside,
}

/// How far a step came.
enum Step {
    /// So many bytes were read.
    Read(usize),
    /// These bytes, read before, are to be read again first.
    Again(Vec<u8>),
}

impl JsonScanner {
    pub(super) fn new(paths: &'static [&'static [&'static str]], spot: Spot) -> Self {
        Self {
            envelopes: Envelopes::new(paths),
            open: Vec::new(),
            mode: Mode::Between,
            last: 0,
            name: Vec::new(),
            held: Held::default(),
            spot,
            gave_up: false,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut Vec<Piece>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.step(rest, out) {
                Step::Read(count) => rest = &rest[count..],
                Step::Again(before) => self.feed(&before, out),
            }
        }
    }

    pub(super) fn finish(&mut self, out: &mut Vec<Piece>) {
        loop {
            match self.mode {
                Mode::RestOfLine => self.refuse_line(out),
                Mode::UntilBracket(fault) => self.refuse(fault, out),
                Mode::Between | Mode::String { .. } if self.open.is_empty() => return,
                Mode::Between | Mode::String { .. } => match self.give_up(NOT_CLOSED, out) {
                    Some(before) => self.feed(&before, out),
                    None => self.refuse(NOT_CLOSED, out),
                },
            }
            if self.open.is_empty() && self.mode == Mode::Between {
                return;
            }
        }
    }

    /// Reads one byte outside of strings, or a run of them within.
    fn step(&mut self, rest: &[u8], out: &mut Vec<Piece>) -> Step {
        let byte = rest[0];
        let begins_line = self.spot.first_column && matches!(byte, b'{' | b'[');
        match self.mode {
            Mode::String { .. } if begins_line => return self.broken(NOT_CLOSED, true, out),
            Mode::String { escaped, named } => return self.string(rest, escaped, named),
            Mode::RestOfLine if byte == b'\n' => self.refuse_line(out),
            Mode::UntilBracket(fault) if begins_line => {
                self.refuse(fault, out);
                return self.step(rest, out);
            }
            Mode::RestOfLine | Mode::UntilBracket(_) => {}
            Mode::Between => match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b'{' | b'[' => return self.opening(byte, begins_line, out),
                b'}' | b']' => return self.closing(byte, out),
                b',' => {
                    self.value_over(out);
                    self.last = byte;
                }
                b':' => self.last = byte,
                _ => self.scalar(byte),
            },
        }
        if self.open.is_empty() && self.mode == Mode::Between && !byte.is_ascii_whitespace() {
            self.held.begin(Purpose::Refused, self.spot);
            self.mode = Mode::RestOfLine;
        }
        self.read(&rest[..1])
    }

    /// Takes bytes as read.
    fn read(&mut self, bytes: &[u8]) -> Step {
        self.held.push(bytes);
        self.spot.pass(bytes);
        Step::Read(bytes.len())
    }

    /// Within a string: up to its end, an escape or the end of the line.
    fn string(&mut self, rest: &[u8], escaped: bool, named: bool) -> Step {
        if escaped {
            self.mode = Mode::String { escaped: false, named };
            self.spell(&rest[..1], named);
            return self.read(&rest[..1]);
        }
        let stop = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n'));
        let run = stop.unwrap_or(rest.len());
        self.spell(&rest[..run], named);
        match stop.map(|at| rest[at]) {
            Some(b'"') => self.mode = Mode::Between,
            Some(b'\\') => self.mode = Mode::String { escaped: true, named },
            _ => {}
        }
        self.read(&rest[..run + usize::from(stop.is_some())])
    }

    fn spell(&mut self, bytes: &[u8], named: bool) {
        if named && self.name.len() <= NAME_MAX {
            self.name.extend_from_slice(bytes);
        }
    }

    /// A string, a number or a word begins, or goes on.
    fn scalar(&mut self, byte: u8) {
        if self.open.is_empty() {
            return;
        }
        if self.may_begin_value() {
            match self.place_of_value() {
                Target::At(place) if self.envelopes.holds_records(place) => {
                    self.held.begin(Purpose::Scalar, self.spot);
                }
                Target::At(_) | Target::Beside => self.held.begin(Purpose::Beside, self.spot),
                Target::Inside => {}
            }
        }
        if byte == b'"' {
            let named = matches!(self.last, b'{' | b',') && self.names_matter();
            if named {
                self.name.clear();
            }
            self.mode = Mode::String { escaped: false, named };
        }
        self.last = byte;
    }

    fn names_matter(&self) -> bool {
        matches!(self.open.last(), Some(Frame { role: Role::Record(_) | Role::Wrapper(_), .. }))
    }

    /// Whether a value can begin here.
    fn may_begin_value(&self) -> bool {
        match self.open.last() {
            None => true,
            Some(Frame { bracket: b'[', .. }) => matches!(self.last, b'[' | b','),
            Some(_) => self.last == b':',
        }
    }

    /// What a value that begins here is to us. An object whose member leads into an envelope turns
    /// out to be a wrapper.
    fn place_of_value(&mut self) -> Target {
        let Some(frame) = self.open.last_mut() else { return Target::At(Envelopes::ROOT) };
        match frame.role {
            Role::List(place) => Target::At(place),
            Role::Record(place) | Role::Wrapper(place) => {
                if let Some(member) = self.envelopes.member(place, &self.name) {
                    frame.role = Role::Wrapper(place);
                    self.held.drop();
                    Target::At(member)
                } else if matches!(frame.role, Role::Wrapper(_)) {
                    Target::Beside
                } else {
                    Target::Inside
                }
            }
            Role::Inside => Target::Inside,
        }
    }

    fn opening(&mut self, bracket: u8, begins_line: bool, out: &mut Vec<Piece>) -> Step {
        if !self.may_begin_value() {
            let in_envelope = matches!(
                self.open.last(),
                Some(Frame { role: Role::List(_) | Role::Wrapper(_), .. })
            );
            if begins_line || in_envelope {
                let fault = if in_envelope { NO_COMMA } else { NOT_CLOSED };
                return self.broken(fault, begins_line, out);
            }
        }
        if self.open.len() >= DEPTH_MAX {
            return self.broken(TOO_DEEP, begins_line, out);
        }
        let target = if self.may_begin_value() { self.place_of_value() } else { Target::Inside };
        let role = match (target, bracket) {
            (Target::At(place), b'[') => Role::List(place),
            (Target::At(place), _) => {
                self.held.begin(Purpose::Record, self.spot);
                Role::Record(place)
            }
            (Target::Beside, _) => {
                self.held.begin(Purpose::Beside, self.spot);
                Role::Inside
            }
            (Target::Inside, _) => Role::Inside,
        };
        self.open.push(Frame { bracket, role });
        self.last = bracket;
        self.name.clear();
        self.read(&[bracket])
    }

    fn closing(&mut self, bracket: u8, out: &mut Vec<Piece>) -> Step {
        let Some(frame) = self.open.last().copied() else {
            self.held.begin(Purpose::Refused, self.spot);
            self.mode = Mode::RestOfLine;
            return self.read(&[bracket]);
        };
        let opened_by = if bracket == b'}' { b'{' } else { b'[' };
        if frame.bracket != opened_by {
            return self.broken(MISMATCHED, false, out);
        }
        if frame.role != Role::Inside {
            self.value_over(out);
        }
        self.open.pop();
        self.last = bracket;
        let step = self.read(&[bracket]);
        if let Role::Record(place) = frame.role {
            if self.held.over {
                self.refuse(TOO_LONG, out);
            } else if self.envelopes.holds_records(place) {
                self.emit(None, out);
            } else {
                self.held.drop();
            }
        }
        step
    }

    /// A value that stands beside records, or instead of one, has come to its end.
    fn value_over(&mut self, out: &mut Vec<Piece>) {
        let in_envelope =
            matches!(self.open.last(), Some(Frame { role: Role::List(_) | Role::Wrapper(_), .. }));
        if !in_envelope {
            return;
        }
        match self.held.purpose {
            // There are channels that write an empty list as `""`, `[""]` or `null`.
            Purpose::Scalar if matches!(self.held.bytes.trim_ascii(), b"null" | b"\"\"") => {
                self.held.drop();
            }
            Purpose::Scalar => self.refuse(NOT_A_RECORD, out),
            Purpose::Beside => self.held.drop(),
            Purpose::Nothing | Purpose::Record | Purpose::Refused => {}
        }
    }

    /// What is open cannot be closed: refuses it and goes on where a new value begins.
    fn broken(&mut self, fault: &'static str, begins_line: bool, out: &mut Vec<Piece>) -> Step {
        if let Some(before) = self.give_up(fault, out) {
            return Step::Again(before);
        }
        if begins_line {
            self.refuse(fault, out);
        }
        Step::Read(0)
    }

    /// Closes everything. If a line within what is held begins with a bracket, what stands before
    /// it is refused and the rest is to be read again; otherwise refusing goes on.
    fn give_up(&mut self, fault: &'static str, out: &mut Vec<Piece>) -> Option<Vec<u8>> {
        self.gave_up |=
            self.open.iter().any(|frame| !matches!(frame.role, Role::Inside | Role::Record(_)));
        self.open.clear();
        self.last = 0;
        if let Some(before) = self.swallowed_page(fault, out) {
            return Some(before);
        }
        if self.held.purpose == Purpose::Nothing {
            self.held.begin(Purpose::Refused, self.spot);
        }
        let next = if self.held.over {
            None
        } else {
            self.held.bytes.windows(2).position(|pair| matches!(pair, b"\n{" | b"\n["))
        };
        let Some(newline) = next else {
            self.held.purpose = Purpose::Refused;
            self.mode = Mode::UntilBracket(fault);
            return None;
        };
        let before = self.held.bytes.split_off(newline + 1);
        self.spot.line = self.held.line;
        self.spot.pass(&self.held.bytes);
        self.refuse(fault, out);
        Some(before)
    }

    /// A page cut off after a member's name has taken the next page for the member's value: that
    /// page is to be read again, and only the cut is refused, on the line it is on.
    fn swallowed_page(&mut self, fault: &'static str, out: &mut Vec<Piece>) -> Option<Vec<u8>> {
        let held = &mut self.held;
        let begins_line = held.first_column && matches!(held.bytes.first(), Some(b'{' | b'['));
        if held.purpose != Purpose::Beside || held.over || !begins_line {
            return None;
        }
        let (page, line) = (held.take(), held.line);
        let cut = Spot { line: line.saturating_sub(1), first_column: false };
        held.begin(Purpose::Refused, cut);
        self.refuse(fault, out);
        self.spot = Spot { line, first_column: true };
        Some(page)
    }

    fn refuse(&mut self, fault: &'static str, out: &mut Vec<Piece>) {
        self.mode = Mode::Between;
        self.emit(Some(fault), out);
    }

    fn refuse_line(&mut self, out: &mut Vec<Piece>) {
        let closing = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r');
        if self.gave_up && self.held.bytes.iter().all(closing) {
            self.mode = Mode::Between;
            self.held.drop();
        } else {
            self.refuse(AFTER_END, out);
        }
    }

    fn emit(&mut self, fault: Option<&'static str>, out: &mut Vec<Piece>) {
        let line = self.held.line;
        let mut body = self.held.take();
        if fault.is_some() {
            body.truncate(body.trim_ascii_end().len());
        }
        out.push(Piece { line, media: Media::Json, body, fault });
    }
}

/// What a value is to us.
enum Target {
    /// It stands at a place of an envelope.
    At(Place),
    /// It stands in an envelope, beside the records.
    Beside,
    /// It is part of something.
    Inside,
}
