//! What the contract knows of an exchange: its members, and the codes they may hold.

use hoesu_claims::fact::{Collection, Stage};

use crate::contract::{Codes, Field, Holds, Kept};
use crate::coupang::facts::{ANY, FAULT, REASON, TIME, WAYBILL_FIELDS};

/// `exchangeStatus`.
pub(in super::super) const EXCHANGE_STATUS: Codes<Stage> = Codes(&[
    ("RECEIPT", Stage::Asked),
    ("PROGRESS", Stage::Received),
    ("SUCCESS", Stage::Done),
    ("REJECT", Stage::Refused),
    ("CANCEL", Stage::Withdrawn),
]);

/// `collectStatus` of an exchange; `Collecting` stands only in the documented sample.
pub(in super::super) const COLLECT: Codes<Collection> = Codes(&[
    ("BeforeDirection", Collection::NotYet),
    ("CompleteDirection", Collection::Asked),
    ("Delivering", Collection::Moving),
    ("Collecting", Collection::Moving),
    ("CompleteCollect", Collection::Arrived),
    ("DirectionFail", Collection::Failed),
    ("Fail", Collection::Failed),
    ("Withdraw", Collection::Nothing),
    ("NoCollect", Collection::Nothing),
    ("NoneData", Collection::Nothing),
]);

/// `orderDeliveryStatusCode`.
pub(in super::super) const ORDER_DELIVERY: Codes<Kept> = Codes(&[
    ("ACCEPT", Kept),
    ("INSTRUCT", Kept),
    ("DEPARTURE", Kept),
    ("DELIVERING", Kept),
    ("FINAL_DELIVERY", Kept),
    ("NONE_TRACKING", Kept),
]);

/// `referType`.
pub(in super::super) const REFER: Codes<Kept> =
    Codes(&[("VENDOR", Kept), ("CS_CENTER", Kept), ("WEB_PC", Kept), ("WEB_MOBILE", Kept)]);

/// `createdByType`, `modifiedByType`.
pub(in super::super) const BY: Codes<Kept> = Codes(&[
    ("CUSTOMER", Kept),
    ("COUNSELOR", Kept),
    ("COUPANG", Kept),
    ("VENDOR", Kept),
    ("ETC", Kept),
    ("TRACKING", Kept),
]);

/// `deliveryStatus` of an exchange.
pub(in super::super) const DELIVERY: Codes<Kept> = Codes(&[
    ("BeforeDirection", Kept),
    ("CompleteDirection", Kept),
    ("Delivering", Kept),
    ("CompleteDelivery", Kept),
    ("DirectionFail", Kept),
    ("VendorDirect", Kept),
    ("Fail", Kept),
    ("Withdraw", Kept),
    ("NoneData", Kept),
]);

/// `returnType`.
pub(in super::super) const RETURN_TYPE: Codes<Kept> =
    Codes(&[("RETURN", Kept), ("EXCHANGE_RETURN", Kept)]);

/// `statusCode` of what is fetched.
pub(in super::super) const FETCHED: Codes<Kept> = Codes(&[
    ("RETURN_SEND_READY", Kept),
    ("RETURN_SEND_COMPLETE", Kept),
    ("RETURN_COLLECT_OK", Kept),
    ("RETURN_COLLECT_NOT_OK", Kept),
    ("CHANGE_SEND_READY", Kept),
    ("CHANGE_SEND_HOLD", Kept),
    ("CHANGE_SEND_COMPLETE", Kept),
    ("CHANGE_SEND_FAIL", Kept),
    ("COLLECT_FAIL", Kept),
]);

/// `releaseStatus` of what is fetched.
pub(in super::super) const RELEASED: Codes<Kept> =
    Codes(&[("RELEASED", Kept), ("NOT_RELEASED", Kept)]);

/// `confirmType` of what is fetched.
pub(in super::super) const CONFIRM: Codes<Kept> = Codes(&[("RELEASED", Kept), ("STOPPED", Kept)]);

