//! 오늘: what must be done today, what runs out first, what changed, and whether the channels are heard.

mod clocks;
mod spark;
mod visit;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};
use hoesu_channels::Desk;
use hoesu_claims::Rule;
use hoesu_claims::time::{Between, kst_day};
use hoesu_ledger::overview::{
    FindingDay, FindingOrder, FindingPick, FindingSlot, FindingTally, at_risk,
};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::asked::address;
use crate::feeds::{self, Heard};
use crate::findings::{self, Row};
use crate::look::{Look, Place};
use crate::shop::Shop;
use crate::trouble::Trouble;
use crate::when::{self, Left};
use crate::words;
use clocks::Bucket;
use spark::Spark;

/// Days a sparkline shows, today among them.
pub(crate) const DAYS: i64 = 14;

/// Findings shown of what changed, and of what runs out.
const SHOWN: usize = 8;

/// Of what changed, more than this is told as «more than».
const COUNTED: usize = 1_000;

/// A rule's tile.
struct Tile {
    rule: &'static str,
    name: String,
    href: String,
    open: String,
    won: String,
    unpriced: u64,
    left: Option<Left>,
    spark: Spark,
    /// More or fewer open than a week ago.
    trend: String,
    trend_class: &'static str,
}

#[derive(Template)]
#[template(path = "today.html")]
struct Page {
    look: Look,
    date: String,
    open: String,
    risk: String,
    tiles: Vec<Tile>,
    quiet: Vec<String>,
    buckets: Vec<Bucket>,
    since: Option<String>,
    found: String,
    closed: String,
    changed: Vec<Row>,
    soon: Vec<Row>,
    heard: Vec<Heard>,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    look: Look,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let look = look.at(Place::Today);
    let shop = Shop::open(&desk, &look).await?;
    let (lang, now, seller) = (look.lang, shop.now, look.signed.seller);
    let ledger = &desk.ledger;
    let tallies = ledger.finding_tallies(seller).await?;
    let from = kst_day(now).saturating_sub((DAYS - 1).days());
    let days = ledger.finding_days(seller, from).await?;
    let mut tiles: Vec<(i64, Tile)> =
        Rule::ALL.into_iter().filter_map(|rule| tile(&look, &tallies, &days, rule, now)).collect();
    tiles.sort_by_key(|(first, _)| *first);
    let is_quiet = |rule: &Rule| !tallies.iter().any(|one| one.slot.open && one.slot.rule == *rule);
    let open = || tallies.iter().filter(|one| one.slot.open);
    let (risk, interest) = at_risk(open());

    let visit = visit::of(&headers, now);
    let slots: Vec<FindingSlot> = tallies.iter().map(|one| one.slot.clone()).collect();
    let (mut found, mut closed, mut changed) = (String::new(), String::new(), Vec::new());
    if let Some(since) = visit.before {
        let between = Between { from: Some(since), until: None };
        let of = |open: bool| slots.iter().filter(move |slot| slot.open == open).cloned();
        for (open, told) in [(true, &mut found), (false, &mut closed)] {
            let (slots, order): (Vec<FindingSlot>, _) = (of(open).collect(), FindingOrder::Changed);
            let count = ledger.count_findings(seller, &slots, order, between, COUNTED).await?;
            let more = if count >= COUNTED as u64 { "+" } else { "" };
            *told = format!("{}{more}", words::count(count));
        }
        let pick = FindingPick {
            slots: slots.clone(),
            order: FindingOrder::Changed,
            between,
            from: None,
            limit: SHOWN,
        };
        changed = ledger.pick_findings(seller, pick).await?;
    }
    let pick = FindingPick {
        slots: slots.into_iter().filter(|slot| slot.open).collect(),
        order: FindingOrder::Deadline,
        between: Between { from: Some(now), until: None },
        from: None,
        limit: SHOWN,
    };
    let soon = ledger.pick_findings(seller, pick).await?;
    let page = Page {
        date: when::day(kst_day(now), lang),
        open: words::count(open().map(|one| one.findings).sum()),
        risk: words::risk(risk, interest, lang),
        tiles: tiles.into_iter().map(|(_, tile)| tile).collect(),
        quiet: Rule::ALL.into_iter().filter(is_quiet).map(|rule| words::rule(rule, lang)).collect(),
        buckets: clocks::buckets(&desk, &look, &tallies, now).await?,
        since: visit.before.map(|at| when::short(at, now)),
        found,
        closed,
        changed: changed.into_iter().map(|one| Row::of(&look, &shop, one)).collect(),
        soon: soon
            .into_iter()
            .filter(|one| one.finding.deadline.is_some())
            .map(|one| Row::of(&look, &shop, one))
            .collect(),
        heard: feeds::heard(&desk, &look, &shop).await?,
        look,
    };
    let mut response = Html(page.render()?).into_response();
    visit::keep(&visit, &mut response);
    Ok(response)
}

