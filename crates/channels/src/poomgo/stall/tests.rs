//! What the warehouse says of hand-made orders, as its own reader reads it.

use hoesu_claims::{Document, State, Term};
use hoesu_market::{Arrived, Cause, Charged, Collection, Courier, Line, Story};
use jiff::SignedDuration;

use super::super::read::read;
use super::super::wire;
use super::*;
use crate::{Channel as _, json};

const PAID: Timestamp = Timestamp::constant(1_768_780_800, 0);

fn hours(hours: i64) -> Timestamp {
    PAID + SignedDuration::from_hours(hours)
}

/// Three of one thing and one of another, packed in one parcel.
fn order() -> Order {
    let line =
        |sku, item, quantity| Line { sku, item, option: "블랙 M", price: 10_000, quantity };
    Order {
        nth: 17,
        seller: 0,
        place: 0,
        story: Story::nth(17),
        lines: vec![line(17, "우산", 3), line(18, "도마", 1)],
        paid_at: PAID,
        confirmed_at: Some(hours(1)),
        stored_at: Some(hours(1)),
        parcels: vec![Parcel {
            number: 1,
            courier: Courier::Cj,
            waybill: "380400000017".to_owned(),
            pieces: vec![(0, 3), (1, 1)],
            made_at: hours(5),
            closed_at: None,
            told_at: None,
            shipped_at: None,
            delivered_at: None,
            cancelled_at: None,
        }],
        claims: Vec::new(),
        arrivals: Vec::new(),
        changed_at: hours(5),
    }
}

fn returned(mut order: Order) -> Order {
    order.parcels[0].closed_at = Some(hours(6));
    order.claims.push(Claim {
        what: What::Return,
        cause: Cause::Mind,
        charged: Charged::Buyer,
        heard_at: None,
        by_seller: false,
        pieces: vec![(0, 3)],
        asked_at: hours(48),
        stops: false,
        decided: None,
        collection: Some(Collection {
            courier: Courier::Cj,
            waybill: "690100000001".to_owned(),
            booking: None,
            asked_at: hours(50),
            picked_at: None,
            delivered_at: None,
            failed_at: None,
        }),
        received_at: None,
        pre_refunded_at: None,
        completed_at: None,
        completed_itself: false,
        refused_at: None,
        withdrawn_at: None,
        disputed_at: None,
        new_parcel: None,
        changed_at: hours(50),
    });
    order.arrivals.push(Arrival {
        claim: Some(0),
        made_at: hours(49),
        arrived_at: None,
        done_at: None,
        cancelled_at: None,
        waybill: "690100000001".to_owned(),
        pieces: vec![Arrived { line: 0, expected: 3, good: None, unsellable: None }],
        changed_at: hours(49),
    });
    order
}

fn told(order: &Order, sold_on: &str) -> Vec<(&'static str, Invented)> {
    Warehouse.tell(order, sold_on, &BTreeMap::new(), order.changed_at)
}

/// The states of the ticket of an order.
fn states(order: &Order) -> Vec<(State, String)> {
    let told = told(order, "coupang");
    let (_, ticket) = told.iter().find(|(kind, _)| *kind == TICKET).unwrap();
    let mut states = read(Media::Json, &ticket.body).unwrap().found.states;
    states.retain(|(state, _)| *state != State::Type && *state != State::Listed);
    states
}

#[test]
fn nothing_is_said_before_the_warehouse_is_told() {
    let order = Order { stored_at: None, ..order() };
    assert_eq!(told(&order, "coupang"), Vec::new());
}

