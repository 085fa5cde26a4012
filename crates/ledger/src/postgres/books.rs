//! What a seller tells hoesu itself: the item map, days off, choices.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use deadpool_postgres::{Object, Transaction};
use hoesu_claims::fact::Quantity;
use hoesu_claims::time::parse_day;
use hoesu_claims::{AccountId, SellerId, Term};
use jiff::civil::Date;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::{Postgres, cases, failed};
use crate::store::books::{Books, item_alone, outcome, outcome_of_item};
use crate::store::cases::again;
use crate::store::instant;
use crate::{Choice, Error, Outcome, Resources, Result, SalesItem};

const MAPPING: &str = "mapping items";
const ADDING: &str = "adding days off";
const TAKING_BACK: &str = "taking days off back";
const CHOOSING: &str = "keeping a choice";

#[async_trait]
impl Books for Postgres {
    async fn items(&self, seller: SellerId) -> Result<BTreeMap<SalesItem, Resources>> {
        let rows = self
            .rows(
                "reading the item map",
                "SELECT account, item, resource, quantity FROM item_map WHERE seller = $1",
                &[&seller.0],
            )
            .await?;
        items(&rows)
    }

    async fn map_items(
        &self,
        seller: SellerId,
        items: BTreeMap<SalesItem, Resources>,
    ) -> Result<BTreeMap<SalesItem, Outcome>> {
        map_items(&mut self.client().await?, seller, items).await
    }

    async fn days_off(&self, seller: SellerId) -> Result<BTreeMap<Date, String>> {
        let rows = self
            .rows(
                "reading the days off",
                "SELECT day, name FROM day_off WHERE seller = $1",
                &[&seller.0],
            )
            .await?;
        rows.iter().map(|row| Ok((day(row)?, row.get(1)))).collect()
    }

    async fn add_days_off(
        &self,
        seller: SellerId,
        days: BTreeMap<Date, String>,
    ) -> Result<BTreeMap<Date, Outcome>> {
        add_days_off(&mut self.client().await?, seller, days).await
    }

    async fn remove_days_off(
        &self,
        seller: SellerId,
        days: BTreeSet<Date>,
    ) -> Result<BTreeSet<Date>> {
        remove_days_off(&mut self.client().await?, seller, &days).await
    }

    async fn choices(&self, seller: SellerId) -> Result<Vec<Choice>> {
        let rows = self
            .rows(
                "reading the choices",
                "SELECT warehouse, order_no, sales, who, chosen_at FROM order_choice
                 WHERE seller = $1 ORDER BY warehouse, order_no",
                &[&seller.0],
            )
            .await?;
        let choice = |row: &Row| Choice {
            warehouse: AccountId(row.get(0)),
            order: row.get(1),
            sales: AccountId(row.get(2)),
            who: row.get(3),
            chosen_at: instant(row.get(4)),
        };
        Ok(rows.iter().map(choice).collect())
    }

    async fn choose(&self, seller: SellerId, choice: Choice) -> Result<Outcome> {
        choose(&mut self.client().await?, seller, &choice).await.map_err(failed(CHOOSING))
    }
}

/// Begins a write: those of one seller take turns.
async fn begin(
    client: &mut Object,
    seller: SellerId,
) -> std::result::Result<Transaction<'_>, tokio_postgres::Error> {
    let tx = client.transaction().await?;
    tx.execute("SELECT 1 FROM seller WHERE seller = $1 FOR UPDATE", &[&seller.0]).await?;
    Ok(tx)
}

fn items(rows: &[Row]) -> Result<BTreeMap<SalesItem, Resources>> {
    let mut items: BTreeMap<SalesItem, Resources> = BTreeMap::new();
    for row in rows {
        let item = SalesItem { account: AccountId(row.get(0)), item: row.get(1) };
        let quantity = Quantity::try_from(row.get::<_, i64>(3));
        let quantity = quantity.map_err(|_| Error::Unreadable("quantity"))?;
        items.entry(item).or_default().insert(row.get(2), quantity);
    }
    Ok(items)
}

async fn map_items(
    client: &mut Object,
    seller: SellerId,
    given: BTreeMap<SalesItem, Resources>,
) -> Result<BTreeMap<SalesItem, Outcome>> {
    let tx = begin(client, seller).await.map_err(failed(MAPPING))?;
    let (accounts, numbers): (Vec<i64>, Vec<&str>) =
        given.keys().map(|item| (item.account.0, item.item.as_str())).unzip();
    let rows = tx
        .query(
            "SELECT m.account, m.item, m.resource, m.quantity
             FROM UNNEST($2::BIGINT[], $3::TEXT[]) AS given (account, item)
             JOIN item_map m ON m.seller = $1 AND m.account = given.account AND m.item = given.item",
            &[&seller.0, &accounts, &numbers],
        )
        .await
        .map_err(failed(MAPPING))?;
    let (known, nothing) = (items(&rows)?, Resources::new());
    let outcomes: BTreeMap<SalesItem, Outcome> = given
        .iter()
        .map(|(item, resources)| {
            let known = known.get(item).unwrap_or(&nothing);
            (item.clone(), outcome_of_item(known, resources))
        })
        .collect();
    let changed = given.iter().filter(|(item, _)| outcomes[*item] != Outcome::Unchanged);
    replace(&tx, seller, changed.clone()).await.map_err(failed(MAPPING))?;
    for (item, _) in changed {
        let (alone, term) = (item_alone(&item.item), Term::Item.code());
        let values: [&(dyn ToSql + Sync); 5] =
            [&seller.0, &item.account.0, &term, &item.item, &alone];
        cases::wake(&tx, seller, &again::told('$'), &values).await.map_err(failed(MAPPING))?;
    }
    tx.commit().await.map_err(failed(MAPPING))?;
    Ok(outcomes)
}

