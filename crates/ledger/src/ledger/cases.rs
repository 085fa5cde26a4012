//! Cases and findings: what is settled, what changed since, what there is.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use hoesu_claims::wait::Horizon;
use hoesu_claims::{AccountId, SellerId, Term};
use jiff::Timestamp;

use super::Ledger;
use crate::cases::{
    CaseQuery, Change, CloseOutcome, Closing, DocumentAt, FindingQuery, Happened, KeptCase,
    KeptFinding, Settled, Settlement,
};
use crate::plan;
use crate::store::cases::{CaseRow, ContentRow, FindingRow, Found};
use crate::store::cases::{lists, lookups, settle};
use crate::store::{documents, instant};
use crate::{Held, Result};

/// A current document, and where it lies.
#[derive(Debug, Clone)]
pub struct Current {
    /// Which contract.
    pub account: AccountId,
    /// What kind.
    pub kind: String,
    /// The version.
    pub held: Arc<Held>,
    /// When the document was first heard saying this. A version held in memory may know a later
    /// instant: what arrives late can be older.
    pub first_heard_at: Timestamp,
    place: Place,
}

/// Where the versions of a current document are.
#[derive(Debug, Clone, Copy)]
struct Place {
    shelf: i64,
    no: i64,
    versions: i64,
    dated: bool,
}

/// What a document said before what it says now.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// The first version that said it.
    pub held: Arc<Held>,
    /// When it was heard first.
    pub first_heard_at: Timestamp,
    /// When it was heard last.
    pub last_heard_at: Timestamp,
}

impl Current {
    /// Whether the document may have said something else before.
    pub const fn has_earlier(&self) -> bool {
        self.place.versions > 1
    }
}

/// Where an earlier content stands among those of its document.
fn place_of<'h>(dated: bool, row: &ContentRow, held: &'h Held) -> plan::Place<'h> {
    plan::Place::of(dated, row.content.last, row.changed_at, &held.document.body)
}

impl Ledger {
    /// How far a seller's documents are settled.
    pub async fn settled(&self, seller: SellerId) -> Result<Settled> {
        let history = self.memory_of(seller).await?.history;
        Ok(Settled {
            history,
            ..self
                .database
                .read("reading what is settled", move |tx| Box::pin(lookups::settled(tx, seller)))
                .await?
        })
    }

    /// The last number of a seller's change sequence.
    pub async fn last_change(&self, seller: SellerId) -> Result<i64> {
        self.database
            .read("reading the change sequence", move |tx| {
                Box::pin(documents::last_seq(tx, seller))
            })
            .await
    }

    /// Documents that got a version after `seq`, in order, at most so many.
    pub async fn changes_after(
        &self,
        seller: SellerId,
        seq: i64,
        limit: usize,
    ) -> Result<Vec<Change>> {
        self.database
            .scan("reading changes", move |tx| {
                Box::pin(lookups::changes_after(tx, seller, seq, limit))
            })
            .await
    }

    /// Current documents of any of the seller's accounts that have one of these values, each once.
    pub async fn told_by(
        &self,
        seller: SellerId,
        terms: impl IntoIterator<Item = (Term, String)>,
    ) -> Result<Vec<Current>> {
        let keys = self.keys(seller).await?;
        let terms = terms.into_iter().filter(|(_, value)| !value.contains('\0'));
        let terms = terms
            .into_iter()
            .map(|(term, value)| (term.code(), keys.term(term, &term.normal(&value))));
        let terms: Vec<(i64, String)> = terms.collect();
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let found = self
            .database
            .scan_at_once("looking up documents", move |tx| {
                Box::pin(lookups::having(tx, seller, terms))
            })
            .await?;
        self.read_found(seller, found).await
    }

    /// These documents as they are now; unknown ones are left out.
    pub async fn current_of(
        &self,
        seller: SellerId,
        mut documents: Vec<DocumentAt>,
    ) -> Result<Vec<Current>> {
        // No key has a NUL in it, and PostgreSQL takes none.
        documents.retain(|document| !document.key.contains('\0'));
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let found = self
            .database
            .scan_at_once("looking up documents", move |tx| {
                Box::pin(lookups::current_of(tx, seller, documents))
            })
            .await?;
        self.read_found(seller, found).await
    }

