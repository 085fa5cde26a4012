//! What people note about an order.

use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use hoesu_channels::Desk;
use hoesu_ledger::cases::CaseQuery;
use hoesu_ledger::{Error, Role};
use serde::Deserialize;

use crate::look::Look;
use crate::shop::{Shop, case_path};
use crate::trouble::Trouble;

/// A memo as it is sent.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    memo: String,
}

pub(crate) async fn add(
    State(desk): State<Desk>,
    look: Look,
    Path((account, order)): Path<(String, String)>,
    Form(sent): Form<Sent>,
) -> Result<Redirect, Trouble> {
    look.signed.may(Role::Operator)?;
    let shop = Shop::open(&desk, &look).await?;
    let of = shop.account(&account).ok_or(Trouble::NotHere)?;
    let query = CaseQuery {
        order: Some(order.clone()),
        account: Some(of.id),
        limit: 1,
        ..CaseQuery::default()
    };
    if desk.ledger.cases(look.signed.seller, query).await?.is_empty() {
        return Err(Trouble::NotHere);
    }
    let (seller, who) = (look.signed.seller, &look.signed.person);
    match desk.ledger.add_memo(seller, &order, who, &sent.memo, shop.now).await {
        Ok(()) => {}
        Err(Error::Refused(_)) => return Err(Trouble::Unclear("memo")),
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&format!("{}#memo", case_path(&account, &order))))
}
