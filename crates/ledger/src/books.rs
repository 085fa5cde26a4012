//! What a seller tells hoesu itself: what is in an item, and whose an order is.

use std::collections::BTreeMap;

use hoesu_claims::AccountId;
use hoesu_claims::fact::Quantity;
use jiff::Timestamp;

/// An item of a sales account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SalesItem {
    /// The sales account.
    pub account: AccountId,
    /// Its number there, `item/variant` if it has variants.
    pub item: String,
}

/// What is in one piece of an item: a warehouse's resources, by bar code or by number in the seller's
/// books, and how many of each.
pub type Resources = BTreeMap<String, Quantity>;

/// A person said which sales account an order of a warehouse belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The warehouse's account.
    pub warehouse: AccountId,
    /// The order as the warehouse has it.
    pub order: String,
    /// The sales account.
    pub sales: AccountId,
    /// Who said so.
    pub who: String,
    /// When.
    pub chosen_at: Timestamp,
}
