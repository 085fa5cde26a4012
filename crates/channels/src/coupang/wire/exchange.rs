//! An exchange as the list of exchanges prints it, misspelt names included. Everything beside its
//! numbers, status and date may be missing or null.

use serde::{Deserialize, Serialize};

use super::{Amount, ReturnDelivery};
use crate::json::objects::Object;

/// A fee that its page calls a text and prints as a number.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a whole number or a text")]
pub(in crate::coupang) enum Fee {
    /// As every other amount.
    Amount(Amount),
    /// As the table says.
    Text(String),
}

/// An exchange (교환 접수).
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct ExchangeRequest {
    /// Number of the exchange.
    pub(in crate::coupang) exchange_id: i64,
    /// Number of the order.
    pub(in crate::coupang) order_id: i64,
    /// The seller.
    pub(in crate::coupang) vendor_id: Option<String>,
    /// Where the order's delivery stands.
    pub(in crate::coupang) order_delivery_status_code: Option<String>,
    /// Where the exchange stands.
    pub(in crate::coupang) exchange_status: String,
    /// Where it was asked for.
    pub(in crate::coupang) refer_type: Option<String>,
    /// Whose fault.
    pub(in crate::coupang) fault_type: Option<String>,
    /// Fee of the exchange; the page's table says text, its example a number.
    pub(in crate::coupang) exchange_amount: Option<Fee>,
    /// Always null.
    pub(in crate::coupang) reason: Option<String>,
    /// The reason as a code of an open set.
    pub(in crate::coupang) reason_code: Option<String>,
    /// What the code says.
    pub(in crate::coupang) reason_code_text: Option<String>,
    /// What the buyer wrote.
    pub(in crate::coupang) reason_etc_detail: Option<String>,
    /// Always null.
    pub(in crate::coupang) cancel_reason: Option<String>,
    /// Who made it.
    pub(in crate::coupang) created_by_type: Option<String>,
    /// When, KST without a zone.
    pub(in crate::coupang) created_at: String,
    /// Who changed it last.
    pub(in crate::coupang) modified_by_type: Option<String>,
    /// When.
    pub(in crate::coupang) modified_at: Option<String>,
    /// What is exchanged.
    pub(in crate::coupang) exchange_item_dto_v1s: Option<Vec<ExchangeLine>>,
    /// Where from and where to.
    pub(in crate::coupang) exchange_address_dto_v1: Option<ExchangeEnds>,
    /// The boxes that go out again.
    pub(in crate::coupang) delivery_invoice_group_dtos: Option<Vec<InvoiceGroup>>,
    /// Where the new parcel stands.
    pub(in crate::coupang) delivery_status: Option<String>,
    /// Where the old goods stand.
    pub(in crate::coupang) collect_status: Option<String>,
    /// When they were back.
    pub(in crate::coupang) collect_complete_date: Option<String>,
    /// How they are fetched.
    pub(in crate::coupang) collect_informations_dto: Option<Collection>,
    /// Waybills of the way back.
    pub(in crate::coupang) return_delivery_dtos: Option<Vec<Object<ReturnDelivery>>>,
    /// As the code.
    pub(in crate::coupang) order_delivery_status_label: Option<String>,
    /// As the code.
    pub(in crate::coupang) exchange_status_label: Option<String>,
    /// As the code.
    pub(in crate::coupang) refer_type_label: Option<String>,
    /// As the code.
    pub(in crate::coupang) fault_type_label: Option<String>,
    /// As the code.
    pub(in crate::coupang) created_by_type_label: Option<String>,
    /// Whether it may be refused.
    pub(in crate::coupang) rejectable: Option<bool>,
    /// As the code, or not.
    pub(in crate::coupang) modified_by_type_label: Option<String>,
    /// Whether a waybill may be entered.
    pub(in crate::coupang) delivery_invoice_modifiable: Option<bool>,
    /// Whether it may be completed.
    pub(in crate::coupang) successable: Option<bool>,
}

