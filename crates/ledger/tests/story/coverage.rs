//! Feeds: one process works on each at a time, and only it marks what was read; calls share a budget.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoesu_claims::budget::{FAILURES_MAX, Rate, Turn};
use hoesu_claims::coverage::{Coverage, Read, Span};
use hoesu_claims::{AccountId, SellerId};
use hoesu_ledger::{Error, FeedKey, Ledger};
use hoesu_testkit::on_both;
use jiff::SignedDuration;

use crate::tell::at;

/// How long leases are here.
const LEASE: SignedDuration = SignedDuration::from_millis(100);

async fn feed(ledger: &Ledger) -> FeedKey {
    let seller = ledger.add_seller("별빛상점", at(1)).await.unwrap().id;
    FeedKey { seller, account: AccountId(1), feed: "returns".to_owned() }
}

fn read(from: i64, until: i64, began: i64, rows: u64) -> Read {
    Read::of(Span::of(from, until).unwrap(), began, rows).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_one_gets_the_feed() {
    on_both(async |ledger| {
        let key = feed(&ledger).await;
        let other = ledger.again().await;
        let take = async |ledger: Arc<Ledger>, owner: &'static str, now| {
            ledger.lease_feed(key.clone(), owner, at(5), at(now), at(now + 100)).await.unwrap()
        };
        let (one, two) =
            tokio::join!(take(Arc::clone(&ledger), "one", 10), take(Arc::clone(&other), "two", 10));
        assert!(one.is_some() != two.is_some(), "a feed never taken goes to one of them");
        let mut lease = one.or(two).unwrap();
        assert_eq!((lease.key(), lease.until(), lease.failures()), (&key, at(110), 0));
        assert_eq!(take(Arc::clone(&other), "two", 109).await, None);
        assert!(ledger.renew_feed(&mut lease, at(200)).await.unwrap());
        assert_eq!(lease.until(), at(200));
        assert_eq!(take(Arc::clone(&other), "two", 199).await, None, "a renewed lease holds");

        assert!(ledger.leave_feed(lease, at(200), at(500)).await.unwrap());
        assert_eq!(take(Arc::clone(&other), "two", 499).await, None, "nothing is to be done yet");
        let states = ledger.feeds(key.seller).await.unwrap();
        assert_eq!(states.len(), 1);
        assert_eq!((&states[0].key, states[0].next_at), (&key, at(500)));
        assert!(!states[0].is_free(at(499), LEASE) && states[0].is_free(at(500), LEASE));
        assert!(take(other, "two", 500).await.is_some());
        let states = ledger.feeds(key.seller).await.unwrap();
        assert_eq!((states[0].owner.as_str(), states[0].leased_until), ("two", at(600)));
        for (now, since, wanted) in [(600, 3, 3), (700, 4, 3)] {
            let (now, until) = (at(now), at(now + 100));
            let lease = ledger.lease_feed(key.clone(), "one", at(since), now, until).await.unwrap();
            assert_eq!(lease.map(|lease| lease.since()), Some(at(wanted)), "the earlier one stays");
            assert_eq!(ledger.feeds(key.seller).await.unwrap()[0].since, at(wanted));
        }
        assert!(ledger.feeds(SellerId(99)).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_want_a_feed_at_once_take_it_in_turns() {
    on_both(async |ledger| {
        let key = feed(&ledger).await;
        let processes = [Arc::clone(&ledger), ledger.again().await, ledger.again().await];
        for now in [10, 1000, 2000] {
            let tries = (0..12).map(|nth| {
                let (ledger, key) = (Arc::clone(&processes[nth % 3]), key.clone());
                tokio::spawn(async move {
                    ledger.lease_feed(key, "some", at(5), at(now), at(now + 100)).await
                })
            });
            let mut got = 0;
            for one in tries.collect::<Vec<_>>() {
                got += usize::from(one.await.unwrap().unwrap().is_some());
            }
            assert_eq!(got, 1);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_a_feed_marks_nothing() {
    on_both(async |ledger| {
        let key = feed(&ledger).await;
        let other = ledger.again().await;
        let mut late =
            ledger.lease_feed(key.clone(), "late", at(5), at(10), at(100)).await.unwrap().unwrap();
        assert!(ledger.mark_read(&late, read(0, 50, 20, 3)).await.unwrap());

        // It stopped answering; its lease runs out, and what it marked is there.
        let heir =
            other.lease_feed(key.clone(), "heir", at(5), at(100), at(200)).await.unwrap().unwrap();
        let kept = Coverage::from_iter([read(0, 50, 20, 3)]);
        assert_eq!(other.coverage(&key).await.unwrap(), kept);

        assert!(!ledger.mark_read(&late, read(0, 90, 95, 9)).await.unwrap());
        assert!(!ledger.renew_feed(&mut late, at(900)).await.unwrap());
        assert_eq!(late.until(), at(100));
        assert!(!ledger.fail_feed(late, "timed-out", at(110), at(900)).await.unwrap());
        assert_eq!(other.coverage(&key).await.unwrap(), kept);
        let state = &other.feeds(key.seller).await.unwrap()[0];
        assert_eq!((state.well_at, state.failed_at), (Some(at(20)), None));
        assert_eq!((state.owner.as_str(), state.leased_until), ("heir", at(200)));

        // A lease that ran out is held until somebody takes the feed.
        assert!(other.mark_read(&heir, read(20, 120, 250, 4)).await.unwrap());
        let both = Coverage::from_iter([read(0, 50, 20, 3), read(20, 120, 250, 4)]);
        assert_eq!(ledger.coverage(&key).await.unwrap(), both);
        assert!(other.leave_feed(heir, at(200), at(300)).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_the_leases_of_an_owner_that_is_gone() {
    on_both(async |ledger| {
        let key = feed(&ledger).await;
        let take = async |owner: &'static str, now| {
            ledger.lease_feed(key.clone(), owner, at(5), at(now), at(now + 100)).await.unwrap()
        };
        let lost = take("gone", 10).await.unwrap();
        ledger.free_feeds(key.seller, "another").await.unwrap();
        assert_eq!(take("heir", 11).await, None);
        ledger.free_feeds(key.seller, "gone").await.unwrap();
        let heir = take("heir", 11).await.unwrap();
        assert!(!ledger.mark_read(&lost, read(0, 5, 9, 3)).await.unwrap());
        assert!(ledger.mark_read(&heir, read(0, 5, 9, 3)).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_a_feed_is_what_a_coverage_keeps() {
    on_both(async |ledger| {
        let key = feed(&ledger).await;
        let lease =
            ledger.lease_feed(key.clone(), "one", at(5), at(0), at(9000)).await.unwrap().unwrap();
        let elsewhere = FeedKey { feed: "exchanges".to_owned(), ..key.clone() };
        let beside =
            ledger.lease_feed(elsewhere.clone(), "one", at(5), at(0), at(9000)).await.unwrap();
        let beside = beside.unwrap();
        assert!(ledger.mark_read(&beside, read(0, 30, 30, 1)).await.unwrap());
        let mut model = Coverage::default();
        for read in [
            read(0, 100, 1000, 1),
            read(100, 200, 1000, 2),
            read(50, 150, 1001, 3),
            read(40, 60, 999, 4),
            read(0, 160, 1002, 5),
            read(150, 200, 1003, 6),
            read(150, 200, 1003, 6),
            read(150, 200, 1003, 7),
            read(150, 200, 1003, 5),
            read(300, 400, 1004, 0),
            read(180, 320, 1004, u64::MAX >> 1),
            read(-50, 20, 1004, 8),
        ] {
            model.add(read);
            assert!(ledger.mark_read(&lease, read).await.unwrap());
            assert_eq!(ledger.coverage(&key).await.unwrap(), model, "after {read:?}");
        }
        let well_at = |states: Vec<hoesu_ledger::FeedState>| {
            states.into_iter().map(|state| (state.key.feed, state.well_at)).collect()
        };
        let states: BTreeMap<_, _> = well_at(ledger.feeds(key.seller).await.unwrap());
        assert_eq!(states[&key.feed], Some(at(1004)));
        let alone = Coverage::from_iter([read(0, 30, 30, 1)]);
        assert_eq!(ledger.coverage(&elsewhere).await.unwrap(), alone);
        let theirs = FeedKey { account: AccountId(2), ..key };
        assert_eq!(ledger.coverage(&theirs).await.unwrap(), Coverage::default());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_counted_until_something_is_read_and_is_no_reading() {
    on_both(async |ledger| {
        let key = feed(&ledger).await;
        let take = async |now| {
            let lease =
                ledger.lease_feed(key.clone(), "one", at(5), at(now), at(now + 50)).await.unwrap();
            lease.expect("nobody has it")
        };
        let state = async || ledger.feeds(key.seller).await.unwrap().remove(0);
        for (nth, now) in [(0, 100), (1, 200)] {
            let lease = take(now).await;
            assert_eq!(lease.failures(), nth);
            assert!(ledger.fail_feed(lease, "refused", at(now), at(now + 100)).await.unwrap());
        }
        let failed = state().await;
        assert_eq!((failed.failures, failed.failed_at, failed.well_at), (2, Some(at(200)), None));
        assert_eq!(failed.failure.as_deref(), Some("refused"));
        assert!(failed.is_free(at(300), LEASE) && !failed.is_free(at(299), LEASE));
        assert_eq!(ledger.coverage(&key).await.unwrap(), Coverage::default());

        ledger.wake_feeds(key.seller, AccountId(2), at(250)).await.unwrap();
        assert_eq!(state().await.next_at, at(300), "another account's feeds wake");
        ledger.wake_feeds(key.seller, key.account, at(250)).await.unwrap();
        let lease = take(250).await;
        assert!(ledger.mark_read(&lease, read(0, 240, 250, 0)).await.unwrap());
        let well = state().await;
        assert_eq!((well.failures, well.well_at), (0, Some(at(250))));
        assert_eq!(well.failed_at, Some(at(200)), "when it failed last stays known");

        let told = ledger.fail_feed(lease, "홍길동 010", at(260), at(300)).await;
        assert!(matches!(told, Err(Error::Refused(_))));
        for name in ["", "Returns", "a b", &"a".repeat(65)] {
            let key = FeedKey { feed: name.to_owned(), ..key.clone() };
            let refused = ledger.lease_feed(key, "one", at(5), at(1), at(2)).await;
            assert!(matches!(refused, Err(Error::Refused(_))), "{name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_processes_book_calls_from_one_budget() {
    on_both(async |ledger| {
        let key = feed(&ledger).await;
        let (seller, account) = (key.seller, key.account);
        let processes = [Arc::clone(&ledger), ledger.again().await, ledger.again().await];
        let rate = Rate::per_second(5);
        let calls = (0..9).map(|nth| {
            let ledger = Arc::clone(&processes[nth % 3]);
            tokio::spawn(async move { ledger.book_call(seller, account, rate, at(1000)).await })
        });
        let mut booked = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            booked.push(call.await.unwrap().unwrap());
        }
        let mut expected: Vec<Turn> = (0..9).map(|nth| Turn::At(1000 + nth * 200)).collect();
        expected.sort_by_key(|turn| format!("{turn:?}"));
        booked.sort_by_key(|turn| format!("{turn:?}"));
        assert_eq!(booked, expected, "each instant is booked once");
        let other = ledger.book_call(seller, AccountId(2), rate, at(1000)).await.unwrap();
        assert_eq!(other, Turn::At(1000), "another account has its own");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_and_an_open_circuit_hold_for_every_process() {
    on_both(async |ledger| {
        let key = feed(&ledger).await;
        let (seller, account) = (key.seller, key.account);
        let other = ledger.again().await;
        let rate = Rate::per_second(5);
        let book = async |now| other.book_call(seller, account, rate, at(now)).await.unwrap();
        ledger.hold_calls(seller, account, at(1), at(5000)).await.unwrap();
        assert_eq!(book(4999).await, Turn::NotBefore(5000));
        assert_eq!(book(5000).await, Turn::At(5000));
        for _ in 0..FAILURES_MAX {
            ledger.call_failed(seller, account, at(5000), u32::MAX).await.unwrap();
        }
        assert!(other.call_budget(seller, account).await.unwrap().is_open());
        assert_eq!(book(5999).await, Turn::NotBefore(6000));
        assert_eq!(book(6000).await, Turn::At(6000), "one call tries");
        assert!(matches!(book(6000).await, Turn::NotBefore(_)));
        ledger.call_answered(seller, account).await.unwrap();
        assert_eq!(book(6300).await, Turn::At(6300));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sought_is_remembered_until_it_is_answered() {
    on_both(async |ledger| {
        let key = feed(&ledger).await;
        let (seller, account) = (key.seller, key.account);
        let pair = |number: &str| ("sheet".to_owned(), number.to_owned());
        let told = async || {
            let sought = ledger.sought(seller, account, at(10), 10).await.unwrap();
            sought.into_iter().map(|one| (one.key, one.due_at, one.tries)).collect::<Vec<_>>()
        };
        let (one, two) = ("1".to_owned(), "2".to_owned());
        let lease =
            ledger.lease_feed(key.clone(), "one", at(5), at(10), at(20)).await.unwrap().unwrap();
        ledger.leave_feed(lease, at(15), at(900)).await.unwrap();
        ledger.seek(&key, vec![pair("1"), pair("2"), pair("1")], at(10), at(100)).await.unwrap();
        assert_eq!(ledger.feeds(seller).await.unwrap()[0].next_at, at(100), "it is looked at then");
        ledger.seek(&key, vec![pair("2")], at(10), at(50)).await.unwrap();
        ledger.seek(&key, vec![pair("2")], at(10), at(70)).await.unwrap();
        assert_eq!(told().await, [(two.clone(), at(50), 0), (one.clone(), at(100), 0)]);
        let off = vec![pair("2"), pair("3"), pair("2")];
        ledger.put_off(seller, account, off, "no-answer", at(10), at(200)).await.unwrap();
        assert_eq!(told().await, [(one, at(100), 0), (two.clone(), at(200), 1)]);
        assert_eq!(ledger.sought(seller, account, at(10), 1).await.unwrap().len(), 1);
        assert!(ledger.sought(seller, AccountId(2), at(10), 10).await.unwrap().is_empty());
        ledger.answered(seller, account, vec![pair("1"), pair("3")]).await.unwrap();
        assert_eq!(told().await, [(two, at(200), 1)]);
        let worded =
            ledger.put_off(seller, account, vec![pair("2")], "No answer", at(1), at(1)).await;
        assert!(matches!(worded, Err(Error::Refused(_))));
    })
    .await;
}
