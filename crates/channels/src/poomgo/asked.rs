//! What a caller may ask, and the sentences for questions that cannot be answered.

pub(super) mod orders;
pub(super) mod tickets;

use hoesu_claims::Term;
use hoesu_claims::time::{kst_midnight, parse_day};
use jiff::Timestamp;

/// The page if none is asked for.
const PAGE: i64 = 1;
/// Pages beyond this are refused. Ours: Poomgo documents no limit.
pub(super) const PAGE_MAX: i64 = i32::MAX as i64;
/// Rows on a page if no number is asked for.
const PAGE_ROWS: i64 = 20;
/// Rows on a page at most. Documented for orders; for tickets it is ours.
pub(super) const PAGE_ROWS_MAX: i64 = 500;

/// A question that cannot be answered: a sentence for the caller that names the field and never
/// repeats its value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong(pub(super) String);

impl Wrong {
    fn value(field: &str, must: &str) -> Self {
        Self(format!("{field} 값은 {must}"))
    }

    fn page(field: &str, max: i64) -> Self {
        Self::value(field, &format!("1 이상 {max} 이하의 정수여야 합니다."))
    }
}

/// Which page, and how long pages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    page: u64,
    /// Rows on a page.
    pub(super) rows: u64,
}

impl Paging {
    /// Takes numbers as they came, `None` for what was not given.
    fn new(page: Option<i64>, rows: Option<i64>) -> Result<Self, Wrong> {
        Ok(Self {
            page: within("page", page.unwrap_or(PAGE), PAGE_MAX)?,
            rows: within("pageSize", rows.unwrap_or(PAGE_ROWS), PAGE_ROWS_MAX)?,
        })
    }

    /// Rows before this page.
    pub(super) const fn offset(self) -> u64 {
        (self.page - 1) * self.rows
    }
}

fn within(field: &str, number: i64, max: i64) -> Result<u64, Wrong> {
    match u64::try_from(number) {
        Ok(number @ 1..) if number <= max as u64 => Ok(number),
        Ok(_) | Err(_) => Err(Wrong::page(field, max)),
    }
}

/// One end of a span of time, as a caller writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// From the start of the day, or from the instant on.
    First,
    /// To the end of the day, or to the instant itself.
    Last,
}

/// The first instant inside (for [`End::First`]) or after (for [`End::Last`]) a day in Korea; `None`
/// past the end of the calendar, where nothing is left out.
fn day(field: &str, text: &str, end: End) -> Result<Option<Timestamp>, Wrong> {
    let day = parse_day(text)
        .ok_or_else(|| Wrong::value(field, "yyyy-MM-dd 형식의 실제 날짜여야 합니다."))?;
    Ok(match end {
        End::First => kst_midnight(day),
        End::Last => day.tomorrow().ok().and_then(kst_midnight),
    })
}

/// As [`day`], or an instant, in whole milliseconds as all of Poomgo's times are.
fn day_or_instant(field: &str, text: &str, end: End) -> Result<Option<Timestamp>, Wrong> {
    if let Ok(edge) = day(field, text, end) {
        return Ok(edge);
    }
    let Ok(at) = text.parse::<Timestamp>() else {
        let must = "yyyy-MM-dd 형식의 실제 날짜이거나 시간대가 있는 ISO 8601 시각이어야 합니다.";
        return Err(Wrong::value(field, must));
    };
    let floor = at.as_nanosecond().div_euclid(1_000_000);
    let exact = at.as_nanosecond().rem_euclid(1_000_000) == 0;
    let millisecond = match end {
        End::First if exact => floor,
        End::First | End::Last => floor + 1,
    };
    Ok(i64::try_from(millisecond).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()))
}

/// A value to be matched exactly, in the form it is compared in. What compares as nothing is refused:
/// it means neither everything nor nothing.
fn exact(field: &str, term: Term, text: &str) -> Result<String, Wrong> {
    let value = term.normal(text);
    if value.is_empty() {
        return Err(Wrong::value(field, "비어 있을 수 없습니다."));
    }
    Ok(value)
}
