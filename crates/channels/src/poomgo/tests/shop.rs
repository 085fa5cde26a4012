//! A seller's ledger behind the surface, in process.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hoesu_claims::document::Marks;
use hoesu_claims::{Incoming, Media, SellerId};
use hoesu_ledger::{Account, NewAccount, Put};
use hoesu_testkit::{Database, TestLedger, throwaway};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tower::ServiceExt as _;

use super::super::Poomgo;
use crate::desk::Clock;
use crate::{Channel as _, Desk};

/// The key that opens [`Shop::account`].
pub(super) const KEY: &str = "EXAMPLEKEY0123456789";

pub(super) struct Shop {
    ledger: TestLedger,
    router: Router,
    seller: SellerId,
    account: Account,
}

/// Always the same time.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

impl Shop {
    pub(super) async fn open() -> Self {
        Self::over(throwaway(Database::Sqlite).await, "documented").await
    }

    pub(super) async fn with_profile(profile: &str) -> Self {
        Self::over(throwaway(Database::Sqlite).await, profile).await
    }

    /// Opens it over an empty ledger.
    pub(super) async fn over(ledger: TestLedger, profile: &str) -> Self {
        let seller = ledger.add_seller("shop", Timestamp::UNIX_EPOCH).await.unwrap().id;
        let account = new_account(seller, KEY, profile);
        let account = ledger.add_account(account, Timestamp::UNIX_EPOCH).await.unwrap();
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(Still));
        let router = Poomgo.surface(desk);
        Self { ledger, router, seller, account }
    }

    /// A further account of the same seller.
    pub(super) async fn add_account(&self, key: &str) {
        let account = new_account(self.seller, key, "documented");
        self.ledger.add_account(account, Timestamp::UNIX_EPOCH).await.unwrap();
    }

    pub(super) async fn put(&self, body: &[u8], marks: Marks) {
        self.put_seen(body, marks, Timestamp::UNIX_EPOCH).await;
    }

    pub(super) async fn put_seen(&self, body: &[u8], marks: Marks, observed_at: Timestamp) {
        let reading = Poomgo.read(Media::Json, body).unwrap();
        let shelf = self.account.shelf(reading.kind);
        let incoming = Incoming {
            key: reading.key,
            media: Media::Json,
            body: body.to_vec(),
            marks,
            found: reading.found,
            observed_at,
        };
        self.ledger.append(shelf, Put::Newer, vec![incoming]).await.unwrap();
    }

    pub(super) async fn put_text(&self, body: &str) {
        self.put(body.as_bytes(), Marks::new()).await;
    }

    pub(super) async fn put_samples(&self) {
        for sample in Poomgo.samples() {
            self.put(&sample.body, sample.marks).await;
        }
    }

    pub(super) async fn call(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
        assert_eq!(
            response.headers().contains_key("allow"),
            status == StatusCode::METHOD_NOT_ALLOWED
        );
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// `GET /open-api/cs`, whatever it answers.
    pub(super) async fn ask_cs(&self, query: &str) -> (StatusCode, String) {
        let uri = format!("/open-api/cs?{query}");
        let request = Request::get(uri).header("Authorization", KEY).body(Body::empty());
        self.call(request.unwrap()).await
    }

    /// `GET /open-api/cs`, which must answer.
    pub(super) async fn cs(&self, query: &str) -> String {
        let (status, body) = self.ask_cs(query).await;
        assert_eq!(status, StatusCode::OK, "{query}: {body}");
        body
    }

    /// `POST /open-api/oms/orders`, whatever it answers.
    pub(super) async fn ask_orders(&self, body: &str) -> (StatusCode, String) {
        self.call(order_request("/open-api/oms/orders", body)).await
    }

    /// `POST /open-api/oms/orders`, which must answer.
    pub(super) async fn orders(&self, question: &str) -> String {
        let (status, body) = self.ask_orders(question).await;
        assert_eq!(status, StatusCode::OK, "{question}: {body}");
        body
    }
}

pub(super) fn order_request(path: &str, body: &str) -> Request<Body> {
    let request = Request::builder().method(Method::POST).uri(path);
    request.header("Authorization", KEY).body(Body::from(body.to_owned())).unwrap()
}

fn new_account(seller: SellerId, key: &str, profile: &str) -> NewAccount {
    NewAccount {
        seller,
        channel: Poomgo.id().to_owned(),
        name: key.to_owned(),
        settings: BTreeMap::from([("profile".to_owned(), profile.to_owned())]),
        secrets: BTreeMap::new(),
        credential: key.to_owned(),
    }
}

/// The `id`s of the rows of an answer, in order.
pub(super) fn ids(answer: &str, rows: &str) -> Vec<i64> {
    let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
    let rows = answer[rows].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}
