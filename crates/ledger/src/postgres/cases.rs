//! Cases and findings: a settlement in a handful of statements, whatever it holds.

use std::sync::Arc;

use async_trait::async_trait;
use deadpool_postgres::Transaction;
use hoesu_claims::{AccountId, SellerId};
use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::{Postgres, failed, overview};
use crate::Result;
use crate::cases::{
    CaseQuery, Change, CloseOutcome, Closing, DocumentAt, FindingQuery, Settled, SettledCase,
    Settlement,
};
use crate::keys::SellerKeys;
use crate::plan::{Content, Hearing};
use crate::store::cases::{
    self, Bound, CaseRow, Cases, ContentRow, FindingRow, Found, HappenedRow, Listing, Plan, REASON,
};
use crate::store::instant;
use crate::store::overview::{beside_of, case_slot, slot};

pub(super) const FINDING: &str =
    "id, case_key, rule, account, order_no, closed, stands, urgency, won_at_risk, body,
     opened_at, changed_at, fault, slot";

pub(super) const CASE: &str =
    "case_key, account, order_no, claim, goods, money, since, changed_at, findings, digest,
     settled_at, wake_at, slot";

const SETTLING: &str = "settling";

#[async_trait]
impl Cases for Postgres {
    async fn settled(&self, seller: SellerId) -> Result<Settled> {
        let sql = "SELECT seq, turn FROM settled WHERE seller = $1";
        let rows = self.rows("reading what is settled", sql, &[&seller.0]).await?;
        let settled = |row: &Row| Settled { seq: row.get(0), turn: row.get(1), history: 0 };
        Ok(rows.first().map(settled).unwrap_or_default())
    }

    async fn changes_after(&self, seller: SellerId, seq: i64, limit: usize) -> Result<Vec<Change>> {
        let sql = "SELECT v.seq, s.account, s.kind, v.key FROM version v
             JOIN shelf s ON s.seller = v.seller AND s.shelf = v.shelf
             WHERE v.seller = $1 AND v.seq > $2 ORDER BY v.seq LIMIT $3";
        let values: [&(dyn ToSql + Sync); 3] = [&seller.0, &seq, &(limit as i64)];
        let rows = self.rows("reading changes", sql, &values).await?;
        let change = |row: &Row| Change { seq: row.get(0), document: document_at(row, 1) };
        Ok(rows.iter().map(change).collect())
    }

    async fn told_by(&self, seller: SellerId, terms: Vec<(i64, String)>) -> Result<Vec<Found>> {
        let (codes, values): (Vec<i64>, Vec<String>) = terms.into_iter().unzip();
        let sql = "SELECT s.account, s.kind, d.seq, d.first_at, d.shelf, d.no, d.versions, d.dated
             FROM UNNEST($2::BIGINT[], $3::TEXT[]) AS asked (term, value)
             JOIN term t ON t.seller = $1 AND t.term = asked.term AND t.value = asked.value
             JOIN document d ON d.seller = t.seller AND d.shelf = t.shelf AND d.no = t.no
             JOIN shelf s ON s.seller = t.seller AND s.shelf = t.shelf";
        let rows = self.rows("looking up documents", sql, &[&seller.0, &codes, &values]).await?;
        Ok(rows.iter().map(found).collect())
    }

