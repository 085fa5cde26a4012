use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use axum::{Extension, Router};
use hoesu_channels::{Clock, Desk};
use hoesu_claims::SellerId;
use hoesu_testkit::{Database, TestLedger, throwaway};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tower::ServiceExt as _;

use crate::{Role, Signed, router};

/// 2026-02-12T06:00:00Z, 15:00 in Korea, and so it stays.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::constant(1_770_876_000, 0)
    }
}

/// An answer, read.
struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

/// A console over an empty ledger.
struct Shop {
    pages: Router,
    seller: SellerId,
    _ledger: TestLedger,
}

impl Shop {
    async fn open() -> Self {
        let ledger = throwaway(Database::Sqlite).await;
        let seller = ledger.add_seller("별빛상점", Still.now()).await.unwrap().id;
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(Still));
        Self { pages: router(&desk), seller, _ledger: ledger }
    }

    async fn ask(&self, role: Option<Role>, request: Request<Body>) -> Answer {
        let mut pages = self.pages.clone();
        if let Some(role) = role {
            let (seller, person) = (self.seller, "haneul".to_owned());
            let signed = Signed { seller, seller_name: "별빛상점".to_owned(), person, role };
            pages = pages.layer(Extension(signed));
        }
        let response = pages.oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Some(Role::Operator), Request::get(path).body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn without_a_signed_in_person_there_is_no_page() {
    let shop = Shop::open().await;
    let answer = shop.ask(None, Request::get("/console").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 401);
    assert!(!answer.text.contains("별빛상점"));
}

#[tokio::test]
async fn every_answer_says_that_nothing_comes_from_elsewhere() {
    let shop = Shop::open().await;
    let answer = shop.get("/console").await;
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.headers["cache-control"], "no-store");
    for written in ["<style", "style=", "<script>", " onclick"] {
        assert!(!answer.text.contains(written), "{written}");
    }
}

#[tokio::test]
async fn the_language_stays_as_it_was_chosen() {
    let shop = Shop::open().await;
    assert!(shop.get("/console").await.text.contains("<html lang=\"ko\""));
    let chosen = shop.get("/console/prefer?lang=en&back=%2Fconsole%3Fx%3D1").await;
    assert_eq!(
        (chosen.status, &chosen.headers["location"]),
        (303, &"/console?x=1".parse().unwrap())
    );
    let cookie = chosen.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let again = Request::get("/console").header("cookie", cookie).body(Body::empty()).unwrap();
    let again = shop.ask(Some(Role::Viewer), again).await;
    assert!(again.text.contains("<html lang=\"en\"") && again.text.contains("<h1>Today</h1>"));
}

#[tokio::test]
async fn what_a_page_loads_is_there_and_keeps() {
    let shop = Shop::open().await;
    let page = shop.get("/console").await.text;
    let loaded: Vec<&str> =
        page.split('"').filter(|text| text.starts_with("/console/assets/")).collect();
    assert_eq!(loaded.len(), 3, "{loaded:?}");
    for path in loaded {
        let asset = shop.get(path).await;
        assert_eq!(asset.status, 200, "{path}");
        assert!(asset.headers["cache-control"].to_str().unwrap().contains("immutable"));
    }
    assert_eq!(shop.get("/console/assets/console.js").await.status, 404);
}
