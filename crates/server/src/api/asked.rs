//! What is asked for behind the question mark: what is documented, once, and nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use hoesu_claims::AccountId;
use hoesu_engine::told::Names;
use utoipa::IntoParams;

use super::{Api, Problem};

/// Rows of a page unless asked for otherwise.
const LIMIT: usize = 50;

/// Rows of a page at most.
const LIMIT_MAX: usize = 200;

/// What a route asks of the parameters it documents.
pub(super) trait Reads: IntoParams + Sized {
    /// Reads them; those not documented have been refused.
    fn read(given: &Given) -> Result<Self, Problem>;
}

/// The parameters of a request.
pub(super) struct Asked<T> {
    pub(super) of: T,
    given: Given,
}

impl<T: Reads> FromRequestParts<Api> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        let pairs: Query<Vec<(String, String)>> = Query::try_from_uri(&parts.uri)
            .map_err(|_| Problem::parameter("query", "The query cannot be read."))?;
        let documented = T::into_params(|| None);
        let documented: Vec<&str> = documented.iter().map(|one| one.name.as_str()).collect();
        let mut given = BTreeMap::new();
        for (name, value) in pairs.0 {
            if !documented.contains(&name.as_str()) {
                return Err(unknown(&name, &documented));
            }
            if value.contains('\0') {
                return Err(Problem::parameter(name, "It holds a character that nothing has."));
            }
            if given.insert(name.clone(), value).is_some() {
                return Err(Problem::parameter(name, "It is given twice."));
            }
        }
        let given = Given(given);
        Ok(Self { of: T::read(&given)?, given })
    }
}

/// Names what nobody asked for, unless it looks like somebody's data rather than a name.
fn unknown(name: &str, documented: &[&str]) -> Problem {
    let is_name = (1..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'));
    let name = if is_name { name.to_owned() } else { "query".to_owned() };
    let why = if documented.is_empty() {
        "There are no parameters here.".to_owned()
    } else {
        format!("There is no such parameter here; there are: {}.", documented.join(", "))
    };
    Problem::parameter(name, why)
}

impl<T> Asked<T> {
    /// The same question for the page that begins at a cursor, as it stands behind the question mark.
    pub(super) fn from(&self, cursor: &str) -> String {
        let others = self.given.0.iter().filter(|(name, _)| *name != "cursor");
        let mut query = String::new();
        for (name, value) in others {
            let _ = write!(query, "{name}={}&", encode(value));
        }
        query + "cursor=" + &encode(cursor)
    }
}

/// Parameters by their names.
pub(super) struct Given(BTreeMap<String, String>);

impl Given {
    /// A text, if it is given.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// One of some words, if it is given.
    pub(super) fn word<T>(
        &self,
        name: &'static str,
        read: impl Fn(&str) -> Option<T>,
        words: &[&str],
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let why = || format!("It must be one of: {}.", words.join(", "));
        read(text).map(Some).ok_or_else(|| Problem::parameter(name, why()))
    }

    /// How many rows.
    pub(super) fn limit(&self) -> Result<usize, Problem> {
        let Some(text) = self.text("limit") else { return Ok(LIMIT) };
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let limit = text.parse().ok().filter(|limit| digits && (1..=LIMIT_MAX).contains(limit));
        limit.ok_or_else(|| Problem::parameter("limit", "It must be a number from 1 to 200."))
    }
}

/// The account with a name, if one is asked for.
pub(super) fn account(names: &Names, name: Option<&str>) -> Result<Option<AccountId>, Problem> {
    let find = |name| names.account(name);
    let missing = || Problem::parameter("account", "The seller has no account of this name.");
    name.map(|name| find(name).ok_or_else(missing)).transpose()
}

/// No parameters.
#[derive(IntoParams)]
pub(super) struct Nothing {}

impl Reads for Nothing {
    fn read(_: &Given) -> Result<Self, Problem> {
        Ok(Self {})
    }
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
