//! A database that goes back in time under an open ledger: an older copy in its place, or one that has
//! gone its own way since. A second later nothing is told that is not there.

use std::time::Duration;

use hoesu_claims::coverage::{Read, Span};
use hoesu_claims::{AccountId, Rule};
use hoesu_ledger::cases::{FindingQuery, Settlement};
use hoesu_ledger::{Cause, Error, FeedKey, Ledger, Outcome, Place, Put, Query, Shelf};
use hoesu_testkit::{Copy, Database, TestLedger, on_both, throwaway};

use crate::cases::{case, document, finding, settle};
use crate::tell::{at, new_account, plain, shelf};

/// After this long nothing of before may be told.
const SECOND: Duration = Duration::from_secs(1);

/// How a copy comes in the place of a ledger.
#[derive(Clone, Copy, Debug)]
enum How {
    /// As a restored backup, with another number or name.
    Exchanged,
    /// In place: nothing tells but the rows.
    Overwritten,
}

const HOWS: [How; 2] = [How::Exchanged, How::Overwritten];

async fn goes_back(ledger: &TestLedger, copy: &Copy, how: How) {
    match how {
        How::Exchanged => ledger.put_in_place(copy),
        How::Overwritten => ledger.overwrite(copy).await,
    }
}

async fn body(ledger: &Ledger, shelf: Shelf, key: &str) -> Option<String> {
    let held = ledger.document(shelf, key).await.unwrap()?;
    Some(String::from_utf8(held.document.body.clone()).unwrap())
}

/// Everything one can ask of a shelf, as text.
async fn everything(ledger: &Ledger, shelf: Shelf) -> Vec<String> {
    let text = |body: &[u8]| String::from_utf8(body.to_vec()).unwrap();
    let mut told = Vec::new();
    for key in ["a", "b", "c"] {
        told.push(format!("{key}: {:?}", body(ledger, shelf, key).await));
        let versions = ledger.versions(shelf, key).await.unwrap();
        let versions: Vec<String> = versions.iter().map(|one| text(&one.body)).collect();
        told.push(format!("{key} was {versions:?}"));
    }
    let page = ledger.list(&Query::all(shelf, 10)).await.unwrap();
    let rows: Vec<String> = page.rows.iter().map(|held| text(&held.document.body)).collect();
    told.push(format!("{} listed: {rows:?}", page.total));
    let keys = ["a", "b", "c"].map(|key| document(shelf, key));
    let current = ledger.current_of(shelf.seller, keys.into()).await.unwrap();
    let current: Vec<String> = current.iter().map(|one| text(&one.held.document.body)).collect();
    told.push(format!("current: {current:?}"));
    let after = ledger.current_after(shelf, "", 10).await.unwrap();
    told.push(format!("{} in order", after.len()));
    let findings = ledger
        .findings(shelf.seller, FindingQuery { limit: 10, ..FindingQuery::default() })
        .await
        .unwrap();
    let findings: Vec<String> = findings.into_iter().map(|one| one.finding.id).collect();
    told.push(format!("findings: {findings:?}"));
    let cases = ledger.settled(shelf.seller).await.unwrap();
    told.push(format!("settled: {} of {}", cases.seq, cases.turn));
    let accounts = ledger.accounts().await.unwrap();
    told.push(format!("{} accounts", accounts.len()));
    told.push(format!("{:?}", ledger.admit("market", "key-2").await.unwrap().is_some()));
    told
}

/// What comes after the copy was taken; `word` is what it says.
async fn goes_on(ledger: &Ledger, shelf: Shelf, word: &str, more: usize) {
    let batch = vec![plain("a", &format!("a {word}"), 20), plain("c", &format!("c {word}"), 21)];
    ledger.append(shelf, Put::Newer, batch).await.unwrap();
    for n in 0..more {
        let one = plain(&format!("{word} {n}"), word, 30 + n as i64);
        ledger.append(shelf, Put::Newer, vec![one]).await.unwrap();
    }
    ledger.add_account(new_account(shelf.seller, word, "key-2"), at(30)).await.unwrap();
    let found = vec![finding(Rule::StopShipment, word, None)];
    assert!(
        settle(ledger, shelf.seller, 40, vec![case(word, vec![document(shelf, "c")], found)]).await
    );
}

