//! Settling (정리): from documents that changed and cases that came due to cases and findings, written
//! once.
//!
//! A batch is worked out without writing, on the state it names; the ledger keeps it only if nobody
//! settled in between. So any number of processes may settle the same seller, and a process that dies
//! leaves nothing half done.

use std::collections::BTreeSet;
use std::sync::Arc;

use hoesu_claims::case::{self, Case};
use hoesu_claims::fact::DocumentRef;
use hoesu_claims::{Assessment, SellerId};
use hoesu_ledger::Ledger;
use hoesu_ledger::cases::{DocumentAt, SettledCase, Settlement};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::{Docket, Result, digest};

/// How many changes or due cases are settled at once.
const BATCH: usize = 500;

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
    let mut all = Settling::default();
    loop {
        let docket = Docket::open(Arc::clone(ledger), seller).await?;
        let one = docket.settle(now).await?;
        all.changes += one.changes;
        all.cases += one.cases;
        if !one.more {
            return Ok(all);
        }
    }
}

impl Docket {
    /// Settles some of what changed or came due at `now`.
    pub async fn settle(&self, now: Timestamp) -> Result<Settling> {
        self.ledger.wake_early_cases(self.seller, now).await?;
        let was = self.ledger.settled(self.seller).await?;
        let changes = self.ledger.changes_after(self.seller, was.seq, BATCH).await?;
        let seq = changes.last().map_or(was.seq, |change| change.seq);
        let mut more = changes.len() == BATCH;
        let mut settling = Settling { changes: changes.len() as u64, ..Settling::default() };
        let changed: Vec<DocumentAt> = changes.into_iter().map(|change| change.document).collect();
        let due =
            if more { Vec::new() } else { self.ledger.due_cases(self.seller, now, BATCH).await? };
        more |= due.len() == BATCH;
        if changed.is_empty() && due.is_empty() {
            return Ok(settling);
        }
        let (cases, gone) = self.work_out(changed, due).await?;
        settling.cases = cases.len() as u64;
        let cases = cases.into_iter().map(|case| self.settled(case, now)).collect();
        let kept =
            self.ledger.settle(self.seller, Settlement { was, seq, at: now, cases, gone }).await?;
        // Somebody else settled meanwhile: look again at what is left.
        Ok(if kept {
            Settling { more, ..settling }
        } else {
            Settling { more: true, ..Settling::default() }
        })
    }

    /// The cases that documents and known cases have part in, as they are now, and which known cases
    /// are no more.
    pub(crate) async fn work_out(
        &self,
        mut documents: Vec<DocumentAt>,
        known: Vec<String>,
    ) -> Result<(Vec<Case>, Vec<String>)> {
        // A document that left a case may have been what held it together.
        let mut known: BTreeSet<String> = known.into_iter().collect();
        known.extend(self.ledger.cases_of(self.seller, documents.clone()).await?);
        let within = known.iter().cloned().collect();
        documents.extend(self.ledger.documents_of(self.seller, within).await?);
        documents.sort();
        documents.dedup();
        let tellings = self.around(documents.clone()).await?;
        let reached: BTreeSet<DocumentAt> =
            tellings.iter().map(|telling| at(&telling.document)).collect();
        let others = reached.into_iter().filter(|one| documents.binary_search(one).is_err());
        known.extend(self.ledger.cases_of(self.seller, others.collect()).await?);
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
