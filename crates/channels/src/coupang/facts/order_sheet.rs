//! An order sheet → what it tells: when it was ordered and paid, what was ordered for how much, with
//! what it left.

use hoesu_claims::fact::{Fact, Line, Links, Tells, When};
use hoesu_claims::time::parse_time;

use super::exchange::contract::ORDER_DELIVERY;
use super::{ANY, TIME, Told, won};
use crate::contract::{Codes, Field, Holds, Kept, unrecognised};

/// `shipmentType`.
pub(super) const SHIPMENT: Codes<Kept> =
    Codes(&[("THIRD_PARTY", Kept), ("CGF", Kept), ("CGF LITE", Kept)]);

/// `deliveryChargeTypeName`.
pub(super) const CHARGE: Codes<Kept> = Codes(&[("유료", Kept), ("무료", Kept)]);

const SHEET_FIELDS: &[Field] = &[
    Field("shipmentBoxId", Holds::Whole),
    Field("orderId", Holds::Whole),
    Field("orderedAt", TIME),
    Field("orderer", Holds::Records(ORDERER_FIELDS)),
    Field("paidAt", TIME),
    Field("status", Holds::Code(&ORDER_DELIVERY)),
    Field("shippingPrice", Holds::Amount),
    Field("remotePrice", Holds::Amount),
    Field("remoteArea", Holds::Truth),
    Field("parcelPrintMessage", ANY),
    Field("splitShipping", Holds::Truth),
    Field("ableSplitShipping", Holds::Truth),
    Field("receiver", Holds::Records(RECEIVER_FIELDS)),
    Field("orderItems", Holds::Records(ITEM_FIELDS)),
    Field("overseaShippingInfoDto", ANY),
    Field("deliveryCompanyName", ANY),
    Field("invoiceNumber", ANY),
    Field("inTrasitDateTime", TIME),
    Field("deliveredDate", TIME),
    Field("refer", ANY),
    Field("shipmentType", Holds::Code(&SHIPMENT)),
    Field("isCod", Holds::Truth),
    Field("extraProperties", ANY),
];

const ORDERER_FIELDS: &[Field] = &[
    Field("name", ANY),
    Field("email", ANY),
    Field("safeNumber", ANY),
    Field("ordererNumber", ANY),
];

const RECEIVER_FIELDS: &[Field] = &[
    Field("name", ANY),
    Field("safeNumber", ANY),
    Field("receiverNumber", ANY),
    Field("addr1", ANY),
    Field("addr2", ANY),
    Field("postCode", ANY),
];

const ITEM_FIELDS: &[Field] = &[
    Field("vendorItemPackageId", ANY),
    Field("vendorItemPackageName", ANY),
    Field("productId", ANY),
    Field("vendorItemId", Holds::Whole),
    Field("vendorItemName", ANY),
    Field("shippingCount", Holds::Pieces),
    Field("salesPrice", Holds::Amount),
    Field("orderPrice", Holds::Amount),
    Field("discountPrice", Holds::Amount),
    Field("instantCouponDiscount", Holds::Amount),
    Field("downloadableCouponDiscount", Holds::Amount),
    Field("coupangDiscount", Holds::Amount),
    Field("externalVendorSkuCode", ANY),
    Field("etcInfoHeader", ANY),
    Field("etcInfoValue", ANY),
    Field("etcInfoValues", ANY),
    Field("sellerProductId", ANY),
    Field("sellerProductName", ANY),
    Field("sellerProductItemName", ANY),
    Field("firstSellerProductItemName", ANY),
    Field("cancelCount", Holds::Pieces),
    Field("holdCountForCancel", Holds::Pieces),
    Field("estimatedShippingDate", ANY),
    Field("plannedShippingDate", ANY),
    Field("invoiceNumberUploadDate", TIME),
    Field("extraProperties", ANY),
    Field("pricingBadge", Holds::Truth),
    Field("usedProduct", Holds::Truth),
    Field("confirmDate", TIME),
    Field("deliveryChargeTypeName", Holds::Code(&CHARGE)),
    Field("upBundleVendorItemId", ANY),
    Field("upBundleVendorItemName", ANY),
    Field("upBundleSize", ANY),
    Field("upBundleItem", ANY),
    Field("canceled", Holds::Truth),
];

pub(super) fn order_sheet(told: &Told<'_>) -> Vec<Fact> {
    let ordered = told.when(&["orderedAt", "paidAt"]);
    let heard = When::first([], told.document.observed_at);
    let mut facts = unrecognised(told.record, SHEET_FIELDS, ordered);
    let waybill = told.get("invoiceNumber").waybill();
    let order = told.get("orderId").owned();
    let links = Links { order, waybills: waybill.into_iter().collect(), ..Links::default() };
    facts.push(Tells::Links(links).at(ordered));
    for (name, tells) in [("orderedAt", Tells::Placed), ("paidAt", Tells::Paid)] {
        if told.get(name).time(parse_time).is_some() {
            facts.push(tells.at(told.when(&[name])));
        }
    }
    // One of several boxes doesn't say how much was ordered.
    let whole = told.get("splitShipping").truth() != Some(true);
    let unsent = matches!(told.get("status").text(), Some("ACCEPT" | "INSTRUCT"));
    for item in told.get("orderItems").groups() {
        let line = Line { number: None, item: item.get("vendorItemId").owned() };
        let count = item.get("shippingCount").quantity();
        let quantity = count.filter(|_| whole);
        facts.push(Tells::Ordered { line: line.clone(), quantity }.at(ordered));
        if let Some(unit) = won(item.get("salesPrice")).filter(|unit| unit.0 > 0) {
            facts.push(Tells::Priced { line: line.clone(), unit }.at(ordered));
        }
        // What is counted as cancelled once the goods have left was returned.
        let cancelled = item.get("cancelCount").quantity().filter(|_| unsent && whole);
        let held = item.get("holdCountForCancel").quantity();
        let untouched = held == Some(0) && item.get("cancelCount").quantity() == Some(0);
        let shipped = if unsent { Some(0) } else { count.filter(|_| untouched) };
        let shipped = shipped.filter(|_| whole);
        if cancelled.is_some() || shipped.is_some() {
            facts.push(Tells::LineStands { line, cancelled, shipped }.at(heard));
        }
    }
    facts
}
