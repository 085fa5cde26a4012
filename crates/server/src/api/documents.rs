//! `GET /api/v1/documents/{id}`.

use std::collections::BTreeMap;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use hoesu_claims::Media;
use hoesu_engine::told::DocumentId;
use hoesu_ledger::Scope;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::asked::{Asked, Nothing};
use super::caller::Caller;
use super::problem::OfOne;
use super::{Api, Problem, answer};

/// What a channel said about one thing: all versions, word for word.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Document {
    /// The document's id; it never changes.
    #[schema(example = "1:return:500000001")]
    id: String,
    /// The account that heard it.
    #[schema(example = "market")]
    account: String,
    /// The channel's id.
    #[schema(example = "market")]
    channel: String,
    /// The kind of document.
    #[schema(example = "return")]
    kind: String,
    /// The channel's own number of the thing.
    #[schema(example = "500000001")]
    key: String,
    /// Which version is the current one: the one heard last, whatever arrived last.
    #[schema(example = 2)]
    current: i64,
    /// Every version, by arrival.
    versions: Vec<Heard>,
}

/// A version of a document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentVersion)]
struct Heard {
    /// Counted from 1 by arrival.
    #[schema(example = 1)]
    version: i64,
    /// When the channel was heard saying this.
    observed_at: Timestamp,
    /// How the body is written.
    #[schema(value_type = MediaName)]
    media: &'static str,
    /// Instants the channel told beside the body, by what happened at them.
    marks: BTreeMap<&'static str, Timestamp>,
    /// What the channel said, token for token. Personal data is in it.
    #[schema(value_type = BodyOf)]
    body: Body,
}

/// How a body is written.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase", as = Media)]
#[expect(dead_code, reason = "says in the document what a name may be")]
enum MediaName {
    /// RFC 8259.
    Json,
    /// XML 1.0, one element.
    Xml,
}

/// A body as it is answered.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Body {
    Json(Box<RawValue>),
    Text(String),
}

/// The JSON value itself where the media is `json`, the text where it is `xml`.
#[derive(ToSchema)]
#[schema(value_type = serde_json::Value, as = DocumentBody)]
struct BodyOf(
    #[expect(dead_code, reason = "says in the document what a body is")] serde_json::Value,
);

impl Document {
    /// A document as it is answered.
    pub(super) fn example() -> Self {
        let heard = Heard {
            version: 1,
            observed_at: answer::EXAMPLE_AT,
            media: Media::Json.name(),
            marks: BTreeMap::new(),
            body: Body::of(Media::Json, br#"{"receiptId":500000001,"reason":"..."}"#),
        };
        Self {
            id: "1:return:500000001".to_owned(),
            account: "market".to_owned(),
            channel: "market".to_owned(),
            kind: "return".to_owned(),
            key: "500000001".to_owned(),
            current: 1,
            versions: vec![heard],
        }
    }
}

impl Body {
    fn of(media: Media, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body).into_owned();
        match media {
            Media::Json => RawValue::from_string(text.clone()).map_or(Self::Text(text), Self::Json),
            Media::Xml => Self::Text(text),
        }
    }
}

/// Reads a document: what a channel said about one thing, all versions, word for word.
///
/// Names, phones, addresses and reasons of buyers are in documents: the scope for them is given to none
/// but who needs them. The access log has every answer that carries them, with the key's name.
#[utoipa::path(
    get, path = "/api/v1/documents/{id}", operation_id = "read_document", tag = "documents",
    params(
        ("id" = String, Path, description = "the document's id, as cases and findings tell it", example = "1:return:500000001"),
        ("If-None-Match" = Option<String>, Header, description = "tags of what the caller has"),
        Nothing,
    ),
    responses(
        (status = 200, description = "the document", body = Document,
         headers(("ETag" = String, description = "stands for this content"))),
        (status = 304, description = "the caller has it as it is"),
        OfOne,
    ),
    security(("key" = ["documents:read"])),
)]
pub(super) async fn one(
    State(api): State<Api>,
    caller: Caller,
    _: Asked<Nothing>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let seller = caller.reading(Scope::DocumentsRead)?;
    let id: DocumentId = id.ok().and_then(|Path(id)| id.parse().ok()).ok_or(Problem::NOT_FOUND)?;
    let ledger = &api.desk.ledger;
    let accounts = ledger.accounts().await?;
    let account = accounts.iter().find(|one| one.seller == seller && one.id == id.account);
    let found = account.and_then(|account| {
        let kinds = hoesu_channels::by_id(&account.channel)?.capabilities().kinds;
        kinds.iter().find(|kind| **kind == id.kind).map(|kind| (account, account.shelf(kind)))
    });
    let (account, shelf) = found.ok_or(Problem::NOT_FOUND)?;
    // First which is current: it is among the versions read after that.
    let current = ledger.document(shelf, &id.key).await?.ok_or(Problem::NOT_FOUND)?;
    let versions = ledger.versions(shelf, &id.key).await?.into_iter().map(|one| Heard {
        version: one.version,
        observed_at: one.observed_at,
        media: one.media.name(),
        marks: one.marks.iter().map(|(moment, at)| (moment.name(), *at)).collect(),
        body: Body::of(one.media, &one.body),
    });
    let document = Document {
        account: account.name.clone(),
        channel: account.channel.clone(),
        current: current.document.version,
        versions: versions.collect(),
        id: id.to_string(),
        kind: id.kind,
        key: id.key,
    };
    let answer = answer::one(&document, &headers);
    // Who has the document as it is, is given nothing of it.
    if answer.status() == StatusCode::OK {
        let access = caller.takes(Scope::DocumentsRead, &document.id, api.desk.clock.now());
        ledger.note(seller, access).await?;
    }
    Ok(answer)
}
