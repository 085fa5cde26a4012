//! A row of `claim/v2/cancel/requests`.

use super::{Line, Row};

/// A cancel of a line that is asked for.
#[derive(Debug)]
pub(in super::super) struct Request<'a> {
    /// The request's own number.
    pub(in super::super) number: &'a str,
    /// What it asks about.
    pub(in super::super) line: Line<'a>,
    /// When it was asked for, `yyyy-MM-dd HH:mm:ss`.
    pub(in super::super) asked: &'a str,
    /// Pieces.
    pub(in super::super) quantity: u64,
    /// Code of why.
    pub(in super::super) reason: &'a str,
    /// What the buyer wrote.
    pub(in super::super) words: &'a str,
}

impl Request<'_> {
    pub(in super::super) fn body(&self) -> Vec<u8> {
        let line = &self.line;
        let mut row = Row::begin();
        row.whose(self.number, line)
            .member("clmDemndDts", self.asked)
            .number("itemId", line.item)
            .member("uitemId", &format!("{:05}", line.variant))
            .member("itemNm", line.item_name)
            .maybe("uitemNm", line.variant_name)
            .number("procOrdQty", self.quantity)
            .member("clmRsnCd", self.reason)
            .member("clmRsnCntt", self.words);
        row.end()
    }
}
