//! What went wrong under `/_sandbox/`, as RFC 9457 says it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response as Documented, ResponseBuilder};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoResponses, ToSchema};

use crate::Error;

/// The media type of a problem.
const MEDIA: &str = "application/problem+json";

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Problem {
    /// There is no such thing here.
    NotFound,
    /// The path does not have the method.
    MethodNotAllowed,
    /// What was sent cannot be.
    Invalid(Cow<'static, str>),
    /// The market broke.
    Broken,
}

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Body {
    /// Which problem: the same for the same cause, for good.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What it is called.
    title: &'static str,
    /// The status of the answer.
    #[schema(example = 400)]
    status: u16,
    /// What to do about it, for people.
    detail: Cow<'static, str>,
}

impl Problem {
    pub(crate) fn invalid(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid(why.into())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Impossible(why) => Self::Invalid(why.into()),
            Error::Ledger(_) | Error::Folder(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the market broke");
                Self::Broken
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind, title, detail) = match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "urn:problem-type:hoesu:not-found",
                "There is no such thing",
                "/_sandbox/openapi.json says what there is.".into(),
            ),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "urn:problem-type:hoesu:method-not-allowed",
                "The path does not have this method",
                "The header Allow says which it has.".into(),
            ),
            Self::Invalid(why) => (
                StatusCode::BAD_REQUEST,
                "urn:problem-type:hoesu:parameter-invalid",
                "What was sent is not valid",
                why,
            ),
            Self::Broken => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "urn:problem-type:hoesu:broken",
                "Something broke",
                "The log says more; `POST /_sandbox/reset` begins anew.".into(),
            ),
        };
        let body = Body { kind, title, status: status.as_u16(), detail };
        let body = serde_json::to_string(&body).expect("a problem is text and numbers");
        (status, [(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA))], body).into_response()
    }
}

/// What may go wrong everywhere.
pub(crate) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let all = [("400", "what was sent is not valid"), ("500", "the market broke")];
        let all = all.map(|(status, description)| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
            let response =
                ResponseBuilder::new().description(description).content(MEDIA, content.build());
            (status.to_owned(), response.build().into())
        });
        all.into()
    }
}
