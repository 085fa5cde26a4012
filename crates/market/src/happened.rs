//! What really happened, in order: the truth a reader of the channels can be held against.

use jiff::Timestamp;
use serde::Serialize;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// Whose, from 0.
    pub seller: usize,
    /// [`Order::nth`](crate::Order::nth).
    pub order: u64,
    /// The claim it is about, by place in the order's claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<usize>,
    /// Whether a caller of a channel did it.
    #[serde(skip_serializing_if = "is_false")]
    pub by_caller: bool,
    /// What, in stable words parted by hyphens: `order-paid`, `return-asked`.
    pub what: &'static str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
