//! 건: orders something was asked back of, narrowed by where they stand, or found by their numbers.

mod search;
mod table;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use hoesu_channels::Desk;
use hoesu_ledger::cases::KeptCase;
use hoesu_ledger::overview::{CaseOrder, CasePick, CaseSlot, CaseTally, Spot};

pub(crate) use search::go;
pub(crate) use table::{csv, xlsx};

use crate::asked::{Asked, Days, place};
use crate::findings::{Choice, accounts, sizes, spans};
use crate::lang::Lang;
use crate::look::{Look, Place};
use crate::shop::{Shop, case_path};
use crate::trouble::Trouble;
use crate::{when, words};

pub(crate) const PATH: &str = "/console/cases";

/// Of a span, more than this is told as «more than».
const COUNTED: usize = 10_000;

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

/// Which cases are asked for.
pub(crate) struct View {
    pub(crate) asked: Asked,
    order: CaseOrder,
    days: Days,
    open: Option<bool>,
    tallies: Vec<CaseTally>,
    /// Keys of the cases that were searched for.
    found: Option<search::Found>,
}

impl View {
    pub(crate) async fn of(
        desk: &Desk,
        look: &Look,
        shop: &Shop,
        pairs: Vec<(String, String)>,
    ) -> Result<Self, Trouble> {
        let asked = Asked::of(PATH, pairs);
        let order = match asked.one("by") {
            Some("since") => CaseOrder::Since,
            _ => CaseOrder::Changed,
        };
        let found = match asked.one("q") {
            Some(text) => Some(search::find(desk, look, shop, text).await?),
            None => None,
        };
        let open = match asked.one("state") {
            Some("open") => Some(true),
            Some("calm") => Some(false),
            _ => None,
        };
        let days = asked.days(shop.now);
        let tallies = desk.ledger.case_tallies(look.signed.seller).await?;
        Ok(Self { asked, order, days, open, tallies, found })
    }

    /// Whether a case that stands so is asked for, whatever its state.
    fn fits(&self, shop: &Shop, slot: &CaseSlot) -> bool {
        let fault = slot.fault.as_deref().unwrap_or("unknown");
        let asked = self.asked.one("fault").is_none() || self.asked.has("fault", fault);
        asked && self.stands(shop, slot)
    }

    /// The same, whosever fault it is.
    fn stands(&self, shop: &Shop, slot: &CaseSlot) -> bool {
        let is =
            |name: &str, value: &str| self.asked.one(name).is_none() || self.asked.has(name, value);
        let account = shop.by_id(slot.account);
        account.is_some_and(|one| is("account", &one.name) && is("channel", &one.channel))
            && is("claim", &slot.claim)
            && is("goods", &slot.goods)
            && is("money", &slot.money)
    }

    fn slots(&self, shop: &Shop, open: Option<bool>) -> Vec<CaseSlot> {
        let here = |one: &&CaseTally| {
            open.is_none_or(|open| open == one.slot.open) && self.fits(shop, &one.slot)
        };
        self.tallies.iter().filter(here).map(|one| one.slot.clone()).collect()
    }

    /// Of what was searched for, what fits the rest.
    fn found(&self, shop: &Shop, open: Option<bool>) -> Option<Vec<KeptCase>> {
        let between = self.days.between();
        let fits = |kept: &&KeptCase| {
            let at = match self.order {
                CaseOrder::Changed => kept.changed_at,
                CaseOrder::Since => kept.since,
            };
            let slot = CaseSlot {
                account: kept.account,
                claim: kept.claim.clone(),
                goods: kept.goods.clone(),
                money: kept.money.clone(),
                fault: None,
                open: kept.findings > 0,
            };
            open.is_none_or(|open| open == slot.open)
                && between.contains(at)
                && self.stands(shop, &slot)
        };
        Some(self.found.as_ref()?.cases.iter().filter(fits).cloned().collect())
    }

    async fn count(
        &self,
        desk: &Desk,
        look: &Look,
        shop: &Shop,
        open: Option<bool>,
    ) -> Result<String, Trouble> {
        if let Some(found) = self.found(shop, open) {
            return Ok(words::count(found.len() as u64));
        }
        if self.days.is_everything() {
            let here = |one: &&CaseTally| {
                open.is_none_or(|open| open == one.slot.open) && self.fits(shop, &one.slot)
            };
            return Ok(words::count(self.tallies.iter().filter(here).map(|one| one.cases).sum()));
        }
        let (seller, slots) = (look.signed.seller, self.slots(shop, open));
        let between = self.days.between();
        let count = desk.ledger.count_cases(seller, &slots, self.order, between, COUNTED).await?;
        let more = if count >= COUNTED as u64 { "+" } else { "" };
        Ok(format!("{}{more}", words::count(count)))
    }

