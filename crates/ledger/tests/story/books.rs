//! What a seller tells hoesu itself: the item map, days off, choices.

use std::collections::{BTreeMap, BTreeSet};

use hoesu_claims::AccountId;
use hoesu_ledger::{Choice, Error, ITEM_CHARS_MAX, Ledger, Outcome, Resources, SalesItem};
use hoesu_testkit::on_both;
use jiff::civil::{Date, date};

use crate::tell::at;

fn item(account: i64, number: &str) -> SalesItem {
    SalesItem { account: AccountId(account), item: number.to_owned() }
}

fn holds(resources: &[(&str, u32)]) -> Resources {
    resources.iter().map(|(resource, quantity)| ((*resource).to_owned(), *quantity)).collect()
}

async fn two_sellers(ledger: &Ledger) -> [hoesu_claims::SellerId; 2] {
    let ours = ledger.add_seller("별빛상점", at(1)).await.unwrap().id;
    [ours, ledger.add_seller("달빛상점", at(1)).await.unwrap().id]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_map_given_twice_changes_nothing() {
    on_both(async |ledger| {
        let [ours, theirs] = two_sellers(&ledger).await;
        let map = BTreeMap::from([
            (item(1, "123456789012345678"), holds(&[("8801234567893", 1)])),
            (item(1, "7/2"), holds(&[("SKU-1", 2), ("SKU-2", u32::MAX)])),
            (item(2, "7/2"), holds(&[("상자", 1)])),
        ]);
        let all = |outcome| map.keys().map(|item| (item.clone(), outcome)).collect();
        let new: BTreeMap<SalesItem, Outcome> = all(Outcome::New);
        assert_eq!(ledger.map_items(ours, map.clone()).await.unwrap(), new);
        let same: BTreeMap<SalesItem, Outcome> = all(Outcome::Unchanged);
        assert_eq!(ledger.map_items(ours, map.clone()).await.unwrap(), same);
        assert_eq!(ledger.items(ours).await.unwrap(), map);
        assert_eq!(ledger.again().await.items(ours).await.unwrap(), map);
        assert_eq!(ledger.items(theirs).await.unwrap(), BTreeMap::new());
        assert_eq!(ledger.map_items(theirs, map).await.unwrap(), new);
        assert_eq!(ledger.map_items(ours, BTreeMap::new()).await.unwrap(), BTreeMap::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_given_again_holds_what_was_given_last_and_nothing_else() {
    on_both(async |ledger| {
        let [ours, theirs] = two_sellers(&ledger).await;
        let map = BTreeMap::from([
            (item(1, "set"), holds(&[("A", 1), ("B", 2)])),
            (item(1, "kept"), holds(&[("A", 1)])),
            (item(2, "set"), holds(&[("A", 1)])),
        ]);
        for seller in [ours, theirs] {
            ledger.map_items(seller, map.clone()).await.unwrap();
        }
        let given = BTreeMap::from([
            (item(1, "set"), holds(&[("B", 3), ("C", 1)])),
            (item(1, "kept"), holds(&[("A", 1)])),
            (item(1, "late"), holds(&[("C", 1)])),
            (item(1, "never"), holds(&[])),
            (item(2, "set"), holds(&[])),
        ]);
        let outcomes = ledger.map_items(ours, given.clone()).await.unwrap();
        let told = |account, number| outcomes[&item(account, number)];
        assert_eq!(outcomes.len(), 5);
        assert_eq!(told(1, "set"), Outcome::Changed);
        assert_eq!(told(1, "kept"), Outcome::Unchanged);
        assert_eq!(told(1, "late"), Outcome::New);
        assert_eq!(told(1, "never"), Outcome::Unchanged);
        assert_eq!(told(2, "set"), Outcome::Changed);
        let left: BTreeMap<SalesItem, Resources> =
            given.into_iter().filter(|(_, resources)| !resources.is_empty()).collect();
        assert_eq!(ledger.items(ours).await.unwrap(), left);
        assert_eq!(ledger.items(theirs).await.unwrap(), map);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_without_a_number_or_with_nothing_of_something_is_refused_with_all_beside_it() {
    on_both(async |ledger| {
        let [ours, _] = two_sellers(&ledger).await;
        let long = "9".repeat(ITEM_CHARS_MAX + 1);
        for (number, resource, quantity) in [
            ("", "A", 1),
            (" ", "A", 1),
            ("1", "", 1),
            ("1", "A", 0),
            ("1\0", "A", 1),
            ("1", long.as_str(), 1),
        ] {
            let map = BTreeMap::from([
                (item(1, "good"), holds(&[("A", 1)])),
                (item(1, number), holds(&[(resource, quantity)])),
            ]);
            let refused = ledger.map_items(ours, map).await;
            assert!(
                matches!(refused, Err(Error::Refused(_))),
                "{number:?} {resource:?} {quantity}"
            );
        }
        assert_eq!(ledger.items(ours).await.unwrap(), BTreeMap::new());
        let longest = BTreeMap::from([(item(1, &long[1..]), holds(&[(&"가".repeat(200), 1)]))]);
        ledger.map_items(ours, longest).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_off_is_added_renamed_and_taken_back() {
    on_both(async |ledger| {
        let [ours, theirs] = two_sellers(&ledger).await;
        let (vote, move_day) = (date(2026, 6, 3), date(2026, 11, 2));
        let days = |days: &[(Date, &str)]| -> BTreeMap<Date, String> {
            days.iter().map(|(day, name)| (*day, (*name).to_owned())).collect()
        };
        let given = days(&[(vote, "임시공휴일"), (move_day, "창고 이사")]);
        let outcomes = ledger.add_days_off(ours, given.clone()).await.unwrap();
        assert_eq!(outcomes, BTreeMap::from([(vote, Outcome::New), (move_day, Outcome::New)]));
        let outcomes = ledger.add_days_off(ours, given.clone()).await.unwrap();
        assert!(outcomes.values().all(|outcome| *outcome == Outcome::Unchanged));
        let renamed = ledger.add_days_off(ours, days(&[(vote, "지방선거")])).await.unwrap();
        assert_eq!(renamed, BTreeMap::from([(vote, Outcome::Changed)]));
        let now = days(&[(vote, "지방선거"), (move_day, "창고 이사")]);
        assert_eq!(ledger.days_off(ours).await.unwrap(), now);
        assert_eq!(ledger.days_off(theirs).await.unwrap(), BTreeMap::new());
        let refused = ledger.add_days_off(ours, days(&[(date(2026, 1, 5), " ")])).await;
        assert!(matches!(refused, Err(Error::Refused(_))));

        let gone = BTreeSet::from([vote, date(2026, 1, 5)]);
        let removed = ledger.remove_days_off(ours, gone).await.unwrap();
        assert_eq!(removed, BTreeSet::from([vote]));
        assert_eq!(ledger.days_off(ours).await.unwrap(), days(&[(move_day, "창고 이사")]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_stays_until_another_one_is_made() {
    on_both(async |ledger| {
        let [ours, theirs] = two_sellers(&ledger).await;
        let choice = |order: &str, sales, who: &str, ms| Choice {
            warehouse: AccountId(9),
            order: order.to_owned(),
            sales: AccountId(sales),
            who: who.to_owned(),
            chosen_at: at(ms),
        };
        let first = choice("A-1", 1, "은하", 10);
        assert_eq!(ledger.choose(ours, first.clone()).await.unwrap(), Outcome::New);
        let same = ledger.choose(ours, choice("A-1", 1, "나래", 20)).await.unwrap();
        assert_eq!(same, Outcome::Unchanged);
        assert_eq!(ledger.choices(ours).await.unwrap(), [first]);

        let other = choice("A-1", 2, "나래", 30);
        assert_eq!(ledger.choose(ours, other.clone()).await.unwrap(), Outcome::Changed);
        let second = choice("A-0", 1, "은하", 40);
        ledger.choose(ours, second.clone()).await.unwrap();
        assert_eq!(ledger.choices(ours).await.unwrap(), [second, other]);
        assert_eq!(ledger.choices(theirs).await.unwrap(), []);
        for nobody in [choice("", 1, "은하", 50), choice("A-2", 1, "", 50)] {
            assert!(matches!(ledger.choose(ours, nobody).await, Err(Error::Refused(_))));
        }
    })
    .await;
}
