//! One request body → what to look for, or the sentence that says why not.

use hoesu_claims::Media;
use hoesu_claims::time::{Between, parse_compact_day};
use jiff::Unit;
use jiff::civil::Date;

use super::body::{Root, required, wrong_form};
use super::read::line_number;
use super::refusal::Refused;
use super::wire::{REQUEST, ROOT, Request};

/// The last day counts, so seven days end six after they began. (cancelled-order list guide:
/// «기간은 7일 이내»)
const DAYS_AFTER_FIRST_MAX: i32 = 6;

/// More lines than this are not asked for at once; ours.
const LINES_MAX: usize = 500;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Search {
    /// Cancelled on these days.
    Period(Between),
    /// Of this order; of these of its lines, if any are named.
    Order {
        /// 원주문번호.
        number: String,
        /// 원주문상품순번.
        lines: Vec<String>,
    },
}

/// What is asked.
const INQUIRY: Root<4> = Root { name: ROOT, members: REQUEST, numbers: false };

/// Reads a request body.
pub(super) fn read(media: Media, body: &[u8]) -> Result<Search, Refused> {
    let [first_day, last_day, order, lines] = INQUIRY.read(media, body)?;
    search(&Request { first_day, last_day, order, lines })
}

/// Exactly one of the two kinds of search. An empty value is as good as none: clients send the
/// members they don't use empty.
fn search(request: &Request) -> Result<Search, Refused> {
    let first = given(request.first_day.as_deref());
    let last = given(request.last_day.as_deref());
    let order = given(request.order.as_deref());
    let lines = given(request.lines.as_deref());
    match (first, last, order, lines) {
        (None, None, None, None) => Err(Refused::because(
            "기간(perdStrDts, perdEndDts) 또는 원주문번호(orordNo) 중 하나는 필수입니다.",
        )),
        (None, None, None, Some(_)) => Err(required("orordNo")),
        (None, None, Some(number), lines) => order_search(number, lines),
        (Some(first), Some(last), None, None) => Ok(Search::Period(days(first, last)?)),
        (Some(_), None, None, None) => Err(required("perdEndDts")),
        (None, Some(_), None, None) => Err(required("perdStrDts")),
        (Some(_), _, _, _) | (_, Some(_), _, _) => Err(Refused::because(
            "기간(perdStrDts, perdEndDts)과 원주문번호(orordNo, orordItemSeqs)는 함께 조회할 수 없습니다.",
        )),
    }
}

/// Whole days in Korea, at most seven.
pub(super) fn days(first: &str, last: &str) -> Result<Between, Refused> {
    days_within(first, last, DAYS_AFTER_FIRST_MAX + 1)
}

/// Whole days in Korea, at most so many.
pub(super) fn days_within(first: &str, last: &str, most: i32) -> Result<Between, Refused> {
    let first = day("perdStrDts", first)?;
    let last = day("perdEndDts", last)?;
    if last < first {
        return Err(Refused::because("perdEndDts 항목은 perdStrDts보다 빠를 수 없습니다."));
    }
    let days = first.until((Unit::Day, last)).map_or(i32::MAX, |span| span.get_days());
    if days >= most {
        return Err(Refused::because(format!("조회기간은 {most}일 이내여야 합니다.")));
    }
    Ok(Between::kst_days(Some(first), Some(last)))
}

fn order_search(number: &str, lines: Option<&str>) -> Result<Search, Refused> {
    if number.len() > 64 || number.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(wrong_form("orordNo"));
    }
    let mut wanted = Vec::new();
    for line in lines.into_iter().flat_map(|lines| lines.split(',')) {
        let positive = line.len() <= 18
            && line.bytes().all(|byte| byte.is_ascii_digit())
            && line.bytes().any(|byte| byte != b'0');
        if !positive {
            return Err(Refused::because(
                "orordItemSeqs 항목은 쉼표로 구분한 1 이상의 정수여야 합니다.",
            ));
        }
        wanted.push(line_number(line).to_owned());
    }
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > LINES_MAX {
        return Err(Refused::because("orordItemSeqs 항목은 500개 이내여야 합니다."));
    }
    Ok(Search::Order { number: number.to_owned(), lines: wanted })
}

fn day(name: &'static str, text: &str) -> Result<Date, Refused> {
    parse_compact_day(text).ok_or_else(|| {
        Refused::because(format!("{name} 항목은 yyyymmdd 형식의 올바른 날짜여야 합니다."))
    })
}

fn given(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.is_empty())
}
