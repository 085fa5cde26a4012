//! Days of the default market: everything happens, and nothing that cannot.

use std::collections::BTreeSet;

use hoesu_market::{Config, Thing};

use crate::places::{hours, market};

#[test]
fn everything_happens_in_ten_days_of_the_default_market() {
    assert_eq!(never_happens(Config::default(), 10), []);
}

#[test]
fn everything_happens_in_two_weeks_whatever_the_seed() {
    for seed in 2..6 {
        assert_eq!(never_happens(Config { seed, ..Config::default() }, 14), [], "seed {seed}");
    }
}

/// What does not happen in so many days.
fn never_happens(config: Config, days: i64) -> Vec<Thing> {
    let mut market = market(config);
    market.advance(hours(days * 24), &mut |_| {});
    let seen: BTreeSet<_> = market.happened().iter().map(|happened| happened.what).collect();
    Thing::ALL.iter().copied().filter(|thing| !seen.contains(thing.word())).collect()
}
