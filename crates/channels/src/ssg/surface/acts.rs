//! What callers ask to be done, where there is a floor to do it on. Everything is looked up among the
//! account's own documents first, so that nothing is said of anybody else's.

mod goods;
mod grant;
mod orders;

use std::borrow::Cow;

use axum::Router;
use axum::routing::post;
use hoesu_claims::Media;
use hoesu_ledger::Held;
use hoesu_market::{Act, Refused as Denied};

use super::lists::{is_number, unknown};
use super::{Caller, only};
use crate::ssg::body::{required, wrong_form};
use crate::ssg::read::line_number;
use crate::ssg::record::Record;
use crate::ssg::refusal::{Refused, SUCCESS};
use crate::ssg::wire::{
    APPROVE, COMPLETE, CONFIRM_ORDER, CONFIRM_RECEIPT, NO_SELL, REFUSE, RESULT, SHIP, WAYBILL,
};
use crate::{Desk, Fault, xml};

/// Every call that does something.
pub(super) fn router() -> Router<Desk> {
    Router::new()
        .route(APPROVE, only(post(grant::approve)))
        .route(CONFIRM_RECEIPT, only(post(goods::confirm_receipt)))
        .route(COMPLETE, only(post(goods::complete)))
        .route(REFUSE, only(post(goods::refuse_return)))
        .route(CONFIRM_ORDER, only(post(orders::confirm_order)))
        .route(WAYBILL, only(post(orders::waybill)))
        .route(SHIP, only(post(orders::ship)))
        .route(NO_SELL, only(post(orders::no_sell)))
}

/// The success of a call that has no rows.
fn done(caller: &Caller) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    match caller.media {
        Media::Json => {
            out.extend_from_slice(b"{\"result\":{");
            SUCCESS.write(caller.media, &mut out);
            out.extend_from_slice(b"}}");
        }
        Media::Xml => {
            xml::open(&mut out, RESULT);
            SUCCESS.write(caller.media, &mut out);
            xml::close(&mut out, RESULT);
        }
    }
    out
}

/// Does it, and says whether it was done.
async fn act(desk: &Desk, caller: &Caller, act: Act) -> Result<Result<(), Denied>, Refused> {
    let floor = desk.floor.as_ref().ok_or(Fault::NotFound)?;
    Ok(floor.act(caller.account(), act).await.map(drop))
}

/// What live answers say of a shipment that is gone, probably cancelled. (public client code)
const NO_DATA: &str = "해당 데이터가 없습니다.";

fn no_data() -> Refused {
    Refused::because(NO_DATA)
}

fn shipment_and_line(
    shipment: Option<String>,
    line: Option<String>,
) -> Result<(String, String), Refused> {
    let shipment = shipment.ok_or_else(|| required("shppNo"))?;
    let line = line.ok_or_else(|| required("shppSeq"))?;
    if !is_number(&shipment) {
        return Err(wrong_form("shppNo"));
    }
    if !is_number(&line) {
        return Err(wrong_form("shppSeq"));
    }
    Ok((shipment, line_number(&line).to_owned()))
}

fn said(row: &Held, name: &str) -> Option<String> {
    let record = Record::parse(row.document.media, &row.document.body).ok()?;
    record.text(name).ok().flatten().map(Cow::into_owned)
}

fn quantity(row: &Held, name: &str) -> Option<u64> {
    said(row, name)?.parse().ok()
}

fn one_of(name: &str, code: Option<&str>, known: &[&str]) -> Result<(), Refused> {
    match code {
        Some(code) if !known.contains(&code) => Err(unknown(name, &known.join(", "))),
        Some(_) | None => Ok(()),
    }
}

/// Ten digits.
fn courier_code(code: &str) -> Result<(), Refused> {
    let shaped = code.len() == 10 && code.bytes().all(|byte| byte.is_ascii_digit());
    if shaped { Ok(()) } else { Err(wrong_form("delicoVenId")) }
}

fn digits(waybill: Option<&str>) -> Result<(), Refused> {
    match waybill {
        Some(waybill) if !waybill.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(Refused::because("운송장번호는 숫자만 입력하세요."))
        }
        Some(_) | None => Ok(()),
    }
}
