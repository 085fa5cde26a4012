//! The law of order: however documents arrive, however often, and whenever they are settled in between,
//! what is kept is the same; and replay makes what was settled live.

use std::cell::RefCell;

use hoesu_channels::CHANNELS;
use hoesu_claims::{Media, SellerId};
use hoesu_engine::{catch_up_by, compare, ledger_hash, replay};
use hoesu_testkit::property::more_in_ci;
use hoesu_testkit::{Database, TestLedger, twins};
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::runtime::Runtime;

use crate::{Accounts, Arrival, OF_EACH_KIND, accounts_of, arrive, day};

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
                Kept::after(&ledgers[0], &accounts, &plain, 2_000).await,
                // Few at once, so that what is worked out goes ahead of what is written.
                Kept::after(&ledgers[1], &accounts, other, 1 + other.len() % 4).await,
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
    /// Settled so many at once.
    async fn after(
        ledger: &TestLedger,
        accounts: &Accounts,
        arrivals: &[(Arrival, bool)],
        batch: usize,
    ) -> Self {
        let seller: SellerId = accounts[0].0.seller;
        for (one, settle) in arrivals {
            arrive(ledger, accounts, std::slice::from_ref(one)).await;
            if *settle {
                catch_up_by(batch, ledger, seller, day(26)).await.unwrap();
            }
        }
        catch_up_by(batch, ledger, seller, day(30)).await.unwrap();
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

/// The most orders that the arrivals of one case are about: few, so that versions of a document meet.
const ORDERS_MAX: usize = 3;

/// An arrival before it is known which orders the case is about: which kind of record, of which of the
/// orders, heard on which day, and which of its times was moved to which day, if any was.
type Drawn = (Index, usize, i64, Option<(Index, u8)>);

fn drawn() -> impl Strategy<Value = Drawn> {
    let moved = prop::option::of((any::<Index>(), 1..3_u8));
    (any::<Index>(), 0..ORDERS_MAX, 18..22_i64, moved)
}

/// Every kind of record there is.
fn kinds() -> Vec<(usize, &'static str)> {
    let all = CHANNELS.iter().enumerate().flat_map(|(channel, made_by)| {
        made_by.capabilities().kinds.iter().map(move |kind| (channel, *kind))
    });
    all.collect()
}

/// The record of this kind that is made up for an order, as text, if one is.
fn made((channel, kind): (usize, &str), nth: u64) -> Option<String> {
    let made = CHANNELS[channel].invent(kind, nth)?;
    (made.media == Media::Json).then(|| String::from_utf8(made.body).unwrap())
}

/// The arrival, where such a record is made up for that order.
fn arrival((kind, order, heard, moved): Drawn, orders: [u64; ORDERS_MAX]) -> Option<Arrival> {
    let kind = *kind.get(&kinds());
    let mut body = made(kind, orders[order])?;
    let times = times(&body);
    if let (Some((place, day)), false) = (moved, times.is_empty()) {
        move_to(&mut body, *place.get(&times), day);
    }
    Some(Arrival { channel: kind.0, body: body.into_bytes(), heard })
}

/// Where a record's times say on which of the first nine days of the month they are.
fn times(body: &str) -> Vec<usize> {
    const FIRST_DAYS: &str = "2024-01-0";
    body.match_indices(FIRST_DAYS).map(|(at, found)| at + found.len()).collect()
}

/// Moves one of a record's times to another day: another version.
fn move_to(body: &mut String, at: usize, day: u8) {
    body.replace_range(at..=at, &day.to_string());
}

/// Any arrivals: records of a few orders, some changed, some twice, some heard at the same instant.
fn arrivals() -> impl Strategy<Value = Vec<Copies>> {
    let copies = prop::collection::vec(any::<(u16, bool)>(), 1..3);
    let all = prop::collection::vec((drawn(), copies), 1..25);
    (prop::array::uniform3(0..OF_EACH_KIND), all).prop_map(|(orders, all)| {
        let arrive = |(drawn, copies)| Some((arrival(drawn, orders)?, copies));
        all.into_iter().filter_map(arrive).collect()
    })
}

/// Tries the law in as many cases.
fn holds_on(database: Database, cases: u32) {
    let place = Place::on(database);
    // A seed that failed on one database is tried on both.
    proptest!(ProptestConfig::with_cases(more_in_ci(cases)), |(arrivals in arrivals())| {
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

/// Two answers of a channel to the same question at the same instant, that differ in one time; the channel
/// need not say that it changed anything. Which of them arrived first says nothing.
#[test]
fn of_two_bodies_heard_at_one_instant_the_same_is_current_whichever_came_first() {
    for database in Database::ALL {
        let place = Place::on(database);
        for kind in kinds() {
            // Each order has another of its times moved.
            let pairs = (0..OF_EACH_KIND).filter_map(|nth| {
                let body = made(kind, nth)?;
                let times = times(&body);
                let at = *times.get(nth as usize % times.len().max(1))?;
                let mut other = body.clone();
                move_to(&mut other, at, if body.as_bytes()[at] == b'1' { 2 } else { 1 });
                let heard =
                    |body: String| Arrival { channel: kind.0, body: body.into_bytes(), heard: 20 };
                Some([heard(body), heard(other)])
            });
            let plain: Vec<Arrival> = pairs.flatten().collect();
            let turned: Vec<(Arrival, bool)> =
                plain.iter().rev().map(|one| (one.clone(), false)).collect();
            let [once, other] = place.both(&plain, &turned);
            let whose = format!("{database:?} {} {}", CHANNELS[kind.0].id(), kind.1);
            assert_eq!(once.hash, other.hash, "{whose}");
        }
    }
}
