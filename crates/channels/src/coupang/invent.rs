//! Made-up returns, exchanges and withdrawals, written as Coupang writes them.

use std::collections::BTreeMap;

use hoesu_claims::Media;

use super::read::{EXCHANGE, ORDER_SHEET, RETURN, TYPE_CANCEL, TYPE_RETURN, WITHDRAWAL};
use super::text::{
    self, Exchange, ExchangeItem, OrderSheet, REASON, Receipt, ReceiptItem, SheetItem, Withdrawal,
};
use crate::Invented;
use crate::Story;

/// A day, in seconds.
const DAY: i64 = 86_400;

pub(super) fn invent(kind: &str, nth: u64) -> Option<Invented> {
    let story = Story::nth(nth);
    let body = match kind {
        RETURN => return_request(&story),
        EXCHANGE => exchange(&story),
        WITHDRAWAL => withdrawal(&story),
        ORDER_SHEET => order_sheet(&story),
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

/// The option sold: one number for the same goods.
pub(crate) fn vendor_item(story: &Story) -> u64 {
    text::vendor_item(story.item, story.option)
}

fn return_request(story: &Story) -> String {
    let Course { kind, status, stop, released, confirmed, confirmed_after } = course(story);
    let asked = story.draw("asked", 10 * DAY as u64) as i64 + 600;
    let why = REASON[story.draw("reason", 6) as usize];
    let count = story.draw("count", story.quantity as u64) as i64 + 1;
    let collected = released != "N" && released != "S";
    let waybill = (collected && status != "RETURNS_UNCHECKED")
        .then(|| format!("5{:011}", story.nth % 100_000_000_000));
    let charge = match (collected, why[4]) {
        (false, _) => 0,
        (true, "CUSTOMER") => -3_000,
        (true, _) => 3_000,
    };
    let item = ReceiptItem {
        item: story.item,
        option: story.option,
        vendor_item: vendor_item(story),
        ordered: story.quantity,
        count,
        shipment_box: shipment_box(story),
        released,
        user: if released == "S" { "3P_CANCEL" } else { "" },
    };
    let receipt = Receipt {
        number: receipt(story.nth),
        order: order(story),
        payment: 700_000_000 + story.nth,
        kind,
        status,
        created: story.kst(asked),
        modified: story.kst(asked + confirmed_after.unwrap_or(0)),
        story,
        why,
        words: "",
        count,
        delivery: if collected { 40_000_000 + story.nth } else { 0 },
        delivery_type: if collected { "연동택배" } else { "" },
        stop,
        pre_refund: collected && story.draw("pre refund", 5) == 0,
        confirmed_at: confirmed_after.map(|after| story.kst(asked + after)).unwrap_or_default(),
        confirmed,
        items: vec![item],
        waybill: waybill.as_deref().map(|waybill| ("CJGLS", waybill)),
        charge,
    };
    receipt.write()
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
    let item = ExchangeItem {
        item: story.item,
        option: story.option,
        vendor_item: vendor_item(story),
        price: story.price,
        count: 1,
        shipment_box: shipment_box(story),
    };
    let exchange = Exchange {
        number: 100_000_000 + story.nth,
        order: order(story),
        vendor: "A00012345",
        order_delivery: "FINAL_DELIVERY",
        status,
        fault,
        code,
        code_text,
        created: story.kst(asked),
        modified: story.kst(asked + done.unwrap_or(0)),
        line: 1_000_000 + story.nth,
        items: vec![item],
        story,
        boxes: Vec::new(),
        delivery,
        collect,
        collected: done.map(|after| story.kst(asked + after)),
        expected: story.kst(asked + 3 * DAY),
        waybill: ("CJGLS", ""),
        rejectable: status == "RECEIPT",
        invoice_modifiable: false,
    };
    exchange.write()
}

/// Taken back, and so in no list of returns: the receipts have numbers of their own.
fn withdrawal(story: &Story) -> String {
    let withdrawal = Withdrawal {
        receipt: 200_000_000 + story.nth,
        order: order(story),
        vendor: "A00012345",
        duty: ["COM", "CUS", "COU"][story.draw("duty", 3) as usize],
        created: story.kst(story.draw("withdrawn", 12 * DAY as u64) as i64 + 3_600),
        items: vec![vendor_item(story)],
    };
    withdrawal.write()
}

/// The order's only box, on its way or delivered as chance has it.
fn order_sheet(story: &Story) -> String {
    let steps = ["ACCEPT", "INSTRUCT", "DEPARTURE", "DELIVERING", "FINAL_DELIVERY"];
    let step = story.draw("sheet", steps.len() as u64) as usize;
    let zoned = |reached: usize, days: i64| {
        if step >= reached { text::zoned(story.after(days * DAY)) } else { String::new() }
    };
    let told = step >= 2;
    let item = SheetItem {
        item: story.item,
        option: story.option,
        vendor_item: vendor_item(story),
        price: story.price,
        count: story.quantity,
        cancelled: 0,
        held: 0,
        ships: story.kst(2 * DAY)[..10].to_owned(),
    };
    let sheet = OrderSheet {
        shipment_box: shipment_box(story),
        order: order(story),
        paid: zoned(0, 0),
        status: steps[step],
        story,
        split: false,
        items: vec![item],
        courier: if told { "CJ 대한통운" } else { "" },
        waybill: if told { &story.waybill } else { "" },
        told: if told { story.kst(DAY) } else { String::new() },
        left: zoned(3, 1),
        delivered: zoned(4, 2),
    };
    sheet.write()
}
