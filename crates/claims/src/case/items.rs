//! The item map (품목 연결표): what is in the warehouse for what is sold.

use std::collections::BTreeMap;

use crate::fact::{Line, Quantity};
use crate::id::AccountId;

/// Sales item → resources and how many of each are in one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemMap {
    known: BTreeMap<(AccountId, String), BTreeMap<String, Quantity>>,
}

impl ItemMap {
    /// One more row: one `item` of a sales account holds so many of a resource, named by its bar code
    /// or its number in the seller's books.
    pub fn add(
        &mut self,
        account: AccountId,
        item: impl Into<String>,
        resource: impl Into<String>,
        quantity: Quantity,
    ) {
        self.known.entry((account, item.into())).or_default().insert(resource.into(), quantity);
    }

    /// What is in one piece of a line: by the item with its variant, else by the item alone.
    pub fn of(&self, account: AccountId, line: &Line) -> Option<&BTreeMap<String, Quantity>> {
        let item = line.item.as_ref()?;
        self.known.get(&(account, item.clone())).or_else(|| {
            let (item, _variant) = item.split_once('/')?;
            self.known.get(&(account, item.to_owned()))
        })
    }
}
