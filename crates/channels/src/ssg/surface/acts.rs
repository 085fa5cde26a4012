//! What callers ask to be done, where there is a floor to do it on. Everything is looked up among the
//! account's own documents first, so that nothing is said of anybody else's.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use hoesu_claims::{Media, Moment, State as Word, Term};
use hoesu_ledger::Held;
use hoesu_market::{Act, ClaimNo, Courier, Decision, Refused as Denied};

use super::lists::{is_number, parameter};
use super::{Caller, all, answered, earliest_first, only, sent};
use crate::ssg::body::{Root, required, wrong_form};
use crate::ssg::number::{self, Shipment};
use crate::ssg::read::{CANCEL, CANCEL_REQUEST, ORDER, RETURN, line_number};
use crate::ssg::record::Record;
use crate::ssg::refusal::{Refused, SUCCESS};
use crate::ssg::stall::REFUSALS;
use crate::ssg::wire::{
    APPROVE, COMPLETE, CONFIRM_ORDER, CONFIRM_RECEIPT, NO_SELL, NO_SELL_ROOT, ORDER_ROOT,
    RECEIPT_ROOT, REFUSAL_ROOT, REFUSE, RESULT, SHIP, SHIP_ROOT, WAYBILL,
};
use crate::{Desk, Fault, xml};

/// Every call that does something.
pub(super) fn router() -> Router<Desk> {
    Router::new()
        .route(APPROVE, only(post(approve)))
        .route(CONFIRM_RECEIPT, only(post(confirm_receipt)))
        .route(COMPLETE, only(post(complete)))
        .route(REFUSE, only(post(refuse_return)))
        .route(CONFIRM_ORDER, only(post(confirm_order)))
        .route(WAYBILL, only(post(waybill)))
        .route(SHIP, only(post(ship)))
        .route(NO_SELL, only(post(no_sell)))
}

/// The success of a call that has no rows.
fn done(caller: &Caller) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    match caller.media {
        Media::Json => {
            out.extend_from_slice(b"{\"result\":{");
            SUCCESS.write(caller.media, &mut out);
            out.extend_from_slice(b"}}");
        }
        Media::Xml => {
            xml::open(&mut out, RESULT);
            SUCCESS.write(caller.media, &mut out);
            xml::close(&mut out, RESULT);
        }
    }
    out
}

/// Does it, and says whether it was done.
async fn act(desk: &Desk, caller: &Caller, act: Act) -> Result<Result<(), Denied>, Refused> {
    let floor = desk.floor.as_ref().ok_or(Fault::NotFound)?;
    Ok(floor.act(caller.account(), act).await.map(drop))
}

async fn approve(
    State(desk): State<Desk>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    answered(&headers, grant(&desk, &headers, query).await)
}

/// Grants a request. It is named by its own number, or by the order's: clients do either.
async fn grant(
    desk: &Desk,
    headers: &HeaderMap,
    query: Option<String>,
) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let query = query.unwrap_or_default();
    let number = parameter(&query, "ordNo")?.ok_or_else(|| required("ordNo"))?;
    let line = parameter(&query, "ordItemSeq")?.ok_or_else(|| required("ordItemSeq"))?;
    if !is_number(number) {
        return Err(wrong_form("ordNo"));
    }
    if !is_number(line) {
        return Err(wrong_form("ordItemSeq"));
    }
    let key = format!("{number}/{}", line_number(line));
    let shelf = caller.account().shelf(CANCEL_REQUEST);
    let mut found = desk.ledger.document(shelf, &key).await.map_err(Fault::from)?;
    if found.is_none() {
        let mut query = earliest_first(caller.account(), CANCEL_REQUEST);
        query.term(Term::Order, number);
        query.term(Term::Line, line_number(line));
        let open = |row: &Arc<Held>| !row.document.marks.contains_key(&Moment::Gone);
        found = all(desk, query).await?.into_iter().find(open);
    }
    let found = found.ok_or_else(Refused::no_target)?;
    let own = found.document.key.split('/').next().unwrap_or_default();
    let claim = number::claim_of(own).ok_or_else(Refused::no_target)?;
    let granted = Act::Decide { claim, decision: Decision::Stopped, pieces: None, sent: None };
    match act(desk, &caller, granted).await? {
        Ok(()) => Ok(done(&caller)),
        // A request about several lines is one claim: granting one of them granted all.
        Err(Denied::Done) => {
            let shelf = caller.account().shelf(CANCEL);
            let cancel = desk.ledger.document(shelf, &found.document.key).await;
            cancel.map_err(Fault::from)?.map(|_| done(&caller)).ok_or_else(Refused::no_target)
        }
        Err(_) => Err(Refused::no_target()),
    }
}

