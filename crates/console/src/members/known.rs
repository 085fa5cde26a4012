//! People the admin knows already, let see another of the admin's sellers.

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use hoesu_channels::Desk;
use hoesu_ledger::{Member, Role, Seller, Unfit};
use serde::Deserialize;

use super::{Page, called, changed};
use crate::look::Look;
use crate::session::Seat;
use crate::trouble::Trouble;

/// The sellers the person is an admin of.
pub(super) fn administered(seat: &Seat) -> impl Iterator<Item = &Seller> {
    let sellers = seat.session.sellers.iter();
    sellers.filter(|(_, role)| *role == Role::Admin).map(|(seller, _)| seller)
}

#[derive(Deserialize)]
pub(super) struct Known {
    name: String,
    role: String,
    seller: i64,
}

/// Lets somebody whom the admin knows already see another of the admin's sellers. Nobody learns by it
/// which names there are: who is no member of any of those sellers is not there.
pub(super) async fn add(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Form(Known { name, role, seller }): Form<Known>,
) -> Result<Response, Trouble> {
    seat.may(Role::Admin)?;
    let role = Role::from_name(&role).ok_or(Trouble::Unclear("role"))?;
    let seller = administered(&seat).find(|one| one.id.0 == seller).ok_or(Trouble::NotHere)?;
    let named = desk.ledger.person_named(&name).await?;
    let mut person = None;
    for one in administered(&seat) {
        let members = desk.ledger.members(one.id).await?;
        let is = |member: &Member| named.as_ref().is_some_and(|named| named.id == member.person.id);
        person = person.or(members.into_iter().find(is).map(|member| member.person));
    }
    let Some(person) = person else {
        return Page::of(&desk, &seat, look).await?.wrong(Unfit::Gone);
    };
    let (id, now) = (seller.id, desk.clock.now());
    let setting = desk.ledger.set_role(id, person.id, Some(role), now);
    match changed(&desk, &seat, id, &person, role.name(), setting).await? {
        Ok(()) => {
            let mut page = Page::of(&desk, &seat, look).await?;
            let (who, called) = (&person.name, called(role, page.look.lang));
            page.done = Some(format!("{} · {who} · {called}", seller.name));
            Ok(Html(page.render()?).into_response())
        }
        Err(unfit) => Page::of(&desk, &seat, look).await?.wrong(unfit),
    }
}
