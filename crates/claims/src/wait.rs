//! Waiting (대기): when a stored wait is over, also if a clock was set in between.
//!
//! What waits is stored as two instants: when it was noted and when it is over. Both are by the clock of
//! the process that noted it. If that clock ran ahead, or ours was set back since, the end of the wait is
//! as far away as the clock was set. Such a wait is not believed: it counts as over. Pure: now is handed
//! in.

/// How far apart the clocks of processes may be, in milliseconds; what a clock set back costs at most.
pub const SLACK_MS: i64 = 60_000;

/// The longest that anything but a lease is put off, in milliseconds; what is due later is looked at
/// before.
pub const LONGEST_MS: i64 = 12 * 3_600_000;

/// How far ahead stored instants may lie to be believed, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// Noted after this: by a clock that was ahead of ours, or before ours was set back.
    pub noted_ms: i64,
    /// Over after this: nobody waits that long.
    pub until_ms: i64,
}

impl Horizon {
    /// What may be believed at `now_ms` of waits that are `longest_ms` long at most.
    pub const fn of(now_ms: i64, longest_ms: i64) -> Self {
        let noted_ms = now_ms.saturating_add(SLACK_MS);
        Self { noted_ms, until_ms: noted_ms.saturating_add(longest_ms) }
    }

    /// Whether a wait noted at one instant until another may be believed.
    pub const fn holds(self, noted_ms: i64, until_ms: i64) -> bool {
        noted_ms <= self.noted_ms && until_ms <= self.until_ms
    }

    /// When a wait is over, seen at `now_ms`: at its end, or now if that is not to be believed.
    pub const fn over_ms(self, noted_ms: i64, until_ms: i64, now_ms: i64) -> i64 {
        if self.holds(noted_ms, until_ms) { until_ms } else { now_ms }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE_MS: i64 = 60_000;

    proptest! {
        #[test]
        fn a_clock_set_by_any_amount_costs_a_minute(
            noted in 0..1_i64 << 40, wait in 0..LONGEST_MS, passed in 0..LONGEST_MS, set in -1_i64 << 40..1 << 40,
        ) {
            let true_end = (wait - passed).max(0);
            let now = noted + passed + set;
            let over = Horizon::of(now, LONGEST_MS).over_ms(noted, noted + wait, now);
            prop_assert!((over - now).max(0) <= true_end + MINUTE_MS);
        }

        #[test]
        fn clocks_a_minute_apart_wait_as_long_as_they_say(
            noted in 0..1_i64 << 40, wait in 0..LONGEST_MS, apart in -MINUTE_MS..=MINUTE_MS,
        ) {
            let now = noted + apart;
            prop_assert_eq!(Horizon::of(now, LONGEST_MS).over_ms(noted, noted + wait, now), noted + wait);
        }
    }

    #[test]
    fn an_end_nobody_would_have_set_is_not_believed() {
        let horizon = Horizon::of(0, LONGEST_MS);
        assert!(horizon.holds(0, LONGEST_MS + SLACK_MS));
        assert!(!horizon.holds(0, LONGEST_MS + SLACK_MS + 1));
        assert_eq!(Horizon::of(i64::MAX, LONGEST_MS).until_ms, i64::MAX);
    }
}
