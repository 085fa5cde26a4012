use jiff::SignedDuration;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::time::{KST, parse_time, plus_days};

fn clock(start: Date) -> Clock {
    Clock::start(start, StartIs::GoodsBack, &Calendar::default())
}

fn kst(text: &str) -> Timestamp {
    parse_time(text).unwrap()
}

#[test]
fn due_is_the_third_business_day_after_the_start() {
    for (start, speaks_from, due, over) in [
        (date(2026, 7, 6), date(2026, 7, 8), date(2026, 7, 9), "a plain week, from Monday"),
        (date(2026, 7, 9), date(2026, 7, 13), date(2026, 7, 14), "a weekend"),
        (date(2026, 7, 11), date(2026, 7, 14), date(2026, 7, 15), "a start on Saturday"),
        (date(2026, 7, 12), date(2026, 7, 14), date(2026, 7, 15), "a start on Sunday"),
        (date(2026, 2, 13), date(2026, 2, 20), date(2026, 2, 23), "Seollal and two weekends"),
        (date(2026, 2, 17), date(2026, 2, 20), date(2026, 2, 23), "a start on Seollal itself"),
        (date(2026, 2, 26), date(2026, 3, 3), date(2026, 3, 4), "a substitute holiday"),
        (date(2025, 1, 24), date(2025, 2, 3), date(2025, 2, 4), "a temporary one and Seollal"),
        (date(2025, 10, 2), date(2025, 10, 13), date(2025, 10, 14), "Chuseok and its substitute"),
        (date(2025, 12, 30), date(2026, 1, 2), date(2026, 1, 5), "the turn of the year"),
        (date(2028, 2, 28), date(2028, 3, 2), date(2028, 3, 3), "a leap day and Samiljeol"),
    ] {
        let clock = clock(start);
        assert_eq!(
            (clock.start, clock.speaks_from, clock.due),
            (start, speaks_from, due),
            "{over}"
        );
        assert!(clock.holidays_known, "{over}");
    }
}

#[test]
fn a_day_the_seller_added_moves_the_due_day() {
    let calendar = Calendar::with([(date(2026, 7, 8), "임시공휴일".to_owned())]);
    let clock = Clock::start(date(2026, 7, 6), StartIs::PaidDay, &calendar);
    assert_eq!((clock.speaks_from, clock.due), (date(2026, 7, 9), date(2026, 7, 10)));
}

#[test]
fn a_clock_that_leaves_the_known_years_says_so() {
    assert!(clock(date(2030, 12, 26)).holidays_known);
    let leaves = clock(date(2030, 12, 30));
    // New Year's Day counts where nobody knows that it is off.
    assert_eq!((leaves.due, leaves.holidays_known), (date(2031, 1, 2), false));
    let enters = clock(date(2018, 12, 28));
    assert_eq!((enters.due, enters.holidays_known), (date(2019, 1, 3), false));
}

#[test]
fn a_start_day_tells_the_cause() {
    for (is, cause) in [
        (StartIs::GoodsBack, Cause::Returned),
        (StartIs::WithdrawalDay, Cause::Cancelled),
        (StartIs::PaidDay, Cause::CannotSupply),
        (StartIs::OrderDayAsStandIn, Cause::CannotSupply),
    ] {
        let clock = Clock::start(date(2026, 7, 6), is, &Calendar::default());
        assert_eq!((clock.start_is, clock.cause), (is, cause));
    }
}

fn sign(is: StartIs, at: &str, evidence: u8) -> Sign<u8> {
    Sign { is, at: kst(at), evidence }
}

#[test]
fn a_return_starts_when_the_goods_were_first_seen_back() {
    let courier = sign(StartIs::GoodsBack, "2026-07-06T15:00:00", 3);
    let warehouse = sign(StartIs::GoodsBack, "2026-07-07T09:00:00", 1);
    let asked = sign(StartIs::WithdrawalDay, "2026-07-01T09:00:00", 2);
    for signs in [[courier, warehouse, asked], [asked, warehouse, courier]] {
        assert_eq!(Sign::that_starts(Cause::Returned, signs), Some(courier));
    }
    // That a return was asked for starts nothing.
    assert_eq!(Sign::that_starts(Cause::Returned, [asked]), None);
    assert_eq!(Sign::that_starts(Cause::Returned, [courier; 0]), None);
}

