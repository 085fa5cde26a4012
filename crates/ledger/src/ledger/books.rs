//! What a seller tells hoesu itself: the item map, days off, and whose an ambiguous order is.

use std::collections::{BTreeMap, BTreeSet};

use hoesu_claims::SellerId;
use jiff::civil::Date;

use super::Ledger;
use crate::store::books;
use crate::{Choice, Error, Outcome, Resources, Result, SalesItem};

/// The longest number of an item or a resource, in characters.
pub const ITEM_CHARS_MAX: usize = 200;

impl Ledger {
    /// The item map.
    pub async fn items(&self, seller: SellerId) -> Result<BTreeMap<SalesItem, Resources>> {
        self.database
            .scan("reading the item map", move |tx| Box::pin(books::items(tx, seller)))
            .await
    }

    /// Replaces all resources of each of these items, and leaves the others as they are; an item
    /// given no resources is taken off the map. Answers what became of each: new, changed or
    /// unchanged. Refused if a number is empty, longer than [`ITEM_CHARS_MAX`] or not plain text, or
    /// a quantity is 0.
    pub async fn map_items(
        &self,
        seller: SellerId,
        items: BTreeMap<SalesItem, Resources>,
    ) -> Result<BTreeMap<SalesItem, Outcome>> {
        for (item, resources) in &items {
            let named = resources.keys().chain([&item.item]);
            if !named.clone().all(|text| is_number(text)) || resources.values().any(|n| *n == 0) {
                let why = "an item and its resources need numbers, and a quantity of 1 or more";
                return Err(Error::Refused(why.to_owned()));
            }
        }
        if items.is_empty() {
            Ok(BTreeMap::new())
        } else {
            self.database
                .write("mapping items", move |tx| Box::pin(books::map_items(tx, seller, items)))
                .await
        }
    }

    /// The days off the seller added, with their names.
    pub async fn days_off(&self, seller: SellerId) -> Result<BTreeMap<Date, String>> {
        self.database
            .read("reading the days off", move |tx| Box::pin(books::days_off(tx, seller)))
            .await
    }

    /// Adds days off; one that is there gets the name given. Answers what became of each: new,
    /// changed or unchanged. Refused if a name is empty.
    pub async fn add_days_off(
        &self,
        seller: SellerId,
        days: BTreeMap<Date, String>,
    ) -> Result<BTreeMap<Date, Outcome>> {
        if !days.values().all(|name| is_text(name)) {
            return Err(Error::Refused("a day off needs a name".to_owned()));
        }
        self.database
            .write("adding days off", move |tx| Box::pin(books::add_days_off(tx, seller, days)))
            .await
    }

    /// Takes added days back; answers those that were there.
    pub async fn remove_days_off(
        &self,
        seller: SellerId,
        days: BTreeSet<Date>,
    ) -> Result<BTreeSet<Date>> {
        self.database
            .write("taking days off back", move |tx| {
                Box::pin(books::remove_days_off(tx, seller, days))
            })
            .await
    }

    /// Which sales account persons gave to orders, by warehouse and order.
    pub async fn choices(&self, seller: SellerId) -> Result<Vec<Choice>> {
        self.database
            .read("reading the choices", move |tx| Box::pin(books::choices(tx, seller)))
            .await
    }

    /// Keeps a choice in the place of the one before. Answers what became of it: new, changed, or
    /// unchanged if the same sales account was chosen before; who did so first stays then. Refused if
    /// nobody chose, or no order.
    pub async fn choose(&self, seller: SellerId, choice: Choice) -> Result<Outcome> {
        if !is_number(&choice.order) || !is_text(&choice.who) {
            return Err(Error::Refused("a choice needs an order and who chose".to_owned()));
        }
        self.database
            .write("keeping a choice", move |tx| Box::pin(books::choose(tx, seller, choice)))
            .await
    }
}

/// Whether a text can be a number in somebody's books: it is a key, so it is short.
fn is_number(text: &str) -> bool {
    is_text(text) && text.chars().count() <= ITEM_CHARS_MAX
}

/// Whether a text says something on one line.
fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}
