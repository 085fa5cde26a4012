//! Overviews: tallies kept with what moves them, and pages picked slot by slot.

use std::collections::{BTreeMap, VecDeque};

use async_trait::async_trait;
use hoesu_claims::{Policy, SellerId};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Sqlite;
use super::cases::{CASE, FINDING, case_row, each, finding_row, wake};
use crate::Result;
use crate::store::cases::{CaseRow, FindingRow};
use crate::store::overview::{
    FindingDayRow, FindingTallyRow, MemoRow, Moves, Overview, Picking, calmed,
};
use crate::store::wake as again;

#[async_trait]
impl Overview for Sqlite {
    async fn finding_tallies(&self, seller: SellerId) -> Result<Vec<FindingTallyRow>> {
        self.scan("reading tallies", move |connection| {
            connection
                .prepare_cached(
                    "SELECT t.slot, t.findings, t.won, t.unpriced,
                     (SELECT f.urgency FROM finding f WHERE f.seller = t.seller AND f.slot = t.slot
                      ORDER BY f.urgency LIMIT 1), t.interest
                     FROM finding_tally t WHERE t.seller = ?1 AND t.findings > 0",
                )?
                .query_map([seller.0], |row| {
                    Ok(FindingTallyRow {
                        slot: row.get(0)?,
                        findings: row.get(1)?,
                        won: row.get(2)?,
                        unpriced: row.get(3)?,
                        first: row.get(4)?,
                        interest: row.get(5)?,
                    })
                })?
                .collect()
        })
        .await
    }

    async fn finding_days(&self, seller: SellerId, from: i64) -> Result<Vec<FindingDayRow>> {
        self.scan("reading days", move |connection| {
            connection
                .prepare_cached(
                    "SELECT day, rule, account, opened, closed FROM finding_day
                     WHERE seller = ?1 AND day >= ?2 ORDER BY day",
                )?
                .query_map([seller.0, from], |row| {
                    Ok(FindingDayRow {
                        day: row.get(0)?,
                        rule: row.get(1)?,
                        account: row.get(2)?,
                        opened: row.get(3)?,
                        closed: row.get(4)?,
                    })
                })?
                .collect()
        })
        .await
    }

