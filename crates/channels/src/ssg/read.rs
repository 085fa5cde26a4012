//! One record → its kind, its key, and what it can be found by. The lists of SSG.COM are told
//! apart by their members.

use std::borrow::Cow;

use hoesu_claims::time::{kst_midnight, parse_compact_day, parse_time};
use hoesu_claims::{Found, Media, Moment, Rank, State, Term};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::record::Record;
use super::wire::{COST, CST_INFO, ROW};
use crate::{Reading, Refusal};

/// A row of the cancelled-order list: final.
pub(super) const CANCEL: &str = "cancel";
/// A row of `claim/v2/cancel/requests`: asked, undecided.
pub(super) const CANCEL_REQUEST: &str = "cancel-request";
/// A row of `listExchangeTarget`: goods on their way back.
pub(super) const RETURN: &str = "return";
/// A row of `claim/v2/order/{orordNo}`: what became of a part of an order.
pub(super) const ORDER: &str = "order";

/// A row of `listShppDirection` or `listWarehouseOut`: a line on its way to the buyer.
pub(super) const SHIPMENT: &str = "shipment";

/// [`State::Listed`]: in `listShppDirection`, which shows what nobody has confirmed yet.
pub(super) const DIRECTED: &str = "direction";
/// [`State::Listed`]: in `listWarehouseOut`, which shows what is confirmed and has not left.
pub(super) const WAITING: &str = "warehouse-out";

/// Members no row but one of `listExchangeTarget` has; shipment lists have `shppNo` as well.
const ONLY_RETURNS: [&str; 8] = [
    "clmRsnCd",
    "rcovMthdCd",
    "rcovDircDt",
    "rcovCnfDt",
    "rcovCmplDt",
    "rcovRvkDt",
    "refusRetProcQty",
    "retProcStatNm",
];

/// Members that tell a row of the cancelled-order list, any of them.
const ONLY_CANCELS: [&str; 5] =
    ["ordItemStatCd", "ordCnclDts", "cnclItemQty", "ordRcpMediaCd", CST_INFO];

/// [`crate::Channel::read`].
pub(super) fn read(media: Media, body: &[u8]) -> Result<Reading, Refusal> {
    let record = Record::parse(media, body)?;
    if record.has("clmDemndDts") {
        cancel_request(&record)
    } else if record.has("ordItemDiv") {
        order(&record)
    } else if record.has("shppNo") {
        returned(&record)
    } else if ONLY_CANCELS.iter().any(|name| record.has(name)) {
        cancel(&record)
    } else {
        Err(Refusal::of("", "is no row of a list we know"))
    }
}

fn cancel(row: &Record<'_>) -> Result<Reading, Refusal> {
    for name in ROW {
        if name == CST_INFO {
            for cost in row.groups(name)? {
                for name in COST {
                    cost.text(name).map_err(|refusal| below(CST_INFO, &refusal))?;
                }
            }
        } else {
            row.text(name)?;
        }
    }
    let key = key(row, &["ordNo", "ordItemSeq"])?;
    let cancelled = documented_time(row, "ordCnclDts")?;
    let ordered = documented_time(row, "ordRcpDts")?;
    let mut found = about_order(row)?;
    // A row without its time of cancellation stands where it was ordered, to be in some window.
    found.rank = rank(cancelled.or(ordered), &key);
    found.state(State::Status, text(row, "ordItemStatCd")?);
    found.state(State::Type, "CANCEL");
    found.moment(Moment::Cancelled, cancelled);
    found.moment(Moment::Created, ordered);
    Ok(Reading { kind: CANCEL, key, found })
}

fn cancel_request(row: &Record<'_>) -> Result<Reading, Refusal> {
    let key = key(row, &["ordNo", "ordItemSeq"])?;
    let asked = time(row, "clmDemndDts")?;
    let mut found = about_order(row)?;
    found.rank = rank(asked, &key);
    found.state(State::Type, "CANCEL");
    found.moment(Moment::Created, asked);
    Ok(Reading { kind: CANCEL_REQUEST, key, found })
}

fn returned(row: &Record<'_>) -> Result<Reading, Refusal> {
    let direction = text(row, "shppDivDtlCd")?;
    let comes_back = matches!(&*direction, "21" | "22" | "23");
    if !comes_back && !ONLY_RETURNS.iter().any(|name| row.has(name)) {
        return shipment(row);
    }
    let key = key(row, &["shppNo", "shppSeq"])?;
    let asked = time(row, "rcovDircDt")?;
    let mut found = about_order(row)?;
    found.rank = rank(asked, &key);
    found.term(Term::Claim, text(row, "shppNo")?);
    found.term(Term::ReturnInvoice, text(row, "wblNo")?);
    found.term(Term::RecipientName, text(row, "rcptpeNm")?);
    found.term(Term::RecipientPhone, text(row, "rcptpeHpno")?);
    found.term(Term::RecipientPhone, text(row, "rcptpeTelno")?);
    found.term(Term::RecipientPostcode, text(row, "shpplocZipcd")?);
    found.state(State::Type, direction);
    let progress = either(row, "lastShppProgStatDtlCd", "shppProgStatDtlCd")?;
    found.state(State::ReturnStatus, progress);
    found.state(State::Status, text(row, "shppStatCd")?);
    found.moment(Moment::Created, asked);
    found.moment(Moment::CollectionAsked, asked);
    found.moment(Moment::Arrived, time(row, "rcovCnfDt")?);
    found.moment(Moment::Completed, time(row, "rcovCmplDt")?);
    found.moment(Moment::Cancelled, time(row, "rcovRvkDt")?);
    Ok(Reading { kind: RETURN, key, found })
}

