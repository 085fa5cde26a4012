//! 업체반품 미전송: the seller took a return of an order whose channel takes the returns of vendors, and
//! the channel has no claim. Cleared when the channel accepted it. Only proposed.

use std::collections::BTreeSet;

use super::Rule;
use crate::assess::{Finding, Proposed, View};
use crate::case::{Arrived, Claim, Invoice, Row, Ticket};
use crate::fact::{ClaimKind, TicketStage};
use crate::josa;
use crate::link::Trade;

/// The rows that hold what came, or is to come, with a ticket; every row if none does.
fn rows_of<'v>(view: &'v View<'_>, ticket: &Ticket) -> Vec<&'v Row> {
    let is_its = |one: &&Arrived| {
        one.ticket == ticket.number && view.case.account_of(one.seen) == Some(ticket.account)
    };
    let came: Vec<&Arrived> = view.case.arrived.iter().filter(is_its).collect();
    let rows = || view.case.rows.iter().filter(|row| !row.is_again());
    let holds = |row: &&Row| {
        row.items.iter().any(|(item, _)| came.iter().any(|one| one.resource.is_same(item)))
    };
    let holding: Vec<&Row> = rows().filter(holds).collect();
    if holding.is_empty() { rows().collect() } else { holding }
}

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let takes = view.is_sale() && view.case.trade == Trade::MarketOfVendors;
    if !takes || view.case.claims.iter().any(Claim::wants_goods_back) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for ticket in &view.case.tickets {
        let alive = ticket.stage != Some(TicketStage::Cancelled);
        if !alive || ticket.kind != Some(ClaimKind::Return) {
            continue;
        }
        let rows = rows_of(view, ticket);
        let sent: Vec<&Invoice> =
            rows.iter().flat_map(|row| row.live().filter(|one| one.is_closed())).collect();
        // Of several nobody can tell with which one it left.
        let waybills: BTreeSet<&String> =
            sent.iter().filter_map(|invoice| invoice.waybill.as_ref()).collect();
        let is_one = waybills.len() == 1 || rows.len() == 1;
        let waybill = waybills.first().filter(|_| is_one).map(|code| (*code).clone());
        let items: Vec<&String> =
            view.case.lines.iter().filter_map(|line| line.line.item.as_ref()).collect();
        let item = if let [item] = items.as_slice() { Some((*item).clone()) } else { None };
        let order = view.order().to_owned();
        let docs = sent.iter().map(|invoice| invoice.seen.by).chain([ticket.made.by]);
        findings.push(
            view.finding(
                Rule::VendorReturnUnsent,
                format!("ticket/{}", ticket.number),
                ticket.made.when.at,
            )
            .seen_in(view, docs)
            .propose(Proposed::SendVendorReturn { order: order.clone(), waybill, item })
            .says(
                format!("주문 {order}: 물류센터가 반품 {} 받았는데 판매채널에 업체반품을 아직 보내지 않았어요.", josa::object(&ticket.number)),
                format!("Order {order}: the warehouse has the return {}, and the channel was not told of it.", ticket.number),
            ),
        );
    }
    findings
}
