//! What is always so, whatever callers do.

use std::collections::BTreeMap;

use hoesu_claims::Calendar;
use hoesu_claims::time::{KST, kst_day};
use hoesu_market::{Act, ClaimNo, Courier, Decision, Market, Order};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::places::{hours, market, small};

/// Something a caller tries some minutes after the last, on one of the orders there are.
#[derive(Debug, Clone)]
struct Tried {
    minutes: i64,
    which: usize,
    at: usize,
    kind: u8,
    many: u32,
}

fn tried() -> impl Strategy<Value = Tried> {
    (0_i64..120, any::<usize>(), 0_usize..3, 0_u8..12, 0_u32..5)
        .prop_map(|(minutes, which, at, kind, many)| Tried { minutes, which, at, kind, many })
}

fn act(tried: &Tried, order: u64) -> Act {
    let claim = ClaimNo { order, at: tried.at };
    let courier = Courier::Named("HANJIN".to_owned());
    let waybill = format!("{:08}", tried.which % 100_000_000);
    match tried.kind {
        0 => Act::Confirm { order },
        1 => Act::Waybill { order, courier, waybill },
        2 => Act::Ship { order },
        3 => Act::Cancel { order, pieces: vec![(tried.at, tried.many)] },
        4 => Act::Decide { claim, decision: Decision::Stopped, pieces: None, sent: None },
        5 => Act::Decide {
            claim,
            decision: Decision::Shipped,
            pieces: None,
            sent: Some((courier, waybill)),
        },
        6 => Act::Decide { claim, decision: Decision::Shipped, pieces: None, sent: None },
        7 => Act::Receive { claim, pieces: None },
        8 => Act::Approve { claim, pieces: None },
        9 => Act::Refuse { claim, why: "06".to_owned() },
        10 => Act::Collect { claim, courier, waybill, booking: None },
        _ => Act::Resend { claim, parcel: tried.many, courier, waybill },
    }
}

/// Goes on to the end, trying these on orders a caller may touch.
fn run(
    seed: u64,
    until: Timestamp,
    tried: &[Tried],
    may: impl Fn(&Order) -> bool,
    changed: &mut dyn FnMut(&Order),
) -> Market {
    let mut market = market(small(seed));
    market.advance(hours(20), changed);
    for one in tried {
        let next = market.now() + SignedDuration::from_mins(one.minutes);
        market.advance(next.min(until), changed);
        let open: Vec<_> = market.orders().filter(|it| may(it)).collect();
        // The youngest are the ones where most can be done.
        let open = &open[open.len().saturating_sub(40)..];
        if let Some(order) = open.get(one.which % open.len().max(1)) {
            let (nth, seller, place) = (order.nth, order.seller, order.place);
            let _refused_or_not = market.act(seller, place, &act(one, nth), changed);
        }
    }
    market.advance(until, changed);
    market
}

