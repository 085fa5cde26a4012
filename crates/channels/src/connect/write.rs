//! What is done at a channel, in words no channel owns: what can be, what is asked for, what came of
//! it. Nobody here says that something failed when it may have happened.

use hoesu_claims::fact::Quantity;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::failure::ReadFailure;
use super::said::HttpSaid;
use super::{HttpAsk, Upstream, signed};
use crate::{Channel, Title};

/// Something to be done at a channel about one of its documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// The kind of the document it is about.
    pub kind: String,
    /// The document's key.
    pub key: String,
    /// What is to be done.
    #[serde(flatten)]
    pub does: Does,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case")]
pub enum Does {
    /// The channel asks to stop goods: they were stopped, and the money goes back.
    AnswerStopped {
        /// Pieces of the whole claim.
        pieces: Quantity,
    },
    /// The channel asks to stop goods: they had left already, and the claim becomes a return.
    AnswerShipped {
        /// What they left with.
        by: Carriage,
    },
    /// A cancel that was asked for is granted.
    GrantCancel {
        /// Pieces, where the channel asks.
        pieces: Option<Quantity>,
    },
    /// The goods of a claim came back.
    ConfirmReceipt {
        /// Pieces, where the channel asks.
        pieces: Option<Quantity>,
        /// What they came with, where the channel asks.
        by: Option<Carriage>,
    },
    /// The claim is completed: the money goes back.
    Approve {
        /// Pieces of the whole claim.
        pieces: Quantity,
    },
    /// The claim is turned down.
    Refuse {
        /// One of [`Ability::reasons`].
        reason: String,
        /// Pieces, where the channel asks.
        pieces: Option<Quantity>,
        /// A note for the channel, where it takes one.
        note: Option<String>,
    },
    /// The goods come back with a waybill of the seller's own.
    Collect {
        /// What they come with.
        by: Carriage,
        /// The number of the booking, if there is one.
        booking: Option<String>,
    },
    /// The new goods of an exchange leave.
    Resend {
        /// The box they are in, as the channel numbers it.
        parcel: String,
        /// What they leave with.
        by: Carriage,
    },
}

/// Who carries a parcel, and its waybill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carriage {
    /// The courier, by the channel's own code.
    pub courier: String,
    /// Digits.
    pub waybill: String,
}

/// What can be done, without about what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// [`Does::AnswerStopped`].
    AnswerStopped,
    /// [`Does::AnswerShipped`].
    AnswerShipped,
    /// [`Does::GrantCancel`].
    GrantCancel,
    /// [`Does::ConfirmReceipt`].
    ConfirmReceipt,
    /// [`Does::Approve`].
    Approve,
    /// [`Does::Refuse`].
    Refuse,
    /// [`Does::Collect`].
    Collect,
    /// [`Does::Resend`].
    Resend,
}

impl Does {
    /// Which of the verbs it is.
    pub const fn verb(&self) -> Verb {
        match self {
            Self::AnswerStopped { .. } => Verb::AnswerStopped,
            Self::AnswerShipped { .. } => Verb::AnswerShipped,
            Self::GrantCancel { .. } => Verb::GrantCancel,
            Self::ConfirmReceipt { .. } => Verb::ConfirmReceipt,
            Self::Approve { .. } => Verb::Approve,
            Self::Refuse { .. } => Verb::Refuse,
            Self::Collect { .. } => Verb::Collect,
            Self::Resend { .. } => Verb::Resend,
        }
    }
}

/// One thing a channel lets its seller do.
#[derive(Debug)]
pub struct Ability {
    /// What.
    pub verb: Verb,
    /// About which kind of document.
    pub kind: &'static str,
    /// Whether the seller can take it back there. Money that went back cannot be.
    pub reversible: bool,
    /// What the seller may no longer do or claim once it is done; `None` if nothing is lost.
    pub gives_away: Option<Title>,
    /// The codes of [`Does::Refuse`]; empty for other verbs, and where any text will do.
    pub reasons: &'static [(&'static str, Title)],
}

/// What came of a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The channel says it is done.
    Done,
    /// The channel understood and refuses: by this call nothing was done.
    Refused(Refused),
    /// It was turned away before anybody could do it: it is not done. May be asked again as
    /// [`ReadFailure::fix`] says.
    NotDone(ReadFailure),
    /// Nobody knows whether it is done: it must not be asked again before the channel was read.
    /// [`ReadFailure::NoAnswer`] is said by who makes the calls, if the call may have arrived.
    Unknown(ReadFailure),
}

