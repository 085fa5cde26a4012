//! Settling (정리): from documents that changed and cases that came due to cases and findings, written
//! once.
//!
//! A batch is worked out without writing, on the state it names; the ledger keeps it only if nobody
//! settled in between. So any number of processes may settle the same seller, and a process that dies
//! leaves nothing half done. While one batch is written the next is worked out, as if it were written
//! already: if it is not kept, neither is what follows.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use hoesu_claims::case::{self, Case};
use hoesu_claims::fact::DocumentRef;
use hoesu_claims::{AccountId, Assessment, SellerId};
use hoesu_ledger::Ledger;
use hoesu_ledger::cases::{DocumentAt, Settled, SettledCase, Settlement};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::{Docket, Result, digest};

/// How many changes or due cases are settled at once.
pub(crate) const BATCH: usize = 2_000;

/// How many batches of one seller follow one another before others have their turn.
pub(crate) const BATCHES_A_TURN: usize = 8;

/// What settling came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settling {
    /// Changes taken in.
    pub changes: u64,
    /// Cases folded and assessed.
    pub cases: u64,
    /// Whether more waits.
    pub more: bool,
}

/// Settles everything of a seller that changed or came due at `now`.
pub async fn catch_up(ledger: &Arc<Ledger>, seller: SellerId, now: Timestamp) -> Result<Settling> {
    catch_up_by(BATCH, ledger, seller, now).await
}

/// As [`catch_up`], at most so many changes or due cases at once. What it comes to is the same.
pub async fn catch_up_by(
    batch: usize,
    ledger: &Arc<Ledger>,
    seller: SellerId,
    now: Timestamp,
) -> Result<Settling> {
    let mut all = Settling::default();
    loop {
        let docket = Docket::open(Arc::clone(ledger), seller).await?;
        let some = docket.settle(now, batch, usize::MAX).await?;
        all.changes += some.changes;
        all.cases += some.cases;
        if !some.more {
            return Ok(all);
        }
    }
}

/// A settlement that was worked out, and how many changes it takes in.
struct Batch {
    settlement: Settlement,
    changes: u64,
    /// Whether more waits, as far as was looked.
    more: bool,
}

/// What comes after a settlement.
enum NextBatch {
    /// Nothing waits.
    Nothing,
    /// Something waits that a docket opened now knows of, and this one does not.
    Outdated,
    Batch(Batch),
}

impl Docket {
    /// Settles some of what changed or came due at `now`, in so many batches at most. While one is
    /// written the next is worked out. It ends before all is done where somebody else settles, or where
    /// what this was opened with is not so any more.
    pub(crate) async fn settle(
        &self,
        now: Timestamp,
        batch_max: usize,
        batches_max: usize,
    ) -> Result<Settling> {
        self.ledger.wake_early_cases(self.seller, now).await?;
        let mut settling = Settling::default();
        let was = self.ledger.settled(self.seller).await?;
        let mut batch = match self.next(was, None, now, batch_max).await? {
            NextBatch::Batch(batch) => batch,
            NextBatch::Nothing => return Ok(settling),
            NextBatch::Outdated => return Ok(Settling { more: true, ..settling }),
        };
        for nth in 1.. {
            let Batch { settlement, changes, more } = batch;
            let cases = settlement.cases.len() as u64;
            let ahead = PendingSettlement::of(&settlement);
            let mut after = settlement.was;
            (after.seq, after.turn) = (settlement.seq, after.turn + 1);
            let writing = self.ledger.settle(self.seller, settlement);
            let (is_kept, next) = if more && nth < batches_max {
                let (is_kept, next) =
                    tokio::join!(writing, self.next(after, Some(&ahead), now, batch_max));
                (is_kept?, next?)
            } else {
                (writing.await?, NextBatch::Nothing)
            };
            // Somebody else settled meanwhile: look again at what is left.
            if !is_kept {
                return Ok(Settling { more: true, ..settling });
            }
            settling.changes += changes;
            settling.cases += cases;
            match next {
                NextBatch::Batch(next) => batch = next,
                NextBatch::Nothing | NextBatch::Outdated => {
                    return Ok(Settling { more, ..settling });
                }
            }
        }
        unreachable!("batches are counted without end")
    }

