//! Cases and findings: many small statements within one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use hoesu_claims::{AccountId, SellerId};
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params, params_from_iter};

use super::{Sqlite, overview};
use crate::Result;
use crate::cases::{
    CaseQuery, Change, CloseOutcome, Closing, DocumentAt, FindingQuery, Settled, Settlement,
};
use crate::keys::SellerKeys;
use crate::plan::{Content, Hearing};
use crate::store::ShelfNo;
use crate::store::cases::{
    self, Bound, CaseRow, Cases, ContentRow, FindingRow, Found, HappenedRow, Listing, Plan, REASON,
};
use crate::store::overview::{beside_of, case_slot, slot};

pub(super) const FINDING: &str =
    "id, case_key, rule, account, order_no, closed, stands, urgency, won_at_risk, body,
     opened_at, changed_at, fault, slot";

pub(super) const CASE: &str =
    "case_key, account, order_no, claim, goods, money, since, changed_at, findings, digest,
     settled_at, wake_at, slot";

impl ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Number(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Text(text) => text.to_sql()?,
        })
    }
}

#[async_trait]
impl Cases for Sqlite {
    async fn settled(&self, seller: SellerId) -> Result<Settled> {
        self.read("reading what is settled", |connection| settled(connection, seller))
    }

    async fn changes_after(&self, seller: SellerId, seq: i64, limit: usize) -> Result<Vec<Change>> {
        self.scan("reading changes", move |connection| {
            connection
                .prepare_cached(
                    "SELECT v.seq, s.account, s.kind, v.key FROM version v
                     JOIN shelf s ON s.seller = v.seller AND s.shelf = v.shelf
                     WHERE v.seller = ?1 AND v.seq > ?2 ORDER BY v.seq LIMIT ?3",
                )?
                .query_map(params![seller.0, seq, limit as i64], |row| {
                    Ok(Change { seq: row.get(0)?, document: document_at(row, 1)? })
                })?
                .collect()
        })
        .await
    }

