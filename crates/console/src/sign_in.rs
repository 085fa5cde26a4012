//! Signing in and out: a name and a password, a code if the person has an authenticator, and the links
//! that let somebody in for the first time.

mod links;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use hoesu_channels::Desk;
use hoesu_claims::SellerId;
use hoesu_ledger::{SignIn, Unfit};
use jiff::Timestamp;
use serde::Deserialize;

use crate::assets::{ICON, STYLE};
use crate::lang::Lang;
use crate::look::{cookie, is_ours, lang};
use crate::peer::Peer;
use crate::session::{SIGN_IN, Seat, cookie_name, escaped, give};
use crate::trouble::Trouble;

pub(crate) fn router() -> Router<Desk> {
    Router::new()
        .route("/console/sign-in", get(show).post(try_in))
        .route("/console/sign-in/code", get(show_code).post(try_code))
        .route("/console/sign-out", post(out))
        .route("/console/seller", post(show_seller))
        .merge(links::router())
}

/// What surrounds a page before anybody is known.
#[derive(Debug, Clone)]
pub(crate) struct Bare {
    pub(crate) lang: Lang,
    pub(crate) here: String,
    pub(crate) style: &'static str,
    pub(crate) icon: &'static str,
    /// What went wrong with what was sent.
    pub(crate) wrong: Option<&'static str>,
}

impl Bare {
    pub(crate) fn of(headers: &HeaderMap, here: impl Into<String>) -> Self {
        let lang = lang(headers);
        Self { lang, here: here.into(), style: &STYLE.path, icon: &ICON.path, wrong: None }
    }

    pub(crate) const fn t<'a>(&self, ko: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(ko, en)
    }
}

/// What is wrong, in a sentence.
pub(crate) const fn said(unfit: Unfit, lang: Lang) -> &'static str {
    match unfit {
        Unfit::Name => lang.pick(
            "이름은 글자, 숫자, . - _ @ 로 1–64자여야 해요.",
            "A name has 1 to 64 letters, digits and . - _ @.",
        ),
        Unfit::NameTaken => lang.pick("이미 있는 이름이에요.", "Somebody has that name."),
        Unfit::PasswordShort => {
            lang.pick("비밀번호는 10자 이상이어야 해요.", "A password has 10 characters at least.")
        }
        Unfit::PasswordLong => lang.pick("비밀번호가 너무 길어요.", "The password is too long."),
        Unfit::PasswordIsName => {
            lang.pick("비밀번호는 이름과 달라야 해요.", "The password must not be the name.")
        }
        Unfit::PasswordWrong => {
            lang.pick("지금 비밀번호가 맞지 않아요.", "The current password is not right.")
        }
        Unfit::CodeWrong => lang.pick("코드가 맞지 않아요.", "The code is not right."),
        Unfit::LastAdmin => lang.pick(
            "마지막 관리자예요. 다른 관리자를 먼저 정해 주세요.",
            "This is the last admin; name another one first.",
        ),
        Unfit::Gone => lang.pick("더는 쓸 수 없어요.", "This is good no longer."),
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    bare: Bare,
    name: String,
    next: String,
}

#[derive(Debug, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

fn next_page(next: &str) -> &str {
    if is_ours(next) { next } else { "/console" }
}

async fn show(
    seat: Result<Seat, Trouble>,
    Query(Next { next }): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if seat.is_ok() {
        return Ok(Redirect::to(next_page(&next)).into_response());
    }
    let bare = Bare::of(&headers, here(&next));
    Ok(Html(Page { bare, name: String::new(), next }.render()?).into_response())
}

/// The page's own address.
fn here(next: &str) -> String {
    if next.is_empty() { SIGN_IN.to_owned() } else { format!("{SIGN_IN}?next={}", escaped(next)) }
}

