//! What a market tells of goods on their way out: rows of `listShppDirection` and `listWarehouseOut`.

use hoesu_market::{Claim, ClaimNo, Parcel};

use super::{Rows, SHIPMENT, Told, json};
use crate::ssg::number::{self, Shipment as Number};
use crate::ssg::told::{Shipment, written};

const STANDS: (&str, &str) = ("10", "정상");
const CANCELLED: (&str, &str) = ("20", "취소");

/// A row for each line as it was sold.
pub(super) fn order(told: &Told<'_>, rows: &mut Rows) {
    let order = told.order;
    for (at, sold) in order.lines.iter().enumerate() {
        let Some(line) = told.line(at) else { continue };
        let cancelled = order.cancelled(at);
        let parcels = || order.parcels.iter().filter(|it| it.is_live() && it.of(at) > 0);
        let all = |is: fn(&Parcel) -> bool| parcels().next().is_some() && parcels().all(is);
        let progress = if all(|parcel| parcel.delivered_at.is_some()) {
            "51"
        } else if all(|parcel| parcel.shipped_at.is_some()) {
            "43"
        } else if order.confirmed_at.is_some() {
            "22"
        } else {
            "11"
        };
        let row = Shipment {
            number: &told.number,
            line,
            with: number::shipment(Number::Out(order.nth)),
            way: ("11", "일반출고"),
            status: if cancelled >= sold.quantity { CANCELLED } else { STANDS },
            progress,
            quantity: u64::from(sold.quantity),
            cancelled: u64::from(cancelled),
            at: &written(order.paid_at),
            person: told.person(),
            waybill: parcels().find(|it| it.told_at.is_some()).map(|it| &*it.waybill),
            price: sold.price,
        };
        rows.push((SHIPMENT, json(row.body())));
    }
}

/// A row for each line that an exchange sends again, once its box is there.
pub(super) fn again(told: &Told<'_>, claim: &Claim, no: ClaimNo, number: &str, rows: &mut Rows) {
    let Some(parcel) = &claim.new_parcel else { return };
    for (at, line, quantity) in told.claimed(claim) {
        let progress = if parcel.delivered_at.is_some() {
            "51"
        } else if parcel.shipped_at.is_some() {
            "43"
        } else {
            "22"
        };
        let row = Shipment {
            number,
            line,
            with: number::shipment(Number::OutAgain(no, parcel.number)),
            way: ("15", "교환출고"),
            status: if parcel.is_live() { STANDS } else { CANCELLED },
            progress,
            quantity,
            cancelled: 0,
            at: &written(parcel.made_at),
            person: told.person(),
            waybill: Some(&*parcel.waybill).filter(|waybill| !waybill.is_empty()),
            price: told.order.lines[at].price,
        };
        rows.push((SHIPMENT, json(row.body())));
    }
}
