//! The item map through the ledger, on both databases.

use std::collections::BTreeMap;

use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::link::Trade;
use hoesu_claims::{AccountId, SellerId};
use hoesu_engine::items;
use hoesu_ledger::{Account, NewAccount};
use hoesu_testkit::{TestLedger, on_both};
use jiff::Timestamp;

type Accounts = Vec<(Account, &'static dyn Channel)>;

/// A seller with one sales account, shop, and a warehouse, depot.
async fn seller(ledger: &TestLedger) -> (SellerId, Accounts) {
    let now = Timestamp::UNIX_EPOCH;
    let seller = ledger.add_seller("별빛상점", now).await.unwrap().id;
    let mut accounts = Vec::new();
    for (name, sells) in [("shop", true), ("depot", false)] {
        let channel = CHANNELS.iter().find(|channel| {
            channel.trade().sells() == sells && channel.trade() != Trade::MarketOfVendors
        });
        let channel = *channel.unwrap();
        let new = NewAccount {
            seller,
            channel: channel.id().into(),
            name: name.into(),
            settings: BTreeMap::new(),
            secrets: BTreeMap::new(),
            credential: name.into(),
        };
        accounts.push((ledger.add_account(new, now).await.unwrap(), channel));
    }
    (seller, accounts)
}

fn counts(report: &items::Report) -> [u64; 5] {
    [report.read, report.new, report.changed, report.unchanged, report.refused]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_given_twice_or_exported_and_given_again_changes_nothing() {
    on_both(async |ledger| {
        let (seller, accounts) = seller(&ledger).await;
        let give = async |table: &str| {
            let file = table.as_bytes().to_vec();
            items::import(&ledger, seller, &accounts, &[], file).await.unwrap()
        };
        let table = "판매계정,판매상품,자원,수량\nshop,7,\"상자, 큰 것\",2\nshop,7,B,1\nshop,8,B,0\nshop,123456789012345678,B,1\ndepot,7,B,1\n";
        let report = give(table).await;
        assert_eq!(counts(&report), [5, 3, 0, 0, 2]);
        let selling = vec!["shop".to_owned()];
        let whys: Vec<&items::Why> = report.refusals.iter().map(|refused| &refused.why).collect();
        assert_eq!(whys, [&items::Why::NotPieces, &items::Why::NoSalesAccount { selling }]);
        assert_eq!(counts(&give(table).await), [5, 0, 0, 3, 2]);

        let mut exported = Vec::new();
        let map = ledger.items(seller).await.unwrap();
        let shop = |_: AccountId| "shop".to_owned();
        items::export(&mut exported, ["account", "item", "resource", "quantity"], &map, shop).unwrap();
        let exported = String::from_utf8(exported).unwrap();
        assert!(exported.starts_with("\u{feff}account,item,resource,quantity\n"), "{exported}");
        assert_eq!(counts(&give(&exported).await), [3, 0, 0, 3, 0]);

        let report = give("account,item,resource\nshop,7,B\nshop,9,B\n").await;
        assert_eq!(counts(&report), [2, 1, 1, 0, 0]);
        assert_eq!(ledger.items(seller).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_table_changes_nothing() {
    on_both(async |ledger| {
        let (seller, accounts) = seller(&ledger).await;
        let given = items::import(&ledger, seller, &accounts, &[], b"nothing".to_vec()).await;
        assert!(matches!(given, Err(hoesu_engine::Error::Table(_))), "{given:?}");
        assert!(ledger.items(seller).await.unwrap().is_empty());
    })
    .await;
}
