//! Every record and request of the return, exchange, withdrawal and order sheet calls, field for field, in
//! Coupang's own spelling. What one version of the contract leaves out is optional here.

mod exchange;
mod order_sheet;
mod requests;

use serde::{Deserialize, Serialize};

pub(super) use exchange::ExchangeRequest;
pub(super) use order_sheet::{ORDER_SHEET_MEMBERS, OrderSheet, SheetItem};
pub(super) use requests::{
    AboutReceipt, Acknowledgement, AnswerShipped, AnswerStopped, Approve, CancelOrder,
    ConfirmReceipt, ExchangeInvoices, ExchangeReceipt, InvoiceApply, Invoices, PickupWaybill,
    RejectExchange,
};

use crate::json::objects::Object;

/// The members of a return request, in the order Coupang's own example has them.
pub(super) const RETURN_MEMBERS: &[&str] = &[
    "receiptId",
    "orderId",
    "paymentId",
    "receiptType",
    "receiptStatus",
    "createdAt",
    "modifiedAt",
    "requesterName",
    "requesterPhoneNumber",
    "requesterRealPhoneNumber",
    "requesterAddress",
    "requesterAddressDetail",
    "requesterZipCode",
    "cancelReasonCategory1",
    "cancelReasonCategory2",
    "cancelReason",
    "cancelCountSum",
    "returnDeliveryId",
    "returnDeliveryType",
    "releaseStopStatus",
    "enclosePrice",
    "faultByType",
    "preRefund",
    "completeConfirmDate",
    "completeConfirmType",
    "returnItems",
    "returnDeliveryDtos",
    "reasonCode",
    "reasonCodeText",
    "returnShippingCharge",
];

/// The members of an exchange request, in the order Coupang's own example has them.
pub(super) const EXCHANGE_MEMBERS: &[&str] = &[
    "exchangeId",
    "orderId",
    "vendorId",
    "orderDeliveryStatusCode",
    "exchangeStatus",
    "referType",
    "faultType",
    "exchangeAmount",
    "reason",
    "reasonCode",
    "reasonCodeText",
    "reasonEtcDetail",
    "cancelReason",
    "createdByType",
    "createdAt",
    "modifiedByType",
    "modifiedAt",
    "exchangeItemDtoV1s",
    "exchangeAddressDtoV1",
    "deliveryInvoiceGroupDtos",
    "deliveryStatus",
    "collectStatus",
    "collectCompleteDate",
    "collectInformationsDto",
    "returnDeliveryDtos",
    "orderDeliveryStatusLabel",
    "exchangeStatusLabel",
    "referTypeLabel",
    "faultTypeLabel",
    "createdByTypeLabel",
    "rejectable",
    "modifiedByTypeLabel",
    "deliveryInvoiceModifiable",
    "successable",
];

/// The members of a withdrawal, in the order Coupang's own example has them.
pub(super) const WITHDRAWAL_MEMBERS: &[&str] =
    &["cancelId", "orderId", "vendorId", "refundDeliveryDuty", "createdAt", "vendorItemIds"];

/// A return or cancel (반품·취소 접수).
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnRequest {
    /// Number of the receipt; the withdrawal calls name it `cancelId`.
    pub(super) receipt_id: i64,
    /// Number of the order.
    pub(super) order_id: i64,
    /// Number of the payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment_id: Option<i64>,
    /// `RETURN` or `CANCEL`; older documents print the Korean word.
    pub(super) receipt_type: String,
    /// Where the receipt stands.
    pub(super) receipt_status: String,
    /// When it was received: v4 KST without a zone, v6 with an offset.
    pub(super) created_at: String,
    /// When its status last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) modified_at: Option<String>,
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) requester_name: Option<String>,
    /// Their number, usually masked or a safe number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) requester_phone_number: Option<String>,
    /// Always null nowadays.
    pub(super) requester_real_phone_number: Option<String>,
    /// Where the goods are fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) requester_address: Option<String>,
    /// The rest of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) requester_address_detail: Option<String>,
    /// Its postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) requester_zip_code: Option<String>,
    /// Group of the reason, Korean text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancel_reason_category1: Option<String>,
    /// The reason within its group, Korean text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancel_reason_category2: Option<String>,
    /// What the buyer wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancel_reason: Option<String>,
    /// How many pieces over all items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancel_count_sum: Option<i64>,
    /// Number of the collection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) return_delivery_id: Option<i64>,
    /// How the goods come back, Korean text; empty if nothing is fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) return_delivery_type: Option<String>,
    /// Whether the wish to stop the shipment was handled, Korean text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) release_stop_status: Option<String>,
    /// Fee put into the parcel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) enclose_price: Option<Amount>,
    /// Whose fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fault_by_type: Option<String>,
    /// Refunded before the goods came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pre_refund: Option<bool>,
    /// When the end was confirmed; empty until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) complete_confirm_date: Option<String>,
    /// Who confirmed the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) complete_confirm_type: Option<String>,
    /// What comes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) return_items: Option<Vec<Object<ReturnItem>>>,
    /// Waybills of the way back; duplicates and empty ones occur.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) return_delivery_dtos: Option<Vec<Object<ReturnDelivery>>>,
    /// The reason as a code of an open set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason_code: Option<String>,
    /// What the code says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason_code_text: Option<String>,
    /// Estimated return fee: above zero the seller pays, below zero the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) return_shipping_charge: Option<Amount>,
}

/// One item of a return.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnItem {
    /// Not to be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor_item_package_id: Option<i64>,
    /// Not to be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor_item_package_name: Option<String>,
    /// The option sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor_item_id: Option<i64>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor_item_name: Option<String>,
    /// Pieces ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) purchase_count: Option<i64>,
    /// Pieces coming back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancel_count: Option<i64>,
    /// The box it was shipped in, up to 18 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shipment_box_id: Option<i64>,
    /// The product as the seller registered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seller_product_id: Option<i64>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seller_product_name: Option<String>,
    /// `Y` shipped, `N` not, `S` stopped, `A` shipped already; absent before 2020.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) release_status: Option<String>,
    /// Who handled the cancel: a masked user, or `3P_CANCEL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cancel_complete_user: Option<String>,
}

/// A waybill of the way back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnDelivery {
    /// The courier.
    pub(super) delivery_company_code: Option<String>,
    /// The waybill; empty or null means none.
    pub(super) delivery_invoice_no: Option<String>,
}

/// An amount: whole won in v4, a money object in v6.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a whole number or a money object")]
pub(super) enum Amount {
    /// Won.
    Won(i64),
    /// Whole units and billionths of a currency.
    Money(Money),
}

/// An amount with its currency.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Money {
    /// ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency_code: Option<String>,
    /// Whole units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) units: Option<i64>,
    /// Billionths, of the same sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nanos: Option<i32>,
}

/// A return taken back by the buyer (반품철회).
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Withdrawal {
    /// The receipt that was taken back.
    pub(super) cancel_id: i64,
    /// Number of the order.
    pub(super) order_id: i64,
    /// The seller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor_id: Option<String>,
    /// Who would have paid: `COM` seller, `CUS` buyer, `COU` Coupang.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refund_delivery_duty: Option<String>,
    /// When it was taken back.
    pub(super) created_at: String,
    /// Which options were concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor_item_ids: Option<Vec<i64>>,
}

/// The body of `returnWithdrawList`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WithdrawalsByReceipt {
    /// Receipts to look for, at most 50.
    pub(super) cancel_ids: Option<Vec<i64>>,
}
