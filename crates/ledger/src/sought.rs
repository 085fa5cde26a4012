//! What is to be asked of a channel by its number, and was not answered yet.

use jiff::Timestamp;

/// Something to be asked by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// The channel's way of asking.
    pub lookup: String,
    /// The number.
    pub key: String,
    /// It is not asked before; now, if that is not to be believed.
    pub due_at: Timestamp,
    /// How often it was asked in vain.
    pub tries: u32,
}