    async fn told_by(&self, seller: SellerId, terms: Vec<(i64, String)>) -> Result<Vec<Found>> {
        self.scan_at_once("looking up documents", move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT s.account, s.kind, d.seq, d.first_at, d.shelf, d.no, d.versions, d.dated FROM term t
                 JOIN document d ON d.seller = t.seller AND d.shelf = t.shelf AND d.no = t.no
                 JOIN shelf s ON s.seller = t.seller AND s.shelf = t.shelf
                 WHERE t.seller = ?1 AND t.term = ?2 AND t.value = ?3",
            )?;
            let mut all = Vec::new();
            for (term, value) in &terms {
                for found in statement.query_map(params![seller.0, term, value], found)? {
                    all.push(found?);
                }
            }
            Ok(all)
        })
        .await
    }

    async fn current_of(&self, seller: SellerId, at: Vec<DocumentAt>) -> Result<Vec<Found>> {
        self.scan_at_once("looking up documents", move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT s.account, s.kind, d.seq, d.first_at, d.shelf, d.no, d.versions, d.dated FROM shelf s
                 JOIN document d ON d.seller = s.seller AND d.shelf = s.shelf AND d.key = ?4
                 WHERE s.seller = ?1 AND s.account = ?2 AND s.kind = ?3",
            )?;
            let mut all = Vec::new();
            for DocumentAt { account, kind, key } in &at {
                let values = params![seller.0, account.0, kind, key];
                all.extend(statement.query_row(values, found).optional()?);
            }
            Ok(all)
        })
        .await
    }

    async fn contents(&self, seller: SellerId, of: Vec<(i64, i64)>) -> Result<Vec<ContentRow>> {
        self.scan_at_once("reading what documents said before", move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT shelf, no, seq, digest, changed_at, first_at, last_at, received FROM version
                 WHERE seller = ?1 AND shelf = ?2 AND no = ?3 ORDER BY version",
            )?;
            let mut all = Vec::new();
            for (shelf, no) in &of {
                for row in statement.query_map(params![seller.0, shelf, no], content_row)? {
                    all.push(row?);
                }
            }
            Ok(all)
        })
        .await
    }

    async fn cases_of(&self, seller: SellerId, at: Vec<DocumentAt>) -> Result<Vec<String>> {
        self.scan_at_once("looking up cases", move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT c.case_key FROM shelf s
                 JOIN case_document c ON c.seller = s.seller AND c.shelf = s.shelf AND c.key = ?4
                 WHERE s.seller = ?1 AND s.account = ?2 AND s.kind = ?3",
            )?;
            let mut all = Vec::new();
            for DocumentAt { account, kind, key } in &at {
                let values = params![seller.0, account.0, kind, key];
                all.extend(statement.query_row(values, |row| row.get(0)).optional()?);
            }
            all.sort();
            all.dedup();
            Ok(all)
        })
        .await
    }

    async fn documents_of(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<DocumentAt>> {
        self.scan_at_once("looking up the documents of cases", move |connection| {
            each(
                connection,
                "SELECT s.account, s.kind, c.key FROM case_document c
                 JOIN shelf s ON s.seller = c.seller AND s.shelf = c.shelf
                 WHERE c.seller = ?1 AND c.case_key = ?2",
                seller,
                &cases,
                |row| document_at(row, 0),
            )
        })
        .await
    }

    async fn due_cases(&self, seller: SellerId, now: i64, limit: usize) -> Result<Vec<String>> {
        self.scan("looking for due cases", move |connection| {
            connection
                .prepare_cached(
                    "SELECT case_key FROM order_case WHERE seller = ?1 AND wake_at <= ?2
                     ORDER BY wake_at LIMIT ?3",
                )?
                .query_map(params![seller.0, now, limit as i64], |row| row.get(0))?
                .collect()
        })
        .await
    }

    async fn behind(&self, now: i64, noted: i64) -> Result<Vec<SellerId>> {
        self.read("looking for what is not settled", |connection| {
            connection
                .prepare_cached(
                    "SELECT s.seller FROM seller s LEFT JOIN settled d ON d.seller = s.seller
                     WHERE s.seq > coalesce(d.seq, 0) OR d.latest_at > ?2 OR EXISTS
                     (SELECT 1 FROM order_case c WHERE c.seller = s.seller AND c.wake_at <= ?1)
                     ORDER BY s.seller",
                )?
                .query_map([now, noted], |row| row.get(0).map(SellerId))?
                .collect()
        })
    }

    async fn wake_settled_after(&self, seller: SellerId, now: i64, noted: i64) -> Result<()> {
        let known = self.read("reading when cases were settled", |connection| {
            connection
                .prepare_cached("SELECT 1 FROM settled WHERE seller = ?1 AND latest_at > ?2")?
                .exists([seller.0, noted])
        })?;
        if !known {
            return Ok(());
        }
        self.writer
            .write("waking cases that were settled early", move |tx| {
                wake(tx, seller, "settled_at > ?2", [seller.0, noted])?;
                tx.execute("UPDATE settled SET latest_at = ?2 WHERE seller = ?1", [seller.0, now])
                    .map(drop)
            })
            .await
    }

    async fn next_wake(&self) -> Result<Option<i64>> {
        self.read("looking for the next due case", |connection| {
            connection
                .prepare_cached(
                    "SELECT min((SELECT min(c.wake_at) FROM order_case c WHERE c.seller = s.seller))
                     FROM seller s",
                )?
                .query_row([], |row| row.get(0))
        })
    }

    async fn settle(&self, seller: SellerId, settlement: Arc<Settlement>) -> Result<bool> {
        self.writer.write("settling", move |tx| settle(tx, seller, &settlement)).await
    }

    async fn forget_cases(&self, seller: SellerId) -> Result<()> {
        self.writer
            .write("forgetting cases", move |tx| {
                tx.execute("DELETE FROM case_document WHERE seller = ?1", [seller.0])?;
                tx.execute("DELETE FROM order_case WHERE seller = ?1", [seller.0])?;
                tx.execute("DELETE FROM case_tally WHERE seller = ?1", [seller.0])?;
                tx.execute(
                    "UPDATE settled SET seq = 0, turn = turn + 1 WHERE seller = ?1",
                    [seller.0],
                )?;
                Ok(())
            })
            .await
    }

    async fn close_orphans(&self, seller: SellerId, at: i64) -> Result<u64> {
        self.writer
            .write("closing findings of cases that are no more", move |tx| {
                let sql = format!(
                    "SELECT {FINDING} FROM finding f WHERE seller = ?1 AND stands = 1 AND NOT EXISTS
                     (SELECT 1 FROM order_case c WHERE c.seller = f.seller AND c.case_key = f.case_key)"
                );
                let rows: Vec<FindingRow> = tx
                    .prepare_cached(&sql)?
                    .query_map([seller.0], finding_row)?
                    .collect::<rusqlite::Result<_>>()?;
                let orphans = rows.len() as u64;
                let was = settled(tx, seller)?;
                let none = Settlement {
                    was,
                    seq: was.seq,
                    at: crate::store::instant(at),
                    cases: Vec::new(),
                    gone: Vec::new(),
                };
                let plan = cases::plan(&none, rows, events(tx, seller)?).map_err(unreadable)?;
                write_findings(tx, seller, &plan)?;
                Ok(orphans)
            })
            .await
    }

    async fn close(
        &self,
        seller: SellerId,
        closing: Closing,
        keys: Arc<SellerKeys>,
    ) -> Result<CloseOutcome> {
        self.writer.write("closing a finding", move |tx| close(tx, seller, &closing, &keys)).await
    }

    async fn findings(&self, seller: SellerId, query: FindingQuery) -> Result<Vec<FindingRow>> {
        let Listing { sql, bound } = cases::list_findings('?', seller, query);
        let sql = format!("SELECT {FINDING} FROM finding WHERE seller = ?1{sql}");
        self.scan("listing findings", move |connection| {
            connection
                .prepare_cached(&sql)?
                .query_map(params_from_iter(bound), finding_row)?
                .collect()
        })
        .await
    }

    async fn finding(&self, seller: SellerId, id: &str) -> Result<Option<FindingRow>> {
        self.read("reading a finding", |connection| finding(connection, seller, id))
    }

    async fn happened(&self, seller: SellerId, id: &str) -> Result<Vec<HappenedRow>> {
        self.read("reading a finding's history", |connection| {
            connection
                .prepare_cached(
                    "SELECT no, at, event, actor, reason FROM finding_event
                     WHERE seller = ?1 AND id = ?2 ORDER BY no",
                )?
                .query_map(params![seller.0, id], |row| {
                    Ok(HappenedRow {
                        no: row.get(0)?,
                        at: row.get(1)?,
                        event: row.get(2)?,
                        actor: row.get(3)?,
                        reason: row.get(4)?,
                    })
                })?
                .collect()
        })
    }

    async fn cases(&self, seller: SellerId, query: CaseQuery) -> Result<Vec<CaseRow>> {
        let Listing { sql, bound } = cases::list_cases('?', seller, query);
        let sql = format!("SELECT {CASE} FROM order_case WHERE seller = ?1{sql}");
        self.scan("listing cases", move |connection| {
            connection.prepare_cached(&sql)?.query_map(params_from_iter(bound), case_row)?.collect()
        })
        .await
    }

    async fn cases_at(&self, seller: SellerId, keys: Vec<String>) -> Result<Vec<CaseRow>> {
        let sql = format!("SELECT {CASE} FROM order_case WHERE seller = ?1 AND case_key = ?2");
        self.scan_at_once("reading cases", move |connection| {
            each(connection, &sql, seller, &keys, case_row)
        })
        .await
    }

    async fn standing(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<FindingRow>> {
        let sql = format!(
            "SELECT {FINDING} FROM finding WHERE seller = ?1 AND case_key = ?2 AND stands = 1"
        );
        self.scan_at_once("reading findings of cases", move |connection| {
            each(connection, &sql, seller, &cases, finding_row)
        })
        .await
    }
}

/// The case a document is in is looked at again.
pub(super) fn wake_document(tx: &Connection, at: ShelfNo, key: &str) -> rusqlite::Result<()> {
    let case = "case_key = (SELECT case_key FROM case_document
         WHERE seller = ?1 AND shelf = ?2 AND key = ?3)";
    wake(tx, at.seller, case, params![at.seller.0, at.shelf, key])
}

