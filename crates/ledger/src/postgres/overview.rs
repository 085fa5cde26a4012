//! Overviews: tallies kept with what moves them, and pages picked slot by slot in one statement.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deadpool_postgres::Transaction;
use hoesu_claims::{Policy, SellerId};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::cases::{CASE, FINDING, case_row, finding_row, wake};
use super::{Postgres, failed};
use crate::store::cases::{CaseRow, FindingRow};
use crate::store::overview::{
    FindingDayRow, FindingTallyRow, MemoRow, Moves, Overview, Picking, calmed,
};
use crate::store::wake as again;
use crate::{Error, Result};

#[async_trait]
impl Overview for Postgres {
    async fn finding_tallies(&self, seller: SellerId) -> Result<Vec<FindingTallyRow>> {
        let sql = "SELECT t.slot, t.findings, t.won, t.unpriced,
             (SELECT f.urgency FROM finding f WHERE f.seller = t.seller AND f.slot = t.slot
              ORDER BY f.urgency LIMIT 1), t.interest
             FROM finding_tally t WHERE t.seller = $1 AND t.findings > 0 ORDER BY t.slot";
        let rows = self.rows("reading tallies", sql, &[&seller.0]).await?;
        let tally = |row: &Row| FindingTallyRow {
            slot: row.get(0),
            findings: row.get(1),
            won: row.get(2),
            unpriced: row.get(3),
            first: row.get(4),
            interest: row.get(5),
        };
        Ok(rows.iter().map(tally).collect())
    }

    async fn finding_days(&self, seller: SellerId, from: i64) -> Result<Vec<FindingDayRow>> {
        let sql = "SELECT day, rule, account, opened, closed FROM finding_day
             WHERE seller = $1 AND day >= $2 ORDER BY day, rule COLLATE \"C\", account";
        let rows = self.rows("reading days", sql, &[&seller.0, &from]).await?;
        let day = |row: &Row| FindingDayRow {
            day: row.get(0),
            rule: row.get(1),
            account: row.get(2),
            opened: row.get(3),
            closed: row.get(4),
        };
        Ok(rows.iter().map(day).collect())
    }

