//! The documents of the 3PFL page, made-up ones like them, and the call that shows its answer.

use std::collections::BTreeMap;

use axum::http::Method;
use hoesu_claims::Media;

use super::read::{ORDER_CANCEL, RETURN_REQUEST, TRACKING};
use super::surface::RETURN_REQUEST_PATH;
use crate::Story;
use crate::coupang::invent::{order, vendor_item};
use crate::{Example, Invented, Title, json};

/// The page's own request.
const REQUEST: &str = include_str!("fixtures/return-request.ok.request.json");

pub(super) fn samples() -> Vec<Invented> {
    json::compact(REQUEST.as_bytes()).map(invented).into_iter().collect()
}

pub(super) fn examples() -> Vec<Example> {
    vec![Example {
        what: Title { ko: "업체 반품 접수 전송", en: "a return the vendor took" },
        method: Method::POST,
        path: RETURN_REQUEST_PATH.to_owned(),
        query: String::new(),
        headers: vec![("Content-Type", "application/json;charset=UTF-8".to_owned())],
        body: Some(REQUEST.trim_end().to_owned()),
    }]
}

pub(super) fn invent(kind: &str, nth: u64) -> Option<Invented> {
    let story = Story::nth(nth);
    let body = match kind {
        RETURN_REQUEST => return_request(&story),
        TRACKING => tracking(&story),
        ORDER_CANCEL => order_cancel(&story),
        _ => return None,
    };
    Some(invented(body.into_bytes()))
}

const fn invented(body: Vec<u8>) -> Invented {
    Invented { media: Media::Json, body, marks: BTreeMap::new() }
}

fn return_request(story: &Story) -> String {
    let [reason, text] =
        [["10", "단순 변심"], ["20", "상품 불량"], ["80", "기타"]][story.draw("3pfl", 3) as usize];
    format!(
        concat!(
            r#"{{"orderNumber":{},"invoiceNumber":"{}","vendorItemId":{},"reasonCode":"{}","#,
            r#""reasonMessage":"{}","customerAddress1":"{}","customerAddress2":"{}","#,
            r#""customerZipCode":"{}","customerMobile":"{}","customerPhone":"{}","#,
            r#""customerName":"{}","requestType":"COLLECT","instantReturn":{},"#,
            r#""shippingCompanyId":"CJGLS"}}"#,
        ),
        order(story),
        story.waybill,
        vendor_item(story),
        reason,
        text,
        story.address,
        story.address_detail,
        story.postcode,
        story.phone,
        story.phone,
        story.name,
        story.draw("instant", 8) == 0,
    )
}

fn tracking(story: &Story) -> String {
    let done = story.draw("tracked", 2) == 0;
    format!(
        concat!(
            r#"{{"orderNumber":{},"invoiceNumber":"{}","vendorItemId":{},"status":"{}","#,
            r#""shippingCompanyId":"CJGLS","returnInvoiceNumber":"5{:011}","occurredAt":"{}"}}"#,
        ),
        order(story),
        story.waybill,
        vendor_item(story),
        if done { "COLLECTING_COMPLETE" } else { "COLLECTING" },
        story.nth % 100_000_000_000,
        story.kst(5 * 86_400),
    )
}

fn order_cancel(story: &Story) -> String {
    let reason = ["SimpleRemorse", "ProductFailure", "DeliveryComplaint", "OtherProducts", "ETC"]
        [story.draw("cancelled", 5) as usize];
    format!(
        concat!(
            r#"{{"orderId":"{}","cancelReason":"{}","#,
            r#""vendorItemCancelList":[{{"vendorItemId":{},"quantity":{}}}]}}"#,
        ),
        order(story),
        reason,
        vendor_item(story),
        story.quantity,
    )
}
