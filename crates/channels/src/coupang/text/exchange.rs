//! An exchange, misspelt names included.

use super::{listed, nullable, quoted, safe_number};
use crate::Story;

/// An exchange.
pub(in crate::coupang) struct Exchange<'a> {
    pub(in crate::coupang) number: u64,
    pub(in crate::coupang) order: u64,
    pub(in crate::coupang) vendor: &'a str,
    pub(in crate::coupang) order_delivery: &'a str,
    pub(in crate::coupang) status: &'a str,
    pub(in crate::coupang) fault: &'a str,
    pub(in crate::coupang) code: &'a str,
    pub(in crate::coupang) code_text: &'a str,
    pub(in crate::coupang) created: String,
    pub(in crate::coupang) modified: String,
    /// A number within the exchange that other numbers in it are made of.
    pub(in crate::coupang) line: u64,
    pub(in crate::coupang) items: Vec<ExchangeItem<'a>>,
    /// Both ends of it.
    pub(in crate::coupang) story: &'a Story,
    pub(in crate::coupang) boxes: Vec<NewBox<'a>>,
    pub(in crate::coupang) delivery: &'a str,
    pub(in crate::coupang) collect: &'a str,
    pub(in crate::coupang) collected: Option<String>,
    pub(in crate::coupang) expected: String,
    /// Courier and waybill of the way back; an empty waybill if there is none yet.
    pub(in crate::coupang) waybill: (&'a str, &'a str),
    pub(in crate::coupang) rejectable: bool,
    pub(in crate::coupang) invoice_modifiable: bool,
}

/// An item of it.
pub(in crate::coupang) struct ExchangeItem<'a> {
    pub(in crate::coupang) item: &'a str,
    pub(in crate::coupang) option: &'a str,
    pub(in crate::coupang) vendor_item: u64,
    pub(in crate::coupang) price: i64,
    pub(in crate::coupang) count: i64,
    pub(in crate::coupang) shipment_box: u64,
}

/// The box of its new goods.
pub(in crate::coupang) struct NewBox<'a> {
    pub(in crate::coupang) number: u64,
    /// Courier, waybill, when it was told, when it was delivered; none of it without a waybill.
    pub(in crate::coupang) invoice: Option<(&'a str, &'a str, String, Option<String>)>,
    pub(in crate::coupang) status: &'a str,
    pub(in crate::coupang) expected: String,
    pub(in crate::coupang) items: Vec<(u64, i64)>,
}