#[test]
fn a_cancel_starts_when_the_buyer_withdrew() {
    let asked = sign(StartIs::WithdrawalDay, "2026-07-01T09:00:00", 2);
    let paid = sign(StartIs::PaidDay, "2026-06-30T09:00:00", 1);
    assert_eq!(Sign::that_starts(Cause::Cancelled, [paid, asked]), Some(asked));
    assert_eq!(Sign::that_starts(Cause::Cancelled, [paid]), None);
}

#[test]
fn what_cannot_be_supplied_starts_when_it_was_paid_or_else_ordered() {
    let ordered = sign(StartIs::OrderDayAsStandIn, "2026-06-30T09:00:00", 1);
    let paid = sign(StartIs::PaidDay, "2026-07-02T09:00:00", 2);
    assert_eq!(Sign::that_starts(Cause::CannotSupply, [ordered, paid]), Some(paid));
    assert_eq!(Sign::that_starts(Cause::CannotSupply, [ordered]), Some(ordered));
    assert_eq!(Sign::that_starts(Cause::CannotSupply, [paid]), Some(paid));
}

#[test]
fn of_two_that_saw_the_same_instant_the_first_in_order_is_the_evidence() {
    let one = sign(StartIs::GoodsBack, "2026-07-06T15:00:00", 1);
    let other = sign(StartIs::GoodsBack, "2026-07-06T15:00:00", 2);
    assert_eq!(Sign::that_starts(Cause::Returned, [other, one]), Some(one));
}

#[test]
fn the_start_day_is_the_day_it_was_in_korea() {
    let calendar = Calendar::default();
    let before =
        Sign { is: StartIs::GoodsBack, at: "2026-07-06T14:59:59Z".parse().unwrap(), evidence: () };
    let after = Sign { at: "2026-07-06T15:00:00Z".parse().unwrap(), ..before };
    assert_eq!(before.clock(&calendar), clock(date(2026, 7, 6)));
    assert_eq!(after.clock(&calendar), clock(date(2026, 7, 7)));
}

#[test]
fn it_is_silent_then_due_then_overdue_by_one_day_more_each_day() {
    let clock = clock(date(2026, 7, 9)); // speaks on Monday 13, due on Tuesday 14
    for (on, says) in [
        (date(2026, 7, 1), Says::Nothing),
        (date(2026, 7, 9), Says::Nothing),
        (date(2026, 7, 12), Says::Nothing),
        (date(2026, 7, 13), Says::Due),
        (date(2026, 7, 14), Says::Due),
        (date(2026, 7, 15), Says::Overdue { days: 1 }),
        (date(2026, 7, 16), Says::Overdue { days: 2 }),
        // Days overdue are days, not business days.
        (date(2026, 7, 19), Says::Overdue { days: 5 }),
        (date(2027, 7, 14), Says::Overdue { days: 365 }),
    ] {
        assert_eq!(clock.says(on), says, "{on}");
    }
}

#[test]
fn it_speaks_through_a_weekend_before_the_due_day() {
    let clock = clock(date(2026, 7, 8)); // due on Monday 13
    assert_eq!(clock.says(date(2026, 7, 9)), Says::Nothing);
    for on in 10..=13 {
        assert_eq!(clock.says(date(2026, 7, on)), Says::Due);
    }
}

#[test]
fn what_it_says_next_changes_at_midnight_in_korea() {
    let clock = clock(date(2026, 7, 9));
    for (after, next) in [
        ("2026-07-09T10:00:00", "2026-07-13T00:00:00"),
        ("2026-07-12T23:59:59.999", "2026-07-13T00:00:00"),
        ("2026-07-13T00:00:00", "2026-07-15T00:00:00"),
        ("2026-07-14T00:00:00", "2026-07-15T00:00:00"),
        ("2026-07-14T23:59:59.999", "2026-07-15T00:00:00"),
        ("2026-07-15T00:00:00", "2026-07-16T00:00:00"),
        ("2026-07-15T00:00:00.001", "2026-07-16T00:00:00"),
        ("2026-12-31T12:00:00", "2027-01-01T00:00:00"),
    ] {
        assert_eq!(clock.next_change(kst(after)), Some(kst(next)), "{after}");
    }
}

