//! 채널: accounts and their feeds, what was read of them, and what nobody could read.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use hoesu_channels::Desk;
use hoesu_claims::Rule;
use hoesu_claims::assess::Proposed;
use hoesu_claims::time::{Between, kst_day};
use hoesu_ledger::overview::{FindingOrder, FindingPick, FindingSlot};
use jiff::ToSpan as _;

use crate::asked::address;
use crate::feeds::{self, DAYS, Heard};
use crate::findings;
use crate::look::{Look, Place};
use crate::shop::{Shop, case_path};
use crate::trouble::Trouble;
use crate::when;

/// Unrecognised values shown.
const SHOWN: usize = 30;

/// A value that nobody can read, and where it was met.
struct Unread {
    path: String,
    account: String,
    order: String,
    href: String,
    since: String,
}

#[derive(Template)]
#[template(path = "channels.html")]
struct Page {
    look: Look,
    heard: Vec<Heard>,
    first: String,
    last: String,
    unread: Vec<Unread>,
    all: String,
}

pub(crate) async fn show(State(desk): State<Desk>, look: Look) -> Result<Html<String>, Trouble> {
    let look = look.at(Place::Channels);
    let shop = Shop::open(&desk, &look).await?;
    let seller = look.signed.seller;
    let rule = Rule::Unrecognised;
    let slot =
        |account: &hoesu_ledger::Account| FindingSlot { rule, account: account.id, open: true };
    let pick = FindingPick {
        slots: shop.accounts.iter().map(slot).collect(),
        order: FindingOrder::Opened,
        between: Between::default(),
        from: None,
        limit: SHOWN,
    };
    let kept = desk.ledger.pick_findings(seller, pick).await?;
    let unread = kept.into_iter().map(|one| {
        let account = shop.names.name(one.account);
        let path = match one.finding.proposed {
            Some(Proposed::LearnContract { path }) => path,
            Some(_) | None => one.finding.about,
        };
        Unread {
            path,
            href: case_path(&account, &one.finding.order),
            since: when::short(one.opened_at, shop.now),
            order: one.finding.order,
            account,
        }
    });
    let unread = unread.collect();
    let today = kst_day(shop.now);
    let page = Page {
        heard: feeds::heard(&desk, &look, &shop).await?,
        first: today.saturating_sub((DAYS - 1).days()).strftime("%m-%d").to_string(),
        last: today.strftime("%m-%d").to_string(),
        all: address(findings::PATH, [("rule", rule.id())]),
        unread,
        look,
    };
    Ok(Html(page.render()?))
}
