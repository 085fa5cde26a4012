//! API 키: which programs may read what. An admin's page.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use hoesu_channels::Desk;
use hoesu_ledger::{ApiKey, Deed, Error, Role, Scope};

use crate::lang::Lang;
use crate::look::{Look, Place};
use crate::record::{Hand, Line, recorded};
use crate::session::Seat;
use crate::trouble::Trouble;
use crate::when;

/// The page's address.
const HERE: &str = "/console/settings/keys";

/// The longest name of a key, in characters.
const NAME_CHARS_MAX: usize = 64;

pub(crate) fn router() -> Router<Desk> {
    Router::new()
        .route("/console/settings/keys", get(show).post(add))
        .route("/console/settings/keys/{key}/revoke", post(revoke))
}

#[derive(Template)]
#[template(path = "keys.html")]
struct Page {
    look: Look,
    good: Vec<Row>,
    revoked: Vec<Row>,
    scopes: [Choice; 3],
    /// A key just made, by its name; its text is shown this once.
    made: Option<(String, String)>,
    wrong: Option<&'static str>,
}

struct Row {
    id: i64,
    name: String,
    may: Vec<&'static str>,
    /// Whether it reads what is about people.
    reads_people: bool,
    made: String,
    revoked: String,
}

/// Something a key may be let read.
struct Choice {
    value: &'static str,
    name: &'static str,
    told: &'static str,
    on: bool,
}

/// What a scope is called.
const fn called(scope: Scope, lang: Lang) -> &'static str {
    match scope {
        Scope::FindingsRead => lang.pick("발견", "Findings"),
        Scope::CasesRead => lang.pick("건", "Cases"),
        Scope::DocumentsRead => lang.pick("원문", "Documents"),
    }
}

fn choice(scope: Scope, lang: Lang) -> Choice {
    let told = match scope {
        Scope::FindingsRead => lang.pick("무엇이 잘못됐고 언제까지인지", "what is wrong or due"),
        Scope::CasesRead => lang.pick("주문마다 어디까지 왔는지", "where each order stands"),
        Scope::DocumentsRead => lang.pick(
            "채널이 보낸 그대로. 이름·전화·주소가 있어요",
            "what channels said: names, phones and addresses are in it",
        ),
    };
    Choice {
        value: scope.name(),
        name: called(scope, lang),
        told,
        on: scope != Scope::DocumentsRead,
    }
}

impl Page {
    async fn of(desk: &Desk, seat: &Seat, look: Look) -> Result<Self, Trouble> {
        let (lang, now) = (look.lang, desk.clock.now());
        let keys = desk.ledger.api_keys(seat.session.seller.id).await?;
        let row = |key: ApiKey| Row {
            id: key.id,
            may: key.scopes.iter().map(|scope| called(*scope, lang)).collect(),
            reads_people: key.scopes.contains(&Scope::DocumentsRead),
            made: when::short(key.created_at, now),
            revoked: key.revoked_at.map(|at| when::short(at, now)).unwrap_or_default(),
            name: key.name,
        };
        let (good, revoked): (Vec<ApiKey>, Vec<ApiKey>) =
            keys.into_iter().partition(|key| key.revoked_at.is_none());
        Ok(Self {
            look: look.at(Place::Settings),
            good: good.into_iter().map(row).collect(),
            revoked: revoked.into_iter().map(row).collect(),
            scopes: Scope::ALL.map(|scope| choice(scope, lang)),
            made: None,
            wrong: None,
        })
    }
}

async fn show(State(desk): State<Desk>, seat: Seat, look: Look) -> Result<Html<String>, Trouble> {
    seat.may(Role::Admin)?;
    Ok(Html(Page::of(&desk, &seat, look).await?.render()?))
}

async fn add(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    seat.may(Role::Admin)?;
    let of = |wanted: &str| -> Vec<&str> {
        let pairs = pairs.iter().filter(|(name, _)| name == wanted);
        pairs.map(|(_, value)| value.trim()).collect()
    };
    let name = of("name").first().copied().unwrap_or_default();
    let scopes: Option<BTreeSet<Scope>> = of("scope").into_iter().map(Scope::from_name).collect();
    let scopes = scopes.ok_or(Trouble::Unclear("scope"))?;
    let seller = seat.session.seller.id;
    let fits = !name.is_empty()
        && name.chars().count() <= NAME_CHARS_MAX
        && !name.chars().any(char::is_control)
        && !scopes.is_empty();
    let known = desk.ledger.api_keys(seller).await?;
    let is_taken = known.iter().any(|key| key.revoked_at.is_none() && key.name == name);
    let mut page = Page::of(&desk, &seat, look).await?;
    let look = &page.look;
    page.wrong = if is_taken {
        Some(look.t("같은 이름의 키가 있어요.", "There is a key of that name."))
    } else if !fits {
        Some(look.t(
            "이름(64자까지)과 읽을 수 있는 것을 하나 이상 골라 주세요.",
            "A key needs a name of 64 characters at most, and something it may read.",
        ))
    } else {
        None
    };
    if page.wrong.is_some() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response());
    }
    let may = scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ");
    let line = Line { seller, what: Deed::KeyAdd, whose: name, reason: &may };
    let now = desk.clock.now();
    let making = async { Ok(Ok(desk.ledger.add_api_key(seller, name, scopes, now).await?)) };
    let issued = match recorded(&desk, &Hand::at(&seat), line, making).await {
        Ok(Ok(issued)) => issued,
        Ok(Err(_)) | Err(Trouble::Ledger(Error::Refused(_))) => {
            return Err(Trouble::Unclear("key"));
        }
        Err(trouble) => return Err(trouble),
    };
    let mut page = Page::of(&desk, &seat, page.look).await?;
    page.made = Some((issued.key.name, issued.text.to_string()));
    Ok(Html(page.render()?).into_response())
}

async fn revoke(
    State(desk): State<Desk>,
    seat: Seat,
    Path(key): Path<String>,
) -> Result<Redirect, Trouble> {
    let seller = seat.session.seller.id;
    let id: i64 = key.parse().map_err(|_| Trouble::NotHere)?;
    let keys = desk.ledger.api_keys(seller).await?;
    let key = keys.into_iter().find(|key| key.id == id).ok_or(Trouble::NotHere)?;
    seat.may(Role::Admin)?;
    if key.revoked_at.is_none() {
        let line = Line { seller, what: Deed::KeyRevoke, whose: &key.name, reason: "" };
        let now = desk.clock.now();
        let ending = async { Ok(Ok(desk.ledger.revoke_api_key(seller, id, now).await?)) };
        let _ = recorded(&desk, &Hand::at(&seat), line, ending).await?;
    }
    Ok(Redirect::to(HERE))
}

#[cfg(test)]
mod tests;
