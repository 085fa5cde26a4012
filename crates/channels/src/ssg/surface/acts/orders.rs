//! An order is prepared, gets its waybill, leaves, or cannot be supplied.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hoesu_market::{Act, Courier, Refused as Denied};

use super::{
    NO_DATA, act, courier_code, digits, done, no_data, one_of, quantity, said, shipment_and_line,
};
use crate::ssg::body::{Root, required, wrong_form};
use crate::ssg::number::{self, Shipment};
use crate::ssg::read::SHIPMENT;
use crate::ssg::refusal::Refused;
use crate::ssg::surface::{Caller, answered, sent};
use crate::ssg::wire::{NO_SELL_ROOT, ORDER_ROOT, SHIP_ROOT};
use crate::{Desk, Fault};

const ORDER_BODY: Root<2> =
    Root { name: ORDER_ROOT, members: ["shppNo", "shppSeq"], numbers: true };

pub(super) async fn confirm_order(
    State(desk): State<Desk>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answered(&headers, confirm(&desk, &headers, body).await)
}

async fn confirm(desk: &Desk, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let caller = Caller::of(desk, headers).await?;
    let (media, body) = sent(headers, body).await?;
    let [shipment, line] = ORDER_BODY.read(media, &body)?;
    let order = Outbound::find(desk, &caller, shipment, line).await?.order()?;
    let stage = "배송지시 상태에서만 주문확인 처리할 수 있습니다.";
    outcome(act(desk, &caller, Act::Confirm { order }).await?, &caller, stage)
}

/// 운송장등록 and 출고완료 have the same root.
const WAYBILL_BODY: Root<6> = Root {
    name: SHIP_ROOT,
    members: ["shppNo", "shppSeq", "wblNo", "delicoVenId", "shppTypeCd", "shppTypeDtlCd"],
    numbers: true,
};

pub(super) async fn waybill(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
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
    let courier = Courier::Named(courier);
    let doing = match Outbound::find(desk, &caller, shipment, line).await?.of {
        Shipment::Out(order) => Act::Waybill { order, courier, waybill },
        Shipment::OutAgain(claim, parcel) => Act::Resend { claim, parcel, courier, waybill },
        Shipment::Back(_) => return Err(no_data()),
    };
    let act = act(desk, &caller, doing).await?;
    outcome(act, &caller, "주문확인 이후에만 운송장을 등록할 수 있습니다.")
}

const SHIP_BODY: Root<3> =
    Root { name: SHIP_ROOT, members: ["shppNo", "shppSeq", "procItemQty"], numbers: true };

pub(super) async fn ship(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
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
    let act = act(desk, &caller, Act::Ship { order: found.order()? }).await?;
    outcome(act, &caller, "피킹완료 상태에서만 출고완료 처리할 수 있습니다.")
}

const NO_SELL_BODY: Root<6> = Root {
    name: NO_SELL_ROOT,
    members: ["shppNo", "shppSeq", "scEvnt", "shortgRsnCd", "shortgProcDtlc", "itemId"],
    numbers: true,
};

pub(super) async fn no_sell(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
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
    let doing = Act::Cancel { order: found.order()?, pieces: all };
    let denied = match act(desk, &caller, doing).await? {
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
    of: Shipment,
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
        let key = format!("{shipment}/{line}");
        let shelf = caller.account().shelf(SHIPMENT);
        let row = desk.ledger.document(shelf, &key).await.map_err(Fault::from)?;
        let row = row.ok_or_else(no_data)?;
        let of = number::shipment_of(&shipment).ok_or_else(no_data)?;
        let place = line.parse::<usize>().ok().and_then(|line| line.checked_sub(1));
        Ok(Self {
            of,
            place: place.ok_or_else(no_data)?,
            item: said(&row, "itemId").unwrap_or_default(),
            left: quantity(&row, "dircItemQty").unwrap_or(0),
        })
    }

    /// The order, if it is one: what an exchange sends again is neither prepared nor cancelled here.
    fn order(&self) -> Result<u64, Refused> {
        match self.of {
            Shipment::Out(order) => Ok(order),
            Shipment::Back(_) | Shipment::OutAgain(_, _) => {
                Err(Refused::because("교환출고에는 쓸 수 없습니다."))
            }
        }
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
