//! The agenda: what is still to happen to an order, and when.

use jiff::Timestamp;

use crate::Order;

/// When something is on the agenda: the instant, the order, and its number among the order's own.
/// What is done to one order cannot change the places of another's.
pub(crate) type Slot = (Timestamp, u64, u32);

/// An order and what is still to happen to it.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) order: Order,
    /// Not in order.
    pub(crate) todo: Vec<Todo>,
    /// How many were ever on the order's agenda.
    pub(crate) seq: u32,
    /// Whether the buyer has everything and made up their mind.
    pub(crate) settled: bool,
}

/// One thing on an order's agenda.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Todo {
    pub(crate) at: Timestamp,
    pub(crate) seq: u32,
    pub(crate) event: Event,
}

/// What is to happen. Claims, parcels and arrivals by place in the order. When it comes to it, it may
/// no longer make sense; then nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// The buyer pays.
    Pay,
    /// The seller begins to prepare.
    Confirm,
    /// The warehouse is told.
    Store,
    /// The warehouse prints what is to be packed.
    Print,
    /// A parcel leaves.
    Close(usize),
    /// The seller tells the marketplace of a parcel.
    Tell(usize),
    /// The buyer gets a parcel.
    Deliver(usize),
    /// The buyer cancels, for the nth time.
    AskCancel(usize),
    /// The warehouse hears of a cancel.
    Hear(usize),
    /// Staff answers a cancel.
    Decide(usize),
    /// The marketplace pays a cancel back that nobody answered.
    RefundCancel(usize),
    /// The marketplace finds that goods left.
    FindShipped(usize),
    /// The seller says what cannot be supplied.
    SellOut,
    /// The marketplace pays that back.
    RefundSoldOut(usize),
    /// The buyer takes a claim back.
    Withdraw(usize),
    /// The buyer wants to return, for the nth time.
    AskReturn(usize),
    /// The buyer claims what was sent back without a word.
    ClaimStray,
    /// The buyer wants to exchange.
    AskExchange,
    /// A courier is asked to fetch, for the nth time.
    AskCollect(usize, usize),
    /// A courier fetches.
    Pick(usize),
    /// A courier meets nobody.
    Fail(usize),
    /// Nobody comes.
    Stall(usize),
    /// A courier brings back.
    Bring(usize),
    /// A courier has lost it.
    Lose(usize),
    /// The marketplace pays for goods that were lost, or after a dispute.
    Settle(usize),
    /// Goods of a claim reach the warehouse.
    Arrive(usize),
    /// Goods nobody asked for reach the warehouse.
    Stray,
    /// The warehouse counts an arrival.
    Count(usize),
    /// The warehouse gives a ticket up.
    GiveUp(usize),
    /// Staff confirms that the goods of a claim are back.
    Receive(usize),
    /// Staff completes a return.
    Approve(usize),
    /// Staff turns a claim down.
    Refuse(usize),
    /// Staff asks the marketplace to look into a return.
    Dispute(usize),
    /// A received return completes by itself.
    CompleteItself(usize),
    /// The box for the new goods of an exchange appears.
    MakeBox(usize),
    /// Staff sends the new goods.
    Resend(usize),
    /// The new goods leave.
    CloseNew(usize),
    /// The new goods are delivered.
    DeliverNew(usize),
}

impl Event {
    /// The claim a staff member would have done something about.
    pub(crate) const fn staff(self) -> Option<usize> {
        match self {
            Self::Decide(claim)
            | Self::Receive(claim)
            | Self::Approve(claim)
            | Self::Refuse(claim)
            | Self::Dispute(claim)
            | Self::Resend(claim) => Some(claim),
            Self::Pay
            | Self::Confirm
            | Self::Store
            | Self::Print
            | Self::Close(_)
            | Self::Tell(_)
            | Self::Deliver(_)
            | Self::AskCancel(_)
            | Self::Hear(_)
            | Self::RefundCancel(_)
            | Self::FindShipped(_)
            | Self::SellOut
            | Self::RefundSoldOut(_)
            | Self::Withdraw(_)
            | Self::AskReturn(_)
            | Self::ClaimStray
            | Self::AskExchange
            | Self::AskCollect(..)
            | Self::Pick(_)
            | Self::Fail(_)
            | Self::Stall(_)
            | Self::Bring(_)
            | Self::Lose(_)
            | Self::Settle(_)
            | Self::Arrive(_)
            | Self::Stray
            | Self::Count(_)
            | Self::GiveUp(_)
            | Self::CompleteItself(_)
            | Self::MakeBox(_)
            | Self::CloseNew(_)
            | Self::DeliverNew(_) => None,
        }
    }

    /// The claim whose way back it is about.
    pub(crate) const fn carriage(self) -> Option<usize> {
        match self {
            Self::AskCollect(claim, _)
            | Self::Pick(claim)
            | Self::Fail(claim)
            | Self::Stall(claim)
            | Self::Bring(claim)
            | Self::Lose(claim)
            | Self::Arrive(claim) => Some(claim),
            Self::Pay
            | Self::Confirm
            | Self::Store
            | Self::Print
            | Self::Close(_)
            | Self::Tell(_)
            | Self::Deliver(_)
            | Self::AskCancel(_)
            | Self::Hear(_)
            | Self::Decide(_)
            | Self::RefundCancel(_)
            | Self::FindShipped(_)
            | Self::SellOut
            | Self::RefundSoldOut(_)
            | Self::Withdraw(_)
            | Self::AskReturn(_)
            | Self::ClaimStray
            | Self::AskExchange
            | Self::Settle(_)
            | Self::Stray
            | Self::Count(_)
            | Self::GiveUp(_)
            | Self::Receive(_)
            | Self::Approve(_)
            | Self::Refuse(_)
            | Self::Dispute(_)
            | Self::CompleteItself(_)
            | Self::MakeBox(_)
            | Self::Resend(_)
            | Self::CloseNew(_)
            | Self::DeliverNew(_) => None,
        }
    }
}
