//! Who is signed in: the only way from a request to a seller.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hoesu_claims::SellerId;
pub use hoesu_ledger::Role;

use crate::trouble::Trouble;

/// A person who is signed in, at one seller. Whoever knows sessions puts it among the request's
/// extensions; nothing else makes a page believe that somebody is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Whose things are shown.
    pub seller: SellerId,
    /// What the seller is called.
    pub seller_name: String,
    /// Who looks: kept as the actor of what is done.
    pub person: String,
    /// What that person may do.
    pub role: Role,
}

impl Signed {
    /// Lets a deed go on if the person may do what this role may.
    pub fn may(&self, role: Role) -> Result<(), Trouble> {
        if self.role >= role { Ok(()) } else { Err(Trouble::Forbidden) }
    }
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        parts.extensions.get::<Self>().cloned().ok_or(Trouble::Unknown)
    }
}
