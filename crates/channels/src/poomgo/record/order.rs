//! A row of the order ledger.

use super::{Person, Resource, Sale, joined};

/// A row of the order ledger.
pub(in crate::poomgo) struct Row<'a> {
    pub(in crate::poomgo) id: u64,
    pub(in crate::poomgo) sale: &'a Sale,
    /// Which row of the order, from 1.
    pub(in crate::poomgo) line: usize,
    pub(in crate::poomgo) person: &'a Person,
    pub(in crate::poomgo) item: &'a str,
    pub(in crate::poomgo) option: &'a str,
    pub(in crate::poomgo) resource: &'a Resource,
    pub(in crate::poomgo) created: &'a str,
    pub(in crate::poomgo) ordered: &'a str,
    /// `null` if there is none.
    pub(in crate::poomgo) invoices: &'a [Invoice],
    pub(in crate::poomgo) cancelled: &'a [Invoice],
    pub(in crate::poomgo) quantity: i64,
    /// Won of the goods.
    pub(in crate::poomgo) total: i64,
    /// Won paid.
    pub(in crate::poomgo) paid: i64,
}

/// An outbound parcel.
pub(in crate::poomgo) struct Invoice {
    pub(in crate::poomgo) id: u64,
    pub(in crate::poomgo) code: String,
    pub(in crate::poomgo) is_printed: bool,
    pub(in crate::poomgo) is_closed: bool,
    pub(in crate::poomgo) is_delivered: bool,
}

impl Row<'_> {
    pub(in crate::poomgo) fn write(&self) -> String {
        let Self { id, sale, line, person, item, option, resource, .. } = self;
        let Self { created, ordered, quantity, total, paid, .. } = self;
        let invoices = match self.invoices {
            [] => "null".to_owned(),
            all => format!("[{}]", joined(all, Invoice::write)),
        };
        format!(
            concat!(
                r#"{{"id":{id},"channelName":"{channel_name}","orderCode":"{order_code}","#,
                r#""code":"{order_code}-{line}","subsidiaryCode":null,"releaseCode":null,"#,
                r#""receiverData":{{"name":"{name}","phone":null,"mobile":"{phone}","#,
                r#""address":"{address} {detail}","postcode":"{postcode}"}},"#,
                r#""customerData":{{"name":"{name}","phone":null,"mobile":"{phone}","address":null}},"#,
                r#""dealName":"{item}","dealOptionName":"{option}","createdAt":"{created}","#,
                r#""orderAt":"{ordered}","invoices":{invoices},"originalData":null,"#,
                r#""canceledInvoices":[{cancelled}],"items":[{{"resource_name":"{resource_name}","#,
                r#""quantity":{quantity}}}],"price":"{total}","settlementPrice":"{total}","#,
                r#""totalPaymentAmount":"{paid}","settlementGroupPrice":"{paid}"}}"#
            ),
            id = id,
            channel_name = sale.channel_name,
            order_code = sale.order_code,
            line = line,
            name = person.name,
            phone = person.phone,
            address = person.address,
            detail = person.address_detail,
            postcode = person.postcode,
            item = item,
            option = option,
            created = created,
            ordered = ordered,
            invoices = invoices,
            cancelled = joined(self.cancelled, Invoice::write),
            resource_name = resource.name,
            quantity = quantity,
            total = total,
            paid = paid,
        )
    }
}

impl Invoice {
    fn write(&self) -> String {
        let cargo =
            if self.is_delivered { r#""INVOICE_CARGO_STATUS_DELIVERYCOMPLETED""# } else { "null" };
        format!(
            concat!(
                r#"{{"invoiceId":"{id}","invoiceCode":"{code}","isPrinted":{printed},"#,
                r#""isClosed":{closed},"cargoStatusCodeKey":{cargo},"#,
                r#""logisticsPartnerName":"CJ대한통운"}}"#
            ),
            id = self.id,
            code = self.code,
            printed = self.is_printed,
            closed = self.is_closed,
            cargo = cargo,
        )
    }
}
