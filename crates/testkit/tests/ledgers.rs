//! A ledger for a test is empty, works, and can be opened a second time, on both databases.

use hoesu_ledger::Place;
use hoesu_testkit::{Database, on_both, throwaway, twins};

#[tokio::test]
async fn a_throwaway_ledger_is_empty_and_opens_again() {
    on_both(async |ledger| {
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        assert!(ledger.sellers().await.unwrap().is_empty());
        let seller = ledger.add_seller("가게", now).await.unwrap();
        assert_eq!(ledger.again().await.sellers().await.unwrap(), [seller]);
    })
    .await;
}

#[tokio::test]
async fn a_throwaway_ledger_takes_its_home_with_it() {
    let ledger = throwaway(Database::Sqlite).await;
    let Place::Folder(folder) = ledger.place().clone() else { unreachable!("SQLite has a folder") };
    assert!(folder.exists());
    drop(ledger);
    assert!(!folder.exists());
}

#[tokio::test]
async fn twins_have_what_was_told_before_and_go_their_own_ways() {
    let now = "2026-01-02T03:04:05Z".parse().unwrap();
    for database in Database::ALL {
        let ([one, other], seller) =
            twins(database, async |ledger| ledger.add_seller("가게", now).await.unwrap()).await;
        one.add_seller("저쪽 가게", now).await.unwrap();
        assert_eq!(one.sellers().await.unwrap().len(), 2);
        assert_eq!(other.sellers().await.unwrap(), [seller]);
    }
}
