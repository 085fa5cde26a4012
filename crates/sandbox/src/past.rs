//! A market's past, told into a ledger of somebody's own: what a hub would have heard by now.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoesu_channels::Channel;
use hoesu_ledger::{Account, Ledger};
use hoesu_market::Market;
use jiff::Timestamp;

use crate::booth::{self, Booth};
use crate::clock::MarketClock;
use crate::play::Play;
use crate::stage::Stage;
use crate::{Plan, Result};

/// A market that is told into a ledger as its time goes on.
pub struct Past(Stage);

impl std::fmt::Debug for Past {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Past").finish_non_exhaustive()
    }
}

impl Past {
    /// A market that opens as planned. `accounts` are each seller's; the plan's number of sellers is
    /// theirs. What their settings must say of each other is [`Past::settings`].
    pub fn of(ledger: Arc<Ledger>, plan: &Plan, accounts: Vec<Vec<Account>>) -> Self {
        let places = booth::places();
        let sellers = accounts.len();
        let booths = accounts.into_iter().enumerate().flat_map(|(seller, accounts)| {
            accounts.into_iter().filter_map(move |account| {
                let channel = hoesu_channels::by_id(&account.channel)?;
                Some((seller, channel, account))
            })
        });
        let booths = booths.map(|(seller, channel, account)| Booth {
            seller,
            seller_name: String::new(),
            channel,
            account,
            credentials: BTreeMap::new(),
            place: places.iter().position(|(place, _)| place.id() == channel.id()),
        });
        let booths: Arc<[Booth]> = booths.collect();
        let (sold_on, customs): (Vec<_>, Vec<_>) =
            places.into_iter().map(|(channel, customs)| (channel.id(), customs)).unzip();
        let mut config = plan.config();
        config.sellers = sellers;
        let play = Play::new(Market::new(config, customs), Arc::clone(&booths), sold_on);
        let clock = Arc::new(MarketClock::new(plan.opens_at(), 1.0, true));
        Self(Stage::new(ledger, booths, clock, plan.seed, play))
    }

    /// Tells what happens until an instant.
    pub async fn advance_to(&self, until: Timestamp) -> Result<()> {
        self.0.advance_to(until).await
    }

    /// What an account's settings must say of a seller's other accounts: their names by channel.
    pub fn settings(channel: &dyn Channel, names: &[(&str, &str)]) -> BTreeMap<String, String> {
        booth::of_others(channel, names)
    }
}
