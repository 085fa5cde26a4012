//! The stories a market tells, each found in a month of it.

use hoesu_claims::Calendar;
use hoesu_claims::time::{KST, kst_day};
use hoesu_market::{
    Arrival, Cause, Charged, Claim, Config, Customs, Decision, Market, Order, What,
};
use jiff::{SignedDuration, Timestamp};

use crate::places::{REQUESTS, STOPS, hours, market};

/// The first marketplace of [`market`].
const WHERE_CANCELS_STOP: usize = 0;
/// The second.
const WHERE_CANCELS_ARE_REQUESTS: usize = 1;

/// A month of one seller.
fn month() -> Market {
    let mut market = market(Config { sellers: 1, orders_per_day: 120, ..Config::default() });
    market.advance(hours(30 * 24), &mut |_| {});
    market
}

/// What happened to an order, in order.
fn words(market: &Market, order: u64) -> Vec<&'static str> {
    market.happened().iter().filter(|it| it.order == order).map(|it| it.what).collect()
}

fn claims<'m>(
    market: &'m Market,
    what: &'static str,
) -> impl Iterator<Item = (&'m Order, &'m Claim, Timestamp)> {
    market.happened().iter().filter(move |it| it.what == what).map(|it| {
        let order = market.order(it.order).unwrap();
        (order, &order.claims[it.claim.unwrap()], it.at)
    })
}

fn hour(at: Timestamp) -> i8 {
    KST.to_datetime(at).hour()
}

#[test]
fn most_is_bought_in_the_evening() {
    let market = month();
    let at = |from, to| market.orders().filter(|it| (from..to).contains(&hour(it.paid_at))).count();
    assert!(2 * at(19, 23) > 3 * at(9, 13) && at(9, 13) > 2 * at(1, 5));
}

#[test]
fn the_same_goods_of_a_seller_are_the_same_everywhere() {
    let market = month();
    let mut goods: Vec<_> = market
        .orders()
        .flat_map(|it| &it.lines)
        .map(|it| (it.sku, it.item, it.option, it.price))
        .collect();
    goods.sort_unstable();
    goods.dedup();
    assert_eq!(goods.len(), 12);
    goods.dedup_by_key(|it| it.0);
    assert_eq!(goods.len(), 12, "a number is one thing at one price");
    for order in market.orders() {
        assert!((1..=3).contains(&order.lines.len()));
        assert!(order.lines.iter().all(|it| (1..=4).contains(&it.quantity)));
    }
}

#[test]
fn parcels_leave_in_the_evening_of_business_days() {
    let market = month();
    let calendar = Calendar::default();
    let mut split = 0;
    for order in market.orders() {
        split += usize::from(order.parcels.iter().filter(|it| it.is_live()).count() > 1);
        for at in order.parcels.iter().filter_map(|it| it.closed_at) {
            assert!((18..20).contains(&hour(at)) && calendar.is_business_day(kst_day(at)), "{at}");
        }
    }
    assert!(split > 50, "{split} orders in two parcels");
}