    async fn current_of(&self, seller: SellerId, at: Vec<DocumentAt>) -> Result<Vec<Found>> {
        let At { accounts, kinds, keys } = At::of(&at);
        let sql = "SELECT s.account, s.kind, d.seq, d.first_at, d.shelf, d.no, d.versions, d.dated
             FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::TEXT[]) AS asked (account, kind, key)
             JOIN shelf s ON s.seller = $1 AND s.account = asked.account AND s.kind = asked.kind
             JOIN document d ON d.seller = s.seller AND d.shelf = s.shelf AND d.key = asked.key";
        let values: [&(dyn ToSql + Sync); 4] = [&seller.0, &accounts, &kinds, &keys];
        let rows = self.rows("looking up documents", sql, &values).await?;
        Ok(rows.iter().map(found).collect())
    }

    async fn contents(&self, seller: SellerId, of: Vec<(i64, i64)>) -> Result<Vec<ContentRow>> {
        let (shelves, numbers): (Vec<i64>, Vec<i64>) = of.into_iter().unzip();
        let sql =
            "SELECT v.shelf, v.no, v.seq, v.digest, v.changed_at, v.first_at, v.last_at, v.received
             FROM UNNEST($2::BIGINT[], $3::BIGINT[]) AS asked (shelf, no)
             JOIN version v ON v.seller = $1 AND v.shelf = asked.shelf AND v.no = asked.no
             ORDER BY v.shelf, v.no, v.version";
        let doing = "reading what documents said before";
        let rows = self.rows(doing, sql, &[&seller.0, &shelves, &numbers]).await?;
        Ok(rows.iter().map(content_row).collect())
    }

    async fn cases_of(&self, seller: SellerId, at: Vec<DocumentAt>) -> Result<Vec<String>> {
        let At { accounts, kinds, keys } = At::of(&at);
        let sql = "SELECT DISTINCT c.case_key COLLATE \"C\" AS case_key
             FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::TEXT[]) AS asked (account, kind, key)
             JOIN shelf s ON s.seller = $1 AND s.account = asked.account AND s.kind = asked.kind
             JOIN case_document c ON c.seller = s.seller AND c.shelf = s.shelf AND c.key = asked.key
             ORDER BY 1";
        let values: [&(dyn ToSql + Sync); 4] = [&seller.0, &accounts, &kinds, &keys];
        let rows = self.rows("looking up cases", sql, &values).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    async fn documents_of(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<DocumentAt>> {
        let sql = "SELECT s.account, s.kind, c.key FROM case_document c
             JOIN shelf s ON s.seller = c.seller AND s.shelf = c.shelf
             WHERE c.seller = $1 AND c.case_key = ANY($2)";
        let rows =
            self.rows("looking up the documents of cases", sql, &[&seller.0, &cases]).await?;
        Ok(rows.iter().map(|row| document_at(row, 0)).collect())
    }

    async fn due_cases(&self, seller: SellerId, now: i64, limit: usize) -> Result<Vec<String>> {
        let sql = "SELECT case_key FROM order_case WHERE seller = $1 AND wake_at <= $2
             ORDER BY wake_at LIMIT $3";
        let values: [&(dyn ToSql + Sync); 3] = [&seller.0, &now, &(limit as i64)];
        let rows = self.rows("looking for due cases", sql, &values).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    async fn behind(&self, now: i64, noted: i64) -> Result<Vec<SellerId>> {
        let sql = "SELECT s.seller FROM seller s LEFT JOIN settled d ON d.seller = s.seller
             WHERE s.seq > coalesce(d.seq, 0) OR d.latest_at > $2 OR EXISTS
             (SELECT 1 FROM order_case c WHERE c.seller = s.seller AND c.wake_at <= $1)
             ORDER BY s.seller";
        let rows = self.rows("looking for what is not settled", sql, &[&now, &noted]).await?;
        Ok(rows.iter().map(|row| SellerId(row.get(0))).collect())
    }

    async fn wake_settled_after(&self, seller: SellerId, now: i64, noted: i64) -> Result<()> {
        let doing = "waking cases that were settled early";
        let sql = "SELECT 1 FROM settled WHERE seller = $1 AND latest_at > $2";
        if self.rows(doing, sql, &[&seller.0, &noted]).await?.is_empty() {
            return Ok(());
        }
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(doing))?;
        // The row first: who settles now has it, or waits for us.
        let sql = "UPDATE settled SET latest_at = $2 WHERE seller = $1";
        tx.execute(sql, &[&seller.0, &now]).await.map_err(failed(doing))?;
        wake(&tx, seller, "settled_at > $2", &[&seller.0, &noted]).await.map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))
    }

    async fn next_wake(&self) -> Result<Option<i64>> {
        let sql = "SELECT min((SELECT min(c.wake_at) FROM order_case c WHERE c.seller = s.seller))
             FROM seller s";
        let rows = self.rows("looking for the next due case", sql, &[]).await?;
        Ok(rows.first().and_then(|row| row.get(0)))
    }

    async fn settle(&self, seller: SellerId, settlement: Arc<Settlement>) -> Result<bool> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(SETTLING))?;
        let was = settlement.was;
        // The first settlement makes the row; of two that try, the second waits and finds it there.
        let mine = "INSERT INTO settled (seller, seq, turn, events, latest_at)
             VALUES ($1, $2, $4::BIGINT + 1, 0, $5)
             ON CONFLICT (seller) DO UPDATE SET seq = excluded.seq, turn = settled.turn + 1,
             latest_at = greatest(settled.latest_at, excluded.latest_at)
             WHERE settled.seq = $3::BIGINT AND settled.turn = $4::BIGINT
             RETURNING turn, events";
        let row = tx
            .query_opt(
                mine,
                &[&seller.0, &settlement.seq, &was.seq, &was.turn, &settlement.at.as_millisecond()],
            )
            .await
            .map_err(failed(SETTLING))?;
        let Some(row) = row.filter(|row| row.get::<_, i64>(0) == was.turn + 1) else {
            return Ok(false);
        };
        let events: i64 = row.get(1);
        let touched = settlement.cases.iter().map(|case| &case.key).chain(&settlement.gone);
        let touched: Vec<&String> = touched.collect();
        let sql = format!("SELECT {FINDING} FROM finding WHERE seller = $1 AND case_key = ANY($2)");
        let known = tx.query(&sql, &[&seller.0, &touched]).await.map_err(failed(SETTLING))?;
        let plan = cases::plan(&settlement, known.iter().map(finding_row).collect(), events)?;
        write(&tx, seller, &settlement, &touched, &plan).await.map_err(failed(SETTLING))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(true)
    }

    async fn forget_cases(&self, seller: SellerId) -> Result<()> {
        let doing = "forgetting cases";
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(doing))?;
        for sql in [
            "UPDATE settled SET seq = 0, turn = turn + 1 WHERE seller = $1",
            "DELETE FROM case_document WHERE seller = $1",
            "DELETE FROM order_case WHERE seller = $1",
            "DELETE FROM case_tally WHERE seller = $1",
        ] {
            tx.execute(sql, &[&seller.0]).await.map_err(failed(doing))?;
        }
        tx.commit().await.map_err(failed("committing"))
    }

    async fn close_orphans(&self, seller: SellerId, at: i64) -> Result<u64> {
        let doing = "closing findings of cases that are no more";
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(doing))?;
        let Some((was, events)) = lock(&tx, seller).await.map_err(failed(doing))? else {
            return Ok(0);
        };
        let sql = format!(
            "SELECT {FINDING} FROM finding f WHERE seller = $1 AND stands = 1 AND NOT EXISTS
             (SELECT 1 FROM order_case c WHERE c.seller = f.seller AND c.case_key = f.case_key)"
        );
        let rows = tx.query(&sql, &[&seller.0]).await.map_err(failed(doing))?;
        let none =
            Settlement { was, seq: was.seq, at: instant(at), cases: Vec::new(), gone: Vec::new() };
        let plan = cases::plan(&none, rows.iter().map(finding_row).collect(), events)?;
        write_findings(&tx, seller, &plan).await.map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(rows.len() as u64)
    }

    async fn close(
        &self,
        seller: SellerId,
        closing: Closing,
        keys: Arc<SellerKeys>,
    ) -> Result<CloseOutcome> {
        let doing = "closing a finding";
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(doing))?;
        let Some((_, events)) = lock(&tx, seller).await.map_err(failed(doing))? else {
            return Ok(CloseOutcome::Unknown);
        };
        let sql = format!("SELECT {FINDING} FROM finding WHERE seller = $1 AND id = $2");
        let row = tx.query_opt(&sql, &[&seller.0, &closing.id]).await.map_err(failed(doing))?;
        let Some(row) = row else { return Ok(CloseOutcome::Unknown) };
        let at = closing.at.as_millisecond();
        let (row, event, moves) = match cases::close(&finding_row(&row), closing.force, at)? {
            Ok(done) => done,
            Err(outcome) => return Ok(outcome),
        };
        let no = events + 1;
        let reason = keys.seal(REASON, no, closing.reason.as_bytes());
        let slot = slot(&row);
        let steps: [(&str, &[&(dyn ToSql + Sync)]); 5] = [
            (
                "UPDATE finding SET is_closed = 1, closed = $3, changed_at = $4, slot = $5
                 WHERE seller = $1 AND id = $2",
                &[&seller.0, &row.id, &row.closed, &at, &slot],
            ),
            (
                "UPDATE order_case SET findings = findings - 1 WHERE seller = $1 AND case_key = $2",
                &[&seller.0, &row.case_key],
            ),
            (
                "INSERT INTO finding_event (seller, no, id, at, event, actor, reason)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                &[&seller.0, &no, &row.id, &at, &event.name(), &closing.actor, &reason],
            ),
            // What others of the case tell of the same money counts now.
            (
                "UPDATE order_case SET wake_at = 0 WHERE seller = $1 AND case_key = $2",
                &[&seller.0, &row.case_key],
            ),
            // Whoever is settling right now works on findings as they were.
            (
                "UPDATE settled SET events = $2, turn = turn + 1 WHERE seller = $1",
                &[&seller.0, &no],
            ),
        ];
        for (sql, values) in steps {
            tx.execute(sql, values).await.map_err(failed(doing))?;
        }
        overview::move_findings(&tx, seller, &moves).await.map_err(failed(doing))?;
        overview::calm(&tx, seller, &row.case_key).await.map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))?;
        Ok(CloseOutcome::Closed)
    }

    async fn findings(&self, seller: SellerId, query: FindingQuery) -> Result<Vec<FindingRow>> {
        let Listing { sql, bound } = cases::list_findings('$', seller, query);
        let sql = format!("SELECT {FINDING} FROM finding WHERE seller = $1{sql}");
        let rows = self.rows("listing findings", &sql, &values(&bound)).await?;
        Ok(rows.iter().map(finding_row).collect())
    }

    async fn finding(&self, seller: SellerId, id: &str) -> Result<Option<FindingRow>> {
        let sql = format!("SELECT {FINDING} FROM finding WHERE seller = $1 AND id = $2");
        let rows = self.rows("reading a finding", &sql, &[&seller.0, &id]).await?;
        Ok(rows.first().map(finding_row))
    }

    async fn happened(&self, seller: SellerId, id: &str) -> Result<Vec<HappenedRow>> {
        let sql = "SELECT no, at, event, actor, reason FROM finding_event
             WHERE seller = $1 AND id = $2 ORDER BY no";
        let rows = self.rows("reading a finding's history", sql, &[&seller.0, &id]).await?;
        let row = |row: &Row| HappenedRow {
            no: row.get(0),
            at: row.get(1),
            event: row.get(2),
            actor: row.get(3),
            reason: row.get(4),
        };
        Ok(rows.iter().map(row).collect())
    }

    async fn cases(&self, seller: SellerId, query: CaseQuery) -> Result<Vec<CaseRow>> {
        let Listing { sql, bound } = cases::list_cases('$', seller, query);
        let sql = format!("SELECT {CASE} FROM order_case WHERE seller = $1{sql}");
        let rows = self.rows("listing cases", &sql, &values(&bound)).await?;
        Ok(rows.iter().map(case_row).collect())
    }

    async fn cases_at(&self, seller: SellerId, keys: Vec<String>) -> Result<Vec<CaseRow>> {
        let sql = format!("SELECT {CASE} FROM order_case WHERE seller = $1 AND case_key = ANY($2)");
        let rows = self.rows("reading cases", &sql, &[&seller.0, &keys]).await?;
        Ok(rows.iter().map(case_row).collect())
    }

    async fn standing(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<FindingRow>> {
        let sql = format!(
            "SELECT {FINDING} FROM finding
             WHERE seller = $1 AND case_key = ANY($2) AND stands = 1"
        );
        let rows = self.rows("reading findings of cases", &sql, &[&seller.0, &cases]).await?;
        Ok(rows.iter().map(finding_row).collect())
    }
}