/// One item of an exchange.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct ExchangeLine {
    /// Number of the line.
    pub(in crate::coupang) exchange_item_id: Option<i64>,
    /// The option bought.
    pub(in crate::coupang) order_item_id: Option<i64>,
    /// Its price, won.
    pub(in crate::coupang) order_item_unit_price: Option<i64>,
    /// Its name.
    pub(in crate::coupang) order_item_name: Option<String>,
    /// Its deal.
    pub(in crate::coupang) order_package_id: Option<i64>,
    /// The deal's name.
    pub(in crate::coupang) order_package_name: Option<String>,
    /// The option wanted.
    pub(in crate::coupang) target_item_id: Option<i64>,
    /// Its price, won.
    pub(in crate::coupang) target_item_unit_price: Option<i64>,
    /// Its name.
    pub(in crate::coupang) target_item_name: Option<String>,
    /// Its deal, -1 for none.
    pub(in crate::coupang) target_package_id: Option<i64>,
    /// The deal's name.
    pub(in crate::coupang) target_package_name: Option<String>,
    /// Pieces.
    pub(in crate::coupang) quantity: Option<i64>,
    /// Whether the bought one was delivered.
    pub(in crate::coupang) order_item_delivery_complete: Option<bool>,
    /// Whether it is back.
    pub(in crate::coupang) order_item_return_complete: Option<bool>,
    /// Whether the wanted one was delivered.
    pub(in crate::coupang) target_item_delivery_complete: Option<bool>,
    /// When the line was made.
    pub(in crate::coupang) created_at: Option<String>,
    /// When it last changed.
    pub(in crate::coupang) modified_at: Option<String>,
    /// The box the bought one came in.
    pub(in crate::coupang) original_shipment_box_id: Option<i64>,
}

/// Both ends of an exchange.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct ExchangeEnds {
    /// Number of this pair.
    pub(in crate::coupang) exchange_address_id: Option<i64>,
    /// Who gives the old goods.
    pub(in crate::coupang) return_customer_name: Option<String>,
    /// Postcode there.
    pub(in crate::coupang) return_address_zip_code: Option<String>,
    /// Address there.
    pub(in crate::coupang) return_address: Option<String>,
    /// The rest of it.
    pub(in crate::coupang) return_address_detail: Option<String>,
    /// Phone there.
    pub(in crate::coupang) return_phone: Option<String>,
    /// Mobile there.
    pub(in crate::coupang) return_mobile: Option<String>,
    /// Note for the courier.
    pub(in crate::coupang) return_memo: Option<String>,
    /// Who gets the new goods.
    pub(in crate::coupang) delivery_customer_name: Option<String>,
    /// Postcode there.
    pub(in crate::coupang) delivery_address_zip_code: Option<String>,
    /// Address there.
    pub(in crate::coupang) delivery_address: Option<String>,
    /// The rest of it.
    pub(in crate::coupang) delivery_address_detail: Option<String>,
    /// Phone there.
    pub(in crate::coupang) delivery_phone: Option<String>,
    /// Mobile there.
    pub(in crate::coupang) delivery_mobile: Option<String>,
    /// Note for the courier.
    pub(in crate::coupang) delivery_memo: Option<String>,
    /// When it was made.
    pub(in crate::coupang) created_at: Option<String>,
    /// When it last changed.
    pub(in crate::coupang) modified_at: Option<String>,
    /// The exchange.
    pub(in crate::coupang) exchange_id: Option<i64>,
}

/// A box that goes out again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct InvoiceGroup {
    /// Number of the box, up to 18 digits.
    pub(in crate::coupang) shipment_box_id: Option<i64>,
    /// Won.
    pub(in crate::coupang) box_price: Option<i64>,
    /// Number of the order.
    pub(in crate::coupang) order_id: Option<i64>,
    /// Kind of order.
    pub(in crate::coupang) order_type: Option<String>,
    /// Kind of buyer.
    pub(in crate::coupang) customer_type: Option<String>,
    /// Kind of bundle.
    pub(in crate::coupang) bundle_type: Option<String>,
    /// Note.
    pub(in crate::coupang) extra_message: Option<String>,
    /// Why it goes out.
    pub(in crate::coupang) shipping_delivery_type: Option<String>,
    /// Its waybills.
    pub(in crate::coupang) delivery_invoice_dtos: Option<Vec<OutboundInvoice>>,
}

/// A waybill of a box that goes out again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct OutboundInvoice {
    /// The waybill.
    pub(in crate::coupang) invoice_number: Option<String>,
    /// When it should arrive.
    pub(in crate::coupang) estimated_delivery_date: Option<String>,
    /// When it did.
    pub(in crate::coupang) delivered_date: Option<String>,
    /// When its status last changed.
    pub(in crate::coupang) status_modified_at: Option<String>,
    /// When it was entered.
    pub(in crate::coupang) invoice_number_upload_date: Option<String>,
    /// Where it stands.
    pub(in crate::coupang) status_code: Option<String>,
    /// The courier.
    pub(in crate::coupang) deliver_code: Option<String>,
    /// Whether it is the box's main one.
    pub(in crate::coupang) is_main_shipment_invoice: Option<bool>,
    /// Kind of parcel.
    pub(in crate::coupang) parcel_type: Option<String>,
    /// What is in it.
    pub(in crate::coupang) invoice_vendor_item_dtos: Option<Vec<InvoiceItem>>,
}

