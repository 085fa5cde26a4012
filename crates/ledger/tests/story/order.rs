//! The order of arrival: any hearings of a document, in any order, repeated and in batches of any
//! size, leave the same document, on both databases.

use std::collections::BTreeMap;

use hoesu_claims::document::Marks;
use hoesu_claims::{Found, Incoming, Moment};
use hoesu_ledger::cases::DocumentAt;
use hoesu_ledger::{Ledger, Put, Shelf};
use hoesu_testkit::property::{config, more_in_ci};
use hoesu_testkit::{Database, throwaway};
use proptest::prelude::*;

use crate::tell::{account, at, new_account, plain};

/// Documents heard in one case.
const DOCUMENTS: usize = 64;

/// One time something was heard of a document.
#[derive(Debug, Clone)]
struct Hearing {
    content: u8,
    heard: i64,
    mark: Option<(bool, i64)>,
}

fn hearing() -> impl Strategy<Value = Hearing> {
    let mark = prop::option::of((any::<bool>(), 0..3_i64));
    (0..5_u8, 10..16_i64, mark).prop_map(|(content, heard, mark)| Hearing { content, heard, mark })
}

/// Hearings in an order, each of a document.
type Arrivals = Vec<(usize, Hearing)>;

/// Documents with their hearings, and those again in another order, some twice.
fn arrivals() -> impl Strategy<Value = (Arrivals, Arrivals, usize)> {
    let documents = prop::collection::vec(prop::collection::vec(hearing(), 1..8), DOCUMENTS);
    documents.prop_flat_map(|documents| {
        let all: Arrivals = documents
            .into_iter()
            .enumerate()
            .flat_map(|(document, heard)| heard.into_iter().map(move |one| (document, one)))
            .collect();
        let again = all.iter().chain(all.iter().step_by(3)).cloned().collect::<Arrivals>();
        (Just(all), Just(again).prop_shuffle(), 1..200_usize)
    })
}

/// As it arrives. What a content says of its change is a function of it; every other document is of a
/// kind whose time of change moves with every change.
fn incoming(case: u64, (document, hearing): &(usize, Hearing)) -> Incoming {
    let Hearing { content, heard, mark } = hearing;
    let mut one = plain(&format!("{case}-{document}"), &format!("content {content}"), *heard);
    one.found = Found {
        moments: vec![(Moment::Changed, at(i64::from(content / 2) + 9))],
        dated: document % 2 == 0,
        ..Found::default()
    };
    let marked = mark
        .map(|(closed, when)| (if closed { Moment::Closed } else { Moment::Confirmed }, at(when)));
    one.marks = Marks::from_iter(marked);
    one
}

/// What is known of the documents of a case: body, marks, when that was heard first, what was before.
type Summary = BTreeMap<String, (Vec<u8>, Marks, i64, Vec<(Vec<u8>, i64, i64)>)>;

async fn heard(ledger: &Ledger, shelf: Shelf, arrivals: Vec<Incoming>, size: usize) -> Summary {
    let keys: Vec<DocumentAt> = arrivals
        .iter()
        .map(|one| DocumentAt {
            account: shelf.account,
            kind: shelf.kind.to_owned(),
            key: one.key.clone(),
        })
        .collect();
    for batch in arrivals.chunks(size) {
        ledger.append(shelf, Put::Newer, batch.to_vec()).await.unwrap();
    }
    let current = ledger.current_of(shelf.seller, keys).await.unwrap();
    let earlier = ledger.earlier(shelf.seller, &current.iter().collect::<Vec<_>>()).await.unwrap();
    let summary = current.iter().zip(earlier).map(|(current, earlier)| {
        let document = &current.held.document;
        let before = earlier.iter().map(|one| {
            let (first, last) = (one.first_heard_at, one.last_heard_at);
            (one.held.document.body.clone(), first.as_millisecond(), last.as_millisecond())
        });
        let first = current.first_heard_at.as_millisecond();
        let known = (document.body.clone(), document.marks.clone(), first, before.collect());
        (document.key.clone(), known)
    });
    summary.collect()
}

fn the_order_of_arrival_does_not_matter(database: Database, cases: u32, seeds: &'static str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (ledger, one, other) = runtime.block_on(async {
        let ledger = throwaway(database).await;
        let first = account(&ledger).await;
        // Another seller: other keys, so that nothing that hangs on them decides.
        let seller = ledger.add_seller("물결마켓", at(1)).await.unwrap();
        let second = new_account(seller.id, "second", "key-2");
        let second = ledger.add_account(second, at(2)).await.unwrap();
        (ledger, first.shelf("return"), second.shelf("return"))
    });
    let mut case = 0;
    let case = std::cell::RefCell::new(&mut case);
    proptest!(config(more_in_ci(cases), seeds), |((plain, shuffled, size) in arrivals())| {
        let nth = {
            let mut case = case.borrow_mut();
            **case += 1;
            **case
        };
        let told = |all: &[(usize, Hearing)]| all.iter().map(|one| incoming(nth, one)).collect();
        let (plain, shuffled) = runtime.block_on(async {
            let plain = heard(&ledger, one, told(&plain), 1_000).await;
            (plain, heard(&ledger, other, told(&shuffled), size).await)
        });
        prop_assert_eq!(plain, shuffled);
    });
}

#[test]
fn the_order_of_arrival_does_not_matter_on_sqlite() {
    const SEEDS: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proptest-regressions/order.txt");
    the_order_of_arrival_does_not_matter(Database::Sqlite, 10, SEEDS);
}

#[test]
fn the_order_of_arrival_does_not_matter_on_postgresql() {
    const SEEDS: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proptest-regressions/order.txt");
    the_order_of_arrival_does_not_matter(Database::Postgres, 4, SEEDS);
}
