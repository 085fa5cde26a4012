//! `hoesu choose`: whose an order of a warehouse is, where nobody else can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clap::Args;
use hoesu_claims::AccountId;
use hoesu_claims::link::CaseKey;
use hoesu_engine::Docket;
use hoesu_ledger::Choice;
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Failure, Result, fail};
use crate::given;
use crate::lang::say;
use crate::pick;
use crate::shell::Shell;

/// Say which sales account an order of a warehouse belongs to, if several may have it.
#[derive(Debug, Args)]
pub(crate) struct Choose {
    /// The order's number, as the warehouse has it.
    order: String,
    /// The sales account's name.
    #[arg(value_name = "ACCOUNT")]
    sales: String,
    /// The warehouse's account; needed if several have such an order.
    #[arg(long, value_name = "ACCOUNT")]
    warehouse: Option<String>,
    /// Who chooses; the system's user unless given.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    whose: Whose,
}

/// The sales accounts an order may belong to, by the warehouse that has it; none if a person chose
/// before and may choose any.
type Open = BTreeMap<AccountId, BTreeSet<AccountId>>;

impl Choose {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let seller = pick::whose(&ledger, self.whose.seller.as_deref()).await?;
        let accounts = pick::accounts(&ledger, &seller).await?;
        let order = self.order.trim().to_owned();
        let sales = pick::sales(&accounts, &self.sales)?.clone();
        let before = ledger.choices(seller.id).await?.into_iter();
        let before = before.filter(|choice| choice.order == order).map(|choice| choice.warehouse);
        let mut open: Open = before.map(|warehouse| (warehouse, BTreeSet::new())).collect();
        let docket = Docket::open(Arc::clone(&ledger), seller.id).await?;
        for case in docket.cases_of(&order, None).await? {
            if let CaseKey::Waiting { account, order: number } = &case.key
                && *number == order
                && !case.candidates.is_empty()
            {
                open.insert(*account, case.candidates.clone());
            }
        }
        let (warehouse, candidates) = self.one(&docket, &open)?;
        if !candidates.is_empty() && !candidates.contains(&sales.id) {
            return Err(no_candidate(&docket, &order, &sales.name, candidates));
        }
        let (by, chosen_at) = (self.by.unwrap_or_else(given::user), shell.now);
        let choice =
            Choice { warehouse, order: order.clone(), sales: sales.id, who: by.clone(), chosen_at };
        let outcome = ledger.choose(seller.id, choice).await?;
        let (warehouse, sales) = (called(&docket, warehouse), sales.name);
        if shell.json {
            shell.value(&json!({
                "order": order, "warehouse": warehouse, "account": sales, "by": by,
                "outcome": outcome.name(),
            }))?;
        } else {
            shell.line(say!(
                shell.lang,
                "{warehouse}의 주문 {order}은(는) 이제 {sales}의 주문이에요",
                "the order {order} of {warehouse} now belongs to {sales}"
            ))?;
        }
        Ok(Exit::Done)
    }

    /// The warehouse whose order is meant.
    fn one<'a>(
        &self,
        docket: &Docket,
        open: &'a Open,
    ) -> Result<(AccountId, &'a BTreeSet<AccountId>)> {
        let order = &self.order;
        let meant = |id: &AccountId| {
            self.warehouse.as_ref().is_none_or(|name| called(docket, *id) == *name)
        };
        let mut meant = open.iter().filter(|(id, _)| meant(id));
        match (meant.next(), meant.next()) {
            (Some((id, candidates)), None) => Ok((*id, candidates)),
            (Some(_), Some(_)) => {
                let all: Vec<String> = open.keys().map(|id| called(docket, *id)).collect();
                let names = pick::names(all.iter().map(String::as_str));
                Err(fail!(
                    "{order} 주문이 여러 창고에 있어요. --warehouse로 골라 주세요: {names}",
                    "several warehouses have an order {order}; pick one by --warehouse: {names}"
                ))
            }
            (None, _) => Err(fail!(
                "{order} 주문은 고를 것이 없어요. 창고에 없거나, 어느 판매 계정의 주문인지 이미 알아요. `hoesu case {order}`로 확인해 주세요",
                "there is nothing to choose for {order}: no warehouse has it, or it is known whose it is; `hoesu case {order}` shows it"
            )),
        }
    }
}

fn called(docket: &Docket, id: AccountId) -> String {
    docket.account(id).map(|account| account.name.clone()).unwrap_or_default()
}

fn no_candidate(
    docket: &Docket,
    order: &str,
    sales: &str,
    candidates: &BTreeSet<AccountId>,
) -> Failure {
    let all: Vec<String> = candidates.iter().map(|id| called(docket, *id)).collect();
    let names = pick::names(all.iter().map(String::as_str));
    fail!(
        "{sales} 계정에는 {order} 주문이 없어요. 고를 수 있는 판매 계정: {names}",
        "{sales} does not know an order {order}; choose one of: {names}"
    )
}
