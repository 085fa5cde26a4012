//! Clocks that were set: what waits by one that was ahead waits no longer than a minute.

use hoesu_claims::budget::{Rate, Turn};
use hoesu_claims::coverage::{Coverage, Read, Span};
use hoesu_claims::wait::SLACK_MS;
use hoesu_claims::{AccountId, SellerId};
use hoesu_ledger::cases::{SettledCase, Settlement};
use hoesu_ledger::{FeedKey, LOCKED_FOR, Ledger, Role, SignIn};
use hoesu_testkit::{TestLedger, on_both};
use jiff::{SignedDuration, Timestamp};

use crate::tell::at;

const HOUR_MS: i64 = 3_600_000;

/// By the right clock it is now.
const NOW_MS: i64 = 100 * HOUR_MS;

/// How far a clock was ahead; a little more than clocks may be apart, and more.
const AHEAD_MS: [i64; 3] = [SLACK_MS + 1, 2 * HOUR_MS, 24 * 365 * HOUR_MS];

const LEASE: SignedDuration = SignedDuration::from_secs(15);

async fn feed(ledger: &Ledger, name: &str) -> FeedKey {
    let seller = ledger.add_seller(name, at(1)).await.unwrap().id;
    FeedKey { seller, account: AccountId(1), feed: name.to_owned() }
}

