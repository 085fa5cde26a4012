//! Made-up CS tickets: mostly returns that arrived, with every status, and with the troubles that
//! live ones have (no return waybill, no outbound waybill, more back than went out, two parcels).

use super::{DAY, HOUR, INVOICE_IDS, MINUTE, ORDER_IDS, Resource, sale};
use crate::Story;
use crate::poomgo::record::{Item, Log, Parcel, Ticket};

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
    let created = story.utc(plot.created);
    let serial = format!(
        "{}_{}_{:06}",
        plot.serial_prefix,
        story.kst(plot.created)[2..10].replace('-', ""),
        story.nth % 1_000_000
    );
    let known = story.draw("outbound known", 10) > 0;
    let parcels = match story.draw("parcels", 40) {
        0 if plot.back > 1 => {
            let rest = plot.back / 2;
            vec![parcel(story, &plot, 0, plot.back - rest), parcel(story, &plot, 1, rest)]
        }
        _ => vec![parcel(story, &plot, 0, plot.back)],
    };
    let ticket = Ticket {
        id: TICKET_IDS + story.nth,
        created: &created,
        updated: &story.utc(plot.updated()),
        serial: &serial,
        status: plot.status,
        r#type: plot.r#type,
        sale: &sale(story),
        invoice: known.then_some((INVOICE_IDS + story.nth, story.waybill.as_str())),
        order_id: ORDER_IDS + story.nth,
        is_carried_out: plot.parcel_status == "AT_PARTNER",
        cancelled: plot.cancelled.map(|at| story.utc(at)),
        person: story,
        parcels: &parcels,
        logs: &logs(story, &plot, &created),
    };
    ticket.write()
}

fn parcel(story: &Story, plot: &Plot, part: u64, back: i64) -> Parcel {
    let noted = story.draw("return waybill", 10) > 1 && plot.requested.is_some();
    let graded = match story.draw("grade", 10) {
        _ if plot.parcel_status != "AT_CENTER" => None,
        0..6 => Some("CSTICKET_TYPE_INCOMING"),
        6..8 => Some("CSTICKET_TYPE_DISUSE"),
        8 => Some("CSTICKET_TYPE_OUTGOING"),
        _ => None,
    };
    Parcel {
        id: 3_000_000 + story.nth * 2 + part,
        status: plot.parcel_status,
        code: noted.then(|| format!("6901{:08}", (story.nth * 2 + part) % 100_000_000)),
        requested: plot.requested.map(|at| story.utc(at)),
        done: plot.done.map(|at| story.utc(at)),
        items: vec![Item {
            id: 5_000_000 + story.nth * 2 + part,
            resource: Resource::of(story.item, story.option),
            original: story.quantity,
            back,
            graded,
        }],
    }
}

fn logs(story: &Story, plot: &Plot, created: &str) -> Vec<Log> {
    let id = 7_000_000 + story.nth * 2;
    let requested = plot.requested.map(|at| Log {
        id: id + 1,
        r#type: "RETURN",
        description: "회수 송장을 생성했습니다.",
        created: story.utc(at),
    });
    let made =
        Log {
            id, r#type: "CS", description: "CS를 생성했습니다.", created: created.to_owned()
        };
    requested.into_iter().chain([made]).collect()
}
