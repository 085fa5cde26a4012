//! What we answer: to a vendor in Coupang's name, to Coupang in the vendor's.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::post;
use hoesu_claims::{Incoming, Media};
use hoesu_ledger::{Account, Outcome, Put};
use serde_json::Value;

use super::ID;
use super::read::{
    RETURN_REQUEST, TO_COLLECT, address_change, collect, order_cancel, request_of, return_request,
    tracking,
};
use super::refusal::{Refused, Voice};
use crate::coupang::cea;
use crate::desk::read_body;
use crate::{Desk, Fault, Reading, Refusal, json};

/// The vendor asks for a return.
pub(super) const RETURN_REQUEST_PATH: &str = "/v1/3pfl/return/request";
/// The vendor says where the goods are.
pub(super) const TRACKING_PATH: &str = "/v1/3pfl/return/tracking";
/// Coupang tells the vendor to fetch them.
pub(super) const COLLECT_PATH: &str = "/v1/3pfl/return/collect";
/// Coupang cancels.
pub(super) const ORDER_CANCEL_PATH: &str = "/v1/3pfl/order/cancel";
/// Coupang changes where an order goes.
pub(super) const ADDRESS_CHANGE_PATH: &str = "/v1/3pfl/order/shippingAddress";

pub(super) fn router(desk: Desk) -> Router {
    Router::new()
        .route(
            RETURN_REQUEST_PATH,
            post(|State(desk): State<Desk>, call| async move {
                Voice::Coupang.answer(take_request(&desk, call).await)
            }),
        )
        .route(
            TRACKING_PATH,
            post(|State(desk): State<Desk>, call| async move {
                Voice::Coupang.answer(take_tracking(&desk, call).await)
            }),
        )
        .route(COLLECT_PATH, post(|desk, call| take_from_coupang(desk, call, collect)))
        .route(ORDER_CANCEL_PATH, post(|desk, call| take_from_coupang(desk, call, order_cancel)))
        .route(
            ADDRESS_CHANGE_PATH,
            post(|desk, call| take_from_coupang(desk, call, address_change)),
        )
        .method_not_allowed_fallback(|uri: Uri| async move {
            voice(uri.path()).fault(Fault::MethodNotAllowed)
        })
        .with_state(desk)
}

/// In whose name a path is answered.
fn voice(path: &str) -> Voice {
    match path {
        COLLECT_PATH | ORDER_CANCEL_PATH | ADDRESS_CHANGE_PATH => Voice::Vendor,
        _ => Voice::Coupang,
    }
}

/// How one call's body is read.
type Read = fn(&[u8]) -> Result<Reading, Refusal>;

/// Cancels, changes of address, instructions: kept as they come, once each.
async fn take_from_coupang(State(desk): State<Desk>, call: Request, read: Read) -> Response {
    let take = async {
        let (account, body) = open(&desk, call).await?;
        let reading = read(&body)?;
        keep(&desk, &account, reading, body, Put::Newer).await?;
        Ok(())
    };
    Voice::Vendor.answer(take.await)
}

async fn take_request(desk: &Desk, call: Request) -> Result<(), Refused> {
    let (account, body) = open(desk, call).await?;
    let reading = return_request(&body)?;
    let to_collect = |(_, request_type): &(_, String)| request_type == TO_COLLECT;
    if !reading.found.states.iter().any(to_collect) {
        return Err(Refused::RequestType);
    }
    let key = reading.key.clone();
    let outcome = keep(desk, &account, reading, body.clone(), Put::Once).await?;
    match outcome {
        Outcome::New | Outcome::Changed | Outcome::Unchanged => Ok(()),
        Outcome::Conflict => {
            // Written differently is not yet something else.
            let held = desk.ledger.document(account.shelf(RETURN_REQUEST), &key).await?;
            let value = |body: &[u8]| serde_json::from_slice::<Value>(body).ok();
            if held.is_some_and(|held| value(&held.document.body) == value(&body)) {
                Ok(())
            } else {
                Err(Refused::AlreadyRequested)
            }
        }
    }
}

async fn take_tracking(desk: &Desk, call: Request) -> Result<(), Refused> {
    let (account, body) = open(desk, call).await?;
    let reading = tracking(&body)?;
    let request = request_of(&reading.key);
    if desk.ledger.document(account.shelf(RETURN_REQUEST), request).await?.is_none() {
        return Err(Refusal::of(
            "orderNumber, invoiceNumber and vendorItemId",
            "name no request that was made",
        )
        .into());
    }
    keep(desk, &account, reading, body, Put::Newer).await?;
    Ok(())
}

/// The account a call is signed for, and its body without white space.
async fn open(desk: &Desk, call: Request) -> Result<(Account, Vec<u8>), Refused> {
    let (head, body): (_, Body) = call.into_parts();
    let admitted = cea::admit(desk, ID, &head.method, &head.uri, &head.headers).await?;
    let body = read_body(&head.headers, body).await?;
    Ok((admitted.account.clone(), json::compact(&body)?))
}

async fn keep(
    desk: &Desk,
    account: &Account,
    reading: Reading,
    body: Vec<u8>,
    put: Put,
) -> Result<Outcome, Refused> {
    let incoming = Incoming {
        key: reading.key,
        media: Media::Json,
        body,
        marks: BTreeMap::new(),
        found: reading.found,
        observed_at: desk.clock.now(),
    };
    let outcomes = desk.ledger.append(account.shelf(reading.kind), put, vec![incoming]).await?;
    Ok(outcomes.into_iter().next().unwrap_or(Outcome::Unchanged))
}
