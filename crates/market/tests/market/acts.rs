//! What callers ask for is done or refused as the marketplace would.

use hoesu_market::{
    Act, Acted, Claim, ClaimNo, Config, Courier, Decision, Market, Order, Refused, What,
};
use jiff::SignedDuration;

use crate::places::{market, small};

const STOPS: usize = 0;
const REQUESTS: usize = 1;

/// A market whose claims wait for whoever calls.
fn unstaffed() -> Market {
    market(Config { staffed: false, orders_per_day: 60, ..small(7) })
}

/// Goes on until an order on a marketplace is as wanted; its number.
fn until(market: &mut Market, place: usize, wanted: impl Fn(&Order) -> bool) -> u64 {
    for _ in 0..6 * 24 * 30 {
        if let Some(order) = market.orders().find(|it| it.place == place && wanted(it)) {
            return order.nth;
        }
        let next = market.now() + SignedDuration::from_mins(10);
        market.advance(next, &mut |_| {});
    }
    panic!("no such order in a month");
}

/// The same for a claim.
fn until_claim(market: &mut Market, place: usize, wanted: impl Fn(&Claim) -> bool) -> ClaimNo {
    let order = until(market, place, |order| order.claims.iter().any(&wanted));
    let at = market.order(order).unwrap().claims.iter().position(wanted).unwrap();
    ClaimNo { order, at }
}

fn act(market: &mut Market, place: usize, act: &Act) -> Result<Acted, Refused> {
    let mut told = Vec::new();
    let acted = market.act(0, place, act, &mut |order| told.push((order.nth, order.changed_at)));
    match &acted {
        Ok(_) => assert_eq!(told, [(act.order(), market.now())], "{act:?} is told once"),
        Err(_) => assert_eq!(told, [], "{act:?} was refused"),
    }
    acted
}

fn claim(market: &Market, of: ClaimNo) -> &Claim {
    &market.order(of.order).unwrap().claims[of.at]
}

fn named(code: &str) -> Courier {
    Courier::Named(code.to_owned())
}

fn waybill(order: u64, digits: &str) -> Act {
    Act::Waybill { order, courier: named("HANJIN"), waybill: digits.to_owned() }
}

fn decide(claim: ClaimNo, decision: Decision) -> Act {
    Act::Decide { claim, decision, pieces: None, sent: None }
}

fn receive(claim: ClaimNo) -> Act {
    Act::Receive { claim, pieces: None }
}

fn approve(claim: ClaimNo) -> Act {
    Act::Approve { claim, pieces: None }
}

fn refuse(claim: ClaimNo) -> Act {
    Act::Refuse { claim, why: "06".to_owned() }
}

fn resend(claim: ClaimNo, parcel: u32, digits: &str) -> Act {
    let (courier, waybill) = (named("HANJIN"), digits.to_owned());
    Act::Resend { claim, parcel, courier, waybill }
}

fn collect(claim: ClaimNo, digits: &str) -> Act {
    let (courier, waybill) = (named("HANJIN"), digits.to_owned());
    Act::Collect { claim, courier, waybill, booking: Some("B-1".to_owned()) }
}

