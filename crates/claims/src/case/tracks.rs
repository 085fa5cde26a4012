//! Where a case stands, on three tracks that move on their own.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Case, Claim, Row};
use crate::fact::{ClaimKind, Collection, InvoiceStage, Stage};

/// The three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Tracks {
    /// What is asked for and decided.
    pub claim: ClaimTrack,
    /// Where the goods are.
    pub goods: GoodsTrack,
    /// Where the money is.
    pub money: MoneyTrack,
}

/// The claim that needs most, of all claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimTrack {
    /// No claim.
    #[default]
    None,
    /// All were taken back or refused.
    Reversed,
    /// All are final.
    Final,
    /// Received, disputed or put off: the end is not decided.
    Deciding,
    /// Asked for.
    Asked,
    /// The channel asks to stop the shipment.
    StopAsked,
}

/// The furthest the goods came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoodsTrack {
    /// Nobody told.
    #[default]
    Unknown,
    /// All invoices were cancelled.
    Stopped,
    /// A warehouse holds the order, without an invoice.
    Held,
    /// An invoice is open.
    Packing,
    /// They left.
    Sent,
    /// They were delivered.
    Delivered,
    /// Collection failed.
    NotCollected,
    /// They are to come back, or on their way.
    ComingBack,
    /// Some of what is asked back is back.
    PartlyBack,
    /// What is asked back is back.
    Back,
}

/// Where the money is, of all claims that stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoneyTrack {
    /// With the seller, and owed to nobody.
    #[default]
    Kept,
    /// All of it seen refunded.
    Refunded,
    /// Refunded ahead of the goods.
    PreRefunded,
    /// Owed.
    Owed,
}

impl Tracks {
    pub(super) fn of(case: &Case) -> Self {
        let claims = || case.claims.iter();
        Self {
            claim: claims().map(claim_track).max().unwrap_or_default(),
            goods: goods_track(case),
            money: claims()
                .filter(|claim| claim.stands())
                .map(money_track)
                .max()
                .unwrap_or_default(),
        }
    }
}

fn claim_track(claim: &Claim) -> ClaimTrack {
    if !claim.stands() {
        return ClaimTrack::Reversed;
    }
    match claim.stage() {
        None | Some(Stage::Withdrawn | Stage::Refused) => ClaimTrack::Reversed,
        Some(Stage::Done | Stage::HandedOver) => ClaimTrack::Final,
        Some(Stage::Received | Stage::Disputed | Stage::Deferred) => ClaimTrack::Deciding,
        Some(Stage::Asked) => ClaimTrack::Asked,
        Some(Stage::StopAsked) => ClaimTrack::StopAsked,
    }
}

/// Whether money is owed for a claim: a cancel from the start, a return once the goods are back.
pub(crate) fn is_owed(claim: &Claim) -> bool {
    let goods_back = claim.back.first.is_some() || claim.received.is_some();
    match claim.kind {
        Some(ClaimKind::Cancel) => true,
        Some(ClaimKind::Return) => goods_back,
        Some(ClaimKind::Exchange | ClaimKind::Repair) | None => false,
    }
}

fn money_track(claim: &Claim) -> MoneyTrack {
    if claim.refunded.is_some() {
        MoneyTrack::Refunded
    } else if claim.pre_refunded.is_some() {
        MoneyTrack::PreRefunded
    } else if is_owed(claim) && claim.stage() != Some(Stage::HandedOver) {
        MoneyTrack::Owed
    } else {
        MoneyTrack::Kept
    }
}

fn goods_track(case: &Case) -> GoodsTrack {
    let waits = || case.claims.iter().filter(|claim| claim.wants_goods_back());
    let has_left = case.balances.iter().any(|one| one.left > 0)
        && case.balances.iter().all(|one| one.here() == 0);
    let arrived = !has_left && case.arrived.iter().any(super::Arrived::is_certain);
    let short = waits().any(|claim| claim.awaited.is_some_and(|n| claim.back.quantity < n));
    let received = waits().any(|claim| claim.received.is_some());
    if arrived || received {
        return if arrived && short { GoodsTrack::PartlyBack } else { GoodsTrack::Back };
    }
    let parcels =
        case.tickets.iter().flat_map(|ticket| ticket.parcels.iter().map(|p| p.collection));
    let told = waits().filter_map(|claim| claim.collection.map(|(collection, _)| collection));
    let moves: Vec<Collection> = parcels.chain(told).collect();
    if waits().any(|claim| matches!(claim.collection, Some((Collection::Arrived, _)))) {
        return GoodsTrack::Back;
    }
    if moves.iter().any(|one| matches!(one, Collection::Asked | Collection::Moving)) {
        return GoodsTrack::ComingBack;
    }
    if moves.contains(&Collection::Failed) {
        return GoodsTrack::NotCollected;
    }
    case.rows.iter().map(row_track).max().unwrap_or_default()
}

fn row_track(row: &Row) -> GoodsTrack {
    if row.invoices.is_empty() {
        return GoodsTrack::Held;
    }
    let sale = row.invoices.iter().filter(|invoice| !invoice.is_again);
    sale.map(|invoice| match invoice.stage {
        InvoiceStage::Assigned | InvoiceStage::Printed => GoodsTrack::Packing,
        InvoiceStage::Closed => GoodsTrack::Sent,
        InvoiceStage::Delivered => GoodsTrack::Delivered,
        InvoiceStage::Cancelled => GoodsTrack::Stopped,
    })
    .max()
    .unwrap_or(GoodsTrack::Stopped)
}
