//! Wire types against the documented records, what a record can be found by, made-up records.

use hoesu_claims::{Moment, Rank, State, Term};
use proptest::prelude::*;

use super::super::read::read;
use super::super::surface::cancel_ids;
use super::super::wire::{
    EXCHANGE_MEMBERS, ExchangeRequest, ORDER_SHEET_MEMBERS, OrderSheet, RETURN_MEMBERS,
    ReturnRequest, WITHDRAWAL_MEMBERS, Withdrawal,
};
use super::super::{Coupang, samples};
use super::*;
use crate::trial::compact;
use crate::{Channel as _, json};

fn sample(nth: usize) -> Vec<u8> {
    samples::samples().swap_remove(nth).body
}

fn again<T: serde::Serialize + serde::de::DeserializeOwned>(body: &[u8]) -> String {
    serde_json::to_string(&json::decode::<T>(body).unwrap()).unwrap()
}

#[test]
fn every_documented_field_has_a_place_and_keeps_its_bytes() {
    let [a, b, c] = [sample(0), sample(1), sample(2)];
    assert_eq!(again::<ReturnRequest>(&a).as_bytes(), a);
    assert_eq!(again::<ExchangeRequest>(&b).as_bytes(), b);
    assert_eq!(again::<Withdrawal>(&c).as_bytes(), c);
    let sheet = compact(include_str!("../fixtures/order-sheet.ok.response.json"));
    let d = sheet.split_once("\"data\":").unwrap().1.strip_suffix('}').unwrap().as_bytes().to_vec();
    assert_eq!(again::<OrderSheet>(&d).as_bytes(), d);
    for (body, names) in [
        (&a, RETURN_MEMBERS),
        (&b, EXCHANGE_MEMBERS),
        (&c, WITHDRAWAL_MEMBERS),
        (&d, ORDER_SHEET_MEMBERS),
    ] {
        let members = json::members(body).unwrap();
        let written: Vec<_> = members.iter().map(|member| member.name).collect();
        assert_eq!(written, names.iter().map(|name| name.as_bytes()).collect::<Vec<_>>());
    }
}

#[test]
fn a_return_is_found_by_its_numbers_people_lists_and_times() {
    let reading = read(&sample(0)).unwrap();
    assert_eq!((reading.kind, reading.key.as_str()), ("return", "365937"));
    let found = reading.found;
    assert_eq!(found.rank, Rank { at: 1_458_878_730_000, tie: 365_937 });
    let term = |term, value: &str| (term, value.to_owned());
    assert_eq!(
        found.terms,
        [
            term(Term::Order, "500004398"),
            term(Term::Claim, "365937"),
            term(Term::Parcel, "197267583"),
            term(Term::Item, "3000001893"),
            term(Term::ReturnInvoice, "201807261200"),
            term(Term::BuyerName, "임송이"),
            term(Term::BuyerPhone, "0104043"),
            term(Term::BuyerPostcode, "05510"),
        ]
    );
    assert_eq!(
        found.states,
        [
            (State::Type, "RETURN".to_owned()),
            (State::Status, "RELEASE_STOP_UNCHECKED".to_owned()),
            (State::Listed, "RU".to_owned()),
        ]
    );
    let moments: Vec<_> = found.moments.iter().map(|(moment, _)| *moment).collect();
    assert_eq!(moments, [Moment::Created, Moment::Changed]);
}

#[test]
fn an_exchange_and_a_withdrawal_are_told_apart_by_their_numbers() {
    let exchange = read(&sample(1)).unwrap();
    assert_eq!((exchange.kind, exchange.key.as_str()), ("exchange", "101268974"));
    assert!(exchange.found.terms.contains(&(Term::Invoice, "380400000001".to_owned())));
    assert!(exchange.found.terms.contains(&(Term::RecipientName, "이바다".to_owned())));
    assert!(exchange.found.states.contains(&(State::Status, "PROGRESS".to_owned())));
    let withdrawal = read(&sample(2)).unwrap();
    assert_eq!((withdrawal.kind, withdrawal.key.as_str()), ("withdrawal", "87033689"));
    assert_eq!(read(b"{\"orderId\":1}").unwrap_err().field, "");
    assert_eq!(read(b"[1]").unwrap_err().why, "is not a JSON object without white space");
}

#[test]
fn both_versions_of_a_return_read_the_same() {
    let sixth = compact(include_str!("../fixtures/return.ok.response.v6.json"));
    let record = sixth.split_once("\"data\":[").unwrap().1.strip_suffix("]}").unwrap();
    assert_eq!(read(record.as_bytes()), read(&sample(0)));
}

