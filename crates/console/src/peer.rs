//! Who is at the other end of a connection, as the listener knows it.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;

/// The other end of a connection. The listener puts it among a request's extensions; nothing a
/// request says itself is believed about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// From where.
    pub address: Option<IpAddr>,
    /// Whether nobody in between can read along.
    pub is_secure: bool,
}

impl Peer {
    /// Of a request; nothing known where no listener said anything.
    pub fn of(extensions: &Extensions) -> Self {
        let known = extensions.get::<Self>().copied();
        known.unwrap_or(Self { address: None, is_secure: false })
    }

    /// As the access log has it.
    pub fn origin(self) -> String {
        self.address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}
