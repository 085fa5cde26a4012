use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::time::{KST, parse_time, plus_days};

/// The file read another way than the calendar reads it.
fn reference() -> BTreeMap<String, String> {
    let rows = HOLIDAYS_CSV.lines().filter(|row| row.starts_with("20"));
    rows.map(|row| (row[..10].to_owned(), row[11..].replace('"', ""))).collect()
}

#[test]
fn every_day_of_the_known_years_is_as_the_reference_says() {
    let (calendar, reference) = (Calendar::default(), reference());
    let (mut day, mut holidays) = (date(2019, 1, 1), 0);
    while day <= date(2030, 12, 31) {
        let weekend = day.weekday().to_monday_zero_offset() >= 5;
        match reference.get(&day.to_string()) {
            Some(name) => {
                holidays += 1;
                assert_eq!(calendar.day_off(day), Some(DayOff::Holiday(name)), "{day}");
            }
            None => assert_eq!(calendar.is_business_day(day), !weekend, "{day}"),
        }
        day = day.tomorrow().unwrap();
    }
    assert_eq!(holidays, reference.len());
    assert_eq!(holidays, HOLIDAYS_CSV.lines().count() - 1);
}

fn days(first: (i16, i8, i8), last: (i16, i8, i8)) -> Vec<String> {
    let calendar = Calendar::default();
    let after = date(first.0, first.1, first.2).yesterday().unwrap();
    let told = calendar.days(after, date(last.0, last.1, last.2));
    told.map(|(day, off)| format!("{day} {}", off.map_or("-", DayOff::name))).collect()
}

#[test]
fn seollal_is_three_days_with_the_eve_and_the_day_after() {
    assert_eq!(
        days((2026, 2, 13), (2026, 2, 19)),
        [
            "2026-02-13 -",
            "2026-02-14 토요일",
            "2026-02-15 일요일",
            "2026-02-16 설날 전날",
            "2026-02-17 설날",
            "2026-02-18 설날 다음날",
            "2026-02-19 -",
        ]
    );
}

#[test]
fn chuseok_touching_other_holidays_has_a_substitute() {
    assert_eq!(
        days((2025, 10, 2), (2025, 10, 10)),
        [
            "2025-10-02 -",
            "2025-10-03 개천절",
            "2025-10-04 토요일",
            "2025-10-05 추석 전날",
            "2025-10-06 추석",
            "2025-10-07 추석 다음날",
            "2025-10-08 추석 대체 휴일",
            "2025-10-09 한글날",
            "2025-10-10 -",
        ]
    );
}

#[test]
fn two_holidays_on_one_day_keep_both_names() {
    assert_eq!(
        days((2025, 5, 3), (2025, 5, 7)),
        [
            "2025-05-03 토요일",
            "2025-05-04 일요일",
            "2025-05-05 부처님오신날; 어린이날",
            "2025-05-06 부처님오신날 대체 휴일; 어린이날 대체 휴일",
            "2025-05-07 -",
        ]
    );
}

#[test]
fn a_holiday_on_a_weekend_is_told_as_the_holiday() {
    let calendar = Calendar::default();
    assert_eq!(calendar.day_off(date(2030, 2, 3)), Some(DayOff::Holiday("설날")));
    assert_eq!(calendar.day_off(date(2026, 6, 6)), Some(DayOff::Holiday("현충일")));
}

#[test]
fn a_year_ends_and_the_next_begins_with_a_holiday() {
    let calendar = Calendar::default();
    assert_eq!(calendar.next_business_day(date(2025, 12, 31)), date(2026, 1, 2));
    assert_eq!(calendar.previous_business_day(date(2026, 1, 2)), date(2025, 12, 31));
    assert_eq!(calendar.plus_business_days(date(2025, 12, 30), 3), date(2026, 1, 5));
    // 2027-12-25 and -26 are a weekend, and Christmas has its substitute on the 27th.
    assert_eq!(calendar.next_business_day(date(2027, 12, 24)), date(2027, 12, 28));
}

#[test]
fn outside_the_known_years_only_weekends_are_off_and_one_can_tell() {
    let calendar = Calendar::default();
    assert!((2019..=2030).all(|year| calendar.covers(year)));
    assert!(!calendar.covers(2018) && !calendar.covers(2031));
    assert_eq!(calendar.day_off(date(2031, 1, 1)), None);
    assert_eq!(calendar.day_off(date(2018, 12, 25)), None);
    assert_eq!(calendar.day_off(date(2031, 1, 4)), Some(DayOff::Saturday));
    assert_eq!(calendar.day_off(date(2018, 12, 30)), Some(DayOff::Sunday));
}