/// The cases that meet a condition are looked at again. Whoever is settling right now works on what
/// was before.
pub(super) async fn wake(
    tx: &Transaction<'_>,
    seller: SellerId,
    condition: &str,
    values: &[&(dyn ToSql + Sync)],
) -> std::result::Result<(), tokio_postgres::Error> {
    // In the order in which a settlement takes them, so that neither waits for the other in vain.
    let sql = "UPDATE settled SET turn = turn + 1 WHERE seller = $1";
    tx.execute(sql, &[&seller.0]).await?;
    let sql = format!("UPDATE order_case SET wake_at = 0 WHERE seller = $1 AND {condition}");
    tx.execute(&sql, values).await?;
    Ok(())
}

/// Takes the seller's turn; what is settled, and the last number of the findings' history.
async fn lock(
    tx: &Transaction<'_>,
    seller: SellerId,
) -> std::result::Result<Option<(Settled, i64)>, tokio_postgres::Error> {
    let sql = "SELECT seq, turn, events FROM settled WHERE seller = $1 FOR UPDATE";
    let row = tx.query_opt(sql, &[&seller.0]).await?;
    Ok(row.map(|row| (Settled { seq: row.get(0), turn: row.get(1), history: 0 }, row.get(2))))
}

async fn write(
    tx: &Transaction<'_>,
    seller: SellerId,
    settlement: &Settlement,
    touched: &[&String],
    plan: &Plan,
) -> std::result::Result<(), tokio_postgres::Error> {
    write_findings(tx, seller, plan).await?;
    let sql = "DELETE FROM case_document WHERE seller = $1 AND case_key = ANY($2)";
    tx.execute(sql, &[&seller.0, &touched]).await?;
    let mut moved = overview::slots(tx, seller, touched).await?;
    let sql = "DELETE FROM order_case WHERE seller = $1 AND case_key = ANY($2)";
    tx.execute(sql, &[&seller.0, &settlement.gone]).await?;
    let slots: Vec<String> = settlement
        .cases
        .iter()
        .map(|case| case_slot(case, plan.open.get(&case.key).copied().unwrap_or(0)))
        .collect();
    for slot in &slots {
        *moved.entry(slot.clone()).or_default() += 1;
    }
    write_cases(tx, seller, settlement, plan, &slots).await?;
    overview::move_cases(tx, seller, &moved).await?;
    let within = settlement
        .cases
        .iter()
        .flat_map(|case| case.documents.iter().map(move |document| (&case.key, document)));
    let (cases, documents): (Vec<&String>, Vec<DocumentAt>) =
        within.map(|(case, document)| (case, document.clone())).unzip();
    let At { accounts, kinds, keys } = At::of(&documents);
    let sql = "INSERT INTO case_document (seller, shelf, key, case_key)
         SELECT $1, s.shelf, d.key, d.case_key
         FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::TEXT[], $5::TEXT[]) AS d (account, kind, key, case_key)
         JOIN shelf s ON s.seller = $1 AND s.account = d.account AND s.kind = d.kind
         ON CONFLICT (seller, shelf, key) DO UPDATE SET case_key = excluded.case_key";
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(&statement, &[&seller.0, &accounts, &kinds, &keys, &cases]).await?;
    Ok(())
}

