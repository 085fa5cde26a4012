//! Who calls: a key of our own API, and what it may read.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use hoesu_claims::SellerId;
use hoesu_ledger::{ApiKey, Scope};

use super::{Api, Problem};

/// Who calls.
pub(super) struct Caller(Arc<ApiKey>);

impl Caller {
    /// Whose things the caller may read, if it has the scope. There is no other way to the seller.
    pub(super) fn reading(&self, scope: Scope) -> Result<SellerId, Problem> {
        if self.0.scopes.contains(&scope) {
            Ok(self.0.seller)
        } else {
            Err(Problem::ScopeMissing(scope))
        }
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let text = shown(&parts.headers).ok_or(Problem::KeyMissing)?;
        let admitted = api.desk.ledger.admit_api_key(text).await?;
        admitted.map(Self).ok_or(Problem::KeyInvalid)
    }
}

/// The key that is shown: `Bearer`, whatever its letters' size, and the key.
fn shown(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (only, None) = (all.next()?, all.next()) else { return None };
    let (scheme, key) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim_start_matches(' '))
}
