//! How often each account called, and how often faster than its channel lets anybody call.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// What the calls of an account came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AccountCalls)]
pub(crate) struct Called {
    /// Calls that showed its key, answered or not.
    pub(crate) calls: u64,
    /// Of these, refused by the channel itself because there were too many: no fault that was ordered.
    pub(crate) too_many: u64,
}

/// By account, since the market was made.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<BTreeMap<String, Called>>);

impl Calls {
    /// Counts a call; `status` is the channel's own answer, if it came to one.
    pub(crate) fn count(&self, account: &str, status: Option<StatusCode>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let called = all.entry(account.to_owned()).or_default();
        called.calls += 1;
        called.too_many += u64::from(status == Some(StatusCode::TOO_MANY_REQUESTS));
    }

    pub(crate) fn all(&self) -> BTreeMap<String, Called> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
