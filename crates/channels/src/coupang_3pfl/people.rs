//! Which members hold what is somebody's.

use crate::people::Holds::{Address, Name, Phone, Plain, Postcode, Words};
use crate::people::Personal;

pub(super) const PEOPLE: &[Personal] = &[
    Personal("customerName", Name),
    Personal("customerPhone", Phone),
    Personal("customerMobile", Phone),
    Personal("customerAddress1", Address),
    Personal("customerAddress2", Words),
    Personal("customerZipCode", Postcode),
    Personal("reasonMessage", Words),
    Personal("recipientCustomerName", Name),
    Personal("recipientPhoneNumber", Phone),
    Personal("orderCustomerPhoneNumber", Phone),
    Personal("shippingAddr1", Address),
    Personal("shippingAddr2", Words),
    Personal("zipcode", Postcode),
    Personal("shipmentNote", Words),
    Personal("invoiceNumber", Plain),
    Personal("returnInvoiceNumber", Plain),
];
