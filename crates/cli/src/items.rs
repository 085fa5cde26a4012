//! `hoesu items`: what is in the warehouse for what is sold.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use hoesu_claims::AccountId;
use hoesu_engine::items::{self, Report};
use hoesu_engine::sheet;
use hoesu_ledger::{Outcome, Resources, SalesItem};
use serde_json::{Value, json};

use crate::account::Whose;
use crate::failure::{Exit, Result, fail};
use crate::lang::{Lang, say};
use crate::pick::{self, Accounts};
use crate::shell::Shell;
use crate::source;
use crate::table::table;

/// Refusals a person is shown.
const REFUSALS_SHOWN: usize = 20;

/// The item map: what is in the warehouse for what is sold.
#[derive(Debug, Args)]
pub(crate) struct Items {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Put items on the map: CSV or XLSX with columns account, item, resource and quantity. An item
    /// given again holds what it is given now.
    Import {
        /// CSV (UTF-8 or CP949) or XLSX; - reads standard input. The item is the number by which the
        /// sales channel's documents call it, ITEM/VARIANT or ITEM alone for all its variants. The
        /// resource is the bar code or the number by which the warehouse's documents call it. Without
        /// a column for it the quantity is 1. Keep long numbers as text.
        file: PathBuf,
        /// The sales account of rows that name none; repeatable. The only one unless given.
        #[arg(long = "account", value_name = "ACCOUNT")]
        accounts: Vec<String>,
        #[command(flatten)]
        whose: Whose,
    },
    /// List the items on the map.
    List {
        #[command(flatten)]
        whose: Whose,
    },
    /// Write the map to standard output as CSV that import takes and Excel reads.
    Export {
        #[command(flatten)]
        whose: Whose,
    },
    /// Take an item off the map.
    Remove {
        /// The sales account's name.
        account: String,
        /// The item's number there, as the map has it.
        item: String,
        #[command(flatten)]
        whose: Whose,
    },
}

impl Items {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        match self.verb {
            Verb::Import { file, accounts, whose } => {
                import(shell, &file, &accounts, whose.seller.as_deref()).await
            }
            Verb::List { whose } => list(shell, whose.seller.as_deref()).await,
            Verb::Export { whose } => export(shell, whose.seller.as_deref()).await,
            Verb::Remove { account, item, whose } => {
                remove(shell, &account, item, whose.seller.as_deref()).await
            }
        }
    }
}

async fn import(shell: &Shell, file: &Path, of: &[String], whose: Option<&str>) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let seller = pick::whose(&ledger, whose).await?;
    let accounts = pick::accounts(&ledger, &seller).await?;
    let mut given = Vec::new();
    for name in of {
        given.push(pick::sales(&accounts, name)?.id);
    }
    if given.is_empty() {
        let mut selling = accounts.iter().filter(|(_, channel)| channel.trade().sells());
        if let (Some((only, _)), None) = (selling.next(), selling.next()) {
            given.push(only.id);
        }
    }
    // One byte more tells that there is more.
    let file = source::read(file, sheet::BYTES_MAX + 1)?;
    let report = items::import(&ledger, seller.id, &accounts, &given, file).await?;
    if shell.json {
        shell.value(&as_json(&report, shell.lang))?;
    } else {
        tell(shell, &report)?;
    }
    Ok(if report.refused > 0 { Exit::Refusals } else { Exit::Done })
}

fn as_json(report: &Report, lang: Lang) -> Value {
    let Report { read, new, changed, unchanged, refused, refusals } = report;
    let refusals = refusals.iter().map(|refusal| {
        let why = refusal.why.sentence();
        json!({
            "at": format!("line {}", refusal.line),
            "field": refusal.field,
            "why": lang.pick(&why.ko, &why.en),
        })
    });
    let refusals: Vec<Value> = refusals.collect();
    json!({
        "read": read, "new": new, "changed": changed, "unchanged": unchanged,
        "refused": refused, "refusals": refusals,
    })
}

