//! What a seller does about returns and exchanges, as we ask Coupang for it, and what its answers
//! mean.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{path, timed_out};
use crate::Title;
use crate::connect::{
    Ability, Carriage, Deed, Denied, Does, Envelope, HttpSaid, Outcome, ReadFailure, Unsigned,
    Upstream, Verb, Why,
};
use crate::coupang::cea::VENDOR_ID;
use crate::coupang::read::{EXCHANGE, RETURN};

const REFUNDED: Title = Title {
    ko: "고객에게 환불되고, 되돌릴 수 없습니다",
    en: "the buyer is refunded, which cannot be taken back",
};
const OURS_TO_PAY: Title = Title {
    ko: "왕복 배송비를 판매자가 부담합니다",
    en: "the seller pays the way there and back",
};
const MAY_REFUND: Title = Title {
    ko: "빠른환불 상품이면 바로 환불됩니다. 이후 이의는 WING에서만 제기할 수 있습니다",
    en: "goods of the quick refund are refunded at once; disputes are for WING from then on",
};

/// `exchangeRejectCode`.
const REJECT_CODES: [&str; 2] = ["SOLDOUT", "WITHDRAW"];

const REASONS: &[(&str, Title)] = &[
    (REJECT_CODES[0], Title { ko: "교환할 상품이 품절됨", en: "the goods wanted are sold out" }),
    (REJECT_CODES[1], Title { ko: "고객이 교환을 철회함", en: "the buyer took it back" }),
];

const fn ability(verb: Verb, kind: &'static str, gives_away: Option<Title>) -> Ability {
    Ability { verb, kind, reversible: false, gives_away, reasons: &[] }
}

/// Nothing of it can be taken back but a waybill of the way back, which another one replaces.
pub(super) static ABILITIES: [Ability; 9] = [
    ability(Verb::AnswerStopped, RETURN, Some(REFUNDED)),
    ability(Verb::AnswerShipped, RETURN, Some(OURS_TO_PAY)),
    ability(Verb::ConfirmReceipt, RETURN, Some(MAY_REFUND)),
    ability(Verb::Approve, RETURN, Some(REFUNDED)),
    Ability { reversible: true, ..ability(Verb::Collect, RETURN, None) },
    ability(Verb::ConfirmReceipt, EXCHANGE, None),
    Ability { reasons: REASONS, ..ability(Verb::Refuse, EXCHANGE, None) },
    Ability { reversible: true, ..ability(Verb::Collect, EXCHANGE, None) },
    ability(Verb::Resend, EXCHANGE, None),
];

