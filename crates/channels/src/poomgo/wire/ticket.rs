//! `GET /open-api/cs`: a CS ticket (반품 · 맞교환) with its return parcels and their items.

use serde::{Deserialize, Serialize};

use super::{Any, Str};
use crate::json;

/// The members of a ticket in the documented order.
pub(in crate::poomgo) const TICKET_MEMBERS: [&str; 28] = [
    "id",
    "createdBy",
    "updatedBy",
    "createdAt",
    "updatedAt",
    "deletedAt",
    "serial",
    "status",
    "type",
    "partnerId",
    "brandId",
    "channelId",
    "logisticsCenterId",
    "organizationId",
    "originalLogisticsContractId",
    "originalInvoiceId",
    "originalInvoiceCode",
    "originalOrderId",
    "originalOrderCode",
    "description",
    "isCarryOut",
    "carryOutListId",
    "tagId",
    "canceledAt",
    "returnInvoices",
    "replacementInvoices",
    "tag",
    "csLogs",
];

/// The answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketPage<'a> {
    /// Rows asked for per page.
    pub page_size: u64,
    /// Rows in this page.
    pub row_count: u64,
    /// Pages in all: `total` ⁄ `pageSize`, rounded up.
    pub total_page: u64,
    /// Tickets that match, whatever the page.
    pub total: u64,
    /// The page's tickets, the newest `createdAt` first.
    #[serde(borrow)]
    pub data: Vec<Ticket<'a>>,
}

/// A CS ticket. Times are ISO 8601 in UTC with milliseconds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticket<'a> {
    /// Poomgo's number of the ticket.
    pub id: i64,
    /// User who made it.
    pub created_by: Option<i64>,
    /// User who last changed it.
    pub updated_by: Option<i64>,
    /// When it was received (접수일자).
    #[serde(borrow)]
    pub created_at: Str<'a>,
    /// When it was last changed.
    #[serde(borrow)]
    pub updated_at: Option<Str<'a>>,
    /// When it was deleted; the row stays.
    #[serde(borrow)]
    pub deleted_at: Option<Str<'a>>,
    /// CS number (CS 번호), such as `CS_RT_190628_000014`.
    #[serde(borrow)]
    pub serial: Option<Str<'a>>,
    /// `DRAFT` 준비됨, `PROCESSING` 진행중, `DONE` 완료됨, `CANCELED` 취소됨.
    #[serde(borrow)]
    pub status: Option<Str<'a>>,
    /// `RETURN` 반품; the keys of 맞교환 and 재발송 are not published.
    #[serde(borrow)]
    pub r#type: Option<Str<'a>>,
    /// Poomgo's number of the seller.
    pub partner_id: Option<i64>,
    /// Brand of the seller.
    pub brand_id: Option<i64>,
    /// Sales channel.
    pub channel_id: Option<i64>,
    /// Centre that handles it.
    pub logistics_center_id: Option<i64>,
    /// Organisation of the centre.
    pub organization_id: Option<i64>,
    /// Courier contract the order went out under.
    pub original_logistics_contract_id: Option<i64>,
    /// Outbound invoice: number.
    pub original_invoice_id: Option<i64>,
    /// Outbound invoice: waybill (원송장 송장번호).
    #[serde(borrow)]
    pub original_invoice_code: Option<Str<'a>>,
    /// Order ledger row.
    pub original_order_id: Option<i64>,
    /// Order as the sales channel numbers it (원송장 주문번호).
    #[serde(borrow)]
    pub original_order_code: Option<Str<'a>>,
    /// Remark, free text.
    #[serde(borrow)]
    pub description: Option<Str<'a>>,
    /// Whether the goods were taken out of the centre (반출).
    pub is_carry_out: Option<bool>,
    /// The list they were taken out by.
    pub carry_out_list_id: Option<i64>,
    /// Tag.
    pub tag_id: Option<i64>,
    /// When it was cancelled.
    #[serde(borrow)]
    pub canceled_at: Option<Str<'a>>,
    /// Return parcels (반품 정보).
    #[serde(borrow, default, deserialize_with = "json::objects::many")]
    pub return_invoices: Option<Vec<ReturnInvoice<'a>>>,
    /// Parcels sent in exchange; what is in them is not published.
    #[serde(borrow)]
    pub replacement_invoices: Any<'a>,
    /// The tag itself; only ever seen as `null`.
    #[serde(borrow)]
    pub tag: Any<'a>,
    /// What was done, newest first (반품 관련 로그).
    #[serde(borrow, default, deserialize_with = "json::objects::many")]
    pub cs_logs: Option<Vec<CsLog<'a>>>,
}