#[test]
fn an_order_is_prepared_once_and_leaves_after_that() {
    let mut market = unstaffed();
    let order = until(&mut market, STOPS, |it| it.confirmed_at.is_none() && !it.is_cancelled());
    assert_eq!(act(&mut market, STOPS, &waybill(order, "11112222")), Err(Refused::Stage));
    assert_eq!(act(&mut market, STOPS, &Act::Ship { order }), Err(Refused::Stage));
    assert_eq!(act(&mut market, STOPS, &Act::Confirm { order }), Ok(Acted::Done));
    assert_eq!(act(&mut market, STOPS, &Act::Confirm { order }), Err(Refused::Done));
    for bad in ["", "1234567", "12345678901234567", "1234-5678", "１２３４５６７８"] {
        assert_eq!(act(&mut market, STOPS, &waybill(order, bad)), Err(Refused::Waybill), "{bad}");
    }
    assert_eq!(act(&mut market, STOPS, &waybill(order, "11112222")), Ok(Acted::Done));
    assert_eq!(act(&mut market, STOPS, &waybill(order, "11112222")), Err(Refused::Done));
    assert_eq!(act(&mut market, STOPS, &Act::Ship { order }), Ok(Acted::Done));
    assert_eq!(act(&mut market, STOPS, &Act::Ship { order }), Err(Refused::Done));
    let it = market.order(order).unwrap();
    assert_eq!(it.parcels[0].waybill, "11112222");
    assert_eq!(it.parcels[0].courier, named("HANJIN"));
    let done: Vec<_> = market
        .happened()
        .iter()
        .filter(|it| it.order == order && it.by_caller)
        .map(|it| it.what)
        .collect();
    assert_eq!(done, ["order-confirmed", "parcel-printed", "parcel-told", "parcel-shipped"]);
    let later = market.now() + SignedDuration::from_hours(120);
    market.advance(later, &mut |_| {});
    let it = market.order(order).unwrap();
    assert_eq!(it.parcels.len(), 1, "the warehouse packs nothing twice");
    assert!(it.parcels[0].delivered_at.is_some());
}

#[test]
fn nobody_acts_on_what_is_not_theirs() {
    let mut market = unstaffed();
    let order = until(&mut market, STOPS, |it| it.confirmed_at.is_none());
    let confirm = Act::Confirm { order };
    let no = &mut |_: &Order| panic!("nothing changes");
    assert_eq!(market.act(1, STOPS, &confirm, no), Err(Refused::NotThere));
    assert_eq!(market.act(0, REQUESTS, &confirm, no), Err(Refused::NotThere));
    assert_eq!(market.act(0, STOPS, &Act::Confirm { order: 999_999 }, no), Err(Refused::NotThere));
    let none = ClaimNo { order, at: 7 };
    for act in [receive(none), approve(none), refuse(none), decide(none, Decision::Stopped)] {
        assert_eq!(market.act(0, STOPS, &act, no), Err(Refused::NotThere));
    }
}

#[test]
fn a_waybill_belongs_to_one_order() {
    let mut market = unstaffed();
    let ready = |it: &Order| {
        it.confirmed_at.is_some()
            && it.parcels.iter().all(|it| it.told_at.is_none())
            && it.claims.is_empty()
    };
    let first = until(&mut market, STOPS, ready);
    assert_eq!(act(&mut market, STOPS, &waybill(first, "55556666")), Ok(Acted::Done));
    let second = until(&mut market, REQUESTS, ready);
    assert_eq!(
        act(&mut market, REQUESTS, &waybill(second, "55556666")),
        Err(Refused::WaybillTaken)
    );
    let printed = until(&mut market, STOPS, |it| !it.parcels.is_empty() && it.nth != first);
    let its = market.order(printed).unwrap().parcels[0].waybill.clone();
    let second = until(&mut market, REQUESTS, ready);
    assert_eq!(act(&mut market, REQUESTS, &waybill(second, &its)), Err(Refused::WaybillTaken));
}

#[test]
fn a_seller_cancels_what_is_there_to_cancel() {
    let mut market = unstaffed();
    let order = until(&mut market, STOPS, |it| {
        it.confirmed_at.is_some()
            && it.parcels.is_empty()
            && it.claims.is_empty()
            && it.lines[0].quantity > 1
    });
    let cancel = |pieces: &[(usize, u32)]| Act::Cancel { order, pieces: pieces.to_vec() };
    for wrong in [&[][..], &[(0, 0)], &[(0, 9)], &[(9, 1)], &[(0, 1), (0, 1)]] {
        assert_eq!(act(&mut market, STOPS, &cancel(wrong)), Err(Refused::Pieces), "{wrong:?}");
    }
    let made = act(&mut market, STOPS, &cancel(&[(0, 1)]));
    assert_eq!(made, Ok(Acted::Claimed(ClaimNo { order, at: 0 })));
    assert!(claim(&market, ClaimNo { order, at: 0 }).by_seller);
    let rest: Vec<_> = market.order(order).unwrap().lines.iter().enumerate().collect();
    let rest: Vec<_> =
        rest.into_iter().map(|(at, line)| (at, line.quantity - u32::from(at == 0))).collect();
    assert!(act(&mut market, STOPS, &cancel(&rest)).is_ok());
    assert_eq!(act(&mut market, STOPS, &cancel(&[(0, 1)])), Err(Refused::Cancelled));
    assert_eq!(act(&mut market, STOPS, &waybill(order, "11112222")), Err(Refused::Cancelled));
    let told =
        until(&mut market, STOPS, |it| it.parcels.iter().any(|parcel| parcel.told_at.is_some()));
    let late = Act::Cancel { order: told, pieces: vec![(0, 1)] };
    assert_eq!(act(&mut market, STOPS, &late), Err(Refused::Stage));
}

