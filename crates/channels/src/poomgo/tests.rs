//! Bytes: fixture ↔ wire, literally; the surface in process.

mod orders;
mod shop;
mod tickets;

use axum::http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;

use super::wire::{Order, OrderPage, OrdersRequest, Ticket, TicketPage};
use super::{CAPABILITIES, Poomgo};
use crate::{Channel as _, Fault, Side, json};

const CS_OK: &str = include_str!("fixtures/cs.ok.response.json");
const ORDERS_OK: &str = include_str!("fixtures/orders.ok.response.json");
const ORDERS_MEASURED: &str = include_str!("fixtures/orders.measured.response.json");

#[test]
fn the_documented_answers_survive_the_wire_types_byte_for_byte() {
    let page: TicketPage<'_> = json::decode(CS_OK.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&page).unwrap(), CS_OK);
    let page: OrderPage<'_> = json::decode(ORDERS_OK.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&page).unwrap(), ORDERS_OK);
    let page: OrderPage<'_> = json::decode(ORDERS_MEASURED.as_bytes()).unwrap();
    assert_eq!(
        serde_json::to_string(&page).unwrap(),
        ORDERS_OK.replace(r#""invoiceId":"456000""#, r#""invoiceId":456000"#)
    );
}

#[test]
fn the_documented_questions_survive_the_wire_types_byte_for_byte() {
    for text in [
        include_str!("fixtures/orders.days.request.json"),
        include_str!("fixtures/orders.ok.request.json"),
    ] {
        let asked: OrdersRequest<'_> = json::decode(text.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&asked).unwrap(), text);
    }
}

#[test]
fn an_item_names_its_type_code_where_it_is_known() {
    let record = include_str!("fixtures/ticket.sample.record.json").replace(
        r#""returnQuantity":4"#,
        r#""returnQuantity":4,"typeCodeKey":"CSTICKET_TYPE_DISUSE""#,
    );
    let ticket: Ticket<'_> = json::decode(record.as_bytes()).unwrap();
    assert_eq!(serde_json::to_string(&ticket).unwrap(), record);
}

#[test]
fn the_samples_are_the_records_of_the_documented_answers() {
    let [ticket, order] = Poomgo.samples().try_into().unwrap();
    let text = |body: &[u8]| String::from_utf8(body.to_vec()).unwrap();
    assert!(CS_OK.ends_with(&format!("[{}]}}", text(&ticket.body))));
    assert!(ORDERS_OK.ends_with(&format!("[{}]}}", text(&order.body))));
    for sample in [ticket, order] {
        assert_eq!(json::compact(&sample.body).unwrap(), sample.body);
        assert!(Poomgo.read(sample.media, &sample.body).is_ok());
    }
}

#[test]
fn the_sample_order_has_every_documented_field() {
    let [_, order] = Poomgo.samples().try_into().unwrap();
    let members = json::members(&order.body).unwrap();
    let names: Vec<&[u8]> = members.iter().map(|member| member.name).collect();
    assert_eq!(names, super::wire::ORDER_MEMBERS.map(str::as_bytes));
    let row: Order<'_> = json::decode(&order.body).unwrap();
    assert_eq!(serde_json::to_vec(&row).unwrap(), order.body);
}

#[tokio::test]
async fn every_fault_is_a_status_and_a_message() {
    for fault in [
        Fault::NotFound,
        Fault::MethodNotAllowed,
        Fault::TooLarge,
        Fault::TimedOut,
        Fault::Unavailable,
        Fault::Broken,
    ] {
        let response = Poomgo.refuse(fault, &HeaderMap::new());
        assert_eq!(response.status(), fault.status());
        assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let members = body.as_object().unwrap();
        assert_eq!(members.len(), 1);
        assert!(members["message"].as_str().is_some_and(|sentence| !sentence.is_empty()));
    }
}

#[tokio::test]
async fn a_caller_without_a_key_reads_unauthorized() {
    let response = super::refusal::unauthorized();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, r#"{"message":"Unauthorized"}"#);
}

#[test]
fn it_owns_every_path_it_names_and_no_other() {
    for endpoint in CAPABILITIES.endpoints {
        assert!(Poomgo.owns(endpoint.path), "{}", endpoint.path);
        assert_eq!(endpoint.fixture.is_empty(), endpoint.side == Side::Known);
    }
    assert!(Poomgo.owns("/open-api/something/new"));
    for path in ["/", "/api/v1/cases", "/open-apis", "/developer", "/v2/invoices", "/healthz"] {
        assert!(!Poomgo.owns(path), "{path}");
    }
}