/// The cases that meet a condition are looked at again. Whoever is settling right now works on what
/// was before.
pub(super) fn wake(
    tx: &Connection,
    seller: SellerId,
    condition: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "UPDATE order_case SET wake_at = 0 WHERE seller = ?1 AND {condition}"
    ))?
    .execute(values)?;
    tx.prepare_cached("UPDATE settled SET turn = turn + 1 WHERE seller = ?1")?
        .execute([seller.0])?;
    Ok(())
}

/// All rows of a statement, run once for each text.
pub(super) fn each<T>(
    connection: &Connection,
    sql: &str,
    seller: SellerId,
    texts: &[String],
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut all = Vec::new();
    for text in texts {
        for one in statement.query_map(params![seller.0, text], &read)? {
            all.push(one?);
        }
    }
    Ok(all)
}

fn settled(connection: &Connection, seller: SellerId) -> rusqlite::Result<Settled> {
    let known = connection
        .prepare_cached("SELECT seq, turn FROM settled WHERE seller = ?1")?
        .query_row([seller.0], |row| {
            Ok(Settled { seq: row.get(0)?, turn: row.get(1)?, history: 0 })
        })
        .optional()?;
    Ok(known.unwrap_or_default())
}

/// The last number of the findings' history.
fn events(connection: &Connection, seller: SellerId) -> rusqlite::Result<i64> {
    let known = connection
        .prepare_cached("SELECT events FROM settled WHERE seller = ?1")?
        .query_row([seller.0], |row| row.get(0))
        .optional()?;
    Ok(known.unwrap_or(0))
}

