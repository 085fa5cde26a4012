//! What we ask of a channel as its client: pure protocol, with HTTP handed in.
//!
//! A connector says what its feeds are, how a question is put and how an answer is read. Cutting a
//! span of time into windows, paging, and coming back after a failure are written once, in
//! [`Reading`]; signing is the channel's own [`Channel::authorize`].

mod envelope;
mod failure;
mod query;
mod reading;
mod said;
mod upstream;
mod window;
mod write;

use axum::http::Method;
use hoesu_claims::Media;
use hoesu_claims::document::Marks;
use jiff::{SignedDuration, Timestamp};

use crate::Channel;
use crate::channel::Call;

pub(crate) use envelope::{Envelope, rows};
pub use failure::{Denied, Failing, Fix, ReadFailure, RetryAfter, failure_title};
pub(crate) use query::{query, segment};
pub use reading::{Reading, Taken};
pub use said::HttpSaid;
pub(crate) use upstream::{ADDRESS, ISSUED, shown};
pub use upstream::{BASE_URL, ISSUED_ON, Upstream, WrongUpstream};
pub use window::{Span, Step, Window};
pub use write::{Ability, Carriage, Deed, Does, Outcome, Refused, Verb, Why, sign_deed};

/// A channel as it is asked. Implementations are plain values without state.
pub trait Connector: Send + Sync + 'static {
    /// Where the real channel answers: scheme and host.
    fn address(&self) -> &'static str;

    /// What is read by spans of time.
    fn feeds(&self) -> &'static [Feed];

    /// How many days a key works from the day it was issued; `None` if for ever, or if that is not
    /// known.
    fn key_days(&self) -> Option<u32> {
        None
    }

    /// How many calls a second the channel takes from one account.
    fn calls_per_second(&self) -> u32 {
        5
    }

    /// What is asked by number.
    fn lookups(&self) -> &'static [Lookup] {
        &[]
    }

    /// The call that puts a question, not signed yet. The question is about one of
    /// [`Connector::feeds`] or [`Connector::lookups`].
    fn put(&self, upstream: &Upstream, ask: &Ask) -> Unsigned;

    /// Reads what came back. Only what the channel documents as success is a page; a success
    /// without rows is an empty page, and everything else is a failure.
    fn read(&self, ask: &Ask, said: &HttpSaid) -> Result<FeedPage, ReadFailure>;

    /// A record as this connector hears it, of one that a surface serves: some versions of a channel's
    /// calls write the same thing in another form.
    fn heard(&self, kind: &str, body: &[u8]) -> Vec<u8> {
        let _ = kind;
        body.to_vec()
    }

    /// What is to be looked up once a record of a feed is new or has changed, before its page is
    /// stored: ids of [`Connector::lookups`], each with the key it is asked with.
    fn wants(&self, record: &crate::Reading) -> Vec<(&'static str, String)> {
        let _ = record;
        Vec::new()
    }

    /// What says what became of a document which lists are not read for any more: ids of
    /// [`Connector::lookups`], each with the key it is asked with. That a list doesn't show it says
    /// nothing by itself.
    fn missed(&self, record: &crate::Reading) -> Vec<(&'static str, String)> {
        let _ = record;
        Vec::new()
    }

    /// What the channel lets its seller do.
    fn deeds(&self) -> &'static [Ability] {
        &[]
    }

    /// The couriers most parcels go with: the channel's own codes for [`Carriage::courier`], and what
    /// people call them. There may be more than these.
    fn couriers(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// The call that does a deed, not signed yet; `None` if it is none of [`Connector::deeds`] or its
    /// numbers are none of the channel's.
    fn put_deed(&self, upstream: &Upstream, deed: &Deed) -> Option<Unsigned> {
        let _ = (upstream, deed);
        None
    }

    /// Reads what came back from a deed. Only what the channel documents as success is done, only
    /// what it documents as a refusal is refused; after anything else nobody knows.
    fn read_deed(&self, deed: &Deed, said: &HttpSaid) -> Outcome {
        let _ = (deed, said);
        Outcome::Unknown(ReadFailure::Unreadable("an answer nobody asked for"))
    }

    /// The feed of this id.
    fn feed(&self, id: &str) -> Option<&'static Feed> {
        self.feeds().iter().find(|feed| feed.id == id)
    }

    /// The lookup of this id.
    fn lookup(&self, id: &str) -> Option<&'static Lookup> {
        self.lookups().iter().find(|lookup| lookup.id == id)
    }
}

