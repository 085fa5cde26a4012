//! What came back is received, completed or refused.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hoesu_claims::Term;
use hoesu_market::{Act, ClaimNo, Refused as Denied};

use super::{
    NO_DATA, act, courier_code, digits, done, no_data, one_of, quantity, shipment_and_line,
};
use crate::ssg::body::{Root, required};
use crate::ssg::number::{self, Shipment};
use crate::ssg::read::RETURN;
use crate::ssg::refusal::Refused;
use crate::ssg::stall::REFUSALS;
use crate::ssg::surface::{Caller, all, answered, earliest_first, sent};
use crate::ssg::wire::{RECEIPT_ROOT, REFUSAL_ROOT};
use crate::{Desk, Fault};

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

pub(super) async fn confirm_receipt(
    State(desk): State<Desk>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let stage = "회수지시 상태에서만 회수확인 처리할 수 있습니다.";
    let act = |claim| Act::Receive { claim, pieces: None };
    answered(&headers, receipt(&desk, &headers, body, true, stage, act).await)
}

pub(super) async fn complete(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
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

pub(super) async fn refuse_return(
    State(desk): State<Desk>,
    headers: HeaderMap,
    body: Body,
) -> Response {
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