/// A rule's tile with the instant at which the first of its findings runs out; `None` if nothing is
/// open.
fn tile(
    look: &Look,
    tallies: &[FindingTally],
    days: &[FindingDay],
    rule: Rule,
    now: Timestamp,
) -> Option<(i64, Tile)> {
    let of = || tallies.iter().filter(|one| one.slot.open && one.slot.rule == rule);
    let open: u64 = of().map(|one| one.findings).sum();
    if open == 0 {
        return None;
    }
    let (won, interest) = at_risk(of());
    let first = of().filter_map(|one| one.first_deadline).min();
    let counts = history(days, rule, open, kst_day(now));
    let week = counts[counts.len() - 8];
    let (trend, trend_class) = match open.cmp(&week) {
        std::cmp::Ordering::Greater => (format!("▲ {}", words::count(open - week)), "bad"),
        std::cmp::Ordering::Less => (format!("▼ {}", words::count(week - open)), "good"),
        std::cmp::Ordering::Equal => (String::new(), ""),
    };
    let tile = Tile {
        rule: rule.id(),
        name: words::rule(rule, look.lang),
        href: address(findings::PATH, [("rule", rule.id())]),
        open: words::count(open),
        won: words::risk(won, interest, look.lang),
        unpriced: of().map(|one| one.unpriced).sum(),
        left: first.map(|at| when::left(at, now, look.lang)),
        spark: Spark::of(&counts),
        trend,
        trend_class,
    };
    // A shipment that has to be stopped leaves at the next pick-up: nothing is more urgent.
    let first = first.map_or(i64::MAX, Timestamp::as_millisecond);
    Some((if rule == Rule::StopShipment { i64::MIN } else { first }, tile))
}

/// How many were open at the end of each of the days, today last: from what is open now, day by day
/// back.
fn history(days: &[FindingDay], rule: Rule, open: u64, today: Date) -> Vec<u64> {
    let mut counts = vec![open];
    let mut left = i64::try_from(open).unwrap_or(i64::MAX);
    for back in 0..DAYS - 1 {
        let day = today.saturating_sub(back.days());
        for one in days.iter().filter(|one| one.rule == rule && one.day == day) {
            left = left.saturating_add_unsigned(one.closed).saturating_sub_unsigned(one.opened);
        }
        counts.push(u64::try_from(left).unwrap_or(0));
    }
    counts.reverse();
    counts
}

#[cfg(test)]
mod tests {
    use hoesu_claims::AccountId;

    use super::*;

    #[test]
    fn what_was_open_is_told_from_what_is_open_and_what_happened_since() {
        let today = Date::constant(2026, 2, 12);
        let day = |back: i64, opened, closed| FindingDay {
            day: today.saturating_sub(back.days()),
            rule: Rule::RefundDue,
            account: AccountId(1),
            opened,
            closed,
        };
        let days = [day(0, 3, 1), day(2, 5, 0), day(40, 9, 9)];
        let counts = history(&days, Rule::RefundDue, 7, today);
        assert_eq!(counts.len(), 14);
        assert_eq!(&counts[10..], [0, 5, 5, 7]);
        assert_eq!(history(&days, Rule::StopShipment, 2, today), [2; 14]);
    }
}
