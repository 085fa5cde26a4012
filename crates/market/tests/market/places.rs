//! Two marketplaces as different as they come, and markets with both.

use hoesu_market::{Config, Customs, Market, Stop};
use jiff::{SignedDuration, Timestamp};

/// A cancel stops goods and has to be answered; cheap goods are refunded on the scan.
pub(crate) const STOPS: Customs = Customs {
    stop: Stop::Stopped,
    exchanges: true,
    quick_refund: true,
    completes_after: None,
    cancels_after: None,
    waybill_refuses_cancel: false,
    shown_after: SignedDuration::from_mins(10),
    box_after: SignedDuration::from_mins(10),
};

/// A cancel is a request that the waybill turns down.
pub(crate) const REQUESTS: Customs = Customs {
    stop: Stop::Requested,
    exchanges: true,
    quick_refund: false,
    completes_after: Some(3),
    cancels_after: Some(2),
    waybill_refuses_cancel: true,
    shown_after: SignedDuration::ZERO,
    box_after: SignedDuration::ZERO,
};

/// A market with both.
pub(crate) fn market(config: Config) -> Market {
    Market::new(config, vec![STOPS, REQUESTS])
}

/// A small one.
pub(crate) fn small(seed: u64) -> Config {
    Config { seed, sellers: 1, orders_per_day: 12, ..Config::default() }
}

/// So many hours after a market of the default configuration opens.
pub(crate) fn hours(many: i64) -> Timestamp {
    Config::default().opens_at + SignedDuration::from_hours(many)
}
