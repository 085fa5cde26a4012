//! What came back from a channel, and what its status alone says.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use jiff::SignedDuration;
use jiff::fmt::rfc2822;

use super::failure::{Denied, Failing, ReadFailure, RetryAfter};

/// How long a code of a channel may be to be repeated.
const CODE_MAX: usize = 40;

/// What came back: the whole body, as it travelled once any content coding is undone.
#[derive(Clone)]
pub struct HttpSaid {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl std::fmt::Debug for HttpSaid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpSaid")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl HttpSaid {
    /// What the status says when it is no success and the channel's own words don't say it better.
    pub(crate) fn failure(&self, code: Option<&str>) -> ReadFailure {
        let status = self.status.as_u16();
        match status {
            429 => ReadFailure::RateLimited(self.retry_after()),
            300..400 => ReadFailure::Blocked(status),
            401 | 403 if self.is_html() => ReadFailure::Blocked(status),
            401 => ReadFailure::Denied(Denied::Key),
            403 => ReadFailure::Denied(Denied::Address),
            408 | 413 | 504 | 524 => ReadFailure::TooMuch,
            400..500 => ReadFailure::Rejected(self.failing(code)),
            _ => ReadFailure::Failed(self.failing(code)),
        }
    }

    /// The status and the code, as a failure keeps them.
    pub(crate) fn failing(&self, code: Option<&str>) -> Failing {
        let plain = |code: &&str| {
            code.len() <= CODE_MAX
                && !code.is_empty()
                && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
        };
        Failing {
            status: self.status.as_u16(),
            code: code.filter(plain).map(str::to_owned),
            retry_after: self.retry_after(),
        }
    }

    /// Whether it is a page for people.
    pub(crate) fn is_html(&self) -> bool {
        let announced = self.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let start = self.body.trim_ascii_start();
        let starts = |tag: &[u8]| {
            start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag))
        };
        announced
            .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
            || starts(b"<!doctype html")
            || starts(b"<html")
    }

    /// `Retry-After`, in seconds or as a date.
    fn retry_after(&self) -> Option<RetryAfter> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse::<u32>() {
            return Some(RetryAfter::For(SignedDuration::from_secs(i64::from(seconds))));
        }
        rfc2822::DateTimeParser::new().parse_timestamp(text).ok().map(RetryAfter::Until)
    }
}
