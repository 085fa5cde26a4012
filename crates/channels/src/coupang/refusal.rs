//! What goes wrong, as Coupang's gateway and the calls behind it say it.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::json;
use uuid::Uuid;

use crate::coupang::cea::Denied;
use crate::{Away, Fault};

/// What every answer of these calls is.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// Why a call is not answered with what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    /// The gateway doesn't know who calls; with the number of the transaction.
    Denied(Denied, Uuid),
    /// The path names another seller than the key.
    Vendor,
    /// More calls in a second than the account may make.
    TooMany,
    /// The receipt is not there, taken back, a cancel, or of another seller.
    NoReceipt,
    /// The box or order is not there, or of another seller.
    NoBox,
    /// All of the order was cancelled or returned.
    OrderGone,
    /// The call breaks, as it is documented to: a sentence.
    Broken(&'static str),
    /// The list of receipts to look for was left out.
    NoCancelIds,
    /// A parameter is missing or wrong: a sentence that names it.
    Parameter(Cow<'static, str>),
    /// Something around the call.
    Fault(Fault),
}

impl Refused {
    /// A sentence about a parameter.
    pub(super) fn parameter(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Parameter(sentence.into())
    }
}

impl From<hoesu_ledger::Error> for Refused {
    fn from(error: hoesu_ledger::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Denied(denied, transaction) => gateway_denies(denied, transaction),
            Self::Vendor => {
                gateway(StatusCode::BAD_REQUEST, "params's vendorId not equals gateway's vendorId!")
            }
            Self::TooMany => too_many(),
            Self::NoReceipt => said(
                StatusCode::BAD_REQUEST,
                "ReceiptId doesn't belong to the vendorId, or cannot find the Receipt by the \
                 given id",
            ),
            Self::NoBox => said(
                StatusCode::BAD_REQUEST,
                "shipmentBoxId or orderId doesn't belong to the vendorId, or cannot be found",
            ),
            Self::OrderGone => {
                said(StatusCode::BAD_REQUEST, "해당 주문이 취소 또는 반품되었습니다.")
            }
            Self::Broken(sentence) => said(StatusCode::INTERNAL_SERVER_ERROR, sentence),
            Self::NoCancelIds => {
                said(StatusCode::INTERNAL_SERVER_ERROR, "CReturns getWithdrawnList failed")
            }
            Self::Parameter(sentence) => said(StatusCode::BAD_REQUEST, &sentence),
            Self::Fault(fault) => fault_response(fault),
        }
    }
}

/// The gateway's form for what goes wrong around a call.
pub(super) fn fault_response(fault: Fault) -> Response {
    let message = match fault {
        Fault::NotFound => "The requested path does not exist.",
        Fault::MethodNotAllowed => "The requested method is not allowed for this path.",
        Fault::TooLarge => "The request body is larger than 1 MiB.",
        // Documented under the calls that prepare a product.
        Fault::TimedOut => {
            "Request timed out, if the situation continues consider applying timeout extension."
        }
        Fault::Unavailable => "The service is unavailable for now, try again later.",
        Fault::Broken => "Internal server error.",
    };
    fault.with_retry_after(gateway(fault.status(), message))
}

/// What the gateway says to a caller it turns away. Always the same bytes: the documented
/// `transactionId` of an expired signature is left out.
pub(super) fn turn_away(away: Away) -> Response {
    let status = away.status();
    match away {
        Away::Expired => gateway(status, "Specified signature is expired."),
        Away::Forbidden => {
            let message =
                "[FORBIDDEN] Not allowed IP. Please contact the Coupang seller call center.";
            answer(status, json!({ "message": message }).to_string().into())
        }
        Away::TooMany => too_many(),
    }
}

fn gateway_denies(denied: Denied, transaction: Uuid) -> Response {
    let message = match denied.message() {
        Ok(message) => message,
        Err(fault) => return fault_response(fault),
    };
    // Written out so that the members keep the documented order.
    let body =
        format!(r#"{{"code":"ERROR","message":"{message}","transactionId":"{transaction}"}}"#);
    answer(StatusCode::UNAUTHORIZED, body.into())
}

/// Too many calls. The header is documented; what stands in it is published nowhere.
fn too_many() -> Response {
    let mut response = gateway(StatusCode::TOO_MANY_REQUESTS, "Too many requests.");
    response.headers_mut().insert("x-cag-warnings", HeaderValue::from_static("rate-limit"));
    response
}

fn gateway(status: StatusCode, message: &str) -> Response {
    answer(status, json!({ "code": "ERROR", "message": message }).to_string().into())
}

/// The form of the calls behind the gateway: the status again, as a text.
fn said(status: StatusCode, message: &str) -> Response {
    answer(status, json!({ "code": status.as_str(), "message": message }).to_string().into())
}

/// An answer in JSON.
pub(super) fn answer(status: StatusCode, body: Bytes) -> Response {
    (status, [(header::CONTENT_TYPE, JSON)], body).into_response()
}