async fn write_cases(
    tx: &Transaction<'_>,
    seller: SellerId,
    settlement: &Settlement,
    plan: &Plan,
    slots: &[String],
) -> std::result::Result<(), tokio_postgres::Error> {
    let text =
        |of: fn(&SettledCase) -> &String| settlement.cases.iter().map(of).collect::<Vec<&String>>();
    let number =
        |of: &dyn Fn(&SettledCase) -> i64| settlement.cases.iter().map(of).collect::<Vec<i64>>();
    let digests: Vec<&[u8]> = settlement.cases.iter().map(|case| case.digest.as_slice()).collect();
    let wakes: Vec<Option<i64>> =
        settlement.cases.iter().map(|case| case.wake_at.map(Timestamp::as_millisecond)).collect();
    let sql = "INSERT INTO order_case (seller, case_key, account, order_no, claim, goods, money, since,
             changed_at, findings, digest, settled_at, wake_at, slot)
         SELECT $1, c.case_key, c.account, c.order_no, c.claim, c.goods, c.money, c.since, c.changed_at,
             c.findings, c.digest, $2, c.wake_at, c.slot
         FROM UNNEST($3::TEXT[], $4::BIGINT[], $5::TEXT[], $6::TEXT[], $7::TEXT[], $8::TEXT[],
             $9::BIGINT[], $10::BIGINT[], $11::BIGINT[], $12::BYTEA[], $13::BIGINT[], $14::TEXT[])
             AS c (case_key, account, order_no, claim, goods, money, since, changed_at, findings, digest,
                   wake_at, slot)
         ON CONFLICT (seller, case_key) DO UPDATE SET claim = excluded.claim, goods = excluded.goods,
             money = excluded.money, since = excluded.since, changed_at = excluded.changed_at,
             findings = excluded.findings, digest = excluded.digest,
             settled_at = excluded.settled_at, wake_at = excluded.wake_at, slot = excluded.slot";
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(
        &statement,
        &[
            &seller.0,
            &settlement.at.as_millisecond(),
            &text(|case| &case.key),
            &number(&|case| case.account.0),
            &text(|case| &case.order),
            &text(|case| &case.claim),
            &text(|case| &case.goods),
            &text(|case| &case.money),
            &number(&|case| case.since.as_millisecond()),
            &number(&|case| case.changed_at.as_millisecond()),
            &number(&|case| plan.open.get(&case.key).copied().unwrap_or(0)),
            &digests,
            &wakes,
            &slots,
        ],
    )
    .await?;
    Ok(())
}

