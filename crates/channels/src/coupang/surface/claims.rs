//! What sellers do about returns and exchanges, where there is a floor to do it on.

use axum::http::StatusCode;
use axum::response::Response;
use hoesu_market::{Act, ClaimNo, Decision, Refused as No};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::Answer;
use super::asking::{Asking, Entered};
use super::sheets;
use crate::coupang::couriers;
use crate::coupang::numbers::{self, claim_of_exchange, claim_of_receipt};
use crate::coupang::read::RETURN;
use crate::coupang::refusal::{Refused, answer};
use crate::coupang::wire::{
    AnswerShipped, AnswerStopped, Approve, ConfirmReceipt, ExchangeInvoices, ExchangeReceipt,
    PickupWaybill, RejectExchange,
};
use crate::json;

/// What is said of a receipt that is not there, or was taken back.
const NO_RECEIPT: &str = "취소반품접수내역이 존재하지 않습니다.";
/// What is said of one that is at its end.
const DONE: &str = "이미 반품이 완료되었습니다.";
/// What is said of a waybill for nothing: no body, or no such receipt.
const NOTHING: &str = "Object is null";
const COMPLETED: &str = "RETURNS_COMPLETED";
const COUNT: &str = "취소반품접수수량과 cancelCount가 일치하지 않습니다.";
const WAYBILL: &str = "송장번호가 유효하지 않습니다.";
const WAYBILL_TAKEN: &str = "이미 저장된 송장번호가 있어 송장번호 등록이 불가능합니다. (동일송장번호 업로드 조건 : 수취인정보 동일)";

/// A call whose path names the seller and a receipt or an exchange.
type AboutOne = Asking<(String, String)>;

pub(super) async fn stopped(call: AboutOne) -> Answer {
    let (entered, asked) = call.receipt::<AnswerStopped>().await?;
    let claim = of_receipt(&entered, asked.receipt_id, &asked.vendor_id)?;
    let pieces = pieces(asked.cancel_count)?;
    let decision = Decision::Stopped;
    let act = Act::Decide { claim, decision, pieces: Some(pieces), sent: None };
    entered.act(act).await.map_err(|no| {
        let counted = || bad(format!("[INTERNAL_SERVER_ERROR] {COUNT}"));
        if no == No::Pieces { counted() } else { answered(no) }
    })?;
    Ok(result("200", "OK", "출고중지완료요청이 성공하였습니다"))
}

pub(super) async fn shipped(call: AboutOne) -> Answer {
    let (entered, asked) = call.receipt::<AnswerShipped>().await?;
    let claim = of_receipt(&entered, asked.receipt_id, &asked.vendor_id)?;
    let courier = couriers::named(&asked.delivery_company_code)?;
    let sent = Some((courier, waybill(&asked.invoice_number)));
    let decision = Decision::Shipped;
    entered.act(Act::Decide { claim, decision, pieces: None, sent }).await.map_err(answered)?;
    Ok(result("200", "OK", "이미출고 상태변경이 성공하였습니다."))
}

pub(super) async fn received(call: AboutOne) -> Answer {
    let (entered, asked) = call.receipt::<ConfirmReceipt>().await?;
    let claim = of_receipt(&entered, asked.receipt_id, &asked.vendor_id)?;
    match entered.act(Act::Receive { claim, pieces: None }).await {
        Ok(_) => Ok(said_ok("OK")),
        // Goods that were only received are at no end: the refund is still to come.
        Err(No::Done) if !is_completed(&entered, asked.receipt_id).await? => {
            Err(answered(No::Stage))
        }
        Err(no) => Err(answered(no)),
    }
}

