//! What sellers have done: what is asked of the floor, and what is said of its answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::http::Method;
use hoesu_ledger::Account;
use hoesu_market::{Act, Acted, ClaimNo, Courier, Decision, Refused};

use super::*;
use crate::connect::tests::{came_of, upstream};
use crate::connect::{Carriage, Deed, Does, Outcome, Why};
use crate::stall::Floor;

/// Answers what it was told to, and remembers what it was asked.
#[derive(Default)]
pub(super) struct Script {
    answers: Mutex<VecDeque<Result<Acted, Refused>>>,
    acts: Mutex<Vec<Act>>,
}

#[async_trait]
impl Floor for Script {
    async fn act(&self, _: &Account, act: Act) -> Result<Acted, Refused> {
        self.acts.lock().unwrap().push(act);
        self.answers.lock().unwrap().pop_front().unwrap_or(Ok(Acted::Done))
    }

    fn chance(&self) -> u128 {
        7
    }
}

impl Script {
    fn says(&self, answer: Result<Acted, Refused>) {
        self.answers.lock().unwrap().push_back(answer);
    }

    fn asked(&self) -> Vec<Act> {
        std::mem::take(&mut self.acts.lock().unwrap())
    }
}

async fn acting() -> (Trial, Arc<Script>) {
    let script = Arc::new(Script::default());
    (trial().await.with_floor(script.clone()), script)
}

const CLAIM: ClaimNo = ClaimNo { order: 17, at: 2 };
/// Its numbers: of a receipt, of an exchange, of the order's first box.
const RECEIPT: i64 = 300_000_138;
const EXCHANGE: i64 = 100_000_138;
const BOX: i64 = 640_000_000_000_000_137;

async fn put(trial: &Trial, rest: &str, body: &str) -> Answered {
    trial.call(Method::PUT, &v4(rest), body).await
}

fn ok(answered: &Answered, body: &str) {
    assert_eq!((answered.status.as_u16(), answered.body.as_str()), (200, body));
}

#[tokio::test]
async fn nothing_is_done_where_there_is_no_floor() {
    let trial = trial().await;
    for (method, rest) in [
        (Method::PUT, "returnRequests/300000138/approval"),
        (Method::PATCH, "returnRequests/300000138/stoppedShipment"),
        (Method::POST, "orders/invoices"),
        (Method::POST, "exchangeRequests/1/invoices"),
    ] {
        let answered = trial.call(method, &v4(rest), "{}").await;
        assert_eq!((answered.status.as_u16(), answered.body.as_str()), (404, ""), "{rest}");
    }
}

