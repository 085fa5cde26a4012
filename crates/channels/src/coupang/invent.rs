//! Made-up returns, exchanges and withdrawals, written as Coupang writes them.

use std::collections::BTreeMap;

use hoesu_claims::Media;

use super::read::{EXCHANGE, RETURN, TYPE_CANCEL, TYPE_RETURN, WITHDRAWAL};
use crate::Invented;
use crate::Story;

/// A day, in seconds.
const DAY: i64 = 86_400;

/// Reasons: code, its text, category, reason within it, whose fault.
const REASON: [[&str; 5]; 6] = [
    ["CHANGEMIND", "필요 없어짐 (단순 변심)", "고객변심", "단순변심(사유없음)", "CUSTOMER"],
    ["WRONGOPT", "상품의 옵션 선택을 잘못함", "고객변심", "옵션변경", "CUSTOMER"],
    ["DIFFERENTOPT", "색상/ 사이즈가 기대와 다름", "고객변심", "색상/사이즈 불만", "CUSTOMER"],
    ["DAMAGED", "상품이 파손되어 배송됨", "상품불량", "상품파손", "VENDOR"],
    ["DEFECT", "상품 결함/기능에 이상이 있음", "상품불량", "사용중 제품결함", "VENDOR"],
    ["WRONGDELIVERY", "내가 주문한 상품과 아예 다른 상품이 배송됨", "배송오류", "오배송", "WMS"],
];

pub(super) fn invent(kind: &str, nth: u64) -> Option<Invented> {
    let story = Story::nth(nth);
    let body = match kind {
        RETURN => return_request(&story),
        EXCHANGE => exchange(&story),
        WITHDRAWAL => withdrawal(&story),
        _ => return None,
    };
    Some(Invented { media: Media::Json, body: body.into_bytes(), marks: BTreeMap::new() })
}

/// The orders with even numbers are Coupang's: a return or cancel of each, an exchange of some, and
/// some taken back.
pub(super) fn invent_order(nth: u64) -> Vec<(&'static str, Invented)> {
    if !nth.is_multiple_of(2) {
        return Vec::new();
    }
    let story = Story::nth(nth);
    let mut kinds = vec![RETURN];
    kinds.extend((story.draw("exchanged", 10) == 0).then_some(EXCHANGE));
    kinds.extend((story.draw("withdrawn", 20) == 0).then_some(WITHDRAWAL));
    kinds.into_iter().filter_map(|kind| Some((kind, invent(kind, nth)?))).collect()
}

/// The order as Coupang numbers it.
pub(crate) const fn order(story: &Story) -> u64 {
    500_000_000 + story.nth
}

/// The receipt of the `nth` made-up return.
const fn receipt(nth: u64) -> u64 {
    300_000_000 + nth
}

/// The receipt of the first made-up return from the `nth` on, among so many, that the single call
/// serves: cancels have receipts too.
pub(super) fn served_receipt(nth: u64, documents: u64) -> u64 {
    let documents = documents.max(1);
    let mut from = (0..documents).map(|step| (nth + step) % documents);
    let served = |nth: &u64| course(&Story::nth(*nth)).kind != TYPE_CANCEL;
    receipt(from.find(served).unwrap_or(nth))
}

/// The option sold: one number for the same goods.
pub(crate) fn vendor_item(story: &Story) -> u64 {
    let goods = story.item.bytes().chain(story.option.bytes());
    3_000_000_000 + goods.fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 100_000_000)
}

/// The box it was shipped in: 18 digits.
const fn shipment_box(story: &Story) -> u64 {
    640_000_000_000_000_000 + story.nth
}

/// Where a made-up receipt stands: type, status, whether shipping was stopped, whether the goods
/// were shipped, who confirmed the end, how many seconds after asking.
struct Course {
    kind: &'static str,
    status: &'static str,
    stop: &'static str,
    released: &'static str,
    confirmed: &'static str,
    confirmed_after: Option<i64>,
}

