//! 사용자: who may see the seller, and as what. An admin's page.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use hoesu_channels::Desk;
use hoesu_ledger::{Access, Deed, IssuedLink, Member, Person, PersonId, Role, Unfit};
use serde::Deserialize;

use crate::lang::Lang;
use crate::look::{Look, Place};
use crate::session::Seat;
use crate::sign_in::said;
use crate::trouble::Trouble;

/// The page's address.
const HERE: &str = "/console/settings/people";

pub(crate) fn router() -> Router<Desk> {
    Router::new()
        .route("/console/settings/people", get(show).post(add))
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
    /// A link just made, and whose; shown once.
    link: Option<(String, String)>,
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
            roles: Role::ALL.map(|role| (role.name(), called(role, look.lang))),
            look: look.at(Place::Settings),
            link: None,
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
    match desk.ledger.add_person(seller, &name, role, None, now).await? {
        Ok((person, link)) => {
            note(&desk, &seat, Deed::PersonAdd, &person.name, role.name()).await?;
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

async fn note(
    desk: &Desk,
    seat: &Seat,
    what: Deed,
    whose: &str,
    reason: &str,
) -> Result<(), Trouble> {
    let access = Access {
        at: desk.clock.now(),
        who: seat.session.person.name.clone(),
        origin: seat.peer.origin(),
        what,
        whose: whose.to_owned(),
        reason: reason.to_owned(),
    };
    Ok(desk.ledger.note(seat.session.seller.id, access).await?)
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
    match desk.ledger.set_role(seller, person.id, role, now).await? {
        Ok(()) => {
            let to = role.map_or("no role", Role::name);
            note(&desk, &seat, Deed::PersonChange, &person.name, to).await?;
            Ok(Redirect::to(HERE).into_response())
        }
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
    match desk.ledger.reset_link(person.id, desk.clock.now()).await? {
        Ok(link) => {
            note(&desk, &seat, Deed::PersonChange, &person.name, "reset").await?;
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
    match desk.ledger.set_disabled(person.id, disabled, desk.clock.now()).await? {
        Ok(()) => {
            let to = if disabled { "disabled" } else { "enabled" };
            note(&desk, &seat, Deed::PersonChange, &person.name, to).await?;
            Ok(Redirect::to(HERE).into_response())
        }
        Err(unfit) => Page::of(&desk, &seat, look).await?.wrong(unfit),
    }
}
