//! A channel as a simulated market plays it: its customs, what it says of an order, and the floor
//! where what callers ask for is done.

use std::collections::BTreeMap;

use async_trait::async_trait;
use hoesu_ledger::Account;
use hoesu_market::{Act, Acted, Customs, Order, Refused};
use jiff::Timestamp;

use crate::Invented;

/// What a channel must know to be played by a market.
pub trait Stall: Send + Sync + 'static {
    /// How the marketplace differs from others; `None` if nothing is sold on the channel.
    fn customs(&self) -> Option<Customs>;

    /// Everything the channel says of an order at `now`, with the kinds of the documents; nothing of
    /// an order the channel has not heard of. `settings` are the account's. The same order at the same
    /// instant is the same bytes; a document that is told no more keeps what was last said of it.
    /// `sold_on` is the id of the channel the order was sold on.
    fn tell(
        &self,
        order: &Order,
        sold_on: &str,
        settings: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Vec<(&'static str, Invented)>;

    /// What an account's settings must say of the seller's other accounts: `sold` are the channels'
    /// ids and the names of the accounts things are sold on.
    fn settings(&self, sold: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        let _ = sold;
        Vec::new()
    }
}

/// Where what callers ask for is done, and the documents change by it before it is answered.
#[async_trait]
pub trait Floor: Send + Sync + 'static {
    /// Does what an account's caller asks.
    async fn act(&self, account: &Account, act: Act) -> Result<Acted, Refused>;

    /// Random bits for what a channel makes up in an answer (a transaction's id): the same for the
    /// same seed and the same calls.
    fn chance(&self) -> u128;
}
