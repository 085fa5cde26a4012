//! The numbers given last, held against the rows.

use async_trait::async_trait;
use tokio_postgres::{GenericClient, Row};

use super::{Postgres, failed, marked};
use crate::store::counters::{
    CHANGES, CounterRow, Counters, DOCUMENTS, RAISE_CHANGES, RAISE_DOCUMENTS,
};
use crate::{Counter, Result};

type Sent<T> = std::result::Result<T, tokio_postgres::Error>;

#[async_trait]
impl Counters for Postgres {
    async fn wrong_counters(&self) -> Result<Vec<Counter>> {
        let client = self.client().await?;
        let rows = wrong(&**client.as_ref()).await.map_err(failed("checking the counters"))?;
        Ok(rows.into_iter().map(|row| row.counter).collect())
    }

    async fn raise_counters(&self) -> Result<Vec<Counter>> {
        let failed = failed("raising the counters");
        let mut client = self.client().await?;
        let tx = client.build_transaction().start().await.map_err(&failed)?;
        let raised = raise(&tx).await.map_err(&failed)?;
        tx.commit().await.map_err(&failed)?;
        Ok(raised)
    }
}

/// Each statement sees one moment, in which a counter and its rows were committed together.
async fn wrong(client: &impl GenericClient) -> Sent<Vec<CounterRow>> {
    let change = |row: &Row| CounterRow::new(row.get(0), row.get(1), row.get(2), None);
    let document = |row: &Row| {
        let shelf = (row.get(3), row.get(4), row.get(5));
        CounterRow::new(row.get(0), row.get(1), row.get(2), Some(shelf))
    };
    let (changes, documents) =
        (client.query(CHANGES, &[]).await?, client.query(DOCUMENTS, &[]).await?);
    Ok(changes.iter().map(change).chain(documents.iter().map(document)).collect())
}

async fn raise(tx: &tokio_postgres::Transaction<'_>) -> Sent<Vec<Counter>> {
    // Writers take turns on the seller's row: no number is given while this counts.
    tx.execute("SELECT seller FROM seller ORDER BY seller FOR UPDATE", &[]).await?;
    let mut raised = wrong(tx).await?;
    raised.retain(|row| row.counter.is_behind());
    for CounterRow { counter, shelf } in &raised {
        let (seller, highest) = (counter.seller.0, counter.highest);
        match shelf {
            None => tx.execute(&marked(RAISE_CHANGES), &[&seller, &highest]).await?,
            Some(no) => tx.execute(&marked(RAISE_DOCUMENTS), &[&seller, no, &highest]).await?,
        };
    }
    Ok(raised.into_iter().map(|row| row.counter).collect())
}
