//! How a ledger must be after whatever failed: looked at the same way in every story.

use std::collections::BTreeSet;

use hoesu_claims::{Found, Incoming, Term};
use hoesu_ledger::{Ledger, Outcome, Put, Query, Shelf};
use hoesu_testkit::TestLedger;

use crate::tell::says;

/// A document that writes to every table documents write to.
pub(crate) fn full(key: &str, body: &str) -> Incoming {
    let mut found = Found::default();
    found.term(Term::Order, key);
    says(key, body, 10, 10, found)
}

/// A batch with these numbers in its keys.
pub(crate) fn batch(numbers: std::ops::Range<u32>) -> Vec<Incoming> {
    numbers.map(|number| full(&number.to_string(), &"a body ".repeat(40))).collect()
}

/// The keys of a shelf's documents.
pub(crate) async fn keys(ledger: &Ledger, shelf: Shelf) -> BTreeSet<String> {
    let all = ledger.current_after(shelf, "", 100_000).await.unwrap();
    all.into_iter().map(|document| document.key).collect()
}

/// Nothing is half there, nothing is in the way of what comes, neither in the processes that were there
/// nor in another; `keys` are the documents there must be.
pub(crate) async fn is_whole(ledger: &TestLedger, shelf: Shelf, expected: &BTreeSet<String>) {
    assert_eq!(ledger.wrong_counters().await.unwrap(), []);
    let checked = ledger.check().await.unwrap();
    assert!(checked.is_sound(), "{checked:?}");
    assert_eq!(&keys(ledger, shelf).await, expected);
    let listed = ledger.list(&Query::all(shelf, 10)).await.unwrap();
    assert_eq!(listed.total, expected.len() as u64, "what is listed is what is there");
    for key in expected {
        let terms = [(Term::Order, key.clone())];
        let found = ledger.told_by(shelf.seller, terms).await.unwrap();
        assert_eq!(found.len(), 1, "{key} is found by what it says");
        assert_eq!(ledger.versions(shelf, key).await.unwrap().len(), 1, "{key} is there once");
    }
    let another = ledger.again().await;
    for (nth, process) in [(**ledger).clone(), another].into_iter().enumerate() {
        let key = format!("after, by {nth}");
        let new = process.append(shelf, Put::Newer, vec![full(&key, "a")]).await.unwrap();
        assert_eq!(new, [Outcome::New]);
        let again = process.append(shelf, Put::Newer, vec![full(&key, "a")]).await.unwrap();
        assert_eq!(again, [Outcome::Unchanged]);
        process.ready().await.unwrap();
    }
    assert_eq!(ledger.wrong_counters().await.unwrap(), []);
}
