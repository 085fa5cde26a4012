//! 발견: what is wrong or due, narrowed, searched, ticked and closed.

mod close;
mod table;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use hoesu_channels::Desk;
use hoesu_claims::{Rule, Won};
use hoesu_ledger::cases::KeptFinding;
use hoesu_ledger::overview::{FindingOrder, FindingPick, FindingSlot, FindingTally, Spot};
use jiff::Timestamp;

pub(crate) use close::close;
pub(crate) use table::{csv, xlsx};

use crate::asked::{Asked, Days, ROWS, place};
use crate::look::{Look, Place};
use crate::shop::{Shop, case_path};
use crate::trouble::Trouble;
use crate::when::{self, Left};
use crate::words;

pub(crate) const PATH: &str = "/console/findings";

/// Of a span, more than this is told as «more than».
const COUNTED: usize = 10_000;

/// A tab or a choice of a filter, with how much there is behind it.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) count: String,
    pub(crate) on: bool,
}

/// A finding as a list shows it.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) order: String,
    pub(crate) account: String,
    pub(crate) href: String,
    pub(crate) sentence: String,
    pub(crate) todo: String,
    pub(crate) won: String,
    pub(crate) left: Option<Left>,
    pub(crate) deadline: String,
    pub(crate) opened: String,
    pub(crate) closed: Option<&'static str>,
    pub(crate) changed: String,
}

impl Row {
    pub(crate) fn of(look: &Look, shop: &Shop, kept: KeptFinding) -> Self {
        let (lang, now) = (look.lang, shop.now);
        let finding = kept.finding;
        let account = shop.names.name(kept.account);
        let left = finding.deadline.map(|at| when::left(at, now, lang));
        Self {
            href: case_path(&account, &finding.order),
            rule: words::rule(finding.rule, lang),
            deadline: finding.deadline.map(|at| when::short(at, now)).unwrap_or_default(),
            left,
            sentence: lang.pick(&finding.sentence.ko, &finding.sentence.en).to_owned(),
            todo: finding
                .proposed
                .as_ref()
                .map(|proposed| words::proposed(proposed, &shop.names, lang))
                .unwrap_or_default(),
            won: finding.won_at_risk.map(|won| words::won(won, lang)).unwrap_or_default(),
            opened: when::short(kept.opened_at, now),
            closed: kept.standing.closed.map(|closed| words::closed(closed, lang)),
            changed: when::short(kept.changed_at, now),
            id: finding.id,
            order: finding.order,
            account,
        }
    }
}

