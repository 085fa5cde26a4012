//! Which members hold what is somebody's.

use crate::people::Holds::{Address, Name, Phone, Plain, Postcode, Words};
use crate::people::Personal;

pub(super) const PEOPLE: &[Personal] = &[
    Personal("receiverData", Words),
    Personal("receiverData.name", Name),
    Personal("receiverData.phone", Phone),
    Personal("receiverData.mobile", Phone),
    Personal("receiverData.address", Address),
    Personal("receiverData.postcode", Postcode),
    Personal("customerData", Words),
    Personal("customerData.name", Name),
    Personal("customerData.phone", Phone),
    Personal("customerData.mobile", Phone),
    Personal("customerData.address", Address),
    Personal("customerData.postcode", Postcode),
    // What the sales channel sent, in its own words.
    Personal("originalData", Words),
    Personal("recipientName", Name),
    Personal("recipientAddress", Address),
    Personal("recipientPostcode", Postcode),
    Personal("recipientMobile", Phone),
    Personal("recipientPhone", Phone),
    Personal("senderName", Name),
    Personal("senderAddress", Address),
    Personal("senderPostcode", Postcode),
    Personal("senderMobile", Phone),
    Personal("senderPhone", Phone),
    Personal("senderAdditional", Words),
    Personal("deliveryMessage", Words),
    Personal("description", Words),
    // The warehouse's own log, in its own sentences.
    Personal("csLogs.description", Plain),
    Personal("channelName", Plain),
    Personal("dealName", Plain),
    Personal("dealOptionName", Plain),
    Personal("logisticsPartnerName", Plain),
    Personal("resourceName", Plain),
    Personal("resource_name", Plain),
    Personal("resourceItemNumber", Plain),
    Personal("orderCode", Plain),
    Personal("originalOrderCode", Plain),
    Personal("invoiceCode", Plain),
    Personal("originalInvoiceCode", Plain),
    Personal("code", Plain),
];
