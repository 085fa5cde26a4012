//! What a channel is: capabilities as data, and the few things each must know how to do.

use std::collections::BTreeMap;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use hoesu_claims::document::Marks;
use hoesu_claims::link::Trade;
use hoesu_claims::{Document, Fact, Found, Media};
use hoesu_ledger::Cause;
use jiff::Timestamp;

use crate::connect::Connector;
use crate::desk::Desk;
use crate::people::Personal;
use crate::stall::Stall;

/// A foreign system hoesu speaks with. Implementations are plain values without state.
pub trait Channel: Send + Sync + 'static {
    /// The id in commands, settings and tables: lower case, stable.
    fn id(&self) -> &'static str;

    /// What people call it.
    fn title(&self) -> Title;

    /// What it can do, as data.
    fn capabilities(&self) -> &'static Capabilities;

    /// Reads one record: what kind of document it is, its key, what it can be found by. Total over
    /// unknown codes and unknown fields; fails only where the record has no identity or a field has
    /// a form that no version of the contract allows.
    fn read(&self, media: Media, body: &[u8]) -> Result<Reading, Refusal>;

    /// What a document of one of [`Capabilities::kinds`] tells. Total: whatever the body is, the answer
    /// is a list of facts; what the contract does not know is one of them.
    fn facts(&self, kind: &str, document: &Document) -> Vec<Fact>;

    /// What accounts of the channel do for a seller.
    fn trade(&self) -> Trade {
        Trade::Market
    }

    /// What we answer in this channel's name, on its exact paths.
    fn surface(&self, desk: Desk) -> Router;

    /// Whether a path is the channel's, served or not.
    fn owns(&self, path: &str) -> bool;

    /// The channel's own form for what goes wrong around a handler.
    fn refuse(&self, fault: Fault, headers: &HeaderMap) -> Response;

    /// What the channel says to a caller it turns away, where that is known; a simulated market says it
    /// when it is told to.
    fn turn_away(&self, away: Away, headers: &HeaderMap) -> Option<Response> {
        let _ = (away, headers);
        None
    }

    /// Headers that prove to the channel who we are.
    fn authorize(&self, call: &Call<'_>) -> Vec<(&'static str, String)>;

    /// How the channel is asked; `None` if we only answer in its name.
    fn connector(&self) -> Option<&'static dyn Connector> {
        None
    }

    /// What a seller might look for and no document of the channel has a call for, so that it is neither
    /// asked nor done.
    fn undocumented(&self) -> &'static [Title] {
        &[]
    }

    /// The channel as a simulated market plays it; `None` if no market has it.
    fn stall(&self) -> Option<&'static dyn Stall> {
        None
    }

    /// The `nth` made-up document (people included) of a kind; the same for the same numbers.
    /// `None` if no documents of this kind are made up.
    fn invent(&self, kind: &str, nth: u64) -> Option<Invented>;

    /// The made-up documents about the `nth` made-up order, with their kinds; none if the order is
    /// another channel's. What one channel says of an order meets what the others say of it.
    fn invent_order(&self, nth: u64) -> Vec<(&'static str, Invented)> {
        let kinds = self.capabilities().kinds.iter();
        kinds.filter_map(|kind| Some((*kind, self.invent(kind, nth)?))).collect()
    }

    /// The documents of the channel's own documentation, put into the demo's ledger.
    fn samples(&self) -> Vec<Invented>;

    /// Calls that show the channel's documented answers against [`Channel::samples`].
    fn examples(&self, credentials: &BTreeMap<String, String>) -> Vec<Example>;

    /// Calls the channel's surface is measured with; none unless it has a hot path.
    fn probes(&self) -> &'static [Probe] {
        &[]
    }
}

/// A call to be signed.
#[derive(Debug)]
pub struct Call<'a> {
    /// The account's credential fields by name.
    pub credentials: &'a BTreeMap<String, String>,
    /// HTTP method.
    pub method: &'a Method,
    /// Path, from `/`.
    pub path: &'a str,
    /// Query as sent, without `?`; empty if none.
    pub query: &'a str,
    /// When.
    pub now: Timestamp,
}

/// A name in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Title {
    /// 한국어.
    pub ko: &'static str,
    /// English.
    pub en: &'static str,
}

/// What a channel can do, as data. Contract tests, command line, console and documents read it.
#[derive(Debug)]
pub struct Capabilities {
    /// The kinds of documents it has.
    pub kinds: &'static [&'static str],
    /// Where the records lie in the channel's response bodies: paths of member names from the root;
    /// the longest that fits wins. The value is an array of records or a single one.
    pub envelopes: &'static [&'static [&'static str]],
    /// The element that holds one record in XML bodies; empty if the channel speaks no XML.
    pub xml_record: &'static str,
    /// Which members of its records hold what is somebody's, and which hold words that are nobody's; the
    /// longest path that fits wins. A text nobody named here is only shown if it looks like a code.
    pub people: &'static [Personal],
    /// What an account of it may be given beside its credential.
    pub settings: &'static [Setting],
    /// The fields of the credential its surface asks for.
    pub credential: &'static [CredentialField],
    /// Every endpoint we know of.
    pub endpoints: &'static [Endpoint],
}

/// A setting of an account.
#[derive(Debug)]
pub struct Setting {
    /// Its name in `--set`.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub what: Title,
    /// The values it may have; empty if any.
    pub values: &'static [&'static str],
    /// Kept sealed and never shown again.
    pub secret: bool,
}

