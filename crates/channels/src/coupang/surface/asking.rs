//! A call that wants something done: who is let in to ask, what was sent, and where it is done.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts as _, Path, Request};
use axum::http::HeaderMap;
use hoesu_ledger::Admitted;
use hoesu_market::{Act, Acted};
use serde::de::DeserializeOwned;

use super::{Counter, Head, segments, unreadable};
use crate::coupang::refusal::Refused;
use crate::desk::read_body;
use crate::json::objects::Object;
use crate::stall::Floor;
use crate::{Fault, json};

/// A call that wants something done: `P` is what its path names.
pub(super) struct Asking<P> {
    counter: Counter,
    pub(super) path: P,
    head: Head,
    body: Body,
}

impl<P: DeserializeOwned + Default + Send> FromRequest<Counter> for Asking<P> {
    type Rejection = Infallible;

    async fn from_request(request: Request, counter: &Counter) -> Result<Self, Infallible> {
        let (mut parts, body) = request.into_parts();
        let path = segments(Path::from_request_parts(&mut parts, counter).await);
        let head = Head::from_request_parts(&mut parts, counter).await?;
        Ok(Self { counter: counter.clone(), path, head, body })
    }
}

impl<P> Asking<P> {
    /// Lets in who asks; what was sent is read after that.
    pub(super) async fn enter(self, vendor: &str) -> Result<(Entered, Sent), Refused> {
        let Self { counter, head, body, .. } = self;
        let admitted = counter.enter(vendor, &head).await?;
        let floor = counter.desk.floor.clone().ok_or(Refused::Fault(Fault::NotFound))?;
        let entered = Entered { counter, admitted, floor, vendor: vendor.to_owned() };
        Ok((entered, Sent { headers: head.headers, body }))
    }
}

impl Asking<String> {
    /// A call whose path names the seller alone.
    pub(super) async fn open<T: DeserializeOwned>(self) -> Result<(Entered, T), Refused> {
        let vendor = self.path.clone();
        let (entered, sent) = self.enter(&vendor).await?;
        Ok((entered, sent.object().await?))
    }

    /// The same; `None` of a body without anything in it.
    pub(super) async fn open_or_null<T: DeserializeOwned>(
        self,
    ) -> Result<(Entered, Option<T>), Refused> {
        let vendor = self.path.clone();
        let (entered, sent) = self.enter(&vendor).await?;
        let body = read_body(&sent.headers, sent.body).await.map_err(Refused::Fault)?;
        if matches!(body.trim_ascii(), b"" | b"null") {
            return Ok((entered, None));
        }
        let body = json::compact(&body).map_err(unreadable)?;
        let Object(asked) = json::decode(&body).map_err(unreadable)?;
        Ok((entered, Some(asked)))
    }
}

/// A body that asks for something.
pub(super) struct Sent {
    headers: HeaderMap,
    body: Body,
}

impl Sent {
    /// An object.
    pub(super) async fn object<T: DeserializeOwned>(self) -> Result<T, Refused> {
        self.in_any_form().await.map(|Object(asked)| asked)
    }

    pub(super) async fn in_any_form<T: DeserializeOwned>(self) -> Result<T, Refused> {
        let body = read_body(&self.headers, self.body).await.map_err(Refused::Fault)?;
        let body = json::compact(&body).map_err(unreadable)?;
        json::decode(&body).map_err(unreadable)
    }
}

/// Who was let in to have something done, and where it is done.
pub(super) struct Entered {
    pub(super) counter: Counter,
    pub(super) admitted: Arc<Admitted>,
    floor: Arc<dyn Floor>,
    vendor: String,
}

impl Entered {
    pub(super) async fn act(&self, act: Act) -> Result<Acted, hoesu_market::Refused> {
        self.floor.act(&self.admitted.account, act).await
    }

    /// The body names its seller too.
    pub(super) fn is_vendor(&self, vendor: &str) -> Result<(), Refused> {
        if self.vendor == vendor { Ok(()) } else { Err(Refused::Vendor) }
    }

    pub(super) fn chance(&self) -> u128 {
        self.floor.chance()
    }
}
