//! The numbers given last, as they are counted and as the rows have them.

use hoesu_claims::{AccountId, SellerId};

/// A number given last that is not the highest one in the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Whose.
    pub seller: SellerId,
    /// The account and kind whose documents are counted; `None`: the seller's change sequence.
    pub shelf: Option<(AccountId, String)>,
    /// The number given last, as it is counted.
    pub counted: i64,
    /// The highest number in the rows; 0 if there are none.
    pub highest: i64,
}

impl Counter {
    /// Whether the next number is one that a row has already, so that nothing can be added. A counter
    /// that is ahead harms nobody: the next document makes it agree.
    pub const fn is_behind(&self) -> bool {
        self.counted < self.highest
    }
}
