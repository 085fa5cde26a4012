//! 오늘: what must be done today, and what runs out first.

use askama::Template;
use axum::response::Html;

use crate::look::{Look, Place};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "today.html")]
struct Page {
    look: Look,
}

pub(crate) async fn show(look: Look) -> Result<Html<String>, Trouble> {
    Ok(Html(Page { look: look.at(Place::Today) }.render()?))
}
