//! The console's pages over a ledger of so many cases: how long the server works on each, and how large
//! its answer is. What a page costs must not grow with the ledger.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::{Extension, Router};
use hoesu_channels::{CHANNELS, Clock, Desk};
use hoesu_claims::assess::Sentence;
use hoesu_claims::document::Marks;
use hoesu_claims::{AccountId, Finding, Rule, SellerId, Won};
use hoesu_console::{Role, Signed, router};
use hoesu_engine::{How, catch_up, put};
use hoesu_ledger::cases::{SettledCase, Settlement};
use hoesu_ledger::{Ledger, MasterKey, Place};
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt as _;

use crate::{Report, fill};

/// Cases settled at once.
const PORTION: u64 = 1_000;

/// How often each page is asked for.
const TIMES: usize = 40;

/// The largest answer that is read, in bytes.
const ANSWER_MAX: usize = 16 << 20;

/// 2026-02-12T06:00:00Z.
const NOW: Timestamp = Timestamp::constant(1_770_876_000, 0);

/// A clock that stands.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// Measures every page at each number of cases; `say` hears every line as soon as it is known.
pub async fn pages(
    cases: &[u64],
    scratch: Option<PathBuf>,
    mut say: impl FnMut(&str),
) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut put = |line: String| {
        say(&line);
        report.put(line);
    };
    put("| cases | page | p50 | p99 | bytes |".to_owned());
    put("| --- | --- | --- | --- | --- |".to_owned());
    for cases in cases {
        let folder = crate::surfaces::scratch(scratch.as_ref())?;
        let place = Place::Folder(folder.path().join("data"));
        let ledger = Ledger::open(&place, &MasterKey::generate()).await?;
        let (seller, order) = fill(&ledger, *cases).await?;
        let signed = Signed {
            seller,
            seller_name: "bench".to_owned(),
            person: "bench".to_owned(),
            role: Role::Admin,
        };
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(Still));
        let pages = router(&desk).layer(Extension(signed));
        let account = CHANNELS[0].id();
        for (name, path) in [
            ("today", "/console".to_owned()),
            ("findings", "/console/findings".to_owned()),
            ("findings of a rule", "/console/findings?rule=refund-overdue".to_owned()),
            ("findings of an account", format!("/console/findings?account={account}&rows=200")),
            ("findings of a month", "/console/findings?by=opened&days=month".to_owned()),
            ("findings, closed", "/console/findings?state=closed".to_owned()),
            ("cases", "/console/cases".to_owned()),
            ("cases on two tracks", "/console/cases?claim=asked&money=owed".to_owned()),
            ("cases of a week", "/console/cases?days=week".to_owned()),
            ("one case", format!("/console/cases/{account}/{order}")),
            ("a search", format!("/console/cases?q={order}%20999")),
            ("channels", "/console/channels".to_owned()),
            ("settings", "/console/settings".to_owned()),
        ] {
            put(measure(&pages, *cases, name, &path).await?);
        }
        put(deep(&pages, *cases).await?);
    }
    Ok(report)
}

/// Makes so many cases, each with a finding or two, and one order with documents; its seller and its
/// number.
async fn fill(ledger: &Arc<Ledger>, cases: u64) -> anyhow::Result<(SellerId, String)> {
    let seller = ledger.add_seller("bench", NOW).await?;
    let how = How { observed_at: NOW, as_rows_say: false, marks: Marks::new(), now: NOW };
    for channel in CHANNELS {
        let (account, _) = fill::account(ledger, &seller, *channel).await?;
        let told = channel.invent_order(0).into_iter().map(|(_, made)| made).collect();
        put(ledger, *channel, &account, told, &how).await?;
    }
    catch_up(ledger, seller.id, NOW).await?;
    let own =
        ledger.cases(seller.id, hoesu_ledger::cases::CaseQuery { limit: 1, ..Default::default() });
    let order = own.await?.pop().context("the order is a case")?.order;
    let mut first = 1;
    while first < cases {
        let until = cases.min(first + PORTION);
        let was = ledger.settled(seller.id).await?;
        let made = (first..until).map(case).collect();
        let settlement = Settlement {
            was,
            seq: was.seq,
            at: NOW - back(first, cases),
            cases: made,
            gone: Vec::new(),
        };
        ensure!(ledger.settle(seller.id, settlement).await?, "somebody else settled");
        first = until;
    }
    Ok((seller.id, order))
}

