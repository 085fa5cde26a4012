//! The documents of Coupang's own pages, and the calls that show them.

use std::collections::BTreeMap;

use axum::http::Method;
use hoesu_claims::Media;

use super::invent::served_receipt;
use super::read::RETURN;
use crate::coupang::cea::VENDOR_ID;
use crate::{Example, Invented, Probe, Title, json};

/// Answers with one record each: the page's own for the return; the exchange and the withdrawal in
/// their pages' form, with made-up people.
const ANSWERS: [&str; 3] = [
    include_str!("fixtures/return.ok.response.json"),
    include_str!("fixtures/exchange.ok.response.json"),
    include_str!("fixtures/withdrawal.ok.response.json"),
];

pub(super) fn samples() -> Vec<Invented> {
    ANSWERS.iter().filter_map(|answer| sample(answer)).collect()
}

/// The only record of an answer.
fn sample(answer: &str) -> Option<Invented> {
    let answer = json::compact(answer.as_bytes()).ok()?;
    let members = json::members(&answer)?;
    let data = members.iter().find(|member| member.name == b"data")?.value;
    let record = data.strip_prefix(b"[")?.strip_suffix(b"]")?;
    Some(Invented { media: Media::Json, body: record.to_vec(), marks: BTreeMap::new() })
}

pub(super) fn examples(credentials: &BTreeMap<String, String>) -> Vec<Example> {
    vec![single(credentials, 365_937)]
}

/// The hottest call: one signed return.
pub(super) const PROBES: &[Probe] = &[Probe {
    id: "Q1",
    what: Title { ko: "서명된 반품 요청 단건 조회", en: "one signed return request" },
    kind: RETURN,
    call: |credentials, nth, documents| single(credentials, served_receipt(nth, documents)),
}];

fn single(credentials: &BTreeMap<String, String>, receipt: u64) -> Example {
    let vendor = credentials.get(VENDOR_ID).map_or("A00012345", String::as_str);
    Example {
        what: Title { ko: "반품 요청 단건 조회", en: "one return request" },
        method: Method::GET,
        path: format!(
            "/v2/providers/openapi/apis/api/v4/vendors/{vendor}/returnRequests/{receipt}"
        ),
        query: String::new(),
        headers: Vec::new(),
        body: None,
    }
}
