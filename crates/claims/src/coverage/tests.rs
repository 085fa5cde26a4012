use proptest::prelude::*;

use super::*;

/// The small grid of the brute-force model: instants 0 to 39.
const GRID: i64 = 40;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn span(from: i64, until: i64) -> Span {
    Span::of(from, until).unwrap()
}

fn read(from: i64, until: i64, began: i64) -> Read {
    Read::of(span(from, until), began, 1).unwrap()
}

fn instants(spans: &Spans) -> Vec<i64> {
    (-1..=GRID).filter(|at| spans.holds(span(*at, at + 1))).collect()
}

fn some_span() -> impl Strategy<Value = Span> {
    (0..GRID - 1, 1..12_i64).prop_map(|(from, length)| span(from, (from + length).min(GRID)))
}

fn some_reads() -> impl Strategy<Value = Vec<Read>> {
    let one = (some_span(), 0..GRID * 2, 0..3_u64);
    prop::collection::vec(one, 0..14).prop_map(|reads| {
        reads.into_iter().filter_map(|(span, began, rows)| Read::of(span, began, rows)).collect()
    })
}

fn some_rule() -> impl Strategy<Value = Rule> {
    let least = prop::sample::select(vec![1, MINUTE, HOUR, DAY]);
    let reach = prop::option::of(0..40 * DAY);
    (least, 1..40_i64, 0..2 * HOUR, 0..5_u32, 0..30_u32, reach).prop_map(
        |(least_ms, steps, overlap_ms, again_days, promise_minutes, reach_ms)| Rule {
            // Windows that are no multiple of a step are allowed.
            window_ms: (steps * least_ms).max(6 * HOUR) + 7,
            least_ms,
            overlap_ms,
            again_days,
            promise_minutes,
            reach_ms,
        },
    )
}

/// What a feed was read like: starts before now, lengths, how long after their end they were read.
fn some_past() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
    prop::collection::vec((0..12 * DAY, 1..3 * DAY, 0..4 * DAY), 0..8)
}

fn past(now: i64, past: &[(i64, i64, i64)]) -> Coverage {
    let read = |(ago, length, late): &(i64, i64, i64)| {
        let from = now - ago;
        Read::of(Span::of(from, from + length)?, (from + length + late).min(now), 1)
    };
    past.iter().filter_map(read).collect()
}

/// Some time in 2026.
fn some_now() -> impl Strategy<Value = i64> {
    1_767_225_600_000..1_798_761_600_000_i64
}

proptest! {
    // A law of order, and a cheap one: ten times as many cases as others have.
    #![proptest_config(ProptestConfig::with_cases(2560))]

    #[test]
    fn the_order_in_which_reads_are_added_makes_no_difference(
        (reads, turned) in some_reads().prop_flat_map(|reads| {
            (Just(reads.clone()), Just(reads).prop_shuffle())
        }),
    ) {
        let mut one_by_one = Coverage::default();
        let mut gone = Vec::new();
        for read in &turned {
            gone.extend(one_by_one.add(*read));
        }
        let at_once: Coverage = reads.iter().copied().collect();
        prop_assert_eq!(&one_by_one, &at_once);
        let mut all = gone;
        all.extend(one_by_one.reads());
        all.sort_unstable();
        let mut given = reads;
        given.sort_unstable();
        prop_assert_eq!(all, given, "what is not kept was told");
    }
}

