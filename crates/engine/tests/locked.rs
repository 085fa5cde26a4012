//! Import and settling while somebody else holds the ledger: nothing is half there, and all of it goes on.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::Media;
use hoesu_claims::document::Marks;
use hoesu_engine::{Error, How, Report, catch_up, compare, import};
use hoesu_ledger::{Account, Cause, Ledger, Limits, NewAccount};
use hoesu_testkit::{TestLedger, on_both};
use jiff::Timestamp;

const NOW: Timestamp = Timestamp::constant(1_706_000_000, 0);

const LIMITS: Limits =
    Limits { held_bytes: 1 << 20, lock_wait: Duration::from_millis(100), ..Limits::USUAL };

async fn account(ledger: &Ledger, channel: &dyn Channel) -> Account {
    let new = NewAccount {
        seller: ledger.add_seller("별빛상점", NOW).await.unwrap().id,
        channel: channel.id().into(),
        name: "one".into(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::new(),
        credential: "credential".into(),
    };
    ledger.add_account(new, NOW).await.unwrap()
}

/// Made-up records of every kind, one a line.
fn lines(channel: &dyn Channel, numbers: std::ops::Range<u64>) -> Vec<u8> {
    let kinds = channel.capabilities().kinds.iter();
    let made = kinds.flat_map(|kind| numbers.clone().filter_map(|nth| channel.invent(kind, nth)));
    let json = made.filter(|made| made.media == Media::Json);
    json.flat_map(|made| [made.body, b"\n".to_vec()].concat()).collect()
}

async fn feed(
    ledger: &Arc<Ledger>,
    channel: &'static dyn Channel,
    account: &Account,
    lines: &[u8],
) -> Result<Report, Error> {
    let how = How { observed_at: NOW, as_rows_say: false, marks: Marks::new(), now: NOW };
    import(ledger, channel, account, Cursor::new(lines.to_vec()), &how, |_| ()).await
}

#[track_caller]
fn lock_held<T>(told: Result<T, Error>) {
    match told {
        Err(Error::Ledger(error)) => assert_eq!(error.cause(), Cause::LockHeld, "{error}"),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was locked"),
    }
}

/// The same look as after every failure: nothing half there, and what is settled is what is said.
async fn is_whole(ledger: &TestLedger, account: &Account) {
    assert_eq!(ledger.wrong_counters().await.unwrap(), []);
    catch_up(ledger, account.seller, NOW).await.unwrap();
    let compared = compare(ledger, account.seller).await.unwrap();
    assert_eq!((compared.different, compared.unsettled), (0, 0), "{compared:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_meets_a_lock_can_be_done_again() {
    on_both(async |ledger| {
        let channel = CHANNELS[0];
        let account = account(&ledger, channel).await;
        feed(&ledger, channel, &account, &lines(channel, 0..20)).await.unwrap();
        let hurried = ledger.again_within(LIMITS).await.unwrap();
        let more = lines(channel, 0..120);
        for table in ["seller", "version", "text_signature", "shelf"] {
            let lock = ledger.lock(&[table]);
            lock_held(feed(&hurried, channel, &account, &more).await);
            drop(lock);
            is_whole(&ledger, &account).await;
        }
        let report = feed(&hurried, channel, &account, &more).await.unwrap();
        assert!(report.new > 0, "{report:?}");
        let again = feed(&ledger, channel, &account, &more).await.unwrap();
        assert_eq!((again.new, again.changed), (0, 0), "{again:?}");
        is_whole(&ledger, &account).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settling_that_meets_a_lock_goes_on_where_it_stood() {
    on_both(async |ledger| {
        let channel = CHANNELS[0];
        let account = account(&ledger, channel).await;
        let hurried = ledger.again_within(LIMITS).await.unwrap();
        for (round, table) in (1..).zip(["settled", "order_case", "case_document"]) {
            let numbers = (round - 1) * 40..round * 40;
            feed(&ledger, channel, &account, &lines(channel, numbers)).await.unwrap();
            let lock = ledger.lock(&[table]);
            lock_held(catch_up(&hurried, account.seller, NOW).await);
            drop(lock);
            is_whole(&ledger, &account).await;
        }
    })
    .await;
}
