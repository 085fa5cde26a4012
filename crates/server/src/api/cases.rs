//! `GET /api/v1/cases` and `GET /api/v1/cases/{order}`.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use hoesu_engine::Docket;
use hoesu_engine::told::{self, Case, CaseSummary, Names};
use hoesu_ledger::Scope;
use hoesu_ledger::cases::{CasePlace, CaseQuery};
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::{Asked, Given, Nothing, Reads, account};
use super::caller::Caller;
use super::problem::{OfList, OfOne};
use super::{Api, Problem, answer};

const PATH: &str = "/api/v1/cases";

/// What can be asked of cases.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// Only the order with this number.
    order: Option<String>,
    /// Only orders under the account with this name.
    account: Option<String>,
    /// How many at most.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    limit: usize,
    /// Where to begin: `next` of the page before.
    cursor: Option<String>,
}

impl Reads for Question {
    fn read(given: &Given) -> Result<Self, Problem> {
        let text = |name| given.text(name).map(str::to_owned);
        let limit = given.limit()?;
        Ok(Self { order: text("order"), account: text("account"), limit, cursor: text("cursor") })
    }
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CasesPage {
    /// Those something happened in last come first.
    cases: Vec<CaseSummary>,
    /// The cursor of the next page; null if this is the last.
    next: Option<String>,
}

impl CasesPage {
    /// A page as it is answered.
    pub(super) fn example() -> Self {
        let tracks = told::SummaryTracks {
            claim: "asked".to_owned(),
            goods: "coming_back".to_owned(),
            money: "owed".to_owned(),
        };
        let case = CaseSummary {
            order: "500000001".to_owned(),
            account: "market".to_owned(),
            tracks,
            since: answer::EXAMPLE_AT,
            changed_at: answer::EXAMPLE_AT,
            open_findings: 1,
            wake_at: None,
        };
        Self { cases: vec![case], next: None }
    }
}

/// The cases a number stands for: one, unless several accounts know the number.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Cases {
    /// Each with everything known about it.
    cases: Vec<Case>,
}

/// Lists cases: orders in which somebody asked for a cancel, a return or an exchange, or in which goods
/// or money moved.
///
/// Those something happened in last come first. A case that changes while pages are read may be met
/// again on a later reading, from the beginning.
#[utoipa::path(
    get, path = PATH, operation_id = "list_cases", tag = "cases",
    params(Question),
    responses(
        (status = 200, description = "a page of cases", body = CasesPage,
         headers(("Link" = String, description = "the address of the next page, as rel=\"next\""))),
        OfList,
    ),
    security(("key" = ["cases:read"])),
)]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked<Question>,
) -> Result<Response, Problem> {
    let seller = caller.reading(Scope::CasesRead)?;
    let Question { order, account: named, limit, cursor } = &asked.of;
    let accounts = api.desk.ledger.accounts().await?;
    let names = Names::of(accounts.iter().filter(|account| account.seller == seller));
    let of = account(&names, named.as_deref())?;
    let question = (PATH, seller, order, of);
    let after = cursor.as_deref().map(|cursor| api.cursors.read(&question, cursor)).transpose()?;
    let query = CaseQuery {
        order: order.clone(),
        account: of,
        after: after.map(|(changed_at, key)| CasePlace { changed_at, key }),
        limit: limit + 1,
    };
    api.settled(seller).await;
    let mut kept = api.desk.ledger.cases(seller, query).await?;
    let more = kept.len() > *limit;
    kept.truncate(*limit);
    let last = kept.last().filter(|_| more).map(|last| {
        let CasePlace { changed_at, key } = last.place();
        api.cursors.write(&question, &(changed_at, key))
    });
    let link = last.as_deref().map(|next| format!("{PATH}?{}", asked.from(next)));
    let cases = kept.into_iter().map(|kept| CaseSummary::tell(&names, kept)).collect();
    Ok(answer::page(&CasesPage { cases, next: last }, link.as_deref()))
}

/// Reads one order: where it stands, its lines, what happened, its documents, what is wrong or due now.
///
/// It is worked out from the documents as they are when it is asked for.
#[utoipa::path(
    get, path = "/api/v1/cases/{order}", operation_id = "read_case", tag = "cases",
    params(
        ("order" = String, Path, description = "the order's number; a claim's or an outbound waybill leads there as well", example = "500000001"),
        ("If-None-Match" = Option<String>, Header, description = "tags of what the caller has"),
        Nothing,
    ),
    responses(
        (status = 200, description = "the cases the number stands for", body = Cases,
         headers(("ETag" = String, description = "stands for this content"))),
        (status = 304, description = "the caller has it as it is"),
        OfOne,
    ),
    security(("key" = ["cases:read"])),
)]
pub(super) async fn one(
    State(api): State<Api>,
    caller: Caller,
    _: Asked<Nothing>,
    order: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let seller = caller.reading(Scope::CasesRead)?;
    let Ok(Path(order)) = order else { return Err(Problem::NOT_FOUND) };
    if order.contains('\0') || order.trim().is_empty() {
        return Err(Problem::NOT_FOUND);
    }
    let docket = Docket::open(api.desk.ledger.clone(), seller).await?;
    let found = docket.cases_of(&order, None).await?;
    if found.is_empty() {
        return Err(Problem::NOT_FOUND);
    }
    let now = api.desk.clock.now();
    let mut cases = Vec::with_capacity(found.len());
    for case in found {
        cases.push(told::case(&docket, case, now).await?);
    }
    Ok(answer::one(&Cases { cases }, &headers))
}
