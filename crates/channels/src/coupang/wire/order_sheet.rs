//! An order sheet: a box of an order. Everything beside its numbers, date and status may be missing
//! or null.

use serde::{Deserialize, Serialize};

use super::Amount;
use crate::json::objects::Object;

/// The members of an order sheet, in the order Coupang's own example has them; the last three came
/// with newer versions.
pub(in crate::coupang) const ORDER_SHEET_MEMBERS: &[&str] = &[
    "shipmentBoxId",
    "orderId",
    "orderedAt",
    "orderer",
    "paidAt",
    "status",
    "shippingPrice",
    "remotePrice",
    "remoteArea",
    "parcelPrintMessage",
    "splitShipping",
    "ableSplitShipping",
    "receiver",
    "orderItems",
    "overseaShippingInfoDto",
    "deliveryCompanyName",
    "invoiceNumber",
    "inTrasitDateTime",
    "deliveredDate",
    "refer",
    "shipmentType",
    "isCod",
    "extraProperties",
];

/// An order sheet (발주서).
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct OrderSheet {
    /// Number of the box (묶음배송번호), up to 18 digits.
    pub(in crate::coupang) shipment_box_id: i64,
    /// Number of the order.
    pub(in crate::coupang) order_id: i64,
    /// When it was ordered: v4 KST without a zone, v5 with an offset.
    pub(in crate::coupang) ordered_at: String,
    /// Who ordered.
    pub(in crate::coupang) orderer: Option<Object<Orderer>>,
    /// When it was paid.
    pub(in crate::coupang) paid_at: Option<String>,
    /// Where the box stands.
    pub(in crate::coupang) status: String,
    /// Carriage.
    pub(in crate::coupang) shipping_price: Option<Amount>,
    /// Carriage to islands and mountains.
    pub(in crate::coupang) remote_price: Option<Amount>,
    /// Whether it goes there.
    pub(in crate::coupang) remote_area: Option<bool>,
    /// Note for the courier.
    pub(in crate::coupang) parcel_print_message: Option<String>,
    /// Whether the order goes out in several boxes.
    pub(in crate::coupang) split_shipping: Option<bool>,
    /// Whether it may.
    pub(in crate::coupang) able_split_shipping: Option<bool>,
    /// Where it goes.
    pub(in crate::coupang) receiver: Option<Object<Receiver>>,
    /// What is in it.
    pub(in crate::coupang) order_items: Option<Vec<Object<SheetItem>>>,
    /// For customs.
    pub(in crate::coupang) oversea_shipping_info_dto: Option<Object<Oversea>>,
    /// The courier's name.
    pub(in crate::coupang) delivery_company_name: Option<String>,
    /// The waybill.
    pub(in crate::coupang) invoice_number: Option<String>,
    /// When it left; misspelt so on the wire.
    pub(in crate::coupang) in_trasit_date_time: Option<String>,
    /// When it was delivered.
    pub(in crate::coupang) delivered_date: Option<String>,
    /// Where it was paid.
    pub(in crate::coupang) refer: Option<String>,
    /// Who ships.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::coupang) shipment_type: Option<String>,
    /// Whether it is paid on delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::coupang) is_cod: Option<bool>,
    /// Whatever else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::coupang) extra_properties: Option<serde_json::Value>,
}

/// Who ordered.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct Orderer {
    /// Name.
    pub(in crate::coupang) name: Option<String>,
    /// Empty nowadays.
    pub(in crate::coupang) email: Option<String>,
    /// Safe number.
    pub(in crate::coupang) safe_number: Option<String>,
    /// Always null nowadays.
    #[serde(rename = "ordererNumber")]
    pub(in crate::coupang) real_number: Option<String>,
}

/// Where a box goes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct Receiver {
    /// Name.
    pub(in crate::coupang) name: Option<String>,
    /// Safe number.
    pub(in crate::coupang) safe_number: Option<String>,
    /// Always null nowadays.
    #[serde(rename = "receiverNumber")]
    pub(in crate::coupang) real_number: Option<String>,
    /// Address.
    pub(in crate::coupang) addr1: Option<String>,
    /// The rest of it.
    pub(in crate::coupang) addr2: Option<String>,
    /// Postcode.
    pub(in crate::coupang) post_code: Option<String>,
}

