//! Who calls, whether the path is theirs, and whether they call too often.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, Method, Uri};
use hoesu_claims::{AccountId, SellerId};
use hoesu_ledger::{Account, Admitted};
use jiff::{SignedDuration, Timestamp};
use uuid::{Builder, Uuid};

use super::ID;
use super::cea;
use super::refusal::Refused;
use crate::{Desk, page};

/// Calls a real gateway takes in one second; a market's does too, unless the account says otherwise.
const GATEWAY_PER_SECOND: i64 = 10;

/// The setting that limits the calls of one second; 0 is no limit.
pub(super) const RATE_PER_SECOND: &str = "rate_per_second";

/// The account a call is signed for, if the path names its seller and it may call now.
pub(super) async fn enter(
    desk: &Desk,
    rate: &Rate,
    vendor: &str,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Arc<Admitted>, Refused> {
    let admitted = cea::admit(desk, ID, method, uri, headers).await;
    let admitted = admitted.map_err(|denied| Refused::Denied(denied, transaction(desk)))?;
    if admitted.account.setting(cea::VENDOR_ID) != Some(vendor) {
        return Err(Refused::Vendor);
    }
    let default = if desk.floor.is_some() { GATEWAY_PER_SECOND } else { 0 };
    if !rate.allows(&admitted.account, default, desk.clock.counting()) {
        return Err(Refused::TooMany);
    }
    Ok(admitted)
}

/// The number of a call: a market's are the same for the same seed and the same calls.
fn transaction(desk: &Desk) -> Uuid {
    match &desk.floor {
        Some(floor) => Builder::from_random_bytes(floor.chance().to_be_bytes()).into_uuid(),
        None => Uuid::new_v4(),
    }
}

/// The calls of the last second, of every account that has a limit, in this process.
#[derive(Clone, Default)]
pub(super) struct Rate {
    calls: Arc<Mutex<Calls>>,
}

type Calls = HashMap<(SellerId, AccountId), VecDeque<Timestamp>>;

impl Rate {
    /// Counts a call, unless the account has used up its last second.
    fn allows(&self, account: &Account, default: i64, now: Timestamp) -> bool {
        let set = account.setting(RATE_PER_SECOND);
        let limit = set.map_or(default, |set| page::number(set).unwrap_or(0));
        let limit = usize::try_from(limit).unwrap_or(0);
        if limit == 0 {
            return true;
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = calls.entry((account.seller, account.id)).or_default();
        let second = SignedDuration::from_secs(1);
        // A clock set back would keep old calls for ever; they are dropped too.
        calls.retain(|call| now.duration_since(*call).abs() < second);
        if calls.len() >= limit {
            return false;
        }
        calls.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holds_as_many_calls_as_the_account_may_make() {
        let account = |rate: &str| Account {
            seller: SellerId(1),
            id: AccountId(1),
            channel: ID.into(),
            name: "coupang".into(),
            enabled: true,
            settings: [(RATE_PER_SECOND.to_owned(), rate.to_owned())].into(),
            created_at: Timestamp::UNIX_EPOCH,
        };
        let rate = Rate::default();
        let at = |ms: i64| Timestamp::from_millisecond(ms).unwrap();
        let two = account("2");
        assert!(rate.allows(&two, 0, at(0)));
        assert!(rate.allows(&two, 0, at(500)));
        assert!(!rate.allows(&two, 0, at(999)));
        assert!(rate.allows(&two, 0, at(1_000)));
        assert!(!rate.allows(&two, 0, at(1_400)));
        assert!(rate.allows(&two, 0, at(1_500)));
        for off in ["0", "-1", "many"] {
            assert!((0..100).all(|_| rate.allows(&account(off), 10, at(0))));
        }
    }
}
