//! Poomgo's errors: a status and `{"message":"…"}`. The shape is ours; Poomgo publishes none.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;

use super::asked::Wrong;
use crate::Fault;

/// How every answer is labelled.
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// An answer of JSON.
pub(super) fn answer(status: StatusCode, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

/// No key, a wrong one, or one of another channel: the same words for all.
pub(super) fn unauthorized() -> Response {
    message(StatusCode::UNAUTHORIZED, "Unauthorized")
}

/// A question that cannot be answered.
pub(super) fn bad_request(wrong: &Wrong) -> Response {
    message(StatusCode::BAD_REQUEST, &wrong.0)
}

/// What goes wrong around a handler.
pub(super) fn refuse(fault: Fault) -> Response {
    let sentence = match fault {
        Fault::NotFound => "찾을 수 없는 경로입니다.",
        Fault::MethodNotAllowed => "지원하지 않는 요청 방식입니다.",
        Fault::TooLarge => "요청 본문은 1 MiB 이하여야 합니다.",
        Fault::TimedOut => "처리 시간이 초과되었습니다. 잠시 후 다시 시도해 주세요.",
        Fault::Unavailable => "일시적으로 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",
        Fault::Broken => "서버 오류가 발생했습니다.",
    };
    fault.with_retry_after(message(fault.status(), sentence))
}

fn message(status: StatusCode, sentence: &str) -> Response {
    answer(status, serde_json::json!({ "message": sentence }).to_string())
}
