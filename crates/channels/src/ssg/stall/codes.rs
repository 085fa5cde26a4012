//! SSG.COM's codes for what a market knows by other words.

use hoesu_market::{Cause, Courier, Story, What};

use crate::ssg::invent;

/// Courier codes (`delicoVenId`) and their names. (public client code)
pub(in super::super) const COURIERS: [(&str, &str); 28] = [
    ("0000033011", "CJ대한통운"),
    ("0000033032", "대한통운"),
    ("0000033071", "한진택배"),
    ("0000033073", "롯데택배"),
    ("0010326677", "롯데글로벌로지스"),
    ("0000033052", "우체국택배"),
    ("0000033051", "우체국등기"),
    ("0000033050", "EMS"),
    ("0000033036", "로젠택배"),
    ("0000033027", "경동택배"),
    ("0000033013", "GS편의점택배"),
    ("0008369131", "CU편의점택배"),
    ("0000038977", "합동택배"),
    ("0000033069", "한국택배"),
    ("0000033057", "일양로지스"),
    ("0000033062", "천일택배"),
    ("0000033030", "대신택배"),
    ("0000033021", "KT로지스"),
    ("0020089384", "동원로엑스"),
    ("0024803687", "쿠팡로지스틱스서비스"),
    ("0024850579", "딜리박스"),
    ("0000033017", "KGB택배"),
    ("0000033033", "KG로지스"),
    ("0000033025", "건영택배"),
    ("0000033077", "호남택배"),
    ("0000033014", "GTX로지스"),
    ("0000033064", "퀵서비스"),
    ("0000033028", "기타"),
];

/// A courier's code and name; no name for a code nobody knows.
pub(super) fn courier(courier: &Courier) -> (&str, Option<&'static str>) {
    let code = match courier {
        Courier::Cj => COURIERS[0].0,
        Courier::Named(code) => code,
    };
    (code, COURIERS.iter().find(|(known, _)| *known == code).map(|(_, name)| *name))
}

/// Code, name and a buyer's words for a cancel.
pub(super) const fn cancel_reason(cause: Cause) -> (&'static str, &'static str, &'static str) {
    match cause {
        Cause::Mind => ("251", "단순취소", ""),
        Cause::Option => ("252", "사이즈/색상 옵션 변경", "다른 색상으로 다시 주문할게요"),
        Cause::Fault => ("253", "재주문", "잘못 주문해서 다시 주문합니다"),
        Cause::Delivery => ("260", "배송시간변경", "선물 날짜를 맞추지 못해서요"),
        Cause::SoldOut => ("202", "품절", ""),
    }
}

/// Whose fault a cancel is (`imptDivCd`).
pub(super) const fn cancel_fault(cause: Cause) -> &'static str {
    match cause {
        Cause::Mind | Cause::Option | Cause::Fault | Cause::Delivery => "10",
        Cause::SoldOut => "20",
    }
}

/// Code and name of why goods come back. Codes are known for the buyer's faults alone; the names are
/// ours.
pub(super) const fn return_reason(
    what: What,
    cause: Cause,
) -> (Option<&'static str>, &'static str) {
    let exchange = matches!(what, What::Exchange);
    match cause {
        Cause::Mind if exchange => (Some("451"), "단순변심"),
        Cause::Option if exchange => (Some("452"), "사이즈/색상 변경"),
        Cause::Mind => (Some("351"), "단순변심"),
        Cause::Option => (Some("352"), "사이즈/색상 변경"),
        Cause::Fault => (None, "상품불량"),
        Cause::Delivery => (None, "오배송"),
        Cause::SoldOut => (None, "품절"),
    }
}

/// Whose fault goods come back by (`retImptMainNm`).
pub(super) const fn return_fault(cause: Cause) -> &'static str {
    match cause {
        Cause::Mind | Cause::Option => "고객",
        Cause::Fault | Cause::SoldOut => "판매자",
        Cause::Delivery => "택배사",
    }
}

/// Why a seller refuses a return (`retRefusRsnCd`), by name.
pub(in super::super) const REFUSALS: [(&str, &str); 12] = [
    ("01", "기간경과"),
    ("02", "사용"),
    ("03", "불량"),
    ("04", "구성품 누락"),
    ("05", "사은품 누락"),
    ("06", "상품 상이"),
    ("07", "수량 상이"),
    ("08", "훼손/파손"),
    ("09", "케이스 파손"),
    ("10", "상담원 과실"),
    ("11", "기타"),
    ("12", "불량판정서 미동봉"),
];

/// What an order was placed on.
pub(super) fn medium(story: &Story) -> (&'static str, &'static str) {
    invent::MEDIA[story.draw("media", 6) as usize]
}
