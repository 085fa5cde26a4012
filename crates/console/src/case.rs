//! 건 하나: one order as everybody tells it, what is wrong in it, and what people noted and decided.

mod history;
mod lines;
mod memo;
mod rails;
mod verbatim;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use hoesu_channels::Desk;
use hoesu_claims::Case;
use hoesu_claims::rules::{Refund, refunds};
use hoesu_claims::time::kst_day;
use hoesu_engine::Docket;
use hoesu_engine::told::words as tracks;
use hoesu_ledger::overview::Memo;

pub(crate) use memo::add;

use crate::lang::{Lang, say};
use crate::look::{Look, Place};
use crate::shop::{Shop, channel};
use crate::trouble::Trouble;
use crate::{when, words};
use history::Told;
use lines::{BalanceRow, LineRow};
use rails::{Moment, Strip};
use verbatim::Sheaf;

/// A refund of the order and its clock.
struct Clock {
    claim: String,
    amount: String,
    due: String,
    state: String,
    class: &'static str,
    interest: String,
}

/// A track and where the order stands on it.
struct Track {
    name: &'static str,
    lane: &'static str,
    word: &'static str,
    shade: &'static str,
}

#[derive(Template)]
#[template(path = "case.html")]
struct Page {
    look: Look,
    order: String,
    account: String,
    channel: String,
    candidates: String,
    tracks: [Track; 3],
    findings: Vec<Told>,
    past: Vec<Told>,
    strip: Strip,
    moments: Vec<Moment>,
    lines: Vec<LineRow>,
    balances: Vec<BalanceRow>,
    clocks: Vec<Clock>,
    memos: Vec<(String, Memo)>,
    sheaves: Vec<Sheaf>,
    decides: bool,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    look: Look,
    Path((account, order)): Path<(String, String)>,
) -> Result<Html<String>, Trouble> {
    let look = look.at(Place::Cases);
    let shop = Shop::open(&desk, &look).await?;
    let of = shop.account(&account).ok_or(Trouble::NotHere)?;
    let seller = look.signed.seller;
    let docket = Docket::open(Arc::clone(&desk.ledger), seller).await?;
    let cases = docket.cases_of(&order, None).await?;
    let here = |case: &Case| case.key.account() == of.id && case.key.number() == order;
    let case = cases.into_iter().find(here).ok_or(Trouble::NotHere)?;
    let key = case.key.text();
    let kept = desk.ledger.findings_of(seller, vec![key]).await?;
    let mut told = Vec::new();
    for one in kept {
        let happened = desk.ledger.happened(seller, &one.finding.id).await?;
        told.push(Told::of(&look, &shop, one, happened));
    }
    told.sort_by(|a, b| a.urgency.cmp(&b.urgency));
    let (findings, past): (Vec<Told>, Vec<Told>) = told.into_iter().partition(|one| one.is_open);
    let mut sheaves = Vec::new();
    for (at, document) in case.documents.iter().enumerate() {
        let versions = docket.versions(document).await?;
        sheaves.push(Sheaf::of(&look, &shop, &case, at, &versions));
    }
    let memos = desk.ledger.memos(seller, &order).await?;
    let owed = refunds(&case, docket.calendar(), kst_day(shop.now));
    let lang = look.lang;
    let candidates: Vec<String> = case.candidates.iter().map(|id| shop.names.name(*id)).collect();
    let page = Page {
        channel: channel(of, lang),
        candidates: candidates.join(", "),
        tracks: stand(&case, lang),
        strip: Strip::of(&case, &owed, shop.now, lang),
        moments: rails::moments(&case, &shop, lang),
        lines: lines::lines(&case),
        balances: lines::balances(&case, lang),
        clocks: owed.iter().map(|refund| clock(refund, &shop, lang)).collect(),
        memos: memos.into_iter().map(|memo| (when::short(memo.at, shop.now), memo)).collect(),
        decides: look.decides(),
        order,
        account,
        findings,
        past,
        sheaves,
        look,
    };
    Ok(Html(page.render()?))
}

fn stand(case: &Case, lang: Lang) -> [Track; 3] {
    let kept = |word: serde_json::Value| word.as_str().map_or("", words::shade);
    let shade = |word: Result<serde_json::Value, _>| word.map_or("", kept);
    let stands = case.tracks;
    [
        Track {
            name: lang.pick("클레임", "Claim"),
            lane: "claim",
            word: lang.title(tracks::claim_track(stands.claim)),
            shade: shade(serde_json::to_value(stands.claim)),
        },
        Track {
            name: lang.pick("상품", "Goods"),
            lane: "goods",
            word: lang.title(tracks::goods_track(stands.goods)),
            shade: shade(serde_json::to_value(stands.goods)),
        },
        Track {
            name: lang.pick("돈", "Money"),
            lane: "money",
            word: lang.title(tracks::money_track(stands.money)),
            shade: shade(serde_json::to_value(stands.money)),
        },
    ]
}

fn clock(refund: &Refund, shop: &Shop, lang: Lang) -> Clock {
    let days = kst_day(shop.now).duration_until(refund.clock.due).as_hours() / 24;
    let (state, class) = match (refund.refunded_on, refund.days_overdue) {
        (Some(on), 0) => (say!(lang, "{on} 환불됨", "refunded {on}"), "green"),
        (Some(on), late) => {
            (say!(lang, "{on} 환불됨, {late}일 늦음", "refunded {on}, {late} days late"), "amber")
        }
        (None, 0) if days == 0 => (lang.pick("오늘까지", "due today").to_owned(), "amber"),
        (None, 0) => (format!("D-{days}"), if days <= 1 { "amber" } else { "" }),
        (None, late) => (format!("D+{late}"), "red"),
    };
    Clock {
        claim: refund.claim.clone(),
        amount: refund.amount.map_or_else(|| "?".to_owned(), |won| words::won(won, lang)),
        due: when::day(refund.clock.due, lang),
        state,
        class,
        interest: refund
            .interest
            .filter(|won| won.0 > 0)
            .map(|won| words::won(won, lang))
            .unwrap_or_default(),
    }
}