    /// One page, and where the next begins if there is one.
    pub(crate) async fn page(
        &self,
        desk: &Desk,
        look: &Look,
        shop: &Shop,
        after: Option<Spot>,
        rows: usize,
    ) -> Result<(Vec<KeptCase>, Option<Spot>), Trouble> {
        // What was searched for is one page: there are at most so many numbers in a search.
        if let Some(found) = self.found(shop, self.open) {
            return Ok((found, None));
        }
        let pick = CasePick {
            slots: self.slots(shop, self.open),
            order: self.order,
            between: self.days.between(),
            after,
            limit: rows + 1,
        };
        let mut kept = desk.ledger.pick_cases(look.signed.seller, pick).await?;
        let more = kept.len() > rows;
        kept.truncate(rows);
        let next = kept.last().filter(|_| more).map(|last| self.spot(last));
        Ok((kept, next))
    }

    fn spot(&self, kept: &KeptCase) -> Spot {
        let at = match self.order {
            CaseOrder::Changed => kept.changed_at,
            CaseOrder::Since => kept.since,
        };
        Spot { at_ms: at.as_millisecond(), id: kept.key.clone() }
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
    tabs: Vec<Choice>,
    filters: Vec<Filter>,
    accounts: Vec<Choice>,
    orders: Vec<Choice>,
    spans: Vec<Choice>,
    sizes: Vec<Choice>,
    from: String,
    until: String,
    q: String,
    kept: Vec<(String, String)>,
    missing: Vec<String>,
    too_many: bool,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
    csv: String,
    xlsx: String,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, Trouble> {
    let look = look.at(Place::Cases);
    let shop = Shop::open(&desk, &look).await?;
    let view = View::of(&desk, &look, &shop, pairs).await?;
    let (kept, next) =
        view.page(&desk, &look, &shop, view.asked.after(), view.asked.rows()).await?;
    let mut tabs = Vec::new();
    for (value, open, ko, en) in [
        ("all", None, "전체", "All"),
        ("open", Some(true), "할 일 있음", "To do"),
        ("calm", Some(false), "할 일 없음", "Nothing to do"),
    ] {
        tabs.push(Choice {
            value: value.to_owned(),
            name: look.t(ko, en).to_owned(),
            href: view.asked.with(&["state", "after"], &[("state", value)]),
            count: view.count(&desk, &look, &shop, open).await?,
            on: view.open == open,
        });
    }
    let asked = &view.asked;
    let orders = [
        ("changed", CaseOrder::Changed, "바뀐 때", "Changed"),
        ("since", CaseOrder::Since, "시작한 때", "Begun"),
    ]
    .map(|(value, order, ko, en)| Choice {
        value: value.to_owned(),
        name: look.t(ko, en).to_owned(),
        href: String::new(),
        count: String::new(),
        on: view.order == order,
    });
    let page = Page {
        filters: filters(&look, &shop, &view),
        accounts: accounts(&look, &shop, asked),
        orders: orders.into(),
        spans: spans(&look, asked),
        sizes: sizes(asked),
        from: asked.one("from").unwrap_or_default().to_owned(),
        until: asked.one("until").unwrap_or_default().to_owned(),
        q: asked.one("q").unwrap_or_default().to_owned(),
        kept: ["state", "rows"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), asked.one(name)?.to_owned())))
            .collect(),
        missing: view.found.as_ref().map(|found| found.missing.clone()).unwrap_or_default(),
        too_many: view.found.as_ref().is_some_and(|found| found.too_many),
        first: asked.one("after").map(|_| asked.with(&["after"], &[])),
        next: next.map(|spot| asked.with(&["after"], &[("after", &place(&spot))])),
        csv: asked.at("/console/cases.csv", &["after", "rows"]),
        xlsx: asked.at("/console/cases.xlsx", &["after", "rows"]),
        rows: kept.into_iter().map(|one| Row::of(&look, &shop, one)).collect(),
        tabs,
        look,
    };
    Ok(Html(page.render()?))
}

/// What a track's word is called in a language.
type Named = fn(&str, Lang) -> &'static str;

/// The tracks and the fault, each with how many cases stand at each word.
fn filters(look: &Look, shop: &Shop, view: &View) -> Vec<Filter> {
    let mut counts: [BTreeMap<String, u64>; 4] = Default::default();
    for one in view.tallies.iter().filter(|one| shop.by_id(one.slot.account).is_some()) {
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
