//! Every `sslmode`, taken and refused as libpq does.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use hoesu_ledger::{Cause, Retry};
use hoesu_testkit::postgres::Fresh;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;

use super::{administrator, open, refused, server, write};

/// Who may come in which way.
const HBA: &str = "
local     all all                  trust
hostssl   all hoesu   127.0.0.1/32 trust
hostnossl all plain   127.0.0.1/32 trust
hostssl   all shows   127.0.0.1/32 cert
hostssl   all says    127.0.0.1/32 scram-sha-256
";

const ROLES: &str = "CREATE ROLE plain SUPERUSER LOGIN;
    CREATE ROLE shows SUPERUSER LOGIN;
    CREATE ROLE says SUPERUSER LOGIN PASSWORD 'geheim'";

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate and its key, of somebody with this name.
fn issue(by: &Authority, name: &str) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.signed_by(&key, by).unwrap().pem(), key.serialize_pem())
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    write(folder, &[(name, text)]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mode_is_taken_and_refused_as_libpq_does() {
    let (ours, others, folder) = (authority("ours"), authority("others"), TempDir::new().unwrap());
    let (certificate, key) = issue(&ours, "localhost");
    let server = server(&[
        ("server.crt", &certificate),
        ("server.key", &key),
        ("ca.crt", &ours.pem()),
        ("more.conf", "ssl = on\nssl_ca_file = 'ca.crt'\n"),
        ("pg_hba.conf", HBA),
    ]);
    let (port, right) = (server.port(), file(folder.path(), "ours.pem", &ours.pem()));
    let wrong = file(folder.path(), "others.pem", &others.pem());
    let database = Fresh::on(server.url());
    let client = administrator(&database).await;
    client.batch_execute(ROLES).await.unwrap();
    let at = |who: &str, host: &str, how: &str| {
        format!("{}?{how}", database.url_at(&format!("postgresql://{who}@{host}:{port}/x")))
    };
    // Only encrypted, only in the clear, and the certificate's name is localhost.
    let (secret, clear) = (at("hoesu", "localhost", ""), at("plain", "localhost", ""));
    let by_number = at("hoesu", "127.0.0.1", "");
    let (right, wrong) = (format!("&sslrootcert={right}"), format!("&sslrootcert={wrong}"));
    let opens = [
        (&secret, "sslmode=allow".to_owned(), true),
        (&secret, "sslmode=prefer".to_owned(), true),
        (&secret, String::new(), true),
        (&secret, "sslmode=require".to_owned(), true),
        (&secret, "sslmode=require&channel_binding=disable".to_owned(), true),
        (&secret, format!("sslmode=prefer{wrong}"), true),
        (&secret, format!("sslmode=require{right}"), true),
        (&secret, format!("sslmode=verify-ca{right}"), true),
        (&by_number, format!("sslmode=verify-ca{right}"), true),
        (&secret, format!("sslmode=verify-full{right}"), true),
        (&clear, "sslmode=disable".to_owned(), false),
        (&clear, "sslmode=allow".to_owned(), false),
        (&clear, "sslmode=prefer".to_owned(), false),
    ];
    let mut key = None;
    for (url, how, is_encrypted) in opens {
        let url = format!("{url}{how}");
        let key = key.get_or_insert_with(hoesu_ledger::MasterKey::generate);
        let place = hoesu_ledger::Place::Postgres(url.clone());
        let ledger = hoesu_ledger::Ledger::open(&place, key).await;
        let ledger = ledger.unwrap_or_else(|error| panic!("{how}: {error}"));
        ledger.ready().await.unwrap();
        let sql = "SELECT bool_and(s.ssl), count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
             WHERE a.datname = current_database() AND a.application_name = 'hoesu'";
        let row = client.query_one(sql, &[]).await.unwrap();
        assert_eq!(row.get::<_, Option<bool>>(0), Some(is_encrypted), "{url}");
        drop(ledger);
        let all_gone = "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'hoesu'";
        while client.query_one(all_gone, &[]).await.unwrap().get::<_, i64>(0) > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    let refuses = [
        (&secret, "sslmode=disable".to_owned(), Cause::LoginRefused),
        (&clear, "sslmode=require".to_owned(), Cause::LoginRefused),
        (&secret, format!("sslmode=require{wrong}"), Cause::Certificate),
        (&secret, format!("sslmode=verify-ca{wrong}"), Cause::Certificate),
        (&by_number, format!("sslmode=verify-full{right}"), Cause::Certificate),
        (&secret, "sslrootcert=system".to_owned(), Cause::Certificate),
        (&secret, "sslmode=verify-full".to_owned(), Cause::DatabaseUrl),
        (&secret, "sslmode=verify-full&sslrootcert=/nowhere.pem".to_owned(), Cause::CannotOpen),
        (&secret, "sslmode=off".to_owned(), Cause::DatabaseUrl),
    ];
    for (url, how, cause) in refuses {
        let error = refused(&format!("{url}{how}")).await;
        assert_eq!(error.cause(), cause, "{how}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_refused_where_it_is_required() {
    let server = server(&[("more.conf", "ssl = off\n")]);
    let database = Fresh::on(server.url());
    let url = database.url_at(&format!("postgresql://hoesu@localhost:{}/x", server.port()));
    let folder = TempDir::new().unwrap();
    let roots = file(folder.path(), "ours.pem", &authority("ours").pem());
    for how in ["require", "verify-ca", "verify-full"] {
        let error = refused(&format!("{url}?sslmode={how}&sslrootcert={roots}")).await;
        assert_eq!((error.cause(), error.cause().retry()), (Cause::Tls, Retry::AfterRepair));
    }
    let direct = format!("{url}?sslmode=require");
    assert_eq!(refused(&direct).await.cause(), Cause::Tls);
    open(&format!("{url}?sslmode=prefer")).await.unwrap();
    // As libpq has it, nothing is encrypted over a socket, whatever is said.
    let separator = if server.url().contains('?') { '&' } else { '?' };
    let own = Fresh::on(server.url());
    open(&format!("{}{separator}sslmode=require", own.url())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_shows_a_certificate_or_says_a_password_comes_in() {
    let (ours, others, folder) = (authority("ours"), authority("others"), TempDir::new().unwrap());
    // As the manual of PostgreSQL makes one: its own authority.
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let own = params.self_signed(&key).unwrap().pem();
    let server = server(&[
        ("server.crt", &own),
        ("server.key", &key.serialize_pem()),
        ("ca.crt", &ours.pem()),
        ("more.conf", "ssl = on\nssl_ca_file = 'ca.crt'\n"),
        ("pg_hba.conf", HBA),
    ]);
    let database = Fresh::on(server.url());
    administrator(&database).await.batch_execute(ROLES).await.unwrap();
    let (folder, port) = (folder.path(), server.port());
    let roots = file(folder, "server.pem", &own);
    let url = |who: &str| {
        let url = database.url_at(&format!("postgresql://{who}@localhost:{port}/x"));
        format!("{url}?sslmode=verify-full&sslrootcert={roots}")
    };
    let shown = |by: &Authority, who: &str, name: &str| {
        let (certificate, key) = issue(by, who);
        let certificate = file(folder, &format!("{name}.crt"), &certificate);
        let key = file(folder, &format!("{name}.key"), &key);
        format!("{}&sslcert={certificate}&sslkey={key}", url("shows"))
    };
    let known = shown(&ours, "shows", "known");
    let opened = open(&known).await.unwrap();
    opened.ready().await.unwrap();

    let stranger = shown(&others, "shows", "stranger");
    assert_eq!(refused(&stranger).await.cause(), Cause::ClientCertificate);
    let somebody_else = shown(&ours, "else", "else");
    assert_eq!(refused(&somebody_else).await.cause(), Cause::LoginRefused);
    assert_eq!(refused(&url("shows")).await.cause(), Cause::LoginRefused);

    let key = folder.join("known.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let open_to_all = refused(&known).await;
    assert_eq!(open_to_all.cause(), Cause::DatabaseUrl);
    assert!(open_to_all.to_string().contains("sslkey"), "{open_to_all}");

    // A password that is tied to the certificate of whom it is said to.
    let bound = url("says").replace("says@", "says:geheim@");
    let own_database = Fresh::on(server.url());
    let bound = bound.replace(
        database.url_at("x://h/x").rsplit('/').next().unwrap(),
        own_database.url_at("x://h/x").rsplit('/').next().unwrap(),
    );
    open(&format!("{bound}&channel_binding=require")).await.unwrap();
    let wrong = bound.replace("geheim", "falsch");
    assert_eq!(refused(&wrong).await.cause(), Cause::Password);
}
