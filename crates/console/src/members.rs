//! 사용자: who may see the seller, and as what. An admin's page.

mod known;

use std::future::Future;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use hoesu_channels::Desk;
use hoesu_claims::SellerId;
use hoesu_ledger::{Deed, Fit, IssuedLink, Member, Person, PersonId, Role, Seller, Unfit};
use serde::Deserialize;

use crate::lang::Lang;
use crate::look::{Look, Place};
use crate::record::{Hand, Line, recorded};
use crate::session::Seat;
use crate::sign_in::said;
use crate::trouble::Trouble;

/// The page's address.
const HERE: &str = "/console/settings/people";

pub(crate) fn router() -> Router<Desk> {
    Router::new()
        .route("/console/settings/people", get(show).post(add))
        .route("/console/settings/people/known", post(known::add))
        .route("/console/settings/people/{person}/role", post(set_role))
        .route("/console/settings/people/{person}/reset", post(reset))
        .route("/console/settings/people/{person}/disabled", post(set_disabled))
}

#[derive(Template)]
#[template(path = "members.html")]
struct Page {
    look: Look,
    members: Vec<Row>,
    /// Names of roles, and what they are called.
    roles: [(&'static str, &'static str); 3],
    /// The sellers whose people the admin may choose, if there are several.
    sellers: Vec<Seller>,
    /// A link just made, and whose; shown once.
    link: Option<(String, String)>,
    /// Who may see which seller now.
    done: Option<String>,
    wrong: Option<&'static str>,
}

struct Row {
    id: String,
    name: String,
    role: &'static str,
    /// Whether the person is in this seller's books, so that its admins may do more.
    is_at_home: bool,
    is_disabled: bool,
    state: &'static str,
    code: &'static str,
}

/// What a role is called.
pub(crate) const fn called(role: Role, lang: Lang) -> &'static str {
    match role {
        Role::Viewer => lang.pick("조회", "Viewer"),
        Role::Operator => lang.pick("운영", "Operator"),
        Role::Admin => lang.pick("관리", "Admin"),
    }
}

impl Page {
    async fn of(desk: &Desk, seat: &Seat, look: Look) -> Result<Self, Trouble> {
        let members = desk.ledger.members(seat.session.seller.id).await?;
        let sellers: Vec<Seller> = known::administered(seat).cloned().collect();
        let row = |Member { person, role }| Row {
            id: person.id.to_string(),
            role: role.name(),
            is_at_home: person.id.home == seat.session.seller.id,
            is_disabled: person.disabled_at.is_some(),
            state: state(&person, look.lang),
            code: if person.has_code { look.t("씀", "on") } else { look.t("안 씀", "off") },
            name: person.name,
        };
        Ok(Self {
            members: members.into_iter().map(row).collect(),
            sellers: if sellers.len() > 1 { sellers } else { Vec::new() },
            roles: Role::ALL.map(|role| (role.name(), called(role, look.lang))),
            look: look.at(Place::Settings),
            link: None,
            done: None,
            wrong: None,
        })
    }

    /// With a link just made.
    fn with(mut self, person: &str, link: &IssuedLink) -> Self {
        self.link = Some((person.to_owned(), format!("/console/set-up/{}", *link.text)));
        self
    }

    fn wrong(mut self, unfit: Unfit) -> Result<Response, Trouble> {
        self.wrong = Some(said(unfit, self.look.lang));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(self.render()?)).into_response())
    }
}

const fn state(person: &Person, lang: Lang) -> &'static str {
    if person.disabled_at.is_some() {
        lang.pick("멈춤", "disabled")
    } else if person.has_password {
        lang.pick("사용 중", "active")
    } else {
        lang.pick("초대함", "invited")
    }
}

async fn show(State(desk): State<Desk>, seat: Seat, look: Look) -> Result<Html<String>, Trouble> {
    seat.may(Role::Admin)?;
    Ok(Html(Page::of(&desk, &seat, look).await?.render()?))
}

#[derive(Deserialize)]
struct New {
    name: String,
    role: String,
}

