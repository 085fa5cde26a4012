//! 채널: accounts and their feeds, what was read of them, and what nobody could read.

mod unread;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use hoesu_channels::Desk;
use hoesu_claims::Rule;
use hoesu_claims::time::kst_day;
use jiff::ToSpan as _;

use self::unread::{Unread, unread};
use crate::asked::address;
use crate::feeds::{self, DAYS, Heard};
use crate::findings;
use crate::look::{Look, Place};
use crate::shop::Shop;
use crate::trouble::Trouble;

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
    let today = kst_day(shop.now);
    let page = Page {
        heard: feeds::heard(&desk, &look, &shop).await?,
        first: today.saturating_sub((DAYS - 1).days()).strftime("%m-%d").to_string(),
        last: today.strftime("%m-%d").to_string(),
        all: address(findings::PATH, [("rule", Rule::Unrecognised.id())]),
        unread: unread(&desk, &look, &shop).await?,
        look,
    };
    Ok(Html(page.render()?))
}
