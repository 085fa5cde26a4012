//! From what a browser shows to who is signed in: around every page.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use hoesu_channels::Desk;
use hoesu_ledger::Session;

use crate::look::cookie;
use crate::peer::Peer;
use crate::signed::Signed;
use crate::trouble::Trouble;
use crate::{gate, origin};

/// Where one signs in.
pub(crate) const SIGN_IN: &str = "/console/sign-in";

/// The paths below which nobody needs to be signed in.
const OPEN: [&str; 5] =
    [SIGN_IN, "/console/set-up/", "/console/enter/", "/console/assets/", "/console/prefer"];

/// How long a browser keeps what it shows, in seconds: as long as a session lasts at most.
const KEPT_S: u32 = 7 * 24 * 3_600;

/// The cookie that holds what a browser shows. The prefix makes browsers refuse one that was set
/// without TLS, or by another host.
pub(crate) const fn cookie_name(peer: Peer) -> &'static str {
    if peer.is_secure { "__Host-hoesu" } else { "hoesu_session" }
}

/// Who is signed in, in full: for what is done about people. Pages that show the seller's things take
/// [`Signed`], which is of the same session.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    /// The session.
    pub(crate) session: Session,
    /// What the browser shows.
    pub(crate) token: String,
    /// The other end.
    pub(crate) peer: Peer,
}

impl Seat {
    /// Lets a deed go on if the person may do what this role may.
    pub(crate) fn may(&self, role: hoesu_ledger::Role) -> Result<(), Trouble> {
        if self.session.role >= role { Ok(()) } else { Err(Trouble::Forbidden) }
    }

    fn signed(&self) -> Signed {
        Signed {
            seller: self.session.seller.id,
            seller_name: self.session.seller.name.clone(),
            person: self.session.person.name.clone(),
            role: self.session.role,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Seat {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        parts.extensions.get::<Self>().cloned().ok_or(Trouble::Unknown)
    }
}

/// Around every page: refuses what another site's page sends, finds out who is signed in, and shows
/// whoever is not the way in.
pub(crate) async fn admit(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        && !origin::is_ours(request.headers())
    {
        return gate::guard(Trouble::Forbidden.into_response()).await;
    }
    let peer = Peer::of(request.extensions());
    let path = request.uri().path();
    let open = OPEN.iter().any(|open| {
        path.strip_prefix(open)
            .is_some_and(|rest| open.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
    });
    let token = cookie(request.headers(), cookie_name(peer)).map(str::to_owned);
    let session = match &token {
        Some(token) => desk.ledger.session(token, desk.clock.now()).await,
        None => Ok(None),
    };
    match (session, token) {
        (Ok(Some(session)), Some(token)) => {
            let seat = Seat { session, token, peer };
            request.extensions_mut().insert(seat.signed());
            request.extensions_mut().insert(seat);
        }
        (Ok(_), _) if open => {}
        (Ok(_), _) => return gate::guard(turned_away(&request)).await,
        (Err(error), _) => return gate::guard(Trouble::from(error).into_response()).await,
    }
    gate::over(peer, next.run(request).await)
}

/// A person who opens a page is shown the way in, and back to the page after it; a script is told.
fn turned_away(request: &Request) -> Response {
    let mode = request.headers().get("sec-fetch-mode");
    let is_page = mode.is_none_or(|mode| mode == "navigate");
    if request.method() != Method::GET || !is_page {
        return Trouble::Unknown.into_response();
    }
    let page = request.uri().path_and_query().map_or("/console", |page| page.as_str());
    Redirect::to(&format!("{SIGN_IN}?next={}", escaped(page))).into_response()
}

/// As the value of a query's parameter.
pub(crate) fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Lets the browser show a token from now on; an empty one ends what it shows.
pub(crate) fn give(peer: Peer, token: &str, headers: &mut HeaderMap) {
    let name = cookie_name(peer);
    let secure = if peer.is_secure { "; Secure" } else { "" };
    let age = if token.is_empty() { 0 } else { KEPT_S };
    let line = format!("{name}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.append(header::SET_COOKIE, line);
    }
}

#[cfg(test)]
mod tests;
