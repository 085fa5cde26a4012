//! One row → what SSG.COM tells by it. Times carry no zone and are KST.

mod cancel;
mod order;
mod returned;
mod shipment;

use hoesu_claims::Document;
use hoesu_claims::fact::{Fact, Line, Links, Reason, Tells, When};
use hoesu_claims::time::{kst_midnight, parse_compact_day, parse_time};
use jiff::Timestamp;

use self::cancel::{cancel, request};
use self::order::order;
pub(super) use self::returned::contract::RETURN_PROCESS_NAMES;
use self::returned::returned;
use self::shipment::shipment;
use super::read::{CANCEL, CANCEL_REQUEST, ORDER, RETURN, SHIPMENT, line_number};
use crate::contract::{Codes, Holds, Kept, unreadable};
use crate::tree::Node;

/// `ordItemStatCd`.
pub(super) const ITEM_STATUS: Codes<Kept> =
    Codes(&[("110", Kept), ("120", Kept), ("130", Kept), ("140", Kept), ("180", Kept)]);

/// `clmRsnCd`: 202 is in live feeds and in no document.
pub(super) const REASON: Codes<Reason> = Codes(&[
    ("202", Reason::SoldOut),
    ("251", Reason::Other),
    ("252", Reason::Other),
    ("253", Reason::Other),
    ("258", Reason::Other),
    ("259", Reason::Other),
    ("260", Reason::Other),
    ("351", Reason::Other),
    ("352", Reason::Other),
    ("353", Reason::Other),
    ("451", Reason::Other),
    ("452", Reason::Other),
]);

const TIME: Holds = Holds::Time(time);
const ANY: Holds = Holds::Anything;

/// [`crate::Channel::facts`].
pub(super) fn facts(kind: &str, document: &Document) -> Vec<Fact> {
    let heard = When::first([], document.observed_at);
    let Some(record) = Node::parse(document.media, &document.body) else {
        return unreadable(heard);
    };
    let row = Row { record: &record, heard };
    match kind {
        CANCEL => cancel(&row),
        CANCEL_REQUEST => request(&row),
        RETURN => returned(&row),
        ORDER => order(&row),
        SHIPMENT => shipment(&row),
        _ => unreadable(heard),
    }
}

/// A row and when it was heard.
struct Row<'r> {
    record: &'r Node<'r>,
    heard: When,
}

impl<'r> Row<'r> {
    fn get(&self, name: &str) -> &'r Node<'r> {
        self.record.get(name)
    }

    /// The first of these times that is there.
    fn when(&self, names: &[&str]) -> When {
        When::first(names.iter().map(|name| self.get(name).time(time)), self.heard.at)
    }

    fn links(&self) -> Tells {
        let own = self.get("ordNo").owned();
        let original = self.get("orordNo").owned().or_else(|| self.get("orOrdNo").owned());
        let order = original.or_else(|| own.clone());
        let aliases = own.filter(|own| Some(own) != order.as_ref()).into_iter().collect();
        Tells::Links(Links { order, aliases, ..Links::default() })
    }

    fn line(&self) -> Line {
        let number = self.get("orordItemSeq").text().or_else(|| self.get("ordItemSeq").text());
        let item = self.get("itemId").text().map(|item| match self.get("uitemId").text() {
            // 00000 is an item without variants.
            None | Some("00000") => item.to_owned(),
            Some(variant) => format!("{item}/{variant}"),
        });
        Line { number: number.map(|number| line_number(number).to_owned()), item }
    }

    /// Two numbers of the row as one.
    fn number(&self, names: [&str; 2]) -> String {
        names.map(|name| self.get(name).text().unwrap_or_default()).join("/")
    }
}

/// A time with or without a fraction, or a day: in KST.
fn time(text: &str) -> Option<Timestamp> {
    let day = || parse_compact_day(&text.replace('-', "")).and_then(kst_midnight);
    parse_time(text).or_else(day)
}

#[cfg(test)]
mod tests;
