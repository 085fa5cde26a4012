//! What a process holds of documents is what the database has, whoever writes, and whatever.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoesu_ledger::{Ledger, Put};
use hoesu_testkit::property::{config, more_in_ci};
use hoesu_testkit::{Database, TestLedger, throwaway};
use jiff::civil::Date;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::tell::{account, at, plain};

/// Keys of documents.
const KEYS: u8 = 2;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// A process (0 reads and writes, 1 is a stranger to it) puts a document on a shelf.
    Put(usize, bool, u8),
    /// The same document again: nothing is written of it.
    Again(usize, bool, u8),
    /// A process writes something that is about no document.
    Other(usize),
    /// Several documents at once, in one commit.
    Together(bool),
    /// The reader asks for a document.
    Read(u8),
    /// The reader asks for a document unless another shelf has one of the same key.
    ReadUnless(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let who = prop_oneof![2 => Just(0_usize), 1 => Just(1_usize)];
    prop_oneof![
        2 => (who.clone(), any::<bool>(), 0..KEYS).prop_map(|(who, shelf, key)| Step::Put(who, shelf, key)),
        1 => (who.clone(), any::<bool>(), 0..KEYS).prop_map(|(who, shelf, key)| Step::Again(who, shelf, key)),
        3 => who.prop_map(Step::Other),
        1 => any::<bool>().prop_map(Step::Together),
        4 => (0..KEYS).prop_map(Step::Read),
        2 => (0..KEYS).prop_map(Step::ReadUnless),
    ]
}

/// Follows steps on two processes, and compares every answer with what was put last.
async fn follow(ledger: &TestLedger, name: &str, steps: &[Step]) {
    let account = account_named(ledger, name).await;
    let shelves = [account.shelf("order"), account.shelf("cancel")];
    let processes: [Arc<Ledger>; 2] = [Arc::clone(ledger), ledger.again().await];
    let mut told: BTreeMap<(bool, u8), i64> = BTreeMap::new();
    for (nth, step) in steps.iter().enumerate() {
        let heard = i64::try_from(nth).unwrap() + 10;
        let document = |key: u8, says: i64| plain(&key.to_string(), &says.to_string(), says);
        match step {
            Step::Put(who, shelf, key) => {
                let batch = vec![document(*key, heard)];
                processes[*who]
                    .append(shelves[usize::from(*shelf)], Put::Newer, batch)
                    .await
                    .unwrap();
                told.insert((*shelf, *key), heard);
            }
            Step::Again(who, shelf, key) => {
                if let Some(says) = told.get(&(*shelf, *key)) {
                    let batch = vec![document(*key, *says)];
                    let shelf = shelves[usize::from(*shelf)];
                    processes[*who].append(shelf, Put::Newer, batch).await.unwrap();
                }
            }
            Step::Other(who) => {
                let day = Date::constant(2026, 1, 1).saturating_add(jiff::Span::new().days(heard));
                let days = BTreeMap::from([(day, format!("{heard}"))]);
                processes[*who].add_days_off(account.seller, days).await.unwrap();
            }
            Step::Together(shelf) => {
                let batch = (0..KEYS).map(|key| document(key, heard)).collect();
                processes[0].append(shelves[usize::from(*shelf)], Put::Newer, batch).await.unwrap();
                told.extend((0..KEYS).map(|key| ((*shelf, key), heard)));
            }
            Step::Read(key) => {
                let read = processes[0].document(shelves[0], &key.to_string()).await.unwrap();
                let says = read.map(|held| String::from_utf8(held.document.body.clone()).unwrap());
                assert_eq!(says, told.get(&(false, *key)).map(i64::to_string), "step {nth}");
            }
            Step::ReadUnless(key) => {
                let key = *key;
                let asked = key.to_string();
                let asked = processes[0].document_unless(shelves[0], &asked, "cancel");
                let says = asked.await.unwrap();
                let says = says.map(|held| String::from_utf8(held.document.body.clone()).unwrap());
                let is_there = !told.contains_key(&(true, key));
                let known = told.get(&(false, key)).filter(|_| is_there);
                assert_eq!(says, known.map(i64::to_string), "step {nth}");
            }
        }
    }
}

async fn account_named(ledger: &TestLedger, name: &str) -> hoesu_ledger::Account {
    let seller = ledger.add_seller(name, at(1)).await.unwrap().id;
    ledger.add_account(crate::tell::new_account(seller, "main", name), at(2)).await.unwrap()
}

#[test]
fn what_is_held_is_what_the_database_has_whoever_writes() {
    const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proptest-regressions/held.txt");
    let runtime = Runtime::new().unwrap();
    for database in Database::ALL {
        let ledger = runtime.block_on(throwaway(database));
        let nth = std::cell::Cell::new(0);
        proptest!(config(more_in_ci(12), SEEDS), |(steps in prop::collection::vec(step(), 1..40))| {
            nth.set(nth.get() + 1);
            runtime.block_on(follow(&ledger, &format!("seller {}", nth.get()), &steps));
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn own_commits_about_something_else_leave_what_is_held_and_a_strangers_does_not() {
    let ledger = throwaway(Database::Sqlite).await;
    let account = account(&ledger).await;
    let shelf = account.shelf("order");
    ledger.append(shelf, Put::Newer, vec![plain("1", "one", 10)]).await.unwrap();
    ledger.document(shelf, "1").await.unwrap();
    // Written past the ledger and its versions, so that only a look at the database would tell.
    let stranger = ledger.again().await;
    ledger.append(shelf, Put::Newer, vec![plain("2", "two", 10)]).await.unwrap();
    assert!(ledger.document(shelf, "1").await.unwrap().is_some());
    stranger.append(shelf, Put::Newer, vec![plain("1", "other", 20)]).await.unwrap();
    ledger.append(shelf, Put::Newer, vec![plain("2", "own after a stranger's", 20)]).await.unwrap();
    let read = ledger.document(shelf, "1").await.unwrap().unwrap();
    assert_eq!(read.document.body, b"other");
}
