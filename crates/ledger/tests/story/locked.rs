//! A lock held past the waiting time: whoever wanted to write is told so, and nothing of it is there.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use hoesu_claims::Rule;
use hoesu_claims::coverage::{Read, Span};
use hoesu_ledger::{Cause, Error, FeedKey, Ledger, Limits, Put};
use hoesu_testkit::{Database, on_both, throwaway};

use crate::cases::{case, document, finding};
use crate::look::{batch, full, is_whole, keys};
use crate::migrations::NEXT;
use crate::tell::{at, shelf};
use hoesu_ledger::cases::Settlement;

const LIMITS: Limits =
    Limits { held_bytes: 1 << 20, lock_wait: Duration::from_millis(150), ..Limits::USUAL };

/// What an append writes to first, in the middle, and last.
const APPENDED_TO: [&str; 3] = ["seller", "term", "shelf"];

#[track_caller]
fn lock_held(error: &Error) {
    assert_eq!(error.cause(), Cause::LockHeld, "{error}");
    assert!(error.is_transient());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_meets_a_lock_first_in_the_middle_or_last_is_not_there() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        ledger.append(shelf, Put::Newer, batch(0..3)).await.unwrap();
        let hurried = ledger.again_within(LIMITS).await.unwrap();
        for table in APPENDED_TO {
            let lock = ledger.lock(&[table]);
            let failed = hurried.append(shelf, Put::Newer, batch(3..40)).await.unwrap_err();
            lock_held(&failed);
            drop(lock);
            assert_eq!(keys(&hurried, shelf).await.len(), 3);
            assert_eq!(ledger.wrong_counters().await.unwrap(), []);
        }
        hurried.append(shelf, Put::Newer, batch(3..40)).await.unwrap();
        is_whole(&ledger, shelf, &(0..40).map(|key| key.to_string()).collect()).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_callers_at_once_each_is_told_what_is_so() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        ledger.append(shelf, Put::Newer, batch(0..1)).await.unwrap();
        let hurried = ledger.again_within(LIMITS).await.unwrap();
        let lock = ledger.lock(&["seller"]);
        let callers: Vec<_> = (1..80)
            .map(|number| {
                let hurried = Arc::clone(&hurried);
                tokio::spawn(async move {
                    // Some come while the lock is held, some when it is gone.
                    tokio::time::sleep(Duration::from_millis(u64::from(number) * 10)).await;
                    let batch = batch(number..number + 1);
                    (number, hurried.append(shelf, Put::Newer, batch).await)
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(500)).await;
        drop(lock);
        let mut kept = BTreeSet::from(["0".to_owned()]);
        let mut failed = 0;
        for caller in callers {
            match caller.await.unwrap() {
                (number, Ok(_)) => drop(kept.insert(number.to_string())),
                (_, Err(error)) => {
                    lock_held(&error);
                    failed += 1;
                }
            }
        }
        assert!(failed > 0 && kept.len() > 1, "{failed} failed, {} kept", kept.len());
        is_whole(&ledger, shelf, &kept).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settlement_that_meets_a_lock_is_not_kept_and_the_same_can_be_kept_after() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        ledger.append(shelf, Put::Newer, batch(1..2)).await.unwrap();
        let hurried = ledger.again_within(LIMITS).await.unwrap();
        let (seller, was) = (shelf.seller, hurried.settled(shelf.seller).await.unwrap());
        let found = finding(Rule::GoodsWithoutClaim, "1", None);
        let settlement = || Settlement {
            was,
            seq: 1,
            at: at(20),
            cases: vec![case("1", vec![document(shelf, "1")], vec![found.clone()])],
            gone: Vec::new(),
        };
        for table in ["settled", "order_case", "finding", "case_document"] {
            let lock = ledger.lock(&[table]);
            lock_held(&hurried.settle(seller, settlement()).await.unwrap_err());
            drop(lock);
            assert_eq!(ledger.settled(seller).await.unwrap(), was);
            assert!(ledger.happened(seller, &found.id).await.unwrap().is_empty());
            let keys = vec!["sale/1/1".to_owned()];
            assert!(ledger.cases_at(seller, keys.clone()).await.unwrap().is_empty());
            assert!(ledger.standing(seller, keys).await.unwrap().is_empty());
        }
        assert!(hurried.settle(seller, settlement()).await.unwrap());
        assert!(!hurried.settle(seller, settlement()).await.unwrap(), "once");
        assert_eq!(ledger.happened(seller, &found.id).await.unwrap().len(), 1);
        is_whole(&ledger, shelf, &BTreeSet::from(["1".to_owned()])).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_span_that_meets_a_lock_is_not_marked_as_read() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let hurried = ledger.again_within(LIMITS).await.unwrap();
        let feed = "returns".to_owned();
        let key = FeedKey { seller: shelf.seller, account: shelf.account, feed };
        let take = async || hurried.lease_feed(key.clone(), "one", at(5), at(10), at(1_000)).await;
        let lock = ledger.lock(&["feed"]);
        lock_held(&take().await.unwrap_err());
        drop(lock);
        let mut lease = take().await.unwrap().expect("nobody has it");
        let read = Read::of(Span::of(5, 9).unwrap(), 10, 3).unwrap();
        for table in ["feed", "feed_read"] {
            let lock = ledger.lock(&[table]);
            lock_held(&hurried.mark_read(&lease, read).await.unwrap_err());
            if table == "feed" {
                lock_held(&hurried.renew_feed(&mut lease, at(2_000)).await.unwrap_err());
            }
            drop(lock);
            assert_eq!(lease.until(), at(1_000));
            assert_eq!(ledger.feeds(shelf.seller).await.unwrap()[0].leased_until, at(1_000));
            assert!(ledger.coverage(&key).await.unwrap().reads().is_empty());
        }
        assert!(hurried.mark_read(&lease, read).await.unwrap());
        assert_eq!(ledger.coverage(&key).await.unwrap().reads().len(), 1);
        assert!(hurried.leave_feed(lease, at(30), at(2_000)).await.unwrap());
        is_whole(&ledger, shelf, &BTreeSet::new()).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_meets_a_lock_leaves_the_ledger_as_it_was() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        ledger.append(shelf, Put::Newer, batch(0..3)).await.unwrap();
        let next = Limits { further: NEXT, ..LIMITS };
        let lock = ledger.lock(&["migration"]);
        let failed = ledger.again_within(next).await.expect_err("it cannot be migrated");
        lock_held(&failed);
        drop(lock);
        // Half a migration would be in the way of the whole.
        is_whole(&ledger, shelf, &(0..3).map(|key| key.to_string()).collect()).await;
        let migrated = ledger.again_within(next).await.unwrap();
        assert_eq!(migrated.wrong_counters().await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_meets_whoever_sets_the_ledger_up_and_is_told_to_come_again() {
    let ledger = throwaway(Database::Sqlite).await;
    let hoesu_ledger::Place::Folder(folder) = ledger.place() else { panic!("it is a folder") };
    let others = std::fs::File::create(folder.join("ledger.db-lock")).unwrap();
    others.lock().unwrap();
    lock_held(&ledger.again_within(LIMITS).await.expect_err("another sets it up"));
    drop(others);
    // A file that is not there yet, locked by whoever made it.
    let fresh = tempfile::tempdir().unwrap();
    let place = hoesu_ledger::Place::Folder(fresh.path().to_owned());
    let lock = hoesu_testkit::outside::lock(&place, &[]);
    let open = async || Ledger::open_within(&place, ledger.key(), LIMITS).await;
    lock_held(&open().await.expect_err("it is locked"));
    drop(lock);
    let opened = open().await.unwrap();
    let shelf = shelf(&opened).await;
    opened.append(shelf, Put::Newer, vec![full("1", "a")]).await.unwrap();
    assert_eq!(opened.wrong_counters().await.unwrap(), []);
}
