#![doc = include_str!("README.md")]

mod ask;
mod auth;
pub mod cea;
mod connect;
mod couriers;
mod endpoints;
mod facts;
pub(crate) mod invent;
mod numbers;
mod pages;
mod params;
mod people;
mod quirk;
mod read;
mod refusal;
mod samples;
mod stall;
mod surface;
mod text;
mod token;
mod version;
mod wire;

use std::collections::BTreeMap;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use hoesu_claims::{Document, Fact, Media};

use crate::channel::Call;
use crate::connect::{ADDRESS, Connector, ISSUED, shown};
use crate::stall::Stall;
use crate::{
    Away, Capabilities, Channel, Desk, Example, Fault, Invented, Probe, Reading, Refusal, Setting,
    Title,
};

use cea::{ACCESS_KEY, SECRET_KEY, Signed, VENDOR_ID};

const ID: &str = "coupang";

/// Coupang's Open API for sellers: returns, cancels, exchanges, withdrawals, order sheets.
pub struct Coupang;

static CAPABILITIES: Capabilities = Capabilities {
    kinds: &[read::RETURN, read::EXCHANGE, read::WITHDRAWAL, read::ORDER_SHEET],
    envelopes: &[&["data"]],
    xml_record: "",
    people: people::PEOPLE,
    settings: &[
        Setting {
            name: quirk::PROFILE,
            what: Title {
                ko: "문서대로(documented) 또는 실제 관측대로(measured) 응답합니다",
                en: "answers as documented, or as live clients measured it",
            },
            values: &["documented", "measured"],
            secret: false,
        },
        Setting {
            name: auth::RATE_PER_SECOND,
            what: Title {
                ko: "1초에 허용할 호출 수입니다. 0이거나 없으면 제한하지 않고, 모의 시장에서는 없으면 10입니다",
                en: "calls allowed in one second; 0 or absent is no limit, in a simulated market absent is 10",
            },
            values: &[],
            secret: false,
        },
        ADDRESS,
        ISSUED,
        shown("upstream_access_key"),
        shown("upstream_secret_key"),
    ],
    credential: cea::CREDENTIAL,
    endpoints: endpoints::ENDPOINTS,
};

impl Channel for Coupang {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> Title {
        Title { ko: "쿠팡", en: "Coupang" }
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn read(&self, media: Media, body: &[u8]) -> Result<Reading, Refusal> {
        match media {
            Media::Json => read::read(body),
            Media::Xml => Err(Refusal::of("", "is XML; this channel speaks JSON")),
        }
    }

    fn facts(&self, kind: &str, document: &Document) -> Vec<Fact> {
        facts::facts(kind, document)
    }

    fn surface(&self, desk: Desk) -> Router {
        surface::router(desk)
    }

    fn owns(&self, path: &str) -> bool {
        path.starts_with("/v2/providers/")
    }

    fn refuse(&self, fault: Fault, _: &HeaderMap) -> Response {
        refusal::fault_response(fault)
    }

    fn turn_away(&self, away: Away, _: &HeaderMap) -> Option<Response> {
        Some(refusal::turn_away(away))
    }

    fn authorize(&self, call: &Call<'_>) -> Vec<(&'static str, String)> {
        authorize(call)
    }

    fn connector(&self) -> Option<&'static dyn Connector> {
        Some(&connect::Client)
    }

    fn undocumented(&self) -> &'static [Title] {
        &[
            Title {
                ko: "교환 하나의 조회. 목록만 있습니다",
                en: "one exchange by its number: there is only the list",
            },
            Title {
                ko: "반품 거절과 쿠팡확인요청. WING에서 합니다",
                en: "refusing a return or asking Coupang to look into it: people do it in WING",
            },
            Title { ko: "알림(웹훅)", en: "webhooks" },
        ]
    }

    fn stall(&self) -> Option<&'static dyn Stall> {
        Some(&stall::Counter)
    }

    fn invent(&self, kind: &str, nth: u64) -> Option<Invented> {
        invent::invent(kind, nth)
    }

    fn invent_order(&self, nth: u64) -> Vec<(&'static str, Invented)> {
        invent::invent_order(nth)
    }

    fn samples(&self) -> Vec<Invented> {
        samples::samples()
    }

    fn examples(&self, credentials: &BTreeMap<String, String>) -> Vec<Example> {
        samples::examples(credentials)
    }

    fn probes(&self) -> &'static [Probe] {
        samples::PROBES
    }
}

/// The headers of a call to either of Coupang's gateways.
pub(crate) fn authorize(call: &Call<'_>) -> Vec<(&'static str, String)> {
    let field = |name| call.credentials.get(name).map(String::as_str).unwrap_or_default();
    let signed = Signed { method: call.method.as_str(), path: call.path, query: call.query };
    vec![
        (
            "Authorization",
            cea::authorization(field(ACCESS_KEY), field(SECRET_KEY), signed, call.now),
        ),
        ("X-Requested-By", field(VENDOR_ID).to_owned()),
    ]
}

#[cfg(test)]
mod tests;