impl Exchange<'_> {
    pub(in crate::coupang) fn write(&self) -> String {
        let created = &self.created;
        let fetched = self.items.iter().map(|item| {
            format!(
                concat!(
                    r#"{{"vendorItemId":{item},"#,
                    r#""statusCode":"RETURN_SEND_READY","returnCount":null,"#,
                    r#""releaseStatus":"RELEASED","#,
                    r#""paymentReturnDeliveryMapId":{line},"paymentItemId":1,"modifiedBy":"0","#,
                    r#""moodifiedAt":"{created}","createdBy":"0","createdAt":"{created}","#,
                    r#""count":{count},"confirmType":null,"collectStatus":"RETURN"}}"#,
                ),
                item = item.vendor_item,
                line = self.line,
                created = created,
                count = item.count,
            )
        });
        let items = self.items.iter().enumerate().map(|(nth, item)| {
            format!(
                concat!(
                    r#"{{"exchangeItemId":{line},"orderItemId":{item},"orderItemUnitPrice":{price},"#,
                    r#""orderItemName":null,"orderPackageId":null,"orderPackageName":null,"#,
                    r#""targetItemId":{item},"targetItemUnitPrice":{price},"#,
                    r#""targetItemName":"{goods}, {option}","targetPackageId":-1,"#,
                    r#""targetPackageName":"","quantity":{count},"#,
                    r#""orderItemDeliveryComplete":null,"orderItemReturnComplete":null,"#,
                    r#""targetItemDeliveryComplete":null,"createdAt":"{created}","#,
                    r#""modifiedAt":"{created}","originalShipmentBoxId":{shipment_box}}}"#,
                ),
                line = self.line + nth as u64,
                item = item.vendor_item,
                price = item.price,
                goods = item.item,
                option = item.option,
                count = item.count,
                created = created,
                shipment_box = item.shipment_box,
            )
        });
        let boxes = self.boxes.iter().map(|shipment| shipment.write(self.order));
        format!(
            concat!(
                r#"{{"exchangeId":{number},"orderId":{order},"vendorId":"{vendor}","#,
                r#""orderDeliveryStatusCode":"{order_delivery}","exchangeStatus":"{status}","#,
                r#""referType":"WEB_MOBILE","faultType":"{fault}","exchangeAmount":0,"reason":null,"#,
                r#""reasonCode":"{code}","reasonCodeText":"{code_text}","reasonEtcDetail":"","#,
                r#""cancelReason":null,"createdByType":"CUSTOMER","createdAt":"{created}","#,
                r#""modifiedByType":"TRACKING","modifiedAt":"{modified}","#,
                r#""exchangeItemDtoV1s":[{items}],"#,
                r#""exchangeAddressDtoV1":{{"exchangeAddressId":{line},"#,
                r#""returnCustomerName":"{name}","returnAddressZipCode":"{postcode}","#,
                r#""returnAddress":"{address}","returnAddressDetail":"{detail}","returnPhone":null,"#,
                r#""returnMobile":"{phone}","returnMemo":null,"deliveryCustomerName":"{name}","#,
                r#""deliveryAddressZipCode":"{postcode}","deliveryAddress":"{address}","#,
                r#""deliveryAddressDetail":"{detail}","deliveryPhone":null,"#,
                r#""deliveryMobile":"{phone}","deliveryMemo":null,"createdAt":"{created}","#,
                r#""modifiedAt":"{created}","exchangeId":{number}}},"#,
                r#""deliveryInvoiceGroupDtos":[{boxes}],"#,
                r#""deliveryStatus":"{delivery}","collectStatus":"{collect}","#,
                r#""collectCompleteDate":{collected},"collectInformationsDto":{{"#,
                r#""returnType":"EXCHANGE_RETURN","expectedReturnDate":"{expected}","#,
                r#""returndeliveryItemDtos":[{fetched}],"returndeliveryDestinationDto":{{"#,
                r#""vendorZipCode":"01010","vendorPhone":"02-0000-0000","vendorName":"지어낸 상점","#,
                r#""vendorMobile":"","vendorAddressDetail":"물류센터 1층","#,
                r#""vendorAddress":"경기도 가온시 느티나무로 1","safetyNumberStatus":"ENABLE","#,
                r#""safetyNumberId":{line},"safetyNumber":"{phone}","returnDeliveryId":null,"#,
                r#""returnCenterCode":"1000276167","receiptId":null,"orderedByMobile":null,"#,
                r#""orderId":{order},"message":null,"customerZipCode":"{postcode}","#,
                r#""customerPhone":"{phone}","customerName":"{name}","customerMobile":"{phone}","#,
                r#""customerAddressDetail":"{detail}","customerAddress":"{address}"}}}},"#,
                r#""returnDeliveryDtos":[{{"deliveryCompanyCode":{courier},"#,
                r#""deliveryInvoiceNo":{waybill}}}],"#,
                r#""orderDeliveryStatusLabel":"{order_delivery}","exchangeStatusLabel":"{status}","#,
                r#""referTypeLabel":"WEB_MOBILE","faultTypeLabel":"{fault}","#,
                r#""createdByTypeLabel":"CUSTOMER","rejectable":{rejectable},"#,
                r#""modifiedByTypeLabel":"CUSTOMER","deliveryInvoiceModifiable":{modifiable},"#,
                r#""successable":false}}"#,
            ),
            number = self.number,
            order = self.order,
            vendor = self.vendor,
            order_delivery = self.order_delivery,
            status = self.status,
            fault = self.fault,
            code = self.code,
            code_text = self.code_text,
            created = created,
            modified = self.modified,
            items = listed(items),
            line = self.line,
            name = self.story.name,
            postcode = self.story.postcode,
            address = self.story.address,
            detail = self.story.address_detail,
            phone = safe_number(self.story),
            boxes = listed(boxes),
            delivery = self.delivery,
            collect = self.collect,
            collected = nullable(self.collected.as_deref()),
            expected = self.expected,
            fetched = listed(fetched),
            courier = quoted(self.waybill.0),
            waybill = quoted(self.waybill.1),
            rejectable = self.rejectable,
            modifiable = self.invoice_modifiable,
        )
    }
}

impl NewBox<'_> {
    fn write(&self, order: u64) -> String {
        let items = self.items.iter().map(|(item, count)| {
            format!(
                concat!(
                    r#"{{"vendorItemId":{item},"quantity":{count},"#,
                    r#""promiseDeliveryDate":"{expected}","hasAdditionalItem":false,"#,
                    r#""estimatedShippingDate":"{expected}"}}"#,
                ),
                item = item,
                count = count,
                expected = self.expected,
            )
        });
        let invoice = self.invoice.as_ref().map(|(courier, number, told, delivered)| {
            format!(
                concat!(
                    r#"{{"invoiceNumber":{number},"estimatedDeliveryDate":"{expected}","#,
                    r#""deliveredDate":{delivered},"statusModifiedAt":"{told}","#,
                    r#""invoiceNumberUploadDate":"{told}","statusCode":"{status}","#,
                    r#""deliverCode":{courier},"isMainShipmentInvoice":false,"parcelType":null,"#,
                    r#""invoiceVendorItemDtos":[{items}]}}"#,
                ),
                number = quoted(number),
                expected = self.expected,
                delivered = nullable(delivered.as_deref()),
                told = told,
                status = self.status,
                courier = quoted(courier),
                items = listed(items),
            )
        });
        format!(
            concat!(
                r#"{{"shipmentBoxId":{number},"boxPrice":0,"orderId":{order},"#,
                r#""orderType":"EXCHANGE","customerType":null,"bundleType":null,"#,
                r#""extraMessage":null,"shippingDeliveryType":"EXCHANGE_DELIVERY","#,
                r#""deliveryInvoiceDtos":[{invoice}]}}"#,
            ),
            number = self.number,
            order = order,
            invoice = invoice.unwrap_or_default(),
        )
    }
}
