//! What sellers send to have something done. Every member must be there and of its documented type.

use serde::Deserialize;

use crate::coupang::refusal::Refused;
use crate::json::objects::Object;

/// The body of `stoppedShipment`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct AnswerStopped {
    /// The seller, as in the path.
    pub(in crate::coupang) vendor_id: String,
    /// The receipt, as in the path.
    pub(in crate::coupang) receipt_id: i64,
    /// Pieces of the whole receipt.
    pub(in crate::coupang) cancel_count: i64,
}

/// The body of `completedShipment`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct AnswerShipped {
    /// The seller, as in the path.
    pub(in crate::coupang) vendor_id: String,
    /// The receipt, as in the path.
    pub(in crate::coupang) receipt_id: i64,
    /// The courier.
    pub(in crate::coupang) delivery_company_code: String,
    /// The waybill.
    pub(in crate::coupang) invoice_number: String,
}

/// The body of a return's `receiveConfirmation`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct ConfirmReceipt {
    /// The seller, as in the path.
    pub(in crate::coupang) vendor_id: String,
    /// The receipt, as in the path.
    pub(in crate::coupang) receipt_id: i64,
}

/// The body of `approval`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct Approve {
    /// The seller, as in the path.
    pub(in crate::coupang) vendor_id: String,
    /// The receipt, as in the path.
    pub(in crate::coupang) receipt_id: i64,
    /// Pieces of the whole receipt.
    pub(in crate::coupang) cancel_count: i64,
}

/// A body about a receipt.
pub(in crate::coupang) trait AboutReceipt {
    /// Its number.
    fn receipt(&self) -> i64;
}

macro_rules! about_receipt {
    ($($body:ident),+) => {
        $(impl AboutReceipt for $body {
            fn receipt(&self) -> i64 {
                self.receipt_id
            }
        })+
    };
}

about_receipt!(AnswerStopped, AnswerShipped, ConfirmReceipt, Approve);

/// The body of `return-exchange-invoices/manual`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct PickupWaybill {
    /// `RETURN` or `EXCHANGE`.
    pub(in crate::coupang) return_exchange_delivery_type: String,
    /// The receipt, or the exchange.
    pub(in crate::coupang) receipt_id: i64,
    /// The courier.
    pub(in crate::coupang) delivery_company_code: String,
    /// The waybill.
    pub(in crate::coupang) invoice_number: String,
    /// The number of the booking.
    pub(in crate::coupang) reg_number: Option<String>,
}

/// The body of an exchange's `receiveConfirmation`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct ExchangeReceipt {
    /// The exchange, as in the path.
    pub(in crate::coupang) exchange_id: i64,
    /// The seller, as in the path.
    pub(in crate::coupang) vendor_id: String,
}

/// The body of `rejection`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct RejectExchange {
    /// The exchange, as in the path.
    pub(in crate::coupang) exchange_id: i64,
    /// The seller, as in the path.
    pub(in crate::coupang) vendor_id: String,
    /// `SOLDOUT` or `WITHDRAW`.
    pub(in crate::coupang) exchange_reject_code: String,
}

/// The body of an exchange's `invoices`: a list, as its page shows; clients send one without it too.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a list of waybills")]
pub(in crate::coupang) enum ExchangeInvoices {
    /// As documented.
    Many(Vec<Object<ExchangeInvoice>>),
    /// As clients send it.
    One(Object<ExchangeInvoice>),
}

impl ExchangeInvoices {
    /// Each of them.
    pub(in crate::coupang) fn each(&self) -> &[Object<ExchangeInvoice>] {
        match self {
            Self::Many(all) => all,
            Self::One(one) => std::slice::from_ref(one),
        }
    }
}

/// The waybill of new goods.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct ExchangeInvoice {
    /// The exchange, as in the path.
    pub(in crate::coupang) exchange_id: Number,
    /// The seller, as in the path.
    pub(in crate::coupang) vendor_id: String,
    /// The new box.
    pub(in crate::coupang) shipment_box_id: Number,
    /// The courier; named otherwise than in every other call.
    pub(in crate::coupang) goods_delivery_code: String,
    /// The waybill.
    pub(in crate::coupang) invoice_number: String,
}

/// A number that its page calls one and prints in quotes.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a whole number")]
pub(in crate::coupang) enum Number {
    /// As the table says.
    Bare(i64),
    /// As the example shows.
    Quoted(String),
}

impl Number {
    /// The number.
    pub(in crate::coupang) fn number(&self) -> Result<i64, Refused> {
        match self {
            Self::Bare(number) => Some(*number),
            Self::Quoted(text) => crate::page::number(text),
        }
        .ok_or_else(|| Refused::parameter("exchangeId and shipmentBoxId must be numbers"))
    }
}

/// The body of `ordersheets/acknowledgement`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct Acknowledgement {
    /// The seller, as in the path.
    pub(in crate::coupang) vendor_id: String,
    /// Boxes, at most 50.
    pub(in crate::coupang) shipment_box_ids: Vec<i64>,
}

/// The body of `orders/invoices`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct Invoices {
    /// The seller, as in the path.
    pub(in crate::coupang) vendor_id: String,
    /// A waybill for each item.
    pub(in crate::coupang) order_sheet_invoice_apply_dtos: Vec<Object<InvoiceApply>>,
}

/// The waybill of an item.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct InvoiceApply {
    /// The box.
    pub(in crate::coupang) shipment_box_id: i64,
    /// The order.
    pub(in crate::coupang) order_id: i64,
    /// The item.
    pub(in crate::coupang) vendor_item_id: i64,
    /// The courier.
    pub(in crate::coupang) delivery_company_code: String,
    /// The waybill.
    pub(in crate::coupang) invoice_number: String,
}

/// The body of `orders/{orderId}/cancel`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct CancelOrder {
    /// The order, as in the path.
    #[serde(default)]
    pub(in crate::coupang) order_id: i64,
    /// What is cancelled.
    #[serde(default)]
    pub(in crate::coupang) vendor_item_ids: Vec<i64>,
    /// How many of each.
    #[serde(default)]
    pub(in crate::coupang) receipt_counts: Vec<i64>,
    /// `CANERR`.
    #[serde(default)]
    pub(in crate::coupang) big_cancel_code: String,
    /// `CCTTER`, `CCPNER` or `CCPRER`.
    #[serde(default)]
    pub(in crate::coupang) middle_cancel_code: String,
    /// Who cancels, at the seller's.
    #[serde(default)]
    pub(in crate::coupang) user_id: String,
    /// The seller, as in the path.
    #[serde(default)]
    pub(in crate::coupang) vendor_id: String,
}
