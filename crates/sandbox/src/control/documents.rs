//! `/_sandbox/documents`: everything the channels have to say, word for word.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hoesu_claims::Media;
use hoesu_claims::document::Marks;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::Asked;
use crate::Sandbox;
use crate::problem::{Problem, Problems};
use crate::world::Version;

/// Which documents.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// Of this account alone, by name.
    #[serde(default)]
    account: Option<String>,
    /// Of this kind alone.
    #[serde(default)]
    kind: Option<String>,
}

/// A version of a document: a line of the answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Line<'a> {
    /// The seller's name.
    seller: &'a str,
    /// The account's name.
    account: &'a str,
    /// The channel's id.
    channel: &'a str,
    /// What kind of document.
    kind: &'a str,
    /// The channel's own number of the thing.
    key: &'a str,
    /// From 1, in the order in which they became visible.
    version: i64,
    /// When it became visible, by the market's clock.
    visible_at: Timestamp,
    /// How it is written: json or xml.
    #[schema(value_type = String)]
    media: Media,
    /// What the channel tells by which question finds it, by name of the instant.
    #[schema(value_type = Object)]
    marks: &'a Marks,
    /// The record as the channel has it.
    body: &'a str,
}

/// Lists every version of every document, faults or not: what a hub that missed nothing has seen, or
/// could have.
#[utoipa::path(
    get, path = "/_sandbox/documents", operation_id = "list_documents", tag = "truth",
    params(Question),
    responses(
        (status = 200, description = "a version on each line, by account, kind, key and version",
         body = Line<'static>, content_type = "application/x-ndjson"),
        Problems,
    ),
)]
pub(super) async fn list(
    State(sandbox): State<Sandbox>,
    Asked(Question { account, kind }): Asked<Question>,
) -> Result<Response, Problem> {
    let world = sandbox.world();
    world.stage.catch_up().await?;
    let versions = world.documents(account.as_deref(), kind.as_deref()).await?;
    let mut out = Vec::new();
    for Version { booth, kind, document } in &versions {
        let booth = &world.stage.booths[*booth];
        let body = String::from_utf8_lossy(&document.body);
        let line = Line {
            seller: &booth.seller_name,
            account: &booth.account.name,
            channel: booth.channel.id(),
            kind,
            key: &document.key,
            version: document.version,
            visible_at: document.observed_at,
            media: document.media,
            marks: &document.marks,
            body: &body,
        };
        serde_json::to_writer(&mut out, &line).expect("a line is JSON");
        out.push(b'\n');
    }
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], out).into_response())
}
