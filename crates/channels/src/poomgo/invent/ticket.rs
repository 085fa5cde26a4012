//! Made-up CS tickets: mostly returns that arrived, with every status, and with the troubles that
//! live ones have (no return waybill, no outbound waybill, more back than went out, two parcels).

use super::{DAY, HOUR, INVOICE_IDS, MINUTE, ORDER_IDS, Resource, Sale, quoted};
use crate::Story;

/// Numbers of made-up tickets begin here, clear of the sample's.
const TICKET_IDS: u64 = 1_000_000;

/// What happened to a made-up ticket. Seconds count from the order.
struct Plot {
    status: &'static str,
    r#type: &'static str,
    serial_prefix: &'static str,
    parcel_status: &'static str,
    created: i64,
    requested: Option<i64>,
    done: Option<i64>,
    cancelled: Option<i64>,
    back: i64,
}

impl Plot {
    fn of(story: &Story) -> Self {
        // Only RETURN and its prefix are published; the other two are made up like the people.
        let (r#type, serial_prefix) = match story.draw("ticket type", 100) {
            0..80 => ("RETURN", "CS_RT"),
            80..95 => ("EXCHANGE", "CS_EX"),
            _ => ("RESEND", "CS_RS"),
        };
        let (status, parcel_status) =
            match (story.draw("ticket status", 100), story.draw("parcel", 100)) {
                (0..55, 0..85) => ("DONE", "AT_CENTER"),
                (0..55, 85..95) => ("DONE", "AT_PARTNER"),
                (0..55, _) => ("DONE", "FAILED"),
                (55..80, 0..50) => ("PROCESSING", "REQUESTED"),
                (55..80, 50..85) => ("PROCESSING", "AT_CENTER"),
                (55..80, _) => ("PROCESSING", "FAILED"),
                (80..92, 0..80) => ("DRAFT", "DRAFT"),
                (80..92, _) => ("DRAFT", "REQUESTED"),
                _ => ("CANCELED", "CANCELED"),
            };
        let created = DAY + story.draw("created", 9 * DAY as u64) as i64;
        let asked = created + 10 * MINUTE + story.draw("asked", 6 * HOUR as u64) as i64;
        let taken_in = asked + DAY + story.draw("taken in", 4 * DAY as u64) as i64;
        let arrived = matches!(parcel_status, "AT_CENTER" | "AT_PARTNER");
        let back = match story.draw("back", 100) {
            0..3 => story.quantity + 1,
            3..12 => story.quantity - 1,
            _ if parcel_status == "FAILED" => 0,
            _ => story.quantity,
        };
        Self {
            status,
            r#type,
            serial_prefix,
            parcel_status,
            created,
            requested: (parcel_status != "DRAFT").then_some(asked),
            done: arrived.then_some(taken_in),
            cancelled: (status == "CANCELED").then_some(asked + HOUR),
            back: if r#type == "RESEND" { 0 } else { back },
        }
    }

    /// When anything last happened.
    fn updated(&self) -> i64 {
        self.done.or(self.cancelled).or(self.requested).unwrap_or(self.created)
    }
}

/// The `nth` ticket.
pub(super) fn body(story: &Story) -> String {
    let plot = Plot::of(story);
    let sale = Sale::of(story);
    let id = TICKET_IDS + story.nth;
    let created = story.utc(plot.created);
    let updated = story.utc(plot.updated());
    let serial = format!(
        "{}_{}_{:06}",
        plot.serial_prefix,
        story.kst(plot.created)[2..10].replace('-', ""),
        story.nth % 1_000_000
    );
    let known = story.draw("outbound known", 10) > 0;
    let invoice_id = if known { (INVOICE_IDS + story.nth).to_string() } else { "null".to_owned() };
    let invoice_code = quoted(known.then_some(story.waybill.as_str()));
    let parcels = match story.draw("parcels", 40) {
        0 if plot.back > 1 => {
            let rest = plot.back / 2;
            let first = parcel(story, &plot, 0, plot.back - rest);
            format!("{first},{}", parcel(story, &plot, 1, rest))
        }
        _ => parcel(story, &plot, 0, plot.back),
    };
    let cancelled = quoted(plot.cancelled.map(|at| story.utc(at)).as_deref());
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
            r#""tag":null,"csLogs":[{log}]}}"#
        ),
        id = id,
        created = created,
        updated = updated,
        serial = serial,
        status = plot.status,
        kind = plot.r#type,
        channel_id = sale.channel_id,
        invoice_id = invoice_id,
        invoice_code = invoice_code,
        order_id = ORDER_IDS + story.nth,
        order_code = sale.order_code,
        carried_out = plot.parcel_status == "AT_PARTNER",
        cancelled = cancelled,
        parcels = parcels,
        log = log(story, &plot, &created),
    )
}

fn parcel(story: &Story, plot: &Plot, part: u64, back: i64) -> String {
    let id = 3_000_000 + story.nth * 2 + part;
    let created = story.utc(plot.created);
    let updated = story.utc(plot.updated());
    let noted = story.draw("return waybill", 10) > 1 && plot.requested.is_some();
    let code = noted.then(|| format!("6901{:08}", (story.nth * 2 + part) % 100_000_000));
    let resource = Resource::of(story);
    let graded = match story.draw("grade", 10) {
        _ if plot.parcel_status != "AT_CENTER" => "",
        0..6 => r#","typeCodeKey":"CSTICKET_TYPE_INCOMING""#,
        6..8 => r#","typeCodeKey":"CSTICKET_TYPE_DISUSE""#,
        8 => r#","typeCodeKey":"CSTICKET_TYPE_OUTGOING""#,
        _ => "",
    };
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
            r#""returnInvoiceItems":[{{"id":{item_id},"createdBy":1983,"updatedBy":1983,"#,
            r#""createdAt":"{created}","updatedAt":"{updated}","deletedAt":null,"#,
            r#""returnInvoiceId":{id},"partnerId":7001,"brandId":null,"#,
            r#""partnerResourceId":{resource_id},"resourceName":"{resource_name}","#,
            r#""resourceCode":"{resource_code}","resourceItemNumber":"{item_number}","#,
            r#""originalQuantity":{quantity},"returnQuantity":{back}{graded}}}]}}"#
        ),
        id = id,
        created = created,
        updated = updated,
        cs_id = TICKET_IDS + story.nth,
        status = plot.parcel_status,
        code = quoted(code.as_deref()),
        name = story.name,
        address = story.address,
        detail = story.address_detail,
        postcode = story.postcode,
        phone = story.phone,
        requested = quoted(plot.requested.map(|at| story.utc(at)).as_deref()),
        done = quoted(plot.done.map(|at| story.utc(at)).as_deref()),
        item_id = 5_000_000 + story.nth * 2 + part,
        resource_id = resource.id,
        resource_name = resource.name,
        resource_code = resource.code,
        item_number = resource.item_number,
        quantity = story.quantity,
        back = back,
        graded = graded,
    )
}

fn log(story: &Story, plot: &Plot, created: &str) -> String {
    let id = 7_000_000 + story.nth * 2;
    let made = format!(
        r#"{{"id":{id},"type":"CS","description":"CS를 생성했습니다.","createdAt":"{created}"}}"#
    );
    let Some(requested) = plot.requested else { return made };
    format!(
        r#"{{"id":{},"type":"RETURN","description":"회수 송장을 생성했습니다.","createdAt":"{}"}},{made}"#,
        id + 1,
        story.utc(requested)
    )
}