proptest! {
    #[test]
    fn a_union_and_its_gaps_are_those_of_a_brute_force_model(
        spans in prop::collection::vec(some_span(), 0..10),
        holes in prop::collection::vec(some_span(), 0..10),
    ) {
        let inside = |spans: &[Span], at: i64| {
            spans.iter().any(|span| span.from_ms() <= at && at < span.until_ms())
        };
        let (set, gone): (Spans, Spans) =
            (spans.iter().copied().collect(), holes.iter().copied().collect());
        let model: Vec<i64> = (-1..=GRID).filter(|at| inside(&spans, *at)).collect();
        prop_assert_eq!(instants(&set), model.clone());
        let left: Vec<i64> = model.into_iter().filter(|at| !inside(&holes, *at)).collect();
        let minus = set.minus(&gone);
        prop_assert_eq!(instants(&minus), left);
        for set in [&set, &minus] {
            let parted = set.as_slice().windows(2).all(|two| two[0].until_ms() < two[1].from_ms());
            prop_assert!(parted, "spans neither meet nor touch");
        }
    }

    #[test]
    fn every_instant_keeps_its_latest_reading(reads in some_reads()) {
        let coverage: Coverage = reads.iter().copied().collect();
        for at in 0..GRID {
            let latest = |reads: &[Read]| {
                let here = reads.iter().filter(|read| read.span().meets(span(at, at + 1)));
                here.map(Read::began_ms).max()
            };
            prop_assert_eq!(latest(coverage.reads()), latest(&reads));
            prop_assert_eq!(coverage.read_since(span(at, at + 1)), latest(&reads));
        }
    }

    #[test]
    fn reading_again_never_loses_coverage(reads in some_reads(), again in some_span(), began in 0..GRID * 2) {
        let mut coverage: Coverage = reads.into_iter().collect();
        let before = coverage.complete();
        if let Some(again) = Read::of(again, began, 0) {
            coverage.add(again);
            prop_assert!(coverage.complete().holds(again.span()));
        }
        prop_assert!(before.as_slice().iter().all(|span| coverage.complete().holds(*span)));
    }

    #[test]
    fn halves_make_up_the_whole(from in 0..100_000_i64, length in 1..100_000_i64, least in 1..5_000_i64) {
        let whole = span(from, from + length);
        match whole.halves(least) {
            Some([one, other]) => {
                prop_assert_eq!((one.from_ms(), other.until_ms()), (from, from + length));
                prop_assert_eq!(one.until_ms(), other.from_ms());
            }
            None => prop_assert!(length < 2 * least, "a span of two steps has a point inside"),
        }
    }

    #[test]
    fn who_reads_what_is_due_has_read_everything_and_has_nothing_due(
        rule in some_rule(), now in some_now(), given in some_past(), since in 0..12 * DAY, most in 1..9_usize,
    ) {
        let (mut coverage, since) = (past(now, &given), now - since);
        let mut rounds = 0;
        let wake = loop {
            let plan = plan(&coverage, &rule, since, now, most);
            prop_assert!(plan.due.len() <= most);
            if plan.due.is_empty() {
                break plan.wake_ms;
            }
            prop_assert_eq!(plan.wake_ms, now);
            for due in plan.due {
                prop_assert!(due.span.length_ms() <= rule.window_ms.max(rule.least_ms));
                prop_assert!(due.span.until_ms() <= now);
                coverage.add(Read::of(due.span, now, 0).unwrap());
            }
            rounds += 1;
            prop_assert!(rounds < 1000, "planning ends");
        };
        prop_assert!(wake > now);
        let fresh = Freshness::of(&coverage, &rule, since, now);
        let late = fresh.gaps.as_slice().first().map(|gap| gap.from_ms());
        // All that may be left is what came since a reading just before.
        prop_assert!(late.is_none_or(|at| Some(at) == coverage.edge_ms()), "{late:?}");
        prop_assert!(!fresh.overdue);
        // By then something is due, and not a moment earlier.
        prop_assert!(plan(&coverage, &rule, since, wake - 1, most).due.is_empty());
        // A reach that moves on may leave nothing to ask for.
        if rule.reach_ms.is_none() && since < now {
            prop_assert!(!plan(&coverage, &rule, since, wake, most).due.is_empty());
        }
    }
}

fn minutely() -> Rule {
    Rule {
        window_ms: DAY,
        least_ms: MINUTE,
        overlap_ms: 30 * MINUTE,
        again_days: 2,
        promise_minutes: 5,
        reach_ms: None,
    }
}

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

#[test]
fn a_feed_never_read_is_read_from_the_newest_back() {
    let now = at("2026-03-05T12:00:30+09:00");
    let plan = plan(&Coverage::default(), &minutely(), now - 3 * DAY, now, 10);
    let told: Vec<_> = plan.due.iter().map(|due| (due.span.length_ms(), due.why)).collect();
    let step = DAY - MINUTE / 2;
    assert_eq!(
        told,
        [(step, Why::Newest), (DAY, Why::Gap), (DAY, Why::Gap), (MINUTE, Why::Gap)],
        "spans begin on the minute, and no day is too long"
    );
    assert_eq!(plan.due[0].span.until_ms(), now);
}

#[test]
fn what_was_read_too_soon_is_read_again_with_what_came_since() {
    let rule = Rule { again_days: 0, ..minutely() };
    let first = at("2026-03-05T12:00:00Z");
    let since = first - DAY;
    let coverage = Coverage::from_iter([read(since, first, first)]);
    let soon = plan(&coverage, &rule, since, first + MINUTE, 10);
    assert_eq!((soon.due, soon.wake_ms), (vec![], first + 75_000));
    let later = first + 5 * HOUR;
    let plan = plan(&coverage, &rule, since, later, 10);
    let expected = Due { span: span(first - 30 * MINUTE, later), why: Why::Newest };
    assert_eq!(plan.due, [expected], "a pause does not make the overlap shorter");
}

