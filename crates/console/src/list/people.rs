//! A list as a file with names and phones, for somebody who says why. The access log has it before the
//! first byte.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use hoesu_channels::Desk;
use hoesu_claims::Term;
use hoesu_ledger::{Access, Deed, Role};
use serde::Deserialize;

use super::file::{rows, table};
use super::{Here, Listing, View};
use crate::look::Look;
use crate::session::Seat;
use crate::sheet::{self, Cell};
use crate::shop::Shop;
use crate::trouble::Trouble;

/// Rows of such a file at most: each has its documents opened.
const ROWS_MAX: usize = 2_000;

/// Orders the access log names; of more it says how many.
const NAMED_MAX: usize = 20;

/// The longest reason, in characters.
const REASON_CHARS_MAX: usize = 500;

/// What such a file has beside the list's columns.
const COLUMNS: [(Term, &str, &str); 6] = [
    (Term::BuyerName, "주문자", "Buyer"),
    (Term::BuyerPhone, "주문자 전화", "Buyer's phone"),
    (Term::RecipientName, "받는 사람", "Recipient"),
    (Term::RecipientPhone, "받는 사람 전화", "Recipient's phone"),
    (Term::SenderName, "보내는 사람", "Sender"),
    (Term::SenderPhone, "보내는 사람 전화", "Sender's phone"),
];

#[derive(Template)]
#[template(path = "list_people.html")]
struct Page {
    look: Look,
    /// How many rows are asked for.
    count: String,
    most: usize,
    /// The list, as it is asked for.
    back: String,
    wrong: Option<&'static str>,
}

impl Page {
    async fn of<L: Listing>(
        here: Here<'_>,
        list: &L,
        view: &View<L::Order>,
    ) -> Result<Self, Trouble> {
        Ok(Self {
            look: here.look.clone(),
            count: view.count(list, here, view.open).await?,
            most: ROWS_MAX,
            back: view.asked.with(&[], &[]),
            wrong: None,
        })
    }
}

/// Asks why.
pub(crate) async fn ask<L: Listing>(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, Trouble> {
    seat.may(Role::Operator)?;
    let shop = Shop::open(&desk, &look).await?;
    let here = Here { desk: &desk, look: &look, shop: &shop };
    let view = View::of::<L>(pairs, &shop);
    let list = L::open(here, &view.asked).await?;
    Ok(Html(Page::of(here, &list, &view).await?.render()?))
}

#[derive(Deserialize)]
pub(crate) struct Why {
    reason: String,
    /// `csv`, or Excel's own form.
    #[serde(default, rename = "as")]
    form: String,
}

/// Gives the file.
pub(crate) async fn give<L: Listing>(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
    Form(Why { reason, form }): Form<Why>,
) -> Result<Response, Trouble> {
    seat.may(Role::Operator)?;
    let shop = Shop::open(&desk, &look).await?;
    let here = Here { desk: &desk, look: &look, shop: &shop };
    let view = View::of::<L>(pairs, &shop);
    let list = L::open(here, &view.asked).await?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        let mut page = Page::of(here, &list, &view).await?;
        page.wrong = Some(look.t("왜 내려받는지 적어 주세요.", "Please say why."));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response());
    }
    let kept = rows(&list, here, &view, ROWS_MAX).await?;
    let access = Access {
        at: desk.clock.now(),
        who: seat.session.person.name.clone(),
        origin: seat.peer.origin(),
        what: Deed::Download,
        whose: whose::<L>(&kept),
        reason: reason.to_owned(),
    };
    desk.ledger.note(look.signed.seller, access).await?;
    let mut people = Vec::with_capacity(kept.len());
    for one in &kept {
        people.push(people_of(here, L::case(one)).await?);
    }
    let mut sheet = table::<L>(here, kept);
    sheet.headings.extend(COLUMNS.map(|(_, ko, en)| look.t(ko, en)));
    for (row, people) in sheet.rows.iter_mut().zip(people) {
        row.extend(people.map(Cell::Text));
    }
    if form == "csv" { sheet::csv(&sheet) } else { sheet::xlsx(&sheet) }
}

/// Whose data is in the file, as the access log says it: orders by number, never by name.
fn whose<L: Listing>(kept: &[L::Kept]) -> String {
    let orders: BTreeSet<&str> = kept.iter().map(L::number).collect();
    let count = orders.len();
    let named: Vec<&str> = orders.into_iter().take(NAMED_MAX).collect();
    let more = if count > NAMED_MAX { ", …" } else { "" };
    format!("{} × {count}: {}{more}", L::FILE, named.join(", "))
}

/// What the documents of a case say about people, column by column.
async fn people_of(here: Here<'_>, case: &str) -> Result<[String; 6], Trouble> {
    let (ledger, seller) = (&here.desk.ledger, here.look.signed.seller);
    let documents = ledger.documents_of(seller, vec![case.to_owned()]).await?;
    let mut told: [BTreeSet<String>; 6] = Default::default();
    for current in ledger.current_of(seller, documents).await? {
        let account = here.shop.by_id(current.account);
        let channel = account.and_then(|account| hoesu_channels::by_id(&account.channel));
        let document = &current.held.document;
        let read = channel.map(|channel| channel.read(document.media, &document.body));
        let Some(Ok(reading)) = read else { continue };
        for (term, value) in reading.found.terms {
            if let Some(column) = COLUMNS.iter().position(|(known, ..)| *known == term) {
                told[column].insert(value);
            }
        }
    }
    Ok(told.map(|values| values.into_iter().collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests;
