//! The document of the API: OpenAPI 3.1, written by the routes it describes.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, to_value};
use utoipa::Modify;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::asked::{Asked, Nothing};
use super::cases::CasesPage;
use super::documents::Document;
use super::findings::FindingsPage;
use super::{Problem, answer, findings, problem, routes};

/// What the document says of the API as a whole.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "hoesu",
        description = "What a seller's own programs read of cancels, returns and refunds over every sales channel.\n\n\
            **Keys.** `Authorization: Bearer hoesu_…`. `hoesu key add NAME --scope SCOPE` makes one and shows it once, as does the console; \
            `hoesu key revoke NAME` ends it within a second. A key reads what is its seller's; everything else is 404.\n\n\
            **Scopes.** `findings:read`, `cases:read` and `documents:read`. Only documents carry personal data.\n\n\
            **Pages.** `limit` rows, the next page by `next` (as `cursor`) or by the header `Link`. A cursor goes with the \
            parameters it was given for.\n\n\
            **Problems.** `application/problem+json` (RFC 9457); programs go by `type`, which never changes.\n\n\
            **Growth.** Members, rules and codes may be added; those there are stay what they are. Instants are \
            RFC 3339 in UTC, amounts are whole won."
    ),
    tags(
        (name = "findings", description = "What is wrong or due."),
        (name = "cases", description = "What is known about orders."),
        (name = "documents", description = "What channels said, word for word."),
        (name = "about", description = "The API itself."),
    ),
    components(schemas(problem::Body, findings::Which)),
    modifiers(&Keys),
)]
pub(super) struct About;

/// Says how a key is shown.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("hoesu_<seller>_<key>_<secret>")
            .description(Some("A key that `hoesu key add` made."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

/// Names under which a schema would only say what every program knows.
const PLAIN: [&str; 2] = ["u32", "String"];

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let document = routes().into_openapi();
    let mut document = to_value(document).expect("a document is JSON");
    for name in PLAIN {
        let schemas = &mut document["components"]["schemas"];
        if let Some(schema) = schemas.as_object_mut().and_then(|schemas| schemas.remove(name)) {
            put(&mut document, &format!("#/components/schemas/{name}"), &schema);
        }
    }
    finish(&mut document["components"]["schemas"]);
    for (path, example) in [
        ("/api/v1/findings", to_value(FindingsPage::example())),
        ("/api/v1/cases", to_value(CasesPage::example())),
        ("/api/v1/documents/{id}", to_value(Document::example())),
    ] {
        let answer = &mut document["paths"][path]["get"]["responses"]["200"]["content"];
        answer["application/json"]["example"] = example.expect("what is told is JSON");
    }
    document
});

/// Puts a schema wherever it is referred to, beside what is said there.
fn put(value: &mut Value, name: &str, schema: &Value) {
    match value {
        Value::Object(members) => {
            if members.get("$ref").is_some_and(|known| known == name) {
                members.remove("$ref");
                for (member, known) in schema.as_object().into_iter().flatten() {
                    members.entry(member).or_insert_with(|| known.clone());
                }
            }
            members.values_mut().for_each(|member| put(member, name, schema));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| put(value, name, schema)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Says of every member what it is where programs look for it, and that one which may be null is
/// there all the same.
fn finish(value: &mut Value) {
    if let Some(Value::Object(members)) = value.get_mut("properties") {
        let mut always = Vec::new();
        for (name, member) in members {
            if is_nullable(member) {
                always.push(Value::from(name.as_str()));
            }
            describe(member);
        }
        if let Value::Object(schema) = &mut *value
            && !always.is_empty()
        {
            let required = schema.entry("required").or_insert_with(|| Value::Array(Vec::new()));
            required.as_array_mut().expect("a list of names").extend(always);
        }
    }
    match value {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get_mut("description") {
                *text = text.replace("`None`", "null").replace('\n', " ");
            }
            members.values_mut().for_each(finish);
        }
        Value::Array(values) => values.iter_mut().for_each(finish),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_nullable(member: &Value) -> bool {
    let null = |kind: &Value| kind == "null";
    let one_of = member["oneOf"].as_array().into_iter().flatten();
    one_of.map(|one| &one["type"]).any(null)
        || member["type"].as_array().is_some_and(|kinds| kinds.iter().any(null))
}

/// Moves what is said of one of two up to both, and says something of a word that tells kinds apart.
fn describe(member: &mut Value) {
    if member.get("description").is_some() {
        return;
    }
    let inner = member["oneOf"].as_array_mut().and_then(|all| all.first_mut()?.as_object_mut());
    let said = inner.and_then(|inner| inner.remove("description"));
    if let Value::Object(member) = member {
        if member.get("oneOf").is_some_and(Value::is_null) {
            member.remove("oneOf");
        }
        member.insert(
            "description".to_owned(),
            said.unwrap_or_else(|| "Which of these it is.".into()),
        );
    }
}

/// `docs/api.json`.
pub fn openapi() -> String {
    serde_json::to_string_pretty(&*DOCUMENT).expect("a document is JSON")
}

/// Reads this document. No key is needed.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", operation_id = "read_openapi", tag = "about",
    params(Nothing),
    responses(
        (status = 200, description = "the document (OpenAPI 3.1)", body = Value,
         headers(("ETag" = String, description = "stands for this content"))),
        (status = 304, description = "the caller has it as it is"),
    ),
)]
pub(super) async fn serve(_: Asked<Nothing>, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(answer::one(&*DOCUMENT, &headers))
}
