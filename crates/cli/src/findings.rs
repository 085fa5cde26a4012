//! `hoesu findings`: what is wrong or due, as it is kept.

use std::sync::Arc;

use clap::Args;
use hoesu_claims::standing::{Closed, Event};
use hoesu_claims::{Rule, SellerId};
use hoesu_engine::told::{self, KeptFinding};
use hoesu_engine::{Docket, catch_up};
use hoesu_ledger::Ledger;
use hoesu_ledger::cases::{FindingQuery, Happened};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Result};
use crate::finding;
use crate::given;
use crate::lang::{Lang, say};
use crate::pick;
use crate::shell::Shell;
use crate::when;

/// Findings read of the ledger at once.
const PAGE: usize = 1_000;

/// List what is wrong or due, the most urgent first.
#[derive(Debug, Args)]
pub(crate) struct Findings {
    /// Only of this rule, by its id.
    #[arg(long, value_name = "RULE", value_parser = given::rule)]
    rule: Option<Rule>,
    /// Only of this order: its number, a claim's or an outbound waybill.
    #[arg(long, value_name = "ORDER")]
    order: Option<String>,
    /// Only open ones; so it is unless --all is given.
    #[arg(long, conflicts_with = "all")]
    open: bool,
    /// Closed ones too.
    #[arg(long)]
    all: bool,
    /// With what happened to each.
    #[arg(long)]
    history: bool,
    #[command(flatten)]
    whose: Whose,
}

/// A finding as programs read it, with its history if it was asked for.
#[derive(Debug, Serialize)]
struct Row {
    #[serde(flatten)]
    finding: KeptFinding,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<Step>>,
}

/// What happened to a finding.
#[derive(Debug, Serialize)]
struct Step {
    at: Timestamp,
    event: Event,
    actor: Option<String>,
    reason: Option<String>,
}

impl Findings {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let seller = pick::whose(&ledger, self.whose.seller.as_deref()).await?;
        catch_up(&ledger, seller.id, shell.now).await?;
        let docket = Docket::open(Arc::clone(&ledger), seller.id).await?;
        let names = docket.names();
        let mut rows = Vec::new();
        for kept in self.kept(&docket, &ledger, seller.id).await? {
            let history = if self.history {
                let happened = ledger.happened(seller.id, &kept.finding.id).await?;
                Some(happened.into_iter().map(step).collect())
            } else {
                None
            };
            rows.push(Row { finding: KeptFinding::tell(&names, kept), history });
        }
        let notices = told::notices(&ledger, seller.id, shell.now).await?;
        if shell.json {
            shell.value(&json!({ "findings": rows, "notices": notices }))?;
            return Ok(Exit::Done);
        }
        for notice in &notices {
            shell.note(shell.lang.pick(&notice.sentence.ko, &notice.sentence.en));
        }
        for row in &rows {
            shell.line(row.text(shell.lang))?;
        }
        let count = rows.len();
        shell.note(match (self.all, count) {
            (false, 0) => say!(shell.lang, "지금 할 일이 없어요", "nothing is wrong or due now"),
            (false, _) => say!(shell.lang, "할 일이 {count}가지 있어요", "{count} open"),
            (true, _) => say!(shell.lang, "모두 {count}가지예요", "{count} in all"),
        });
        Ok(Exit::Done)
    }

    async fn kept(
        &self,
        docket: &Docket,
        ledger: &Ledger,
        seller: SellerId,
    ) -> Result<Vec<hoesu_ledger::cases::KeptFinding>> {
        let Some(order) = &self.order else { return self.of(ledger, seller, None).await };
        let order = order.trim().to_owned();
        let exact = self.of(ledger, seller, Some(order.clone())).await?;
        if !exact.is_empty() {
            return Ok(exact);
        }
        let mut kept = Vec::new();
        for case in pick::cases(docket, &order, None).await? {
            kept.extend(self.of(ledger, seller, Some(case.key.number().to_owned())).await?);
        }
        Ok(kept)
    }

    async fn of(
        &self,
        ledger: &Ledger,
        seller: SellerId,
        order: Option<String>,
    ) -> Result<Vec<hoesu_ledger::cases::KeptFinding>> {
        let open = if self.all { None } else { Some(true) };
        let mut query =
            FindingQuery { rule: self.rule, order, open, limit: PAGE, ..FindingQuery::default() };
        let mut kept = Vec::new();
        loop {
            let page = ledger.findings(seller, query.clone()).await?;
            let Some(last) = page.last() else { return Ok(kept) };
            query.after = Some(last.place());
            kept.extend(page);
        }
    }
}

fn step(happened: Happened) -> Step {
    let Happened { at, event, actor, reason } = happened;
    Step { at, event, actor, reason }
}

impl Row {
    fn text(&self, lang: Lang) -> String {
        let KeptFinding { finding, closed, changed_at, .. } = &self.finding;
        let mut lines = vec![finding::text(finding, lang)];
        lines.push(format!("  {}", finding.id));
        if let Some(closed) = closed {
            let (how, at) = (how_closed(*closed, lang), when::kst(*changed_at));
            lines.push(format!("  {how} {at}"));
        }
        for step in self.history.iter().flatten() {
            let (at, event) = (when::kst(step.at), event(step.event, lang));
            let who = step.actor.as_deref().map(|actor| format!(" · {actor}"));
            let why = step.reason.as_deref().map(|reason| format!(": {reason}"));
            let (who, why) = (who.unwrap_or_default(), why.unwrap_or_default());
            lines.push(format!("  - {at} {event}{who}{why}"));
        }
        lines.join("\n")
    }
}

fn how_closed(closed: Closed, lang: Lang) -> &'static str {
    match closed {
        Closed::Itself => lang.pick("저절로 닫힘", "closed by itself"),
        Closed::Hand => lang.pick("사람이 닫음", "closed by hand"),
        Closed::Forced => lang.pick("강제로 닫음", "closed by force"),
    }
}

fn event(event: Event, lang: Lang) -> &'static str {
    match event {
        Event::Opened => lang.pick("발견", "found"),
        Event::ClosedItself => how_closed(Closed::Itself, lang),
        Event::ClosedHand => how_closed(Closed::Hand, lang),
        Event::ClosedForced => how_closed(Closed::Forced, lang),
        Event::Cleared => lang.pick("조건이 없어짐", "its condition went"),
        Event::Reopened => lang.pick("다시 열림", "reopened"),
    }
}
