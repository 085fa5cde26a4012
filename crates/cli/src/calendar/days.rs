//! The days a seller added to the calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hoesu_claims::Calendar;
use hoesu_ledger::{Ledger, Outcome, Place, Seller};
use jiff::civil::Date;
use serde_json::json;

use super::{Off, shown};
use crate::failure::{Exit, Result, fail};
use crate::lang::say;
use crate::pick;
use crate::shell::Shell;
use crate::table::table;

/// The calendar with the seller's days; where there is no ledger or no seller yet, without any.
pub(super) async fn known(shell: &Shell, whose: Option<&str>) -> Result<Calendar> {
    if let Place::Folder(folder) = shell.settings.place()
        && !folder.exists()
        && whose.is_none()
    {
        return Ok(Calendar::default());
    }
    let ledger = shell.existing_ledger().await?;
    let sellers = ledger.sellers().await?;
    if sellers.is_empty() && whose.is_none() {
        return Ok(Calendar::default());
    }
    let seller = pick::seller_or_only(&sellers, whose)?;
    Ok(Calendar::with(ledger.days_off(seller.id).await?))
}

async fn seller(shell: &Shell, whose: Option<&str>) -> Result<(Arc<Ledger>, Seller)> {
    let ledger = shell.existing_ledger().await?;
    let seller = pick::whose(&ledger, whose).await?;
    Ok((ledger, seller))
}

pub(super) async fn add(shell: &Shell, day: Date, name: &str, whose: Option<&str>) -> Result<Exit> {
    let (ledger, seller) = seller(shell, whose).await?;
    if name.is_empty() {
        return Err(fail!("쉬는 날의 이름을 적어 주세요", "a day off needs a name"));
    }
    let outcomes = ledger.add_days_off(seller.id, BTreeMap::from([(day, name.to_owned())])).await?;
    let outcome = outcomes.get(&day).copied().unwrap_or(Outcome::Unchanged);
    if shell.json {
        shell.value(&json!({ "day": day, "name": name, "outcome": outcome.name() }))?;
    } else {
        let day = shown(day, shell.lang);
        shell.line(say!(
            shell.lang,
            "{day} {name}: 영업일로 세지 않아요",
            "{day} {name} does not count as a business day"
        ))?;
    }
    if let Some(off) = Calendar::default().day_off(day) {
        let (day, already) = (shown(day, shell.lang), Off::of(day, off));
        let already = already.text(shell.lang);
        shell.note(say!(
            shell.lang,
            "{day}은(는) 원래 쉬는 날이에요({already}). 기한은 바뀌지 않아요.",
            "{day} does not count anyway ({already}); no due day changes."
        ));
    }
    Ok(Exit::Done)
}

pub(super) async fn list(shell: &Shell, whose: Option<&str>) -> Result<Exit> {
    let (ledger, seller) = seller(shell, whose).await?;
    let days = ledger.days_off(seller.id).await?;
    if shell.json {
        let days = days.iter().map(|(day, name)| json!({ "day": day, "name": name }));
        shell.value(&days.collect::<Vec<_>>())?;
    } else if days.is_empty() {
        shell.line(shell.lang.pick("추가한 날이 없어요", "no day was added"))?;
    } else {
        let rows = days.into_iter().map(|(day, name)| vec![shown(day, shell.lang), name]);
        shell.line(table([], rows))?;
    }
    Ok(Exit::Done)
}

pub(super) async fn remove(shell: &Shell, day: Date, whose: Option<&str>) -> Result<Exit> {
    let (ledger, seller) = seller(shell, whose).await?;
    if ledger.remove_days_off(seller.id, BTreeSet::from([day])).await?.is_empty() {
        let day = shown(day, shell.lang);
        return Err(fail!(
            "{day}은(는) 추가한 날이 아니에요. `hoesu calendar list`로 확인해 주세요",
            "{day} was not added; `hoesu calendar list` shows what was"
        ));
    }
    if shell.json {
        shell.value(&json!({ "day": day }))?;
    } else {
        let day = shown(day, shell.lang);
        shell.line(say!(shell.lang, "{day}을(를) 뺐어요", "took {day} off the calendar"))?;
    }
    Ok(Exit::Done)
}
