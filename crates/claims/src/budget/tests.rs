use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn no_second_sees_more_calls_than_allowed(
        per_second in 1..60_u32, steps in prop::collection::vec(0..400_i64, 1..200),
    ) {
        let (rate, mut budget, mut now, mut calls) =
            (Rate::per_second(per_second), Budget::default(), 0, Vec::new());
        for step in steps {
            now += step;
            let (then, turn) = budget.draw(rate, now);
            budget = then;
            match turn {
                Turn::At(at) => {
                    prop_assert!(now <= at && at <= now + rate.ahead_ms);
                    calls.push(at);
                }
                Turn::NotBefore(at) => prop_assert!(at > now),
            }
        }
        for first in &calls {
            let within = calls.iter().filter(|at| (*first..first + 1000).contains(*at)).count();
            prop_assert!(within <= per_second as usize);
        }
    }

    #[test]
    fn a_wait_grows_and_ends(failures in 0..u32::MAX, chance in 0..u32::MAX) {
        let wait = wait_ms(failures, chance);
        prop_assert!((FIRST_WAIT_MS / 2..=LONGEST_WAIT_MS).contains(&wait));
        prop_assert!(wait_ms(failures.saturating_add(1), chance) >= wait);
    }
}

#[test]
fn a_channel_that_asks_to_be_left_alone_is() {
    let rate = Rate::per_second(5);
    let budget = Budget::default().held(0, 5_000).held(0, 3_000);
    assert_eq!(budget.draw(rate, 4_999), (budget, Turn::NotBefore(5_000)));
    assert_eq!(budget.answered(), budget, "an answer to an earlier call ends no pause");
    assert_eq!(budget.draw(rate, 5_000).1, Turn::At(5_000));
}

#[test]
fn an_open_circuit_is_tried_by_one_call_at_a_time() {
    let rate = Rate::per_second(5);
    let mut budget = Budget::default();
    for _ in 1..FAILURES_MAX {
        budget = budget.failed(0, 0);
        assert!(!budget.is_open());
    }
    budget = budget.failed(0, 0);
    let held = budget.held_until_ms;
    assert_eq!((budget.is_open(), held), (true, 500));
    let (trying, turn) = budget.draw(rate, held);
    assert_eq!(turn, Turn::At(held));
    assert_eq!(trying.draw(rate, held + 1).1, Turn::NotBefore(held + TRIAL_MS));
    assert_eq!(trying.answered().draw(rate, held + 200).1, Turn::At(held + 200));
    // Whoever tried died: another one tries.
    assert_eq!(trying.draw(rate, held + TRIAL_MS).1, Turn::At(held + TRIAL_MS));
}

#[test]
fn a_failed_trial_opens_the_circuit_for_longer() {
    let failed = |times| (0..times).fold(Budget::default(), |budget, _| budget.failed(0, u32::MAX));
    assert_eq!(failed(FAILURES_MAX).held_until_ms, 1_000);
    assert_eq!(failed(FAILURES_MAX + 1).held_until_ms, 2_000);
    assert_eq!(failed(FAILURES_MAX + 30).held_until_ms, LONGEST_WAIT_MS);
}

#[test]
fn a_clock_that_was_ahead_keeps_nobody_from_calling_for_longer_than_a_minute() {
    let (rate, hour) = (Rate::per_second(5), 3_600_000);
    let ahead = Budget::default().held(2 * hour, 2 * hour + 1_800_000);
    let ahead = Budget { next_ms: 2 * hour, ..ahead };
    for now in [0, hour, 2 * hour - 2 * SLACK_MS] {
        let (budget, turn) = ahead.draw(rate, now);
        assert_eq!(turn, Turn::NotBefore(now + SLACK_MS), "a pause is cut, not dropped");
        assert_eq!(budget.draw(rate, now + SLACK_MS).1, Turn::At(now + SLACK_MS));
    }
    let booked = Budget { next_ms: 2 * hour, ..Budget::default() };
    assert_eq!(booked.draw(rate, 0).1, Turn::At(0));
    // A pause noted while the clock was right is waited for.
    let held = Budget::default().held(0, hour);
    assert_eq!(held.draw(rate, 1).1, Turn::NotBefore(hour));
    // What nobody would have noted is not believed either.
    assert_eq!(held.held(0, 9 * hour).draw(rate, 1).1, Turn::NotBefore(1 + SLACK_MS));
    // A trial, an open circuit: the same.
    let open = (0..9).fold(ahead, |budget, _| budget.failed(0, u32::MAX));
    assert!(matches!(open.draw(rate, 0).1, Turn::NotBefore(at) if at <= 120_000));
}

#[test]
fn a_booked_call_is_not_made_once_everybody_was_asked_to_leave_the_channel_alone() {
    let rate = Rate::per_second(2);
    let (budget, _) = Budget::default().draw(rate, 0);
    let (budget, turn) = budget.draw(rate, 0);
    assert_eq!((turn, budget.forbids(0, 500, 500)), (Turn::At(500), None));
    assert_eq!(budget.held(100, 60_100).forbids(0, 500, 500), Some(60_100));
    assert_eq!(budget.held(100, 400).forbids(0, 500, 500), None, "the pause is over");
    // The one call that tries an open circuit is held by a pause, not by its own trial.
    let open = (0..FAILURES_MAX).fold(budget, |budget, _| budget.failed(0, 0));
    let now = open.held_until_ms;
    let (trying, turn) = open.draw(rate, now);
    let Turn::At(at) = turn else { panic!("one call tries") };
    assert_eq!(trying.forbids(now, at, at), None);
    assert!(trying.held(now + 1, now + 5_000).forbids(now, at, at).is_some());
}