#[test]
fn a_sellers_day_is_off_by_the_name_it_was_given() {
    let mut calendar = Calendar::with([(date(2026, 3, 4), "창립기념일".to_owned())]);
    assert_eq!(calendar.day_off(date(2026, 3, 4)), Some(DayOff::Added("창립기념일")));
    assert_eq!(calendar.day_off(date(2026, 3, 4)).map(DayOff::name), Some("창립기념일"));
    calendar.add(date(2026, 3, 4), "임시공휴일");
    calendar.add(date(2031, 1, 1), "신정");
    let added: Vec<_> = calendar.added().collect();
    assert_eq!(added, [(date(2026, 3, 4), "임시공휴일"), (date(2031, 1, 1), "신정")]);
    assert!(!calendar.is_business_day(date(2031, 1, 1)));
    // 2026-03-02 is a substitute holiday.
    assert_eq!(calendar.plus_business_days(date(2026, 3, 1), 2), date(2026, 3, 5));
}

#[test]
fn a_day_added_on_a_weekend_or_holiday_changes_no_count() {
    let calendar = Calendar::with(
        [date(2026, 3, 7), date(2026, 3, 1)].map(|day| (day, "재고조사".to_owned())),
    );
    assert_eq!(calendar.day_off(date(2026, 3, 7)), Some(DayOff::Added("재고조사")));
    assert_eq!(calendar.day_off(date(2026, 3, 1)), Some(DayOff::Holiday("삼일절")));
    for n in 0..30 {
        let start = date(2026, 2, 20);
        let due = calendar.plus_business_days(start, n);
        assert_eq!(due, Calendar::default().plus_business_days(start, n));
    }
}

#[test]
fn the_start_is_not_counted_even_if_it_is_no_business_day() {
    let calendar = Calendar::default();
    let (friday, saturday) = (date(2026, 7, 3), date(2026, 7, 4));
    assert_eq!(calendar.plus_business_days(friday, 0), friday);
    assert_eq!(calendar.plus_business_days(saturday, 0), saturday);
    assert_eq!(calendar.plus_business_days(friday, 1), date(2026, 7, 6));
    assert_eq!(calendar.plus_business_days(saturday, 1), date(2026, 7, 6));
    assert_eq!(calendar.plus_business_days(saturday, 3), date(2026, 7, 8));
    assert_eq!(calendar.business_days_between(friday, friday), 0);
    assert_eq!(calendar.business_days_between(saturday, friday), 0);
    assert_eq!(calendar.business_days_between(friday, date(2026, 7, 6)), 1);
}

#[test]
fn counting_stops_at_the_ends_of_time() {
    let calendar = Calendar::default();
    assert_eq!(calendar.plus_business_days(Date::MAX, 1), Date::MAX);
    assert_eq!(calendar.plus_business_days(plus_days(Date::MAX, -2), 9), Date::MAX);
    assert_eq!(calendar.next_business_day(Date::MAX), Date::MAX);
    assert_eq!(calendar.previous_business_day(Date::MIN), Date::MIN);
    assert_eq!(calendar.business_days_between(Date::MAX, Date::MAX), 0);
    assert_eq!(calendar.plus_business_hours(Timestamp::MIN, 1), None);
    assert_eq!(calendar.plus_business_hours(Timestamp::MAX, 1), None);
    let never = Calendar::with([(Date::MAX, "끝".to_owned())]);
    assert_eq!(never.plus_business_hours(Timestamp::MAX, 1), None);
    assert_eq!(calendar.plus_business_hours("9999-12-20T00:00:00Z".parse().unwrap(), 900), None);
}

#[test]
fn hours_pass_on_business_days_only() {
    let calendar = Calendar::default();
    let plus = |start: &str, hours| {
        let at = calendar.plus_business_hours(parse_time(start).unwrap(), hours).unwrap();
        KST.to_datetime(at).to_string()
    };
    // Thursday noon; Friday; a weekend with a substitute holiday on Monday 2026-03-02.
    assert_eq!(plus("2026-02-26T12:00:00", 11), "2026-02-26T23:00:00");
    assert_eq!(plus("2026-02-26T12:00:00", 12), "2026-02-27T00:00:00");
    assert_eq!(plus("2026-02-26T12:00:00", 36), "2026-02-28T00:00:00");
    assert_eq!(plus("2026-02-26T12:00:00", 37), "2026-03-03T01:00:00");
    // 168 hours are seven business days to the minute, if one starts on one.
    assert_eq!(plus("2026-02-26T12:34:56.789", 168), "2026-03-10T12:34:56.789");
    // On a Saturday the hours begin with Tuesday, the next business day.
    assert_eq!(plus("2026-02-28T18:00:00", 1), "2026-03-03T01:00:00");
    assert_eq!(plus("2026-02-28T18:00:00", 0), "2026-03-03T00:00:00");
    assert_eq!(plus("2026-02-26T12:00:00", 0), "2026-02-26T12:00:00");
}

