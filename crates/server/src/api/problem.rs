//! What went wrong, as RFC 9457 says it: a catalogue whose types never change once released. Nothing a
//! caller sent is repeated but the name of a parameter.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hoesu_channels::Fault;
use hoesu_ledger::{Cause, Retry, Scope};
use serde::Serialize;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::response::{Response as Documented, ResponseBuilder};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoResponses, ToSchema};

/// The media type of a problem.
const MEDIA: &str = "application/problem+json";

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// No key was shown, or not as it is shown.
    KeyMissing,
    /// The key is nobody's, or was revoked.
    KeyInvalid,
    /// The key does not have this scope.
    ScopeMissing(Scope),
    /// A parameter cannot be what it is.
    Parameter {
        /// Its name.
        field: Cow<'static, str>,
        /// Why, in a sentence.
        why: Cow<'static, str>,
    },
    /// What goes wrong around any handler.
    Fault(Fault),
    /// The ledger did not do what was asked.
    Ledger(Cause),
}

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Body {
    /// Which problem: the same for the same cause, for good. Programs tell problems apart by it.
    #[serde(rename = "type")]
    kind: String,
    /// What it is called.
    title: &'static str,
    /// The status of the answer.
    #[schema(value_type = u16, example = 400)]
    status: u16,
    /// What to do about it, for people. No values of the request are in it.
    detail: Cow<'static, str>,
    /// The parameter at fault, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<Cow<'static, str>>,
    /// The scope that the key lacks, if that is it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false)]
    scope: Option<&'static str>,
    /// Why the ledger did not do what was asked, in a word that never changes, if that is it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false, example = "lock-held")]
    cause: Option<&'static str>,
}

impl Problem {
    /// There is no such thing, or it is not the caller's.
    pub(crate) const NOT_FOUND: Self = Self::Fault(Fault::NotFound);

