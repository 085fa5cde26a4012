//! `hoesu key`: keys of hoesu's own API.

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use hoesu_ledger::{ApiKey, Deed, Scope, Seller};
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Result, fail};
use crate::lang::say;
use crate::pick;
use crate::record::record;
use crate::shell::Shell;
use crate::table::table;

/// What a key may read if nobody says.
const USUAL: [Scope; 2] = [Scope::FindingsRead, Scope::CasesRead];

/// Keys of hoesu's own API: add one, list them, revoke one.
#[derive(Debug, Args)]
pub(crate) struct Key {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add a key and print it, once.
    Add {
        /// The key's name, unique among the seller's keys that are not revoked.
        name: String,
        /// What it may read; repeatable. findings:read and cases:read unless given; documents:read
        /// hands out personal data: names, phones, addresses of buyers.
        #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
        scopes: Vec<Scope>,
        #[command(flatten)]
        whose: Whose,
    },
    /// List the keys, the revoked ones among them.
    List {
        #[command(flatten)]
        whose: Whose,
    },
    /// Revoke a key: it lets nobody in any more, for good.
    Revoke {
        /// The key's name.
        name: String,
        #[command(flatten)]
        whose: Whose,
    },
}

fn scope(text: &str) -> std::result::Result<Scope, String> {
    Scope::from_name(text).ok_or_else(|| Scope::ALL.map(Scope::name).join(", "))
}

impl Key {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        match self.verb {
            Verb::Add { name, scopes, whose } => {
                add(shell, &name, scopes, whose.seller.as_deref()).await
            }
            Verb::List { whose } => list(shell, whose.seller.as_deref()).await,
            Verb::Revoke { name, whose } => revoke(shell, &name, whose.seller.as_deref()).await,
        }
    }
}

async fn add(shell: &Shell, name: &str, scopes: Vec<Scope>, of: Option<&str>) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let seller = pick::seller_or_only(&ledger.sellers().await?, of)?;
    let taken = ledger.api_keys(seller.id).await?;
    if taken.iter().any(|key| key.name == name.trim() && key.revoked_at.is_none()) {
        return Err(fail!(
            "{name} 키는 이미 있어요. 다른 이름을 쓰거나 `hoesu key revoke {name}`으로 없애 주세요",
            "there is a key {name} already; take another name, or end that one with `hoesu key revoke {name}`"
        ));
    }
    let scopes: BTreeSet<Scope> =
        if scopes.is_empty() { USUAL.into() } else { scopes.into_iter().collect() };
    let may = scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ");
    record(shell, &ledger, seller.id, Deed::KeyAdd, name, &may).await?;
    let issued = ledger.add_api_key(seller.id, name, scopes, shell.now).await?;
    if shell.json {
        let mut said = as_json(&seller, &issued.key);
        said["text"] = json!(*issued.text);
        shell.value(&said)?;
        return Ok(Exit::Done);
    }
    let (name, scopes) = (&issued.key.name, words(&issued.key));
    shell.line(say!(shell.lang, "키: {name} ({scopes})", "key: {name} ({scopes})"))?;
    shell.line(format!("  {}", *issued.text))?;
    shell.note(shell.lang.pick(
        "이 값은 지금만 보여 드려요. 안전한 곳에 옮겨 적어 두세요.",
        "This is shown only now; keep it somewhere safe.",
    ));
    if issued.key.scopes.contains(&Scope::DocumentsRead) {
        shell.note(shell.lang.pick(
            "이 키로는 구매자의 이름·전화번호·주소가 든 원문을 읽을 수 있어요.",
            "With this key documents can be read: names, phones and addresses of buyers are in them.",
        ));
    }
    Ok(Exit::Done)
}

async fn list(shell: &Shell, of: Option<&str>) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let sellers = ledger.sellers().await?;
    let of = of.map(|name| pick::seller(&sellers, name)).transpose()?;
    let mut rows = Vec::new();
    for seller in sellers.iter().filter(|seller| of.as_ref().is_none_or(|of| of.id == seller.id)) {
        let keys = ledger.api_keys(seller.id).await?;
        rows.extend(keys.into_iter().map(|key| (seller, key)));
    }
    if shell.json {
        let rows: Vec<_> = rows.iter().map(|(seller, key)| as_json(seller, key)).collect();
        shell.value(&rows)?;
        return Ok(Exit::Done);
    }
    let headings = [
        shell.lang.pick("판매자", "seller"),
        shell.lang.pick("키", "key"),
        shell.lang.pick("읽을 수 있는 것", "scopes"),
        shell.lang.pick("만든 때", "created"),
        shell.lang.pick("없앤 때", "revoked"),
    ];
    let rows = rows.into_iter().map(|(seller, key)| {
        let revoked = key.revoked_at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let (scopes, created) = (words(&key), key.created_at.to_string());
        vec![seller.name.clone(), key.name, scopes, created, revoked]
    });
    shell.line(table(headings, rows))?;
    Ok(Exit::Done)
}

async fn revoke(shell: &Shell, name: &str, of: Option<&str>) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let seller = pick::seller_or_only(&ledger.sellers().await?, of)?;
    let keys = ledger.api_keys(seller.id).await?;
    let mut good = keys.into_iter().filter(|key| key.revoked_at.is_none());
    let Some(mut key) = good.find(|key| key.name == name) else {
        return Err(fail!(
            "쓰고 있는 키 가운데 {name}이 없어요. `hoesu key list`로 확인해 주세요",
            "no key {name} is in use; `hoesu key list` shows them"
        ));
    };
    record(shell, &ledger, seller.id, Deed::KeyRevoke, name, "").await?;
    ledger.revoke_api_key(seller.id, key.id, shell.now).await?;
    if shell.json {
        key.revoked_at = Some(shell.now);
        shell.value(&as_json(&seller, &key))?;
    } else {
        shell.line(say!(
            shell.lang,
            "키를 없앴어요: {name}. 1초 안에 어디서도 쓸 수 없게 돼요",
            "revoked the key {name}; within a second it lets nobody in anywhere"
        ))?;
    }
    Ok(Exit::Done)
}

/// A key as programs read it.
fn as_json(seller: &Seller, key: &ApiKey) -> serde_json::Value {
    json!({
        "seller": seller.name,
        "key": key.name,
        "number": key.id,
        "scopes": key.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>(),
        "created_at": key.created_at,
        "revoked_at": key.revoked_at,
    })
}

/// What it may read, in a line.
fn words(key: &ApiKey) -> String {
    key.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ")
}
