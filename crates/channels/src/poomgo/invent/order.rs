//! Made-up order ledger rows: before an invoice, printed, closed, delivered, cancelled, split.

use hoesu_claims::Moment;
use hoesu_claims::document::Marks;

use super::{DAY, HOUR, INVOICE_IDS, MINUTE, ORDER_IDS, Resource, Sale};
use crate::Story;

/// How far a made-up order came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Nothing,
    Assigned,
    Printed,
    Closed,
    Delivered,
}

impl Reached {
    fn of(story: &Story) -> Self {
        match story.draw("order reached", 100) {
            0..6 => Self::Nothing,
            6..10 => Self::Assigned,
            10..16 => Self::Printed,
            16..30 => Self::Closed,
            _ => Self::Delivered,
        }
    }
}

/// The `nth` order row, and the days Poomgo tells only by which filter shows the row.
pub(super) fn body_and_marks(story: &Story) -> (String, Marks) {
    let reached = Reached::of(story);
    let sale = Sale::of(story);
    let resource = Resource::of(story);
    let made = 10 * MINUTE + story.draw("row made", 50 * MINUTE as u64) as i64;
    let total = story.price * story.quantity;
    let carriage = if total < 50_000 { 3_000 } else { 0 };
    let invoices = invoices(story, reached);
    let body = format!(
        concat!(
            r#"{{"id":{id},"channelName":"{channel_name}","orderCode":"{order_code}","#,
            r#""code":"{order_code}-1","subsidiaryCode":null,"releaseCode":null,"#,
            r#""receiverData":{{"name":"{name}","phone":null,"mobile":"{phone}","#,
            r#""address":"{address} {detail}","postcode":"{postcode}"}},"#,
            r#""customerData":{{"name":"{name}","phone":null,"mobile":"{phone}","address":null}},"#,
            r#""dealName":"{item}","dealOptionName":"{option}","createdAt":"{created}","#,
            r#""orderAt":"{ordered}","invoices":{invoices},"originalData":null,"#,
            r#""canceledInvoices":{cancelled},"items":[{{"resource_name":"{resource_name}","#,
            r#""quantity":{quantity}}}],"price":"{total}","settlementPrice":"{total}","#,
            r#""totalPaymentAmount":"{paid}","settlementGroupPrice":"{paid}"}}"#
        ),
        id = ORDER_IDS + story.nth,
        channel_name = sale.channel_name,
        order_code = sale.order_code,
        name = story.name,
        phone = story.phone,
        address = story.address,
        detail = story.address_detail,
        postcode = story.postcode,
        item = story.item,
        option = story.option,
        created = story.utc(made),
        ordered = story.utc(0),
        invoices = invoices,
        cancelled = cancelled(story, reached),
        resource_name = resource.name,
        quantity = story.quantity,
        total = total,
        paid = total + carriage,
    );
    (body, marks(story, reached, made))
}

fn invoices(story: &Story, reached: Reached) -> String {
    let (printed, closed, cargo) = match reached {
        Reached::Nothing => return "null".to_owned(),
        Reached::Assigned => (false, false, "null"),
        Reached::Printed => (true, false, "null"),
        Reached::Closed => (true, true, "null"),
        Reached::Delivered => (true, true, r#""INVOICE_CARGO_STATUS_DELIVERYCOMPLETED""#),
    };
    let invoice = |id: u64, code: &str| {
        format!(
            concat!(
                r#"{{"invoiceId":"{id}","invoiceCode":"{code}","isPrinted":{printed},"#,
                r#""isClosed":{closed},"cargoStatusCodeKey":{cargo},"#,
                r#""logisticsPartnerName":"CJ대한통운"}}"#
            ),
            id = id,
            code = code,
            printed = printed,
            closed = closed,
            cargo = cargo,
        )
    };
    let first = invoice(INVOICE_IDS + story.nth, &story.waybill);
    if story.quantity > 1 && story.draw("split", 25) == 0 {
        let code = format!("3805{:08}", story.nth % 100_000_000);
        return format!("[{first},{}]", invoice(2 * INVOICE_IDS + story.nth, &code));
    }
    format!("[{first}]")
}

fn cancelled(story: &Story, reached: Reached) -> String {
    if reached == Reached::Nothing || story.draw("reassigned", 50) > 0 {
        return "[]".to_owned();
    }
    format!(
        concat!(
            r#"[{{"invoiceId":"{}","invoiceCode":"3806{:08}","isPrinted":true,"isClosed":false,"#,
            r#""cargoStatusCodeKey":null,"logisticsPartnerName":"CJ대한통운"}}]"#
        ),
        3 * INVOICE_IDS + story.nth,
        story.nth % 100_000_000
    )
}

fn marks(story: &Story, reached: Reached, made: i64) -> Marks {
    let assigned = made + HOUR + story.draw("assigned", 20 * HOUR as u64) as i64;
    let closed = assigned + HOUR + story.draw("closed", DAY as u64) as i64;
    match reached {
        Reached::Nothing => Marks::new(),
        Reached::Assigned | Reached::Printed => {
            Marks::from([(Moment::Confirmed, story.after(assigned))])
        }
        Reached::Closed | Reached::Delivered => Marks::from([
            (Moment::Confirmed, story.after(assigned)),
            (Moment::Closed, story.after(closed)),
        ]),
    }
}
