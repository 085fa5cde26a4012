//! Every body of the 3PFL calls, field for field, with exactly the documented types: a number is
//! never a text, a mandatory field is never left out.

use serde::{Deserialize, Deserializer, Serialize};

use crate::json::objects::Object;

/// `POST /v1/3pfl/return/request`: the vendor took a return.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnRequest {
    /// Number of the order.
    pub(super) order_number: i64,
    /// Outbound waybill; one of them if there are several.
    pub(super) invoice_number: String,
    /// The option that comes back. One per request; there is no quantity.
    pub(super) vendor_item_id: i64,
    /// The vendor's own reason code.
    pub(super) reason_code: String,
    /// What it says.
    pub(super) reason_message: String,
    /// Where the goods are fetched.
    pub(super) customer_address1: String,
    /// The rest of it.
    pub(super) customer_address2: String,
    /// Its postcode; may begin with 0.
    pub(super) customer_zip_code: String,
    /// Mobile of who gives them.
    pub(super) customer_mobile: String,
    /// Phone of the same.
    pub(super) customer_phone: String,
    /// Name of the same.
    pub(super) customer_name: String,
    /// Only `COLLECT`.
    pub(super) request_type: String,
    /// The buyer never had the goods.
    pub(super) instant_return: bool,
    /// Who fetches them.
    pub(super) shipping_company_id: String,
}

/// `POST /v1/3pfl/return/tracking` and `POST /v1/3pfl/return/collect`: where the goods are, and the
/// instruction to fetch them. Both ours.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Movement {
    /// As in the request.
    pub(super) order_number: i64,
    /// As in the request.
    pub(super) invoice_number: String,
    /// As in the request.
    pub(super) vendor_item_id: i64,
    /// `COLLECT` in the instruction; `COLLECTING` or `COLLECTING_COMPLETE` in the tracking.
    pub(super) status: String,
    /// Who fetches them.
    pub(super) shipping_company_id: String,
    /// Waybill of the way back, if there is one.
    #[serde(deserialize_with = "present")]
    pub(super) return_invoice_number: Option<String>,
    /// When; without a zone it is KST.
    pub(super) occurred_at: String,
}

/// `POST /v1/3pfl/order/cancel`: Coupang cancels items of an order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderCancel {
    /// Number of the order, a text here.
    pub(super) order_id: String,
    /// Why: a code of five documented ones; others are kept.
    pub(super) cancel_reason: String,
    /// What is cancelled.
    pub(super) vendor_item_cancel_list: Vec<Object<CancelledItem>>,
}

/// One cancelled item.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CancelledItem {
    /// The option.
    pub(super) vendor_item_id: i64,
    /// Pieces.
    pub(super) quantity: i64,
}

/// `POST /v1/3pfl/order/shippingAddress`: an order goes elsewhere.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddressChange {
    /// Number of the order, a text here.
    pub(super) order_id: String,
    /// Where to: the page's table says a list, its example an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) changed_recipient_info: Option<Recipients>,
    /// Note for the courier.
    #[serde(deserialize_with = "present")]
    pub(super) shipment_note: Option<String>,
    /// Which items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target_vendor_item: Option<Vec<Object<TargetItem>>>,
}

/// One recipient or several.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a recipient or a list of recipients")]
pub(super) enum Recipients {
    /// As the example has it.
    One(Object<NewRecipient>),
    /// As the table has it.
    Many(Vec<Object<NewRecipient>>),
}

impl Recipients {
    pub(super) fn all(&self) -> &[Object<NewRecipient>] {
        match self {
            Self::One(recipient) => std::slice::from_ref(recipient),
            Self::Many(recipients) => recipients,
        }
    }
}

/// Who receives the parcel now.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewRecipient {
    /// Name.
    #[serde(deserialize_with = "present")]
    pub(super) recipient_customer_name: Option<String>,
    /// Postcode.
    #[serde(deserialize_with = "present")]
    pub(super) zipcode: Option<String>,
    /// Address.
    #[serde(deserialize_with = "present")]
    pub(super) shipping_addr1: Option<String>,
    /// The rest of it.
    #[serde(deserialize_with = "present")]
    pub(super) shipping_addr2: Option<String>,
    /// Phone.
    #[serde(deserialize_with = "present")]
    pub(super) recipient_phone_number: Option<String>,
    /// Phone of who ordered.
    #[serde(deserialize_with = "present")]
    pub(super) order_customer_phone_number: Option<String>,
}

/// An item whose way changes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TargetItem {
    /// The option, a text here.
    pub(super) vendor_item_id: String,
    /// When it is promised now, KST.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) promise_delivery_date: Option<String>,
}

/// A field that may be null and may not be left out.
fn present<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(reader)
}