async fn takes(ledger: &Ledger, key: &FeedKey, now: i64) -> Option<hoesu_ledger::Lease> {
    let (now, until) = (at(now), at(now) + LEASE);
    ledger.lease_feed(key.clone(), "one", at(5), now, until).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_left_or_leased_by_a_clock_that_was_ahead_is_free() {
    on_both(async |ledger| {
        for (nth, ahead) in AHEAD_MS.into_iter().enumerate() {
            let key = feed(&ledger, &format!("left-{nth}")).await;
            let then = NOW_MS + ahead;
            let lease = takes(&ledger, &key, then).await.unwrap();
            assert!(ledger.leave_feed(lease, at(then), at(then + 1_000)).await.unwrap());
            let state = ledger.feeds(key.seller).await.unwrap().pop().unwrap();
            assert!(state.is_free(at(NOW_MS), LEASE), "{ahead}");
            let lease = takes(&ledger, &key, NOW_MS).await.unwrap();
            // What waits by the right clock waits.
            let hour = at(NOW_MS + HOUR_MS);
            assert!(ledger.fail_feed(lease, "refused", at(NOW_MS), hour).await.unwrap());
            assert!(takes(&ledger, &key, NOW_MS + HOUR_MS - 1).await.is_none());
            let state = ledger.feeds(key.seller).await.unwrap().pop().unwrap();
            assert!(!state.is_free(at(NOW_MS + HOUR_MS - 1), LEASE));

            let key = feed(&ledger, &format!("leased-{nth}")).await;
            let mut lost = takes(&ledger, &key, then).await.unwrap();
            assert!(
                takes(&ledger, &key, then - 1_000).await.is_none(),
                "clocks are apart a little"
            );
            let state = ledger.feeds(key.seller).await.unwrap().pop().unwrap();
            assert!(state.is_free(at(NOW_MS), LEASE), "{ahead}");
            assert!(takes(&ledger, &key, NOW_MS).await.is_some());
            assert!(!ledger.renew_feed(&mut lost, at(then + 1)).await.unwrap());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_off_further_than_anybody_would_is_due() {
    on_both(async |ledger| {
        let key = feed(&ledger, "far").await;
        let lease = takes(&ledger, &key, NOW_MS).await.unwrap();
        let far = at(NOW_MS + 13 * HOUR_MS);
        assert!(ledger.leave_feed(lease, at(NOW_MS), far).await.unwrap());
        assert!(takes(&ledger, &key, NOW_MS + 1).await.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_clock_that_was_ahead_read_is_forgotten() {
    on_both(async |ledger| {
        let key = feed(&ledger, "read").await;
        let then = NOW_MS + 2 * HOUR_MS;
        let read = |from, until, began| Read::of(Span::of(from, until).unwrap(), began, 1).unwrap();
        let lease = takes(&ledger, &key, NOW_MS).await.unwrap();
        let right = read(1, NOW_MS, NOW_MS);
        assert!(ledger.mark_read(&lease, right).await.unwrap());
        assert!(ledger.leave_feed(lease, at(NOW_MS), at(NOW_MS)).await.unwrap());
        let lease = takes(&ledger, &key, then).await.unwrap();
        assert!(ledger.mark_read(&lease, read(NOW_MS, then, then)).await.unwrap());
        assert!(ledger.leave_feed(lease, at(then), at(then + 1)).await.unwrap());

        assert!(takes(&ledger, &key, NOW_MS + 1).await.is_some());
        assert_eq!(ledger.coverage(&key).await.unwrap(), Coverage::from_iter([right]));
        let state = ledger.feeds(key.seller).await.unwrap().pop().unwrap();
        assert_eq!(state.well_at, None, "when it was read is not known");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_of_a_clock_that_was_ahead_keeps_nobody_away() {
    on_both(async |ledger| {
        let key = feed(&ledger, "budget").await;
        let (seller, account, rate) = (key.seller, key.account, Rate::per_second(5));
        let then = NOW_MS + HOUR_MS / 2;
        assert_eq!(
            ledger.book_call(seller, account, rate, at(then)).await.unwrap(),
            Turn::At(then)
        );
        assert_eq!(
            ledger.book_call(seller, account, rate, at(NOW_MS)).await.unwrap(),
            Turn::At(NOW_MS)
        );
        ledger.hold_calls(seller, account, at(then), at(then + 60_000)).await.unwrap();
        let turn = ledger.book_call(seller, account, rate, at(NOW_MS)).await.unwrap();
        assert_eq!(turn, Turn::NotBefore(NOW_MS + SLACK_MS));
        let turn = ledger.book_call(seller, account, rate, at(NOW_MS + SLACK_MS)).await.unwrap();
        assert_eq!(turn, Turn::At(NOW_MS + SLACK_MS));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sought_by_a_clock_that_was_ahead_is_asked_now() {
    on_both(async |ledger| {
        let key = feed(&ledger, "by-number").await;
        let (seller, account) = (key.seller, key.account);
        let pair = |number: &str| ("sheet".to_owned(), number.to_owned());
        let then = NOW_MS + 2 * HOUR_MS;
        ledger.seek(&key, vec![pair("1")], at(then), at(then + 60_000)).await.unwrap();
        ledger.seek(&key, vec![pair("2"), pair("3")], at(NOW_MS), at(NOW_MS + 5)).await.unwrap();
        let off = vec![pair("2")];
        ledger
            .put_off(seller, account, off, "no-answer", at(then), at(then + 60_000))
            .await
            .unwrap();
        let due: Vec<(String, Timestamp)> = ledger
            .sought(seller, account, at(NOW_MS), 10)
            .await
            .unwrap()
            .into_iter()
            .map(|one| (one.key, one.due_at))
            .collect();
        let due: Vec<_> = due.iter().map(|(key, due)| (key.as_str(), *due)).collect();
        assert_eq!(due, [("1", at(NOW_MS)), ("2", at(NOW_MS)), ("3", at(NOW_MS + 5))]);
    })
    .await;
}

fn settled_case(order: &str, wake_at: Option<Timestamp>) -> SettledCase {
    SettledCase {
        key: format!("sale/1/{order}"),
        account: AccountId(1),
        order: order.to_owned(),
        claim: "asked".to_owned(),
        goods: "sent".to_owned(),
        money: "held".to_owned(),
        fault: None,
        since: at(5),
        changed_at: at(6),
        digest: [7; 32],
        wake_at,
        documents: Vec::new(),
        findings: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_settled_by_a_clock_that_was_ahead_are_settled_again() {
    on_both(async |ledger| {
        let seller = feed(&ledger, "cases").await.seller;
        let settle = async |now: i64, order: &str, wake: Option<i64>| {
            let was = ledger.settled(seller).await.unwrap();
            let case = settled_case(order, wake.map(at));
            let settlement =
                Settlement { was, seq: 0, at: at(now), cases: vec![case], gone: Vec::new() };
            assert!(ledger.settle(seller, settlement).await.unwrap());
        };
        let then = NOW_MS + 2 * HOUR_MS;
        settle(NOW_MS, "1", None).await;
        settle(then, "2", Some(then + HOUR_MS)).await;
        settle(NOW_MS, "3", None).await;
        assert_eq!(ledger.behind(at(NOW_MS)).await.unwrap(), [seller]);
        ledger.wake_early_cases(seller, at(NOW_MS)).await.unwrap();
        let due = ledger.due_cases(seller, at(NOW_MS), 9).await.unwrap();
        assert_eq!(due, ["sale/1/2"]);
        settle(NOW_MS, "2", None).await;
        assert_eq!(ledger.behind(at(NOW_MS)).await.unwrap(), Vec::<SellerId>::new());
        // What was settled in time is left alone.
        let was = ledger.settled(seller).await.unwrap();
        ledger.wake_early_cases(seller, at(NOW_MS)).await.unwrap();
        assert_eq!(ledger.settled(seller).await.unwrap(), was);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_of_a_clock_that_was_ahead_locks_nobody() {
    on_both(async |ledger: TestLedger| {
        let seller = feed(&ledger, "people").await.seller;
        let password = "별이 쏟아지는 밤에";
        ledger
            .add_person(seller, "minji", Role::Admin, Some(password), at(2))
            .await
            .unwrap()
            .unwrap();
        let then = at(NOW_MS) + LOCKED_FOR + LOCKED_FOR;
        for _ in 0..6 {
            ledger.sign_in("minji", "아니", "192.0.2.7", then).await.unwrap();
        }
        let locked = ledger.sign_in("minji", password, "192.0.2.7", then).await.unwrap();
        assert!(matches!(locked, SignIn::Locked(_)));
        let opened = ledger.sign_in("minji", password, "192.0.2.7", at(NOW_MS)).await.unwrap();
        assert!(matches!(opened, SignIn::In(_)));
    })
    .await;
}
