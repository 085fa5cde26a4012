//! Another seller's things are not there, whatever the route: the routes are read from where they are
//! written, so that a new one cannot be forgotten here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use hoesu_channels::{CHANNELS, Desk};
use hoesu_claims::SellerId;
use hoesu_engine::told::DocumentId;
use hoesu_engine::{How, catch_up, put};
use hoesu_ledger::cases::{CaseQuery, FindingQuery};
use hoesu_ledger::{NewAccount, Role, Scope, SignIn};
use hoesu_server::{App, Meter, SystemClock, app};
use hoesu_testkit::{Database, TestLedger, throwaway};
use http_body_util::BodyExt as _;
use jiff::Timestamp;

const PASSWORD: &str = "correct horse battery";

/// How long a piece of an answer may take.
const PATIENCE: Duration = Duration::from_millis(500);

/// A key of the second seller's.
const OTHERS_KEY: &str = "key-of-the-other";

/// Routes whose place in the path is no seller's thing, and why.
const NOBODYS: [(&str, &str); 3] = [
    ("/console/assets/{file}", "style and script are everybody's"),
    ("/console/set-up/{link}", "whoever has a link is who it lets in"),
    ("/console/enter/{link}", "whoever has a link is who it lets in"),
];

/// What a form of any route may ask for.
const FORM: &str = "name=x&role=viewer&disabled=true&reason=x&force=true&seller=2&password=x&again=x\
     &code=x&secret=&old=x&new=x&memo=x&text=x&day=2026-01-01&value=1&action=close&by=x";

/// A ledger with two sellers, each with an account of every channel and orders of its own.
struct Street {
    ledger: TestLedger,
    app: App,
    /// What the first seller's admin shows.
    cookie: String,
    /// What the first seller's program shows.
    key: String,
    other: Other,
}

/// What is the second seller's.
struct Other {
    seller: SellerId,
    documents: Vec<String>,
    orders: Vec<String>,
    cases: Vec<String>,
    findings: Vec<String>,
    person: String,
}

impl Street {
    async fn open() -> Self {
        let now = Timestamp::now();
        let ledger = throwaway(Database::Sqlite).await;
        let seller = fill(&ledger, "별빛상점", 0, now).await.0;
        let (other, documents) = fill(&ledger, "물결마켓", 100, now).await;
        ledger.add_person(seller, "here", Role::Admin, Some(PASSWORD), now).await.unwrap().unwrap();
        let there = ledger.add_person(other, "there", Role::Admin, Some(PASSWORD), now).await;
        let there = there.unwrap().unwrap().0;
        let SignIn::In(token) = ledger.sign_in("here", PASSWORD, "-", now).await.unwrap() else {
            panic!("the password is right")
        };
        let scopes: BTreeSet<Scope> = Scope::ALL.into_iter().collect();
        let key = ledger.add_api_key(seller, "all", scopes.clone(), now).await.unwrap();
        // Each seller counts its keys from 1: the second of the other's is nobody's here.
        for name in ["one", OTHERS_KEY] {
            ledger.add_api_key(other, name, scopes.clone(), now).await.unwrap();
        }
        let all = || CaseQuery { order: None, account: None, after: None, limit: 1_000 };
        let cases = ledger.cases(other, all()).await.unwrap();
        let own = ledger.cases(seller, all()).await.unwrap();
        let own: BTreeSet<_> = own.into_iter().map(|case| case.order).collect();
        let query = FindingQuery {
            rule: None,
            order: None,
            account: None,
            open: None,
            after: None,
            limit: 1_000,
        };
        let findings = ledger.findings(other, query).await.unwrap();
        let orders = cases.iter().map(|case| case.order.clone());
        let orders: Vec<_> = orders.filter(|order| !own.contains(order)).collect();
        assert!(orders.len() > 10 && !findings.is_empty(), "the other seller has things");
        let other = Other {
            seller: other,
            documents,
            orders,
            cases: cases.into_iter().map(|case| case.key).collect(),
            findings: findings.into_iter().map(|kept| kept.finding.id).collect(),
            person: there.id.to_string(),
        };
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(SystemClock));
        let app = app(&desk, Arc::new(Meter::new()));
        let cookie = format!("hoesu_session={}", *token);
        Self { ledger, app, cookie, key: key.text.to_string(), other }
    }

    async fn ask(&self, method: &Method, path: &str) -> (u16, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", &self.cookie)
            .header("authorization", format!("Bearer {}", self.key))
            .header("host", "cs.example")
            .header("origin", "https://cs.example")
            .header("content-type", "application/x-www-form-urlencoded");
        let body = if method == Method::GET { Body::empty() } else { Body::from(FORM) };
        let response = self.app.answer(request.body(body).unwrap()).await;
        let status = response.status().as_u16();
        let (mut body, mut text) = (response.into_body(), Vec::new());
        // A stream of events never ends; what it begins with is looked at.
        while let Ok(Some(Ok(frame))) = tokio::time::timeout(PATIENCE, body.frame()).await {
            text.extend_from_slice(frame.data_ref().map_or(b"", |data| data));
        }
        (status, String::from_utf8_lossy(&text).into_owned())
    }

    /// A route's path with the other seller's things in its places.
    fn filled(&self, route: &str) -> Vec<String> {
        let Other { documents, orders, cases, findings, person, .. } = &self.other;
        let mut paths = vec![String::new()];
        for part in route.split('/').skip(1) {
            let name = part.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            let fit: Vec<String> = match name {
                None => vec![part.to_owned()],
                Some("document") => documents.clone(),
                Some("id") => [documents.as_slice(), findings].concat(),
                // Accounts go by name, or by a number, which each seller counts from 1.
                Some("account") => {
                    let names = CHANNELS.iter().map(|channel| format!("물결마켓-{}", channel.id()));
                    std::iter::once("1".to_owned()).chain(names).collect()
                }
                Some("order" | "case") => [orders.as_slice(), cases].concat(),
                Some("finding") => findings.clone(),
                Some("person") => vec![person.clone()],
                Some("key") => vec!["2".to_owned()],
                Some("version" | "from" | "to") => vec!["1".to_owned()],
                Some(name) => panic!("{route}: say here what another seller's {name} is"),
            };
            let fit: Vec<String> = fit.iter().take(3).map(|part| escaped(part)).collect();
            paths = paths
                .iter()
                .flat_map(|path| fit.iter().map(move |part| format!("{path}/{part}")))
                .collect();
        }
        paths
    }
}

