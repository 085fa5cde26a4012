//! Pages of findings and cases, picked out of the slots they stand in, and how many there are.

use std::collections::{BTreeMap, VecDeque};

use hoesu_claims::SellerId;
use hoesu_claims::time::Between;
use jiff::Timestamp;

use crate::Result;
use crate::database::{FromRow, SqlValue, Tx, values};
use crate::overview::{CaseOrder, CaseSlot, FindingOrder, FindingSlot, Turn};
use crate::store::cases::{CASE, CaseRow, FINDING, FindingRow};

/// A pick in the database's words.
#[derive(Debug, Clone)]
pub(crate) struct Picking {
    pub(crate) slots: Vec<String>,
    /// The column ordered by.
    pub(crate) column: &'static str,
    /// Whether the earliest come first.
    pub(crate) ascending: bool,
    /// Whether that is the order asked for the other way round.
    pub(crate) turned: bool,
    /// Not before this one, in the order: the place of the page before, or where the span begins.
    pub(crate) after: (i64, String),
    /// The end of the span on the other side, inclusive.
    pub(crate) last: i64,
    pub(crate) limit: usize,
}

impl Picking {
    /// Of findings.
    pub(crate) fn findings(
        slots: &[FindingSlot],
        order: FindingOrder,
        between: Between,
        from: Option<Turn>,
        limit: usize,
    ) -> Self {
        let (column, ascending) = match order {
            FindingOrder::Deadline => ("urgency", true),
            FindingOrder::Opened => ("opened_at", false),
            FindingOrder::Changed => ("changed_at", false),
        };
        let slots = slots.iter().map(ToString::to_string).collect();
        Self::of(slots, (column, ascending), between, from, limit)
    }

    /// Of cases.
    pub(crate) fn cases(
        slots: &[CaseSlot],
        order: CaseOrder,
        between: Between,
        from: Option<Turn>,
        limit: usize,
    ) -> Self {
        let column = match order {
            CaseOrder::Changed => "changed_at",
            CaseOrder::Since => "since",
        };
        let slots = slots.iter().map(ToString::to_string).collect();
        Self::of(slots, (column, false), between, from, limit)
    }

    fn of(
        slots: Vec<String>,
        (column, rises): (&'static str, bool),
        between: Between,
        from: Option<Turn>,
        limit: usize,
    ) -> Self {
        // What stands before a row is what comes after it the other way round.
        let (ascending, after) = match from {
            Some(Turn::After(spot)) => (rises, Some(spot)),
            Some(Turn::Before(spot)) => (!rises, Some(spot)),
            None => (rises, None),
        };
        let first = between.from.map_or(i64::MIN, Timestamp::as_millisecond);
        let until = between.until.map_or(i64::MAX, |at| at.as_millisecond() - 1);
        // No id is empty, so an empty one stands before all of its instant; one instant further, after
        // all of it. After the last instant of all there is none.
        let (begin, last) = if ascending {
            (Some((first, String::new())), until)
        } else {
            (until.checked_add(1).map(|at| (at, String::new())), first)
        };
        let after = match (after.map(|spot| (spot.at_ms, spot.id)), begin) {
            (Some(after), Some(begin)) if ascending => after.max(begin),
            (Some(after), Some(begin)) => after.min(begin),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => (i64::MAX, String::new()),
        };
        let turned = ascending != rises;
        Self { slots, column, ascending, turned, after, last, limit }
    }

    /// What was picked, in the order that was asked for.
    pub(crate) fn in_order<Row>(turned: bool, mut rows: Vec<Row>) -> Vec<Row> {
        if turned {
            rows.reverse();
        }
        rows
    }

    /// The condition on one slot's rows and their order. Bound: the seller (1), the slot (2), the place
    /// (3, 4), the end (5).
    pub(crate) fn sql(&self, id: &str) -> String {
        let column = self.column;
        let (beyond, within, order) =
            if self.ascending { (">", "<=", "") } else { ("<", ">=", " DESC") };
        format!(
            "({column}, {id}) {beyond} (?3, ?4) AND {column} {within} ?5
             ORDER BY {column}{order}, {id}{order}"
        )
    }
}

/// Findings of a page, in the pick's order.
pub(crate) async fn pick_findings(
    tx: &mut Tx<'_>,
    seller: SellerId,
    pick: Picking,
) -> Result<Vec<FindingRow>> {
    page(tx, seller, FINDINGS, FINDING, &pick).await
}

/// Cases of a page, the same.
pub(crate) async fn pick_cases(
    tx: &mut Tx<'_>,
    seller: SellerId,
    pick: Picking,
) -> Result<Vec<CaseRow>> {
    page(tx, seller, CASES, CASE, &pick).await
}

/// How many findings there are, counted to the pick's limit.
pub(crate) async fn count_findings(
    tx: &mut Tx<'_>,
    seller: SellerId,
    pick: Picking,
) -> Result<i64> {
    count(tx, seller, FINDINGS, &pick).await
}

/// How many cases, the same.
pub(crate) async fn count_cases(tx: &mut Tx<'_>, seller: SellerId, pick: Picking) -> Result<i64> {
    count(tx, seller, CASES, &pick).await
}

/// A table and the column of its ids.
type Table = (&'static str, &'static str);

const FINDINGS: Table = ("finding", "id");
const CASES: Table = ("order_case", "case_key");

/// The slots, bound as one text of JSON: PostgreSQL plans a statement with so many slots once.
const ASKED: &str = "jsonb_array_elements_text(CAST(CAST(?2 AS TEXT) AS JSONB)) AS asked (slot)";

fn asked(seller: SellerId, pick: &Picking) -> [SqlValue<'_>; 6] {
    let slots = serde_json::to_string(&pick.slots).expect("slots are text");
    let (at, after) = &pick.after;
    values![seller, slots, *at, after, pick.last, pick.limit as i64]
}

async fn page<T: FromRow>(
    tx: &mut Tx<'_>,
    seller: SellerId,
    (table, id): Table,
    columns: &str,
    pick: &Picking,
) -> Result<Vec<T>> {
    if tx.is_sqlite() {
        // It has no LATERAL, which reads so many rows of each slot in one statement.
        let ids = ids(tx, seller, (table, id), pick).await?;
        let ids: Vec<_> = ids.iter().map(|id| values![seller, id]).collect();
        let sql = format!("SELECT {columns} FROM {table} WHERE seller = ?1 AND {id} = ?2");
        return tx.rows_of_all(&sql, &ids).await;
    }
    let (end, column) = (pick.sql(id), pick.column);
    let order = if pick.ascending { "" } else { " DESC" };
    let sql = format!(
        "SELECT {columns} FROM {table} WHERE seller = ?1 AND {id} IN (
             SELECT best.{id} FROM {ASKED} CROSS JOIN LATERAL (SELECT {column}, {id} FROM {table}
                 WHERE seller = ?1 AND slot = asked.slot AND {end} LIMIT ?6) best
             ORDER BY best.{column}{order}, best.{id}{order} LIMIT ?6)
         ORDER BY {column}{order}, {id}{order}"
    );
    tx.rows(&sql, &asked(seller, pick)).await
}

