//! What to do with arriving documents: decided without a database, the same for both.
//!
//! A document is known by its contents. Of each content the ledger keeps when it was heard first and
//! when last; of each mark, its value as heard last. Both are sets that only grow, so the order in
//! which hearings arrive decides nothing: which content is current follows from [`Place`] alone. (Where
//! nobody says when rows were heard, it is when their import was begun: see [`Hearing`].)

mod batch;
mod marks;
mod terms;

use crate::Put;
use crate::store::{Arriving, Digest};

pub(crate) use batch::{AppendResult, Batch, Body, Interval, Known, Version};
pub(crate) use marks::KnownMarks;
pub(crate) use terms::{moments, term_change, with_other_marks};

/// What a channel's time of change may lie ahead of the hearing before it is taken for an error, in
/// milliseconds: clocks differ, and a document dated in the next century must not be current for ever.
const AHEAD_MS_MAX: i64 = 24 * 60 * 60 * 1000;

/// One time a content was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hearing {
    /// When the channel was heard saying it.
    pub(crate) heard_at: i64,
    /// Parts hearings of one instant, such as rows of one file: the microsecond at which it reached us,
    /// and how many stood before it there.
    pub(crate) received: i64,
}

/// Where a content stands among those of its document; the greatest is current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place<'a> {
    /// The channel's time of change where it moves with every change, else when it was heard last.
    by: i64,
    heard_at: i64,
    changed_at: i64,
    received: i64,
    /// What parts contents that nothing else parts. Digests are keyed by seller: they would part the
    /// same contents otherwise in another ledger.
    body: &'a [u8],
}

impl<'a> Place<'a> {
    /// Of a content heard last at `last`. `dated` says that the channel's time of change moves with
    /// every change; a content without one (0), or with an absurd one, stands where it was heard.
    pub(crate) fn of(dated: bool, last: Hearing, changed_at: i64, body: &'a [u8]) -> Self {
        let Hearing { heard_at, received } = last;
        let is_sane = changed_at != 0 && changed_at <= heard_at.saturating_add(AHEAD_MS_MAX);
        let by = if dated && is_sane { changed_at } else { heard_at };
        Self { by, heard_at, changed_at, received, body }
    }
}

/// The current version of a document as its row says.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) no: i64,
    pub(crate) seq: i64,
    pub(crate) versions: i64,
    /// When the current content was heard last.
    pub(crate) last: Hearing,
    pub(crate) changed_at: i64,
    /// Whether that time moves with every change.
    pub(crate) dated: bool,
    pub(crate) digest: Digest,
    pub(crate) marks: KnownMarks,
}

/// What is known of one content of a document, whether current or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) first_at: i64,
    pub(crate) last: Hearing,
}

impl Content {
    fn new(hearing: Hearing) -> Self {
        Self { first_at: hearing.heard_at, last: hearing }
    }

    fn with(self, hearing: Hearing) -> Self {
        Self { first_at: self.first_at.min(hearing.heard_at), last: self.last.max(hearing) }
    }
}

/// The decision on one arriving document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Known with other content, where that is refused.
    Conflict,
    /// Known, and nothing of it is new.
    Known,
    /// A version with the arriving content, current from now on.
    Current { content: Content, marks: KnownMarks },
    /// The current content was heard again: no version.
    Again { content: Content, marks: KnownMarks },
    /// Another content than the current one. It is a version unless the content is `known`; `marked`
    /// if the current content goes on with other marks, which is a version of it.
    Late { content: Content, known: bool, marks: KnownMarks, marked: bool },
}

/// Decides. `content` is what is known of the arriving content, if the document is known with it;
/// `body` is the current one, and may be empty where [`Known::tied`] says that nothing hangs on it.
pub(crate) fn decide(
    put: Put,
    head: Option<&Head>,
    body: &[u8],
    content: Option<Content>,
    arriving: &Arriving,
) -> Decision {
    let hearing = arriving.hearing();
    let told = KnownMarks::told(&arriving.marks, hearing.heard_at);
    let Some(head) = head else {
        return Decision::Current { content: Content::new(hearing), marks: told };
    };
    let is_current = head.digest == arriving.digest;
    if put == Put::Once {
        return if is_current { Decision::Known } else { Decision::Conflict };
    }
    let marks = head.marks.merged(&told);
    let marked = marks.values() != head.marks.values();
    let now = content.map_or(Content::new(hearing), |known| known.with(hearing));
    if is_current {
        return if marked {
            Decision::Current { content: now, marks }
        } else if content == Some(now) && marks == head.marks {
            Decision::Known
        } else {
            Decision::Again { content: now, marks }
        };
    }
    let place = Place::of(arriving.dated, now.last, arriving.changed_at, &arriving.body);
    if place > Place::of(head.dated, head.last, head.changed_at, body) {
        return Decision::Current { content: now, marks };
    }
    if content == Some(now) && marks == head.marks {
        return Decision::Known;
    }
    Decision::Late { content: now, known: content.is_some(), marks, marked }
}

#[cfg(test)]
mod tests;
