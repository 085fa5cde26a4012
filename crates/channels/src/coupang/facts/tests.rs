use super::exchange::contract::*;
use super::order_sheet::*;
use super::receipt::*;
use super::withdrawal::*;
use super::*;
use crate::contract::{Table, assert_documented};

const TABLES: &[(&str, &dyn Table)] = &[
    ("receiptType", &RECEIPT_TYPE),
    ("receiptStatus", &RECEIPT_STATUS),
    ("returnDeliveryType", &DELIVERY_TYPE),
    ("releaseStopStatus", &STOP),
    ("faultByType", &FAULT),
    ("completeConfirmType", &CONFIRMED),
    ("returnItems[].releaseStatus", &RELEASE),
    ("reasonCode", &REASON),
    ("exchangeStatus", &EXCHANGE_STATUS),
    ("collectStatus", &COLLECT),
    ("orderDeliveryStatusCode", &ORDER_DELIVERY),
    ("referType", &REFER),
    ("createdByType", &BY),
    ("deliveryStatus", &DELIVERY),
    ("returnType", &RETURN_TYPE),
    ("statusCode", &FETCHED),
    ("releaseStatus", &RELEASED),
    ("confirmType", &CONFIRM),
    ("collectStatus", &ITEM_COLLECT),
    ("safetyNumberStatus", &SAFETY),
    ("shippingDeliveryType", &SHIPPING),
    ("refundDeliveryDuty", &DUTY),
    ("shipmentType", &SHIPMENT),
    ("deliveryChargeTypeName", &CHARGE),
];

#[test]
fn the_readme_says_what_each_code_tells() {
    assert_documented(include_str!("../README.md"), TABLES);
}
