//! While the ledger fails, every route says so in its own form, with when to come again, and `/readyz`
//! says why.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use hoesu_channels::channel::Call;
use hoesu_channels::{CHANNELS, Channel, Desk, Role};
use hoesu_claims::{Found, Incoming, Media};
use hoesu_ledger::{Limits, NewAccount, Put, Scope, SignIn};
use hoesu_server::{App, Meter, Supervisor, SystemClock, app};
use hoesu_testkit::{Database, TestLedger, throwaway};
use http_body_util::BodyExt as _;
use jiff::Timestamp;

const PASSWORD: &str = "correct horse battery";

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

/// A ledger on a server, with an account of every channel.
struct Shop {
    ledger: TestLedger,
    app: App,
    credentials: Vec<(&'static dyn Channel, BTreeMap<String, String>)>,
    key: String,
    cookie: String,
}

impl Shop {
    async fn open() -> Self {
        Self::on(Database::Postgres, Limits::default()).await
    }

    async fn on(database: Database, limits: Limits) -> Self {
        let ledger = throwaway(database).await;
        let now = Timestamp::now();
        let seller = ledger.add_seller("별빛상점", now).await.unwrap().id;
        let mut credentials = Vec::new();
        for channel in CHANNELS {
            credentials.push((*channel, account(&ledger, *channel, seller, now).await));
        }
        let scopes: BTreeSet<Scope> = Scope::ALL.into();
        let key = ledger.add_api_key(seller, "all", scopes, now).await.unwrap().text.to_string();
        let admin = hoesu_ledger::Role::Admin;
        ledger.add_person(seller, "here", admin, Some(PASSWORD), now).await.unwrap().unwrap();
        let SignIn::In(token) = ledger.sign_in("here", PASSWORD, "-", now).await.unwrap() else {
            panic!("the password is right")
        };
        let cookie = format!("hoesu_session={}", *token);
        let process = ledger.again_within(limits).await.unwrap();
        let desk = Desk::showing(process, Arc::new(SystemClock));
        let app = app(&desk, Arc::new(Meter::new()));
        Self { ledger, app, credentials, key, cookie }
    }

    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header("authorization", format!("Bearer {}", self.key));
        self.answer(request.body(Body::empty()).unwrap()).await
    }

