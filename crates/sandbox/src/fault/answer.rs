//! The answers of faults.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use hoesu_channels::{Away, Channel};

/// A page as Akamai's edge has it, with a reference that is made up.
const PAGE: &str = "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n \n\
    You don't have permission to access this page on this server.<P>\nReference&#32;&#35;18&#46;5a4dc917&#46;1700000000&#46;1a2b3c4d\n\
    </BODY>\n</HTML>\n";

/// 403 of what stands before the channel.
pub(crate) fn forbidden_page() -> Response {
    (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "text/html")], PAGE).into_response()
}

/// The channel's own words for turning a caller away, or plain ones where it has none that are known.
pub(crate) fn refused(
    channel: &dyn Channel,
    away: Away,
    retry_after: Option<u32>,
    headers: &HeaderMap,
) -> Response {
    let mut response = channel.turn_away(away, headers).unwrap_or_else(|| {
        let message = match away {
            Away::Expired => "Unauthorized",
            Away::Forbidden => "Forbidden",
            Away::TooMany => "Too Many Requests",
        };
        let body = format!(r#"{{"message":"{message}"}}"#);
        (away.status(), [(header::CONTENT_TYPE, "application/json")], body).into_response()
    });
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// An answer without its second half. `whole` says the length of the whole all the same, so that the
/// connection ends too early.
pub(crate) fn truncated(mut response: Response, body: &Bytes, whole: bool) -> Response {
    let half = body.slice(..body.len() / 2);
    response.headers_mut().remove(header::CONTENT_LENGTH);
    if whole {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        // Of a stream nobody knows the length beforehand. It waits once before it ends too early:
        // until then what it gave is not sent, and after that it never is.
        let half = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(half)]);
        let end = futures_util::stream::once(async {
            tokio::task::yield_now().await;
            Ok(Bytes::new())
        });
        *response.body_mut() = Body::from_stream(half.chain(end));
    } else {
        *response.body_mut() = Body::from(half);
    }
    response
}