async fn write_findings(
    tx: &Transaction<'_>,
    seller: SellerId,
    plan: &Plan,
) -> std::result::Result<(), tokio_postgres::Error> {
    if !plan.findings.is_empty() {
        let text =
            |of: fn(&FindingRow) -> &String| plan.findings.iter().map(of).collect::<Vec<_>>();
        let number =
            |of: fn(&FindingRow) -> i64| plan.findings.iter().map(of).collect::<Vec<i64>>();
        let closed: Vec<&Option<String>> = plan.findings.iter().map(|row| &row.closed).collect();
        let faults: Vec<&Option<String>> = plan.findings.iter().map(|row| &row.fault).collect();
        let slots: Vec<String> = plan.findings.iter().map(slot).collect();
        let risks: Vec<Option<i64>> = plan.findings.iter().map(|row| row.won_at_risk).collect();
        let sql = "INSERT INTO finding (seller, id, case_key, rule, account, order_no, is_closed, closed,
                 stands, urgency, won_at_risk, body, opened_at, changed_at, fault, slot)
             SELECT $1, f.id, f.case_key, f.rule, f.account, f.order_no,
                 CASE WHEN f.closed IS NULL THEN 0 ELSE 1 END, f.closed, f.stands, f.urgency,
                 f.won_at_risk, f.body, f.opened_at, f.changed_at, f.fault, f.slot
             FROM UNNEST($2::TEXT[], $3::TEXT[], $4::TEXT[], $5::BIGINT[], $6::TEXT[], $7::TEXT[],
                 $8::BIGINT[], $9::BIGINT[], $10::BIGINT[], $11::TEXT[], $12::BIGINT[], $13::BIGINT[],
                 $14::TEXT[], $15::TEXT[])
                 AS f (id, case_key, rule, account, order_no, closed, stands, urgency, won_at_risk, body,
                       opened_at, changed_at, fault, slot)
             ON CONFLICT (seller, id) DO UPDATE SET is_closed = excluded.is_closed,
                 closed = excluded.closed, stands = excluded.stands, urgency = excluded.urgency,
                 won_at_risk = excluded.won_at_risk, body = excluded.body,
                 changed_at = excluded.changed_at, fault = excluded.fault, slot = excluded.slot";
        let statement = tx.prepare_cached(sql).await?;
        tx.execute(
            &statement,
            &[
                &seller.0,
                &text(|row| &row.id),
                &text(|row| &row.case_key),
                &text(|row| &row.rule),
                &number(|row| row.account),
                &text(|row| &row.order_no),
                &closed,
                &number(|row| i64::from(row.stands)),
                &number(|row| row.urgency),
                &risks,
                &text(|row| &row.body),
                &number(|row| row.opened_at),
                &number(|row| row.changed_at),
                &faults,
                &slots,
            ],
        )
        .await?;
        overview::move_findings(tx, seller, &plan.moves).await?;
    }
    if let Some(last) = plan.events.last() {
        let numbers: Vec<i64> = plan.events.iter().map(|row| row.no).collect();
        let ids: Vec<&String> = plan.events.iter().map(|row| &row.id).collect();
        let times: Vec<i64> = plan.events.iter().map(|row| row.at).collect();
        let names: Vec<&str> = plan.events.iter().map(|row| row.event).collect();
        let sql = "INSERT INTO finding_event (seller, no, id, at, event)
             SELECT $1, e.no, e.id, e.at, e.event
             FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::BIGINT[], $5::TEXT[]) AS e (no, id, at, event)";
        let statement = tx.prepare_cached(sql).await?;
        tx.execute(&statement, &[&seller.0, &numbers, &ids, &times, &names]).await?;
        let sql = "UPDATE settled SET events = $2 WHERE seller = $1";
        tx.execute(sql, &[&seller.0, &last.no]).await?;
    }
    Ok(())
}

