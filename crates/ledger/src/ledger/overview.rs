//! Overviews: how much there is of what, pages of it, and what people noted.

use hoesu_claims::time::Between;
use hoesu_claims::{Policy, SellerId};
use jiff::Timestamp;
use jiff::civil::Date;

use super::Ledger;
use crate::cases::{KeptCase, KeptFinding};
use crate::overview::{
    CasePick, CaseSlot, CaseTally, FindingDay, FindingPick, FindingSlot, FindingTally, Memo,
};
use crate::store::cases::{CaseRow, FindingRow, lists};
use crate::store::overview::{self, MEMO, MemoRow, Picking, number_of};
use crate::{Error, Result};

/// The longest memo, in characters.
pub const MEMO_CHARS_MAX: usize = 4_000;

impl Ledger {
    /// How many findings there are of each rule under each account, open and closed.
    pub async fn finding_tallies(&self, seller: SellerId) -> Result<Vec<FindingTally>> {
        self.database
            .scan("reading tallies", move |tx| Box::pin(overview::finding_tallies(tx, seller)))
            .await
    }

    /// How many findings were opened and closed on each day in Korea since `from`.
    pub async fn finding_days(&self, seller: SellerId, from: Date) -> Result<Vec<FindingDay>> {
        let from = number_of(from);
        self.database
            .scan("reading days", move |tx| Box::pin(overview::finding_days(tx, seller, from)))
            .await
    }

    /// How many cases there are of each account on each of the three tracks.
    pub async fn case_tallies(&self, seller: SellerId) -> Result<Vec<CaseTally>> {
        self.database
            .scan("reading tallies", move |tx| Box::pin(overview::case_tallies(tx, seller)))
            .await
    }

    /// Findings of some slots in an order, a page at a time: as much work as the page has rows, for
    /// each slot.
    pub async fn pick_findings(
        &self,
        seller: SellerId,
        pick: FindingPick,
    ) -> Result<Vec<KeptFinding>> {
        let FindingPick { slots, order, between, from, limit } = pick;
        let pick = Picking::findings(&slots, order, between, from, limit);
        let turned = pick.turned;
        let rows = self
            .database
            .scan_several("picking findings", move |tx| {
                Box::pin(overview::pick_findings(tx, seller, pick))
            })
            .await?;
        Picking::in_order(turned, rows).into_iter().map(FindingRow::open).collect()
    }

    /// Cases of some slots, the same.
    pub async fn pick_cases(&self, seller: SellerId, pick: CasePick) -> Result<Vec<KeptCase>> {
        let CasePick { slots, order, between, from, limit } = pick;
        let pick = Picking::cases(&slots, order, between, from, limit);
        let turned = pick.turned;
        let rows = self
            .database
            .scan_several("picking cases", move |tx| {
                Box::pin(overview::pick_cases(tx, seller, pick))
            })
            .await?;
        Ok(Picking::in_order(turned, rows).into_iter().map(CaseRow::open).collect())
    }

    /// How many findings of some slots lie in a span, counted to `most`.
    pub async fn count_findings(
        &self,
        seller: SellerId,
        slots: &[FindingSlot],
        order: crate::overview::FindingOrder,
        between: Between,
        most: usize,
    ) -> Result<u64> {
        let pick = Picking::findings(slots, order, between, None, most);
        let count = self
            .database
            .scan_several("counting findings", move |tx| {
                Box::pin(overview::count_findings(tx, seller, pick))
            })
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// How many cases of some slots lie in a span, the same.
    pub async fn count_cases(
        &self,
        seller: SellerId,
        slots: &[CaseSlot],
        order: crate::overview::CaseOrder,
        between: Between,
        most: usize,
    ) -> Result<u64> {
        let pick = Picking::cases(slots, order, between, None, most);
        let count = self
            .database
            .scan_several("counting cases", move |tx| {
                Box::pin(overview::count_cases(tx, seller, pick))
            })
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Every finding of these cases, closed ones too.
    pub async fn findings_of(
        &self,
        seller: SellerId,
        cases: Vec<String>,
    ) -> Result<Vec<KeptFinding>> {
        let rows = self
            .database
            .scan_several("reading findings of cases", move |tx| {
                Box::pin(lists::findings_of(tx, seller, cases))
            })
            .await?;
        rows.into_iter().map(FindingRow::open).collect()
    }

    /// Keeps what somebody noted about an order. Refused if it is empty or longer than
    /// [`MEMO_CHARS_MAX`].
    pub async fn add_memo(
        &self,
        seller: SellerId,
        order: &str,
        who: &str,
        text: &str,
        at: Timestamp,
    ) -> Result<()> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > MEMO_CHARS_MAX {
            return Err(Error::Refused("a memo has 1 to 4000 characters".to_owned()));
        }
        let keys = self.keys(seller).await?;
        loop {
            let last = self
                .database
                .read("reading memos", move |tx| Box::pin(overview::last_memo(tx, seller)))
                .await?;
            let no = last + 1;
            let row = MemoRow {
                no,
                at: at.as_millisecond(),
                who: who.to_owned(),
                body: keys.seal(MEMO, no, text.as_bytes()),
            };
            let order = order.to_owned();
            let kept = self
                .database
                .write_alone("keeping a memo", move |tx| {
                    Box::pin(overview::add_memo(tx, seller, order, row))
                })
                .await?;
            // Whoever loses the race for a number takes the next.
            if kept {
                return Ok(());
            }
        }
    }

    /// What was noted about an order, in time.
    pub async fn memos(&self, seller: SellerId, order: &str) -> Result<Vec<Memo>> {
        let keys = self.keys(seller).await?;
        let order = order.to_owned();
        let rows = self
            .database
            .read("reading memos", move |tx| Box::pin(overview::memos(tx, seller, order)))
            .await?;
        rows.into_iter().map(|row| row.open(&keys)).collect()
    }

    /// How long the seller lets things be; the usual unless it was set.
    pub async fn policy(&self, seller: SellerId) -> Result<Policy> {
        let policy = self
            .database
            .read("reading the policy", move |tx| Box::pin(overview::policy(tx, seller)))
            .await?;
        Ok(policy.unwrap_or_default())
    }

    /// Sets how long the seller lets things be. Cases in which anything depends on days are looked at
    /// again.
    pub async fn set_policy(&self, seller: SellerId, policy: Policy) -> Result<()> {
        self.database
            .write("setting the policy", move |tx| {
                Box::pin(overview::set_policy(tx, seller, policy))
            })
            .await
    }
}
