//! What a seller tells hoesu itself: the item map, days off, choices.

use std::collections::{BTreeMap, BTreeSet};

use hoesu_claims::fact::Quantity;
use hoesu_claims::time::parse_day;
use hoesu_claims::{AccountId, SellerId, Term};
use jiff::civil::Date;

use super::instant;
use super::wake::{CLOCKED, SAYING, wake};
use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::{Choice, Outcome, Resources, Result, SalesItem};

/// The item map.
pub(crate) async fn items(
    tx: &mut Tx<'_>,
    seller: SellerId,
) -> Result<BTreeMap<SalesItem, Resources>> {
    let sql = "SELECT account, item, resource, quantity FROM item_map WHERE seller = ?1";
    let rows: Vec<(AccountId, String, String, Quantity)> = tx.rows(sql, &values![seller]).await?;
    let mut items: BTreeMap<SalesItem, Resources> = BTreeMap::new();
    for (account, item, resource, quantity) in rows {
        items.entry(SalesItem { account, item }).or_default().insert(resource, quantity);
    }
    Ok(items)
}

/// Replaces all resources of each item; no resources take it off the map.
pub(crate) async fn map_items(
    tx: &mut Tx<'_>,
    seller: SellerId,
    given: BTreeMap<SalesItem, Resources>,
) -> Result<BTreeMap<SalesItem, Outcome>> {
    tx.take_turn(seller).await?;
    let at: Vec<_> = given.keys().map(|item| values![seller, item.account, &item.item]).collect();
    let sql =
        "SELECT resource, quantity FROM item_map WHERE seller = ?1 AND account = ?2 AND item = ?3";
    let known: Vec<Vec<(String, Quantity)>> = tx.rows_of_each(sql, &at).await?;
    let mut outcomes = BTreeMap::new();
    let (mut forgotten, mut put, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for ((item, resources), known) in given.iter().zip(known) {
        let outcome = outcome_of_item(&known.into_iter().collect(), resources);
        outcomes.insert(item.clone(), outcome);
        if outcome == Outcome::Unchanged {
            continue;
        }
        let SalesItem { account, item } = item;
        forgotten.push(values![seller, *account, item]);
        put.extend(resources.iter().map(|(resource, quantity)| {
            values![seller, *account, item, resource, i64::from(*quantity)]
        }));
        changed.push(values![seller, *account, Term::Item.code(), item, item_alone(item)]);
    }
    let sql = "DELETE FROM item_map WHERE seller = ?1 AND account = ?2 AND item = ?3";
    tx.each(sql, &forgotten).await?;
    let sql = "INSERT INTO item_map (seller, account, item, resource, quantity)
         VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.each(sql, &put).await?;
    wake(tx, seller, SAYING, &changed).await?;
    Ok(outcomes)
}

/// A day as it is stored.
struct Day(Date);

impl FromRow for Day {
    const COLUMNS: usize = 1;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        let day = parse_day(&String::read(row, at)?);
        day.map(Self).ok_or(RowError::Unreadable("day off"))
    }
}

/// Added days off, with their names.
pub(crate) async fn days_off(tx: &mut Tx<'_>, seller: SellerId) -> Result<BTreeMap<Date, String>> {
    let sql = "SELECT day, name FROM day_off WHERE seller = ?1";
    let rows: Vec<(Day, String)> = tx.rows(sql, &values![seller]).await?;
    Ok(rows.into_iter().map(|(Day(day), name)| (day, name)).collect())
}

