#![doc = include_str!("README.md")]

mod answer;
mod asked;
mod auth;
mod connect;
mod endpoints;
mod facts;
mod invent;
mod people;
mod probes;
mod quirks;
mod read;
mod record;
mod refusal;
mod stall;
mod surface;
#[cfg(test)]
mod tests;
pub mod wire;

use std::collections::BTreeMap;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use hoesu_claims::link::Trade;
use hoesu_claims::{Document, Fact, Media};

use crate::channel::Call;
use crate::connect::{ADDRESS, Connector, shown};
use crate::stall::Stall;
use crate::{
    Away, Capabilities, Channel, Desk, Example, Fault, Invented, Probe, Reading, Refusal, Setting,
    Title,
};

/// The channel's id.
const ID: &str = "poomgo";
/// A CS ticket.
const TICKET: &str = "ticket";
/// A row of the order ledger.
const ORDER: &str = "order";

/// Poomgo.
#[derive(Debug)]
pub struct Poomgo;

static CAPABILITIES: Capabilities = Capabilities {
    kinds: &[TICKET, ORDER],
    envelopes: &[&["data"], &["rows"]],
    xml_record: "",
    people: people::PEOPLE,
    settings: &[
        Setting {
            name: quirks::PROFILE,
            what: Title {
                ko: "문서의 필드 표대로 답할지, 실제 응답에서 관찰된 대로 답할지",
                en: "Whether answers follow the field tables or what live answers look like",
            },
            values: &[quirks::DOCUMENTED, quirks::MEASURED],
            secret: false,
        },
        Setting {
            name: "channel_names",
            what: Title {
                ko: "판매처명(channelName)별 판매 계정 이름, 쉼표로 구분 (예: 쿠팡=shop-a,SSG.COM=shop-b)",
                en: "The sales account behind each channelName, comma separated (쿠팡=shop-a,SSG.COM=shop-b)",
            },
            values: &[],
            secret: false,
        },
        Setting {
            name: "pickup_cutoff",
            what: Title {
                ko: "영업일에 그날 출고를 멈출 수 있는 마지막 시각, HH:MM (기본 15:00)",
                en: "Until when on a working day what leaves that day can be stopped, HH:MM (15:00)",
            },
            values: &[],
            secret: false,
        },
        Setting {
            name: "order_suffix",
            what: Title {
                ko: "판매처 주문번호 뒤에 붙어 들어오는 꼬리, 쉼표로 구분, 끝의 #은 아무 숫자 (예: _1,-#)",
                en: "What stands behind a shop's order number, comma separated; # at the end is any number (_1,-#)",
            },
            values: &[],
            secret: false,
        },
        ADDRESS,
        shown("upstream_key"),
    ],
    credential: &[auth::KEY],
    endpoints: endpoints::ENDPOINTS,
};

impl Channel for Poomgo {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> Title {
        Title { ko: "품고", en: "Poomgo" }
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn read(&self, media: Media, body: &[u8]) -> Result<Reading, Refusal> {
        read::read(media, body)
    }

    fn facts(&self, kind: &str, document: &Document) -> Vec<Fact> {
        facts::facts(kind, document)
    }

    fn trade(&self) -> Trade {
        Trade::Warehouse
    }

    fn surface(&self, desk: Desk) -> Router {
        surface::surface(desk)
    }

    fn owns(&self, path: &str) -> bool {
        surface::owns(path)
    }

    fn refuse(&self, fault: Fault, _headers: &HeaderMap) -> Response {
        refusal::refuse(fault)
    }

    fn turn_away(&self, away: Away, _headers: &HeaderMap) -> Option<Response> {
        match away {
            Away::Expired => Some(refusal::unauthorized()),
            Away::Forbidden | Away::TooMany => None,
        }
    }

    fn undocumented(&self) -> &'static [Title] {
        &[
            Title {
                ko: "CS 접수, 주문의 취소와 변경. 품고나우에서 합니다",
                en: "opening a ticket, cancelling or changing an order: people do it in Poomgo's own pages",
            },
            Title {
                ko: "교환·재발송 CS의 종류 키, 대체 송장과 취소된 송장의 구조",
                en: "the type keys of exchange and resend tickets, and the shape of replacement and cancelled invoices",
            },
        ]
    }

    fn stall(&self) -> Option<&'static dyn Stall> {
        Some(&stall::Warehouse)
    }

    fn authorize(&self, call: &Call<'_>) -> Vec<(&'static str, String)> {
        auth::authorize(call.credentials)
    }

    fn connector(&self) -> Option<&'static dyn Connector> {
        Some(&connect::Client)
    }

    fn invent(&self, kind: &str, nth: u64) -> Option<Invented> {
        invent::invent(kind, nth)
    }

    fn samples(&self) -> Vec<Invented> {
        endpoints::samples()
    }

    fn examples(&self, _credentials: &BTreeMap<String, String>) -> Vec<Example> {
        endpoints::examples()
    }

    fn probes(&self) -> &'static [Probe] {
        &probes::PROBES
    }
}