#[test]
fn a_cancel_that_is_asked_for_keeps_the_order_from_leaving_or_is_turned_down() {
    let mut market = unstaffed();
    let asked = until_claim(&mut market, STOPS, Claim::is_asked);
    let order = asked.order;
    assert_eq!(act(&mut market, STOPS, &waybill(order, "11112222")), Err(Refused::CancelAsked));
    let all = Act::Cancel { order, pieces: claim(&market, asked).pieces.clone() };
    let whole = market.order(order).unwrap().lines.iter().map(|line| line.quantity).sum::<u32>();
    if claim(&market, asked).total() == whole {
        assert_eq!(act(&mut market, STOPS, &all), Err(Refused::CancelAsked));
    }

    let asked = until_claim(&mut market, REQUESTS, Claim::is_asked);
    let order = asked.order;
    assert_eq!(act(&mut market, REQUESTS, &waybill(order, "33334444")), Ok(Acted::Done));
    assert!(claim(&market, asked).refused_at.is_some());
    let late = decide(asked, Decision::Stopped);
    assert_eq!(act(&mut market, REQUESTS, &late), Err(Refused::Done));
}

#[test]
fn a_stop_is_answered_once() {
    let mut market = unstaffed();
    let asked = until_claim(&mut market, STOPS, Claim::is_asked);
    let total = claim(&market, asked).total();
    let miscounted = Act::Decide {
        claim: asked,
        decision: Decision::Stopped,
        pieces: Some(total + 1),
        sent: None,
    };
    assert_eq!(act(&mut market, STOPS, &miscounted), Err(Refused::Pieces));
    assert_eq!(act(&mut market, STOPS, &receive(asked)), Err(Refused::Stage));
    assert_eq!(
        act(&mut market, STOPS, &decide(asked, Decision::ShippedItself)),
        Err(Refused::Stage)
    );
    assert_eq!(act(&mut market, STOPS, &decide(asked, Decision::Stopped)), Ok(Acted::Done));
    assert_eq!(act(&mut market, STOPS, &decide(asked, Decision::Stopped)), Err(Refused::Done));
    assert!(claim(&market, asked).is_completed());

    let asked = until_claim(&mut market, STOPS, Claim::is_asked);
    let sent = |digits: &str| Act::Decide {
        claim: asked,
        decision: Decision::Shipped,
        pieces: None,
        sent: Some((named("KDEXP"), digits.to_owned())),
    };
    assert_eq!(act(&mut market, STOPS, &sent("12")), Err(Refused::Waybill));
    assert_eq!(act(&mut market, STOPS, &sent("70432743577")), Ok(Acted::Done));
    assert_eq!(claim(&market, asked).what, What::Return);
    let order = market.order(asked.order).unwrap();
    assert!(order.parcels.iter().any(|it| it.waybill == "70432743577" && it.told_at.is_some()));
}

