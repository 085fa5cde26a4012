//! What sellers do about orders: prepare them, tell their waybills, cancel them.

use std::fmt::Write as _;

use axum::http::StatusCode;
use axum::response::Response;
use hoesu_market::{Act, Acted, Refused as No};

use super::asking::{Asking, Entered};
use super::claims::waybill;
use super::{Answer, sheets};
use crate::coupang::couriers;
use crate::coupang::numbers;
use crate::coupang::refusal::{Refused, answer};
use crate::coupang::wire::{Acknowledgement, CancelOrder, InvoiceApply, Invoices, OrderSheet};

/// Boxes one call may name.
const BOXES_MAX: usize = 50;

/// What came of one box: code, whether to try again, words.
type BoxResult = (i64, &'static str, bool, String);

pub(super) async fn acknowledged(call: Asking<String>) -> Answer {
    let (entered, asked) = call.open::<Acknowledgement>().await?;
    entered.is_vendor(&asked.vendor_id)?;
    few("shipmentBoxIds", asked.shipment_box_ids.len())?;
    let mut results = Vec::with_capacity(asked.shipment_box_ids.len());
    for shipment_box in asked.shipment_box_ids {
        let acted = match known(&entered, shipment_box).await? {
            Some((order, _)) => entered.act(Act::Confirm { order }).await,
            None => Err(No::NotThere),
        };
        results.push(match acted {
            Ok(_) => succeeded(shipment_box),
            Err(No::NotThere) => not_found(shipment_box),
            Err(_) => (
                shipment_box,
                "INVALID_STATUS",
                false,
                "배송상태를 변경할 수 없습니다. 주문내역을 확인해주세요.".to_owned(),
            ),
        });
    }
    Ok(results_of(&entered, "apply instructStatus result", &results))
}

pub(super) async fn invoiced(call: Asking<String>) -> Answer {
    let (entered, asked) = call.open::<Invoices>().await?;
    entered.is_vendor(&asked.vendor_id)?;
    few("orderSheetInvoiceApplyDtos", asked.order_sheet_invoice_apply_dtos.len())?;
    let mut told: Vec<(u64, String, Result<(), No>)> = Vec::new();
    let mut results = Vec::new();
    for apply in &asked.order_sheet_invoice_apply_dtos {
        results.push(invoice(&entered, apply, &mut told).await?);
    }
    Ok(results_of(&entered, "apply invoice result", &results))
}

/// The waybill of one item of a box. Items that share it are told of once.
async fn invoice(
    entered: &Entered,
    apply: &InvoiceApply,
    told: &mut Vec<(u64, String, Result<(), No>)>,
) -> Result<BoxResult, Refused> {
    let shipment_box = apply.shipment_box_id;
    let courier = couriers::named(&apply.delivery_company_code)?;
    let Some((order, sheet)) = known(entered, shipment_box).await? else {
        return Ok(not_found(shipment_box));
    };
    if sheet.order_id != apply.order_id {
        return Ok(not_found(shipment_box));
    }
    let mut items = sheet.order_items.iter().flatten();
    if !items.any(|item| item.vendor_item_id == Some(apply.vendor_item_id)) {
        let words = "합포장건 중 누락된 상품이 있습니다.".to_owned();
        return Ok((shipment_box, "NOT_FOUND_VENDOR_ITEM", false, words));
    }
    let waybill = waybill(&apply.invoice_number);
    let before = told.iter().find(|(known, with, _)| *known == order && *with == waybill);
    let acted = if let Some((_, _, acted)) = before {
        *acted
    } else {
        let act = Act::Waybill { order, courier, waybill: waybill.clone() };
        let acted = entered.act(act).await.map(drop);
        told.push((order, waybill, acted));
        acted
    };
    let refused = |code, retry, words: &str| (shipment_box, code, retry, words.to_owned());
    Ok(match acted {
        Ok(()) => succeeded(shipment_box),
        Err(No::NotThere) => not_found(shipment_box),
        Err(No::Waybill) => {
            refused("INVALID_INVOICE_NUMBER", true, "송장번호가 유효하지 않습니다.")
        }
        Err(No::WaybillTaken) => {
            refused("DUPLICATE_INVOICE_NUMBER", true, "이미 저장된 송장번호가 있습니다.")
        }
        Err(No::Cancelled) => refused("ORDER_DELIVERY_CANCELED", false, "취소된 주문건입니다."),
        Err(No::CancelAsked) => {
            refused("ORDER_DELIVERY_PARTIAL_STOP_REQUESTED", true, "출고중지 요청건입니다.")
        }
        Err(No::Done) => refused(
            "NOT_ALLOW_INVOICE_NUMBER_RE_UPLOAD",
            false,
            "이미 저장된 송장번호가 있어, 송장번호 등록이 불가능합니다. (동일송장번호 업로드 조건 : 주문자/수취인정보 동일)",
        ),
        Err(No::Withdrawn | No::Pieces | No::Stage | No::Box) => {
            refused("INVALID_STATUS", false, "배송진행상태가 유효하지 않습니다.")
        }
    })
}

pub(super) async fn cancelled(call: Asking<(String, String)>) -> Answer {
    let (vendor, order) = call.path.clone();
    let (entered, sent) = call.enter(&vendor).await?;
    let asked: CancelOrder = sent.object().await?;
    check(&asked, &vendor, &order)?;
    let none = || Refused::parameter("주문 정보가 없습니다.");
    let nth = numbers::nth_of(asked.order_id).ok_or_else(none)?;
    let shipment_box = numbers::shipment_box(nth, 1).cast_signed();
    let (_, sheet) = known(&entered, shipment_box).await?.ok_or_else(none)?;
    // The box an order begins with has every line, in order, until the last parcel is told.
    let items: Vec<i64> =
        sheet.order_items.iter().flatten().map(|item| item.vendor_item_id.unwrap_or(0)).collect();
    let mut pieces = Vec::with_capacity(asked.vendor_item_ids.len());
    for (item, count) in asked.vendor_item_ids.iter().zip(&asked.receipt_counts) {
        let line = items.iter().position(|known| known == item);
        let line =
            line.ok_or_else(|| Refused::parameter(format!("주문정보가 없습니다.[{item}]")))?;
        pieces.push((line, u32::try_from(*count).unwrap_or(u32::MAX)));
    }
    let unprepared = sheet.status == "ACCEPT";
    if unprepared && !is_whole(&sheet, &asked) {
        return Err(Refused::parameter("부분 취소는 불가능합니다."));
    }
    let acted = entered.act(Act::Cancel { order: nth, pieces }).await.map_err(|no| {
        Refused::parameter(match no {
            No::NotThere => "주문 정보가 없습니다.",
            No::Pieces | No::Cancelled | No::Done | No::Withdrawn => {
                "취소 가능한 개수보다 요청한 개수가 더 많습니다."
            }
            No::CancelAsked => "출고정지 완료 처리에 실패했습니다.",
            No::Stage | No::Waybill | No::WaybillTaken | No::Box => {
                "해당 벤더아이템이 결제완료/상품지시 중 상태가 아닙니다."
            }
        })
    })?;
    let receipt = match acted {
        Acted::Claimed(claim) => format!(
            r#"{{"receiptId":{},"receiptType":"{}","vendorItemIds":{:?},"totalCount":{}}}"#,
            numbers::receipt(claim),
            if unprepared { "CANCEL" } else { "STOP_SHIPMENT" },
            asked.vendor_item_ids,
            asked.receipt_counts.iter().sum::<i64>(),
        ),
        Acted::Done => "null".to_owned(),
    };
    let body = format!(
        r#"{{"code":"SUCCESS","message":"OK","data":{{"receiptMap":{receipt},"orderId":{},"failedVendorItemIds":[]}}}}"#,
        asked.order_id
    );
    Ok(answer(StatusCode::OK, body.into()))
}

/// The page's refusals of what a cancel says, in its order.
fn check(asked: &CancelOrder, vendor: &str, order: &str) -> Result<(), Refused> {
    let wrong = |sentence: &'static str| Err(Refused::parameter(sentence));
    if asked.order_id == 0 || asked.order_id.to_string() != order {
        return wrong("주문 ID를 입력해 주세요.");
    }
    if asked.vendor_item_ids.is_empty() {
        return wrong("취소할 벤더아이템 아이디 목록을 입력해주세요.");
    }
    if asked.receipt_counts.is_empty() || asked.receipt_counts.iter().any(|count| *count <= 0) {
        return wrong("취소할 아이탬 개수 목록을 입력해주세요.");
    }
    if asked.vendor_item_ids.len() != asked.receipt_counts.len() {
        return wrong("요청한 상품 개수와 취소 개수를 확인해주세요.");
    }
    match asked.big_cancel_code.as_str() {
        "" => return wrong("취소사유 대분류 코드를 입력해주세요."),
        "CANERR" => {}
        _ => return wrong("취소사유 대분류 코드를 확인해 주세요."),
    }
    match asked.middle_cancel_code.as_str() {
        "" => return wrong("취소사유 중분류 코드를 입력해주세요."),
        "CCTTER" | "CCPNER" | "CCPRER" => {}
        _ => return wrong("취소사유 중분류 코드를 확인해 주세요."),
    }
    if asked.vendor_id != vendor {
        return wrong("업체 ID를 입력해주세요.");
    }
    if asked.user_id.is_empty() {
        return wrong("업체 ID에 맞는 올바른 유저 ID를 입력해주세요.");
    }
    Ok(())
}

/// Whether every piece of a box that is not cancelled yet is asked for.
fn is_whole(sheet: &OrderSheet, asked: &CancelOrder) -> bool {
    let left = sheet.order_items.iter().flatten().map(|item| {
        item.shipping_count.unwrap_or(0)
            - item.cancel_count.unwrap_or(0)
            - item.hold_count_for_cancel.unwrap_or(0)
    });
    left.sum::<i64>() <= asked.receipt_counts.iter().sum()
}

/// The order of a box, and its sheet.
async fn known(entered: &Entered, shipment_box: i64) -> Result<Option<(u64, OrderSheet)>, Refused> {
    let Entered { counter, admitted, .. } = entered;
    let Some((order, _)) = numbers::box_of(shipment_box) else { return Ok(None) };
    let Some(held) = sheets::held(counter, admitted, shipment_box).await? else {
        return Ok(None);
    };
    Ok(Some((order, sheets::read(&held)?)))
}

fn few(name: &str, many: usize) -> Result<(), Refused> {
    match many {
        0 => Err(Refused::parameter(format!("{name} is empty"))),
        1..=BOXES_MAX => Ok(()),
        _ => Err(Refused::parameter(format!("{name} may have at most {BOXES_MAX}"))),
    }
}

fn succeeded(shipment_box: i64) -> BoxResult {
    (shipment_box, "OK", false, "request succeeded.".to_owned())
}

fn not_found(shipment_box: i64) -> BoxResult {
    let words = format!("shipmentBoxId ({shipment_box}) is not found.");
    (shipment_box, "NOT_FOUND_SHIPMENT_BOX", true, words)
}

/// What came of all boxes: a 200 even if nothing succeeded.
fn results_of(entered: &Entered, what: &str, results: &[BoxResult]) -> Response {
    let failed = results.iter().filter(|(_, code, _, _)| *code != "OK").count();
    let (code, words) = match failed {
        0 => (0, "All succeeded."),
        failed if failed == results.len() => (99, "All Failed."),
        _ => (1, "Partial errors."),
    };
    // Written out so that the members keep the documented order.
    let mut body = format!(
        r#"{{"code":"200","message":"OK","data":{{"responseKey":{},"responseCode":{code},"responseMessage":"{what} - {words}","responseList":["#,
        entered.chance() as i64,
    );
    for (nth, (shipment_box, code, retry, words)) in results.iter().enumerate() {
        let comma = if nth > 0 { "," } else { "" };
        let words = serde_json::Value::from(words.as_str());
        let _ = write!(
            body,
            r#"{comma}{{"shipmentBoxId":{shipment_box},"succeed":{},"resultCode":"{code}","retryRequired":{retry},"resultMessage":{words}}}"#,
            *code == "OK"
        );
    }
    body.push_str("]}}");
    answer(StatusCode::OK, body.into())
}
