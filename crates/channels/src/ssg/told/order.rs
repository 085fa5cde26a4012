//! A row of `claim/v2/order/{orordNo}`.

use super::{Line, Row};

/// What was ordered of a line, or what a claim took of it.
#[derive(Debug)]
pub(in super::super) struct Ordered<'a> {
    /// 주문번호: the order's own, or the claim's.
    pub(in super::super) number: &'a str,
    /// The line.
    pub(in super::super) line: Line<'a>,
    /// `ordItemDiv`: 011 ordered, 021 cancelled, 031 returned, 041 exchanged.
    pub(in super::super) division: &'a str,
    /// `ordItemStat`: 120, 130, 140, 180.
    pub(in super::super) status: &'a str,
    /// Pieces of this row.
    pub(in super::super) quantity: u64,
    /// Pieces of them that were cancelled.
    pub(in super::super) cancelled: u64,
    /// Pieces of them that were sent.
    pub(in super::super) sent: u64,
    /// When it was ordered, `yyyy-MM-dd HH:mm:ss`.
    pub(in super::super) at: &'a str,
}

impl Ordered<'_> {
    pub(in super::super) fn body(&self) -> Vec<u8> {
        let line = &self.line;
        let mut row = Row::begin();
        row.whose(self.number, line)
            .member("ordItemDiv", self.division)
            .member("ordItemStat", self.status)
            .goods(line)
            .number("ordQty", self.quantity)
            .number("cnclQty", self.cancelled)
            .number("shpmtQty", self.sent)
            .member("ordRcpDts", self.at);
        row.end()
    }
}
