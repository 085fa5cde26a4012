//! The bytes of the value being read, and what they are kept for.

use crate::line;
use crate::split::{RECORD_MAX, Spot};

/// What the held bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Purpose {
    #[default]
    Nothing,
    Record,
    /// Neither array nor object, where a record could stand.
    Scalar,
    /// A member beside the records; kept until what follows shows that the envelope goes on.
    Beside,
    Refused,
}

#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) purpose: Purpose,
    pub(super) bytes: Vec<u8>,
    /// The line the first byte stands on, from 1.
    pub(super) line: u64,
    /// Whether the first byte is the first of its line.
    pub(super) first_column: bool,
    /// Whether there were more bytes than are kept.
    pub(super) over: bool,
}

impl Held {
    pub(super) fn begin(&mut self, purpose: Purpose, Spot { line, first_column }: Spot) {
        self.purpose = purpose;
        self.line = line;
        self.first_column = first_column;
        self.over = false;
        self.bytes.clear();
    }

    pub(super) fn drop(&mut self) {
        self.purpose = Purpose::Nothing;
        self.over = false;
        self.bytes.clear();
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.purpose == Purpose::Nothing || self.over {
            return;
        }
        if self.bytes.len() + bytes.len() <= RECORD_MAX {
            self.bytes.extend_from_slice(bytes);
            return;
        }
        let room = self.limit() - self.bytes.len();
        self.over = bytes.len() > room;
        self.bytes.extend_from_slice(&bytes[..room.min(bytes.len())]);
    }

    /// An exported line carries a document and what is beside it, with its quotes escaped.
    fn limit(&self) -> usize {
        if self.bytes.starts_with(line::START.as_bytes()) { line::LINE_MAX } else { RECORD_MAX }
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        self.purpose = Purpose::Nothing;
        let room = self.bytes.len().min(8 << 10);
        std::mem::replace(&mut self.bytes, Vec::with_capacity(room))
    }
}
