//! What moves between the slots that overviews add up.

use std::collections::BTreeMap;

use hoesu_claims::SellerId;

use super::cases::lists::of_each;
use super::overview::{Moves, calmed};
use crate::Result;
use crate::database::{Tx, values};

/// What these cases take out of their slots.
pub(crate) async fn slots(
    tx: &mut Tx<'_>,
    seller: SellerId,
    cases: &[String],
) -> Result<BTreeMap<String, i64>> {
    let sql = "SELECT slot FROM order_case WHERE seller = ?1 AND case_key = ?2";
    let slots: Vec<String> = tx.rows_of_all(sql, &of_each(seller, cases)).await?;
    let mut moved = BTreeMap::new();
    for slot in slots {
        *moved.entry(slot).or_default() -= 1;
    }
    Ok(moved)
}

/// Writes what moved between the slots of cases.
pub(crate) async fn move_cases(
    tx: &mut Tx<'_>,
    seller: SellerId,
    moved: &BTreeMap<String, i64>,
) -> Result<()> {
    let sql = "INSERT INTO case_tally (seller, slot, cases) VALUES (?1, ?2, ?3)
         ON CONFLICT (seller, slot) DO UPDATE SET cases = case_tally.cases + excluded.cases";
    let moved = moved.iter().filter(|(_, cases)| **cases != 0);
    let moved: Vec<_> = moved.map(|(slot, cases)| values![seller, slot, *cases]).collect();
    tx.each(sql, &moved).await.map(drop)
}

/// Writes what moved between the slots of findings.
pub(crate) async fn move_findings(tx: &mut Tx<'_>, seller: SellerId, moves: &Moves) -> Result<()> {
    let sql = "INSERT INTO finding_tally (seller, slot, findings, won, unpriced, interest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (seller, slot) DO UPDATE SET
             findings = finding_tally.findings + excluded.findings,
             won = finding_tally.won + excluded.won,
             unpriced = finding_tally.unpriced + excluded.unpriced,
             interest = finding_tally.interest + excluded.interest";
    let slots = moves.slots.iter().map(|(slot, [findings, won, unpriced, interest])| {
        values![seller, slot, *findings, *won, *unpriced, *interest]
    });
    tx.each(sql, &slots.collect::<Vec<_>>()).await?;
    let sql = "INSERT INTO finding_day (seller, day, rule, account, opened, closed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (seller, day, rule, account) DO UPDATE SET
             opened = finding_day.opened + excluded.opened,
             closed = finding_day.closed + excluded.closed";
    let days = moves.days.iter().map(|((day, rule, account), [opened, closed])| {
        values![seller, *day, rule, *account, *opened, *closed]
    });
    tx.each(sql, &days.collect::<Vec<_>>()).await.map(drop)
}

/// Moves a case whose last finding was closed to where those without findings stand.
pub(crate) async fn calm(tx: &mut Tx<'_>, seller: SellerId, case: &str) -> Result<()> {
    let sql = "SELECT slot FROM order_case WHERE seller = ?1 AND case_key = ?2 AND findings = 0";
    let slot: Option<String> = tx.row(sql, &values![seller, case]).await?;
    let Some((calm, slot)) = slot.and_then(|slot| Some((calmed(&slot)?, slot))) else {
        return Ok(());
    };
    let sql = "UPDATE order_case SET slot = ?3 WHERE seller = ?1 AND case_key = ?2";
    tx.run(sql, &values![seller, case, &calm]).await?;
    move_cases(tx, seller, &BTreeMap::from([(slot, -1), (calm, 1)])).await
}