#[test]
fn the_last_days_are_read_again_once_a_night_the_longest_unread_first() {
    let rule = minutely();
    let night = at("2026-03-05T02:00:00+09:00");
    let since = night - 30 * DAY;
    let (early, late) = (night - HOUR, night - MINUTE);
    let mut coverage = Coverage::from_iter([
        read(since, night - DAY, late),
        read(night - DAY, early, early),
        read(early - HOUR, night - MINUTE, late),
    ]);
    let before = plan(&coverage, &rule, since, night - 1, 10);
    assert!(before.due.iter().all(|due| due.why != Why::Again));
    let now = night + MINUTE / 2;
    let plan_now = plan(&coverage, &rule, since, now, 10);
    let first = at("2026-03-03T00:00:00+09:00");
    let again: Vec<_> = plan_now.due.iter().filter(|due| due.why == Why::Again).collect();
    assert_eq!(again.iter().map(|due| due.span.from_ms()).min(), Some(first));
    assert_eq!(coverage.read_since(again[0].span), Some(early));
    for due in plan_now.due {
        coverage.add(Read::of(due.span, now, 0).unwrap());
    }
    for hours in 1..24 {
        let plan = plan(&coverage, &rule, since, now + hours * HOUR, 10);
        assert!(plan.due.iter().all(|due| due.why == Why::Newest), "once a night");
    }
    let next = plan(&coverage, &rule, since, now + DAY, 10);
    assert!(next.due.iter().any(|due| due.why == Why::Again));
}

#[test]
fn a_read_covers_nothing_that_was_yet_to_come() {
    assert_eq!(Read::of(span(0, 100), 40, 3).map(|read| read.span()), Some(span(0, 40)));
    assert_eq!(Read::of(span(40, 100), 40, 3), None);
}

#[test]
fn a_gap_is_overdue_once_it_is_older_than_the_promise() {
    let (rule, now) = (minutely(), at("2026-03-05T12:00:00Z"));
    let since = now - DAY;
    let known = |edge| {
        let coverage = Coverage::from_iter([read(since, edge, edge)]);
        Freshness::of(&coverage, &rule, since, now)
    };
    let fresh = known(now - 5 * MINUTE);
    assert_eq!((fresh.complete_until_ms, fresh.overdue), (now - 5 * MINUTE, false));
    assert!(known(now - 5 * MINUTE - 1).overdue);
    let holed = [read(since, now - HOUR, now), read(now - HOUR + 1, now, now)];
    let holed = Freshness::of(&holed.into_iter().collect(), &rule, since, now);
    assert_eq!(holed.complete_until_ms, now - HOUR);
    assert!(holed.overdue, "a hole of one millisecond is a hole");
    assert!(Freshness::of(&Coverage::default(), &rule, since, now).overdue);
    assert!(!Freshness::of(&Coverage::default(), &rule, now, now).overdue);
}

#[test]
fn what_a_clock_that_was_ahead_marked_as_read_is_read() {
    let rule = Rule {
        window_ms: DAY,
        least_ms: MINUTE,
        overlap_ms: 20 * MINUTE,
        again_days: 0,
        promise_minutes: 5,
        reach_ms: None,
    };
    let now = 1_767_225_600_000;
    let ahead = now + 2 * HOUR;
    let covered = Coverage::from_iter([
        read(now - 10 * HOUR, now - HOUR, now - HOUR),
        read(now - HOUR, ahead, ahead),
    ]);
    let due = plan(&covered, &rule, now - 10 * HOUR, now, 9).due;
    assert!(
        due.iter().any(|due| due.span.and(span(now - HOUR, now)) == Some(span(now - HOUR, now))),
        "{due:?}"
    );
    let fresh = Freshness::of(&covered, &rule, now - 10 * HOUR, now);
    assert_eq!((fresh.complete_until_ms, fresh.overdue), (now - HOUR, true));
    // A minute is within what clocks may be apart.
    let near = Coverage::from_iter([read(now - 10 * HOUR, now + MINUTE, now + MINUTE)]);
    assert!(!Freshness::of(&near, &rule, now - 10 * HOUR, now).overdue);
}