#[test]
fn at_the_end_of_time_nothing_changes_any_more() {
    let clock = clock(date(2026, 7, 9));
    assert_eq!(clock.next_change(Timestamp::MAX), None);
    let last = Clock::start(Date::MAX, StartIs::PaidDay, &Calendar::default());
    assert_eq!((last.due, last.next_change(Timestamp::MAX)), (Date::MAX, None));
    assert_eq!(last.interest(Won(i64::MAX), Date::MAX), Won::ZERO);
}

#[test]
fn interest_is_rounded_down_to_whole_won() {
    let clock = clock(date(2026, 7, 9)); // due on 2026-07-14
    for (amount, through, interest) in [
        (100_000, date(2026, 7, 1), 0),
        (100_000, date(2026, 7, 14), 0),
        (100_000, date(2026, 7, 15), 41),  // 41.09…
        (100_000, date(2026, 7, 16), 82),  // 82.19…
        (100_000, date(2026, 7, 24), 410), // 410.95…
        (100_000, date(2027, 7, 14), 15_000),
        (100_000, date(2028, 7, 14), 30_041), // 731 days: the leap day accrues like any other
        (2_433, date(2026, 7, 15), 0),
        (2_434, date(2026, 7, 15), 1),
        (7_300, date(2026, 7, 15), 3), // exactly
        (7_299, date(2026, 7, 15), 2),
        (1, date(2033, 3, 12), 0), // 2,433 days
        (1, date(2033, 3, 13), 1),
    ] {
        assert_eq!(clock.interest(Won(amount), through), Won(interest), "{amount} {through}");
    }
}

#[test]
fn nothing_or_less_bears_no_interest() {
    let (clock, through) = (clock(date(2026, 7, 9)), date(2027, 7, 14));
    assert_eq!(clock.interest(Won::ZERO, through), Won::ZERO);
    assert_eq!(clock.interest(Won(-1), through), Won::ZERO);
    assert_eq!(clock.interest(Won(i64::MIN), through), Won::ZERO);
}

#[test]
fn interest_that_does_not_fit_is_the_most_that_fits() {
    let clock = clock(date(2026, 7, 9));
    assert_eq!(clock.interest(Won(i64::MAX), Date::MAX), Won(i64::MAX));
    // 15 % of it still fits, to the won.
    let year = i128::from(i64::MAX) * 15 / 100;
    assert_eq!(clock.interest(Won(i64::MAX), date(2027, 7, 14)), Won(year as i64));
}

#[test]
fn the_rate_fell_from_20_to_15_percent_on_2016_09_30() {
    assert_eq!(rate_on(Date::MIN).percent, 20);
    assert_eq!(rate_on(date(2016, 9, 29)).percent, 20);
    assert_eq!(rate_on(date(2016, 9, 30)), Rate { valid_from: date(2016, 9, 30), percent: 15 });
    assert_eq!(rate_on(Date::MAX).percent, 15);
    assert_eq!(term_on(Date::MIN).business_days, 3);
    assert_eq!(term_on(Date::MAX).business_days, 3);
}

#[test]
fn each_day_accrues_at_its_own_rate_and_the_sum_is_rounded_once() {
    let clock = clock(date(2016, 9, 23)); // a Friday; due on Wednesday 28
    assert_eq!(clock.due, date(2016, 9, 28));
    let interest = |amount, day| clock.interest(Won(amount), date(2016, 10, day)).0;
    assert_eq!(clock.interest(Won(365_000), date(2016, 9, 29)), Won(200)); // 1 × 20 %
    assert_eq!(clock.interest(Won(365_000), date(2016, 9, 30)), Won(350)); // and 1 × 15 %
    assert_eq!(interest(365_000, 1), 500);
    assert_eq!(interest(365_000, 2), 650);
    // 0.571… + 0.428… are 1.0002…; rounded apart they would be nothing.
    assert_eq!(clock.interest(Won(1_043), date(2016, 9, 30)), Won(1));
    assert_eq!(clock.interest(Won(1_042), date(2016, 9, 30)), Won(0));
}

#[test]
fn a_delay_that_begins_with_the_new_rate_knows_only_that() {
    let clock = clock(date(2016, 9, 26)); // due on Thursday 29
    assert_eq!(clock.due, date(2016, 9, 29));
    assert_eq!(clock.interest(Won(365_000), date(2016, 9, 30)), Won(150));
}

