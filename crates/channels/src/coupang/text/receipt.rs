//! A return or cancel, as the fourth version writes it.

use super::{Reason, listed, quoted, safe_number};
use crate::Story;

/// A return or cancel.
pub(in crate::coupang) struct Receipt<'a> {
    pub(in crate::coupang) number: u64,
    pub(in crate::coupang) order: u64,
    pub(in crate::coupang) payment: u64,
    pub(in crate::coupang) kind: &'a str,
    pub(in crate::coupang) status: &'a str,
    pub(in crate::coupang) created: String,
    pub(in crate::coupang) modified: String,
    /// Who asks, and where the goods are fetched.
    pub(in crate::coupang) story: &'a Story,
    pub(in crate::coupang) why: Reason,
    /// What was written beside the reason.
    pub(in crate::coupang) words: &'a str,
    pub(in crate::coupang) count: i64,
    /// The collection's number, 0 for none.
    pub(in crate::coupang) delivery: u64,
    pub(in crate::coupang) delivery_type: &'a str,
    pub(in crate::coupang) stop: &'a str,
    pub(in crate::coupang) pre_refund: bool,
    pub(in crate::coupang) confirmed_at: String,
    pub(in crate::coupang) confirmed: &'a str,
    pub(in crate::coupang) items: Vec<ReceiptItem<'a>>,
    /// Courier and waybill of the way back.
    pub(in crate::coupang) waybill: Option<(&'a str, &'a str)>,
    pub(in crate::coupang) charge: i64,
}

/// An item of it.
pub(in crate::coupang) struct ReceiptItem<'a> {
    pub(in crate::coupang) item: &'a str,
    pub(in crate::coupang) option: &'a str,
    pub(in crate::coupang) vendor_item: u64,
    pub(in crate::coupang) ordered: i64,
    pub(in crate::coupang) count: i64,
    pub(in crate::coupang) shipment_box: u64,
    pub(in crate::coupang) released: &'a str,
    pub(in crate::coupang) user: &'a str,
}

impl Receipt<'_> {
    pub(in crate::coupang) fn write(&self) -> String {
        let [code, code_text, category, reason, fault] = self.why;
        let waybill = self.waybill.map(|(courier, number)| {
            format!(
                r#"{{"deliveryCompanyCode":{},"deliveryInvoiceNo":{}}}"#,
                quoted(courier),
                quoted(number)
            )
        });
        format!(
            concat!(
                r#"{{"receiptId":{receipt},"orderId":{order},"paymentId":{payment},"#,
                r#""receiptType":"{kind}","receiptStatus":"{status}","createdAt":"{created}","#,
                r#""modifiedAt":"{modified}","requesterName":"{name}","#,
                r#""requesterPhoneNumber":"{phone}","requesterRealPhoneNumber":null,"#,
                r#""requesterAddress":"{address}","requesterAddressDetail":"{address_detail}","#,
                r#""requesterZipCode":"{postcode}","cancelReasonCategory1":"{category}","#,
                r#""cancelReasonCategory2":"{reason}","cancelReason":"{words}","#,
                r#""cancelCountSum":{count},"#,
                r#""returnDeliveryId":{delivery},"returnDeliveryType":"{delivery_type}","#,
                r#""releaseStopStatus":"{stop}","enclosePrice":0,"faultByType":"{fault}","#,
                r#""preRefund":{pre_refund},"completeConfirmDate":"{confirmed_at}","#,
                r#""completeConfirmType":"{confirmed}","returnItems":[{items}],"#,
                r#""returnDeliveryDtos":[{waybill}],"reasonCode":"{code}","#,
                r#""reasonCodeText":"{code_text}","returnShippingCharge":{charge}}}"#,
            ),
            receipt = self.number,
            order = self.order,
            payment = self.payment,
            kind = self.kind,
            status = self.status,
            created = self.created,
            modified = self.modified,
            name = self.story.name,
            phone = safe_number(self.story),
            address = self.story.address,
            address_detail = self.story.address_detail,
            postcode = self.story.postcode,
            category = category,
            reason = reason,
            words = self.words,
            count = self.count,
            delivery = self.delivery,
            delivery_type = self.delivery_type,
            stop = self.stop,
            fault = fault,
            pre_refund = self.pre_refund,
            confirmed_at = self.confirmed_at,
            confirmed = self.confirmed,
            items = listed(self.items.iter().map(ReceiptItem::write)),
            waybill = waybill.unwrap_or_default(),
            code = code,
            code_text = code_text,
            charge = self.charge,
        )
    }
}

impl ReceiptItem<'_> {
    fn write(&self) -> String {
        format!(
            concat!(
                r#"{{"vendorItemPackageId":0,"vendorItemPackageName":"{item}","#,
                r#""vendorItemId":{vendor_item},"vendorItemName":"{item} {option}","#,
                r#""purchaseCount":{ordered},"cancelCount":{count},"#,
                r#""shipmentBoxId":{shipment_box},"sellerProductId":{product},"#,
                r#""sellerProductName":"{item} {option}","releaseStatus":"{released}","#,
                r#""cancelCompleteUser":"{user}"}}"#,
            ),
            item = self.item,
            option = self.option,
            vendor_item = self.vendor_item,
            ordered = self.ordered,
            count = self.count,
            shipment_box = self.shipment_box,
            product = self.vendor_item % 1_000_000,
            released = self.released,
            user = self.user,
        )
    }
}
