//! The numbers given last, held against the rows.

use hoesu_claims::{AccountId, SellerId};
use jiff::Timestamp;

use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::store::instant;
use crate::{Counter, Result};

/// Change sequences whose counter is not the highest number, of all sellers; each maximum is one step
/// in an index.
const CHANGES: &str = "SELECT seller, seq, highest FROM
     (SELECT s.seller, s.seq,
          coalesce((SELECT max(v.seq) FROM version v WHERE v.seller = s.seller), 0) AS highest
      FROM seller s) AS counted
     WHERE seq <> highest ORDER BY seller";

/// The same of the documents of shelves.
const DOCUMENTS: &str = "SELECT seller, documents, highest, account, kind, shelf FROM
     (SELECT s.seller, s.documents, s.account, s.kind, s.shelf,
          coalesce((SELECT max(v.no) FROM version v WHERE v.seller = s.seller AND v.shelf = s.shelf), 0)
              AS highest
      FROM shelf s) AS counted
     WHERE documents <> highest ORDER BY seller, account, kind";

/// When each seller's newest version was heard last, and when cases were settled last; each is one step
/// in an index.
const LATEST: &str = "SELECT
     (SELECT v.last_at FROM version v WHERE v.seller = s.seller ORDER BY v.seq DESC LIMIT 1),
     (SELECT d.latest_at FROM settled d WHERE d.seller = s.seller)
     FROM seller s";

/// The latest instant that is written, of all sellers.
pub(crate) async fn latest(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    let rows: Vec<(Option<i64>, Option<i64>)> = tx.rows(LATEST, &[]).await?;
    let latest = rows.into_iter().flat_map(|(heard, settled)| [heard, settled]).flatten().max();
    Ok(latest.filter(|latest| *latest > 0).map(instant))
}

/// Counters that are not the highest number in the rows.
pub(crate) async fn wrong_counters(tx: &mut Tx<'_>) -> Result<Vec<Counter>> {
    Ok(wrong(tx).await?.into_iter().map(|row| row.counter).collect())
}

/// Raises those that are behind; answers them as they were.
pub(crate) async fn raise_counters(tx: &mut Tx<'_>) -> Result<Vec<Counter>> {
    // No number is given while this counts.
    let sellers: Vec<SellerId> = tx.rows("SELECT seller FROM seller ORDER BY seller", &[]).await?;
    for seller in sellers {
        tx.take_turn(seller).await?;
    }
    let mut raised = wrong(tx).await?;
    raised.retain(|row| row.counter.is_behind());
    for CounterRow { counter, shelf } in &raised {
        let (seller, highest) = (counter.seller, counter.highest);
        match shelf {
            None => {
                let sql = "UPDATE seller SET seq = ?2 WHERE seller = ?1 AND seq < ?2";
                tx.run(sql, &values![seller, highest]).await?
            }
            Some(no) => {
                let sql = "UPDATE shelf SET documents = ?3
                     WHERE seller = ?1 AND shelf = ?2 AND documents < ?3";
                tx.run(sql, &values![seller, *no, highest]).await?
            }
        };
    }
    Ok(raised.into_iter().map(|row| row.counter).collect())
}

async fn wrong(tx: &mut Tx<'_>) -> Result<Vec<CounterRow>> {
    let mut found = Vec::new();
    for (seller, counted, highest) in tx.rows(CHANGES, &[]).await? {
        let counter = Counter { seller, shelf: None, counted, highest };
        found.push(CounterRow { counter, shelf: None });
    }
    found.extend(tx.rows(DOCUMENTS, &[]).await?);
    Ok(found)
}

/// A counter, and the number of the shelf it is kept with.
struct CounterRow {
    counter: Counter,
    shelf: Option<i64>,
}

impl FromRow for CounterRow {
    const COLUMNS: usize = 6;

    /// That of a shelf's documents.
    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (seller, counted, highest, account, kind, no) = FromRow::read(row, at)?;
        let account: AccountId = account;
        let counter = Counter { seller, shelf: Some((account, kind)), counted, highest };
        Ok(Self { counter, shelf: Some(no) })
    }
}
