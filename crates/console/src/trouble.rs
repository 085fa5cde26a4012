//! What can go wrong on the way to a page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

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
    #[error("the ledger did not answer")]
    Ledger(#[from] hoesu_ledger::Error),
    /// The engine did not do it.
    #[error("the engine did not answer")]
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
    ko: &'static str,
    en: &'static str,
}

impl Trouble {
    const fn status(&self) -> StatusCode {
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

    const fn said(&self) -> (&'static str, &'static str) {
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
        if status.is_server_error() {
            tracing::error!(error = &self as &dyn std::error::Error, "a page could not be shown");
        }
        let (ko, en) = self.said();
        let said = Said { style: &STYLE.path, icon: &ICON.path, ko, en };
        match said.render() {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => status.into_response(),
        }
    }
}
