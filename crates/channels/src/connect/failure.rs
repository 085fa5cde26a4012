//! Why a question has no answer, and what is to be done about it. Nothing here repeats what the
//! channel wrote but its codes: messages may carry anything.

use jiff::{SignedDuration, Timestamp};

use crate::Title;

/// How long a channel asks to be left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// So long from the answer on.
    For(SignedDuration),
    /// Until this instant.
    Until(Timestamp),
}

/// Why we are not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The key is unknown, expired, or not this seller's; or the secret is wrong.
    Key,
    /// The signature came too late or too early: a clock is wrong, or the call waited too long.
    Clock,
    /// Our address is not one the seller registered.
    Address,
}

/// What the channel said when it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// HTTP status.
    pub status: u16,
    /// The channel's own code, if the body had one.
    pub code: Option<String>,
    /// How long it asks to be left alone.
    pub retry_after: Option<RetryAfter>,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadFailure {
    /// Too many calls.
    RateLimited(Option<RetryAfter>),
    /// Not let in.
    Denied(Denied),
    /// A gate before the channel turns us away without the channel's own words: a redirection, a
    /// page in HTML. More calls make it worse.
    Blocked(u16),
    /// The answer was too large, or took the channel too long.
    TooMuch,
    /// The channel documents that what was asked by number is not there for us.
    NotThere,
    /// The channel understood the question and refuses it: ours is wrong.
    Rejected(Failing),
    /// The channel failed, whatever its status says.
    Failed(Failing),
    /// Rows moved between the pages of a list.
    Moved,
    /// What came is not what the channel documents: what is wrong with it, without any of it.
    Unreadable(&'static str),
    /// Nothing came: no connection, no whole answer in time. Said by who makes the calls.
    NoAnswer,
}

/// What is to be done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fix {
    /// Leave the account alone for so long, or for as long as backing off says; then ask the same.
    Wait(Option<RetryAfter>),
    /// Ask the same again after backing off; the account's circuit counts it.
    Again,
    /// [`Reading::split`](super::Reading::split), and ask the halves. If it can't be split, as
    /// [`Fix::Again`].
    Split,
    /// Stop asking with this key: a person has to look.
    Person,
    /// Go on without it.
    GoOn,
}

impl ReadFailure {
    /// What is to be done.
    pub const fn fix(&self) -> Fix {
        match self {
            Self::RateLimited(after) => Fix::Wait(*after),
            Self::Blocked(_) => Fix::Wait(None),
            Self::Failed(Failing { retry_after: Some(after), .. }) => Fix::Wait(Some(*after)),
            // Signed anew a late call may pass; with a wrong clock none does, and the circuit opens.
            Self::Failed(_)
            | Self::Moved
            | Self::Unreadable(_)
            | Self::NoAnswer
            | Self::Denied(Denied::Clock) => Fix::Again,
            Self::Denied(Denied::Key | Denied::Address) | Self::Rejected(_) => Fix::Person,
            Self::TooMuch => Fix::Split,
            Self::NotThere => Fix::GoOn,
        }
    }

    /// Its name in logs, metrics and coverage.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::RateLimited(_) => "rate-limited",
            Self::Denied(Denied::Key) => "key-refused",
            Self::Denied(Denied::Clock) => "signature-expired",
            Self::Denied(Denied::Address) => "address-refused",
            Self::Blocked(_) => "blocked",
            Self::TooMuch => "too-much",
            Self::NotThere => "not-there",
            Self::Rejected(_) => "rejected",
            Self::Failed(_) => "channel-failed",
            Self::Moved => "rows-moved",
            Self::Unreadable(_) => "unreadable",
            Self::NoAnswer => "no-answer",
        }
    }
}

/// What a failure's [name](ReadFailure::name) means, for people; `None` if it is no failure's.
pub fn failure_title(name: &str) -> Option<Title> {
    Some(match name {
        "rate-limited" => Title { ko: "호출이 너무 많대요", en: "too many calls" },
        "key-refused" => Title { ko: "키를 받아 주지 않아요", en: "the key is refused" },
        "signature-expired" => {
            Title { ko: "서명 시각이 맞지 않아요", en: "the signature's time is refused" }
        }
        "address-refused" => Title {
            ko: "등록되지 않은 IP래요",
            en: "this machine's address is not registered",
        },
        "blocked" => Title { ko: "접속이 막혔어요", en: "blocked before the channel" },
        "too-much" => Title {
            ko: "한 번에 물은 것이 너무 많아요",
            en: "too much was asked at once",
        },
        "not-there" => Title { ko: "없대요", en: "there is none" },
        "rejected" => {
            Title { ko: "물은 것을 받아 주지 않아요", en: "the question is refused" }
        }
        "channel-failed" => Title { ko: "채널 쪽 오류예요", en: "the channel failed" },
        "rows-moved" => Title {
            ko: "읽는 사이에 목록이 바뀌었어요",
            en: "the list changed meanwhile",
        },
        "unreadable" => Title { ko: "답을 읽을 수 없어요", en: "the answer can't be read" },
        "no-answer" => Title { ko: "답이 없어요", en: "no answer" },
        _ => return None,
    })
}

impl std::fmt::Display for ReadFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Blocked(status) => write!(f, " (HTTP {status})"),
            Self::Rejected(failing) | Self::Failed(failing) => match &failing.code {
                Some(code) => write!(f, " (HTTP {}, code {code})", failing.status),
                None => write!(f, " (HTTP {})", failing.status),
            },
            Self::Unreadable(why) => write!(f, " ({why})"),
            Self::RateLimited(_)
            | Self::Denied(_)
            | Self::TooMuch
            | Self::NotThere
            | Self::Moved
            | Self::NoAnswer => Ok(()),
        }
    }
}

impl std::error::Error for ReadFailure {}
