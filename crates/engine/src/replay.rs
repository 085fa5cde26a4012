//! Replay (다시 계산): cases and findings worked out again from documents, to be kept or only compared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hoesu_claims::{Finding, SellerId};
use hoesu_ledger::Ledger;
use hoesu_ledger::cases::{CaseQuery, KeptCase};
use jiff::Timestamp;

use crate::settle::catch_up;
use crate::{Docket, Result, digest};

/// How many documents are read at once.
const BATCH: usize = 1_000;

/// How many differences are named.
const NAMED_MAX: usize = 20;

/// What comparing came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compared {
    /// Cases worked out from documents.
    pub cases: u64,
    /// Cases a change has part in that is not settled yet; they are not compared.
    pub unsettled: u64,
    /// Cases that differ from what is kept: in themselves, in their findings, or by being there.
    pub different: u64,
    /// The keys of some of them.
    pub named: Vec<String>,
}

/// Throws away what cases there are and settles all documents of a seller again as of `now`. What
/// people did, and the findings' history, stays. Answers how many cases there are.
pub async fn replay(ledger: &Arc<Ledger>, seller: SellerId, now: Timestamp) -> Result<u64> {
    ledger.forget_cases(seller).await?;
    let settling = catch_up(ledger, seller, now).await?;
    ledger.close_orphans(seller, now).await?;
    Ok(settling.cases)
}

/// Works out every case again, each as of when it was settled, and compares. Changes nothing.
pub async fn compare(ledger: &Arc<Ledger>, seller: SellerId) -> Result<Compared> {
    let docket = Docket::open(Arc::clone(ledger), seller).await?;
    let settled = ledger.settled(seller).await?.seq;
    // Whatever a change that is not settled has part in may rightly differ.
    let mut seen = docket.touched_after(settled).await?;
    let mut compared = Compared { unsettled: seen.len() as u64, ..Compared::default() };
    let mut after = 0;
    while after < settled {
        let changes = ledger.changes_after(seller, after, BATCH).await?;
        let Some(last) = changes.last() else { break };
        after = last.seq;
        let documents = changes.into_iter().map(|change| change.document).collect();
        let (cases, gone) = docket.work_out(documents, Vec::new(), None).await?;
        let keys: Vec<String> = cases.iter().map(|case| case.key.text()).collect();
        let kept = docket.kept(keys).await?;
        for case in cases {
            let key = case.key.text();
            if seen.insert(key.clone()) {
                compared.cases += 1;
                if !kept.get(&key).is_some_and(|kept| docket.is_same(case, kept)) {
                    compared.note(key);
                }
            }
        }
        for key in gone {
            if seen.insert(key.clone()) {
                compared.note(key);
            }
        }
    }
    for orphan in orphans(ledger, seller, &seen).await? {
        compared.note(orphan);
    }
    Ok(compared)
}

/// One number for everything that was understood of a seller's documents: cases, and findings whose
/// condition stands. The same documents give the same, in whatever order they arrived and however
/// often, if they were settled as of the same instant.
pub async fn ledger_hash(ledger: &Arc<Ledger>, seller: SellerId) -> Result<[u8; 32]> {
    let docket = Docket::open(Arc::clone(ledger), seller).await?;
    let mut rows: BTreeMap<String, [[u8; 32]; 2]> = BTreeMap::new();
    let mut query = CaseQuery { limit: BATCH, ..CaseQuery::default() };
    loop {
        let page = ledger.cases(seller, query.clone()).await?;
        let Some(last) = page.last() else { return Ok(digest::of_rows(&rows)) };
        query.after = Some(last.place());
        let keys = page.into_iter().map(|case| case.key).collect();
        for (key, (case, findings)) in docket.kept(keys).await? {
            let case: [u8; 32] = case.digest.try_into().unwrap_or_default();
            rows.insert(key, [case, digest::of_findings(&findings)]);
        }
    }
}

/// A case as it is kept, and the findings kept of it.
type Kept = (KeptCase, Vec<Finding>);

impl Docket {
    /// The cases that changes after `seq` have part in, and had part in.
    async fn touched_after(&self, mut seq: i64) -> Result<BTreeSet<String>> {
        let mut touched = BTreeSet::new();
        loop {
            let changes = self.ledger.changes_after(self.seller, seq, BATCH).await?;
            let Some(last) = changes.last() else { return Ok(touched) };
            seq = last.seq;
            let documents = changes.into_iter().map(|change| change.document).collect();
            let (cases, gone) = self.work_out(documents, Vec::new(), None).await?;
            touched.extend(cases.into_iter().map(|case| case.key.text()).chain(gone));
        }
    }

    async fn kept(&self, keys: Vec<String>) -> Result<BTreeMap<String, Kept>> {
        let cases = self.ledger.cases_at(self.seller, keys.clone()).await?.into_iter();
        let mut kept: BTreeMap<String, Kept> =
            cases.map(|case| (case.key.clone(), (case, Vec::new()))).collect();
        for finding in self.ledger.standing(self.seller, keys).await? {
            if let Some((_, findings)) = kept.get_mut(&finding.case) {
                findings.push(finding.finding);
            }
        }
        for (_, findings) in kept.values_mut() {
            findings.sort_by(|a, b| (a.rule, &a.about).cmp(&(b.rule, &b.about)));
        }
        Ok(kept)
    }

    /// Whether a case, worked out as of when it was settled, is what is kept.
    fn is_same(&self, case: hoesu_claims::Case, (kept, findings): &Kept) -> bool {
        let again = self.settled(case, kept.settled_at);
        again.digest.as_slice() == kept.digest
            && again.wake_at == kept.wake_at
            && digest::of_findings(&again.findings) == digest::of_findings(findings)
    }
}

/// Cases that are kept though no document makes them.
async fn orphans(
    ledger: &Ledger,
    seller: SellerId,
    seen: &BTreeSet<String>,
) -> Result<Vec<String>> {
    let mut orphans = Vec::new();
    let mut query = CaseQuery { limit: BATCH, ..CaseQuery::default() };
    loop {
        let page = ledger.cases(seller, query.clone()).await?;
        let Some(last) = page.last() else { return Ok(orphans) };
        query.after = Some(last.place());
        orphans.extend(page.into_iter().map(|case| case.key).filter(|key| !seen.contains(key)));
    }
}

impl Compared {
    fn note(&mut self, key: String) {
        self.different += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(key);
        }
    }

    /// Whether all that was compared is as it is kept.
    pub const fn is_same(&self) -> bool {
        self.different == 0
    }
}
