//! The people in one version of a document, shown in full to somebody who says why. The access log has
//! it before the answer is given.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Form, Router};
use hoesu_channels::Desk;
use hoesu_channels::people::{self, Shown};
use hoesu_engine::told::DocumentId;
use hoesu_ledger::{Access, Account, Deed, Role, Shelf};
use serde::Deserialize;

use crate::look::Look;
use crate::session::Seat;
use crate::trouble::Trouble;

pub(crate) fn router() -> Router<Desk> {
    Router::new().route("/console/documents/{document}/{version}/people", get(ask).post(reveal))
}

#[derive(Template)]
#[template(path = "reveal.html")]
struct Page {
    look: Look,
    document: String,
    version: i64,
    /// The values of people, in full; not before a reason was given.
    shown: Option<Vec<Shown>>,
    wrong: Option<&'static str>,
}

/// The document's account and shelf; another seller's are not there.
async fn place(desk: &Desk, seat: &Seat, id: &DocumentId) -> Result<(Account, Shelf), Trouble> {
    let accounts = desk.ledger.accounts().await?;
    let seller = seat.session.seller.id;
    let account = accounts.into_iter().find(|one| one.seller == seller && one.id == id.account);
    let account = account.ok_or(Trouble::NotHere)?;
    let channel = hoesu_channels::by_id(&account.channel).ok_or(Trouble::NotHere)?;
    let kind = channel.capabilities().kinds.iter().find(|kind| **kind == id.kind);
    let shelf = account.shelf(kind.ok_or(Trouble::NotHere)?);
    Ok((account, shelf))
}

async fn ask(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Path((document, version)): Path<(String, i64)>,
) -> Result<Html<String>, Trouble> {
    let id: DocumentId = document.parse().map_err(|_| Trouble::NotHere)?;
    let (_, shelf) = place(&desk, &seat, &id).await?;
    desk.ledger.document(shelf, &id.key).await?.ok_or(Trouble::NotHere)?;
    seat.may(Role::Operator)?;
    Ok(Html(Page { look, document, version, shown: None, wrong: None }.render()?))
}

#[derive(Deserialize)]
struct Why {
    reason: String,
}

async fn reveal(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Path((document, version)): Path<(String, i64)>,
    Form(Why { reason }): Form<Why>,
) -> Result<Response, Trouble> {
    let id: DocumentId = document.parse().map_err(|_| Trouble::NotHere)?;
    let (account, shelf) = place(&desk, &seat, &id).await?;
    desk.ledger.document(shelf, &id.key).await?.ok_or(Trouble::NotHere)?;
    seat.may(Role::Operator)?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        let wrong = Some(look.t("왜 보는지 적어 주세요.", "Please say why."));
        let page = Page { look, document, version, shown: None, wrong };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response());
    }
    let access = Access {
        at: desk.clock.now(),
        who: seat.session.person.name.clone(),
        origin: seat.peer.origin(),
        what: Deed::Reveal,
        whose: String::new(),
        reason,
    };
    let said = desk.ledger.reveal(shelf, &id.key, version, access).await?;
    let said = said.ok_or(Trouble::NotHere)?;
    let channel = hoesu_channels::by_id(&account.channel).ok_or(Trouble::NotHere)?;
    let mut shown = people::revealed(channel.capabilities(), said.media, &said.body);
    shown.retain(|shown| shown.holds.is_some());
    let page = Page { look, document, version, shown: Some(shown), wrong: None };
    Ok(Html(page.render()?).into_response())
}
