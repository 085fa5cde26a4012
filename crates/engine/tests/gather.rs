//! From a number to its case, on both databases.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::document::Marks;
use hoesu_claims::link::CaseKey;
use hoesu_claims::{Case, Media, SellerId};
use hoesu_engine::{Docket, How, import};
use hoesu_ledger::{Account, NewAccount};
use hoesu_testkit::{TestLedger, on_both};
use jiff::Timestamp;

/// Made-up documents of each kind.
const OF_EACH_KIND: u64 = 40;

/// An account of each channel, a warehouse's sales channels mapped to nothing.
async fn accounts(ledger: &TestLedger, seller: &str) -> Vec<(Account, &'static dyn Channel)> {
    let now = Timestamp::UNIX_EPOCH;
    let seller: SellerId = ledger.add_seller(seller, now).await.unwrap().id;
    let mut accounts = Vec::new();
    for channel in CHANNELS {
        let new = NewAccount {
            seller,
            channel: channel.id().into(),
            name: channel.id().into(),
            settings: BTreeMap::new(),
            secrets: BTreeMap::new(),
            credential: format!("{}-{}", seller.0, channel.id()),
        };
        accounts.push((ledger.add_account(new, now).await.unwrap(), *channel));
    }
    accounts
}

/// What a channel makes up, one a line.
fn invented(channel: &dyn Channel) -> Vec<u8> {
    let kinds = channel.capabilities().kinds.iter();
    let all = kinds.flat_map(|kind| (0..OF_EACH_KIND).filter_map(|nth| channel.invent(kind, nth)));
    let json = all.filter(|one| one.media == Media::Json);
    json.flat_map(|one| [one.body, b"\n".to_vec()].concat()).collect()
}

async fn fill(ledger: &TestLedger, accounts: &[(Account, &'static dyn Channel)]) {
    let observed_at: Timestamp = "2026-01-31T00:00:00Z".parse().unwrap();
    let how = How { observed_at, as_rows_say: false, marks: Marks::new(), now: observed_at };
    for (account, channel) in accounts {
        let source = Cursor::new(invented(*channel));
        let report = import(ledger, *channel, account, source, &how, |_| ()).await.unwrap();
        assert_eq!(report.refused, 0);
    }
}

async fn docket(ledger: &TestLedger, accounts: &[(Account, &'static dyn Channel)]) -> Docket {
    Docket::open(Arc::clone(ledger), accounts[0].0.seller).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_order_gathered_alone_is_what_it_is_among_all() {
    on_both(async |ledger| {
        let accounts = accounts(&ledger, "별빛상점").await;
        fill(&ledger, &accounts).await;
        let docket = docket(&ledger, &accounts).await;
        let all = docket.cases(None).await.unwrap();
        assert!(all.iter().any(|case| {
            case.documents.iter().map(|document| document.account).collect::<BTreeSet<_>>().len()
                > 1
        }));
        for case in &all {
            let number = case.key.number();
            let same: Vec<&Case> = all.iter().filter(|one| one.key.number() == number).collect();
            let alone = docket.cases_of(number, None).await.unwrap();
            assert_eq!(alone.iter().collect::<Vec<_>>(), same, "{number}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claims_number_and_a_waybill_lead_to_the_order() {
    on_both(async |ledger| {
        let accounts = accounts(&ledger, "별빛상점").await;
        fill(&ledger, &accounts).await;
        let docket = docket(&ledger, &accounts).await;
        let all = docket.cases(None).await.unwrap();
        let sale = |case: &&Case| matches!(case.key, CaseKey::Sale { .. });
        let claimed = all
            .iter()
            .filter(sale)
            .find(|case| case.claims.iter().any(|claim| claim.number != case.key.number()));
        let claimed = claimed.expect("a claim has a number of its own");
        let number = claimed.claims.iter().map(|claim| claim.number.as_str());
        let number = number.clone().find(|number| *number != claimed.key.number()).unwrap();
        assert!(docket.cases_of(number, None).await.unwrap().contains(claimed), "{number}");

        let invoices = |case: &Case| -> Vec<String> {
            let invoices = case.rows.iter().flat_map(|row| &row.invoices);
            invoices.filter_map(|invoice| invoice.waybill.clone()).collect()
        };
        let sent = all.iter().find(|case| !invoices(case).is_empty()).expect("one was sent");
        let waybill = &invoices(sent)[0];
        assert!(docket.cases_of(waybill, None).await.unwrap().contains(sent), "{waybill}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_known_of_a_number_nobody_told_nor_of_another_sellers() {
    on_both(async |ledger| {
        let theirs = accounts(&ledger, "별빛상점").await;
        fill(&ledger, &theirs).await;
        let ours = docket(&ledger, &accounts(&ledger, "달빛상점").await).await;
        let theirs = docket(&ledger, &theirs).await;
        for case in theirs.cases(None).await.unwrap() {
            assert_eq!(ours.cases_of(case.key.number(), None).await.unwrap(), []);
        }
        assert_eq!(ours.cases(None).await.unwrap(), []);
        for nobody in ["", " ", "no such order", "\0"] {
            assert_eq!(theirs.cases_of(nobody, None).await.unwrap(), [], "{nobody:?}");
        }
    })
    .await;
}
