//! 건: orders something was asked back of, narrowed by where they stand, or found by their numbers.

mod list;
mod search;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use hoesu_channels::Desk;
use hoesu_ledger::cases::KeptCase;
use hoesu_ledger::overview::{CaseOrder, CaseSlot};

pub(crate) use list::Cases;
pub(crate) use search::go;

use crate::list::{Counts, Filter, Frame, Here, Listing as _, View};
use crate::look::{Look, Place};
use crate::shop::{Shop, case_path};
use crate::trouble::Trouble;
use crate::{when, words};

pub(crate) const PATH: &str = "/console/cases";

/// A case as a list shows it.
pub(crate) struct Row {
    pub(crate) key: String,
    pub(crate) order: String,
    pub(crate) account: String,
    pub(crate) href: String,
    pub(crate) tracks: [(&'static str, &'static str); 3],
    pub(crate) findings: u32,
    pub(crate) since: String,
    pub(crate) changed: String,
    pub(crate) ago: String,
}

impl Row {
    fn of(look: &Look, shop: &Shop, kept: KeptCase) -> Self {
        let (lang, now) = (look.lang, shop.now);
        let account = shop.names.name(kept.account);
        Self {
            href: case_path(&account, &kept.order),
            tracks: [
                (words::claim(&kept.claim, lang), words::shade(&kept.claim)),
                (words::goods(&kept.goods, lang), words::shade(&kept.goods)),
                (words::money(&kept.money, lang), words::shade(&kept.money)),
            ],
            findings: kept.findings,
            since: when::short(kept.since, now),
            changed: when::short(kept.changed_at, now),
            ago: when::ago(kept.changed_at, now, lang),
            key: kept.key,
            order: kept.order,
            account,
        }
    }
}

#[derive(Template)]
#[template(path = "cases.html")]
struct Page {
    look: Look,
    frame: Frame,
    filters: Vec<Filter>,
    missing: Vec<String>,
    too_many: bool,
    rows: Vec<Row>,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, Trouble> {
    let look = look.at(Place::Cases);
    let shop = Shop::open(&desk, &look).await?;
    let here = Here { desk: &desk, look: &look, shop: &shop };
    let view = View::of::<Cases>(pairs, &shop);
    let list = Cases::open(here, &view.asked).await?;
    let leaf = view.leaf(&list, here, view.asked.from(), view.asked.rows()).await?;
    let page = Page {
        frame: Frame::of(here, &list, &view, &leaf).await?,
        filters: filters(here, &list, &view),
        missing: list.found.as_ref().map(|found| found.missing.clone()).unwrap_or_default(),
        too_many: list.found.as_ref().is_some_and(|found| found.too_many),
        rows: leaf.rows.into_iter().map(|one| Row::of(&look, &shop, one)).collect(),
        look,
    };
    Ok(Html(page.render()?))
}

/// The tracks and the fault, each with how many cases stand at each word.
fn filters(here: Here<'_>, list: &Cases, view: &View<CaseOrder>) -> Vec<Filter> {
    let Here { look, shop, .. } = here;
    let mut counts: [Counts; 4] = Default::default();
    for one in list.tallies.iter().filter(|one| shop.by_id(one.slot.account).is_some()) {
        let CaseSlot { claim, goods, money, fault, .. } = &one.slot;
        let words = [claim.as_str(), goods, money, words::fault_word(fault.as_deref())];
        for (counts, word) in counts.iter_mut().zip(words) {
            *counts.entry(word.to_owned()).or_default() += one.cases;
        }
    }
    let [claims, goods, money, faults] = &counts;
    let (asked, lang) = (&view.asked, look.lang);
    let (claim, good) = (("claim", look.t("클레임", "Claim")), ("goods", look.t("상품", "Goods")));
    let paid = ("money", look.t("돈", "Money"));
    vec![
        Filter::of(asked, claim, words::CLAIMS, |word| words::claim(word, lang), claims),
        Filter::of(asked, good, words::GOODS, |word| words::goods(word, lang), goods),
        Filter::of(asked, paid, words::MONEY, |word| words::money(word, lang), money),
        Filter::fault(asked, lang, faults),
    ]
}
