//! `hoesu case`: everything known about one order, and what is wrong in it now.

use clap::Args;
use hoesu_claims::case::{Balance, LineOf, Unit};
use hoesu_claims::fact::Source;
use hoesu_engine::told::{self, CaseDocument, Evidence, Happened, words};
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Result};
use crate::finding;
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

impl Case {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let docket = pick::docket(&ledger, self.whose.seller.as_deref()).await?;
        let mut shown = Vec::new();
        for case in pick::cases(&docket, &self.order, None).await? {
            shown.push(told::case(&docket, case, shell.now).await?);
        }
        if shell.json {
            shell.value(&json!({ "cases": shown }))?;
            return Ok(Exit::Done);
        }
        let texts: Vec<String> = shown.iter().map(|case| text(case, shell.lang)).collect();
        shell.line(texts.join("\n\n"))?;
        Ok(Exit::Done)
    }
}

/// For people: a paragraph for each part that has something to say.
fn text(case: &told::Case, lang: Lang) -> String {
    let mut parts = vec![heading(case, lang)];
    let mut part = |heading: &str, text: String| {
        if !text.is_empty() {
            parts.push(format!("{heading}\n{text}"));
        }
    };
    part(lang.pick("품목", "Lines"), lines(&case.lines, lang));
    part(lang.pick("수량", "Quantities"), balances(&case.balances, lang));
    part(lang.pick("있었던 일", "What happened"), timeline(&case.timeline, lang));
    part(lang.pick("원문", "Documents"), documents(&case.documents, lang));
    let findings: Vec<String> = case.findings.iter().map(|one| finding::text(one, lang)).collect();
    let nothing = lang.pick("지금은 없어요", "none now").to_owned();
    let findings = if findings.is_empty() { nothing } else { findings.join("\n") };
    part(lang.pick("할 일", "Findings"), findings);
    parts.join("\n\n")
}

fn heading(case: &told::Case, lang: Lang) -> String {
    let told::Case { order, account, tracks, .. } = case;
    let claim = lang.title(words::claim_track(tracks.claim));
    let goods = lang.title(words::goods_track(tracks.goods));
    let money = lang.title(words::money_track(tracks.money));
    let heading = say!(
        lang,
        "주문 {order} ({account})\n클레임: {claim} · 물건: {goods} · 돈: {money}",
        "order {order} ({account})\nclaim: {claim} · goods: {goods} · money: {money}"
    );
    if case.candidates.is_empty() {
        return heading;
    }
    let may = case.candidates.join(", ");
    let may = say!(lang, "어느 판매 계정의 주문인지 몰라요: {may}", "may belong to: {may}");
    format!("{heading}\n{may}")
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
        let what = told::happened(&fact.tells)?;
        let what = lang.pick(&what.ko, &what.en);
        // Whoever reads a time should know if it is only when it was heard.
        let heard = match fact.when.source {
            Source::Told | Source::Changed => "",
            Source::Observed => lang.pick(" (들은 때 기준)", " (as heard)"),
        };
        let at = when::kst(fact.when.at);
        Some(vec![at, document.account.clone(), format!("{what}{heard}")])
    });
    table([], rows)
}

fn documents(documents: &[CaseDocument], lang: Lang) -> String {
    let rows = documents.iter().map(|CaseDocument { current, versions }| {
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