fn course(story: &Story) -> Course {
    let open = |kind, status, stop, released| Course {
        kind,
        status,
        stop,
        released,
        confirmed: "UNDEFINED",
        confirmed_after: None,
    };
    match story.draw("course", 20) {
        0 => open(TYPE_RETURN, "RELEASE_STOP_UNCHECKED", "미처리", "N"),
        1 => open(TYPE_RETURN, "RELEASE_STOP_UNCHECKED", "미처리", "Y"),
        2..=6 => open(TYPE_RETURN, "RETURNS_UNCHECKED", "비대상", "Y"),
        7 => open(TYPE_RETURN, "RETURNS_UNCHECKED", "처리(이미출고)", "A"),
        8..=10 => open(TYPE_RETURN, "VENDOR_WAREHOUSE_CONFIRM", "비대상", "Y"),
        11 => open(TYPE_RETURN, "REQUEST_COUPANG_CHECK", "비대상", "Y"),
        12 => Course {
            confirmed: "CS_CONFIRM",
            confirmed_after: Some(2 * DAY),
            ..open(TYPE_CANCEL, "RETURNS_COMPLETED", "처리(출고중지)", "S")
        },
        13 => Course {
            confirmed: "VENDOR_CONFIRM",
            confirmed_after: Some(DAY / 2),
            ..open(TYPE_RETURN, "RETURNS_COMPLETED", "처리(출고중지)", "S")
        },
        _ => Course {
            confirmed: "VENDOR_CONFIRM",
            confirmed_after: Some(4 * DAY),
            ..open(TYPE_RETURN, "RETURNS_COMPLETED", "비대상", "Y")
        },
    }
}

fn return_request(story: &Story) -> String {
    let Course { kind, status, stop, released, confirmed, confirmed_after } = course(story);
    let asked = story.draw("asked", 10 * DAY as u64) as i64 + 600;
    let [code, code_text, category, reason, fault] = REASON[story.draw("reason", 6) as usize];
    let count = story.draw("count", story.quantity as u64) as i64 + 1;
    let collected = released != "N" && released != "S";
    let waybill = if collected && status != "RETURNS_UNCHECKED" {
        format!(
            r#"{{"deliveryCompanyCode":"CJGLS","deliveryInvoiceNo":"5{:011}"}}"#,
            story.nth % 100_000_000_000
        )
    } else {
        String::new()
    };
    let charge = match (collected, fault) {
        (false, _) => 0,
        (true, "CUSTOMER") => -3_000,
        (true, _) => 3_000,
    };
    format!(
        concat!(
            r#"{{"receiptId":{receipt},"orderId":{order},"paymentId":{payment},"#,
            r#""receiptType":"{kind}","receiptStatus":"{status}","createdAt":"{created}","#,
            r#""modifiedAt":"{modified}","requesterName":"{name}","#,
            r#""requesterPhoneNumber":"{phone}","requesterRealPhoneNumber":null,"#,
            r#""requesterAddress":"{address}","requesterAddressDetail":"{address_detail}","#,
            r#""requesterZipCode":"{postcode}","cancelReasonCategory1":"{category}","#,
            r#""cancelReasonCategory2":"{reason}","cancelReason":"","cancelCountSum":{count},"#,
            r#""returnDeliveryId":{delivery},"returnDeliveryType":"{delivery_type}","#,
            r#""releaseStopStatus":"{stop}","enclosePrice":0,"faultByType":"{fault}","#,
            r#""preRefund":{pre_refund},"completeConfirmDate":"{confirm_date}","#,
            r#""completeConfirmType":"{confirmed}","returnItems":[{{"vendorItemPackageId":0,"#,
            r#""vendorItemPackageName":"{item}","vendorItemId":{vendor_item},"#,
            r#""vendorItemName":"{item} {option}","purchaseCount":{quantity},"#,
            r#""cancelCount":{count},"shipmentBoxId":{shipment_box},"#,
            r#""sellerProductId":{product},"sellerProductName":"{item} {option}","#,
            r#""releaseStatus":"{released}","cancelCompleteUser":"{user}"}}],"#,
            r#""returnDeliveryDtos":[{waybill}],"reasonCode":"{code}","#,
            r#""reasonCodeText":"{code_text}","returnShippingCharge":{charge}}}"#,
        ),
        receipt = receipt(story.nth),
        order = order(story),
        payment = 700_000_000 + story.nth,
        kind = kind,
        status = status,
        created = story.kst(asked),
        modified = story.kst(asked + confirmed_after.unwrap_or(0)),
        name = story.name,
        phone = safe_number(story),
        address = story.address,
        address_detail = story.address_detail,
        postcode = story.postcode,
        category = category,
        reason = reason,
        count = count,
        delivery = if collected { 40_000_000 + story.nth } else { 0 },
        delivery_type = if collected { "연동택배" } else { "" },
        stop = stop,
        fault = fault,
        pre_refund = collected && story.draw("pre refund", 5) == 0,
        confirm_date = confirmed_after.map(|after| story.kst(asked + after)).unwrap_or_default(),
        confirmed = confirmed,
        item = story.item,
        option = story.option,
        vendor_item = vendor_item(story),
        quantity = story.quantity,
        shipment_box = shipment_box(story),
        product = vendor_item(story) % 1_000_000,
        released = released,
        user = if released == "S" { "3P_CANCEL" } else { "" },
        waybill = waybill,
        code = code,
        code_text = code_text,
        charge = charge,
    )
}