async fn begun(ledger: &Ledger) -> Shelf {
    let shelf = shelf(ledger).await;
    let batch = vec![plain("a", "a first", 10), plain("b", "b first", 11)];
    ledger.append(shelf, Put::Newer, batch).await.unwrap();
    shelf
}

/// What a ledger that knows nothing says of the same database.
async fn truth(ledger: &TestLedger, shelf: Shelf) -> Vec<String> {
    let fresh = ledger.again().await;
    everything(&fresh, shelf).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_in_its_place_is_what_is_told() {
    for how in HOWS {
        on_both(async |ledger| {
            let shelf = begun(&ledger).await;
            let copy = ledger.copy().await;
            goes_on(&ledger, shelf, "lost", 3).await;
            let before = everything(&ledger, shelf).await;
            assert!(before.iter().any(|line| line.contains("a lost")), "{before:?}");
            assert_eq!(everything(&ledger, shelf).await, before, "from memory now");
            goes_back(&ledger, &copy, how).await;
            tokio::time::sleep(SECOND).await;
            let now = everything(&ledger, shelf).await;
            assert!(!now.iter().any(|line| line.contains("lost")), "{how:?}: {now:?}");
            assert_eq!(now, truth(&ledger, shelf).await, "{how:?}");
            assert!(ledger.times_gone_back() > 0);
            goes_on(&ledger, shelf, "anew", 1).await;
            let now = everything(&ledger, shelf).await;
            assert!(now.iter().any(|line| line.contains("a anew")), "{how:?}: {now:?}");
            assert_eq!(now, truth(&ledger, shelf).await, "what is written is in the new one");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_went_its_own_way_is_what_is_told() {
    for how in HOWS {
        on_both(async |ledger| {
            let shelf = begun(&ledger).await;
            let copy = ledger.copy().await;
            goes_on(&ledger, shelf, "lost", 1).await;
            let other = Ledger::open(&copy.place(), ledger.key()).await.unwrap();
            // The same places in the sequence, the same numbers of documents, and further.
            goes_on(&other, shelf, "kept", 4).await;
            let truth = everything(&other, shelf).await;
            drop(other);
            everything(&ledger, shelf).await;
            goes_back(&ledger, &copy, how).await;
            tokio::time::sleep(SECOND).await;
            assert_eq!(everything(&ledger, shelf).await, truth, "{how:?}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_between_two_looks_does_not_hide_that_it_went_back() {
    on_both(async |ledger| {
        let shelf = begun(&ledger).await;
        let copy = ledger.copy().await;
        let other = Ledger::open(&copy.place(), ledger.key()).await.unwrap();
        goes_on(&other, shelf, "kept", 4).await;
        let truth = everything(&other, shelf).await;
        drop(other);
        ledger.look_again().await.unwrap();
        // Held since the last look, and then read of the new rows before the next: the last one seen is
        // one that is there.
        goes_on(&ledger, shelf, "lost", 0).await;
        assert_eq!(body(&ledger, shelf, "c").await.as_deref(), Some("c lost"));
        goes_back(&ledger, &copy, How::Overwritten).await;
        let _ = ledger.document(shelf, "kept 3").await;
        tokio::time::sleep(SECOND).await;
        assert_eq!(everything(&ledger, shelf).await, truth);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_of_the_same_number_has_its_own_keys_and_shelves() {
    for how in HOWS {
        on_both(async |ledger| {
            begun(&ledger).await;
            let copy = ledger.copy().await;
            let other = Ledger::open(&copy.place(), ledger.key()).await.unwrap();
            let mut of = Vec::new();
            for (ledger, name, kinds) in
                [(&**ledger, "lost", ["one", "two"]), (&*other, "kept", ["two", "one"])]
            {
                let seller = ledger.add_seller(name, at(50)).await.unwrap();
                let new = new_account(seller.id, name, name);
                let account = ledger.add_account(new, at(51)).await.unwrap();
                for kind in kinds {
                    let batch = vec![plain("k", &format!("{name} {kind}"), 52)];
                    ledger.append(account.shelf(kind), Put::Newer, batch).await.unwrap();
                }
                of.push(account);
            }
            assert_eq!((of[0].seller, of[0].id), (of[1].seller, of[1].id));
            drop(other);
            goes_back(&ledger, &copy, how).await;
            // At once: what is written stands on nothing of before.
            let (one, two) = (of[1].shelf("one"), of[1].shelf("two"));
            let batch = vec![plain("l", "written after", 60)];
            let outcome = ledger.append(one, Put::Newer, batch).await.unwrap();
            assert_eq!(outcome, [Outcome::New], "{how:?}");
            let fresh = ledger.again().await;
            for ledger in [&fresh, &**ledger] {
                assert_eq!(body(ledger, one, "k").await.as_deref(), Some("kept one"));
                assert_eq!(body(ledger, two, "k").await.as_deref(), Some("kept two"));
                assert_eq!(body(ledger, one, "l").await.as_deref(), Some("written after"));
                assert_eq!(body(ledger, two, "l").await, None);
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_on_the_ground_of_what_was_before() {
    for how in HOWS {
        on_both(async |ledger| {
            let shelf = begun(&ledger).await;
            let seller = shelf.seller;
            let key = FeedKey { seller, account: shelf.account, feed: "returns".to_owned() };
            let lease = ledger.lease_feed(key, "we", at(0), at(10), at(100_000)).await.unwrap();
            let mut lease = lease.expect("it is free");
            // The copy has the lease, and is settled as far as the ledger is.
            let was = ledger.settled(seller).await.unwrap();
            let copy = ledger.copy().await;
            let page = vec![plain("page one", "read under the lease", 20)];
            ledger.append(shelf, Put::Newer, page).await.unwrap();
            let more = vec![plain("x", "prepared before", 21)];
            let prepared = ledger.prepare(shelf, more).await.unwrap();
            goes_back(&ledger, &copy, how).await;

            let settlement =
                Settlement { was, seq: 2, at: at(30), cases: Vec::new(), gone: Vec::new() };
            assert!(!ledger.settle(seller, settlement).await.unwrap(), "{how:?}");
            let refused = ledger.append_prepared(Put::Newer, prepared).await;
            assert!(matches!(refused, Err(Error::WentBack)), "{how:?}: {refused:?}");
            // The second page comes; the span is not read all the same: the first is lost.
            ledger.append(shelf, Put::Newer, vec![plain("page two", "2", 22)]).await.unwrap();
            let read = Read::of(Span::of(0, 50).unwrap(), 20, 2).unwrap();
            assert!(!ledger.mark_read(&lease, read).await.unwrap(), "{how:?}");
            assert!(!ledger.renew_feed(&mut lease, at(200_000)).await.unwrap());
            assert!(ledger.coverage(lease.key()).await.unwrap().reads().is_empty());
            assert!(settle(&ledger, seller, 31, Vec::new()).await, "whoever begins anew may");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_is_no_going_back() {
    on_both(async |ledger| {
        let shelf = begun(&ledger).await;
        let other = ledger.again().await;
        goes_on(&other, shelf, "first", 0).await;
        for n in 0..6 {
            let one = plain("a", &format!("a {n}"), 100 + n);
            other.append(shelf, Put::Newer, vec![one]).await.unwrap();
            let late = plain("a", "a late", 90 - n);
            other.append(shelf, Put::Newer, vec![late]).await.unwrap();
            let seller = other.add_seller(&format!("another {n}"), at(70)).await.unwrap();
            assert!(ledger.refusals(seller.id, None, 1).await.unwrap().is_empty());
            let told = everything(&ledger, shelf).await;
            assert_eq!(told, everything(&other, shelf).await);
            tokio::time::sleep(SECOND / 4).await;
        }
        ledger.look_again().await.unwrap();
        assert_eq!((ledger.times_gone_back(), other.times_gone_back()), (0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_missing_or_half_copied_is_waited_for() {
    let ledger = throwaway(Database::Sqlite).await;
    let shelf = begun(&ledger).await;
    let Place::Folder(folder) = ledger.place() else { unreachable!("it is SQLite") };
    let copy = ledger.copy().await;
    goes_on(&ledger, shelf, "lost", 0).await;
    everything(&ledger, shelf).await;
    let Place::Folder(from) = copy.place() else { unreachable!("it is SQLite") };
    let whole = std::fs::read(from.join("ledger.db")).unwrap();
    let path = folder.join("ledger.db");
    std::fs::remove_file(&path).unwrap();
    tokio::time::sleep(SECOND).await;
    for part in [None, Some(0), Some(100), Some(whole.len() / 2), Some(whole.len() - 1)] {
        if let Some(bytes) = part {
            std::fs::write(&path, &whole[..bytes]).unwrap();
        }
        assert!(ledger.ready().await.is_err(), "{part:?}");
        assert!(ledger.document(shelf, "a").await.is_err(), "{part:?}");
        let batch = vec![plain("a", "nowhere", 90)];
        assert!(ledger.append(shelf, Put::Newer, batch).await.is_err(), "{part:?}");
        assert!(
            ledger
                .findings(shelf.seller, FindingQuery { limit: 1, ..FindingQuery::default() })
                .await
                .is_err(),
            "{part:?}"
        );
        if let Some(bytes) = part {
            assert_eq!(std::fs::read(&path).unwrap().len(), bytes, "it is not touched");
        }
    }
    std::fs::write(&path, &whole).unwrap();
    ledger.ready().await.unwrap();
    assert_eq!(everything(&ledger, shelf).await, truth(&ledger, shelf).await);
    assert_eq!(body(&ledger, shelf, "a").await.as_deref(), Some("a first"));
    assert_eq!(AccountId(1), shelf.account);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_of_another_key_in_its_place_is_refused() {
    on_both(async |ledger| {
        let shelf = begun(&ledger).await;
        everything(&ledger, shelf).await;
        let kind = match ledger.place() {
            Place::Folder(_) => Database::Sqlite,
            Place::Postgres(_) => Database::Postgres,
        };
        let stranger = throwaway(kind).await;
        begun(&stranger).await;
        let copy = stranger.copy().await;
        ledger.put_in_place(&copy);
        tokio::time::sleep(SECOND).await;
        for _ in 0..2 {
            let read = ledger.document(shelf, "a").await;
            assert_eq!(read.map(drop).expect_err("it cannot be opened").cause(), Cause::Key);
            let batch = vec![plain("a", "sealed with a key of nobody", 90)];
            let wrote = ledger.append(shelf, Put::Newer, batch).await;
            assert_eq!(wrote.expect_err("it cannot be sealed").cause(), Cause::Key);
            assert!(ledger.ready().await.is_err());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_go_over_to_the_same_database() {
    for how in HOWS {
        on_both(async |ledger| {
            let shelf = begun(&ledger).await;
            let copy = ledger.copy().await;
            goes_on(&ledger, shelf, "lost", 1).await;
            let others = [ledger.again().await, ledger.again().await];
            for one in &others {
                everything(one, shelf).await;
            }
            goes_back(&ledger, &copy, how).await;
            let all = [&**ledger, &*others[0], &*others[1]];
            let append = |n: usize| {
                let one = vec![plain(&format!("of {n}"), "written after", 60)];
                all[n].append(shelf, Put::Newer, one)
            };
            let (one, two, three) = tokio::join!(append(0), append(1), append(2));
            for outcome in [one, two, three] {
                assert_eq!(outcome.unwrap(), [Outcome::New], "{how:?}");
            }
            tokio::time::sleep(SECOND).await;
            let truth = truth(&ledger, shelf).await;
            for one in all {
                assert_eq!(everything(one, shelf).await, truth, "{how:?}");
                for n in 0..3 {
                    assert!(body(one, shelf, &format!("of {n}")).await.is_some(), "{how:?} {n}");
                }
            }
        })
        .await;
    }
}
