//! Records as Coupang writes them, from plain fields: what is made up and what a market tells are
//! written here and nowhere else.

mod exchange;
mod order_sheet;
mod receipt;
mod withdrawal;

use hoesu_claims::time::KST;
use jiff::Timestamp;

use crate::Story;

pub(super) use exchange::{Exchange, ExchangeItem, NewBox};
pub(super) use order_sheet::{OrderSheet, SheetItem};
pub(super) use receipt::{Receipt, ReceiptItem};
pub(super) use withdrawal::Withdrawal;

/// Reasons: code, its text, category, reason within it, whose fault.
pub(super) type Reason = [&'static str; 5];

/// What buyers say.
pub(super) const REASON: [Reason; 6] = [
    ["CHANGEMIND", "필요 없어짐 (단순 변심)", "고객변심", "단순변심(사유없음)", "CUSTOMER"],
    ["WRONGOPT", "상품의 옵션 선택을 잘못함", "고객변심", "옵션변경", "CUSTOMER"],
    ["DIFFERENTOPT", "색상/ 사이즈가 기대와 다름", "고객변심", "색상/사이즈 불만", "CUSTOMER"],
    ["DAMAGED", "상품이 파손되어 배송됨", "상품불량", "상품파손", "VENDOR"],
    ["DEFECT", "상품 결함/기능에 이상이 있음", "상품불량", "사용중 제품결함", "VENDOR"],
    ["WRONGDELIVERY", "내가 주문한 상품과 아예 다른 상품이 배송됨", "배송오류", "오배송", "WMS"],
];

/// What is written when the seller cannot supply, whatever the seller said.
pub(super) const SOLD_OUT: Reason = ["SOLD_OUT", "품절", "배송불만", "품절", "VENDOR"];

/// The option sold: one number for the same goods.
pub(super) fn vendor_item(item: &str, option: &str) -> u64 {
    let goods = item.bytes().chain(option.bytes());
    3_000_000_000 + goods.fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 100_000_000)
}

/// The buyer's number as sellers see it: a safe number.
pub(super) fn safe_number(story: &Story) -> String {
    format!("0500-0000-{}", &story.phone[story.phone.len() - 4..])
}

/// A time as the fourth version writes it.
pub(super) fn kst(at: Timestamp) -> String {
    KST.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A time as newer versions write it.
pub(super) fn zoned(at: Timestamp) -> String {
    KST.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S%.6f+09:00").to_string()
}

/// A text, or `null`.
fn nullable(text: Option<&str>) -> String {
    text.map_or("null".into(), quoted)
}

/// A text that may hold anything.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What is written one after another in a list.
fn listed(rows: impl Iterator<Item = String>) -> String {
    rows.collect::<Vec<_>>().join(",")
}
