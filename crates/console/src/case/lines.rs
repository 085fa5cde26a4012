//! The quantities of an order: as its sales channel has them, and sales and warehouse side by side.

use hoesu_claims::Case;
use hoesu_claims::case::Unit;
use hoesu_engine::told::{name, pieces};

use crate::lang::Lang;

/// A line as its sales channel has it.
pub(crate) struct LineRow {
    pub(crate) item: String,
    pub(crate) ordered: String,
    pub(crate) cancelled: String,
    pub(crate) shipped: String,
    pub(crate) claimed: String,
    pub(crate) refunded: String,
}

/// Sales and warehouse side by side.
pub(crate) struct BalanceRow {
    pub(crate) unit: String,
    pub(crate) ordered: String,
    pub(crate) cancelled: u32,
    pub(crate) held: u32,
    pub(crate) sent: u32,
    pub(crate) claimed: String,
    pub(crate) arrived: u32,
    pub(crate) good: u32,
    pub(crate) unsellable: u32,
    /// Whether more or less came back than was asked back.
    pub(crate) differs: bool,
}

pub(crate) fn lines(case: &Case) -> Vec<LineRow> {
    let row = |line: &hoesu_claims::case::LineOf| LineRow {
        item: name(&line.line),
        ordered: pieces(line.ordered),
        cancelled: match line.cancel_asked {
            0 => line.cancelled.to_string(),
            asked => format!("{} (+{asked})", line.cancelled),
        },
        shipped: pieces(line.shipped),
        claimed: line.claimed.to_string(),
        refunded: line.refunded.to_string(),
    };
    case.lines.iter().map(row).collect()
}

pub(crate) fn balances(case: &Case, lang: Lang) -> Vec<BalanceRow> {
    let row = |balance: &hoesu_claims::case::Balance| BalanceRow {
        unit: match &balance.unit {
            Unit::Order => lang.pick("주문 전체", "whole order").to_owned(),
            Unit::Resource(resource) => resource.clone(),
        },
        ordered: pieces(balance.ordered),
        cancelled: balance.cancelled,
        held: balance.held,
        sent: balance.sent,
        claimed: pieces(balance.claimed),
        arrived: balance.arrived,
        good: balance.good,
        unsellable: balance.unsellable,
        differs: balance.arrived > 0 && balance.claimed != Some(balance.arrived),
    };
    case.balances.iter().map(row).collect()
}
