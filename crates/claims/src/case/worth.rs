//! What pieces of a case are worth: only where the documents leave no doubt.

use super::{Asked, Case, Claim, LineOf, Row};
use crate::fact::{self, Quantity};
use crate::money::Won;

impl Case {
    /// What one piece cost, if all pieces cost the same.
    fn unit_price(&self) -> Option<Won> {
        let mut rows = self.rows.iter().filter(|row| !row.is_again()).peekable();
        let mut units: Vec<Option<Won>> = if rows.peek().is_some() {
            rows.map(|row| {
                let pieces = i64::from(row.quantity().filter(|pieces| *pieces > 0)?);
                let paid = row.paid.filter(|_| row.items.len() == 1)?;
                (paid.0 % pieces == 0).then_some(Won(paid.0 / pieces))
            })
            .collect()
        } else {
            self.lines.iter().map(|line| line.unit).collect()
        };
        units.dedup();
        if let [Some(unit)] = units.as_slice() { Some(*unit) } else { None }
    }

    /// What so many pieces of the order are worth; `None` if not certain.
    pub fn worth(&self, pieces: Quantity) -> Option<Won> {
        let rows = || self.rows.iter().filter(|row| !row.is_again());
        let all = fact::pieces(rows().filter_map(Row::quantity));
        if pieces > 0 && pieces == all {
            let paid: Option<Vec<Won>> = rows().map(|row| row.paid).collect();
            return paid.and_then(Won::checked_sum);
        }
        self.unit_price()?.checked_mul(i64::from(pieces))
    }

    /// What a claim asks back beyond what there is; `None` if not certain.
    pub fn amount_beyond(&self, claim: &Claim) -> Option<Won> {
        if claim.quantity() == Some(claim.beyond()) {
            return self.amount(claim);
        }
        let over = claim.lines.iter().filter(|asked| asked.beyond > 0);
        let each = over.map(|asked| self.price(asked)?.checked_mul(i64::from(asked.beyond)));
        each.collect::<Option<Vec<Won>>>().and_then(Won::checked_sum)
    }

    /// What one piece of a line cost.
    fn price(&self, asked: &Asked) -> Option<Won> {
        let is_it = |line: &&LineOf| line.line.item == asked.line.item;
        self.lines.iter().find(is_it)?.unit
    }

    /// What a claim asks back; `None` if not certain.
    pub fn amount(&self, claim: &Claim) -> Option<Won> {
        let line_price = |asked: &Asked| self.price(asked)?.checked_mul(i64::from(asked.quantity?));
        let by_line: Option<Vec<Won>> = claim.lines.iter().map(line_price).collect();
        if let Some(prices) = by_line.filter(|prices| !prices.is_empty()) {
            return Won::checked_sum(prices);
        }
        let pieces = claim.quantity()?;
        let agrees = claim.awaited.is_none_or(|awaited| awaited == pieces);
        if agrees { self.worth(pieces) } else { None }
    }
}