/// Whether a receipt is shown as completed.
async fn is_completed(entered: &Entered, receipt: i64) -> Result<bool, Refused> {
    let shelf = entered.admitted.account.shelf(RETURN);
    let held = entered.counter.desk.ledger.document(shelf, &receipt.to_string()).await?;
    let Some(held) = held else { return Ok(false) };
    let Ok(shown) = json::decode::<ShownStatus>(&held.document.body) else { return Ok(false) };
    Ok(shown.receipt_status.as_deref() == Some(COMPLETED))
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShownStatus {
    receipt_status: Option<String>,
}

pub(super) async fn approved(call: AboutOne) -> Answer {
    let (entered, asked) = call.receipt::<Approve>().await?;
    let claim = of_receipt(&entered, asked.receipt_id, &asked.vendor_id)?;
    let pieces = pieces(asked.cancel_count)?;
    entered.act(Act::Approve { claim, pieces: Some(pieces) }).await.map_err(|no| {
        // Documented as a 500, without its text.
        let early = "[INTERNAL_SERVER_ERROR] 반품승인이 가능한 상태가 아닙니다.";
        if no == No::Stage { Refused::Broken(early) } else { answered(no) }
    })?;
    Ok(said_ok("OK"))
}

pub(super) async fn collected(call: Asking<String>) -> Answer {
    let (entered, asked) = call.open_or_null::<PickupWaybill>().await?;
    let asked = asked.ok_or_else(|| bad(NOTHING))?;
    let claim = match asked.return_exchange_delivery_type.as_str() {
        "RETURN" => claim_of_receipt(asked.receipt_id),
        "EXCHANGE" => claim_of_exchange(asked.receipt_id),
        _ => {
            return Err(bad("returnExchangeDeliveryType must be RETURN or EXCHANGE"));
        }
    };
    let claim = claim.ok_or_else(|| bad(NOTHING))?;
    let courier = couriers::named(&asked.delivery_company_code)?;
    let booking = asked.reg_number.clone().filter(|number| !number.is_empty());
    let act = Act::Collect { claim, courier, waybill: waybill(&asked.invoice_number), booking };
    entered.act(act).await.map_err(|no| {
        let is_null = matches!(no, No::NotThere | No::Withdrawn);
        if is_null { bad(NOTHING) } else { answered(no) }
    })?;
    let place = numbers::place(claim);
    // Written out so that the members keep the documented order.
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let body = format!(
        concat!(
            r#"{{"code":200,"message":"OK","data":{{"deliveryCompanyCode":{courier},"#,
            r#""invoiceNumber":{waybill},"invoiceNumberId":{waybill_id},"receiptId":{receipt},"#,
            r#""regNumber":{booking},"returnDeliveryId":{delivery},"#,
            r#""returnExchangeDeliveryType":{kind}}}}}"#,
        ),
        courier = text(&asked.delivery_company_code),
        waybill = text(&asked.invoice_number),
        waybill_id = 26_000_000 + place,
        receipt = asked.receipt_id,
        booking = asked.reg_number.as_deref().map_or("null".to_owned(), text),
        delivery = 40_000_000 + place,
        kind = text(&asked.return_exchange_delivery_type),
    );
    Ok(answer(StatusCode::OK, body.into()))
}

pub(super) async fn exchange_received(call: AboutOne) -> Answer {
    let (vendor, exchange) = call.path.clone();
    let (entered, sent) = call.enter(&vendor).await?;
    let asked: ExchangeReceipt = sent.object().await?;
    let claim = of_exchange(&entered, &exchange, asked.exchange_id, &asked.vendor_id)?;
    entered.act(Act::Receive { claim, pieces: None }).await.map_err(exchange_answered)?;
    Ok(said_ok("SUCCESS"))
}

pub(super) async fn exchange_rejected(call: AboutOne) -> Answer {
    let (vendor, exchange) = call.path.clone();
    let (entered, sent) = call.enter(&vendor).await?;
    let asked: RejectExchange = sent.object().await?;
    let claim = of_exchange(&entered, &exchange, asked.exchange_id, &asked.vendor_id)?;
    if !matches!(asked.exchange_reject_code.as_str(), "SOLDOUT" | "WITHDRAW") {
        return Err(bad("exchangeRejectCode must be SOLDOUT or WITHDRAW"));
    }
    match entered.act(Act::Refuse { claim, why: asked.exchange_reject_code }).await {
        Ok(_) => Ok(result("200", "SUCCESS", "요청 처리완료")),
        Err(No::NotThere) => Err(exchange_answered(No::NotThere)),
        // Documented without a text of its own.
        Err(_) => Ok(failed("교환접수 상태가 아닙니다.")),
    }
}

pub(super) async fn exchange_resent(call: AboutOne) -> Answer {
    let (vendor, exchange) = call.path.clone();
    let (entered, sent) = call.enter(&vendor).await?;
    let asked: ExchangeInvoices = sent.in_any_form().await?;
    let parcels = asked.each();
    if parcels.is_empty() {
        return Err(bad("Parameter is empty."));
    }
    for parcel in parcels {
        let number = parcel.exchange_id.number()?;
        let claim = of_exchange(&entered, &exchange, number, &parcel.vendor_id)?;
        let courier = couriers::named(&parcel.goods_delivery_code)?;
        let shipment_box = parcel.shipment_box_id.number()?;
        let unfit = async || unfit_box(&entered, shipment_box).await;
        let Some((_, number)) =
            numbers::box_of(shipment_box).filter(|(order, _)| *order == claim.order)
        else {
            return Err(unfit().await?);
        };
        let waybill = waybill(&parcel.invoice_number);
        let act = Act::Resend { claim, parcel: number, courier, waybill };
        match entered.act(act).await {
            Ok(_) => {}
            Err(No::Box) => return Err(unfit().await?),
            Err(no) => return Err(exchange_answered(no)),
        }
    }
    Ok(result("200", "SUCCESS", "Invoice number save successfully"))
}

/// What is said of a box that is not the new one of the exchange.
async fn unfit_box(entered: &Entered, shipment_box: i64) -> Result<Refused, Refused> {
    let held = sheets::held(&entered.counter, &entered.admitted, shipment_box).await?;
    let status = match held {
        Some(held) => sheets::read(&held)?.status,
        None => "NONE_TRACKING".to_owned(),
    };
    Ok(bad(format!(
        "shipmentBoxId ({shipment_box})'s status [{status}] is not suitable for applyInvoice. Only \
         INSTRUCT status shipment can be called with applyInvoice"
    )))
}

impl AboutOne {
    /// Who calls about a receipt, and what the body says once it agrees with the path.
    async fn receipt<T: DeserializeOwned + super::AboutReceipt>(
        self,
    ) -> Result<(Entered, T), Refused> {
        let (vendor, receipt) = self.path.clone();
        let (entered, sent) = self.enter(&vendor).await?;
        let receipt = super::receipt_number(&receipt)?.ok_or_else(|| bad(NO_RECEIPT))?;
        let asked: T = sent.object().await?;
        if asked.receipt().to_string() != receipt {
            return Err(bad("receiptId must be the one of the path"));
        }
        Ok((entered, asked))
    }
}

fn of_receipt(entered: &Entered, receipt: i64, vendor: &str) -> Result<ClaimNo, Refused> {
    entered.is_vendor(vendor)?;
    claim_of_receipt(receipt).ok_or_else(|| bad(NO_RECEIPT))
}

fn of_exchange(
    entered: &Entered,
    path: &str,
    exchange: i64,
    vendor: &str,
) -> Result<ClaimNo, Refused> {
    entered.is_vendor(vendor)?;
    if path.trim_start_matches('0') != exchange.to_string() {
        return Err(bad("exchangeId must be the one of the path"));
    }
    claim_of_exchange(exchange).ok_or_else(|| exchange_answered(No::NotThere))
}

fn pieces(count: i64) -> Result<u32, Refused> {
    u32::try_from(count).map_err(|_| bad(COUNT))
}

/// A waybill as it is compared: without hyphens and spaces.
pub(super) fn waybill(text: &str) -> String {
    hoesu_claims::found::waybill(text)
}

fn bad(sentence: impl Into<std::borrow::Cow<'static, str>>) -> Refused {
    Refused::parameter(sentence)
}

/// Where pages know what is said, in their words.
fn answered(no: No) -> Refused {
    bad(match no {
        No::NotThere | No::Withdrawn => NO_RECEIPT,
        No::Done => DONE,
        No::Pieces => COUNT,
        No::Waybill => WAYBILL,
        No::WaybillTaken => WAYBILL_TAKEN,
        No::Stage | No::Cancelled | No::CancelAsked | No::Box => {
            "처리할 수 없는 상태입니다. 접수내역을 확인해주세요."
        }
    })
}

/// Pages know nothing of what is said here.
fn exchange_answered(no: No) -> Refused {
    bad(match no {
        No::NotThere => "교환접수내역이 존재하지 않습니다.",
        No::Withdrawn => "철회된 교환접수입니다.",
        No::Done => "이미 처리된 교환접수입니다.",
        No::Waybill => WAYBILL,
        No::WaybillTaken => WAYBILL_TAKEN,
        No::Pieces | No::Stage | No::Cancelled | No::CancelAsked | No::Box => {
            "처리할 수 없는 상태입니다. 교환내역을 확인해주세요."
        }
    })
}

fn said_ok(message: &str) -> Response {
    answer(StatusCode::OK, format!(r#"{{"code":"200","message":"{message}"}}"#).into())
}

fn result(code: &str, message: &str, what: &str) -> Response {
    let body = format!(
        r#"{{"code":"{code}","message":"{message}","data":{{"resultCode":"SUCCESS","resultMessage":"{what}"}}}}"#
    );
    answer(StatusCode::OK, body.into())
}

fn failed(why: &str) -> Response {
    let body = json!({
        "code": "200",
        "message": "OK",
        "data": { "resultCode": "FAIL", "resultMessage": why },
    });
    answer(StatusCode::OK, body.to_string().into())
}