/// `collectStatus` of what is fetched.
pub(in super::super) const ITEM_COLLECT: Codes<Kept> = Codes(&[
    ("NONE", Kept),
    ("RETURN", Kept),
    ("NO_RETURN", Kept),
    ("ALREADY_RETURN", Kept),
    ("CANCEL_REQUEST_WHEN_DEPARTURE", Kept),
]);

/// `safetyNumberStatus`.
pub(in super::super) const SAFETY: Codes<Kept> = Codes(&[
    ("WAIT", Kept),
    ("ENABLE", Kept),
    ("DEPOSE", Kept),
    ("DISABLE", Kept),
    ("ERROR", Kept),
    ("RESERVE", Kept),
]);

/// `shippingDeliveryType`.
pub(in super::super) const SHIPPING: Codes<Kept> =
    Codes(&[("DELIVERY", Kept), ("EXCHANGE_DELIVERY", Kept), ("FORCED_DELIVERY", Kept)]);

pub(super) const EXCHANGE_FIELDS: &[Field] = &[
    Field("exchangeId", Holds::Whole),
    Field("orderId", Holds::Whole),
    Field("vendorId", ANY),
    Field("orderDeliveryStatusCode", Holds::Code(&ORDER_DELIVERY)),
    Field("exchangeStatus", Holds::Code(&EXCHANGE_STATUS)),
    Field("referType", Holds::Code(&REFER)),
    Field("faultType", Holds::Code(&FAULT)),
    Field("exchangeAmount", ANY),
    Field("reason", ANY),
    Field("reasonCode", Holds::Code(&REASON)),
    Field("reasonCodeText", ANY),
    Field("reasonEtcDetail", ANY),
    Field("cancelReason", ANY),
    Field("createdByType", Holds::Code(&BY)),
    Field("createdAt", TIME),
    Field("modifiedByType", Holds::Code(&BY)),
    Field("modifiedAt", TIME),
    Field("exchangeItemDtoV1s", Holds::Records(EXCHANGE_ITEM_FIELDS)),
    Field("exchangeAddressDtoV1", Holds::Records(EXCHANGE_ENDS_FIELDS)),
    Field("deliveryInvoiceGroupDtos", Holds::Records(GROUP_FIELDS)),
    Field("deliveryStatus", Holds::Code(&DELIVERY)),
    Field("collectStatus", Holds::Code(&COLLECT)),
    Field("collectCompleteDate", TIME),
    Field("collectInformationsDto", Holds::Records(COLLECTION_FIELDS)),
    Field("returnDeliveryDtos", Holds::Records(WAYBILL_FIELDS)),
    Field("orderDeliveryStatusLabel", ANY),
    Field("exchangeStatusLabel", ANY),
    Field("referTypeLabel", ANY),
    Field("faultTypeLabel", ANY),
    Field("createdByTypeLabel", ANY),
    Field("rejectable", Holds::Truth),
    Field("modifiedByTypeLabel", ANY),
    Field("deliveryInvoiceModifiable", Holds::Truth),
    Field("successable", Holds::Truth),
];

const EXCHANGE_ITEM_FIELDS: &[Field] = &[
    Field("exchangeItemId", ANY),
    Field("orderItemId", Holds::Whole),
    Field("orderItemUnitPrice", ANY),
    Field("orderItemName", ANY),
    Field("orderPackageId", ANY),
    Field("orderPackageName", ANY),
    Field("targetItemId", ANY),
    Field("targetItemUnitPrice", ANY),
    Field("targetItemName", ANY),
    Field("targetPackageId", ANY),
    Field("targetPackageName", ANY),
    Field("quantity", Holds::Pieces),
    Field("orderItemDeliveryComplete", ANY),
    Field("orderItemReturnComplete", ANY),
    Field("targetItemDeliveryComplete", ANY),
    Field("createdAt", TIME),
    Field("modifiedAt", TIME),
    Field("originalShipmentBoxId", ANY),
];

