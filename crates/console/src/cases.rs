//! 건: orders something was asked back of, narrowed by where they stand, or found by their numbers.

mod list;
mod search;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use hoesu_channels::Desk;
use hoesu_ledger::cases::KeptCase;
use hoesu_ledger::overview::{CaseOrder, CaseSlot};

pub(crate) use list::Cases;
pub(crate) use search::go;

use crate::lang::Lang;
use crate::list::{Choice, Frame, Here, Listing as _, View};
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

/// A choice among words, as a form has it.
struct Filter {
    name: &'static str,
    title: &'static str,
    all: &'static str,
    choices: Vec<Choice>,
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

/// What a track's word is called in a language.
type Named = fn(&str, Lang) -> &'static str;

/// The tracks and the fault, each with how many cases stand at each word.
fn filters(here: Here<'_>, list: &Cases, view: &View<CaseOrder>) -> Vec<Filter> {
    let Here { look, shop, .. } = here;
    let mut counts: [BTreeMap<String, u64>; 4] = Default::default();
    for one in list.tallies.iter().filter(|one| shop.by_id(one.slot.account).is_some()) {
        let CaseSlot { claim, goods, money, fault, .. } = &one.slot;
        let fault = fault.clone().unwrap_or_else(|| "unknown".to_owned());
        let words = [claim.clone(), goods.clone(), money.clone(), fault];
        for (counts, word) in counts.iter_mut().zip(words) {
            *counts.entry(word).or_default() += one.cases;
        }
    }
    let filter = |name, title, words: &[&str], named: Named, counts: &BTreeMap<String, u64>| {
        let choice = |word: &&str| Choice {
            value: (*word).to_owned(),
            name: named(word, look.lang).to_owned(),
            href: String::new(),
            count: words::count(counts.get(*word).copied().unwrap_or(0)),
            on: view.asked.has(name, word),
        };
        let there = |word: &&&str| counts.contains_key(**word) || view.asked.has(name, word);
        Filter {
            name,
            title,
            all: look.t("전체", "All"),
            choices: words.iter().filter(there).map(choice).collect(),
        }
    };
    let [claims, goods, money, faults] = &counts;
    vec![
        filter("claim", look.t("클레임", "Claim"), &words::CLAIMS, words::claim, claims),
        filter("goods", look.t("상품", "Goods"), &words::GOODS, words::goods, goods),
        filter("money", look.t("돈", "Money"), &words::MONEY, words::money, money),
        filter("fault", look.t("귀책", "Fault"), &words::FAULTS, words::fault, faults),
    ]
}
