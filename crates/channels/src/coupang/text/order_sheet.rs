//! An order sheet, as the fifth version writes it.

use super::{listed, nullable, quoted, safe_number};
use crate::Story;

/// A box of an order.
pub(in crate::coupang) struct OrderSheet<'a> {
    pub(in crate::coupang) shipment_box: u64,
    pub(in crate::coupang) order: u64,
    /// When it was ordered and paid, with an offset.
    pub(in crate::coupang) paid: String,
    pub(in crate::coupang) status: &'a str,
    pub(in crate::coupang) story: &'a Story,
    /// Whether the order goes out in several boxes.
    pub(in crate::coupang) split: bool,
    pub(in crate::coupang) items: Vec<SheetItem<'a>>,
    /// Courier's name and waybill; both empty before there is one.
    pub(in crate::coupang) courier: &'a str,
    pub(in crate::coupang) waybill: &'a str,
    /// When the waybill was entered, without an offset; empty before.
    pub(in crate::coupang) told: String,
    /// When it left and when it was delivered, with an offset; empty before.
    pub(in crate::coupang) left: String,
    pub(in crate::coupang) delivered: String,
}

/// An item in it.
pub(in crate::coupang) struct SheetItem<'a> {
    pub(in crate::coupang) item: &'a str,
    pub(in crate::coupang) option: &'a str,
    pub(in crate::coupang) vendor_item: u64,
    pub(in crate::coupang) price: i64,
    pub(in crate::coupang) count: i64,
    pub(in crate::coupang) cancelled: i64,
    pub(in crate::coupang) held: i64,
    /// The day it should leave.
    pub(in crate::coupang) ships: String,
}

/// Won as a money object.
fn won(units: i64) -> String {
    format!(r#"{{"currencyCode":"KRW","units":{units},"nanos":0}}"#)
}

impl OrderSheet<'_> {
    pub(in crate::coupang) fn write(&self) -> String {
        let phone = safe_number(self.story);
        format!(
            concat!(
                r#"{{"shipmentBoxId":{shipment_box},"orderId":{order},"orderedAt":"{paid}","#,
                r#""orderer":{{"name":"{name}","email":"","safeNumber":"{phone}","#,
                r#""ordererNumber":null}},"paidAt":"{paid}","status":"{status}","#,
                r#""shippingPrice":{free},"remotePrice":null,"remoteArea":false,"#,
                r#""parcelPrintMessage":null,"splitShipping":{split},"ableSplitShipping":{able},"#,
                r#""receiver":{{"name":"{name}","safeNumber":"{phone}","receiverNumber":null,"#,
                r#""addr1":"{address}","addr2":"{detail}","postCode":"{postcode}"}},"#,
                r#""orderItems":[{items}],"overseaShippingInfoDto":{{"#,
                r#""personalCustomsClearanceCode":null,"ordererSsn":"","ordererPhoneNumber":""}},"#,
                r#""deliveryCompanyName":{courier},"invoiceNumber":{waybill},"#,
                r#""inTrasitDateTime":"{left}","deliveredDate":"{delivered}","refer":"안드로이드앱","#,
                r#""shipmentType":"THIRD_PARTY","isCod":false,"extraProperties":{{}}}}"#,
            ),
            shipment_box = self.shipment_box,
            order = self.order,
            paid = self.paid,
            name = self.story.name,
            phone = phone,
            status = self.status,
            free = won(0),
            split = self.split,
            able = self.items.len() > 1,
            address = self.story.address,
            detail = self.story.address_detail,
            postcode = self.story.postcode,
            items = listed(self.items.iter().map(|item| item.write(&self.told))),
            courier = quoted(self.courier),
            waybill = quoted(self.waybill),
            left = self.left,
            delivered = self.delivered,
        )
    }
}

impl SheetItem<'_> {
    fn write(&self, told: &str) -> String {
        format!(
            concat!(
                r#"{{"vendorItemPackageId":0,"vendorItemPackageName":"{item}","#,
                r#""productId":{product},"vendorItemId":{vendor_item},"#,
                r#""vendorItemName":"{item} {option}","shippingCount":{count},"#,
                r#""salesPrice":{price},"orderPrice":{total},"discountPrice":{none},"#,
                r#""instantCouponDiscount":{none},"downloadableCouponDiscount":{none},"#,
                r#""coupangDiscount":{none},"externalVendorSkuCode":"","etcInfoHeader":null,"#,
                r#""etcInfoValue":null,"etcInfoValues":null,"sellerProductId":{product},"#,
                r#""sellerProductName":"{item} {option}","sellerProductItemName":"{option}","#,
                r#""firstSellerProductItemName":"{option}","cancelCount":{cancelled},"#,
                r#""holdCountForCancel":{held},"estimatedShippingDate":"{ships}","#,
                r#""plannedShippingDate":"","invoiceNumberUploadDate":"{told}","#,
                r#""extraProperties":{{}},"pricingBadge":false,"usedProduct":false,"#,
                r#""confirmDate":{confirmed},"deliveryChargeTypeName":"무료","#,
                r#""upBundleVendorItemId":null,"upBundleVendorItemName":null,"#,
                r#""upBundleSize":null,"upBundleItem":false,"canceled":{canceled}}}"#,
            ),
            item = self.item,
            option = self.option,
            product = self.vendor_item % 1_000_000,
            vendor_item = self.vendor_item,
            count = self.count,
            price = won(self.price),
            total = won(self.price * self.count),
            none = won(0),
            cancelled = self.cancelled,
            held = self.held,
            ships = self.ships,
            told = told,
            confirmed = nullable(None),
            canceled = self.cancelled >= self.count,
        )
    }
}
