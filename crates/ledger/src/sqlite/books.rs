//! What a seller tells hoesu itself: the item map, days off, choices.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use hoesu_claims::time::parse_day;
use hoesu_claims::{AccountId, SellerId, Term};
use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Sqlite, cases};
use crate::store::books::{Books, item_alone, outcome, outcome_of_item};
use crate::store::cases::again;
use crate::store::instant;
use crate::{Choice, Outcome, Resources, Result, SalesItem};

#[async_trait]
impl Books for Sqlite {
    async fn items(&self, seller: SellerId) -> Result<BTreeMap<SalesItem, Resources>> {
        self.scan("reading the item map", move |connection| items(connection, seller)).await
    }

    async fn map_items(
        &self,
        seller: SellerId,
        items: BTreeMap<SalesItem, Resources>,
    ) -> Result<BTreeMap<SalesItem, Outcome>> {
        self.writer.write("mapping items", move |tx| map_items(tx, seller, &items)).await
    }

    async fn days_off(&self, seller: SellerId) -> Result<BTreeMap<Date, String>> {
        self.read("reading the days off", |connection| days_off(connection, seller))
    }

    async fn add_days_off(
        &self,
        seller: SellerId,
        days: BTreeMap<Date, String>,
    ) -> Result<BTreeMap<Date, Outcome>> {
        self.writer.write("adding days off", move |tx| add_days_off(tx, seller, &days)).await
    }

    async fn remove_days_off(
        &self,
        seller: SellerId,
        days: BTreeSet<Date>,
    ) -> Result<BTreeSet<Date>> {
        self.writer
            .write("taking days off back", move |tx| remove_days_off(tx, seller, &days))
            .await
    }

    async fn choices(&self, seller: SellerId) -> Result<Vec<Choice>> {
        self.scan("reading the choices", move |connection| choices(connection, seller)).await
    }

    async fn choose(&self, seller: SellerId, choice: Choice) -> Result<Outcome> {
        self.writer.write("keeping a choice", move |tx| choose(tx, seller, &choice)).await
    }
}

fn items(
    connection: &Connection,
    seller: SellerId,
) -> rusqlite::Result<BTreeMap<SalesItem, Resources>> {
    let mut found = connection.prepare_cached(
        "SELECT account, item, resource, quantity FROM item_map WHERE seller = ?1",
    )?;
    let mut rows = found.query([seller.0])?;
    let mut items: BTreeMap<SalesItem, Resources> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let item = SalesItem { account: AccountId(row.get(0)?), item: row.get(1)? };
        items.entry(item).or_default().insert(row.get(2)?, row.get(3)?);
    }
    Ok(items)
}

