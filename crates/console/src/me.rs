//! 내 계정: one's own password, authenticator and sessions.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use hoesu_channels::Desk;
use hoesu_ledger::{Fit, Ledger, Role, Seller};
use serde::Deserialize;

use crate::look::Look;
use crate::members::called;
use crate::qr::Qr;
use crate::session::{SIGN_IN, Seat, escaped, give};
use crate::sign_in::said;
use crate::trouble::Trouble;

pub(crate) fn router() -> Router<Desk> {
    Router::new()
        .route("/console/me", get(show))
        .route("/console/me/password", post(change_password))
        .route("/console/me/code", post(set_code))
        .route("/console/me/sign-out-everywhere", post(out_everywhere))
}

#[derive(Template)]
#[template(path = "me.html")]
struct Page {
    look: Look,
    /// What the person's role is called.
    role: &'static str,
    sellers: Vec<(Seller, Role)>,
    shown: i64,
    has_code: bool,
    /// A secret for an authenticator, kept nowhere until it is proved.
    secret: String,
    /// The same for the camera of whoever has an authenticator.
    qr: Option<Qr>,
    wrong: Option<&'static str>,
    done: Option<&'static str>,
}

impl Page {
    fn of(seat: &Seat, look: Look) -> Self {
        Self::offering(seat, look, Ledger::new_code_secret().to_string())
    }

    /// With a secret that may be in somebody's authenticator already.
    fn offering(seat: &Seat, look: Look, secret: String) -> Self {
        let (seller, person) = (escaped(&look.signed.seller_name), escaped(&look.signed.person));
        let link = format!(
            "otpauth://totp/hoesu%20{seller}:{person}?secret={secret}&issuer=hoesu%20{seller}"
        );
        Self {
            role: called(seat.session.role, look.lang),
            look,
            sellers: seat.session.sellers.clone(),
            shown: seat.session.seller.id.0,
            has_code: seat.session.person.has_code,
            qr: Qr::of(&link),
            secret,
            wrong: None,
            done: None,
        }
    }

    /// After something was asked for.
    fn after(mut self, fit: Fit<()>) -> Result<Response, Trouble> {
        let status = match fit {
            Ok(()) => {
                self.done = Some(self.look.t("바꿨어요.", "Changed."));
                StatusCode::OK
            }
            Err(unfit) => {
                self.wrong = Some(said(unfit, self.look.lang));
                StatusCode::UNPROCESSABLE_ENTITY
            }
        };
        Ok((status, Html(self.render()?)).into_response())
    }
}

async fn show(seat: Seat, look: Look) -> Result<Html<String>, Trouble> {
    Ok(Html(Page::of(&seat, look).render()?))
}

#[derive(Deserialize)]
struct Passwords {
    old: String,
    new: String,
    again: String,
}

async fn change_password(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Form(Passwords { old, new, again }): Form<Passwords>,
) -> Result<Response, Trouble> {
    let mut page = Page::of(&seat, look);
    if new != again {
        let wrong =
            page.look.t("두 비밀번호가 서로 달라요.", "The two passwords are not the same.");
        page.wrong = Some(wrong);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response());
    }
    let (origin, now) = (seat.peer.origin(), desk.clock.now());
    page.after(desk.ledger.change_password(&seat.token, &old, &new, &origin, now).await?)
}

#[derive(Deserialize)]
struct Code {
    /// Empty to ask for no codes any more.
    #[serde(default)]
    secret: String,
    #[serde(default)]
    code: String,
}

async fn set_code(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Form(Code { secret, code }): Form<Code>,
) -> Result<Response, Trouble> {
    let proof = (!secret.is_empty()).then_some((secret.as_str(), code.as_str()));
    let fit = desk.ledger.set_code(seat.session.person.id, proof, desk.clock.now()).await?;
    if fit.is_ok() {
        let mut page = Page::of(&seat, look);
        page.has_code = !secret.is_empty();
        page.after(fit)
    } else {
        // The same secret is shown again: it is in the authenticator already.
        Page::offering(&seat, look, secret).after(fit)
    }
}

async fn out_everywhere(State(desk): State<Desk>, seat: Seat) -> Result<Response, Trouble> {
    desk.ledger.sign_out_everywhere(seat.session.person.id).await?;
    let mut response = Redirect::to(SIGN_IN).into_response();
    give(seat.peer, "", response.headers_mut());
    Ok(response)
}
