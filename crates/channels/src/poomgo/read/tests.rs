//! What records are, what they are found by, and which are refused.

use hoesu_claims::{Media, Moment, State, Term, Text};
use proptest::prelude::*;

use super::read;
use crate::{Reading, Refusal};

fn json(text: &str) -> Result<Reading, Refusal> {
    read(Media::Json, text.as_bytes())
}

fn terms(reading: &Reading, term: Term) -> Vec<&str> {
    let found = reading.found.terms.iter().filter(|(known, _)| *known == term);
    found.map(|(_, value)| value.as_str()).collect()
}

fn states(reading: &Reading, state: State) -> Vec<&str> {
    let found = reading.found.states.iter().filter(|(known, _)| *known == state);
    found.map(|(_, code)| code.as_str()).collect()
}

fn moments(reading: &Reading, moment: Moment) -> Vec<String> {
    let found = reading.found.moments.iter().filter(|(known, _)| *known == moment);
    found.map(|(_, at)| at.to_string()).collect()
}

fn texts(reading: &Reading, text: Text) -> Vec<&str> {
    let found = reading.found.texts.iter().filter(|(known, _)| *known == text);
    found.map(|(_, value)| value.as_str()).collect()
}

/// A ticket of a type in which `back` arrived, with one more member.
fn ticket(kind: &str, back: i64, more: &str) -> String {
    format!(
        r#"{{"id":7,"createdAt":"2024-03-01T00:00:00.000Z","type":"{kind}","returnInvoices":[{{"returnInvoiceItems":[{{"returnQuantity":{back}}}]}}]{more}}}"#
    )
}

#[test]
fn the_documented_ticket_is_found_by_what_it_carries() {
    let reading =
        read(Media::Json, include_bytes!("../fixtures/ticket.sample.record.json")).unwrap();
    assert_eq!((reading.kind, reading.key.as_str()), ("ticket", "334"));
    let created: jiff::Timestamp = "2019-06-28T09:22:03.810Z".parse().unwrap();
    assert_eq!(reading.found.rank.at, created.as_millisecond());
    assert_eq!(reading.found.rank.tie, 334);
    assert_eq!(terms(&reading, Term::Serial), ["CS_RT_190628_000014"]);
    assert_eq!(terms(&reading, Term::Order), ["20171208_000001"]);
    assert_eq!(terms(&reading, Term::ResourceCode), ["88779648215468"]);
    assert_eq!(terms(&reading, Term::RecipientName), ["1"]);
    assert_eq!(states(&reading, State::Status), ["DRAFT"]);
    assert_eq!(states(&reading, State::ReturnStatus), ["DRAFT"]);
    assert_eq!(states(&reading, State::Type), ["RETURN"]);
    assert_eq!(states(&reading, State::Listed), ["cs"]);
    assert_eq!(moments(&reading, Moment::Created), ["2019-06-28T09:22:03.81Z"]);
    assert_eq!(texts(&reading, Text::ItemName), ["사용자2"]);
    // The item was changed long after the ticket.
    assert_eq!(moments(&reading, Moment::Changed), ["2024-02-13T08:09:50.869Z"]);
}

#[test]
fn empty_values_of_a_ticket_are_not_indexed() {
    let reading =
        read(Media::Json, include_bytes!("../fixtures/ticket.sample.record.json")).unwrap();
    for term in [Term::SenderName, Term::SenderPhone, Term::SenderPostcode, Term::Invoice] {
        assert!(terms(&reading, term).is_empty(), "{term}");
    }
    assert!(texts(&reading, Text::SenderAddress).is_empty());
}

