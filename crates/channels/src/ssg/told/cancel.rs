//! A row of the cancelled-order list.

use super::Line;

/// A final cancel of a line.
#[derive(Debug)]
pub(in super::super) struct Cancel<'a> {
    /// Who ordered.
    pub(in super::super) buyer: &'a str,
    /// What it was ordered on: code and name.
    pub(in super::super) medium: (&'a str, &'a str),
    /// What it is a cancel of.
    pub(in super::super) line: Line<'a>,
    /// The cancel's own number.
    pub(in super::super) number: &'a str,
    /// Code and name of why.
    pub(in super::super) reason: (&'a str, &'a str),
    /// What the buyer wrote.
    pub(in super::super) words: &'a str,
    /// Whose fault: 10 the buyer's, 20 the seller's.
    pub(in super::super) fault: &'a str,
    /// When it was cancelled, `yyyy-MM-dd HH:mm:ss`.
    pub(in super::super) cancelled: &'a str,
    /// Pieces cancelled.
    pub(in super::super) quantity: u64,
    /// When it was ordered, `yyyy-MM-dd HH:mm:ss`.
    pub(in super::super) ordered: &'a str,
    /// Pieces ordered.
    pub(in super::super) ordered_quantity: u64,
    /// What sending costs, won.
    pub(in super::super) shipping: u64,
    /// The part of a discount that is the supplier's, won.
    pub(in super::super) discount: u64,
}

impl Cancel<'_> {
    /// Made-up documents are written by the million: one `format!`, for nothing here needs escaping.
    pub(in super::super) fn body(&self) -> Vec<u8> {
        let line = &self.line;
        let variant_name = match line.variant_name {
            Some(name) => format!(r#","uitemNm":"{name}""#),
            None => String::new(),
        };
        let body = format!(
            concat!(
                r#"{{"ordpeNm":"{}","ordRcpMediaCd":"{}","ordRcpMediaNm":"{}","orordNo":"{}","#,
                r#""orordItemSeq":"{}","ordNo":"{}","ordItemSeq":"{}","ordItemStatCd":"180","#,
                r#""ordItemStatNm":"주문취소","itemNm":"{}","itemId":"{}","clmRsnCd":"{}","#,
                r#""clmRsnNm":"{}","clmRsnCntt":"{}","imptDivCd":"{}","ordCnclDts":"{}","#,
                r#""cnclItemQty":"{}","ordRcpDts":"{}","dircItemQty":"{}","uitemId":"{:05}"{},"#,
                r#""cstInfo":[{{"ordNo":"{}","ordItemSeq":"{}","shpmtShppcst":"{}","retShppcst":"0","#,
                r#""exchShppcst":"0","splVenBdnDcAmt":"{}","splVenId":"0017000001","#,
                r#""lrnkSplVenId":"0000012345"}}]}}"#,
            ),
            self.buyer,
            self.medium.0,
            self.medium.1,
            line.order,
            line.number,
            self.number,
            line.number,
            line.item_name,
            line.item,
            self.reason.0,
            self.reason.1,
            self.words,
            self.fault,
            self.cancelled,
            self.quantity,
            self.ordered,
            self.ordered_quantity,
            line.variant,
            variant_name,
            self.number,
            line.number,
            self.shipping,
            self.discount,
        );
        body.into_bytes()
    }
}