/// An item on a waybill.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct InvoiceItem {
    /// The option.
    pub(in crate::coupang) vendor_item_id: Option<i64>,
    /// Pieces.
    pub(in crate::coupang) quantity: Option<i64>,
    /// Promised day.
    pub(in crate::coupang) promise_delivery_date: Option<String>,
    /// Whether something is added.
    pub(in crate::coupang) has_additional_item: Option<bool>,
    /// When it should go out.
    pub(in crate::coupang) estimated_shipping_date: Option<String>,
}

/// How the old goods are fetched.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct Collection {
    /// `RETURN` or `EXCHANGE_RETURN`.
    pub(in crate::coupang) return_type: Option<String>,
    /// When they should be back.
    pub(in crate::coupang) expected_return_date: Option<String>,
    /// What is fetched.
    pub(in crate::coupang) returndelivery_item_dtos: Option<Vec<CollectedItem>>,
    /// From where to where.
    pub(in crate::coupang) returndelivery_destination_dto: Option<Destination>,
}

/// One item to be fetched.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct CollectedItem {
    /// The option.
    pub(in crate::coupang) vendor_item_id: Option<i64>,
    /// Where it stands.
    pub(in crate::coupang) status_code: Option<String>,
    /// Pieces back.
    pub(in crate::coupang) return_count: Option<i64>,
    /// Whether it was shipped.
    pub(in crate::coupang) release_status: Option<String>,
    /// Internal number.
    pub(in crate::coupang) payment_return_delivery_map_id: Option<i64>,
    /// Internal number.
    pub(in crate::coupang) payment_item_id: Option<i64>,
    /// Who changed it last.
    pub(in crate::coupang) modified_by: Option<String>,
    /// When; misspelt so on the wire.
    pub(in crate::coupang) moodified_at: Option<String>,
    /// Who made it.
    pub(in crate::coupang) created_by: Option<String>,
    /// When.
    pub(in crate::coupang) created_at: Option<String>,
    /// Pieces.
    pub(in crate::coupang) count: Option<i64>,
    /// Whether shipping was confirmed or stopped.
    pub(in crate::coupang) confirm_type: Option<String>,
    /// Where the fetching stands.
    pub(in crate::coupang) collect_status: Option<String>,
}

/// From where to where the old goods travel.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::coupang) struct Destination {
    /// The seller's postcode.
    pub(in crate::coupang) vendor_zip_code: Option<String>,
    /// Phone.
    pub(in crate::coupang) vendor_phone: Option<String>,
    /// Name.
    pub(in crate::coupang) vendor_name: Option<String>,
    /// Mobile.
    pub(in crate::coupang) vendor_mobile: Option<String>,
    /// Rest of the address.
    pub(in crate::coupang) vendor_address_detail: Option<String>,
    /// Address.
    pub(in crate::coupang) vendor_address: Option<String>,
    /// Whether the safe number works.
    pub(in crate::coupang) safety_number_status: Option<String>,
    /// Its number.
    pub(in crate::coupang) safety_number_id: Option<i64>,
    /// The safe number.
    pub(in crate::coupang) safety_number: Option<String>,
    /// Number of the collection.
    pub(in crate::coupang) return_delivery_id: Option<i64>,
    /// The return centre.
    pub(in crate::coupang) return_center_code: Option<String>,
    /// Number of the receipt.
    pub(in crate::coupang) receipt_id: Option<i64>,
    /// Mobile of who ordered.
    pub(in crate::coupang) ordered_by_mobile: Option<String>,
    /// Number of the order.
    pub(in crate::coupang) order_id: Option<i64>,
    /// Note.
    pub(in crate::coupang) message: Option<String>,
    /// The buyer's postcode.
    pub(in crate::coupang) customer_zip_code: Option<String>,
    /// Phone.
    pub(in crate::coupang) customer_phone: Option<String>,
    /// Name.
    pub(in crate::coupang) customer_name: Option<String>,
    /// Mobile.
    pub(in crate::coupang) customer_mobile: Option<String>,
    /// Rest of the address.
    pub(in crate::coupang) customer_address_detail: Option<String>,
    /// Address.
    pub(in crate::coupang) customer_address: Option<String>,
}
