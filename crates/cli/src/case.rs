//! `hoesu case`: everything known about one order, and what is wrong in it now.

mod told;
mod words;

use clap::Args;
use hoesu_claims::case::{Balance, LineOf, Tracks, Unit};
use hoesu_claims::fact::{Fact, Source};
use hoesu_engine::Docket;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Result};
use crate::finding::{self, Evidence, Told};
use crate::lang::{Lang, say};
use crate::pick;
use crate::shell::Shell;
use crate::table::table;
use crate::when;

/// Show an order: claim, goods and money, quantities, what happened, documents, what is wrong now.
#[derive(Debug, Args)]
pub(crate) struct Case {
    /// The order's number; a claim's or an outbound waybill leads there as well.
    order: String,
    #[command(flatten)]
    whose: Whose,
}

/// A case as programs read it. Accounts go by their names.
#[derive(Debug, Serialize)]
struct Shown {
    order: String,
    account: String,
    /// The sales accounts it may belong to, if nobody can tell.
    candidates: Vec<String>,
    tracks: Tracks,
    lines: Vec<LineOf>,
    balances: Vec<Balance>,
    timeline: Vec<Happened>,
    documents: Vec<Document>,
    findings: Vec<Told>,
    /// When the findings change by themselves.
    wake_at: Option<Timestamp>,
}

/// A fact, and the document that tells it.
#[derive(Debug, Serialize)]
struct Happened {
    #[serde(flatten)]
    fact: Fact,
    document: Evidence,
}

/// A document in its current version, and all its versions.
#[derive(Debug, Serialize)]
struct Document {
    #[serde(flatten)]
    current: Evidence,
    versions: Vec<Version>,
}

/// A version, counted by arrival.
#[derive(Debug, Serialize)]
struct Version {
    version: i64,
    observed_at: Timestamp,
}

impl Case {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let docket = pick::docket(&ledger, self.whose.seller.as_deref()).await?;
        let mut shown = Vec::new();
        for case in pick::cases(&docket, &self.order, None).await? {
            shown.push(show(&docket, case, shell.now).await?);
        }
        if shell.json {
            shell.value(&json!({ "cases": shown }))?;
            return Ok(Exit::Done);
        }
        let texts: Vec<String> = shown.iter().map(|case| case.text(shell.lang)).collect();
        shell.line(texts.join("\n\n"))?;
        Ok(Exit::Done)
    }
}

async fn show(docket: &Docket, case: hoesu_claims::Case, now: Timestamp) -> Result<Shown> {
    let mut documents = Vec::new();
    for document in &case.documents {
        let versions = docket.versions(document).await?.into_iter();
        let versions =
            versions.map(|one| Version { version: one.version, observed_at: one.observed_at });
        let current = Evidence::of(docket, document);
        documents.push(Document { current, versions: versions.collect() });
    }
    let findings = finding::all(docket, std::slice::from_ref(&case), now);
    let wake_at = docket.assess(&case, now).wake_at;
    let timeline = case.timeline.into_iter().filter_map(|(by, fact)| {
        Some(Happened { fact, document: Evidence::of(docket, case.documents.get(by)?) })
    });
    Ok(Shown {
        order: case.key.number().to_owned(),
        account: finding::name(docket, case.key.account()),
        candidates: case.candidates.iter().map(|id| finding::name(docket, *id)).collect(),
        tracks: case.tracks,
        lines: case.lines,
        balances: case.balances,
        timeline: timeline.collect(),
        documents,
        findings,
        wake_at,
    })
}

impl Shown {
    /// For people: a paragraph for each part that has something to say.
    fn text(&self, lang: Lang) -> String {
        let mut parts = vec![self.heading(lang)];
        let mut part = |heading: &str, text: String| {
            if !text.is_empty() {
                parts.push(format!("{heading}\n{text}"));
            }
        };
        part(lang.pick("품목", "Lines"), lines(&self.lines, lang));
        part(lang.pick("수량", "Quantities"), balances(&self.balances, lang));
        part(lang.pick("있었던 일", "What happened"), timeline(&self.timeline, lang));
        part(lang.pick("원문", "Documents"), documents(&self.documents, lang));
        let findings: Vec<String> = self.findings.iter().map(|one| one.text(lang)).collect();
        let nothing = lang.pick("지금은 없어요", "none now").to_owned();
        let findings = if findings.is_empty() { nothing } else { findings.join("\n") };
        part(lang.pick("할 일", "Findings"), findings);
        parts.join("\n\n")
    }

