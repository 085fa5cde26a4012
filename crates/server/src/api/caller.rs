//! Who calls: a key of our own API, and what it may read.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use hoesu_claims::SellerId;
use hoesu_console::Peer;
use hoesu_ledger::{Access, ApiKey, Deed, Scope};
use jiff::Timestamp;

use super::{Api, Problem};

/// Who calls, and from where.
pub(super) struct Caller {
    key: Arc<ApiKey>,
    peer: Peer,
}

impl Caller {
    /// Whose things the caller may read, if it has the scope. There is no other way to the seller.
    pub(super) fn reading(&self, scope: Scope) -> Result<SellerId, Problem> {
        if self.key.scopes.contains(&scope) {
            Ok(self.key.seller)
        } else {
            Err(Problem::ScopeMissing(scope))
        }
    }

    /// What the access log says of personal data that this caller is about to be given.
    pub(super) fn takes(&self, scope: Scope, whose: &str, at: Timestamp) -> Access {
        Access {
            at,
            who: format!("key {}", self.key.name),
            origin: self.peer.origin(),
            what: Deed::Download,
            whose: whose.to_owned(),
            reason: scope.name().to_owned(),
        }
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let text = shown(&parts.headers).ok_or(Problem::KeyMissing)?;
        let key = api.desk.ledger.admit_api_key(text).await?.ok_or(Problem::KeyInvalid)?;
        Ok(Self { key, peer: Peer::of(&parts.extensions) })
    }
}

/// The key that is shown: `Bearer`, whatever its letters' size, and the key.
fn shown(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (only, None) = (all.next()?, all.next()) else { return None };
    let (scheme, key) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim_start_matches(' '))
}