fn shipment(row: &Record<'_>) -> Result<Reading, Refusal> {
    let key = key(row, &["shppNo", "shppSeq"])?;
    let ordered = time(row, "ordRcpDts")?;
    let mut found = about_order(row)?;
    found.rank = rank(ordered, &key);
    found.term(Term::Parcel, text(row, "shppNo")?);
    found.term(Term::Invoice, text(row, "wblNo")?);
    found.term(Term::BuyerPhone, text(row, "ordpeHpno")?);
    found.term(Term::RecipientName, text(row, "rcptpeNm")?);
    found.term(Term::RecipientPhone, text(row, "rcptpeHpno")?);
    found.term(Term::RecipientPhone, text(row, "rcptpeTelno")?);
    found.term(Term::RecipientPostcode, text(row, "shpplocZipcd")?);
    found.state(State::Type, text(row, "shppDivDtlCd")?);
    let status = text(row, "shppStatCd")?;
    // 20 is cancelled: in no list any more.
    let listed = match &*either(row, "shppProgStatDtlCd", "lastShppProgStatDtlCd")? {
        _ if status == "20" => "",
        "11" => DIRECTED,
        "21" | "22" | "31" | "41" | "42" => WAITING,
        _ => "",
    };
    found.state(State::Listed, listed);
    found.state(State::Status, status);
    found.moment(Moment::Created, ordered);
    Ok(Reading { kind: SHIPMENT, key, found })
}

fn order(row: &Record<'_>) -> Result<Reading, Refusal> {
    let key = key(row, &["ordNo", "ordItemSeq", "ordItemDiv"])?;
    let mut found = about_order(row)?;
    found.rank = rank(time(row, "ordRcpDts")?, &key);
    found.state(State::Type, text(row, "ordItemDiv")?);
    found.state(State::Status, either(row, "ordItemStat", "ordItemStatCd")?);
    found.moment(Moment::Created, time(row, "ordRcpDts")?);
    Ok(Reading { kind: ORDER, key, found })
}

/// What every list says about the order behind a row.
fn about_order(row: &Record<'_>) -> Result<Found, Refusal> {
    let mut found = Found::default();
    let original = either(row, "orordNo", "orOrdNo")?;
    let own = text(row, "ordNo")?;
    found.term(Term::Order, if original.is_empty() { &own } else { &original });
    // A claim's rows carry a number of their own, which other lists may take for the order's.
    found.term(Term::Claim, own);
    found.term(Term::Line, line_number(&text(row, "orordItemSeq")?));
    found.term(Term::Item, text(row, "itemId")?);
    let variant = text(row, "uitemId")?;
    // 00000 is an item without variants.
    if variant != "00000" {
        found.term(Term::Item, variant);
    }
    found.term(Term::BuyerName, text(row, "ordpeNm")?);
    Ok(found)
}

/// A line's number as it is compared: without leading zeros, for the same field comes as text in
/// one call and as a number in another.
pub(super) fn line_number(text: &str) -> &str {
    let digits = text.trim_start_matches('0');
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits
    } else {
        text
    }
}

/// The row's own numbers, joined.
fn key(row: &Record<'_>, names: &[&'static str]) -> Result<String, Refusal> {
    let mut key = String::with_capacity(24);
    for name in names {
        let part = row.text(name)?.ok_or_else(|| Refusal::of(*name, "is missing"))?;
        let shaped = part.len() <= 64 && part.bytes().all(|b| b.is_ascii_graphic() && b != b'/');
        if !shaped {
            return Err(Refusal::of(*name, "has the wrong form, expected a number or code"));
        }
        if !key.is_empty() {
            key.push('/');
        }
        key.push_str(&part);
    }
    Ok(key)
}

fn text<'a>(row: &'a Record<'_>, name: &str) -> Result<Cow<'a, str>, Refusal> {
    Ok(row.text(name)?.unwrap_or_default())
}

fn either<'a>(row: &'a Record<'_>, first: &str, second: &str) -> Result<Cow<'a, str>, Refusal> {
    let said = |text: &Cow<'_, str>| !text.trim().is_empty();
    Ok(row.text(first)?.filter(said).or(row.text(second)?.filter(said)).unwrap_or_default())
}

/// `yyyy-MM-dd HH:mm:ss`, in XML with a tenth of a second; KST.
fn documented_time(row: &Record<'_>, name: &'static str) -> Result<Option<Timestamp>, Refusal> {
    row.text(name)?
        .map(|text| {
            parse_time(&text)
                .ok_or_else(|| Refusal::of(name, "is not a time (yyyy-MM-dd HH:mm:ss)"))
        })
        .transpose()
}

/// A time or day of a list whose form nobody documents; `None` if it is neither.
fn time(row: &Record<'_>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = row.text(name)? else { return Ok(None) };
    let day = || parse_compact_day(&text.replace('-', "")).and_then(kst_midnight);
    Ok(parse_time(&text).or_else(day))
}

/// By time, then by a number that stays the same for the same key.
fn rank(at: Option<Timestamp>, key: &str) -> Rank {
    let mut first = [0; 8];
    first.copy_from_slice(&Sha256::digest(key.as_bytes())[..8]);
    Rank { at: at.map_or(0, Timestamp::as_millisecond), tie: i64::from_be_bytes(first) & i64::MAX }
}

fn below(parent: &str, refusal: &Refusal) -> Refusal {
    Refusal::of(format!("{parent}.{}", refusal.field), refusal.why.as_str())
}
