//! Sellers, accounts and credentials.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Barrier;

use futures_util::future::join_all;
use hoesu_claims::{AccountId, SellerId};
use hoesu_ledger::{Account, Error, Ledger, Limits, MasterKey, Place, Role, Scope, Unfit};
use hoesu_testkit::postgres::Fresh;
use hoesu_testkit::{Database, on_both};
use tokio::runtime::Handle;

use crate::tell::{account, at, new_account};

#[tokio::test(flavor = "multi_thread")]
async fn sellers_and_accounts_are_numbered_from_one_and_named_once() {
    on_both(async |ledger| {
        let first = ledger.add_seller("하나", at(1)).await.unwrap();
        let second = ledger.add_seller("둘", at(2)).await.unwrap();
        assert_eq!((first.id, second.id), (SellerId(1), SellerId(2)));
        assert!(matches!(ledger.add_seller("하나", at(3)).await, Err(Error::Refused(_))));
        assert!(matches!(ledger.add_seller("  ", at(3)).await, Err(Error::Refused(_))));
        assert_eq!(ledger.sellers().await.unwrap(), [first.clone(), second.clone()]);

        let one = ledger.add_account(new_account(first.id, "main", "a"), at(4)).await.unwrap();
        let other = ledger.add_account(new_account(second.id, "main", "b"), at(4)).await.unwrap();
        let two = ledger.add_account(new_account(first.id, "second", "c"), at(4)).await.unwrap();
        assert_eq!((one.id, other.id, two.id), (AccountId(1), AccountId(1), AccountId(2)));
        assert!(matches!(
            ledger.add_account(new_account(first.id, "main", "d"), at(5)).await,
            Err(Error::Refused(_))
        ));
        assert!(matches!(
            ledger.add_account(new_account(first.id, "third", "b"), at(5)).await,
            Err(Error::Refused(_))
        ));
        let all = ledger.accounts().await.unwrap();
        assert_eq!(all, [one, two, other]);

        let opened = ledger.opened_accounts(None).await.unwrap();
        assert!(opened.iter().map(|opened| &opened.account).eq(&all));
        for opened in &opened {
            assert_eq!(opened.secrets, ledger.secrets(&opened.account).await.unwrap());
        }
        let of_one = ledger.opened_accounts(Some(first.id)).await.unwrap();
        assert!(of_one.iter().map(|opened| &opened.account).eq(&all[..2]));
        assert!(!of_one[0].secrets.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_add_the_same_at_once_one_does_and_the_others_are_told() {
    on_both(async |ledger| {
        let other = ledger.again().await;
        let account = account(&ledger).await;
        let seller = account.seller;
        let processes = || [&*ledger, &*other].into_iter().cycle().zip(0..12);

        let one = processes().map(|(ledger, _)| ledger.add_seller("둘", at(3)));
        assert_eq!(added(&join_all(one).await), 1);
        let one = processes().map(|(ledger, nth)| {
            ledger.add_account(new_account(seller, "second", &format!("of-{nth}")), at(3))
        });
        assert_eq!(added(&join_all(one).await), 1, "one of a name");
        let one = processes().map(|(ledger, nth)| {
            ledger.add_account(new_account(seller, &format!("as-{nth}"), "the same"), at(3))
        });
        assert_eq!(added(&join_all(one).await), 1, "one with a credential");
        let secrets = BTreeMap::new();
        let one = processes().map(|(ledger, nth)| {
            let account = Account { id: AccountId(1 + nth % 2), ..account.clone() };
            let secrets = &secrets;
            async move { ledger.rotate(&account, BTreeMap::new(), secrets, "another", at(4)).await }
        });
        assert_eq!(added(&join_all(one).await), 6, "one whose credential it becomes");
        let scopes = BTreeSet::from([Scope::CasesRead]);
        let one =
            processes().map(|(ledger, _)| ledger.add_api_key(seller, "erp", scopes.clone(), at(3)));
        assert_eq!(added(&join_all(one).await), 1);
        let one = processes().map(async |(ledger, _)| {
            let added = ledger.add_person(seller, "minji", Role::Admin, None, at(3)).await;
            added.map(|fit| fit.map_err(|unfit| assert_eq!(unfit, Unfit::NameTaken)))
        });
        let one = join_all(one).await.into_iter().map(Result::unwrap);
        assert_eq!(one.flatten().count(), 1);

        let every = processes().map(|(ledger, nth)| {
            ledger.add_account(new_account(seller, &format!("n-{nth}"), &format!("n-{nth}")), at(5))
        });
        assert_eq!(added(&join_all(every).await), 12, "each has a number of its own");
        let kept = ledger.accounts().await.unwrap();
        assert!(kept.iter().map(|account| account.id.0).eq(1..=15), "{kept:?}");
    })
    .await;
}

/// How many were added; the others are refused.
fn added<T: std::fmt::Debug>(all: &[hoesu_ledger::Result<T>]) -> usize {
    let told = |one: &hoesu_ledger::Result<T>| matches!(one, Ok(_) | Err(Error::Refused(_)));
    assert!(all.iter().all(told), "{all:?}");
    all.iter().filter(|one| one.is_ok()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_lets_in_only_on_its_channel_and_only_while_it_holds() {
    on_both(async |ledger| {
        let account = account(&ledger).await;
        let admitted = ledger.admit("market", "key-1").await.unwrap().unwrap();
        assert_eq!(admitted.account, account);
        assert_eq!(admitted.secrets["secret_key"], "s3cret");
        assert!(ledger.admit("market", "key-2").await.unwrap().is_none());
        assert!(ledger.admit("other", "key-1").await.unwrap().is_none());

        ledger.set_enabled(&account, false, at(5)).await.unwrap();
        assert!(ledger.admit("market", "key-1").await.unwrap().is_none());
        ledger.set_enabled(&account, true, at(6)).await.unwrap();
        assert!(ledger.admit("market", "key-1").await.unwrap().is_some());

        let secrets = BTreeMap::from([("secret_key".to_owned(), "new".to_owned())]);
        ledger.rotate(&account, account.settings.clone(), &secrets, "key-9", at(7)).await.unwrap();
        assert!(ledger.admit("market", "key-1").await.unwrap().is_none());
        let admitted = ledger.admit("market", "key-9").await.unwrap().unwrap();
        assert_eq!(admitted.secrets["secret_key"], "new");
        assert_eq!(ledger.secrets(&account).await.unwrap()["secret_key"], "new");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_credential_leaves_the_old_one_working() {
    on_both(async |ledger| {
        let account = account(&ledger).await;
        ledger.add_account(new_account(account.seller, "second", "key-2"), at(3)).await.unwrap();
        let refused = ledger
            .rotate(&account, account.settings.clone(), &BTreeMap::new(), "key-2", at(4))
            .await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        assert_eq!(ledger.admit("market", "key-1").await.unwrap().unwrap().account.name, "main");
        assert_eq!(ledger.admit("market", "key-2").await.unwrap().unwrap().account.name, "second");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_taken_away_by_another_process_stops_within_a_second() {
    on_both(async |ledger| {
        let account = account(&ledger).await;
        assert!(ledger.admit("market", "key-1").await.unwrap().is_some());
        ledger.again().await.set_enabled(&account, false, at(5)).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
        assert!(ledger.admit("market", "key-1").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_master_key_opens_nothing() {
    on_both(async |ledger| {
        let opened = Ledger::open(ledger.place(), &MasterKey::generate()).await;
        assert!(matches!(opened, Err(Error::Key(_))));
        assert!(Ledger::open(ledger.place(), ledger.key()).await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_ledger_is_found_sound() {
    on_both(async |ledger| {
        account(&ledger).await;
        ledger.ready().await.unwrap();
        assert!(ledger.check().await.unwrap().is_sound());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_open_at_once_where_nothing_is_yet_make_one_key_and_one_ledger() {
    for database in Database::ALL {
        for _ in 0..10 {
            let folder = tempfile::tempdir().unwrap();
            let fresh = (database == Database::Postgres).then(Fresh::database);
            let place = match &fresh {
                Some(fresh) => Place::Postgres(fresh.url()),
                None => Place::Folder(folder.path().to_owned()),
            };
            let key = folder.path().join("deep/master.key");
            let (start, runtime) = (Barrier::new(12), Handle::current());
            let open = || {
                start.wait();
                runtime.block_on(Ledger::open_with_file(&place, &key, Limits::USUAL))
            };
            let opened: Vec<_> = std::thread::scope(|threads| {
                let opening: Vec<_> = (0..12).map(|_| threads.spawn(open)).collect();
                opening.into_iter().map(|one| one.join().unwrap().unwrap()).collect()
            });
            let seller = opened[0].add_seller("별빛상점", at(1)).await.unwrap();
            for one in &opened {
                assert_eq!(one.sellers().await.unwrap(), std::slice::from_ref(&seller));
            }
            let beside: Vec<_> = key.parent().unwrap().read_dir().unwrap().collect();
            assert_eq!(beside.len(), 1, "nothing is left beside the key: {beside:?}");
        }
    }
}
