//! A fair: one channel's surface over what its stall tells of a market, or over made-up documents.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use hoesu_claims::document::Marks;
use hoesu_claims::{Found, Incoming, Media, Moment, State};
use hoesu_ledger::{Account, Put};
use hoesu_market::{Act, Acted, Config, Customs, Market, Refused};
use jiff::{SignedDuration, Timestamp};

use crate::connect::Span;
use crate::stall::Floor;
use crate::trial::{NOW, Trial};
use crate::{CHANNELS, Channel, Clock, Invented};

/// The settings of an account, each with a value.
pub(super) type Settings = Vec<(&'static str, &'static str)>;

/// Every choice an account's settings leave, beginning with the first value of each.
pub(super) fn variants(channel: &dyn Channel) -> Vec<Settings> {
    let choices = channel.capabilities().settings.iter().filter(|one| !one.values.is_empty());
    choices.fold(vec![Vec::new()], |variants: Vec<Settings>, setting| {
        let with = |value: &&'static str| {
            let value = *value;
            variants.iter().map(move |variant| {
                let mut variant = variant.clone();
                variant.push((setting.name, value));
                variant
            })
        };
        setting.values.iter().flat_map(with).collect()
    })
}

/// The channels that are asked.
pub(super) fn asked() -> impl Iterator<Item = &'static dyn Channel> {
    CHANNELS.iter().copied().filter(|channel| channel.connector().is_some())
}

/// A document that is there to be read.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) kind: &'static str,
    pub(super) key: String,
    pub(super) media: Media,
    pub(super) body: Vec<u8>,
    pub(super) marks: Marks,
    pub(super) found: Found,
}

impl Told {
    fn of(channel: &dyn Channel, kind: &'static str, said: Invented) -> Self {
        let Invented { media, body, marks } = said;
        let reading = channel.read(media, &body).unwrap();
        assert_eq!(reading.kind, kind);
        Self { kind, key: reading.key, media, body, marks, found: reading.found }
    }

    fn moments(&self) -> impl Iterator<Item = Timestamp> {
        self.found.moments.iter().map(|(_, at)| *at).chain(self.marks.values().copied())
    }

    /// Whether lists may show it no more.
    pub(super) fn is_gone(&self) -> bool {
        self.marks.contains_key(&Moment::Gone)
    }

    /// Whether it says of itself that a list shows it.
    pub(super) fn is_listed(&self) -> bool {
        self.found.states.iter().any(|(state, _)| *state == State::Listed)
    }
}

/// A market, of which one channel's caller asks.
pub(super) struct Stage {
    market: Mutex<Market>,
    place: Option<usize>,
}

#[async_trait]
impl Floor for Stage {
    async fn act(&self, _: &Account, act: Act) -> Result<Acted, Refused> {
        let place = self.place.ok_or(Refused::NotThere)?;
        self.market.lock().unwrap().act(0, place, &act, &mut |_| {})
    }

    fn chance(&self) -> u128 {
        1
    }
}

/// Stands still, and counts a second for every call so that no caller calls too often.
struct Unhurried(AtomicI64);

