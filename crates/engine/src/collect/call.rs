//! One call: its turn in the account's budget, signing, sending, and what the answer means.

use hoesu_channels::connect::{Ask, FeedPage, ReadFailure, sign};
use jiff::Timestamp;

use super::{Collector, Unanswered, Wanted};
use crate::Result;

/// What a call came to.
pub(super) enum Called {
    /// A page.
    Page(FeedPage),
    /// Nothing to be taken; the budget has been told.
    Failed(ReadFailure),
    /// No call was made, and none may be before this instant.
    NotBefore(Timestamp),
}

impl Collector {
    /// Asks once, when it is our turn.
    pub(super) async fn ask(&self, wanted: &Wanted, ask: &Ask) -> Result<Called> {
        if let Some(at) = self.turn(wanted).await? {
            return Ok(Called::NotBefore(at));
        }
        // Whoever checks it lives in the world, whatever clock is gone by here.
        let call = sign(wanted.channel, &wanted.upstream, ask, self.clock.world());
        let call = call.expect("a feed is its connector's");
        let said = match self.http.call(call).await {
            Ok(said) => said,
            Err(unanswered) => {
                self.failed(wanted).await?;
                return Ok(Called::Failed(match unanswered {
                    Unanswered::Broken => ReadFailure::NoAnswer,
                    // Less of it may be given in time.
                    Unanswered::Late | Unanswered::TooLarge => ReadFailure::TooMuch,
                }));
            }
        };
        match wanted.connector.read(ask, &said) {
            Ok(page) => {
                self.answered(wanted).await?;
                Ok(Called::Page(page))
            }
            Err(failure) => {
                self.tell_budget(wanted, &failure).await?;
                Ok(Called::Failed(failure))
            }
        }
    }
}
