//! The endpoints we know of, and the documentation's own documents and calls.

use axum::http::Method;
use hoesu_claims::document::Marks;
use hoesu_claims::{Media, Moment};
use jiff::Timestamp;

use super::asked::PAGE_ROWS_MAX;
use super::surface::{CS, ORDER_SHEETS, ORDERS};
use crate::{Confidence, Endpoint, Example, Invented, Side, Title};

const GUIDE: &str = "Poomgo open API guide (welcome.poomgo.com, guide.poomgo.com)";
const CLIENTS: &str = "public clients of the Poomgo API";

/// The endpoints we know of.
pub(super) const ENDPOINTS: &[Endpoint] = &[
    served("GET", CS, "CS tickets of which something arrived", "cs"),
    served("POST", ORDERS, "order ledger rows with their invoices", "orders"),
    served("POST", ORDER_SHEETS, "the same on the newer host", "orders"),
    known("PUT", "/open-api/oms/temp-order", "make or change an order before release", DOCUMENTED),
    known("PUT", "/open-api/oms/temp-orders", "the same, several at once", DOCUMENTED),
    known("DELETE", "/open-api/oms/temp-order/{id}", "delete an unaccepted order", DOCUMENTED),
    known("GET", "/open-api/wms/receiving-sheets", "receiving sheets", DOCUMENTED),
    known("PUT", "/open-api/wms/receiving-sheets", "make or change a receiving sheet", DOCUMENTED),
    known("DELETE", "/open-api/wms/receiving-sheets/{id}", "delete a receiving sheet", DOCUMENTED),
    known("GET", "/open-api/receiving-sheets", "receiving sheets, older path", DOCUMENTED),
    known("POST", "/open-api/wms/resources", "stock items", MEASURED),
    known("POST", "/open-api/wms/resources/quantity-at", "stock at a point in time", MEASURED),
    known("POST", "/open-api/wms/operations", "stock movements", MEASURED),
    known("GET", "/open-api/invoice", "closed invoices with their items", MEASURED),
    known("GET", "/v2/invoice", "invoices, third host", MEASURED),
    known("POST", "/develop/master/list-partner-resources", "item master", MEASURED),
];

const DOCUMENTED: (&str, Confidence) = (GUIDE, Confidence::Documented);
const MEASURED: (&str, Confidence) = (CLIENTS, Confidence::Measured);

const fn served(
    method: &'static str,
    path: &'static str,
    what: &'static str,
    fixture: &'static str,
) -> Endpoint {
    Endpoint {
        method,
        path,
        what,
        side: Side::Served,
        fixture,
        source: GUIDE,
        confidence: Confidence::Documented,
        query_days_max: 0,
        page_rows_max: PAGE_ROWS_MAX as u32,
    }
}

const fn known(
    method: &'static str,
    path: &'static str,
    what: &'static str,
    (source, confidence): (&'static str, Confidence),
) -> Endpoint {
    Endpoint {
        method,
        path,
        what,
        side: Side::Known,
        fixture: "",
        source,
        confidence,
        query_days_max: 0,
        page_rows_max: 0,
    }
}

/// The ticket of the documentation, and an order row with every documented field.
pub(super) fn samples() -> Vec<Invented> {
    let ticket = Invented {
        media: Media::Json,
        body: include_bytes!("fixtures/ticket.sample.record.json").to_vec(),
        marks: Marks::new(),
    };
    let order = Invented {
        media: Media::Json,
        body: include_bytes!("fixtures/order.sample.record.json").to_vec(),
        marks: Marks::from([
            (Moment::Confirmed, Timestamp::constant(1_607_390_000, 0)),
            (Moment::Closed, Timestamp::constant(1_607_410_000, 0)),
        ]),
    };
    vec![ticket, order]
}

/// The documentation's calls, narrowed to its own documents.
pub(super) fn examples() -> Vec<Example> {
    let headers = vec![
        ("Content-Type", "application/json".to_owned()),
        ("Accept", "application/json".to_owned()),
    ];
    vec![
        Example {
            what: Title {
                ko: "반품 입고 목록: 문서의 예시 CS",
                en: "Returns that arrived: the documentation's ticket",
            },
            method: Method::GET,
            path: CS.to_owned(),
            query: "originalOrderCode=20171208_000001".to_owned(),
            headers: headers.clone(),
            body: None,
        },
        Example {
            what: Title {
                ko: "주문 원장 조회: 문서의 예시 주문번호",
                en: "The order ledger: the documentation's order number",
            },
            method: Method::POST,
            path: ORDERS.to_owned(),
            query: String::new(),
            headers,
            body: Some(r#"{"orderCode":"20201208_000001"}"#.to_owned()),
        },
    ]
}
