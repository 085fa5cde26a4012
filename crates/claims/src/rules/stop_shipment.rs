//! 출고중지 필요: a cancel, final or undecided, covers pieces that a row or invoice still holds.
//! Cleared when the invoice is cancelled or closed, or the claim taken back. Where nobody can tell which
//! of several rows it is, there is one finding for the order. Due at the warehouse's next pick-up.

use super::{Rule, amount_of};
use crate::assess::{Finding, Proposed, View, latest, numbers, risk_en, risk_ko};
use crate::case::{Claim, Invoice, Picked, Row, codes};
use crate::fact::Quantity;
use crate::josa;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    if view.case.balances.iter().all(|balance| balance.to_stop() == 0) {
        return Vec::new();
    }
    match view.case.to_stop() {
        Picked::Each(rows) => {
            rows.into_iter().map(|(row, pieces)| of_row(view, row, pieces)).collect()
        }
        Picked::SomeOf(rows, pieces) => vec![of_some(view, &rows, pieces)],
    }
}

fn cancels<'v>(view: &'v View<'_>) -> impl Iterator<Item = &'v Claim> + Clone {
    let claims = view.case.claims.iter();
    claims.filter(|claim| claim.is_final_cancel() || claim.is_open_cancel())
}

fn open<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Vec<&'r Invoice> {
    let invoices = rows.into_iter().flat_map(Row::live);
    invoices.filter(|invoice| invoice.is_open()).collect()
}

fn of_row(view: &View<'_>, row: &Row, pieces: Quantity) -> Finding {
    let open = codes(open([row]));
    let (place_ko, place_en) = if open.is_empty() {
        ("아직 송장이 없어요".to_owned(), "no invoice yet".to_owned())
    } else {
        let codes = open.join(", ");
        (
            format!("송장 {} 아직 열려 있어요", josa::subject(&codes)),
            format!("invoice {codes} still open"),
        )
    };
    let won = worth(view, pieces);
    let (state_ko, state_en) = state(view);
    // Which of several things in the row it is, nobody can tell without the item map.
    let is_part = row.quantity().is_some_and(|all| pieces < all) && row.items.len() > 1;
    let (part_ko, part_en) = if is_part && view.is_by_order() {
        (
            " 품목 연결표로 정할 수 없어 줄 안의 어느 품목인지는 확인해야 해요.",
            " The item map does not settle which of the things in the row it is.",
        )
    } else {
        ("", "")
    };
    finding(view, format!("row/{}", row.number), &[row])
        .of_claims(cancels(view)).at_risk(won)
        .propose(Proposed::StopShipment {
            warehouse: row.account,
            row: row.number.clone(),
            invoices: open,
            quantity: pieces,
        })
        .says(
            format!(
                "주문 {}: 취소가 {state_ko}는데 물류센터에 {pieces}개가 남아 있고, {place_ko}. 출고를 멈춰 주세요.{part_ko}{}",
                view.order(),
                risk_ko(won)
            ),
            format!(
                "Order {}: a cancel is {state_en}, and the warehouse still holds {pieces} ({place_en}). Stop the shipment.{part_en}{}",
                view.order(),
                risk_en(won)
            ),
        )
}

fn of_some(view: &View<'_>, rows: &[&Row], pieces: Quantity) -> Finding {
    let open = codes(open(rows.iter().copied()));
    let numbers = numbers(rows);
    let by = if open.is_empty() { String::new() } else { format!(" ({})", open.join(", ")) };
    let mut warehouses: Vec<_> = rows.iter().map(|row| row.account).collect();
    warehouses.dedup();
    let won = worth(view, pieces);
    let (state_ko, state_en) = state(view);
    finding(view, "order".to_owned(), rows)
        .of_claims(cancels(view)).at_risk(won)
        .propose(Proposed::StopOneOf {
            warehouses,
            rows: rows.iter().map(|row| row.number.clone()).collect(),
            invoices: open,
            quantity: pieces,
        })
        .says(
            format!(
                "주문 {}: 취소가 {state_ko}는데 물류센터에 {pieces}개가 남아 있어요. 품목 연결표로 정할 수 없어 출고 줄 {numbers}{by} 중 어느 것인지는 확인해야 해요. 확인하고 그 출고를 멈춰 주세요.{}",
                view.order(),
                risk_ko(won)
            ),
            format!(
                "Order {}: a cancel is {state_en}, and the warehouse still holds {pieces}. The item map does not settle which of the rows {numbers}{by} it is: find out, and stop that shipment.{}",
                view.order(),
                risk_en(won)
            ),
        )
}

fn finding(view: &View<'_>, about: String, rows: &[&Row]) -> Finding {
    let made = || rows.iter().map(|row| row.made);
    let asked = cancels(view).filter_map(|claim| claim.opened);
    let since = latest(asked.chain(made()));
    let docs = cancels(view).flat_map(|claim| claim.docs.iter().copied());
    let due = rows.iter().filter_map(|row| view.next_at(row.pickup)).min();
    view.finding(Rule::StopShipment, about, since)
        .until(due)
        .seen_in(view, docs.chain(made().map(|made| made.by)))
}

fn worth(view: &View<'_>, pieces: Quantity) -> Option<crate::money::Won> {
    view.worth(pieces).or_else(|| amount_of(view, cancels(view), pieces))
}

fn state(view: &View<'_>) -> (&'static str, &'static str) {
    let is_final = cancels(view).all(Claim::is_final_cancel);
    if is_final { ("확정됐", "final") } else { ("요청됐", "asked for") }
}
