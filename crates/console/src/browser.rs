//! A browser in front of a console of a made-up seller: for tests.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use hoesu_channels::{CHANNELS, Clock, Desk};
use hoesu_claims::{Document, SellerId};
use hoesu_engine::told::DocumentId;
use hoesu_engine::{How, catch_up, put};
use hoesu_ledger::{Account, KeptAccess, NewAccount, PersonId, Role};
use hoesu_testkit::{Database, TestLedger, throwaway};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tower::ServiceExt as _;

use crate::Peer;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Made-up orders of the filled console.
const ORDERS: u64 = 60;

/// 2026-02-12T06:00:00Z, and so it stays.
pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::constant(1_770_876_000, 0)
    }
}

/// An answer, read.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A console, and a browser in front of it.
pub(crate) struct Shop {
    pages: Router,
    pub(crate) seller: SellerId,
    pub(crate) ledger: TestLedger,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let ledger = throwaway(Database::Sqlite).await;
        let seller = ledger.add_seller("별빛상점", Still.now()).await.unwrap().id;
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(Still));
        Self { pages: crate::console(&desk), seller, ledger }
    }

    pub(crate) async fn person(&self, name: &str, role: Role) -> PersonId {
        let added =
            self.ledger.add_person(self.seller, name, role, Some(PASSWORD), Still.now()).await;
        added.unwrap().unwrap().0.id
    }

    /// With the first made-up orders of every channel, settled.
    pub(crate) async fn filled() -> Self {
        let shop = Self::open().await;
        let now = Still.now();
        let how = How { observed_at: now, as_rows_say: false, marks: BTreeMap::new(), now };
        for channel in CHANNELS {
            let account = NewAccount {
                seller: shop.seller,
                channel: channel.id().to_owned(),
                name: format!("{} 1", channel.id()),
                settings: BTreeMap::new(),
                secrets: BTreeMap::new(),
                credential: channel.id().to_owned(),
            };
            let account = shop.ledger.add_account(account, now).await.unwrap();
            let told = (0..ORDERS).flat_map(|nth| channel.invent_order(nth));
            let documents = told.map(|(_, made)| made).collect::<Vec<_>>();
            put(&shop.ledger, *channel, &account, documents, &how).await.unwrap();
        }
        catch_up(&shop.ledger, shop.seller, now).await.unwrap();
        shop
    }

    /// The lines of the access log, the last first.
    pub(crate) async fn log(&self) -> Vec<KeptAccess> {
        self.ledger.accesses(self.seller, None, None, 100).await.unwrap()
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        self.ask_over(request, false).await
    }

    pub(crate) async fn ask_over(&self, mut request: Request<Body>, is_secure: bool) -> Answer {
        let address = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)));
        request.extensions_mut().insert(Peer { address, is_secure });
        let response = self.pages.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        self.ask(post(path, cookie).body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Signs in and answers the cookie.
    pub(crate) async fn sign_in(&self, name: &str) -> String {
        let form = format!("name={name}&password={}", PASSWORD.replace(' ', "+"));
        let answer = self.post("/console/sign-in", "", &form).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/console"));
        cookie(&answer)
    }

    /// An account with one document, which says who asked for it.
    pub(crate) async fn document(&self) -> (Account, DocumentId, Document) {
        let channel = CHANNELS[0];
        let account = NewAccount {
            seller: self.seller,
            channel: channel.id().to_owned(),
            name: "main".to_owned(),
            settings: BTreeMap::new(),
            secrets: BTreeMap::new(),
            credential: "shown".to_owned(),
        };
        let account = self.ledger.add_account(account, Still.now()).await.unwrap();
        let kind = channel.capabilities().kinds[0];
        let how = How {
            observed_at: Still.now(),
            as_rows_say: false,
            marks: BTreeMap::new(),
            now: Still.now(),
        };
        let made = channel.invent(kind, 2).unwrap();
        let key = channel.read(made.media, &made.body).unwrap().key;
        put(&self.ledger, channel, &account, vec![made], &how).await.unwrap();
        let shelf = account.shelf(kind);
        let document = self.ledger.document(shelf, &key).await.unwrap().unwrap().document.clone();
        let id = DocumentId { account: account.id, kind: kind.to_owned(), key };
        (account, id, document)
    }
}

pub(crate) fn post(path: &str, cookie: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header("cookie", cookie)
        .header("host", "cs.example")
        .header("origin", "https://cs.example")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
}

pub(crate) fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}
