//! What can go wrong on the way to a page.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use hoesu_channels::Fault;
use hoesu_engine::failure::explained;
use hoesu_ledger::{Cause, Retry};

use crate::assets::{ICON, STYLE};

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    Unknown,
    /// The person may not do that.
    #[error("the person may not do that")]
    Forbidden,
    /// There is no such thing, or it is another seller's.
    #[error("there is no such thing")]
    NotHere,
    /// What was sent cannot be understood; which field, in a word of ours.
    #[error("{0} cannot be understood")]
    Unclear(&'static str),
    /// The ledger did not do it.
    #[error(transparent)]
    Ledger(#[from] hoesu_ledger::Error),
    /// The engine did not do it.
    #[error(transparent)]
    Engine(#[from] hoesu_engine::Error),
    /// A page could not be put together.
    #[error("a page could not be written")]
    Page(#[from] askama::Error),
    /// A table could not be put together.
    #[error("a table could not be written")]
    Table,
}

/// What is said of trouble, in both languages: it may come before anybody's language is known.
#[derive(Template)]
#[template(path = "trouble.html")]
struct Said {
    style: &'static str,
    icon: &'static str,
    ko: String,
    en: String,
}

impl Trouble {
    /// Why the ledger did not do it, if it is that.
    fn cause(&self) -> Option<Cause> {
        match self {
            Self::Ledger(error) | Self::Engine(hoesu_engine::Error::Ledger(error)) => {
                Some(error.cause())
            }
            Self::Unknown
            | Self::Forbidden
            | Self::NotHere
            | Self::Unclear(_)
            | Self::Engine(_)
            | Self::Page(_)
            | Self::Table => None,
        }
    }

    fn status(&self) -> StatusCode {
        if let Some(cause) = self.cause() {
            return Fault::from(cause).status();
        }
        match self {
            Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotHere => StatusCode::NOT_FOUND,
            Self::Unclear(_) => StatusCode::BAD_REQUEST,
            Self::Ledger(_) | Self::Engine(_) | Self::Page(_) | Self::Table => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn said(&self) -> (String, String) {
        // What only a person at hoesu's machine can mend, they are told of.
        if let Some(cause) = self.cause().filter(|cause| cause.is_unavailable()) {
            let title = explained(cause).title;
            let (ko, en) = match cause.retry() {
                Retry::Soon => ("잠시 뒤에 다시 열어 주세요", "please try again in a moment"),
                Retry::AfterRepair | Retry::Never => (
                    "hoesu를 운영하는 분에게 알려 주세요",
                    "please tell whoever runs hoesu; `hoesu doctor` says what to do",
                ),
            };
            return (format!("{}. {ko}.", title.ko), format!("Right now {}; {en}.", title.en));
        }
        let (ko, en) = self.plainly();
        (ko.to_owned(), en.to_owned())
    }

    const fn plainly(&self) -> (&'static str, &'static str) {
        match self {
            Self::Unknown => ("로그인이 필요해요.", "Please sign in."),
            Self::Forbidden => ("이 일을 할 권한이 없어요.", "You are not allowed to do this."),
            Self::NotHere => ("찾는 것이 여기에 없어요.", "What you look for is not here."),
            Self::Unclear(_) => {
                ("보낸 내용을 이해하지 못했어요.", "What was sent could not be understood.")
            }
            Self::Ledger(_) | Self::Engine(_) | Self::Page(_) | Self::Table => (
                "지금은 보여 드릴 수 없어요. 잠시 뒤에 다시 열어 주세요.",
                "This cannot be shown right now. Please try again in a moment.",
            ),
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let status = self.status();
        let cause = self.cause();
        if status.is_server_error() {
            let cause = cause.map(Cause::code);
            let error = &self as &dyn std::error::Error;
            tracing::error!(error, cause, "a page could not be shown");
        }
        let (ko, en) = self.said();
        let said = Said { style: &STYLE.path, icon: &ICON.path, ko, en };
        let mut response = match said.render() {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => status.into_response(),
        };
        if let Some(after) = cause.and_then(|cause| Fault::from(cause).retry_after()) {
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }
}
