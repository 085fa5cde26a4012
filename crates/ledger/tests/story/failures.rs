//! What fails says why: each cause is made to happen, on a real server or file.

use hoesu_ledger::{Cause, Error, Ledger, MasterKey, Place, Retry};
use hoesu_testkit::{Database, TestLedger, throwaway};
use tokio_postgres::{Client, NoTls};

use crate::tell::at;

/// A connection of the server's administrator to the ledger's database.
async fn administrator(ledger: &TestLedger) -> Client {
    let (client, connection) = tokio_postgres::connect(url(ledger), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn url(ledger: &TestLedger) -> &str {
    match ledger.place() {
        Place::Postgres(url) => url,
        Place::Folder(_) => panic!("this is on a server"),
    }
}

/// Why the ledger does not open there.
async fn refused(place: &Place, key: &MasterKey) -> Error {
    Ledger::open(place, key).await.expect_err("it does not open")
}

#[track_caller]
fn is(error: &Error, cause: Cause, said: &str) {
    assert_eq!(error.cause(), cause, "{error}");
    assert!(error.said().contains(said), "{said}: {error}");
    let text = error.to_string();
    assert!(text.contains(error.doing()) && text.contains(said), "{error}");
}

/// The administrator makes a role nobody else has, and says its URL.
async fn role(ledger: &TestLedger, client: &Client, how: &str) -> (String, String) {
    let name = url(ledger).rsplit_once("hoesu_test_").unwrap().1;
    let name = format!("role_{}", name.split('?').next().unwrap());
    client.batch_execute(&format!("CREATE ROLE {name} LOGIN {how}")).await.unwrap();
    let url = url(ledger).replacen("hoesu@", &format!("{name}@"), 1);
    (name, url)
}

async fn forget(client: &Client, role: &str) {
    client.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sign_in_is_told_why() {
    let ledger = throwaway(Database::Postgres).await;
    let client = administrator(&ledger).await;
    let open = async |url: String| refused(&Place::Postgres(url), ledger.key()).await;

    let nobody = url(&ledger).replacen("hoesu@", "nobody_knows@", 1);
    is(&open(nobody).await, Cause::Role, "SQLSTATE 28000");
    let nowhere = url(&ledger).replacen("hoesu_test_", "nowhere_", 1);
    is(&open(nowhere).await, Cause::Database, "SQLSTATE 3D000");

    let (name, theirs) = role(&ledger, &client, "CONNECTION LIMIT 0").await;
    let full = open(theirs.clone()).await;
    is(&full, Cause::TooManyConnections, "SQLSTATE 53300");
    assert!(full.is_transient());
    client.batch_execute(&format!("ALTER ROLE {name} CONNECTION LIMIT -1")).await.unwrap();
    is(&open(theirs).await, Cause::PermissionDenied, "SQLSTATE 42501");
    forget(&client, &name).await;

    let away = Place::Postgres("postgresql://hoesu@/x?host=/nonexistent".to_owned());
    let away = refused(&away, ledger.key()).await;
    is(&away, Cause::Unreachable, "No such file");
    assert!(away.is_transient());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_apart() {
    let ledger = throwaway(Database::Postgres).await;
    let client = administrator(&ledger).await;
    // The test server asks members of this role for a password; another server may trust everybody.
    let made = client.batch_execute("CREATE ROLE hoesu_with_password NOLOGIN").await;
    // Made by another test already.
    drop(made);
    let (name, theirs) =
        role(&ledger, &client, "PASSWORD 'right' IN ROLE hoesu_with_password").await;
    let wrong = theirs.replacen('@', ":wrong@", 1);
    let failed = refused(&Place::Postgres(wrong), ledger.key()).await;
    is(&failed, Cause::Password, "SQLSTATE 28P01");
    assert_eq!(failed.cause().retry(), Retry::AfterRepair);
    is(&refused(&Place::Postgres(theirs), ledger.key()).await, Cause::Password, "password missing");
    forget(&client, &name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_read_only_reads_and_is_not_ready() {
    let ledger = throwaway(Database::Postgres).await;
    ledger.ready().await.unwrap();
    ledger.set_read_only(true);
    let again = ledger.again_as_it_is().await.expect("opening what is up to date writes nothing");
    again.sellers().await.unwrap();
    // Connections that were ended are noticed as such, at most once each.
    let mut failed = ledger.ready().await.unwrap_err();
    while failed.is_transient() {
        failed = ledger.ready().await.unwrap_err();
    }
    is(&failed, Cause::ReadOnlyServer, "SQLSTATE 25006");
    ledger.sellers().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_lock_is_given_up_or_ended_and_can_be_tried_again() {
    let ledger = throwaway(Database::Postgres).await;
    let (holder, client) = (administrator(&ledger).await, administrator(&ledger).await);
    holder.batch_execute("BEGIN; LOCK TABLE ledger, seller").await.unwrap();

    let ready = ledger.ready().await.unwrap_err();
    is(&ready, Cause::LockHeld, "SQLSTATE 55P03");
    assert!(ready.is_transient());

    let waiting = async || {
        let count = "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while client.query_one(count, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        client
            .batch_execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'",
            )
            .await
            .unwrap();
    };
    let (ended, ()) = tokio::join!(ledger.sellers(), waiting());
    let ended = ended.unwrap_err();
    is(&ended, Cause::Shutdown, "SQLSTATE 57P01");
    assert!(ended.is_transient());

    let hurried = format!("{}&options=-cstatement_timeout%3D100", url(&ledger));
    let place = Place::Postgres(hurried);
    // Opening reads no table that is locked but the facts.
    let late = refused(&place, ledger.key()).await;
    is(&late, Cause::StatementTimeout, "SQLSTATE 57014");
    assert!(late.is_transient());

    holder.batch_execute("ROLLBACK").await.unwrap();
    ledger.ready().await.unwrap();
    ledger.add_seller("별빛상점", at(1)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_database_quotes_is_not_repeated() {
    let ledger = throwaway(Database::Postgres).await;
    let client = administrator(&ledger).await;
    client.batch_execute("CREATE TABLE quoted (name TEXT PRIMARY KEY)").await.unwrap();
    client.batch_execute("INSERT INTO quoted VALUES ('독고온누리')").await.unwrap();
    let quoting = [
        ("SELECT '독고온누리'::INT", "SQLSTATE 22P02"),
        ("INSERT INTO quoted VALUES ('독고온누리')", "SQLSTATE 23505, quoted_pkey"),
        ("DO $$ BEGIN RAISE EXCEPTION '독고온누리'; END $$", "SQLSTATE P0001"),
    ];
    for (sql, said) in quoting {
        let source = client.batch_execute(sql).await.unwrap_err();
        let error = Error::Postgres { doing: "adding documents", source };
        is(&error, Cause::Unexpected, said);
        let all = format!("{error} {error:?} {}", error.said());
        assert!(!all.contains("독고온누리"), "{all}");
        assert!(std::error::Error::source(&error).is_none(), "logs print sources");
    }
}

#[tokio::test]
async fn a_file_that_is_no_ledger_is_called_damaged_and_one_that_is_none_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    let (file, key) = (folder.path().join("ledger.db"), MasterKey::generate());
    std::fs::write(&file, "this is no ledger".repeat(1_000)).unwrap();
    is(&refused(&place, &key).await, Cause::Corrupt, "not a database");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    is(&refused(&place, &key).await, Cause::CannotOpen, "unable to open");
    let place = Place::Folder(folder.path().join("ledger.db").join("x"));
    std::fs::remove_dir(&file).unwrap();
    std::fs::write(&file, "").unwrap();
    is(&refused(&place, &key).await, Cause::CannotOpen, "ledger.db/x");
}