    /// What is settled next after `was`. `ahead` is of what is being written and leads there.
    async fn next(
        &self,
        was: Settled,
        ahead: Option<&PendingSettlement>,
        now: Timestamp,
        batch_max: usize,
    ) -> Result<NextBatch> {
        let changes = self.ledger.changes_after(self.seller, was.seq, batch_max).await?;
        let seq = changes.last().map_or(was.seq, |change| change.seq);
        let is_full = changes.len() == batch_max;
        let count = changes.len() as u64;
        let changed: Vec<DocumentAt> = changes.into_iter().map(|change| change.document).collect();
        if !self.knows_accounts_of(&changed).await? {
            return Ok(NextBatch::Outdated);
        }
        // What is due is known once all before is written.
        let due = if is_full || ahead.is_some() {
            Vec::new()
        } else {
            self.ledger.due_cases(self.seller, now, batch_max).await?
        };
        let more = is_full || due.len() == batch_max || ahead.is_some();
        if changed.is_empty() && due.is_empty() {
            return Ok(NextBatch::Nothing);
        }
        let (cases, gone) = self.work_out(changed, due, ahead).await?;
        let cases = cases.into_iter().map(|case| self.settled(case, now)).collect();
        let settlement = Settlement { was, seq, at: now, cases, gone };
        Ok(NextBatch::Batch(Batch { settlement, changes: count, more }))
    }

    /// Whether no account was added since this was opened that one of these documents is of.
    async fn knows_accounts_of(&self, documents: &[DocumentAt]) -> Result<bool> {
        let unknown: BTreeSet<AccountId> = documents
            .iter()
            .map(|document| document.account)
            .filter(|account| self.account(*account).is_none())
            .collect();
        if unknown.is_empty() {
            return Ok(true);
        }
        let all = self.ledger.accounts().await?;
        let mut added = all.iter().filter(|account| {
            account.seller == self.seller
                && unknown.contains(&account.id)
                && hoesu_channels::by_id(&account.channel).is_some()
        });
        Ok(added.next().is_none())
    }

    async fn cases_of_documents(
        &self,
        documents: Vec<DocumentAt>,
        ahead: Option<&PendingSettlement>,
    ) -> Result<Vec<String>> {
        let Some(ahead) = ahead else {
            return Ok(self.ledger.cases_of(self.seller, documents).await?);
        };
        let (moved, others): (Vec<DocumentAt>, Vec<DocumentAt>) =
            documents.into_iter().partition(|document| ahead.case_of.contains_key(document));
        let mut cases = self.ledger.cases_of(self.seller, others).await?;
        cases.retain(|case| !ahead.gone.contains(case));
        cases.extend(moved.iter().map(|document| ahead.case_of[document].clone()));
        Ok(cases)
    }

    async fn documents_of_cases(
        &self,
        cases: &BTreeSet<String>,
        ahead: Option<&PendingSettlement>,
    ) -> Result<Vec<DocumentAt>> {
        let Some(ahead) = ahead else {
            let cases = cases.iter().cloned().collect();
            return Ok(self.ledger.documents_of(self.seller, cases).await?);
        };
        let is_known =
            |case: &&String| !ahead.documents_of.contains_key(*case) && !ahead.gone.contains(*case);
        let known = cases.iter().filter(is_known).cloned().collect();
        let mut documents = self.ledger.documents_of(self.seller, known).await?;
        documents.retain(|document| !ahead.case_of.contains_key(document));
        let written = cases.iter().filter_map(|case| ahead.documents_of.get(case));
        documents.extend(written.flatten().cloned());
        Ok(documents)
    }