/// 회수확인 and 회수완료 have the same body.
const RECEIPT: Root<9> = Root {
    name: RECEIPT_ROOT,
    members: [
        "shppNo",
        "shppSeq",
        "procItemQty",
        "shppTypeDtlCd",
        "delicoVenId",
        "wblNo",
        "resellPsblYn",
        "retImptMainCd",
        "shppMainCd",
    ],
    numbers: true,
};

async fn confirm_receipt(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    let stage = "회수지시 상태에서만 회수확인 처리할 수 있습니다.";
    let act = |claim| Act::Receive { claim, pieces: None };
    answered(&headers, receipt(&desk, &headers, body, true, stage, act).await)
}

async fn complete(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    let stage = "회수확인 상태에서만 회수완료 처리할 수 있습니다.";
    let act = |claim| Act::Approve { claim, pieces: None };
    answered(&headers, receipt(&desk, &headers, body, false, stage, act).await)
}

async fn receipt(
    desk: &Desk,
    headers: &HeaderMap,
    body: Body,
    asks_waybill: bool,
    stage: &'static str,
    doing: impl FnOnce(ClaimNo) -> Act,
) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let [shipment, line, pieces, carriage, courier, waybill, resell, fault, shipper] =
        RECEIPT.read(media, &body)?;
    one_of("resellPsblYn", resell.as_deref(), &["Y", "N"])?;
    one_of("retImptMainCd", fault.as_deref(), &["10", "20", "30"])?;
    one_of("shppMainCd", shipper.as_deref(), &["32", "41", "42"])?;
    one_of("shppTypeDtlCd", carriage.as_deref(), &["14", "22"])?;
    let by_courier = carriage.as_deref() == Some("22");
    if asks_waybill && carriage.is_none() {
        return Err(required("shppTypeDtlCd"));
    }
    if asks_waybill && by_courier && (courier.is_none() || waybill.is_none()) {
        return Err(Refused::because("택배사와 운송장 번호는 필수 입력값 입니다."));
    }
    if let Some(courier) = &courier {
        courier_code(courier)?;
    }
    if by_courier {
        digits(waybill.as_deref())?;
    }
    let goods = Goods::find(desk, &caller, shipment, line, pieces).await?;
    goods.deal(desk, &caller, stage, doing).await
}

const REFUSAL: Root<5> = Root {
    name: REFUSAL_ROOT,
    members: ["shppNo", "shppSeq", "procItemQty", "retRefusRsnCd", "retProcMemoCntt"],
    numbers: true,
};

async fn refuse_return(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    answered(&headers, refusal(&desk, &headers, body).await)
}

async fn refusal(desk: &Desk, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let [shipment, line, pieces, why, _] = REFUSAL.read(media, &body)?;
    let why = why.ok_or_else(|| required("retRefusRsnCd"))?;
    one_of("retRefusRsnCd", Some(&why), &REFUSALS.map(|(code, _)| code))?;
    let goods = Goods::find(desk, &caller, shipment, line, pieces).await?;
    let stage = "회수확인 상태에서만 반품거부 처리할 수 있습니다.";
    goods.deal(desk, &caller, stage, |claim| Act::Refuse { claim, why }).await
}

/// A line on its way back, as it is named.
struct Goods {
    claim: ClaimNo,
    shipment: String,
}

impl Goods {
    /// The line, if all of its pieces are meant: a claim is dealt with whole here.
    async fn find(
        desk: &Desk,
        caller: &Caller,
        shipment: Option<String>,
        line: Option<String>,
        pieces: Option<String>,
    ) -> Result<Self, Refused> {
        let (shipment, line) = shipment_and_line(shipment, line)?;
        let pieces = pieces.ok_or_else(|| required("procItemQty"))?;
        let key = format!("{shipment}/{line}");
        let shelf = caller.account().shelf(RETURN);
        let row = desk.ledger.document(shelf, &key).await.map_err(Fault::from)?;
        let row = row.ok_or_else(no_data)?;
        let Some(Shipment::Back(claim)) = number::shipment_of(&shipment) else {
            return Err(no_data());
        };
        let asked = quantity(&row, "dircItemQty");
        if asked.is_none() || pieces.parse::<u64>().ok() != asked {
            return Err(Refused::because("procItemQty 항목이 지시수량(dircItemQty)과 다릅니다."));
        }
        Ok(Self { claim, shipment })
    }