fn settle(tx: &Connection, seller: SellerId, settlement: &Settlement) -> rusqlite::Result<bool> {
    if settled(tx, seller)? != settlement.was {
        return Ok(false);
    }
    tx.prepare_cached(
        "INSERT INTO settled (seller, seq, turn, events, latest_at) VALUES (?1, ?2, 1, 0, ?3)
         ON CONFLICT (seller) DO UPDATE SET seq = excluded.seq, turn = turn + 1,
         latest_at = max(latest_at, excluded.latest_at)",
    )?
    .execute(params![seller.0, settlement.seq, settlement.at.as_millisecond()])?;
    let touched = settlement.cases.iter().map(|case| &case.key).chain(&settlement.gone);
    let touched: Vec<String> = touched.cloned().collect();
    let sql = format!("SELECT {FINDING} FROM finding WHERE seller = ?1 AND case_key = ?2");
    let known = each(tx, &sql, seller, &touched, finding_row)?;
    let plan = cases::plan(settlement, known, events(tx, seller)?).map_err(unreadable)?;
    write_findings(tx, seller, &plan)?;
    let mut out =
        tx.prepare_cached("DELETE FROM case_document WHERE seller = ?1 AND case_key = ?2")?;
    for case in &touched {
        out.execute(params![seller.0, case])?;
    }
    let mut moved = overview::slots(tx, seller, &touched)?;
    let mut gone =
        tx.prepare_cached("DELETE FROM order_case WHERE seller = ?1 AND case_key = ?2")?;
    for case in &settlement.gone {
        gone.execute(params![seller.0, case])?;
    }
    write_cases(tx, seller, settlement, &plan, &mut moved)?;
    overview::move_cases(tx, seller, &moved)?;
    Ok(true)
}

fn write_cases(
    tx: &Connection,
    seller: SellerId,
    settlement: &Settlement,
    plan: &Plan,
    moved: &mut BTreeMap<String, i64>,
) -> rusqlite::Result<()> {
    let mut put = tx.prepare_cached(
        "INSERT INTO order_case (seller, case_key, account, order_no, claim, goods, money, since,
             changed_at, findings, digest, settled_at, wake_at, slot)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (seller, case_key) DO UPDATE SET claim = excluded.claim, goods = excluded.goods,
             money = excluded.money, since = excluded.since, changed_at = excluded.changed_at,
             findings = excluded.findings, digest = excluded.digest,
             settled_at = excluded.settled_at, wake_at = excluded.wake_at, slot = excluded.slot",
    )?;
    let mut within = tx.prepare_cached(
        "INSERT INTO case_document (seller, shelf, key, case_key)
         SELECT ?1, shelf, ?4, ?5 FROM shelf WHERE seller = ?1 AND account = ?2 AND kind = ?3
         ON CONFLICT (seller, shelf, key) DO UPDATE SET case_key = excluded.case_key",
    )?;
    for case in &settlement.cases {
        let open = plan.open.get(&case.key).copied().unwrap_or(0);
        let slot = case_slot(case, open);
        put.execute(params![
            seller.0,
            case.key,
            case.account.0,
            case.order,
            case.claim,
            case.goods,
            case.money,
            case.since.as_millisecond(),
            case.changed_at.as_millisecond(),
            open,
            case.digest,
            settlement.at.as_millisecond(),
            case.wake_at.map(jiff::Timestamp::as_millisecond),
            slot,
        ])?;
        *moved.entry(slot).or_default() += 1;
        for DocumentAt { account, kind, key } in &case.documents {
            within.execute(params![seller.0, account.0, kind, key, case.key])?;
        }
    }
    Ok(())
}

