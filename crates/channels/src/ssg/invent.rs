//! Made-up cancelled rows: the orders with odd numbers of [`Story`] are SSG.COM's, and each has one
//! cancel; so row `n` is about order `2n + 1`.

use hoesu_claims::Media;
use hoesu_claims::document::Marks;

use super::number::numbered;
use super::read::CANCEL;
use super::told::{Cancel, Line};
use crate::Invented;
use crate::Story;

/// Code, name, what a buyer may have written, whose fault. 202 is not in the document, but in live
/// feeds.
const REASON: [(&str, &str, &str, &str); 7] = [
    ("251", "단순취소", "", "10"),
    ("252", "사이즈/색상 옵션 변경", "다른 색상으로 다시 주문할게요", "10"),
    ("253", "재주문", "쿠폰을 쓰지 못해서 다시 주문합니다", "10"),
    ("258", "배송지 변경", "이사한 주소로 다시 주문합니다", "10"),
    ("259", "최저가아님", "", "10"),
    ("260", "배송시간변경", "선물 날짜를 맞추지 못해서요", "10"),
    ("202", "품절", "", "20"),
];

/// Receipt media, common ones more often.
pub(super) const MEDIA: [(&str, &str); 6] = [
    ("20", "모바일웹"),
    ("30", "모바일앱(iOS)"),
    ("40", "모바일앱(안드로이드)"),
    ("40", "모바일앱(안드로이드)"),
    ("10", "PC웹"),
    ("99", "콜센터"),
];

/// The channel's own number of the order behind a story.
pub(super) fn order_number(story: &Story) -> String {
    numbered(&story.kst(0), story.nth)
}

/// The `nth` made-up document of a kind.
pub(super) fn invent(kind: &str, nth: u64) -> Option<Invented> {
    (kind == CANCEL).then(|| row(&Story::nth(nth.saturating_mul(2).saturating_add(1))))
}

/// The orders with odd numbers are SSG.COM's, each with one cancel.
pub(super) fn invent_order(nth: u64) -> Vec<(&'static str, Invented)> {
    if nth.is_multiple_of(2) { Vec::new() } else { vec![(CANCEL, row(&Story::nth(nth)))] }
}

fn row(story: &Story) -> Invented {
    let (reason, reason_name, reason_text, fault) = REASON[story.draw("reason", 7) as usize];
    let (media, media_name) = MEDIA[story.draw("media", 6) as usize];
    let ordered = story.kst(0);
    // From ten minutes to two days after the order.
    let cancelled = story.kst(600 + story.draw("cancelled", 172_200) as i64);
    let order = order_number(story);
    // A cancel of a part gets a number of its own; a plain one keeps the order's.
    let cancelled_quantity = 1 + story.draw("quantity", story.quantity as u64) as i64;
    let claim = if cancelled_quantity < story.quantity {
        numbered(&cancelled, 0xFF_FFFF_u64.wrapping_sub(story.nth))
    } else {
        order.clone()
    };
    let line = 1 + story.draw("line", 3);
    let variant = story.draw("variant", 4);
    let (variant, variant_name) = variant_of(story.option, variant + 1);
    let row = Cancel {
        buyer: &story.name,
        medium: (media, media_name),
        line: Line {
            order: &order,
            number: line,
            item: 1_000_028_000_000 + story.draw("item", 1_000_000),
            item_name: story.item,
            variant,
            variant_name,
        },
        number: &claim,
        reason: (reason, reason_name),
        words: reason_text,
        fault,
        cancelled: &spaced(&cancelled),
        quantity: cancelled_quantity as u64,
        ordered: &spaced(&ordered),
        ordered_quantity: story.quantity as u64,
        shipping: story.draw("shipping", 2) * 3_000,
        discount: story.draw("discount", 4) * 500,
    };
    Invented { media: Media::Json, body: row.body(), marks: Marks::new() }
}

/// The number and name of an option: «단일 옵션» is none, which has neither.
pub(super) fn variant_of(option: &str, number: u64) -> (u64, Option<&str>) {
    if option == "단일 옵션" { (0, None) } else { (number, Some(option)) }
}

/// `yyyy-MM-dd HH:mm:ss` of `yyyy-MM-ddTHH:mm:ss`.
fn spaced(time: &str) -> String {
    time.replace('T', " ")
}
