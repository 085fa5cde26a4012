//! 발견: what is wrong or due, narrowed, searched, ticked and closed.

mod close;
mod list;
mod row;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use hoesu_channels::Desk;
use hoesu_claims::{Rule, Won};
use hoesu_ledger::overview::FindingOrder;

pub(crate) use close::close;
pub(crate) use list::Findings;
pub(crate) use row::Row;

use crate::list::{Choice, Frame, Here, Listing as _, View};
use crate::look::{Look, Place};
use crate::shop::Shop;
use crate::trouble::Trouble;
use crate::words;

pub(crate) const PATH: &str = "/console/findings";

#[derive(Template)]
#[template(path = "findings.html")]
struct Page {
    look: Look,
    said: Option<String>,
    frame: Frame,
    rules: Vec<Choice>,
    rows: Vec<Row>,
    risk: String,
    decides: bool,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, Trouble> {
    let look = look.at(Place::Findings);
    let shop = Shop::open(&desk, &look).await?;
    let here = Here { desk: &desk, look: &look, shop: &shop };
    let view = View::of::<Findings>(pairs, &shop);
    let list = Findings::open(here, &view.asked).await?;
    let leaf = view.leaf(&list, here, view.asked.from(), view.asked.rows()).await?;
    let page = Page {
        said: close::said(view.asked.one("done"), look.lang),
        frame: Frame::of(here, &list, &view, &leaf).await?,
        rules: rules(here, &list, &view),
        risk: risk(here, &list, &view),
        rows: leaf.rows.into_iter().map(|one| Row::of(&look, &shop, one)).collect(),
        decides: look.decides(),
        look,
    };
    Ok(Html(page.render()?))
}

/// What all that is asked for may cost; nothing of a span, which nobody summed.
fn risk(here: Here<'_>, list: &Findings, view: &View<FindingOrder>) -> String {
    let all = list.asked(here.shop, &view.asked, view.open);
    let risk = all.fold(0_i64, |sum, one| sum.saturating_add(one.won.0));
    if view.days.is_everything() && risk > 0 {
        words::won(Won(risk), here.look.lang)
    } else {
        String::new()
    }
}

/// The rules that have anything in the state asked for.
fn rules(here: Here<'_>, list: &Findings, view: &View<FindingOrder>) -> Vec<Choice> {
    let mut counts: BTreeMap<Rule, u64> = BTreeMap::new();
    for (rule, findings) in list.rules(here.shop, view) {
        *counts.entry(rule).or_default() += findings;
    }
    let asked = |rule: &Rule| view.asked.has("rule", rule.id());
    let all = Rule::ALL.into_iter().filter(|rule| counts.contains_key(rule) || asked(rule));
    let choice = |rule: Rule| Choice {
        value: rule.id().to_owned(),
        name: words::rule(rule, here.look.lang),
        href: String::new(),
        count: words::count(counts.get(&rule).copied().unwrap_or(0)),
        on: asked(&rule),
    };
    all.map(choice).collect()
}