fn write_findings(tx: &Connection, seller: SellerId, plan: &Plan) -> rusqlite::Result<()> {
    let mut put = tx.prepare_cached(
        "INSERT INTO finding (seller, id, case_key, rule, account, order_no, is_closed, closed, stands,
             urgency, won_at_risk, body, opened_at, changed_at, fault, slot)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (seller, id) DO UPDATE SET is_closed = excluded.is_closed,
             closed = excluded.closed, stands = excluded.stands, urgency = excluded.urgency,
             won_at_risk = excluded.won_at_risk, body = excluded.body,
             changed_at = excluded.changed_at, fault = excluded.fault, slot = excluded.slot",
    )?;
    for row in &plan.findings {
        put.execute(params![
            seller.0,
            row.id,
            row.case_key,
            row.rule,
            row.account,
            row.order_no,
            row.closed.is_some(),
            row.closed,
            row.stands,
            row.urgency,
            row.won_at_risk,
            row.body,
            row.opened_at,
            row.changed_at,
            row.fault,
            slot(row)
        ])?;
    }
    overview::move_findings(tx, seller, &plan.moves)?;
    let mut note = tx.prepare_cached(
        "INSERT INTO finding_event (seller, no, id, at, event) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for row in &plan.events {
        note.execute(params![seller.0, row.no, row.id, row.at, row.event])?;
    }
    if let Some(last) = plan.events.last() {
        tx.prepare_cached("UPDATE settled SET events = ?2 WHERE seller = ?1")?
            .execute(params![seller.0, last.no])?;
    }
    Ok(())
}

fn close(
    tx: &Connection,
    seller: SellerId,
    closing: &Closing,
    keys: &SellerKeys,
) -> rusqlite::Result<CloseOutcome> {
    let Some(row) = finding(tx, seller, &closing.id)? else { return Ok(CloseOutcome::Unknown) };
    let at = closing.at.as_millisecond();
    let (row, event, moves) = match cases::close(&row, closing.force, at).map_err(unreadable)? {
        Ok(done) => done,
        Err(outcome) => return Ok(outcome),
    };
    let no = events(tx, seller)? + 1;
    tx.prepare_cached(
        "UPDATE finding SET is_closed = 1, closed = ?3, changed_at = ?4, slot = ?5
         WHERE seller = ?1 AND id = ?2",
    )?
    .execute(params![seller.0, row.id, row.closed, at, slot(&row)])?;
    overview::move_findings(tx, seller, &moves)?;
    tx.prepare_cached(
        "UPDATE order_case SET findings = findings - 1 WHERE seller = ?1 AND case_key = ?2",
    )?
    .execute(params![seller.0, row.case_key])?;
    overview::calm(tx, seller, &row.case_key)?;
    tx.prepare_cached(
        "INSERT INTO finding_event (seller, no, id, at, event, actor, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        seller.0,
        no,
        row.id,
        at,
        event.name(),
        closing.actor,
        keys.seal(REASON, no, closing.reason.as_bytes())
    ])?;
    // What others of the case tell of the same money counts now.
    tx.prepare_cached("UPDATE order_case SET wake_at = 0 WHERE seller = ?1 AND case_key = ?2")?
        .execute(params![seller.0, row.case_key])?;
    // Whoever is settling right now works on findings as they were.
    tx.prepare_cached("UPDATE settled SET events = ?2, turn = turn + 1 WHERE seller = ?1")?
        .execute(params![seller.0, no])?;
    Ok(CloseOutcome::Closed)
}

fn finding(
    connection: &Connection,
    seller: SellerId,
    id: &str,
) -> rusqlite::Result<Option<FindingRow>> {
    connection
        .prepare_cached(&format!("SELECT {FINDING} FROM finding WHERE seller = ?1 AND id = ?2"))?
        .query_row(params![seller.0, id], finding_row)
        .optional()
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found {
        account: AccountId(row.get(0)?),
        kind: row.get(1)?,
        seq: row.get(2)?,
        first_at: row.get(3)?,
        shelf: row.get(4)?,
        no: row.get(5)?,
        versions: row.get(6)?,
        dated: row.get(7)?,
    })
}

fn content_row(row: &Row<'_>) -> rusqlite::Result<ContentRow> {
    let last = Hearing { heard_at: row.get(6)?, received: row.get(7)? };
    Ok(ContentRow {
        shelf: row.get(0)?,
        no: row.get(1)?,
        seq: row.get(2)?,
        digest: row.get(3)?,
        changed_at: row.get(4)?,
        content: Content { first_at: row.get(5)?, last },
    })
}

