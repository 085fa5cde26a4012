//! Made-up documents: compact, in order, various, and the same on both sides of an order.

use std::collections::BTreeSet;

use hoesu_claims::{Media, Moment, State};

use super::super::read::read;
use super::super::wire::{Order, Ticket};
use super::{ORDER, TICKET, invent};
use crate::{Reading, json};

/// Enough to meet the rare ones.
const MANY: u64 = 2_000;

fn readings(kind: &str) -> Vec<Reading> {
    let invented = (0..MANY).map(|nth| invent(kind, nth).unwrap());
    invented.map(|invented| read(invented.media, &invented.body).unwrap()).collect()
}

fn codes(readings: &[Reading], state: State) -> BTreeSet<&str> {
    let states = readings.iter().flat_map(|reading| &reading.found.states);
    states.filter(|(known, _)| *known == state).map(|(_, code)| code.as_str()).collect()
}

#[test]
fn the_same_number_makes_the_same_document_and_no_key_twice() {
    for kind in [TICKET, ORDER] {
        assert_eq!(invent(kind, 41), invent(kind, 41));
        let keys: BTreeSet<String> = readings(kind).into_iter().map(|found| found.key).collect();
        assert_eq!(keys.len() as u64, MANY);
    }
    assert_eq!(invent("return", 0), None);
}

#[test]
fn made_up_documents_are_compact_and_in_the_documented_order() {
    for nth in 0..MANY {
        let ticket = invent(TICKET, nth).unwrap();
        assert_eq!(ticket.media, Media::Json);
        assert_eq!(json::compact(&ticket.body).unwrap(), ticket.body);
        let wire: Ticket<'_> = serde_json::from_slice(&ticket.body).unwrap();
        assert_eq!(serde_json::to_vec(&wire).unwrap(), ticket.body);
        let order = invent(ORDER, nth).unwrap();
        assert_eq!(json::compact(&order.body).unwrap(), order.body);
        let wire: Order<'_> = serde_json::from_slice(&order.body).unwrap();
        assert_eq!(serde_json::to_vec(&wire).unwrap(), order.body);
    }
}

#[test]
fn made_up_tickets_are_mostly_listed_and_have_every_status() {
    let tickets = readings(TICKET);
    let listed = tickets
        .iter()
        .filter(|ticket| ticket.found.states.iter().any(|(state, _)| *state == State::Listed));
    assert!(listed.count() as u64 > MANY * 3 / 4);
    assert_eq!(codes(&tickets, State::Status).len(), 4);
    assert_eq!(codes(&tickets, State::ReturnStatus).len(), 6);
    assert_eq!(codes(&tickets, State::Type).len(), 3);
    let parcels = |ticket: &&Reading| {
        ticket.found.states.iter().filter(|(state, _)| *state == State::ReturnStatus).count() > 1
    };
    assert!(tickets.iter().any(|ticket| parcels(&ticket)));
}

#[test]
fn a_made_up_ticket_belongs_to_the_made_up_order_of_its_number() {
    let orders = readings(ORDER);
    for (ticket, order) in readings(TICKET).iter().zip(&orders) {
        let code = |reading: &Reading| {
            let terms = &reading.found.terms;
            let order = terms.iter().find(|(term, _)| *term == hoesu_claims::Term::Order);
            order.map(|(_, value)| value.clone())
        };
        assert_eq!(code(ticket), code(order));
    }
    let first = invent(ORDER, 0).unwrap();
    assert!(String::from_utf8(first.body).unwrap().contains(r#""orderCode":"500000000""#));
    let second = invent(ORDER, 1).unwrap();
    assert!(String::from_utf8(second.body).unwrap().contains(r#""orderCode":"20240101000001""#));
}

#[test]
fn an_order_was_closed_after_it_was_confirmed_and_only_with_an_invoice() {
    for nth in 0..MANY {
        let order = invent(ORDER, nth).unwrap();
        let row: Order<'_> = serde_json::from_slice(&order.body).unwrap();
        assert_eq!(row.invoices.is_some(), order.marks.contains_key(&Moment::Confirmed));
        let closed = row.invoices.iter().flatten().any(|invoice| invoice.is_closed == Some(true));
        assert_eq!(closed, order.marks.contains_key(&Moment::Closed));
        if let Some(closed_at) = order.marks.get(&Moment::Closed) {
            assert!(closed_at > &order.marks[&Moment::Confirmed]);
        }
    }
}

#[test]
fn made_up_documents_stay_the_same_bytes() {
    use sha2::{Digest as _, Sha256};
    let digest = |kind| {
        let mut all = Sha256::new();
        for nth in 0..MANY {
            let made = invent(kind, nth).unwrap();
            all.update(&made.body);
            all.update(format!("{:?}", made.marks));
        }
        u64::from_be_bytes(all.finalize()[..8].try_into().unwrap())
    };
    assert_eq!([digest(TICKET), digest(ORDER)], [0x8024_7d38_abd2_994a, 0x59ed_7e92_5b88_82bb]);
}
