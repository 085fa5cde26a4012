//! What SSG.COM's folder promises: bytes in and out, every refusal, what rows are found by.

mod bytes;
mod market;
mod negotiation;
mod reading;
mod requests;
mod surface;

use hoesu_claims::Media;

const ROW_JSON: &str = include_str!("fixtures/inquiry.row.record.json");
const ROW_XML: &str = include_str!("fixtures/inquiry.row.record.xml");

/// The body of a response.
fn body_of(response: axum::response::Response) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let body = runtime.block_on(http_body_util::BodyExt::collect(response.into_body())).unwrap();
    String::from_utf8(body.to_bytes().to_vec()).unwrap()
}

/// A value as it could stand in any member: XML can carry every character of it.
fn any_text() -> impl proptest::strategy::Strategy<Value = String> {
    "[ -~\\t\\r\\n가-힣]{0,20}"
}

const BOTH: [Media; 2] = [Media::Json, Media::Xml];