#[test]
fn a_field_of_a_wrong_form_is_refused_without_its_value() {
    let good = receipt(1, "2016-03-25T13:05:30", "RETURNS_UNCHECKED");
    let cases = [
        ("\"receiptId\":1", "\"receiptId\":\"1\"", "receiptId"),
        ("\"receiptId\":1", "\"receiptId\":1.5", "receiptId"),
        ("\"receiptId\":1", "\"receiptId\":9223372036854775808", "receiptId"),
        ("\"orderId\":", "\"orderNo\":", "orderId"),
        ("2016-03-25T13:05:30", "yesterday", "createdAt"),
        ("\"receiptStatus\":\"RETURNS_UNCHECKED\"", "\"receiptStatus\":null", "receiptStatus"),
        ("\"receiptType\"", "\"enclosePrice\":\"3000\",\"receiptType\"", "enclosePrice"),
        (
            "\"receiptType\"",
            "\"returnItems\":[{\"shipmentBoxId\":\"1\"}],\"receiptType\"",
            "returnItems[0].shipmentBoxId",
        ),
    ];
    for (from, to, field) in cases {
        let refusal = read(good.replace(from, to).as_bytes()).unwrap_err();
        assert_eq!(refusal.field, field);
        assert!(!refusal.why.contains("yesterday") && !refusal.why.contains("3000"));
    }
    let optional = good.replace(
        "\"receiptType\"",
        "\"releaseStopStatus\":null,\"returnItems\":null,\"enclosePrice\":null,\"receiptType\"",
    );
    assert!(read(optional.as_bytes()).is_ok());
}

#[test]
fn a_type_nobody_knows_is_listed_with_the_returns() {
    let record = receipt(1, "2016-03-25T13:05:30", "RETURNS_UNCHECKED");
    let reading = read(record.replace("\"RETURN\"", "\"SWAP\"").as_bytes()).unwrap();
    let types: Vec<_> =
        reading.found.states.iter().filter(|(state, _)| *state == State::Type).collect();
    assert_eq!(types, [&(State::Type, "RETURN".to_owned()), &(State::Type, "SWAP".to_owned())]);
}

#[test]
fn made_up_records_are_written_in_order_and_read_back() {
    let mut lists = std::collections::BTreeSet::new();
    for nth in 0..500 {
        for (kind, names) in [
            ("return", RETURN_MEMBERS),
            ("exchange", EXCHANGE_MEMBERS),
            ("withdrawal", WITHDRAWAL_MEMBERS),
        ] {
            let invented = Coupang.invent(kind, nth).unwrap();
            assert_eq!(invented, Coupang.invent(kind, nth).unwrap());
            assert_eq!(json::compact(&invented.body).unwrap(), invented.body);
            let members = json::members(&invented.body).unwrap();
            let written: Vec<_> = members.iter().map(|member| member.name).collect();
            assert_eq!(written, names.iter().map(|name| name.as_bytes()).collect::<Vec<_>>());
            let reading = Coupang.read(invented.media, &invented.body).unwrap();
            assert_eq!(reading.kind, kind);
            let order = (500_000_000 + nth).to_string();
            assert!(reading.found.terms.contains(&(Term::Order, order)));
            lists.extend(
                reading.found.states.into_iter().filter(|(state, _)| *state == State::Listed),
            );
        }
        let record = Coupang.invent("return", nth).unwrap().body;
        assert_eq!(again::<ReturnRequest>(&record).as_bytes(), record);
        let record = Coupang.invent("exchange", nth).unwrap().body;
        assert_eq!(again::<ExchangeRequest>(&record).as_bytes(), record);
    }
    assert_eq!(lists.len(), 4);
    assert_eq!(Coupang.invent("order", 1), None);
}

proptest! {
    #[test]
    fn no_body_makes_the_readers_panic(body in ".{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = cancel_ids(body.as_bytes());
        let _ = cancel_ids(&bytes);
        let _ = read(body.as_bytes());
        let _ = read(&bytes);
        let _ = read(format!("{{\"receiptId\":1,\"createdAt\":{body:?}}}").as_bytes());
    }
}

/// Documents are made up for the demo and for benches: the same number, the same bytes, for ever.
#[test]
fn made_up_records_keep_their_bytes() {
    use sha2::{Digest as _, Sha256};

    let sum = |kind: &str| {
        let mut sum = Sha256::new();
        for nth in (0..2_000).chain(180_000..180_100) {
            sum.update(Coupang.invent(kind, nth).unwrap().body);
        }
        crate::coupang::cea::hex(&sum.finalize()[..8])
    };
    assert_eq!(
        ["return", "exchange", "withdrawal"].map(sum),
        ["8ee50c433989504f", "dd92d5021083288e", "80ed1c7bf0317b3c"].map(str::to_owned)
    );
}