/// Which findings are asked for.
pub(crate) struct View {
    pub(crate) asked: Asked,
    pub(crate) order: FindingOrder,
    pub(crate) days: Days,
    open: Option<bool>,
    tallies: Vec<FindingTally>,
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
            Some("opened") => FindingOrder::Opened,
            Some("changed") => FindingOrder::Changed,
            _ => FindingOrder::Deadline,
        };
        let open = match asked.one("state") {
            Some("closed") => Some(false),
            Some("all") => None,
            _ => Some(true),
        };
        let days = asked.days(shop.now);
        let tallies = desk.ledger.finding_tallies(look.signed.seller).await?;
        Ok(Self { asked, order, days, open, tallies })
    }

    fn is_rule(&self, rule: Rule) -> bool {
        self.asked.one("rule").is_none() || self.asked.has("rule", rule.id())
    }

    fn is_account(&self, shop: &Shop, slot: FindingSlot) -> bool {
        let account = shop.by_id(slot.account);
        let is =
            |name: &str, value: &str| self.asked.one(name).is_none() || self.asked.has(name, value);
        account.is_some_and(|one| is("account", &one.name) && is("channel", &one.channel))
    }

    /// The slots that are asked for, whatever their state.
    fn here<'a>(&'a self, shop: &'a Shop) -> impl Iterator<Item = &'a FindingTally> {
        let here =
            |one: &&FindingTally| self.is_rule(one.slot.rule) && self.is_account(shop, one.slot);
        self.tallies.iter().filter(here)
    }

    pub(crate) fn slots(&self, shop: &Shop) -> Vec<FindingSlot> {
        let state = |slot: &FindingSlot| self.open.is_none_or(|open| open == slot.open);
        self.here(shop).map(|one| one.slot).filter(state).collect()
    }

    /// How many there are in a state; with a plus where nobody counted on.
    async fn count(
        &self,
        desk: &Desk,
        look: &Look,
        shop: &Shop,
        open: Option<bool>,
    ) -> Result<String, Trouble> {
        let of = self.here(shop).filter(|one| open.is_none_or(|open| open == one.slot.open));
        if self.days.is_everything() {
            return Ok(words::count(of.map(|one| one.findings).sum()));
        }
        let slots: Vec<FindingSlot> = of.map(|one| one.slot).collect();
        let between = self.days.between();
        let seller = look.signed.seller;
        let count =
            desk.ledger.count_findings(seller, &slots, self.order, between, COUNTED).await?;
        let more = if count >= COUNTED as u64 { "+" } else { "" };
        Ok(format!("{}{more}", words::count(count)))
    }

    /// One page and whether there is another.
    pub(crate) async fn page(
        &self,
        desk: &Desk,
        look: &Look,
        shop: &Shop,
        after: Option<Spot>,
        rows: usize,
    ) -> Result<(Vec<KeptFinding>, Option<Spot>), Trouble> {
        let pick = FindingPick {
            slots: self.slots(shop),
            order: self.order,
            between: self.days.between(),
            after,
            limit: rows + 1,
        };
        let mut kept = desk.ledger.pick_findings(look.signed.seller, pick).await?;
        let more = kept.len() > rows;
        kept.truncate(rows);
        let next = kept.last().filter(|_| more).map(|last| self.spot(last));
        Ok((kept, next))
    }

    fn spot(&self, kept: &KeptFinding) -> Spot {
        let at_ms = match self.order {
            FindingOrder::Deadline => {
                kept.finding.deadline.map_or(i64::MAX, Timestamp::as_millisecond)
            }
            FindingOrder::Opened => kept.opened_at.as_millisecond(),
            FindingOrder::Changed => kept.changed_at.as_millisecond(),
        };
        Spot { at_ms, id: kept.finding.id.clone() }
    }
}

#[derive(Template)]
#[template(path = "findings.html")]
struct Page {
    look: Look,
    said: Option<String>,
    tabs: Vec<Choice>,
    rules: Vec<Choice>,
    accounts: Vec<Choice>,
    orders: Vec<Choice>,
    spans: Vec<Choice>,
    sizes: Vec<Choice>,
    from: String,
    until: String,
    kept: Vec<(String, String)>,
    rows: Vec<Row>,
    risk: String,
    first: Option<String>,
    next: Option<String>,
    csv: String,
    xlsx: String,
    decides: bool,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, Trouble> {
    let look = look.at(Place::Findings);
    let shop = Shop::open(&desk, &look).await?;
    let view = View::of(&desk, &look, &shop, pairs).await?;
    let (kept, next) =
        view.page(&desk, &look, &shop, view.asked.after(), view.asked.rows()).await?;
    let mut tabs = Vec::new();
    for (value, open, ko, en) in [
        ("open", Some(true), "열림", "Open"),
        ("closed", Some(false), "닫힘", "Closed"),
        ("all", None, "전체", "All"),
    ] {
        tabs.push(Choice {
            value: value.to_owned(),
            name: look.t(ko, en).to_owned(),
            href: view.asked.with(&["state", "after", "done"], &[("state", value)]),
            count: view.count(&desk, &look, &shop, open).await?,
            on: view.open == open,
        });
    }
    let asked = &view.asked;
    let risk: i64 = view
        .here(&shop)
        .filter(|one| view.open.is_none_or(|open| open == one.slot.open))
        .fold(0, |sum, one| sum.saturating_add(one.won.0));
    let page = Page {
        said: close::said(asked.one("done"), look.lang),
        rules: rules(&look, &shop, &view),
        accounts: accounts(&look, &shop, asked),
        orders: orders(&look, asked, view.order),
        spans: spans(&look, asked),
        sizes: sizes(asked),
        from: asked.one("from").unwrap_or_default().to_owned(),
        until: asked.one("until").unwrap_or_default().to_owned(),
        kept: ["state", "rows"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), asked.one(name)?.to_owned())))
            .collect(),
        risk: if view.days.is_everything() && risk > 0 {
            words::won(Won(risk), look.lang)
        } else {
            String::new()
        },
        first: asked.one("after").map(|_| asked.with(&["after", "done"], &[])),
        next: next.map(|spot| asked.with(&["after", "done"], &[("after", &place(&spot))])),
        csv: asked.at("/console/findings.csv", &["after", "rows", "done"]),
        xlsx: asked.at("/console/findings.xlsx", &["after", "rows", "done"]),
        rows: kept.into_iter().map(|one| Row::of(&look, &shop, one)).collect(),
        decides: look.decides(),
        tabs,
        look,
    };
    Ok(Html(page.render()?))
}

