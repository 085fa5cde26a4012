//! The play: the market goes on, and what channels say of it becomes documents.

use std::collections::{BTreeMap, BTreeSet, HashMap, hash_map};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use hoesu_channels::Invented;
use hoesu_claims::Incoming;
use hoesu_market::{Act, Acted, Market, Order, Refused};
use jiff::Timestamp;

use crate::booth::Booth;
use crate::fault::Faults;
use crate::plan::after;

/// A document on its way to a booth's shelf.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) booth: usize,
    pub(crate) kind: &'static str,
    pub(crate) incoming: Incoming,
}

/// Takes what is due at an instant.
fn due<T: IntoIterator>(
    all: &mut BTreeMap<Timestamp, T>,
    now: Timestamp,
) -> impl Iterator<Item = T::Item> + use<T> {
    let mut due = Vec::new();
    while let Some(first) = all.first_entry().filter(|first| *first.key() <= now) {
        due.extend(first.remove());
    }
    due.into_iter()
}

/// A document: booth, kind and key.
type Name = (usize, &'static str, String);

/// A market and what was told of it.
pub(crate) struct Play {
    pub(crate) market: Market,
    booths: Arc<[Booth]>,
    /// The channel of each of the market's places.
    sold_on: Vec<&'static str>,
    /// Orders that look different at an instant though nothing happens to them.
    later: BTreeMap<Timestamp, BTreeSet<u64>>,
    /// What was last told of each document, as a hash.
    known: HashMap<Name, u64>,
    /// Documents that are told and not visible yet.
    held: BTreeMap<Timestamp, Vec<Name>>,
    /// Until when each is kept back, and what it says by now.
    held_as: HashMap<Name, (Timestamp, Told)>,
    /// Documents that became visible and are not in the ledger yet.
    pub(crate) visible: Vec<Told>,
}

impl Play {
    pub(crate) fn new(market: Market, booths: Arc<[Booth]>, sold_on: Vec<&'static str>) -> Self {
        Self {
            market,
            booths,
            sold_on,
            later: BTreeMap::new(),
            known: HashMap::new(),
            held: BTreeMap::new(),
            held_as: HashMap::new(),
            visible: Vec::new(),
        }
    }

    /// Goes on to an instant, telling what happens on the way when it happens; stops on the way once
    /// there are `enough` documents to be written.
    pub(crate) fn advance(&mut self, until: Timestamp, enough: usize, faults: &mut Faults) {
        while self.market.now() < until && self.visible.len() < enough {
            // From instant to instant: what happens may itself make something visible later.
            let wakes = [self.later.keys().next(), self.held.keys().next()];
            let wakes = wakes.into_iter().flatten().copied().chain(self.market.next_at());
            let next = wakes.fold(until, Timestamp::min).max(self.market.now());
            let mut changed = Vec::new();
            self.market.advance(next, &mut |order| changed.push(order.clone()));
            for order in &changed {
                self.tell(order, order.changed_at, Some(&mut *faults));
            }
            for nth in due(&mut self.later, next) {
                if let Some(order) = self.market.order(nth).cloned() {
                    self.tell(&order, next, Some(&mut *faults));
                }
            }
            for name in due(&mut self.held, next) {
                // It may have been shown since, and kept back again.
                if self.held_as.get(&name).is_none_or(|(until, _)| *until > next) {
                    continue;
                }
                if let Some((_, mut told)) = self.held_as.remove(&name) {
                    told.incoming.observed_at = next;
                    self.visible.push(told);
                }
            }
        }
    }

    /// Does what somebody asks, now. What changes by it is visible at once.
    pub(crate) fn act(&mut self, seller: usize, place: usize, act: &Act) -> Result<Acted, Refused> {
        let mut changed = Vec::new();
        let acted = self.market.act(seller, place, act, &mut |order| changed.push(order.clone()));
        for order in &changed {
            self.tell(order, order.changed_at, None);
        }
        acted
    }

    /// Tells what every channel says of an order. Without faults nothing comes late.
    fn tell(&mut self, order: &Order, at: Timestamp, mut faults: Option<&mut Faults>) {
        let place = self.market.places()[order.place];
        let shown_at = after(order.paid_at, place.shown_after);
        if at < shown_at {
            self.later.entry(shown_at).or_default().insert(order.nth);
        }
        let booths = Arc::clone(&self.booths);
        for (nth, booth) in booths.iter().enumerate() {
            let Some(stall) = booth.stall_for(order) else { continue };
            let settings = &booth.account.settings;
            for (kind, said) in stall.tell(order, self.sold_on[order.place], settings, at) {
                let Some(told) = self.changed(nth, booth, kind, said, at) else { continue };
                let faults = faults.as_deref_mut();
                match faults.and_then(|faults| faults.late(&booth.account.name, at)) {
                    Some(by) => self.hold(after(at, by), told),
                    None => self.show(told),
                }
            }
        }
    }

    /// The document, if it says anything new.
    fn changed(
        &mut self,
        nth: usize,
        booth: &Booth,
        kind: &'static str,
        said: Invented,
        at: Timestamp,
    ) -> Option<Told> {
        let Invented { media, body, marks } = said;
        let reading = match booth.channel.read(media, &body) {
            Ok(reading) => reading,
            Err(refusal) => {
                tracing::error!(
                    channel = booth.channel.id(),
                    kind,
                    field = refusal.field,
                    why = refusal.why,
                    "a stall told what its channel cannot read"
                );
                return None;
            }
        };
        debug_assert_eq!(reading.kind, kind, "a stall tells the kind it names");
        let mut hash = DefaultHasher::new();
        (&body, &marks).hash(&mut hash);
        let hash = hash.finish();
        match self.known.entry((nth, reading.kind, reading.key.clone())) {
            hash_map::Entry::Occupied(mut last) => {
                if last.insert(hash) == hash {
                    return None;
                }
            }
            hash_map::Entry::Vacant(none) => drop(none.insert(hash)),
        }
        let incoming = Incoming {
            key: reading.key,
            media,
            body,
            marks,
            found: reading.found,
            observed_at: at,
        };
        Some(Told { booth: nth, kind: reading.kind, incoming })
    }

    /// Keeps a document back. One of the same name that is kept back already stays where it stands in
    /// the queue and says the newer.
    fn hold(&mut self, until: Timestamp, told: Told) {
        let name = (told.booth, told.kind, told.incoming.key.clone());
        match self.held_as.entry(name) {
            hash_map::Entry::Occupied(mut held) => held.get_mut().1 = told,
            hash_map::Entry::Vacant(none) => {
                self.held.entry(until).or_default().push(none.key().clone());
                none.insert((until, told));
            }
        }
    }

    /// Shows a document. What was kept back of it is outdone.
    fn show(&mut self, told: Told) {
        self.held_as.remove(&(told.booth, told.kind, told.incoming.key.clone()));
        self.visible.push(told);
    }

    /// Whether the market tells a document; others were brought by callers.
    pub(crate) fn tells(&self, booth: usize, kind: &'static str, key: &str) -> bool {
        self.known.contains_key(&(booth, kind, key.to_owned()))
    }
}
