//! Made-up people and orders: the same for the same number, on every channel, so that what one
//! channel says about order 17 meets what the others say.

use hoesu_claims::time::KST;
use jiff::{SignedDuration, Timestamp};

use crate::chance::mix;

const FAMILY: [&str; 12] = ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오"];
const GIVEN: [&str; 16] = [
    "하늘", "바다", "가람", "나래", "다온", "라온", "마루", "보람", "새봄", "아름", "여울", "이든",
    "초롱", "푸름", "한결", "해솔",
];
const DISTRICT: [&str; 8] = [
    "서울특별시 은하구 별빛로",
    "서울특별시 구름구 무지개로",
    "부산광역시 물결구 등대길",
    "대구광역시 햇살구 사과로",
    "인천광역시 노을구 갈매기길",
    "경기도 가온시 느티나무로",
    "강원도 두메군 메아리길",
    "제주특별자치도 바람시 돌담로",
];
pub(crate) const ITEM: [&str; 8] = [
    "무지 라운드 티셔츠",
    "린넨 셔츠",
    "스테인리스 텀블러",
    "접이식 우산",
    "면 양말 3켤레",
    "원목 도마",
    "무선 마우스",
    "캔들 2개입",
];
pub(crate) const OPTION: [&str; 5] = ["블랙 M", "화이트 L", "네이비 S", "그레이 XL", "단일 옵션"];

/// One made-up order and the person behind it.
#[derive(Debug, Clone)]
pub struct Story {
    /// Which one.
    pub nth: u64,
    /// Name.
    pub name: String,
    /// `010` and eight digits, in a range no operator gives out.
    pub phone: String,
    /// Road address.
    pub address: String,
    /// The rest of it.
    pub address_detail: String,
    /// Five digits.
    pub postcode: String,
    /// What was bought.
    pub item: &'static str,
    /// Which variant.
    pub option: &'static str,
    /// How many, 1 to 4.
    pub quantity: i64,
    /// Won for one.
    pub price: i64,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// The outbound waybill, twelve digits.
    pub waybill: String,
    noise: u64,
}

impl Story {
    /// The `nth` order. Orders are 20 seconds apart, the newest first numbers being the oldest:
    /// order 0 was placed on 2024-01-01 at 00:00 KST.
    pub fn nth(nth: u64) -> Self {
        Self::told(nth, mix(nth))
    }

    /// The `nth` order of another market.
    pub fn of(seed: u64, nth: u64) -> Self {
        Self::told(nth, mix(mix(seed) ^ nth))
    }

    fn told(nth: u64, noise: u64) -> Self {
        let pick = |shift: u32, of: usize| (mix(noise ^ u64::from(shift)) % of as u64) as usize;
        Self {
            nth,
            name: format!("{}{}", FAMILY[pick(1, FAMILY.len())], GIVEN[pick(2, GIVEN.len())]),
            phone: format!("0100000{:04}", noise % 10_000),
            address: format!("{} {}", DISTRICT[pick(3, DISTRICT.len())], noise % 990 + 1),
            address_detail: format!("{}동 {}호", noise % 20 + 101, (noise >> 8) % 20 * 100 + 101),
            postcode: format!("{:05}", noise % 63_000),
            item: ITEM[pick(4, ITEM.len())],
            option: OPTION[pick(5, OPTION.len())],
            quantity: (noise >> 16) as i64 % 4 + 1,
            price: ((noise >> 24) as i64 % 90 + 10) * 1_000,
            ordered_at: Timestamp::constant(1_704_034_800, 0)
                .saturating_add(SignedDuration::from_secs(nth as i64 * 20))
                .unwrap_or(Timestamp::MAX),
            waybill: format!("3804{:08}", nth % 100_000_000),
            noise,
        }
    }

    /// A number below `of` that depends on the order and on what it is for.
    pub fn draw(&self, what: &str, of: u64) -> u64 {
        let salt = what
            .bytes()
            .fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        mix(self.noise ^ salt) % of
    }

    /// `seconds` after the order, as KST wall time `yyyy-MM-ddTHH:mm:ss`.
    pub fn kst(&self, seconds: i64) -> String {
        KST.to_datetime(self.after(seconds)).strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// `seconds` after the order, as `yyyy-MM-ddTHH:mm:ss.SSSZ`.
    pub fn utc(&self, seconds: i64) -> String {
        self.after(seconds).strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
    }

    /// `seconds` after the order.
    pub fn after(&self, seconds: i64) -> Timestamp {
        self.ordered_at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_tells_the_same_story() {
        assert_eq!(format!("{:?}", Story::nth(17)), format!("{:?}", Story::nth(17)));
        assert_eq!(Story::nth(0).kst(0), "2024-01-01T00:00:00");
        assert_eq!(Story::nth(3).utc(0), "2023-12-31T15:01:00.000Z");
        assert_ne!(Story::of(1, 17).name, Story::of(2, 17).name);
    }
}
