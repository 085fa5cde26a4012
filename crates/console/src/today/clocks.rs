//! Refund clocks by how many days they leave.

use hoesu_channels::Desk;
use hoesu_claims::Rule;
use hoesu_claims::time::{Between, kst_day, kst_midnight};
use hoesu_ledger::overview::{FindingOrder, FindingSlot, FindingTally};
use jiff::{Timestamp, ToSpan as _};

use crate::asked::address;
use crate::findings::PATH;
use crate::look::Look;
use crate::trouble::Trouble;
use crate::words;

/// More than this is told as «more than».
const COUNTED: usize = 10_000;

/// Days of deadlines, and how many run out in them.
pub(crate) struct Bucket {
    pub(crate) name: &'static str,
    pub(crate) class: &'static str,
    pub(crate) count: String,
    pub(crate) is_empty: bool,
    pub(crate) href: String,
    /// Height of its bar, of 40.
    pub(crate) height: String,
    pub(crate) top: String,
}

/// First and last day from today on; `None` is without end.
type Days = (Option<i64>, Option<i64>);

const ALL: [(&str, &str, &str, Days); 6] = [
    ("D+8↑", "D+8↑", "red", (None, Some(-8))),
    ("D+4~7", "D+4–7", "red", (Some(-7), Some(-4))),
    ("D+1~3", "D+1–3", "red", (Some(-3), Some(-1))),
    ("오늘", "today", "amber", (Some(0), Some(0))),
    ("D-1", "D-1", "amber", (Some(1), Some(1))),
    ("D-2↑", "D-2↑", "", (Some(2), None)),
];

pub(crate) async fn buckets(
    desk: &Desk,
    look: &Look,
    tallies: &[FindingTally],
    now: Timestamp,
) -> Result<Vec<Bucket>, Trouble> {
    let rules = [Rule::RefundDue, Rule::RefundOverdue];
    let here = |one: &&FindingTally| one.slot.open && rules.contains(&one.slot.rule);
    let slots: Vec<FindingSlot> = tallies.iter().filter(here).map(|one| one.slot.clone()).collect();
    let (today, seller) = (kst_day(now), look.signed.seller);
    let mut counted = Vec::new();
    for (_, _, _, (first, last)) in ALL {
        let day = |days: i64| today.saturating_add(days.days());
        // What has no deadline lies beyond every end; no refund clock is without one.
        let between = Between {
            from: first.and_then(|first| kst_midnight(day(first))),
            until: last.and_then(|last| kst_midnight(day(last + 1))),
        };
        let order = FindingOrder::Deadline;
        counted.push(desk.ledger.count_findings(seller, &slots, order, between, COUNTED).await?);
    }
    let most = counted.iter().copied().max().unwrap_or(0).max(1) as f64;
    let bucket = |((ko, en, class, (first, last)), count): (_, u64)| {
        let (ko, en): (&'static str, &'static str) = (ko, en);
        let (first, last): Days = (first, last);
        let day = |days: Option<i64>| {
            days.map(|days| today.saturating_add(days.days()).to_string()).unwrap_or_default()
        };
        let (from, until) = (day(first), day(last));
        let height = if count == 0 { 0.0 } else { (count as f64 / most * 40.0).max(3.0) };
        let more = if count >= COUNTED as u64 { "+" } else { "" };
        let mut pairs = vec![("rule", Rule::RefundDue.id()), ("rule", Rule::RefundOverdue.id())];
        pairs.push(("by", "deadline"));
        pairs.extend([("from", from.as_str()), ("until", until.as_str())]);
        pairs.retain(|(_, value)| !value.is_empty());
        Bucket {
            name: look.t(ko, en),
            class,
            count: format!("{}{more}", words::count(count)),
            is_empty: count == 0,
            href: address(PATH, pairs),
            height: format!("{height:.1}"),
            top: format!("{:.1}", 42.0 - height),
        }
    };
    Ok(ALL.into_iter().zip(counted).map(bucket).collect())
}
