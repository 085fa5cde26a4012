//! A server that breaks off: in a statement, before the commit, after it. Whoever wrote is told that
//! it is not known to be done, and the same again completes it or changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hoesu_claims::Rule;
use hoesu_claims::coverage::{Read, Span};
use hoesu_ledger::cases::Settlement;
use hoesu_ledger::{Cause, FeedKey, Ledger, Outcome, Place, Put, Retry};
use hoesu_testkit::{Database, TestLedger, throwaway};

use crate::cases::{case, document, finding};
use crate::look::{batch, is_whole, keys};
use crate::proxy::{Breaks, Proxy};
use crate::tell::{at, new_account, shelf};

const BREAKS: [Breaks; 2] = [Breaks::BeforeCommit, Breaks::AfterCommit];

/// A ledger, and the same as it is reached through a proxy.
async fn through_a_proxy() -> (TestLedger, Proxy, Arc<Ledger>) {
    let ledger = throwaway(Database::Postgres).await;
    let proxy = Proxy::before(&ledger);
    let far = Ledger::open(proxy.place(), ledger.key()).await.unwrap();
    (ledger, proxy, far)
}

/// Fails once with a broken connection; what it did before that stays open.
async fn breaks<T>(proxy: &Proxy, how: Breaks, write: impl AsyncFn() -> hoesu_ledger::Result<T>) {
    proxy.break_once(how);
    let Err(error) = write().await else { panic!("{how:?}: nobody knows whether it is done") };
    assert_eq!(error.cause(), Cause::Unreachable, "{how:?}: {error}");
    assert_eq!(error.cause().retry(), Retry::Soon);
    assert!(proxy.has_broken(), "{how:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_whose_commit_is_not_heard_of_are_there_or_not_and_once_after_a_retry() {
    let (ledger, proxy, far) = through_a_proxy().await;
    let shelf = shelf(&ledger).await;
    let mut kept: BTreeSet<String> = BTreeSet::new();
    far.append(shelf, Put::Newer, batch(1_000..1_001)).await.unwrap();
    kept.insert("1000".to_owned());
    for (how, numbers) in BREAKS.into_iter().zip([0..30, 30..60]) {
        breaks(&proxy, how, async || far.append(shelf, Put::Newer, batch(numbers.clone())).await)
            .await;
        let there = keys(&ledger, shelf).await;
        if how == Breaks::AfterCommit {
            kept.extend(numbers.clone().map(|key| key.to_string()));
        }
        assert_eq!(there, kept, "{how:?}");
        assert_eq!(ledger.wrong_counters().await.unwrap(), []);
        let outcome = if how == Breaks::AfterCommit { Outcome::Unchanged } else { Outcome::New };
        let again = far.append(shelf, Put::Newer, batch(numbers.clone())).await.unwrap();
        assert!(again.iter().all(|one| *one == outcome), "{how:?}: {again:?}");
        kept.extend(numbers.map(|key| key.to_string()));
    }
    is_whole(&ledger, shelf, &kept).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settlement_whose_commit_is_not_heard_of_is_kept_once() {
    for how in BREAKS {
        let (ledger, proxy, far) = through_a_proxy().await;
        let shelf = shelf(&ledger).await;
        far.append(shelf, Put::Newer, batch(1..2)).await.unwrap();
        let found = finding(Rule::GoodsWithoutClaim, "1", None);
        let was = far.settled(shelf.seller).await.unwrap();
        let settle = async || {
            let cases = vec![case("1", vec![document(shelf, "1")], vec![found.clone()])];
            let settlement = Settlement { was, seq: 1, at: at(20), cases, gone: Vec::new() };
            far.settle(shelf.seller, settlement).await
        };
        breaks(&proxy, how, &settle).await;
        let retried = settle().await.unwrap();
        assert_eq!(retried, how == Breaks::BeforeCommit, "{how:?}");
        assert_eq!(ledger.happened(shelf.seller, &found.id).await.unwrap().len(), 1, "{how:?}");
        assert_eq!(ledger.settled(shelf.seller).await.unwrap().seq, 1);
        is_whole(&ledger, shelf, &BTreeSet::from(["1".to_owned()])).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_span_whose_commit_is_not_heard_of_is_marked_once() {
    for how in BREAKS {
        let (ledger, proxy, far) = through_a_proxy().await;
        let shelf = shelf(&ledger).await;
        let feed = "returns".to_owned();
        let key = FeedKey { seller: shelf.seller, account: shelf.account, feed };
        let lease = far.lease_feed(key.clone(), "one", at(5), at(10), at(1_000)).await.unwrap();
        let lease = lease.expect("nobody has it");
        let read = Read::of(Span::of(5, 9).unwrap(), 10, 3).unwrap();
        breaks(&proxy, how, async || far.mark_read(&lease, read).await).await;
        assert!(far.mark_read(&lease, read).await.unwrap(), "{how:?}: the lease is still held");
        assert_eq!(ledger.coverage(&key).await.unwrap().reads(), [read], "{how:?}");
        is_whole(&ledger, shelf, &BTreeSet::new()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_whose_commit_is_not_heard_of_is_whole_or_not_there() {
    for how in BREAKS {
        let (ledger, proxy, far) = through_a_proxy().await;
        let shelf = shelf(&ledger).await;
        let add = async || far.add_account(new_account(shelf.seller, "two", "key-2"), at(3)).await;
        breaks(&proxy, how, &add).await;
        let there = ledger.accounts().await.unwrap().len();
        assert_eq!(there, if how == Breaks::AfterCommit { 2 } else { 1 }, "{how:?}");
        assert_eq!(add().await.is_ok(), how == Breaks::BeforeCommit, "the name is taken once");
        assert_eq!(ledger.accounts().await.unwrap().len(), 2, "{how:?}");
        is_whole(&ledger, shelf, &BTreeSet::new()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_that_take_too_long_or_are_ended_leave_nothing_of_their_batch() {
    let ledger = throwaway(Database::Postgres).await;
    let shelf = shelf(&ledger).await;
    ledger.append(shelf, Put::Newer, batch(0..3)).await.unwrap();
    let Place::Postgres(url) = ledger.place() else { panic!("it is a server") };
    let place = Place::Postgres(format!("{url}&options=-cstatement_timeout%3D300"));
    let hurried = Ledger::open(&place, ledger.key()).await.unwrap();
    for table in ["seller", "text_signature", "term", "shelf"] {
        let lock = ledger.lock(&[table]);
        let late = hurried.append(shelf, Put::Newer, batch(3..9)).await.unwrap_err();
        assert_eq!(late.cause(), Cause::StatementTimeout, "{table}: {late}");
        let waiting = async {
            // Until it waits in the middle of its batch.
            tokio::time::sleep(Duration::from_millis(400)).await;
            ledger.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'",
            );
        };
        let (ended, ()) = tokio::join!(ledger.append(shelf, Put::Newer, batch(3..9)), waiting);
        let ended = ended.unwrap_err();
        assert_eq!(ended.cause(), Cause::Shutdown, "{table}: {ended}");
        drop(lock);
        // A connection that was ended may be noticed by its next user.
        let _ = ledger.ready().await;
        assert_eq!(keys(&hurried, shelf).await.len(), 3);
        assert_eq!(hurried.wrong_counters().await.unwrap(), []);
    }
    hurried.append(shelf, Put::Newer, batch(3..9)).await.unwrap();
    is_whole(&ledger, shelf, &(0..9).map(|key| key.to_string()).collect()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_that_meet_the_limit_of_connections_take_turns_and_lose_nothing() {
    let ledger = throwaway(Database::Postgres).await;
    let shelf = shelf(&ledger).await;
    let role = format!("limited_{}", std::process::id());
    ledger.sql(&format!(
        "CREATE ROLE {role} LOGIN SUPERUSER; ALTER ROLE {role} NOSUPERUSER CONNECTION LIMIT 2;
         GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; GRANT ALL ON SCHEMA public TO {role}"
    ));
    let Place::Postgres(url) = ledger.place() else { panic!("it is a server") };
    let place = Place::Postgres(url.replacen("hoesu@", &format!("{role}@"), 1));
    let limited = Ledger::open(&place, ledger.key()).await.unwrap();
    let callers: Vec<_> = (0..60_u32)
        .map(|number| {
            let limited = Arc::clone(&limited);
            tokio::spawn(async move {
                let batch = batch(number..number + 1);
                (number, limited.append(shelf, Put::Newer, batch).await)
            })
        })
        .collect();
    let mut kept = BTreeSet::new();
    for caller in callers {
        let (number, appended) = caller.await.unwrap();
        appended.unwrap();
        kept.insert(number.to_string());
    }
    is_whole(&ledger, shelf, &kept).await;
    drop(limited);
    ledger
        .sql(&format!("REASSIGN OWNED BY {role} TO hoesu; DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_who_read_from_a_silent_server_are_told_so_at_the_same_time() {
    let (ledger, proxy, far) = through_a_proxy().await;
    let shelf = shelf(&ledger).await;
    far.append(shelf, Put::Newer, batch(0..1)).await.unwrap();
    proxy.fall_silent();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let begun = Instant::now();
    let reading = (0..8).map(|_| {
        let far = Arc::clone(&far);
        tokio::spawn(async move { far.document(shelf, "0").await })
    });
    for reading in reading.collect::<Vec<_>>() {
        let error = reading.await.unwrap().expect_err("the server says nothing");
        assert_eq!(error.cause(), Cause::Unreachable, "{error}");
        assert_eq!(error.cause().retry(), Retry::Soon);
    }
    // One after the other they would have waited for more than a minute.
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
}
