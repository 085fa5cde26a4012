//! The market's clock: goes as fast as it is told, stands still if it is told, never goes back.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use hoesu_channels::Clock;
use hoesu_server::SystemClock;
use jiff::{SignedDuration, Timestamp};

use crate::plan::after;
use crate::{Error, Result};

/// A clock that can be frozen, moved forward and sped up.
#[derive(Debug)]
pub(crate) struct MarketClock(Mutex<Hands>);

/// How the clock stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hands {
    /// What it showed at `since`.
    base: Timestamp,
    since: Instant,
    pub(crate) speed: f64,
    pub(crate) frozen: bool,
}

impl Hands {
    fn now(&self) -> Timestamp {
        if self.frozen {
            return self.base;
        }
        // To the millisecond: finer than any channel tells.
        let passed = self.since.elapsed().as_secs_f64() * self.speed * 1_000.0;
        after(self.base, SignedDuration::from_millis(passed as i64))
    }
}

impl MarketClock {
    pub(crate) fn new(now: Timestamp, speed: f64, frozen: bool) -> Self {
        Self(Mutex::new(Hands { base: now, since: Instant::now(), speed, frozen }))
    }

    /// Changes how it goes; what is not given stays. Refused if it would go back.
    pub(crate) fn set(
        &self,
        now: Option<Timestamp>,
        speed: Option<f64>,
        frozen: Option<bool>,
    ) -> Result<()> {
        let mut hands = self.hands();
        let shows = hands.now();
        if now.is_some_and(|now| now < shows) {
            return Err(Error::Impossible(
                "The clock cannot go back; `reset` begins anew.".to_owned(),
            ));
        }
        hands.base = now.unwrap_or(shows);
        hands.since = Instant::now();
        hands.speed = speed.unwrap_or(hands.speed);
        hands.frozen = frozen.unwrap_or(hands.frozen);
        Ok(())
    }

    /// How it stands, and what it shows.
    pub(crate) fn read(&self) -> (Hands, Timestamp) {
        let hands = *self.hands();
        (hands, hands.now())
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for MarketClock {
    fn now(&self) -> Timestamp {
        self.read().1
    }

    fn world(&self) -> Timestamp {
        SystemClock.now()
    }

    fn pace(&self) -> f64 {
        let hands = *self.hands();
        if hands.frozen { 0.0 } else { hands.speed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::constant(1_768_780_800, 0);

    #[test]
    fn a_frozen_clock_stands_still_and_can_be_moved_forward_alone() {
        let clock = MarketClock::new(START, 60.0, true);
        assert_eq!(clock.now(), START);
        let later = START + SignedDuration::from_hours(1);
        clock.set(Some(later), None, None).unwrap();
        assert_eq!(clock.now(), later);
        assert!(clock.set(Some(START), None, None).is_err());
        assert_eq!(clock.now(), later);
    }

    #[test]
    fn a_fast_clock_is_ahead_of_the_world() {
        let clock = MarketClock::new(START, 1_000_000.0, false);
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(clock.now() >= START + SignedDuration::from_secs(5_000));
    }
}