/// A list of a channel that is read by spans of time.
#[derive(Debug)]
pub struct Feed {
    /// Its name in tables and commands, unique within the channel.
    pub id: &'static str,
    /// What it is, for people.
    pub title: crate::Title,
    /// The kinds of documents it brings, of the channel's kinds.
    pub kinds: &'static [&'static str],
    /// How finely the channel takes a span of time. Windows begin and end on whole steps.
    pub step: Step,
    /// The longest window we ask for; a whole number of steps, within what the channel allows.
    pub window_max: SignedDuration,
    /// The calls one window takes, told apart by a code of the channel; `[""]` if it is one. They
    /// are read in this order, which is the order in which things move from one to the next.
    pub parts: &'static [&'static str],
    /// How an answer goes on.
    pub paging: Paging,
    /// How far a new span must reach back into what was read before: rows that come late.
    pub overlap: SignedDuration,
    /// How far back the nightly re-reading goes; zero if another feed does it.
    pub again: SignedDuration,
    /// How fresh the feed is to be kept, from the channel showing a row to our having it.
    pub promise: SignedDuration,
}

impl Feed {
    /// What to read at `now` when everything before `read_until` has been read.
    pub fn span(&self, read_until: Timestamp, now: Timestamp) -> Span {
        Span::back(read_until.min(now), self.overlap, now)
    }

    /// What the nightly re-reading reads at `now`; `None` if the feed has none.
    pub fn again(&self, now: Timestamp) -> Option<Span> {
        (self.again > SignedDuration::ZERO).then(|| Span::back(now, self.again, now))
    }
}

/// How a list goes on after its first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// It doesn't: one answer is all.
    None,
    /// By a token that each page says for the next.
    Token,
    /// By numbers from 1.
    Numbers,
}

/// Something asked by its number, beside the feeds.
#[derive(Debug)]
pub struct Lookup {
    /// Its name, unique within the channel.
    pub id: &'static str,
    /// The kind of documents it brings.
    pub kind: &'static str,
    /// How many numbers one call may name: the documents' keys, unless the channel's lookup says
    /// otherwise.
    pub keys_max: usize,
}

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Page {
    /// The one an earlier page named.
    Token(String),
    /// The one of this number; the first, which is never named, is 1.
    Number(u64),
}

/// One question.
#[derive(Debug, Clone)]
pub enum Ask {
    /// A page of a part of a window of a feed.
    List {
        /// Which feed.
        feed: &'static Feed,
        /// What span of time.
        window: Window,
        /// One of [`Feed::parts`].
        part: &'static str,
        /// Which page; the first if none is named.
        page: Option<Page>,
    },
    /// Documents by number.
    Keys {
        /// Which lookup.
        lookup: &'static Lookup,
        /// At least one, at most [`Lookup::keys_max`].
        keys: Vec<String>,
    },
}

/// A call that nobody has signed yet.
#[derive(Debug, Clone)]
pub struct Unsigned {
    /// HTTP method.
    pub method: Method,
    /// Path, from `/`, percent-encoded.
    pub path: String,
    /// Query without `?`, percent-encoded; empty if none.
    pub query: String,
    /// Headers beside the proof of who we are.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty if none.
    pub body: Vec<u8>,
}

/// A call as it is to be sent, byte for byte. Redirects are not to be followed: the signature covers
/// just this path.
#[derive(Clone)]
pub struct HttpAsk {
    /// HTTP method.
    pub method: Method,
    /// Scheme, host and port: `https://example.com`.
    pub origin: String,
    /// Path, from `/`, percent-encoded.
    pub path: String,
    /// Query without `?`, percent-encoded; empty if none.
    pub query: String,
    /// Every header but `Host` and `Content-Length`. Carries the credential: never logged.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty if none.
    pub body: Vec<u8>,
}

impl HttpAsk {
    /// The whole address.
    pub fn url(&self) -> String {
        format!("{}{}", self.origin, self.target())
    }

    /// Path and query, as in the request line.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }
}

impl std::fmt::Debug for HttpAsk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpAsk")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The call that puts a question to a channel, signed at `now`; `None` if we don't ask the channel.
/// A signature is good for minutes only: sign just before sending, and again for every attempt.
pub fn sign(
    channel: &dyn Channel,
    upstream: &Upstream,
    ask: &Ask,
    now: Timestamp,
) -> Option<HttpAsk> {
    let call = channel.connector()?.put(upstream, ask);
    Some(signed(channel, upstream, call, now))
}

fn signed(channel: &dyn Channel, upstream: &Upstream, call: Unsigned, now: Timestamp) -> HttpAsk {
    let Unsigned { method, path, query, mut headers, body } = call;
    let call = Call {
        credentials: upstream.credentials(),
        method: &method,
        path: &path,
        query: &query,
        now,
    };
    headers.extend(channel.authorize(&call));
    HttpAsk { method, origin: upstream.origin().to_owned(), path, query, headers, body }
}

/// A record as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The kind the feed expects it to be; the channel's own reading of the record decides.
    pub kind: &'static str,
    /// How `body` is written.
    pub media: Media,
    /// Token for token as the channel wrote it.
    pub body: Vec<u8>,
    /// What the channel tells by the question it answered.
    pub marks: Marks,
}

/// One page of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedPage {
    /// Its records in the order they came.
    pub records: Vec<Record>,
    /// The page after it; none after the last.
    pub next: Option<Page>,
    /// How many rows all pages have together, where the channel says so.
    pub total: Option<u64>,
}

#[cfg(test)]
pub(crate) mod tests;