#[test]
fn a_cancel_before_anything_is_prepared_is_done_at_once() {
    let market = month();
    let mut seen = 0;
    for (order, claim, at) in claims(&market, "cancel-completed") {
        assert_eq!((claim.asked_at, claim.completed_at), (at, Some(at)));
        assert!(!claim.stops && order.confirmed_at.is_none_or(|confirmed| confirmed > at));
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn what_the_warehouse_hears_in_time_is_taken_apart_and_the_rest_is_packed_again() {
    let market = month();
    let again = |order: &Order| {
        let apart = order.parcels.iter().any(|it| !it.is_live());
        let part = order.claims.len() == 1 && order.claims[0].is_completed();
        apart && part && order.parcels.iter().any(|it| it.is_live() && it.closed_at.is_some())
    };
    let order = market.orders().find(|it| again(it)).unwrap();
    let told = words(&market, order.nth);
    let position = |what| told.iter().position(|it| *it == what).unwrap();
    assert!(position("cancel-heard") < position("parcel-taken-apart"));
    assert!(position("parcel-taken-apart") < position("parcel-closed"));
    assert!(!told.contains(&"cancelled-left"), "{told:?}");
}

#[test]
fn what_the_warehouse_does_not_hear_of_leaves_and_no_marketplace_knows() {
    let market = month();
    let gone = |order: &Order| {
        order.is_cancelled() && order.parcels.iter().any(|it| it.closed_at.is_some())
    };
    let mut seen = 0;
    for order in market.orders().filter(|it| gone(it)) {
        let cancelled = order.claims.iter().filter_map(|it| it.completed_at).max().unwrap();
        if order.parcels.iter().all(|it| it.closed_at > Some(cancelled)) {
            assert!(order.parcels.iter().all(|it| it.told_at.is_none()), "{order:#?}");
            assert!(words(&market, order.nth).contains(&"cancelled-left"));
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn a_withdrawn_cancel_can_leave_the_goods_held_for_ever() {
    let market = month();
    let held = |order: &Order| {
        let [claim] = &order.claims[..] else { return false };
        let live = |line| -> u32 {
            order.parcels.iter().filter(|it| it.is_live()).map(|it| it.of(line)).sum()
        };
        let unsent = |(line, _): &(usize, u32)| live(*line) < order.lines[*line].quantity;
        claim.what == What::Cancel
            && claim.withdrawn_at.is_some()
            && claim.heard_at.is_some()
            && claim.pieces.iter().any(unsent)
    };
    let revived = |order: &Order| {
        let withdrawn = order.claims.iter().filter_map(|it| it.withdrawn_at).min();
        order.parcels.iter().any(|it| !it.is_live())
            && order.parcels.iter().any(|it| it.is_live() && Some(it.made_at) > withdrawn)
            && words(&market, order.nth).contains(&"cancel-withdrawn")
    };
    let old = |order: &&Order| order.paid_at < hours(22 * 24);
    assert!(market.orders().filter(old).any(held));
    assert!(market.orders().any(revived));
}

#[test]
fn an_unanswered_cancel_ends_as_the_marketplace_has_it() {
    let market = month();
    let calendar = Calendar::default();
    let mut refunded = 0;
    for (order, claim, at) in claims(&market, "cancel-refunded-itself") {
        assert_eq!(order.place, WHERE_CANCELS_ARE_REQUESTS);
        let due = calendar.plus_business_days(kst_day(claim.asked_at), 2);
        assert_eq!((kst_day(at), hour(at)), (due, 16));
        assert!(claim.completed_itself);
        refunded += 1;
    }
    let mut turned_down = 0;
    for (order, claim, at) in claims(&market, "cancel-turned-down") {
        assert_eq!(order.place, WHERE_CANCELS_ARE_REQUESTS);
        assert!(order.parcels.iter().any(|it| it.told_at == Some(at)));
        assert_eq!(claim.refused_at, Some((at, String::new())));
        assert_eq!(claim.what, What::Cancel);
        turned_down += 1;
    }
    let mut found = 0;
    for (order, claim, at) in claims(&market, "cancel-shipped-itself") {
        assert_eq!(order.place, WHERE_CANCELS_STOP);
        assert_eq!(claim.decided, Some((at, Decision::ShippedItself)));
        assert_eq!((claim.what, claim.charged), (What::Return, Charged::Seller));
        found += 1;
    }
    assert!(refunded > 2 && turned_down > 2 && found > 0, "{refunded} {turned_down} {found}");
}

#[test]
fn goods_sold_out_are_never_packed_and_paid_back_at_once_or_the_next_day() {
    let market = month();
    let mut late = 0;
    for (order, claim, at) in claims(&market, "cancelled-by-seller") {
        assert!(claim.by_seller && claim.cause == Cause::SoldOut);
        assert!(
            claim.pieces.iter().all(|(line, _)| order.parcels.iter().all(|it| it.of(*line) == 0))
        );
        late += usize::from(at > order.paid_at + SignedDuration::from_hours(48));
        if order.place == WHERE_CANCELS_STOP {
            assert_eq!(claim.completed_at, Some(at));
        } else if let Some(paid) = claim.completed_at {
            assert_eq!((kst_day(paid), hour(paid)), (kst_day(at).tomorrow().unwrap(), 17));
        }
    }
    assert!(late > 3, "{late}");
}

#[test]
fn part_is_cancelled_the_rest_is_sent_and_comes_back() {
    let market = month();
    let whole = |order: &&Order| {
        let cancelled = order.claims.iter().any(|it| it.what == What::Cancel && it.is_completed());
        let back = order.claims.iter().any(|it| it.what == What::Return && !it.stops);
        cancelled && back
    };
    assert!(market.orders().filter(whole).count() > 5);
}

#[test]
fn cheap_goods_are_refunded_on_the_scan_where_that_is_the_custom() {
    let market = month();
    let mut seen = 0;
    for (order, claim, at) in claims(&market, "refunded-early") {
        assert_eq!(order.place, WHERE_CANCELS_STOP);
        assert!(order.worth(&claim.pieces) < 100_000);
        let scanned = claim.collection.as_ref().and_then(|way| way.picked_at);
        assert!(scanned == Some(at) || claim.received_at == Some(at));
        seen += 1;
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_received_return_nobody_completes_does_so_itself_on_the_third_business_day() {
    let market = month();
    let calendar = Calendar::default();
    let mut seen = 0;
    for (order, claim, at) in claims(&market, "return-completed-itself") {
        assert_eq!(order.place, WHERE_CANCELS_ARE_REQUESTS);
        let received = kst_day(claim.received_at.unwrap());
        assert_eq!(kst_day(at), calendar.plus_business_days(received, 3));
        assert!(claim.completed_itself);
        seen += 1;
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn returns_are_withdrawn_before_anybody_saw_them_and_on_their_way() {
    let market = month();
    let gone = |from: i64, to: i64| {
        claims(&market, "return-withdrawn").any(|(_, claim, at)| {
            let minutes = at.duration_since(claim.asked_at).as_mins();
            (from..to).contains(&minutes)
        })
    };
    assert!(gone(0, 10) && gone(120, 6000));
    let picked = |claim: &Claim| claim.collection.as_ref().is_some_and(|it| it.picked_at.is_some());
    assert!(claims(&market, "return-withdrawn").any(|(_, claim, _)| picked(claim)));
}

#[test]
fn couriers_meet_nobody_never_come_and_lose() {
    let market = month();
    let way = |claim: &Claim| claim.collection.clone().unwrap();
    for (_, claim, _) in claims(&market, "collection-lost") {
        assert!(way(claim).picked_at.is_some() && way(claim).delivered_at.is_none());
    }
    for (_, claim, _) in claims(&market, "collection-stalled") {
        assert!(way(claim).picked_at.is_none() && way(claim).delivered_at.is_none());
    }
    let again = |it: &(&Order, &Claim, Timestamp)| way(it.1).asked_at > it.2;
    assert!(claims(&market, "collection-failed").any(|it| again(&it)));
    assert!(claims(&market, "collection-failed").any(|it| way(it.1).failed_at == Some(it.2)));
    assert!(claims(&market, "return-settled").any(|(_, claim, _)| claim.disputed_at.is_none()));
}

#[test]
fn what_arrives_is_not_always_what_was_asked_for() {
    let market = month();
    let counted = |order: &Order, wanted: &dyn Fn(&Arrival) -> bool| {
        order.arrivals.iter().filter(|it| it.done_at.is_some()).any(wanted)
    };
    let any = |wanted: &dyn Fn(&Arrival) -> bool| market.orders().any(|it| counted(it, wanted));
    let came = |it: &Arrival| -> u32 {
        it.pieces.iter().map(|it| it.good.unwrap() + it.unsellable.unwrap()).sum()
    };
    let expected = |it: &Arrival| -> u32 { it.pieces.iter().map(|it| it.expected).sum() };
    assert!(any(&|it| it.claim.is_some() && came(it) > expected(it)), "more than expected");
    assert!(any(&|it| came(it) < expected(it)), "fewer");
    assert!(any(&|it| came(it) == 0), "nothing");
    assert!(any(&|it| it.pieces.iter().any(|it| it.unsellable > Some(0))), "unsellable");
    assert!(any(&|it| it.claim.is_none()), "nobody asked");
    assert!(any(&|it| it.claim.is_some() && expected(it) == 0), "asked for later");
    assert!(any(&|it| it.waybill.starts_with("7011")), "a waybill nobody knows");
    assert!(any(&|it| it.waybill.is_empty()), "no waybill");
    let more_than_sold = market.orders().any(|order| {
        counted(order, &|it| {
            it.pieces
                .iter()
                .any(|it| it.good.unwrap() + it.unsellable.unwrap() > order.lines[it.line].quantity)
        })
    });
    assert!(more_than_sold, "four of three");
    let booked = |early: bool| {
        market.orders().flat_map(|it| &it.arrivals).any(|it| {
            it.claim.is_some() && it.arrived_at.is_some_and(|at| early == (at > it.made_at))
        })
    };
    assert!(booked(true) && booked(false), "booked before, and on arrival");
    let uncounted = |it: &Arrival| it.arrived_at < Some(hours(20 * 24)) && it.done_at.is_none();
    assert!(
        market
            .orders()
            .flat_map(|it| &it.arrivals)
            .any(|it| it.arrived_at.is_some() && uncounted(it))
    );
}

#[test]
fn staff_answers_late_before_the_goods_are_back_and_never() {
    let market = month();
    let arrived = |order: &Order, claim: &Claim| {
        let at = order.claims.iter().position(|it| it == claim);
        order.arrivals.iter().filter(|it| it.claim == at).find_map(|it| it.arrived_at)
    };
    let received: Vec<_> = claims(&market, "return-received").collect();
    assert!(
        received.iter().any(|(order, claim, at)| arrived(order, claim).is_none_or(|it| it > *at))
    );
    let late = SignedDuration::from_hours(60);
    assert!(received.iter().any(|(order, claim, at)| {
        arrived(order, claim).is_some_and(|it| at.duration_since(it) > late)
    }));
    let never = market
        .orders()
        .filter(|it| it.paid_at < hours(10 * 24))
        .any(|order| order.claims.iter().any(|it| it.is_open() && arrived(order, it).is_some()));
    assert!(never);
}

#[test]
fn the_box_of_an_exchange_appears_without_a_waybill_after_a_while() {
    let market = month();
    for (order, claim, at) in claims(&market, "exchange-box") {
        let after = if order.place == WHERE_CANCELS_STOP { STOPS } else { REQUESTS }.box_after;
        let waited = at.duration_since(claim.received_at.unwrap());
        assert!(waited >= after && waited <= after + SignedDuration::from_secs(1), "{waited}");
        let new = claim.new_parcel.as_ref().unwrap();
        assert!(order.parcels.iter().all(|it| it.number != new.number));
        assert_eq!(new.waybill.is_empty(), new.told_at.is_none());
    }
    assert!(claims(&market, "exchange-completed").count() > 20);
}

#[test]
fn the_wrong_one_is_charged_now_and_then() {
    let market = month();
    let all = market.orders().flat_map(|it| &it.claims);
    let returns = all.filter(|it| it.what == What::Return && !it.stops);
    let wrong = returns.filter(|it| (it.charged == Charged::Buyer) == (it.cause == Cause::Fault));
    assert!(wrong.count() > 3);
}

#[test]
fn nothing_happens_that_is_no_custom() {
    let plain = Customs {
        exchanges: false,
        quick_refund: false,
        completes_after: None,
        cancels_after: None,
        waybill_refuses_cancel: false,
        ..STOPS
    };
    let mut market = Market::new(Config::default(), vec![plain]);
    market.advance(hours(14 * 24), &mut |_| {});
    for it in market.happened() {
        assert!(!it.what.starts_with("exchange-"), "{it:?}");
        assert_ne!(it.what, "refunded-early");
        assert_ne!(it.what, "return-completed-itself");
        assert_ne!(it.what, "cancel-refunded-itself");
        assert_ne!(it.what, "cancel-turned-down");
    }
}

#[test]
fn it_is_known_when_something_happens_next() {
    let mut market = market(Config::default());
    for _ in 0..2_000 {
        let next = market.next_at().unwrap();
        let mut seen = Vec::new();
        market.advance(next - SignedDuration::from_nanos(1), &mut |it| seen.push(it.changed_at));
        assert_eq!(seen, []);
        market.advance(next, &mut |it| seen.push(it.changed_at));
        assert!(seen.iter().all(|at| *at == next));
    }
    let mut empty = Market::new(Config { orders_per_day: 0, ..Config::default() }, vec![STOPS]);
    assert_eq!(empty.next_at(), None);
    empty.advance(hours(1000), &mut |_| {});
    assert_eq!((empty.now(), empty.orders().count()), (hours(1000), 0));
}