/// The rules that have anything in the state asked for.
fn rules(look: &Look, shop: &Shop, view: &View) -> Vec<Choice> {
    let mut counts: BTreeMap<Rule, u64> = BTreeMap::new();
    for one in &view.tallies {
        if view.open.is_none_or(|open| open == one.slot.open) && view.is_account(shop, one.slot) {
            *counts.entry(one.slot.rule).or_default() += one.findings;
        }
    }
    let asked = |rule: &Rule| view.asked.has("rule", rule.id());
    let all = Rule::ALL.into_iter().filter(|rule| counts.contains_key(rule) || asked(rule));
    let choice = |rule: Rule| Choice {
        value: rule.id().to_owned(),
        name: words::rule(rule, look.lang),
        href: String::new(),
        count: words::count(counts.get(&rule).copied().unwrap_or(0)),
        on: asked(&rule),
    };
    all.map(choice).collect()
}

/// The seller's accounts.
pub(crate) fn accounts(look: &Look, shop: &Shop, asked: &Asked) -> Vec<Choice> {
    let choice = |account: &hoesu_ledger::Account| Choice {
        value: account.name.clone(),
        name: format!("{} · {}", account.name, crate::shop::channel(account, look.lang)),
        href: String::new(),
        count: String::new(),
        on: asked.has("account", &account.name),
    };
    shop.accounts.iter().map(choice).collect()
}

fn orders(look: &Look, asked: &Asked, order: FindingOrder) -> Vec<Choice> {
    let choice = |(value, is, ko, en): (&str, FindingOrder, &'static str, &'static str)| Choice {
        value: value.to_owned(),
        name: look.t(ko, en).to_owned(),
        href: asked.with(&["by", "after", "done"], &[("by", value)]),
        count: String::new(),
        on: is == order,
    };
    [
        ("deadline", FindingOrder::Deadline, "기한", "Deadline"),
        ("opened", FindingOrder::Opened, "발견한 때", "Found"),
        ("changed", FindingOrder::Changed, "바뀐 때", "Changed"),
    ]
    .map(choice)
    .into()
}

/// The spans of days that have a name.
pub(crate) fn spans(look: &Look, asked: &Asked) -> Vec<Choice> {
    let none = asked.one("days").is_none();
    let free = asked.one("from").is_some() || asked.one("until").is_some();
    let all = [
        ("", "전체", "All"),
        ("today", "오늘", "Today"),
        ("week", "1주", "Week"),
        ("month", "1개월", "Month"),
    ];
    let choice = |(value, ko, en): (&str, &'static str, &'static str)| Choice {
        value: value.to_owned(),
        name: look.t(ko, en).to_owned(),
        href: asked.with(
            &["days", "from", "until", "after", "done"],
            &[("days", value)][usize::from(value.is_empty())..],
        ),
        count: String::new(),
        on: if value.is_empty() { none && !free } else { asked.has("days", value) },
    };
    all.into_iter().map(choice).collect()
}

/// The sizes a page may have.
pub(crate) fn sizes(asked: &Asked) -> Vec<Choice> {
    let choice = |rows: usize| {
        let value = rows.to_string();
        Choice {
            href: asked.with(&["rows", "after", "done"], &[("rows", &value)]),
            name: value.clone(),
            value,
            count: String::new(),
            on: asked.rows() == rows,
        }
    };
    ROWS.map(choice).into()
}
