//! 발견: what is wrong or due, narrowed, searched, ticked and closed.

mod close;
mod list;
mod row;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use hoesu_channels::Desk;
use hoesu_claims::Rule;
use hoesu_ledger::overview::{FindingOrder, at_risk};

pub(crate) use close::close;
pub(crate) use list::Findings;
pub(crate) use row::Row;

use crate::list::{Counts, Filter, Frame, Here, Listing as _, View};
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
    filters: Vec<Filter>,
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
        filters: filters(here, &list, &view),
        risk: risk(here, &list, &view),
        rows: leaf.rows.into_iter().map(|one| Row::of(&look, &shop, one)).collect(),
        decides: look.decides(),
        look,
    };
    Ok(Html(page.render()?))
}

/// What all that is asked for and open may cost; nothing of a span, which nobody summed.
fn risk(here: Here<'_>, list: &Findings, view: &View<FindingOrder>) -> String {
    let all = list.asked(here.shop, &view.asked, view.open);
    let (risk, interest) = at_risk(all.filter(|one| one.slot.open));
    if view.days.is_everything() {
        words::risk(risk, interest, here.look.lang)
    } else {
        String::new()
    }
}

/// Rules and faults, each with how many findings there are in the state asked for.
fn filters(here: Here<'_>, list: &Findings, view: &View<FindingOrder>) -> Vec<Filter> {
    let Here { look, shop, .. } = here;
    let (mut rules, mut faults) = (Counts::new(), Counts::new());
    for one in list.there(shop, &view.asked, view.open) {
        let fault = words::fault_word(one.slot.fault.as_deref()).to_owned();
        *rules.entry(one.slot.rule.id().to_owned()).or_default() += one.findings;
        *faults.entry(fault).or_default() += one.findings;
    }
    let named =
        |id: &str| Rule::from_id(id).map_or_else(String::new, |it| words::rule(it, look.lang));
    let rule = ("rule", look.t("규칙", "Rule"));
    vec![
        Filter::of(&view.asked, rule, Rule::ALL.into_iter().map(Rule::id), named, &rules),
        Filter::fault(&view.asked, look.lang, &faults),
    ]
}