    async fn read_found(&self, seller: SellerId, mut found: Vec<Found>) -> Result<Vec<Current>> {
        found.sort_by_key(|found| found.seq);
        found.dedup_by_key(|found| found.seq);
        let seqs: Vec<i64> = found.iter().map(|found| found.seq).collect();
        let memory = self.memory_of(seller).await?;
        let held = self.by_seq(&memory, seller, &seqs).await?;
        let current = |(found, held): (Found, _)| Current {
            account: found.account,
            kind: found.kind,
            held,
            first_heard_at: instant(found.first_at),
            place: Place {
                shelf: found.shelf,
                no: found.no,
                versions: found.versions,
                dated: found.dated,
            },
        };
        Ok(found.into_iter().zip(held).map(current).collect())
    }

    /// What each of these documents said before what it says now, from the oldest on: in the order in
    /// which one content follows another, whatever the order of arrival.
    pub async fn earlier(
        &self,
        seller: SellerId,
        documents: &[&Current],
    ) -> Result<Vec<Vec<Earlier>>> {
        let of = documents.iter().map(|one| (one.place.shelf, one.place.no)).collect();
        let mut contents: HashMap<(i64, i64), Vec<ContentRow>> = HashMap::new();
        for row in self
            .database
            .scan_at_once("reading what documents said before", move |tx| {
                Box::pin(lookups::contents(tx, seller, of))
            })
            .await?
        {
            contents.entry((row.shelf, row.no)).or_default().push(row);
        }
        let mut before: Vec<Vec<ContentRow>> = Vec::with_capacity(documents.len());
        for current in documents {
            let Place { shelf, no, .. } = current.place;
            let rows = contents.remove(&(shelf, no)).unwrap_or_default();
            let now = rows.iter().find(|row| row.seq == current.held.document.seq);
            let now = now.map(|row| row.digest.clone());
            let mut seen = BTreeSet::new();
            let rows: Vec<ContentRow> = rows
                .into_iter()
                .filter(|row| Some(&row.digest) != now.as_ref() && seen.insert(row.digest.clone()))
                .collect();
            before.push(rows);
        }
        let seqs: Vec<i64> = before.iter().flatten().map(|row| row.seq).collect();
        let memory = self.memory_of(seller).await?;
        let mut held = self.by_seq(&memory, seller, &seqs).await?.into_iter();
        let mut all = Vec::with_capacity(documents.len());
        for (rows, current) in before.into_iter().zip(documents) {
            let mut told: Vec<(ContentRow, Arc<Held>)> =
                rows.into_iter().zip(held.by_ref()).collect();
            let dated = current.place.dated;
            told.sort_by(|(one, held), (other, beside)| {
                place_of(dated, one, held).cmp(&place_of(dated, other, beside))
            });
            let earlier = told.into_iter().map(|(row, held)| Earlier {
                held,
                first_heard_at: instant(row.content.first_at),
                last_heard_at: instant(row.content.last.heard_at),
            });
            all.push(earlier.collect());
        }
        Ok(all)
    }

    /// The keys of the cases these documents are settled in, each once.
    pub async fn cases_of(
        &self,
        seller: SellerId,
        documents: Vec<DocumentAt>,
    ) -> Result<Vec<String>> {
        self.database
            .scan_at_once("looking up cases", move |tx| {
                Box::pin(lookups::cases_of(tx, seller, documents))
            })
            .await
    }

    /// The documents settled in these cases.
    pub async fn documents_of(
        &self,
        seller: SellerId,
        cases: Vec<String>,
    ) -> Result<Vec<DocumentAt>> {
        self.database
            .scan_at_once("looking up the documents of cases", move |tx| {
                Box::pin(lookups::documents_of(tx, seller, cases))
            })
            .await
    }

