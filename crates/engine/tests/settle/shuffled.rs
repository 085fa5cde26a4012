//! The law of order: however documents arrive, however often, and whenever they are settled in between,
//! what is kept is the same; and replay makes what was settled live.

use std::cell::RefCell;

use hoesu_claims::SellerId;
use hoesu_engine::{catch_up, compare, ledger_hash, replay};
use hoesu_testkit::{Database, TestLedger, twins};
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::runtime::Runtime;

use crate::{Accounts, Arrival, accounts_of, arrive, day, invented};

/// How many sellers are made at once: each case has one of its own, which costs far less than a ledger.
const SELLERS: usize = 20;

/// Where cases are tried: two ledgers that began as one, so that both have the same sellers with the same
/// keys, and the sellers no case has had yet.
struct Place {
    database: Database,
    runtime: Runtime,
    twins: RefCell<Option<([TestLedger; 2], Vec<Accounts>)>>,
}

impl Place {
    fn on(database: Database) -> Self {
        Self { database, runtime: Runtime::new().unwrap(), twins: RefCell::new(None) }
    }

    /// What is kept of a seller in two ledgers: in one he is told these, once each, and settled at the end;
    /// in the other those, and settled after each of the marked ones.
    fn both(&self, plain: &[Arrival], other: &[(Arrival, bool)]) -> [Kept; 2] {
        let plain: Vec<(Arrival, bool)> = plain.iter().map(|one| (one.clone(), false)).collect();
        // Twins among which a case came to no end are not used again.
        let twins = self.twins.borrow_mut().take().filter(|(_, sellers)| !sellers.is_empty());
        self.runtime.block_on(async {
            let (ledgers, mut sellers) = match twins {
                Some(twins) => twins,
                None => twins_with_sellers(self.database).await,
            };
            let accounts = sellers.pop().expect("some are left");
            let kept = [
                Kept::after(&ledgers[0], &accounts, &plain).await,
                Kept::after(&ledgers[1], &accounts, other).await,
            ];
            *self.twins.borrow_mut() = Some((ledgers, sellers));
            kept
        })
    }
}

async fn twins_with_sellers(database: Database) -> ([TestLedger; 2], Vec<Accounts>) {
    twins(database, async |ledger| {
        let mut sellers = Vec::new();
        for nth in 0..SELLERS {
            sellers.push(accounts_of(ledger, &format!("별빛상점 {nth}")).await);
        }
        sellers
    })
    .await
}

/// What is kept of a seller in the end.
#[derive(Debug)]
struct Kept {
    hash: [u8; 32],
    /// Whether it is what all documents together say.
    is_what_documents_say: bool,
    /// What is kept once it was worked out again from nothing.
    replayed: [u8; 32],
}

impl Kept {
    async fn after(ledger: &TestLedger, accounts: &Accounts, arrivals: &[(Arrival, bool)]) -> Self {
        let seller: SellerId = accounts[0].0.seller;
        for (one, settle) in arrivals {
            arrive(ledger, accounts, std::slice::from_ref(one)).await;
            if *settle {
                catch_up(ledger, seller, day(26)).await.unwrap();
            }
        }
        catch_up(ledger, seller, day(30)).await.unwrap();
        let is_what_documents_say = compare(ledger, seller).await.unwrap().is_same();
        let hash = ledger_hash(ledger, seller).await.unwrap();
        replay(ledger, seller, day(30)).await.unwrap();
        let replayed = ledger_hash(ledger, seller).await.unwrap();
        Self { hash, is_what_documents_say, replayed }
    }
}

/// A record and when its copies arrive: their places among all, and whether what there is by then is
/// settled.
type Copies = (Arrival, Vec<(u16, bool)>);

/// Any arrivals: made-up records, some changed, some twice, heard on any day.
fn arrivals() -> impl Strategy<Value = Vec<Copies>> {
    let made = invented();
    let one = (any::<Index>(), 15..25_i64, 0..3_u8).prop_map(move |(at, heard, edit)| {
        let mut arrival = made[at.index(made.len())].clone();
        arrival.heard = heard;
        if edit > 0 {
            // Another day of the month somewhere in it: a version with other times.
            let text = String::from_utf8(arrival.body).unwrap();
            arrival.body = text.replacen("2024-01-0", &format!("2024-01-{edit}"), 2).into_bytes();
        }
        arrival
    });
    prop::collection::vec((one, prop::collection::vec(any::<(u16, bool)>(), 1..3)), 1..25)
}

/// Tries the law in as many cases.
fn holds_on(database: Database, cases: u32) {
    let place = Place::on(database);
    // A seed that failed on one database is tried on both.
    proptest!(ProptestConfig::with_cases(cases), |(arrivals in arrivals())| {
        let plain: Vec<Arrival> = arrivals.iter().map(|(one, _)| one.clone()).collect();
        let mut copies: Vec<(u16, (Arrival, bool))> = Vec::new();
        for (one, places) in arrivals {
            copies.extend(places.into_iter().map(|(at, settle)| (at, (one.clone(), settle))));
        }
        copies.sort_by_key(|(at, _)| *at);
        let shuffled: Vec<(Arrival, bool)> = copies.into_iter().map(|(_, copy)| copy).collect();
        let [once, other] = place.both(&plain, &shuffled);
        for kept in [&once, &other] {
            prop_assert!(kept.is_what_documents_say, "what is kept differs from what documents say");
            prop_assert_eq!(kept.hash, kept.replayed, "replay differs from live");
        }
        prop_assert_eq!(once.hash, other.hash, "another order, another ledger");
    });
}

#[test]
fn shuffled_and_repeated_arrivals_give_the_same_ledger_on_sqlite() {
    holds_on(Database::Sqlite, 24);
}

#[test]
fn shuffled_and_repeated_arrivals_give_the_same_ledger_on_postgres() {
    holds_on(Database::Postgres, 6);
}