impl Clock for Unhurried {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn counting(&self) -> Timestamp {
        NOW + SignedDuration::from_secs(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// The marketplaces of a market.
fn places() -> Vec<(&'static dyn Channel, Customs)> {
    let customs = |channel: &dyn Channel| channel.stall()?.customs();
    CHANNELS.iter().filter_map(|channel| Some((*channel, customs(*channel)?))).collect()
}

/// A channel's surface, and what is behind it.
pub(super) struct Fair {
    pub(super) trial: Trial,
    pub(super) told: Vec<Told>,
    stage: Arc<Stage>,
    sold_on: Vec<&'static str>,
}

impl Fair {
    /// Over nothing.
    pub(super) async fn empty(channel: &'static dyn Channel, settings: &Settings) -> Self {
        Self::open(channel, settings, NOW, 0).await
    }

    /// Over so many made-up documents of each kind.
    pub(super) async fn invented(
        channel: &'static dyn Channel,
        settings: &Settings,
        many: u64,
    ) -> Self {
        let mut fair = Self::empty(channel, settings).await;
        for kind in channel.capabilities().kinds {
            let made = (0..many).map_while(|nth| channel.invent(kind, nth));
            fair.told.extend(made.map(|made| Told::of(channel, kind, made)));
        }
        fair.put().await;
        fair
    }

    /// Over what is told of a market in which nobody answers claims, open for so many days.
    pub(super) async fn market(
        channel: &'static dyn Channel,
        settings: &Settings,
        days: i64,
        orders_per_day: u32,
    ) -> Self {
        let opens_at = NOW - SignedDuration::from_hours(24 * days);
        let mut fair = Self::open(channel, settings, opens_at, orders_per_day).await;
        fair.advance(NOW).await;
        fair
    }

    async fn open(
        channel: &'static dyn Channel,
        settings: &Settings,
        opens_at: Timestamp,
        orders_per_day: u32,
    ) -> Self {
        let places = places();
        let sold: Vec<(&str, &str)> =
            places.iter().map(|(place, _)| (place.id(), place.id())).collect();
        let told = channel.stall().map(|stall| stall.settings(&sold)).unwrap_or_default();
        let told = told.iter().map(|(name, value)| (*name, value.as_str()));
        let settings: Vec<_> = settings.iter().copied().chain(told).collect();
        let config = Config { sellers: 1, opens_at, orders_per_day, staffed: false, seed: 7 };
        let customs = places.iter().map(|(_, customs)| *customs).collect();
        let place = places.iter().position(|(place, _)| place.id() == channel.id());
        let market = Mutex::new(Market::new(config, customs));
        let stage = Arc::new(Stage { market, place });
        let mut trial = Trial::of(channel, &settings).await;
        trial.desk.clock = Arc::new(Unhurried(AtomicI64::new(0)));
        let trial = trial.with_floor(Arc::<Stage>::clone(&stage));
        let sold_on = places.iter().map(|(place, _)| place.id()).collect();
        Self { trial, told: Vec::new(), stage, sold_on }
    }

    /// Lets the market go on, and everything be told that is told by then.
    pub(super) async fn advance(&mut self, until: Timestamp) {
        self.stage.market.lock().unwrap().advance(until, &mut |_| {});
        self.tell().await;
    }

    /// What the market's clock shows.
    pub(super) fn now(&self) -> Timestamp {
        self.stage.market.lock().unwrap().now()
    }

    /// Puts what is told of every order now where callers read it.
    pub(super) async fn tell(&mut self) {
        let channel = self.trial.channel;
        let Some(stall) = channel.stall() else { return };
        {
            let market = self.stage.market.lock().unwrap();
            let heard = market
                .orders()
                .filter(|order| self.stage.place.is_none_or(|place| place == order.place));
            let settings: &BTreeMap<String, String> = &self.trial.account.settings;
            let told = heard.flat_map(|order| {
                stall.tell(order, self.sold_on[order.place], settings, market.now())
            });
            self.told = told.map(|(kind, said)| Told::of(channel, kind, said)).collect();
        }
        self.put().await;
    }

    async fn put(&self) {
        let mut shelves: BTreeMap<&'static str, Vec<Incoming>> = BTreeMap::new();
        for told in self.told.iter().cloned() {
            let Told { kind, key, media, body, marks, found } = told;
            let incoming = Incoming { key, media, body, marks, found, observed_at: NOW };
            shelves.entry(kind).or_default().push(incoming);
        }
        for (kind, documents) in shelves {
            let shelf = self.trial.account.shelf(kind);
            self.trial.desk.ledger.append(shelf, Put::Newer, documents).await.unwrap();
        }
    }

    /// Every day on which anything told happened.
    pub(super) fn span(&self) -> Span {
        let moments: BTreeSet<Timestamp> = self.told.iter().flat_map(Told::moments).collect();
        let day = SignedDuration::from_hours(24);
        let (first, last) = (moments.first().unwrap_or(&NOW), moments.last().unwrap_or(&NOW));
        Span { from: *first, until: *last + day }
    }
}