#[test]
fn records_are_compact_in_the_documented_order_and_read_back() {
    for (kind, said) in told(&returned(order()), "ssg") {
        let reading = read(said.media, &said.body).unwrap();
        assert_eq!(reading.kind, kind);
        assert_eq!(json::compact(&said.body).unwrap(), said.body);
        let again = if kind == ORDER {
            serde_json::to_vec(&serde_json::from_slice::<wire::Order<'_>>(&said.body).unwrap())
        } else {
            serde_json::to_vec(&serde_json::from_slice::<wire::Ticket<'_>>(&said.body).unwrap())
        };
        assert_eq!(again.unwrap(), said.body);
        let order = |code: &str| reading.found.terms.contains(&(Term::Order, code.to_owned()));
        assert!(order("20260119000011"), "{:?}", reading.found.terms);
    }
}

#[test]
fn each_line_is_a_row_with_the_parcels_that_carry_it() {
    let rows = told(&order(), "coupang");
    let keys = rows.iter().map(|(_, row)| read(row.media, &row.body).unwrap().key);
    assert_eq!(keys.collect::<Vec<_>>(), ["10000136", "10000137"]);
    let body = String::from_utf8(rows[0].1.body.clone()).unwrap();
    assert!(body.contains(r#""channelName":"쿠팡","orderCode":"500000017","code":"500000017-1""#));
    assert!(body.contains(r#""invoiceId":"20000137","invoiceCode":"380400000017""#));
    assert_eq!(rows[0].1.marks, Marks::from([(Moment::Confirmed, hours(5))]));
}

#[test]
fn a_parcel_that_was_taken_apart_is_among_the_cancelled_ones() {
    let mut order = order();
    order.parcels[0].cancelled_at = Some(hours(6));
    let body = String::from_utf8(told(&order, "coupang")[0].1.body.clone()).unwrap();
    assert!(body.contains(r#""invoices":null"#) && body.contains(r#""canceledInvoices":[{"#));
}

#[test]
fn a_ticket_goes_from_asked_to_counted() {
    let state = |status: &str, parcel: &str| {
        vec![(State::Status, status.to_owned()), (State::ReturnStatus, parcel.to_owned())]
    };
    let mut order = returned(order());
    assert_eq!(states(&order), state("PROCESSING", "REQUESTED"));
    order.arrivals[0].arrived_at = Some(hours(80));
    assert_eq!(states(&order), state("PROCESSING", "AT_CENTER"));
    order.arrivals[0].done_at = Some(hours(90));
    order.arrivals[0].pieces[0].good = Some(3);
    order.arrivals[0].pieces[0].unsellable = Some(1);
    assert_eq!(states(&order), state("DONE", "AT_CENTER"));
    let told = told(&order, "coupang");
    let body = String::from_utf8(told[2].1.body.clone()).unwrap();
    let graded = |back: u32, grade: &str| {
        format!(
            r#""originalQuantity":3,"returnQuantity":{back},"typeCodeKey":"CSTICKET_TYPE_{grade}""#
        )
    };
    assert!(body.contains(&graded(3, "INCOMING")) && body.contains(&graded(1, "DISUSE")), "{body}");
    order.arrivals[0].cancelled_at = Some(hours(91));
    assert_eq!(states(&order), state("CANCELED", "CANCELED"));
}

#[test]
fn all_that_is_said_of_a_return_is_understood() {
    let order = returned(order());
    for (kind, said) in told(&order, "coupang") {
        let document = Document {
            key: "1".to_owned(),
            version: 1,
            seq: 1,
            media: said.media,
            body: said.body,
            marks: said.marks,
            observed_at: hours(60),
        };
        let facts = super::super::Poomgo.facts(kind, &document);
        let unknown = facts.iter().filter(|fact| format!("{fact:?}").contains("Unrecognised"));
        assert_eq!(unknown.count(), 0, "{facts:?}");
    }
}

#[test]
fn the_warehouses_names_of_the_sales_channels_lead_to_the_accounts() {
    let sold = [("coupang", "coupang-1"), ("ssg", "ssg-1"), ("new", "new-1")];
    let names = "쿠팡=coupang-1,SSG.COM=ssg-1,new=new-1".to_owned();
    assert_eq!(Warehouse.settings(&sold), [("channel_names", names)]);
}
