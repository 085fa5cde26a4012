//! Who a document belongs to: the seller first, then one of the seller's accounts.

use serde::{Deserialize, Serialize};

/// The tenant (판매자). Leads every key of the ledger, so it is a small number: given in order of
/// creation from 1, never reused, never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SellerId(pub i64);

/// One seller's contract on one channel (계정): a small number within its seller, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub i64);
