//! Links that let somebody in: the first start's, an invitation's, a demo's.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use hoesu_channels::Desk;
use hoesu_ledger::{Fit, LinkUse, Person, SignIn, Unfit};
use serde::Deserialize;

use super::{Bare, into, said};
use crate::peer::Peer;
use crate::session::SIGN_IN;
use crate::trouble::Trouble;

pub(super) fn router() -> Router<Desk> {
    Router::new()
        .route("/console/set-up/{link}", get(show).post(choose))
        .route("/console/enter/{link}", get(enter))
}

#[derive(Template)]
#[template(path = "set_up.html")]
struct Page {
    bare: Bare,
    /// Whose password it is; nobody's at the first start.
    person: Option<String>,
    /// Whether a first seller is made.
    makes_seller: bool,
    seller: String,
    name: String,
}

async fn show(
    State(desk): State<Desk>,
    Path(link): Path<String>,
    headers: HeaderMap,
) -> Result<Html<String>, Trouble> {
    let found = desk.ledger.link(&link, desk.clock.now()).await?;
    let found = found.filter(|found| found.use_for != LinkUse::Enter).ok_or(Trouble::NotHere)?;
    let page = Page {
        bare: Bare::of(&headers, format!("/console/set-up/{link}")),
        makes_seller: found.person.is_none() && desk.ledger.sellers().await?.is_empty(),
        person: found.person.map(|person| person.name),
        seller: String::new(),
        name: String::new(),
    };
    Ok(Html(page.render()?))
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    seller: String,
    #[serde(default)]
    name: String,
    password: String,
    again: String,
}

async fn choose(
    State(desk): State<Desk>,
    Path(link): Path<String>,
    peer: Peer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Trouble> {
    let now = desk.clock.now();
    let found = desk.ledger.link(&link, now).await?.ok_or(Trouble::NotHere)?;
    let mut bare = Bare::of(&headers, format!("/console/set-up/{link}"));
    let done: Option<Fit<Person>> = if chosen.password == chosen.again {
        Some(match found.use_for {
            LinkUse::SetUp => {
                let Chosen { seller, name, password, .. } = &chosen;
                desk.ledger.set_up(&link, seller, name, password, now).await?
            }
            LinkUse::Password => desk.ledger.choose_password(&link, &chosen.password, now).await?,
            LinkUse::Enter => Err(Unfit::Gone),
        })
    } else {
        None
    };
    bare.wrong = Some(match done {
        Some(Ok(person)) => {
            let origin = peer.origin();
            let step = desk.ledger.sign_in(&person.name, &chosen.password, &origin, now).await?;
            return Ok(match step {
                SignIn::In(token) => into(peer, &token, "/console"),
                SignIn::CodeWanted(_) | SignIn::Refused | SignIn::Locked(_) => {
                    Redirect::to(SIGN_IN).into_response()
                }
            });
        }
        Some(Err(Unfit::Gone)) => return Err(Trouble::NotHere),
        Some(Err(unfit)) => said(unfit, bare.lang),
        None => bare.t("두 비밀번호가 서로 달라요.", "The two passwords are not the same."),
    });
    let page = Page {
        bare,
        makes_seller: found.person.is_none() && desk.ledger.sellers().await?.is_empty(),
        person: found.person.map(|person| person.name),
        seller: chosen.seller,
        name: chosen.name,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

async fn enter(
    State(desk): State<Desk>,
    Path(link): Path<String>,
    peer: Peer,
) -> Result<Response, Trouble> {
    let token = desk.ledger.enter(&link, &peer.origin(), desk.clock.now()).await?;
    Ok(into(peer, &token.ok_or(Trouble::NotHere)?, "/console"))
}
