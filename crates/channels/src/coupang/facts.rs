//! One document → what Coupang tells by it. Times without an offset are KST; both versions of the
//! contract are read alike.

mod exchange;
mod order_sheet;
mod receipt;
mod withdrawal;

use hoesu_claims::Document;
use hoesu_claims::fact::{Fact, Fault, Links, Reason, Tells, When};
use hoesu_claims::money::Won;
use hoesu_claims::time::parse_time;

use self::exchange::exchange;
use self::order_sheet::order_sheet;
use self::receipt::receipt;
use self::withdrawal::withdrawal;
use super::read::{EXCHANGE, ORDER_SHEET, RETURN, WITHDRAWAL};
use crate::contract::{Codes, Field, Holds, unreadable};
use crate::tree::Node;

/// `faultByType`, `faultType`.
pub(super) const FAULT: Codes<Fault> = Codes(&[
    ("COUPANG", Fault::Channel),
    ("VENDOR", Fault::Seller),
    ("CUSTOMER", Fault::Customer),
    ("WMS", Fault::Logistics),
    ("GENERAL", Fault::General),
    ("Coupang 과실", Fault::Channel),
    ("협력사 과실", Fault::Seller),
    ("고객 과실", Fault::Customer),
    ("물류 과실", Fault::Logistics),
    ("일반", Fault::General),
]);

/// `reasonCode`: the published set, and two newer ones.
pub(super) const REASON: Codes<Reason> = Codes(&[
    ("CHANGEMIND", Reason::Other),
    ("DIFFERENTOPT", Reason::Other),
    ("CHEAPER", Reason::Other),
    ("WRONGOPT", Reason::Other),
    ("REORDER", Reason::Other),
    ("WRONGADDRESS", Reason::Other),
    ("OTHERS", Reason::Other),
    ("DELIVERYLATER", Reason::Other),
    ("DELIVERYSTOP", Reason::Other),
    ("CARRIERLOST", Reason::Other),
    ("LOST", Reason::Other),
    ("PARTIALMISS", Reason::Other),
    ("COMPOMISS", Reason::Other),
    ("LATEDELIVERED", Reason::Other),
    ("DAMAGED", Reason::Other),
    ("BOTHDAMAGED", Reason::Other),
    ("SHIPBOXOK", Reason::Other),
    ("DEFECT", Reason::Other),
    ("INACCURATE", Reason::Other),
    ("WRONGDELIVERY", Reason::Other),
    ("WRONGSIZECOL", Reason::Other),
    ("SOLD_OUT", Reason::SoldOut),
    ("ETC", Reason::Other),
]);

const TIME: Holds = Holds::Time(parse_time);
const ANY: Holds = Holds::Anything;

const WAYBILL_FIELDS: &[Field] =
    &[Field("deliveryCompanyCode", ANY), Field("deliveryInvoiceNo", ANY)];

/// [`crate::Channel::facts`].
pub(super) fn facts(kind: &str, document: &Document) -> Vec<Fact> {
    let heard = When::first([], document.observed_at);
    let Some(record) = Node::parse(document.media, &document.body) else {
        return unreadable(heard);
    };
    let told = Told { record: &record, document };
    match kind {
        RETURN => receipt(&told),
        EXCHANGE => exchange(&told),
        WITHDRAWAL => withdrawal(&told),
        ORDER_SHEET => order_sheet(&told),
        _ => unreadable(heard),
    }
}

/// A record and the document it stands in.
struct Told<'r> {
    record: &'r Node<'r>,
    document: &'r Document,
}

impl<'r> Told<'r> {
    fn get(&self, name: &str) -> &'r Node<'r> {
        self.record.get(name)
    }

    /// The first of these times that is there.
    fn when(&self, names: &[&str]) -> When {
        let time = |name| self.get(name).time(parse_time);
        When::of_fields(names, &["modifiedAt"], time, self.document.observed_at)
    }

    fn links(&self) -> Tells {
        Tells::Links(Links { order: self.get("orderId").owned(), ..Links::default() })
    }

    /// Whether the record has a member of this name, whatever is in it.
    fn has(&self, name: &str) -> bool {
        self.record.members().iter().any(|(member, _)| member == name)
    }

    /// Whether a waybill of the way back is told.
    fn has_waybill(&self) -> bool {
        let mut parcels = self.get("returnDeliveryDtos").groups();
        parcels.any(|parcel| parcel.get("deliveryInvoiceNo").waybill().is_some())
    }

    fn return_waybills(&self, claim: &str, at: When, facts: &mut Vec<Fact>) {
        for parcel in self.get("returnDeliveryDtos").groups() {
            if let Some(waybill) = parcel.get("deliveryInvoiceNo").waybill() {
                facts.push(Tells::ReturnWaybill { claim: claim.to_owned(), waybill }.at(at));
            }
        }
    }
}

/// Won, as a number or as a money object of whole won.
fn won(node: &Node<'_>) -> Option<Won> {
    if let Some(won) = node.whole() {
        return Some(Won(won));
    }
    let in_won = node.get("currencyCode").text() == Some("KRW");
    let is_whole = node.get("nanos").whole().unwrap_or(0) == 0;
    node.get("units").whole().filter(|_| in_won && is_whole).map(Won)
}

#[cfg(test)]
mod tests;