    async fn answer(&self, request: Request<Body>) -> Answer {
        let response = self.app.answer(request).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// Every example of every channel's surface, signed.
    async fn surfaces(&self) -> Vec<(&'static dyn Channel, String, Answer)> {
        let mut answers = Vec::new();
        for (channel, credentials) in &self.credentials {
            for example in channel.examples(credentials) {
                let (method, path, query) = (&example.method, &example.path, &example.query);
                let call = Call { credentials, method, path, query, now: Timestamp::now() };
                let mut request = Request::builder().method(method).uri(format!("{path}?{query}"));
                for (name, value) in channel.authorize(&call) {
                    request = request.header(name, value);
                }
                for (name, value) in &example.headers {
                    request = request.header(*name, value);
                }
                let body = Body::from(example.body.clone().unwrap_or_default());
                let answer = self.answer(request.body(body).unwrap()).await;
                answers.push((*channel, format!("{method} {path}"), answer));
            }
        }
        answers
    }
}

/// An account with a credential of its own.
async fn account(
    ledger: &TestLedger,
    channel: &'static dyn Channel,
    seller: hoesu_claims::SellerId,
    now: Timestamp,
) -> BTreeMap<String, String> {
    let mut new = NewAccount {
        seller,
        channel: channel.id().to_owned(),
        name: channel.id().to_owned(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::new(),
        credential: String::new(),
    };
    let mut credentials = BTreeMap::new();
    for (nth, field) in (1..).zip(channel.capabilities().credential) {
        let value = (field.make)(std::array::from_fn(|at| nth + at as u8));
        credentials.insert(field.name.to_owned(), value.clone());
        match field.role {
            Role::Setting => drop(new.settings.insert(field.name.to_owned(), value)),
            Role::Credential => new.credential = value,
            Role::Secret => drop(new.secrets.insert(field.name.to_owned(), value)),
        }
    }
    ledger.add_account(new, now).await.unwrap();
    credentials
}

#[track_caller]
fn comes_again(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 503, "{what}: {answer:?}");
    let after = answer.headers["retry-after"].to_str().unwrap();
    assert!(after.parse::<u32>().is_ok(), "{what}: {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_every_route_says_unavailable_in_its_own_form() {
    let shop = Shop::open().await;
    assert_eq!(shop.get("/readyz").await.text, "ready\n");
    for (_, what, answer) in shop.surfaces().await {
        assert!(answer.status < 500, "{what}: {answer:?}");
    }
    shop.ledger.lose();
    tokio::time::sleep(Duration::from_millis(1_100)).await;

    // Before a connection is known to be gone it is said to be; then the database is.
    let first = shop.get("/readyz").await;
    comes_again(&first, "readyz");
    for (_, what, answer) in shop.surfaces().await {
        comes_again(&answer, &what);
        let media = answer.headers["content-type"].to_str().unwrap().to_owned();
        assert!(media != "application/problem+json" && !answer.text.is_empty(), "{what}");
    }
    for path in ["/api/v1/findings", "/api/v1/cases", "/api/v1/cases/1"] {
        let answer = shop.get(path).await;
        comes_again(&answer, path);
        assert!(answer.text.contains("urn:problem-type:hoesu:unavailable"), "{answer:?}");
        assert!(answer.text.contains(r#""cause":"unknown-database""#), "{answer:?}");
    }
    for path in ["/console", "/console/findings", "/console/cases"] {
        let request = Request::get(path).header("cookie", &shop.cookie);
        let page = shop.answer(request.body(Body::empty()).unwrap()).await;
        comes_again(&page, path);
        assert!(page.text.contains("그런 데이터베이스가 없어요"), "{page:?}");
        assert!(page.text.contains("the database does not exist"), "{page:?}");
    }
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let ready = shop.get("/readyz").await;
    comes_again(&ready, "readyz");
    assert_eq!(ready.text, "the ledger does not take writes: unknown-database\n");
    assert_eq!(shop.get("/healthz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_only_reads_is_not_ready() {
    let shop = Shop::open().await;
    shop.ledger.set_read_only(true);
    let mut ready = shop.get("/readyz").await;
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        ready = shop.get("/readyz").await;
        if ready.text.contains("read-only") {
            break;
        }
    }
    comes_again(&ready, "readyz");
    assert_eq!(ready.text, "the ledger does not take writes: read-only-server\n");
    assert_eq!(shop.get("/api/v1/findings").await.status, 200, "it reads");
    shop.ledger.set_read_only(false);
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        ready = shop.get("/readyz").await;
        if ready.status == 200 {
            break;
        }
    }
    assert_eq!(ready.text, "ready\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_held_past_the_waiting_time_is_said() {
    let shop = Arc::new(Shop::open().await);
    let holding = Arc::clone(&shop);
    let held = std::thread::spawn(move || holding.ledger.hold_facts(9));
    tokio::time::sleep(Duration::from_millis(500)).await;
    // The try is given up after five seconds, and so is waiting for it.
    let ready = shop.get("/readyz").await;
    comes_again(&ready, "readyz");
    let codes = ["lock-held\n", "write-pending\n"];
    assert!(codes.iter().any(|code| ready.text.ends_with(code)), "{ready:?}");
    tokio::task::spawn_blocking(|| held.join().unwrap()).await.unwrap();
    // What a try found is shared for a second, and one that waited for the lock may end after it.
    let mut ready = shop.get("/readyz").await;
    for _ in 0..100 {
        if ready.status == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        ready = shop.get("/readyz").await;
    }
    assert_eq!(ready.text, "ready\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn background_work_that_is_down_is_named_and_counted() {
    let ledger = throwaway(Database::Sqlite).await;
    let desk = Desk::showing(Arc::clone(&ledger), Arc::new(SystemClock));
    let background = Supervisor::default();
    let app = app(&desk, Arc::new(Meter::supervised(background.clone())));
    let get = async |path: &str| {
        let response = app.answer(Request::get(path).body(Body::empty()).unwrap()).await;
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    };
    assert_eq!(get("/readyz").await, (200, "ready\n".to_owned()));
    let task = tokio::spawn(async move {
        let work = || async { panic!("on purpose") };
        background.run("settling", work, std::future::pending()).await;
    });
    let down = "ready\nsettling ended and is started again\n".to_owned();
    let mut ready = get("/readyz").await;
    for _ in 0..50 {
        if ready.1 == down {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        ready = get("/readyz").await;
    }
    assert_eq!(ready, (200, down));
    let (_, counted) = get("/metrics").await;
    assert!(counted.contains("hoesu_background_restarts_total{task=\"settling\"} "), "{counted}");
    assert!(counted.contains("hoesu_background_up{task=\"settling\"} 0\n"), "{counted}");
    task.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_while_another_holds_the_ledger_is_refused_and_taken_after() {
    for database in Database::ALL {
        let limits = Limits { lock_wait: Duration::from_millis(100), ..Limits::default() };
        let shop = Shop::on(database, limits).await;
        let writes = |what: &str| what.starts_with("POST");
        for table in ["seller", "term", "shelf"] {
            let lock = shop.ledger.lock(&[table]);
            let refused: Vec<_> = shop.surfaces().await;
            let refused = refused.iter().filter(|(_, _, answer)| answer.status >= 500);
            let refused: Vec<_> = refused.collect();
            assert!(refused.iter().any(|(_, what, _)| writes(what)), "{table}");
            for (_, what, answer) in refused {
                comes_again(answer, what);
            }
            drop(lock);
            assert_eq!(shop.ledger.wrong_counters().await.unwrap(), [], "{table}");
        }
        for _ in 0..2 {
            for (_, what, answer) in shop.surfaces().await {
                assert!(answer.status < 500, "{database:?}, {what}: {answer:?}");
            }
        }
        assert_eq!(shop.ledger.wrong_counters().await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_whose_counters_were_left_behind_takes_what_is_sent_once_it_is_repaired() {
    for database in Database::ALL {
        let shop = Shop::on(database, Limits::default()).await;
        let account = shop.ledger.accounts().await.unwrap().remove(0);
        let known = Incoming {
            key: "1".to_owned(),
            media: Media::Json,
            body: b"{}".to_vec(),
            marks: BTreeMap::new(),
            found: Found::default(),
            observed_at: Timestamp::now(),
        };
        shop.ledger.append(account.shelf("other"), Put::Newer, vec![known]).await.unwrap();
        shop.ledger.sql("UPDATE seller SET seq = 0; UPDATE shelf SET documents = 0");
        let sent = async || {
            let all = shop.surfaces().await.into_iter();
            all.filter(|(_, what, _)| what.starts_with("POST")).map(|(_, _, one)| one.status)
        };
        assert!(sent().await.any(|status| status == 500), "{database:?}: nothing new is taken");
        assert_eq!(shop.ledger.raise_counters().await.unwrap().len(), 2);
        assert!(sent().await.all(|status| status < 500), "{database:?}");
        assert_eq!(shop.ledger.wrong_counters().await.unwrap(), []);
    }
}
