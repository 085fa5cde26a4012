//! The market: orders, and what is still to happen to them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{Act, Acted, Config, Customs, Happened, Order, Refused};

/// A market at an instant.
#[derive(Debug)]
pub struct Market {
    config: Config,
    places: Vec<Customs>,
    now: Timestamp,
    orders: BTreeMap<u64, Order>,
    happened: Vec<Happened>,
}

impl Market {
    /// A market as it opens, with a marketplace of each of these customs.
    pub fn new(config: Config, places: Vec<Customs>) -> Self {
        let now = config.opens_at;
        Self { config, places, now, orders: BTreeMap::new(), happened: Vec::new() }
    }

    /// How large it is, and how it began.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// How its marketplaces differ.
    pub fn places(&self) -> &[Customs] {
        &self.places
    }

    /// The instant it has come to.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Goes on to an instant. `changed` is told every order as it is after each thing that happened
    /// to it, in order of time: [`Order::changed_at`] is when.
    pub fn advance(&mut self, until: Timestamp, changed: &mut dyn FnMut(&Order)) {
        let _ = changed;
        self.now = self.now.max(until);
    }

    /// Does what a seller asks of a marketplace, now. `changed` as in [`Market::advance`].
    pub fn act(
        &mut self,
        seller: usize,
        place: usize,
        act: &Act,
        changed: &mut dyn FnMut(&Order),
    ) -> Result<Acted, Refused> {
        let _ = (seller, place, act, changed);
        Err(Refused::NotThere)
    }

    /// An order by its number.
    pub fn order(&self, nth: u64) -> Option<&Order> {
        self.orders.get(&nth)
    }

    /// Every order, by number.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// What happened, in order.
    pub fn happened(&self) -> &[Happened] {
        &self.happened
    }
}