    async fn case_tallies(&self, seller: SellerId) -> Result<Vec<(String, i64)>> {
        self.scan("reading tallies", move |connection| {
            connection
                .prepare_cached(
                    "SELECT slot, cases FROM case_tally WHERE seller = ?1 AND cases > 0",
                )?
                .query_map([seller.0], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
        .await
    }

    async fn pick_findings(&self, seller: SellerId, pick: Picking) -> Result<Vec<FindingRow>> {
        self.scan_at_once("picking findings", move |connection| {
            let ids = pick_ids(connection, seller, "finding", "id", &pick)?;
            let sql = format!("SELECT {FINDING} FROM finding WHERE seller = ?1 AND id = ?2");
            each(connection, &sql, seller, &ids, finding_row)
        })
        .await
    }

    async fn pick_cases(&self, seller: SellerId, pick: Picking) -> Result<Vec<CaseRow>> {
        self.scan_at_once("picking cases", move |connection| {
            let keys = pick_ids(connection, seller, "order_case", "case_key", &pick)?;
            let sql = format!("SELECT {CASE} FROM order_case WHERE seller = ?1 AND case_key = ?2");
            each(connection, &sql, seller, &keys, case_row)
        })
        .await
    }

    async fn count_findings(&self, seller: SellerId, pick: Picking) -> Result<i64> {
        self.scan_at_once("counting findings", move |connection| {
            count(connection, seller, "finding", "id", &pick)
        })
        .await
    }

    async fn count_cases(&self, seller: SellerId, pick: Picking) -> Result<i64> {
        self.scan_at_once("counting cases", move |connection| {
            count(connection, seller, "order_case", "case_key", &pick)
        })
        .await
    }

    async fn findings_of(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<FindingRow>> {
        let sql = format!("SELECT {FINDING} FROM finding WHERE seller = ?1 AND case_key = ?2");
        self.scan_at_once("reading findings of cases", move |connection| {
            each(connection, &sql, seller, &cases, finding_row)
        })
        .await
    }

    async fn last_memo(&self, seller: SellerId) -> Result<i64> {
        self.read("reading memos", |connection| {
            connection
                .prepare_cached("SELECT coalesce(max(no), 0) FROM memo WHERE seller = ?1")?
                .query_row([seller.0], |row| row.get(0))
        })
    }

    async fn add_memo(&self, seller: SellerId, order: String, row: MemoRow) -> Result<bool> {
        self.writer
            .write("keeping a memo", move |tx| {
                let kept = tx
                    .prepare_cached(
                        "INSERT INTO memo (seller, no, order_no, at, who, body)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (seller, no) DO NOTHING",
                    )?
                    .execute(params![seller.0, row.no, order, row.at, row.who, row.body])?;
                Ok(kept == 1)
            })
            .await
    }

    async fn memos(&self, seller: SellerId, order: &str) -> Result<Vec<MemoRow>> {
        self.read("reading memos", |connection| {
            connection
                .prepare_cached(
                    "SELECT no, at, who, body FROM memo WHERE seller = ?1 AND order_no = ?2
                     ORDER BY no",
                )?
                .query_map(params![seller.0, order], |row| {
                    Ok(MemoRow {
                        no: row.get(0)?,
                        at: row.get(1)?,
                        who: row.get(2)?,
                        body: row.get(3)?,
                    })
                })?
                .collect()
        })
    }

    async fn policy(&self, seller: SellerId) -> Result<Option<Policy>> {
        self.read("reading the policy", |connection| {
            connection
                .prepare_cached(
                    "SELECT goods_after_refund_days, collection_days, appeal_business_hours
                     FROM policy WHERE seller = ?1",
                )?
                .query_row([seller.0], |row| {
                    Ok(Policy {
                        goods_after_refund_days: row.get(0)?,
                        collection_days: row.get(1)?,
                        appeal_business_hours: row.get(2)?,
                    })
                })
                .optional()
        })
    }

    async fn set_policy(&self, seller: SellerId, policy: Policy) -> Result<()> {
        self.writer
            .write("setting the policy", move |tx| {
                tx.prepare_cached(
                    "INSERT INTO policy (seller, goods_after_refund_days, collection_days,
                         appeal_business_hours) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (seller) DO UPDATE SET
                         goods_after_refund_days = excluded.goods_after_refund_days,
                         collection_days = excluded.collection_days,
                         appeal_business_hours = excluded.appeal_business_hours",
                )?
                .execute(params![
                    seller.0,
                    policy.goods_after_refund_days,
                    policy.collection_days,
                    policy.appeal_business_hours
                ])?;
                wake(tx, seller, again::CLOCKED, [seller.0])
            })
            .await
    }
}

/// The ids of a page: the slots are merged, each read a little at a time, so that a page out of a
/// thousand slots reads about a row of each.
fn pick_ids(
    connection: &Connection,
    seller: SellerId,
    table: &str,
    id: &str,
    pick: &Picking,
) -> rusqlite::Result<Vec<String>> {
    let end = pick.sql('?', id);
    let column = pick.column;
    let sql = format!(
        "SELECT {column}, {id} FROM {table} WHERE seller = ?1 AND slot = ?2 AND {end} LIMIT ?6"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let some = (pick.limit * 2 / pick.slots.len().max(1)).clamp(1, pick.limit.max(1));
    let mut read = |slot: &str, (at, after): &Place| {
        let values = params![seller.0, slot, at, after, pick.last, some as i64];
        let rows = statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<rusqlite::Result<VecDeque<Place>>>()
    };
    let mut waiting = BTreeMap::new();
    let mut rest = Vec::with_capacity(pick.slots.len());
    for (nth, slot) in pick.slots.iter().enumerate() {
        let mut rows = read(slot, &pick.after)?;
        waiting.extend(rows.pop_front().map(|first| (first, nth)));
        rest.push(rows);
    }
    let mut ids = Vec::with_capacity(pick.limit);
    while ids.len() < pick.limit {
        let best = if pick.ascending { waiting.pop_first() } else { waiting.pop_last() };
        let Some((place, nth)) = best else { break };
        if rest[nth].is_empty() {
            rest[nth] = read(&pick.slots[nth], &place)?;
        }
        waiting.extend(rest[nth].pop_front().map(|next| (next, nth)));
        ids.push(place.1);
    }
    Ok(ids)
}

/// Where a row stands: its instant and its id.
type Place = (i64, String);

fn count(
    connection: &Connection,
    seller: SellerId,
    table: &str,
    id: &str,
    pick: &Picking,
) -> rusqlite::Result<i64> {
    let end = pick.sql('?', id);
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {table} WHERE seller = ?1 AND slot = ?2 AND {end}
         LIMIT ?6)"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut all = 0;
    let (at, after) = &pick.after;
    for slot in &pick.slots {
        let left = pick.limit as i64 - all;
        if left <= 0 {
            break;
        }
        let values = params![seller.0, slot, at, after, pick.last, left];
        all += statement.query_row(values, |row| row.get::<_, i64>(0))?;
    }
    Ok(all)
}

/// What these cases take out of their slots.
pub(super) fn slots(
    tx: &Connection,
    seller: SellerId,
    cases: &[String],
) -> rusqlite::Result<BTreeMap<String, i64>> {
    let sql = "SELECT slot FROM order_case WHERE seller = ?1 AND case_key = ?2";
    let mut moved = BTreeMap::new();
    for slot in each(tx, sql, seller, cases, |row| row.get::<_, String>(0))? {
        *moved.entry(slot).or_default() -= 1;
    }
    Ok(moved)
}

/// Writes what moved between the slots of cases.
pub(super) fn move_cases(
    tx: &Connection,
    seller: SellerId,
    moved: &BTreeMap<String, i64>,
) -> rusqlite::Result<()> {
    let mut put = tx.prepare_cached(
        "INSERT INTO case_tally (seller, slot, cases) VALUES (?1, ?2, ?3)
         ON CONFLICT (seller, slot) DO UPDATE SET cases = case_tally.cases + excluded.cases",
    )?;
    for (slot, cases) in moved.iter().filter(|(_, cases)| **cases != 0) {
        put.execute(params![seller.0, slot, cases])?;
    }
    Ok(())
}

/// Writes what moved between the slots of findings.
pub(super) fn move_findings(
    tx: &Connection,
    seller: SellerId,
    moves: &Moves,
) -> rusqlite::Result<()> {
    let mut put = tx.prepare_cached(
        "INSERT INTO finding_tally (seller, slot, findings, won, unpriced, interest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (seller, slot) DO UPDATE SET findings = finding_tally.findings + excluded.findings,
             won = finding_tally.won + excluded.won,
             unpriced = finding_tally.unpriced + excluded.unpriced,
             interest = finding_tally.interest + excluded.interest",
    )?;
    for (slot, [findings, won, unpriced, interest]) in &moves.slots {
        put.execute(params![seller.0, slot, findings, won, unpriced, interest])?;
    }
    let mut day = tx.prepare_cached(
        "INSERT INTO finding_day (seller, day, rule, account, opened, closed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (seller, day, rule, account) DO UPDATE SET opened = finding_day.opened + excluded.opened,
             closed = finding_day.closed + excluded.closed",
    )?;
    for ((at, rule, account), [opened, closed]) in &moves.days {
        day.execute(params![seller.0, at, rule, account, opened, closed])?;
    }
    Ok(())
}

/// Moves a case whose last finding was closed to where calm ones stand.
pub(super) fn calm(tx: &Connection, seller: SellerId, case: &str) -> rusqlite::Result<()> {
    let slot: Option<String> = tx
        .prepare_cached(
            "SELECT slot FROM order_case WHERE seller = ?1 AND case_key = ?2 AND findings = 0",
        )?
        .query_row(params![seller.0, case], |row| row.get(0))
        .optional()?;
    let Some((calm, slot)) = slot.and_then(|slot| Some((calmed(&slot)?, slot))) else {
        return Ok(());
    };
    tx.prepare_cached("UPDATE order_case SET slot = ?3 WHERE seller = ?1 AND case_key = ?2")?
        .execute(params![seller.0, case, calm])?;
    move_cases(tx, seller, &BTreeMap::from([(slot, -1), (calm, 1)]))
}

#[cfg(test)]
mod tests {
    use hoesu_claims::time::Between;

    use super::*;
    use crate::overview::{CaseOrder, FindingOrder};

    /// How SQLite goes about the rows of one slot: one line a step.
    fn steps(table: &str, id: &str, pick: &Picking) -> Vec<String> {
        let mut connection = Connection::open_in_memory().unwrap();
        super::super::embedded::migrations::runner().run(&mut connection).unwrap();
        super::super::prepare(&connection, std::time::Duration::ZERO).unwrap();
        let (end, column) = (pick.sql('?', id), pick.column);
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT {column}, {id} FROM {table}
             WHERE seller = ?1 AND slot = ?2 AND {end} LIMIT ?6"
        );
        let mut plan = connection.prepare(&sql).unwrap();
        let values = params![1, "slot", 5, "x", 9, 50];
        let steps = plan.query_map(values, |row| row.get(3)).unwrap();
        steps.collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn every_pick_is_read_from_an_index_in_its_order_from_where_the_page_begins() {
        let everything = Between::default();
        let orders = [FindingOrder::Deadline, FindingOrder::Opened, FindingOrder::Changed];
        let findings = orders
            .map(|order| ("finding", "id", Picking::findings(&[], order, everything, None, 50)));
        let cases = [CaseOrder::Changed, CaseOrder::Since].map(|order| {
            ("order_case", "case_key", Picking::cases(&[], order, everything, None, 50))
        });
        for (table, id, pick) in findings.iter().chain(&cases) {
            let steps = steps(table, id, pick);
            assert_eq!(steps.len(), 1, "nothing is sorted: {steps:?}");
            assert!(steps[0].contains("COVERING INDEX"), "{steps:?}");
            assert!(!steps[0].ends_with("(seller=? AND slot=?)"), "{steps:?}");
        }
    }
}
