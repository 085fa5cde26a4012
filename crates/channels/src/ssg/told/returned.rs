//! A row of `listExchangeTarget`.

use super::{Line, Row};

/// A line on its way back.
#[derive(Debug)]
pub(in super::super) struct Returned<'a> {
    /// `shppDivDtlCd` and its name: 21 반품, 22 교환.
    pub(in super::super) way: (&'a str, &'a str),
    /// What comes back.
    pub(in super::super) line: Line<'a>,
    /// The claim's own order number.
    pub(in super::super) number: &'a str,
    /// `shppNo` of the way back.
    pub(in super::super) shipment: u64,
    /// `shppNo` it was sent with.
    pub(in super::super) sent_with: u64,
    /// Pieces asked about.
    pub(in super::super) quantity: u64,
    /// Pieces dealt with.
    pub(in super::super) processed: u64,
    /// Pieces refused.
    pub(in super::super) refused: u64,
    /// Code of why, if a code is known for it, and its name.
    pub(in super::super) reason: (Option<&'a str>, &'a str),
    /// `lastShppProgStatDtlCd` and its name.
    pub(in super::super) progress: (&'a str, &'a str),
    /// `retProcStatNm`.
    pub(in super::super) process: Option<&'a str>,
    /// The parcel, once there is one.
    pub(in super::super) parcel: Option<Sent<'a>>,
    /// `retImptMainNm`: whose fault.
    pub(in super::super) fault: &'a str,
    /// `refundYn`.
    pub(in super::super) refunded: bool,
    /// `retRefusRsnNm`: why it was refused.
    pub(in super::super) refusal: Option<&'a str>,
    /// When pickup was asked for, the goods were confirmed, completing was put off, it was completed,
    /// it was taken back; `yyyy-MM-dd HH:mm:ss`.
    pub(in super::super) days: [Option<&'a str>; 5],
    /// Whose.
    pub(in super::super) person: Person<'a>,
    /// Won for one piece.
    pub(in super::super) price: i64,
}

/// Who carries a parcel, and its waybill.
#[derive(Debug)]
pub(in super::super) struct Sent<'a> {
    /// `delicoVenId`.
    pub(in super::super) courier: &'a str,
    /// Its name, if it is one we know.
    pub(in super::super) courier_name: Option<&'a str>,
    /// Digits.
    pub(in super::super) waybill: &'a str,
}

/// Who ordered, and where the goods are.
#[derive(Debug)]
pub(in super::super) struct Person<'a> {
    /// Name.
    pub(in super::super) name: &'a str,
    /// Mobile phone.
    pub(in super::super) phone: &'a str,
    /// Road address.
    pub(in super::super) address: &'a str,
    /// The rest of it.
    pub(in super::super) detail: &'a str,
    /// Five digits.
    pub(in super::super) postcode: &'a str,
}

impl Returned<'_> {
    pub(in super::super) fn body(&self) -> Vec<u8> {
        let (line, person) = (&self.line, &self.person);
        let [asked, confirmed, put_off, completed, withdrawn] = self.days;
        let mut row = Row::begin();
        row.member("shppVenId", "0017000001")
            .member("shppDivDtlCd", self.way.0)
            .member("shppDivDtlNm", self.way.1)
            .member("orordNo", line.order)
            .number("orordItemSeq", line.number)
            .member("ordNo", self.number)
            .number("ordItemSeq", line.number)
            .number("bfShppNo", self.sent_with)
            .number("bfShppSeq", line.number)
            .number("shppNo", self.shipment)
            .number("shppSeq", line.number)
            .number("orshppNo", self.sent_with)
            .number("orshppSeq", line.number)
            .goods(line)
            .number("dircItemQty", self.quantity)
            .number("procItemQty", self.processed)
            .number("refusRetProcQty", self.refused)
            .maybe("clmRsnCd", self.reason.0)
            .member("clmRsnNm", self.reason.1)
            .member("lastShppProgStatDtlCd", self.progress.0)
            .member("lastShppProgStatDtlNm", self.progress.1)
            .member("shppStatCd", "10")
            .member("shppStatNm", "정상")
            .maybe("retProcStatNm", self.process);
        if let Some(parcel) = &self.parcel {
            row.member("shppTypeDtlCd", "22")
                .member("shppTypeDtlNm", "업체택배배송")
                .member("delicoVenId", parcel.courier)
                .maybe("delicoVenNm", parcel.courier_name)
                .member("wblNo", parcel.waybill);
        }
        row.member("retImptMainNm", self.fault)
            .member("refundYn", if self.refunded { "Y" } else { "N" })
            .maybe("retRefusRsnNm", self.refusal)
            .maybe("rcovDircDt", asked)
            .maybe("rcovCnfDt", confirmed)
            .maybe("rcovCmplDeferDt", put_off)
            .maybe("rcovCmplDt", completed)
            .maybe("rcovRvkDt", withdrawn)
            .member("ordpeNm", person.name)
            .member("rcptpeNm", person.name)
            .member("rcptpeHpno", person.phone)
            .member("shpplocAddr", &format!("{} {}", person.address, person.detail))
            .member("shpplocBascAddr", person.address)
            .member("shpplocDtlAddr", person.detail)
            .member("shpplocZipcd", person.postcode)
            .number("sellprc", self.price)
            .number("rlordAmt", self.price * self.quantity as i64)
            .member("dcAmt", "0");
        row.end()
    }
}