/// The older cases were found in the days before.
fn back(nth: u64, of: u64) -> SignedDuration {
    SignedDuration::from_hours(24 * 40 * (of - nth) as i64 / of as i64)
}

fn case(nth: u64) -> SettledCase {
    let word = |words: &[&str], by: u64| words[(nth / by) as usize % words.len()].to_owned();
    let order = format!("{}", 700_000_000 + nth);
    let account = AccountId(1 + (nth % 4) as i64);
    let at = NOW - SignedDuration::from_mins((nth % 60_000) as i64);
    let rules = (nth % 3..3).map(|at| Rule::ALL[((nth / 7 + at * 5) % 16) as usize]);
    let finding = |rule: Rule| Finding {
        id: format!("{}:sale/{}/{order}:claim/{nth}", rule.id(), account.0),
        rule,
        order: order.clone(),
        about: format!("claim/{nth}"),
        since: at,
        deadline: (!nth.is_multiple_of(5)).then(|| at + SignedDuration::from_hours(72)),
        won_at_risk: Some(Won(1_000 * (nth % 90) as i64)),
        interest: None,
        claims: Vec::new(),
        proposed: None,
        evidence: Vec::new(),
        sentence: Sentence {
            ko: format!(
                "주문 {order}: 접수 {nth}의 물건 1개가 입고됐는데 판매채널은 아직 승인을 기다려요."
            ),
            en: format!(
                "Order {order}: one piece of claim {nth} arrived, and the channel waits for approval."
            ),
        },
    };
    SettledCase {
        key: format!("sale/{}/{order}", account.0),
        account,
        order: order.clone(),
        claim: word(&["asked", "final", "deciding", "reversed"], 3),
        goods: word(&["coming_back", "back", "sent", "delivered", "packing"], 5),
        money: word(&["owed", "refunded", "kept"], 11),
        fault: Some(word(&["customer", "seller"], 13)),
        since: at - SignedDuration::from_hours(48),
        changed_at: at,
        digest: [7; 32],
        wake_at: None,
        documents: Vec::new(),
        findings: rules.map(finding).collect(),
    }
}

async fn ask(pages: &Router, path: &str) -> anyhow::Result<(Duration, String)> {
    let request = Request::get(path).body(Body::empty())?;
    let started = Instant::now();
    let answer = pages.clone().oneshot(request).await?;
    let took = started.elapsed();
    ensure!(answer.status() == 200, "{path} answers {}", answer.status());
    let body = to_bytes(answer.into_body(), ANSWER_MAX).await?;
    Ok((took, String::from_utf8(body.into())?))
}

async fn measure(pages: &Router, cases: u64, name: &str, path: &str) -> anyhow::Result<String> {
    let (mut took, mut bytes) = (Vec::new(), 0);
    for _ in 0..TIMES {
        let (one, text) = ask(pages, path).await?;
        took.push(one);
        bytes = text.len();
    }
    Ok(line(cases, name, took, bytes))
}

/// Page after page of a list, as far as it goes or so many times.
async fn deep(pages: &Router, cases: u64) -> anyhow::Result<String> {
    let mut path = "/console/findings?rows=200".to_owned();
    let (mut took, mut bytes) = (Vec::new(), 0);
    for _ in 0..TIMES {
        let (one, text) = ask(pages, &path).await?;
        took.push(one);
        bytes = text.len();
        let next = text.split("<a class=\"button\" href=\"").find(|link| {
            link.find(" rel=\"next\"").is_some_and(|at| at == link.find('"').unwrap_or(0) + 1)
        });
        let Some(next) = next.and_then(|link| link.split('"').next()) else { break };
        path = next.replace("&#38;", "&").replace("&amp;", "&");
    }
    Ok(line(cases, "findings, page after page", took, bytes))
}

fn line(cases: u64, name: &str, mut took: Vec<Duration>, bytes: usize) -> String {
    took.sort_unstable();
    let at = |part: usize| took[(took.len() - 1) * part / 100].as_secs_f64() * 1_000.0;
    format!("| {cases} | {name} | {:.2} ms | {:.2} ms | {bytes} |", at(50), at(99))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn every_page_is_a_row() {
        let report = pages(&[300], None, |_| ()).await.unwrap().to_string();
        assert_eq!(report.lines().count(), 16, "{report}");
    }
}
