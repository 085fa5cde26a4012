#![doc = include_str!("README.md")]

mod auth;
mod body;
mod capabilities;
mod connect;
mod facts;
mod invent;
mod negotiate;
mod number;
mod people;
mod profile;
mod read;
mod record;
mod refusal;
mod row;
mod search;
mod stall;
mod surface;
mod told;
mod wire;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use axum::Router;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use hoesu_claims::document::Marks;
use hoesu_claims::{Document, Fact, Media};

use crate::channel::{
    Away, Call, Capabilities, Channel, Example, Fault, Invented, Reading, Refusal, Title,
};
use crate::connect::Connector;
use crate::desk::Desk;
use crate::stall::Stall;

/// The channel's id.
const ID: &str = "ssg";

/// The one sample there is: ours, for the document shows no row with values.
const SAMPLE: &[u8] = include_bytes!("fixtures/inquiry.row.record.json");

/// SSG.COM's seller API.
pub struct Ssg;

impl Channel for Ssg {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> Title {
        Title { ko: "SSG.COM", en: "SSG.COM" }
    }

    fn capabilities(&self) -> &'static Capabilities {
        &capabilities::CAPABILITIES
    }

    fn read(&self, media: Media, body: &[u8]) -> Result<Reading, Refusal> {
        read::read(media, body)
    }

    fn facts(&self, kind: &str, document: &Document) -> Vec<Fact> {
        facts::facts(kind, document)
    }

    fn surface(&self, desk: Desk) -> Router {
        surface::surface(desk)
    }

    fn owns(&self, path: &str) -> bool {
        capabilities::FAMILIES.iter().any(|family| path.starts_with(family))
    }

    fn refuse(&self, fault: Fault, headers: &HeaderMap) -> Response {
        refusal::refuse(fault, headers)
    }

    fn turn_away(&self, away: Away, headers: &HeaderMap) -> Option<Response> {
        refusal::turn_away(away, headers)
    }

    fn authorize(&self, call: &Call<'_>) -> Vec<(&'static str, String)> {
        let key = call.credentials.get(auth::KEY);
        key.map(|key| ("authorization", key.clone())).into_iter().collect()
    }

    fn connector(&self) -> Option<&'static dyn Connector> {
        Some(&connect::Client)
    }

    fn undocumented(&self) -> &'static [Title] {
        &[
            Title {
                ko: "취소 요청이 어떻게 끝났는지. 주문 조회가 취소(021)나 출고로 말해 주거나, 승인하면 «대상이 없습니다»로 답합니다. 고객이 철회했고 아직 출고 전이면 아무 조회도 말하지 않습니다",
                en: "how a cancel request ended: its order says so once it is cancelled (021) or shipped, and granting it is answered «대상이 없습니다»; taken back and not shipped yet, no list says it",
            },
            Title {
                ko: "취소 요청의 거절. 송장을 등록하면 거절됩니다",
                en: "turning a cancel request down: registering a waybill does",
            },
            Title { ko: "테스트 서버의 주소", en: "the test server's address" },
        ]
    }

    fn stall(&self) -> Option<&'static dyn Stall> {
        Some(&stall::Place)
    }

    fn invent(&self, kind: &str, nth: u64) -> Option<Invented> {
        invent::invent(kind, nth)
    }

    fn invent_order(&self, nth: u64) -> Vec<(&'static str, Invented)> {
        invent::invent_order(nth)
    }

    fn samples(&self) -> Vec<Invented> {
        vec![Invented { media: Media::Json, body: SAMPLE.to_vec(), marks: Marks::new() }]
    }

    fn examples(&self, _credentials: &BTreeMap<String, String>) -> Vec<Example> {
        vec![Example {
            what: Title { ko: "취소주문목록조회", en: "cancelled order list" },
            method: Method::POST,
            path: wire::INQUIRY.to_owned(),
            query: String::new(),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("accept", "application/json".to_owned()),
            ],
            body: Some(include_str!("fixtures/inquiry.ok.request.json").to_owned()),
        }]
    }
}
