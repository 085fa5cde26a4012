//! Findings and cases as they are listed, and what there is of one.

use std::fmt::Write as _;

use hoesu_claims::SellerId;

use super::{CASE, CaseRow, FINDING, FindingRow, HappenedRow};
use crate::Result;
use crate::cases::{CasePlace, CaseQuery, FindingPlace, FindingQuery};
use crate::database::{SqlValue, Tx, values};

/// Findings, open ones first, then those that run out first.
pub(crate) async fn findings(
    tx: &mut Tx<'_>,
    seller: SellerId,
    query: FindingQuery,
) -> Result<Vec<FindingRow>> {
    let Listing { sql, bound } = list_findings(seller, query);
    tx.rows(&format!("SELECT {FINDING} FROM finding WHERE seller = ?1{sql}"), &bound).await
}

/// One finding.
pub(crate) async fn finding(
    tx: &mut Tx<'_>,
    seller: SellerId,
    id: String,
) -> Result<Option<FindingRow>> {
    let sql = format!("SELECT {FINDING} FROM finding WHERE seller = ?1 AND id = ?2");
    tx.row(&sql, &values![seller, &id]).await
}

/// What happened to a finding, in order.
pub(crate) async fn happened(
    tx: &mut Tx<'_>,
    seller: SellerId,
    id: String,
) -> Result<Vec<HappenedRow>> {
    let sql = "SELECT no, at, event, actor, reason FROM finding_event
         WHERE seller = ?1 AND id = ?2 ORDER BY no";
    tx.rows(sql, &values![seller, &id]).await
}

/// Cases, those something happened in last first.
pub(crate) async fn cases(
    tx: &mut Tx<'_>,
    seller: SellerId,
    query: CaseQuery,
) -> Result<Vec<CaseRow>> {
    let Listing { sql, bound } = list_cases(seller, query);
    tx.rows(&format!("SELECT {CASE} FROM order_case WHERE seller = ?1{sql}"), &bound).await
}

/// The cases with these keys, as far as there are such.
pub(crate) async fn cases_at(
    tx: &mut Tx<'_>,
    seller: SellerId,
    keys: Vec<String>,
) -> Result<Vec<CaseRow>> {
    let sql = format!("SELECT {CASE} FROM order_case WHERE seller = ?1 AND case_key = ?2");
    tx.rows_of_all(&sql, &of_each(seller, &keys)).await
}

/// Findings of these cases.
pub(crate) async fn findings_of(
    tx: &mut Tx<'_>,
    seller: SellerId,
    cases: Vec<String>,
) -> Result<Vec<FindingRow>> {
    let sql = format!("SELECT {FINDING} FROM finding WHERE seller = ?1 AND case_key = ?2");
    tx.rows_of_all(&sql, &of_each(seller, &cases)).await
}

/// Findings of these cases whose condition stands, whoever closed them.
pub(crate) async fn standing(
    tx: &mut Tx<'_>,
    seller: SellerId,
    cases: Vec<String>,
) -> Result<Vec<FindingRow>> {
    let sql =
        format!("SELECT {FINDING} FROM finding WHERE seller = ?1 AND case_key = ?2 AND stands = 1");
    tx.rows_of_all(&sql, &of_each(seller, &cases)).await
}

/// The seller with each of these texts.
pub(crate) fn of_each(seller: SellerId, texts: &[String]) -> Vec<[SqlValue<'_>; 2]> {
    texts.iter().map(|text| values![seller, text]).collect()
}

/// The end of a `SELECT` that lists some rows, and what is bound to it.
struct Listing {
    sql: String,
    bound: Vec<SqlValue<'static>>,
}

impl Listing {
    fn of(seller: SellerId) -> Self {
        Self { sql: String::new(), bound: vec![seller.into()] }
    }

    /// Adds ` AND ` and the condition, `{}` standing for the next bound value.
    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = SqlValue<'static>>) {
        self.sql.push_str(" AND ");
        let mut values = values.into_iter();
        for part in condition.split_inclusive("{}") {
            self.sql.push_str(part.trim_end_matches("{}"));
            if part.ends_with("{}") {
                self.bound.extend(values.next());
                let _ = write!(self.sql, "?{}", self.bound.len());
            }
        }
    }

    fn end(mut self, order: &str, limit: usize) -> Self {
        let _ = write!(self.sql, " ORDER BY {order} LIMIT {limit}");
        self
    }
}

/// What follows `WHERE seller = ?1` to list findings.
fn list_findings(seller: SellerId, query: FindingQuery) -> Listing {
    let FindingQuery { rule, order, account, open, after, limit } = query;
    let mut listing = Listing::of(seller);
    if let Some(rule) = rule {
        listing.and("rule = {}", [rule.id().to_owned().into()]);
    }
    if let Some(order) = order {
        listing.and("order_no = {}", [order.into()]);
    }
    if let Some(account) = account {
        listing.and("account = {}", [account.0.into()]);
    }
    if let Some(open) = open {
        listing.and("is_closed = {}", [(!open).into()]);
    }
    if let Some(FindingPlace { is_closed, urgency, id }) = after {
        listing.and(
            "(is_closed, urgency, id) > ({}, {}, {})",
            [is_closed.into(), urgency.into(), id.into()],
        );
    }
    listing.end("is_closed, urgency, id", limit)
}

/// What follows `WHERE seller = ?1` to list cases.
fn list_cases(seller: SellerId, query: CaseQuery) -> Listing {
    let CaseQuery { order, account, after, limit } = query;
    let mut listing = Listing::of(seller);
    if let Some(order) = order {
        listing.and("order_no = {}", [order.into()]);
    }
    if let Some(account) = account {
        listing.and("account = {}", [account.0.into()]);
    }
    if let Some(CasePlace { changed_at, key }) = after {
        listing.and("(changed_at, case_key) < ({}, {})", [changed_at.into(), key.into()]);
    }
    listing.end("changed_at DESC, case_key DESC", limit)
}

#[cfg(test)]
mod tests {
    use hoesu_claims::{AccountId, Rule};
    use rusqlite::params_from_iter;

    use super::*;
    use crate::cases::{CasePlace, FindingPlace};

    /// How SQLite goes about a list: one line a step.
    fn steps(table: &str, Listing { sql, bound }: Listing) -> Vec<String> {
        let connection = crate::sqlite::in_memory();
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
            let steps = steps("finding", list_findings(SellerId(1), query.clone()));
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
            let steps = steps("order_case", list_cases(SellerId(1), query.clone()));
            assert_eq!(steps.len(), 1, "nothing is sorted: {query:?} {steps:?}");
            let narrows = bits == 0 || !steps[0].ends_with("(seller=?)");
            assert!(narrows, "{query:?} {steps:?}");
        }
    }

    #[test]
    fn the_findings_of_a_case_and_the_history_of_a_finding_are_looked_up() {
        let of = |sql: &str| Listing { sql: sql.to_owned(), bound: values![1, "x"].to_vec() };
        let findings = steps("finding", of(" AND case_key = ?2"));
        assert!(findings[0].contains("(seller=? AND case_key=?)"), "{findings:?}");
        let history = steps("finding_event", of(" AND id = ?2 ORDER BY no"));
        assert!(history[0].contains("(seller=? AND id=?)"), "{history:?}");
        assert_eq!(history.len(), 1, "{history:?}");
    }
}
