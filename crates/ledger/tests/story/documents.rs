//! Documents: versions, order of arrival, marks, two processes.

use std::sync::Arc;

use hoesu_claims::document::Marks;
use hoesu_claims::{Found, Moment, Term};
use hoesu_ledger::{Outcome, Put, Query};
use hoesu_testkit::on_both;

use crate::tell::{at, elsewhere, plain, says, shelf};

#[tokio::test(flavor = "multi_thread")]
async fn the_body_comes_back_as_it_went_in_and_the_same_again_changes_nothing() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let body = r#"{"id":123456789012345678,"이름":"김하늘","x":1.50}"#;
        let new = ledger.append(shelf, Put::Newer, vec![plain("1", body, 10)]).await.unwrap();
        assert_eq!(new, [Outcome::New]);
        let again = ledger.append(shelf, Put::Newer, vec![plain("1", body, 20)]).await.unwrap();
        assert_eq!(again, [Outcome::Unchanged]);
        let held = ledger.document(shelf, "1").await.unwrap().unwrap();
        assert_eq!(held.document.body, body.as_bytes());
        assert_eq!((held.document.version, held.document.observed_at), (1, at(10)));
        assert!(ledger.document(shelf, "2").await.unwrap().is_none());
        assert!(ledger.document(elsewhere(shelf), "1").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_content_is_a_new_version_and_the_old_one_stays_readable() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let batch = vec![
            plain("1", "a", 10),
            plain("2", "x", 10),
            plain("1", "b", 11),
            plain("1", "b", 12),
        ];
        let outcomes = ledger.append(shelf, Put::Newer, batch).await.unwrap();
        assert_eq!(outcomes, [Outcome::New, Outcome::New, Outcome::Changed, Outcome::Unchanged]);
        ledger.append(shelf, Put::Newer, vec![plain("1", "a", 13)]).await.unwrap();
        let versions = ledger.versions(shelf, "1").await.unwrap();
        let told: Vec<_> = versions.iter().map(|one| (one.version, one.body.as_slice())).collect();
        assert_eq!(told, [(1, &b"a"[..]), (2, b"b"), (3, b"a")]);
        assert_eq!(ledger.document(shelf, "1").await.unwrap().unwrap().document.version, 3);
        assert_eq!(versions.iter().map(|one| one.seq).collect::<Vec<_>>(), [1, 3, 4]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_observed_last_is_current_whatever_came_last() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let batch = vec![plain("1", "late", 30), plain("1", "early", 10), plain("1", "early", 15)];
        let outcomes = ledger.append(shelf, Put::Newer, batch).await.unwrap();
        assert_eq!(outcomes, [Outcome::New, Outcome::Changed, Outcome::Unchanged]);
        let middle =
            ledger.append(shelf, Put::Newer, vec![plain("1", "middle", 20)]).await.unwrap();
        assert_eq!(middle, [Outcome::Changed]);
        let again = ledger.append(shelf, Put::Newer, vec![plain("1", "early", 12)]).await.unwrap();
        assert_eq!(again, [Outcome::Unchanged]);
        assert_eq!(ledger.document(shelf, "1").await.unwrap().unwrap().document.body, b"late");
        let versions = ledger.versions(shelf, "1").await.unwrap();
        assert_eq!(versions.iter().map(|one| one.version).collect::<Vec<_>>(), [1, 2, 3]);
        let next = ledger.append(shelf, Put::Newer, vec![plain("1", "latest", 40)]).await.unwrap();
        assert_eq!(next, [Outcome::Changed]);
        assert_eq!(ledger.document(shelf, "1").await.unwrap().unwrap().document.version, 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_heard_again_is_not_outdone_by_what_was_heard_in_between() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        for (body, observed, outcome) in [
            ("a", 10, Outcome::New),
            ("a", 30, Outcome::Unchanged),
            ("b", 20, Outcome::Changed),
            ("a", 25, Outcome::Unchanged),
        ] {
            let told = ledger.append(shelf, Put::Newer, vec![plain("1", body, observed)]).await;
            assert_eq!(told.unwrap(), [outcome], "{body} at {observed}");
        }
        let held = ledger.document(shelf, "1").await.unwrap().unwrap();
        assert_eq!((held.document.body.as_slice(), held.document.version), (&b"a"[..], 1));
        // The same within one batch.
        let batch = vec![plain("2", "a", 10), plain("2", "a", 30), plain("2", "b", 20)];
        ledger.append(shelf, Put::Newer, batch).await.unwrap();
        assert_eq!(ledger.document(shelf, "2").await.unwrap().unwrap().document.body, b"a");
        let later = ledger.append(shelf, Put::Newer, vec![plain("2", "c", 31)]).await.unwrap();
        assert_eq!(later, [Outcome::Changed]);
        assert_eq!(ledger.document(shelf, "2").await.unwrap().unwrap().document.body, b"c");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_heard_earlier_is_no_other_version_but_makes_the_one_there_is_older() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let append = async |batch: Vec<_>| ledger.append(shelf, Put::Newer, batch).await.unwrap();
        let told = async |key: &str| {
            let versions = ledger.versions(shelf, key).await.unwrap();
            let told = versions.into_iter().map(|one| (one.body, one.observed_at));
            told.map(|(body, at)| (String::from_utf8(body).unwrap(), at)).collect::<Vec<_>>()
        };
        let (a, b) = ("a".to_owned(), "b".to_owned());
        // One after the other, and within one batch.
        append(vec![plain("1", "a", 30)]).await;
        assert_eq!(append(vec![plain("1", "a", 20)]).await, [Outcome::Unchanged]);
        let outcomes = append(vec![plain("2", "a", 30), plain("2", "a", 20)]).await;
        assert_eq!(outcomes, [Outcome::New, Outcome::Unchanged]);
        for key in ["1", "2"] {
            assert_eq!(told(key).await, [(a.clone(), at(20))]);
            // What was heard in between counts as such.
            assert_eq!(append(vec![plain(key, "b", 25)]).await, [Outcome::Changed]);
            assert_eq!(append(vec![plain(key, "b", 22)]).await, [Outcome::Unchanged]);
            assert_eq!(told(key).await, [(a.clone(), at(20)), (b.clone(), at(22))]);
            assert_eq!(ledger.document(shelf, key).await.unwrap().unwrap().document.body, b"a");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_told_late_is_known_of_what_is_current_and_is_found_by() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let marked = |key: &str, observed, moment, when| {
            let mut one = plain(key, "a", observed);
            one.marks = Marks::from([(moment, at(when))]);
            one
        };
        // One after the other, and within one batch, where something else comes last.
        ledger
            .append(shelf, Put::Newer, vec![marked("1", 30, Moment::Closed, 5_000)])
            .await
            .unwrap();
        ledger
            .append(shelf, Put::Newer, vec![marked("1", 20, Moment::Confirmed, 4_000)])
            .await
            .unwrap();
        let batch = vec![
            marked("2", 30, Moment::Closed, 5_000),
            marked("2", 20, Moment::Confirmed, 4_000),
            plain("2", "b", 10),
            marked("3", 30, Moment::Closed, 5_000),
            marked("3", 20, Moment::Confirmed, 4_000),
            plain("3", "b", 40),
        ];
        ledger.append(shelf, Put::Newer, batch).await.unwrap();
        let both = Marks::from([(Moment::Closed, at(5_000)), (Moment::Confirmed, at(4_000))]);
        for (key, body, [current, versions]) in
            [("1", "a", [2, 2]), ("2", "a", [2, 3]), ("3", "b", [3, 3])]
        {
            let held = ledger.document(shelf, key).await.unwrap().unwrap();
            assert_eq!(held.document.marks, both, "{key}");
            assert_eq!(held.document.body, body.as_bytes(), "{key}");
            assert_eq!(held.document.version, current, "{key}");
            let there = ledger.versions(shelf, key).await.unwrap();
            let numbers: Vec<_> = there.iter().map(|one| one.version).collect();
            assert_eq!(numbers, (1..=versions).collect::<Vec<_>>(), "{key}");
        }
        let mut confirmed = Query::all(shelf, 10);
        confirmed.moment(
            Moment::Confirmed,
            hoesu_claims::time::Between { from: Some(at(4_000)), until: Some(at(4_001)) },
        );
        assert_eq!(ledger.list(&confirmed).await.unwrap().total, 3);
        // What was told since is not outdone by it.
        let late = marked("1", 25, Moment::Closed, 1_000);
        ledger.append(shelf, Put::Newer, vec![late]).await.unwrap();
        assert_eq!(ledger.document(shelf, "1").await.unwrap().unwrap().document.marks, both);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn put_once_refuses_other_content_and_writes_nothing() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let first = ledger.append(shelf, Put::Once, vec![plain("1", "a", 10)]).await.unwrap();
        let same = ledger.append(shelf, Put::Once, vec![plain("1", "a", 11)]).await.unwrap();
        let other = ledger.append(shelf, Put::Once, vec![plain("1", "b", 12)]).await.unwrap();
        assert_eq!(
            (first, same, other),
            (vec![Outcome::New], vec![Outcome::Unchanged], vec![Outcome::Conflict])
        );
        assert_eq!(ledger.versions(shelf, "1").await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_are_content_stay_known_and_are_found_by() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let closed = Marks::from([(Moment::Closed, at(5_000))]);
        ledger.append(shelf, Put::Newer, vec![plain("1", "a", 10)]).await.unwrap();
        let mut marked = plain("1", "a", 20);
        marked.marks.clone_from(&closed);
        assert_eq!(
            ledger.append(shelf, Put::Newer, vec![marked]).await.unwrap(),
            [Outcome::Changed]
        );
        assert_eq!(
            ledger.append(shelf, Put::Newer, vec![plain("1", "b", 30)]).await.unwrap(),
            [Outcome::Changed]
        );
        assert_eq!(ledger.document(shelf, "1").await.unwrap().unwrap().document.marks, closed);
        let mut query = Query::all(shelf, 10);
        query.moment(
            Moment::Closed,
            hoesu_claims::time::Between { from: Some(at(5_000)), until: Some(at(5_001)) },
        );
        assert_eq!(ledger.list(&query).await.unwrap().total, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_taken_back_by_one_of_another_kind_is_not_read() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let back = hoesu_ledger::Shelf { kind: "withdrawal", ..shelf };
        ledger
            .append(shelf, Put::Newer, vec![plain("1", "a", 10), plain("2", "b", 10)])
            .await
            .unwrap();
        let read = async |key| ledger.document_unless(shelf, key, "withdrawal").await.unwrap();
        assert_eq!(read("1").await.unwrap().document.body, b"a");
        ledger.append(back, Put::Newer, vec![plain("1", "back", 20)]).await.unwrap();
        ledger.append(elsewhere(back), Put::Newer, vec![plain("2", "back", 20)]).await.unwrap();
        assert!(read("1").await.is_none());
        assert_eq!(read("2").await.unwrap().document.body, b"b");
        assert!(read("3").await.is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_writes_is_read_at_once_however_often_it_was_read_before() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let back = hoesu_ledger::Shelf { kind: "withdrawal", ..shelf };
        let other = ledger.again().await;
        for nth in 1..=20_i64 {
            let body = format!("said {nth}");
            other.append(shelf, Put::Newer, vec![plain("1", &body, nth)]).await.unwrap();
            for _ in 0..3 {
                let read = ledger.document_unless(shelf, "1", "withdrawal").await.unwrap();
                assert_eq!(read.unwrap().document.body, body.as_bytes());
            }
        }
        other.append(back, Put::Newer, vec![plain("1", "back", 30)]).await.unwrap();
        assert!(ledger.document_unless(shelf, "1", "withdrawal").await.unwrap().is_none());
        assert_eq!(ledger.document(shelf, "1").await.unwrap().unwrap().document.body, b"said 20");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_read_in_order_of_their_keys() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let batch = ["나", "b", "a", "가", "B"].map(|key| plain(key, key, 10));
        ledger.append(shelf, Put::Newer, batch.to_vec()).await.unwrap();
        let mut keys = Vec::new();
        let mut after = String::new();
        loop {
            let page = ledger.current_after(shelf, &after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after.clone_from(&last.key);
            keys.extend(page.into_iter().map(|document| document.key));
        }
        assert_eq!(keys, ["B", "a", "b", "가", "나"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_at_once_lose_nothing_and_share_one_sequence() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let other = ledger.again().await;
        let writers = (0..16).map(|writer| {
            let ledger = if writer % 2 == 0 { Arc::clone(&ledger) } else { Arc::clone(&other) };
            tokio::spawn(async move {
                for nth in 0..20 {
                    let key = format!("{writer}-{nth}");
                    let outcome = ledger
                        .append(shelf, Put::Newer, vec![plain(&key, &key, 10)])
                        .await
                        .unwrap();
                    assert_eq!(outcome, [Outcome::New]);
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let page = ledger.list(&Query::all(shelf, 1_000)).await.unwrap();
        assert_eq!((page.total, page.rows.len()), (320, 320));
        let mut seqs: Vec<i64> = page.rows.iter().map(|held| held.document.seq).collect();
        seqs.sort_unstable();
        assert_eq!(seqs, (1..=320).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_batch_leaves_nothing_behind() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let nobody = hoesu_ledger::Shelf { seller: hoesu_claims::SellerId(99), ..shelf };
        assert!(ledger.append(nobody, Put::Newer, vec![plain("1", "a", 10)]).await.is_err());
        assert_eq!(
            ledger.append(shelf, Put::Newer, vec![plain("1", "a", 10)]).await.unwrap(),
            [Outcome::New]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_document_is_no_longer_found_by_what_it_said_before() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let with = |order: &str| {
            let mut found = Found::default();
            found.term(Term::Order, order);
            found.term(Term::BuyerName, "김하늘");
            found
        };
        ledger.append(shelf, Put::Newer, vec![says("1", "a", 10, 1, with("A"))]).await.unwrap();
        ledger.append(shelf, Put::Newer, vec![says("1", "b", 20, 1, with("B"))]).await.unwrap();
        // A late version never changes what the current one is found by.
        ledger.append(shelf, Put::Newer, vec![says("1", "c", 5, 1, with("C"))]).await.unwrap();
        for (order, total) in [("A", 0), ("B", 1), ("C", 0)] {
            let mut query = Query::all(shelf, 10);
            query.term(Term::Order, order);
            assert_eq!(ledger.list(&query).await.unwrap().total, total, "{order}");
        }
        let mut query = Query::all(shelf, 10);
        query.term(Term::BuyerName, "김하늘");
        assert_eq!(ledger.list(&query).await.unwrap().total, 1);
    })
    .await;
}
