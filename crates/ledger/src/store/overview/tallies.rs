//! How much there is of what, as it was tallied, and the findings of the cases on a page.

use hoesu_claims::{AccountId, Rule, SellerId, Won};

use super::date_of;
use crate::Result;
use crate::database::{Tx, values};
use crate::overview::{CaseSlot, CaseTally, FindingDay, FindingSlot, FindingTally};
use crate::store::instant;

/// How many findings stand in which slot. Those of rules this hoesu does not know are left out: a newer
/// one wrote them.
pub(crate) async fn finding_tallies(
    tx: &mut Tx<'_>,
    seller: SellerId,
) -> Result<Vec<FindingTally>> {
    let sql = "SELECT t.slot, t.findings, t.won, t.interest, t.unpriced,
         (SELECT f.urgency FROM finding f WHERE f.seller = t.seller AND f.slot = t.slot
          ORDER BY f.urgency LIMIT 1)
         FROM finding_tally t WHERE t.seller = ?1 AND t.findings > 0 ORDER BY t.slot";
    let rows: Vec<(String, i64, i64, i64, i64, Option<i64>)> =
        tx.rows(sql, &values![seller]).await?;
    let tally = |(slot, findings, won, interest, unpriced, first): (String, _, _, _, _, _)| {
        Some(FindingTally {
            slot: FindingSlot::parse(&slot)?,
            findings: positive(findings)?,
            won: Won(won),
            interest: Won(interest),
            unpriced: positive(unpriced).unwrap_or(0),
            first_deadline: Option::filter(first, |first| *first < i64::MAX).map(instant),
        })
    };
    Ok(rows.into_iter().filter_map(tally).collect())
}

/// How many findings were opened and closed on each day from one on, by day, rule and account. The same
/// are left out.
pub(crate) async fn finding_days(
    tx: &mut Tx<'_>,
    seller: SellerId,
    from: i64,
) -> Result<Vec<FindingDay>> {
    let sql = "SELECT day, rule, account, opened, closed FROM finding_day
         WHERE seller = ?1 AND day >= ?2";
    let mut rows: Vec<(i64, String, AccountId, i64, i64)> =
        tx.rows(sql, &values![seller, from]).await?;
    // PostgreSQL would order words as the server's language does.
    rows.sort_unstable();
    let day = |(day, rule, account, opened, closed): (_, String, _, _, _)| {
        Some(FindingDay {
            day: date_of(day),
            rule: Rule::from_id(&rule)?,
            account,
            opened: positive(opened).unwrap_or(0),
            closed: positive(closed).unwrap_or(0),
        })
    };
    Ok(rows.into_iter().filter_map(day).collect())
}

/// How many cases stand in which slot.
pub(crate) async fn case_tallies(tx: &mut Tx<'_>, seller: SellerId) -> Result<Vec<CaseTally>> {
    let sql = "SELECT slot, cases FROM case_tally WHERE seller = ?1 AND cases > 0 ORDER BY slot";
    let rows: Vec<(String, i64)> = tx.rows(sql, &values![seller]).await?;
    let tally = |(slot, cases): (String, _)| {
        Some(CaseTally { slot: CaseSlot::parse(&slot)?, cases: positive(cases)? })
    };
    Ok(rows.into_iter().filter_map(tally).collect())
}

fn positive(count: i64) -> Option<u64> {
    u64::try_from(count).ok().filter(|count| *count > 0)
}