/// Where a row stands: its instant and its id.
type Place = (i64, String);

/// The ids of a page: the slots are merged, each read a little at a time, so that a page out of a
/// thousand slots reads about a row of each.
async fn ids(
    tx: &mut Tx<'_>,
    seller: SellerId,
    (table, id): Table,
    pick: &Picking,
) -> Result<Vec<String>> {
    let (end, column) = (pick.sql(id), pick.column);
    let sql = format!(
        "SELECT {column}, {id} FROM {table} WHERE seller = ?1 AND slot = ?2 AND {end} LIMIT ?6"
    );
    let some = (pick.limit * 2 / pick.slots.len().max(1)).clamp(1, pick.limit.max(1)) as i64;
    let (at, after) = &pick.after;
    let firsts: Vec<_> =
        pick.slots.iter().map(|slot| values![seller, slot, *at, after, pick.last, some]).collect();
    let rows: Vec<Vec<Place>> = tx.rows_of_each(&sql, &firsts).await?;
    let mut rest: Vec<VecDeque<Place>> = rows.into_iter().map(VecDeque::from).collect();
    let mut waiting = BTreeMap::new();
    for (nth, rows) in rest.iter_mut().enumerate() {
        waiting.extend(rows.pop_front().map(|first| (first, nth)));
    }
    let mut ids = Vec::with_capacity(pick.limit);
    while ids.len() < pick.limit {
        let best = if pick.ascending { waiting.pop_first() } else { waiting.pop_last() };
        let Some(((at, id), nth)) = best else { break };
        if rest[nth].is_empty() {
            let more = values![seller, &pick.slots[nth], at, &id, pick.last, some];
            rest[nth] = tx.rows(&sql, &more).await?.into();
        }
        waiting.extend(rest[nth].pop_front().map(|next| (next, nth)));
        ids.push(id);
    }
    Ok(ids)
}

async fn count(
    tx: &mut Tx<'_>,
    seller: SellerId,
    (table, id): Table,
    pick: &Picking,
) -> Result<i64> {
    let (end, column) = (pick.sql(id), pick.column);
    if !tx.is_sqlite() {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {ASKED} CROSS JOIN LATERAL (SELECT {column}
                 FROM {table} WHERE seller = ?1 AND slot = asked.slot AND {end} LIMIT ?6) one
             LIMIT ?6) counted"
        );
        return Ok(tx.row(&sql, &asked(seller, pick)).await?.unwrap_or(0));
    }
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {table} WHERE seller = ?1 AND slot = ?2 AND {end}
         LIMIT ?6)"
    );
    let (mut left, (at, after)) = (pick.limit as i64, &pick.after);
    for slot in &pick.slots {
        if left <= 0 {
            break;
        }
        let bound = values![seller, slot, *at, after, pick.last, left];
        left -= tx.row::<i64>(&sql, &bound).await?.unwrap_or(0);
    }
    Ok(pick.limit as i64 - left)
}