    async fn case_tallies(&self, seller: SellerId) -> Result<Vec<(String, i64)>> {
        let sql =
            "SELECT slot, cases FROM case_tally WHERE seller = $1 AND cases > 0 ORDER BY slot";
        let rows = self.rows("reading tallies", sql, &[&seller.0]).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    async fn pick_findings(&self, seller: SellerId, pick: Picking) -> Result<Vec<FindingRow>> {
        let rows = self.pick("picking findings", seller, "finding", "id", FINDING, &pick).await?;
        Ok(rows.iter().map(finding_row).collect())
    }

    async fn pick_cases(&self, seller: SellerId, pick: Picking) -> Result<Vec<CaseRow>> {
        let rows =
            self.pick("picking cases", seller, "order_case", "case_key", CASE, &pick).await?;
        Ok(rows.iter().map(case_row).collect())
    }

    async fn count_findings(&self, seller: SellerId, pick: Picking) -> Result<i64> {
        self.count("counting findings", seller, "finding", "id", &pick).await
    }

    async fn count_cases(&self, seller: SellerId, pick: Picking) -> Result<i64> {
        self.count("counting cases", seller, "order_case", "case_key", &pick).await
    }

    async fn findings_of(&self, seller: SellerId, cases: Vec<String>) -> Result<Vec<FindingRow>> {
        let sql = format!("SELECT {FINDING} FROM finding WHERE seller = $1 AND case_key = ANY($2)");
        let rows = self.rows("reading findings of cases", &sql, &[&seller.0, &cases]).await?;
        Ok(rows.iter().map(finding_row).collect())
    }

    async fn last_memo(&self, seller: SellerId) -> Result<i64> {
        let sql = "SELECT coalesce(max(no), 0)::BIGINT FROM memo WHERE seller = $1";
        let rows = self.rows("reading memos", sql, &[&seller.0]).await?;
        Ok(rows.first().map_or(0, |row| row.get(0)))
    }

    async fn add_memo(&self, seller: SellerId, order: String, row: MemoRow) -> Result<bool> {
        let sql = "INSERT INTO memo (seller, no, order_no, at, who, body)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (seller, no) DO NOTHING RETURNING no";
        let values: [&(dyn ToSql + Sync); 6] =
            [&seller.0, &row.no, &order, &row.at, &row.who, &row.body];
        Ok(self.rows("keeping a memo", sql, &values).await?.len() == 1)
    }

    async fn memos(&self, seller: SellerId, order: &str) -> Result<Vec<MemoRow>> {
        let sql = "SELECT no, at, who, body FROM memo WHERE seller = $1 AND order_no = $2
             ORDER BY no";
        let rows = self.rows("reading memos", sql, &[&seller.0, &order]).await?;
        let memo = |row: &Row| MemoRow {
            no: row.get(0),
            at: row.get(1),
            who: row.get(2),
            body: row.get(3),
        };
        Ok(rows.iter().map(memo).collect())
    }

    async fn policy(&self, seller: SellerId) -> Result<Option<Policy>> {
        let sql = "SELECT goods_after_refund_days, collection_days, appeal_business_hours
             FROM policy WHERE seller = $1";
        let rows = self.rows("reading the policy", sql, &[&seller.0]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let days = |at: usize| {
            u32::try_from(row.get::<_, i64>(at)).map_err(|_| Error::Unreadable("policy"))
        };
        Ok(Some(Policy {
            goods_after_refund_days: days(0)?,
            collection_days: days(1)?,
            appeal_business_hours: days(2)?,
        }))
    }

    async fn set_policy(&self, seller: SellerId, policy: Policy) -> Result<()> {
        let doing = "setting the policy";
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(doing))?;
        let sql = "INSERT INTO policy (seller, goods_after_refund_days, collection_days,
                 appeal_business_hours) VALUES ($1, $2, $3, $4)
             ON CONFLICT (seller) DO UPDATE SET
                 goods_after_refund_days = excluded.goods_after_refund_days,
                 collection_days = excluded.collection_days,
                 appeal_business_hours = excluded.appeal_business_hours";
        let values: [&(dyn ToSql + Sync); 4] = [
            &seller.0,
            &i64::from(policy.goods_after_refund_days),
            &i64::from(policy.collection_days),
            &i64::from(policy.appeal_business_hours),
        ];
        tx.execute(sql, &values).await.map_err(failed(doing))?;
        wake(&tx, seller, again::CLOCKED, &[&seller.0]).await.map_err(failed(doing))?;
        tx.commit().await.map_err(failed("committing"))
    }
}

impl Postgres {
    async fn pick(
        &self,
        doing: &'static str,
        seller: SellerId,
        table: &str,
        id: &str,
        columns: &str,
        pick: &Picking,
    ) -> Result<Vec<Row>> {
        let (end, column) = (pick.sql('$', id), pick.column);
        let order = if pick.ascending { "" } else { " DESC" };
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE seller = $1 AND {id} IN (
                 SELECT best.{id} FROM UNNEST($2::TEXT[]) AS asked (slot)
                 CROSS JOIN LATERAL (SELECT {column}, {id} FROM {table}
                     WHERE seller = $1 AND slot = asked.slot AND {end} LIMIT $6) best
                 ORDER BY best.{column}{order}, best.{id}{order} LIMIT $6)
             ORDER BY {column}{order}, {id}{order}"
        );
        let (at, after) = &pick.after;
        let limit = pick.limit as i64;
        let values: [&(dyn ToSql + Sync); 6] =
            [&seller.0, &pick.slots, at, after, &pick.last, &limit];
        self.rows(doing, &sql, &values).await
    }

    async fn count(
        &self,
        doing: &'static str,
        seller: SellerId,
        table: &str,
        id: &str,
        pick: &Picking,
    ) -> Result<i64> {
        let (end, column) = (pick.sql('$', id), pick.column);
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM UNNEST($2::TEXT[]) AS asked (slot)
             CROSS JOIN LATERAL (SELECT {column} FROM {table}
                 WHERE seller = $1 AND slot = asked.slot AND {end} LIMIT $6) one LIMIT $6) counted"
        );
        let (at, after) = &pick.after;
        let limit = pick.limit as i64;
        let values: [&(dyn ToSql + Sync); 6] =
            [&seller.0, &pick.slots, at, after, &pick.last, &limit];
        let rows = self.rows(doing, &sql, &values).await?;
        Ok(rows.first().map_or(0, |row| row.get(0)))
    }
}