#[test]
fn a_return_is_received_and_then_completed() {
    let mut market = unstaffed();
    let open = |it: &Claim| it.what == What::Return && it.is_open() && !it.stops;
    let asked = until_claim(&mut market, REQUESTS, open);
    let total = claim(&market, asked).total();
    assert_eq!(act(&mut market, REQUESTS, &decide(asked, Decision::Stopped)), Err(Refused::Stage));
    assert_eq!(act(&mut market, REQUESTS, &approve(asked)), Err(Refused::Stage));
    let miscounted = Act::Receive { claim: asked, pieces: Some(total + 1) };
    assert_eq!(act(&mut market, REQUESTS, &miscounted), Err(Refused::Pieces));
    let counted = Act::Receive { claim: asked, pieces: Some(total) };
    assert_eq!(act(&mut market, REQUESTS, &counted), Ok(Acted::Done));
    assert_eq!(act(&mut market, REQUESTS, &receive(asked)), Err(Refused::Done));
    assert_eq!(act(&mut market, REQUESTS, &collect(asked, "77778888")), Err(Refused::Stage));
    assert_eq!(act(&mut market, REQUESTS, &approve(asked)), Ok(Acted::Done));
    assert_eq!(act(&mut market, REQUESTS, &approve(asked)), Err(Refused::Done));
    assert_eq!(act(&mut market, REQUESTS, &receive(asked)), Err(Refused::Done));
    assert_eq!(act(&mut market, REQUESTS, &refuse(asked)), Err(Refused::Done));
    assert!(!claim(&market, asked).completed_itself);

    let asked = until_claim(&mut market, REQUESTS, open);
    assert_eq!(act(&mut market, REQUESTS, &refuse(asked)), Ok(Acted::Done));
    assert_eq!(claim(&market, asked).refused_at.as_ref().unwrap().1, "06");
    assert_eq!(act(&mut market, REQUESTS, &receive(asked)), Err(Refused::Stage));
    assert_eq!(act(&mut market, REQUESTS, &refuse(asked)), Err(Refused::Done));
}

#[test]
fn cheap_goods_nobody_tracks_are_refunded_by_the_receipt() {
    let mut market = unstaffed();
    let asked = until(&mut market, STOPS, |order| {
        order.claims.iter().any(|it| {
            it.what == What::Return
                && it.is_open()
                && it.collection.is_none()
                && order.worth(&it.pieces) < 100_000
        })
    });
    let at = market.order(asked).unwrap().claims.iter().position(Claim::is_open).unwrap();
    let asked = ClaimNo { order: asked, at };
    assert_eq!(act(&mut market, STOPS, &receive(asked)), Ok(Acted::Done));
    assert!(claim(&market, asked).pre_refunded_at.is_some());
    assert!(claim(&market, asked).is_completed());
}

#[test]
fn what_the_buyer_took_back_cannot_be_acted_on() {
    let mut market = unstaffed();
    for what in [What::Cancel, What::Return, What::Exchange] {
        let gone =
            until_claim(&mut market, STOPS, |it| it.what == what && it.withdrawn_at.is_some());
        for act in [
            receive(gone),
            approve(gone),
            refuse(gone),
            decide(gone, Decision::Stopped),
            collect(gone, "77778888"),
            resend(gone, 2, "77778888"),
        ] {
            assert_eq!(self::act(&mut market, STOPS, &act), Err(Refused::Withdrawn), "{act:?}");
        }
    }
}

#[test]
fn a_collection_of_the_seller_s_own_takes_the_place_of_the_courier_s() {
    let mut market = unstaffed();
    let open = |it: &Claim| {
        let waits = it.collection.as_ref().is_some_and(|way| way.picked_at.is_none());
        it.what == What::Return && it.is_open() && waits
    };
    let asked = until_claim(&mut market, REQUESTS, open);
    assert_eq!(act(&mut market, REQUESTS, &collect(asked, "x")), Err(Refused::Waybill));
    assert_eq!(act(&mut market, REQUESTS, &collect(asked, "77778888")), Ok(Acted::Done));
    let way = claim(&market, asked).collection.clone().unwrap();
    assert_eq!(way.courier, named("HANJIN"));
    assert_eq!(way.booking.as_deref(), Some("B-1"));
    let picked = until_claim(&mut market, REQUESTS, |it| {
        it.what == What::Return
            && it.is_open()
            && it.collection.as_ref().is_some_and(|way| way.picked_at.is_some())
    });
    assert_eq!(act(&mut market, REQUESTS, &collect(picked, "99990000")), Err(Refused::Stage));
}

