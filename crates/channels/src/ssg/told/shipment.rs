//! A row of `listShppDirection` and `listWarehouseOut`.

use super::{Line, Person, Row};

/// A line on its way to the buyer.
#[derive(Debug)]
pub(in super::super) struct Shipment<'a> {
    /// `ordNo`: the order's own, or the exchange's.
    pub(in super::super) number: &'a str,
    /// What is sent.
    pub(in super::super) line: Line<'a>,
    /// `shppNo`.
    pub(in super::super) with: u64,
    /// `shppDivDtlCd` and its name: 11 일반출고, 15 교환출고.
    pub(in super::super) way: (&'a str, &'a str),
    /// `shppStatCd` and its name: 10 정상, 20 취소.
    pub(in super::super) status: (&'a str, &'a str),
    /// `shppProgStatDtlCd`: 11 지시, 22 피킹완료, 43 출고완료, 51 배송완료.
    pub(in super::super) progress: &'a str,
    /// Pieces ordered.
    pub(in super::super) quantity: u64,
    /// Pieces cancelled.
    pub(in super::super) cancelled: u64,
    /// When it was ordered, `yyyy-MM-dd HH:mm:ss`.
    pub(in super::super) at: &'a str,
    /// Where it goes.
    pub(in super::super) person: Person<'a>,
    /// Its waybill, once it has one.
    pub(in super::super) waybill: Option<&'a str>,
    /// Won for one piece.
    pub(in super::super) price: i64,
}

impl Shipment<'_> {
    pub(in super::super) fn body(&self) -> Vec<u8> {
        let (line, person) = (&self.line, &self.person);
        let left = self.quantity.saturating_sub(self.cancelled);
        let mut row = Row::begin();
        row.whose(self.number, line)
            .number("shppNo", self.with)
            .number("shppSeq", line.number)
            .member("ordStatCd", "120")
            .member("shppStatCd", self.status.0)
            .member("shppStatNm", self.status.1)
            .goods(line)
            .member("ordRcpDts", self.at)
            .member("ordpeNm", person.name)
            .member("ordpeHpno", person.phone)
            .member("rcptpeNm", person.name)
            .member("rcptpeHpno", person.phone)
            .member("shppDivDtlCd", self.way.0)
            .member("shppDivDtlNm", self.way.1)
            .member("shppProgStatDtlCd", self.progress)
            .number("dircItemQty", left)
            .number("cnclItemQty", self.cancelled)
            .number("ordQty", self.quantity)
            .number("sellprc", self.price)
            .number("rlordAmt", self.price * left as i64)
            .member("dcAmt", "0")
            .member("shpplocAddr", &format!("{} {}", person.address, person.detail))
            .member("shpplocBascAddr", person.address)
            .member("shpplocDtlAddr", person.detail)
            .member("shpplocZipcd", person.postcode)
            .member("shppTypeDtlCd", "22")
            .maybe("wblNo", self.waybill);
        row.end()
    }
}
