//! `GET /api/v1/findings`.

use axum::extract::State;
use axum::response::Response;
use hoesu_claims::assess::{Proposed, Sentence};
use hoesu_claims::fact::DocumentRef;
use hoesu_claims::{AccountId, Finding, Rule, Won};
use hoesu_engine::told::{self, KeptFinding, Names, Notice};
use hoesu_ledger::Scope;
use hoesu_ledger::cases::{FindingPlace, FindingQuery};
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::{Asked, Given, Reads, account};
use super::caller::Caller;
use super::problem::OfList;
use super::{Api, Problem, answer};

const PATH: &str = "/api/v1/findings";

/// Findings of which state.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = StateAsked)]
pub(super) enum Which {
    /// Those somebody has to look at.
    Open,
    /// Those that are settled.
    Closed,
    /// Both.
    All,
}

impl Which {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "open" => Some(Self::Open),
            "closed" => Some(Self::Closed),
            "all" => Some(Self::All),
            _ => None,
        }
    }
}

/// What can be asked of findings.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// Only findings of this rule.
    rule: Option<Rule>,
    /// Only findings of the order with this number.
    order: Option<String>,
    /// Only findings of orders under the account with this name.
    account: Option<String>,
    /// Only findings in this state.
    #[param(value_type = Option<Which>, default = "open")]
    state: Which,
    /// How many at most.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    limit: usize,
    /// Where to begin: `next` of the page before.
    cursor: Option<String>,
}

impl Reads for Question {
    fn read(given: &Given) -> Result<Self, Problem> {
        let text = |name| given.text(name).map(str::to_owned);
        let states = given.word("state", Which::from_name, &["open", "closed", "all"])?;
        Ok(Self {
            rule: given.word("rule", Rule::from_id, &Rule::ALL.map(Rule::id))?,
            order: text("order"),
            account: text("account"),
            state: states.unwrap_or(Which::Open),
            limit: given.limit()?,
            cursor: text("cursor"),
        })
    }
}

/// A page of findings.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FindingsPage {
    /// The most urgent first.
    findings: Vec<KeptFinding>,
    /// What of the channels is not known in time: no findings does not mean that nothing is wrong.
    notices: Vec<Notice>,
    /// The cursor of the next page; null if this is the last.
    next: Option<String>,
}

impl FindingsPage {
    /// A page as it is answered.
    pub(super) fn example() -> Self {
        let document = DocumentRef {
            account: AccountId(1),
            kind: "return".to_owned(),
            key: "50000001".to_owned(),
            version: 2,
        };
        let finding = Finding {
            id: "quantity-mismatch:sale/1/500000001:order".to_owned(),
            rule: Rule::QuantityMismatch,
            order: "500000001".to_owned(),
            about: "order".to_owned(),
            since: answer::EXAMPLE_AT,
            deadline: None,
            won_at_risk: Some(Won(9_900)),
            interest: None,
            claims: Vec::new(),
            proposed: Some(Proposed::Recount { tickets: vec!["CS-1024".to_owned()] }),
            evidence: vec![document],
            sentence: Sentence {
                ko: "1개가 더 돌아왔어요. 수량을 다시 확인해 주세요.".to_owned(),
                en: "1 more came back than was claimed. Have it counted again.".to_owned(),
            },
        };
        let finding = told::Finding::tell(
            &Names::one(AccountId(1), "market"),
            AccountId(1),
            told::State::Open,
            finding,
        );
        let kept = KeptFinding {
            finding,
            closed: None,
            opened_at: answer::EXAMPLE_AT,
            changed_at: answer::EXAMPLE_AT,
        };
        Self { findings: vec![kept], notices: Vec::new(), next: None }
    }
}

/// Lists findings: what is wrong or due, the most urgent first.
///
/// Open ones come before closed ones, then those whose deadline is earlier; those without one come last.
#[utoipa::path(
    get, path = PATH, operation_id = "list_findings", tag = "findings",
    params(Question),
    responses(
        (status = 200, description = "a page of findings", body = FindingsPage,
         headers(("Link" = String, description = "the address of the next page, as rel=\"next\""))),
        OfList,
    ),
    security(("key" = ["findings:read"])),
)]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked<Question>,
) -> Result<Response, Problem> {
    let seller = caller.reading(Scope::FindingsRead)?;
    let Question { rule, order, account: named, state, limit, cursor } = &asked.of;
    let accounts = api.desk.ledger.accounts().await?;
    let names = Names::of(accounts.iter().filter(|account| account.seller == seller));
    let of = account(&names, named.as_deref())?;
    let question = (PATH, seller, rule, order, of, state);
    let after = cursor.as_deref().map(|cursor| api.cursors.read(&question, cursor)).transpose()?;
    let query = FindingQuery {
        rule: *rule,
        order: order.clone(),
        account: of,
        open: match state {
            Which::Open => Some(true),
            Which::Closed => Some(false),
            Which::All => None,
        },
        after: after.map(|(is_closed, urgency, id)| FindingPlace { is_closed, urgency, id }),
        limit: limit + 1,
    };
    api.settled(seller).await;
    let mut kept = api.desk.ledger.findings(seller, query).await?;
    let more = kept.len() > *limit;
    kept.truncate(*limit);
    let last = kept.last().filter(|_| more).map(|last| {
        let FindingPlace { is_closed, urgency, id } = last.place();
        api.cursors.write(&question, &(is_closed, urgency, id))
    });
    let link = last.as_deref().map(|next| format!("{PATH}?{}", asked.from(next)));
    let findings = kept.into_iter().map(|kept| KeptFinding::tell(&names, kept)).collect();
    let notices = told::notices(&api.desk.ledger, seller, api.desk.clock.now()).await?;
    Ok(answer::page(&FindingsPage { findings, notices, next: last }, link.as_deref()))
}
