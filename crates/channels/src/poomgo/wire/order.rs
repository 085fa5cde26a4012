//! `POST /open-api/oms/orders` and `list-order-sheets`: a row of the order ledger (주문 원장) with the
//! invoices it was given.

use serde::{Deserialize, Serialize};

use super::{Any, Number, Str};
use crate::json;

/// The members of an order row in the documented order.
pub(in crate::poomgo) const ORDER_MEMBERS: [&str; 20] = [
    "id",
    "channelName",
    "orderCode",
    "code",
    "subsidiaryCode",
    "releaseCode",
    "receiverData",
    "customerData",
    "dealName",
    "dealOptionName",
    "createdAt",
    "orderAt",
    "invoices",
    "originalData",
    "canceledInvoices",
    "items",
    "price",
    "settlementPrice",
    "totalPaymentAmount",
    "settlementGroupPrice",
];

/// The question; every field is optional. Days are `yyyy-MM-dd`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrdersRequest<'a> {
    /// Page, from 1 (default 1).
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// Rows per page (default 20, at most 500).
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// First day the row was made on.
    #[serde(borrow, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub created_at_from: Option<Str<'a>>,
    /// Last day the row was made on.
    #[serde(borrow, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub created_at_to: Option<Str<'a>>,
    /// First day an invoice was assigned on (송장 할당).
    #[serde(borrow, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub confirm_at_from: Option<Str<'a>>,
    /// Last day an invoice was assigned on.
    #[serde(borrow, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub confirm_at_to: Option<Str<'a>>,
    /// First day an invoice was closed on (송장 마감).
    #[serde(borrow, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub close_at_from: Option<Str<'a>>,
    /// Last day an invoice was closed on.
    #[serde(borrow, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub close_at_to: Option<Str<'a>>,
    /// Order as the sales channel numbers it.
    #[serde(borrow, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub order_code: Option<Str<'a>>,
}

/// Optional means it may be left out, not that it may be `null`.
fn given<'de, D, T>(reader: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(reader).map(Some)
}

/// The answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct OrderPage<'a> {
    /// Rows that match, whatever the page; a number in quotes.
    #[serde(borrow)]
    pub total: Str<'a>,
    /// The page's rows, the greatest `id` first.
    #[serde(borrow)]
    pub rows: Vec<Order<'a>>,
}

/// A row of the order ledger.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order<'a> {
    /// Number of the row (주문 원장 ID).
    pub id: i64,
    /// Sales channel (판매처명).
    #[serde(borrow)]
    pub channel_name: Option<Str<'a>>,
    /// Order as the sales channel numbers it (판매처 주문 번호).
    #[serde(borrow)]
    pub order_code: Option<Str<'a>>,
    /// Line as the sales channel numbers it (판매처 개별 주문 번호).
    #[serde(borrow)]
    pub code: Option<Str<'a>>,
    /// Secondary order number (보조 주문 번호).
    #[serde(borrow)]
    pub subsidiary_code: Option<Str<'a>>,
    /// Combined delivery (합 배송번호).
    #[serde(borrow)]
    pub release_code: Option<Str<'a>>,
    /// Who receives it (수취인 정보).
    #[serde(borrow, default, deserialize_with = "json::objects::one")]
    pub receiver_data: Option<Person<'a>>,
    /// Who bought it (구매자 정보); has no postcode.
    #[serde(borrow, default, deserialize_with = "json::objects::one")]
    pub customer_data: Option<Person<'a>>,
    /// What was sold (상품명).
    #[serde(borrow)]
    pub deal_name: Option<Str<'a>>,
    /// Which variant (상품 옵션명).
    #[serde(borrow)]
    pub deal_option_name: Option<Str<'a>>,
    /// When the row was made (주문 원장 생성일자), ISO 8601 in UTC.
    #[serde(borrow)]
    pub created_at: Option<Str<'a>>,
    /// When it was ordered (주문 일자).
    #[serde(borrow)]
    pub order_at: Option<Str<'a>>,
    /// Outbound parcels; `null` before there is one.
    #[serde(borrow, default, deserialize_with = "json::objects::many")]
    pub invoices: Option<Vec<Invoice<'a>>>,
    /// The order as it came from the sales channel (원 주문 정보), in that channel's shape.
    #[serde(borrow)]
    pub original_data: Any<'a>,
    /// Cancelled parcels (취소된 송장 정보); what is in them is not published.
    #[serde(borrow)]
    pub canceled_invoices: Any<'a>,
    /// Resources (상품 정보), named in snake_case: `resource_name`, `quantity` and more.
    #[serde(borrow)]
    pub items: Any<'a>,
    /// Won ordered (주문 금액), in quotes like the three after it.
    #[serde(borrow)]
    pub price: Option<Number<'a>>,
    /// Won paid (결제 금액).
    #[serde(borrow)]
    pub settlement_price: Option<Number<'a>>,
    /// Won in the end (최종 금액).
    #[serde(borrow)]
    pub total_payment_amount: Option<Number<'a>>,
    /// Won paid for all of the order (총 결제 금액).
    #[serde(borrow)]
    pub settlement_group_price: Option<Number<'a>>,
}

/// Who receives or bought.
#[derive(Debug, Serialize, Deserialize)]
pub struct Person<'a> {
    /// Name.
    #[serde(borrow)]
    pub name: Option<Str<'a>>,
    /// First phone (연락처1).
    #[serde(borrow)]
    pub phone: Option<Str<'a>>,
    /// Second phone (연락처2).
    #[serde(borrow)]
    pub mobile: Option<Str<'a>>,
    /// Address.
    #[serde(borrow)]
    pub address: Option<Str<'a>>,
    /// Postcode; only a receiver has one.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<Str<'a>>,
}

/// An outbound parcel.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice<'a> {
    /// Poomgo's number of the invoice: `string` in the field table, bare in the newer guide's sample.
    #[serde(borrow)]
    pub invoice_id: Option<Number<'a>>,
    /// Waybill (송장 정보).
    #[serde(borrow)]
    pub invoice_code: Option<Str<'a>>,
    /// Whether Poomgo printed the label (송장 출력 여부).
    pub is_printed: Option<bool>,
    /// Whether Poomgo closed the packing (송장 마감 여부): the point of no return.
    pub is_closed: Option<bool>,
    /// Where the parcel stands (배송 상태), for reference and late. Open set; only
    /// `INVOICE_CARGO_STATUS_DELIVERYCOMPLETED` is published.
    #[serde(borrow)]
    pub cargo_status_code_key: Option<Str<'a>>,
    /// Courier (택배사명).
    #[serde(borrow)]
    pub logistics_partner_name: Option<Str<'a>>,
}
