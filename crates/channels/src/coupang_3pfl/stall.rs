//! 3PFL as a simulated market plays it: nothing is sold here, and what is said is said by calling the
//! surface, so that the market has nothing to tell.

use std::collections::BTreeMap;

use hoesu_market::{Customs, Order};
use jiff::Timestamp;

use crate::Invented;
use crate::stall::Stall;

/// Everything here is pushed by one side to the other.
pub(super) struct Pushed;

impl Stall for Pushed {
    fn customs(&self) -> Option<Customs> {
        None
    }

    fn tell(
        &self,
        _order: &Order,
        _sold_on: &str,
        _settings: &BTreeMap<String, String>,
        _now: Timestamp,
    ) -> Vec<(&'static str, Invented)> {
        Vec::new()
    }
}
