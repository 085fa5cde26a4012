//! The list as a file: CSV and Excel.

use axum::extract::{Query, State};
use axum::response::Response;
use hoesu_channels::Desk;
use hoesu_ledger::cases::KeptCase;

use super::View;
use crate::look::Look;
use crate::sheet::{self, Cell, Sheet};
use crate::shop::{Shop, channel};
use crate::trouble::Trouble;
use crate::{when, words};

/// Rows read of the ledger at once.
const PAGE: usize = 1_000;

pub(crate) async fn csv(
    state: State<Desk>,
    look: Look,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    sheet::csv(&table(state, look, query).await?)
}

pub(crate) async fn xlsx(
    state: State<Desk>,
    look: Look,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    sheet::xlsx(&table(state, look, query).await?)
}

async fn table(
    State(desk): State<Desk>,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Sheet, Trouble> {
    let shop = Shop::open(&desk, &look).await?;
    let view = View::of(&desk, &look, &shop, pairs).await?;
    let mut sheet = Sheet {
        name: "cases",
        headings: [
            ("주문번호", "Order"),
            ("계정", "Account"),
            ("채널", "Channel"),
            ("클레임", "Claim"),
            ("상품", "Goods"),
            ("돈", "Money"),
            ("할 일", "Open findings"),
            ("시작한 때", "Begun"),
            ("바뀐 때", "Changed"),
        ]
        .map(|(ko, en)| look.t(ko, en))
        .to_vec(),
        rows: Vec::new(),
    };
    let mut after = view.asked.after();
    while sheet.rows.len() < sheet::ROWS_MAX {
        let (kept, next) = view.page(&desk, &look, &shop, after, PAGE).await?;
        sheet.rows.extend(kept.into_iter().map(|one| row(&look, &shop, one)));
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(sheet)
}

fn row(look: &Look, shop: &Shop, kept: KeptCase) -> Vec<Cell> {
    let lang = look.lang;
    let account = shop.by_id(kept.account);
    vec![
        Cell::Text(kept.order),
        Cell::Text(shop.names.name(kept.account)),
        Cell::Text(account.map(|account| channel(account, lang)).unwrap_or_default()),
        Cell::Text(words::claim(&kept.claim, lang).to_owned()),
        Cell::Text(words::goods(&kept.goods, lang).to_owned()),
        Cell::Text(words::money(&kept.money, lang).to_owned()),
        Cell::Number(i64::from(kept.findings)),
        Cell::Text(when::kst(kept.since)),
        Cell::Text(when::kst(kept.changed_at)),
    ]
}
