//! What is worked out ahead of what is written.

use std::collections::BTreeMap;

use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::document::Marks;
use hoesu_ledger::{Account, NewAccount};
use hoesu_testkit::{TestLedger, on_both};

use super::*;
use crate::{How, compare, put};

/// Orders, of all channels.
const ORDERS: u64 = 12;

fn now() -> Timestamp {
    Timestamp::constant(1_706_000_000, 0)
}

type Accounts = Vec<(Account, &'static dyn Channel)>;

async fn accounts(ledger: &TestLedger) -> Accounts {
    let seller = ledger.add_seller("별빛상점", now()).await.unwrap().id;
    let mut accounts = Vec::new();
    for channel in CHANNELS {
        let new = NewAccount {
            seller,
            channel: channel.id().into(),
            name: channel.id().into(),
            settings: BTreeMap::new(),
            secrets: BTreeMap::new(),
            credential: channel.id().into(),
        };
        accounts.push((ledger.add_account(new, now()).await.unwrap(), *channel));
    }
    accounts
}

/// What a channel says of an order arrives.
async fn arrive(
    ledger: &TestLedger,
    (account, channel): &(Account, &'static dyn Channel),
    nth: u64,
) {
    let how = How { observed_at: now(), as_rows_say: false, marks: Marks::new(), now: now() };
    let made = channel.invent_order(nth).into_iter().map(|(_, made)| made).collect();
    put(ledger, *channel, account, made, &how).await.unwrap();
}

async fn next(docket: &Docket, was: Settled, ahead: Option<&PendingSettlement>) -> Option<Batch> {
    match docket.next(was, ahead, now(), 1_000).await.unwrap() {
        NextBatch::Batch(batch) => Some(batch),
        NextBatch::Nothing => None,
        NextBatch::Outdated => panic!("nobody changes anything"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_worked_out_before_the_batch_before_is_written_comes_to_the_same() {
    on_both(async |ledger| {
        let accounts = accounts(&ledger).await;
        let seller = accounts[0].0.seller;
        let docket = Docket::open(Arc::clone(&ledger), seller).await.unwrap();
        let mut gone = 0;
        for nth in 0..ORDERS {
            // A case of one channel's documents is often another once the next channel has spoken.
            let from = usize::try_from(nth).unwrap() % accounts.len();
            let mut waiting: Option<Batch> = None;
            for step in 0..accounts.len() {
                arrive(&ledger, &accounts[(from + step) % accounts.len()], nth).await;
                let Some(before) = waiting.take() else {
                    let was = ledger.settled(seller).await.unwrap();
                    waiting = next(&docket, was, None).await;
                    continue;
                };
                let ahead = PendingSettlement::of(&before.settlement);
                let mut after = before.settlement.was;
                (after.seq, after.turn) = (before.settlement.seq, after.turn + 1);
                waiting = next(&docket, after, Some(&ahead)).await;
                assert!(ledger.settle(seller, before.settlement).await.unwrap());
                gone += waiting.as_ref().map_or(0, |batch| batch.settlement.gone.len());
            }
            if let Some(last) = waiting {
                assert!(ledger.settle(seller, last.settlement).await.unwrap());
            }
        }
        assert!(gone > 0, "no case became another");
        let compared = compare(&ledger, seller).await.unwrap();
        assert!(compared.is_same() && compared.unsettled == 0, "{compared:?}");
    })
    .await;
}