    /// Keys of cases whose findings change by themselves at `now` or before, the earliest first.
    pub async fn due_cases(
        &self,
        seller: SellerId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<String>> {
        self.database
            .scan("looking for due cases", move |tx| {
                Box::pin(lookups::due_cases(tx, seller, now.as_millisecond(), limit))
            })
            .await
    }

    /// Sellers with something to settle at `now`, also what was settled by a clock that was ahead.
    pub async fn behind(&self, now: Timestamp) -> Result<Vec<SellerId>> {
        let now = now.as_millisecond();
        self.database
            .read("looking for what is not settled", move |tx| {
                Box::pin(lookups::behind(tx, now, Horizon::of(now, 0).noted_ms))
            })
            .await
    }

    /// Lets the cases be looked at again that were settled by a clock that was ahead, or before the clock
    /// was set back: what they said was due was not yet, and what is due may lie behind.
    pub async fn wake_early_cases(&self, seller: SellerId, now: Timestamp) -> Result<()> {
        let now = now.as_millisecond();
        let noted = Horizon::of(now, 0).noted_ms;
        let doing = "reading when cases were settled";
        let is_early = self
            .database
            .read(doing, move |tx| Box::pin(settle::is_settled_after(tx, seller, noted)));
        if !is_early.await? {
            return Ok(());
        }
        let doing = "waking cases that were settled early";
        self.database
            .write(doing, move |tx| Box::pin(settle::wake_settled_after(tx, seller, now, noted)))
            .await
    }

    /// When the next case of any seller comes due.
    pub async fn next_wake(&self) -> Result<Option<Timestamp>> {
        Ok(self
            .database
            .read("looking for the next due case", move |tx| Box::pin(lookups::next_wake(tx)))
            .await?
            .map(instant))
    }

    /// Keeps a settlement: cases, which documents are in them, findings and their history, and how
    /// far is settled now; all or nothing. False, and nothing written, if somebody settled since, or the
    /// database went back in time.
    pub async fn settle(&self, seller: SellerId, mut settlement: Settlement) -> Result<bool> {
        let history = self.memory_now(seller).await?.history;
        // The database does not know of it.
        if std::mem::take(&mut settlement.was.history) != history {
            return Ok(false);
        }
        let cases = settlement.cases.len();
        let is_kept = self
            .database
            .write("settling", move |tx| Box::pin(settle::settle(tx, seller, settlement)))
            .await?;
        self.database.grew(cases).await;
        Ok(is_kept)
    }

    /// Throws away which cases there are, so that all documents are settled again. Findings and
    /// their history stay.
    pub async fn forget_cases(&self, seller: SellerId) -> Result<()> {
        self.database
            .write("forgetting cases", move |tx| Box::pin(settle::forget_cases(tx, seller)))
            .await
    }

    /// Closes findings whose cases are no more, by themselves; answers how many.
    pub async fn close_orphans(&self, seller: SellerId, at: Timestamp) -> Result<u64> {
        self.database
            .write("closing findings of cases that are no more", move |tx| {
                Box::pin(settle::close_orphans(tx, seller, at.as_millisecond()))
            })
            .await
    }

    /// A person closes a finding. The reason is sealed.
    pub async fn close(&self, seller: SellerId, closing: Closing) -> Result<CloseOutcome> {
        let keys = self.keys(seller).await?;
        self.database
            .write("closing a finding", move |tx| {
                Box::pin(settle::close(tx, seller, closing, keys))
            })
            .await
    }

    /// Findings, open ones first, then those that run out first.
    pub async fn findings(
        &self,
        seller: SellerId,
        query: FindingQuery,
    ) -> Result<Vec<KeptFinding>> {
        let rows = self
            .database
            .scan("listing findings", move |tx| Box::pin(lists::findings(tx, seller, query)))
            .await?;
        rows.into_iter().map(FindingRow::open).collect()
    }

    /// One finding.
    pub async fn finding(&self, seller: SellerId, id: &str) -> Result<Option<KeptFinding>> {
        let id = id.to_owned();
        self.database
            .read("reading a finding", move |tx| Box::pin(lists::finding(tx, seller, id)))
            .await?
            .map(FindingRow::open)
            .transpose()
    }

    /// What happened to a finding, in order.
    pub async fn happened(&self, seller: SellerId, id: &str) -> Result<Vec<Happened>> {
        let keys = self.keys(seller).await?;
        let id = id.to_owned();
        let rows = self
            .database
            .read("reading a finding's history", move |tx| {
                Box::pin(lists::happened(tx, seller, id))
            })
            .await?;
        rows.into_iter().map(|row| row.open(&keys)).collect()
    }

    /// Cases, those something happened in last first.
    pub async fn cases(&self, seller: SellerId, query: CaseQuery) -> Result<Vec<KeptCase>> {
        let rows = self
            .database
            .scan("listing cases", move |tx| Box::pin(lists::cases(tx, seller, query)))
            .await?;
        Ok(rows.into_iter().map(CaseRow::open).collect())
    }

    /// The cases with these keys, as far as there are such.
    pub async fn cases_at(&self, seller: SellerId, keys: Vec<String>) -> Result<Vec<KeptCase>> {
        let rows = self
            .database
            .scan_at_once("reading cases", move |tx| Box::pin(lists::cases_at(tx, seller, keys)))
            .await?;
        Ok(rows.into_iter().map(CaseRow::open).collect())
    }

    /// The findings of these cases whose condition stands, whoever closed them.
    pub async fn standing(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<KeptFinding>> {
        let rows = self
            .database
            .scan_at_once("reading findings of cases", move |tx| {
                Box::pin(lists::standing(tx, seller, cases))
            })
            .await?;
        rows.into_iter().map(FindingRow::open).collect()
    }
}