    fn heading(&self, lang: Lang) -> String {
        let Self { order, account, tracks, .. } = self;
        let claim = words::claim_track(tracks.claim, lang);
        let goods = words::goods_track(tracks.goods, lang);
        let money = words::money_track(tracks.money, lang);
        let heading = say!(
            lang,
            "주문 {order} ({account})\n클레임: {claim} · 물건: {goods} · 돈: {money}",
            "order {order} ({account})\nclaim: {claim} · goods: {goods} · money: {money}"
        );
        if self.candidates.is_empty() {
            return heading;
        }
        let may = self.candidates.join(", ");
        let may = say!(lang, "어느 판매 계정의 주문인지 몰라요: {may}", "may belong to: {may}");
        format!("{heading}\n{may}")
    }
}

fn lines(lines: &[LineOf], lang: Lang) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let headings = [
        lang.pick("품목", "item"),
        lang.pick("주문", "ordered"),
        lang.pick("취소", "cancelled"),
        lang.pick("취소 요청", "cancel asked"),
        lang.pick("출고", "shipped"),
        lang.pick("반품·교환", "claimed"),
        lang.pick("환불", "refunded"),
    ];
    let rows = lines.iter().map(|line| {
        vec![
            told::name(&line.line),
            told::pieces(line.ordered),
            line.cancelled.to_string(),
            line.cancel_asked.to_string(),
            told::pieces(line.shipped),
            line.claimed.to_string(),
            line.refunded.to_string(),
        ]
    });
    table(headings, rows)
}

fn balances(balances: &[Balance], lang: Lang) -> String {
    if balances.is_empty() {
        return String::new();
    }
    let headings = [
        lang.pick("기준", "unit"),
        lang.pick("주문", "ordered"),
        lang.pick("취소", "cancelled"),
        lang.pick("창고 보관", "held"),
        lang.pick("출고", "sent"),
        lang.pick("반품·교환", "claimed"),
        lang.pick("입고", "arrived"),
        lang.pick("정상", "good"),
        lang.pick("판매 불가", "unsellable"),
    ];
    let rows = balances.iter().map(|balance| {
        vec![
            match &balance.unit {
                Unit::Order => lang.pick("주문 전체", "whole order").to_owned(),
                Unit::Resource(resource) => resource.clone(),
            },
            told::pieces(balance.ordered),
            balance.cancelled.to_string(),
            balance.held.to_string(),
            balance.sent.to_string(),
            told::pieces(balance.claimed),
            balance.arrived.to_string(),
            balance.good.to_string(),
            balance.unsellable.to_string(),
        ]
    });
    table(headings, rows)
}

fn timeline(timeline: &[Happened], lang: Lang) -> String {
    let rows = timeline.iter().filter_map(|Happened { fact, document }| {
        let what = told::told(&fact.tells, lang)?;
        // Whoever reads a time should know if it is only when it was heard.
        let heard = match fact.when.source {
            Source::Told => "",
            Source::Observed => lang.pick(" (들은 때 기준)", " (as heard)"),
        };
        let at = when::kst(fact.when.at);
        Some(vec![at, document.account.clone(), format!("{what}{heard}")])
    });
    table([], rows)
}

fn documents(documents: &[Document], lang: Lang) -> String {
    let rows = documents.iter().map(|Document { current, versions }| {
        let shown = versions.iter().map(|one| {
            let is_current = versions.len() > 1 && one.version == current.version;
            let mark = if is_current { lang.pick(" (현재)", " (current)") } else { "" };
            format!("v{} {}{mark}", one.version, when::kst(one.observed_at))
        });
        let Evidence { account, kind, key, .. } = current;
        vec![format!("{account} {kind} {key}"), shown.collect::<Vec<_>>().join(", ")]
    });
    table([], rows)
}