fn document_at(row: &Row<'_>, from: usize) -> rusqlite::Result<DocumentAt> {
    Ok(DocumentAt {
        account: AccountId(row.get(from)?),
        kind: row.get(from + 1)?,
        key: row.get(from + 2)?,
    })
}

pub(super) fn finding_row(row: &Row<'_>) -> rusqlite::Result<FindingRow> {
    Ok(FindingRow {
        id: row.get(0)?,
        case_key: row.get(1)?,
        rule: row.get(2)?,
        account: row.get(3)?,
        order_no: row.get(4)?,
        closed: row.get(5)?,
        stands: row.get(6)?,
        urgency: row.get(7)?,
        won_at_risk: row.get(8)?,
        body: row.get(9)?,
        opened_at: row.get(10)?,
        changed_at: row.get(11)?,
        fault: row.get(12)?,
        beside: beside_of(&row.get::<_, String>(13)?),
    })
}

pub(super) fn case_row(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    Ok(CaseRow {
        key: row.get(0)?,
        account: row.get(1)?,
        order: row.get(2)?,
        claim: row.get(3)?,
        goods: row.get(4)?,
        money: row.get(5)?,
        since: row.get(6)?,
        changed_at: row.get(7)?,
        findings: row.get(8)?,
        digest: row.get(9)?,
        settled_at: row.get(10)?,
        wake_at: row.get(11)?,
        slot: row.get(12)?,
    })
}

fn unreadable(error: crate::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

#[cfg(test)]
mod tests {
    use hoesu_claims::Rule;

    use super::*;
    use crate::cases::{CasePlace, FindingPlace};

    /// How SQLite goes about a list: one line a step.
    fn steps(table: &str, Listing { sql, bound }: Listing) -> Vec<String> {
        let mut connection = Connection::open_in_memory().unwrap();
        super::super::embedded::migrations::runner().run(&mut connection).unwrap();
        super::super::prepare(&connection, std::time::Duration::ZERO).unwrap();
        let sql = format!("EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE seller = ?1{sql}");
        let mut plan = connection.prepare(&sql).unwrap();
        let steps = plan.query_map(params_from_iter(bound), |row| row.get(3)).unwrap();
        steps.collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn every_list_is_read_in_the_order_it_is_shown_from_where_its_page_begins() {
        let some = |bits: u32, bit: u32| bits & (1 << bit) != 0;
        for bits in 0..32 {
            let place = FindingPlace { is_closed: false, urgency: 7, id: "x".to_owned() };
            let query = FindingQuery {
                rule: some(bits, 0).then_some(Rule::RefundDue),
                order: some(bits, 1).then(|| "500".to_owned()),
                account: some(bits, 2).then_some(AccountId(1)),
                open: some(bits, 3).then_some(true),
                after: some(bits, 4).then_some(place),
                limit: 50,
            };
            let steps = steps("finding", cases::list_findings('?', SellerId(1), query.clone()));
            assert_eq!(steps.len(), 1, "nothing is sorted: {query:?} {steps:?}");
            assert!(steps[0].contains("USING INDEX"), "{query:?} {steps:?}");
            let narrows = bits == 0 || !steps[0].ends_with("(seller=?)");
            assert!(narrows, "{query:?} {steps:?}");
        }
        for bits in 0..8 {
            let query = CaseQuery {
                order: some(bits, 0).then(|| "500".to_owned()),
                account: some(bits, 1).then_some(AccountId(1)),
                after: some(bits, 2).then(|| CasePlace { changed_at: 7, key: "x".to_owned() }),
                limit: 50,
            };
            let steps = steps("order_case", cases::list_cases('?', SellerId(1), query.clone()));
            assert_eq!(steps.len(), 1, "nothing is sorted: {query:?} {steps:?}");
            let narrows = bits == 0 || !steps[0].ends_with("(seller=?)");
            assert!(narrows, "{query:?} {steps:?}");
        }
    }

    #[test]
    fn the_findings_of_a_case_and_the_history_of_a_finding_are_looked_up() {
        let of = |sql: &str| Listing {
            sql: sql.to_owned(),
            bound: vec![Bound::Number(1), Bound::Text("x".to_owned())],
        };
        let findings = steps("finding", of(" AND case_key = ?2"));
        assert!(findings[0].contains("(seller=? AND case_key=?)"), "{findings:?}");
        let history = steps("finding_event", of(" AND id = ?2 ORDER BY no"));
        assert!(history[0].contains("(seller=? AND id=?)"), "{history:?}");
        assert_eq!(history.len(), 1, "{history:?}");
    }
}