    async fn deal(
        self,
        desk: &Desk,
        caller: &Caller,
        stage: &'static str,
        doing: impl FnOnce(ClaimNo) -> Act,
    ) -> Result<Vec<u8>, Refused> {
        let denied = match act(desk, caller, doing(self.claim)).await? {
            Ok(()) => return Ok(done(caller)),
            Err(denied) => denied,
        };
        Err(Refused::because(match denied {
            Denied::Done => {
                // A claim about several lines is dealt with whole: the others are done with the first.
                let mut query = earliest_first(caller.account(), RETURN);
                query.term(Term::Claim, self.shipment);
                if all(desk, query).await?.len() > 1 {
                    return Ok(done(caller));
                }
                "이미 처리된 배송번호입니다."
            }
            Denied::NotThere => NO_DATA,
            Denied::Withdrawn => "회수철회된 배송번호입니다.",
            Denied::Stage => stage,
            Denied::Pieces => "procItemQty 항목이 지시수량(dircItemQty)과 다릅니다.",
            Denied::Cancelled
            | Denied::CancelAsked
            | Denied::Waybill
            | Denied::WaybillTaken
            | Denied::Box => "처리할 수 없는 상태입니다.",
        }))
    }
}

const ORDER_BODY: Root<2> =
    Root { name: ORDER_ROOT, members: ["shppNo", "shppSeq"], numbers: true };

async fn confirm_order(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    answered(&headers, confirm(&desk, &headers, body).await)
}

async fn confirm(desk: &Desk, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let [shipment, line] = ORDER_BODY.read(media, &body)?;
    let order = Outbound::find(desk, &caller, shipment, line).await?.order;
    let stage = "배송지시 상태에서만 주문확인 처리할 수 있습니다.";
    outcome(act(desk, &caller, Act::Confirm { order }).await?, &caller, stage)
}

/// 운송장등록 and 출고완료 have the same root.
const WAYBILL_BODY: Root<6> = Root {
    name: SHIP_ROOT,
    members: ["shppNo", "shppSeq", "wblNo", "delicoVenId", "shppTypeCd", "shppTypeDtlCd"],
    numbers: true,
};

async fn waybill(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    answered(&headers, register(&desk, &headers, body).await)
}

async fn register(desk: &Desk, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let [shipment, line, waybill, courier, kind, detail] = WAYBILL_BODY.read(media, &body)?;
    let waybill = waybill.ok_or_else(|| required("wblNo"))?;
    let courier = courier.ok_or_else(|| required("delicoVenId"))?;
    one_of("shppTypeCd", kind.as_deref(), &["10", "20", "30", "40", "50", "60"])?;
    let details = ["14", "22", "25", "31", "41", "51", "52", "61"];
    one_of("shppTypeDtlCd", detail.as_deref(), &details)?;
    courier_code(&courier)?;
    digits(Some(&waybill))?;
    let order = Outbound::find(desk, &caller, shipment, line).await?.order;
    let courier = Courier::Named(courier);
    let act = act(desk, &caller, Act::Waybill { order, courier, waybill }).await?;
    outcome(act, &caller, "주문확인 이후에만 운송장을 등록할 수 있습니다.")
}

const SHIP_BODY: Root<3> =
    Root { name: SHIP_ROOT, members: ["shppNo", "shppSeq", "procItemQty"], numbers: true };

async fn ship(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    answered(&headers, leave(&desk, &headers, body).await)
}

async fn leave(desk: &Desk, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let [shipment, line, pieces] = SHIP_BODY.read(media, &body)?;
    let pieces = pieces.ok_or_else(|| required("procItemQty"))?;
    let found = Outbound::find(desk, &caller, shipment, line).await?;
    if pieces.parse::<u64>().ok() != Some(found.left) {
        return Err(Refused::because("procItemQty 항목이 남은 지시수량과 다릅니다."));
    }
    let act = act(desk, &caller, Act::Ship { order: found.order }).await?;
    outcome(act, &caller, "피킹완료 상태에서만 출고완료 처리할 수 있습니다.")
}

const NO_SELL_BODY: Root<6> = Root {
    name: NO_SELL_ROOT,
    members: ["shppNo", "shppSeq", "scEvnt", "shortgRsnCd", "shortgProcDtlc", "itemId"],
    numbers: true,
};

async fn no_sell(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    answered(&headers, sold_out(&desk, &headers, body).await)
}

async fn sold_out(desk: &Desk, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let [shipment, line, event, why, _, item] = NO_SELL_BODY.read(media, &body)?;
    one_of("scEvnt", Some(&event.ok_or_else(|| required("scEvnt"))?), &["I"])?;
    one_of("shortgRsnCd", Some(&why.ok_or_else(|| required("shortgRsnCd"))?), &["08", "09"])?;
    let found = Outbound::find(desk, &caller, shipment, line).await?;
    if item.is_some_and(|item| found.item != item) {
        return Err(wrong_form("itemId"));
    }
    let all = vec![(found.place, u32::try_from(found.left).unwrap_or(u32::MAX))];
    let denied = match act(desk, &caller, Act::Cancel { order: found.order, pieces: all }).await? {
        Ok(()) => return Ok(done(&caller)),
        Err(denied) => denied,
    };
    Err(Refused::because(match denied {
        Denied::Done | Denied::Pieces => "이미 판매불가 처리된 배송번호입니다.",
        Denied::NotThere | Denied::Cancelled => NO_DATA,
        Denied::CancelAsked => "취소요청 중인 주문입니다.",
        Denied::Stage => "배송지시, 피킹완료 상태에서만 판매불가 처리할 수 있습니다.",
        Denied::Withdrawn | Denied::Waybill | Denied::WaybillTaken | Denied::Box => {
            "처리할 수 없는 상태입니다."
        }
    }))
}

