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
        whose,
        reason: reason.unwrap_or_else(unread),
    }
}
