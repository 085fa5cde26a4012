//! A settlement, and a finding that a person closes, as they are written.

use std::sync::Arc;

use hoesu_claims::SellerId;
use jiff::Timestamp;

use super::lists::{finding, findings_of, of_each};
use super::plan::{self, Plan};
use super::{FINDING, FindingRow, REASON};
use crate::Result;
use crate::cases::{CloseOutcome, Closing, DocumentAt, Settled, Settlement};
use crate::database::{Tx, values};
use crate::keys::SellerKeys;
use crate::store::instant;
use crate::store::overview::{case_slot, slot};
use crate::store::tallies;
use crate::store::wake::wake;

/// Keeps a settlement; false if somebody settled since.
pub(crate) async fn settle(
    tx: &mut Tx<'_>,
    seller: SellerId,
    settlement: Settlement,
) -> Result<bool> {
    let Settled { seq, turn, .. } = settlement.was;
    // The first settlement makes the row; of two that try, the second waits for it.
    let sql = "INSERT INTO settled (seller, seq, turn, events, latest_at) VALUES (?1, 0, 0, 0, 0)
         ON CONFLICT (seller) DO NOTHING";
    tx.run(sql, &values![seller]).await?;
    let sql = "UPDATE settled SET seq = ?2, turn = turn + 1,
         latest_at = CASE WHEN latest_at < ?5 THEN ?5 ELSE latest_at END
         WHERE seller = ?1 AND seq = ?3 AND turn = ?4 RETURNING events";
    let at = settlement.at.as_millisecond();
    let mine = tx.row(sql, &values![seller, settlement.seq, seq, turn, at]).await?;
    let Some(events) = mine else { return Ok(false) };
    let touched = settlement.cases.iter().map(|case| &case.key).chain(&settlement.gone);
    let touched: Vec<String> = touched.cloned().collect();
    let known = findings_of(tx, seller, touched.clone()).await?;
    let plan = plan::plan(&settlement, known, events)?;
    write_findings(tx, seller, &plan).await?;
    let sql = "DELETE FROM case_document WHERE seller = ?1 AND case_key = ?2";
    tx.each(sql, &of_each(seller, &touched)).await?;
    let mut moved = tallies::slots(tx, seller, &touched).await?;
    let sql = "DELETE FROM order_case WHERE seller = ?1 AND case_key = ?2";
    tx.each(sql, &of_each(seller, &settlement.gone)).await?;
    let open = |key| plan.open.get(key).copied().unwrap_or(0);
    let slots: Vec<String> =
        settlement.cases.iter().map(|case| case_slot(case, open(&case.key))).collect();
    for slot in &slots {
        *moved.entry(slot.clone()).or_default() += 1;
    }
    write_cases(tx, seller, &settlement, &plan, &slots).await?;
    tallies::move_cases(tx, seller, &moved).await?;
    Ok(true)
}

async fn write_cases(
    tx: &mut Tx<'_>,
    seller: SellerId,
    settlement: &Settlement,
    plan: &Plan,
    slots: &[String],
) -> Result<()> {
    let settled_at = settlement.at.as_millisecond();
    let cases = settlement.cases.iter().zip(slots).map(|(case, slot)| {
        values![
            seller,
            &case.key,
            case.account,
            &case.order,
            &case.claim,
            &case.goods,
            &case.money,
            case.since.as_millisecond(),
            case.changed_at.as_millisecond(),
            plan.open.get(&case.key).copied().unwrap_or(0),
            &case.digest,
            settled_at,
            case.wake_at.map(Timestamp::as_millisecond),
            slot,
        ]
    });
    let sql = "INSERT INTO order_case (seller, case_key, account, order_no, claim, goods, money, since,
             changed_at, findings, digest, settled_at, wake_at, slot)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (seller, case_key) DO UPDATE SET claim = excluded.claim, goods = excluded.goods,
             money = excluded.money, since = excluded.since, changed_at = excluded.changed_at,
             findings = excluded.findings, digest = excluded.digest,
             settled_at = excluded.settled_at, wake_at = excluded.wake_at, slot = excluded.slot";
    tx.each(sql, &cases.collect::<Vec<_>>()).await?;
    let documents = settlement.cases.iter().flat_map(|case| {
        case.documents.iter().map(move |DocumentAt { account, kind, key }| {
            values![seller, *account, kind, key, &case.key]
        })
    });
    let sql = "INSERT INTO case_document (seller, shelf, key, case_key)
         SELECT seller, shelf, ?4, ?5 FROM shelf WHERE seller = ?1 AND account = ?2 AND kind = ?3
         ON CONFLICT (seller, shelf, key) DO UPDATE SET case_key = excluded.case_key";
    tx.each(sql, &documents.collect::<Vec<_>>()).await.map(drop)
}

async fn write_findings(tx: &mut Tx<'_>, seller: SellerId, plan: &Plan) -> Result<()> {
    let findings = plan.findings.iter().map(|row| {
        values![
            seller,
            &row.id,
            &row.case_key,
            &row.rule,
            row.account,
            &row.order_no,
            row.closed.is_some(),
            row.closed.as_deref(),
            row.stands,
            row.urgency,
            row.won_at_risk,
            &row.body,
            row.opened_at,
            row.changed_at,
            row.fault.as_deref(),
            slot(row),
        ]
    });
    let sql =
        "INSERT INTO finding (seller, id, case_key, rule, account, order_no, is_closed, closed,
             stands, urgency, won_at_risk, body, opened_at, changed_at, fault, slot)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (seller, id) DO UPDATE SET is_closed = excluded.is_closed,
             closed = excluded.closed, stands = excluded.stands, urgency = excluded.urgency,
             won_at_risk = excluded.won_at_risk, body = excluded.body,
             changed_at = excluded.changed_at, fault = excluded.fault, slot = excluded.slot";
    tx.each(sql, &findings.collect::<Vec<_>>()).await?;
    tallies::move_findings(tx, seller, &plan.moves).await?;
    let events = plan.events.iter();
    let events = events.map(|row| values![seller, row.no, &row.id, row.at, row.event]);
    let sql = "INSERT INTO finding_event (seller, no, id, at, event) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.each(sql, &events.collect::<Vec<_>>()).await?;
    if let Some(last) = plan.events.last() {
        let sql = "UPDATE settled SET events = ?2 WHERE seller = ?1";
        tx.run(sql, &values![seller, last.no]).await?;
    }
    Ok(())
}

