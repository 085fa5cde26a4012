//! How time is cut into steps changes nothing.

use hoesu_market::Market;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::places::{hours, market, small};

/// Everything there is to know of a market that went on to an instant in these steps, in minutes.
fn told(seed: u64, until: Timestamp, steps: &[i64]) -> Vec<String> {
    let mut market: Market = market(small(seed));
    let mut told = Vec::new();
    for step in steps {
        let next = market.now() + SignedDuration::from_mins(*step);
        market.advance(next.min(until), &mut |order| told.push(format!("{order:?}")));
    }
    market.advance(until, &mut |order| told.push(format!("{order:?}")));
    told.extend(market.happened().iter().map(|happened| format!("{happened:?}")));
    told.extend(market.orders().map(|order| format!("{order:?}")));
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn time_cut_into_steps_is_the_same_time(
        seed in 0_u64..1000,
        steps in prop::collection::vec(0_i64..900, 0..60),
    ) {
        let until = hours(150);
        let whole = told(seed, until, &[]);
        let cut = told(seed, until, &steps);
        prop_assert!(whole == cut);
    }
}