#[derive(Deserialize)]
struct Shown {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn try_in(
    State(desk): State<Desk>,
    peer: Peer,
    headers: HeaderMap,
    Form(Shown { name, password, next }): Form<Shown>,
) -> Result<Response, Trouble> {
    let now = desk.clock.now();
    let step = desk.ledger.sign_in(&name, &password, &peer.origin(), now).await?;
    let mut bare = Bare::of(&headers, here(&next));
    match step {
        SignIn::In(token) => Ok(into(peer, &token, next_page(&next))),
        SignIn::CodeWanted(token) => {
            let to = format!("{SIGN_IN}/code?next={}", escaped(next_page(&next)));
            Ok(into(peer, &token, &to))
        }
        SignIn::Refused => {
            bare.wrong =
                Some(bare.t(
                    "이름이나 비밀번호가 맞지 않아요.",
                    "The name or the password is not right.",
                ));
            let page = Page { bare, name, next };
            Ok((StatusCode::UNAUTHORIZED, Html(page.render()?)).into_response())
        }
        SignIn::Locked(until) => {
            bare.wrong = Some(locked(bare.lang));
            let page = Page { bare, name, next };
            Ok(later(until, now, Html(page.render()?)))
        }
    }
}

const fn locked(lang: Lang) -> &'static str {
    lang.pick(
        "여러 번 틀려서 15분 동안 잠겼어요. 나중에 다시 해 주세요.",
        "Too many wrong attempts: locked for 15 minutes. Please try again later.",
    )
}

fn later(until: Timestamp, now: Timestamp, page: Html<String>) -> Response {
    let seconds = (until.as_second() - now.as_second()).max(1);
    let mut response = (StatusCode::TOO_MANY_REQUESTS, page).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Goes on to a page, with something new to show.
fn into(peer: Peer, token: &str, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    give(peer, token, response.headers_mut());
    response
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage {
    bare: Bare,
    next: String,
}

async fn show_code(
    Query(Next { next }): Query<Next>,
    headers: HeaderMap,
) -> Result<Html<String>, Trouble> {
    let bare = Bare::of(&headers, format!("{SIGN_IN}/code?next={}", escaped(&next)));
    Ok(Html(CodePage { bare, next }.render()?))
}

#[derive(Deserialize)]
struct Code {
    code: String,
    #[serde(default)]
    next: String,
}

async fn try_code(
    State(desk): State<Desk>,
    peer: Peer,
    headers: HeaderMap,
    Form(Code { code, next }): Form<Code>,
) -> Result<Response, Trouble> {
    let Some(token) = cookie(&headers, cookie_name(peer)) else {
        return Ok(Redirect::to(SIGN_IN).into_response());
    };
    let now = desk.clock.now();
    let mut bare = Bare::of(&headers, format!("{SIGN_IN}/code?next={}", escaped(&next)));
    match desk.ledger.give_code(token, &code, &peer.origin(), now).await? {
        SignIn::In(token) => Ok(into(peer, &token, next_page(&next))),
        SignIn::Refused => Ok(Redirect::to(&here(&next)).into_response()),
        SignIn::CodeWanted(_) => {
            bare.wrong = Some(said(Unfit::CodeWrong, bare.lang));
            let page = CodePage { bare, next };
            Ok((StatusCode::UNAUTHORIZED, Html(page.render()?)).into_response())
        }
        SignIn::Locked(until) => {
            bare.wrong = Some(locked(bare.lang));
            let page = CodePage { bare, next };
            Ok(later(until, now, Html(page.render()?)))
        }
    }
}

async fn out(State(desk): State<Desk>, seat: Seat) -> Result<Response, Trouble> {
    desk.ledger.sign_out(&seat.token).await?;
    Ok(into(seat.peer, "", SIGN_IN))
}

#[derive(Deserialize)]
struct Chosen {
    seller: i64,
}

async fn show_seller(
    State(desk): State<Desk>,
    seat: Seat,
    Form(Chosen { seller }): Form<Chosen>,
) -> Result<Redirect, Trouble> {
    let now = desk.clock.now();
    if desk.ledger.show_seller(&seat.token, SellerId(seller), now).await? {
        Ok(Redirect::to("/console"))
    } else {
        Err(Trouble::NotHere)
    }
}
