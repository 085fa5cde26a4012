//! Numbers given last that are not the rows' highest: seen, said, mended, and no more than that.

use hoesu_ledger::{Cause, Counter, Ledger, Outcome, Put, Shelf};
use hoesu_testkit::on_both;

use crate::tell::{at, elsewhere, new_account, plain, shelf};

async fn keep(ledger: &Ledger, shelf: Shelf, keys: &[&str]) -> hoesu_ledger::Result<Vec<Outcome>> {
    let batch = keys.iter().map(|key| plain(key, "a", 10)).collect();
    ledger.append(shelf, Put::Newer, batch).await
}

async fn two_shelves(ledger: &Ledger) -> [Shelf; 2] {
    let one = shelf(ledger).await;
    ledger.add_account(new_account(one.seller, "other", "key-2"), at(2)).await.unwrap();
    [one, elsewhere(one)]
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_left_behind_are_seen_and_raised_to_the_rows_highest() {
    on_both(async |ledger| {
        let [one, other] = two_shelves(&ledger).await;
        keep(&ledger, one, &["1", "2", "3"]).await.unwrap();
        keep(&ledger, other, &["1"]).await.unwrap();
        let nobody = ledger.add_seller("달빛상점", at(3)).await.unwrap();
        ledger.add_account(new_account(nobody.id, "empty", "key-3"), at(3)).await.unwrap();
        assert_eq!(ledger.wrong_counters().await.unwrap(), []);
        assert_eq!(ledger.raise_counters().await.unwrap(), []);

        // As a batch left them that was kept without its last two statements.
        ledger.sql("UPDATE seller SET seq = 1; UPDATE shelf SET documents = 0");
        let failed = keep(&ledger, one, &["4"]).await.unwrap_err();
        assert_eq!(failed.cause(), Cause::Unexpected, "{failed}");
        let shelf = |shelf: Shelf, highest| Counter {
            seller: shelf.seller,
            shelf: Some((shelf.account, shelf.kind.to_owned())),
            counted: 0,
            highest,
        };
        let ahead = Counter { seller: nobody.id, shelf: None, counted: 1, highest: 0 };
        let changes = Counter { seller: one.seller, shelf: None, counted: 1, highest: 4 };
        let behind = [changes, shelf(one, 3), shelf(other, 1)];
        let mut wrong = behind.to_vec();
        wrong.insert(1, ahead.clone());
        assert_eq!(ledger.wrong_counters().await.unwrap(), wrong);
        assert_eq!(ledger.raise_counters().await.unwrap(), behind);
        assert_eq!(ledger.wrong_counters().await.unwrap(), [ahead], "what is ahead stays");
        assert_eq!(ledger.raise_counters().await.unwrap(), []);

        let new = keep(&ledger, one, &["1", "4"]).await.unwrap();
        assert_eq!(new, [Outcome::Unchanged, Outcome::New]);
        assert_eq!(keep(&ledger, other, &["2"]).await.unwrap(), [Outcome::New]);
        let held = ledger.document(one, "4").await.unwrap().unwrap();
        assert_eq!(held.document.seq, 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_is_ahead_gives_no_number_again_and_agrees_with_the_next_document() {
    on_both(async |ledger| {
        let [one, _] = two_shelves(&ledger).await;
        keep(&ledger, one, &["1"]).await.unwrap();
        ledger.sql("UPDATE seller SET seq = 7; UPDATE shelf SET documents = 5");
        let wrong = ledger.wrong_counters().await.unwrap();
        let told: Vec<_> = wrong.iter().map(|one| (one.counted, one.highest)).collect();
        assert_eq!(told, [(7, 1), (5, 1)]);
        assert!(wrong.iter().all(|one| !one.is_behind()));
        assert_eq!(ledger.raise_counters().await.unwrap(), []);
        assert_eq!(ledger.wrong_counters().await.unwrap(), wrong);
        keep(&ledger, one, &["2"]).await.unwrap();
        assert_eq!(ledger.wrong_counters().await.unwrap(), []);
        assert_eq!(ledger.document(one, "2").await.unwrap().unwrap().document.seq, 8);
    })
    .await;
}
