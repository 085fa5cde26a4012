//! What stands around the rows of every list: tabs, filters, turning pages, files.

use hoesu_ledger::Account;
use hoesu_ledger::overview::Spot;

use super::{Here, Leaf, Listing, Named, View};
use crate::asked::{Asked, ROWS, place};
use crate::look::Look;
use crate::shop::{Shop, channel};
use crate::trouble::Trouble;

/// A tab or a choice of a filter, with how much there is behind it.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) count: String,
    pub(crate) on: bool,
}

/// What stands around the rows of a list.
pub(crate) struct Frame {
    pub(crate) path: &'static str,
    pub(crate) tabs: Vec<Choice>,
    pub(crate) accounts: Vec<Choice>,
    pub(crate) channels: Vec<Choice>,
    /// How many of the filters narrow the list.
    pub(crate) narrowed: usize,
    pub(crate) orders: Vec<Choice>,
    pub(crate) spans: Vec<Choice>,
    pub(crate) sizes: Vec<Choice>,
    pub(crate) from: String,
    pub(crate) until: String,
    /// What was searched for.
    pub(crate) q: String,
    /// What the filters' form keeps of the address.
    pub(crate) kept: Vec<(&'static str, String)>,
    pub(crate) first: Option<String>,
    pub(crate) before: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) csv: String,
    pub(crate) xlsx: String,
    /// Where the file with people is asked for; nobody who may only look is shown it.
    pub(crate) people: Option<String>,
}

impl Frame {
    /// Around a page of a list.
    pub(crate) async fn of<L: Listing>(
        here: Here<'_>,
        list: &L,
        view: &View<L::Order>,
        leaf: &Leaf<L::Kept>,
    ) -> Result<Self, Trouble> {
        let Here { look, shop, .. } = here;
        let asked = &view.asked;
        let mut tabs = named(look, L::STATES, view.open);
        for (tab, (value, open, ..)) in tabs.iter_mut().zip(L::STATES) {
            tab.href = asked.with(&["state"], &[("state", value)]);
            tab.count = view.count(list, here, *open).await?;
        }
        let given = |name| asked.one(name).unwrap_or_default().to_owned();
        let kept = ["state", "rows", "q"].map(|name| (name, given(name)));
        let page = |name: &str, spot: &Option<Spot>| {
            Some(asked.with(&[], &[(name, &place(spot.as_ref()?))]))
        };
        let file = |ending| asked.at(&format!("{}.{ending}", L::PATH), &["rows"]);
        Ok(Self {
            path: L::PATH,
            tabs,
            accounts: accounts(look, shop, asked),
            channels: channels(look, shop, asked),
            narrowed: asked.narrowed(),
            orders: named(look, L::ORDERS, view.order),
            spans: spans(look, asked),
            sizes: sizes(asked),
            from: given("from"),
            until: given("until"),
            q: given("q"),
            kept: kept.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            first: leaf.before.as_ref().map(|_| asked.with(&[], &[])),
            before: page("before", &leaf.before),
            next: page("after", &leaf.next),
            csv: file("csv"),
            xlsx: file("xlsx"),
            people: look.decides().then(|| asked.at(&format!("{}/people", L::PATH), &["rows"])),
        })
    }
}

/// Values an address may name, the one that is meant marked.
fn named<T: Copy + PartialEq>(look: &Look, all: &[Named<T>], meant: T) -> Vec<Choice> {
    let choice = |(value, is, ko, en): &Named<T>| Choice {
        value: (*value).to_owned(),
        name: look.t(ko, en).to_owned(),
        href: String::new(),
        count: String::new(),
        on: *is == meant,
    };
    all.iter().map(choice).collect()
}

/// The seller's accounts.
fn accounts(look: &Look, shop: &Shop, asked: &Asked) -> Vec<Choice> {
    let choice = |account: &Account| Choice {
        value: account.name.clone(),
        name: format!("{} · {}", account.name, channel(account, look.lang)),
        href: String::new(),
        count: String::new(),
        on: asked.has("account", &account.name),
    };
    shop.accounts.iter().map(choice).collect()
}

/// The channels of the seller's accounts.
fn channels(look: &Look, shop: &Shop, asked: &Asked) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for account in &shop.accounts {
        if !choices.iter().any(|one| one.value == account.channel) {
            choices.push(Choice {
                value: account.channel.clone(),
                name: channel(account, look.lang),
                href: String::new(),
                count: String::new(),
                on: asked.has("channel", &account.channel),
            });
        }
    }
    choices
}

/// The spans of days that have a name.
fn spans(look: &Look, asked: &Asked) -> Vec<Choice> {
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
        href: asked
            .with(&["days", "from", "until"], &[("days", value)][usize::from(value.is_empty())..]),
        count: String::new(),
        on: if value.is_empty() { none && !free } else { asked.has("days", value) },
    };
    all.into_iter().map(choice).collect()
}

/// The sizes a page may have.
fn sizes(asked: &Asked) -> Vec<Choice> {
    let choice = |rows: usize| {
        let value = rows.to_string();
        Choice {
            href: asked.with(&["rows"], &[("rows", &value)]),
            name: value.clone(),
            value,
            count: String::new(),
            on: asked.rows() == rows,
        }
    };
    ROWS.map(choice).into()
}
