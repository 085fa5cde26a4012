//! Sellers, accounts, credentials and shelves.

use std::collections::BTreeMap;

use hoesu_claims::{AccountId, SellerId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::cases;
use crate::store::wake as again;
use crate::store::{AccountRow, Added, SellerRow, instant};
use crate::{Account, Seller};

pub(super) fn sellers(connection: &Connection) -> rusqlite::Result<Vec<SellerRow>> {
    connection
        .prepare_cached(
            "SELECT s.seller, s.name, s.created_at, k.wrapped FROM seller s
             JOIN seller_key k ON k.seller = s.seller AND k.generation = 1 ORDER BY s.seller",
        )?
        .query_map([], |row| {
            Ok(SellerRow {
                seller: Seller {
                    id: SellerId(row.get(0)?),
                    name: row.get(1)?,
                    created_at: instant(row.get(2)?),
                },
                wrapped: row.get(3)?,
            })
        })?
        .collect()
}

pub(super) fn add_seller(tx: &Connection, row: &SellerRow) -> rusqlite::Result<Added> {
    let SellerRow { seller, wrapped } = row;
    let named: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM seller WHERE name = ?1)",
        [&seller.name],
        |row| row.get(0),
    )?;
    if named {
        return Ok(Added::NameTaken);
    }
    let created_at = seller.created_at.as_millisecond();
    let made = tx.execute(
        "INSERT INTO seller (seller, name, seq, created_at) VALUES (?1, ?2, 0, ?3) ON CONFLICT DO NOTHING",
        params![seller.id.0, seller.name, created_at],
    )?;
    if made == 0 {
        return Ok(Added::NumberTaken);
    }
    tx.execute(
        "INSERT INTO seller_key (seller, generation, wrapped, created_at) VALUES (?1, 1, ?2, ?3)",
        params![seller.id.0, wrapped, created_at],
    )?;
    Ok(Added::Done)
}

fn account_row(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    let settings: String = row.get(5)?;
    Ok(AccountRow {
        account: Account {
            seller: SellerId(row.get(0)?),
            id: AccountId(row.get(1)?),
            channel: row.get(2)?,
            name: row.get(3)?,
            enabled: row.get(4)?,
            settings: settings_from(&settings),
            created_at: instant(row.get(7)?),
        },
        secrets: row.get(6)?,
    })
}

fn settings_from(text: &str) -> BTreeMap<String, String> {
    serde_json::from_str(text).unwrap_or_default()
}

pub(super) fn accounts(connection: &Connection) -> rusqlite::Result<Vec<AccountRow>> {
    connection
        .prepare_cached(
            "SELECT seller, account, channel, name, enabled, settings, secrets, created_at FROM account
             ORDER BY seller, account",
        )?
        .query_map([], account_row)?
        .collect()
}

pub(super) fn add_account(
    tx: &Connection,
    row: &AccountRow,
    handle: [u8; 32],
) -> rusqlite::Result<Added> {
    let AccountRow { account, secrets } = row;
    let named: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM account WHERE seller = ?1 AND name = ?2)",
        params![account.seller.0, account.name],
        |row| row.get(0),
    )?;
    if named {
        return Ok(Added::NameTaken);
    }
    let settings = serde_json::to_string(&account.settings).expect("settings are text");
    let made = tx.execute(
        "INSERT INTO account (seller, account, channel, name, enabled, settings, secrets, created_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) ON CONFLICT DO NOTHING",
        params![
            account.seller.0,
            account.id.0,
            account.channel,
            account.name,
            account.enabled,
            settings,
            secrets,
            account.created_at.as_millisecond()
        ],
    )?;
    if made == 0 {
        return Ok(Added::NumberTaken);
    }
    // A warehouse's settings may have named it before it was there.
    cases::wake(tx, account.seller, again::WAITING, [account.seller.0])?;
    credential(tx, account, handle)
}

fn credential(tx: &Connection, account: &Account, handle: [u8; 32]) -> rusqlite::Result<Added> {
    let made = tx.execute(
        "INSERT INTO credential (handle, seller, account) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![handle, account.seller.0, account.id.0],
    )?;
    if made == 1 {
        return Ok(Added::Done);
    }
    // The savepoint is kept, so take back what led here.
    tx.execute(
        "DELETE FROM account WHERE seller = ?1 AND account = ?2
         AND NOT EXISTS (SELECT 1 FROM credential WHERE seller = ?1 AND account = ?2)",
        params![account.seller.0, account.id.0],
    )?;
    Ok(Added::CredentialTaken)
}

pub(super) fn set_account(
    tx: &Connection,
    row: &AccountRow,
    handle: Option<[u8; 32]>,
    now: i64,
) -> rusqlite::Result<Added> {
    let AccountRow { account, secrets } = row;
    if let Some(handle) = handle {
        let owner: Option<(i64, i64)> = tx
            .query_row(
                "SELECT seller, account FROM credential WHERE handle = ?1",
                [handle],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        if owner.is_some_and(|owner| owner != (account.seller.0, account.id.0)) {
            return Ok(Added::CredentialTaken);
        }
        tx.execute(
            "DELETE FROM credential WHERE seller = ?1 AND account = ?2",
            params![account.seller.0, account.id.0],
        )?;
        credential(tx, account, handle)?;
    }
    let settings = serde_json::to_string(&account.settings).expect("settings are text");
    tx.execute(
        "UPDATE account SET enabled = ?3, settings = ?4, secrets = ?5, changed_at = ?6
         WHERE seller = ?1 AND account = ?2",
        params![account.seller.0, account.id.0, account.enabled, settings, secrets, now],
    )?;
    Ok(Added::Done)
}

pub(super) fn admit(
    connection: &Connection,
    handle: [u8; 32],
) -> rusqlite::Result<Option<AccountRow>> {
    connection
        .prepare_cached(
            "SELECT a.seller, a.account, a.channel, a.name, a.enabled, a.settings, a.secrets, a.created_at
             FROM credential c JOIN account a ON a.seller = c.seller AND a.account = c.account
             WHERE c.handle = ?1",
        )?
        .query_row([handle], account_row)
        .optional()
}

pub(super) fn shelf(
    connection: &Connection,
    seller: SellerId,
    account: AccountId,
    kind: &str,
) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT shelf FROM shelf WHERE seller = ?1 AND account = ?2 AND kind = ?3")?
        .query_row(params![seller.0, account.0, kind], |row| row.get(0))
        .optional()
}

pub(super) fn make_shelf(
    tx: &Connection,
    seller: SellerId,
    account: AccountId,
    kind: &str,
) -> rusqlite::Result<i64> {
    tx.execute(
        "INSERT INTO shelf (seller, shelf, account, kind, documents)
         VALUES (?1, (SELECT coalesce(max(shelf), 0) + 1 FROM shelf WHERE seller = ?1), ?2, ?3, 0)
         ON CONFLICT DO NOTHING",
        params![seller.0, account.0, kind],
    )?;
    tx.query_row(
        "SELECT shelf FROM shelf WHERE seller = ?1 AND account = ?2 AND kind = ?3",
        params![seller.0, account.0, kind],
        |row| row.get(0),
    )
}
