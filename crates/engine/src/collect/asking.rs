//! A page, from the question to the ledger; and before it is kept, what it calls to be looked up.

use hoesu_channels::connect::{Ask, FeedPage, Fix, ReadFailure};
use jiff::Timestamp;

use super::call::Called;
use super::shelve::{Name, Page};
use super::work::needs_person;
use super::{Collected, Collector, Wanted};
use crate::Result;

/// What asking for a page came to.
pub(super) enum Asked {
    /// Its records are kept; what each of them is called.
    Page(FeedPage, Vec<Name>),
    /// There is none.
    Failed(ReadFailure),
    /// The feed is somebody else's now; whether anything was kept is not known.
    Lost,
    /// The channel is not to be called before this instant.
    NotBefore(Timestamp),
}

impl Collector {
    /// Asks for a page and keeps what it holds. What its records call to be looked up is kept before
    /// them: a page that is kept has been looked up, whenever the process ends. On the last try what
    /// can't be looked up is left for later, so that one order nobody answers for holds up no others.
    pub(super) async fn page(
        &self,
        wanted: &Wanted,
        ask: &Ask,
        is_last: bool,
        report: &mut Collected,
    ) -> Result<Asked> {
        let page = match self.counted(wanted, ask, report).await? {
            Called::Page(page) => page,
            Called::NotBefore(at) => return Ok(Asked::NotBefore(at)),
            Called::Failed(failure) => {
                if needs_person(&failure) {
                    let (account, feed) = (&wanted.account.name, wanted.feed.id);
                    tracing::warn!(account, feed, failure = %failure, "a person has to look");
                }
                return Ok(Asked::Failed(failure));
            }
        };
        let read = self.understood(wanted, &page.records);
        if let Some(instead) = self.look_up(wanted, &read, is_last, report).await? {
            return Ok(instead);
        }
        let names = read.names();
        self.shelve(wanted, read, report).await?;
        Ok(Asked::Page(page, names))
    }

    /// Looks up what a page calls for; what came of it if that is not known.
    pub(super) async fn look_up(
        &self,
        wanted: &Wanted,
        page: &Page,
        is_last: bool,
        report: &mut Collected,
    ) -> Result<Option<Asked>> {
        for (id, keys) in self.lookups(wanted, page).await? {
            let lookups = wanted.connector.lookups();
            let lookup = lookups.iter().find(|lookup| lookup.id == id);
            let lookup = lookup.expect("a lookup that is wanted is one of the connector's");
            let keys: Vec<String> = keys.into_iter().collect();
            for keys in keys.chunks(lookup.keys_max) {
                let ask = Ask::Keys { lookup, keys: keys.to_vec() };
                match self.counted(wanted, &ask, report).await? {
                    Called::Page(found) => {
                        let read = self.understood(wanted, &found.records);
                        self.shelve(wanted, read, report).await?;
                    }
                    Called::NotBefore(at) => return Ok(Some(Asked::NotBefore(at))),
                    // The channel says that it has none.
                    Called::Failed(failure) if failure.fix() == Fix::GoOn => {}
                    Called::Failed(failure) if is_last || failure.fix() == Fix::Person => {
                        let (account, feed) = (&wanted.account.name, wanted.feed.id);
                        tracing::warn!(account, feed, lookup = id, failure = %failure, "not found out");
                        if let Ask::Keys { keys, .. } = &ask {
                            self.seek_later(wanted, lookup, keys).await?;
                        }
                    }
                    Called::Failed(failure) => return Ok(Some(Asked::Failed(failure))),
                }
            }
        }
        Ok(None)
    }

    pub(super) async fn counted(
        &self,
        wanted: &Wanted,
        ask: &Ask,
        report: &mut Collected,
    ) -> Result<Called> {
        let called = self.ask(wanted, ask).await?;
        match &called {
            Called::Page(page) => {
                report.calls += 1;
                report.rows += page.records.len() as u64;
            }
            Called::Failed(_) => report.calls += 1,
            Called::NotBefore(_) => {}
        }
        Ok(called)
    }
}