/// What a channel says when it refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why, as far as it matters.
    pub why: Why,
    /// HTTP status.
    pub status: u16,
    /// The channel's own code, if it is one that may be repeated.
    pub code: Option<String>,
}

/// Why a channel refuses, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// It is done already, by whomever: reading the channel says by what.
    Already,
    /// What it is about is not there, or was taken back.
    NotThere,
    /// Anything else: what it is about is in no state for it, or the call says something wrong.
    Otherwise,
}

impl Outcome {
    /// Its name in logs, metrics and tables.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused(Refused { why: Why::Already, .. }) => "done-already",
            Self::Refused(Refused { why: Why::NotThere, .. }) => "not-there",
            Self::Refused(Refused { why: Why::Otherwise, .. }) => "refused",
            Self::NotDone(_) => "not-done",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What was turned away at the door is not done; whatever else went wrong may have been.
    pub(crate) const fn of(failure: ReadFailure) -> Self {
        match failure {
            ReadFailure::RateLimited(_) | ReadFailure::Denied(_) | ReadFailure::Blocked(_) => {
                Self::NotDone(failure)
            }
            ReadFailure::TooMuch
            | ReadFailure::NotThere
            | ReadFailure::Rejected(_)
            | ReadFailure::Failed(_)
            | ReadFailure::Moved
            | ReadFailure::Unreadable(_)
            | ReadFailure::NoAnswer => Self::Unknown(failure),
        }
    }
}

impl HttpSaid {
    /// What a status that is no success says of a deed, where the channel's own words don't say it
    /// better. Only a refusal with a status that blames the call is one.
    pub(crate) fn outcome(&self, why: Why, code: Option<&str>) -> Outcome {
        let status = self.status.as_u16();
        match status {
            401 | 403 | 408 | 429 => Outcome::of(self.failure(code)),
            400..500 => Outcome::Refused(self.refused(why, code)),
            _ => Outcome::of(self.failure(code)),
        }
    }

    /// A refusal with this status.
    pub(crate) fn refused(&self, why: Why, code: Option<&str>) -> Refused {
        let failing = self.failing(code);
        Refused { why, status: failing.status, code: failing.code }
    }
}

/// The call that does a deed, signed at `now`; `None` if the channel doesn't do it. To be sent once:
/// signing again is for a call that was [`Outcome::NotDone`].
pub fn sign_deed(
    channel: &dyn Channel,
    upstream: &Upstream,
    deed: &Deed,
    now: Timestamp,
) -> Option<HttpAsk> {
    let call = channel.connector()?.put_deed(upstream, deed)?;
    Some(signed(channel, upstream, call, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CHANNELS;
    use crate::connect::tests::said;

    #[test]
    fn only_what_was_turned_away_at_the_door_is_not_done() {
        let name = |status| said(status, &[], "").outcome(Why::Otherwise, None).name();
        for status in [401, 403, 429, 302] {
            assert_eq!(name(status), "not-done", "{status}");
        }
        for status in [400, 404, 405, 409, 413, 422] {
            assert_eq!(name(status), "refused", "{status}");
        }
        for status in [408, 500, 502, 503, 504, 521, 524, 599] {
            assert_eq!(name(status), "unknown", "{status}");
        }
        assert_eq!(Outcome::of(ReadFailure::NoAnswer).name(), "unknown");
    }

    #[test]
    fn a_deed_is_kept_in_words_and_read_again() {
        let deed = Deed {
            kind: "return".into(),
            key: "365937".into(),
            does: Does::Resend {
                parcel: "1".into(),
                by: Carriage { courier: "CJGLS".into(), waybill: "380400000001".into() },
            },
        };
        let text = serde_json::to_string(&deed).unwrap();
        assert_eq!(
            text,
            r#"{"kind":"return","key":"365937","does":"resend","parcel":"1","by":{"courier":"CJGLS","waybill":"380400000001"}}"#
        );
        assert_eq!(serde_json::from_str::<Deed>(&text).unwrap(), deed);
    }

    #[test]
    fn abilities_are_about_kinds_of_their_channel_and_named_once() {
        for channel in CHANNELS {
            let Some(connector) = channel.connector() else { continue };
            for (nth, ability) in connector.deeds().iter().enumerate() {
                assert!(channel.capabilities().kinds.contains(&ability.kind), "{ability:?}");
                let same =
                    |other: &&Ability| (other.verb, other.kind) == (ability.verb, ability.kind);
                assert_eq!(connector.deeds().iter().filter(same).count(), 1, "{nth} {ability:?}");
                assert!(ability.reasons.is_empty() || ability.verb == Verb::Refuse);
            }
        }
    }
}