async fn add(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Form(New { name, role }): Form<New>,
) -> Result<Response, Trouble> {
    seat.may(Role::Admin)?;
    let role = Role::from_name(&role).ok_or(Trouble::Unclear("role"))?;
    let (seller, now) = (seat.session.seller.id, desk.clock.now());
    let line = Line { seller, what: Deed::PersonAdd, whose: name.trim(), reason: role.name() };
    let adding = desk.ledger.add_person(seller, &name, role, None, now);
    match recorded(&desk, &Hand::at(&seat), line, adding).await? {
        Ok((person, link)) => {
            let page = Page::of(&desk, &seat, look).await?;
            let page = match &link {
                Some(link) => page.with(&person.name, link),
                None => page,
            };
            Ok(Html(page.render()?).into_response())
        }
        Err(unfit) => Page::of(&desk, &seat, look).await?.wrong(unfit),
    }
}

/// A person of the seller's, for an admin; nobody else's is there.
async fn member(desk: &Desk, seat: &Seat, person: &str) -> Result<Person, Trouble> {
    let members = desk.ledger.members(seat.session.seller.id).await?;
    let id: PersonId = person.parse().map_err(|()| Trouble::NotHere)?;
    let found = members.into_iter().find(|member| member.person.id == id);
    let person = found.ok_or(Trouble::NotHere)?.person;
    seat.may(Role::Admin)?;
    Ok(person)
}

/// The same, if the person is in the seller's own books.
async fn at_home(desk: &Desk, seat: &Seat, person: &str) -> Result<Person, Trouble> {
    let person = member(desk, seat, person).await?;
    if person.id.home == seat.session.seller.id { Ok(person) } else { Err(Trouble::Forbidden) }
}

/// Changes something about a person once a seller's log says so.
async fn changed<T>(
    desk: &Desk,
    seat: &Seat,
    seller: SellerId,
    person: &Person,
    to: &str,
    doing: impl Future<Output = hoesu_ledger::Result<Fit<T>>> + Send,
) -> Result<Fit<T>, Trouble> {
    let line = Line { seller, what: Deed::PersonChange, whose: &person.name, reason: to };
    recorded(desk, &Hand::at(seat), line, doing).await
}

#[derive(Deserialize)]
struct NewRole {
    /// Empty if the person is to see the seller no more.
    role: String,
}

async fn set_role(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Path(person): Path<String>,
    Form(NewRole { role }): Form<NewRole>,
) -> Result<Response, Trouble> {
    let person = member(&desk, &seat, &person).await?;
    let role = match role.as_str() {
        "" => None,
        name => Some(Role::from_name(name).ok_or(Trouble::Unclear("role"))?),
    };
    let (seller, now) = (seat.session.seller.id, desk.clock.now());
    let to = role.map_or("no role", Role::name);
    let setting = desk.ledger.set_role(seller, person.id, role, now);
    match changed(&desk, &seat, seller, &person, to, setting).await? {
        Ok(()) => Ok(Redirect::to(HERE).into_response()),
        Err(unfit) => Page::of(&desk, &seat, look).await?.wrong(unfit),
    }
}

async fn reset(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Path(person): Path<String>,
) -> Result<Response, Trouble> {
    let person = at_home(&desk, &seat, &person).await?;
    let making = desk.ledger.reset_link(person.id, desk.clock.now());
    match changed(&desk, &seat, person.id.home, &person, "reset", making).await? {
        Ok(link) => {
            let page = Page::of(&desk, &seat, look).await?.with(&person.name, &link);
            Ok(Html(page.render()?).into_response())
        }
        Err(unfit) => Page::of(&desk, &seat, look).await?.wrong(unfit),
    }
}

#[derive(Deserialize)]
struct Disabled {
    disabled: bool,
}

async fn set_disabled(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Path(person): Path<String>,
    Form(Disabled { disabled }): Form<Disabled>,
) -> Result<Response, Trouble> {
    let person = at_home(&desk, &seat, &person).await?;
    let to = if disabled { "disabled" } else { "enabled" };
    let setting = desk.ledger.set_disabled(person.id, disabled, desk.clock.now());
    match changed(&desk, &seat, person.id.home, &person, to, setting).await? {
        Ok(()) => Ok(Redirect::to(HERE).into_response()),
        Err(unfit) => Page::of(&desk, &seat, look).await?.wrong(unfit),
    }
}

#[cfg(test)]
mod tests;