fn tell(shell: &Shell, report: &Report) -> Result<()> {
    let Report { read, new, changed, unchanged, refused, refusals } = report;
    shell.line(say!(
        shell.lang,
        "{read}행을 읽었어요: 새로 {new}행, 바뀜 {changed}행, 그대로 {unchanged}행, 거절 {refused}행",
        "read {read} rows: {new} new, {changed} changed, {unchanged} unchanged, {refused} refused"
    ))?;
    if refusals.is_empty() {
        return Ok(());
    }
    let headings = [
        shell.lang.pick("위치", "at"),
        shell.lang.pick("항목", "field"),
        shell.lang.pick("이유", "why"),
    ];
    let rows = refusals.iter().take(REFUSALS_SHOWN).map(|refusal| {
        let (line, why) = (refusal.line, refusal.why.sentence());
        let at = say!(shell.lang, "{line}행", "line {line}");
        vec![at, refusal.field.clone(), shell.lang.pick(&why.ko, &why.en).to_owned()]
    });
    shell.line(table(headings, rows))?;
    shell.note(shell.lang.pick(
        "거절된 행만 고쳐서 파일을 다시 넣으면 돼요. 이미 들어간 것은 그대로예요.",
        "Correct the refused rows and import the file again; what is in stays as it is.",
    ));
    Ok(())
}

/// The map of a seller, and how its accounts are called.
async fn known(
    shell: &Shell,
    whose: Option<&str>,
) -> Result<(BTreeMap<SalesItem, Resources>, Accounts)> {
    let ledger = shell.existing_ledger().await?;
    let seller = pick::whose(&ledger, whose).await?;
    let accounts = pick::accounts(&ledger, &seller).await?;
    Ok((ledger.items(seller.id).await?, accounts))
}

fn name(accounts: &Accounts, id: AccountId) -> String {
    let found = accounts.iter().find(|(account, _)| account.id == id);
    found.map(|(account, _)| account.name.clone()).unwrap_or_default()
}

async fn list(shell: &Shell, whose: Option<&str>) -> Result<Exit> {
    let (map, accounts) = known(shell, whose).await?;
    let rows = map.iter().flat_map(|(item, resources)| {
        let account = name(&accounts, item.account);
        resources
            .iter()
            .map(move |(resource, quantity)| (account.clone(), item, resource, quantity))
    });
    if shell.json {
        let rows = rows.map(|(account, item, resource, quantity)| {
            json!({ "account": account, "item": item.item, "resource": resource, "quantity": quantity })
        });
        shell.value(&rows.collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    if map.is_empty() {
        shell.line(shell.lang.pick(
            "연결한 품목이 없어요. `hoesu items import`로 넣어 주세요",
            "no item is on the map; put some on it with `hoesu items import`",
        ))?;
        return Ok(Exit::Done);
    }
    let rows = rows.map(|(account, item, resource, quantity)| {
        vec![account, item.item.clone(), resource.clone(), quantity.to_string()]
    });
    shell.line(table(headings(shell.lang), rows))?;
    Ok(Exit::Done)
}

const fn headings(lang: Lang) -> [&'static str; 4] {
    match lang {
        Lang::Ko => ["판매계정", "판매상품", "자원", "수량"],
        Lang::En => ["account", "item", "resource", "quantity"],
    }
}

async fn export(shell: &Shell, whose: Option<&str>) -> Result<Exit> {
    let (map, accounts) = known(shell, whose).await?;
    let out = std::io::stdout().lock();
    items::export(out, headings(shell.lang), &map, |id| name(&accounts, id))?;
    Ok(Exit::Done)
}

async fn remove(shell: &Shell, account: &str, item: String, whose: Option<&str>) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let seller = pick::whose(&ledger, whose).await?;
    let accounts = pick::accounts(&ledger, &seller).await?;
    let of = pick::sales(&accounts, account)?.id;
    let taken_off = SalesItem { account: of, item: item.clone() };
    let given = BTreeMap::from([(taken_off.clone(), Resources::new())]);
    let outcomes = ledger.map_items(seller.id, given).await?;
    if outcomes.get(&taken_off) != Some(&Outcome::Changed) {
        return Err(fail!(
            "{account} 계정의 {item} 상품은 연결되어 있지 않아요. `hoesu items list`로 확인해 주세요",
            "the item {item} of {account} is not on the map; `hoesu items list` shows what is"
        ));
    }
    if shell.json {
        shell.value(&json!({ "account": account, "item": item }))?;
    } else {
        shell.line(say!(
            shell.lang,
            "{account} 계정의 {item} 상품을 뺐어요",
            "took the item {item} of {account} off the map"
        ))?;
    }
    Ok(Exit::Done)
}