async fn replace<'a>(
    tx: &Transaction<'_>,
    seller: SellerId,
    changed: impl Iterator<Item = (&'a SalesItem, &'a Resources)> + Clone,
) -> std::result::Result<(), tokio_postgres::Error> {
    let (accounts, numbers): (Vec<i64>, Vec<&str>) =
        changed.clone().map(|(item, _)| (item.account.0, item.item.as_str())).unzip();
    tx.execute(
        "DELETE FROM item_map m USING UNNEST($2::BIGINT[], $3::TEXT[]) AS given (account, item)
         WHERE m.seller = $1 AND m.account = given.account AND m.item = given.item",
        &[&seller.0, &accounts, &numbers],
    )
    .await?;
    let rows = changed.flat_map(|(item, resources)| {
        resources.iter().map(move |(resource, quantity)| (item, resource, quantity))
    });
    let (mut accounts, mut numbers) = (Vec::new(), Vec::new());
    let (mut resources, mut quantities) = (Vec::new(), Vec::new());
    for (item, resource, quantity) in rows {
        accounts.push(item.account.0);
        numbers.push(item.item.as_str());
        resources.push(resource.as_str());
        quantities.push(i64::from(*quantity));
    }
    tx.execute(
        "INSERT INTO item_map (seller, account, item, resource, quantity)
         SELECT $1, account, item, resource, quantity
         FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::TEXT[], $5::BIGINT[])
             AS given (account, item, resource, quantity)",
        &[&seller.0, &accounts, &numbers, &resources, &quantities],
    )
    .await?;
    Ok(())
}

/// A day as it is stored.
fn day(row: &Row) -> Result<Date> {
    parse_day(row.get(0)).ok_or(Error::Unreadable("day off"))
}

async fn add_days_off(
    client: &mut Object,
    seller: SellerId,
    given: BTreeMap<Date, String>,
) -> Result<BTreeMap<Date, Outcome>> {
    let tx = begin(client, seller).await.map_err(failed(ADDING))?;
    let rows = tx
        .query("SELECT day, name FROM day_off WHERE seller = $1", &[&seller.0])
        .await
        .map_err(failed(ADDING))?;
    let known = rows.iter().map(|row| Ok((day(row)?, row.get(1))));
    let known: BTreeMap<Date, String> = known.collect::<Result<_>>()?;
    let outcomes: BTreeMap<Date, Outcome> =
        given.iter().map(|(day, name)| (*day, outcome(known.get(day), name))).collect();
    let changed = given.iter().filter(|(day, _)| outcomes[*day] != Outcome::Unchanged);
    let (days, names): (Vec<String>, Vec<&str>) =
        changed.map(|(day, name)| (day.to_string(), name.as_str())).unzip();
    tx.execute(
        "INSERT INTO day_off (seller, day, name)
         SELECT $1, day, name FROM UNNEST($2::TEXT[], $3::TEXT[]) AS given (day, name)
         ON CONFLICT (seller, day) DO UPDATE SET name = excluded.name",
        &[&seller.0, &days, &names],
    )
    .await
    .map_err(failed(ADDING))?;
    if !days.is_empty() {
        let values: [&(dyn ToSql + Sync); 1] = [&seller.0];
        cases::wake(&tx, seller, again::CLOCKED, &values).await.map_err(failed(ADDING))?;
    }
    tx.commit().await.map_err(failed(ADDING))?;
    Ok(outcomes)
}

async fn remove_days_off(
    client: &mut Object,
    seller: SellerId,
    days: &BTreeSet<Date>,
) -> Result<BTreeSet<Date>> {
    let tx = begin(client, seller).await.map_err(failed(TAKING_BACK))?;
    let days: Vec<String> = days.iter().map(Date::to_string).collect();
    let rows = tx
        .query(
            "DELETE FROM day_off WHERE seller = $1 AND day = ANY($2) RETURNING day",
            &[&seller.0, &days],
        )
        .await
        .map_err(failed(TAKING_BACK))?;
    if !rows.is_empty() {
        let values: [&(dyn ToSql + Sync); 1] = [&seller.0];
        cases::wake(&tx, seller, again::CLOCKED, &values).await.map_err(failed(TAKING_BACK))?;
    }
    tx.commit().await.map_err(failed(TAKING_BACK))?;
    rows.iter().map(day).collect()
}

async fn choose(
    client: &mut Object,
    seller: SellerId,
    choice: &Choice,
) -> std::result::Result<Outcome, tokio_postgres::Error> {
    let Choice { warehouse, order, sales, who, chosen_at } = choice;
    let tx = begin(client, seller).await?;
    let known = tx
        .query_opt(
            "SELECT sales FROM order_choice WHERE seller = $1 AND warehouse = $2 AND order_no = $3",
            &[&seller.0, &warehouse.0, order],
        )
        .await?;
    let known: Option<i64> = known.map(|row| row.get(0));
    let outcome = outcome(known.as_ref(), &sales.0);
    if outcome != Outcome::Unchanged {
        tx.execute(
            "INSERT INTO order_choice (seller, warehouse, order_no, sales, who, chosen_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (seller, warehouse, order_no)
             DO UPDATE SET sales = excluded.sales, who = excluded.who, chosen_at = excluded.chosen_at",
            &[&seller.0, &warehouse.0, order, &sales.0, who, &chosen_at.as_millisecond()],
        )
        .await?;
        let term = Term::Order.code();
        let values: [&(dyn ToSql + Sync); 5] = [&seller.0, &warehouse.0, &term, order, order];
        cases::wake(&tx, seller, &again::told('$'), &values).await?;
    }
    tx.commit().await?;
    Ok(outcome)
}