/// A line on its way out, as it is named.
struct Outbound {
    order: u64,
    /// Of the order's lines, from 0.
    place: usize,
    item: String,
    /// Pieces that are not cancelled.
    left: u64,
}

impl Outbound {
    async fn find(
        desk: &Desk,
        caller: &Caller,
        shipment: Option<String>,
        line: Option<String>,
    ) -> Result<Self, Refused> {
        let (shipment, line) = shipment_and_line(shipment, line)?;
        let mut query = earliest_first(caller.account(), ORDER);
        query.term(Term::Parcel, &*shipment);
        query.term(Term::Line, &*line);
        query.state(Word::Type, ["011"]);
        let row = all(desk, query).await?.into_iter().next().ok_or_else(no_data)?;
        let Some(Shipment::Out(order)) = number::shipment_of(&shipment) else {
            return Err(no_data());
        };
        let place = line.parse::<usize>().ok().and_then(|line| line.checked_sub(1));
        let ordered = quantity(&row, "ordQty").unwrap_or(0);
        Ok(Self {
            order,
            place: place.ok_or_else(no_data)?,
            item: said(&row, "itemId").unwrap_or_default(),
            left: ordered.saturating_sub(quantity(&row, "cnclQty").unwrap_or(0)),
        })
    }
}

/// What came of an act about an order. Its lines go together, so that what was done with one of them
/// is done for the others.
fn outcome(
    act: Result<(), Denied>,
    caller: &Caller,
    stage: &'static str,
) -> Result<Vec<u8>, Refused> {
    let Err(denied) = act else { return Ok(done(caller)) };
    Err(Refused::because(match denied {
        Denied::Done => return Ok(done(caller)),
        Denied::NotThere | Denied::Cancelled | Denied::Withdrawn => NO_DATA,
        Denied::Stage => stage,
        Denied::Waybill => "운송장 번호가 유효하지 않습니다",
        Denied::WaybillTaken => "기등록된 운송장번호입니다",
        Denied::CancelAsked => "취소요청 중인 주문입니다.",
        Denied::Pieces | Denied::Box => "처리할 수 없는 상태입니다.",
    }))
}

/// What live answers say of a shipment that is gone, probably cancelled. (public client code)
const NO_DATA: &str = "해당 데이터가 없습니다.";

fn no_data() -> Refused {
    Refused::because(NO_DATA)
}

fn shipment_and_line(
    shipment: Option<String>,
    line: Option<String>,
) -> Result<(String, String), Refused> {
    let shipment = shipment.ok_or_else(|| required("shppNo"))?;
    let line = line.ok_or_else(|| required("shppSeq"))?;
    if !is_number(&shipment) {
        return Err(wrong_form("shppNo"));
    }
    if !is_number(&line) {
        return Err(wrong_form("shppSeq"));
    }
    Ok((shipment, line_number(&line).to_owned()))
}

fn said(row: &Held, name: &str) -> Option<String> {
    let record = Record::parse(row.document.media, &row.document.body).ok()?;
    record.text(name).ok().flatten().map(std::borrow::Cow::into_owned)
}

fn quantity(row: &Held, name: &str) -> Option<u64> {
    said(row, name)?.parse().ok()
}

fn one_of(name: &str, code: Option<&str>, known: &[&str]) -> Result<(), Refused> {
    match code {
        Some(code) if !known.contains(&code) => {
            Err(Refused::because(format!("{name} 항목은 {} 중 하나여야 합니다.", known.join(", "))))
        }
        Some(_) | None => Ok(()),
    }
}

/// Ten digits.
fn courier_code(code: &str) -> Result<(), Refused> {
    let shaped = code.len() == 10 && code.bytes().all(|byte| byte.is_ascii_digit());
    if shaped { Ok(()) } else { Err(wrong_form("delicoVenId")) }
}

fn digits(waybill: Option<&str>) -> Result<(), Refused> {
    match waybill {
        Some(waybill) if !waybill.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(Refused::because("운송장번호는 숫자만 입력하세요."))
        }
        Some(_) | None => Ok(()),
    }
}
