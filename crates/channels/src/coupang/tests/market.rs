//! Deeds done in a market, from the connector over the surface to what is told afterwards.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use hoesu_ledger::Account;
use hoesu_market::{Act, Acted, Claim, ClaimNo, Config, Market, Order, Refused, What};
use jiff::SignedDuration;

use super::*;
use crate::Channel as _;
use crate::connect::tests::came_of;
use crate::connect::{Carriage, Deed, Does};
use crate::coupang::{Coupang, numbers};
use crate::stall::Floor;

struct Stage(Mutex<Market>);

#[async_trait]
impl Floor for Stage {
    async fn act(&self, _: &Account, act: Act) -> Result<Acted, Refused> {
        self.0.lock().unwrap().act(0, 0, &act, &mut |_| {})
    }

    fn chance(&self) -> u128 {
        1
    }
}

/// A market where nobody but the caller answers claims, after so many days.
fn market(days: i64) -> Market {
    let customs = Coupang.stall().unwrap().customs().unwrap();
    let config = Config { sellers: 1, staffed: false, ..Config::default() };
    let until = config.opens_at + SignedDuration::from_hours(24 * days);
    let mut market = Market::new(config, vec![customs]);
    market.advance(until, &mut |_| {});
    market
}

/// What is told of a receipt or exchange now.
fn told(stage: &Stage, kind: &str, key: &str) -> serde_json::Value {
    let market = stage.0.lock().unwrap();
    let settings = BTreeMap::from([("vendor_id".to_owned(), "A00012345".to_owned())]);
    let stall = Coupang.stall().unwrap();
    let documents = market
        .orders()
        .flat_map(|order: &Order| stall.tell(order, "coupang", &settings, market.now()));
    let mut records = documents
        .filter(|(of, _)| *of == kind)
        .map(|(_, invented)| serde_json::from_slice::<serde_json::Value>(&invented.body).unwrap());
    let number = if kind == "return" { "receiptId" } else { "exchangeId" };
    let key: i64 = key.parse().unwrap();
    records.find(|record| record[number] == key).unwrap()
}

/// The first claim that is open and is so.
fn first(stage: &Stage, is: impl Fn(&Claim) -> bool) -> ClaimNo {
    let market = stage.0.lock().unwrap();
    let mut claims = market.orders().flat_map(|order| {
        let numbered = order.claims.iter().enumerate();
        numbered.map(|(at, claim)| (ClaimNo { order: order.nth, at }, claim))
    });
    claims.find(|(_, claim)| claim.is_open() && is(claim)).unwrap().0
}

fn pieces(stage: &Stage, claim: ClaimNo) -> u32 {
    stage.0.lock().unwrap().order(claim.order).unwrap().claims[claim.at].total()
}

#[tokio::test]
async fn a_claim_is_brought_to_its_end_by_its_caller() {
    let stage = Arc::new(Stage(Mutex::new(market(14))));
    let settings = [("rate_per_second", "0")];
    let trial = Trial::of(&Coupang, &settings).await.with_floor(stage.clone());
    let on_return = |claim, does| Deed {
        kind: "return".to_owned(),
        key: numbers::receipt(claim).to_string(),
        does,
    };

    let stop = first(&stage, Claim::is_asked);
    let many = pieces(&stage, stop);
    let more = on_return(stop, Does::AnswerStopped { pieces: many + 1 });
    assert_eq!(came_of(&trial, &more).await.name(), "refused");
    let stopped = on_return(stop, Does::AnswerStopped { pieces: many });
    assert_eq!(told(&stage, "return", &stopped.key)["receiptStatus"], "RELEASE_STOP_UNCHECKED");
    assert_eq!(came_of(&trial, &stopped).await.name(), "done");
    let after = told(&stage, "return", &stopped.key);
    assert_eq!(after["receiptStatus"], "RETURNS_COMPLETED");
    assert_eq!(after["releaseStopStatus"], "처리(출고중지)");
    assert_eq!(came_of(&trial, &stopped).await.name(), "done-already");

    let returned = first(&stage, |claim| {
        let fetched = claim.collection.as_ref().is_some_and(|way| way.delivered_at.is_some());
        claim.what == What::Return && fetched && claim.pre_refunded_at.is_none()
    });
    let approve = on_return(returned, Does::Approve { pieces: pieces(&stage, returned) });
    assert_eq!(came_of(&trial, &approve).await.name(), "unknown", "not received yet: a 500");
    let receive = on_return(returned, Does::ConfirmReceipt { pieces: None, by: None });
    assert_eq!(came_of(&trial, &receive).await.name(), "done");
    assert_eq!(told(&stage, "return", &receive.key)["receiptStatus"], "VENDOR_WAREHOUSE_CONFIRM");
    assert_eq!(came_of(&trial, &approve).await.name(), "done");
    assert_eq!(told(&stage, "return", &receive.key)["receiptStatus"], "RETURNS_COMPLETED");
    assert_eq!(came_of(&trial, &approve).await.name(), "done-already");
}

#[tokio::test]
async fn an_exchange_gets_its_box_after_its_goods_are_back() {
    let stage = Arc::new(Stage(Mutex::new(market(14))));
    let trial = Trial::of(&Coupang, &[("rate_per_second", "0")]).await.with_floor(stage.clone());
    let claim = first(&stage, |claim| claim.what == What::Exchange);
    let deed = |does| Deed {
        kind: "exchange".to_owned(),
        key: numbers::exchange(claim).to_string(),
        does,
    };
    let resend = |parcel: &str| {
        let by = Carriage { courier: "CJGLS".to_owned(), waybill: "680405450931".to_owned() };
        deed(Does::Resend { parcel: parcel.to_owned(), by })
    };
    let receive = deed(Does::ConfirmReceipt { pieces: None, by: None });
    assert_eq!(came_of(&trial, &receive).await.name(), "done");
    let record = told(&stage, "exchange", &receive.key);
    assert_eq!(record["exchangeStatus"], "PROGRESS");
    assert_eq!(record["deliveryInvoiceGroupDtos"], serde_json::json!([]));
    let original = record["exchangeItemDtoV1s"][0]["originalShipmentBoxId"].to_string();
    assert_eq!(came_of(&trial, &resend(&original)).await.name(), "refused");
    {
        let mut market = stage.0.lock().unwrap();
        let later = market.now() + SignedDuration::from_mins(11);
        market.advance(later, &mut |_| {});
    }
    let record = told(&stage, "exchange", &receive.key);
    let new_box = record["deliveryInvoiceGroupDtos"][0]["shipmentBoxId"].to_string();
    assert_ne!(new_box, original);
    assert_eq!(came_of(&trial, &resend(&original)).await.name(), "refused");
    assert_eq!(came_of(&trial, &resend(&new_box)).await.name(), "done");
    let invoice = &told(&stage, "exchange", &receive.key)["deliveryInvoiceGroupDtos"][0];
    assert_eq!(invoice["deliveryInvoiceDtos"][0]["invoiceNumber"], "680405450931");
}