#[test]
fn an_exchange_is_sent_in_its_own_box() {
    let mut market = unstaffed();
    let open = |it: &Claim| it.what == What::Exchange && it.is_open();
    let asked = until_claim(&mut market, STOPS, open);
    assert_eq!(act(&mut market, STOPS, &resend(asked, 2, "77778888")), Err(Refused::Stage));
    assert_eq!(act(&mut market, STOPS, &receive(asked)), Ok(Acted::Done));
    assert_eq!(act(&mut market, STOPS, &resend(asked, 2, "77778888")), Err(Refused::Box));
    assert_eq!(act(&mut market, STOPS, &refuse(asked)), Err(Refused::Stage));
    let later = market.now() + SignedDuration::from_mins(10);
    market.advance(later, &mut |_| {});
    let number = claim(&market, asked).new_parcel.as_ref().unwrap().number;
    assert_eq!(act(&mut market, STOPS, &resend(asked, number - 1, "77778888")), Err(Refused::Box));
    assert_eq!(act(&mut market, STOPS, &resend(asked, number, "7")), Err(Refused::Waybill));
    assert_eq!(act(&mut market, STOPS, &resend(asked, number, "77778888")), Ok(Acted::Done));
    assert_eq!(act(&mut market, STOPS, &resend(asked, number, "77778888")), Err(Refused::Done));
    let later = market.now() + SignedDuration::from_hours(120);
    market.advance(later, &mut |_| {});
    assert!(claim(&market, asked).is_completed());

    let asked = until_claim(&mut market, STOPS, open);
    assert_eq!(act(&mut market, STOPS, &refuse(asked)), Ok(Acted::Done));
}

#[test]
fn what_came_back_for_an_exchange_can_be_looked_at_before_the_box_is_there() {
    let mut market = unstaffed();
    let open = |it: &Claim| it.what == What::Exchange && it.is_open();
    let asked = until_claim(&mut market, STOPS, open);
    assert_eq!(act(&mut market, STOPS, &receive(asked)), Ok(Acted::Done));
    assert_eq!(act(&mut market, STOPS, &approve(asked)), Ok(Acted::Done));
    let made = claim(&market, asked).new_parcel.clone();
    assert!(made.is_some());
    assert_eq!(act(&mut market, STOPS, &approve(asked)), Err(Refused::Done));
    let later = market.now() + SignedDuration::from_hours(24);
    market.advance(later, &mut |_| {});
    assert_eq!(claim(&market, asked).new_parcel, made, "it is the same box");
}

#[test]
fn claims_wait_where_no_staff_answers() {
    let mut market = unstaffed();
    market.advance(crate::places::hours(14 * 24), &mut |_| {});
    let by_staff = [
        "cancel-stopped",
        "cancel-shipped",
        "return-received",
        "return-approved",
        "return-refused",
        "exchange-received",
        "exchange-refused",
        "exchange-sent",
    ];
    let answered = market.happened().iter().find(|it| by_staff.contains(&it.what));
    assert_eq!(answered, None);
    assert!(market.happened().iter().any(|it| it.what == "cancel-refunded-itself"));
}

#[test]
fn staff_does_not_answer_what_a_caller_answered() {
    let mut market = market(Config { orders_per_day: 60, ..small(7) });
    let mut answered = Vec::new();
    for _ in 0..24 * 10 {
        let next = market.now() + SignedDuration::from_hours(1);
        market.advance(next, &mut |_| {});
        let open: Vec<_> = market
            .orders()
            .filter(|order| order.place == STOPS)
            .filter_map(|order| Some(ClaimNo { order: order.nth, at: order.cancel_asked()? }))
            .collect();
        for asked in open {
            assert_eq!(act(&mut market, STOPS, &decide(asked, Decision::Stopped)), Ok(Acted::Done));
            answered.push(asked);
        }
    }
    assert!(!answered.is_empty());
    for asked in answered {
        let mut of = market.happened().iter();
        let decided =
            of.by_ref().filter(|it| it.order == asked.order && it.claim == Some(asked.at));
        let decided: Vec<_> = decided.filter(|it| it.what == "cancel-stopped").collect();
        assert_eq!(decided.len(), 1, "{decided:?}");
        assert!(decided[0].by_caller);
    }
}
