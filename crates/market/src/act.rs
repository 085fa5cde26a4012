//! What callers ask of a marketplace, and why it may refuse.

use serde::{Deserialize, Serialize};

use crate::{ClaimNo, Courier, Decision};

/// Something asked of a marketplace by its seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// The goods of an order are being prepared.
    Confirm {
        /// Which order.
        order: u64,
    },
    /// An order's parcel has a waybill: the parcel that has it already; else the first parcel the
    /// marketplace has not heard of, which has it from now on; else what is not packed yet is packed.
    Waybill {
        /// Which order.
        order: u64,
        /// Who carries it.
        courier: Courier,
        /// Digits.
        waybill: String,
    },
    /// An order's goods have left: all whose waybill the marketplace knows.
    Ship {
        /// Which order.
        order: u64,
    },
    /// The seller cancels pieces of lines, by place in the order's lines.
    Cancel {
        /// Which order.
        order: u64,
        /// Line and pieces.
        pieces: Vec<(usize, u32)>,
    },
    /// The answer to a cancel that stops goods, or the grant of a cancel that was requested.
    Decide {
        /// Which claim.
        claim: ClaimNo,
        /// [`Decision::Stopped`] or [`Decision::Shipped`].
        decision: Decision,
        /// Pieces of the whole claim as the caller counts them, where the channel asks.
        pieces: Option<u32>,
        /// With what the goods were sent, if they were.
        sent: Option<(Courier, String)>,
    },
    /// The goods of a claim came back.
    Receive {
        /// Which claim.
        claim: ClaimNo,
        /// Pieces, where the channel asks.
        pieces: Option<u32>,
    },
    /// A return is completed: the money goes back. Of an exchange, what came back was looked at: the
    /// box for the new goods is there at once.
    Approve {
        /// Which claim.
        claim: ClaimNo,
        /// Pieces, where the channel asks.
        pieces: Option<u32>,
    },
    /// A claim is turned down.
    Refuse {
        /// Which claim.
        claim: ClaimNo,
        /// The channel's code for why.
        why: String,
    },
    /// Goods come back with a waybill the seller names.
    Collect {
        /// Which claim.
        claim: ClaimNo,
        /// Who carries it.
        courier: Courier,
        /// Digits.
        waybill: String,
        /// The booking, if there was one.
        booking: Option<String>,
    },
    /// The new goods of an exchange have a waybill.
    Resend {
        /// Which claim.
        claim: ClaimNo,
        /// The number of the box: [`Parcel::number`](crate::Parcel::number).
        parcel: u32,
        /// Who carries it.
        courier: Courier,
        /// Digits.
        waybill: String,
    },
}

impl Act {
    /// The order it is about.
    pub const fn order(&self) -> u64 {
        match self {
            Self::Confirm { order }
            | Self::Waybill { order, .. }
            | Self::Ship { order }
            | Self::Cancel { order, .. } => *order,
            Self::Decide { claim, .. }
            | Self::Receive { claim, .. }
            | Self::Approve { claim, .. }
            | Self::Refuse { claim, .. }
            | Self::Collect { claim, .. }
            | Self::Resend { claim, .. } => claim.order,
        }
    }

    /// The waybill it names, if it names one.
    pub fn waybill(&self) -> Option<&str> {
        match self {
            Self::Waybill { waybill, .. }
            | Self::Collect { waybill, .. }
            | Self::Resend { waybill, .. } => Some(waybill),
            Self::Decide { sent, .. } => sent.as_ref().map(|(_, waybill)| waybill.as_str()),
            Self::Confirm { .. }
            | Self::Ship { .. }
            | Self::Cancel { .. }
            | Self::Receive { .. }
            | Self::Approve { .. }
            | Self::Refuse { .. } => None,
        }
    }
}

/// What came of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// It is done.
    Done,
    /// It is done, and a claim was made by it.
    Claimed(ClaimNo),
}

/// Why a marketplace refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// No such order or claim of this seller on this marketplace.
    NotThere,
    /// The buyer took the claim back.
    Withdrawn,
    /// It was done already: the claim is completed or decided.
    Done,
    /// The pieces are not those of the claim, or more than can be cancelled.
    Pieces,
    /// The order or the claim is not where this can be done.
    Stage,
    /// The order was cancelled.
    Cancelled,
    /// A cancel of the order is asked for and not decided.
    CancelAsked,
    /// The waybill has no form any courier gives out.
    Waybill,
    /// The waybill is another order's.
    WaybillTaken,
    /// The box of an exchange is not there yet, or is not this one.
    Box,
}