/// A parcel on its way back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnInvoice<'a> {
    /// Poomgo's number of the return parcel.
    pub id: Option<i64>,
    /// User who made it.
    pub created_by: Option<i64>,
    /// User who last changed it.
    pub updated_by: Option<i64>,
    /// When it was made.
    #[serde(borrow)]
    pub created_at: Option<Str<'a>>,
    /// When it was last changed.
    #[serde(borrow)]
    pub updated_at: Option<Str<'a>>,
    /// When it was deleted; the row stays.
    #[serde(borrow)]
    pub deleted_at: Option<Str<'a>>,
    /// The ticket.
    pub cs_id: Option<i64>,
    /// `DRAFT` 준비됨, `REQUESTED` 요청됨, `AT_PARTNER` 고객사 회수됨, `AT_CENTER` 센터 회수됨,
    /// `FAILED` 회수 실패, `CANCELED` 취소됨.
    #[serde(borrow)]
    pub status: Option<Str<'a>>,
    /// Return waybill (회수송장 송장번호).
    #[serde(borrow)]
    pub code: Option<Str<'a>>,
    /// Courier contract it comes back under.
    pub logistics_contract_id: Option<i64>,
    /// Who receives it (회수 수취인명): usually the centre.
    #[serde(borrow)]
    pub recipient_name: Option<Str<'a>>,
    /// Where it goes.
    #[serde(borrow)]
    pub recipient_address: Option<Str<'a>>,
    /// Postcode of the same.
    #[serde(borrow)]
    pub recipient_postcode: Option<Str<'a>>,
    /// Phone that `returnRecipientMobile` asks for.
    #[serde(borrow)]
    pub recipient_mobile: Option<Str<'a>>,
    /// Second phone; no filter asks for it.
    #[serde(borrow)]
    pub recipient_phone: Option<Str<'a>>,
    /// Who sends it (회수 송화인명): usually the buyer.
    #[serde(borrow)]
    pub sender_name: Option<Str<'a>>,
    /// Where it is collected.
    #[serde(borrow)]
    pub sender_address: Option<Str<'a>>,
    /// Postcode of the same.
    #[serde(borrow)]
    pub sender_postcode: Option<Str<'a>>,
    /// Phone that `returnSenderMobile` asks for.
    #[serde(borrow)]
    pub sender_mobile: Option<Str<'a>>,
    /// Second phone; no filter asks for it.
    #[serde(borrow)]
    pub sender_phone: Option<Str<'a>>,
    /// More about the sender; only ever seen as `null`.
    #[serde(borrow)]
    pub sender_additional: Any<'a>,
    /// The courier's trace; only ever seen as `null`.
    #[serde(borrow)]
    pub trace_data: Any<'a>,
    /// Cash found in the parcel; only ever seen as `null`.
    #[serde(borrow)]
    pub enclosed_cash: Any<'a>,
    /// Message to the courier, free text.
    #[serde(borrow)]
    pub delivery_message: Option<Str<'a>>,
    /// Remark, free text.
    #[serde(borrow)]
    pub description: Option<Str<'a>>,
    /// When collection was asked for (회수요청일).
    #[serde(borrow)]
    pub requested_at: Option<Str<'a>>,
    /// When collection was complete (회수완료일자).
    #[serde(borrow)]
    pub done_at: Option<Str<'a>>,
    /// Carriage; only ever seen as `null`.
    #[serde(borrow)]
    pub delivery_price: Any<'a>,
    /// Surcharge by air; only ever seen as `null`.
    #[serde(borrow)]
    pub air_fare: Any<'a>,
    /// Surcharge by ferry; only ever seen as `null`.
    #[serde(borrow)]
    pub ferry_fare: Any<'a>,
    /// When it was delivered; only ever seen as `null`.
    #[serde(borrow)]
    pub delivery_at: Any<'a>,
    /// When it was collected; only ever seen as `null`.
    #[serde(borrow)]
    pub collection_at: Any<'a>,
    /// Whether it is exempt from charges.
    pub is_exemption: Option<bool>,
    /// What came back.
    #[serde(borrow, default, deserialize_with = "json::objects::many")]
    pub return_invoice_items: Option<Vec<ReturnInvoiceItem<'a>>>,
}

/// One item of a return parcel.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnInvoiceItem<'a> {
    /// Poomgo's number of the line.
    pub id: Option<i64>,
    /// User who made it.
    pub created_by: Option<i64>,
    /// User who last changed it.
    pub updated_by: Option<i64>,
    /// When it was made.
    #[serde(borrow)]
    pub created_at: Option<Str<'a>>,
    /// When it was last changed.
    #[serde(borrow)]
    pub updated_at: Option<Str<'a>>,
    /// When it was deleted; the row stays.
    #[serde(borrow)]
    pub deleted_at: Option<Str<'a>>,
    /// The return parcel; the documented sample names another one than its parent.
    pub return_invoice_id: Option<i64>,
    /// Poomgo's number of the seller.
    pub partner_id: Option<i64>,
    /// Brand of the seller.
    pub brand_id: Option<i64>,
    /// Poomgo's number of the resource.
    pub partner_resource_id: Option<i64>,
    /// What it is called (회수 품목명).
    #[serde(borrow)]
    pub resource_name: Option<Str<'a>>,
    /// Its bar code (회수 품목 바코드).
    #[serde(borrow)]
    pub resource_code: Option<Str<'a>>,
    /// Its number in the seller's books (회수 품목 고객사 관리번호).
    #[serde(borrow)]
    pub resource_item_number: Option<Str<'a>>,
    /// How many went out.
    pub original_quantity: Option<i64>,
    /// How many came back; may be more than went out.
    pub return_quantity: Option<i64>,
    /// `CSTICKET_TYPE_INCOMING` 재고반영(양품 O), `CSTICKET_TYPE_DISUSE` 센터보관(양품 X),
    /// `CSTICKET_TYPE_OUTGOING` 반출. Documented, but absent from the sample: here when known.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub type_code_key: Option<Str<'a>>,
}

/// One line of a ticket's log.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CsLog<'a> {
    /// Poomgo's number of the line.
    pub id: Option<i64>,
    /// What it is about; seen: `CS`, `RETURN`.
    #[serde(borrow)]
    pub r#type: Option<Str<'a>>,
    /// A sentence for people.
    #[serde(borrow)]
    pub description: Option<Str<'a>>,
    /// When.
    #[serde(borrow)]
    pub created_at: Option<Str<'a>>,
}
