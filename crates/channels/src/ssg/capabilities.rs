//! What SSG.COM can do, as data: kinds, envelopes, settings and every endpoint we know of.

use super::wire::{DATA, INQUIRY};
use super::{auth, people, profile, read};
use crate::channel::{Capabilities, Confidence, Endpoint, Setting, Side};
use crate::connect::{ADDRESS, shown};

/// The API's path families: what begins so is SSG.COM's, served or not.
pub(super) const FAMILIES: [&str; 5] =
    ["/api/clm/", "/api/pd/", "/api/claim/", "/api/settle/", "/api/postng/"];

/// What the channel can do.
pub(super) static CAPABILITIES: Capabilities = Capabilities {
    kinds: &[read::CANCEL, read::CANCEL_REQUEST, read::RETURN, read::ORDER],
    // clm family; claim/v2 family; pd family, whose list is an array of one wrapper object.
    envelopes: &[
        &["result", "data"],
        &["result", "resultData"],
        &["result", "exchangeTargets", "exchangeTarget"],
    ],
    xml_record: DATA,
    people: people::PEOPLE,
    settings: &SETTINGS,
    credential: &auth::CREDENTIAL,
    endpoints: &ENDPOINTS,
};

static SETTINGS: [Setting; 3] = [profile::SETTING, ADDRESS, shown("upstream_key")];

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
    measured("GET", "/api/claim/v2/cancel/requests", "cancel requests", 7),
    measured("POST", "/api/claim/v2/cancel/request/approve", "approve a cancel request", 0),
    measured("GET", "/api/claim/v2/order/{orordNo}", "what became of an order", 0),
    measured("POST", "/api/pd/1/listExchangeTarget.ssg", "returns and exchanges", 7),
    measured("POST", "/api/pd/1/saveConfirmRcov.ssg", "goods received", 0),
    measured("POST", "/api/pd/1/saveCompleteRcov.ssg", "goods inspected, refund", 0),
    measured("POST", "/api/pd/1/saveRefusualReturn.ssg", "refuse a return", 0),
    measured("POST", "/api/pd/1/listShppDirection.ssg", "orders to ship", 180),
    measured("POST", "/api/pd/1/updateOrderSubjectManage.ssg", "confirm an order", 0),
    measured("POST", "/api/pd/1/listWarehouseOut.ssg", "confirmed, not shipped", 0),
    measured("POST", "/api/pd/1/saveWblNo.ssg", "register a waybill", 0),
    documented(
        "/api/pd/1/saveWhOutCompleteProcess.ssg",
        "shipped",
        0,
        "https://eapi.ssgadm.com/info/shpp/saveWhOutCompleteProcess.ssg",
    ),
    measured("POST", "/api/pd/1/savePortionWarehouseOutProcess.ssg", "shipped in part", 0),
    documented(
        "/api/pd/1/listNonDelivery.ssg",
        "shipped, not delivered",
        180,
        "https://eapi.ssgadm.com/info/shpp/listNonDelivery.ssg",
    ),
    measured("POST", "/api/pd/1/saveDeliveryEnd.ssg", "delivered", 0),
    measured("POST", "/api/pd/1/listDeliveryEnd.ssg", "delivered orders", 0),
    measured("POST", "/api/pd/1/saveNoSellRequestRegist.ssg", "cannot supply", 0),
];

const fn measured(
    method: &'static str,
    path: &'static str,
    what: &'static str,
    query_days_max: u32,
) -> Endpoint {
    known(method, path, what, query_days_max, CLIENTS, Confidence::Measured)
}

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
