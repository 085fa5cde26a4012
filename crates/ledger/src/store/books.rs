//! What a seller tells hoesu itself, as the databases keep it.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use hoesu_claims::SellerId;
use jiff::civil::Date;

use crate::{Choice, Outcome, Resources, Result, SalesItem};

/// The item map, days off and choices; each write is one transaction.
#[async_trait]
pub(crate) trait Books {
    async fn items(&self, seller: SellerId) -> Result<BTreeMap<SalesItem, Resources>>;
    /// Replaces all resources of each item; no resources take it off the map.
    async fn map_items(
        &self,
        seller: SellerId,
        items: BTreeMap<SalesItem, Resources>,
    ) -> Result<BTreeMap<SalesItem, Outcome>>;

    async fn days_off(&self, seller: SellerId) -> Result<BTreeMap<Date, String>>;
    async fn add_days_off(
        &self,
        seller: SellerId,
        days: BTreeMap<Date, String>,
    ) -> Result<BTreeMap<Date, Outcome>>;
    /// Answers those that were there.
    async fn remove_days_off(
        &self,
        seller: SellerId,
        days: BTreeSet<Date>,
    ) -> Result<BTreeSet<Date>>;

    /// By warehouse and order.
    async fn choices(&self, seller: SellerId) -> Result<Vec<Choice>>;
    async fn choose(&self, seller: SellerId, choice: Choice) -> Result<Outcome>;
}

/// What becomes of a value that is given.
pub(crate) fn outcome<T: PartialEq>(known: Option<&T>, given: &T) -> Outcome {
    match known {
        None => Outcome::New,
        Some(known) if known == given => Outcome::Unchanged,
        Some(_) => Outcome::Changed,
    }
}

/// What becomes of an item's resources. Nothing known and nothing given is the same.
pub(crate) fn outcome_of_item(known: &Resources, given: &Resources) -> Outcome {
    let known = (!known.is_empty() || given.is_empty()).then_some(known);
    outcome(known, given)
}

/// The item without its variant, as documents may name it.
pub(crate) fn item_alone(item: &str) -> &str {
    item.split_once('/').map_or(item, |(item, _variant)| item)
}
