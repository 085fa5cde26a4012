//! What the surface is measured with: a page of tickets by three filters, over a week and over half
//! a year.

use axum::http::Method;
use hoesu_claims::time::{kst_day, plus_days};

use super::TICKET;
use super::surface::CS;
use crate::Story;
use crate::{Example, Probe, Title};

pub(super) static PROBES: [Probe; 2] = [
    Probe {
        id: "Q2 narrow",
        what: Title { ko: "필터 3개, 7일, 20건", en: "20 tickets by three filters, 7 days" },
        kind: TICKET,
        call: |_, nth, _| page(nth, 7),
    },
    Probe {
        id: "Q2 wide",
        what: Title {
            ko: "필터 3개, 180일, 20건", en: "20 tickets by three filters, 180 days"
        },
        kind: TICKET,
        call: |_, nth, _| page(nth, 180),
    },
];

fn page(nth: u64, days: i64) -> Example {
    // Ends somewhere in the time the made-up tickets span, so that no two calls ask the same.
    let last = kst_day(Story::nth(nth).ordered_at);
    let first = plus_days(last, 1 - days);
    let status = ["DONE", "PROCESSING", "DRAFT"][(nth % 3) as usize];
    let parcel = ["AT_CENTER", "AT_PARTNER,AT_CENTER", "FAILED"][(nth / 3 % 3) as usize];
    Example {
        what: PROBES[usize::from(days > 7)].what,
        method: Method::GET,
        path: CS.to_owned(),
        query: format!(
            "page=1&pageSize=20&status={status}&returnStatus={parcel}&createdAtGte={first}&createdAtLte={last}"
        ),
        headers: Vec::new(),
        body: None,
    }
}