/// Adds days off; one that is there gets the name given.
pub(crate) async fn add_days_off(
    tx: &mut Tx<'_>,
    seller: SellerId,
    given: BTreeMap<Date, String>,
) -> Result<BTreeMap<Date, Outcome>> {
    tx.take_turn(seller).await?;
    let known = days_off(tx, seller).await?;
    let outcomes: BTreeMap<Date, Outcome> =
        given.iter().map(|(day, name)| (*day, outcome(known.get(day), name))).collect();
    let changed = given.iter().filter(|(day, _)| outcomes[*day] != Outcome::Unchanged);
    let put: Vec<_> = changed.map(|(day, name)| values![seller, day.to_string(), name]).collect();
    let sql = "INSERT INTO day_off (seller, day, name) VALUES (?1, ?2, ?3)
         ON CONFLICT (seller, day) DO UPDATE SET name = excluded.name";
    tx.each(sql, &put).await?;
    if !put.is_empty() {
        wake(tx, seller, CLOCKED, &[values![seller]]).await?;
    }
    Ok(outcomes)
}

/// Takes added days back; those that were there.
pub(crate) async fn remove_days_off(
    tx: &mut Tx<'_>,
    seller: SellerId,
    days: BTreeSet<Date>,
) -> Result<BTreeSet<Date>> {
    tx.take_turn(seller).await?;
    let gone: Vec<_> = days.iter().map(|day| values![seller, day.to_string()]).collect();
    let counts = tx.each("DELETE FROM day_off WHERE seller = ?1 AND day = ?2", &gone).await?;
    let removed = days.iter().zip(counts).filter(|(_, count)| *count > 0);
    let removed: BTreeSet<Date> = removed.map(|(day, _)| *day).collect();
    if !removed.is_empty() {
        wake(tx, seller, CLOCKED, &[values![seller]]).await?;
    }
    Ok(removed)
}

/// Which sales account persons gave to orders, by warehouse and order.
pub(crate) async fn choices(tx: &mut Tx<'_>, seller: SellerId) -> Result<Vec<Choice>> {
    let sql = "SELECT warehouse, order_no, sales, who, chosen_at FROM order_choice
         WHERE seller = ?1 ORDER BY warehouse, order_no";
    let rows: Vec<(AccountId, String, AccountId, String, i64)> =
        tx.rows(sql, &values![seller]).await?;
    let choice = |(warehouse, order, sales, who, chosen_at)| Choice {
        warehouse,
        order,
        sales,
        who,
        chosen_at: instant(chosen_at),
    };
    Ok(rows.into_iter().map(choice).collect())
}

/// Keeps a choice in the place of the one before.
pub(crate) async fn choose(tx: &mut Tx<'_>, seller: SellerId, choice: Choice) -> Result<Outcome> {
    tx.take_turn(seller).await?;
    let Choice { warehouse, order, sales, who, chosen_at } = &choice;
    let sql =
        "SELECT sales FROM order_choice WHERE seller = ?1 AND warehouse = ?2 AND order_no = ?3";
    let known = tx.row(sql, &values![seller, *warehouse, order]).await?;
    let outcome = outcome(known.as_ref(), sales);
    if outcome != Outcome::Unchanged {
        let sql = "INSERT INTO order_choice (seller, warehouse, order_no, sales, who, chosen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (seller, warehouse, order_no) DO UPDATE
             SET sales = excluded.sales, who = excluded.who, chosen_at = excluded.chosen_at";
        let at = chosen_at.as_millisecond();
        tx.run(sql, &values![seller, *warehouse, order, *sales, who, at]).await?;
        let saying = values![seller, *warehouse, Term::Order.code(), order, order];
        wake(tx, seller, SAYING, &[saying]).await?;
    }
    Ok(outcome)
}

/// What becomes of a value that is given.
fn outcome<T: PartialEq>(known: Option<&T>, given: &T) -> Outcome {
    match known {
        None => Outcome::New,
        Some(known) if known == given => Outcome::Unchanged,
        Some(_) => Outcome::Changed,
    }
}

/// What becomes of an item's resources. Nothing known and nothing given is the same.
fn outcome_of_item(known: &Resources, given: &Resources) -> Outcome {
    let known = (!known.is_empty() || given.is_empty()).then_some(known);
    outcome(known, given)
}

/// The item without its variant, as documents may name it.
fn item_alone(item: &str) -> &str {
    item.split_once('/').map_or(item, |(item, _variant)| item)
}