const EXCHANGE_ENDS_FIELDS: &[Field] = &[
    Field("exchangeAddressId", ANY),
    Field("returnCustomerName", ANY),
    Field("returnAddressZipCode", ANY),
    Field("returnAddress", ANY),
    Field("returnAddressDetail", ANY),
    Field("returnPhone", ANY),
    Field("returnMobile", ANY),
    Field("returnMemo", ANY),
    Field("deliveryCustomerName", ANY),
    Field("deliveryAddressZipCode", ANY),
    Field("deliveryAddress", ANY),
    Field("deliveryAddressDetail", ANY),
    Field("deliveryPhone", ANY),
    Field("deliveryMobile", ANY),
    Field("deliveryMemo", ANY),
    Field("createdAt", TIME),
    Field("modifiedAt", TIME),
    Field("exchangeId", ANY),
];

const GROUP_FIELDS: &[Field] = &[
    Field("shipmentBoxId", ANY),
    Field("boxPrice", ANY),
    Field("orderId", ANY),
    Field("orderType", ANY),
    Field("customerType", ANY),
    Field("bundleType", ANY),
    Field("extraMessage", ANY),
    Field("shippingDeliveryType", Holds::Code(&SHIPPING)),
    Field("deliveryInvoiceDtos", Holds::Records(OUTBOUND_FIELDS)),
];

const OUTBOUND_FIELDS: &[Field] = &[
    Field("invoiceNumber", ANY),
    Field("estimatedDeliveryDate", ANY),
    Field("deliveredDate", ANY),
    Field("statusModifiedAt", ANY),
    Field("invoiceNumberUploadDate", ANY),
    Field("statusCode", Holds::Code(&ORDER_DELIVERY)),
    Field("deliverCode", ANY),
    Field("isMainShipmentInvoice", ANY),
    Field("parcelType", ANY),
    Field("invoiceVendorItemDtos", ANY),
];

const COLLECTION_FIELDS: &[Field] = &[
    Field("returnType", Holds::Code(&RETURN_TYPE)),
    Field("expectedReturnDate", TIME),
    Field("returndeliveryItemDtos", Holds::Records(FETCHED_FIELDS)),
    Field("returndeliveryDestinationDto", Holds::Records(DESTINATION_FIELDS)),
];

const FETCHED_FIELDS: &[Field] = &[
    Field("vendorItemId", ANY),
    Field("statusCode", Holds::Code(&FETCHED)),
    Field("returnCount", ANY),
    Field("releaseStatus", Holds::Code(&RELEASED)),
    Field("paymentReturnDeliveryMapId", ANY),
    Field("paymentItemId", ANY),
    Field("modifiedBy", ANY),
    Field("moodifiedAt", TIME),
    Field("createdBy", ANY),
    Field("createdAt", TIME),
    Field("count", ANY),
    Field("confirmType", Holds::Code(&CONFIRM)),
    Field("collectStatus", Holds::Code(&ITEM_COLLECT)),
];

const DESTINATION_FIELDS: &[Field] = &[
    Field("vendorZipCode", ANY),
    Field("vendorPhone", ANY),
    Field("vendorName", ANY),
    Field("vendorMobile", ANY),
    Field("vendorAddressDetail", ANY),
    Field("vendorAddress", ANY),
    Field("safetyNumberStatus", Holds::Code(&SAFETY)),
    Field("safetyNumberId", ANY),
    Field("safetyNumber", ANY),
    Field("returnDeliveryId", ANY),
    Field("returnCenterCode", ANY),
    Field("receiptId", ANY),
    Field("orderedByMobile", ANY),
    Field("orderId", ANY),
    Field("message", ANY),
    Field("customerZipCode", ANY),
    Field("customerPhone", ANY),
    Field("customerName", ANY),
    Field("customerMobile", ANY),
    Field("customerAddressDetail", ANY),
    Field("customerAddress", ANY),
];
