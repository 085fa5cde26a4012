//! Pages of a list: full although what was withdrawn is left out, and continued where they end.

use std::collections::HashSet;
use std::sync::Arc;

use hoesu_claims::{Rank, Term};
use hoesu_ledger::{Admitted, Held, Query, Start};

use super::ask::{Listing, PAGE_ROWS_MAX};
use super::cea::SECRET_KEY;
use super::read::{RETURN, WITHDRAWAL, read};
use super::refusal::Refused;
use super::token;
use crate::{Desk, Fault};

/// A list that is answered at once and has more rows than this times out, as the documents warn.
const WHOLE_ROWS_MAX: usize = 10_000;

/// The rows a list shows, and the token of the page after them.
pub(super) async fn page(
    desk: &Desk,
    admitted: &Admitted,
    kind: &'static str,
    asked: &Listing,
) -> Result<(Vec<Arc<Held>>, String), Refused> {
    if asked.nothing {
        return Ok((Vec::new(), String::new()));
    }
    let mut query = asked.query(admitted.account.shelf(kind));
    let Some(paging) = &asked.paging else {
        let (rows, more) = shown(desk, admitted, query, WHOLE_ROWS_MAX).await?;
        return match more {
            Some(_) => Err(Refused::Fault(Fault::TimedOut)),
            None => Ok((rows, String::new())),
        };
    };
    let secret = admitted.secrets.get(SECRET_KEY).map(String::as_str).unwrap_or_default();
    let filter = asked.filter(kind);
    if let Some(token) = &paging.token {
        let after = token::open(secret, &filter, token)
            .ok_or_else(|| Refused::parameter("nextToken is not one of this list"))?;
        query.start = Start::After(after);
    }
    let (rows, more) = shown(desk, admitted, query, paging.rows).await?;
    let next = more.map(|rank| token::mint(secret, &filter, rank)).unwrap_or_default();
    Ok((rows, next))
}

/// Up to `want` rows that were not taken back, and the rank of the last one if more follow. What a
/// page loses to withdrawals is filled up from behind.
async fn shown(
    desk: &Desk,
    admitted: &Admitted,
    mut query: Query,
    want: usize,
) -> Result<(Vec<Arc<Held>>, Option<Rank>), Refused> {
    let mut rows: Vec<Arc<Held>> = Vec::new();
    loop {
        query.limit = (want + 1 - rows.len()).min(PAGE_ROWS_MAX + 1);
        let page = desk.ledger.list(&query).await?;
        let gone = withdrawn(desk, admitted, query.shelf.kind, &page.rows).await?;
        rows.extend(page.rows.into_iter().filter(|row| !gone.contains(&row.document.key)));
        match page.next {
            Some(next) if rows.len() <= want => query.start = Start::After(next),
            Some(_) | None => break,
        }
    }
    if rows.len() <= want {
        return Ok((rows, None));
    }
    rows.truncate(want);
    let last = rows.last().map(|row| read(&row.document.body)).transpose();
    let last = last.map_err(|_| Refused::Fault(Fault::Broken))?;
    Ok((rows, last.map(|reading| reading.found.rank)))
}

/// Which of these returns were taken back.
async fn withdrawn(
    desk: &Desk,
    admitted: &Admitted,
    kind: &str,
    rows: &[Arc<Held>],
) -> Result<HashSet<String>, Refused> {
    if kind != RETURN || rows.is_empty() {
        return Ok(HashSet::new());
    }
    let mut query = Query::all(admitted.account.shelf(WITHDRAWAL), rows.len());
    query.terms.push((Term::Claim, rows.iter().map(|row| row.document.key.clone()).collect()));
    let page = desk.ledger.list(&query).await?;
    Ok(page.rows.iter().map(|row| row.document.key.clone()).collect())
}