/// What is wrong with an order at an instant.
fn wrong(order: &Order, last: Timestamp) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    let rises = |times: &[Option<Timestamp>]| {
        let told: Vec<_> = times.iter().flatten().collect();
        told.is_sorted() && told.iter().all(|at| **at <= order.changed_at)
    };
    must(order.changed_at >= last, "told in order of time");
    let paid = Some(order.paid_at);
    must(rises(&[paid, order.confirmed_at, order.stored_at]), "paid, confirmed, stored");
    must(order.claims.len() <= 8, "claims have one digit of eight");
    must(order.arrivals.len() <= 8, "arrivals have one digit of eight");
    let new = order.claims.iter().filter_map(|claim| claim.new_parcel.as_ref());
    let parcels: Vec<_> = order.parcels.iter().chain(new).collect();
    let evening = |at: Timestamp| {
        let hour = KST.to_datetime(at).hour();
        (18..20).contains(&hour) && Calendar::default().is_business_day(kst_day(at))
    };
    let mut closed = parcels.iter().filter_map(|it| it.closed_at);
    must(closed.all(evening), "parcels leave in the evening of business days");
    let mut numbers: Vec<_> = parcels.iter().map(|it| it.number).collect();
    numbers.sort_unstable();
    must((1..8).zip(&numbers).all(|(nth, it)| nth == *it), "parcels are numbered from 1");
    for parcel in &order.parcels {
        let made = Some(parcel.made_at);
        must(rises(&[order.confirmed_at, made, parcel.closed_at, parcel.delivered_at]), "closed");
        must(rises(&[made, parcel.told_at, parcel.shipped_at]), "told");
        must(rises(&[made, parcel.cancelled_at]), "taken apart");
        let apart = parcel.cancelled_at.is_some();
        must(!(apart && parcel.closed_at.is_some()), "what left is not taken apart");
        must(parcel.pieces.iter().all(|(_, many)| *many > 0), "nothing empty is sent");
    }
    for (line, sold) in order.lines.iter().enumerate() {
        let live = order.parcels.iter().filter(|parcel| parcel.is_live());
        must(live.map(|it| it.of(line)).sum::<u32>() <= sold.quantity, "no more is sent than sold");
        must(order.claimed(line) <= sold.quantity, "no more is claimed than sold");
        must(order.cancelled(line) <= sold.quantity, "no more is cancelled than sold");
    }
    for claim in &order.claims {
        let asked = Some(claim.asked_at);
        let ends =
            [claim.completed_at, claim.withdrawn_at, claim.refused_at.as_ref().map(|(at, _)| *at)];
        must(ends.iter().flatten().count() <= 1, "a claim ends once");
        for end in ends {
            must(rises(&[paid, asked, end]), "asked, ended");
        }
        must(rises(&[asked, claim.heard_at]), "heard");
        must(rises(&[asked, claim.decided.map(|(at, _)| at)]), "decided");
        must(rises(&[asked, claim.received_at, claim.disputed_at]), "received");
        must(rises(&[asked, claim.pre_refunded_at, claim.completed_at]), "refunded early");
        must(claim.decided.is_none() || claim.stops, "only what stops goods is decided");
        must(claim.total() > 0, "a claim is about something");
        if let Some(way) = &claim.collection {
            let way = [asked, Some(way.asked_at), way.picked_at, way.delivered_at];
            must(rises(&way), "fetched");
        }
        if let Some(new) = &claim.new_parcel {
            let new = [claim.received_at, Some(new.made_at), new.told_at, new.closed_at];
            must(rises(&new), "sent again");
        }
    }
    for arrival in &order.arrivals {
        let made = Some(arrival.made_at);
        let unexpected = arrival.pieces.iter().all(|it| it.expected == 0);
        if let (true, Some(_)) = (unexpected, arrival.done_at) {
            must(rises(&[arrival.arrived_at, made]), "arrived, booked");
            must(made == arrival.done_at, "booked when counted");
        } else {
            must(rises(&[made, arrival.arrived_at, arrival.done_at]), "arrived, counted");
        }
        must(rises(&[made, arrival.cancelled_at]), "given up");
        let counted =
            arrival.pieces.iter().all(|it| it.good.is_some() == arrival.done_at.is_some());
        must(counted, "counted when done");
    }
    wrong
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn an_order_always_makes_sense(
        seed in 0_u64..1000,
        tries in prop::collection::vec(tried(), 0..150),
    ) {
        let mut last = BTreeMap::new();
        let mut bad = Vec::new();
        let until = hours(220);
        run(seed, until, &tries, |_| true, &mut |order| {
            let before = last.insert(order.nth, order.changed_at).unwrap_or(order.paid_at);
            for what in wrong(order, before) {
                bad.push(format!("{what}: {order:#?}"));
            }
        });
        prop_assert!(bad.is_empty(), "{}", bad[0]);
    }

    #[test]
    fn what_is_done_about_one_order_changes_no_other(
        seed in 0_u64..1000,
        tries in prop::collection::vec(tried(), 0..120),
    ) {
        let until = hours(200);
        let quiet = run(seed, until, &[], |_| true, &mut |_| {});
        let busy = run(seed, until, &tries, |order| order.nth % 3 == 0, &mut |_| {});
        let others = |market: &Market| {
            let orders = market.orders().filter(|order| order.nth % 3 != 0);
            let happened = market.happened().iter().filter(|it| it.order % 3 != 0);
            let orders = orders.map(|order| format!("{order:?}"));
            orders.chain(happened.map(|it| format!("{it:?}"))).collect::<Vec<_>>()
        };
        prop_assert!(others(&quiet) == others(&busy));
    }

    #[test]
    fn the_same_calls_at_the_same_instants_give_the_same_market(
        seed in 0_u64..1000,
        tries in prop::collection::vec(tried(), 0..80),
    ) {
        let until = hours(160);
        let once = run(seed, until, &tries, |_| true, &mut |_| {});
        let again = run(seed, until, &tries, |_| true, &mut |_| {});
        prop_assert_eq!(once.happened(), again.happened());
        let told = |market: &Market| market.orders().map(|it| format!("{it:?}")).collect::<Vec<_>>();
        prop_assert!(told(&once) == told(&again));
    }
}