    pub(crate) fn parameter(
        field: impl Into<Cow<'static, str>>,
        why: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Parameter { field: field.into(), why: why.into() }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::KeyMissing | Self::KeyInvalid => StatusCode::UNAUTHORIZED,
            Self::ScopeMissing(_) => StatusCode::FORBIDDEN,
            Self::Parameter { .. } => StatusCode::BAD_REQUEST,
            Self::Fault(fault) => fault.status(),
            Self::Ledger(cause) => Fault::from(*cause).status(),
        }
    }

    /// What went wrong around the handler, if it is that.
    fn fault(&self) -> Option<Fault> {
        match self {
            Self::Fault(fault) => Some(*fault),
            Self::Ledger(cause) => Some(Fault::from(*cause)),
            Self::KeyMissing
            | Self::KeyInvalid
            | Self::ScopeMissing(_)
            | Self::Parameter { .. } => None,
        }
    }

    /// The end of its type, and its title.
    fn name(&self) -> (&'static str, &'static str) {
        match self {
            Self::KeyMissing => ("key-missing", "An API key is needed"),
            Self::KeyInvalid => ("key-invalid", "The API key lets nobody in"),
            Self::ScopeMissing(_) => ("scope-missing", "The API key may not read this"),
            Self::Parameter { .. } => ("parameter-invalid", "A parameter is not valid"),
            Self::Fault(Fault::NotFound) => ("not-found", "There is no such thing"),
            Self::Fault(Fault::MethodNotAllowed) => {
                ("method-not-allowed", "The path does not have this method")
            }
            Self::Fault(Fault::TooLarge) => ("too-large", "The request is too large"),
            Self::Fault(Fault::TimedOut) => ("timed-out", "It took too long"),
            Self::Fault(Fault::Unavailable) => ("unavailable", "The ledger does not answer"),
            Self::Fault(Fault::Broken) => ("broken", "Something broke"),
            Self::Ledger(cause) => Self::Fault(Fault::from(*cause)).name(),
        }
    }

    fn detail(&self) -> Cow<'static, str> {
        match self {
            Self::KeyMissing => {
                "Send the header Authorization: Bearer hoesu_…; `hoesu key add` makes a key.".into()
            }
            Self::KeyInvalid => {
                "The key is unknown or was revoked; `hoesu key list` shows those there are.".into()
            }
            Self::ScopeMissing(scope) => {
                format!("The key needs the scope {scope}; scopes are given when a key is made.")
                    .into()
            }
            Self::Parameter { why, .. } => why.clone(),
            Self::Fault(Fault::NotFound) => "Nothing of this seller's is there.".into(),
            Self::Fault(Fault::MethodNotAllowed) => "The header Allow says which it has.".into(),
            Self::Fault(Fault::TooLarge) => "Send less.".into(),
            Self::Fault(Fault::TimedOut) => "Try again later, or ask for less.".into(),
            Self::Fault(Fault::Unavailable) => "Try again in a moment.".into(),
            Self::Fault(Fault::Broken) => {
                "The log says more beside the id in the header x-request-id.".into()
            }
            Self::Ledger(cause) if cause.retry() == Retry::AfterRepair => {
                "Try again once what the member cause names is mended.".into()
            }
            Self::Ledger(cause) => Self::Fault(Fault::from(*cause)).detail(),
        }
    }

    fn body(&self) -> Body {
        let (name, title) = self.name();
        let (mut field, mut scope, mut cause) = (None, None, None);
        match self {
            Self::Parameter { field: name, .. } => field = Some(name.clone()),
            Self::ScopeMissing(missing) => scope = Some(missing.name()),
            Self::Ledger(why) => cause = Some(why.code()),
            Self::KeyMissing | Self::KeyInvalid | Self::Fault(_) => {}
        }
        Body {
            kind: format!("urn:problem-type:hoesu:{name}"),
            title,
            status: self.status().as_u16(),
            detail: self.detail(),
            field,
            scope,
            cause,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_string(&self.body()).expect("a problem is text and numbers");
        let media = [(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA))];
        let mut response = (self.status(), media, body).into_response();
        let fault = self.fault();
        let (name, value) = match self {
            Self::KeyMissing => (header::WWW_AUTHENTICATE, r#"Bearer realm="hoesu""#),
            Self::KeyInvalid => {
                (header::WWW_AUTHENTICATE, r#"Bearer realm="hoesu", error="invalid_token""#)
            }
            Self::Fault(_) | Self::Ledger(_) => {
                if let Some(after) = fault.and_then(Fault::retry_after) {
                    response.headers_mut().insert(header::RETRY_AFTER, after);
                }
                return response;
            }
            Self::ScopeMissing(_) | Self::Parameter { .. } => return response,
        };
        response.headers_mut().insert(name, HeaderValue::from_static(value));
        response
    }
}

impl From<hoesu_ledger::Error> for Problem {
    fn from(error: hoesu_ledger::Error) -> Self {
        let cause = error.cause();
        // Said in the log as everywhere.
        let _ = Fault::from(error);
        Self::Ledger(cause)
    }
}

impl From<hoesu_engine::Error> for Problem {
    fn from(error: hoesu_engine::Error) -> Self {
        match error {
            hoesu_engine::Error::Ledger(error) => error.into(),
            hoesu_engine::Error::Read(_)
            | hoesu_engine::Error::Table(_)
            | hoesu_engine::Error::Write(_)
            | hoesu_engine::Error::Worker(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "nothing could be told");
                Self::Fault(Fault::Broken)
            }
        }
    }
}

/// What may go wrong with a list.
pub(super) struct OfList;

/// What may go wrong with one thing.
pub(super) struct OfOne;

impl IntoResponses for OfList {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        documented(&[
            ("no key, or one that lets nobody in", &[Problem::KeyMissing, Problem::KeyInvalid]),
            ("the key lacks a scope", &[Problem::ScopeMissing(Scope::FindingsRead)]),
            (
                "a parameter is unknown or not valid; `field` names it",
                &[Problem::parameter("limit", "It must be a number from 1 to 200.")],
            ),
            ("the ledger does not answer right now", &[Problem::Ledger(Cause::LockHeld)]),
            ("something broke", &[Problem::Fault(Fault::Broken)]),
            ("it took too long", &[Problem::Fault(Fault::TimedOut)]),
        ])
    }
}

impl IntoResponses for OfOne {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let mut all = OfList::responses();
        all.extend(documented(&[(
            "there is no such thing, or it is another seller's",
            &[Problem::NOT_FOUND],
        )]));
        all
    }
}

/// What is said about problems of one status each.
fn documented(all: &[(&str, &[Problem])]) -> BTreeMap<String, RefOr<Documented>> {
    let all = all.iter().map(|(description, problems)| {
        let mut content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
        for problem in *problems {
            let example = ExampleBuilder::new()
                .summary(problem.name().1)
                .value(serde_json::to_value(problem.body()).ok())
                .build();
            content = content.examples_from_iter([(problem.name().0, example)]);
        }
        let response =
            ResponseBuilder::new().description(*description).content(MEDIA, content.build());
        (problems[0].status().as_u16().to_string(), response.into())
    });
    all.collect()
}
