//! A file that may not grow any more: SQLite ends the transaction itself, everybody in it is told, and
//! once there is room all goes on.

use std::collections::BTreeSet;
use std::sync::Arc;

use hoesu_ledger::{Cause, Error, Ledger, Limits, MasterKey, Place, Put, Retry};
use hoesu_testkit::{Database, throwaway};

use crate::look::{batch, full, is_whole, keys};
use crate::tell::shelf;

/// What takes room until it is dropped.
const FILLER: &str =
    "CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(4000000))";

#[tokio::test(flavor = "multi_thread")]
async fn a_group_in_which_one_meets_the_end_of_the_file_is_not_there_and_each_is_told() {
    let ledger = throwaway(Database::Sqlite).await;
    let shelf = shelf(&ledger).await;
    ledger.append(shelf, Put::Newer, batch(0..3)).await.unwrap();
    ledger.sql(FILLER);
    // The least there can be is what there is.
    let limits = Limits { pages_max: Some(1), ..Limits::default() };
    let narrow = ledger.again_within(limits).await.unwrap();
    let mut kept: BTreeSet<String> = keys(&narrow, shelf).await;
    let (mut failed, mut beside) = (0, 0);
    for round in 0..6_u32 {
        // Small ones find room in pages that are there; large ones do not.
        let callers: Vec<_> = (0..30)
            .map(|nth| {
                let (narrow, number) = (Arc::clone(&narrow), 100 + round * 30 + nth);
                tokio::spawn(async move {
                    let key = number.to_string();
                    let body = "x".repeat(if nth % 5 == 4 { 60_000 } else { 10 });
                    (narrow.append(shelf, Put::Newer, vec![full(&key, &body)]).await, key)
                })
            })
            .collect();
        for caller in callers {
            match caller.await.unwrap() {
                (Ok(_), key) => drop(kept.insert(key)),
                (Err(error), _) => {
                    assert_eq!(error.cause(), Cause::DiskFull, "{error}");
                    assert_eq!(error.cause().retry(), Retry::AfterRepair);
                    failed += 1;
                    let shared = matches!(error, Error::Shared(_));
                    beside += u32::from(shared);
                }
            }
        }
        assert_eq!(keys(&narrow, shelf).await, kept, "who was told «done» is there, nobody else");
        assert_eq!(narrow.wrong_counters().await.unwrap(), []);
    }
    assert!(beside > 0 && beside < failed, "{failed} failed, {beside} of them with another");
    let failed = narrow.append(shelf, Put::Newer, batch(400..700)).await.unwrap_err();
    assert_eq!(failed.cause(), Cause::DiskFull, "{failed}");
    assert_eq!(keys(&narrow, shelf).await, kept);

    ledger.sql("DROP TABLE filler");
    narrow.append(shelf, Put::Newer, batch(400..700)).await.unwrap();
    kept.extend((400..700).map(|key| key.to_string()));
    is_whole(&ledger, shelf, &kept).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_without_room_leave_what_more_room_can_go_on_from() {
    let key = MasterKey::generate();
    for pages_max in (2..40).step_by(3) {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Folder(folder.path().to_owned());
        let limits = Limits { pages_max: Some(pages_max), ..Limits::default() };
        let failed = Ledger::open_within(&place, &key, limits).await.expect_err("there is no room");
        assert_eq!(failed.cause(), Cause::DiskFull, "{pages_max}: {failed}");
        let opened = Ledger::open(&place, &key).await.unwrap();
        let shelf = shelf(&opened).await;
        opened.append(shelf, Put::Newer, batch(0..3)).await.unwrap();
        assert_eq!(opened.wrong_counters().await.unwrap(), []);
    }
}