#[test]
fn every_return_parcel_of_a_ticket_is_found() {
    let reading = json(
        r#"{"id":9,"serial":"S","createdAt":"2024-03-01T00:00:00.000Z","canceledAt":"2024-03-05T00:00:00.000Z",
           "originalInvoiceCode":"3804-1234-5678","returnInvoices":[
             {"status":"FAILED","code":"6901-1","requestedAt":"2024-03-02T00:00:00.000Z",
              "senderMobile":"010-0000-0001","senderPhone":"02-000-0001","recipientPhone":"02-000-0002"},
             {"status":"AT_CENTER","code":"6902","doneAt":"2024-03-04T00:00:00.000Z",
              "returnInvoiceItems":[{"resourceItemNumber":"SKU-1","returnQuantity":1}]}]}"#,
    )
    .unwrap();
    assert_eq!(terms(&reading, Term::Invoice), ["380412345678"]);
    assert_eq!(terms(&reading, Term::ReturnInvoice), ["69011", "6902"]);
    assert_eq!(terms(&reading, Term::ResourceNumber), ["SKU-1"]);
    assert_eq!(states(&reading, State::ReturnStatus), ["FAILED", "AT_CENTER"]);
    assert_eq!(moments(&reading, Moment::CollectionAsked), ["2024-03-02T00:00:00Z"]);
    assert_eq!(moments(&reading, Moment::Arrived), ["2024-03-04T00:00:00Z"]);
    assert_eq!(moments(&reading, Moment::Cancelled), ["2024-03-05T00:00:00Z"]);
    // Only the mobile phones, since that is what the filters ask for.
    assert_eq!(terms(&reading, Term::SenderPhone), ["01000000001"]);
    assert!(terms(&reading, Term::RecipientPhone).is_empty());
}

#[test]
fn an_instant_that_parcels_share_is_indexed_once() {
    let parcel = r#"{"doneAt":"2024-03-04T00:00:00.000Z"}"#;
    let reading = json(&format!(
        r#"{{"id":9,"createdAt":"2024-03-01T00:00:00.000Z","returnInvoices":[{parcel},{parcel}]}}"#
    ));
    assert_eq!(moments(&reading.unwrap(), Moment::Arrived), ["2024-03-04T00:00:00Z"]);
}

#[test]
fn a_ticket_is_listed_if_something_arrived_and_it_is_no_resend() {
    for (kind, back, listed) in [
        ("RETURN", 1, true),
        ("RETURN", 0, false),
        ("EXCHANGE", 2, true),
        ("SOME_NEW_TYPE", 1, true),
        ("RESEND", 1, false),
        ("RESHIPMENT", 1, false),
    ] {
        let reading = json(&ticket(kind, back, "")).unwrap();
        assert_eq!(!states(&reading, State::Listed).is_empty(), listed, "{kind} {back}");
        assert_eq!(states(&reading, State::Type), [kind]);
    }
}

