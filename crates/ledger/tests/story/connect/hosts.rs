//! Several servers of which one can be written to, and a server that lets few of us in.

use std::time::{Duration, Instant};

use hoesu_ledger::{Cause, Ledger, MasterKey, Place, Put};
use hoesu_testkit::postgres::{Fresh, free_port};

use super::{administrator, refused, server};
use crate::tell::{plain, shelf};

#[tokio::test(flavor = "multi_thread")]
async fn of_several_servers_the_one_that_can_be_written_to_is_found() {
    let (standing_by, primary) = (
        server(&[("more.conf", "default_transaction_read_only = on\n")]),
        server(&[("more.conf", "")]),
    );
    let database = Fresh::on(primary.url());
    let dead = free_port();
    let hosts =
        format!("127.0.0.1:{dead},127.0.0.1:{},127.0.0.1:{}", standing_by.port(), primary.port());
    let url = database.url_at(&format!("postgresql://hoesu@{hosts}/x"));
    // The other has the database too, as a standby would, and what is on it may not be written.
    let name = url.rsplit('/').next().unwrap();
    let make = format!("SET default_transaction_read_only = off; CREATE DATABASE {name}");
    let (client, connection) =
        tokio_postgres::connect(standing_by.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    for statement in make.split("; ") {
        client.batch_execute(statement).await.unwrap();
    }
    let key = MasterKey::generate();
    let place = Place::Postgres(url.clone());
    let ledger = Ledger::open(&place, &key).await.unwrap();
    let shelf = shelf(&ledger).await;
    ledger.append(shelf, Put::Newer, vec![plain("1", "a", 10)]).await.unwrap();

    // They change places, as after a switch-over, and nobody is thrown out: the next try finds out, and
    // the one after that nobody else who can be written to.
    let admin = administrator(&database).await;
    let switch = |on| format!("ALTER SYSTEM SET default_transaction_read_only = {on}");
    admin.batch_execute(&switch("on")).await.unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    let failed = loop {
        match ledger.append(shelf, Put::Newer, vec![plain("2", "b", 10)]).await {
            Err(error) => break error,
            Ok(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    assert_eq!(failed.cause(), Cause::ReadOnlyServer, "{failed}");
    assert_eq!(refused(&url).await.cause(), Cause::ReadOnlyServer);
    admin.batch_execute("SET default_transaction_read_only = off").await.unwrap();
    admin.batch_execute(&switch("off")).await.unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    let until = Instant::now() + Duration::from_secs(10);
    while let Err(error) = ledger.append(shelf, Put::Newer, vec![plain("3", "c", 10)]).await {
        assert!(Instant::now() < until, "{error}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let any = Place::Postgres(format!("{url}?target_session_attrs=any"));
    let first = Ledger::open(&any, &key).await.unwrap_err();
    assert_eq!(first.cause(), Cause::ReadOnlyServer, "the first that answers was meant: {first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_away_is_less_telling_than_who_refuses() {
    let server = server(&[("more.conf", "")]);
    let (dead, port) = (free_port(), server.port());
    let away = format!("postgresql://hoesu@127.0.0.1:{dead}/x");
    assert_eq!(refused(&away).await.cause(), Cause::Unreachable);
    let unknown = format!("postgresql://nobody_knows@127.0.0.1:{port},127.0.0.1:{dead}/x");
    assert_eq!(refused(&unknown).await.cause(), Cause::Role);
    // A server that takes the connection and never says a word.
    let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let silent = silent.local_addr().unwrap().port();
    let began = Instant::now();
    let mute = format!("postgresql://hoesu@127.0.0.1:{silent}/x?connect_timeout=1");
    assert_eq!(refused(&mute).await.cause(), Cause::Unreachable);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_with_few_connections_takes_turns_on_them() {
    let server = server(&[("more.conf", "")]);
    let database = Fresh::on(server.url());
    let client = administrator(&database).await;
    client.batch_execute("CREATE ROLE few LOGIN CONNECTION LIMIT 3").await.unwrap();
    client.batch_execute("GRANT ALL ON SCHEMA public TO few").await.unwrap();
    let url = database.url_at(&format!("postgresql://few@127.0.0.1:{}/x", server.port()));
    let key = MasterKey::generate();
    let ledger = Ledger::open(&Place::Postgres(url.clone()), &key).await.unwrap();
    let shelf = shelf(&ledger).await;
    let mut tasks = Vec::new();
    for writer in 0..12 {
        let ledger = ledger.clone();
        tasks.push(tokio::spawn(async move {
            for nth in 0..10 {
                let document = plain(&format!("{writer}-{nth}"), "a", 10);
                ledger.append(shelf, Put::Newer, vec![document]).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    // With as many connections as it may have, nobody is turned away at all.
    drop(ledger);
    let ledger = Ledger::open(&Place::Postgres(format!("{url}?pool_max=2")), &key).await.unwrap();
    let asks = (0..20).map(|_| {
        let ledger = ledger.clone();
        tokio::spawn(async move { ledger.ready().await })
    });
    for ask in asks.collect::<Vec<_>>() {
        ask.await.unwrap().unwrap();
    }
    let most = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'few'";
    assert!(client.query_one(most, &[]).await.unwrap().get::<_, i64>(0) <= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_given_up_and_the_schema_is_not_hurried() {
    let server = server(&[("more.conf", "")]);
    let database = Fresh::on(server.url());
    let url = database.url_at(&format!("postgresql://hoesu@127.0.0.1:{}/x", server.port()));
    let key = MasterKey::generate();
    let admin = administrator(&database).await;
    // Another process is at the schema, for longer than a statement may take.
    let lock = "BEGIN; SELECT pg_advisory_xact_lock(448545518453)";
    admin.batch_execute(lock).await.unwrap();
    for how in ["", "&prepared_statements=false"] {
        let place = Place::Postgres(format!("{url}?statement_timeout=200ms{how}"));
        let opening = Ledger::open(&place, &key);
        let released = async {
            if how.is_empty() {
                tokio::time::sleep(Duration::from_millis(600)).await;
                admin.batch_execute("COMMIT").await.unwrap();
            }
        };
        let (ledger, ()) = tokio::join!(opening, released);
        let ledger = ledger.unwrap();
        admin.batch_execute("BEGIN; LOCK TABLE seller").await.unwrap();
        let late = ledger.sellers().await.unwrap_err();
        assert_eq!(late.cause(), Cause::StatementTimeout, "{late}");
        let late = ledger.add_seller("별빛상점", crate::tell::at(1)).await.unwrap_err();
        assert_eq!(late.cause(), Cause::StatementTimeout, "{late}");
        admin.batch_execute("COMMIT").await.unwrap();
        ledger.sellers().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_waiting_for_a_statement_stops_it() {
    let server = server(&[("more.conf", "")]);
    let pooler = server.pooled();
    let database = Fresh::on(server.url());
    let pooled = format!("{}&prepared_statements=false", database.url_at(pooler.url()));
    let key = MasterKey::generate();
    for url in [format!("{}&pool_max=1", database.url()), pooled] {
        let ledger = Ledger::open(&Place::Postgres(url), &key).await.unwrap();
        stops(&ledger, &database).await;
    }
}

async fn stops(ledger: &Ledger, database: &Fresh) {
    let (holder, admin) = (administrator(database).await, administrator(database).await);
    holder.batch_execute("BEGIN; LOCK TABLE seller").await.unwrap();
    let wait = Duration::from_millis(300);
    assert!(tokio::time::timeout(wait, ledger.sellers()).await.is_err());
    let added = ledger.add_seller("별빛상점", crate::tell::at(1));
    assert!(tokio::time::timeout(wait, added).await.is_err());
    let waiting = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let until = Instant::now() + Duration::from_secs(5);
    while admin.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(Instant::now() < until, "the server goes on with what nobody waits for");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert!(ledger.sellers().await.unwrap().is_empty(), "nothing of it was kept");
}
