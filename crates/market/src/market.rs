//! The market: orders, and what is still to happen to them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hoesu_claims::Calendar;
use hoesu_claims::time::kst_day;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::agenda::{Event, Held, Slot};
use crate::buying::{self, Sale};
use crate::turn::Turn;
use crate::{Act, Acted, Config, Customs, Happened, Order, Refused, packing};

/// Days without an order after which nobody buys any more.
const QUIET_DAYS: u32 = 60;

/// A market at an instant.
#[derive(Debug)]
pub struct Market {
    config: Config,
    places: Vec<Customs>,
    calendar: Calendar,
    now: Timestamp,
    /// The first day nothing is known of yet, and the number of its first order.
    unknown: (Date, u64),
    /// Who is going to buy on the days that are known.
    coming: VecDeque<Sale>,
    /// By number: the first is 0, and none is left out.
    orders: Vec<Held>,
    agenda: BTreeSet<Slot>,
    /// Waybills callers named, and for which order.
    named: BTreeMap<String, u64>,
    happened: Vec<Happened>,
}

impl Market {
    /// A market as it opens, with a marketplace of each of these customs.
    pub fn new(config: Config, places: Vec<Customs>) -> Self {
        let now = config.opens_at;
        let mut market = Self {
            config,
            places,
            calendar: Calendar::default(),
            now,
            unknown: (kst_day(now), 0),
            coming: VecDeque::new(),
            orders: Vec::new(),
            agenda: BTreeSet::new(),
            named: BTreeMap::new(),
            happened: Vec::new(),
        };
        market.look_ahead();
        market
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

    /// When something may happen next without anybody asking; `None` if nothing ever will.
    pub fn next_at(&self) -> Option<Timestamp> {
        let bought = self.coming.front().map(|sale| sale.at);
        let due = self.agenda.first().map(|(at, _, _)| *at);
        bought.into_iter().chain(due).min()
    }

    /// Goes on to an instant. `changed` is told every order as it is after each thing that happened
    /// to it, in order of time: [`Order::changed_at`] is when.
    pub fn advance(&mut self, until: Timestamp, changed: &mut dyn FnMut(&Order)) {
        while let Some(at) = self.next_at().filter(|at| *at <= until) {
            self.now = at;
            if self.coming.front().is_some_and(|sale| sale.at == at) {
                self.buy(changed);
            } else {
                self.come(changed);
            }
        }
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
        let order = self.order(act.order()).ok_or(Refused::NotThere)?;
        if order.seller != seller || order.place != place {
            return Err(Refused::NotThere);
        }
        let taken = act.waybill().is_some_and(|waybill| self.is_taken(waybill, order));
        let nth = order.nth;
        let acted = self.turn(nth, changed, |turn| {
            turn.by_caller = true;
            turn.act(act, taken)
        });
        let acted = acted.unwrap_or(Err(Refused::NotThere))?;
        if let Some(waybill) = act.waybill() {
            self.named.insert(waybill.to_owned(), nth);
        }
        Ok(acted)
    }

    /// Whether a waybill is another order's.
    fn is_taken(&self, waybill: &str, order: &Order) -> bool {
        let named = self.named.get(waybill).is_some_and(|nth| *nth != order.nth);
        let sent = packing::sent_with(waybill).and_then(|(nth, parcel)| {
            let other = self.order(nth).filter(|other| other.nth != order.nth)?;
            other.has_parcel(parcel).then_some(())
        });
        named || sent.is_some()
    }

    /// An order by its number.
    pub fn order(&self, nth: u64) -> Option<&Order> {
        Some(&self.orders.get(usize::try_from(nth).ok()?)?.order)
    }

    /// Every order, by number.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().map(|held| &held.order)
    }

    /// What happened, in order.
    pub fn happened(&self) -> &[Happened] {
        &self.happened
    }

    /// Draws days until somebody buys.
    fn look_ahead(&mut self) {
        for _ in 0..QUIET_DAYS {
            if !self.coming.is_empty() {
                return;
            }
            let (day, nth) = self.unknown;
            self.coming = buying::day(&self.config, self.places.len(), day, nth);
            let Ok(next) = day.tomorrow() else { return };
            self.unknown = (next, nth + self.coming.len() as u64);
        }
    }

    /// Somebody buys.
    fn buy(&mut self, changed: &mut dyn FnMut(&Order)) {
        let Some(sale) = self.coming.pop_front() else { return };
        self.orders.push(Held::bought(self.config.seed, sale));
        self.turn(sale.nth, changed, |turn| turn.comes(Event::Pay));
        self.look_ahead();
    }

    /// It comes to what is first on the agenda.
    fn come(&mut self, changed: &mut dyn FnMut(&Order)) {
        let Some((_, nth, seq)) = self.agenda.pop_first() else { return };
        let Some(held) = self.orders.get_mut(nth as usize) else { return };
        let Some(at) = held.todo.iter().position(|todo| todo.seq == seq) else { return };
        let event = held.todo.swap_remove(at).event;
        self.turn(nth, changed, |turn| turn.comes(event));
    }

    /// Does something to an order now, and tells if it changed.
    fn turn<T>(
        &mut self,
        nth: u64,
        changed: &mut dyn FnMut(&Order),
        does: impl FnOnce(&mut Turn<'_>) -> T,
    ) -> Option<T> {
        let held = self.orders.get_mut(nth as usize)?;
        let customs = *self.places.get(held.order.place)?;
        let mut turn = Turn {
            at: self.now,
            seed: self.config.seed,
            staffed: self.config.staffed,
            customs,
            calendar: &self.calendar,
            held,
            agenda: &mut self.agenda,
            happened: &mut self.happened,
            by_caller: false,
            changed: false,
        };
        let done = does(&mut turn);
        if turn.changed {
            changed(&turn.held.order);
        }
        if turn.held.todo.is_empty() {
            turn.held.todo = Vec::new();
        }
        Some(done)
    }
}
