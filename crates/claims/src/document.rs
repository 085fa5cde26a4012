//! A document (원문): what a channel said about one thing, verbatim and versioned.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::found::{Found, Moment};

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// RFC 8259, UTF-8.
    Json,
    /// XML 1.0, UTF-8, one element.
    Xml,
}

impl Media {
    /// The name it is stored under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }

    /// The media a stored name stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "json" => Some(Self::Json),
            "xml" => Some(Self::Xml),
            _ => None,
        }
    }
}

/// What is known about a document beside its body: instants the channel tells only by which feed a
/// row comes from (a warehouse's confirmed and closed days are the case that made this). Part of the
/// content: a new mark is a new version, a missing one keeps what was known.
pub type Marks = BTreeMap<Moment, Timestamp>;

/// A document on its way into the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// The channel's own number of the thing, unique among the account's documents of this kind.
    pub key: String,
    /// How `body` is written.
    pub media: Media,
    /// The record as the channel wrote it, without white space between tokens.
    pub body: Vec<u8>,
    /// Beside the body.
    pub marks: Marks,
    /// What it can be found by.
    pub found: Found,
    /// When the channel was heard saying this. Decides which version is the current one.
    pub observed_at: Timestamp,
}

/// One version of a document, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The channel's own number of the thing.
    pub key: String,
    /// 1 for the first version that arrived, counting up by arrival.
    pub version: i64,
    /// Where this version stands in the seller's change sequence.
    pub seq: i64,
    /// How `body` is written.
    pub media: Media,
    /// As the channel wrote it.
    pub body: Vec<u8>,
    /// Beside the body.
    pub marks: Marks,
    /// When the channel was heard saying this.
    pub observed_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_is_found_again_under_its_stored_name() {
        for media in [Media::Json, Media::Xml] {
            assert_eq!(Media::from_name(media.name()), Some(media));
        }
        assert_eq!(Media::from_name("yaml"), None);
    }
}
