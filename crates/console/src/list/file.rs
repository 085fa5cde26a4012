//! A list as a file: CSV and Excel. Nothing in it is about a person.

use axum::extract::{Query, State};
use axum::response::Response;
use hoesu_channels::Desk;

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
    sheet::csv(&sheet::<L>(&desk, &look, pairs).await?)
}

pub(crate) async fn xlsx<L: Listing>(
    State(desk): State<Desk>,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    sheet::xlsx(&sheet::<L>(&desk, &look, pairs).await?)
}

async fn sheet<L: Listing>(
    desk: &Desk,
    look: &Look,
    pairs: Vec<(String, String)>,
) -> Result<Sheet, Trouble> {
    let shop = Shop::open(desk, look).await?;
    let here = Here { desk, look, shop: &shop };
    let view = View::of::<L>(pairs, &shop);
    let list = L::open(here, &view.asked).await?;
    let headings = L::HEADINGS.iter().map(|(ko, en)| look.t(ko, en)).collect();
    let mut sheet = Sheet { name: L::FILE, headings, rows: Vec::new() };
    let mut after = None;
    while sheet.rows.len() < sheet::ROWS_MAX {
        let leaf = view.leaf(&list, here, after, PAGE).await?;
        sheet.rows.extend(leaf.rows.into_iter().map(|kept| L::cells(here, kept)));
        after = leaf.next;
        if after.is_none() {
            break;
        }
    }
    Ok(sheet)
}