    /// The cases that documents and known cases have part in, as they are now, and which known cases
    /// are no more.
    pub(crate) async fn work_out(
        &self,
        mut documents: Vec<DocumentAt>,
        known: Vec<String>,
        ahead: Option<&PendingSettlement>,
    ) -> Result<(Vec<Case>, Vec<String>)> {
        // A document that left a case may have been what held it together.
        let mut known: BTreeSet<String> = known.into_iter().collect();
        known.extend(self.cases_of_documents(documents.clone(), ahead).await?);
        documents.extend(self.documents_of_cases(&known, ahead).await?);
        documents.sort();
        documents.dedup();
        let tellings = self.around(documents.clone()).await?;
        let reached: BTreeSet<DocumentAt> =
            tellings.iter().map(|telling| at(&telling.document)).collect();
        let others = reached.into_iter().filter(|one| documents.binary_search(one).is_err());
        known.extend(self.cases_of_documents(others.collect(), ahead).await?);
        let cases = case::cases(tellings, self.setting(None));
        for case in &cases {
            known.remove(&case.key.text());
        }
        Ok((cases, known.into_iter().collect()))
    }

    /// What is kept of a case, with what is wrong or due in it at an instant.
    pub(crate) fn settled(&self, case: Case, now: Timestamp) -> SettledCase {
        let Assessment { findings, wake_at } = self.assess(&case, now);
        let times = || case.timeline.iter().map(|(_, fact)| fact.when.at);
        SettledCase {
            key: case.key.text(),
            account: case.key.account(),
            order: case.key.number().to_owned(),
            claim: word(case.tracks.claim),
            goods: word(case.tracks.goods),
            money: word(case.tracks.money),
            fault: fault(&case),
            since: times().min().unwrap_or_default(),
            changed_at: times().max().unwrap_or_default(),
            wake_at: wake_at.map(whole),
            documents: case.documents.iter().map(at).collect(),
            findings,
            digest: digest::of_case(case),
        }
    }
}

/// Which documents are in which case once a settlement is written, as far as it changes that.
pub(crate) struct PendingSettlement {
    case_of: HashMap<DocumentAt, String>,
    documents_of: HashMap<String, Vec<DocumentAt>>,
    gone: HashSet<String>,
}

impl PendingSettlement {
    fn of(settlement: &Settlement) -> Self {
        let within = settlement.cases.iter().flat_map(|case| {
            case.documents.iter().map(|document| (document.clone(), case.key.clone()))
        });
        let cases = settlement.cases.iter();
        Self {
            case_of: within.collect(),
            documents_of: cases.map(|case| (case.key.clone(), case.documents.clone())).collect(),
            gone: settlement.gone.iter().cloned().collect(),
        }
    }
}

/// Where a document lies.
pub(crate) fn at(document: &DocumentRef) -> DocumentAt {
    let DocumentRef { account, kind, key, version: _ } = document;
    DocumentAt { account: *account, kind: kind.clone(), key: key.clone() }
}

/// The instant in whole milliseconds, not before it: woken earlier, a case would have nothing new to
/// say and be due again at once.
fn whole(at: Timestamp) -> Timestamp {
    let floor = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    if floor < at { floor.checked_add(SignedDuration::from_millis(1)).unwrap_or(at) } else { at }
}

/// Whose fault it is, as the claim opened last says; `None` if none does.
fn fault(case: &Case) -> Option<String> {
    let told = case.claims.iter().filter_map(|claim| Some((claim.opened, claim.fault?.0)));
    let last = told.max_by(|a, b| a.0.cmp(&b.0));
    last.map(|(_, fault)| word(fault))
}

/// The name of one of a few states, as it is written everywhere.
pub(crate) fn word(state: impl Serialize) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => unreachable!("a track is written as a word"),
    }
}

#[cfg(test)]
mod tests;
