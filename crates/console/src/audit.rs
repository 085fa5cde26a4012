//! 접근 기록: who saw or changed what. An admin's page.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use hoesu_channels::Desk;
use hoesu_claims::time::KST;
use hoesu_ledger::{KeptAccess, Role};
use serde::Deserialize;

use crate::look::{Look, Place};
use crate::members::called;
use crate::session::Seat;
use crate::trouble::Trouble;

/// Lines on a page.
const ROWS: usize = 100;

pub(crate) fn router() -> Router<Desk> {
    Router::new().route("/console/settings/access", get(show))
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    look: Look,
    rows: Vec<Row>,
    /// The number from which older lines go on.
    older: Option<i64>,
}

struct Row {
    no: i64,
    at: String,
    who: String,
    origin: String,
    what: String,
    whose: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
struct Asked {
    before: Option<i64>,
}

async fn show(
    State(desk): State<Desk>,
    seat: Seat,
    look: Look,
    Query(Asked { before }): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    seat.may(Role::Admin)?;
    let kept = desk.ledger.accesses(seat.session.seller.id, None, before, ROWS).await?;
    let older = kept.last().filter(|last| kept.len() == ROWS && last.no > 1).map(|last| last.no);
    let rows = kept.into_iter().map(|line| row(line, &look)).collect();
    Ok(Html(Page { look: look.at(Place::Settings), rows, older }.render()?))
}

fn row(line: KeptAccess, look: &Look) -> Row {
    let KeptAccess { no, at, who, origin, what, whose, reason } = line;
    let what = match what.as_str() {
        "reveal" => look.t("개인정보 보기", "Saw personal data").to_owned(),
        "download" => look.t("개인정보 내려받기", "Downloaded personal data").to_owned(),
        "sign-in" => look.t("로그인", "Signed in").to_owned(),
        "person-add" => look.t("사용자 추가", "Added a person").to_owned(),
        "person-change" => look.t("사용자 변경", "Changed a person").to_owned(),
        "key-add" => look.t("API 키 추가", "Added an API key").to_owned(),
        "key-revoke" => look.t("API 키 없앰", "Revoked an API key").to_owned(),
        "settings-change" => look.t("설정 변경", "Changed settings").to_owned(),
        _ => what,
    };
    let unread = || look.t("읽을 수 없음", "unreadable").to_owned();
    Row {
        no,
        at: KST.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        who,
        origin,
        what,
        whose: said(&whose, look).unwrap_or(whose),
        reason: reason.map_or_else(unread, |why| said(&why, look).unwrap_or(why)),
    }
}

/// The words by which our own pages and commands write down what became of something.
fn said(word: &str, look: &Look) -> Option<String> {
    if let Some(role) = Role::from_name(word) {
        return Some(called(role, look.lang).to_owned());
    }
    let (ko, en) = match word {
        "no role" | "none" => ("볼 수 없게 함", "no access"),
        "disabled" => ("멈춤", "disabled"),
        "enabled" => ("다시 쓰게 함", "enabled"),
        "reset" => ("새 비밀번호 링크", "new password link"),
        "not done" => ("하지 않음", "not done"),
        "policy" => ("기준일", "how long things may take"),
        "item map" => ("품목 지도", "item map"),
        "pasted" => ("붙여 넣음", "pasted"),
        "file" => ("파일", "a file"),
        "removed" => ("뺌", "removed"),
        _ => return None,
    };
    Some(look.t(ko, en).to_owned())
}