#[test]
fn a_ticket_may_say_less_or_more_than_the_document() {
    let least = json(r#"{"id":1,"createdAt":"2024-03-01T00:00:00.000Z","serial":null}"#).unwrap();
    assert_eq!((least.kind, least.key.as_str()), ("ticket", "1"));
    let more = ticket("RETURN", 1, r#","status":"PAUSED","replacementInvoices":{"a":1},"new":[1]"#);
    assert_eq!(states(&json(&more).unwrap(), State::Status), ["PAUSED"]);
}

#[test]
fn an_order_row_is_found_by_what_it_carries() {
    let reading =
        read(Media::Json, include_bytes!("../fixtures/order.sample.record.json")).unwrap();
    assert_eq!((reading.kind, reading.key.as_str()), ("order", "435858"));
    assert_eq!((reading.found.rank.at, reading.found.rank.tie), (435_858, 0));
    assert_eq!(terms(&reading, Term::Order), ["20201208_000001"]);
    assert_eq!(terms(&reading, Term::Invoice), ["380424004285"]);
    assert_eq!(terms(&reading, Term::RecipientPhone), ["01000001234"]);
    assert_eq!(terms(&reading, Term::BuyerName), ["김하늘"]);
    assert_eq!(states(&reading, State::Status), ["INVOICE_CARGO_STATUS_DELIVERYCOMPLETED"]);
    assert_eq!(moments(&reading, Moment::Created), ["2020-12-07T22:51:19.198Z"]);
    // Confirmed and closed days are not in the row.
    assert_eq!(reading.found.moments.len(), 1);
}

#[test]
fn cancelled_invoices_are_found_whatever_their_shape() {
    let row = |cancelled: &str| {
        format!(r#"{{"id":1,"channelName":"쿠팡","invoices":null,"canceledInvoices":{cancelled}}}"#)
    };
    let reading = json(&row(r#"[{"invoiceCode":"3804-1"},["x"],"y",{"z":1}]"#)).unwrap();
    assert_eq!(terms(&reading, Term::Invoice), ["38041"]);
    for other in ["null", "[]", "{}", "\"x\"", "[[1]]"] {
        assert!(terms(&json(&row(other)).unwrap(), Term::Invoice).is_empty(), "{other}");
    }
}

#[test]
fn an_invoice_id_may_be_a_number_or_a_text() {
    for id in ["456000", "\"456000\"", "123456789012345678", "null"] {
        let row = format!(r#"{{"id":1,"orderCode":"A","invoices":[{{"invoiceId":{id}}}]}}"#);
        assert!(json(&row).is_ok(), "{id}");
    }
}

#[test]
fn a_record_without_identity_or_with_a_form_nobody_allows_is_refused() {
    let ticket = r#""createdAt":"2024-03-01T00:00:00.000Z","serial":"S""#;
    for (text, field, why) in [
        ("{}".to_owned(), "", "is neither a CS ticket"),
        (r#"{"orderCode":"A"}"#.to_owned(), "id", "is missing"),
        (format!("{{{ticket}}}"), "id", "is missing"),
        (r#"{"id":1,"serial":"S"}"#.to_owned(), "createdAt", "is missing"),
        (r#"{"id":1,"serial":"S","createdAt":"2024-03-01"}"#.to_owned(), "createdAt", "is not an"),
        (format!(r#"{{"id":1,{ticket},"updatedAt":"x"}}"#), "updatedAt", "is not an"),
        (
            format!(r#"{{"id":1,{ticket},"returnInvoices":[{{}},{{"doneAt":"soon"}}]}}"#),
            "returnInvoices[1].doneAt",
            "is not an",
        ),
        (format!(r#"{{"id":"1",{ticket}}}"#), "id", "has the wrong form"),
        (format!(r#"{{"id":1,{ticket},"returnInvoices":[[1]]}}"#), "returnInvoices[0]", "has the"),
        ("[]".to_owned(), "", "has the wrong form, expected an object"),
        (r#"{"id":1,"orderCode":"A","receiverData":[]}"#.to_owned(), "receiverData", "has the"),
    ] {
        let refusal = json(&text).unwrap_err();
        assert_eq!(refusal.field, field, "{text}");
        assert!(refusal.why.starts_with(why), "{text}: {}", refusal.why);
    }
}

#[test]
fn xml_is_refused() {
    assert_eq!(read(Media::Xml, b"<a></a>").unwrap_err().why, "is XML, and Poomgo speaks JSON");
}

#[test]
fn a_refusal_repeats_no_value() {
    let refusal = json(
        r#"{"id":1,"orderCode":"A","invoices":[{"invoiceId":["김하늘"],"isPrinted":"김하늘"}]}"#,
    )
    .unwrap_err();
    assert!(!format!("{refusal:?}").contains("김하늘"), "{refusal:?}");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = read(Media::Json, &body);
    }

    #[test]
    fn no_value_in_any_field_makes_it_panic(
        field in prop::sample::select(
            super::super::wire::TICKET_MEMBERS
                .iter()
                .chain(&super::super::wire::ORDER_MEMBERS)
                .copied()
                .collect::<Vec<_>>()
        ),
        value in prop_oneof![
            any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
            any::<f64>().prop_map(|number| serde_json::Value::from(number).to_string()),
            Just("[[]]".to_owned()),
            Just("[{}]".to_owned()),
            Just("{\"$serde_json::private::RawValue\":\"1\"}".to_owned()),
        ],
    ) {
        let _ = json(&format!(r#"{{"serial":"S","{field}":{value}}}"#));
        let _ = json(&format!(r#"{{"channelName":"S","{field}":{value}}}"#));
    }
}