#[test]
fn a_row_is_a_day_and_a_quoted_name() {
    assert_eq!(holiday("2026-02-17,\"설날\""), Some((date(2026, 2, 17), "설날")));
    for row in ["", "2026-02-17", "2026-02-17,설날", "2026-02-17,\"설날", "2026-02-30,\"설날\""]
    {
        assert_eq!(holiday(row), None, "{row}");
    }
    assert!(HOLIDAYS.is_sorted_by(|(day, _), (next, _)| day < next));
}

fn any_day() -> impl Strategy<Value = Date> {
    // From before the first known year until after the last.
    (0..6_000_i64).prop_map(|days| plus_days(date(2017, 6, 1), days))
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let added = prop::collection::vec(any_day(), 0..200);
    added.prop_map(|days| Calendar::with(days.into_iter().map(|day| (day, "쉬는 날".to_owned()))))
}

proptest! {
    #[test]
    fn the_nth_business_day_after_has_n_business_days_behind_it(
        calendar in any_calendar(), start in any_day(), n in 0_u32..60,
    ) {
        let nth = calendar.plus_business_days(start, n);
        prop_assert_eq!(calendar.business_days_between(start, nth), n);
        prop_assert!(n == 0 || calendar.is_business_day(nth));
        prop_assert!(n == 0 || nth > start);
    }

    #[test]
    fn counting_in_two_steps_is_counting_in_one(
        calendar in any_calendar(), start in any_day(), n in 0_u32..30, m in 0_u32..30,
    ) {
        let both = calendar.plus_business_days(calendar.plus_business_days(start, n), m);
        prop_assert_eq!(both, calendar.plus_business_days(start, n + m));
        prop_assert_eq!(
            calendar.plus_business_days(start, n + 1),
            calendar.next_business_day(calendar.plus_business_days(start, n))
        );
    }

    #[test]
    fn a_later_start_or_more_days_never_end_earlier(
        calendar in any_calendar(), start in any_day(), later in 0_i64..40, n in 0_u32..40,
    ) {
        let end = calendar.plus_business_days(start, n);
        prop_assert!(end <= calendar.plus_business_days(plus_days(start, later), n));
        prop_assert!(end < calendar.plus_business_days(start, n + 1));
    }

    #[test]
    fn one_more_day_off_never_ends_earlier(
        calendar in any_calendar(), start in any_day(), n in 0_u32..40, off in 0_i64..90,
    ) {
        let mut more = calendar.clone();
        more.add(plus_days(start, off), "임시공휴일");
        let (without, with) = (calendar.plus_business_days(start, n), more.plus_business_days(start, n));
        prop_assert!(without <= with);
        // It moves the end only if it took a day that counted, and then by one business day.
        let took = off > 0 && calendar.is_business_day(plus_days(start, off))
            && plus_days(start, off) <= without;
        prop_assert_eq!(with, if took && n > 0 { calendar.next_business_day(without) } else { without });
    }

    #[test]
    fn back_and_forth_meet_on_business_days(calendar in any_calendar(), day in any_day()) {
        let (before, after) = (calendar.previous_business_day(day), calendar.next_business_day(day));
        prop_assert!(before < day && day < after);
        prop_assert!(calendar.is_business_day(before) && calendar.is_business_day(after));
        let between = calendar.business_days_between(before, after);
        prop_assert_eq!(between, if calendar.is_business_day(day) { 2 } else { 1 });
    }

    #[test]
    fn hours_are_counted_like_a_slow_reader_would(
        calendar in any_calendar(), start in any_day(), minute in 0_i64..1_440, hours in 0_u32..200,
    ) {
        let start = kst_midnight(start).unwrap() + SignedDuration::from_mins(minute);
        let end = calendar.plus_business_hours(start, hours).unwrap();
        // Minute by minute, only those of business days counting.
        let (mut at, mut left) = (start, i64::from(hours) * 60);
        while left > 0 || !calendar.is_business_day(kst_day(at)) && hours == 0 {
            left -= i64::from(calendar.is_business_day(kst_day(at)));
            at += SignedDuration::from_mins(1);
        }
        prop_assert_eq!(end, at);
    }
}
