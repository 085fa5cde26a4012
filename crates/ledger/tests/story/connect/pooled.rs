//! Through PgBouncer in transaction mode.

use std::collections::BTreeSet;
use std::sync::Arc;

use hoesu_claims::{Found, Term};
use hoesu_ledger::{Cause, Ledger, MasterKey, Place, Put, Query};
use hoesu_testkit::postgres::{Fresh, Server};
use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::{administrator, refused, server};
use crate::tell::{at, plain, says, shelf};

/// A server, a pooler before it, and a database: its URL through the pooler.
fn pooled() -> (Server, Server, Fresh, String) {
    let server = server(&[("more.conf", "")]);
    let pooler = server.pooled();
    let database = Fresh::on(server.url());
    let url = database.url_at(pooler.url());
    (server, pooler, database, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn verbs_run_side_by_side_through_a_pooler_and_leave_nothing_behind() {
    let (_server, _pooler, database, url) = pooled();
    let key = MasterKey::generate();
    let place = Place::Postgres(format!("{url}&prepared_statements=false"));
    // Several processes at once, the first of which finds nothing there.
    let opened = std::array::from_fn::<_, 4, _>(|_| {
        let (place, key) = (place.clone(), key.clone());
        tokio::spawn(async move { Ledger::open(&place, &key).await })
    });
    let mut ledgers: Vec<Arc<Ledger>> = Vec::new();
    for one in opened {
        ledgers.push(one.await.unwrap().unwrap());
    }
    let shelf = shelf(&ledgers[0]).await;
    let mut tasks = Vec::new();
    for (writer, ledger) in ledgers.iter().enumerate() {
        for part in 0..4 {
            let ledger = Arc::clone(ledger);
            tasks.push(tokio::spawn(async move {
                for nth in 0..10 {
                    let name = format!("{writer}-{part}-{nth}");
                    let found =
                        Found { terms: vec![(Term::Order, name.clone())], ..Found::default() };
                    let batch = vec![says(&name, &name, 10, 10, found), plain("same", &name, 20)];
                    ledger.append(shelf, Put::Newer, batch).await.unwrap();
                    ledger.ready().await.unwrap();
                    ledger.sellers().await.unwrap();
                    let held = ledger.document(shelf, &name).await.unwrap().unwrap();
                    assert_eq!(held.document.body, name.as_bytes());
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    for ledger in &ledgers {
        let page = ledger.list(&Query::all(shelf, 5)).await.unwrap();
        assert_eq!(page.total, 161);
    }
    ledgers[0].add_seller("달빛상점", at(3)).await.unwrap();
    // Nothing stays on the server's connections, and no lock.
    let client = administrator(&database).await;
    let sql = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'";
    assert_eq!(client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), 0);
    let (through, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    for _ in 0..20 {
        let sql = "SELECT count(*) FROM pg_prepared_statements";
        let rows = through.simple_query(sql).await.unwrap();
        let row = rows.iter().find_map(|message| {
            if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None }
        });
        let row = row.expect("a row");
        assert_eq!(row.get(0), Some("0"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_forgets_the_setting_is_told_of_it() {
    let (_server, _pooler, _database, url) = pooled();
    let key = MasterKey::generate();
    let careful = Place::Postgres(format!("{url}&prepared_statements=false"));
    Ledger::open(&careful, &key).await.unwrap();
    let careless = Place::Postgres(url);
    let mut causes = BTreeSet::new();
    for _ in 0..4 {
        // Two processes, whose statements have the same names.
        let both = async || match Ledger::open(&careless, &key).await {
            Ok(ledger) => {
                let reads = std::array::from_fn::<_, 8, _>(|_| {
                    let ledger = Arc::clone(&ledger);
                    tokio::spawn(async move { ledger.sellers().await.map(drop) })
                });
                let mut failed = None;
                for read in reads {
                    failed = read.await.unwrap().err().or(failed);
                }
                failed
            }
            Err(error) => Some(error),
        };
        let (one, other) = tokio::join!(both(), both());
        causes.extend([one, other].into_iter().flatten().map(|error| error.cause()));
    }
    assert!(causes.contains(&Cause::Pooler), "{causes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_pooler_refuses_has_its_cause() {
    let (_server, _pooler, _database, url) = pooled();
    let stranger = url.replacen("hoesu@", "nobody_knows@", 1);
    assert_eq!(refused(&stranger).await.cause(), Cause::LoginRefused);
    let options = format!("{url}&options=-cstatement_timeout%3D100");
    let error = refused(&options).await;
    assert_eq!(error.cause(), Cause::DatabaseUrl);
    assert!(error.said().contains("options"), "{error}");
}