/// The buyer's number as sellers see it: a safe number.
fn safe_number(story: &Story) -> String {
    format!("0500-0000-{}", &story.phone[story.phone.len() - 4..])
}

fn exchange(story: &Story) -> String {
    let asked = story.draw("exchange", 10 * DAY as u64) as i64 + DAY;
    let [code, code_text, _, _, fault] = REASON[1 + story.draw("reason", 4) as usize];
    let (status, delivery, collect, done) = match story.draw("exchange course", 8) {
        0..=2 => ("RECEIPT", "BeforeDirection", "BeforeDirection", None),
        3 => ("PROGRESS", "BeforeDirection", "Delivering", None),
        4 => ("PROGRESS", "BeforeDirection", "CompleteCollect", Some(2 * DAY)),
        5 => ("SUCCESS", "CompleteDelivery", "CompleteCollect", Some(3 * DAY)),
        6 => ("REJECT", "NoneData", "NoCollect", None),
        _ => ("CANCEL", "Withdraw", "Withdraw", None),
    };
    let number = 100_000_000 + story.nth;
    let (created, item) = (story.kst(asked), vendor_item(story));
    let quoted = |text: Option<String>| text.map_or("null".into(), |text| format!("\"{text}\""));
    format!(
        concat!(
            r#"{{"exchangeId":{number},"orderId":{order},"vendorId":"A00012345","#,
            r#""orderDeliveryStatusCode":"FINAL_DELIVERY","exchangeStatus":"{status}","#,
            r#""referType":"WEB_MOBILE","faultType":"{fault}","exchangeAmount":0,"reason":null,"#,
            r#""reasonCode":"{code}","reasonCodeText":"{code_text}","reasonEtcDetail":"","#,
            r#""cancelReason":null,"createdByType":"CUSTOMER","createdAt":"{created}","#,
            r#""modifiedByType":"TRACKING","modifiedAt":"{modified}","exchangeItemDtoV1s":[{{"#,
            r#""exchangeItemId":{line},"orderItemId":{item},"orderItemUnitPrice":{price},"#,
            r#""orderItemName":null,"orderPackageId":null,"orderPackageName":null,"#,
            r#""targetItemId":{item},"targetItemUnitPrice":{price},"#,
            r#""targetItemName":"{goods}, {option}","targetPackageId":-1,"targetPackageName":"","#,
            r#""quantity":1,"orderItemDeliveryComplete":null,"orderItemReturnComplete":null,"#,
            r#""targetItemDeliveryComplete":null,"createdAt":"{created}","#,
            r#""modifiedAt":"{created}","originalShipmentBoxId":{shipment_box}}}],"#,
            r#""exchangeAddressDtoV1":{{"exchangeAddressId":{line},"#,
            r#""returnCustomerName":"{name}","returnAddressZipCode":"{postcode}","#,
            r#""returnAddress":"{address}","returnAddressDetail":"{detail}","returnPhone":null,"#,
            r#""returnMobile":"{phone}","returnMemo":null,"deliveryCustomerName":"{name}","#,
            r#""deliveryAddressZipCode":"{postcode}","deliveryAddress":"{address}","#,
            r#""deliveryAddressDetail":"{detail}","deliveryPhone":null,"#,
            r#""deliveryMobile":"{phone}","deliveryMemo":null,"createdAt":"{created}","#,
            r#""modifiedAt":"{created}","exchangeId":{number}}},"deliveryInvoiceGroupDtos":[],"#,
            r#""deliveryStatus":"{delivery}","collectStatus":"{collect}","#,
            r#""collectCompleteDate":{collected},"collectInformationsDto":{{"#,
            r#""returnType":"EXCHANGE_RETURN","expectedReturnDate":"{expected}","#,
            r#""returndeliveryItemDtos":[{{"vendorItemId":{item},"#,
            r#""statusCode":"RETURN_SEND_READY","returnCount":null,"releaseStatus":"RELEASED","#,
            r#""paymentReturnDeliveryMapId":{line},"paymentItemId":1,"modifiedBy":"0","#,
            r#""moodifiedAt":"{created}","createdBy":"0","createdAt":"{created}","count":1,"#,
            r#""confirmType":null,"collectStatus":"RETURN"}}],"returndeliveryDestinationDto":{{"#,
            r#""vendorZipCode":"01010","vendorPhone":"02-0000-0000","vendorName":"지어낸 상점","#,
            r#""vendorMobile":"","vendorAddressDetail":"물류센터 1층","#,
            r#""vendorAddress":"경기도 가온시 느티나무로 1","safetyNumberStatus":"ENABLE","#,
            r#""safetyNumberId":{line},"safetyNumber":"{phone}","returnDeliveryId":null,"#,
            r#""returnCenterCode":"1000276167","receiptId":null,"orderedByMobile":null,"#,
            r#""orderId":{order},"message":null,"customerZipCode":"{postcode}","#,
            r#""customerPhone":"{phone}","customerName":"{name}","customerMobile":"{phone}","#,
            r#""customerAddressDetail":"{detail}","customerAddress":"{address}"}}}},"#,
            r#""returnDeliveryDtos":[{{"deliveryCompanyCode":"CJGLS","deliveryInvoiceNo":""}}],"#,
            r#""orderDeliveryStatusLabel":"FINAL_DELIVERY","exchangeStatusLabel":"{status}","#,
            r#""referTypeLabel":"WEB_MOBILE","faultTypeLabel":"{fault}","#,
            r#""createdByTypeLabel":"CUSTOMER","rejectable":{rejectable},"#,
            r#""modifiedByTypeLabel":"CUSTOMER","deliveryInvoiceModifiable":false,"#,
            r#""successable":false}}"#,
        ),
        number = number,
        order = order(story),
        status = status,
        fault = fault,
        code = code,
        code_text = code_text,
        created = created,
        modified = story.kst(asked + done.unwrap_or(0)),
        line = 1_000_000 + story.nth,
        item = item,
        price = story.price,
        goods = story.item,
        option = story.option,
        shipment_box = shipment_box(story),
        name = story.name,
        postcode = story.postcode,
        address = story.address,
        detail = story.address_detail,
        phone = safe_number(story),
        delivery = delivery,
        collect = collect,
        collected = quoted(done.map(|after| story.kst(asked + after))),
        expected = story.kst(asked + 3 * DAY),
        rejectable = status == "RECEIPT",
    )
}

/// Taken back, and so in no list of returns: the receipts have numbers of their own.
fn withdrawal(story: &Story) -> String {
    format!(
        concat!(
            r#"{{"cancelId":{receipt},"orderId":{order},"vendorId":"A00012345","#,
            r#""refundDeliveryDuty":"{duty}","createdAt":"{created}","vendorItemIds":[{item}]}}"#,
        ),
        receipt = 200_000_000 + story.nth,
        order = order(story),
        duty = ["COM", "CUS", "COU"][story.draw("duty", 3) as usize],
        created = story.kst(story.draw("withdrawn", 12 * DAY as u64) as i64 + 3_600),
        item = vendor_item(story),
    )
}
