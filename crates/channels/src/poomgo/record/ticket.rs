//! A CS ticket with its return parcels.

use super::{Person, Resource, Sale, joined, quoted};

/// A CS ticket.
pub(in crate::poomgo) struct Ticket<'a> {
    pub(in crate::poomgo) id: u64,
    pub(in crate::poomgo) created: &'a str,
    pub(in crate::poomgo) updated: &'a str,
    pub(in crate::poomgo) serial: &'a str,
    pub(in crate::poomgo) status: &'a str,
    pub(in crate::poomgo) r#type: &'a str,
    pub(in crate::poomgo) sale: &'a Sale,
    /// The outbound invoice, if it is known: number and waybill.
    pub(in crate::poomgo) invoice: Option<(u64, &'a str)>,
    pub(in crate::poomgo) order_id: u64,
    pub(in crate::poomgo) is_carried_out: bool,
    pub(in crate::poomgo) cancelled: Option<String>,
    pub(in crate::poomgo) person: &'a Person,
    pub(in crate::poomgo) parcels: &'a [Parcel],
    /// Newest first.
    pub(in crate::poomgo) logs: &'a [Log],
}

/// A parcel on its way back; made and changed when its ticket was.
pub(in crate::poomgo) struct Parcel {
    pub(in crate::poomgo) id: u64,
    pub(in crate::poomgo) status: &'static str,
    pub(in crate::poomgo) code: Option<String>,
    pub(in crate::poomgo) requested: Option<String>,
    pub(in crate::poomgo) done: Option<String>,
    pub(in crate::poomgo) items: Vec<Item>,
}

/// Pieces in a parcel.
pub(in crate::poomgo) struct Item {
    pub(in crate::poomgo) id: u64,
    pub(in crate::poomgo) resource: Resource,
    pub(in crate::poomgo) original: i64,
    pub(in crate::poomgo) back: i64,
    /// How they were graded, as `CSTICKET_TYPE_…`.
    pub(in crate::poomgo) graded: Option<&'static str>,
}

/// Something done about a ticket.
pub(in crate::poomgo) struct Log {
    pub(in crate::poomgo) id: u64,
    pub(in crate::poomgo) r#type: &'static str,
    pub(in crate::poomgo) description: &'static str,
    pub(in crate::poomgo) created: String,
}

impl Ticket<'_> {
    pub(in crate::poomgo) fn write(&self) -> String {
        let Self { id, created, updated, serial, status, order_id, sale, .. } = self;
        let (invoice_id, waybill) = self.invoice.unzip();
        format!(
            concat!(
                r#"{{"id":{id},"createdBy":1983,"updatedBy":1983,"createdAt":"{created}","#,
                r#""updatedAt":"{updated}","deletedAt":null,"serial":"{serial}","status":"{status}","#,
                r#""type":"{kind}","partnerId":7001,"brandId":null,"channelId":{channel_id},"#,
                r#""logisticsCenterId":31,"organizationId":12,"originalLogisticsContractId":52,"#,
                r#""originalInvoiceId":{invoice_id},"originalInvoiceCode":{invoice_code},"#,
                r#""originalOrderId":{order_id},"originalOrderCode":"{order_code}","#,
                r#""description":null,"isCarryOut":{carried_out},"carryOutListId":null,"tagId":null,"#,
                r#""canceledAt":{cancelled},"returnInvoices":[{parcels}],"replacementInvoices":[],"#,
                r#""tag":null,"csLogs":[{logs}]}}"#
            ),
            id = id,
            created = created,
            updated = updated,
            serial = serial,
            status = status,
            kind = self.r#type,
            channel_id = sale.channel_id,
            invoice_id = invoice_id.map_or_else(|| "null".to_owned(), |id| id.to_string()),
            invoice_code = quoted(waybill),
            order_id = order_id,
            order_code = sale.order_code,
            carried_out = self.is_carried_out,
            cancelled = quoted(self.cancelled.as_deref()),
            parcels = joined(self.parcels, |parcel| parcel.write(self)),
            logs = joined(self.logs, Log::write),
        )
    }
}

impl Parcel {
    fn write(&self, ticket: &Ticket<'_>) -> String {
        let Ticket { id: cs_id, created, updated, person, .. } = ticket;
        format!(
            concat!(
                r#"{{"id":{id},"createdBy":1983,"updatedBy":1983,"createdAt":"{created}","#,
                r#""updatedAt":"{updated}","deletedAt":null,"csId":{cs_id},"status":"{status}","#,
                r#""code":{code},"logisticsContractId":52,"recipientName":"가온물류센터","#,
                r#""recipientAddress":"경기도 가온시 느티나무로 1 가온물류센터","recipientPostcode":"17000","#,
                r#""recipientMobile":"01000009999","recipientPhone":null,"senderName":"{name}","#,
                r#""senderAddress":"{address} {detail}","senderPostcode":"{postcode}","#,
                r#""senderMobile":"{phone}","senderPhone":null,"senderAdditional":null,"#,
                r#""traceData":null,"enclosedCash":null,"deliveryMessage":null,"description":null,"#,
                r#""requestedAt":{requested},"doneAt":{done},"deliveryPrice":null,"airFare":null,"#,
                r#""ferryFare":null,"deliveryAt":null,"collectionAt":null,"isExemption":false,"#,
                r#""returnInvoiceItems":[{items}]}}"#
            ),
            id = self.id,
            created = created,
            updated = updated,
            cs_id = cs_id,
            status = self.status,
            code = quoted(self.code.as_deref()),
            name = person.name,
            address = person.address,
            detail = person.address_detail,
            postcode = person.postcode,
            phone = person.phone,
            requested = quoted(self.requested.as_deref()),
            done = quoted(self.done.as_deref()),
            items = joined(&self.items, |item| item.write(self.id, created, updated)),
        )
    }
}

impl Item {
    fn write(&self, parcel_id: u64, created: &str, updated: &str) -> String {
        let graded = self.graded.map(|code| format!(r#","typeCodeKey":"{code}""#));
        format!(
            concat!(
                r#"{{"id":{item_id},"createdBy":1983,"updatedBy":1983,"#,
                r#""createdAt":"{created}","updatedAt":"{updated}","deletedAt":null,"#,
                r#""returnInvoiceId":{parcel_id},"partnerId":7001,"brandId":null,"#,
                r#""partnerResourceId":{resource_id},"resourceName":"{resource_name}","#,
                r#""resourceCode":"{resource_code}","resourceItemNumber":"{item_number}","#,
                r#""originalQuantity":{quantity},"returnQuantity":{back}{graded}}}"#
            ),
            item_id = self.id,
            created = created,
            updated = updated,
            parcel_id = parcel_id,
            resource_id = self.resource.id,
            resource_name = self.resource.name,
            resource_code = self.resource.code,
            item_number = self.resource.item_number,
            quantity = self.original,
            back = self.back,
            graded = graded.unwrap_or_default(),
        )
    }
}

impl Log {
    fn write(&self) -> String {
        let Self { id, r#type, description, created } = self;
        format!(
            r#"{{"id":{id},"type":"{type}","description":"{description}","createdAt":"{created}"}}"#
        )
    }
}
