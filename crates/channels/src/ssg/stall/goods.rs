//! What a market tells of goods on their way back: rows of `listExchangeTarget`.

use hoesu_market::{Claim, ClaimNo, What};
use jiff::Timestamp;

use super::codes::{self, REFUSALS};
use super::{RETURN, Rows, Told, json};
use crate::ssg::number::{self, Shipment};
use crate::ssg::told::{Returned, Sent, written};

/// A row for each line that comes back.
pub(super) fn returned(told: &Told<'_>, claim: &Claim, no: ClaimNo, number: &str, rows: &mut Rows) {
    let refused = claim.refused_at.as_ref();
    let put_off = refused.map(|(at, _)| *at).or(claim.disputed_at);
    let days = [
        Some(claim.collection.as_ref().map_or(claim.asked_at, |way| way.asked_at)),
        claim.received_at,
        put_off,
        completed_at(claim),
        claim.withdrawn_at,
    ]
    .map(|at| at.map(written));
    let parcel = claim.collection.as_ref().filter(|way| !way.waybill.is_empty());
    for (at, line, quantity) in told.claimed(claim) {
        let row = Returned {
            way: if claim.what == What::Exchange { ("22", "교환") } else { ("21", "반품") },
            line,
            number,
            shipment: number::shipment(Shipment::Back(no)),
            sent_with: number::shipment(Shipment::Out(no.order)),
            quantity,
            processed: if claim.received_at.is_some() { quantity } else { 0 },
            refused: if refused.is_some() { quantity } else { 0 },
            reason: codes::return_reason(claim.what, claim.cause),
            progress: progress(claim),
            process: process(claim),
            parcel: parcel.map(|way| {
                let (courier, courier_name) = codes::courier(&way.courier);
                Sent { courier, courier_name, waybill: &way.waybill }
            }),
            fault: codes::return_fault(claim.cause),
            refunded: claim.what == What::Return
                && (claim.completed_at.is_some() || claim.pre_refunded_at.is_some()),
            refusal: refused.and_then(|(_, why)| {
                REFUSALS.iter().find(|(code, _)| code == why).map(|(_, name)| *name)
            }),
            days: days.each_ref().map(|day| day.as_deref()),
            person: told.person(),
            price: told.order.lines[at].price,
        };
        rows.push((RETURN, json(row.body())));
    }
}

/// When the way back came to its end: an exchange's, once the new goods have their box.
fn completed_at(claim: &Claim) -> Option<Timestamp> {
    let boxed = claim.new_parcel.as_ref().map(|parcel| parcel.made_at);
    boxed.filter(|_| claim.what == What::Exchange).or(claim.completed_at)
}

/// `lastShppProgStatDtlCd` and its name.
fn progress(claim: &Claim) -> (&'static str, &'static str) {
    let picked = claim.collection.as_ref().is_some_and(|way| way.picked_at.is_some());
    if claim.withdrawn_at.is_some() {
        ("66", "회수철회")
    } else if completed_at(claim).is_some() {
        ("64", "회수완료")
    } else if claim.refused_at.is_some() || claim.disputed_at.is_some() {
        ("65", "회수완료보류")
    } else if claim.received_at.is_some() {
        ("63", "회수확인")
    } else if picked {
        ("62", "물류회수확인")
    } else {
        ("61", "회수지시")
    }
}

/// `retProcStatNm`.
fn process(claim: &Claim) -> Option<&'static str> {
    if claim.withdrawn_at.is_some() {
        Some("회수철회")
    } else if completed_at(claim).is_some() {
        Some("반품완료")
    } else if claim.refused_at.is_some() {
        Some("반품거부")
    } else if claim.disputed_at.is_some() {
        Some("거부CS중")
    } else if claim.received_at.is_some() {
        Some("반품확인")
    } else {
        None
    }
}
