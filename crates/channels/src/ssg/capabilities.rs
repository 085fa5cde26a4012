//! What SSG.COM can do, as data: kinds, envelopes, settings and every endpoint we know of.

use super::connect::ASK_IN;
use super::wire::{
    APPROVE, CANCEL_REQUESTS, COMPLETE, CONFIRM_ORDER, CONFIRM_RECEIPT, DATA, DIRECTIONS,
    EXCHANGE_TARGETS, INQUIRY, NO_SELL, REFUSE, SHIP, WAREHOUSE_OUTS, WAYBILL,
};
use super::{auth, people, profile, read};
use crate::channel::{Capabilities, Confidence, Endpoint, Setting, Side};
use crate::connect::{ADDRESS, shown};

/// The API's path families: what begins so is SSG.COM's, served or not.
pub(super) const FAMILIES: [&str; 5] =
    ["/api/clm/", "/api/pd/", "/api/claim/", "/api/settle/", "/api/postng/"];

/// What the channel can do.
pub(super) static CAPABILITIES: Capabilities = Capabilities {
    kinds: &[read::CANCEL, read::CANCEL_REQUEST, read::RETURN, read::ORDER, read::SHIPMENT],
    // clm family; claim/v2 family; pd family, whose list is an array of one wrapper object.
    envelopes: &[
        &["result", "data"],
        &["result", "resultData"],
        &["result", "exchangeTargets", "exchangeTarget"],
        &["result", "shppDirections", "shppDirection"],
        &["result", "warehouseOuts", "warehouseOut"],
    ],
    xml_record: DATA,
    people: people::PEOPLE,
    settings: &SETTINGS,
    credential: &auth::CREDENTIAL,
    endpoints: &ENDPOINTS,
};

static SETTINGS: [Setting; 4] = [profile::SETTING, ASK_IN, ADDRESS, shown("upstream_key")];

const GUIDE: &str = "https://eapi.ssgadm.com/info/clm/cnclOrdInquiry.ssg";
const CLIENTS: &str = "public client code";

static ENDPOINTS: [Endpoint; 18] = [
    Endpoint {
        method: "POST",
        path: INQUIRY,
        what: "cancelled order list",
        side: Side::Served,
        fixture: "inquiry",
        source: GUIDE,
        confidence: Confidence::Documented,
        query_days_max: 7,
        page_rows_max: 0,
    },
    served("GET", CANCEL_REQUESTS, "cancel requests", 7),
    acting(APPROVE, "approve a cancel request"),
    served("GET", "/api/claim/v2/order/{orordNo}", "what became of an order", 0),
    served("POST", EXCHANGE_TARGETS, "returns and exchanges", 7),
    acting(CONFIRM_RECEIPT, "goods received"),
    acting(COMPLETE, "goods inspected, refund"),
    acting(REFUSE, "refuse a return"),
    served("POST", DIRECTIONS, "orders to ship", 180),
    acting(CONFIRM_ORDER, "confirm an order"),
    served("POST", WAREHOUSE_OUTS, "confirmed, not shipped", 180),
    acting(WAYBILL, "register a waybill"),
    Endpoint {
        side: Side::Acting,
        ..documented(
            SHIP,
            "shipped",
            0,
            "https://eapi.ssgadm.com/info/shpp/saveWhOutCompleteProcess.ssg",
        )
    },
    measured("/api/pd/1/savePortionWarehouseOutProcess.ssg", "shipped in part", 0),
    documented(
        "/api/pd/1/listNonDelivery.ssg",
        "shipped, not delivered",
        180,
        "https://eapi.ssgadm.com/info/shpp/listNonDelivery.ssg",
    ),
    measured("/api/pd/1/saveDeliveryEnd.ssg", "delivered", 0),
    measured("/api/pd/1/listDeliveryEnd.ssg", "delivered orders", 0),
    acting(NO_SELL, "cannot supply"),
];

/// Answered, as live clients have met it.
const fn served(
    method: &'static str,
    path: &'static str,
    what: &'static str,
    query_days_max: u32,
) -> Endpoint {
    let known = known(method, path, what, query_days_max, CLIENTS, Confidence::Measured);
    Endpoint { side: Side::Served, ..known }
}

/// Done where it can be, as live clients have met it.
const fn acting(path: &'static str, what: &'static str) -> Endpoint {
    Endpoint { side: Side::Acting, ..measured(path, what, 0) }
}

/// Known from live clients alone.
const fn measured(path: &'static str, what: &'static str, query_days_max: u32) -> Endpoint {
    known("POST", path, what, query_days_max, CLIENTS, Confidence::Measured)
}

/// Known from its guide.
const fn documented(
    path: &'static str,
    what: &'static str,
    query_days_max: u32,
    source: &'static str,
) -> Endpoint {
    known("POST", path, what, query_days_max, source, Confidence::Documented)
}

const fn known(
    method: &'static str,
    path: &'static str,
    what: &'static str,
    query_days_max: u32,
    source: &'static str,
    confidence: Confidence,
) -> Endpoint {
    Endpoint {
        method,
        path,
        what,
        side: Side::Known,
        fixture: "",
        source,
        confidence,
        query_days_max,
        page_rows_max: 0,
    }
}
