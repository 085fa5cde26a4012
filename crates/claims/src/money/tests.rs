use proptest::prelude::*;

use super::*;

#[test]
fn won_are_grouped_by_thousands_in_both_languages() {
    let written = |won: i64| (Won(won).korean(), Won(won).to_string());
    for (won, korean, english) in [
        (0, "0원", "₩0"),
        (7, "7원", "₩7"),
        (999, "999원", "₩999"),
        (1_000, "1,000원", "₩1,000"),
        (12_300, "12,300원", "₩12,300"),
        (100_000, "100,000원", "₩100,000"),
        (1_234_567, "1,234,567원", "₩1,234,567"),
        (-1, "-1원", "-₩1"),
        (-500, "-500원", "-₩500"),
        (-12_300, "-12,300원", "-₩12,300"),
        (i64::MAX, "9,223,372,036,854,775,807원", "₩9,223,372,036,854,775,807"),
        (i64::MIN, "-9,223,372,036,854,775,808원", "-₩9,223,372,036,854,775,808"),
    ] {
        assert_eq!(written(won), (korean.to_owned(), english.to_owned()));
    }
}

#[test]
fn what_does_not_fit_is_none() {
    assert_eq!(Won(2).checked_add(Won(3)), Some(Won(5)));
    assert_eq!(Won(2).checked_sub(Won(3)), Some(Won(-1)));
    assert_eq!(Won(2_500).checked_mul(3), Some(Won(7_500)));
    assert_eq!(Won(i64::MAX).checked_add(Won(1)), None);
    assert_eq!(Won(i64::MIN).checked_sub(Won(1)), None);
    assert_eq!(Won(i64::MAX).checked_mul(2), None);
}

#[test]
fn a_sum_depends_on_what_is_added_and_not_on_the_order() {
    assert_eq!(Won::checked_sum([]), Some(Won::ZERO));
    assert_eq!(Won::checked_sum([Won(1), Won(20), Won(-300)]), Some(Won(-279)));
    assert_eq!(Won::checked_sum([Won(i64::MAX), Won(1)]), None);
    assert_eq!(Won::checked_sum([Won(i64::MAX), Won(1), Won(-1)]), Some(Won(i64::MAX)));
    assert_eq!(Won::checked_sum([Won(-1), Won(i64::MAX), Won(1)]), Some(Won(i64::MAX)));
}

#[test]
fn in_json_won_are_a_plain_integer_and_nothing_else() {
    assert_eq!(serde_json::to_string(&Won(12_300)).unwrap(), "12300");
    assert_eq!(serde_json::from_str::<Won>("-5").unwrap(), Won(-5));
    for not_won in ["1.5", "1e3", "\"1\"", "9223372036854775808", "null"] {
        assert!(serde_json::from_str::<Won>(not_won).is_err(), "{not_won}");
    }
}

proptest! {
    #[test]
    fn a_written_amount_reads_back(won: i64) {
        let english: String =
            Won(won).to_string().chars().filter(|c| *c != '₩' && *c != ',').collect();
        prop_assert_eq!(english.parse::<i64>(), Ok(won));
        let korean: String =
            Won(won).korean().chars().filter(|c| *c != '원' && *c != ',').collect();
        prop_assert_eq!(korean.parse::<i64>(), Ok(won));
    }

    #[test]
    fn groups_after_the_first_have_three_digits(won: i64) {
        let korean = Won(won).korean();
        let mut groups = korean.trim_start_matches('-').trim_end_matches('원').split(',');
        prop_assert!((1..=3).contains(&groups.next().map_or(0, str::len)));
        prop_assert!(groups.all(|group| group.len() == 3));
    }
}
