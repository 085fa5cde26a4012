//! Instants as people in Korea read them.

use hoesu_claims::time::KST;
use jiff::Timestamp;

/// An instant on Korean clocks, to the minute.
pub(crate) fn kst(at: Timestamp) -> String {
    KST.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}