#[test]
fn tables_are_in_order_and_begin_before_everything() {
    assert!(RATES.is_sorted_by(|rate, next| rate.valid_from < next.valid_from));
    assert!(TERMS.is_sorted_by(|term, next| term.valid_from < next.valid_from));
    assert_eq!((RATES[0].valid_from, TERMS[0].valid_from), (Date::MIN, Date::MIN));
    assert!(TERMS.iter().all(|term| term.business_days > 0));
}

#[test]
fn a_clock_is_written_in_words_and_days() {
    let clock = clock(date(2026, 7, 9));
    let written = serde_json::to_string(&clock).unwrap();
    assert_eq!(
        written,
        r#"{"cause":"returned","start":"2026-07-09","start_is":"goods_back","due":"2026-07-14","speaks_from":"2026-07-13","holidays_known":true}"#
    );
    assert_eq!(serde_json::from_str::<Clock>(&written).unwrap(), clock);
    let says = |on| serde_json::to_string(&clock.says(on)).unwrap();
    assert_eq!(says(date(2026, 7, 13)), r#"{"says":"due"}"#);
    assert_eq!(says(date(2026, 7, 15)), r#"{"says":"overdue","days":1}"#);
    assert_eq!(
        serde_json::to_string(&StartIs::OrderDayAsStandIn).unwrap(),
        r#""order_day_as_stand_in""#
    );
    assert_eq!(serde_json::to_string(&Cause::CannotSupply).unwrap(), r#""cannot_supply""#);
}

/// Around the change of rate, the known years and their ends.
fn any_day() -> impl Strategy<Value = Date> {
    (0..6_500_i64).prop_map(|days| plus_days(date(2016, 1, 1), days))
}

fn any_clock() -> impl Strategy<Value = Clock> {
    let added = prop::collection::vec(any_day(), 0..100);
    (any_day(), added, select(&[StartIs::GoodsBack, StartIs::PaidDay])).prop_map(
        |(start, added, is)| {
            let added = added.into_iter().map(|day| (day, "쉬는 날".to_owned()));
            Clock::start(start, is, &Calendar::with(added))
        },
    )
}

/// Interest as one reads it in the law: day by day, then rounded down.
fn day_by_day(clock: &Clock, amount: i64, days: u32) -> i64 {
    let accrued = (1..=i64::from(days))
        .map(|day| i128::from(rate_on(plus_days(clock.due, day)).percent) * i128::from(amount));
    (accrued.sum::<i128>() / (100 * 365)) as i64
}

proptest! {
    #[test]
    fn days_come_in_order_and_three_business_days_lie_between(
        start in any_day(), added in prop::collection::vec(any_day(), 0..100),
    ) {
        let calendar = Calendar::with(added.into_iter().map(|day| (day, String::new())));
        let clock = Clock::start(start, StartIs::WithdrawalDay, &calendar);
        prop_assert!(start < clock.speaks_from && clock.speaks_from < clock.due);
        prop_assert_eq!(calendar.business_days_between(start, clock.due), 3);
        prop_assert_eq!(calendar.business_days_between(start, clock.speaks_from), 2);
        prop_assert!(calendar.is_business_day(clock.due));
        prop_assert!(calendar.is_business_day(clock.speaks_from));
        prop_assert_eq!(
            clock.holidays_known,
            calendar.covers(start.year()) && calendar.covers(clock.due.year())
        );
    }

    #[test]
    fn a_later_start_or_one_more_day_off_never_makes_it_due_earlier(
        start in any_day(), later in 0_i64..30, off in 0_i64..30,
    ) {
        let clock = clock(start);
        prop_assert!(clock.due <= self::clock(plus_days(start, later)).due);
        let more = Calendar::with([(plus_days(start, off), "임시공휴일".to_owned())]);
        let moved = Clock::start(start, StartIs::GoodsBack, &more);
        prop_assert!(clock.due <= moved.due && clock.speaks_from <= moved.speaks_from);
    }

    #[test]
    fn interest_is_what_accrues_day_by_day(
        clock in any_clock(), amount in 0..2_000_000_000_i64, days in 0_u32..1_200,
    ) {
        let interest = clock.interest(Won(amount), plus_days(clock.due, i64::from(days)));
        prop_assert_eq!(interest, Won(day_by_day(&clock, amount, days)));
    }

    #[test]
    fn interest_never_falls_with_time_or_amount(
        clock in any_clock(), amount in 0..2_000_000_000_i64, more in 0..1_000_000_i64,
        days in -30..800_i64, longer in 0..30_i64,
    ) {
        let through = plus_days(clock.due, days);
        let interest = clock.interest(Won(amount), through);
        prop_assert!(interest <= clock.interest(Won(amount), plus_days(through, longer)));
        let with_more = clock.interest(Won(amount + more), through);
        let apart = interest.0 + clock.interest(Won(more), through).0;
        // Rounding down twice loses less than one won more than rounding down once.
        prop_assert!(apart <= with_more.0 && with_more.0 <= apart + 1);
        prop_assert!(days > 0 || interest == Won::ZERO);
    }

    #[test]
    fn any_table_of_rates_is_read_day_by_day(
        table in prop::collection::btree_map(0..400_i64, 0..40_u32, 0..5),
        due in -50..450_i64, days in -50..500_i64,
    ) {
        let day = |after: i64| plus_days(date(2024, 1, 1), after);
        let mut rates = vec![Rate { valid_from: Date::MIN, percent: 24 }];
        rates.extend(table.iter().map(|(from, percent)| Rate { valid_from: day(*from), percent: *percent }));
        let percent_on = |on| rates.iter().rev().find(|rate| rate.valid_from <= on).unwrap().percent;
        let slow: i128 = (1..=days).map(|after| i128::from(percent_on(day(due + after)))).sum();
        prop_assert_eq!(percent_days(&rates, day(due), day(due + days)), slow);
    }

    #[test]
    fn it_says_the_same_until_the_next_change_and_something_else_from_then_on(
        clock in any_clock(), hours in -400..2_000_i64, nanos in 0..3_600_000_000_000_i64,
    ) {
        let begins = kst_midnight(clock.start).unwrap() + SignedDuration::from_nanos(nanos);
        let after = begins + SignedDuration::from_hours(hours);
        let next = clock.next_change(after).unwrap();
        prop_assert!(after < next);
        prop_assert_eq!(KST.to_datetime(next).time(), jiff::civil::Time::midnight());
        let now = clock.says(kst_day(after));
        prop_assert_eq!(clock.says(kst_day(next - SignedDuration::from_nanos(1))), now);
        prop_assert_ne!(clock.says(kst_day(next)), now);
    }

    #[test]
    fn walking_from_change_to_change_tells_the_whole_story(clock in any_clock()) {
        let mut at = kst_midnight(clock.start).unwrap();
        let mut told = vec![clock.says(kst_day(at))];
        for _ in 0..5 {
            at = clock.next_change(at).unwrap();
            told.push(clock.says(kst_day(at)));
        }
        let overdue = |days| Says::Overdue { days };
        prop_assert_eq!(
            told,
            [Says::Nothing, Says::Due, overdue(1), overdue(2), overdue(3), overdue(4)]
        );
        prop_assert_eq!(at, kst_midnight(plus_days(clock.due, 4)).unwrap());
    }

    #[test]
    fn the_order_of_signs_does_not_matter(
        signs in prop::collection::vec((0..4_usize, 0..5_i64, 0..3_u8), 0..8)
            .prop_flat_map(|signs| (Just(signs.clone()), Just(signs).prop_shuffle())),
        cause in select(&[Cause::Returned, Cause::Cancelled, Cause::CannotSupply]),
    ) {
        const IS: [StartIs; 4] = [
            StartIs::GoodsBack,
            StartIs::WithdrawalDay,
            StartIs::PaidDay,
            StartIs::OrderDayAsStandIn,
        ];
        let chosen = |signs: Vec<(usize, i64, u8)>| {
            let read = signs.into_iter().map(|(is, hours, evidence)| {
                let at = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours * 7);
                Sign { is: IS[is], at, evidence }
            });
            Sign::that_starts(cause, read)
        };
        let one = chosen(signs.0.clone());
        prop_assert_eq!(one, chosen(signs.1));
        prop_assert_eq!(one, chosen([signs.0.clone(), signs.0].concat()));
        prop_assert!(one.is_none_or(|sign| sign.is.cause() == cause));
    }
}
