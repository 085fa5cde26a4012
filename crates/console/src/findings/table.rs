//! The list as a file: CSV and Excel.

use axum::extract::{Query, State};
use axum::response::Response;
use hoesu_channels::Desk;
use hoesu_ledger::cases::KeptFinding;

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
        name: "findings",
        headings: [
            ("발견", "Finding"),
            ("주문번호", "Order"),
            ("계정", "Account"),
            ("채널", "Channel"),
            ("상태", "State"),
            ("기한", "Deadline"),
            ("걸린 금액", "Won at risk"),
            ("내용", "What"),
            ("할 일", "To do"),
            ("발견한 때", "Found"),
            ("바뀐 때", "Changed"),
            ("식별자", "Id"),
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

fn row(look: &Look, shop: &Shop, kept: KeptFinding) -> Vec<Cell> {
    let lang = look.lang;
    let account = shop.by_id(kept.account);
    let finding = kept.finding;
    let state = kept.standing.closed.map(|closed| words::closed(closed, lang));
    vec![
        Cell::Text(words::rule(finding.rule, lang)),
        Cell::Text(finding.order),
        Cell::Text(shop.names.name(kept.account)),
        Cell::Text(account.map(|account| channel(account, lang)).unwrap_or_default()),
        Cell::Text(state.unwrap_or(look.t("열림", "open")).to_owned()),
        Cell::Text(finding.deadline.map(when::kst).unwrap_or_default()),
        finding.won_at_risk.map_or(Cell::Text(String::new()), |won| Cell::Number(won.0)),
        Cell::Text(lang.pick(&finding.sentence.ko, &finding.sentence.en).to_owned()),
        Cell::Text(
            finding
                .proposed
                .as_ref()
                .map(|proposed| words::proposed(proposed, &shop.names, lang))
                .unwrap_or_default(),
        ),
        Cell::Text(when::kst(kept.opened_at)),
        Cell::Text(when::kst(kept.changed_at)),
        Cell::Text(finding.id),
    ]
}
