use std::collections::BTreeSet;

use hoesu_claims::fact::Tells;
use hoesu_claims::{Document, Moment};
use hoesu_market::{Config, Market};
use jiff::SignedDuration;

use super::*;
use crate::Channel as _;
use crate::coupang::Coupang;

fn settings() -> BTreeMap<String, String> {
    [(VENDOR_ID.to_owned(), "A00012345".to_owned())].into()
}

/// What is told of an order.
type Documents = Vec<(&'static str, Invented)>;

/// A month of a market whose first place is Coupang, told after every change.
fn month(each: &mut dyn FnMut(&Order, Documents)) {
    let config = Config { orders_per_day: 30, sellers: 1, ..Config::default() };
    let until = config.opens_at + SignedDuration::from_hours(24 * 30);
    let mut market = Market::new(config, vec![Counter.customs().unwrap()]);
    market.advance(until, &mut |order| {
        each(order, Counter.tell(order, ID, &settings(), order.changed_at));
    });
}

fn member(body: &[u8], name: &str) -> String {
    let members = crate::json::members(body).unwrap();
    let member = members.iter().find(|member| member.name == name.as_bytes()).unwrap();
    String::from_utf8(member.value.to_vec()).unwrap().trim_matches('"').to_owned()
}

#[test]
fn whatever_happens_is_told_in_words_of_the_contract() {
    let mut statuses: BTreeSet<String> = BTreeSet::new();
    let mut told = 0;
    month(&mut |order, documents| {
        let mut keys = BTreeSet::new();
        for (kind, invented) in documents {
            let reading = Coupang.read(Media::Json, &invented.body).unwrap();
            assert_eq!(reading.kind, kind);
            assert!(keys.insert((kind, reading.key.clone())));
            let number: i64 = reading.key.parse().unwrap();
            let back = match kind {
                RETURN | WITHDRAWAL => numbers::claim_of_receipt(number).map(|no| no.order),
                EXCHANGE => numbers::claim_of_exchange(number).map(|no| no.order),
                _ => numbers::box_of(number).map(|(nth, _)| nth),
            };
            assert_eq!(back, Some(order.nth));
            let created =
                reading.found.moments.iter().find(|(moment, _)| *moment == Moment::Created);
            assert!(created.unwrap().1 <= order.changed_at);
            for name in ["receiptStatus", "exchangeStatus", "releaseStopStatus", "collectStatus"] {
                let members = crate::json::members(&invented.body).unwrap();
                if members.iter().any(|member| member.name == name.as_bytes()) {
                    statuses.insert(member(&invented.body, name));
                }
            }
            if kind == ORDER_SHEET {
                statuses.insert(member(&invented.body, "status"));
            }
            let document = Document {
                key: reading.key,
                version: 1,
                seq: 1,
                media: Media::Json,
                body: invented.body,
                marks: invented.marks,
                observed_at: order.changed_at,
            };
            for fact in Coupang.facts(kind, &document) {
                assert!(!matches!(fact.tells, Tells::Unrecognised { .. }), "{fact:?}");
            }
            told += 1;
        }
    });
    assert!(told > 1_000, "{told}");
    for status in [
        "RELEASE_STOP_UNCHECKED",
        "RETURNS_UNCHECKED",
        "VENDOR_WAREHOUSE_CONFIRM",
        "REQUEST_COUPANG_CHECK",
        "RETURNS_COMPLETED",
        "RECEIPT",
        "PROGRESS",
        "SUCCESS",
        "REJECT",
        "CANCEL",
        "미처리",
        "처리(출고중지)",
        "처리(이미출고)",
        "비대상",
        "BeforeDirection",
        "CompleteDirection",
        "Delivering",
        "CompleteCollect",
        "ACCEPT",
        "INSTRUCT",
        "DEPARTURE",
        "DELIVERING",
        "FINAL_DELIVERY",
    ] {
        assert!(statuses.contains(status), "{status} of {statuses:?}");
    }
}

#[test]
fn a_claim_keeps_its_number_and_a_box_its_pieces() {
    let mut open: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    month(&mut |order, documents| {
        let keys = documents.iter().map(|(kind, invented)| {
            Coupang.read(Media::Json, &invented.body).unwrap().key
                + if *kind == EXCHANGE { "x" } else { "" }
        });
        let keys: BTreeSet<String> = keys.collect();
        if let Some(before) = open.insert(order.nth, keys.clone()) {
            assert!(before.is_subset(&keys), "{before:?} {keys:?}");
        }
        // All boxes together hold what was ordered.
        let sheets = documents.iter().filter(|(kind, _)| *kind == ORDER_SHEET);
        let counted: i64 = sheets
            .flat_map(|(_, sheet)| {
                let text = String::from_utf8(sheet.body.clone()).unwrap();
                let counts = text.split("\"shippingCount\":").skip(1);
                counts
                    .map(|rest| rest.split(',').next().unwrap().parse::<i64>().unwrap())
                    .collect::<Vec<_>>()
            })
            .sum();
        let ordered: u32 = order.lines.iter().map(|line| line.quantity).sum();
        assert_eq!(counted, i64::from(ordered));
    });
}

#[test]
fn nothing_is_told_of_other_channels_orders_and_the_same_order_is_the_same_bytes() {
    let mut seen = 0;
    month(&mut |order, documents| {
        seen += 1;
        if seen % 50 == 0 {
            assert_eq!(Counter.tell(order, ID, &settings(), order.changed_at), documents);
            assert_eq!(Counter.tell(order, "another", &settings(), order.changed_at), vec![]);
            let before = order.paid_at - SignedDuration::from_secs(1);
            assert_eq!(Counter.tell(order, ID, &settings(), before), vec![]);
        }
    });
    assert!(seen > 100);
}

#[test]
fn what_becomes_of_a_receipt_is_told_step_by_step() {
    let mut steps: BTreeMap<String, Vec<String>> = BTreeMap::new();
    month(&mut |_, documents| {
        for (kind, invented) in documents {
            let key = match kind {
                RETURN => member(&invented.body, "receiptId"),
                WITHDRAWAL => member(&invented.body, "cancelId"),
                _ => continue,
            };
            let step = if kind == RETURN {
                format!(
                    "{} {} {}",
                    member(&invented.body, "receiptType"),
                    member(&invented.body, "receiptStatus"),
                    member(&invented.body, "releaseStopStatus")
                )
            } else {
                "withdrawn".to_owned()
            };
            let steps = steps.entry(key).or_default();
            if steps.last() != Some(&step) {
                steps.push(step);
            }
        }
    });
    let courses: BTreeSet<Vec<&str>> =
        steps.values().map(|steps| steps.iter().map(String::as_str).collect()).collect();
    let stop = "RETURN RELEASE_STOP_UNCHECKED 미처리";
    for course in [
        vec!["CANCEL RETURNS_COMPLETED 비대상"],
        vec![stop, "RETURN RETURNS_COMPLETED 처리(출고중지)"],
        vec![stop, "withdrawn"],
        vec![
            "RETURN RETURNS_UNCHECKED 비대상",
            "RETURN VENDOR_WAREHOUSE_CONFIRM 비대상",
            "RETURN RETURNS_COMPLETED 비대상",
        ],
        vec!["RETURN RETURNS_UNCHECKED 비대상", "withdrawn"],
        // A seller's own cancel of prepared goods.
        vec!["RETURN RETURNS_COMPLETED 처리(출고중지)"],
    ] {
        assert!(courses.contains(&course), "{course:?} of {courses:#?}");
    }
}

/// The whole units of a money object.
fn units(body: &[u8], name: &str) -> i64 {
    serde_json::from_str::<serde_json::Value>(&member(body, name)).unwrap()["units"]
        .as_i64()
        .unwrap()
}

#[test]
fn who_pays_the_way_back_is_who_is_charged_and_the_fault_is_whose_it_is() {
    let mut seen: BTreeSet<(Charged, bool, i64)> = BTreeSet::new();
    let mut duties: BTreeSet<(Charged, String)> = BTreeSet::new();
    month(&mut |order, documents| {
        for (kind, invented) in documents {
            let claim = |name: &str| {
                let number = member(&invented.body, name).parse().unwrap();
                &order.claims[numbers::claim_of_receipt(number).unwrap().at]
            };
            if kind == WITHDRAWAL {
                let charged = claim("cancelId").charged;
                duties.insert((charged, member(&invented.body, "refundDeliveryDuty")));
            }
            if kind != RETURN {
                continue;
            }
            let claim = claim("receiptId");
            let buyers = matches!(claim.cause, Cause::Mind | Cause::Option);
            let charge = units(&invented.body, "returnShippingCharge");
            let stopped_in_vain = claim.decided.is_some() && claim.what == What::Return;
            if !stopped_in_vain && claim.what == What::Return {
                let fault = member(&invented.body, "faultByType");
                assert_eq!(fault == "CUSTOMER", buyers, "{claim:?}");
            }
            let expected = match (claim.what, claim.charged, stopped_in_vain) {
                (What::Cancel | What::Exchange, _, _) => 0,
                (What::Return, Charged::Buyer, false) => -3_000,
                (What::Return, Charged::Seller, false) => 3_000,
                // There and back, and never the buyer's.
                (What::Return, Charged::Seller, true) => 6_000,
                (What::Return, Charged::Buyer, true) => panic!("the buyer pays for nothing"),
            };
            if !(claim.stops && claim.decided.is_none()) {
                assert_eq!(charge, expected, "{claim:?}");
                seen.insert((claim.charged, buyers, charge));
            }
        }
    });
    // Both are wrong about each other now and then.
    for disagreement in [(Charged::Seller, true, 3_000), (Charged::Buyer, false, -3_000)] {
        assert!(seen.contains(&disagreement), "{disagreement:?} of {seen:?}");
    }
    assert!(seen.contains(&(Charged::Seller, true, 6_000)), "{seen:?}");
    let duty = |charged, word: &str| (charged, word.to_owned());
    assert_eq!(duties, [duty(Charged::Buyer, "CUS"), duty(Charged::Seller, "COM")].into());
}
