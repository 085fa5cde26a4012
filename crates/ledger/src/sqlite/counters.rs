//! The numbers given last, held against the rows.

use async_trait::async_trait;
use rusqlite::{Connection, params};

use super::Sqlite;
use crate::store::counters::{
    CHANGES, CounterRow, Counters, DOCUMENTS, RAISE_CHANGES, RAISE_DOCUMENTS,
};
use crate::{Counter, Result};

#[async_trait]
impl Counters for Sqlite {
    async fn wrong_counters(&self) -> Result<Vec<Counter>> {
        let rows = self.scan_at_once("checking the counters", wrong).await?;
        Ok(rows.into_iter().map(|row| row.counter).collect())
    }

    async fn raise_counters(&self) -> Result<Vec<Counter>> {
        self.writer.write("raising the counters", raise).await
    }
}

fn wrong(connection: &Connection) -> rusqlite::Result<Vec<CounterRow>> {
    let mut changes = connection.prepare(CHANGES)?;
    let changes = changes
        .query_map([], |row| Ok(CounterRow::new(row.get(0)?, row.get(1)?, row.get(2)?, None)))?;
    let mut documents = connection.prepare(DOCUMENTS)?;
    let documents = documents.query_map([], |row| {
        let shelf = (row.get(3)?, row.get(4)?, row.get(5)?);
        Ok(CounterRow::new(row.get(0)?, row.get(1)?, row.get(2)?, Some(shelf)))
    })?;
    changes.chain(documents).collect()
}

fn raise(tx: &Connection) -> rusqlite::Result<Vec<Counter>> {
    let mut raised = wrong(tx)?;
    raised.retain(|row| row.counter.is_behind());
    for CounterRow { counter, shelf } in &raised {
        match shelf {
            None => tx.execute(RAISE_CHANGES, params![counter.seller.0, counter.highest])?,
            Some(no) => {
                tx.execute(RAISE_DOCUMENTS, params![counter.seller.0, no, counter.highest])?
            }
        };
    }
    Ok(raised.into_iter().map(|row| row.counter).collect())
}
