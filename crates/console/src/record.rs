//! What is changed stands in the access log first.

use std::future::Future;

use hoesu_channels::Desk;
use hoesu_claims::SellerId;
use hoesu_ledger::{Access, Deed, Fit};

use crate::peer::Peer;
use crate::session::Seat;
use crate::signed::Signed;
use crate::trouble::Trouble;

/// What the line says of a change that was refused, after the one that told of it.
const NOT_DONE: &str = "not done";

/// Who changes something, and from where.
pub(crate) struct Hand {
    person: String,
    origin: String,
}

impl Hand {
    pub(crate) fn of(signed: &Signed, peer: Peer) -> Self {
        Self { person: signed.person.clone(), origin: peer.origin() }
    }

    pub(crate) fn at(seat: &Seat) -> Self {
        Self { person: seat.session.person.name.clone(), origin: seat.peer.origin() }
    }
}

/// What a line says.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    /// In whose log.
    pub(crate) seller: SellerId,
    pub(crate) what: Deed,
    /// Whose, or of what.
    pub(crate) whose: &'a str,
    /// What it becomes, or why.
    pub(crate) reason: &'a str,
}

/// Does something about a seller once its access log says so. These are two transactions: there is
/// never a change without a line, and a line whose change was refused is followed by one that says that
/// it was not done.
pub(crate) async fn recorded<T>(
    desk: &Desk,
    hand: &Hand,
    line: Line<'_>,
    doing: impl Future<Output = hoesu_ledger::Result<Fit<T>>> + Send,
) -> Result<Fit<T>, Trouble> {
    note(desk, hand, line).await?;
    let done = doing.await;
    if !matches!(done, Ok(Ok(_))) {
        note(desk, hand, Line { reason: NOT_DONE, ..line }).await?;
    }
    Ok(done?)
}

/// Writes a line.
pub(crate) async fn note(desk: &Desk, hand: &Hand, line: Line<'_>) -> Result<(), Trouble> {
    let access = Access {
        at: desk.clock.now(),
        who: hand.person.clone(),
        origin: hand.origin.clone(),
        what: line.what,
        whose: line.whose.to_owned(),
        reason: line.reason.to_owned(),
    };
    Ok(desk.ledger.note(line.seller, access).await?)
}
