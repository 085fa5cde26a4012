use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::{any, get};
use hoesu_channels::{CHANNELS, Desk, Endpoint};
use hoesu_testkit::{Database, throwaway};
use http_body_util::BodyExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::around::Around;
use super::*;

async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn get_of(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

/// A path of a channel's that is really answered, with what stands in its braces filled in.
fn path_of(endpoint: &Endpoint) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    endpoint.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn a_panic_is_answered_in_the_channels_own_form_and_the_next_request_is_served() {
    for channel in CHANNELS {
        let path = path_of(&channel.capabilities().endpoints[0]);
        let router = Router::new().route("/fine", get("fine")).route(&path, any(panics));
        let app = Around::new(router, Arc::default());
        let broken = app.answer(get_of(&path)).await;
        let form = channel.refuse(hoesu_channels::Fault::Broken, broken.headers());
        assert_eq!(broken.status(), form.status(), "{}", channel.id());
        assert!(!text(broken).await.is_empty(), "{}", channel.id());
        assert_eq!(text(app.answer(get_of("/fine")).await).await, "fine");
    }
}

async fn panics() -> &'static str {
    panic!("on purpose")
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_answers_is_given_up() {
    let router = Router::new().route("/slow", get(async || std::future::pending::<()>().await));
    let app = Around::new(router, Arc::default());
    assert_eq!(app.answer(get_of("/slow")).await.status(), StatusCode::GATEWAY_TIMEOUT);
}

#[tokio::test]
async fn a_request_id_comes_back_and_one_is_made_where_there_is_no_sensible_one() {
    let app = Around::new(Router::new().route("/", get("")), Arc::default());
    let with = |id: &str| Request::get("/").header("x-request-id", id).body(Body::empty()).unwrap();
    let id = async |request| app.answer(request).await.headers()["x-request-id"].clone();
    assert_eq!(id(with("abc-1")).await, "abc-1");
    let (first, second) = (id(get_of("/")).await, id(get_of("/")).await);
    assert_ne!(first, second);
    assert_ne!(id(with(&"x".repeat(65))).await, "x".repeat(65));
    assert_ne!(id(with("a b")).await, "a b");
}

async fn test_app() -> (App, Arc<Meter>, hoesu_testkit::TestLedger) {
    let ledger = throwaway(Database::Sqlite).await;
    let desk = Desk::showing(Arc::clone(&ledger), Arc::new(SystemClock));
    let meter = Arc::new(Meter::new());
    (app(&desk, Arc::clone(&meter)), meter, ledger)
}

#[tokio::test(flavor = "multi_thread")]
async fn health_readiness_and_counters_are_served() {
    let (app, _, _ledger) = test_app().await;
    assert_eq!(text(app.answer(get_of("/healthz")).await).await, "ok\n");
    assert_eq!(text(app.answer(get_of("/readyz")).await).await, "ready\n");
    let counted = text(app.answer(get_of("/metrics")).await).await;
    assert!(
        counted.contains(r#"hoesu_requests_total{channel="hoesu",status="2xx"} 2"#),
        "{counted}"
    );
    assert!(counted.contains("process_resident_memory_bytes "));
    assert!(counted.contains("hoesu_ledger_went_back_total 0"), "{counted}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_nobody_serves_is_refused_in_the_form_of_whose_it_is() {
    let (app, _, _ledger) = test_app().await;
    let nobody = app.answer(get_of("/nobody")).await;
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
    assert_eq!(nobody.headers()["content-type"], "application/problem+json");
    for channel in CHANNELS {
        for endpoint in channel.capabilities().endpoints {
            let path = path_of(endpoint);
            assert!(channel.owns(&path), "{} does not own {path}", channel.id());
            let request = Request::builder().method(endpoint.method).uri(&path);
            let answer = app.answer(request.body(Body::empty()).unwrap()).await;
            let kind = answer.headers().get("content-type").cloned();
            assert!(kind.is_none_or(|kind| kind != "application/problem+json"), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_looks_for_a_page_is_shown_one() {
    let (app, _, _ledger) = test_app().await;
    let front = Request::get("/").header("accept", "text/html,application/xhtml+xml;q=0.9");
    let front = app.answer(front.body(Body::empty()).unwrap()).await;
    assert_eq!(front.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(front.headers()["location"], "/console");
    let program = app.answer(get_of("/")).await;
    assert_eq!(program.status(), StatusCode::NOT_FOUND);
    assert_eq!(program.headers()["content-type"], "application/problem+json");
    for path in ["/console/nothing", "/console/cases/one", "/console/cases/one/2/3"] {
        let page = app.answer(get_of(path)).await;
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(page.headers().contains_key("content-security-policy"), "{path}");
        let page = text(page).await;
        assert!(page.contains("찾는 것이 여기에 없어요"), "{path}: {page}");
        assert!(page.contains(r#"href="/console""#), "{path}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_never_shows_in_the_counters() {
    let (app, meter, _ledger) = test_app().await;
    for channel in CHANNELS {
        let path = path_of(&channel.capabilities().endpoints[0]);
        let asked =
            format!("{path}?returnRecipientName=%EA%B9%80%ED%95%98%EB%8A%98&phone=01000001234");
        app.answer(get_of(&asked)).await;
    }
    let counted = meter.scrape();
    for value in ["김하늘", "%EA%B9%80", "01000001234", "returnRecipientName"] {
        assert!(!counted.contains(value), "{value}");
    }
}

/// Serves `router` on a port of its own until told to stop.
async fn served(
    router: Router,
    tls: Option<TlsFiles>,
) -> (std::net::SocketAddr, tokio::sync::oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let (address, told) = tokio::sync::oneshot::channel();
    let app = Around::new(router, Arc::default());
    let running = tokio::spawn(async move {
        let config = Config { listen: ([127, 0, 0, 1], 0).into(), tls };
        let bound = config.bind().await.unwrap();
        address.send(bound.address()).unwrap();
        serve(bound, app, async { stopped.await.unwrap_or_default() }).await;
    });
    (told.await.unwrap(), stop, running)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_begun_is_finished_and_nothing_new_is_taken_when_told_to_stop() {
    let slow = async || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        "finished"
    };
    let (address, stop, running) = served(Router::new().route("/slow", get(slow)), None).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("finished"), "{answer}");
    running.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_without_end_is_cut_off() {
    let (address, stop, _running) = served(Router::new(), None).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    let line = format!("x-filler: {}\r\n", "y".repeat(1000));
    for _ in 0..200 {
        if stream.write_all(line.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    stop.send(()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_served_over_tls() {
    use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};

    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files =
        TlsFiles { cert: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&files.cert, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let (address, stop, _running) =
        served(Router::new().route("/", get("sealed")), Some(files)).await;

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let plain = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream =
        tokio_rustls::TlsConnector::from(Arc::new(client)).connect(name, plain).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    assert!(answer.ends_with("sealed"), "{answer}");
    stop.send(()).unwrap();
}

#[tokio::test]
async fn a_certificate_that_is_none_is_said_by_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let files =
        TlsFiles { cert: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), tls: Some(files) };
    assert!(config.bind().await.unwrap_err().to_string().contains("cert.pem"));
}