/// Lets cases that were settled after `noted` be looked at again.
pub(crate) async fn wake_settled_after(
    tx: &mut Tx<'_>,
    seller: SellerId,
    now: i64,
    noted: i64,
) -> Result<()> {
    // The row first: who settles now has it, or waits for us.
    let sql = "UPDATE settled SET latest_at = ?2 WHERE seller = ?1";
    tx.run(sql, &values![seller, now]).await?;
    wake(tx, seller, "settled_at > ?2", &[values![seller, noted]]).await
}

/// Whether anything was settled after `noted`.
pub(crate) async fn is_settled_after(
    tx: &mut Tx<'_>,
    seller: SellerId,
    noted: i64,
) -> Result<bool> {
    let sql = "SELECT latest_at FROM settled WHERE seller = ?1 AND latest_at > ?2";
    Ok(tx.row::<i64>(sql, &values![seller, noted]).await?.is_some())
}

/// Throws away which cases there are and what is settled; findings and their history stay.
pub(crate) async fn forget_cases(tx: &mut Tx<'_>, seller: SellerId) -> Result<()> {
    for sql in [
        "UPDATE settled SET seq = 0, turn = turn + 1 WHERE seller = ?1",
        "DELETE FROM case_document WHERE seller = ?1",
        "DELETE FROM order_case WHERE seller = ?1",
        "DELETE FROM case_tally WHERE seller = ?1",
    ] {
        tx.run(sql, &values![seller]).await?;
    }
    Ok(())
}

/// Takes the seller's turn to settle; what is settled, and the last number of the findings' history.
async fn lock(tx: &mut Tx<'_>, seller: SellerId) -> Result<Option<(Settled, i64)>> {
    let sql = format!("SELECT seq, turn, events FROM settled WHERE seller = ?1{}", tx.for_update());
    let row = tx.row(&sql, &values![seller]).await?;
    Ok(row.map(|(seq, turn, events)| (Settled { seq, turn, history: 0 }, events)))
}

/// Closes open findings of cases that are no more; answers how many.
pub(crate) async fn close_orphans(tx: &mut Tx<'_>, seller: SellerId, at: i64) -> Result<u64> {
    let Some((was, events)) = lock(tx, seller).await? else { return Ok(0) };
    let sql = format!(
        "SELECT {FINDING} FROM finding f WHERE seller = ?1 AND stands = 1 AND NOT EXISTS
         (SELECT 1 FROM order_case c WHERE c.seller = f.seller AND c.case_key = f.case_key)"
    );
    let rows: Vec<FindingRow> = tx.rows(&sql, &values![seller]).await?;
    let orphans = rows.len() as u64;
    let none =
        Settlement { was, seq: was.seq, at: instant(at), cases: Vec::new(), gone: Vec::new() };
    let plan = plan::plan(&none, rows, events)?;
    write_findings(tx, seller, &plan).await?;
    Ok(orphans)
}

/// A person closes a finding. The reason is sealed.
pub(crate) async fn close(
    tx: &mut Tx<'_>,
    seller: SellerId,
    closing: Closing,
    keys: Arc<SellerKeys>,
) -> Result<CloseOutcome> {
    let Some((_, events)) = lock(tx, seller).await? else { return Ok(CloseOutcome::Unknown) };
    let Some(row) = finding(tx, seller, closing.id.clone()).await? else {
        return Ok(CloseOutcome::Unknown);
    };
    let at = closing.at.as_millisecond();
    let (row, event, moves) = match plan::close(&row, closing.force, at)? {
        Ok(done) => done,
        Err(outcome) => return Ok(outcome),
    };
    let no = events + 1;
    // Whoever is settling right now works on findings as they were.
    let sql = "UPDATE settled SET events = ?2, turn = turn + 1 WHERE seller = ?1";
    tx.run(sql, &values![seller, no]).await?;
    let sql = "UPDATE finding SET is_closed = 1, closed = ?3, changed_at = ?4, slot = ?5
         WHERE seller = ?1 AND id = ?2";
    tx.run(sql, &values![seller, &row.id, row.closed.as_deref(), at, slot(&row)]).await?;
    tallies::move_findings(tx, seller, &moves).await?;
    // What others of the case tell of the same money counts now.
    let sql = "UPDATE order_case SET findings = findings - 1, wake_at = 0
         WHERE seller = ?1 AND case_key = ?2";
    tx.run(sql, &values![seller, &row.case_key]).await?;
    tallies::calm(tx, seller, &row.case_key).await?;
    let reason = keys.seal(REASON, no, closing.reason.as_bytes());
    let sql = "INSERT INTO finding_event (seller, no, id, at, event, actor, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = values![seller, no, &row.id, at, event.name(), &closing.actor, reason];
    tx.run(sql, &values).await?;
    Ok(CloseOutcome::Closed)
}
