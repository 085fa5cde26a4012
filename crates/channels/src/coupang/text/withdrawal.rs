//! A return taken back.

use super::listed;

/// A return taken back.
pub(in crate::coupang) struct Withdrawal<'a> {
    pub(in crate::coupang) receipt: u64,
    pub(in crate::coupang) order: u64,
    pub(in crate::coupang) vendor: &'a str,
    /// Who would have paid for the way back.
    pub(in crate::coupang) duty: &'a str,
    pub(in crate::coupang) created: String,
    pub(in crate::coupang) items: Vec<u64>,
}

impl Withdrawal<'_> {
    pub(in crate::coupang) fn write(&self) -> String {
        format!(
            concat!(
                r#"{{"cancelId":{receipt},"orderId":{order},"vendorId":"{vendor}","#,
                r#""refundDeliveryDuty":"{duty}","createdAt":"{created}","#,
                r#""vendorItemIds":[{items}]}}"#,
            ),
            receipt = self.receipt,
            order = self.order,
            vendor = self.vendor,
            duty = self.duty,
            created = self.created,
            items = listed(self.items.iter().map(u64::to_string)),
        )
    }
}