type Done<T> = std::result::Result<T, tokio_postgres::Error>;

/// What these cases take out of their slots.
pub(super) async fn slots(
    tx: &Transaction<'_>,
    seller: SellerId,
    cases: &[&String],
) -> Done<BTreeMap<String, i64>> {
    let sql = "SELECT slot FROM order_case WHERE seller = $1 AND case_key = ANY($2)";
    let mut moved = BTreeMap::new();
    for row in tx.query(sql, &[&seller.0, &cases]).await? {
        *moved.entry(row.get(0)).or_default() -= 1;
    }
    Ok(moved)
}

/// Writes what moved between the slots of cases.
pub(super) async fn move_cases(
    tx: &Transaction<'_>,
    seller: SellerId,
    moved: &BTreeMap<String, i64>,
) -> Done<()> {
    let (slots, cases): (Vec<&String>, Vec<i64>) =
        moved.iter().filter(|(_, cases)| **cases != 0).unzip();
    let sql = "INSERT INTO case_tally (seller, slot, cases)
         SELECT $1, m.slot, m.cases FROM UNNEST($2::TEXT[], $3::BIGINT[]) AS m (slot, cases)
         ON CONFLICT (seller, slot) DO UPDATE SET cases = case_tally.cases + excluded.cases";
    tx.execute(sql, &[&seller.0, &slots, &cases]).await.map(drop)
}

/// Writes what moved between the slots of findings.
pub(super) async fn move_findings(
    tx: &Transaction<'_>,
    seller: SellerId,
    moves: &Moves,
) -> Done<()> {
    let slots: Vec<&String> = moves.slots.keys().collect();
    let sums = |at: usize| moves.slots.values().map(|sums| sums[at]).collect::<Vec<i64>>();
    let sql = "INSERT INTO finding_tally (seller, slot, findings, won, unpriced, interest)
         SELECT $1, m.slot, m.findings, m.won, m.unpriced, m.interest
         FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::BIGINT[], $5::BIGINT[], $6::BIGINT[])
             AS m (slot, findings, won, unpriced, interest)
         ON CONFLICT (seller, slot) DO UPDATE SET
             findings = finding_tally.findings + excluded.findings,
             won = finding_tally.won + excluded.won,
             unpriced = finding_tally.unpriced + excluded.unpriced,
             interest = finding_tally.interest + excluded.interest";
    tx.execute(sql, &[&seller.0, &slots, &sums(0), &sums(1), &sums(2), &sums(3)]).await?;
    let days: Vec<i64> = moves.days.keys().map(|(day, _, _)| *day).collect();
    let rules: Vec<&String> = moves.days.keys().map(|(_, rule, _)| rule).collect();
    let accounts: Vec<i64> = moves.days.keys().map(|(_, _, account)| *account).collect();
    let sums = |at: usize| moves.days.values().map(|sums| sums[at]).collect::<Vec<i64>>();
    let sql = "INSERT INTO finding_day (seller, day, rule, account, opened, closed)
         SELECT $1, m.day, m.rule, m.account, m.opened, m.closed
         FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::BIGINT[], $5::BIGINT[], $6::BIGINT[])
             AS m (day, rule, account, opened, closed)
         ON CONFLICT (seller, day, rule, account) DO UPDATE SET
             opened = finding_day.opened + excluded.opened,
             closed = finding_day.closed + excluded.closed";
    tx.execute(sql, &[&seller.0, &days, &rules, &accounts, &sums(0), &sums(1)]).await.map(drop)
}

/// Moves a case whose last finding was closed to where calm ones stand.
pub(super) async fn calm(tx: &Transaction<'_>, seller: SellerId, case: &str) -> Done<()> {
    let sql = "SELECT slot FROM order_case WHERE seller = $1 AND case_key = $2 AND findings = 0";
    let row = tx.query_opt(sql, &[&seller.0, &case]).await?;
    let Some(slot) = row.map(|row| row.get::<_, String>(0)) else { return Ok(()) };
    let Some(calm) = calmed(&slot) else { return Ok(()) };
    let sql = "UPDATE order_case SET slot = $3 WHERE seller = $1 AND case_key = $2";
    tx.execute(sql, &[&seller.0, &case, &calm]).await?;
    move_cases(tx, seller, &BTreeMap::from([(slot, -1), (calm, 1)])).await
}