fn map_items(
    tx: &Connection,
    seller: SellerId,
    items: &BTreeMap<SalesItem, Resources>,
) -> rusqlite::Result<BTreeMap<SalesItem, Outcome>> {
    let mut known = tx.prepare_cached(
        "SELECT resource, quantity FROM item_map WHERE seller = ?1 AND account = ?2 AND item = ?3",
    )?;
    let mut forget =
        tx.prepare_cached("DELETE FROM item_map WHERE seller = ?1 AND account = ?2 AND item = ?3")?;
    let mut put = tx.prepare_cached(
        "INSERT INTO item_map (seller, account, item, resource, quantity) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut outcomes = BTreeMap::new();
    for (item, resources) in items {
        let at = params![seller.0, item.account.0, item.item];
        let known = known.query_map(at, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let known = known.collect::<rusqlite::Result<Resources>>()?;
        let outcome = outcome_of_item(&known, resources);
        if outcome != Outcome::Unchanged {
            forget.execute(params![seller.0, item.account.0, item.item])?;
            for (resource, quantity) in resources {
                put.execute(params![seller.0, item.account.0, item.item, resource, quantity])?;
            }
            let alone = item_alone(&item.item);
            let values = params![seller.0, item.account.0, Term::Item.code(), item.item, alone];
            cases::wake(tx, seller, &again::told('?'), values)?;
        }
        outcomes.insert(item.clone(), outcome);
    }
    Ok(outcomes)
}

/// A day as it is stored.
fn day(row: &Row<'_>) -> rusqlite::Result<Date> {
    let text = row.get_ref(0)?.as_str()?;
    let unreadable = || rusqlite::Error::FromSqlConversionFailure(0, Type::Text, "no day".into());
    parse_day(text).ok_or_else(unreadable)
}

fn days_off(connection: &Connection, seller: SellerId) -> rusqlite::Result<BTreeMap<Date, String>> {
    connection
        .prepare_cached("SELECT day, name FROM day_off WHERE seller = ?1")?
        .query_map([seller.0], |row| Ok((day(row)?, row.get(1)?)))?
        .collect()
}

fn add_days_off(
    tx: &Connection,
    seller: SellerId,
    days: &BTreeMap<Date, String>,
) -> rusqlite::Result<BTreeMap<Date, Outcome>> {
    let mut known = tx.prepare_cached("SELECT name FROM day_off WHERE seller = ?1 AND day = ?2")?;
    let mut put = tx.prepare_cached(
        "INSERT INTO day_off (seller, day, name) VALUES (?1, ?2, ?3)
         ON CONFLICT (seller, day) DO UPDATE SET name = excluded.name",
    )?;
    let mut outcomes = BTreeMap::new();
    for (day, name) in days {
        let at = params![seller.0, day.to_string()];
        let known: Option<String> = known.query_row(at, |row| row.get(0)).optional()?;
        let outcome = outcome(known.as_ref(), name);
        if outcome != Outcome::Unchanged {
            put.execute(params![seller.0, day.to_string(), name])?;
        }
        outcomes.insert(*day, outcome);
    }
    if outcomes.values().any(|outcome| *outcome != Outcome::Unchanged) {
        cases::wake(tx, seller, again::CLOCKED, [seller.0])?;
    }
    Ok(outcomes)
}

fn remove_days_off(
    tx: &Connection,
    seller: SellerId,
    days: &BTreeSet<Date>,
) -> rusqlite::Result<BTreeSet<Date>> {
    let mut forget = tx.prepare_cached("DELETE FROM day_off WHERE seller = ?1 AND day = ?2")?;
    let mut removed = BTreeSet::new();
    for day in days {
        if forget.execute(params![seller.0, day.to_string()])? > 0 {
            removed.insert(*day);
        }
    }
    if !removed.is_empty() {
        cases::wake(tx, seller, again::CLOCKED, [seller.0])?;
    }
    Ok(removed)
}

fn choices(connection: &Connection, seller: SellerId) -> rusqlite::Result<Vec<Choice>> {
    connection
        .prepare_cached(
            "SELECT warehouse, order_no, sales, who, chosen_at FROM order_choice
             WHERE seller = ?1 ORDER BY warehouse, order_no",
        )?
        .query_map([seller.0], |row| {
            Ok(Choice {
                warehouse: AccountId(row.get(0)?),
                order: row.get(1)?,
                sales: AccountId(row.get(2)?),
                who: row.get(3)?,
                chosen_at: instant(row.get(4)?),
            })
        })?
        .collect()
}

fn choose(tx: &Connection, seller: SellerId, choice: &Choice) -> rusqlite::Result<Outcome> {
    let Choice { warehouse, order, sales, who, chosen_at } = choice;
    let known: Option<i64> = tx
        .prepare_cached(
            "SELECT sales FROM order_choice WHERE seller = ?1 AND warehouse = ?2 AND order_no = ?3",
        )?
        .query_row(params![seller.0, warehouse.0, order], |row| row.get(0))
        .optional()?;
    let outcome = outcome(known.as_ref(), &sales.0);
    if outcome != Outcome::Unchanged {
        tx.prepare_cached(
            "INSERT INTO order_choice (seller, warehouse, order_no, sales, who, chosen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (seller, warehouse, order_no)
             DO UPDATE SET sales = excluded.sales, who = excluded.who, chosen_at = excluded.chosen_at",
        )?
        .execute(params![
            seller.0,
            warehouse.0,
            order,
            sales.0,
            who,
            chosen_at.as_millisecond()
        ])?;
        let values = params![seller.0, warehouse.0, Term::Order.code(), order, order];
        cases::wake(tx, seller, &again::told('?'), values)?;
    }
    Ok(outcome)
}
