//! 설정: what the seller tells hoesu: the item map, days off, how long things may take.

pub(crate) mod items;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{Html, Redirect};
use hoesu_channels::{Channel, Desk};
use hoesu_claims::Policy;
use hoesu_claims::time::parse_day;
use hoesu_ledger::{Account, Deed, Error, Role};

use crate::look::{Look, Place};
use crate::peer::Peer;
use crate::record::{Hand, Line, recorded};
use crate::shop::Shop;
use crate::trouble::Trouble;
use crate::when;
use items::Became;

const PATH: &str = "/console/settings";

/// Rows of the item map shown.
const SHOWN: usize = 200;

/// Days somebody may set at most.
const DAYS_MAX: u32 = 365;

/// A row of the item map.
struct Mapped {
    account: String,
    item: String,
    resources: String,
}

/// A day off that was added.
struct Off {
    day: String,
    shown: String,
    name: String,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct Page {
    look: Look,
    said: Option<String>,
    manages: bool,
    accounts: Vec<String>,
    mapped: Vec<Mapped>,
    items: usize,
    days: Vec<Off>,
    policy: Policy,
    /// What became of a table that was taken in.
    became: Option<Became>,
    /// Where the map is as a file.
    file: String,
}

/// What a change came to, as it stands in the address.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Came {
    done: Option<String>,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    look: Look,
    Query(came): Query<Came>,
) -> Result<Html<String>, Trouble> {
    let said = came.done.as_deref().and_then(|done| said(&look, done));
    page(&desk, look, said, None).await
}

async fn page(
    desk: &Desk,
    look: Look,
    said: Option<String>,
    became: Option<Became>,
) -> Result<Html<String>, Trouble> {
    let look = look.at(Place::Settings);
    let shop = Shop::open(desk, &look).await?;
    let seller = look.signed.seller;
    let map = desk.ledger.items(seller).await?;
    let mapped = map.iter().take(SHOWN).map(|(item, resources)| {
        let held: Vec<String> =
            resources.iter().map(|(resource, count)| format!("{resource} × {count}")).collect();
        Mapped {
            account: shop.names.name(item.account),
            item: item.item.clone(),
            resources: held.join(", "),
        }
    });
    let days = desk.ledger.days_off(seller).await?;
    let page = Page {
        manages: look.manages(),
        accounts: selling(&shop).map(|(account, _)| account.name.clone()).collect(),
        mapped: mapped.collect(),
        items: map.len(),
        days: days
            .into_iter()
            .map(|(day, name)| Off { day: day.to_string(), shown: when::day(day, look.lang), name })
            .collect(),
        policy: desk.ledger.policy(seller).await?,
        file: items::file(),
        said,
        became,
        look,
    };
    Ok(Html(page.render()?))
}

fn selling(shop: &Shop) -> impl Iterator<Item = (&Account, &'static dyn Channel)> {
    let known = shop
        .accounts
        .iter()
        .filter_map(|account| Some((account, hoesu_channels::by_id(&account.channel)?)));
    known.filter(|(_, channel)| channel.trade().sells())
}

fn said(look: &Look, done: &str) -> Option<String> {
    let said = match done {
        "day" => look.t("쉬는 날을 고쳤어요.", "The days off were changed."),
        "policy" => look.t(
            "기준일을 고쳤어요. 걸린 건을 다시 살펴보고 있어요.",
            "The days were changed; cases are being looked at again.",
        ),
        "unclear" => {
            look.t("적은 값을 이해하지 못했어요.", "What was given could not be understood.")
        }
        _ => return None,
    };
    Some(said.to_owned())
}

/// Changes something that the seller tells hoesu once the access log says so.
async fn changed<T>(
    desk: &Desk,
    look: &Look,
    peer: Peer,
    (what, to): (&str, &str),
    doing: impl Future<Output = hoesu_ledger::Result<T>> + Send,
) -> Result<T, Trouble> {
    let seller = look.signed.seller;
    let line = Line { seller, what: Deed::SettingsChange, whose: what, reason: to };
    let hand = Hand::of(&look.signed, peer);
    match recorded(desk, &hand, line, async { Ok(Ok(doing.await?)) }).await? {
        Ok(done) => Ok(done),
        Err(_) => Err(Trouble::Unclear("setting")),
    }
}

fn done(what: &str) -> Redirect {
    Redirect::to(&format!("{PATH}?done={what}"))
}

/// A day off to be added or taken back.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Given {
    day: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    remove: String,
}

pub(crate) async fn day(
    State(desk): State<Desk>,
    look: Look,
    peer: Peer,
    Form(given): Form<Given>,
) -> Result<Redirect, Trouble> {
    look.signed.may(Role::Admin)?;
    let Some(day) = parse_day(&given.day) else { return Ok(done("unclear")) };
    let seller = look.signed.seller;
    let what = format!("day {day}");
    if given.remove == "on" {
        let taking = desk.ledger.remove_days_off(seller, BTreeSet::from([day]));
        changed(&desk, &look, peer, (&what, "removed"), taking).await?;
        return Ok(done("day"));
    }
    let adding = desk.ledger.add_days_off(seller, BTreeMap::from([(day, given.name.clone())]));
    match changed(&desk, &look, peer, (&what, &given.name), adding).await {
        Ok(_) => Ok(done("day")),
        Err(Trouble::Ledger(Error::Refused(_))) => Ok(done("unclear")),
        Err(trouble) => Err(trouble),
    }
}

/// How long things may take.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Limits {
    goods_after_refund_days: u32,
    collection_days: u32,
    appeal_business_hours: u32,
}

pub(crate) async fn policy(
    State(desk): State<Desk>,
    look: Look,
    peer: Peer,
    Form(given): Form<Limits>,
) -> Result<Redirect, Trouble> {
    look.signed.may(Role::Admin)?;
    let Limits { goods_after_refund_days, collection_days, appeal_business_hours } = given;
    let fit = |days: u32, most: u32| (1..=most).contains(&days);
    if !fit(goods_after_refund_days, DAYS_MAX)
        || !fit(collection_days, DAYS_MAX)
        || !fit(appeal_business_hours, 24 * DAYS_MAX)
    {
        return Ok(done("unclear"));
    }
    let policy = Policy { goods_after_refund_days, collection_days, appeal_business_hours };
    let to = format!(
        "goods {goods_after_refund_days} d, collection {collection_days} d, appeal {appeal_business_hours} h"
    );
    let setting = desk.ledger.set_policy(look.signed.seller, policy);
    changed(&desk, &look, peer, ("policy", &to), setting).await?;
    Ok(done("policy"))
}
