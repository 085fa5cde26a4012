//! What a page holds → documents in the ledger; a record that is none is kept with the reason.

use std::collections::BTreeMap;

use hoesu_channels::connect::Record;
use hoesu_claims::Incoming;
use hoesu_ledger::{Outcome, Put};

use super::{Collected, Collector, Wanted};
use crate::Result;
use crate::record::{self, Known};
use crate::split::Piece;

impl Collector {
    /// Keeps records, all of them or none, as they were heard now.
    pub(super) async fn shelve(
        &self,
        wanted: &Wanted,
        records: &[Record],
        report: &mut Collected,
    ) -> Result<()> {
        let now = self.clock.now();
        let mut by_kind: BTreeMap<&'static str, Vec<Incoming>> = BTreeMap::new();
        let mut refused = Vec::new();
        for (line, record) in (1..).zip(records) {
            let known = Known { observed_at: now, marks: record.marks.clone() };
            let piece = Piece { line, media: record.media, body: record.body.clone(), fault: None };
            match record::read(wanted.channel, &known, piece) {
                Ok((kind, incoming)) => by_kind.entry(kind).or_default().push(incoming),
                Err(mut why) => {
                    // The place in a page says nothing a day later.
                    wanted.feed.id.clone_into(&mut why.at);
                    refused.push(why);
                }
            }
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
            self.ledger.refuse(seller, account, refused, now).await?;
        }
        Ok(())
    }
}