/// An item in a box.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct SheetItem {
    /// Not to be used.
    pub(in crate::coupang) vendor_item_package_id: Option<i64>,
    /// Not to be used.
    pub(in crate::coupang) vendor_item_package_name: Option<String>,
    /// The product as it is shown; changes when products are merged.
    pub(in crate::coupang) product_id: Option<i64>,
    /// The option sold.
    pub(in crate::coupang) vendor_item_id: Option<i64>,
    /// What it is called.
    pub(in crate::coupang) vendor_item_name: Option<String>,
    /// Pieces bought.
    pub(in crate::coupang) shipping_count: Option<i64>,
    /// For one.
    pub(in crate::coupang) sales_price: Option<Amount>,
    /// For all.
    pub(in crate::coupang) order_price: Option<Amount>,
    /// All discounts together.
    pub(in crate::coupang) discount_price: Option<Amount>,
    /// The seller's own coupon.
    pub(in crate::coupang) instant_coupon_discount: Option<Amount>,
    /// The seller's coupon the buyer fetched.
    pub(in crate::coupang) downloadable_coupon_discount: Option<Amount>,
    /// What Coupang pays.
    pub(in crate::coupang) coupang_discount: Option<Amount>,
    /// The seller's own code.
    pub(in crate::coupang) external_vendor_sku_code: Option<String>,
    /// What the buyer is asked to enter.
    pub(in crate::coupang) etc_info_header: Option<String>,
    /// Empty nowadays.
    pub(in crate::coupang) etc_info_value: Option<String>,
    /// What the buyer entered.
    pub(in crate::coupang) etc_info_values: Option<Vec<String>>,
    /// The product as the seller registered it.
    pub(in crate::coupang) seller_product_id: Option<i64>,
    /// Its name.
    pub(in crate::coupang) seller_product_name: Option<String>,
    /// The option as registered.
    pub(in crate::coupang) seller_product_item_name: Option<String>,
    /// The option as registered first.
    pub(in crate::coupang) first_seller_product_item_name: Option<String>,
    /// Pieces cancelled or returned.
    pub(in crate::coupang) cancel_count: Option<i64>,
    /// Pieces whose cancel or return is not decided.
    pub(in crate::coupang) hold_count_for_cancel: Option<i64>,
    /// The day it should leave.
    pub(in crate::coupang) estimated_shipping_date: Option<String>,
    /// The day it will, if it goes out in several boxes.
    pub(in crate::coupang) planned_shipping_date: Option<String>,
    /// When the waybill was entered, KST without a zone.
    pub(in crate::coupang) invoice_number_upload_date: Option<String>,
    /// Whatever else.
    pub(in crate::coupang) extra_properties: Option<serde_json::Value>,
    /// Whether it is the cheapest.
    pub(in crate::coupang) pricing_badge: Option<bool>,
    /// Whether it is used.
    pub(in crate::coupang) used_product: Option<bool>,
    /// When the buyer confirmed the purchase.
    pub(in crate::coupang) confirm_date: Option<String>,
    /// `유료` or `무료`.
    pub(in crate::coupang) delivery_charge_type_name: Option<String>,
    /// The option a bundle was made of.
    pub(in crate::coupang) up_bundle_vendor_item_id: Option<i64>,
    /// Its name.
    pub(in crate::coupang) up_bundle_vendor_item_name: Option<String>,
    /// Its pieces.
    pub(in crate::coupang) up_bundle_size: Option<i64>,
    /// Whether it is such a bundle.
    pub(in crate::coupang) up_bundle_item: Option<bool>,
    /// Whether all of it is cancelled or returned.
    pub(in crate::coupang) canceled: Option<bool>,
}

/// For customs.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct Oversea {
    /// The buyer's customs number.
    pub(in crate::coupang) personal_customs_clearance_code: Option<String>,
    /// Not used.
    pub(in crate::coupang) orderer_ssn: Option<String>,
    /// Phone for customs.
    pub(in crate::coupang) orderer_phone_number: Option<String>,
}