/// The call that does a deed. Where PUT and PATCH are documented, PUT.
pub(super) fn put(upstream: &Upstream, deed: &Deed) -> Option<Unsigned> {
    let number = deed.key.parse::<i64>().ok()?;
    let vendor = upstream.credential(VENDOR_ID);
    let call = |method, rest: String, body: Value| Unsigned {
        method,
        path: path(upstream, "v4", &rest),
        query: String::new(),
        headers: vec![("Content-Type", "application/json;charset=UTF-8".to_owned())],
        body: body.to_string().into_bytes(),
    };
    let is_return = deed.kind == RETURN;
    let about_return = |what: &str, body| {
        let path = format!("returnRequests/{number}/{what}");
        is_return.then(|| call(Method::PUT, path, body))
    };
    let about_exchange = |method, what: &str, body| {
        let path = format!("exchangeRequests/{number}/{what}");
        (deed.kind == EXCHANGE).then(|| call(method, path, body))
    };
    match &deed.does {
        Does::AnswerStopped { pieces } => about_return(
            "stoppedShipment",
            json!({ "vendorId": vendor, "receiptId": number, "cancelCount": pieces }),
        ),
        Does::AnswerShipped { by: Carriage { courier, waybill } } => about_return(
            "completedShipment",
            json!({
                "vendorId": vendor,
                "receiptId": number,
                "deliveryCompanyCode": courier,
                "invoiceNumber": waybill,
            }),
        ),
        Does::ConfirmReceipt { .. } if is_return => {
            about_return("receiveConfirmation", json!({ "vendorId": vendor, "receiptId": number }))
        }
        Does::ConfirmReceipt { .. } => about_exchange(
            Method::PUT,
            "receiveConfirmation",
            json!({ "exchangeId": number, "vendorId": vendor }),
        ),
        Does::Approve { pieces } => about_return(
            "approval",
            json!({ "vendorId": vendor, "receiptId": number, "cancelCount": pieces }),
        ),
        Does::Refuse { reason, .. } => about_exchange(
            Method::PUT,
            "rejection",
            json!({ "exchangeId": number, "vendorId": vendor, "exchangeRejectCode": reason }),
        ),
        Does::Collect { by: Carriage { courier, waybill }, booking } => {
            let mut body = json!({
                "returnExchangeDeliveryType": if is_return { "RETURN" } else { "EXCHANGE" },
                "receiptId": number,
                "deliveryCompanyCode": courier,
                "invoiceNumber": waybill,
            });
            if let Some(booking) = booking {
                body["regNumber"] = json!(booking);
            }
            let known = is_return || deed.kind == EXCHANGE;
            known.then(|| call(Method::POST, "return-exchange-invoices/manual".to_owned(), body))
        }
        Does::Resend { parcel, by: Carriage { courier, waybill } } => {
            let parcel = parcel.parse::<i64>().ok()?;
            about_exchange(
                Method::POST,
                "invoices",
                json!([{
                    "exchangeId": number,
                    "vendorId": vendor,
                    "shipmentBoxId": parcel,
                    "goodsDeliveryCode": courier,
                    "invoiceNumber": waybill,
                }]),
            )
        }
        Does::GrantCancel { .. } => None,
    }
}

/// What came of it. `code` and `resultCode` stand in the envelope, in `data`, or in both.
pub(super) fn read(said: &HttpSaid) -> Outcome {
    let envelope = Envelope::parse(&said.body);
    let whole = envelope.as_ref().ok();
    let data = whole.and_then(|whole| whole.get("data")).and_then(|data| Envelope::of(data).ok());
    let text = |name| {
        let outside = whole.and_then(|whole| whole.text(name));
        outside.or_else(|| data.as_ref().and_then(|data| data.text(name)))
    };
    let message = text("message").unwrap_or_default();
    if timed_out(&message) {
        return Outcome::of(ReadFailure::TooMuch);
    }
    let code = text("code");
    let result = text("resultCode");
    if said.status == StatusCode::OK {
        if said.is_html() {
            return Outcome::of(ReadFailure::Unreadable("a page in HTML"));
        }
        if let Err(failure) = envelope {
            return Outcome::of(failure);
        }
        return match (code.as_deref(), result.as_deref()) {
            (Some("200"), None | Some("SUCCESS")) => Outcome::Done,
            (Some("200"), Some("FAIL")) => {
                Outcome::Refused(said.refused(Why::Otherwise, result.as_deref()))
            }
            _ => Outcome::of(ReadFailure::Failed(said.failing(code.as_deref()))),
        };
    }
    match said.status.as_u16() {
        400 if message.contains("not equals gateway's vendorId") => {
            Outcome::of(ReadFailure::Denied(Denied::Key))
        }
        401 if message.contains("signature is expired") => {
            Outcome::of(ReadFailure::Denied(Denied::Clock))
        }
        // Gone, not deployed, locked: the gateway let nobody through.
        410 | 412 | 423 => Outcome::NotDone(ReadFailure::Failed(said.failing(code.as_deref()))),
        _ => said.outcome(why(&message), code.as_deref()),
    }
}

/// What a refusal's words say, as far as they are documented.
fn why(message: &str) -> Why {
    if message.contains("이미 반품이 완료") {
        Why::Already
    } else if message.contains("취소반품접수내역이 존재하지 않습니다")
        || message.starts_with("ReceiptId doesn't belong")
    {
        Why::NotThere
    } else {
        Why::Otherwise
    }
}
