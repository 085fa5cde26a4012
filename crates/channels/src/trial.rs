//! A channel's surface in process: a throw-away ledger, a clock that stands still, one account.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hoesu_claims::{Incoming, Media};
use hoesu_ledger::{Account, NewAccount, Outcome, Put};
use hoesu_testkit::{Database, TestLedger, throwaway};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt as _;

use crate::channel::Call;
use crate::stall::Floor;
use crate::{Channel, Clock, Desk, Role, json};

/// What every trial's clock shows.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_767_225_600, 0);

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

pub(crate) struct Trial {
    pub(crate) channel: &'static dyn Channel,
    pub(crate) desk: Desk,
    pub(crate) account: Account,
    pub(crate) credentials: BTreeMap<String, String>,
    surface: Router,
    _ledger: TestLedger,
}

/// What came back.
#[derive(Debug, PartialEq)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
}

impl Trial {
    /// An account with these settings beside its credential.
    pub(crate) async fn of(channel: &'static dyn Channel, settings: &[(&str, &str)]) -> Self {
        Self::over(throwaway(Database::Sqlite).await, channel, settings).await
    }

    /// The same over an empty ledger.
    pub(crate) async fn over(
        ledger: TestLedger,
        channel: &'static dyn Channel,
        settings: &[(&str, &str)],
    ) -> Self {
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(Still));
        let seller = desk.ledger.add_seller("seller", NOW).await.unwrap().id;
        let credentials: BTreeMap<String, String> = [
            ("vendor_id", "A00012345"),
            ("access_key", "test-access-key"),
            ("secret_key", "test-secret-key"),
            ("key", "EXAMPLEKEY0123456789"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let mut new = NewAccount {
            seller,
            channel: channel.id().to_owned(),
            name: channel.id().to_owned(),
            settings: settings.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            secrets: BTreeMap::new(),
            credential: String::new(),
        };
        for field in channel.capabilities().credential {
            let value = credentials[field.name].clone();
            match field.role {
                Role::Setting => drop(new.settings.insert(field.name.to_owned(), value)),
                Role::Credential => new.credential = value,
                Role::Secret => drop(new.secrets.insert(field.name.to_owned(), value)),
            }
        }
        let account = desk.ledger.add_account(new, NOW).await.unwrap();
        let surface = channel.surface(desk.clone());
        Self { channel, desk, account, credentials, surface, _ledger: ledger }
    }

    /// The same surface with somebody who does what is asked for.
    pub(crate) fn with_floor(mut self, floor: Arc<dyn Floor>) -> Self {
        self.desk.floor = Some(floor);
        self.surface = self.channel.surface(self.desk.clone());
        self
    }

    /// Puts a record where the channel's own reading says it belongs.
    pub(crate) async fn put(&self, record: &str) -> Outcome {
        let body = json::compact(record.as_bytes()).unwrap();
        let reading = self.channel.read(Media::Json, &body).unwrap();
        let incoming = Incoming {
            key: reading.key,
            media: Media::Json,
            body,
            marks: BTreeMap::new(),
            found: reading.found,
            observed_at: NOW,
        };
        let shelf = self.account.shelf(reading.kind);
        self.desk.ledger.append(shelf, Put::Newer, vec![incoming]).await.unwrap()[0]
    }

    /// How many documents of a kind there are.
    pub(crate) async fn count(&self, kind: &'static str) -> usize {
        let shelf = self.account.shelf(kind);
        self.desk.ledger.current_after(shelf, "", 1_000).await.unwrap().len()
    }

    /// A call signed as it should be.
    pub(crate) async fn call(&self, method: Method, target: &str, body: &str) -> Answered {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let call = Call {
            credentials: &self.credentials,
            method: &method,
            path,
            query,
            now: NOW + SignedDuration::from_secs(1),
        };
        let headers = self.channel.authorize(&call);
        self.send(method, target, &headers, body).await
    }

    pub(crate) async fn get(&self, target: &str) -> Answered {
        self.call(Method::GET, target, "").await
    }

    pub(crate) async fn post(&self, target: &str, body: &str) -> Answered {
        self.call(Method::POST, target, body).await
    }

    /// A call with just these headers.
    pub(crate) async fn send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, String)],
        body: &str,
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.surface.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answered { status, body: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

/// A fixture as it travels.
pub(crate) fn compact(fixture: &str) -> String {
    String::from_utf8(json::compact(fixture.as_bytes()).unwrap()).unwrap()
}
