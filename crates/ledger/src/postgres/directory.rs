//! Sellers, accounts, credentials and shelves.

use deadpool_postgres::{GenericClient as _, Object, Transaction};
use hoesu_claims::{AccountId, SellerId};
use tokio_postgres::{Error, Row};

use super::{LOCK, cases};
use crate::store::wake as again;
use crate::store::{AccountRow, Added, SellerRow, instant};
use crate::{Account, Seller};

pub(super) const SELLERS: &str = "SELECT s.seller, s.name, s.created_at, k.wrapped FROM seller s
     JOIN seller_key k ON k.seller = s.seller AND k.generation = 1 ORDER BY s.seller";

pub(super) const ACCOUNTS: &str =
    "SELECT seller, account, channel, name, enabled, settings, secrets, created_at FROM account
     ORDER BY seller, account";

pub(super) const ADMIT: &str =
    "SELECT a.seller, a.account, a.channel, a.name, a.enabled, a.settings, a.secrets, a.created_at
     FROM credential c JOIN account a ON a.seller = c.seller AND a.account = c.account
     WHERE c.handle = $1";

pub(super) const SHELF: &str =
    "SELECT shelf FROM shelf WHERE seller = $1 AND account = $2 AND kind = $3";

pub(super) fn seller_row(row: &Row) -> SellerRow {
    SellerRow {
        seller: Seller {
            id: SellerId(row.get(0)),
            name: row.get(1),
            created_at: instant(row.get(2)),
        },
        wrapped: row.get(3),
    }
}

pub(super) fn account_row(row: &Row) -> AccountRow {
    let settings: &str = row.get(5);
    let enabled: i64 = row.get(4);
    AccountRow {
        account: Account {
            seller: SellerId(row.get(0)),
            id: AccountId(row.get(1)),
            channel: row.get(2),
            name: row.get(3),
            enabled: enabled != 0,
            settings: serde_json::from_str(settings).unwrap_or_default(),
            created_at: instant(row.get(7)),
        },
        secrets: row.get(6),
    }
}

/// Begins a change of the directory: one at a time.
pub(super) async fn begin(client: &mut Object) -> Result<Transaction<'_>, Error> {
    let tx = client.transaction().await?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    Ok(tx)
}

pub(super) async fn add_seller(client: &mut Object, row: &SellerRow) -> Result<Added, Error> {
    let SellerRow { seller, wrapped } = row;
    let tx = begin(client).await?;
    if tx.query_opt("SELECT 1 FROM seller WHERE name = $1", &[&seller.name]).await?.is_some() {
        return Ok(Added::NameTaken);
    }
    let created_at = seller.created_at.as_millisecond();
    let made = tx
        .execute(
            "INSERT INTO seller (seller, name, seq, created_at) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING",
            &[&seller.id.0, &seller.name, &created_at],
        )
        .await?;
    if made == 0 {
        return Ok(Added::NumberTaken);
    }
    tx.execute(
        "INSERT INTO seller_key (seller, generation, wrapped, created_at) VALUES ($1, 1, $2, $3)",
        &[&seller.id.0, wrapped, &created_at],
    )
    .await?;
    tx.commit().await?;
    Ok(Added::Done)
}

pub(super) async fn add_account(
    client: &mut Object,
    row: &AccountRow,
    handle: [u8; 32],
) -> Result<Added, Error> {
    let AccountRow { account, secrets } = row;
    let tx = begin(client).await?;
    let same_name = "SELECT 1 FROM account WHERE seller = $1 AND name = $2";
    if tx.query_opt(same_name, &[&account.seller.0, &account.name]).await?.is_some() {
        return Ok(Added::NameTaken);
    }
    let settings = serde_json::to_string(&account.settings).expect("settings are text");
    let made = tx
        .execute(
            "INSERT INTO account (seller, account, channel, name, enabled, settings, secrets, created_at, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING",
            &[
                &account.seller.0,
                &account.id.0,
                &account.channel,
                &account.name,
                &i64::from(account.enabled),
                &settings,
                secrets,
                &account.created_at.as_millisecond(),
            ],
        )
        .await?;
    if made == 0 {
        return Ok(Added::NumberTaken);
    }
    if !credential(&tx, account, handle).await? {
        return Ok(Added::CredentialTaken);
    }
    // A warehouse's settings may have named it before it was there.
    cases::wake(&tx, account.seller, again::WAITING, &[&account.seller.0]).await?;
    tx.commit().await?;
    Ok(Added::Done)
}

async fn credential(
    tx: &Transaction<'_>,
    account: &Account,
    handle: [u8; 32],
) -> Result<bool, Error> {
    let made = tx
        .execute(
            "INSERT INTO credential (handle, seller, account) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[&handle.as_slice(), &account.seller.0, &account.id.0],
        )
        .await?;
    Ok(made == 1)
}

pub(super) async fn set_account(
    client: &mut Object,
    row: &AccountRow,
    handle: Option<[u8; 32]>,
    now: i64,
) -> Result<Added, Error> {
    let AccountRow { account, secrets } = row;
    let tx = begin(client).await?;
    if let Some(handle) = handle {
        tx.execute(
            "DELETE FROM credential WHERE seller = $1 AND account = $2",
            &[&account.seller.0, &account.id.0],
        )
        .await?;
        if !credential(&tx, account, handle).await? {
            return Ok(Added::CredentialTaken);
        }
    }
    let settings = serde_json::to_string(&account.settings).expect("settings are text");
    tx.execute(
        "UPDATE account SET enabled = $3, settings = $4, secrets = $5, changed_at = $6
         WHERE seller = $1 AND account = $2",
        &[&account.seller.0, &account.id.0, &i64::from(account.enabled), &settings, secrets, &now],
    )
    .await?;
    tx.commit().await?;
    Ok(Added::Done)
}

pub(super) async fn make_shelf(
    client: &mut Object,
    seller: SellerId,
    account: AccountId,
    kind: &str,
) -> Result<i64, Error> {
    let tx = client.transaction().await?;
    tx.execute("SELECT 1 FROM seller WHERE seller = $1 FOR UPDATE", &[&seller.0]).await?;
    tx.execute(
        "INSERT INTO shelf (seller, shelf, account, kind, documents)
         VALUES ($1, (SELECT coalesce(max(shelf), 0) + 1 FROM shelf WHERE seller = $1), $2, $3, 0)
         ON CONFLICT DO NOTHING",
        &[&seller.0, &account.0, &kind],
    )
    .await?;
    let row = tx.query_one(SHELF, &[&seller.0, &account.0, &kind]).await?;
    tx.commit().await?;
    Ok(row.get(0))
}
