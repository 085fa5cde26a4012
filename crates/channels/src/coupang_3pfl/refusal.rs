//! The answers of 3PFL: Coupang's form and the vendor's. The codes of refusals are ours.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use crate::coupang::cea::Denied;
use crate::{Fault, Refusal};

/// In whose name a call is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// `code`, `message`, `data`.
    Coupang,
    /// `errorCode`, `errorReason`.
    Vendor,
}

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    /// Not signed by anybody we know.
    Denied(Denied),
    /// A body, or a field of it, is not as documented.
    Invalid(Refusal),
    /// Something else than to collect was asked.
    RequestType,
    /// The same goods were asked back with another content.
    AlreadyRequested,
    /// Something around the call.
    Fault(Fault),
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(refusal)
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<hoesu_ledger::Error> for Refused {
    fn from(error: hoesu_ledger::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// What every answer is.
const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// Codes have at most this many characters.
const CODE_MAX: usize = 20;
/// Messages have at most this many characters.
const MESSAGE_MAX: usize = 100;

#[derive(Serialize)]
struct Coupang<'a> {
    code: &'a str,
    message: Option<&'a str>,
    data: Option<()>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Vendor<'a> {
    error_code: &'a str,
    error_reason: Option<&'a str>,
}

impl Voice {
    /// What a call came to, in this voice's form.
    pub(super) fn answer(self, outcome: Result<(), Refused>) -> Response {
        match outcome {
            Ok(()) => self.say(StatusCode::OK, "0", None),
            Err(refused) => self.refuse(refused),
        }
    }

    fn refuse(self, refused: Refused) -> Response {
        let bad = StatusCode::BAD_REQUEST;
        match refused {
            Refused::Denied(denied) => match denied.message() {
                Ok(message) => self.say(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", Some(message)),
                Err(fault) => self.fault(fault),
            },
            Refused::Invalid(refusal) => {
                let field = if refusal.field.is_empty() { "body" } else { refusal.field.as_str() };
                let message = format!("{field} {}", refusal.why);
                self.say(bad, "INVALID_REQUEST", Some(&message))
            }
            Refused::RequestType => {
                self.say(bad, "INVALID_REQUEST_TYPE", Some("requestType must be COLLECT"))
            }
            Refused::AlreadyRequested => self.say(
                bad,
                "ALREADY_REQUESTED",
                Some(
                    "orderNumber, invoiceNumber and vendorItemId were requested with other \
                     content",
                ),
            ),
            Refused::Fault(fault) => self.fault(fault),
        }
    }

    /// What goes wrong around a call.
    pub(super) fn fault(self, fault: Fault) -> Response {
        let (code, message) = match fault {
            Fault::NotFound => ("NOT_FOUND", "The requested path does not exist."),
            Fault::MethodNotAllowed => {
                ("METHOD_NOT_ALLOWED", "The requested method is not allowed for this path.")
            }
            Fault::TooLarge => ("REQUEST_TOO_LARGE", "The request body is larger than 1 MiB."),
            Fault::TimedOut => ("TIMED_OUT", "The request timed out."),
            Fault::Unavailable => {
                ("UNAVAILABLE", "The service is unavailable for now, try again later.")
            }
            Fault::Broken => ("INTERNAL_ERROR", "Internal server error."),
        };
        fault.with_retry_after(self.say(fault.status(), code, Some(message)))
    }

    fn say(self, status: StatusCode, code: &str, message: Option<&str>) -> Response {
        debug_assert!(code.len() <= CODE_MAX, "{code} is longer than the page allows");
        let message = message.map(|message| cut(message, MESSAGE_MAX));
        let body = match self {
            Self::Coupang => serde_json::to_string(&Coupang { code, message, data: None }),
            Self::Vendor => {
                serde_json::to_string(&Vendor { error_code: code, error_reason: message })
            }
        };
        (status, [(header::CONTENT_TYPE, JSON)], body.unwrap_or_default()).into_response()
    }
}

/// The first `max` characters.
fn cut(text: &str, max: usize) -> &str {
    text.char_indices().nth(max).map_or(text, |(end, _)| &text[..end])
}