#[tokio::test]
async fn a_shipment_is_answered_stopped_or_shipped_already() {
    let (trial, script) = acting().await;
    let stopped = format!("returnRequests/{RECEIPT}/stoppedShipment");
    let body = format!(r#"{{"vendorId":"A00012345","receiptId":{RECEIPT},"cancelCount":2}}"#);
    for method in [Method::PUT, Method::PATCH] {
        let answered = trial.call(method, &v4(&stopped), &body).await;
        ok(
            &answered,
            r#"{"code":"200","message":"OK","data":{"resultCode":"SUCCESS","resultMessage":"출고중지완료요청이 성공하였습니다"}}"#,
        );
        let decision = Decision::Stopped;
        let act = Act::Decide { claim: CLAIM, decision, pieces: Some(2), sent: None };
        assert_eq!(script.asked(), [act]);
    }
    for (no, message) in [
        (
            Refused::Pieces,
            "[INTERNAL_SERVER_ERROR] 취소반품접수수량과 cancelCount가 일치하지 않습니다.",
        ),
        (Refused::Done, "이미 반품이 완료되었습니다."),
        (Refused::Withdrawn, "취소반품접수내역이 존재하지 않습니다."),
    ] {
        script.says(Err(no));
        refused(&put(&trial, &stopped, &body).await, 400, message);
    }
    script.asked();
    let shipped = format!("returnRequests/{RECEIPT}/completedShipment");
    let body = format!(
        r#"{{"vendorId":"A00012345","receiptId":{RECEIPT},"deliveryCompanyCode":"KDEXP","invoiceNumber":"7043-2743577"}}"#
    );
    ok(
        &put(&trial, &shipped, &body).await,
        r#"{"code":"200","message":"OK","data":{"resultCode":"SUCCESS","resultMessage":"이미출고 상태변경이 성공하였습니다."}}"#,
    );
    let sent = Some((Courier::Named("KDEXP".into()), "70432743577".into()));
    let decision = Decision::Shipped;
    assert_eq!(script.asked(), [Act::Decide { claim: CLAIM, decision, pieces: None, sent }]);
    script.says(Err(Refused::Waybill));
    refused(&put(&trial, &shipped, &body).await, 400, "송장번호가 유효하지 않습니다.");
    let wrong = body.replace("KDEXP", "LOTTE");
    assert_eq!(put(&trial, &shipped, &wrong).await.status.as_u16(), 500);
}

#[tokio::test]
async fn goods_are_received_and_returns_approved() {
    let (trial, script) = acting().await;
    let received = format!("returnRequests/{RECEIPT}/receiveConfirmation");
    let body = format!(r#"{{"vendorId":"A00012345","receiptId":{RECEIPT}}}"#);
    ok(&put(&trial, &received, &body).await, r#"{"code":"200","message":"OK"}"#);
    let fifth = format!("{BASE}/v5/vendors/A00012345/{received}");
    ok(&trial.call(Method::PATCH, &fifth, &body).await, r#"{"code":"200","message":"OK"}"#);
    let receive = Act::Receive { claim: CLAIM, pieces: None };
    assert_eq!(script.asked(), [receive.clone(), receive]);
    let approved = format!("returnRequests/{RECEIPT}/approval");
    let body = format!(r#"{{"vendorId":"A00012345","receiptId":{RECEIPT},"cancelCount":3}}"#);
    ok(&put(&trial, &approved, &body).await, r#"{"code":"200","message":"OK"}"#);
    assert_eq!(script.asked(), [Act::Approve { claim: CLAIM, pieces: Some(3) }]);
    script.says(Err(Refused::Pieces));
    let count = "취소반품접수수량과 cancelCount가 일치하지 않습니다.";
    refused(&put(&trial, &approved, &body).await, 400, count);
    script.says(Err(Refused::Stage));
    assert_eq!(put(&trial, &approved, &body).await.status.as_u16(), 500);
}

#[tokio::test]
async fn a_body_says_what_the_path_says_in_the_documented_types() {
    let (trial, script) = acting().await;
    let received = format!("returnRequests/{RECEIPT}/receiveConfirmation");
    let cases = [
        (
            format!(r#"{{"vendorId":"A00012345","receiptId":"{RECEIPT}"}}"#),
            "receiptId has the wrong form, expected i64",
        ),
        (format!(r#"{{"receiptId":{RECEIPT}}}"#), "vendorId is missing"),
        (
            r#"{"vendorId":"A00012345","receiptId":1}"#.to_owned(),
            "receiptId must be the one of the path",
        ),
        (
            format!(r#"{{"vendorId":"A00099999","receiptId":{RECEIPT}}}"#),
            "params's vendorId not equals gateway's vendorId!",
        ),
        ("[]".to_owned(), "body has the wrong form, expected an object"),
        ("{".to_owned(), "body is not readable JSON (line 1, column 1)"),
    ];
    for (body, message) in cases {
        refused(&put(&trial, &received, &body).await, 400, message);
    }
    assert_eq!(script.asked(), []);
}

#[tokio::test]
async fn the_way_back_gets_a_waybill_for_returns_and_exchanges() {
    let (trial, script) = acting().await;
    let rest = "return-exchange-invoices/manual";
    let body = |kind: &str, number: i64| {
        format!(
            r#"{{"returnExchangeDeliveryType":"{kind}","receiptId":{number},"deliveryCompanyCode":"CJGLS","invoiceNumber":"380400000001","regNumber":"R-1"}}"#
        )
    };
    ok(
        &trial.post(&v4(rest), &body("RETURN", RECEIPT)).await,
        r#"{"code":200,"message":"OK","data":{"deliveryCompanyCode":"CJGLS","invoiceNumber":"380400000001","invoiceNumberId":26000138,"receiptId":300000138,"regNumber":"R-1","returnDeliveryId":40000138,"returnExchangeDeliveryType":"RETURN"}}"#,
    );
    let answered = trial.post(&v4(rest), &body("EXCHANGE", EXCHANGE)).await;
    assert_eq!(answered.status.as_u16(), 200);
    let act = Act::Collect {
        claim: CLAIM,
        courier: Courier::Cj,
        waybill: "380400000001".into(),
        booking: Some("R-1".into()),
    };
    assert_eq!(script.asked(), [act.clone(), act]);
    script.says(Err(Refused::NotThere));
    refused(&trial.post(&v4(rest), &body("RETURN", RECEIPT)).await, 400, "Object is null");
    script.asked();
    for nothing in ["", " \n", "null"] {
        refused(&trial.post(&v4(rest), nothing).await, 400, "Object is null");
    }
    assert_eq!(script.asked(), []);
}

#[tokio::test]
async fn goods_received_twice_are_not_called_a_return_that_is_over() {
    let script = Arc::new(Script::default());
    let received = format!("returnRequests/{RECEIPT}/receiveConfirmation");
    let body = format!(r#"{{"vendorId":"A00012345","receiptId":{RECEIPT}}}"#);
    for (status, sentence) in [
        ("VENDOR_WAREHOUSE_CONFIRM", "처리할 수 없는 상태입니다. 접수내역을 확인해주세요."),
        ("RETURNS_COMPLETED", "이미 반품이 완료되었습니다."),
    ] {
        let trial = trial().await.with_floor(script.clone());
        trial.put(&receipt(RECEIPT, "2026-01-20T10:00:00", status)).await;
        script.says(Err(Refused::Done));
        refused(&put(&trial, &received, &body).await, 400, sentence);
    }
}

#[test]
fn a_caller_who_calls_too_often_is_told_so_in_a_header_too() {
    let away = crate::coupang::refusal::turn_away(crate::Away::TooMany);
    assert_eq!(away.status().as_u16(), 429);
    assert!(away.headers().contains_key("X-CAG-Warnings"));
}

#[tokio::test]
async fn exchanges_are_received_refused_and_sent_again() {
    let (trial, script) = acting().await;
    let rest = |what: &str| format!("exchangeRequests/{EXCHANGE}/{what}");
    let body = format!(r#"{{"exchangeId":{EXCHANGE},"vendorId":"A00012345"}}"#);
    let received = put(&trial, &rest("receiveConfirmation"), &body).await;
    ok(&received, r#"{"code":"200","message":"SUCCESS"}"#);
    let body = body.replace('}', r#","exchangeRejectCode":"SOLDOUT"}"#);
    ok(
        &put(&trial, &rest("rejection"), &body).await,
        r#"{"code":"200","message":"SUCCESS","data":{"resultCode":"SUCCESS","resultMessage":"요청 처리완료"}}"#,
    );
    script.says(Err(Refused::Stage));
    let failed = put(&trial, &rest("rejection"), &body).await;
    assert!(failed.status.is_success() && failed.body.contains(r#""resultCode":"FAIL""#));
    let wrong = put(&trial, &rest("rejection"), &body.replace("SOLDOUT", "NO")).await;
    refused(&wrong, 400, "exchangeRejectCode must be SOLDOUT or WITHDRAW");
    script.asked();

    let new_box = BOX + 2;
    let one = format!(
        r#"{{"exchangeId":{EXCHANGE},"vendorId":"A00012345","shipmentBoxId":{new_box},"goodsDeliveryCode":"CJGLS","invoiceNumber":"680405450931"}}"#
    );
    // The page's table has numbers, its example texts; clients leave the list out.
    let quoted = one
        .replace(&EXCHANGE.to_string(), &format!("\"{EXCHANGE}\""))
        .replace(&new_box.to_string(), &format!("\"{new_box}\""));
    for body in [format!("[{one}]"), one.clone(), format!("[{quoted}]")] {
        ok(
            &trial.post(&v4(&rest("invoices")), &body).await,
            r#"{"code":"200","message":"SUCCESS","data":{"resultCode":"SUCCESS","resultMessage":"Invoice number save successfully"}}"#,
        );
        let waybill = "680405450931".to_owned();
        let act = Act::Resend { claim: CLAIM, parcel: 3, courier: Courier::Cj, waybill };
        assert_eq!(script.asked(), [act]);
    }
    script.says(Err(Refused::Box));
    let unfit = format!(
        "shipmentBoxId ({new_box})'s status [NONE_TRACKING] is not suitable for applyInvoice. Only INSTRUCT status shipment can be called with applyInvoice"
    );
    refused(&trial.post(&v4(&rest("invoices")), &one).await, 400, &unfit);
    assert_eq!(trial.post(&v4(&rest("invoices")), "[]").await.status.as_u16(), 400);
}

/// The only box of order 17: two of one thing, one of another.
async fn with_box(trial: &Trial, status: &str) {
    trial
        .put(&format!(
            r#"{{"shipmentBoxId":{BOX},"orderId":500000017,"orderedAt":"2016-03-25T13:05:30","status":"{status}","orderItems":[{{"vendorItemId":31,"shippingCount":2,"cancelCount":0}},{{"vendorItemId":32,"shippingCount":1,"cancelCount":0}}]}}"#
        ))
        .await;
}

#[tokio::test]
async fn boxes_are_prepared_and_sent_and_each_is_answered_for() {
    let (trial, script) = acting().await;
    with_box(&trial, "ACCEPT").await;
    let body = format!(r#"{{"vendorId":"A00012345","shipmentBoxIds":[{BOX},9]}}"#);
    ok(
        &put(&trial, "ordersheets/acknowledgement", &body).await,
        &format!(
            r#"{{"code":"200","message":"OK","data":{{"responseKey":7,"responseCode":1,"responseMessage":"apply instructStatus result - Partial errors.","responseList":[{{"shipmentBoxId":{BOX},"succeed":true,"resultCode":"OK","retryRequired":false,"resultMessage":"request succeeded."}},{{"shipmentBoxId":9,"succeed":false,"resultCode":"NOT_FOUND_SHIPMENT_BOX","retryRequired":true,"resultMessage":"shipmentBoxId (9) is not found."}}]}}}}"#
        ),
    );
    assert_eq!(script.asked(), [Act::Confirm { order: 17 }]);
    let apply = |item: i64| {
        format!(
            r#"{{"shipmentBoxId":{BOX},"orderId":500000017,"vendorItemId":{item},"deliveryCompanyCode":"CJGLS","invoiceNumber":"380400000001","splitShipping":false,"preSplitShipped":false,"estimatedShippingDate":""}}"#
        )
    };
    let body = format!(
        r#"{{"vendorId":"A00012345","orderSheetInvoiceApplyDtos":[{},{}]}}"#,
        apply(31),
        apply(32)
    );
    let answered = trial.post(&v4("orders/invoices"), &body).await;
    assert!(answered.body.contains(r#""responseCode":0"#), "{}", answered.body);
    // Both items share the waybill: it is told once.
    let waybill = "380400000001".to_owned();
    assert_eq!(script.asked(), [Act::Waybill { order: 17, courier: Courier::Cj, waybill }]);
    for (no, code) in [
        (Refused::CancelAsked, "ORDER_DELIVERY_PARTIAL_STOP_REQUESTED"),
        (Refused::Cancelled, "ORDER_DELIVERY_CANCELED"),
        (Refused::WaybillTaken, "DUPLICATE_INVOICE_NUMBER"),
        (Refused::Waybill, "INVALID_INVOICE_NUMBER"),
        (Refused::Stage, "INVALID_STATUS"),
    ] {
        script.says(Err(no));
        let answered = trial.post(&v4("orders/invoices"), &body).await;
        assert!(answered.body.contains(r#""responseCode":99"#), "{}", answered.body);
        assert!(answered.body.contains(code), "{}", answered.body);
    }
}

#[tokio::test]
async fn a_seller_cancels_all_of_an_order_or_part_of_a_prepared_one() {
    let (trial, script) = acting().await;
    with_box(&trial, "ACCEPT").await;
    let body = |items: &str, counts: &str| {
        format!(
            r#"{{"orderId":500000017,"vendorItemIds":{items},"receiptCounts":{counts},"bigCancelCode":"CANERR","middleCancelCode":"CCTTER","userId":"wing","vendorId":"A00012345"}}"#
        )
    };
    let path =
        |version: &str| format!("{BASE}/{version}/vendors/A00012345/orders/500000017/cancel");
    refused(&trial.post(&path("v5"), &body("[32]", "[1]")).await, 400, "부분 취소는 불가능합니다.");
    with_box(&trial, "INSTRUCT").await;
    script.says(Ok(Acted::Claimed(CLAIM)));
    ok(
        &trial.post(&path("v6"), &body("[32]", "[1]")).await,
        r#"{"code":"SUCCESS","message":"OK","data":{"receiptMap":{"receiptId":300000138,"receiptType":"STOP_SHIPMENT","vendorItemIds":[32],"totalCount":1},"orderId":500000017,"failedVendorItemIds":[]}}"#,
    );
    assert_eq!(script.asked(), [Act::Cancel { order: 17, pieces: vec![(1, 1)] }]);
    for (wrong, message) in [
        (body("[]", "[]"), "취소할 벤더아이템 아이디 목록을 입력해주세요."),
        (body("[31]", "[0]"), "취소할 아이탬 개수 목록을 입력해주세요."),
        (body("[31]", "[1,1]"), "요청한 상품 개수와 취소 개수를 확인해주세요."),
        (body("[99]", "[1]"), "주문정보가 없습니다.[99]"),
        (body("[31]", "[1]").replace("CANERR", "X"), "취소사유 대분류 코드를 확인해 주세요."),
        (body("[31]", "[1]").replace("500000017", "0"), "주문 ID를 입력해 주세요."),
    ] {
        refused(&trial.post(&path("v5"), &wrong).await, 400, message);
    }
    script.says(Err(Refused::Pieces));
    let more = "취소 가능한 개수보다 요청한 개수가 더 많습니다.";
    refused(&trial.post(&path("v5"), &body("[31]", "[9]")).await, 400, more);
}

#[tokio::test]
async fn a_market_lets_ten_calls_a_second_in_and_numbers_them_by_chance() {
    let (trial, _) = acting().await;
    for nth in 0..11 {
        let answered = trial.get(&v4("returnRequests/1")).await;
        assert_eq!(answered.status.as_u16(), if nth < 10 { 400 } else { 429 });
    }
    let target = v4("returnRequests/1");
    let nobody = trial.send(Method::GET, &target, &[], "").await.body;
    assert!(
        nobody.ends_with(r#""transactionId":"00000000-0000-4000-8000-000000000007"}"#),
        "{nobody}"
    );
}

fn deed(kind: &str, key: i64, does: Does) -> Deed {
    Deed { kind: kind.to_owned(), key: key.to_string(), does }
}

/// Every deed the connector offers, about the claim.
fn deeds() -> Vec<(Deed, Act)> {
    let by = || Carriage { courier: "HANJIN".into(), waybill: "410400000001".into() };
    let courier = || Courier::Named("HANJIN".into());
    let waybill = || "410400000001".to_owned();
    let receive = Act::Receive { claim: CLAIM, pieces: None };
    let confirm = || Does::ConfirmReceipt { pieces: None, by: None };
    let collect = Act::Collect {
        claim: CLAIM,
        courier: courier(),
        waybill: waybill(),
        booking: Some("R-1".into()),
    };
    let fetch = || Does::Collect { by: by(), booking: Some("R-1".into()) };
    let refuse = Does::Refuse { reason: "SOLDOUT".into(), pieces: None, note: None };
    vec![
        (
            deed("return", RECEIPT, Does::AnswerStopped { pieces: 2 }),
            Act::Decide { claim: CLAIM, decision: Decision::Stopped, pieces: Some(2), sent: None },
        ),
        (
            deed("return", RECEIPT, Does::AnswerShipped { by: by() }),
            Act::Decide {
                claim: CLAIM,
                decision: Decision::Shipped,
                pieces: None,
                sent: Some((courier(), waybill())),
            },
        ),
        (deed("return", RECEIPT, confirm()), receive.clone()),
        (
            deed("return", RECEIPT, Does::Approve { pieces: 2 }),
            Act::Approve { claim: CLAIM, pieces: Some(2) },
        ),
        (deed("return", RECEIPT, fetch()), collect.clone()),
        (deed("exchange", EXCHANGE, confirm()), receive),
        (deed("exchange", EXCHANGE, refuse), Act::Refuse { claim: CLAIM, why: "SOLDOUT".into() }),
        (deed("exchange", EXCHANGE, fetch()), collect),
        (
            deed("exchange", EXCHANGE, Does::Resend { parcel: (BOX + 2).to_string(), by: by() }),
            Act::Resend { claim: CLAIM, parcel: 3, courier: courier(), waybill: waybill() },
        ),
    ]
}

#[tokio::test]
async fn every_deed_is_done_as_it_is_asked_for() {
    let (trial, script) = acting().await;
    let connector = trial.channel.connector().unwrap();
    let offered: Vec<_> =
        connector.deeds().iter().map(|ability| (ability.verb, ability.kind)).collect();
    let all = deeds();
    let asked: Vec<_> =
        all.iter().map(|(deed, _)| (deed.does.verb(), deed.kind.as_str())).collect();
    assert_eq!(asked, offered);
    for (deed, act) in all {
        assert_eq!(came_of(&trial, &deed).await, Outcome::Done, "{deed:?}");
        assert_eq!(script.asked(), [act]);
    }
}

#[tokio::test]
async fn a_refused_deed_says_what_matters_about_it() {
    let (trial, script) = acting().await;
    let approve = deed("return", RECEIPT, Does::Approve { pieces: 2 });
    for (no, why) in [
        (Refused::Done, Why::Already),
        (Refused::Withdrawn, Why::NotThere),
        (Refused::NotThere, Why::NotThere),
        (Refused::Pieces, Why::Otherwise),
    ] {
        script.says(Err(no));
        let Outcome::Refused(refused) = came_of(&trial, &approve).await else {
            panic!("{no:?} is a refusal")
        };
        assert_eq!((refused.why, refused.status), (why, 400));
    }
    // Documented as a 500: nobody can tell it from one that came after the money went.
    script.says(Err(Refused::Stage));
    assert_eq!(came_of(&trial, &approve).await.name(), "unknown");
    let refuse = Does::Refuse { reason: "SOLDOUT".into(), pieces: None, note: None };
    script.says(Err(Refused::Stage));
    assert_eq!(came_of(&trial, &deed("exchange", EXCHANGE, refuse)).await.name(), "refused");
}

#[tokio::test]
async fn what_is_no_number_of_coupangs_or_no_deed_of_it_is_not_put() {
    let trial = trial().await;
    let connector = trial.channel.connector().unwrap();
    let put = |deed: &Deed| connector.put_deed(&upstream(&trial), deed).is_some();
    let approve = || Does::Approve { pieces: 2 };
    assert!(put(&deed("return", 1, approve())));
    assert!(!put(&deed("exchange", 1, approve())));
    assert!(!put(&Deed { key: "1/../2".into(), ..deed("return", 1, approve()) }));
    assert!(!put(&deed("return", 1, Does::GrantCancel { pieces: None })));
    assert!(!put(&deed("order-sheet", 1, Does::ConfirmReceipt { pieces: None, by: None })));
}