/// Documents as columns.
struct At<'a> {
    accounts: Vec<i64>,
    kinds: Vec<&'a str>,
    keys: Vec<&'a str>,
}

impl<'a> At<'a> {
    fn of(documents: &'a [DocumentAt]) -> Self {
        Self {
            accounts: documents.iter().map(|document| document.account.0).collect(),
            kinds: documents.iter().map(|document| document.kind.as_str()).collect(),
            keys: documents.iter().map(|document| document.key.as_str()).collect(),
        }
    }
}

fn values(bound: &[Bound]) -> Vec<&(dyn ToSql + Sync)> {
    bound.iter().map(value).collect()
}

fn value(bound: &Bound) -> &(dyn ToSql + Sync) {
    match bound {
        Bound::Number(number) => number,
        Bound::Text(text) => text,
    }
}

fn found(row: &Row) -> Found {
    Found {
        account: AccountId(row.get(0)),
        kind: row.get(1),
        seq: row.get(2),
        first_at: row.get(3),
        shelf: row.get(4),
        no: row.get(5),
        versions: row.get(6),
        dated: row.get::<_, i64>(7) == 1,
    }
}

fn content_row(row: &Row) -> ContentRow {
    let last = Hearing { heard_at: row.get(6), received: row.get(7) };
    ContentRow {
        shelf: row.get(0),
        no: row.get(1),
        seq: row.get(2),
        digest: row.get(3),
        changed_at: row.get(4),
        content: Content { first_at: row.get(5), last },
    }
}

fn document_at(row: &Row, from: usize) -> DocumentAt {
    DocumentAt {
        account: AccountId(row.get(from)),
        kind: row.get(from + 1),
        key: row.get(from + 2),
    }
}

pub(super) fn finding_row(row: &Row) -> FindingRow {
    FindingRow {
        id: row.get(0),
        case_key: row.get(1),
        rule: row.get(2),
        account: row.get(3),
        order_no: row.get(4),
        closed: row.get(5),
        stands: row.get::<_, i64>(6) != 0,
        urgency: row.get(7),
        won_at_risk: row.get(8),
        body: row.get(9),
        opened_at: row.get(10),
        changed_at: row.get(11),
        fault: row.get(12),
        beside: beside_of(&row.get::<_, String>(13)),
    }
}

pub(super) fn case_row(row: &Row) -> CaseRow {
    CaseRow {
        key: row.get(0),
        account: row.get(1),
        order: row.get(2),
        claim: row.get(3),
        goods: row.get(4),
        money: row.get(5),
        since: row.get(6),
        changed_at: row.get(7),
        findings: row.get(8),
        digest: row.get(9),
        settled_at: row.get(10),
        wake_at: row.get(11),
        slot: row.get(12),
    }
}
