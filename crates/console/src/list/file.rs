//! A list as a file: CSV and Excel. Nothing in it is about a person.

use axum::extract::{Query, State};
use axum::response::Response;
use hoesu_channels::Desk;
use hoesu_ledger::overview::Turn;

use super::{Here, Listing, View};
use crate::look::Look;
use crate::sheet::{self, Sheet};
use crate::shop::Shop;
use crate::trouble::Trouble;

/// Rows read of the ledger at once.
const PAGE: usize = 1_000;

pub(crate) async fn csv<L: Listing>(
    State(desk): State<Desk>,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    sheet::csv(&asked::<L>(&desk, &look, pairs).await?)
}

pub(crate) async fn xlsx<L: Listing>(
    State(desk): State<Desk>,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    sheet::xlsx(&asked::<L>(&desk, &look, pairs).await?)
}

async fn asked<L: Listing>(
    desk: &Desk,
    look: &Look,
    pairs: Vec<(String, String)>,
) -> Result<Sheet, Trouble> {
    let shop = Shop::open(desk, look).await?;
    let here = Here { desk, look, shop: &shop };
    let view = View::of::<L>(pairs, &shop);
    let list = L::open(here, &view.asked).await?;
    Ok(table::<L>(here, rows(&list, here, &view, sheet::ROWS_MAX).await?))
}

/// All rows that are asked for, page by page, `most` of them.
pub(super) async fn rows<L: Listing>(
    list: &L,
    here: Here<'_>,
    view: &View<L::Order>,
    most: usize,
) -> Result<Vec<L::Kept>, Trouble> {
    let (mut rows, mut from) = (Vec::new(), None);
    while rows.len() < most {
        let leaf = view.leaf(list, here, from, PAGE).await?;
        rows.extend(leaf.rows);
        from = leaf.next.map(Turn::After);
        if from.is_none() {
            break;
        }
    }
    rows.truncate(most);
    Ok(rows)
}

/// Rows as a table.
pub(super) fn table<L: Listing>(here: Here<'_>, rows: Vec<L::Kept>) -> Sheet {
    Sheet {
        name: L::FILE,
        headings: L::HEADINGS.iter().map(|(ko, en)| here.look.t(ko, en)).collect(),
        rows: rows.into_iter().map(|kept| L::cells(here, kept)).collect(),
    }
}
