//! A page, from the question to the ledger.

use hoesu_channels::connect::{Ask, FeedPage, ReadFailure};
use jiff::Timestamp;

use super::call::Called;
use super::work::needs_person;
use super::{Collected, Collector, Wanted};
use crate::Result;

/// What asking for a page came to.
pub(super) enum Asked {
    /// Its records are kept.
    Page(FeedPage),
    /// There is none.
    Failed(ReadFailure),
    /// The feed is somebody else's now; whether anything was kept is not known.
    Lost,
    /// The channel is not to be called before this instant.
    NotBefore(Timestamp),
}

impl Collector {
    /// Asks for a page and keeps what it holds.
    pub(super) async fn page(
        &self,
        wanted: &Wanted,
        ask: &Ask,
        report: &mut Collected,
    ) -> Result<Asked> {
        let page = match self.ask(wanted, ask).await? {
            Called::Page(page) => page,
            Called::NotBefore(at) => return Ok(Asked::NotBefore(at)),
            Called::Failed(failure) => {
                report.calls += 1;
                if needs_person(&failure) {
                    let (account, feed) = (&wanted.account.name, wanted.feed.id);
                    tracing::warn!(account, feed, failure = %failure, "a person has to look");
                }
                return Ok(Asked::Failed(failure));
            }
        };
        report.calls += 1;
        report.rows += page.records.len() as u64;
        self.shelve(wanted, &page.records, report).await?;
        Ok(Asked::Page(page))
    }
}