/// What a field of a credential is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Public, kept as a setting.
    Setting,
    /// What the caller shows: looked up by a keyed hash, never kept.
    Credential,
    /// What signatures are made with: kept sealed.
    Secret,
}

/// A field of a credential.
#[derive(Debug)]
pub struct CredentialField {
    /// Its name in `--set` and in the answer of `account add`.
    pub name: &'static str,
    /// What it is for.
    pub role: Role,
    /// Makes one from 32 random bytes.
    pub make: fn([u8; 32]) -> String,
    /// Says what is wrong with a given one, in a sentence that follows the field's name.
    pub check: fn(&str) -> Result<(), &'static str>,
}

/// How sure we are of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// The channel documents it.
    Documented,
    /// Live clients met it.
    Measured,
    /// Ours, where the channel says nothing.
    Ours,
}

/// Who calls whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// We answer.
    Served,
    /// It asks for something to be done: answered where there is a floor to do it on, known elsewhere.
    Acting,
    /// We know of it; it is answered in the channel's own form for «not here».
    Known,
}

/// One endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// HTTP method.
    pub method: &'static str,
    /// Path in axum's spelling.
    pub path: &'static str,
    /// What it does, in a few words.
    pub what: &'static str,
    /// Whether we answer it.
    pub side: Side,
    /// The stem of its fixtures, `""` if it has none.
    pub fixture: &'static str,
    /// Where it is documented.
    pub source: &'static str,
    /// How sure we are.
    pub confidence: Confidence,
    /// The longest window it answers, in days; 0 if it has none.
    pub query_days_max: u32,
    /// The most rows on one page; 0 if it has no pages.
    pub page_rows_max: u32,
}

/// What a record is.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// One of [`Capabilities::kinds`].
    pub kind: &'static str,
    /// Its own number.
    pub key: String,
    /// What it can be found by.
    pub found: Found,
}

/// Why a record or a request was refused, without any of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The field at fault, in the channel's spelling, as a path; `""` if it is the whole.
    pub field: String,
    /// A sentence that can follow the field's name.
    pub why: String,
}

impl Refusal {
    /// A refusal of one field.
    pub fn of(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self { field: field.into(), why: why.into() }
    }
}

/// What can go wrong around a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No such path, or one we know and don't answer.
    NotFound,
    /// The path exists, the method doesn't.
    MethodNotAllowed,
    /// The body is over the limit.
    TooLarge,
    /// The handler took too long.
    TimedOut,
    /// The ledger could not be reached for now.
    Unavailable,
    /// We broke.
    Broken,
}

impl Fault {
    /// The status HTTP has for it; a channel's form may use another.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TimedOut => StatusCode::GATEWAY_TIMEOUT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a caller is told to wait before the same call is made again, in seconds; `None` where
    /// waiting does not help.
    pub const fn retry_after(self) -> Option<HeaderValue> {
        match self {
            Self::Unavailable => Some(HeaderValue::from_static("1")),
            Self::NotFound
            | Self::MethodNotAllowed
            | Self::TooLarge
            | Self::TimedOut
            | Self::Broken => None,
        }
    }

    /// A channel's answer, with [`Fault::retry_after`].
    pub(crate) fn with_retry_after(self, mut response: Response) -> Response {
        if let Some(after) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }
}

impl From<hoesu_ledger::Error> for Fault {
    fn from(error: hoesu_ledger::Error) -> Self {
        let cause = error.cause().code();
        tracing::error!(
            error = &error as &dyn std::error::Error,
            cause,
            "the ledger did not do what was asked"
        );
        error.cause().into()
    }
}

impl From<Cause> for Fault {
    fn from(cause: Cause) -> Self {
        if cause.is_unavailable() { Self::Unavailable } else { Self::Broken }
    }
}

/// Why a caller is turned away who did nothing wrong in the call itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away {
    /// The proof of who calls is too old, or the key is no more: HTTP 401.
    Expired,
    /// The caller's address may not call: HTTP 403.
    Forbidden,
    /// Too many calls: HTTP 429.
    TooMany,
}

impl Away {
    /// The status HTTP has for it.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Expired => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

/// A made-up or sample document.
#[derive(Debug, Clone, PartialEq)]
pub struct Invented {
    /// How `body` is written.
    pub media: Media,
    /// The record, without white space between tokens.
    pub body: Vec<u8>,
    /// What the channel tells beside the body.
    pub marks: Marks,
}

/// A call the surface is measured with, against a ledger of made-up documents.
#[derive(Debug)]
pub struct Probe {
    /// Its name in tables: `Q1`.
    pub id: &'static str,
    /// What it asks.
    pub what: Title,
    /// The kind of documents it needs; all of a channel's probes need the same.
    pub kind: &'static str,
    /// A call about the `nth` of so many made-up documents.
    pub call: fn(credentials: &BTreeMap<String, String>, nth: u64, documents: u64) -> Example,
}

/// A call a reader can try.
#[derive(Debug, Clone)]
pub struct Example {
    /// What it shows, in a few words.
    pub what: Title,
    /// HTTP method.
    pub method: Method,
    /// Path, from `/`.
    pub path: String,
    /// Query without `?`; empty if none.
    pub query: String,
    /// Headers beside the authorization.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if any.
    pub body: Option<String>,
}
