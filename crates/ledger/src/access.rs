//! The access log: who saw or changed what, when, from where and why.

use std::fmt;

use jiff::Timestamp;

/// What is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Personal data of one document was shown in full.
    Reveal,
    /// Personal data left as a file.
    Download,
    /// Somebody signed in.
    SignIn,
    /// Somebody may see the seller now.
    PersonAdd,
    /// What somebody may do, or whether they are let in, changed.
    PersonChange,
    /// A program may read the seller's things now.
    KeyAdd,
    /// A program may no more.
    KeyRevoke,
    /// What the seller tells hoesu changed: the item map, days off, how long things may take.
    SettingsChange,
}

impl Deed {
    /// Every deed.
    pub const ALL: [Self; 8] = [
        Self::Reveal,
        Self::Download,
        Self::SignIn,
        Self::PersonAdd,
        Self::PersonChange,
        Self::KeyAdd,
        Self::KeyRevoke,
        Self::SettingsChange,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reveal => "reveal",
            Self::Download => "download",
            Self::SignIn => "sign-in",
            Self::PersonAdd => "person-add",
            Self::PersonChange => "person-change",
            Self::KeyAdd => "key-add",
            Self::KeyRevoke => "key-revoke",
            Self::SettingsChange => "settings-change",
        }
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A line to be written.
#[derive(Debug, Clone)]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// A sign-in name, or whoever sat before the shell.
    pub who: String,
    /// The address the request came from, or `cli`.
    pub origin: String,
    /// What.
    pub what: Deed,
    /// Whose, or of what: a reference to a document, a sign-in name, a key's name; never what is personal
    /// itself.
    pub whose: String,
    /// Why, in the person's words. Kept sealed.
    pub reason: String,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAccess {
    /// Its number, from 1, without gaps.
    pub no: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// From where.
    pub origin: String,
    /// What: a deed's name.
    pub what: String,
    /// Whose.
    pub whose: String,
    /// Why, opened; `None` if what is kept of it does not open.
    pub reason: Option<String>,
}

/// What came of looking at every line of a seller's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many lines hold, from the first.
    pub lines: i64,
    /// The last of those, as 64 hexadecimal digits: kept somewhere else, it shows later whether lines
    /// were cut off the end.
    pub head: String,
    /// The first line that does not hold, and how.
    pub broken: Option<Broken>,
}

/// The first line that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// Its number.
    pub no: i64,
    /// How.
    pub how: Tampering,
}

/// How a log does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tampering {
    /// The line is not there, though a later one is, or one that was vouched for.
    Missing,
    /// The line is not the one that was written, or not where it was.
    Changed,
}

/// A line's number and its chain value, kept by somebody else since: `12:9f86d0…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The line's number.
    pub no: i64,
    /// 64 hexadecimal digits.
    pub head: String,
}

impl std::str::FromStr for Anchor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shape = || "12:9f86d081884c7d65…".to_owned();
        let (no, head) = text.split_once(':').ok_or_else(shape)?;
        let no = no.parse::<i64>().ok().filter(|no| *no >= 0).ok_or_else(shape)?;
        let digits = head.len() == 64 && head.bytes().all(|digit| digit.is_ascii_hexdigit());
        digits.then(|| Self { no, head: head.to_ascii_lowercase() }).ok_or_else(shape)
    }
}
