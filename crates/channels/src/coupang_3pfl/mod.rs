#![doc = include_str!("README.md")]

mod facts;
mod people;
mod read;
mod refusal;
mod samples;
mod stall;
mod surface;
mod wire;

use std::collections::BTreeMap;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use hoesu_claims::link::Trade;
use hoesu_claims::{Document, Fact, Media};

use crate::channel::Call;
use crate::stall::Stall;
use crate::{
    Away, Capabilities, Channel, Confidence, Desk, Endpoint, Example, Fault, Invented, Reading,
    Refusal, Side, Title, coupang,
};
use refusal::Voice;

const ID: &str = "coupang-3pfl";

/// Coupang's 3PFL: what a vendor's own warehouse and Coupang tell each other.
pub struct Coupang3pfl;

static CAPABILITIES: Capabilities = Capabilities {
    kinds: &[
        read::RETURN_REQUEST,
        read::TRACKING,
        read::COLLECT,
        read::ORDER_CANCEL,
        read::ADDRESS_CHANGE,
    ],
    envelopes: &[],
    xml_record: "",
    people: people::PEOPLE,
    settings: &[],
    credential: coupang::cea::CREDENTIAL,
    endpoints: &[
        endpoint(
            surface::RETURN_REQUEST_PATH,
            "the vendor took a return",
            "return-request",
            Some("https://partner-developers.coupangcorp.com/hc/ko/articles/360053227192"),
        ),
        endpoint(surface::TRACKING_PATH, "the vendor says where the goods are", "tracking", None),
        endpoint(surface::COLLECT_PATH, "Coupang asks to fetch the goods", "collect", None),
        endpoint(
            surface::ORDER_CANCEL_PATH,
            "Coupang cancels items of an order",
            "order-cancel",
            Some("https://partner-developers.coupangcorp.com/hc/ko/articles/360052919832"),
        ),
        endpoint(
            surface::ADDRESS_CHANGE_PATH,
            "Coupang changes where an order goes",
            "address-change",
            Some("https://partner-developers.coupangcorp.com/hc/ko/articles/360052919852"),
        ),
    ],
};

/// An endpoint we answer; without a page it is ours.
const fn endpoint(
    path: &'static str,
    what: &'static str,
    fixture: &'static str,
    page: Option<&'static str>,
) -> Endpoint {
    let (source, confidence) = match page {
        Some(page) => (page, Confidence::Documented),
        None => ("", Confidence::Ours),
    };
    Endpoint {
        method: "POST",
        path,
        what,
        side: Side::Served,
        fixture,
        source,
        confidence,
        query_days_max: 0,
        page_rows_max: 0,
    }
}

impl Channel for Coupang3pfl {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> Title {
        Title { ko: "쿠팡 3PFL", en: "Coupang 3PFL" }
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

    fn trade(&self) -> Trade {
        Trade::MarketOfVendors
    }

    fn surface(&self, desk: Desk) -> Router {
        surface::router(desk)
    }

    fn owns(&self, path: &str) -> bool {
        path.starts_with("/v1/3pfl/")
    }

    fn refuse(&self, fault: Fault, _: &HeaderMap) -> Response {
        Voice::Coupang.fault(fault)
    }

    fn turn_away(&self, away: Away, headers: &HeaderMap) -> Option<Response> {
        coupang::Coupang.turn_away(away, headers)
    }

    fn undocumented(&self) -> &'static [Title] {
        &[
            Title {
                ko: "주문·반품·회수 상태의 조회. 세 문서는 모두 서로에게 보내는 호출이라, 물어볼 것이 없습니다",
                en: "reading orders, returns or where a pickup stands: all three pages are calls one side makes to the other, so that there is nothing to ask",
            },
            Title {
                ko: "호출할 호스트. 어느 문서에도 없어서, hoesu가 반품 접수를 대신 보내지 않습니다",
                en: "the host to call, which no page names; so hoesu sends no return request of its own",
            },
            Title {
                ko: "회수 지시와 회수 추적의 경로와 본문, 접수한 반품의 철회. 여기 있는 것은 hoesu가 정했습니다",
                en: "path and body of the pickup instruction and of tracking, and taking a request back: what is here is ours",
            },
        ]
    }

    fn stall(&self) -> Option<&'static dyn Stall> {
        Some(&stall::Pushed)
    }

    fn authorize(&self, call: &Call<'_>) -> Vec<(&'static str, String)> {
        coupang::authorize(call)
    }

    fn invent(&self, kind: &str, nth: u64) -> Option<Invented> {
        samples::invent(kind, nth)
    }

    /// None: the made-up orders are the marketplaces' own.
    fn invent_order(&self, _nth: u64) -> Vec<(&'static str, Invented)> {
        Vec::new()
    }

    fn samples(&self) -> Vec<Invented> {
        samples::samples()
    }

    fn examples(&self, _: &BTreeMap<String, String>) -> Vec<Example> {
        samples::examples()
    }
}

#[cfg(test)]
mod tests;