/// Makes a seller with documents of its own, settled; answers their ids.
async fn fill(
    ledger: &TestLedger,
    name: &str,
    from: u64,
    now: Timestamp,
) -> (SellerId, Vec<String>) {
    let seller = ledger.add_seller(name, now).await.unwrap().id;
    let mut ids = Vec::new();
    for channel in CHANNELS {
        let account = NewAccount {
            seller,
            channel: channel.id().to_owned(),
            name: format!("{name}-{}", channel.id()),
            settings: BTreeMap::new(),
            secrets: BTreeMap::new(),
            credential: format!("{name} {}", channel.id()),
        };
        let account = ledger.add_account(account, now).await.unwrap();
        let how = How { observed_at: now, as_rows_say: false, marks: BTreeMap::new(), now };
        for kind in channel.capabilities().kinds {
            for nth in from..from + 20 {
                let Some(made) = channel.invent(kind, nth) else { continue };
                let key = channel.read(made.media, &made.body).unwrap().key;
                put(ledger, *channel, &account, vec![made], &how).await.unwrap();
                let id = DocumentId { account: account.id, kind: (*kind).to_owned(), key };
                ids.push(id.to_string());
            }
        }
    }
    catch_up(ledger, seller, now).await.unwrap();
    (seller, ids)
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte);
    text.bytes().fold(String::new(), |out, byte| {
        out + &if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    })
}

/// Every path that the console's sources and the API's document name.
fn routes() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    let mut todo = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../console/src")];
    while let Some(folder) = todo.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let text = std::fs::read_to_string(path).unwrap();
                for rest in text.split(".route(").skip(1) {
                    let path = rest.trim_start().strip_prefix('"');
                    let path = path.expect("a route's path is written where the route is");
                    routes.insert(path.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
    let document: serde_json::Value = serde_json::from_str(&hoesu_server::openapi()).unwrap();
    routes.extend(document["paths"].as_object().unwrap().keys().cloned());
    assert!(routes.contains("/console") && routes.contains("/api/v1/findings"));
    routes
}

fn is_nobodys(route: &str) -> bool {
    NOBODYS.iter().any(|(path, _why)| *path == route)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sellers_things_are_not_there_on_any_route() {
    let street = Street::open().await;
    for route in routes().iter().filter(|route| route.contains('{') && !is_nobodys(route)) {
        for path in street.filled(route) {
            let mut statuses = Vec::new();
            for method in [Method::GET, Method::POST] {
                let (status, text) = street.ask(&method, &path).await;
                assert!(!text.contains("물결마켓"), "{method} {path}: {text}");
                assert!(!text.contains(OTHERS_KEY), "{method} {path}: {text}");
                statuses.push(status);
            }
            let hidden = statuses.iter().all(|status| matches!(status, 404 | 405));
            assert!(hidden && statuses.contains(&404), "{path}: {statuses:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_has_another_sellers_things() {
    let street = Street::open().await;
    for route in routes().into_iter().filter(|route| !route.contains('{')) {
        let asked = escaped(&street.other.orders[0]);
        let mut paths = vec![route.clone()];
        if route.starts_with("/console") {
            let seller = street.other.seller.0;
            paths.push(format!("{route}?q={asked}&order={asked}&seller={seller}"));
        }
        for path in paths {
            let (status, text) = street.ask(&Method::GET, &path).await;
            assert!(status < 500, "{path}: {status}");
            assert!(!text.contains("물결마켓"), "{path}: {text}");
            assert!(!text.contains(OTHERS_KEY), "{path}: {text}");
            if path == route {
                let told = street.other.orders.iter().find(|order| text.contains(order.as_str()));
                assert_eq!(told, None, "{path}");
            }
        }
    }
    let session = street.cookie.strip_prefix("hoesu_session=").unwrap();
    let now = Timestamp::now();
    assert!(!street.ledger.show_seller(session, street.other.seller, now).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_no_page_is_shown() {
    let mut street = Street::open().await;
    street.cookie = String::new();
    let open = ["/console/sign-in", "/console/sign-in/code", "/console/prefer"];
    let routes = routes().into_iter().filter(|route| {
        route.starts_with("/console") && !is_nobodys(route) && !open.contains(&route.as_str())
    });
    for path in routes.flat_map(|route| street.filled(&route)) {
        for method in [Method::GET, Method::POST] {
            let (status, text) = street.ask(&method, &path).await;
            let away = if method == Method::GET { 303 } else { 401 };
            assert!(status == away || status == 405, "{method} {path}: {status}");
            assert!(!text.contains("물결마켓"), "{path}");
        }
    }
}
