//! What a page holds → documents in the ledger; a record that is none is kept with the reason.

use std::collections::{BTreeMap, BTreeSet};

use hoesu_channels::Reading;
use hoesu_channels::connect::Record;
use hoesu_ledger::{Outcome, Put, Refused};

use super::{Collected, Collector, Wanted};
use crate::Result;
use crate::record::{self, Filed, Known};
use crate::split::Piece;

/// A page, read.
pub(super) struct Page {
    documents: Vec<Filed>,
    refused: Vec<Refused>,
}

/// What a row of a list is called: a document by its kind and key, another record by all it says.
#[derive(Hash)]
pub(super) enum Name {
    Document(&'static str, String),
    Other(Vec<u8>),
}

impl Page {
    /// What its records are called.
    pub(super) fn names(&self) -> Vec<Name> {
        let documents = self
            .documents
            .iter()
            .map(|(kind, incoming)| Name::Document(kind, incoming.key.clone()));
        let others = self.refused.iter().map(|refused| Name::Other(refused.body.clone()));
        documents.chain(others).collect()
    }
}

impl Collector {
    /// Reads records as heard now.
    pub(super) fn understood(&self, wanted: &Wanted, records: &[Record]) -> Page {
        let observed_at = self.clock.now();
        let (mut documents, mut refused) = (Vec::with_capacity(records.len()), Vec::new());
        for (line, record) in (1..).zip(records) {
            let marks = record.marks.clone();
            let known = Known { observed_at, as_rows_say: false, marks, now: observed_at };
            let piece = Piece { line, media: record.media, body: record.body.clone(), fault: None };
            match record::read(wanted.channel, &known, piece) {
                Ok(filed) => documents.push(filed),
                Err(mut why) => {
                    // The place in a page says nothing a day later.
                    wanted.feed.id.clone_into(&mut why.at);
                    refused.push(why);
                }
            }
        }
        Page { documents, refused }
    }

    /// What is to be looked up because of what is new or has changed on a page: keys by lookup.
    pub(super) async fn lookups(
        &self,
        wanted: &Wanted,
        page: &Page,
    ) -> Result<BTreeMap<&'static str, BTreeSet<String>>> {
        let mut lookups: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        for (kind, incoming) in &page.documents {
            let (key, found) = (incoming.key.clone(), incoming.found.clone());
            let wants = wanted.connector.wants(&Reading { kind, key, found });
            if wants.is_empty() {
                continue;
            }
            let shelf = wanted.account.shelf(kind);
            let current = self.ledger.document(shelf, &incoming.key).await?;
            if current.is_none_or(|held| held.document.body != incoming.body) {
                for (lookup, key) in wants {
                    lookups.entry(lookup).or_default().insert(key);
                }
            }
        }
        Ok(lookups)
    }

    /// Keeps a page, kind by kind.
    pub(super) async fn shelve(
        &self,
        wanted: &Wanted,
        page: Page,
        report: &mut Collected,
    ) -> Result<()> {
        let Page { documents, refused } = page;
        let mut by_kind: BTreeMap<&'static str, Vec<_>> = BTreeMap::new();
        for (kind, incoming) in documents {
            by_kind.entry(kind).or_default().push(incoming);
        }
        for (kind, documents) in by_kind {
            let shelf = wanted.account.shelf(kind);
            for outcome in self.ledger.append(shelf, Put::Newer, documents).await? {
                match outcome {
                    Outcome::New => report.new += 1,
                    Outcome::Changed => report.changed += 1,
                    Outcome::Unchanged | Outcome::Conflict => {}
                }
            }
        }
        if !refused.is_empty() {
            report.refused += refused.len() as u64;
            let (seller, account) = (wanted.account.seller, wanted.account.id);
            self.ledger.refuse(seller, account, refused, self.clock.now()).await?;
        }
        Ok(())
    }
}
