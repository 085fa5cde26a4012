//! How each row is written, in one place: made-up rows and a market's alike.

mod cancel;
mod order;
mod request;
mod returned;
mod shipment;

use std::fmt::Write as _;

use hoesu_claims::time::KST;
use jiff::Timestamp;

pub(super) use cancel::Cancel;
pub(super) use order::Ordered;
pub(super) use request::Request;
pub(super) use returned::{Person, Returned, Sent};
pub(super) use shipment::Shipment;

/// A line of an order as every list says it.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// 원주문번호.
    pub(super) order: &'a str,
    /// 원주문상품순번, from 1.
    pub(super) number: u64,
    /// 상품ID: thirteen digits.
    pub(super) item: u64,
    /// 상품명.
    pub(super) item_name: &'a str,
    /// 단품ID: 0 if there are no variants.
    pub(super) variant: u64,
    /// 단품명; `None` if there are no variants.
    pub(super) variant_name: Option<&'a str>,
}

/// `yyyy-MM-dd HH:mm:ss` in Korea.
pub(super) fn written(at: Timestamp) -> String {
    KST.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A row as it is being written: members in the order they are given, all of them text.
struct Row(String);

impl Row {
    fn begin() -> Self {
        let mut row = String::with_capacity(1_024);
        row.push('{');
        Self(row)
    }

    /// One more member.
    fn member(&mut self, name: &str, value: &str) -> &mut Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        // Writing to a string can't fail.
        let _ = write!(self.0, "\"{name}\":{}", serde_json::Value::from(value));
        self
    }

    /// One more member that is a number.
    fn number(&mut self, name: &str, value: impl std::fmt::Display) -> &mut Self {
        self.member(name, &value.to_string())
    }

    /// One more member, if there is something to say.
    fn maybe(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.member(name, value);
        }
        self
    }

    /// Which line of which order: the row's own number before the order's.
    fn whose(&mut self, number: &str, line: &Line<'_>) -> &mut Self {
        self.member("ordNo", number)
            .number("ordItemSeq", line.number)
            .member("orordNo", line.order)
            .number("orordItemSeq", line.number)
    }

    /// What was sold.
    fn goods(&mut self, line: &Line<'_>) -> &mut Self {
        self.number("itemId", line.item)
            .member("itemNm", line.item_name)
            .member("uitemId", &format!("{:05}", line.variant))
            .maybe("uitemNm", line.variant_name)
    }

    fn end(mut self) -> Vec<u8> {
        self.0.push('}');
        self.0.into_bytes()
    }
}
