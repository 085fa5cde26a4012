//! How SSG.COM says no: its result envelope with a code other than `00`, in the form asked for.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use hoesu_claims::Media;

use super::{negotiate, wire};
use crate::{Away, Fault, xml};

/// What became of a call: the three members every answer begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    /// `00` done, `99` refused, `91` broken on our side.
    pub(super) code: &'static str,
    /// One word for the code.
    pub(super) message: &'static str,
    /// A Korean sentence for people.
    pub(super) desc: Cow<'static, str>,
}

/// What live answers say of a cancel request that is no longer there. (public client code)
pub(super) const NO_TARGET: &str = "대상이 없습니다.";

/// Done.
pub(super) const SUCCESS: Verdict =
    Verdict { code: "00", message: "SUCCESS", desc: Cow::Borrowed("성공") };

impl Verdict {
    /// Writes the members, without what encloses them.
    pub(super) fn write(&self, media: Media, out: &mut Vec<u8>) {
        let members = [
            (wire::RESULT_CODE, self.code),
            (wire::RESULT_MESSAGE, self.message),
            (wire::RESULT_DESC, &*self.desc),
        ];
        for (nth, (name, value)) in members.into_iter().enumerate() {
            match media {
                Media::Json => {
                    let comma = if nth == 0 { "" } else { "," };
                    let value = serde_json::Value::from(value);
                    out.extend_from_slice(format!("{comma}\"{name}\":{value}").as_bytes());
                }
                Media::Xml => xml::leaf(out, name, value),
            }
        }
    }
}

/// A call that is not answered with rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    status: StatusCode,
    verdict: Verdict,
    /// What went wrong around the call, if it is that.
    fault: Option<Fault>,
}

impl Refused {
    /// The caller's mistake: HTTP 200 and code `99`; live clients read the code, not the status.
    pub(super) fn because(desc: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status: StatusCode::OK,
            verdict: Verdict { code: "99", message: "ERROR", desc: desc.into() },
            fault: None,
        }
    }

    /// What is to be granted is not there: never was, taken back, or decided. Said in `resultMessage`,
    /// where live clients look for it.
    pub(super) fn no_target() -> Self {
        let desc = Cow::Borrowed("취소요청이 없거나 처리가 끝났습니다.");
        let verdict = Verdict { code: "99", message: NO_TARGET, desc };
        Self { status: StatusCode::OK, verdict, fault: None }
    }

    /// No account has this key.
    pub(super) fn wrong_key() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            ..Self::because("Authorization 헤더의 업체 인증키가 올바르지 않습니다.")
        }
    }

    /// The answer.
    pub(super) fn respond(&self, media: Media) -> Response {
        let mut body = Vec::with_capacity(192);
        match media {
            Media::Json => body.extend_from_slice(b"{\"result\":{"),
            Media::Xml => xml::open(&mut body, wire::RESULT),
        }
        self.verdict.write(media, &mut body);
        match media {
            Media::Json => body.extend_from_slice(b"}}"),
            Media::Xml => xml::close(&mut body, wire::RESULT),
        }
        let response = respond(self.status, media, body);
        match self.fault {
            Some(fault) => fault.with_retry_after(response),
            None => response,
        }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        let broken = || Verdict {
            code: "91",
            message: "Server Exception",
            desc: Cow::Borrowed("서버에서 요청을 처리하지 못했습니다."),
        };
        let refused = |desc| Self::because(desc).verdict;
        let verdict = match fault {
            Fault::NotFound => refused("요청하신 API를 찾을 수 없습니다."),
            Fault::MethodNotAllowed => refused("지원하지 않는 HTTP Method입니다."),
            Fault::TooLarge => refused("요청 본문은 1MiB 이내여야 합니다."),
            Fault::TimedOut | Fault::Unavailable | Fault::Broken => broken(),
        };
        Self { status: fault.status(), verdict, fault: Some(fault) }
    }
}

/// [`crate::Channel::refuse`].
pub(super) fn refuse(fault: Fault, headers: &HeaderMap) -> Response {
    Refused::from(fault).respond(negotiate::wanted(headers))
}

/// [`crate::Channel::turn_away`].
pub(super) fn turn_away(away: Away, headers: &HeaderMap) -> Option<Response> {
    match away {
        Away::Expired => Some(Refused::wrong_key().respond(negotiate::wanted(headers))),
        Away::Forbidden | Away::TooMany => None,
    }
}

/// A response with its content type.
pub(super) fn respond(status: StatusCode, media: Media, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(negotiate::content_type(media));
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
